/** The statement of account: its sums are the ledger's on every day, also over merged files; each payment adds up. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mergeCustomers, undoMerge } from "../../../src/books/duplicates/index.ts";
import {
  balanceByComponent,
  bookPayment,
  claimOn,
  COMPONENTS,
  type OpenAmounts,
  post,
  postInterest,
  receivablesOf,
  reverseBooking,
  setDefault,
  settleOnAccount,
  type StatementOfAccount,
  statementsOfAccount,
  takeReceivables,
} from "../../../src/books/receivables/index.ts";
import type { Act } from "../../../src/platform/access/index.ts";
import { sql } from "../../../src/platform/database/index.ts";
import {
  addDays,
  type CustomerId,
  EUR,
  expectOk,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../../src/pure/kernel/index.ts";
import { type Books, day, itemInput, makeCreditor, makeCustomer, makeItem, openBooks } from "../books.ts";

const RUNS = process.env["KULANZ_SOAK"] ? 500 : 25;
const FIRST = day("2025-05-01");
const on = (offset: number): PlainDate => addDays(FIRST, offset);

let books: Books;
/** Counts interest from the first day of default. */
let strict: Pick<Books, "creditorId" | "brandId">;
let count = 0;
beforeAll(async () => {
  books = await openBooks();
  strict = await books.act((act) => makeCreditor(act, "DE75512108001245126199", "strict", { interest: "always" }));
});
afterAll(() => books.drop());

const sum = (amounts: OpenAmounts): bigint => COMPONENTS.reduce((total, part) => total + amounts[part], 0n);

/** What the ledger says of the same day, read by other functions, one file after the other. */
async function ledgerOn(act: Act, files: readonly CustomerId[], asOf: PlainDate) {
  const open = { principal: 0n, interest: 0n, dunning_cost: 0n, collection_cost: 0n };
  let accrued = 0n;
  for (const file of files) {
    for (const balance of await balanceByComponent(act, file, asOf))
      for (const part of COMPONENTS) open[part] += balance.byComponent[part];
    for (const claim of (await claimOn(act, file, asOf)).values())
      for (const charge of claim.charges) accrued += charge.amountMinor;
  }
  return { open, accruedMinor: accrued, totalMinor: sum(open) + accrued };
}

/** Everything in it adds up by itself. */
function checkInside(statement: StatementOfAccount): void {
  for (const item of statement.items) {
    const moved = item.movements.map(({ change }) => change);
    for (const part of COMPONENTS)
      expect(moved.reduce((total, change) => total + change[part], 0n)).toBe(item.open[part]);
    expect(item.totalMinor).toBe(sum(item.open) + item.accruedMinor);
    expect(item.movements.every(({ on: at }) => at <= statement.asOf)).toBe(true);
    expect([...item.movements].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))).toEqual(item.movements);
    if ("segments" in item.interest) {
      const { segments, wholeMinor } = item.interest;
      const exact = segments.reduce((total, { exact: { numerator, denominator } }) => total + Number(numerator) / Number(denominator), 0);
      expect(Math.abs(exact - Number(wholeMinor))).toBeLessThanOrEqual(0.5001);
      for (const segment of segments) expect(segment.to <= statement.asOf).toBe(true);
    }
  }
  for (const payment of statement.payments)
    expect(payment.parts.reduce((total, part) => total + sum(part.paid), 0n)).toBe(payment.amountMinor);
  expect(statement.items.reduce((total, item) => total + item.totalMinor, 0n)).toBe(statement.totalMinor);
} // biome-ignore format: sums in one line

const amount = fc.bigInt({ min: 1n, max: 90_000n });
const offset = fc.integer({ min: 0, max: 420 });
const item = fc.record({ amount, due: fc.integer({ min: 0, max: 60 }), defaulted: fc.boolean() });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("pay" as const), amount, on: offset, pick: fc.option(fc.nat(5)) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cost" as const), amount: fc.bigInt({ min: 1n, max: 500n }), on: offset, pick: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("interest" as const), on: offset }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("waive" as const), on: offset, pick: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("return" as const, "correct" as const), on: offset, pick: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("settle" as const), on: offset }) },
); // biome-ignore format: one kind a line

