import { describe, expect, test } from "vitest";
import { CAMT_LIMITS, CamtReader, type CamtOptions, readCamt } from "../../src/pure/formats/bank/camt.ts";
import type { BankEntry, StatementEvent } from "../../src/pure/formats/bank/statement.ts";
import { detectFormat } from "../../src/pure/formats/index.ts";
import { CAMT } from "./fixtures.ts";

const eventsOf = (bytes: Uint8Array, step = 4096, options: CamtOptions = {}): StatementEvent[] => {
  const reader = new CamtReader(options);
  const events: StatementEvent[] = [];
  for (let at = 0; at < bytes.length; at += step) events.push(...reader.write(bytes.subarray(at, at + step)));
  return [...events, ...reader.end()];
};
const entriesOf = (events: StatementEvent[]): BankEntry[] =>
  events.filter((event) => event.kind === "entry").map((event) => event.entry);
const outcome = (events: StatementEvent[]): string => {
  const last = events.at(-1);
  return last?.kind === "failed" ? `${last.error.code} ${last.error.where}` : String(last?.kind);
};
const utf8 = (text: string) => Buffer.from(text);

describe("camt", () => {
  test("an amount with a minus sign is kept as written, and said", () => {
    const warnings = (text: string) =>
      eventsOf(utf8(text)).flatMap((event) => (event.kind === "warning" ? [event.warning] : []));
    const signed = CAMT.replace(">119.00<", ">-119.00<");
    expect(entriesOf(eventsOf(utf8(signed)))[0]).toMatchObject({ amount: { digits: -11900n }, credit: true });
    expect(warnings(signed)).toContainEqual(expect.objectContaining({ code: "negative_amount", where: "8:42" }));
    expect(warnings(CAMT).map(({ code }) => code)).not.toContain("negative_amount");
  });

  test("reads what matters of an entry", () => {
    const events = eventsOf(utf8(CAMT));
    expect(events[0]).toEqual({ kind: "format", format: "camt.053.001.08" });
    const [paid, returned, pending] = entriesOf(events);
    expect(paid).toMatchObject({
      index: 1,
      line: 8,
      amount: { digits: 11900n, scale: 2 },
      currency: "EUR",
      credit: true,
      reversal: false,
      status: "booked",
      bookedOn: "2026-01-05",
      valueOn: "2026-01-05",
      reference: "1",
      bankReference: "B-77",
      code: { domain: "PMNT-RCDT-ESCT", proprietary: "NTRF+166" },
      additionalText: "SEPA Gutschrift",
      charges: [],
    }); // prettier-ignore
    expect(paid?.transactions).toMatchObject([
      {
        endToEndId: null,
        transactionId: "T-1",
        credit: true,
        remittance: ["Rechnung RE-0000001", "Danke"],
        creditorReferences: ["RF18539007547034"],
        documentNumbers: ["RE-0000001"],
        payer: {
          name: "Ada Beispiel",
          iban: "DE89370400440532013000",
          postcode: "86150",
          city: "Augsburg",
          country: "DE",
        },
        returned: null,
      },
    ]); // prettier-ignore
    expect(returned).toMatchObject({
      credit: false,
      reversal: true,
      bookedOn: null,
      valueOn: "2026-01-05",
      charges: [{ credit: false, amount: { digits: 750n } }],
    });
    expect(returned?.transactions).toMatchObject([
      {
        endToEndId: "E-2",
        mandateId: "MND-4",
        amount: { amount: { digits: 5750n } },
        instructed: { amount: { digits: 5000n } },
        ultimatePayee: "Marke Nord",
        returned: { code: "AM04", text: "Deckung fehlt" },
      },
    ]); // prettier-ignore
    expect(pending).toMatchObject({ status: "pending", bookedOn: null, transactions: [] });
    expect(
      events.filter((event) => event.kind === "warning").map((event) => `${event.warning.code} ${event.warning.where}`),
    ).toEqual([expect.stringMatching(/^date_invalid 15:\d+$/)]);
    const end = events.at(-2);
    expect(end).toMatchObject({
      kind: "statement_end",
      statement: {
        id: "S-1",
        sequence: "3",
        account: { iban: "DE02120300000000202051", owner: "Lager & Söhne GmbH", bic: "BYLADEM1001" },
      },
      totals: {
        entries: 3,
        booked: 2,
        transactions: 2,
        opening: { digits: 10000n },
        closing: { digits: 16150n },
        reconciles: true,
      },
    });
  });

  test("cut anywhere, the chunks make no difference", () => {
    const bytes = utf8(CAMT);
    const whole = eventsOf(bytes, bytes.length);
    for (const step of [1, 2, 3, 7, 401]) expect(eventsOf(bytes, step)).toEqual(whole);
  });

  test("truncated at every byte it is refused with a place", () => {
    const bytes = utf8(CAMT.trimEnd());
    for (let length = 0; length < bytes.length; length += 1) {
      const last = eventsOf(bytes.subarray(0, length)).at(-1);
      expect(last?.kind === "failed" ? last.error.where : `read ${length}`).toMatch(/^\d+:\d+$/);
    }
  });

  test.each<[string, Uint8Array]>([
    ["UTF-8 with mark", utf8(`\uFEFF${CAMT}`)],
    ["UTF-16, little end first", Buffer.from(`\uFEFF${CAMT.replace("UTF-8", "UTF-16")}`, "utf16le")],
    ["UTF-16, big end first, without mark", Buffer.from(CAMT.replace("UTF-8", "UTF-16"), "utf16le").swap16()],
    ["ISO-8859-1", Buffer.from(CAMT.replace("UTF-8", "ISO-8859-1"), "latin1")],
    ["Windows-1252", Buffer.from(CAMT.replace("UTF-8", "windows-1252"), "latin1")],
    ["UTF-8 declared as UTF-16", utf8(CAMT.replace("UTF-8", "UTF-16"))],
    ["Latin-1 declared as UTF-8", Buffer.from(CAMT, "latin1")],
    ["UTF-8 declared as ISO-8859-1", utf8(CAMT.replace("UTF-8", "ISO-8859-1"))],
    ["UTF-8 declared as Windows-1252", utf8(CAMT.replace("UTF-8", "windows-1252"))],
  ])("%s", (name, bytes) => {
    for (const step of [5, 4096]) {
      const events = eventsOf(bytes, step);
      expect(outcome(events)).toBe("end");
      expect(events.find((event) => event.kind === "statement")?.statement.account.owner).toBe("Lager & Söhne GmbH");
      expect(events.some((event) => event.kind === "warning" && event.warning.code === "encoding_mixed")).toBe(
        /^Latin-1 declared|^UTF-8 declared as (ISO|Windows)/.test(name),
      );
    }
  });

  const BOMB = '<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>';
  test.each<[string, string, RegExp]>([
    ["a document type", CAMT.replace("<Document", `${BOMB}<Document`), /^xml_doctype_refused 2:\d+$/],
    ["an undeclared entity", CAMT.replace("Ada", "&b;"), /^xml_not_well_formed 12:\d+$/],
    ["wrong nesting", CAMT.replace("</Ntry>", "</Entry>"), /^xml_not_well_formed 14:\d+$/],
    ["an amount that is none", CAMT.replace("119.00", "many"), /^camt_amount_invalid 8:\d+$/],
    ["no amount", CAMT.replace('<Amt Ccy="EUR">5.00</Amt>', ""), /^camt_amount_invalid 19:\d+$/],
    [
      "no direction",
      CAMT.replace(/(5\.00<\/Amt>)<CdtDbtInd>CRDT<\/CdtDbtInd>/, "$1"),
      /^camt_direction_missing \d+:\d+$/,
    ],
    ["deep nesting", CAMT.replace("Ada", "<a>".repeat(100)), /^xml_too_deep 12:\d+$/],
    ["another document", "<a/>", /^camt_not_a_statement 1:1$/],
    ["no statement", CAMT.replace(/<Stmt>.*<\/Stmt>/s, ""), /^camt_no_statement \d+:\d+$/],
    ["an unknown encoding", CAMT.replace("UTF-8", "klingon"), /^encoding_unknown 1:1$/],
    ["nothing", "", /^xml_empty 1:1$/],
    ["white space", " \n ", /^xml_empty 1:1$/],
  ])("refuses %s", (_, text, expected) => expect(outcome(eventsOf(utf8(text)))).toMatch(expected));

  test("a report without its body is told as what it is", () => {
    const empty = (kind: string): Uint8Array =>
      utf8(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${kind}.001.02"><Other/></Document>`);
    expect(detectFormat(empty("camt.052"), true)).toMatchObject({ ok: true, value: { format: "camt.052.001.02" } });
    expect(outcome(eventsOf(empty("camt.052")))).toMatch(/^camt_not_a_statement 1:1$/);
    expect(detectFormat(empty("camt.029"), true)).toMatchObject({ ok: false, error: { code: "format_not_supported" } });
  });

  test("limits hold", () => {
    const long = CAMT.replace("Danke", "x".repeat(300_000));
    expect(outcome(eventsOf(utf8(long), 65_536, { limits: { ...CAMT_LIMITS, pieceCharsMax: 100_000 } }))).toMatch(
      /^xml_piece_too_long/,
    );
    expect(outcome(eventsOf(utf8(CAMT), 100, { limits: { ...CAMT_LIMITS, bytesMax: 1000 } }))).toMatch(
      /^xml_too_large/,
    );
    expect(outcome(eventsOf(utf8(CAMT.replace("<Pty>", `<Pty>${"<a/>".repeat(30_000)}`))))).toMatch(
      /^camt_element_too_large/,
    );
  });

  test("balances that don't add up are a warning, not a refusal", () => {
    const events = eventsOf(utf8(CAMT.replace("161.50", "161.51")));
    expect(outcome(events)).toBe("end");
    expect(
      events.some((event) => event.kind === "warning" && event.warning.code === "statement_does_not_reconcile"),
    ).toBe(true);
  });

  test("a hundred thousand entries stay small", async () => {
    const [before = "", rest = ""] = CAMT.split(/(?=<Ntry>)/);
    const entry = Buffer.from(rest.repeat(50));
    async function* file(): AsyncGenerator<Uint8Array> {
      yield utf8(before);
      for (let count = 0; count < 20_000; count += 50) yield entry;
      yield utf8("</Stmt></BkToCstmrStmt></Document>");
    }
    const rss = process.memoryUsage().rss;
    let entries = 0;
    let last: StatementEvent | null = null;
    for await (const event of readCamt(file())) {
      if (event.kind === "entry") entries += 1;
      last = event;
    }
    expect(last).toEqual({ kind: "end" });
    expect(entries).toBe(20_000);
    expect((process.memoryUsage().rss - rss) / 1_048_576).toBeLessThan(150);
  });
});
