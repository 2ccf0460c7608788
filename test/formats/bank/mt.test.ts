import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BankEntry, readStatements, type StatementEvent } from "../../../src/pure/formats/index.ts";
import { formatDecimal } from "../../../src/pure/kernel/index.ts";
import { MT940_CH, MT940_DE, MT940_DK, MT940_NL, MT942 } from "./fixtures.ts";

async function read(text: string | Uint8Array, piece = 1_000_000, format = "MT940"): Promise<StatementEvent[]> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += piece) chunks.push(bytes.subarray(at, at + piece));
  const events: StatementEvent[] = [];
  for await (const event of readStatements({ kind: "statement", syntax: "mt", format }, chunks)) events.push(event);
  return events;
}
const entriesOf = (events: readonly StatementEvent[]): BankEntry[] =>
  events.flatMap((event) => (event.kind === "entry" ? [event.entry] : []));
const first = async (text: string): Promise<BankEntry> => {
  const [entry] = entriesOf(await read(text));
  if (!entry) throw new Error("no entry");
  return entry;
};
const warnings = (events: readonly StatementEvent[]): string[] =>
  events.flatMap((event) => (event.kind === "warning" ? [event.warning.code] : []));
const totals = (events: readonly StatementEvent[]) =>
  events.flatMap((event) =>
    event.kind === "statement_end"
      ? [
          [event.totals.opening, event.totals.closing]
            .map((value) => (value ? formatDecimal(value) : null))
            .concat(String(event.totals.reconciles)),
        ]
      : [],
  );
/** A message with one entry; its end is the test's affair. */
const line = (written: string, details = "-"): string =>
  `:20:A\r\n:25:DE02120300000000202051\r\n:60F:C251231EUR0,\r\n:61:${written}\r\n${details}`;

describe("the mark and what stands around it", () => {
  test.each<[string, string, boolean, boolean, string, string | null, string | null]>([
    ["a credit", "2601020102C12,50NTRFREF", true, false, "12.50", "2026-01-02", "2026-01-02"],
    ["a debit", "2601020102D12,50NTRFREF", false, false, "12.50", "2026-01-02", "2026-01-02"],
    ["a reversed credit takes away", "2601020102RC12,50NTRFREF", false, true, "12.50", "2026-01-02", "2026-01-02"],
    ["a reversed debit brings back", "2601020102RD12,50NTRFREF", true, true, "12.50", "2026-01-02", "2026-01-02"],
    ["funds code R of a debit", "2601020102DR52,58NTRFREF", false, false, "52.58", "2026-01-02", "2026-01-02"],
    ["funds code R of a credit", "2601020102CR52,58NTRFREF", true, false, "52.58", "2026-01-02", "2026-01-02"],
    ["funds code behind a reversal", "2601020102RCR52,58NTRFREF", false, true, "52.58", "2026-01-02", "2026-01-02"],
    ["funds code K", "2601020102DK52,58NTRFREF", false, false, "52.58", "2026-01-02", "2026-01-02"],
    ["no entry date", "260102D20,NCMZNOREF", false, false, "20.00", "2026-01-02", "2026-01-02"],
    ["value before New Year", "2512310102C1,NTRF", true, false, "1.00", "2026-01-02", "2025-12-31"],
    ["value after New Year", "2601021231C1,NTRF", true, false, "1.00", "2025-12-31", "2026-01-02"],
    ["30 February", "2602300301C1,NTRF", true, false, "1.00", "2026-03-01", "2026-02-28"],
    ["30 February of a leap year", "2402300301C1,NTRF", true, false, "1.00", "2024-03-01", "2024-02-29"],
    ["a null date", "0000000102C1,NTRF", true, false, "1.00", "2025-01-02", "2025-01-02"],
    ["many zeros", "2601020102C000000000012,5NTRF", true, false, "12.50", "2026-01-02", "2026-01-02"],
    ["years of four digits", "202601020102C1,NTRF", true, false, "1.00", "2026-01-02", "2026-01-02"],
    ["a year of four digits", "20260102C1,NTRF", true, false, "1.00", "2026-01-02", "2026-01-02"],
    ["zero", "2601020102C0,00NTRF", true, false, "0.00", "2026-01-02", "2026-01-02"],
    ["a point", "2601020102C12.5NTRF", true, false, "12.50", "2026-01-02", "2026-01-02"],
    ["five decimals", "2601020102C12,12345NTRF", true, false, "12.12345", "2026-01-02", "2026-01-02"],
    ["points between thousands", "2601020102C1.234,56NTRF", true, false, "1234.56", "2026-01-02", "2026-01-02"],
    ["cut behind the mark", "2601020102CR\r\n12,50NTRFREF", true, false, "12.50", "2026-01-02", "2026-01-02"],
  ])("%s", async (_, written, credit, reversal, amount, bookedOn, valueOn) => {
    const entry = await first(line(written));
    expect({ ...entry, amount: formatDecimal(entry.amount) }).toMatchObject({
      credit,
      reversal,
      amount,
      bookedOn,
      valueOn,
    });
  });

  test("references", async () => {
    const entry = await first(line("2601020102C1,NTRFRE-0000001//BANK-7\r\nfurther"));
    expect(entry).toMatchObject({ reference: "RE-0000001", bankReference: "BANK-7" });
    expect(entry.transactions[0]?.additionalText).toBe("further");
    expect((await first(line("2601020102C1,NTRFNONREF"))).reference).toBeNull();
  });

  test("what can't be read is refused with its line", async () => {
    expect((await read(line("2601020102X12,50NTRF"))).at(-1)).toMatchObject({
      kind: "failed",
      error: { code: "mt_entry_invalid", where: "4:1" },
    });
  });
});

