/** Names beside ids: customers, creditors, and who acted. */
import type { Act } from "../../platform/access/index.ts";
import { readUser } from "../../platform/access/index.ts";
import { type CustomerLine, customerLines, creditors } from "../../books/customers/index.ts";
import {
  addDays,
  type CreditorId,
  type CustomerId,
  dateIn,
  fail,
  isUuid,
  ok,
  type PlainDate,
  type Result,
  type UserId,
  weekday,
} from "../../pure/kernel/index.ts";
import { germanState, isWorkingDay, type State } from "../../pure/law/index.ts";
import type { CreditorRef, CustomerRef, Language } from "./schema/basics.ts";

export const customerRefOf = ({ customerId, number, name }: CustomerLine): CustomerRef => ({
  id: customerId,
  number,
  name,
});

/** Missing: unknown customers, and protected files the caller may not open. */
export async function customerRefs(
  act: Act,
  ids: readonly (CustomerId | null)[],
): Promise<Map<CustomerId, CustomerRef>> {
  const wanted = ids.filter((id): id is CustomerId => id !== null);
  const lines = await customerLines(act, wanted);
  return new Map([...lines].map(([id, line]) => [id, customerRefOf(line)]));
}

export async function creditorRefs(act: Act): Promise<Map<CreditorId, CreditorRef>> {
  return new Map((await creditors(act)).map(({ creditorId, name }) => [creditorId, { id: creditorId, name }]));
}

/** The day the books stand at: the named creditor's, else that of the first one. */
export async function businessDay(act: Act, creditorId?: string): Promise<PlainDate> {
  const all = await creditors(act);
  const one = all.find((each) => each.creditorId === creditorId) ?? all[0];
  return dateIn(act.tx.now, one?.zone ?? "Europe/Berlin");
}

const WORDS: Readonly<Record<string, readonly [de: string, en: string]>> = {
  user: ["ehemals im Team", "former colleague"],
  key: ["Schnittstelle", "integration"],
  portal: ["Kunde im Portal", "customer in the portal"],
  system: ["Kulanz", "Kulanz"],
};

/** Actors as the books write them (`user:<id>`, `system:matching`), in words. */
export async function actorNames(
  act: Act,
  actors: readonly (string | null)[],
  language: Language,
): Promise<(actor: string) => string> {
  const names = new Map<string, string>();
  for (const actor of new Set(actors)) {
    if (actor === null) continue;
    const [kind = "", id = ""] = actor.split(":");
    const user = kind === "user" && isUuid(id) ? await readUser(act, id as UserId) : undefined;
    names.set(actor, user?.name ?? WORDS[kind]?.[language === "de" ? 0 : 1] ?? actor);
  }
  return (actor) => names.get(actor) ?? actor;
}

/** The last day before on which banks and offices worked in the creditor's state. */
export function workingDayBefore(day: PlainDate, state: State | null): PlainDate {
  let before = addDays(day, -1);
  while (!isWorkingDay(before, state) || weekday(before) > 5) before = addDays(before, -1);
  return before;
}

export async function seatOf(act: Act, creditorId: string | undefined): Promise<{ state: State | null; zone: string }> {
  const all = await creditors(act);
  const one = all.find((each) => each.creditorId === creditorId) ?? all[0];
  const state = germanState(one?.state ?? "");
  return { state: state.ok ? state.value : null, zone: one?.zone ?? "Europe/Berlin" };
}

/** A creditor named in the query must be one of the tenant's. Failure `creditor_unknown`. */
export async function knownCreditor(act: Act, creditorId: string | undefined): Promise<Result<CreditorId | undefined>> {
  if (creditorId === undefined) return ok(undefined);
  if ((await creditorRefs(act)).has(creditorId as CreditorId)) return ok(creditorId as CreditorId);
  return fail("not_found", "creditor_unknown", "There is no such creditor.", "creditor");
}
