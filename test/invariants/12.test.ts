/** Invariant 12: people decide what matters; limits, four eyes; a hold ends or stands on the review list. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { addUser } from "../../src/platform/access/index.ts";
import type { Actor, Role } from "../../src/platform/access/index.ts";
import {
  casesOf,
  createTask,
  decideTask,
  holdsToReview,
  placeHold,
  proposeWriteOff,
  receivablesOf,
  type TaskKind,
  tasks,
} from "../../src/books/receivables/index.ts";
import { STANDARD_STRATEGY, strategySchema } from "../../src/outreach/dunning/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { addDays, type CustomerId, EUR, expectOk, money, type UserId, type Uuid } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openSetting, type Setting } from "./setting.ts";

let s: Setting;
const people: Record<string, Actor> = {};
beforeAll(async () => {
  s = await openSetting();
  const make = async (name: string, role: Role, limit: bigint) => {
    const { userId } = expectOk(
      await s.act((act) => addUser(act, { name, email: `${name}@office.example`, role, limit: money(limit, EUR) })),
    );
    people[name] = { kind: "user", id: userId as UserId, role };
  };
  await make("agent", "agent", 5_000n);
  await make("manager", "manager", 50_000n);
  await make("second", "manager", 50_000n);
  await make("auditor", "auditor", 10_000_000n);
});
afterAll(() => s.drop());

let count = 0;
const proposal = async (amountMinor: bigint): Promise<{ customerId: CustomerId; taskId: Uuid }> => {
  count += 1;
  const customerId = await s.makeReachable(`12${count}`);
  const receivableId = await s.act((act) => makeItem(act, s, customerId, `RE-12-${count}`, amountMinor));
  const taskId = expectOk(
    await s.act((act) => proposeWriteOff(act, customerId, receivableId, "uneconomic", day("2026-06-08"))),
  );
  return { customerId, taskId };
};
const decide = (
  of: { customerId: CustomerId; taskId: Uuid },
  by: Actor | undefined,
  how: "approve" | "refuse" | "done" = "approve",
) => s.act((act) => decideTask(act, of.customerId, of.taskId, how), by);
const open = async (customerId: CustomerId) =>
  (await s.act((act) => receivablesOf(act, customerId))).reduce((sum, item) => sum + item.openTotal, 0n);

test("no strategy can hand over by itself, and none without an announcement before it", () => {
  const stages = STANDARD_STRATEGY.stages;
  const handOver = stages.at(-1);
  const automatic = { ...STANDARD_STRATEGY, stages: [...stages.slice(0, -1), { ...handOver, automation: "auto" }] };
  expect(strategySchema.safeParse(automatic).success).toBe(false);
  const sudden = { ...STANDARD_STRATEGY, stages: stages.filter((stage) => stage.effect !== "announcement") };
  expect(strategySchema.safeParse(sudden).success).toBe(false);
  expect(strategySchema.safeParse(STANDARD_STRATEGY).success).toBe(true);
});

test("at the end of the ladder stands a proposal: nothing is sent or handed over until a person decides", async () => {
  const customerId = await s.makeReachable("12000");
  await s.act((act) => makeItem(act, s, customerId, "RE-12000", 10_000n, { dueOn: day("2026-06-01") }));
  let date = day("2026-06-08");
  for (let week = 0; week < 16; week += 1) {
    s.kulanz.setNow(new Date(`${date}T08:00:00Z`));
    await s.run(date);
    await s.leave();
    date = addDays(date, 7);
  }
  const proposals = await s.act((act) => tasks(act, { customerId, kind: "hand_over", state: "any" }));
  expect(proposals).toMatchObject([{ state: "open", amountMinor: 10_000n }]);
  expect((await s.act((act) => casesOf(act, [customerId])))[0]?.state).toBe("open");
  const stages = await s.act((act) =>
    act.tx.rows<{ stage: string }>(sql`select stage from message where customer_id = ${customerId} order by queued_at`),
  );
  expect(stages.map(({ stage }) => stage)).toEqual(["reminder", "dunning_notice", "final_notice"]);
  const task = { customerId, taskId: proposals[0]?.taskId as Uuid };
  for (const by of [
    { kind: "system", id: "dunning" },
    { kind: "key", id: task.taskId, role: "admin" },
    { kind: "portal", id: customerId },
  ] as const)
    expect(await decide(task, by)).toMatchObject({ ok: false, error: { code: "person_needed" } });
});

test.each(["write_off", "hand_over"] as TaskKind[])(
  "a proposal (%s) is decided by a signed-in person, as one",
  async (kind) => {
    const customerId = await s.makeReachable(`12-${kind}`);
    const taskId = await s.act((act) =>
      createTask(act, { customerId, kind, amountMinor: 100n, currency: EUR, dueOn: day("2026-06-08") }),
    );
    expect(await decide({ customerId, taskId }, { kind: "system", id: "test" })).toMatchObject({
      ok: false,
      error: { code: "person_needed" },
    });
    expect(await decide({ customerId, taskId }, people["agent"], "done")).toMatchObject({
      ok: false,
      error: { code: "proposal_needs_decision" },
    });
    expect(await decide({ customerId, taskId }, people["agent"])).toEqual({ ok: true, value: "decided" });
  },
);

test("within the limit one person decides; one cent above it two, and not the same one twice", async () => {
  const within = await proposal(5_000n);
  expect(await decide(within, people["agent"])).toEqual({ ok: true, value: "decided" });
  expect(await open(within.customerId)).toBe(0n);

  const above = await proposal(5_001n);
  expect(await decide(above, people["agent"])).toEqual({ ok: true, value: "second_needed" });
  expect(await open(above.customerId)).toBe(5_001n);
  expect((await decide(above, people["agent"])).ok).toBe(false);
  expect(await open(above.customerId)).toBe(5_001n);
  expect(await decide(above, people["manager"])).toEqual({ ok: true, value: "decided" });
  expect(await open(above.customerId)).toBe(0n);

  const large = await proposal(50_001n);
  expect(await decide(large, people["manager"])).toEqual({ ok: true, value: "second_needed" });
  expect(await decide(large, people["manager"])).toMatchObject({ ok: false, error: { code: "same_person" } });
  expect(await open(large.customerId)).toBe(50_001n);
  expect(await decide(large, people["second"])).toEqual({ ok: true, value: "decided" });
  expect(await decide(await proposal(1n), people["auditor"])).toMatchObject({
    ok: false,
    error: { code: "not_allowed" },
  });
});

test("every hold has an end or stands on the review list", async () => {
  const customerId = await s.makeReachable("12900");
  await s.act(async (act) => {
    const base = { customerId, startsOn: day("2026-06-08") } as const;
    expectOk(await placeHold(act, { ...base, ground: "dispute", endsOn: day("2026-06-30") }));
    expectOk(await placeHold(act, { ...base, ground: "insolvency" }));
  });
  const listed = new Set((await s.act((act) => holdsToReview(act))).map((hold) => hold.holdId));
  const holds = await s.kulanz.database.owner((tx) =>
    tx.rows<{ hold_id: Uuid; ends_on: string | null }>(sql`select hold_id, ends_on from hold where lifted_at is null`),
  );
  expect(holds.length).toBeGreaterThanOrEqual(2);
  for (const hold of holds) expect(hold.ends_on !== null).toBe(!listed.has(hold.hold_id));
});
