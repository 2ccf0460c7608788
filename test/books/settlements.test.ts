/** Payouts of payment providers, from the file and the bank to the cent, whichever comes first. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entries } from "../../src/books/banking/index.ts";
import { creditors } from "../../src/books/customers/index.ts";
import { importFile, matchesOfFile, previewFile } from "../../src/books/intake/index.ts";
import {
  bookByHand,
  matchEntries,
  openReasonInWords,
  payoutLines,
  payouts,
  undoMatch,
} from "../../src/books/matching/index.ts";
import { casesOf, receivablesOf } from "../../src/books/receivables/index.ts";
import { handBack, handBackFile, reconcileTenant } from "../../src/books/reconciliation/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { AMAZON, PAYPAL, STRIPE } from "../formats/settlement/fixtures.ts";
import { camt053, type TestPayment } from "./banking-files.ts";
import { type Books, day, makeCustomer, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeEach(async () => {
  books = await openBooks();
});
afterEach(() => books.drop());

const take = (name: string, content: string | Buffer) =>
  importFile(books.platform, books.tenantId, SYSTEM, { name, content: Buffer.from(content) });
const match = () => matchEntries(books.platform, books.tenantId, SYSTEM, {});
const bank = (id: string, date: string, ...payments: TestPayment[]) =>
  take(`${id}.xml`, camt053({ id, date, payments }));

/** Items by order or invoice number, one customer each. */
async function owe(items: Readonly<Record<string, bigint>>): Promise<Map<string, CustomerId>> {
  return books.act(async (act) => {
    const made = new Map<string, CustomerId>();
    for (const [index, [number, amount]] of Object.entries(items).entries()) {
      const customerId = await makeCustomer(act, books, `K-${index + 1}`);
      const invoice = number.startsWith("RE-") ? number : `INV-${index + 1}`;
      await makeItem(act, books, customerId, invoice, amount, {
        ...(invoice === number ? {} : { orderNumber: number }),
        issuedOn: day("2025-12-01"),
        aroseOn: day("2025-12-01"),
        dueOn: day("2025-12-15"),
      });
      made.set(number, customerId);
    }
    return made;
  });
}
const openOf = async (customerId: CustomerId | undefined): Promise<bigint> => {
  if (!customerId) throw new Error("no customer");
  return books.act(async (act) =>
    (await receivablesOf(act, customerId)).reduce((sum, { openTotal }) => sum + openTotal, 0n),
  );
};
const entryNow = async () => {
  const [entry] = await books.act((act) => entries(act, { limit: 1 }));
  if (!entry) throw new Error("no entry");
  return entry;
};
/** Differences and what no step explains, of the bank's side. */
async function bankDifference(): Promise<unknown> {
  const reports = await reconcileTenant(books.platform, books.tenantId, SYSTEM);
  return reports.map(({ comparisons, differences }) => [
    comparisons.filter(({ kind }) => kind === "bank_ledger").map(({ differenceMinor }) => differenceMinor),
    differences.filter(({ kind }) => kind !== "statement_gap"),
  ]);
}
const state = async () => ({
  payouts: await books.act((act) => payouts(act)),
  matches: await books.act((act) =>
    act.tx.rows(sql`select match_id, amount_minor, state from match order by match_id`),
  ),
  postings: await books.act((act) => act.tx.rows(sql`select posting_id from posting order by posting_id`)),
  entries: await books.act((act) => entries(act, {})),
});

const STRIPE_ITEMS = { "B-1": 11_900n, "B-2": 5_000n, "B-0": 2_000n } as const;
const stripeCredit: TestPayment = { amount: "79.14", name: "Stripe Technology Europe Ltd", text: "STRIPE PAYOUT" };

/** What B-0 paid with an earlier payout, that the chargeback takes back. */
const EARLIER = STRIPE.split("\n")
  .slice(0, 2)
  .join("\n")
  .replace("po_1", "po_0")
  .replaceAll("2026-01-07", "2026-01-03")
  .replace("2026-01-05", "2026-01-02")
  .replace("119.00,1.91,117.09,charge,ch_1,pi_1,,B-1", "20.00,0.50,19.50,charge,ch_0,pi_0,,B-0");

