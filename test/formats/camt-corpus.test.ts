import { describe, expect, test } from "vitest";
import { CamtReader } from "../../src/pure/formats/bank/camt.ts";
import type { StatementEvent, StatementTotals } from "../../src/pure/formats/bank/statement.ts";
import { type Decimal, formatDecimal } from "../../src/pure/kernel/index.ts";
import { corpusBytes, hasShared, sharedJson } from "./corpus.ts";

interface Detail {
  account: string | null;
  currency: string | null;
  entries: number;
  tx_details: number;
  opening: string | null;
  closing: string | null;
  sum_credit: string;
  sum_debit: string;
  not_booked?: number;
  reconciles?: boolean;
}
interface Expected {
  kind: string;
  format: string;
  statements: number;
  detail: Detail[];
}

/** Files whose expected values we don't share, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "bank/OCA__bank-statement-import/account_statement_import_camt/test_files/test-camt053-no-ntry":
    "no entry and no account currency: expected has no currency, we take that of the balances (CHF)",
  "bank/genkgo__camt/camt052.v1.xml": "expected has no account, we read PrtryAcct, the account number of version .01",
};

const FOUND: Readonly<Record<string, Partial<Detail>>> = {
  "bank/OCA__bank-statement-import/account_statement_import_camt/test_files/test-camt053-no-ntry": { currency: "CHF" },
  "bank/genkgo__camt/camt052.v1.xml": { account: "CH2801234000123456789" },
};

const number = (text: string | null): string | null =>
  text === null
    ? null
    : text
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "")
        .replace(/^-0$/, "0");
const shown = (value: Decimal | null): string | null => (value === null ? null : number(formatDecimal(value, 0)));
const row = (totals: StatementTotals) => ({
  entries: totals.entries,
  transactions: totals.transactions,
  notBooked: totals.entries - totals.booked,
  currency: totals.currency,
  opening: shown(totals.opening),
  closing: shown(totals.closing),
  sumCredit: shown(totals.sumCredit),
  sumDebit: shown(totals.sumDebit),
  reconciles: totals.reconciles,
});

const files = hasShared
  ? Object.entries((sharedJson("corpora/expected_statements.json") as { files: Record<string, Expected> }).files)
  : [];

describe.skipIf(!hasShared)("camt files of other makers", () => {
  const camt = files.filter(([, expected]) => expected.kind === "camt");
  test("there are many", () => expect(camt.length).toBeGreaterThan(80));
  for (const [path, written] of camt) {
    test(path, () => {
      let expected = written;
      const reader = new CamtReader();
      const bytes = corpusBytes(path);
      const events: StatementEvent[] = [];
      // A cut at every 97 bytes: no event may depend on where the chunks end.
      for (let at = 0; at < bytes.length; at += 97) events.push(...reader.write(bytes.subarray(at, at + 97)));
      events.push(...reader.end());
      const last = events.at(-1);
      if (expected.statements === 0) {
        expect(last?.kind).toBe("failed");
        return;
      }
      expect(last).toEqual({ kind: "end" });
      const format = events.find((event) => event.kind === "format")?.format ?? "";
      expect(format.startsWith(expected.format || "camt.05")).toBe(true);
      if (path in EXCEPTIONS)
        expected = { ...expected, detail: expected.detail.map((detail) => ({ ...detail, ...FOUND[path] })) };
      const ends = events.filter((event) => event.kind === "statement_end");
      expect(ends.map((event) => row(event.totals))).toEqual(
        expected.detail.map((detail) => ({
          entries: detail.entries,
          transactions: detail.tx_details,
          notBooked: detail.not_booked ?? 0,
          currency: detail.currency,
          opening: number(detail.opening),
          closing: number(detail.closing),
          sumCredit: number(detail.sum_credit),
          sumDebit: number(detail.sum_debit),
          reconciles: detail.reconciles ?? null,
        })),
      );
      const compact = (text: string | null) => text?.replace(/\s+/g, "").toUpperCase() ?? null;
      expect(ends.map(({ statement }) => compact(statement.account.iban ?? statement.account.other))).toEqual(
        expected.detail.map((detail) => compact(detail.account)),
      );
    });
  }
});
