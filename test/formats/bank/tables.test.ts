import { describe, expect, test } from "vitest";
import {
  type BankEntry,
  detectFormat,
  type PaymentStatus,
  readPaymentStatus,
  readStatements,
  type StatementEvent,
} from "../../../src/pure/formats/index.ts";
import { formatDecimal } from "../../../src/pure/kernel/index.ts";
import { CSV_DE, CSV_EN, CSV_NL, CSV_SH, OFX_SGML, OFX_XML, PAIN_002 } from "./fixtures.ts";

async function read(text: string | Uint8Array, piece = 1_000_000): Promise<StatementEvent[]> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const detected = detectFormat(bytes, true);
  if (!detected.ok || detected.value.kind !== "statement") throw new Error("not a statement");
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += piece) chunks.push(bytes.subarray(at, at + piece));
  const events: StatementEvent[] = [];
  for await (const event of readStatements(detected.value, chunks)) events.push(event);
  return events;
}
const entriesOf = (events: readonly StatementEvent[]): BankEntry[] =>
  events.flatMap((event) => (event.kind === "entry" ? [event.entry] : []));
const signed = (events: readonly StatementEvent[]): string[] =>
  entriesOf(events).map(({ amount, credit }) => `${credit ? "" : "-"}${formatDecimal(amount)}`);
const ends = (events: readonly StatementEvent[]) =>
  events.flatMap((event) => {
    if (event.kind !== "statement_end") return [];
    const { opening, closing, reconciles } = event.totals;
    const { iban, other } = event.statement.account;
    const shown = (value: typeof opening): string | null => (value ? formatDecimal(value) : null);
    return [[iban ?? other, event.totals.currency, shown(opening), shown(closing), reconciles]];
  });

describe("OFX", () => {
  test("SGML without end tags", async () => {
    const events = await read(OFX_SGML);
    expect(signed(events)).toEqual(["119.00", "-7.50"]);
    expect(ends(events)).toEqual([["DE02120300000000202051", "EUR", null, "111.50", null]]);
    expect(entriesOf(events)[0]).toMatchObject({
      bookedOn: "2026-01-02",
      bankReference: "1",
      transactions: [{ endToEndId: "E-1", remittance: ["Rechnung RE-0000001"], payer: { name: "Ada & Bo Beispiel" } }],
    }); // prettier-ignore
    for (const piece of [1, 5]) expect(await read(OFX_SGML, piece)).toEqual(events);
  });
  test("XML, several statements, character data", async () => {
    const events = await read(OFX_XML, 3);
    expect(ends(events)).toEqual([
      ["100", "EUR", null, "-2.00", null],
      ["4", "USD", null, null, null],
    ]); // prettier-ignore
    expect(entriesOf(events)[0]?.transactions[0]).toMatchObject({
      remittance: ["RE-7 <bald>"],
      payer: { name: "Cem Beispiel", city: "Ulm" },
    });
  });
  test.each<[string, string, string]>([
    ["cut off", OFX_SGML.slice(0, -40), "ofx_truncated"],
    ["an amount that is none", OFX_SGML.replace("119,00", "viel"), "ofx_amount_invalid"],
    [
      "an answer without statement",
      "<OFX><BANKMSGSRSV1><STMTTRNRS><STATUS><CODE>2000</STATUS></STMTTRNRS></BANKMSGSRSV1></OFX>",
      "ofx_no_statement",
    ], // prettier-ignore
    ["a text without end", `<OFX><MEMO>${"x".repeat(1_200_000)}`, "ofx_piece_too_long"],
  ])("refuses %s", async (_, text, code) => {
    expect((await read(text)).at(-1)).toMatchObject({
      kind: "failed",
      error: { code, where: expect.stringMatching(/^\d+:1$/) },
    }); // prettier-ignore
  });
});

