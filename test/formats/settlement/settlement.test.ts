import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSettlement, reportFile, type Settlement, settlementMapping } from "../../../src/pure/formats/index.ts";
import { SETTLEMENT_MAPPINGS } from "../../../src/pure/formats/settlement/mappings.ts";
import { formatDecimal } from "../../../src/pure/kernel/index.ts";
import { ADYEN, AMAZON, KLARNA, MOLLIE, PAYPAL, STRIPE } from "./fixtures.ts";

function read(text: string): Settlement {
  const found = readSettlement(Buffer.from(text));
  if (!found.ok) throw new Error(`${found.error.code} ${found.error.where}`);
  return found.value;
}
/** kind, order, invoice, gross, fee, net. */
const lines = (settlement: Settlement, payout = 0): unknown[] =>
  (settlement.payouts[payout]?.lines ?? []).map((line) => [
    line.kind,
    line.orderNumber,
    line.invoiceNumber,
    ...[line.gross, line.fee, line.net].map((amount) => formatDecimal(amount)),
  ]);
const payouts = (settlement: Settlement): unknown[] =>
  settlement.payouts.map(({ reference, date, currency, amount, reconciles }) => [
    reference,
    date,
    currency,
    formatDecimal(amount),
    reconciles,
  ]);

describe("settlement files", () => {
  test("Stripe", () => {
    const settlement = read(STRIPE);
    expect(settlement).toMatchObject({ provider: "stripe", currency: "EUR", records: 7, warnings: [] });
    expect(payouts(settlement)).toEqual([["po_1", "2026-01-07", "EUR", "79.14", true]]);
    expect(lines(settlement)).toEqual([
      ["payment", "B-1", null, "119.00", "-1.91", "117.09"],
      ["payment", "B-2", "RE-2", "50.00", "-0.95", "49.05"],
      ["refund", "B-2", "RE-2", "-50.00", "0.00", "-50.00"],
      ["chargeback", "B-0", null, "-20.00", "-15.00", "-35.00"],
      ["fee", null, null, "0.00", "-2.00", "-2.00"],
    ]);
    expect(settlement.open.map(({ orderNumber }) => orderNumber)).toEqual(["B-9"]);
  });
  test("PayPal, newest first, in German; what is pending did not happen", () => {
    const settlement = read(PAYPAL);
    expect(settlement.warnings).toEqual([]);
    expect(payouts(settlement)).toEqual([["T4", "2026-01-07", "EUR", "1157.60", true]]);
    expect(lines(settlement)).toEqual([
      ["payment", null, "RE-1", "50.00", "-3.95", "46.05"],
      ["payment", null, "RE-2", "1190.00", "-30.00", "1160.00"],
      ["refund", null, "RE-1", "-50.00", "1.55", "-48.45"],
    ]);
    expect(settlement.payouts[0]?.lines[2]?.original).toBe("T1");
    expect(settlement.open.map(({ invoiceNumber }) => invoiceNumber)).toEqual(["RE-5"]);
  });
  test("Adyen", () => {
    const settlement = read(ADYEN);
    expect(settlement.warnings).toEqual([]);
    expect(payouts(settlement)).toEqual([["77", "2026-01-07", "EUR", "87.00", true]]);
    expect(lines(settlement)).toEqual([
      ["payment", "B-1", null, "100.00", "-1.50", "98.50"],
      ["payment", "B-2", null, "40.00", "-1.00", "39.00"],
      ["refund", "B-1", null, "-30.00", "-0.10", "-30.10"],
      ["chargeback", "B-0", null, "-10.00", "-7.50", "-17.50"],
      ["fee", null, null, "0.00", "-2.90", "-2.90"],
    ]);
  });
  test("Mollie states no amount of its own", () => {
    const settlement = read(MOLLIE);
    expect(payouts(settlement)).toEqual([["1182161.2601.01", null, "EUR", "33.45", null]]);
    expect(lines(settlement)).toEqual([
      ["payment", "B-1", null, "35.00", "0.00", "35.00"],
      ["payment", "B-2", null, "60.00", "0.00", "60.00"],
      ["refund", "B-2", null, "-60.00", "0.00", "-60.00"],
      ["fee", null, null, "0.00", "-1.55", "-1.55"],
    ]);
  });
  test("Klarna", () => {
    const settlement = read(KLARNA);
    expect(payouts(settlement)).toEqual([["KL-77", "2026-01-09", "EUR", "57.51", null]]);
    expect(lines(settlement).map((line) => (line as string[]).slice(0, 3))).toEqual([
      ["payment", "B-1", "RE-1"],
      ["fee", "B-1", "RE-1"],
      ["refund", "B-0", "RE-0"],
    ]);
  });
  test("Amazon: the parts of an order are one line", () => {
    const settlement = read(AMAZON);
    expect(settlement.warnings).toEqual([]);
    expect(payouts(settlement)).toEqual([["1001", "2026-01-07", "EUR", "66.95", true]]);
    expect(lines(settlement)).toEqual([
      ["payment", "302-1", null, "100.00", "-15.00", "85.00"],
      ["refund", "302-0", null, "-20.00", "1.95", "-18.05"],
    ]);
  });

  test("what doesn't add up is taken, with a warning", () => {
    const settlement = read(AMAZON.replace("66,95", "66,96"));
    expect(payouts(settlement)).toEqual([["1001", "2026-01-07", "EUR", "66.96", false]]);
    expect(settlement.warnings).toMatchObject([
      { code: "settlement_does_not_add_up", message: expect.stringMatching(/by 0\.01\.$/) },
    ]);
    expect(read(STRIPE.replace("1.91,117.09", "1.91,117.08")).warnings.map(({ code }) => code)).toEqual([
      "settlement_line_differs",
      "settlement_does_not_add_up",
    ]);
  });
  test("several payouts and currencies in one file", () => {
    const more = STRIPE.split("\n")
      .slice(1, -1)
      .map((row) => row.replace("po_1", "po_2").replace(",eur,", ",usd,"));
    const settlement = read(`${STRIPE}${more.join("\n")}\n`);
    expect(settlement.currency).toBeNull();
    expect(payouts(settlement)).toEqual([
      ["po_1", "2026-01-07", "EUR", "79.14", true],
      ["po_2", "2026-01-07", "USD", "79.14", true],
    ]);
  });
  test("the report tells the provider and the records", async () => {
    for (const [text, format, records] of [
      [STRIPE, "Stripe settlement", 7],
      [PAYPAL, "PayPal settlement", 6],
      [ADYEN, "Adyen settlement", 6],
      [MOLLIE, "Mollie settlement", 4],
      [KLARNA, "Klarna settlement", 3],
      [AMAZON, "Amazon settlement", 6],
    ] as const) // prettier-ignore
      expect(await reportFile("x", [Buffer.from(text)])).toMatchObject({
        format,
        records,
        status: "ok",
        // A charge of the last day waits for its payout.
        warnings: text === STRIPE || text === PAYPAL ? [expect.stringContaining("One line is not paid out")] : [],
      });
  });

  test("the sum of the lines is the payout, or a warning says so", () => {
    const cents = fc.integer({ min: -100_000, max: 100_000 });
    const text = (value: number): string => (value / 100).toFixed(2);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cents, fc.nat(2_000)), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: -2, max: 2 }),
        (rows, off) => {
          const head = STRIPE.split("\n")[0] ?? "";
          const body = rows.map(
            ([gross, fee], index) =>
              `po_1,2026-01-07,t${index},2026-01-05,eur,${text(gross)},${text(fee)},${text(gross - fee)},charge,c,p,,B-${index}`,
          );
          const sum = rows.reduce((so, [gross, fee]) => so + gross - fee, 0) + off;
          const settlement = read(
            `${[head, ...body, `po_1,2026-01-07,tx,2026-01-07,eur,${text(-sum)},0.00,${text(-sum)},payout,,,,`].join("\n")}\n`,
          );
          expect(settlement.payouts[0]?.reconciles).toBe(off === 0);
          expect(settlement.warnings.length).toBe(off === 0 ? 0 : 1);
        },
      ),
      { numRuns: 60, seed: 2 },
    ); // prettier-ignore
  });
});