describe("statements of a region", () => {
  test("German: tags broken over lines, a return, interim balances", async () => {
    const events = await read(MT940_DE);
    const [credit, debit, reversal, nothing] = entriesOf(events);
    expect(credit?.transactions[0]).toMatchObject({
      endToEndId: "RE-0000001-2026-ABCDEFGH",
      instructionId: null,
      remittance: ["Rechnung RE-0000001 vom 02.01.2026 Danke"],
      payer: { name: "Ada Beispiel-Musterfrau von Augsburg", iban: "DE89370400440532013000", bic: "BYLADEM1001" },
    });
    expect(credit?.code.proprietary).toBe("NTRF+166");
    expect(debit?.transactions[0]).toMatchObject({
      endToEndId: "E-2",
      mandateId: "MND-4",
      payer: { name: "Bo Beispiel", iban: "DE02120300000000202051" },
      returned: { code: "MD06" },
      instructed: { amount: { digits: 5000n, scale: 2 }, currency: "EUR" },
    });
    expect(debit?.charges).toEqual([{ amount: { digits: 750n, scale: 2 }, currency: "EUR", credit: false }]);
    expect(reversal).toMatchObject({ credit: false, reversal: true, valueOn: "2025-12-30", bookedOn: "2026-01-02" });
    expect(nothing).toMatchObject({ valueOn: "2026-02-28", transactions: [] });
    expect(totals(events)).toEqual([
      ["1000.00", "1061.50", "true"],
      ["1061.50", "1000.00", "true"],
    ]); // prettier-ignore
    expect(warnings(events)).toEqual([]);
  });
  test("Dutch: words between slashes, envelope, account with currency", async () => {
    const events = await read(MT940_NL);
    const [counterparty, transfer, structured] = entriesOf(events).map((entry) => entry.transactions[0]);
    expect(counterparty).toMatchObject({
      endToEndId: "E2E-7",
      remittance: ["Factuur RE-0000002"],
      purpose: "OTHR",
      payer: { name: "B Voorbeeld", iban: "NL20INGB0001234567", bic: "INGBNL2A", city: "UTRECHT" },
    });
    expect(transfer).toMatchObject({ endToEndId: null, remittance: ["RE-0000003"], payer: { name: "B VOORBEELD" } });
    expect(structured).toMatchObject({
      creditorReferences: ["9001123412341234"],
      payer: { name: "C Voorbeeld", iban: "NL20INGB0001234567" },
    });
    const statement = events.find((event) => event.kind === "statement")?.statement;
    expect(statement?.account).toMatchObject({ iban: "NL91ABNA0417164300", other: null });
    expect(totals(events)).toEqual([["500.00", "547.50", "true"]]);
  });
  test("Nordic: text in front, entries without details", async () => {
    const events = await read(MT940_DK);
    expect(entriesOf(events).map(({ transactions }) => transactions.map(({ remittance }) => remittance))).toEqual([
      [["DB faktura 1234567", "Testkunde"]],
      [],
    ]);
    expect(totals(events)).toEqual([["100.00", "2050.00", "true"]]);
    expect(events.find((event) => event.kind === "statement")?.statement.account).toMatchObject({
      iban: null,
      other: "DABADKKK/0000000001",
    });
  });
  test("Swiss", async () => {
    const [entry] = entriesOf(await read(MT940_CH));
    expect(entry?.transactions[0]?.remittance).toEqual(["210000000003139471430009017", "Robert Beispiel, 2501 Biel"]);
  });
  test("MT942: expected entries are not booked", async () => {
    const events = await read(MT942, 1_000_000, "MT942");
    expect(entriesOf(events).map(({ credit, status, reversal }) => [credit, status, reversal])).toEqual([
      [true, "pending", false],
      [true, "none", true],
    ]);
    expect(events.find((event) => event.kind === "statement")?.statement).toMatchObject({
      createdAt: "2026-01-02T10:30:00+01:00",
      currency: "EUR",
    });
    expect(warnings(events)).toEqual([]);
  });
});

