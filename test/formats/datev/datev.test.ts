import { describe, expect, test } from "vitest";
import { datevBookings } from "../../../src/pure/formats/datev/bookings.ts";
import { datevCustomers } from "../../../src/pure/formats/datev/customers.ts";
import { type DatevFile, readDatevFile } from "../../../src/pure/formats/datev/file.ts";
import { datevReceivables } from "../../../src/pure/formats/datev/receivables.ts";
import { formatDecimal } from "../../../src/pure/kernel/index.ts";

const HEADER =
  '"EXTF";700;21;"Buchungsstapel";13;20260131120000000;;"RE";"";"";1001;7;20260101;4;20260101;20260228;"Jan";"";1;0;0;"EUR";;"";;;"03";;;"";""';
const COLUMNS =
  "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext;Fälligkeit;Generalumkehr (GU)";
const batch = (...rows: readonly string[]): Buffer => Buffer.from([HEADER, COLUMNS, ...rows].join("\r\n"), "latin1");
const read = (bytes: Uint8Array): DatevFile => {
  const file = readDatevFile(bytes);
  if (!file.ok) throw new Error(`${file.error.code} ${file.error.where}`);
  return file.value;
};
// prettier-ignore
const receivables = (...rows: readonly string[]) => datevReceivables(read(batch(...rows)));

describe("a batch of bookings (Buchungsstapel)", () => {
  test("invoice, payment and Skonto of one item", () => {
    const { items, movements, failed } = receivables(
      '"119,00";"S";"";10001;8400;"";"0501";"RE-1";"150226";"";"Rechnung";;',
      '"116,62";"H";"";10001;1200;"";"2001";"RE-1";"";"";"Zahlung";;',
      '"2,38";"S";"";8736;10001;"";"2001";"RE-1";"";"";"Skonto";;',
      '"50,00";"S";"";1200;8400;"";"2001";"RE-9";"";"";"bar";;',
    );
    expect(failed).toBe(0);
    expect(movements.map(({ kind, amount }) => [kind, formatDecimal(amount)])).toEqual([
      ["invoice", "119.00"],
      ["payment", "-116.62"],
      ["credit", "-2.38"],
    ]);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      customerAccount: "10001",
      invoiceNumber: "RE-1",
      issuedOn: "2026-01-05",
      dueOn: "2026-02-15",
      currency: "EUR",
      bookings: 3,
    });
    expect(formatDecimal(items[0]?.open ?? { digits: 1n, scale: 0 })).toBe("0.00");
  });

  test.each<[string, string, string]>([
    ["debit of the customer", '"10,00";"S";"";10001;8400;"";"0501";"R";"";"";"";;', "10.00"],
    ["credit of the customer", '"10,00";"H";"";10001;8400;"";"0501";"R";"";"";"";;', "-10.00"],
    ["customer as contra account", '"10,00";"H";"";8400;10001;"";"0501";"R";"";"";"";;', "10.00"],
    ["reversal (Generalumkehr) by its column", '"10,00";"S";"";10001;8400;"";"0501";"R";"";"";"";;"1"', "-10.00"],
    ["reversal by its key", '"10,00";"S";"";10001;8400;"20";"0501";"R";"";"";"";;', "-10.00"],
    ["reversal of a credit", '"10,00";"H";"";10001;8400;"";"0501";"R";"";"";"";;"1"', "10.00"],
    ["a negative amount", '"-10,00";"S";"";10001;8400;"";"0501";"R";"";"";"";;', "-10.00"],
    ["thousands", '"1.234,50";"S";"";10001;8400;"";"0501";"R";"";"";"";;', "1234.50"],
    ["leading zeros", '"10,00";"S";"";0010001;0008400;"";"0501";"R";"";"";"";;', "10.00"],
  ])("%s", (_, row, amount) => {
    expect(receivables(row).movements.map((one) => formatDecimal(one.amount))).toEqual([amount]);
  });

  test("a reversal takes the item back to nothing", () => {
    const { items } = receivables(
      '"10,00";"S";"";10001;8400;"";"0501";"R";"";"";"";;',
      '"10,00";"S";"";10001;8400;"";"0601";"R";"";"";"";;"1"',
    );
    expect(items.map(({ open, claimed }) => [formatDecimal(open), formatDecimal(claimed)])).toEqual([["0.00", "0.00"]]);
  });

  test("suppliers and general ledger accounts are no customers", () => {
    expect(receivables('"10,00";"S";"";70001;3400;"";"0501";"R";"";"";"";;').movements).toEqual([]);
  });

  test.each<[string, string | null]>([
    ["0501", "2026-01-05"],
    ["501", "2026-01-05"],
    ["2802", "2026-02-28"],
    ["05012026", "2026-01-05"],
    ["3002", null],
    ["", null],
  ])("day %s is %s", (day, expected) => {
    const [row] = datevBookings(read(batch(`"1,00";"S";"";10001;8400;"";"${day}";"R";"";"";"";;`)));
    expect(row?.booking?.bookedOn).toBe(expected);
    expect(row?.warning?.code ?? null).toBe(expected === null ? "datev_date_invalid" : null);
  });

  test("the due date: its column before Belegfeld 2, and no other number for a day", () => {
    const due = (second: string, column: string): unknown =>
      [...datevBookings(read(batch(`"1,00";"S";"";10001;8400;"";"0501";"R";"${second}";"";"";${column};`)))][0]?.booking
        ?.dueOn;
    expect([due("150226", "20022026"), due("150226", ""), due("AB1226", ""), due("14", "")]).toEqual([
      "2026-02-20",
      "2026-02-15",
      null,
      null,
    ]);
  });

  test("bad rows are told and left out, good ones stay", () => {
    const { movements, warnings, failed, records } = receivables(
      '"abc";"S";"";10001;8400;"";"0501";"R1";"";"";"";;',
      '"1,00";"X";"";10001;8400;"";"0501";"R2";"";"";"";;',
      '"1,00";"S";"";1A;8400;"";"0501";"R3";"";"";"";;',
      '"1,00";"S";"";10001;8400;"";"0501";"R4;"";"";"open;;',
      '"1,00";"S";"";10001;8400;"";"0501";"R5";"";"";"";;',
    );
    expect(movements.map(({ invoiceNumber }) => invoiceNumber)).toContain("R5");
    expect(records).toBe(5);
    expect(failed).toBe(4);
    expect(warnings.map(({ where }) => where?.split(":")[0])).toEqual(expect.arrayContaining(["3", "4", "5", "6"]));
  });

  test("columns by place when their names are unknown", () => {
    const names = Array.from({ length: 14 }, (_, index) => `Spalte ${index}`).join(";");
    const file = read(Buffer.from(`${HEADER}\n${names}\n"5,00";"S";"";;;"";10001;8400;"";0501;"R";"";;"T"\n`));
    expect(datevReceivables(file).items).toMatchObject([{ invoiceNumber: "R", customerAccount: "10001" }]);
  });

  test("longer accounts have longer customers", () => {
    const header = HEADER.replace(";20260101;4;", ";20260101;6;");
    const file = read(Buffer.from(`${header}\n${COLUMNS}\n"5,00";"S";"";1000001;840000;"";0501;"R";"";"";"";;`));
    expect(datevReceivables(file).movements).toMatchObject([{ kind: "invoice", customerAccount: "1000001" }]);
  });
});

