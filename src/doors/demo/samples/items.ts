/** Invoices of the sample customers, the files they arrive in, and how each is going to be paid. */
import { addDays, maxDate, type PlainDate, type Random, weekday } from "../../../pure/kernel/index.ts";
import type { CreditorKey } from "../setting.ts";
import type { SampleCustomer } from "./people.ts";

export const FIRST_DAY = "2026-10-05" as PlainDate;
export const LAST_DAY = "2026-11-15" as PlainDate;
/**
 * Days on which a bank statement arrives; it holds what was booked up to the day before. The second is a Monday: mails that
 * waited over the Sunday are no longer right when their hour comes.
 */
export const STATEMENT_DAYS = ["2026-10-14", "2026-10-26", "2026-11-11"] as PlainDate[];
/** Days on which the books hand over new open items. */
export const TABLE_DAYS: Readonly<Record<CreditorKey, readonly PlainDate[]>> = {
  garden: ["2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09"] as PlainDate[],
  utility: ["2026-10-05", "2026-10-19", "2026-11-02"] as PlainDate[],
};

/** What the payer does; the demo's truth, which matching does not see. */
export type Behaviour =
  | "reference" // RF reference of the invoice, structured
  | "text" // number in the text, with other separators
  | "account" // exact amount from a known account, no number at all
  | "partial" // half, and nothing more
  | "instalments" // half, later the other half
  | "over"
  | "combined" // one transfer for all items of the customer
  | "mistyped"
  | "other_payer"
  | "debit" // collected by direct debit
  | "debit_returned" // collected, and the bank takes it back
  | "never";

export interface SampleItem {
  readonly customer: SampleCustomer;
  readonly creditor: CreditorKey;
  /** Code of the brand. */
  readonly brand: string;
  readonly number: string;
  readonly orderNumber?: string;
  readonly issueDate: PlainDate;
  readonly dueDate: PlainDate;
  readonly amountMinor: bigint;
  readonly via: "csv" | "ubl" | "cii";
  readonly arrivesOn: PlainDate;
  readonly behaviour: Behaviour;
  /** First booking at the bank; undefined when nothing comes in the six weeks. */
  readonly paidOn?: PlainDate;
}

const MIX: readonly (readonly [Behaviour, number])[] = [
  ["reference", 0.2],
  ["text", 0.17],
  ["account", 0.1],
  ["partial", 0.05],
  ["instalments", 0.03],
  ["over", 0.03],
  ["mistyped", 0.07],
  ["other_payer", 0.05],
  ["debit", 0.12],
  ["never", 0.18],
]; // prettier-ignore

function behaviourOf(random: Random, customer: SampleCustomer): Behaviour {
  let roll = random.next();
  for (const [behaviour, share] of MIX) {
    roll -= share;
    if (roll >= 0) continue;
    if ((behaviour === "account" || behaviour === "debit") && !customer.ibanKnown) return "text";
    return behaviour;
  }
  return "never";
}

const businessDay = (day: PlainDate): PlainDate => {
  const after = weekday(day) - 5;
  return after > 0 ? addDays(day, 3 - after) : day;
};

/** Cents that look like prices. */
function priceOf(random: Random, creditor: CreditorKey, business: boolean): bigint {
  const ends = [90, 95, 99, 0, 50, 49];
  const [from, span] =
    creditor === "garden" ? (business ? [120, 1_900] : [14, 260]) : business ? [240, 1_700] : [46, 150];
  return BigInt((from + random.integer(span)) * 100 + (ends[random.integer(ends.length)] as number));
}

class Numbers {
  private garden = 3_911;
  private utility = 100_233;
  private order = 4_080_120;
  private readonly random: Random;
  constructor(random: Random) {
    this.random = random;
  }
  invoice(brand: string): string {
    if (brand === "SWQ") return `SQ26-${(this.utility += 3 + this.random.integer(40))}`;
    this.garden += 2 + this.random.integer(17);
    return `${brand === "HUMMELGARTEN" ? "HG" : "WF"}-2026-${String(this.garden).padStart(5, "0")}`;
  }
  orderNumber(): string {
    return `B-${(this.order += 7 + this.random.integer(90))}`;
  }
}

function paidOn(random: Random, behaviour: Behaviour, dueDate: PlainDate, arrivesOn: PlainDate): PlainDate | undefined {
  if (behaviour === "never") return undefined;
  const debit = behaviour === "debit";
  const wished = debit ? dueDate : addDays(dueDate, -2 + random.integer(26));
  const day = businessDay(maxDate(wished, addDays(arrivesOn, debit ? 1 : 1 + random.integer(6))));
  return day < (STATEMENT_DAYS.at(-1) as PlainDate) ? day : undefined;
}

/** How many invoices to companies come as electronic invoices. */
const EINVOICES: Readonly<Record<CreditorKey, number>> = { garden: 12, utility: 8 };

function itemOf(
  random: Random,
  numbers: Numbers,
  customer: SampleCustomer,
  creditor: CreditorKey,
  electronic: "ubl" | "cii" | undefined,
  brand: string,
  issueDate: PlainDate,
): SampleItem {
  const business = customer.kind === "business";
  const terms = creditor === "garden" ? (business ? 30 : 14) : 14;
  const dueDate = addDays(issueDate, terms);
  const tableDay = TABLE_DAYS[creditor].find((day) => day >= issueDate) ?? (TABLE_DAYS[creditor].at(-1) as PlainDate);
  const arrivesOn = electronic ? businessDay(maxDate(FIRST_DAY, addDays(issueDate, 1))) : tableDay;
  const behaviour = behaviourOf(random, customer);
  const paid = paidOn(random, behaviour, dueDate, arrivesOn);
  return {
    customer,
    creditor,
    brand,
    number: numbers.invoice(brand),
    ...(creditor === "garden" && { orderNumber: numbers.orderNumber() }),
    issueDate,
    dueDate,
    amountMinor: priceOf(random, creditor, business),
    via: electronic ?? "csv",
    arrivesOn,
    behaviour: paid ? behaviour : "never",
    ...(paid && { paidOn: paid }),
  };
}

