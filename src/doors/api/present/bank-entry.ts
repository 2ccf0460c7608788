/** One bank entry with its proposals: what booking each would do, computed and not booked. */
import type { z } from "@hono/zod-openapi";
import type { EntryLine } from "../../../oversight/insight/index.ts";
import { type Act, actorCan, type Caller } from "../../../platform/access/index.ts";
import { entries } from "../../../books/banking/index.ts";
import { matchesOfEntries, type Proposal, reasonInWords, RUNNER_UP_GAP } from "../../../books/matching/index.ts";
import {
  type Allocation,
  allocationsOf,
  openItems,
  previewPayment,
  type Receivable,
} from "../../../books/receivables/index.ts";
import type { CustomerId } from "../../../pure/kernel/index.ts";
import { actorNames, customerRefs } from "../names.ts";
import { moneyOf, moneyText, say, worded } from "../said/index.ts";
import type { CustomerRef, Language } from "../schema/basics.ts";
import type { bankEntry, proposal } from "../schema/money-in.ts";
import { learnedBy } from "./learned.ts";
import { AGAINST } from "./reasons.ts";
import { entryRows, payloadsOf } from "./bank-rows.ts";
import { payoutOfEntry } from "./payouts.ts";

export async function bankEntryOf(
  act: Act,
  line: EntryLine,
  caller: Caller,
  language: Language,
): Promise<z.infer<typeof bankEntry>> {
  const [row] = await entryRows(act, [line], language);
  if (!row) throw new Error("an entry without its row");
  const payload = (await payloadsOf(act, [line])).get(line.entry_id);
  const [entry] = await entries(act, { entryId: line.entry_id, limit: 1 });
  const payout = entry?.settledMinor == null ? undefined : await payoutOfEntry(act, line.fingerprint, language);
  const made = line.status === "booked" ? [] : ((entry?.proposals ?? []) as readonly Proposal[]);
  const ids = made.map((one) => one.customerId);
  const names = await customerRefs(act, ids);
  const open = await openItems(act, ids);
  const proposals: z.infer<typeof proposal>[] = [];
  for (const [index, one] of made.entries()) {
    const customer = names.get(one.customerId);
    // A proposal for a protected file is left to those who may open it.
    if (customer)
      proposals.push(await proposalOf(act, line, one, index + 1, customer, open.get(one.customerId) ?? [], language));
  }
  const matches = await matchesOfEntries(
    act,
    line.customer_id === null ? [] : [{ customerId: line.customer_id, fingerprint: line.fingerprint }],
  );
  const [match] = matches;
  const allocated = match && (await allocationsOf(act, match.customerId, [match.bookingId])).get(match.bookingId);
  const nameOf = await actorNames(act, [line.decided_by], language);
  const numbers = made.flatMap((one) => one.items.flatMap(({ number }) => number ?? []));
  return {
    ...row,
    payerIban: payload?.payerIban ?? null,
    endToEndId: payload?.endToEndId ?? null,
    statementId: line.statement_fingerprint.toString("hex"),
    marks: marksIn(row.remittance, numbers),
    proposals,
    booked: partsOf(line, match !== undefined, allocated).flatMap((part) =>
      row.customer === null
        ? []
        : [
            {
              customer: row.customer,
              number: part.onAccount ? null : part.number,
              amount: moneyOf(part.amountMinor, line.currency),
            },
          ],
    ),
    bookedBy: line.decided_by === null ? null : nameOf(line.decided_by),
    bookedAt: line.decided_at?.toISOString() ?? null,
    automaticLead: RUNNER_UP_GAP,
    ...(match && { learned: await learnedBy(act, match.matchId, match.customerId, language) }),
    ...(payout && { payout }),
    mayBook: actorCan(caller.actor, "match.decide"),
  };
}

type Part = Pick<Allocation, "onAccount" | "number" | "amountMinor">;

/** Where the money went; a payment that went back has no items of its own. */
function partsOf(line: EntryLine, matched: boolean, allocated: readonly Part[] | undefined): readonly Part[] {
  if (allocated !== undefined && allocated.length > 0) return allocated;
  return matched ? [{ onAccount: true, number: "", amountMinor: line.amount }] : [];
}

async function proposalOf(
  act: Act,
  line: EntryLine,
  made: Proposal,
  rank: number,
  customer: CustomerRef,
  items: readonly Receivable[],
  language: Language,
): Promise<z.infer<typeof proposal>> {
  const { currency } = line;
  const own = items.filter((item) => item.creditorId === line.creditor_id && item.currency === currency);
  const openBefore = own.reduce((sum, item) => sum + item.openTotal, 0n);
  const back = made.returnOf !== undefined || line.amount < 0n;
  const allocations = back
    ? []
    : await previewPayment(act, {
        customerId: made.customerId as CustomerId,
        creditorId: line.creditor_id,
        amountMinor: line.amount,
        currency,
        valueOn: line.value_on,
        designated: made.items.flatMap(({ receivableId }) => receivableId ?? []),
        concessions: (made.concessions ?? []).map((given) => ({ ...given, minor: BigInt(given.minor) })),
      });
  const onAccount = allocations.filter((part) => part.onAccount).reduce((sum, part) => sum + part.amountMinor, 0n);
  const paid = allocations.filter((part) => !part.onAccount);
  const given = (made.concessions ?? []).reduce((sum, { minor }) => sum + BigInt(minor), 0n);
  const remains = openBefore - given - paid.reduce((sum, part) => sum + part.amountMinor, 0n);
  const remainsOpen = back || remains < 0n ? 0n : remains;
  const named = made.items.filter(({ number }) => number !== null);
  const title = back
    ? say(language, "proposal_return")
    : named.length === 0
      ? say(language, "proposal_account")
      : named.length === 1
        ? say(language, "proposal_item", { number: named[0]?.number ?? "" })
        : say(language, "proposal_items", { count: named.length });
  return {
    rank,
    score: made.score,
    customer,
    title,
    detail: say(language, "proposal_detail", { number: customer.number, open: moneyText(openBefore, currency) }),
    reasons: made.reasons.map((reason) => ({
      speaks: AGAINST.has(reason.code) ? ("against" as const) : ("for" as const),
      said: worded(reason.code, reasonInWords(reason, language)),
    })),
    lines: paid.map((part) => {
      const item = own.find((one) => one.receivableId === part.receivableId);
      return {
        itemId: part.receivableId,
        number: part.number,
        dueOn: item?.dueOn ?? null,
        open: moneyOf(item?.openTotal ?? part.amountMinor, currency),
        now: moneyOf(part.amountMinor, currency),
      };
    }),
    remainsOpen: moneyOf(remainsOpen, currency),
    onAccount: moneyOf(onAccount, currency),
    law: back ? null : say(language, "allocation_law"),
    next: !back && remainsOpen === 0n ? say(language, "closes_case") : null,
  };
}

/** Where numbers of items stand in the text, whatever separators were put between their characters. */
function marksIn(text: string, numbers: readonly string[]): { from: number; to: number }[] {
  const marks: { from: number; to: number }[] = [];
  for (const number of new Set(numbers)) {
    const letters = [...number.replace(/[^\p{L}\p{N}]/gu, "")];
    if (letters.length < 3) continue;
    const found = new RegExp(letters.join("[\\s./_-]{0,2}"), "iu").exec(text);
    if (found) marks.push({ from: found.index, to: found.index + found[0].length });
  }
  return marks.sort((a, b) => a.from - b.from);
}
