import { describe, expect, test } from "vitest";
import { confirmedMapping, guessMapping } from "../../src/pure/formats/table/column-mapping.ts";
import { readCsv } from "../../src/pure/formats/table/csv.ts";
import { OPEN_ITEM_FIELDS } from "../../src/pure/formats/table/item-headers.ts";
import { type OpenItem, readOpenItems } from "../../src/pure/formats/table/open-items.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";

const tableOf = (text: string) => expectOk(readCsv(Buffer.from(text)));
const read = (text: string) => {
  const table = tableOf(text);
  return [...readOpenItems(table, guessMapping(table))].map((row) =>
    row.ok ? row.value : `${row.error.code} ${row.error.where}`,
  );
};

const ROW =
  "K-1,consumer,Ada,Beispiel,,Musterweg 1,86150,Augsburg,DE,BY,ada@kunde.example,+49 821 1,de,DE02120300000000202051,nord,RE-0000001,B-9,2026-01-02,2026-01-16,yes,no,purchase,119.00,EUR,14,2% 10";

describe("open items", () => {
  test("the contract's own columns need no mapping", () => {
    const table = tableOf(`${OPEN_ITEM_FIELDS.join(",")}\n${ROW}\n`);
    const mapping = guessMapping(table);
    expect(mapping.missing).toEqual([]);
    expect(mapping.columns.map(({ field, confidence }) => [field, confidence])).toEqual(
      OPEN_ITEM_FIELDS.map((field) => [field, 1]),
    );
    const [item] = [...readOpenItems(table, mapping)].map(expectOk);
    expect(item).toMatchObject({
      line: 2,
      customerNumber: "K-1",
      kind: "consumer",
      firstName: "Ada",
      name: "Beispiel",
      company: null,
      postcode: "86150",
      country: "DE",
      iban: "DE02120300000000202051",
      invoiceNumber: "RE-0000001",
      dueDate: "2026-01-16",
      dueDateAgreed: true,
      notice30Days: false,
      termFromDelivery: 14,
      amount: { minor: 11900n, currency: "EUR" },
      warnings: [],
    }); // prettier-ignore
  });

  test.each<[string, Record<string, string>]>([
    [
      "Kd-Nr.;Name;Rechnungs-Nr.;Rechnungsdatum;Fällig am;Offener Betrag;Währung",
      {
        "Kd-Nr.": "customer_number",
        Name: "name",
        "Rechnungs-Nr.": "invoice_number",
        Rechnungsdatum: "issue_date",
        "Fällig am": "due_date",
        "Offener Betrag": "amount",
        Währung: "currency",
      },
    ],
    [
      "Debitor;Firma;Straße;PLZ;Ort;Belegnummer;Belegdatum;Nettofälligkeit;Rechnungsbetrag;Restbetrag",
      {
        Debitor: "customer_number",
        Firma: "company",
        Straße: "street",
        PLZ: "postcode",
        Ort: "city",
        Belegnummer: "invoice_number",
        Belegdatum: "issue_date",
        Nettofälligkeit: "due_date",
        Restbetrag: "amount",
      },
    ],
    [
      "Customer ID;First Name;Last Name;E-Mail;Invoice No.;Invoice Date;Due Date;Amount Due;Currency",
      {
        "Customer ID": "customer_number",
        "First Name": "first_name",
        "Last Name": "last_name".replace("last_", ""),
        "E-Mail": "email",
        "Invoice No.": "invoice_number",
        "Invoice Date": "issue_date",
        "Due Date": "due_date",
        "Amount Due": "amount",
        Currency: "currency",
      },
    ],
  ])("%s", (header, expected) => {
    const guessed = Object.fromEntries(
      guessMapping(tableOf(`${header}\n`))
        .columns.filter(({ field }) => field !== null)
        .map(({ header, field }) => [header, field]),
    );
    expect(guessed).toEqual(expected);
  }); // prettier-ignore

  test("German files read as they are", () => {
    expect(
      read(
        "Kundennummer;Name;Rechnungsnummer;Fälligkeit;Betrag\n7;Öz;R1;31.01.2026;1.234,50\n7;Öz;R2;28.02.2026;1.000\n",
      ),
    ).toMatchObject([
      { invoiceNumber: "R1", dueDate: "2026-01-31", amount: { minor: 123450n } },
      { invoiceNumber: "R2", dueDate: "2026-02-28", amount: { minor: 100000n } },
    ]);
  });

  test("a bad row has its place and spoils nothing", () => {
    const header = "customer_number,name,invoice_number,due_date,amount,currency,kind";
    expect(
      read(
        [
          header,
          "1,A,R1,2026-01-01,10.00,EUR,",
          ",A,R2,2026-01-01,10.00,EUR,",
          "1,,R3,2026-01-01,10.00,EUR,",
          "1,A,,2026-01-01,10.00,EUR,",
          "1,A,R5,2026-02-30,10.00,EUR,",
          "1,A,R6,2026-01-01,ten,EUR,",
          "1,A,R7,2026-01-01,10.005,EUR,",
          "1,A,R8,2026-01-01,10.00,Euro,",
          "1,A,R9,2026-01-01,10.00,EUR,alien",
          "1,A",
          "1,A,R11,2026-01-01,10.00,EUR,,x",
          "1,A,R12,2026-01-01,10.00,EUR,constructor",
          "1,A,R13,2026-01-01,,EUR,",
          "1,A,R14,2026-01-01,-5.00,,b2b",
          "1,A,R15,2026-01-01,99999999999999999999.00,EUR,",
        ].join("\n"),
      ).map((row) => (typeof row === "string" ? row : row.invoiceNumber)),
    ).toEqual([
      "R1",
      "field_missing 3/1",
      "field_missing 4/2",
      "field_missing 5/3",
      "date_invalid 6/4",
      "amount_invalid 7/5",
      "amount_too_precise 8/5",
      "currency_unknown 9/6",
      "kind_unknown 10/7",
      "columns_differ 11",
      "columns_differ 12",
      "kind_unknown 13/7",
      "field_missing 14/5",
      "R14",
      "amount_too_large 16/5",
    ]); // prettier-ignore
  });

  test("what is wrong beside the claim is left out with a warning", () => {
    const rows = read(
      "customer_number,name,invoice_number,due_date,amount,iban,email,country\n1,A,R1,2026-01-01,1.00,DE00,nobody,Atlantis\n",
    );
    expect(rows).toMatchObject([{ iban: null, email: null, country: null }]);
    expect((rows[0] as OpenItem).warnings.map(({ code, where }) => `${code} ${where}`)).toEqual([
      "country_unknown 2/8",
      "email_invalid 2/7",
      "iban_invalid 2/6",
    ]);
  });

  test("without the needed columns nothing is read", () => {
    expect(read("a;b\n1;2\n")).toEqual(["columns_missing 1"]);
  });

  test("a weak guess is shown, but waits for a person", () => {
    const table = tableOf("Kundennummer;Name;Rechnungsnummer;Geburtstag;Betrag\n1;A;R1;01.02.1980;5,00\n");
    const mapping = guessMapping(table);
    expect(mapping.missing).toEqual(["due_date"]);
    expect(mapping.columns[3]).toMatchObject({ field: "due_date", confidence: 0.2 });
    expect([...readOpenItems(table, mapping)].map((row) => (row.ok ? "read" : row.error.code))).toEqual([
      "columns_missing",
    ]);
    expect(
      [...readOpenItems(table, expectOk(confirmedMapping(table, { columns: { Geburtstag: "due_date" } })))].every(
        (row) => row.ok,
      ),
    ).toBe(true);
  });

  test("a correction wins over the guess", () => {
    const table = tableOf("Nr;Wer;Beleg;Zahlbar bis;Brutto;Offen\n1;A;R1;03/04/2026;1.234;99\n");
    const mapping = expectOk(
      confirmedMapping(table, {
        columns: { Nr: "customer_number", "#2": "name", Brutto: "amount", Offen: null },
        numberStyle: "comma",
        dateStyle: "day_first",
      }),
    );
    expect([...readOpenItems(table, mapping)].map(expectOk)).toMatchObject([
      { customerNumber: "1", name: "A", dueDate: "2026-04-03", amount: { minor: 123400n } },
    ]);
    const unknown = confirmedMapping(table, { columns: { Nirgends: "amount" } });
    expect(unknown.ok ? "taken" : unknown.error.code).toBe("mapping_column_unknown");
  });

  test("a known header over two columns is refused until a person tells them apart by number", () => {
    const table = tableOf(
      "Kundennummer;Name;Rechnungsnummer;Fälligkeit;Betrag;Notiz;Notiz; BETRAG\n1;A;R1;31.01.2026;5,00;x;y;7,00\n",
    );
    expect(confirmedMapping(table, {})).toMatchObject({ ok: false, error: { code: "column_twice", where: "1/8" } });
    // By its name a column can't be told from its twin.
    expect(confirmedMapping(table, { columns: { Betrag: "amount" } })).toMatchObject({ ok: false });
    const openAmount = (columns: Record<string, "amount" | null>) =>
      [...readOpenItems(table, expectOk(confirmedMapping(table, { columns })))].map(expectOk)[0]?.amount.minor;
    expect(openAmount({ "#5": "amount" })).toBe(500n);
    expect(openAmount({ "#8": "amount" })).toBe(700n);
    expect(openAmount({ "#8": null })).toBe(500n);
  });

  test("a currency that ISO 4217 does not know is refused, one that ended lately is read", () => {
    const header = "customer_number,name,invoice_number,due_date,amount,currency";
    expect(read(`${header}\n1,A,R1,2026-01-01,1.00,XYZ\n1,A,R2,2026-01-01,1.00,HRK\n`)).toMatchObject([
      "currency_unknown 2/6",
      { amount: { minor: 100n, currency: "HRK" } },
    ]);
  });
});