describe("mappings are data", () => {
  test("all that ship are valid, each with an id of its own", () => {
    for (const mapping of SETTLEMENT_MAPPINGS)
      expect(settlementMapping(JSON.parse(JSON.stringify(mapping))).ok).toBe(true);
    expect(new Set(SETTLEMENT_MAPPINGS.map(({ id }) => id)).size).toBe(6);
  });
  test("a provider of one's own", () => {
    const mapping = settlementMapping({
      id: "own_pay",
      provider: "OwnPay",
      layout: "daily",
      signature: [["Ref"], ["Cents"], ["What"]],
      columns: { kind: [["What"]], date: ["Day"], reference: ["Ref"], order: ["Order"] },
      amounts: { net: { column: ["Cents"] }, fees: [], feeSign: "signed", minorUnits: true },
      kinds: [{ kind: "payment", is: ["in"] }],
      payouts: { by: "column", reference: ["Batch"] },
      joinByOrder: false,
    });
    if (!mapping.ok) throw new Error(mapping.error.where);
    const found = readSettlement(Buffer.from("Ref,Cents,What,Day,Order,Batch\n1,1999,in,2026-01-05,B-1,9\n"), [
      mapping.value,
    ]);
    expect(found).toMatchObject({ ok: true, value: { provider: "own_pay", payouts: [{ reference: "9" }] } });
    if (found.ok) expect(lines(found.value)).toEqual([["payment", "B-1", null, "19.99", "0.00", "19.99"]]);
  }); // prettier-ignore
  test.each<[string, unknown, string]>([
    ["nothing", {}, "id"],
    ["a kind that is none", { ...SETTLEMENT_MAPPINGS[0], kinds: [{ kind: "gift", is: ["x"] }] }, "kinds.0.kind"],
    ["a field that is none", { ...SETTLEMENT_MAPPINGS[0], script: "x" }, ""],
  ])("%s is refused", (_, data, where) => {
    const mapping = settlementMapping(data);
    expect(mapping.ok ? "read" : mapping.error).toMatchObject({ code: "settlement_mapping_invalid", where });
  });
  test.each<[string, string, string]>([
    ["another table", "a,b,c\n1,2,3\n", "settlement_unknown"],
    ["a header alone", STRIPE.split("\n")[0] ?? "", "settlement_without_lines"],
    ["an open quote", `${STRIPE}"`, "csv_quote_open"],
  ])("%s is refused", (_, text, code) => {
    const found = readSettlement(Buffer.from(text));
    expect(found.ok ? "read" : found.error.code).toBe(code);
  });
});
