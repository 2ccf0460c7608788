/** What goes back to the ERP: fees, interest, waivers, discounts (and payments, if asked) as postings with accounts. */
import { createHash } from "node:crypto";
import type { Currency, CustomerId, PlainDate, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import { type Failure, fail, ok, type Result } from "../../../pure/kernel/index.ts";
import type { Creditor } from "../../customers/index.ts";

export type HandBackKind =
  | "interest"
  | "dunning_cost"
  | "collection_cost"
  | "write_off"
  | "discount"
  | "payment"
  | "provider_fee";

/** Creditor setting `handBack`. */
export interface HandBackSettings {
  /** Contra account by kind of posting. */
  readonly accounts: Readonly<Partial<Record<HandBackKind, string>>>;
  /** Tax code (DATEV: BU-Schlüssel) by kind; the account decides where none is set. */
  readonly taxKeys: Readonly<Partial<Record<HandBackKind, string>>>;
  /** `customer_number`, or one collective account for all. */
  readonly customerAccount: string;
  /** Money on its way from payment providers; their fees (`provider_fee`) leave it. */
  readonly transitAccount: string | null;
  /** Payments too: where Kulanz leads and the ERP follows. */
  readonly payments: boolean;
  readonly datev: {
    readonly consultant: number;
    readonly client: number;
    readonly accountLength: number;
    readonly chart: "03" | "04" | null;
  } | null;
  /** 1 to 12. */
  readonly fiscalYearMonth: number;
}

export function handBackSettings({ settings }: Pick<Creditor, "settings">): HandBackSettings {
  const set = (settings["handBack"] ?? {}) as Partial<HandBackSettings>;
  return {
    accounts: set.accounts ?? {},
    taxKeys: set.taxKeys ?? {},
    customerAccount: set.customerAccount ?? "customer_number",
    transitAccount: set.transitAccount ?? null,
    payments: set.payments ?? false,
    datev: set.datev ?? null,
    fiscalYearMonth: set.fiscalYearMonth ?? 1,
  };
}

/** A posting that was not handed back yet. */
export interface PendingPosting {
  /** Null with the item: fees of a provider's payout, no customer's. */
  readonly customerId: CustomerId | null;
  /** Of fees: made from the payout. */
  readonly postingId: Uuid;
  readonly payout?: Buffer;
  readonly receivableId: ReceivableId | null;
  readonly customerNumber: string;
  readonly number: string;
  readonly kind: HandBackKind;
  readonly component: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly valueOn: PlainDate;
  readonly reverses: Uuid | null;
}

export interface HandBackLine extends Omit<PendingPosting, "reverses"> {
  /** From 1; null: it and its reversal came to nothing within the batch. */
  readonly lineNumber: number | null;
  readonly account: string;
  readonly contraAccount: string;
  readonly taxKey: string;
  readonly text: string;
}

const TEXTS: Readonly<Record<HandBackKind, string>> = {
  interest: "Verzugszinsen",
  dunning_cost: "Mahnkosten",
  collection_cost: "Inkassokosten",
  write_off: "Ausbuchung",
  discount: "Skonto",
  payment: "Zahlung",
  provider_fee: "Gebühren",
};

export const feeText = (name: string): string => `${TEXTS.provider_fee} ${name}`.trim();

/** First day of the fiscal year a day lies in. */
export function fiscalYearOf(day: PlainDate, month: number): PlainDate {
  const year = Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < month ? 1 : 0);
  return `${year}-${String(month).padStart(2, "0")}-01` as PlainDate;
}

function accountOf({ kind, customerNumber }: Omit<PendingPosting, "reverses">, settings: HandBackSettings): string {
  if (kind === "provider_fee") return settings.transitAccount ?? "";
  return settings.customerAccount === "customer_number" ? customerNumber : settings.customerAccount;
}

/** Failure `hand_back_accounts_missing` with the kinds in `where`. */
export function linesOf(
  pending: readonly PendingPosting[],
  settings: HandBackSettings,
): Result<HandBackLine[], Failure<"hand_back_accounts_missing">> {
  const ids = new Set(pending.map(({ postingId }) => postingId));
  const undone = new Set(
    pending.flatMap(({ postingId, reverses }) => (reverses !== null && ids.has(reverses) ? [postingId, reverses] : [])),
  );
  const missing = missingAccounts(
    pending.filter(({ postingId }) => !undone.has(postingId)).map(({ kind }) => kind),
    settings,
  );
  if (missing.length > 0)
    return fail(
      "conflict",
      "hand_back_accounts_missing",
      "No account is set for some kinds of postings.",
      missing.join(","),
    );
  const sorted = pending.toSorted((a, b) => {
    const [first, second] = [a, b].map((one) => `${one.valueOn} ${one.number} ${one.postingId}`) as [string, string];
    return first < second ? -1 : 1;
  });
  let lineNumber = 0;
  return ok(
    sorted.map(({ reverses: _, ...posting }): HandBackLine => {
      const counts = !undone.has(posting.postingId);
      if (counts) lineNumber += 1;
      return {
        ...posting,
        lineNumber: counts ? lineNumber : null,
        account: accountOf(posting, settings),
        contraAccount: settings.accounts[posting.kind] ?? "",
        taxKey: settings.taxKeys[posting.kind] ?? "",
        text: `${TEXTS[posting.kind]} ${posting.number}`.trim(),
      };
    }),
  );
}

export const missingAccounts = (
  kinds: readonly HandBackKind[],
  { accounts, transitAccount }: HandBackSettings,
): HandBackKind[] =>
  [...new Set(kinds)]
    .filter((kind) => accounts[kind] === undefined || (kind === "provider_fee" && transitAccount === null))
    .sort();

export const fingerprintOf = (lines: readonly HandBackLine[]): Buffer =>
  createHash("sha256")
    .update(
      JSON.stringify(
        lines.map((line) => [
          line.postingId,
          line.amountMinor.toString(),
          line.account,
          line.contraAccount,
          line.taxKey,
          line.valueOn,
        ]),
      ),
    )
    .digest();
