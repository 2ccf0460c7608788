/**
 * Three months of a small creditor, day by day: items arrive, customers pay all or some of it, holds come and go, mails
 * bounce, servers refuse. Whatever happens, every message keeps the promises; a failing seed is named and replays.
 */
import { afterEach, expect, test } from "vitest";
import { contactPointsOf } from "../../src/books/customers/index.ts";
import { bookPayment, holdIsActive, holdsOf, openItems, placeHold, tasks } from "../../src/books/receivables/index.ts";
import { explain, STANDARD_STRATEGY } from "../../src/outreach/dunning/index.ts";
import {
  type ChannelAdapter,
  letDueMessagesLeave,
  markBounced,
  type Message,
  messages,
  type Outbox,
} from "../../src/outreach/messaging/index.ts";
import {
  addDays,
  type CustomerId,
  daysBetween,
  EUR,
  expectOk,
  type PlainDate,
  seededRandom,
} from "../../src/pure/kernel/index.ts";
import { paymentTerm } from "../../src/pure/law/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openSetting, type Setting } from "../invariants/setting.ts";

const SEEDS = process.env["KULANZ_SOAK"] ? Array.from({ length: 30 }, (_, n) => n + 1) : [1];
const CUSTOMERS = 10;
const DAYS = 92;
const FIRST = day("2026-06-01");
const STAGES = STANDARD_STRATEGY.stages;
const position = (key: string | undefined): number => STAGES.findIndex((stage) => stage.key === key);

let s: Setting | undefined;
afterEach(() => s?.drop());

/** What a customer was told and when; a bounce takes its line out again. */
interface Told {
  readonly message: Message;
  readonly on: PlainDate;
  bounced: boolean;
}

