import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  csvCell,
  csvRecords,
  type Delimiter,
  detectDelimiter,
  readCsv,
  writeCsv,
} from "../../src/pure/formats/table/csv.ts";
import { localDate, localDecimal, numberStyleOf } from "../../src/pure/formats/text/notation.ts";
import { expectOk, formatDecimal } from "../../src/pure/kernel/index.ts";

const cellsOf = (text: string, delimiter: Delimiter = ";") =>
  [...csvRecords(text, delimiter)].map((record) => (record.ok ? record.value.cells : record.error.code));

describe("CSV", () => {
  test.each<[string, string, unknown]>([
    [
      "quotes, delimiters and line breaks in fields",
      'a;"b;""c""";"d\ne"\nf;;',
      [
        ["a", 'b;"c"', "d\ne"],
        ["f", "", ""],
      ],
    ],
    [
      "CRLF and an empty last line",
      "a;b\r\nc;d\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "CR alone",
      "a;b\rc;d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "empty lines are left out",
      "a;b\n\n;\nc;d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a quote inside an unquoted field is text", 'a 5" b;c', [['a 5" b', "c"]]],
    ["an open quote", 'a;b\nc;"d', [["a", "b"], "csv_quote_open"]],
    ["text after a quote", 'a;"b"c;d', ["csv_quote_misplaced"]],
    ["formulas stay text", '=1+1;"=cmd|x"', [["=1+1", "=cmd|x"]]],
  ])("%s", (_, text, expected) => expect(cellsOf(text)).toEqual(expected));

  test("places count lines inside quotes", () => {
    const records = [...csvRecords('a;"b\r\nc\nd";e\nf;g\nh;"i', ";")];
    expect(records.map((record) => (record.ok ? record.value.line : record.error.where))).toEqual([1, 4, "5:3"]);
    const misplaced = [...csvRecords('"a\nbc"d', ";")][0];
    expect(misplaced?.ok ? null : misplaced?.error.where).toBe("2:4");
  });

  test.each<[string, Delimiter | null]>([
    ["a;b;c\n1,5;2,5;3", ";"],
    ["a,b,c\n1.5,2.5,x;y", ","],
    ["a\tb\n1,5\t2;5", "\t"],
    ["a|b\n1|2", "|"],
    ["only\none", null],
    ['"x;y","z;w"\n"1;2","3"', ","],
  ])("delimiter of %j", (text, delimiter) => expect(detectDelimiter(text)).toBe(delimiter));

  test.each([
    ["utf-8", Buffer.from("Straße;Fällig\nä;ö")],
    ["utf-8", Buffer.from("\uFEFFStraße;Fällig\nä;ö")],
    ["windows-1252", Buffer.from("Straße;Fällig\nä;ö", "latin1")],
    ["utf-16le", Buffer.from("\uFEFFStraße;Fällig\nä;ö", "utf16le")],
    ["utf-16be", Buffer.from("\uFEFFStraße;Fällig\nä;ö", "utf16le").swap16()],
  ])("is read as %s", (encoding, bytes) => {
    const table = expectOk(readCsv(bytes));
    expect(table.encoding).toBe(encoding);
    expect(table.header).toEqual(["Straße", "Fällig"]);
    expect(table.records.map(({ line, cells }) => ({ line, cells }))).toEqual([{ line: 2, cells: ["ä", "ö"] }]);
  });

  test("the upper signs of Windows-1252 are not those of ISO-8859-1", () => {
    const table = expectOk(readCsv(Buffer.from("a;b\n\u0080 5;\u0084x\u0093 \u0096 \u00e4", "latin1")));
    expect(table.records[0]?.cells).toEqual(["€ 5", "„x“ – ä"]);
  });

  test("Excel's sep line names the delimiter", () => {
    expect(expectOk(readCsv(Buffer.from("sep=|\r\na|b\r\n1|2\r\n")))).toMatchObject({
      delimiter: "|",
      header: ["a", "b"],
      headerLine: 2,
    });
  });
  test.each([
    ["", "csv_empty"],
    ["a;b\n\0;c", "csv_binary"],
  ])("refuses %j", (text, code) => {
    const read = readCsv(Buffer.from(text));
    expect(read.ok ? "read" : read.error.code).toBe(code);
  });
  test("limits hold", () => {
    const limits = { bytesMax: 100, rowsMax: 2, columnsMax: 3, fieldCharsMax: 5 };
    const code = (text: string) => {
      const read = readCsv(Buffer.from(text), { delimiter: ";", limits });
      return read.ok ? "read" : read.error.code;
    };
    expect(["a;b\nc;d", "a\nb\nc\nd", "a;b;c;d", "abcdef;b", "x".repeat(101)].map(code)).toEqual([
      "read",
      "csv_too_many_rows",
      "csv_too_many_columns",
      "csv_field_too_long",
      "csv_too_large",
    ]);
  });

  test("what is written is read again, apart from the neutralised", () => {
    const cell = fc.string({ unit: fc.constantFrom(...'ab;,"\n\r\t|äß€ 1'), maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }),
        fc.constantFrom<Delimiter>(";", ",", "\t", "|"),
        (rows, delimiter) => {
          const neutral = (text: string) => (/^\s*[\t\r]/.test(text) ? `'${text}` : text);
          const read = [...csvRecords(writeCsv(rows, delimiter).slice(1), delimiter)].map(
            (record) => expectOk(record).cells,
          );
          expect(read).toEqual(
            rows.map((row) => row.map(neutral)).filter((row) => row.some((text) => text.trim() !== "")),
          );
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });
  test.each([
    ['=HYPERLINK("http://x.example")', `"'=HYPERLINK(""http://x.example"")"`],
    ["+49 30 1", "'+49 30 1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["-cmd|'/c'!A1", "'-cmd|'/c'!A1"],
    [" =1", "' =1"],
    ["-12,50", "-12,50"],
    ["Meier; Söhne", '"Meier; Söhne"'],
    [null, ""],
  ])("cell %j", (value, expected) => expect(csvCell(value)).toBe(expected));
  test("any text is read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const read = readCsv(bytes);
        expect(read.ok || read.error.message.length > 0).toBe(true);
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

describe("numbers and days", () => {
  test.each([
    ["1.234,56", "1234.56"],
    ["1,234.56", "1234.56"],
    ["1'234.50", "1234.50"],
    ["1 234,5", "1234.50"],
    ["12,50-", "-12.50"],
    ["(12.50)", "-12.50"],
    ["12,50 €", "12.50"],
    ["EUR 12.50", "12.50"],
    ["-1.234.567", "-1234567.00"],
    ["12,50 S", "12.50"],
    ["12,50 H", "-12.50"],
    ["12,-", "12.00"],
    ["0.123", "0.123"],
    ["119", "119.00"],
    ["+7,1", "7.10"],
    ["1.234", "amount_ambiguous"],
    ["1,234", "amount_ambiguous"],
    ["12.34.56", "amount_invalid"],
    ["1,2,3", "amount_invalid"],
    ["abc", "amount_invalid"],
    ["", "amount_invalid"],
    ["--5", "amount_invalid"],
    ["1e5", "amount_invalid"],
    ["(-5)", "amount_invalid"],
  ])("%s", (text, expected) => {
    const read = localDecimal(text, "unknown");
    expect(read.ok ? formatDecimal(read.value) : read.error.code).toBe(expected);
  }); // prettier-ignore
  test("a column decides what one value can't", () => {
    expect(numberStyleOf(["1.234", "12,50"])).toBe("comma");
    expect(numberStyleOf(["1.234", "12.50"])).toBe("point");
    expect(numberStyleOf(["1,50", "12.50"])).toBe("unknown");
    expect(formatDecimal(expectOk(localDecimal("1.234", "comma")))).toBe("1234.00");
    expect(formatDecimal(expectOk(localDecimal("1.234", "point")))).toBe("1.234");
    expect(localDecimal("12.50", "comma").ok).toBe(false);
  });
  test.each([
    ["2026-01-31", "2026-01-31"],
    ["20260131", "2026-01-31"],
    ["31.1.26", "2026-01-31"],
    ["31.01.2026 00:00:00", "2026-01-31"],
    ["31/01/2026", "2026-01-31"],
    ["01/31/2026", "2026-01-31"],
    ["05/05/2026", "2026-05-05"],
    ["2026-01-31T10:00:00Z", "2026-01-31"],
    ["03/04/2026", "date_ambiguous"],
    ["30.02.2026", "date_invalid"],
    ["2026-13-01", "date_invalid"],
    ["morgen", "date_invalid"],
  ])("%s", (text, expected) => {
    const read = localDate(text, "unknown");
    expect(read.ok ? read.value : read.error.code).toBe(expected);
  }); // prettier-ignore
  test("day or month first by column", () => {
    expect(expectOk(localDate("03/04/2026", "day_first"))).toBe("2026-04-03");
    expect(expectOk(localDate("03/04/2026", "month_first"))).toBe("2026-03-04");
    expect(localDate("31/01/2026", "month_first").ok).toBe(false);
  });
});
