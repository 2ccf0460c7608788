/** Items as the contract tells them, and an amount opened to its calculation. */
import type { z } from "@hono/zod-openapi";
import { type ItemLine, itemLines } from "../../../oversight/insight/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { creditor } from "../../../books/customers/index.ts";
import { claimOn, COMPONENTS, type Charge, postingsOf } from "../../../books/receivables/index.ts";
import { type CustomerId, dateIn, fail, ok, type ReceivableId, type Result } from "../../../pure/kernel/index.ts";
import { lawInWriting } from "../../../pure/law/index.ts";
import { moneyOf, moneyText, say } from "../said/index.ts";
import type { Language, Said } from "../schema/basics.ts";
import type { Item, itemDetail } from "../schema/customers.ts";
import { stageName } from "./run-preview.ts";

export async function itemOf(act: Act, line: ItemLine, language: Language): Promise<Item> {
  const of = await creditor(act, line.creditor_id);
  const open = {
    principal: line.open_principal,
    interest: line.open_interest,
    dunning_cost: line.open_dunning_cost,
    collection_cost: line.open_collection_cost,
  };
  const { currency } = line;
  return {
    id: line.receivable_id,
    number: line.number,
    orderNumber: line.order_number,
    kind: line.item_kind,
    claimKind: line.claim_kind,
    creditor: { id: of.creditorId, name: of.name },
    brand: line.brand,
    issuedOn: line.issued_on,
    dueOn: line.due_on,
    inDefaultSince: line.default_since,
    state: line.state,
    original: moneyOf(line.original, currency),
    components: Object.fromEntries(
      COMPONENTS.filter((part) => open[part] !== 0n).map((part) => [part, moneyOf(open[part], currency)]),
    ),
    open: moneyOf(line.open_total, currency),
    stage: stageName(language, line.stage),
    assigned: line.assigned,
    documentId: line.document_id,
  };
}

export function chargeInWords(language: Language, charge: Charge, currency: string): Said {
  const values = {
    from: charge.from ?? "",
    to: charge.to ?? "",
    rate: (charge.ratePercent ?? "").replace(".", language === "de" ? "," : "."),
    base: moneyText(charge.baseMinor ?? 0n, currency),
  };
  return say(language, charge.provisional ? "claim_interest_provisional" : "claim_interest_accrued", values);
}

const lawOf = (ground: string | undefined, language: Language): string | null =>
  ground === undefined ? null : lawInWriting(ground, language);

/** Failure `receivable_not_found`. */
export async function itemDetailOf(
  act: Act,
  customerId: CustomerId,
  itemId: ReceivableId,
  language: Language,
): Promise<Result<z.infer<typeof itemDetail>>> {
  const line = (await itemLines(act, customerId)).find((one) => one.receivable_id === itemId);
  if (!line) return fail("not_found", "receivable_not_found", "There is no such item.", itemId);
  const { zone } = await creditor(act, line.creditor_id);
  const claim = (await claimOn(act, line.customer_id, dateIn(act.tx.now, zone), [itemId], "always")).get(itemId);
  const postings = (await postingsOf(act, line.customer_id)).filter((one) => one.receivableId === itemId);
  const parts = COMPONENTS.filter((part) => (claim?.open[part] ?? 0n) !== 0n).map((part) => ({
    label: say(language, `claim_${part}`),
    law: lawOf(postings.findLast((one) => one.component === part && one.ground !== undefined)?.ground, language),
    amount: moneyOf(claim?.open[part] ?? 0n, line.currency),
  }));
  const charges = (claim?.charges ?? []).map((charge) => ({
    label: chargeInWords(language, charge, line.currency),
    law: lawInWriting(charge.paragraph, language),
    amount: moneyOf(charge.amountMinor, line.currency),
  }));
  return ok({
    ...(await itemOf(act, line, language)),
    postings: postings.map((one) => ({
      id: one.postingId,
      valueOn: one.valueOn,
      bookedAt: one.bookedAt.toISOString(),
      kind: one.kind,
      component: one.component,
      amount: moneyOf(one.amountMinor, one.currency),
      ground: lawOf(one.ground, language),
      reverses: one.reverses ?? null,
    })),
    claim: [...parts, ...charges],
  });
}