async function live(
  act: Act,
  items: readonly { amount: bigint; due: number; defaulted: boolean }[],
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
): Promise<CustomerId> {
  const customerId = await makeCustomer(act, books, `SA-${(count += 1)}`);
  const { new: ids } = await takeReceivables(
    act,
    items.map((one, index) =>
      itemInput(strict, customerId, `SA-${count}-${index}`, one.amount, {
        issuedOn: on(-5), aroseOn: on(-5), dueOn: on(one.due),
      }),
    ),
  ); // biome-ignore format: one item
  await setDefault(
    act,
    items.flatMap((one, index) => {
      const receivableId = ids[index];
      return one.defaulted && receivableId
        ? [{ customerId, receivableId, since: on(one.due + 1), ground: "§ 286 II 1 BGB" }]
        : [];
    }),
  );
  const paid: Uuid[] = [];
  for (const one of steps) {
    const picked = ids["pick" in one && one.pick !== null ? one.pick % ids.length : 0] as ReceivableId;
    if (one.do === "pay") {
      const designated = one.pick === null ? [] : [picked];
      const scope = { customerId, creditorId: strict.creditorId, currency: EUR };
      paid.push((await bookPayment(act, { ...scope, amountMinor: one.amount, valueOn: on(one.on), designated })).bookingId);
    } else if (one.do === "cost")
      await post(act, [{ customerId, receivableId: picked, kind: "cost", component: "dunning_cost", amountMinor: one.amount, currency: EUR, valueOn: on(one.on), ground: "§ 280 I, II, § 286 BGB" }], act.tx.newId<Uuid>());
    else if (one.do === "waive") {
      // As a person does it: all that stands of the claim, without a ground.
      const stands = (await receivablesOf(act, customerId)).find(({ receivableId }) => receivableId === picked)?.open.principal ?? 0n;
      if (stands > 0n) await post(act, [{ customerId, receivableId: picked, kind: "write_off", component: "principal", amountMinor: -stands, currency: EUR, valueOn: on(one.on) }], act.tx.newId<Uuid>());
    } else if (one.do === "interest") await postInterest(act, customerId, on(one.on), ids);
    else if (one.do === "settle") await settleOnAccount(act, customerId, on(one.on));
    else {
      const bookingId = paid[one.pick % Math.max(paid.length, 1)];
      if (bookingId === undefined) continue;
      await reverseBooking(act, customerId, bookingId, { valueOn: on(one.on), kind: one.do === "return" ? "return" : "correction" });
    }
  }
  return customerId;
} // biome-ignore format: one act a line

