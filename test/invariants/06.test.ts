/** Invariant 6: decisions are replayable. What a row stores is enough to decide the same again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bookPayment, placeHold } from "../../src/books/receivables/index.ts";
import {
  type Advice,
  decide,
  type Decision,
  type Situation,
  strategySchema,
} from "../../src/outreach/dunning/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { addDays, type CustomerId, EUR, expectOk, seededRandom } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openSetting, type Setting } from "./setting.ts";

let s: Setting;
beforeAll(async () => {
  s = await openSetting();
});
afterAll(() => s.drop());

interface Row {
  readonly outcome: Decision["outcome"];
  readonly stage: string | null;
  readonly seed: bigint;
  readonly situation: Situation;
  readonly advice: Advice;
  readonly candidates: Decision["candidates"];
  readonly blockers: Decision["blockers"];
  readonly choice: Decision["choice"];
  readonly next_on: string | null;
  readonly document: unknown;
}

test("eight runs over varied customers: every stored decision comes out again", async () => {
  const random = seededRandom(6);
  const ids: CustomerId[] = [];
  for (let n = 0; n < 12; n += 1) {
    const customerId = await s.makeReachable(`6${n}`);
    ids.push(customerId);
    for (let k = 0; k <= random.integer(3); k += 1)
      await s.act((act) =>
        makeItem(act, s, customerId, `RE-6${n}-${k}`, BigInt(500 + random.integer(90_000)), {
          dueOn: day(`2026-05-${String(1 + random.integer(28)).padStart(2, "0")}`),
          itemKind: random.integer(6) === 0 ? "credit_note" : "invoice",
        }),
      );
  }
  for (const date of [
    "2026-06-01",
    "2026-06-08",
    "2026-06-10",
    "2026-06-16",
    "2026-06-25",
    "2026-07-06",
    "2026-07-20",
    "2026-08-10",
  ]) {
    s.kulanz.setNow(new Date(`${date}T08:00:00Z`));
    await s.run(day(date));
    await s.leave();
    const customerId = ids[random.integer(ids.length)] as CustomerId;
    if (random.integer(2) === 0)
      await s.act(async (act) =>
        expectOk(
          await placeHold(act, { customerId, ground: "dispute", startsOn: day(date), endsOn: addDays(day(date), 20) }),
        ),
      );
    else
      await s.act((act) =>
        bookPayment(act, {
          customerId,
          creditorId: s.creditorId,
          amountMinor: 2000n,
          currency: EUR,
          valueOn: day(date),
          designated: [],
        }),
      );
  }
  const rows = await s.act((act) =>
    act.tx.rows<Row>(sql`
      select d.outcome, d.stage, d.seed, d.situation, d.advice, d.candidates, d.blockers, d.choice, d.next_on, v.document
        from decision d join strategy_version v on v.strategy_id = d.strategy_id and v.version = d.strategy_version`),
  );
  expect(rows.length).toBeGreaterThan(60);
  // The sample has every kind of outcome, or it proves little.
  expect(new Set(rows.map((row) => row.outcome))).toEqual(new Set(["contact", "wait", "blocked"]));
  expect(rows.some((row) => row.blockers.some((blocker) => blocker.name === "hold_dispute"))).toBe(true);
  expect(rows.some((row) => (row.choice.round ?? 1) >= 1 && row.choice.effect === "announcement")).toBe(true);
  for (const row of rows) {
    const again = decide(strategySchema.parse(row.document), row.situation, row.advice, Number(row.seed));
    const plain = JSON.parse(JSON.stringify(again)) as Decision;
    expect({ ...plain, nextOn: plain.nextOn ?? null, stage: plain.stage ?? null }).toMatchObject({
      outcome: row.outcome,
      stage: row.stage,
      candidates: row.candidates,
      blockers: row.blockers,
      choice: row.choice,
      nextOn: row.next_on,
    });
  }
});

test("the order in which the store hands over holds and asks plays no part in the outcome", async () => {
  const rows = await s.act((act) =>
    act.tx.rows<Row>(sql`
      select d.*, v.document from decision d
        join strategy_version v on v.strategy_id = d.strategy_id and v.version = d.strategy_version`),
  );
  for (const row of rows) {
    const { contact } = row.situation;
    const turned = { ...row.situation, contact: { ...contact, asks: [...contact.asks].reverse() } };
    const strategy = strategySchema.parse(row.document);
    const decision = decide(strategy, turned, row.advice, Number(row.seed));
    expect([decision.outcome, decision.choice]).toEqual([
      row.outcome,
      decide(strategy, row.situation, row.advice, Number(row.seed)).choice,
    ]);
  }
});