describe("what files do to the standard", () => {
  test.each([MT940_DE, MT940_NL, MT940_DK, MT940_CH])("other line ends change nothing (%#)", async (text) => {
    const wanted = await read(text);
    for (const end of ["\n", "\r", "\r\r\n"]) {
      const events = await read(text.replaceAll("\r\n", end));
      expect(totals(events)).toEqual(totals(wanted));
      expect(entriesOf(events).map((entry) => ({ ...entry, line: 0 }))).toEqual(
        entriesOf(wanted).map((entry) => ({ ...entry, line: 0 })),
      );
    }
  });
  test("lost line ends between fields", async () => {
    const text = MT940_DE.replace(/\r\n(?=:)/g, "");
    expect(totals(await read(text))).toEqual(totals(await read(MT940_DE)));
    expect(entriesOf(await read(text))[0]?.transactions).toEqual(entriesOf(await read(MT940_DE))[0]?.transactions);
  });
  test("chunks are cut anywhere", async () => {
    const wanted = await read(MT940_DE);
    for (const piece of [1, 2, 3, 7]) expect(await read(MT940_DE, piece)).toEqual(wanted);
  });
  test("Windows-1252 and UTF-16", async () => {
    const text = MT940_DE.replace("Ada", "Käthe");
    const name = "Käthe Beispiel-Musterfrau von Augsburg";
    const windows = await read(Buffer.from(text, "latin1"));
    expect(entriesOf(windows)[0]?.transactions[0]?.payer.name).toBe(name);
    expect(warnings(windows)).toEqual(["encoding_mixed"]);
    const wide = await read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]));
    expect(entriesOf(wide)[0]?.transactions[0]?.payer.name).toBe(name);
  });
  test("German letters of DOS", async () => {
    const text = line("2601020102C1,NTRF", ":86:166?20Gr|`e M~ller, Stra`e?32M^LLER?33@ZDEMIR\r\n:62F:C260102EUR1,");
    const bytes: Readonly<Record<string, number>> = { "~": 0x81, "|": 0x94, "`": 0xe1, "^": 0x9a, "@": 0x99 };
    const dos = Buffer.from([...text].map((letter) => bytes[letter] ?? letter.charCodeAt(0)));
    const [entry] = entriesOf(await read(dos));
    expect(entry?.transactions[0]).toMatchObject({
      remittance: ["Größe Müller, Straße"],
      payer: { name: "MÜLLER ÖZDEMIR" },
    });
  });
  test("further balances without a new message go on with its account", async () => {
    const text = `${line("2601020102C1,NTRF", ":62M:C260102EUR1,")}\r\n:60M:C20260102EUR1,\r\n:61:2601020102C2,NTRF\r\n:62F:C20260102EUR3,\r\n`;
    const events = await read(text);
    expect(totals(events)).toEqual([
      ["0.00", "1.00", "true"],
      ["1.00", "3.00", "true"],
    ]); // prettier-ignore
    const ends = events.flatMap((event) => (event.kind === "statement_end" ? [event.statement.account.iban] : []));
    expect(ends).toEqual(["DE02120300000000202051", "DE02120300000000202051"]);
  });
  test("text with a sign behind digits is text", async () => {
    const entry = await first(line("2601020102C1,NTRF", ":86:100+20 Stück, RE-0000007\r\n:62F:C260102EUR1,"));
    expect(entry.transactions[0]?.remittance).toEqual(["100+20 Stück, RE-0000007"]);
  });
  test("a time of day cut in two is no field", async () => {
    const entry = await first(
      line("2601020102D1,NTRF", ":86:805?20Pauschalen?212017-01-01T13\r\n:20:11\r\n:62F:C260102EUR1,"),
    );
    expect(entry.transactions[0]?.remittance.join(" ")).toContain("T13:20:11");
  });
  test("a line that starts with a dash goes on, one that is a dash ends", async () => {
    const events = await read(
      line("2601020102D1,NTRF", ":86:Zahlung\r\n- zwei -\r\n-\r\nMuell\r\n:62F:D260102EUR1,\r\n-"),
    );
    expect(entriesOf(events)[0]?.transactions[0]?.remittance).toEqual(["Zahlung", "- zwei -"]);
    expect(totals(events)).toEqual([["0.00", "-1.00", "true"]]);
  });
  test("balances that don't add up, and a missing one behind the message's end, are told", async () => {
    const told = async (rest: string): Promise<string[]> => warnings(await read(line("2601020102C1,NTRF", rest)));
    expect(await told("-")).toEqual(["closing_balance_missing"]);
    expect(await told(":62F:C260102EUR2,")).toEqual(["statement_does_not_reconcile"]);
    expect(await told(":62F:C2601021,\r\n-")).toEqual(["balance_invalid", "closing_balance_missing"]);
  });
  test.each(["", ":86:166?20SVWZ+halb", ":62F:C26", ":62F:C260102EUR"])(
    "cut off at %s: refused with the place",
    async (rest) => {
      expect((await read(line("2601020102C1,NTRF", rest))).at(-1)).toMatchObject({
        kind: "failed",
        error: { code: "mt_cut_off", where: rest === "" ? "4:1" : "5:1" },
      });
    },
  );
  test("a line of many megabytes is refused with its place, before it is read to its end", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(line("2601020102C1,NTRF", ":86:"));
      for (let mebibytes = 0; mebibytes < 4_096; mebibytes += 1) yield Buffer.alloc(1_048_576, 0x41);
    }
    const events: StatementEvent[] = [];
    for await (const event of readStatements({ kind: "statement", syntax: "mt", format: "MT940" }, endless()))
      events.push(event);
    expect(events.at(-1)).toMatchObject({ kind: "failed", error: { code: "line_too_long", where: "5:1" } });
  });
});