describe("Stripe", () => {
  const earlier = async (): Promise<void> => {
    await take("earlier.csv", `${EARLIER}\n`);
    await bank("S0", "2026-01-03", { ...stripeCredit, amount: "19.50" });
    await match();
  };
  const checked = async (made: Map<string, CustomerId>): Promise<void> => {
    expect(await openOf(made.get("B-1"))).toBe(0n);
    // Refunded: owed again until the credit note comes, and not dunned meanwhile.
    expect(await openOf(made.get("B-2"))).toBe(5_000n);
    // Charged back: the case is open again.
    expect(await openOf(made.get("B-0"))).toBe(2_000n);
    const charged = made.get("B-0");
    expect(charged && (await books.act((act) => casesOf(act, [charged]))).map((one) => one.state)).toContain("open");
    const holds = await books.act((act) => act.tx.rows<{ ground: string }>(sql`select ground from hold`));
    expect(holds.map(({ ground }) => ground)).toEqual(["returned"]);
    expect((await books.act((act) => payouts(act))).map((one) => one.state)).toEqual(["settled", "settled"]);
    expect(
      (await books.act((act) => entries(act, {}))).map((one) => [one.status, one.customerId, one.settledMinor]),
    ).toEqual([
      ["booked", null, 7_914n],
      ["booked", null, 1_950n],
    ]);
    expect(await bankDifference()).toEqual([[[0n], []]]);
  };

  test("the file first: the credit is booked line by line when it comes; twice changes nothing", async () => {
    const made = await owe(STRIPE_ITEMS);
    await earlier();
    const report = await take("payout.csv", STRIPE);
    expect(report).toMatchObject({
      status: "ok",
      format: "Stripe settlement",
      records: 7,
      imported: { new: 5, known: 0 },
    });
    expect({
      ...(await previewFile({ name: "payout.csv", content: Buffer.from(STRIPE) })),
      imported: report.imported,
    }).toEqual(report);
    await match();
    expect(await openOf(made.get("B-1"))).toBe(11_900n);
    await bank("S1", "2026-01-07", stripeCredit);
    await match();
    await checked(made);
    // Gross, so that the fees are what is missing to the credit.
    const [told] = expectOk(await books.act((act) => matchesOfFile(act, "S1.xml")));
    expect(told).toMatchObject({ status: "booked", amount: "79.14" });
    expect(told?.booked).toEqual([
      { number: "INV-1", amount: "119.00" },
      { number: "INV-2", amount: "50.00" },
      { number: "INV-2", amount: "-50.00" },
      { number: "INV-3", amount: "-20.00" },
    ]);
    const before = await state();
    expect((await take("again.csv", STRIPE)).imported).toEqual({ new: 0, known: 5 });
    expect((await take("other.csv", `${STRIPE}\n`)).imported).toEqual({ new: 0, known: 5 });
    await match();
    expect(await state()).toEqual(before);
  });

  test("the bank first: the credit waits and is nobody's; the file books it", async () => {
    const made = await owe(STRIPE_ITEMS);
    // Somebody owes just this amount: by coincidence nothing is booked.
    const other = await books.act(async (act) => {
      const customerId = await makeCustomer(act, books, "K-99");
      await makeItem(act, books, customerId, "RE-0000099", 7_914n);
      return customerId;
    });
    await earlier();
    await bank("S1", "2026-01-07", { ...stripeCredit, text: "STRIPE PAYOUT RE-0000099" });
    await match();
    expect((await entryNow()).status).toBe("proposed");
    expect(await openOf(other)).toBe(7_914n);
    await take("payout.csv", STRIPE);
    await match();
    await checked(made);
    const entry = await entryNow();
    const hand = await books.act((act) => bookByHand(act, entry.entryId, other, []));
    expect(hand).toMatchObject({ ok: false, error: { code: "entry_already_booked" } });
    expect(await books.act((act) => undoMatch(act, entry.entryId))).toMatchObject({
      error: { code: "entry_is_payout" },
    });
  });

  test("what stops in between is done wholly the next time", async () => {
    const made = await owe(STRIPE_ITEMS);
    await earlier();
    await take("payout.csv", STRIPE);
    await bank("S1", "2026-01-07", stripeCredit);
    const before = await state();
    await books.kulanz.database.owner(async (tx) => {
      await tx.execute(sql`create function stop_here() returns trigger language plpgsql as
        $$ begin raise exception 'stopped'; end $$`);
      await tx.execute(sql`create trigger stop_here before update of settled_minor on bank_entry
        for each row execute function stop_here()`);
    });
    await expect(match()).rejects.toThrow("stopped");
    expect(await state()).toEqual(before);
    await books.kulanz.database.owner((tx) => tx.execute(sql`drop trigger stop_here on bank_entry`));
    await Promise.all([match(), match()]);
    await checked(made);
  });
});