test.each(SEEDS)("seed %i", { timeout: 240_000 }, async (seed) => {
  const random = seededRandom(seed);
  const chance = (percent: number): boolean => random.integer(100) < percent;
  s = await openSetting({ seed });
  const house = s;
  const told = new Map<CustomerId, Told[]>();
  let today = FIRST;

  /** At the moment of leaving: is this message right by the books as they are? */
  async function check(customerId: CustomerId, messageId: string): Promise<void> {
    await house.act(async (act) => {
      const message = (await messages(act, { customerId })).find((one) => one.messageId === messageId);
      if (!message) throw new Error("no such message");
      const where = `${message.stage} ${messageId} on ${today}`;
      const items = (await openItems(act, [customerId])).get(customerId) ?? [];
      const holds = ((await holdsOf(act, [customerId])).get(customerId) ?? []).filter((hold) =>
        holdIsActive(hold, today),
      );
      expect(
        holds.filter((hold) => hold.receivableId === undefined),
        `hold at ${where}`,
      ).toEqual([]);
      const asked = items.filter((item) => message.receivableIds.includes(item.receivableId));
      expect(asked.length, `settled items at ${where}`).toBe(message.receivableIds.length);
      for (const item of asked) {
        expect(item.openTotal > 0n, `settled at ${where}`).toBe(true);
        expect(
          holds.filter((hold) => hold.receivableId === item.receivableId),
          `item hold at ${where}`,
        ).toEqual([]);
      }
      const credits = items.filter((item) => item.openTotal < 0n);
      const owed = [...asked, ...credits].reduce((sum, item) => sum + item.openTotal, 0n);
      expect(owed > 0n, `nothing owed at ${where}`).toBe(true);
      expect(message.totalMinor, `sum at ${where}`).toBe(owed);

      const mine = told.get(customerId) ?? [];
      const before = mine.filter((one) => !one.bounced);
      for (const one of before) {
        expect(daysBetween(one.on, today), `gap at ${where}`).toBeGreaterThanOrEqual(7);
        const { termOn } = one.message;
        if (termOn !== null && one.message.caseId === message.caseId)
          expect(termOn < today, `peace until ${termOn} broken at ${where}`).toBe(true);
      }
      expect(before.filter((one) => daysBetween(one.on, today) < 30).length, `cap at ${where}`).toBeLessThan(4);

      expect(message.stage).not.toBe("hand_over");
      for (const [receivableId, stage] of Object.entries(message.itemStages)) {
        const last = before.filter((one) => receivableId in one.message.itemStages).at(-1);
        const from = position(last?.message.itemStages[receivableId]);
        const to = position(stage);
        expect(to, `stage again at ${where}`).toBeGreaterThan(from);
        const skipped = STAGES.slice(from + 1, to).filter((one) => one.effect !== "none");
        expect(skipped, `skipped at ${where}`).toEqual([]);
        const distance = STAGES[to]?.afterPreviousDays ?? 0;
        if (last) expect(daysBetween(last.on, today), `distance at ${where}`).toBeGreaterThanOrEqual(distance);
        const item = asked.find((one) => one.receivableId === receivableId);
        const days = STAGES[to]?.days ?? 0;
        if (item) expect(daysBetween(item.dueOn, today), `too early at ${where}`).toBeGreaterThanOrEqual(days);
      }
      told.set(customerId, [...mine, { message, on: today, bounced: false }]);
    });
  }

  const channel = (repeatable: boolean): ChannelAdapter => ({
    repeatable,
    send: async ({ customerId, messageId }) => {
      if (chance(6)) return { kind: "refused", reason: "smtp_451", permanent: false };
      if (!repeatable && chance(3))
        return { kind: "refused", reason: "smtp_550", permanent: true, address: chance(50) };
      await check(customerId, messageId);
      return { kind: "left", evidence: repeatable ? "handed_over" : "accepted" };
    },
  });
  const outbox: Outbox = {
    ...house.outbox,
    channels: { email: channel(false), letter: channel(true) },
    composer: {
      ...house.outbox.composer,
      prepare: async (act, message, items, customer) => {
        const point = (await contactPointsOf(act, message.customerId)).find((one) => one.channel === message.channel);
        const asked = items.filter((item) => message.receivableIds.includes(item.receivableId));
        const credits = items.filter((item) => item.openTotal < 0n);
        const term = message.termDays === null ? null : expectOk(paymentTerm(today, message.termDays, "NW")).lastDay;
        const base = expectOk(await house.outbox.composer.prepare(act, message, items, customer));
        return {
          ok: true,
          value: {
            ...base,
            contactPointId: point?.contactPointId ?? null,
            totalMinor: [...asked, ...credits].reduce((sum, item) => sum + item.openTotal, 0n),
            termOn: term,
          },
        };
      },
    },
  };

  const customers: CustomerId[] = [];
  for (let n = 0; n < CUSTOMERS; n += 1) customers.push(await house.makeReachable(`9${seed}${n}`));
  let number = 0;

  for (let offset = 0; offset < DAYS; offset += 1) {
    today = addDays(FIRST, offset);
    house.kulanz.setNow(new Date(`${today}T05:00:00Z`));
    for (const customerId of customers) {
      if (chance(5)) {
        number += 1;
        await house.act((act) =>
          makeItem(act, house, customerId, `RE-${seed}-${number}`, BigInt(500 + random.integer(9000)), {
            issuedOn: addDays(today, -6),
            aroseOn: addDays(today, -6),
            dueOn: addDays(today, random.integer(20) - 4),
          }),
        );
      }
      if (chance(2))
        await house.act(async (act) => {
          const open = ((await openItems(act, [customerId])).get(customerId) ?? []).filter((one) => one.openTotal > 0n);
          const sum = open.reduce((total, one) => total + one.openTotal, 0n);
          if (sum <= 0n) return;
          const share = BigInt(20 + random.integer(100));
          const amountMinor = chance(50) ? sum : (sum * share) / 100n || 1n;
          const { creditorId } = house;
          await bookPayment(act, {
            customerId,
            creditorId,
            amountMinor,
            currency: EUR,
            valueOn: today,
            designated: [],
          });
        });
      if (chance(1))
        await house.act(async (act) => {
          const [item] = (await openItems(act, [customerId])).get(customerId) ?? [];
          const endsOn = addDays(today, 3 + random.integer(15));
          const of = item && chance(50) ? { receivableId: item.receivableId } : {};
          expectOk(await placeHold(act, { customerId, ...of, ground: "dispute", startsOn: today, endsOn }));
        });
      const last = told.get(customerId)?.at(-1);
      if (last && !last.bounced && daysBetween(last.on, today) <= 3 && chance(6)) {
        expectOk(await house.act((act) => markBounced(act, last.message.messageId)));
        last.bounced = true;
      }
    }
    await house.run(today);
    for (const hour of ["07", "08", "15"]) {
      house.kulanz.setNow(new Date(`${today}T${hour}:00:00Z`));
      await letDueMessagesLeave(outbox, house.tenantId, 2);
    }
  }

  await house.act(async (act) => {
    const seen = new Set<string>();
    for (const customerId of customers) {
      const asks = (await messages(act, { customerId })).filter((one) => one.kind === "ask");
      const rounds = new Map<string, number[]>();
      for (const one of asks) {
        const key = `${one.caseId} ${one.stage}`;
        expect(seen.has(`${key} ${one.round}`), "one message a case, stage and round").toBe(false);
        seen.add(`${key} ${one.round}`);
        rounds.set(key, [...(rounds.get(key) ?? []), one.round]);
        // Only what waits for its hour may be on its way.
        if (one.state === "queued") expect(one.leaveAfter > act.tx.now, `stuck: ${one.reason}`).toBe(true);
        expect(["left", "dropped", "failed", "queued"]).toContain(one.state);
        if (one.state === "dropped") expect(one.reason).not.toBeNull();
      }
      for (const list of rounds.values())
        expect([...list].sort((a, b) => a - b)).toEqual(list.map((_, index) => index + 1));
      // Nobody is forgotten: who owes is asked today, waits for a day, or is blocked with a reason.
      for (const { decision, situation } of await explain(act, customerId, today)) {
        const owes = situation.items.some((item) => BigInt(item.openMinor) > 0n);
        if (decision.outcome === "blocked") expect(decision.blockers.length).toBeGreaterThan(0);
        if (decision.outcome === "wait" && owes) expect(decision.nextOn, JSON.stringify(situation.items)).toBeDefined();
        if (decision.outcome === "wait" && decision.nextOn) expect(decision.nextOn > today).toBe(true);
      }
      // A hand-over is a proposal about items that were told of the final notice.
      for (const task of await tasks(act, { customerId, kind: "hand_over", state: "any" })) {
        const ids = task.facts["receivableIds"] as string[];
        const finals = new Set(
          (told.get(customerId) ?? [])
            .filter((one) => one.on <= task.dueOn && one.message.effect === "announcement")
            .flatMap((one) => Object.keys(one.message.itemStages)),
        );
        expect(ids.filter((id) => !finals.has(id))).toEqual([]);
      }
    }
  });
  const left = [...told.values()].flat();
  // The simulation is worth something only if much of it happens.
  expect(left.length).toBeGreaterThan(25);
  expect(left.some((one) => one.message.stage === "final_notice")).toBe(true);
});
