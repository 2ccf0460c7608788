/** The bank inbox: entries with proposals, booking and undoing, statements. */
import { z } from "@hono/zod-openapi";
import {
  type EntryLine,
  entryLines,
  type EntryView,
  type SureKind,
  receivedSince,
  statementLines,
  viewCounts,
} from "../../../oversight/insight/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { mayOpenCustomer } from "../../../books/customers/index.ts";
import { importedFiles } from "../../../books/intake/index.ts";
import {
  bookByHand,
  type Booked,
  confirmProposal,
  learningOf,
  leaveOpen,
  proposeAgain,
  takeUpAgain,
  undoMatch,
} from "../../../books/matching/index.ts";
import { previewPayment } from "../../../books/receivables/index.ts";
import {
  addDays,
  type CreditorId,
  type Currency,
  type CustomerId,
  fail,
  instantAt,
  moneyFromText,
  ok,
  type ReceivableId,
  type Result,
} from "../../../pure/kernel/index.ts";
import { type Answered, arranged, limitOf, type ListParameters, listRoute, sortingOf } from "../list.ts";
import { businessDay, creditorRefs, knownCreditor, seatOf, workingDayBefore } from "../names.ts";
import { type Api, route } from "../route.ts";
import { moneyOf } from "../said/index.ts";
import { creditorQuery, id, type Language, yesNo } from "../schema/basics.ts";
import {
  bankEntry,
  type BankEntryRow,
  bankEntryRow,
  bankSummary,
  booked,
  booking,
  entryView,
  statementRow,
} from "../schema/money-in.ts";
import { bankEntryOf } from "../present/bank-entry.ts";
import { learnedBy } from "../present/learned.ts";
import { entryRows } from "../present/bank-rows.ts";

/** Who paid and what was written is sealed: to search or sort by it, so many entries are opened at most. */
const OPENED = 3_000;
const COLUMNS: Readonly<Record<string, string>> = {
  account: "account",
  amount: "amount",
  bookedOn: "booked_on",
  valueOn: "value_on",
  view: "view",
  score: "score",
};
const entryParams = z.strictObject({ entryId: id });

async function listEntries(
  act: Act,
  query: ListParameters & {
    view?: EntryView;
    statement?: string;
    sure?: string;
    agefrom?: number;
    ageto?: number;
  },
  language: Language,
): Promise<Result<Answered<BankEntryRow>>> {
  const creditor = await knownCreditor(act, query.creditor);
  if (!creditor.ok) return creditor;
  const sorting = sortingOf(query.sort);
  const column = sorting && COLUMNS[sorting.field];
  const inMemory = (query.q?.trim() ?? "") !== "" || (sorting !== undefined && column === undefined);
  const day = await businessDay(act, creditor.value);
  const page = await entryLines(
    act,
    {
      // The list says `sure_number_amount`, as its rows do.
      ...(query.sure !== undefined && { sure: query.sure.replace(/^sure_/, "") as SureKind }),
      ...(query.agefrom !== undefined && { bookedUntil: addDays(day, -query.agefrom) }),
      ...(query.ageto !== undefined && { bookedFrom: addDays(day, -query.ageto) }),
      ...(query.view && { view: query.view }),
      ...(query.statement !== undefined && { statement: Buffer.from(query.statement, "hex") }),
      ...(creditor.value !== undefined && { creditorId: creditor.value }),
    },
    {
      order: [
        column && sorting ? { column, descending: sorting.descending } : { column: "booked_on", descending: true },
        { column: "entry_id" },
      ],
      ...(inMemory ? { limit: OPENED, offset: 0 } : { limit: limitOf(query), offset: query.offset ?? 0 }),
    },
  );
  if (inMemory && page.total > OPENED)
    return fail("invalid", "search_too_large", `Texts are sealed: filter to ${OPENED} entries to search them.`, "q");
  const rows = await entryRows(act, page.rows, language);
  if (inMemory) return arranged(rows, query, { sum: "amount" });
  return ok({ rows, total: page.total, sums: [...page.sums].map(([currency, minor]) => moneyOf(minor, currency)) });
}

async function entryById(act: Act, entryId: string): Promise<Result<EntryLine>> {
  const page = await entryLines(act, { entryId }, { order: [{ column: "entry_id" }], limit: 1, offset: 0 });
  const [line] = page.rows;
  return line ? ok(line) : fail("not_found", "entry_not_found", "There is no such bank entry.", entryId);
}

