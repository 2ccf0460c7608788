import { describe, expect, test } from "vitest";
import { type FileReport, reportFile } from "../../../src/pure/formats/index.ts";
import { corpusBytes, hasShared, sharedJson } from "../corpus.ts";

interface Detail {
  readonly account: string | null;
  readonly currency: string | null;
  readonly entries: number;
  readonly tx_details?: number;
  readonly not_booked?: number;
  readonly opening: string | null;
  readonly closing: string | null;
  readonly sum_credit: string;
  readonly sum_debit: string;
  readonly reconciles?: boolean;
}
interface Expected extends Partial<Omit<Detail, "account">> {
  readonly kind: string;
  readonly format?: string;
  readonly statements?: number;
  readonly detail?: readonly Detail[];
  readonly members?: readonly Expected[];
  readonly statuses?: readonly string[];
  readonly transactions_found?: number;
}
type Row = Record<string, string | number | boolean | null>;

/**
 * Where the expected values and we differ, what we read instead, and why; the same table stands in docs/formats.md.
 * A number is the statement, from 0.
 */
const WRONG_TAG = "a detail line is tagged :25: instead of :86: behind an entry; the account stands in the first :25:";
const SUFFIX = "the currency behind an IBAN does not belong to it";
const CUT_OFF = "the file ends in the middle of a statement: refused as cut off";
const EXCEPTIONS: readonly (readonly [path: RegExp, reason: string, ours: Readonly<Record<number, Row>>])[] = [
  [/\/sepa_snippet_broken\.(sta|txt)$/, WRONG_TAG, { 0: { account: "50880050/0194787400888" } }],
  [/14aug2014\.swi$|import-16-06-2014\.txt$/, SUFFIX, { 0: { account: "NL50RABO0156750961" } }],
  [/ing\/ing_00_00\.txt$/, SUFFIX, { 0: { account: "NL47INGB0001212121" } }],
  [/ing\/ing_purp\.txt$/, SUFFIX, { 0: { account: "NL62INGB0006868686" } }],
  [/ing\/ing_references_fix\.txt$/, SUFFIX, { 0: { account: "NL62INGB0001212121" } }],
  [/ing\/unstructured_remi_2\.txt$/, SUFFIX, { 0: { account: "NL62INGB0001231231" } }],
  [/ing\/unstructured_remi_with_space_in_remi\.txt$/, SUFFIX, { 0: { account: "NL62INGB0001234567" } }],
  [/mt940-headers\.txt$/, "the closing balance has a space inside (`11 27421,94`)", { 0: { closing: "1127421.94" } }],
  [/statement-details-mt942\.txt$/, "the currency is that of the limit (:34F:)", { 0: { currency: "EUR" } }],
  [
    /two_accounts\.txt$/,
    "a control character in front of :20: hides the fourth of four statements from other readers",
    {
      2: { account: "3462.483.153EUR", entries: 0, closing: "5000", credit: "0", reconciles: true },
      3: {
        account: "1325.76.155EUR",
        currency: "EUR",
        entries: 1,
        opening: "-12",
        closing: "238",
        credit: "250",
        debit: "0",
        reconciles: true,
      }, // prettier-ignore
    },
  ],
  [/\/(line_breaks_with_rn|sepa_snippet_broken_[23])\.sta$/, CUT_OFF, {}],
  [/test-camt053-no-ntry$/, "no account currency; that of the balances", { 0: { currency: "CHF" } }],
  [
    /camt052\.v1\.xml$/,
    "account number in PrtryAcct, as version .01 has it",
    { 0: { account: "CH2801234000123456789" } },
  ], // prettier-ignore
];

const number = (text: string | null | undefined): string | null =>
  text === null || text === undefined
    ? null
    : text
        .replace(",", ".")
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "")
        .replace(/^-0$/, "0"); // prettier-ignore
const compact = (text: string | null): string | null => text?.replace(/\s+/g, "").toUpperCase() ?? null;

const found = (report: FileReport): Row[] =>
  report.statements.map((one) => ({
    account: compact(one.account),
    currency: one.currency,
    entries: one.entries,
    opening: number(one.opening),
    closing: number(one.closing),
    credit: number(one.sumCredit),
    debit: number(one.sumDebit),
    reconciles: one.reconciles,
    transactions: one.transactions,
    notBooked: one.entries - one.booked,
  }));
