/** The nightly jobs of matching, run by the real worker. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import {
  decideReview,
  knownAccounts,
  matchEntries,
  matchingTasks,
  reviewSample,
} from "../../src/books/matching/index.ts";
import { EXAMPLES_MIN, modelOf } from "../../src/books/matching/learning/retrain.ts";
import { SHIPPED } from "../../src/books/matching/learning/shipped.ts";
import { receivablesOf, tasks } from "../../src/books/receivables/index.ts";
import { rowsOf, sql } from "../../src/platform/database/index.ts";
import { enqueue, type Liveness, startLiveness, startWorker, type Worker } from "../../src/platform/jobs/index.ts";
import { deterministicUuid, expectOk, seededRandom, type Uuid } from "../../src/pure/kernel/index.ts";
import { ibanOf, personOf } from "../../src/doors/bench/house.ts";
import { statementFrom } from "../../src/doors/bench/statement.ts";
import { type Books, day, openBooks, SYSTEM } from "./books.ts";

const SEED = 20_260_702;
const PAID = 20;
let books: Books;
let liveness: Liveness;
let worker: Worker;
beforeAll(async () => {
  books = await openBooks({ settings: { matching: { reviewShare: 0.25 } } });
  const numbers = Array.from({ length: PAID }, (_, index) => index + 1);
  const number = (n: number) => `RE-${String(n).padStart(7, "0")}`;
  const list = numbers.map((n) => {
    const { firstName, name } = personOf(n);
    return `K${n},${firstName},${name},${number(n)},2026-03-01,2026-03-15,${10 + n}.00,EUR`;
  });
  const head = "customer_number,first_name,name,invoice_number,issue_date,due_date,amount,currency";
  const content = Buffer.from(`${head}\n${list.join("\n")}\n`);
  await importFile(books.platform, books.tenantId, SYSTEM, { name: "items.csv", content });
  const payments = numbers.map((n) => ({
    cents: 1000 + 100 * n,
    payer: `${personOf(n).firstName} ${personOf(n).name}`,
    iban: ibanOf(n),
    text: number(n),
  }));
  await importFile(books.platform, books.tenantId, SYSTEM, { name: "b.xml", content: () => statementFrom(payments) });
  const matched = await matchEntries(books.platform, books.tenantId, { kind: "system", id: "matching" }, {});
  expect(matched.booked).toBe(PAID);
  const { url, log, now, chance } = books.kulanz;
  liveness = await startLiveness({ url, now, chance, log });
  const list2 = matchingTasks({ platform: books.platform, seed: () => SEED });
  worker = await startWorker({ url, log, liveness, tasks: list2, concurrency: 2, sweepMs: 200 });
});
afterAll(async () => {
  await worker.stop();
  await liveness.stop();
  await books.drop();
});

/** Enqueues a job and waits until the worker has done it. */
async function run(task: "matching.learn" | "matching.review"): Promise<void> {
  await books.kulanz.database.tenant(books.tenantId, (tx) => enqueue(tx, task, [{ payload: {} }]));
  const left = () =>
    books.kulanz.database.owner((tx) =>
      tx.rows<{ last_error: string | null }>(sql`
        select j.last_error from graphile_worker._private_jobs j
        join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = ${task}`),
    );
  for (let waited = 0; ; waited += 20) {
    const jobs = await left();
    if (jobs.length === 0) return;
    expect(jobs.map(({ last_error: error }) => error)).toEqual([null]);
    if (waited > 20_000) throw new Error(`${task} was not done`);
    await pause(20);
  }
}
const open = () => books.act((act) => tasks(act, { kind: "match_review" }));
const months = () =>
  books.act((act) =>
    act.tx.rows<{ month: string; matches: number; drawn: number; seed: bigint }>(
      sql`select month, matches, drawn, seed from match_review_month order by month`,
    ),
  );

