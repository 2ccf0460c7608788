/** Credit notes and cancellations find the item they are about and settle it, by a pair of transfers with its history. */
import {
  type CreditorId,
  type CustomerId,
  minMinor,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { touch } from "../../../platform/jobs/index.ts";
import { findByTokens } from "../../../platform/sealed/index.ts";
import { lockCustomers } from "../../customers/index.ts";
import { findReceivables, post } from "../ledger.ts";
import type { Receivable } from "../model.ts";
import { readReceivables } from "../store.ts";
import { insertChanges } from "./stated.ts";

export interface CreditNote {
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly receivableId: ReceivableId;
  readonly number: string;
  /** Invoices it names (BT-25); they win over the order. */
  readonly preceding: readonly string[];
  readonly orderNumber?: string;
  readonly valueOn: PlainDate;
  readonly sourceFile: Buffer;
}

/** What a credit note did: the items it settled, in whole or in part; `elsewhere`: it names an item of another customer. */
export interface CreditNoteApplied {
  readonly settled: readonly ReceivableId[];
  readonly elsewhere: boolean;
}

/**
 * Applies a credit note that is stored to the invoices it names, else to the only open invoice of its order. What is left
 * of it stays open to the customer's good. Cases and earlier payments are the caller's (`keepCases`, `allocateAnew`).
 */
export async function applyCreditNote(act: Act, note: CreditNote): Promise<CreditNoteApplied> {
  const targets = await targetsOf(act, note);
  const own = targets.filter(({ customerId }) => customerId === note.customerId);
  const elsewhere = own.length === 0 && targets.length > 0;
  if (own.length === 0) return { settled: [], elsewhere };
  await lockCustomers(act, [note.customerId]);
  const ids = [note.receivableId, ...own.map(({ receivableId }) => receivableId)];
  const items = await readReceivables(
    act,
    sql`r.customer_id = ${note.customerId} and r.receivable_id = any(${ids}::uuid[])`,
  );
  const credit = items.find(({ receivableId }) => receivableId === note.receivableId);
  const invoices = own.flatMap(({ receivableId }) => items.find((item) => item.receivableId === receivableId) ?? []);
  if (!credit) return { settled: [], elsewhere };
  let left = -credit.open.principal;
  const settled: Receivable[] = [];
  for (const invoice of invoices) {
    const amount = minMinor(left, invoice.open.principal);
    if (amount <= 0n || invoice.currency !== credit.currency) continue;
    left -= amount;
    const base = {
      customerId: note.customerId,
      kind: "transfer",
      component: "principal",
      currency: credit.currency,
      valueOn: note.valueOn,
    } as const;
    await post(
      act,
      [
        { ...base, receivableId: invoice.receivableId, amountMinor: -amount, ground: "credit_note" },
        { ...base, receivableId: credit.receivableId, amountMinor: amount, ground: "credit_note" },
      ],
      act.tx.newId<Uuid>(),
    );
    settled.push(invoice);
    if (amount === invoice.open.principal)
      await insertChanges(
        act,
        [
          {
            customerId: note.customerId,
            receivableId: invoice.receivableId,
            field: "cancelled_by",
            before: null,
            after: note.number,
          },
        ],
        note.sourceFile,
      );
  }
  await touch(act.tx, note.customerId);
  return { settled: settled.map(({ receivableId }) => receivableId), elsewhere };
}

interface Target {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
}

async function targetsOf(act: Act, note: CreditNote): Promise<readonly Target[]> {
  const keys = note.preceding.map((number) => `${note.creditorId}:${number.trim()}`);
  const named = keys.length === 0 ? undefined : await findByTokens(act, "invoice_number", keys);
  const found = keys.flatMap((key) =>
    (named?.get(key) ?? []).map((hit) => ({
      customerId: hit.customerId,
      receivableId: hit.objectId as ReceivableId,
    })),
  );
  if (found.length > 0 || note.orderNumber === undefined) return found;
  const order = note.orderNumber;
  const hits = (await findReceivables(act, [order])).get(order) ?? [];
  const same = hits.filter((hit) => hit.customerId === note.customerId && hit.receivableId !== note.receivableId);
  if (same.length === 0) return [];
  const items = await readReceivables(
    act,
    sql`r.customer_id = ${note.customerId} and r.receivable_id = any(${same.map((hit) => hit.receivableId)}::uuid[])
        and r.creditor_id = ${note.creditorId} and r.item_kind = 'invoice' and r.open_principal > 0`,
  );
  // Several invoices of one order: a person says which.
  const [only, another] = items;
  return only && !another ? [{ customerId: note.customerId, receivableId: only.receivableId }] : [];
}
