import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { datevBookings } from "../../../src/pure/formats/datev/bookings.ts";
import { BOOKING_COLUMNS } from "../../../src/pure/formats/datev/columns.ts";
import { readDatevFile } from "../../../src/pure/formats/datev/file.ts";
import { type DatevBatch, type DatevPosting, writeDatevBookings } from "../../../src/pure/formats/datev/write.ts";
import { decodeText } from "../../../src/pure/formats/text/encoding.ts";
import { addDays, type Currency, EUR, formatDecimal, type PlainDate } from "../../../src/pure/kernel/index.ts";

const BATCH: DatevBatch = {
  consultant: 1001,
  client: 7,
  fiscalYearStart: "2026-01-01" as PlainDate,
  accountLength: 4,
  from: "2026-01-01" as PlainDate,
  to: "2026-12-31" as PlainDate,
  label: "Kulanz Januar",
  currency: EUR,
  chart: "03",
  createdAt: new Date("2026-02-01T08:30:15.123Z"),
  zone: "Europe/Berlin",
};
const POSTING: DatevPosting = {
  amount: { minor: 500n, currency: EUR },
  side: "S",
  account: "10001",
  contraAccount: "8400",
  taxKey: null,
  bookedOn: "2026-01-31" as PlainDate,
  document: "RE-0000001",
  text: "Mahngebühr „Lager“ 5 €",
};
const text = (bytes: Uint8Array): string => decodeText(bytes).text;
const written = (...postings: readonly DatevPosting[]): { text: string; codes: string[] } => {
  const file = writeDatevBookings(BATCH, postings);
  if (!file.ok) throw new Error(`${file.error.code} ${file.error.where}`);
  return { text: text(file.value.bytes), codes: file.value.warnings.map(({ code }) => code) };
};

/** The rules of the first line by place, as DATEV describes them; empty: nothing to say. */
function headerFaults(line: string): string[] {
  const day = /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;
  const rules: Readonly<Record<number, RegExp>> = {
    1: /^"(EXTF|DTVF)"$/,
    2: /^(510|700)$/,
    3: /^21$/,
    4: /^"Buchungsstapel"$/,
    5: /^\d{1,2}$/,
    6: /^20\d{15}$/,
    7: /^$/,
    8: /^"[A-Z]{0,2}"$/,
    9: /^"\w{0,25}"$/,
    11: /^\d{4,7}$/,
    12: /^[1-9]\d{0,4}$/,
    13: day,
    14: /^[4-8]$/,
    15: day,
    16: day,
    17: /^"[^"]{0,30}"$/,
    18: /^"[A-Z]{0,2}"$/,
    19: /^[12]$/,
    20: /^(0|30|40|50|64)?$/,
    21: /^[01]$/,
    22: /^"[A-Z]{3}"$/,
    24: /^""$/,
    27: /^"(\d{2})?"$/,
    31: /^".{0,16}"$/,
  }; // prettier-ignore
  const fields = line.split(";");
  const faults = fields.length === 31 ? [] : [`${fields.length} fields`];
  for (const [place, rule] of Object.entries(rules))
    if (!rule.test(fields[Number(place) - 1] ?? "")) faults.push(`field ${place}`);
  return faults;
}
/** The rules of a booking's columns. */
function rowFaults(line: string): string[] {
  const rules: Readonly<Record<string, RegExp>> = {
    "Umsatz (ohne Soll/Haben-Kz)": /^(?!0+,00$)\d{1,10},\d{2}$/,
    "Soll/Haben-Kennzeichen": /^"[SH]"$/,
    "WKZ Umsatz": /^"([A-Z]{3})?"$/,
    Konto: /^[1-9]\d{0,8}$/,
    "Gegenkonto (ohne BU-Schlüssel)": /^[1-9]\d{0,8}$/,
    "BU-Schlüssel": /^"\d{0,4}"$/,
    Belegdatum: /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])$/,
    "Belegfeld 1": /^"[\w$%&*+\-/]{0,36}"$/,
    Buchungstext: /^"(?:[^"]|""){0,60}"$/,
    Festschreibung: /^[01]$/,
    Fälligkeit: /^(\d{8})?$/,
    "Generalumkehr (GU)": /^("[01]")?$/,
  };
  const cells = line.match(/("(?:[^"]|"")*"|[^;"]*)(;|$)/g)?.map((cell) => cell.replace(/;$/, "")) ?? [];
  return Object.entries(rules)
    .filter(([name, rule]) => !rule.test(cells[BOOKING_COLUMNS.indexOf(name)] ?? ""))
    .map(([name]) => name);
}

