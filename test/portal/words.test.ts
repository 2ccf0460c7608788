import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkWords } from "../../src/outreach/messaging/index.ts";
import { prose, withWeekday, WORDS } from "../../src/doors/portal/words/index.ts";
import { day } from "../books/books.ts";

const FILES = [
  ["german", "de"],
  ["english", "en"],
] as const;

describe.each(FILES)("the %s words", (file, language) => {
  const source = readFileSync(new URL(`../../src/doors/portal/words/${file}.ts`, import.meta.url), "utf8");

  test("none that we don't use", () => {
    expect(checkWords(source, language, file)).toEqual([]);
    expect(checkWords("Herr Schuldner, a delinquent debtor", language)).not.toEqual([]);
  });

  test("no exclamation mark, no capitals for emphasis", () => {
    const strings = [...source.matchAll(/"([^"\n]*)"|`([^`\n]*)`/g)].map((match) => match[1] ?? match[2] ?? "");
    expect(strings.length).toBeGreaterThan(150);
    expect(strings.filter((text) => text.includes("!"))).toEqual([]);
    expect(strings.filter((text) => /(?<!\p{L})\p{Lu}{5,}(?!\p{L})/u.test(text))).toEqual([]);
  });
});

test("days: the year only when it is not this one, the weekday where somebody waits", () => {
  const today = day("2026-12-20");
  expect(prose(day("2026-12-28"), today, "de")).toBe("28.\u00a0Dezember");
  expect(prose(day("2027-01-04"), today, "de")).toBe("4.\u00a0Januar 2027");
  expect(withWeekday(day("2026-12-28"), today, "en")).toBe("Monday, 28\u00a0December");
  expect(WORDS.de.door.wrong(1, "")).toContain("noch einen Versuch");
});