test("what is written comes back: parties, references and text, however the subfields are cut", async () => {
  const word = fc.stringMatching(/^[A-Za-z0-9.]{1,12}$/);
  const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[A-Z0-9-]{1,35}$/),
      fc.array(word, { minLength: 1, maxLength: 14 }),
      name,
      fc.boolean(),
      async (reference, words, payer, trimmed) => {
        const text = words.join(" ");
        // Banks cut spaces off at the end of a subfield.
        const pieces = [`EREF+${reference}`, `SVWZ+${text}`]
          .flatMap((part) => part.match(/.{1,27}/g) ?? [])
          .map((piece) => (trimmed ? piece.trimEnd() : piece));
        fc.pre(pieces.length <= 14 && !/\b(EREF|KREF|MREF|CRED)\+/.test(text) && payer.length <= 54);
        const keys = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 60, 61, 62, 63];
        const field = `166?00GUTSCHRIFT${pieces.map((piece, index) => `?${keys[index]}${piece}`).join("")}?31DE89370400440532013000?32${payer.slice(0, 27)}${payer.length > 27 ? `?33${payer.slice(27)}` : ""}`;
        const entry = await first(
          line("2601020102C1,NTRFNONREF", `:86:${(field.match(/.{1,65}/g) ?? []).join("\r\n")}\r\n-`),
        );
        const [transaction] = entry.transactions;
        expect(transaction?.endToEndId).toBe(/^(NOTPROVIDED|NONREF)$/.test(reference) ? null : reference);
        expect(transaction?.remittance.join(" ")).toBe(text);
        expect(transaction?.payer.name).toBe(payer);
      },
    ),
    { numRuns: process.env["KULANZ_SOAK"] ? 20_000 : 300, seed: 7 },
  );
});