test("PayPal: a refund in full, a line that finds no item stays visible and is booked when the item comes", async () => {
  const made = await owe({ "RE-1": 5_000n });
  await take("paypal.csv", PAYPAL);
  await bank("P1", "2026-01-08", {
    amount: "1157.60",
    name: "PayPal (Europe) S.a.r.l. et Cie., S.C.A.",
    text: "ABBUCHUNG VOM PAYPAL-KONTO",
  });
  await match();
  const [payout] = await books.act((act) => payouts(act));
  if (!payout) throw new Error("no payout");
  expect(payout).toMatchObject({ provider: "paypal", state: "partial" });
  const open = await books.act((act) => payoutLines(act, payout.fingerprint, "open"));
  expect(open.map(({ texts, grossMinor, reason }) => [texts?.invoiceNumber, grossMinor, reason])).toEqual([
    ["RE-2", 119_000n, "number_unknown"],
  ]);
  expect(open.map(({ reason }) => reason && openReasonInWords(reason, "de"))).toEqual(["Nummer ist unbekannt"]);
  expect(await entryNow()).toMatchObject({ status: "unmatched", settledMinor: 115_760n - 116_000n });
  expect(await bankDifference()).toEqual([[[0n], []]]);
  expect(await openOf(made.get("RE-1"))).toBe(5_000n);
  const entry = await entryNow();
  const [customerId] = [...made.values()];
  if (!customerId) throw new Error("no customer");
  expect(await books.act((act) => bookByHand(act, entry.entryId, customerId, []))).toMatchObject({
    error: { code: "entry_is_payout" },
  });

  const late = await books.act(async (act) => {
    const id = await makeCustomer(act, books, "K-50");
    await makeItem(act, books, id, "RE-2", 119_000n);
    return id;
  });
  await match();
  expect(await openOf(late)).toBe(0n);
  expect(await entryNow()).toMatchObject({ status: "booked", settledMinor: 115_760n });
  expect(await bankDifference()).toEqual([[[0n], []]]);
});

test("the provider's fees go back to the ERP, once a payout, from transit to the account of fees", async () => {
  await owe({ "RE-1": 5_000n, "RE-2": 119_000n });
  await take("paypal.csv", PAYPAL);
  await bank("P1", "2026-01-08", { amount: "1157.60", name: "PayPal (Europe)", text: "ABBUCHUNG" });
  await match();
  const made = () => books.act((act) => handBack(act, books.creditorId));
  expect(await made()).toMatchObject({
    ok: false,
    error: { code: "hand_back_accounts_missing", where: "provider_fee" },
  });
  await books.act((act) =>
    act.tx.execute(
      sql`update creditor set settings = ${JSON.stringify({
        handBack: { accounts: { provider_fee: "4970" }, transitAccount: "1460", payments: false },
      })}::jsonb`,
    ),
  );
  const [batch] = expectOk(await made());
  if (!batch) throw new Error("no batch");
  // 3.95 and 30.00 kept, 1.55 given back with the refund.
  expect(batch).toMatchObject({ lines: 1, byKind: [{ kind: "provider_fee", count: 1, minor: -3_240n }] });
  const file = expectOk(await books.act((act) => handBackFile(act, batch.batchId, "csv")));
  expect(Buffer.from(file.bytes).toString()).toContain(
    ",provider_fee,provider_fee,-32.40,EUR,1460,4970,,Gebühren PayPal T4",
  );
  expect(expectOk(await made())).toHaveLength(1);
});

test("a credit of the same amount from somebody else, or too late, is not the payout", async () => {
  const made = await owe(STRIPE_ITEMS);
  await take("payout.csv", STRIPE);
  await bank("X1", "2026-01-07", { ...stripeCredit, name: "Erika Musterfrau", text: "Danke" });
  await bank("X2", "2026-03-07", stripeCredit);
  await match();
  expect(await openOf(made.get("B-1"))).toBe(11_900n);
  expect((await books.act((act) => payouts(act))).map((one) => one.state)).toEqual(["waiting"]);
});