const wanted = (detail: Detail, camt: boolean): Row => ({
  account: compact(detail.account),
  currency: detail.currency,
  entries: detail.entries,
  opening: number(detail.opening),
  closing: number(detail.closing),
  credit: number(detail.sum_credit),
  debit: number(detail.sum_debit),
  reconciles: detail.reconciles ?? null,
  ...(camt ? { transactions: detail.tx_details ?? 0, notBooked: detail.not_booked ?? 0 } : {}),
});

/** Sums without floating point. */
function total(report: FileReport, key: "sumCredit" | "sumDebit"): string | null {
  let cents = 0n;
  for (const one of report.statements) {
    const [whole = "0", fraction = ""] = one[key].split(".");
    cents += BigInt(`${whole}${fraction.slice(0, 6).padEnd(6, "0")}`);
  }
  const text = cents.toString().padStart(7, "0");
  return number(`${text.slice(0, -6)}.${text.slice(-6)}`);
}

function compare(path: string, expected: Expected, report: FileReport): void {
  if (expected.kind === "camt" && expected.statements === 0) {
    expect(report.status).toBe("refused");
    expect(report.error?.where).toBeDefined();
    return;
  }
  if (expected.detail) {
    const [, reason, ours = {}] = EXCEPTIONS.find(([pattern]) => pattern.test(path)) ?? [];
    if (reason === CUT_OFF) {
      expect(report.error).toMatchObject({ code: "mt_cut_off", where: expect.stringMatching(/:\d+:1$/) });
      return;
    }
    const rows: Row[] = expected.detail.map((detail) => wanted(detail, expected.kind === "camt"));
    for (const [index, change] of Object.entries(ours))
      for (const [key, value] of Object.entries(change)) expect(rows[Number(index)]?.[key], "needless").not.toBe(value);
    for (const [index, change] of Object.entries(ours)) rows[Number(index)] = { ...rows[Number(index)], ...change };
    const read = found(report);
    expect(read.length).toBe(rows.length);
    for (const [index, row] of rows.entries()) expect(read[index]).toMatchObject(row);
    return;
  }
  if (expected.members) {
    expect(report.status).toBe("ok");
    expect(
      report.statements.map(({ entries, sumCredit, sumDebit }) => [entries, number(sumCredit), number(sumDebit)]),
    ).toEqual(expected.members.map((one) => [one.entries, number(one.sum_credit), number(one.sum_debit)]));
    return;
  }
  if (expected.kind === "ofx") {
    expect(report.statements.reduce((sum, { entries }) => sum + entries, 0)).toBe(expected.entries);
    expect(total(report, "sumCredit")).toBe(number(expected.sum_credit));
    expect(total(report, "sumDebit")).toBe(number(expected.sum_debit));
    expect(report.statements[0]?.currency ?? null).toBe(expected.currency);
    expect(number(report.statements[0]?.closing)).toBe(number(expected.closing));
    return;
  }
  if (report.format?.startsWith("pain.002")) {
    expect(report.status).toBe("ok");
    expect(report.records).toBe(expected.statuses?.length ?? 0);
    return;
  }
  if (expected.kind === "csv") {
    if (report.status === "ok") expect(report.statements.length + report.records).toBeGreaterThan(0);
    return;
  }
  // Orders to the bank, messages between banks, broken XML.
  expect(report.status).toBe("refused");
  expect(report.error?.message).toMatch(/[.:]/);
}

const files = hasShared
  ? Object.entries((sharedJson("corpora/expected_statements.json") as { files: Record<string, Expected> }).files)
  : [];

describe.skipIf(!hasShared)("dry run over bank files of other makers", () => {
  test("there are many", () => expect(files.length).toBeGreaterThan(300));
  test("each exception is needed", () => {
    for (const [pattern] of EXCEPTIONS)
      expect(
        files.some(([path]) => pattern.test(path)),
        String(pattern),
      ).toBe(true);
  });
  for (const [path, expected] of files)
    test(path, async () =>
      compare(path, expected, await reportFile(path.split("/").at(-1) ?? "", [corpusBytes(path)])),
    );
});
