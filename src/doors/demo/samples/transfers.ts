/** What arrives on the creditors' accounts, day by day, with the truth about it. */
import { addDays, formatMinor, EUR, type PlainDate, type Random, weekday } from "../../../pure/kernel/index.ts";
import type { CreditorKey } from "../setting.ts";
import { printedReference } from "./invoices.ts";
import { type SampleItem, STATEMENT_DAYS } from "./items.ts";
import { displayed, germanIban, spelledOut } from "./people.ts";

export interface SampleEntry {
  readonly creditor: CreditorKey;
  readonly on: PlainDate;
  readonly credit: boolean;
  readonly amountMinor: bigint;
  readonly kind: "transfer" | "debit" | "return" | "own";
  readonly name: string;
  readonly iban: string;
  readonly endToEndId?: string;
  readonly mandate?: string;
  readonly structured?: string;
  readonly lines: readonly string[];
  /** Numbers of the invoices it is about; empty for what has nothing to do with them. */
  readonly truth: readonly string[];
}

/** German invoice text as people type it. */
function numberText(random: Random, item: SampleItem): string[] {
  const { number } = item;
  const compact = number.replaceAll("-", "");
  const spaced = number.replaceAll("-", " ");
  const forms: string[][] = [
    [number],
    [`Rechnung ${spaced}`],
    [`RE-NR ${number.replaceAll("-", "/")} VOM ${item.issueDate.slice(8)}.${item.issueDate.slice(5, 7)}.`],
    [`${compact} Kd ${item.customer.number}`],
    [`Zahlung zu ${number.toLowerCase()} vielen Dank`],
    [`RECHNUNGSNUMMER ${number.slice(0, -3)}`, `${number.slice(-3)} DANKE`],
    [`Invoice ${number.replaceAll("-", ".")}`],
  ];
  if (item.orderNumber) forms.push([`Bestellung ${item.orderNumber.replace("-", " ")}`]);
  return forms[random.integer(forms.length)] as string[];
}

/** Two digits swapped, one missing, or one too many. */
function mistyped(random: Random, number: string): string {
  const digits = number.slice(-5);
  const head = number.slice(0, -5);
  const at = 1 + random.integer(3);
  switch (random.integer(3)) {
    case 0:
      return head + digits.slice(0, at) + digits.slice(at + 1);
    case 1:
      return head + digits.slice(0, at) + digits.charAt(at + 1) + digits.charAt(at) + digits.slice(at + 2);
    default:
      return head + digits.slice(0, at) + digits.charAt(at) + digits.slice(at);
  }
}

const OTHER_PAYERS = [
  "Haushaltsgemeinschaft Birkhahn",
  "Renate Ohlenbusch",
  "Dr. Wilfried Kranzhoff",
  "Svenja und Tim Karwehl",
  "M. Adomeit",
  "Betreuungsbüro Sandmann",
  "Helga Zumbrock",
  "Fam. Petersilie",
]; // prettier-ignore

/** Banks write names in capitals, without umlauts, or as they are. */
function bankName(random: Random, name: string): string {
  const plain = spelledOut(name)
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, ""); // prettier-ignore
  const roll = random.next();
  return roll < 0.3 ? plain.toUpperCase() : roll < 0.6 ? plain : name;
}

const amountText = (minor: bigint): string => formatMinor(minor, EUR).replace(".", ",");

function transfersOf(random: Random, item: SampleItem): SampleEntry[] {
  const { customer, creditor, paidOn, amountMinor } = item;
  if (!paidOn) return [];
  const base = {
    creditor,
    on: paidOn,
    credit: true,
    amountMinor,
    kind: "transfer" as const,
    name: bankName(random, displayed(customer)),
    iban: customer.iban,
    truth: [item.number],
  };
  switch (item.behaviour) {
    case "reference":
      return [{ ...base, structured: printedReference(item.number), lines: [] }];
    case "text":
      return [{ ...base, lines: numberText(random, item) }];
    case "account":
      return [{ ...base, lines: ["Danke"] }];
    case "partial":
      return [{ ...base, amountMinor: amountMinor / 2n, lines: [`Teilzahlung ${item.number}`] }];
    case "instalments": {
      const half = amountMinor / 2n;
      const later = addDays(paidOn, 14);
      const last = addDays(STATEMENT_DAYS.at(-1) as PlainDate, -1);
      const second =
        later <= last
          ? [{ ...base, on: later, amountMinor: amountMinor - half, lines: [`2. Rate ${item.number}`] }]
          : [];
      return [{ ...base, amountMinor: half, lines: [`1. Rate ${item.number}`] }, ...second];
    }
    case "over":
      return [{ ...base, amountMinor: amountMinor + 1_000n, lines: [`${item.number} ${amountText(amountMinor)}`] }];
    case "mistyped":
      return [{ ...base, lines: [`Rechnung ${mistyped(random, item.number)}`] }];
    case "other_payer":
      return [
        {
          ...base,
          name: OTHER_PAYERS[random.integer(OTHER_PAYERS.length)] as string,
          iban: germanIban("87654321", String(900_000 + random.integer(90_000))),
          lines: [`${item.number} für ${displayed(customer)}`],
        },
      ];
    case "debit":
    case "debit_returned": {
      const collection = {
        ...base,
        kind: "debit" as const,
        endToEndId: `LS-${item.number}`,
        mandate: `M-${customer.number}`,
        lines: [`Lastschrift ${item.number}`],
      };
      if (item.behaviour === "debit") return [collection];
      let back = addDays(paidOn, 4);
      while (weekday(back) > 5) back = addDays(back, 1);
      return [collection, { ...collection, on: back, credit: false, kind: "return" }];
    }
    default:
      return [];
  }
}