test("Amazon: lines of an order are one payment, the marketplace's fees don't reach the customer", async () => {
  const preview = await previewFile({ name: "a.txt", content: Buffer.from(AMAZON) });
  const report = await take("a.txt", AMAZON);
  expect(report).toMatchObject({ status: preview.status, warnings: preview.warnings });
  const [payout] = await books.act((act) => payouts(act));
  if (!payout) throw new Error("no payout");
  const lines = await books.act((act) => payoutLines(act, payout.fingerprint));
  const owed = new Map(
    lines.flatMap((line) =>
      line.grossMinor > 0n && line.texts?.orderNumber ? [[line.texts.orderNumber, line.grossMinor] as const] : [],
    ),
  );
  const made = await owe(Object.fromEntries(owed));
  const euros = `${payout.amountMinor / 100n}.${String(payout.amountMinor % 100n).padStart(2, "0")}`;
  await bank("A1", payout.paidOn ?? "2026-01-07", {
    amount: euros,
    name: "Amazon Payments Europe S.C.A.",
    text: payout.reference ?? "",
  });
  await match();
  const after = await books.act((act) => payoutLines(act, payout.fingerprint));
  expect(after.filter(({ kind, state: now }) => kind === "payment" && now !== "booked")).toEqual([]);
  expect(made.size).toBeGreaterThan(0);
  expect(await bankDifference()).toEqual([[[0n], []]]);
});

test("whatever a payout holds: bookings, fees and open lines are the credit to the cent", async () => {
  const made = await owe(
    Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`RE-${700 + index}`, 1_000n + BigInt(index) * 37n])),
  );
  const [of] = await books.act(creditors);
  const cents = (minor: number): string => (minor / 100).toFixed(2);
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          item: fc.integer({ min: 695, max: 715 }),
          gross: fc.integer({ min: 1, max: 4_000 }),
          fee: fc.integer({ min: 0, max: 90 }),
          kind: fc.constantFrom("charge", "charge", "charge", "refund", "dispute", "fee", "mystery"),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      async (drawn) => {
        round += 1;
        const rows = [...drawn, { item: 1, gross: 99_000 + round, fee: 1, kind: "charge" as const }].map(
          ({ item, gross, fee, kind }, index) => {
            const signed = kind === "charge" || kind === "mystery" ? gross : -gross;
            const id = kind === "refund" || kind === "dispute" ? `ch_${round}_x` : `ch_${round}_${index}`;
            return [
              `po_${round}`,
              "2026-01-07",
              `txn_${round}_${index}`,
              "2026-01-05",
              "eur",
              cents(signed),
              cents(fee),
              cents(signed - fee),
              kind,
              id,
              "",
              `RE-${item}`,
              "",
            ].join(",");
          },
        );
        const sum = rows.reduce((total, row) => total + Math.round(Number(row.split(",")[7]) * 100), 0);
        await take(`r${round}.csv`, `${STRIPE.split("\n")[0]}\n${rows.join("\n")}\n`);
        await bank(`R${round}`, "2026-01-08", { ...stripeCredit, amount: cents(sum) });
        await match();
        const settled = (await books.act((act) => payouts(act))).find(({ reference }) => reference === `po_${round}`);
        expect(settled?.state).not.toBe("waiting");
        const lines = settled ? await books.act((act) => payoutLines(act, settled.fingerprint)) : [];
        const booked = await books.act((act) =>
          act.tx.one<{ minor: bigint }>(sql`select coalesce(sum(amount_minor), 0)::bigint as minor from match
            where entry_fingerprint = ${settled?.entryFingerprint ?? null}`),
        );
        const fees = lines.filter((line) => line.state === "booked").reduce((total, line) => total + line.feeMinor, 0n);
        const bare = lines.filter((line) => line.state === "fee").reduce((total, line) => total + line.netMinor, 0n);
        const open = lines.filter((line) => line.state === "open").reduce((total, line) => total + line.netMinor, 0n);
        expect((booked?.minor ?? 0n) + fees + bare + open).toBe(BigInt(sum));
        expect(await bankDifference()).toEqual([[[0n], []]]);
      },
    ),
    { numRuns: process.env["KULANZ_SOAK"] ? 100 : 6 },
  );
  expect(of).toBeDefined();
  expect(made.size).toBe(12);
}, 60_000);