describe("any history, on any day", () => {
  test("sums are those of the ledger, and every part adds up", async () => {
    const one = fc.tuple(fc.array(item, { minLength: 1, maxLength: 3 }), fc.array(step, { maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(one, one, fc.array(offset, { minLength: 2, maxLength: 3 }), fc.boolean(), (a, b, days, apart) =>
        books.act(async (act) => {
          const files = [await live(act, ...a), await live(act, ...b)] as const;
          const check = async (of: readonly CustomerId[]): Promise<void> => {
            for (const asOf of days.map(on)) {
              const [statement] = expectOk(await statementsOfAccount(act, of[0] as CustomerId, { asOf }));
              if (!statement) throw new Error("no statement");
              expect({
                open: statement.open, accruedMinor: statement.accruedMinor, totalMinor: statement.totalMinor,
              }).toEqual(await ledgerOn(act, of, asOf)); // biome-ignore format: one comparison
              checkInside(statement);
            }
          };
          await check([files[0]]);
          const merge = expectOk(await mergeCustomers(act, files[0], files[1], []));
          await check(files);
          // A file that was merged answers for the one that leads.
          const [same] = expectOk(await statementsOfAccount(act, files[1], { asOf: on(400) }));
          expect(same?.customerId).toBe(files[0]);
          // What moves a history is no line of it: one claim an invoice, and only payments that paid.
          for (const { kind, movements } of same?.items ?? [])
            if (kind === "invoice") expect(movements.filter((one) => one.kind === "claim")).toHaveLength(1);
          for (const { amountMinor } of same?.payments ?? []) expect(amountMinor > 0n).toBe(true);
          if (!apart) return;
          expectOk(await undoMerge(act, files[0], merge, []));
          await check([files[0]]);
          await check([files[1]]);
        }),
      ),
      { numRuns: RUNS },
    );
  }, 1_800_000);
});

describe("one account a clerk can follow", () => {
  test("component, rate, period, days, payment, allocation, paragraph", async () => {
    await books.act(async (act) => {
      const customerId = await makeCustomer(act, books, "SA-clerk");
      const id = await makeItem(act, strict, customerId, "RE-clerk", 100_000n, {
        issuedOn: day("2025-02-01"), aroseOn: day("2025-02-01"), dueOn: day("2025-03-31"),
      }); // biome-ignore format: one item
      await setDefault(act, [
        { customerId, receivableId: id, since: day("2025-04-01"), ground: "§ 286 Abs. 2 Nr. 1 BGB" },
      ]);
      await bookPayment(act, {
        customerId,
        creditorId: strict.creditorId,
        amountMinor: 50_000n,
        currency: EUR,
        valueOn: day("2025-08-01"),
        designated: [],
      });
      const [statement] = expectOk(await statementsOfAccount(act, customerId, { asOf: day("2025-12-31") }));
      const [only] = statement?.items ?? [];
      // 1,000.00 at 7.27 % for 91 days, at 6.27 % for 31 days: 18.1252 + 5.3252 = 23.45 before the payment (§ 367 I).
      expect(only?.movements).toMatchObject([
        { kind: "claim", on: "2025-02-01", change: { principal: 100_000n } },
        { kind: "interest", on: "2025-08-01", change: { interest: 2_345n }, law: "§ 288 I BGB, § 247 BGB" },
        {
          kind: "payment",
          on: "2025-08-01",
          change: { interest: -2_345n, principal: -47_655n },
          law: "§ 367 I BGB",
          openAfter: { principal: 52_345n, interest: 0n },
        },
      ]);
      expect(only?.interest).toMatchObject({
        law: "§ 288 I BGB, § 247 BGB",
        postedMinor: 2_345n,
        provisional: false,
        segments: [
          { from: "2025-04-01", to: "2025-06-30", days: 91, ratePercent: "7.27", principal: 100_000n },
          { from: "2025-07-01", to: "2025-07-31", days: 31, ratePercent: "6.27", principal: 100_000n },
          { from: "2025-08-01", to: "2025-12-31", days: 153, ratePercent: "6.27", principal: 52_345n },
        ],
      });
      expect(statement?.payments).toMatchObject([
        {
          on: "2025-08-01",
          amountMinor: 50_000n,
          parts: [{ number: "RE-clerk", paid: { interest: 2_345n, principal: 47_655n } }],
        },
      ]);
      expect(statement).toMatchObject({ open: { principal: 52_345n, interest: 0n }, accruedMinor: 1_376n, totalMinor: 53_721n });
      // The day before the payment knows nothing of it; a day whose base rate is not published is provisional.
      const [before] = expectOk(await statementsOfAccount(act, customerId, { asOf: day("2025-07-31") }));
      expect(before).toMatchObject({ open: { principal: 100_000n }, accruedMinor: 2_345n, payments: [], provisional: false });
      const [ahead] = expectOk(await statementsOfAccount(act, customerId, { asOf: addDays(day("2026-06-01"), 300) }));
      expect(ahead?.provisional).toBe(true);
      const far = await statementsOfAccount(act, customerId, { asOf: day("2199-01-01") });
      expect(far).toMatchObject({ ok: false, error: { code: "statement_day_too_far" } });
    });
  }); // biome-ignore format: sums in one line

  test("a customer of another country bears no interest by German law, and the reason is named", async () => {
    await books.act(async (act) => {
      const customerId = await makeCustomer(act, books, "SA-abroad");
      const id = await makeItem(act, strict, customerId, "RE-abroad", 100_000n, {
        issuedOn: day("2025-03-01"),
        dueOn: day("2025-03-31"),
      });
      await setDefault(act, [{ customerId, receivableId: id, since: day("2025-04-01") }]);
      await act.tx.execute(sql`update customer set country = 'AT' where customer_id = ${customerId}`);
      const [statement] = expectOk(await statementsOfAccount(act, customerId, { asOf: day("2025-12-31") }));
      expect(statement).toMatchObject({
        lawUnsupported: true,
        totalMinor: 100_000n,
        items: [{ interest: { none: "law_country_unsupported" } }],
      });
    });
  });

  test("one creditor and one currency at a time; nobody unknown has one", async () => {
    await books.act(async (act) => {
      const customerId = await makeCustomer(act, books, "SA-two");
      await makeItem(act, strict, customerId, "RE-strict", 100n);
      await makeItem(act, books, customerId, "RE-other", 200n);
      const all = expectOk(await statementsOfAccount(act, customerId));
      expect(all.map(({ totalMinor }) => totalMinor).sort()).toEqual([100n, 200n]);
      const one = expectOk(await statementsOfAccount(act, customerId, { creditorId: books.creditorId }));
      expect(one).toMatchObject([{ totalMinor: 200n, items: [{ interest: { none: "not_in_default" } }] }]);
      expect(await statementsOfAccount(act, act.tx.newId<CustomerId>())).toMatchObject({
        ok: false,
        error: { code: "customer_not_found" },
      });
    });
  });
});
