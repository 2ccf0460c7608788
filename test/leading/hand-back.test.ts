/** Fees, interest and waivers go back to the ERP: each posting once, the same batch always the same file. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { handBack, handBackBatches, handBackFile, markBatch } from "../../src/books/reconciliation/index.ts";
import { post, type PostingInput, receivablesOf, reverseBooking } from "../../src/books/receivables/index.ts";
import { expectOk, type Uuid } from "../../src/pure/kernel/index.ts";
import { type Books, day } from "../books/books.ts";
import { customerOf, list, openLed, put } from "./setting.ts";

const settings = {
  handBack: {
    accounts: { interest: "2650", dunning_cost: "8620", write_off: "2400" },
    taxKeys: { write_off: "3" },
    customerAccount: "10000",
    datev: { consultant: 1001, client: 1, accountLength: 4, chart: "03" },
  },
};
let books: Books;
beforeAll(async () => {
  books = await openLed("erp", settings);
  await put(books, "1.csv", list([{ number: "R-1", amount: "100.00" }]));
});
afterAll(() => books.drop());

async function charge(
  kind: PostingInput["kind"],
  component: PostingInput["component"],
  amountMinor: bigint,
  on = "2026-05-20",
): Promise<Uuid> {
  const customerId = await customerOf(books);
  return books.act(async (act) => {
    const [item] = await receivablesOf(act, customerId);
    if (!item) throw new Error("no item");
    const { receivableId, currency } = item;
    const bookingId = act.tx.newId<Uuid>();
    await post(
      act,
      [{ customerId, receivableId, currency, kind, component, amountMinor, valueOn: day(on) }],
      bookingId,
    );
    return bookingId;
  });
}
const text = async (batchId: Uuid, format: "datev" | "csv"): Promise<string> =>
  Buffer.from(expectOk(await books.act((act) => handBackFile(act, batchId, format))).bytes).toString("latin1");
const next = async () => expectOk(await books.act((act) => handBack(act, books.creditorId)));

test("without an account for a kind nothing is handed back", async () => {
  const bookingId = await charge("discount", "principal", -100n);
  expect(await books.act((act) => handBack(act, books.creditorId))).toMatchObject({
    ok: false,
    error: { code: "hand_back_accounts_missing", where: "discount" },
  });
  expectOk(
    await books.act(async (act) =>
      reverseBooking(act, await customerOf(books), bookingId, { valueOn: day("2026-05-20"), kind: "correction" }),
    ),
  );
});

test("a batch of fees, interest and waivers, as DATEV and CSV; what was undone within it is left out", async () => {
  await charge("interest", "interest", 123n);
  await charge("cost", "dunning_cost", 500n);
  await charge("write_off", "principal", -1000n);
  const wrong = await charge("write_off", "principal", -77n);
  expectOk(
    await books.act(async (act) =>
      reverseBooking(act, await customerOf(books), wrong, { valueOn: day("2026-05-20"), kind: "correction" }),
    ),
  );
  const [batch] = await next();
  expect(batch).toMatchObject({ number: 1, lines: 3, from: "2026-05-20", fetchedAt: null });
  const csv = await text(batch?.batchId ?? "", "csv");
  expect(
    csv
      .split("\r\n")
      .slice(1, -1)
      .map((line) => line.split(",").slice(6, 13).join(" "))
      .sort(),
  ).toEqual([
    "dunning_cost dunning_cost 5.00 EUR 10000 8620 ",
    "interest interest 1.23 EUR 10000 2650 ",
    "write_off principal -10.00 EUR 10000 2400 3",
  ]);
  const datev = await text(batch?.batchId ?? "", "datev");
  expect(
    datev
      .split("\r\n")
      .filter((line) => /^\d/.test(line))
      .sort(),
  ).toMatchObject([
    expect.stringMatching(/^1,23;"S";.*10000;2650;/),
    expect.stringMatching(/^10,00;"H";.*10000;2400;"?3"?;/),
    expect.stringMatching(/^5,00;"S";.*10000;8620;/),
  ]);
});

test("the same batch is the same file, and comes again until it was fetched; then nothing is left", async () => {
  const [again] = await next();
  const [first] = await books.act((act) => handBackBatches(act));
  expect(again?.batchId).toBe(first?.batchId);
  const id = first?.batchId ?? "";
  expect(await text(id, "datev")).toBe(await text(id, "datev"));
  await books.act((act) => markBatch(act, id, "fetched"));
  expect(await next()).toEqual([]);
});

test("two at the same time, and two fiscal years: every posting once", async () => {
  await charge("interest", "interest", 11n, "2025-12-31");
  await charge("interest", "interest", 12n, "2026-01-01");
  await Promise.all([next(), next(), next()]);
  const batches = (await next()).map(({ number, lines, from }) => [number, lines, from]);
  expect(batches).toEqual([
    [2, 1, "2025-12-31"],
    [3, 1, "2026-01-01"],
  ]);
});
