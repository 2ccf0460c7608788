/** People who ordered a second time as guests, and so stand in the books twice; and one who shares a home with a customer. */
import { addDays, type PlainDate } from "../../../pure/kernel/index.ts";
import type { SampleItem } from "./items.ts";
import { germanIban, type SampleCustomer, spelledOut } from "./people.ts";

const ISSUED = "2026-10-14" as PlainDate;
const ARRIVES = "2026-10-19" as PlainDate;

type Change = (customer: SampleCustomer) => Partial<SampleCustomer>;

const shortStreet = (street: string): string => street.replace("straße", "str.").replace("Straße", "Str.");

/** How the second file differs from the first. */
const CHANGES: readonly Change[] = [
  ({ street }) => ({ street: shortStreet(street) }),
  ({ name = "", street }) => ({ name: spelledOut(name), street: spelledOut(street), email: "bestellung@post.example" }),
  ({ firstName = "" }) => ({ firstName: `${firstName.charAt(0)}.` }),
  // Another person behind the same door: no duplicate.
  () => ({ firstName: "Friederike", email: "friederike@zuhause.example" }),
];

/** The first customers with mailbox and telephone whose street shows a difference, one for each change. */
export function makeGuests(customers: readonly SampleCustomer[]): SampleCustomer[] {
  return customers
    .filter(
      ({ kind, creditors, email, phone, street, language }) =>
        kind === "consumer" &&
        language === "de" &&
        creditors.length === 1 &&
        creditors[0] === "garden" &&
        email !== undefined &&
        phone !== undefined &&
        /stra(ß|ss)e/i.test(street),
    ) // prettier-ignore
    .slice(0, CHANGES.length)
    .map((customer, index) => ({
      ...customer,
      ...CHANGES[index]?.(customer),
      number: `G-${70_011 + index * 7}`,
      iban: germanIban("87654321", String(9_100_000 + index)),
      ibanKnown: false,
    }));
}

/** One order each, not paid in the six weeks. */
export const guestItems = (guests: readonly SampleCustomer[]): SampleItem[] =>
  guests.map((customer, index) => ({
    customer,
    creditor: "garden",
    brand: "WURZELFROH",
    number: `WF-2026-${String(9_104 + index * 11).padStart(5, "0")}`,
    orderNumber: `B-${4_190_015 + index * 37}`,
    issueDate: ISSUED,
    dueDate: addDays(ISSUED, 14),
    amountMinor: BigInt(2_490 + index * 1_300),
    via: "csv",
    arrivesOn: ARRIVES,
    behaviour: "never",
  }));
