/** Files that may be one person: list, compare, decide, take back. */
import { z } from "@hono/zod-openapi";
import { type Act, can } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { customerFacts, displayName, type Identity } from "../../../books/customers/index.ts";
import {
  countProposals,
  decidePair,
  mergeCustomers,
  openPair,
  type Proposal,
  proposalById,
  proposals,
  type ReasonCode,
  reasonInWords,
  relatives,
  standingMerge,
  undoMerge,
} from "../../../books/duplicates/index.ts";
import { casesOf, holdIsActive, holdsOf, openItems } from "../../../books/receivables/index.ts";
import { messages, messagingFollower } from "../../../outreach/messaging/index.ts";
import { type CustomerId, dateIn, fail, ok, type Result, type Uuid } from "../../../pure/kernel/index.ts";
import { limitOf, listRoute } from "../list.ts";
import type { Call } from "../model.ts";
import { actorNames, businessDay, customerRefs } from "../names.ts";
import { type Api, route } from "../route.ts";
import { moneyOf, say, worded } from "../said/index.ts";
import { type CustomerRef, id, type Language, type Money, type Said } from "../schema/basics.ts";
import {
  certainty,
  duplicateList,
  duplicatePair,
  duplicateRow,
  pairDecision,
  pairState,
  related,
} from "../schema/duplicates.ts";
import { opened } from "./customer-acts.ts";

type Row = z.infer<typeof duplicateRow>;
type Pair = z.infer<typeof duplicatePair>;
const pairParams = z.strictObject({ pairId: id });
const FOLLOWERS = [messagingFollower];
const EMPTY: CustomerRef = { id: "00000000-0000-0000-0000-000000000000", number: "", name: "" };

const AGAINST: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "surname_differs", "first_name_differs", "first_name_close", "generation_differs", "company_differs", "company_and_person",
  "legal_form_differs", "email_differs", "phone_differs", "account_differs", "address_differs", "shared_by_many",
]); // biome-ignore format: a set

const reasonOf = (code: ReasonCode, language: Language): Said => worded(code, reasonInWords(code, language));

async function openSums(act: Act, ids: readonly CustomerId[]): Promise<Map<CustomerId, Money[]>> {
  const sums = new Map<CustomerId, Money[]>();
  for (const [customerId, items] of await openItems(act, ids)) {
    const byCurrency = new Map<string, bigint>();
    for (const item of items) byCurrency.set(item.currency, (byCurrency.get(item.currency) ?? 0n) + item.openTotal);
    sums.set(
      customerId,
      [...byCurrency].map(([currency, minor]) => moneyOf(minor, currency)),
    );
  }
  return sums;
}

function united(moneys: readonly Money[]): Money[] {
  const sums = new Map<string, Money>();
  for (const one of moneys) {
    const known = sums.get(one.currency);
    if (!known) sums.set(one.currency, one);
    else {
      const places = (one.amount.split(".")[1] ?? "").length;
      const minor = BigInt(one.amount.replace(".", "")) + BigInt(known.amount.replace(".", ""));
      const text = (minor < 0n ? -minor : minor).toString().padStart(places + 1, "0");
      const amount = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
      sums.set(one.currency, { ...one, amount: minor < 0n ? `-${amount}` : amount });
    }
  }
  return [...sums.values()];
}

async function rowsFor(act: Act, found: readonly Proposal[], language: Language): Promise<Row[]> {
  const ids = [...new Set(found.flatMap((pair) => pair.customerIds))];
  const refs = await customerRefs(act, ids);
  const open = await openSums(act, ids);
  const nameOf = await actorNames(
    act,
    found.map((pair) => pair.decidedBy ?? null),
    language,
  );
  return found.map((pair) => ({
    id: pair.pairId,
    left: refs.get(pair.customerIds[0]) ?? EMPTY,
    right: refs.get(pair.customerIds[1]) ?? EMPTY,
    score: pair.score,
    certainty: pair.mark,
    reasons: pair.reasons.slice(0, 4).map((code) => reasonOf(code, language)),
    open: united(pair.customerIds.flatMap((one) => open.get(one) ?? [])),
    state: pair.state,
    foundAt: pair.foundAt.toISOString(),
    decidedBy: pair.decidedBy === undefined ? null : nameOf(pair.decidedBy),
    decidedAt: pair.decidedAt?.toISOString() ?? null,
  }));
}

type Side = Awaited<ReturnType<typeof openPair>>[number];
type Field = Pair["fields"][number];

const addressesOf = (identity: Identity | undefined): string[] =>
  (identity?.addresses ?? []).map(({ street, postcode, city }) => `${street}, ${postcode} ${city}`);

