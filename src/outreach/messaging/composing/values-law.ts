import { type Currency, money, type PlainDate } from "../../../pure/kernel/index.ts";
import { collectionCosts, type DefaultGround, defaultStart, type State } from "../../../pure/law/index.ts";
import type { CustomerFacts } from "../../../books/customers/index.ts";
import type { Receivable } from "../../../books/receivables/index.ts";
import type { Language, MessageValues } from "../templates/index.ts";
import { isLateOn } from "./place.ts";

const GROUNDS: Readonly<Record<DefaultGround, Readonly<Record<Language, string>>>> = {
  calendar_date: {
    de: "vereinbarter Zahlungstag, § 286 Abs. 2 Nr. 1 BGB",
    en: "agreed day of payment, section 286 (2) no. 1 BGB",
  },
  term_from_event: {
    de: "vereinbarte Frist ab Lieferung, § 286 Abs. 2 Nr. 2 BGB",
    en: "agreed time from delivery, section 286 (2) no. 2 BGB",
  },
  thirty_days: {
    de: "30 Tage nach Fälligkeit und Rechnung, § 286 Abs. 3 BGB",
    en: "30 days after due date and invoice, section 286 (3) BGB",
  },
  notice: { de: "Mahnung, § 286 Abs. 1 BGB", en: "dunning notice, section 286 (1) BGB" },
  refusal: { de: "Zahlung abgelehnt, § 286 Abs. 2 Nr. 3 BGB", en: "payment refused, section 286 (2) no. 3 BGB" },
};

/** Fact and paragraph a stored default rests on; a ground that is written out already stays as it is, an unknown one says nothing. */
export const groundInWords = (ground: string, language: Language): string =>
  isGround(ground) ? GROUNDS[ground][language] : ground.includes("§") ? ground : "";

/** Since when, and by which ground, an item is in default on a day by what is known; undefined: it is not. */
export function standingDefault(
  item: Receivable,
  state: State | null,
  today: PlainDate,
): { readonly since: PlainDate; readonly ground: DefaultGround } | undefined {
  if (item.defaultSince !== undefined && item.defaultSince <= today)
    return { since: item.defaultSince, ground: isGround(item.defaultGround) ? item.defaultGround : "notice" };
  const { start } = defaultStart({
    dueDate: item.dueOn,
    dueDateAgreed: item.dueDateAgreed,
    termFromDelivery: item.termFromDelivery !== undefined && item.deliveredOn !== undefined,
    customerKind: item.customerKind,
    state,
    // When the invoice arrived is not known; without it the 30 days of § 286 III don't run.
    invoiceReceived: null,
    notice30Days: item.notice30Days,
  });
  return start !== null && start.inDefaultFrom <= today
    ? { since: start.inDefaultFrom, ground: start.ground }
    : undefined;
}

const isGround = (ground: string | undefined): ground is DefaultGround => ground !== undefined && ground in GROUNDS;

/** Which items this notice puts into default, and with which the customer already is, since when and by which ground. */
export function defaultValues(
  items: readonly Receivable[],
  customer: CustomerFacts,
  state: State | null,
  today: PlainDate,
  effect: "none" | "default" | "announcement",
  language: Language,
): MessageValues["default"] {
  const name = (item: Receivable): string => `${language === "de" ? "Rechnung" : "invoice"} ${item.number}`;
  const known = items.map((item) => ({ item, standing: standingDefault(item, state, today) }));
  const earlier = known.flatMap(({ item, standing }) => (standing ? [{ item, ...standing }] : []));
  // One whose default by an earlier notice begins later (its term still runs) is neither.
  const fresh = known.filter(
    ({ item, standing }) => !standing && item.defaultSince === undefined && isLateOn(item.dueOn, today, state),
  );
  // One day and its grounds stand for all of them, so it is the day since which all of them are in default.
  const since = earlier
    .map((one) => one.since)
    .sort()
    .at(-1);
  const grounds = [...new Set(earlier.map((one) => GROUNDS[one.ground][language]))];
  return {
    byThisNotice: effect !== "none" && customer.country === "DE" && fresh.length > 0,
    newItems: fresh.map((one) => name(one.item)).join(", "),
    waivedWithinTerm: true,
    ...(since !== undefined && {
      earlierItems: earlier.map((one) => name(one.item)).join(", "),
      since,
      ground: grounds.join("; "),
    }),
  };
}

/**
 * What follows after a final notice: only what the creditor set up, with the cost the law allows for its first step
 * (0.9 fee, RVG VV 2300; § 13e RDG).
 */
export function announcementValues(
  settings: Readonly<Record<string, unknown>>,
  effect: "none" | "default" | "announcement",
  principalMinor: bigint,
  currency: Currency,
  deductsInputTax: boolean,
  today: PlainDate,
): MessageValues["announce"] {
  const none = { any: false, agency: false, court: false, deliveryStop: false, bureau: false };
  if (effect !== "announcement" || typeof settings["agencyName"] !== "string" || currency !== "EUR") return none;
  const costs = collectionCosts({
    claim: principalMinor,
    rate: 90n,
    mandateOn: today,
    creditorDeductsInputTax: deductsInputTax,
    undisputed: true,
  });
  if (!costs.ok) return none;
  return { ...none, any: true, agency: true, costEstimate: money(costs.value.total, currency) };
}
