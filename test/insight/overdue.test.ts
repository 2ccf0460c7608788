import { afterAll, beforeAll, expect, test } from "vitest";
import { createTask, keepCases, placeHold } from "../../src/books/receivables/index.ts";
import { bookPayment } from "../../src/books/receivables/index.ts";
import { ageing, overdueParts, receivedByWeek, waitingCounts } from "../../src/oversight/insight/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type Currency, type CustomerId, EUR, expectOk } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openOutreach, type Outreach } from "../outreach/outreach.ts";

const TODAY = day("2026-06-01");
let outreach: Outreach;
const made = new Map<string, CustomerId>();

async function owing(name: string, minor: bigint, dueOn: string): Promise<CustomerId> {
  const id = await outreach.makeReachable(name);
  made.set(name, id);
  await outreach.act(async (act) => {
    await makeItem(act, outreach, id, `R-${name}`, minor, {
      issuedOn: day("2025-12-01"),
      aroseOn: day("2025-12-01"),
      dueOn: day(dueOn),
    });
    await keepCases(act, [id], TODAY);
  });
  return id;
}

beforeAll(async () => {
  outreach = await openOutreach();
});
afterAll(() => outreach.drop());

test("every overdue cent stands in one place, to the cent, and nowhere twice", async () => {
  await owing("waits", 1_001n, "2026-05-31");
  const told = await owing("told", 2_002n, "2026-05-18");
  const held = await owing("held", 4_004n, "2026-05-17");
  const disputed = await owing("disputed", 8_008n, "2026-05-01");
  const asked = await owing("asked", 16_016n, "2026-03-01");
  const away = await owing("away", 32_032n, "2026-01-01");
  await owing("not due", 64_064n, "2026-06-01");
  await outreach.act(async (act) => {
    await act.tx.execute(
      sql`update receivable set stage = 'reminder', stage_on = '2026-05-25' where customer_id = ${told}`,
    );
    expectOk(await placeHold(act, { customerId: held, ground: "manual", startsOn: TODAY, endsOn: day("2026-06-30") }));
    // Also disputed and held: it stands once.
    for (const ground of ["manual", "dispute"] as const)
      expectOk(await placeHold(act, { customerId: disputed, ground, startsOn: TODAY }));
    await createTask(act, { customerId: asked, kind: "hand_over", amountMinor: 16_016n, currency: EUR, dueOn: TODAY });
    await act.tx.execute(sql`update dunning_case set state = 'handed_over' where customer_id = ${away}`);
  });
  const parts = await outreach.act((act) => overdueParts(act, outreach.creditorId, TODAY));
  expect(Object.fromEntries(parts.map(({ part, amount }) => [part, amount]))).toEqual({
    waiting: 1_001n,
    stage: 2_002n,
    hold: 4_004n,
    objection: 8_008n,
    person: 16_016n,
    handed_over: 32_032n,
  });
  const bands = await outreach.act((act) => ageing(act, undefined, TODAY, EUR));
  // 1 to 14 days: 31 May and 18 May; 15 to 30: 17 May; 31 to 60: 1 May; over 90: 1 March and 1 January.
  expect(bands).toEqual([3_003n, 4_004n, 8_008n, 0n, 48_048n]);
});

test("without a strategy what is overdue and with nobody is forgotten", async () => {
  await outreach.act((act) => act.tx.execute(sql`update strategy_version set retired_at = ${act.tx.now}`));
  const parts = await outreach.act((act) => overdueParts(act, undefined, TODAY));
  expect(parts.find(({ part }) => part === "forgotten")?.amount).toBe(1_001n + 2_002n);
  await outreach.act((act) => act.tx.execute(sql`update strategy_version set retired_at = null`));
});

test("an ended hold holds no more, one that begins later not yet", async () => {
  const later = await owing("later", 500n, "2026-05-20");
  await outreach.act(async (act) => {
    expectOk(await placeHold(act, { customerId: later, ground: "manual", startsOn: day("2026-06-02") }));
    expectOk(
      await placeHold(act, {
        customerId: later,
        ground: "manual",
        startsOn: day("2026-05-01"),
        endsOn: day("2026-05-31"),
      }),
    );
  });
  const parts = await outreach.act((act) => overdueParts(act, undefined, TODAY));
  expect(parts.find(({ part }) => part === "hold")?.amount).toBe(4_004n);
});

test("received by week counts payments by value date, not what was taken back", async () => {
  const customerId = made.get("waits");
  if (!customerId) throw new Error("no customer");
  const pay = (amountMinor: bigint, valueOn: string) =>
    outreach.act((act) =>
      bookPayment(act, {
        customerId,
        creditorId: outreach.creditorId,
        brandId: outreach.brandId,
        amountMinor,
        currency: EUR,
        valueOn: day(valueOn),
        designated: [],
      }),
    );
  await pay(300n, "2026-05-31"); // Sunday
  await pay(200n, "2026-06-01"); // Monday
  const weeks = await outreach.act((act) => receivedByWeek(act, undefined, TODAY, EUR, 3));
  expect(weeks).toEqual([
    { monday: "2026-05-18", amount: 0n },
    { monday: "2026-05-25", amount: 300n },
    { monday: "2026-06-01", amount: 200n },
  ]);
  expect(await outreach.act((act) => receivedByWeek(act, undefined, TODAY, "CHF" as Currency, 1))).toEqual([
    { monday: "2026-06-01", amount: 0n },
  ]);
});

test("counts tell how much waits", async () => {
  const counts = await outreach.act((act) => waitingCounts(act, undefined, TODAY));
  expect(counts).toMatchObject({ tasks: 1, holds: 3, proposed: 0, parked: 0 });
});
