/** Taking in receivables, set-based: a file of tens of thousands of items is a handful of statements. */
import { createHash } from "node:crypto";
import {
  type CaseId,
  type CreditorId,
  type CustomerId,
  type Failure,
  expectOk,
  fail,
  type ReceivableId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { makeCreditorReference } from "../../pure/formats/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { rowsOf, sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { claimDirectoryEntries, type DirectoryEntry, sendDirectoryEntries } from "../../platform/sealed/index.ts";
import { type FirstItems, firstCases } from "./cases.ts";
import { meetOrders } from "./deliveries/keep.ts";
import { bringHome } from "./moving/items.ts";
import type { ReceivableInput } from "./model.ts";

export interface TakenReceivables {
  /** Ids of the new ones, in the order of the input. */
  readonly new: readonly ReceivableId[];
  /** Items that were there before (or twice in the input): nothing changed. */
  readonly known: number;
  /** Every input that is stored now or before, by its index. */
  readonly byIndex: ReadonlyMap<number, { readonly receivableId: ReceivableId; readonly known: boolean }>;
  /** Known by number, but stated with another amount or due date; nothing changed. */
  readonly differing: readonly number[];
  /** `receivable_of_other_customer`, `amount_not_positive`, `dates_disordered`. */
  readonly refused: readonly { readonly index: number; readonly failure: Failure }[];
}

/**
 * RF reference (ISO 11649) of a receivable: 15 digits from its id, so that it can be typed on a number pad; at a
 * million receivables two share one with a probability of 1 : 2,000, and then a match is proposed, not booked.
 */
export function paymentReferenceOf(receivableId: ReceivableId): string {
  const digits = (createHash("sha256").update(receivableId).digest().readBigUInt64BE(0) % 10n ** 15n).toString();
  return expectOk(makeCreditorReference(digits.padStart(15, "0")));
}

const numberKey = (input: { readonly creditorId: CreditorId; readonly number: string }): string =>
  `${input.creditorId}:${input.number.trim()}`;

function refusal(input: ReceivableInput, index: number): Failure | undefined {
  const where = `item ${index + 1}`;
  if (input.amountMinor <= 0n)
    return fail("invalid", "amount_not_positive", "The amount of an item must be above zero.", where).error;
  if (input.number.trim() === "") return fail("invalid", "number_missing", "An item needs a number.", where).error;
  if (input.dueOn < input.issuedOn)
    return fail("invalid", "dates_disordered", "An item can't be due before it was issued.", where).error;
  return undefined;
}

/**
 * Stores items with their first posting. An item is known by creditor and number: then nothing changes. Numbers, order
 * numbers and RF references become findable. Customers must exist; cases are kept by `keepCases` afterwards, those of
 * `first` customers opened here.
 */
export async function takeReceivables(
  act: Act,
  inputs: readonly ReceivableInput[],
  first?: FirstItems,
): Promise<TakenReceivables> {
  const refused: { index: number; failure: Failure }[] = [];
  const differing: number[] = [];
  const byIndex = new Map<number, { receivableId: ReceivableId; known: boolean }>();
  const stating = new Map<string, { index: number; input: ReceivableInput; receivableId: ReceivableId }>();
  const repeated: { index: number; input: ReceivableInput }[] = [];
  inputs.forEach((input, index) => {
    const failure = refusal(input, index);
    if (failure) refused.push({ index, failure });
    else if (stating.has(numberKey(input))) repeated.push({ index, input });
    else stating.set(numberKey(input), { index, input, receivableId: act.tx.newId<ReceivableId>() });
  });

  // Claims the numbers first: of two imports at the same time the second waits here and then knows what the first stored.
  const claims = [...stating.values()];
  const holders = await claimDirectoryEntries(act, claims.map(numberEntry));
  const fresh = claims.filter((_, index) => holders[index] === undefined);
  const joined = first
    ? await firstCases(
        act,
        fresh.map(({ input }) => input),
        first,
      )
    : fresh.map(() => undefined);
  insertReceivables(act, fresh, joined);
  await sendDirectoryEntries(act, fresh.flatMap(referenceEntries));
  for (const { index, receivableId } of fresh) byIndex.set(index, { receivableId, known: false });

  const stated = [
    ...claims.filter((_, index) => holders[index] !== undefined),
    ...repeated.map(({ index, input }) => ({ index, input })),
  ];
  const ids = new Map<string, { customerId: CustomerId; receivableId: ReceivableId }>();
  claims.forEach(({ input }, index) => {
    const holder = holders[index];
    if (holder)
      ids.set(numberKey(input), { customerId: holder.customerId, receivableId: holder.objectId as ReceivableId });
  });
  for (const { input, receivableId } of fresh)
    ids.set(numberKey(input), { customerId: input.customerId, receivableId });
  const asked = [...new Set(stated.map(({ input }) => numberKey(input)))].flatMap((key) => ids.get(key) ?? []);
  let stored = await readStated(act, asked);
  // What was settled before its file was merged stayed there; who names it again speaks of it here.
  const stayed = asked.filter(({ receivableId }) => !stored.get(receivableId)?.amount);
  if (stayed.length > 0 && (await bringHome(act, stayed)) > 0) stored = await readStated(act, asked);
  for (const { index, input } of stated) {
    const id = ids.get(numberKey(input));
    const row = id && stored.get(id.receivableId);
    if (!id || !row) continue;
    if (id.customerId !== input.customerId) {
      refused.push({
        index,
        failure: fail(
          "conflict",
          "receivable_of_other_customer",
          "This number is already used for another customer of the creditor.",
          `item ${index + 1}`,
        ).error,
      });
      continue;
    }
    byIndex.set(index, { receivableId: id.receivableId, known: true });
    if (row.amount !== input.amountMinor || row.due_on !== input.dueOn) differing.push(index);
  }
  await meetOrders(
    act,
    fresh.map(({ input }) => input),
  );
  await touch(act.tx, ...new Set(fresh.map(({ input }) => input.customerId)));
  refused.sort((a, b) => a.index - b.index);
  return {
    new: fresh.map(({ receivableId }) => receivableId),
    known: [...byIndex.values()].filter((entry) => entry.known).length,
    byIndex,
    differing,
    refused,
  };
}

interface Fresh {
  readonly index: number;
  readonly input: ReceivableInput;
  readonly receivableId: ReceivableId;
}

function numberEntry({ input, receivableId }: Fresh): DirectoryEntry {
  return { kind: "invoice_number", value: numberKey(input), customerId: input.customerId, objectId: receivableId };
}

function referenceEntries({ input, receivableId }: Fresh): DirectoryEntry[] {
  const values = [input.number, input.orderNumber, paymentReferenceOf(receivableId)];
  return values
    .filter((value) => value !== undefined && /[\p{L}\p{N}]/u.test(value))
    .map((value) => ({ kind: "reference", value: value ?? "", customerId: input.customerId, objectId: receivableId }));
}

/** The amount a discount is taken of is kept, so that later payments and credit notes don't move it. */
const discountRows = (input: ReceivableInput) =>
  input.discountTerms && input.discountTerms.length > 0 && input.itemKind === "invoice"
    ? input.discountTerms.map(({ days, percent, base }) => ({ days, percent, base: `${base ?? input.amountMinor}` }))
    : undefined;

function insertReceivables({ tx, actor }: Act, fresh: readonly Fresh[], joined: readonly (CaseId | undefined)[]): void {
  if (fresh.length === 0) return;
  const column = <T>(of: (input: ReceivableInput) => T): T[] => fresh.map(({ input }) => of(input));
  const sign = (input: ReceivableInput): bigint =>
    input.itemKind === "credit_note" ? -input.amountMinor : input.amountMinor;
  const bookingId = tx.newId<Uuid>();
  tx.send(sql`
    with given as (
      select * from ${rowsOf("g", {
        customer_id: ["uuid", column((i) => i.customerId)],
        receivable_id: ["uuid", fresh.map((f) => f.receivableId)],
        case_id: ["uuid", joined],
        moved_from: ["uuid", column((i) => i.filedUnder)],
        posting_id: ["uuid", fresh.map(() => tx.newId<Uuid>())],
        creditor_id: ["uuid", column((i) => i.creditorId)],
        brand_id: ["uuid", column((i) => i.brandId)],
        item_kind: ["text", column((i) => i.itemKind)],
        number: ["text", column((i) => i.number.trim())],
        order_number: ["text", column((i) => i.orderNumber)],
        payment_reference: ["text", fresh.map((f) => paymentReferenceOf(f.receivableId))],
        claim_kind: ["text", column((i) => i.claimKind)],
        payment_claim: ["bool", column((i) => i.paymentClaim)],
        customer_kind: ["text", column((i) => i.customerKind)],
        currency: ["text", column((i) => i.currency)],
        issued_on: ["date", column((i) => i.issuedOn)],
        arose_on: ["date", column((i) => i.aroseOn)],
        due_on: ["date", column((i) => i.dueOn)],
        due_date_agreed: ["bool", column((i) => i.dueDateAgreed)],
        notice_30_days: ["bool", column((i) => i.notice30Days)],
        direct_debit: ["bool", column((i) => i.directDebit)],
        source_file: ["bytea", column((i) => i.sourceFile)],
        term_from_delivery: ["int2", column((i) => i.termFromDelivery)],
        discount_terms: ["jsonb", column(discountRows)],
        amount_minor: ["int8", column(sign)],
      })}
    ), items as (
      insert into receivable (customer_id, receivable_id, case_id, moved_from, tenant_id, creditor_id, brand_id, item_kind, number,
        order_number, payment_reference, claim_kind, payment_claim, customer_kind, currency, issued_on, arose_on, due_on,
        due_date_agreed, notice_30_days, direct_debit, source_file, term_from_delivery, discount_terms,
        open_principal, created_at)
      select g.customer_id, g.receivable_id, g.case_id, g.moved_from, ${tx.tenantId}::uuid, g.creditor_id, g.brand_id, g.item_kind, g.number,
        g.order_number, g.payment_reference, g.claim_kind, g.payment_claim, g.customer_kind, g.currency, g.issued_on,
        g.arose_on, g.due_on, g.due_date_agreed, g.notice_30_days, g.direct_debit, g.source_file, g.term_from_delivery,
        g.discount_terms, g.amount_minor,
        ${tx.now}::timestamptz
      from given g
    )
    insert into posting (customer_id, posting_id, tenant_id, receivable_id, booking_id, kind, component, amount_minor,
                         currency, value_on, booked_at, actor)
    select g.customer_id, g.posting_id, ${tx.tenantId}::uuid, g.receivable_id, ${bookingId}::uuid,
           case when g.item_kind = 'credit_note' then 'credit' else 'claim' end, 'principal', g.amount_minor, g.currency,
           g.issued_on, ${tx.now}::timestamptz, ${actorName(actor)}
    from given g`);
}

async function readStated(
  { tx }: Act,
  ids: readonly { readonly customerId: CustomerId; readonly receivableId: ReceivableId }[],
): Promise<Map<ReceivableId, { amount: bigint; due_on: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<{ receivable_id: ReceivableId; amount: bigint; due_on: string }>(sql`
    select p.receivable_id, abs(sum(p.amount_minor))::bigint as amount, r.due_on
    from unnest(${ids.map((id) => id.customerId)}::uuid[], ${ids.map((id) => id.receivableId)}::uuid[])
         as i (customer_id, receivable_id)
    join receivable r on r.customer_id = i.customer_id and r.receivable_id = i.receivable_id
    join posting p on p.customer_id = i.customer_id and p.receivable_id = i.receivable_id and coalesce(p.moved_kind, p.kind) in ('claim', 'credit')
    where r.tenant_id = ${tx.tenantId}
    group by p.receivable_id, r.due_on`);
  return new Map(rows.map((row) => [row.receivable_id, row]));
}
