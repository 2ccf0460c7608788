import { describe, expect, test } from "vitest";
import { dueOnInvoice } from "../../src/books/intake/invoices.ts";
import { type PlainDate, plainDate } from "../../src/pure/kernel/index.ts";

const day = (text: string): PlainDate => {
  const read = plainDate(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};

describe("the day an invoice is due", () => {
  test.each<[string, string[], string | null, string | null]>([
    ["one day", ["2026-03-31"], null, "2026-03-31"],
    ["the discount's day first", ["2026-03-12", "2026-03-31"], "3 % bis 12.03.2026", "2026-03-31"],
    ["the discount's day last", ["2026-03-31", "2026-03-12"], null, "2026-03-31"],
    ["only in prose", [], "Zahlbar innerhalb von 14 Tagen ohne Abzug", "2026-03-16"],
    ["from its receipt", [], "10 Tage nach Zugang der Rechnung", null],
    ["nothing", [], null, null],
  ])("%s", (_name, dates, terms, due) => {
    expect(dueOnInvoice({ dueDates: dates.map(day), issueDate: day("2026-03-02"), terms })).toBe(due);
  });
});
