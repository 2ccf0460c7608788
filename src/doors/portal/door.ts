/**
 * The second factor: a postcode of the customer (old ones count), the number of an order, or the amount of an invoice.
 * The answer is the same for every wrong one, and every candidate is compared whichever fits.
 */
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { sameBytes, sha256 } from "../../platform/sealed/index.ts";
import { dateIn, type CustomerId } from "../../pure/kernel/index.ts";
import { localDecimal } from "../../pure/formats/index.ts";
import { contactPointsOf, customerFacts, openIdentities, partiesOf } from "../../books/customers/index.ts";
import { PORTAL_TRIES, portalLink, type PortalLink, recordTry } from "../../outreach/messaging/index.ts";
import type { FactorKind } from "./words/index.ts";

export type Knock =
  | { readonly kind: "open"; readonly link: PortalLink }
  | { readonly kind: "wrong"; readonly triesLeft: number }
  | { readonly kind: "locked" };

/** One try. The link is read again under the customer's lock, so that tries at the same moment count one by one. */
export async function knock(
  act: Act,
  secret: string,
  known: PortalLink,
  kind: FactorKind,
  answer: string,
): Promise<Knock> {
  await act.tx.one(sql`select from customer where customer_id = ${known.customerId} for update`);
  const link = await portalLink(act, secret);
  if (!link || link.lockedAt !== null || link.tries >= PORTAL_TRIES) return { kind: "locked" };
  const right = await fits(act, link.customerId, kind, answer);
  const triesLeft = await recordTry(act, link, right);
  if (right) return { kind: "open", link };
  return triesLeft === 0 ? { kind: "locked" } : { kind: "wrong", triesLeft };
}

async function fits(act: Act, customerId: CustomerId, kind: FactorKind, answer: string): Promise<boolean> {
  // All three are read whichever was asked, so that the time taken tells nothing about what the customer has.
  const known = {
    postcode: await postcodesOf(act, customerId),
    order: await ordersOf(act, customerId),
    amount: await amountsOf(act, customerId),
  }[kind];
  const given = spellings(kind, answer).map(sha256);
  let right = false;
  for (const value of known) {
    const hash = sha256(value);
    for (const guess of given) right = sameBytes(hash, guess) || right;
  }
  return right;
}

/** How an answer may be meant, normalised; an amount such as `1.204` can be two. */
export function spellings(kind: FactorKind, answer: string): string[] {
  if (answer.length > 60) return [];
  if (kind === "postcode") return [normalPostcode(answer)].filter((text) => text !== "");
  if (kind === "order") return [normalNumber(answer)].filter((text) => text !== "");
  const meant = new Set<string>();
  for (const style of ["comma", "point"] as const) {
    const read = localDecimal(answer, style);
    if (!read.ok || read.value.digits <= 0n || read.value.scale > 2) continue;
    meant.add(`${read.value.digits * 10n ** BigInt(2 - read.value.scale)}`);
  }
  return [...meant];
}

/** `D-51147`, `51 147` and `51147` are one. */
const normalPostcode = (text: string): string =>
  text
    .toUpperCase()
    .replace(/^\s*DE?\s*-/, "")
    .replace(/[^0-9A-Z]/g, "");
const normalNumber = (text: string): string => text.toUpperCase().replace(/[^0-9A-Z]/g, "");

/** Of every address the customer has or had, and of the representative who alone is written to. */
async function postcodesOf(act: Act, customerId: CustomerId): Promise<string[]> {
  const [identity, facts] = [
    (await openIdentities(act, [customerId])).get(customerId),
    (await customerFacts(act, [customerId])).get(customerId),
  ];
  const today = dateIn(act.tx.now, facts?.zone ?? "Europe/Berlin");
  const found = (identity?.addresses ?? []).map((address) => address.postcode);
  const writtenTo = new Set<string>();
  for (const party of await partiesOf(act, customerId)) {
    const inForce = party.validFrom <= today && (party.validUntil === undefined || party.validUntil >= today);
    if (!party.writeOnlyTo || !inForce) continue;
    writtenTo.add(party.partyId);
    found.push(...party.identity.addresses.map((address) => address.postcode));
  }
  for (const point of await contactPointsOf(act, customerId)) {
    if (point.channel !== "letter" || (point.partyId !== undefined && !writtenTo.has(point.partyId))) continue;
    const read = JSON.parse(point.value) as { postcode?: unknown };
    if (typeof read.postcode === "string") found.push(read.postcode);
  }
  return found.map(normalPostcode).filter((text) => text !== "");
}

async function ordersOf(act: Act, customerId: CustomerId): Promise<string[]> {
  const rows = await act.tx.rows<{ number: string }>(sql`
    select order_number as number from receivable where customer_id = ${customerId} and order_number is not null`);
  return rows.map((row) => normalNumber(row.number)).filter((text) => text !== "");
}

/** What the invoices said, in minor units; payments since then don't matter. */
async function amountsOf(act: Act, customerId: CustomerId): Promise<string[]> {
  const rows = await act.tx.rows<{ minor: bigint }>(sql`
    select sum(p.amount_minor)::bigint as minor from posting p
      join receivable r on r.customer_id = p.customer_id and r.receivable_id = p.receivable_id
     where p.customer_id = ${customerId} and p.kind = 'claim' and r.item_kind = 'invoice' group by p.receivable_id`);
  return rows.map((row) => row.minor.toString());
}