export function bankRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/bank/summary",
      permission: "bank.read",
      summary: "How much stands where",
      query: creditorQuery,
      answer: bankSummary,
    },
    ({ act, query }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const { state, zone } = await seatOf(one, creditor.value);
        const since = workingDayBefore(await businessDay(one, creditor.value), state);
        const came = await receivedSince(one, creditor.value, since, instantAt(since, 0, 0, zone), "EUR" as Currency);
        const { statements, ...counts } = await viewCounts(one, creditor.value);
        const learning = await learningOf(one, creditor.value);
        return ok({
          counts,
          statements,
          sinceDay: since,
          entriesSince: came.entries,
          automaticSince: came.automatic,
          undoneSince: came.undone,
          learning: {
            decisions: learning.examples,
            version: learning.version,
            since: learning.since?.toISOString() ?? null,
          },
        });
      }),
  );
  listRoute(
    api,
    {
      path: "/bank/entries",
      permission: "bank.read",
      summary: "Bank entries",
      filters: {
        view: entryView.optional(),
        statement: z
          .string()
          .regex(/^[0-9a-f]{2,128}$/)
          .optional(),
        sure: z.enum(["sure_number_amount", "sure_account_amount", "sure_name_amount"]).optional(),
        agefrom: z.coerce.number().int().min(0).max(36_500).optional(),
        ageto: z.coerce.number().int().min(0).max(36_500).optional(),
      },
      row: bankEntryRow,
      columns: [
        "account",
        "payer",
        "remittance",
        "amount",
        "bookedOn",
        "valueOn",
        "view",
        "score",
        "customer",
        "automatic",
      ],
    },
    ({ act, query, language }) => act((one) => listEntries(one, query as never, language)),
  );
  route(
    api,
    {
      method: "get",
      path: "/bank/entries/{entryId}",
      permission: "bank.read",
      summary: "An entry with what it may have paid",
      params: entryParams,
      answer: bankEntry,
    },
    ({ act, params, caller, language }) =>
      act(async (one) => {
        const line = await entryById(one, params.entryId);
        return line.ok ? ok(await bankEntryOf(one, line.value, caller, language)) : line;
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/entries/{entryId}/book",
      permission: "match.decide",
      summary: "Book a proposal, or as a person decides",
      params: entryParams,
      body: booking,
      answer: booked,
    },
    ({ act, params, body, language }) =>
      act(async (one) => {
        const line = await entryById(one, params.entryId);
        if (!line.ok) return line;
        const done = await book(one, line.value, body);
        if (!done.ok) return done;
        return ok({
          entryId: params.entryId,
          booked: done.value.allocations.map((part) => ({
            number: part.onAccount ? null : part.number,
            amount: moneyOf(part.amountMinor, line.value.currency),
          })),
          undoUntil: null,
          learned: await learnedBy(one, done.value.matchId, done.value.customerId, language),
        });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/entries/{entryId}/leave-open",
      permission: "match.decide",
      summary: "Set an entry aside",
      params: entryParams,
    },
    ({ act, params }) =>
      act(async (one) => {
        const line = await entryById(one, params.entryId);
        if (!line.ok) return line;
        const left = await leaveOpen(one, params.entryId);
        return left.ok ? ok(undefined) : left;
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/entries/{entryId}/reopen",
      permission: "match.decide",
      summary: "Undo a booking, or take an entry up again",
      params: entryParams,
      answer: bankEntry,
    },
    ({ act, params, caller, language }) =>
      act(async (one) => {
        const line = await entryById(one, params.entryId);
        if (!line.ok) return line;
        const undone =
          line.value.status === "set_aside"
            ? await takeUpAgain(one, params.entryId)
            : await undoMatch(one, params.entryId);
        if (!undone.ok) return undone;
        await proposeAgain(one, params.entryId);
        const again = await entryById(one, params.entryId);
        return again.ok ? ok(await bankEntryOf(one, again.value, caller, language)) : again;
      }),
  );
  listRoute(
    api,
    {
      path: "/bank/statements",
      permission: "bank.read",
      summary: "Bank statements",
      filters: { reconciles: yesNo },
      row: statementRow,
      columns: [
        "account",
        "creditor",
        "number",
        "from",
        "to",
        "opening",
        "closing",
        "credits",
        "debits",
        "entries",
        "reconciles",
        "importedAt",
        "file",
      ],
    },
    ({ act, query }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const rows = await statementRows(one, creditor.value);
        const wanted = (query as { reconciles?: "yes" | "no" }).reconciles;
        return arranged(
          rows.filter((row) => wanted === undefined || row.reconciles === (wanted === "yes")),
          query,
        );
      }),
  );
}

async function statementRows(act: Act, creditorId: CreditorId | undefined): Promise<z.infer<typeof statementRow>[]> {
  const names = await creditorRefs(act);
  const files = new Map((await importedFiles(act, 5_000)).map((file) => [file.fingerprint.toString("hex"), file.name]));
  return (await statementLines(act, creditorId, 5_000)).map((line) => {
    const imported = line.imported_at.toISOString();
    const to = line.closed_on ?? line.opened_on ?? imported.slice(0, 10);
    return {
      id: line.fingerprint.toString("hex"),
      account: line.account,
      bank: null,
      creditor: names.get(line.creditor_id) ?? { id: line.creditor_id, name: "" },
      number: line.number,
      from: line.opened_on ?? to,
      to,
      opening: moneyOf(line.opening ?? 0n, line.currency),
      closing: moneyOf(line.closing ?? 0n, line.currency),
      credits: moneyOf(line.credits, line.currency),
      debits: moneyOf(line.debits, line.currency),
      entries: line.entries,
      // A statement without balances can't be wrong about them.
      reconciles: line.reconciles ?? true,
      importedAt: imported,
      file: files.get(line.file_fingerprint.toString("hex")) ?? "",
    };
  });
}

/** Failures of `confirmProposal` and `bookByHand`, `booking_incomplete`, `distribution_not_possible`. */
async function book(act: Act, line: EntryLine, body: z.infer<typeof booking>): Promise<Result<Booked>> {
  if (body.proposal !== undefined) return confirmProposal(act, line.entry_id, body.proposal - 1);
  if (body.customerId === undefined)
    return fail("invalid", "booking_incomplete", "Name a proposal or a customer.", "customerId");
  const customerId = body.customerId as CustomerId;
  const may = await mayOpenCustomer(act, customerId);
  if (!may.ok) return may;
  const wanted = new Map<ReceivableId, bigint>();
  for (const { itemId, amount } of body.items ?? []) {
    const read = moneyFromText(amount.amount, amount.currency as Currency);
    if (!read.ok) return read;
    if (amount.currency !== line.currency || read.value.minor <= 0n)
      return fail("invalid", "amount_invalid", "Each amount is above zero, in the currency of the payment.", "items");
    wanted.set(itemId as ReceivableId, (wanted.get(itemId as ReceivableId) ?? 0n) + read.value.minor);
  }
  const order = await possibleOrder(act, line, customerId, wanted);
  return order.ok ? bookByHand(act, line.entry_id, customerId, order.value) : order;
}

/**
 * The order of the items in which the ledger's own rule (§§ 366, 367 BGB) gives each the amount wanted: fully paid ones
 * first, then the one that gets the rest. What can't be reached by an order is refused, never booked otherwise.
 */
async function possibleOrder(
  act: Act,
  line: EntryLine,
  customerId: CustomerId,
  wanted: ReadonlyMap<ReceivableId, bigint>,
): Promise<Result<ReceivableId[]>> {
  if (wanted.size === 0) return ok([]);
  const preview = (designated: readonly ReceivableId[]) =>
    previewPayment(act, {
      customerId,
      creditorId: line.creditor_id,
      amountMinor: line.amount,
      currency: line.currency,
      valueOn: line.value_on,
      designated,
    });
  const ids = [...wanted.keys()];
  for (const last of [undefined, ...ids]) {
    const order = last === undefined ? ids : [...ids.filter((one) => one !== last), last];
    const result = await preview(order);
    const got = (item: ReceivableId): bigint =>
      result
        .filter((part) => part.receivableId === item && !part.onAccount)
        .reduce((sum, part) => sum + part.amountMinor, 0n);
    if (ids.every((item) => got(item) === wanted.get(item))) return ok(order);
  }
  return fail(
    "invalid",
    "distribution_not_possible",
    "Items are paid in an order, each in full before the next; this distribution can't be reached by one.",
    "items",
  );
}
