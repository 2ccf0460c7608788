/** Invariant 1: money is an integer of minor units with a currency. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { sql } from "../../src/platform/database/index.ts";
import {
  add,
  type Currency,
  currency,
  decimal,
  EUR,
  expectOk,
  formatMinor,
  money,
  moneyFromDecimal,
  moneyFromText,
  placesOf,
  roundHalfUp,
} from "../../src/pure/kernel/index.ts";
import { createTestDatabase } from "../support/database.ts";

const kulanz = await createTestDatabase();
afterAll(() => kulanz.drop());
const of = (code: string): Currency => expectOk(currency(code));
const anyCurrency = fc.constantFrom("EUR", "JPY", "KWD", "CHF", "CLF").map(of);

test("an amount survives being written and read, whatever its size and currency (property)", () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), anyCurrency, (minor, code) => {
      expect(expectOk(moneyFromText(formatMinor(minor, code), code))).toEqual({ minor, currency: code });
    }),
  );
});

test("more decimals than the currency has are read exactly and refused for booking, never rounded (property)", () => {
  fc.assert(
    fc.property(
      fc.bigInt(-(10n ** 12n), 10n ** 12n),
      fc.integer({ min: 0, max: 8 }),
      anyCurrency,
      (digits, scale, code) => {
        const text = `${digits < 0n ? "-" : ""}${(digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0")}`;
        const written = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
        const exact = expectOk(decimal(written));
        expect(exact).toEqual({ digits, scale });
        const booked = moneyFromDecimal(exact, code);
        const surplus = 10n ** BigInt(Math.max(0, scale - placesOf(code)));
        if (digits % surplus === 0n) expect(booked.ok).toBe(true);
        else expect(booked).toMatchObject({ ok: false, error: { code: "amount_too_precise" } });
      },
    ),
  );
  expect(moneyFromText("1.005", EUR).ok).toBe(false);
  expect(moneyFromText("1.5", of("JPY")).ok).toBe(false);
});

test.each(["99999999999999999999.00", "-10000000000000000.01"])(
  "%s euros are refused, not cut to what a column holds",
  (text) => {
    expect(moneyFromText(text, EUR)).toMatchObject({ ok: false, error: { code: "amount_too_large" } });
  },
);

test("nothing is converted, and rounding is to the nearest, halves away from zero", () => {
  expect(() => add(money(1n, EUR), money(1n, of("CHF")))).toThrow(/currencies differ/);
  expect([5n, -5n, 4n, 15n].map((n) => roundHalfUp(n, 10n))).toEqual([1n, -1n, 0n, 2n]);
});

/** Weights, losses and shares: no amounts, and nothing that is computed with amounts. */
const NO_AMOUNTS = new Set([
  "known_account.weight",
  "match_example.features",
  "match_model.weights",
  "match_model.loss_before",
  "match_model.loss_after",
  "open_item_list.share_limit",
]);

test("the store has no floating point, and every amount is a whole number", async () => {
  const columns = await kulanz.database.owner((tx) =>
    tx.rows<{ place: string; type: string }>(sql`
      select c.relname || '.' || a.attname as place, format_type(a.atttypid, null) as type
        from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`),
  );
  expect(columns.length).toBeGreaterThan(200);
  const floating = columns.filter(
    ({ place, type }) => /real|double|numeric|money/.test(type) && !NO_AMOUNTS.has(place),
  );
  expect(floating).toEqual([]);
  const amounts = columns.filter(({ place }) => /_minor$|\.open_(principal|interest|\w+_cost|total)$/.test(place));
  expect(amounts.length).toBeGreaterThan(12);
  expect(amounts.filter(({ type }) => type !== "bigint")).toEqual([]);
});

test("no source reads or rounds an amount as a floating-point number", () => {
  const src = resolve(import.meta.dirname, "../../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(150);
  const floating =
    /\bNumber\([^)]*([mM]inor|[aA]mount|openTotal|total[A-Z])|([mM]inor|[aA]mount)\b.*\.toFixed\(|Math\.(round|floor|ceil|trunc)\([^)]*([mM]inor|[aA]mount)/;
  // Doors show amounts (a cell of a spreadsheet, the width of a bar); they may not read them that way either.
  const wrong = files.flatMap((file) =>
    readFileSync(join(src, file), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        /\bparseFloat\(/.test(line) || (!file.startsWith("doors") && floating.test(line))
          ? [`${file}:${index + 1} ${line.trim()}`]
          : [],
      ),
  );
  expect(wrong).toEqual([]);
});