function agreementOf(left: readonly string[], right: readonly string[], near: boolean): Field["agreement"] {
  if (left.length === 0 || right.length === 0) return "one_side";
  const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, " ");
  if (left.some((one) => right.some((other) => plain(one) === plain(other)))) return "same";
  return near ? "similar" : "different";
}

function fieldsOf(pair: Proposal, [left, right]: readonly Side[], language: Language): Field[] {
  const has = (...codes: ReasonCode[]): boolean => codes.some((code) => pair.reasons.includes(code));
  const name = (side: Side | undefined): string[] =>
    side?.file ? [displayName(side.file.identity)].filter(Boolean) : [];
  const rows: [code: string, left: readonly string[], right: readonly string[], near: boolean][] = [
    [
      "name",
      name(left),
      name(right),
      has("name_spelling", "name_typo", "name_swapped", "name_short", "name_initial", "company_similar"),
    ],
    [
      "address",
      addressesOf(left?.file?.identity),
      addressesOf(right?.file?.identity),
      has("address_same", "address_similar"),
    ],
    ["email", left?.file?.emails ?? [], right?.file?.emails ?? [], has("email_similar")],
    ["phone", left?.file?.phones ?? [], right?.file?.phones ?? [], false],
  ];
  const fields = rows
    .filter(([, a, b]) => a.length + b.length > 0)
    .map(
      ([code, a, b, near]): Field => ({
        label: say(language, `pair_${code}`),
        left: [...a],
        right: [...b],
        agreement: agreementOf(a, b, near),
      }),
    );
  // Accounts are kept as keyed hashes: whether they agree can be told, not what they are.
  const [a, b] = [left?.accounts ?? [], right?.accounts ?? []];
  const known = (tokens: readonly string[]): string[] =>
    tokens.map((_, index) => say(language, "pair_account_n", { n: index + 1 }).text);
  if (a.length + b.length > 0)
    fields.push({
      label: say(language, "pair_account"),
      left: known(a),
      right: known(b),
      agreement:
        a.length === 0 || b.length === 0 ? "one_side" : a.some((token) => b.includes(token)) ? "same" : "different",
    });
  return fields.map((field) => ({ ...field, label: { ...field.label, code: field.label.code.replace(/^pair_/, "") } }));
}

async function sideOf(
  act: Act,
  customerId: CustomerId,
  ref: CustomerRef,
  language: Language,
): Promise<Pair["sides"][number]> {
  const facts = (await customerFacts(act, [customerId])).get(customerId);
  const items = (await openItems(act, [customerId])).get(customerId) ?? [];
  const stage = (await casesOf(act, [customerId])).find((one) => one.state === "open")?.stage;
  const today = await businessDay(act);
  const sent = await messages(act, { customerId }, 500);
  const since = await act.tx.one<{ created_at: Date }>(
    sql`select created_at from customer where customer_id = ${customerId}`,
  );
  return {
    customer: ref,
    kind: facts?.kind ?? "consumer",
    since: since ? dateIn(since.created_at, (facts?.zone ?? "Europe/Berlin") as never) : null,
    open: (await openSums(act, [customerId])).get(customerId) ?? [],
    items: items.length,
    messages: sent.length,
    stage: stage === undefined ? null : say(language, `stage_${stage}`),
    held: ((await holdsOf(act, [customerId])).get(customerId) ?? []).some((hold) => holdIsActive(hold, today)),
  };
}

async function pairOf(
  act: Act,
  pairId: string,
  { caller, language }: Pick<Call, "caller" | "language">,
): Promise<Result<Pair>> {
  const found = await proposalById(act, pairId as Uuid);
  if (!found.ok) return found;
  const pair = found.value;
  const [row] = await rowsFor(act, [pair], language);
  if (!row) return fail("not_found", "pair_not_found", "There is no such proposal.", pairId);
  const opened = await openPair(act, pair.customerIds);
  const left = await sideOf(act, pair.customerIds[0], row.left, language);
  const right = await sideOf(act, pair.customerIds[1], row.right, language);
  const merge = await standingMerge(act, ...pair.customerIds);
  const may = can(caller.actor.role, "customer.merge");
  // The file that has been there longer, more of whose letters are out, keeps its number.
  const older =
    right.messages > left.messages || (right.messages === left.messages && (right.since ?? "") < (left.since ?? ""))
      ? right
      : left;
  return ok({
    ...row,
    sides: [left, right],
    fields: fieldsOf(pair, opened, language),
    why: pair.reasons.map((code) => ({
      speaks: AGAINST.has(code) ? ("against" as const) : ("for" as const),
      said: reasonOf(code, language),
    })),
    survivor: merge?.survivorId ?? older.customer.id,
    effects: ["items", "numbers", "consents", "messages", "undo"].map((what) => say(language, `merge_effect_${what}`)),
    mayDecide: may && pair.state === "open",
    mayUndo: may && pair.state !== "open",
  });
}