/** One transfer for everything a customer owes a creditor, where there are several items and no other plan for them. */
function combine(random: Random, items: SampleItem[]): SampleItem[] {
  const groups = new Map<string, SampleItem[]>();
  for (const item of items) {
    const key = `${item.creditor} ${item.customer.number}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  const combined = new Map<SampleItem, SampleItem>();
  for (const group of groups.values()) {
    if (group.length < 2 || random.next() > 0.24) continue;
    const last = group.reduce((day, item) => maxDate(day, item.arrivesOn), FIRST_DAY);
    const day = businessDay(addDays(last, 2 + random.integer(7)));
    if (day >= (STATEMENT_DAYS.at(-1) as PlainDate)) continue;
    for (const item of group) combined.set(item, { ...item, behaviour: "combined", paidOn: day });
  }
  return items.map((item) => combined.get(item) ?? item);
}

/** The first few direct debits of the first statement go back. */
function returnSome(items: SampleItem[]): SampleItem[] {
  const returned = items
    .filter((item) => item.behaviour === "debit" && item.paidOn && item.paidOn < (STATEMENT_DAYS[0] as PlainDate))
    .slice(0, 3);
  return items.map((item) => (returned.includes(item) ? { ...item, behaviour: "debit_returned" as const } : item));
}

/**
 * Invoices of customers with one invoice only and a mailbox, known on the first day: nothing else disturbs what happens
 * with them.
 */
export function soloists(items: readonly SampleItem[], creditor: CreditorKey): SampleItem[] {
  const count = new Map<string, number>();
  for (const { customer } of items) count.set(customer.number, (count.get(customer.number) ?? 0) + 1);
  return items.filter(
    (item) =>
      item.creditor === creditor &&
      item.via === "csv" &&
      count.get(item.customer.number) === 1 &&
      item.customer.email !== undefined &&
      item.arrivesOn === FIRST_DAY,
  );
}

/** Overdue on the first day and not going to pay: the people of the scenes. */
const SILENT: Readonly<Record<CreditorKey, number>> = { garden: 10, utility: 7 };
export const isOld = (item: SampleItem): boolean => item.dueDate <= "2026-09-30";
function silence(items: SampleItem[]): SampleItem[] {
  const silent = new Set(
    (["garden", "utility"] as const).flatMap((creditor) =>
      soloists(items, creditor).filter(isOld).slice(0, SILENT[creditor]),
    ),
  );
  return items.map((item) => {
    if (!silent.has(item)) return item;
    const { paidOn: _, ...rest } = item;
    return { ...rest, behaviour: "never" as const };
  });
}

/**
 * Payments that cross a message: the dunning notice of an invoice due on 10 October is decided on Sunday, 25 October, and
 * waits for Monday; the statement that comes on Monday at seven has the money. The notice must not leave.
 */
export const isCrossing = (item: SampleItem): boolean => item.dueDate === "2026-10-10" && item.paidOn === CROSSING_DAY;
const CROSSING_DAY = "2026-10-22" as PlainDate;
function cross(items: SampleItem[]): SampleItem[] {
  const crossing = new Set(
    (["garden", "utility"] as const).flatMap((creditor) =>
      soloists(items, creditor).filter(({ dueDate }) => dueDate === "2026-10-10"),
    ),
  );
  return items.map((item) => (crossing.has(item) ? { ...item, behaviour: "text", paidOn: CROSSING_DAY } : item));
}

/** All invoices, in the order of their issue. */
export function makeItems(random: Random, customers: readonly SampleCustomer[]): SampleItem[] {
  const drafts: { customer: SampleCustomer; creditor: CreditorKey; brand: string; issueDate: PlainDate }[] = [];
  for (const customer of customers) {
    for (const creditor of customer.creditors) {
      const brand = creditor === "utility" ? "SWQ" : random.next() < 0.38 ? "HUMMELGARTEN" : "WURZELFROH";
      const count = 1 + (random.next() < 0.38 ? 1 : 0) + (random.next() < 0.12 ? 1 : 0);
      // Two thirds are old enough to be open on the first day.
      const latest = addDays(TABLE_DAYS[creditor].at(-1) as PlainDate, -1);
      for (let made = 0; made < count; made += 1) {
        const old = random.next() < 0.64;
        const issueDate = old ? addDays(FIRST_DAY, -1 - random.integer(46)) : addDays(latest, -random.integer(34));
        drafts.push({ customer, creditor, brand, issueDate });
      }
    }
  }
  drafts.sort((a, b) => (a.issueDate < b.issueDate ? -1 : a.issueDate > b.issueDate ? 1 : 0));
  const numbers = new Numbers(random);
  const left = { ...EINVOICES };
  let companies = 0;
  const items = drafts.map(({ customer, creditor, brand, issueDate }) => {
    const chosen = customer.kind === "business" && (issueDate >= FIRST_DAY || (companies += 1) % 3 === 0);
    const wanted = chosen && left[creditor] > 0;
    const electronic = wanted ? (left[creditor]-- % 2 === 0 ? "ubl" : "cii") : undefined;
    return itemOf(random, numbers, customer, creditor, electronic, brand, issueDate);
  });
  return returnSome(cross(silence(combine(random, items))));
}