/** One transfer for several invoices of a customer. */
function combinedOf(random: Random, items: readonly SampleItem[]): SampleEntry[] {
  const groups = new Map<string, SampleItem[]>();
  for (const item of items) {
    if (item.behaviour !== "combined") continue;
    const key = `${item.creditor} ${item.customer.number}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as SampleItem;
    return {
      creditor: first.creditor,
      on: first.paidOn as PlainDate,
      credit: true,
      amountMinor: group.reduce((sum, item) => sum + item.amountMinor, 0n),
      kind: "transfer",
      name: bankName(random, displayed(first.customer)),
      iban: first.customer.iban,
      lines: [
        group
          .map(({ number }) => number)
          .join(" + ")
          .slice(0, 140),
      ],
      truth: group.map(({ number }) => number),
    };
  });
}

/** Money that has nothing to do with invoices: [creditor, day, credit, amount, name, text]. */
const OWN: readonly (readonly [CreditorKey, string, boolean, bigint, string, string])[] = [
  ["garden", "2026-10-06", false, 184_000n, "Immobilien Torbogen KG", "Miete Lager Oktober"],
  ["garden", "2026-10-08", true, 351_277n, "Kartendienst Silberfaden GmbH", "Kartenumsaetze 05.10.-07.10."],
  ["garden", "2026-10-13", false, 1_490n, "Musterbank", "Entgeltabschluss September"],
  ["garden", "2026-10-20", true, 2_500n, "Kleingartenverein Morgenrot e. V.", "Danke fuer den schoenen Vortrag"],
  ["garden", "2026-10-22", false, 9_960n, "Saatgut Fruehling OHG", "Rechnung 88231 v. 12.10."],
  ["garden", "2026-10-27", false, 612_040n, "Loehne und Gehaelter", "Sammler Oktober 7 Posten"],
  ["garden", "2026-11-03", false, 184_000n, "Immobilien Torbogen KG", "Miete Lager November"],
  ["garden", "2026-11-05", true, 298_310n, "Kartendienst Silberfaden GmbH", "Kartenumsaetze 02.11.-04.11."],
  ["garden", "2026-11-06", true, 44_012n, "Finanzkasse Quellingen", "Erstattung USt 09/2026"],
  ["utility", "2026-10-07", false, 2_210_044n, "Netz Quellental AG", "Netznutzung September"],
  ["utility", "2026-10-15", true, 12_000n, "Gemeindekasse Quellingen", "Zuschuss Trinkbrunnen"],
  ["utility", "2026-10-23", false, 1_990n, "Musterbank", "Entgeltabschluss September"],
  ["utility", "2026-11-04", true, 3_000n, "Chor der Stadtwerke", "Spende Herbstkonzert"],
  ["utility", "2026-11-09", false, 2_187_300n, "Netz Quellental AG", "Netznutzung Oktober"],
]; // prettier-ignore

/** Every booking in the order of the accounts' days. */
export function makeEntries(random: Random, items: readonly SampleItem[]): SampleEntry[] {
  const entries: SampleEntry[] = items.flatMap((item) => transfersOf(random, item));
  entries.push(...combinedOf(random, items));
  for (const [creditor, on, credit, amountMinor, name, text] of OWN)
    entries.push({
      creditor,
      on: on as PlainDate,
      credit,
      amountMinor,
      kind: "own",
      name,
      iban: germanIban("12345678", String(4_000_000 + Number(amountMinor))),
      lines: [text],
      truth: [],
    });
  return entries
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => (a.entry.on < b.entry.on ? -1 : a.entry.on > b.entry.on ? 1 : a.index - b.index))
    .map(({ entry }) => entry);
}
