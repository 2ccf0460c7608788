/** The search a clerk on the phone needs, over sealed data (invariant 13). Every search is written down. */
import { type CustomerId, dateIn, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import { type Act, appendAudits } from "../../platform/access/index.ts";
import { findByTokens } from "../../platform/sealed/index.ts";
import { addressOn, type CustomerKind, displayName, type Identity } from "./model.ts";
import { survivorsOf } from "./merging/merged.ts";
import { maySee, openParties, openRows, readCustomers } from "./store.ts";
import { readPhone } from "./take.ts";
import { findBySearchWords, findManyBySearchWords } from "./tokens.ts";
import { likeness, queryWords, wordsIn } from "./words.ts";

export interface CustomerQuery {
  /** Anything: name fragment, street, town, number, reference, IBAN, e-mail, phone. */
  readonly text: string;
  /** Only these: customers who owe a certain amount, found by the ledger. With an empty text all of them. */
  readonly among?: readonly CustomerId[];
}

/** What led to a hit, best first. */
export type HitGround =
  | "number"
  | "reference"
  | "case_number"
  | "iban"
  | "email"
  | "phone"
  | "amount"
  | "spelling"
  | "sound";
const GROUNDS: readonly HitGround[] = [
  "number", "reference", "case_number", "iban", "email", "phone", "amount", "spelling", "sound",
]; // biome-ignore format: one line

export interface CustomerHit {
  readonly customerId: CustomerId;
  readonly number: string;
  readonly kind: CustomerKind;
  readonly name: string;
  readonly city?: string;
  readonly postcode?: string;
  readonly ground: HitGround;
  /** Found by a file that was merged into this one: that file's number. */
  readonly mergedFrom?: string;
}

/** So many customers are opened and checked at most for one question: 200 identities open in some 10 ms. */
const CANDIDATES = 200;

/**
 * Customers that fit every word of the text, best ground first. Protected files show to those only who may open them.
 * Failure `search_text_missing`: nothing to look for (one letter is too little).
 */
export async function searchCustomers(
  act: Act,
  query: CustomerQuery,
  limit: number,
): Promise<Result<readonly CustomerHit[], Failure>> {
  const text = query.text.trim().slice(0, 200);
  const words = queryWords(text);
  if (words.length === 0 && query.among === undefined && !/\d/.test(text))
    return fail("invalid", "search_text_missing", "Type at least two letters or a number.", "text");

  const grounds = new Map<CustomerId, HitGround>();
  if (text !== "") for (const [id, ground] of await findDirectly(act, text)) grounds.set(id, ground);
  const among = query.among && new Set(query.among);
  for (const id of grounds.keys()) if (among && !among.has(id)) grounds.delete(id);

  const byWords = new Set<CustomerId>();
  if (among) for (const id of [...among].slice(0, CANDIDATES)) byWords.add(id);
  else if (words.length > 0) {
    // As spelled first, so that a crowd that only sounds alike can't push the exact ones out.
    for (const id of await findBySearchWords(
      act,
      words.map((word) => [word.spelled]),
      CANDIDATES,
    ))
      byWords.add(id);
    if (byWords.size < limit && words.some((word) => word.sound !== undefined)) {
      const groups = words.map((word) => (word.sound === undefined ? [word.spelled] : [word.spelled, word.sound]));
      for (const id of await findBySearchWords(act, groups, CANDIDATES)) byWords.add(id);
    }
  }
  const asked = [...new Set([...grounds.keys(), ...byWords])];
  // A merged file is found by what it says, and shows the one that leads.
  const leading = await survivorsOf(act, asked);
  const rows = (await readCustomers(act, [...new Set([...asked, ...leading.values()])])).filter((row) =>
    maySee(act, row),
  );
  const known = new Map(rows.map((row) => [row.customer_id, row]));
  const identities = await openRows(act, rows);
  const parties = await openParties(
    act,
    rows.map((row) => row.customer_id),
  );
  const hits: CustomerHit[] = [];
  const shown = new Set<CustomerId>();
  // Those that lead first: who is found by the own file is not shown as found by another.
  for (const found of [...rows].sort((a, b) => Number(a.merged_into !== null) - Number(b.merged_into !== null))) {
    const own = identities.get(found.customer_id);
    const row = known.get(leading.get(found.customer_id) ?? found.customer_id);
    const identity = row && identities.get(row.customer_id);
    if (!own || !row || !identity || shown.has(row.customer_id)) continue;
    const ground =
      grounds.get(found.customer_id) ??
      groundOf([own, ...(parties.get(found.customer_id) ?? [])], text, among !== undefined);
    if (ground === undefined) continue;
    shown.add(row.customer_id);
    const address = addressOn(identity, dateIn(act.tx.now, row.zone)) ?? identity.addresses.at(-1);
    hits.push({
      customerId: row.customer_id,
      number: row.number,
      kind: row.kind,
      name: displayName(identity),
      ground,
      ...(found === row ? {} : { mergedFrom: found.number }),
      ...(address === undefined ? {} : { city: address.city, postcode: address.postcode }),
    });
  }
  hits.sort(
    (a, b) =>
      GROUNDS.indexOf(a.ground) - GROUNDS.indexOf(b.ground) ||
      a.name.localeCompare(b.name, "de") ||
      (a.number < b.number ? -1 : 1),
  );
  await writeDown(act, text, hits.length);
  return ok(hits.slice(0, limit));
}

function groundOf(identities: readonly Identity[], text: string, among: boolean): HitGround | undefined {
  if (text === "") return among ? "amount" : undefined;
  const grade = likeness(identities, text);
  return grade === 2 ? "spelling" : grade === 1 ? "sound" : undefined;
}

/** By numbers, references, accounts and addresses; the whole text or one word of it. */
async function findDirectly(act: Act, text: string): Promise<Map<CustomerId, HitGround>> {
  const pieces = [...new Set([text, ...text.split(/\s+/), ...wordsIn(text)])].filter((piece) => piece.length > 1);
  const compact = text.replace(/\s/g, "");
  const phone = /^[+(]?[\d\s()/.-]{6,}$/.test(text) ? readPhone(text, "DE") : undefined;
  const questions: readonly (readonly [kind: string, ground: HitGround, values: readonly string[]])[] = [
    ["customer_number", "number", [...new Set([...pieces, text.toUpperCase()])]],
    ["reference", "reference", pieces.filter((piece) => /\d/.test(piece))],
    ["case_number", "case_number", [...new Set([...pieces, compact])].filter((piece) => /^\d{9}$/.test(piece))],
    ["iban", "iban", /^[A-Za-z]{2}\d{2}[A-Za-z0-9]{10,30}$/.test(compact) ? [compact] : []],
    ["email", "email", pieces.filter((piece) => piece.includes("@"))],
    ["phone", "phone", phone === undefined ? [] : [phone]],
  ];
  const found = new Map<CustomerId, HitGround>();
  for (const [kind, ground, values] of questions)
    for (const hits of (await findByTokens(act, kind, values)).values())
      for (const hit of hits.slice(0, CANDIDATES)) if (!found.has(hit.customerId)) found.set(hit.customerId, ground);
  return found;
}

/** Every search is kept, with a keyed hash of the text only: who looked for what can be proved, not read. */
async function writeDown(act: Act, text: string, hits: number): Promise<void> {
  const seal = await act.vault.forTenant(act.tx);
  const token = seal.lookupToken("searched", text.toLowerCase()).toString("hex");
  await appendAudits(act, [{ act: "customer.searched", details: { text: token, hits } }]);
}

/**
 * Customers who have every word of a payer's name, for matching payments by machine: nothing is opened or shown, so
 * nothing is written down. The caller compares the names. One statement for many names, at most `limit` customers each.
 */
export async function customersByNames(
  act: Act,
  names: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, readonly CustomerId[]>> {
  const list = [...new Set(names)];
  const found = await findManyBySearchWords(
    act,
    list.map((name) => queryWords(name).map((word) => word.spelled)),
    limit,
  );
  const leading = await survivorsOf(act, [...new Set(found.flatMap((ids) => ids ?? []))]);
  return new Map(
    list.map((name, index) => [name, [...new Set((found[index] ?? []).map((id) => leading.get(id) ?? id))]]),
  );
}