describe("bookings out", () => {
  test("one file as DATEV wants it", () => {
    const { text: file, codes } = written(POSTING, { ...POSTING, reversal: true, dueOn: "2026-02-28" as PlainDate });
    const lines = file.split("\r\n");
    expect(codes).toEqual([]);
    expect(lines).toHaveLength(5);
    expect(lines[4]).toBe("");
    expect(file.replaceAll("\r\n", "")).not.toContain("\n");
    expect(headerFaults(lines[0] ?? "")).toEqual([]);
    expect(lines[0]).toContain(";20260201093015123;");
    expect(lines[1]?.split(";")).toEqual(BOOKING_COLUMNS);
    expect(BOOKING_COLUMNS).toHaveLength(125);
    expect(lines[2]?.startsWith('5,00;"S";"EUR";;;;10001;8400;"";3101;"RE-0000001";')).toBe(true);
    expect(lines[2]).toContain('"Mahngebühr „Lager“ 5 €"');
    for (const line of lines.slice(2, 4)) expect(rowFaults(line)).toEqual([]);
  });

  test("what DATEV has no place for is replaced and told", () => {
    const { text: file, codes } = written(
      { ...POSTING, text: 'Ğ Łódź "zwei"\n→ Zeilen' },
      { ...POSTING, document: "RE 1.2" },
      { ...POSTING, text: "x".repeat(70) },
    );
    expect(codes).toEqual(["datev_text_replaced", "datev_document_replaced", "datev_text_cut"]);
    expect(file).toContain('"G Lódz ""zwei"" ? Zeilen"');
    expect(file).toContain('"RE-1-2"');
    expect(file).toContain(`"${"x".repeat(60)}"`);
  });

  test.each<[string, Partial<DatevBatch>, Partial<DatevPosting>, string]>([
    ["nothing owed", {}, { amount: { minor: 0n, currency: EUR } }, "datev_amount_invalid"],
    ["a minus", {}, { amount: { minor: -1n, currency: EUR } }, "datev_amount_invalid"],
    ["another currency", {}, { amount: { minor: 1n, currency: "CHF" as Currency } }, "datev_currency_differs"],
    ["a name as account", {}, { account: "Erlöse" }, "datev_account_invalid"],
    ["a long account", {}, { contraAccount: "840000" }, "datev_account_invalid"],
    ["a word as tax key", {}, { taxKey: "U19" }, "datev_tax_key_invalid"],
    ["a day before", {}, { bookedOn: "2025-12-31" as PlainDate }, "datev_date_outside_period"],
    ["a long number", {}, { document: "9".repeat(37) }, "datev_document_too_long"],
    ["no such consultant", { consultant: 12 }, {}, "datev_consultant_invalid"],
    ["no such client", { client: 0 }, {}, "datev_client_invalid"],
    ["accounts of three digits", { accountLength: 3 }, {}, "datev_account_length_invalid"],
    ["two fiscal years", { to: "2027-01-01" as PlainDate }, {}, "datev_period_invalid"],
  ])("%s is refused", (_, batch, posting, code) => {
    const file = writeDatevBookings({ ...BATCH, ...batch }, [{ ...POSTING, ...posting }]);
    expect(file.ok ? "written" : file.error.code).toBe(code);
  });
  test("an empty batch is refused", () => {
    const file = writeDatevBookings(BATCH, []);
    expect(file.ok ? "written" : file.error.code).toBe("datev_batch_empty");
  });

  test("what we write we read", () => {
    const posting = fc.record({
      amount: fc.bigInt({ min: 1n, max: 10n ** 12n - 1n }).map((minor) => ({ minor, currency: EUR })),
      side: fc.constantFrom("S" as const, "H" as const),
      account: fc.integer({ min: 1, max: 99_999 }).map(String),
      contraAccount: fc.integer({ min: 1, max: 99_999 }).map(String),
      taxKey: fc.constantFrom(null, "3", "9", "101"),
      bookedOn: fc.nat(364).map((days) => addDays(BATCH.from, days)),
      document: fc.constantFrom(null, "RE-1", "A/b_9", "$&%*+-/"),
      text: fc.string({ unit: fc.constantFrom(..."aä€;\"' -=ß9"), maxLength: 60 }).map((one) => one.trim()),
      dueOn: fc.option(fc.nat(900).map((days) => addDays(BATCH.from, days))),
      reversal: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(posting, { minLength: 1, maxLength: 8 }), (postings) => {
        const file = writeDatevBookings(BATCH, postings);
        if (!file.ok) throw new Error(file.error.code);
        const lines = text(file.value.bytes).split("\r\n");
        for (const line of lines.slice(2, -1)) expect(rowFaults(line)).toEqual([]);
        const read = readDatevFile(file.value.bytes);
        if (!read.ok) throw new Error(read.error.code);
        const back = [...datevBookings(read.value)].map(({ booking }) => booking);
        expect(back.map((one) => one && { ...one, amount: formatDecimal(one.amount) })).toMatchObject(
          postings.map(({ amount, ...rest }) => ({
            ...rest,
            amount: formatDecimal({ digits: amount.minor, scale: 2 }),
            text: rest.text || null,
          })),
        );
      }),
      { numRuns: process.env["KULANZ_SOAK"] ? 3_000 : 100, seed: 3 },
    );
  });
});