describe("bank tables", () => {
  test("German: text in front, running balance, newest first, a returned debit", async () => {
    const events = await read(CSV_DE);
    expect(signed(events)).toEqual(["-57.50", "1119.00"]);
    expect(ends(events)).toEqual([["DE02120300000000202051", "EUR", "0.00", "1061.50", true]]);
    expect(entriesOf(events)[0]?.transactions[0]).toMatchObject({
      endToEndId: "E-2",
      returned: { code: "AC04" },
      payer: { name: "Bo Beispiel", iban: "DE89370400440532013000" },
    });
    const windows = await read(Buffer.from(CSV_DE, "latin1"));
    expect(entriesOf(windows)[1]?.transactions[0]?.payer.name).toBe("Müller & Söhne");
  });
  test("two columns of one name that may both be the amount are refused; other names may repeat", async () => {
    const table = (last: string) =>
      `Buchungstag;Verwendungszweck;Betrag;Währung;${last};Währung\n05.01.2026;Rechnung 1;119,00;EUR;7,00;EUR\n`;
    expect(signed(await read(table("Saldo")))).toEqual(["119.00"]);
    expect((await read(table(" BETRAG"))).at(-1)).toMatchObject({
      kind: "failed",
      error: { code: "column_twice", where: "1:5" },
    });
  });
  test("Dutch: a column that says in or out", async () => {
    const events = await read(CSV_NL);
    expect(signed(events)).toEqual(["25.00", "-1.50"]);
    expect(ends(events)).toEqual([["NL91ABNA0417164300", "EUR", null, null, null]]);
  });
  test("English: one column a direction", async () => {
    const events = await read(CSV_EN);
    expect(signed(events)).toEqual(["100.00", "-5.00"]);
    expect(ends(events)).toEqual([[null, null, "250.00", "345.00", true]]);
  });
  test("marks S and H in a column without header", async () => {
    expect(signed(await read(CSV_SH))).toEqual(["1234.56", "-4.56"]);
  });
  test.each<[string, string, string[]]>([
    ["marks behind the amount", "Datum;Text;Betrag\n02.01.2026;a;12,50 S\n03.01.2026;b;1,00 H\n", ["-12.50", "1.00"]],
    ["plus and minus behind", "Datum;Text;Betrag\n02.01.2026;a;12,50-\n03.01.2026;b;1,00+\n", ["-12.50", "1.00"]],
    [
      "a debit column with minus",
      "Buchungsdatum;Text;Soll;Haben\n02.01.2026;a;-12,50;\n03.01.2026;b;;1,00\n",
      ["-12.50", "1.00"],
    ], // prettier-ignore
    [
      "a debit column without",
      "Buchungsdatum;Text;Soll;Haben\n02.01.2026;a;12,50;\n03.01.2026;b;;1,00\n",
      ["-12.50", "1.00"],
    ], // prettier-ignore
    ["days that only the header's language tells", "Datum;Text;Betrag\n02/01/2026;a;-12,50\n", ["-12.50"]],
    ["French", "Date;Libellé;Montant\n02/01/2026;a;-12,50\n31/01/2026;b;1,00\n", ["-12.50", "1.00"]],
    [
      "indicators",
      "Booking Date,Description,Amount,Credit Debit Indicator\n2026-01-02,a,12.50,DBIT\n2026-01-03,b,1.00,CRDT\n",
      ["-12.50", "1.00"],
    ], // prettier-ignore
    ["sums below", "Datum;Text;Betrag\n02.01.2026;a;-12,50\nKontostand;;1.000,00\n", ["-12.50"]],
    ["tabs", "Date\tDescription\tAmount\n2026-01-02\ta\t-12.50\n", ["-12.50"]],
  ])("%s", async (_, text, wanted) => expect(signed(await read(text))).toEqual(wanted));

  test("pending rows are not booked; several currencies are several statements", async () => {
    const events = await read(
      "Datum;Text;Betrag;Währung;Info\n02.01.2026;a;1,00;EUR;Umsatz gebucht\n03.01.2026;b;2,00;USD;Umsatz vorgemerkt\n",
    ); // prettier-ignore
    expect(ends(events).map(([, currency]) => currency)).toEqual(["EUR", "USD"]);
    expect(entriesOf(events).map(({ status }) => status)).toEqual(["none", "pending"]);
  });
  test.each<[string, string]>([
    ["02/01/2026;a;1,00", "bank_csv_date_ambiguous"],
    ["02.01.2026;a;viel1", "bank_csv_row_invalid"],
    ["2.1.;a;1,00", "bank_csv_row_invalid"],
  ])("refuses %s with its line", async (row, code) => {
    const start = row.startsWith("02/") ? "Date;Text;Amount\n" : "Datum;Text;Betrag\n01.01.2026;x;1,00\n";
    expect((await read(`${start}${row}\n`)).at(-1)).toMatchObject({
      kind: "failed",
      error: { code, where: expect.stringMatching(/^[23]:1$/) },
    }); // prettier-ignore
  });
  test.each([
    "Kundennummer;Name;Rechnung;Datum;Betrag\n1;A;R1;01.01.2026;1,00\n",
    "customer_number,name,invoice_number,due_date,amount\n1,A,R1,2026-01-01,10.00\n",
    "Datum;Brutto;Gebühr;Netto;Text\n01.01.2026;1,00;0,10;0,90;x\n",
    "TransactionId,CardId,Date,Amount,Currency,MerchantName\n1,2,2026-01-01,5.00,CHF,Laden\n",
    "a;b;c\n1;2;3\n",
  ])("is no bank statement: %s", (text) => {
    const detected = detectFormat(Buffer.from(text), true);
    expect(detected.ok && detected.value.kind).not.toBe("statement");
  });
});

describe("payment status", () => {
  test("reasons, references and amounts; nothing is an entry", async () => {
    const statuses: PaymentStatus[] = [];
    const kinds: string[] = [];
    const bytes = Buffer.from(PAIN_002);
    const chunks = [...bytes].map((_, index) => bytes.subarray(index, index + 1));
    for await (const event of readPaymentStatus(chunks)) {
      kinds.push(event.kind);
      if (event.kind === "status") statuses.push(event.status);
    }
    expect(kinds).toEqual(["format", "status", "status", "status", "status", "end"]);
    expect(statuses.map(({ level, status }) => [level, status])).toEqual([
      ["file", "PART"],
      ["batch", "PART"],
      ["payment", "RJCT"],
      ["payment", "ACSC"],
    ]);
    expect(statuses[2]).toMatchObject({
      reasons: [{ code: "AC04", text: "Konto aufgelöst" }],
      originalMessageId: "M-1",
      originalMessageName: "pain.008.001.08",
      originalBatchId: "P-1",
      endToEndId: "E-9",
      mandateId: "MND-4",
      amount: { amount: { digits: 5000n, scale: 2 }, currency: "EUR" },
      requestedOn: "2026-01-05",
      remittance: ["RE-9"],
      payer: { name: "Bo Beispiel", iban: "DE89370400440532013000" },
    });
    expect(statuses[3]).toMatchObject({ endToEndId: null, reasons: [] });
  });
});