describe("first lines", () => {
  test("one field too many is seen", () => {
    const file = read(Buffer.from(`${HEADER.replace(";1001;", ";;1001;")}\n${COLUMNS}\n`));
    expect(file.header).toMatchObject({ consultant: "1001", accountLength: 4, from: "2026-01-01" });
    expect(file.warnings.map(({ code }) => code)).toEqual(["datev_header_shifted"]);
  });
  test.each<[string, string, string]>([
    ["nothing", "", "datev_empty"],
    ["another mark", `"ABCD";700;21\n${COLUMNS}`, "datev_header_invalid"],
    ["words for numbers", `"EXTF";new;21\n${COLUMNS}`, "datev_header_invalid"],
    ["a version of another time", `"EXTF";100;21\n${COLUMNS}`, "datev_version_not_supported"],
    ["no column names", HEADER, "datev_columns_missing"],
    ["zero bytes", `${HEADER}\n${COLUMNS}\n\0\0a\0`, "csv_binary"],
  ])("%s is refused", (_, text, code) => {
    const file = readDatevFile(Buffer.from(text));
    expect(file.ok ? "read" : file.error.code).toBe(code);
  });
  test("version 510 and UTF-8", () => {
    const file = read(Buffer.from(`\uFEFF${HEADER.replace("700", "510")}\n${COLUMNS}\n`));
    expect([file.header.version, file.encoding]).toEqual([510, "utf-8"]);
  });
});

test("customers out of master data (Debitoren), suppliers counted", () => {
  const header =
    '"EXTF";700;16;"Debitoren/Kreditoren";5;20260131120000000;;"RE";"";"";1001;7;20260101;4;;;"";"";;;;"";;"";;;"03";;;"";""';
  const columns =
    "Konto;Name (Adressattyp Unternehmen);Name (Adressattyp natürl. Person);Vorname (Adressattyp natürl. Person);Name (Adressattyp keine Angabe);Adressattyp;EU-Land;EU-UStID;Straße;Postleitzahl;Ort;Land;E-Mail;IBAN-Nr. 1;IBAN-Nr. 2;Kunden-/Lief.-Nr.;Sprache;Fälligkeit in Tagen (Debitor);Skonto in Prozent (Debitor);Insolvent;SEPA-Mandatsreferenz 1;Mahnsperre bis";
  const rows = [
    '10001;"Lager & Söhne GmbH";"";"";"";"2";"DE";"123456789";"Weg 1";"86150";"Augsburg";"DE";"post@lager.example";"DE02 1203 0000 0000 2020 51";"";"K-7";1;14;2,00;0;"M-1";31122026',
    '10002;"";"Beispiel";"Ada";"";"1";"";"";"Gasse 2";"1010";"Wien";"AT";"";"";"";"";5;0;0,00;1;"";',
    '70001;"Lieferant AG";"";"";"";"2";"";"";"";"";"";"";"";"";"";"";1;0;0;0;"";',
    'X;"Niemand";"";"";"";"2";"";"";"";"";"";"";"";"";"";"";1;0;0;0;"";',
  ];
  const file = read(Buffer.from([header, columns, ...rows].join("\r\n"), "latin1"));
  const { customers, suppliers, failed } = datevCustomers(file);
  expect({ suppliers, failed }).toEqual({ suppliers: 1, failed: 1 });
  expect(customers).toMatchObject([
    {
      account: "10001",
      customerNumber: "K-7",
      kind: "company",
      company: "Lager & Söhne GmbH",
      city: "Augsburg",
      vatId: "DE123456789",
      ibans: ["DE02120300000000202051"],
      mandates: ["M-1"],
      dueDays: 14,
      language: "de",
      dunningBlockedUntil: "2026-12-31",
      insolvent: false,
    },
    {
      account: "10002",
      kind: "person",
      firstName: "Ada",
      name: "Beispiel",
      country: "AT",
      language: "en",
      dueDays: null,
      insolvent: true,
    },
  ]); // prettier-ignore
});
