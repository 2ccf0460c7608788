/** Open items as the two creditors' programs write them. */
import { formatMinor, EUR, type PlainDate } from "../../../pure/kernel/index.ts";
import { OPEN_ITEM_FIELDS, type OpenItemField } from "../../../pure/formats/index.ts";
import type { SampleItem } from "./items.ts";
import { latin } from "./people.ts";

const cell = (text: string, delimiter: string): string =>
  text.includes(delimiter) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text;
const rows = (lines: readonly (readonly string[])[], delimiter: string, end: string): string =>
  lines.map((line) => `${line.map((text) => cell(text, delimiter)).join(delimiter)}${end}`).join("");

/** Columns the shop's program does not know. */
const NOT_WRITTEN: ReadonlySet<OpenItemField> = new Set(["term_from_delivery", "discount_terms"]);

/** The garden shop: the column names that need no mapping, UTF-8, commas. */
export function gardenTable(items: readonly SampleItem[]): Buffer {
  const lines = items.map(({ customer, ...item }) => [
    customer.number,
    customer.kind,
    customer.firstName ?? "",
    customer.name ?? "",
    customer.company ?? "",
    customer.street,
    customer.postcode,
    customer.city,
    "DE",
    customer.state,
    customer.email ?? "",
    customer.phone ?? "",
    customer.language,
    customer.ibanKnown ? customer.iban : "",
    item.brand,
    item.number,
    item.orderNumber ?? "",
    item.issueDate,
    item.dueDate,
    "no",
    customer.kind === "consumer" ? "yes" : "no",
    "sale",
    formatMinor(item.amountMinor, EUR),
    "EUR",
  ]); // prettier-ignore
  return Buffer.from(rows([OPEN_ITEM_FIELDS.filter((field) => !NOT_WRITTEN.has(field)), ...lines], ",", "\n"), "utf8");
}

const GERMAN_COLUMNS = [
  "Kundennr.",
  "Kundenart",
  "Vorname",
  "Nachname",
  "Firma",
  "Straße",
  "PLZ",
  "Ort",
  "Bundesland",
  "E-Mail",
  "Telefon",
  "Bankverbindung",
  "Rechnungsnr.",
  "Rechnungsdatum",
  "Fällig am",
  "Offener Betrag",
  "Währung",
  "Sachbearbeiter",
]; // prettier-ignore

const germanDate = (day: PlainDate): string => `${day.slice(8)}.${day.slice(5, 7)}.${day.slice(0, 4)}`;
const germanAmount = (minor: bigint): string => {
  const [whole = "", cents = ""] = formatMinor(minor, EUR).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ".")},${cents}`;
};

/** The utility: German headers and notation, semicolons, ISO 8859-1, a column that means nothing to us. */
export function utilityTable(items: readonly SampleItem[]): Buffer {
  const lines = items.map(({ customer, ...item }) => [
    customer.number,
    customer.kind === "business" ? "Gewerbe" : "Privat",
    customer.firstName ?? "",
    customer.name ?? "",
    customer.company ?? "",
    customer.street,
    customer.postcode,
    customer.city,
    customer.state,
    customer.email ?? "",
    customer.phone ?? "",
    customer.ibanKnown ? customer.iban : "",
    item.number,
    germanDate(item.issueDate),
    germanDate(item.dueDate),
    germanAmount(item.amountMinor),
    "EUR",
    "bm",
  ]); // prettier-ignore
  return Buffer.from(latin(rows([GERMAN_COLUMNS, ...lines], ";", "\r\n")), "latin1");
}
