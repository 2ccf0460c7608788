/**
 * Debitoren/Kreditoren (category 16): master data of the customers in it,
 * https://developer.datev.de/de/file-format/details/datev-format/format-description/debitors-creditors.
 */
import { type Decimal, decimal, type PlainDate } from "../../kernel/index.ts";
import type { ReadWarning } from "../bank/statement.ts";
import { compactAccount } from "../code/iban.ts";
import type { CsvRecord } from "../table/csv.ts";
import { datevDay } from "./bookings.ts";
import { columnNamed, type DatevFile } from "./file.ts";
import { isCustomerAccount } from "./receivables.ts";

export interface DatevCustomer {
  readonly line: number;
  readonly account: string;
  /** Kunden-/Lief.-Nr., where the ERP's own number stands. */
  readonly customerNumber: string | null;
  /** Adressattyp 1 is a person, 2 a company; null when the file doesn't say. */
  readonly kind: "person" | "company" | null;
  readonly company: string | null;
  readonly firstName: string | null;
  readonly name: string | null;
  readonly salutation: string | null;
  readonly title: string | null;
  readonly street: string | null;
  readonly postbox: string | null;
  readonly addition: string | null;
  readonly postcode: string | null;
  readonly city: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  /** ISO 639-1, from DATEV's own numbers. */
  readonly language: string | null;
  readonly vatId: string | null;
  /** In order, without spaces; not checked. */
  readonly ibans: readonly string[];
  readonly mandates: readonly string[];
  /** Days until due and discount, when agreed with this customer. */
  readonly dueDays: number | null;
  readonly discountPercent: Decimal | null;
  /** No dunning until this day. */
  readonly dunningBlockedUntil: PlainDate | null;
  readonly insolvent: boolean;
}

export interface DatevCustomers {
  readonly customers: readonly DatevCustomer[];
  /** Rows of suppliers. */
  readonly suppliers: number;
  readonly records: number;
  readonly failed: number;
  readonly warnings: readonly ReadWarning[];
}

/** https://developer.datev.de: 1 German, 4 French, 5 English, 10 Spanish, 19 Italian. */
const LANGUAGES: Readonly<Record<string, string>> = { "1": "de", "4": "fr", "5": "en", "10": "es", "19": "it" };

const NUMBERED = Array.from({ length: 10 }, (_, index) => index + 1);

/** Customers in file order; suppliers are counted, rows without an account number told. */
export function datevCustomers(file: DatevFile): DatevCustomers {
  const at = (...names: readonly string[]): number => columnNamed(file.columns, ...names);
  const account = at("Konto");
  const places = {
    company: at("Name (Adressattyp Unternehmen)", "Name (Adressatentyp Unternehmen)"),
    person: at(
      "Name (Adressattyp natürl. Person)",
      "Name (Adressatentyp natürl. Person)",
      "Name (Adressattyp natuerl. Person)",
    ),
    firstName: at(
      "Vorname (Adressattyp natürl. Person)",
      "Vorname (Adressatentyp natürl. Person)",
      "Vorname (Adressattyp natuerl. Person)",
    ),
    unspecified: at("Name (Adressattyp keine Angabe)", "Name (Adressatentyp keine Angabe)"),
    kind: at("Adressattyp", "Adressatentyp"),
    salutation: at("Anrede"),
    title: at("Titel/Akad. Grad"),
    street: at("Straße", "Strasse"),
    postbox: at("Postfach"),
    addition: at("Adresszusatz", "Adreßzusatz"),
    postcode: at("Postleitzahl"),
    city: at("Ort"),
    country: at("Land"),
    phone: at("Telefon"),
    email: at("E-Mail"),
    language: at("Sprache"),
    vatCountry: at("EU-Land"),
    vat: at("EU-UStID", "EU-UStId", "EU-USt-IdNr."),
    customerNumber: at("Kunden-/Lief.-Nr.", "Kunden-/Lief.-Nr"),
    dueDays: at("Fälligkeit in Tagen (Debitor)", "Faelligkeit in Tagen (Debitor)"),
    discount: at("Skonto in Prozent (Debitor)"),
    blocked: at("Mahnsperre bis"),
    insolvent: at("Insolvent"),
  }; // prettier-ignore
  const ibans = NUMBERED.map((index) => at(`IBAN-Nr. ${index}`, `IBAN ${index}`));
  const mandates = NUMBERED.map((index) => at(`SEPA-Mandatsreferenz ${index}`, `Mandatsreferenz ${index}`));
  const length = file.header.accountLength ?? 4;
  const warnings: ReadWarning[] = [...file.warnings];
  const customers: DatevCustomer[] = [];
  let suppliers = 0;
  let failed = 0;
  const text = (record: CsvRecord, place: number): string | null => record.cells[place]?.trim() || null;
  const all = (record: CsvRecord, wanted: readonly number[]): string[] =>
    wanted.map((place) => text(record, place)).filter((one) => one !== null);
  for (const record of file.records) {
    const number = (account < 0 ? "" : (text(record, account) ?? "")).replace(/^0+(?=\d)/, "");
    if (!/^\d{1,10}$/.test(number)) {
      failed += 1;
      warnings.push({
        code: "datev_account_invalid",
        message: "A row has no account number; it was left out.",
        where: `${record.line}:${Math.max(account, 0) + 1}`,
      });
      continue;
    }
    if (!isCustomerAccount(number, length)) {
      suppliers += 1;
      continue;
    }
    const one = (name: keyof typeof places): string | null => text(record, places[name]);
    const kind = one("kind");
    const vat = one("vat");
    const discount = decimal((one("discount") ?? "").replace(",", "."));
    const days = Number(one("dueDays"));
    customers.push({
      line: record.line,
      account: number,
      customerNumber: one("customerNumber"),
      kind: kind === "1" ? "person" : kind === "2" ? "company" : null,
      company: one("company"),
      firstName: one("firstName"),
      name: one("person") ?? one("unspecified"),
      salutation: one("salutation"),
      title: one("title"),
      street: one("street"),
      postbox: one("postbox"),
      addition: one("addition"),
      postcode: one("postcode"),
      city: one("city"),
      country: /^[A-Z]{2}$/.test(one("country") ?? "") ? one("country") : null,
      phone: one("phone"),
      email: one("email"),
      language: LANGUAGES[one("language") ?? ""] ?? null,
      vatId: vat === null ? null : /^[A-Z]{2}/.test(vat) ? vat : `${one("vatCountry") ?? ""}${vat}`,
      ibans: all(record, ibans).map((iban) => compactAccount(iban) ?? iban),
      mandates: all(record, mandates),
      dueDays: Number.isInteger(days) && days > 0 && days < 1_000 ? days : null,
      discountPercent: discount.ok && discount.value.digits > 0n ? discount.value : null,
      dunningBlockedUntil: datevDay(one("blocked") ?? ""),
      insolvent: one("insolvent") === "1",
    });
  }
  return { customers, suppliers, records: file.records.length, failed, warnings };
}