export function duplicateRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/duplicates",
      permission: "customer.read",
      summary: "Files that may be one person, the surest first",
      filters: { certainty: certainty.optional(), state: pairState.optional() },
      row: duplicateRow,
      columns: ["left", "right", "score", "certainty", "reasons", "state", "foundAt"],
      answer: duplicateList,
    },
    ({ act, query, language }) =>
      act(async (one) => {
        const state = query.state ?? "open";
        const filter = {
          state,
          ...(state === "open" && { suggests: "merge" as const }),
          ...(query.certainty !== undefined && { mark: query.certainty }),
        };
        const { mark: _, ...all } = { mark: undefined, ...filter };
        const counts = await countProposals(one, all);
        const total =
          query.certainty === undefined ? counts.sure + counts.likely + counts.possible : counts[query.certainty];
        const found = await proposals(one, { ...filter, limit: limitOf(query), offset: query.offset ?? 0 });
        return ok({ rows: await rowsFor(one, found, language), total, counts });
      }),
  );
  route(
    api,
    {
      method: "get",
      path: "/duplicates/{pairId}",
      permission: "customer.read",
      summary: "Two files side by side",
      params: pairParams,
      answer: duplicatePair,
    },
    (call) => call.act((act) => pairOf(act, call.params.pairId, call)),
  );
  route(
    api,
    {
      method: "post",
      path: "/duplicates/{pairId}/decide",
      permission: "customer.merge",
      summary: "One person, one household, or two people",
      params: pairParams,
      body: pairDecision,
      answer: duplicatePair,
    },
    (call) =>
      call.act(async (act) => {
        const found = await proposalById(act, call.params.pairId as Uuid);
        if (!found.ok) return found;
        const { customerIds } = found.value;
        if (found.value.state !== "open")
          return fail("conflict", "already_done", "This was decided before.", call.params.pairId);
        if (call.body.act === "merge") {
          const survivor = customerIds.find((one) => one === call.body.survivor);
          const merged = customerIds.find((one) => one !== call.body.survivor);
          if (survivor === undefined || merged === undefined)
            return fail("invalid", "survivor_missing", "Say which of the two files stays.", "survivor");
          const done = await mergeCustomers(act, survivor, merged, FOLLOWERS);
          if (!done.ok) return done;
        } else {
          const done = await decidePair(act, call.params.pairId as Uuid, call.body.act);
          if (!done.ok) return done;
        }
        return pairOf(act, call.params.pairId, call);
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/duplicates/{pairId}/undo",
      permission: "customer.merge",
      summary: "Take a decision back, a merge too",
      params: pairParams,
      answer: duplicatePair,
    },
    (call) =>
      call.act(async (act) => {
        const found = await proposalById(act, call.params.pairId as Uuid);
        if (!found.ok) return found;
        const record =
          found.value.state === "merged" ? await standingMerge(act, ...found.value.customerIds) : undefined;
        const done: Result<unknown> = record
          ? await undoMerge(act, record.survivorId, record.mergeId, FOLLOWERS)
          : await decidePair(act, call.params.pairId as Uuid, "open");
        if (!done.ok) return done;
        return pairOf(act, call.params.pairId, call);
      }),
  );
  route(
    api,
    {
      method: "get",
      path: "/customers/{customerId}/related",
      permission: "customer.read",
      summary: "Files that belong to this one: merged, of the household, maybe the same person",
      params: z.strictObject({ customerId: id }),
      answer: related,
    },
    ({ act, params }) =>
      act((one) =>
        opened(one, params.customerId, async (customerId) => {
          const { mergedInto, merged, household, duplicates } = await relatives(one, customerId);
          const otherOf = (pair: Proposal): CustomerId =>
            pair.customerIds.find((each) => each !== customerId) ?? customerId;
          const refs = await customerRefs(one, [
            mergedInto,
            ...merged.map((each) => each.customerId),
            ...household,
            ...duplicates.map(otherOf),
          ]);
          const refOf = (each: CustomerId): CustomerRef[] => {
            const ref = refs.get(each);
            return ref ? [ref] : [];
          };
          return ok({
            mergedInto: mergedInto === null ? null : (refs.get(mergedInto) ?? null),
            merged: merged.flatMap(({ customerId: each, at, pairId }) =>
              refOf(each).map((customer) => ({ customer, at: at.toISOString(), pairId })),
            ),
            household: household.flatMap(refOf),
            duplicates: duplicates.flatMap((pair) =>
              refOf(otherOf(pair)).map((other) => ({ pairId: pair.pairId, other, certainty: pair.mark })),
            ),
          });
        }),
      ),
  );
}