test("matching.review draws the month before, once, by the seed it keeps", async () => {
  await run("matching.review");
  // In June it is May's sample that is due: nothing was matched then.
  expect(await months()).toMatchObject([{ month: "2026-05-01", matches: 0, drawn: 0 }]);
  books.kulanz.setNow(new Date("2026-07-02T03:00:00Z"));
  await run("matching.review");
  await run("matching.review");
  expect(await months()).toMatchObject([
    { month: "2026-05-01" },
    { month: "2026-06-01", matches: PAID, drawn: 5, seed: BigInt(SEED) },
  ]);
  const drawn = await books.act((act) => reviewSample(act, { month: day("2026-06-01") }));
  expect(new Set((await open()).map(({ facts }) => facts["matchId"]))).toEqual(
    new Set(drawn.map(({ matchId }) => matchId)),
  );
  // The rule as docs/matching.md states it, done by hand.
  const all = await books.act((act) =>
    act.tx.rows<{ match_id: Uuid }>(sql`select match_id from match where decided_by like 'system:%' order by match_id`),
  );
  const random = seededRandom(SEED);
  for (let at = 0; at < 5; at += 1) {
    const other = at + random.integer(all.length - at);
    [all[at], all[other]] = [all[other] as (typeof all)[0], all[at] as (typeof all)[0]];
  }
  const byHand = all.slice(0, 5).map((row) => row.match_id);
  expect(drawn.map(({ matchId }) => matchId).sort()).toEqual(byHand.sort());
});

test("a verdict ends the work: wrong undoes the match, forgets the account and is an example; right is one too", async () => {
  const [first, second] = await books.act((act) => reviewSample(act, { month: day("2026-06-01") }));
  if (!first || !second) throw new Error("nothing drawn");
  const before = (await open()).length;
  expectOk(await books.act((act) => decideReview(act, first.reviewId, "wrong")));
  expectOk(await books.act((act) => decideReview(act, second.reviewId, "right")));
  expect((await open()).length).toBe(before - 2);
  const owed = await books.act((act) => receivablesOf(act, first.customerId));
  expect(owed.some(({ openTotal }) => openTotal > 0n)).toBe(true);
  const known = await books.act((act) => knownAccounts(act, { customerId: first.customerId }, 10));
  expect(known.rows.every(({ forgottenAt }) => forgottenAt !== null)).toBe(true);
  const taught = await books.act((act) =>
    act.tx.rows<{ was_right: boolean; source: string }>(
      sql`select was_right, source from match_example order by was_right`,
    ),
  );
  expect(taught).toEqual([
    { was_right: false, source: "undone" },
    { was_right: true, source: "reviewed" },
  ]);
});

test("matching.learn forgets accounts that have faded and trains when enough was decided", async () => {
  const standing = () =>
    books.act(async (act) => (await knownAccounts(act, {}, 100)).rows.filter((row) => row.forgottenAt === null).length);
  const learned = await standing();
  expect(learned).toBeGreaterThan(0);
  await run("matching.learn");
  expect(await standing()).toBe(learned);
  expect(await books.act((act) => modelOf(act, books.creditorId))).toEqual(SHIPPED);
  const random = seededRandom(9);
  const decided = Array.from({ length: EXAMPLES_MIN + 50 }, (_, at) => {
    const features = SHIPPED.weights.map((_weight, index): number => (index === 0 || random.integer(5) === 0 ? 1 : 0));
    const score = features.reduce((sum, value, index) => sum + value * (SHIPPED.weights[index] ?? 0), 0);
    return { id: deterministicUuid("example", String(at)), features: `{${features.join()}}`, right: score > 0 };
  });
  await books.act((act) =>
    act.tx.execute(sql`
      insert into match_example (creditor_id, example_id, tenant_id, feature_version, features, was_right, source, learned_on)
      select ${books.creditorId}::uuid, e.id, ${books.tenantId}::uuid, ${SHIPPED.features}, e.features::real[], e.was_right,
             'confirmed', '2026-07-01'::date
      from ${rowsOf("e", {
        id: ["uuid", decided.map(({ id }) => id)],
        features: ["text", decided.map(({ features }) => features)],
        was_right: ["bool", decided.map(({ right }) => right)],
      })}`),
  );
  books.kulanz.setNow(new Date("2029-07-02T03:00:00Z"));
  await run("matching.learn");
  expect(await standing()).toBe(0);
  const models = await books.act((act) =>
    act.tx.rows<{ version: number; examples: number }>(sql`select version, examples from match_model`),
  );
  expect(models).toMatchObject([{ version: 1 }]);
  await run("matching.learn");
  expect((await books.act((act) => act.tx.rows(sql`select 1 as one from match_model`))).length).toBe(1);
});
