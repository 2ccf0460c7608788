/** Invariant 5: at most once out. Every message ends as left, failed, dropped or parked; none leaves twice. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { tasks } from "../../src/books/receivables/index.ts";
import {
  type ChannelAdapter,
  letDueMessagesLeave,
  messages,
  type Outbox,
  settleInterrupted,
} from "../../src/outreach/messaging/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, seededRandom } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openSetting, type Setting } from "./setting.ts";

let s: Setting;
beforeAll(async () => {
  s = await openSetting();
});
afterAll(() => s.drop());

const queue = async (numbers: readonly string[], date: string): Promise<CustomerId[]> => {
  s.kulanz.setNow(new Date(`${date}T08:00:00Z`));
  const ids = [];
  for (const number of numbers) {
    const customerId = await s.makeReachable(number);
    await s.act((act) => makeItem(act, s, customerId, `RE-${number}`, 3000n, { dueOn: day("2026-06-01") }));
    ids.push(customerId);
  }
  await s.run(day(date));
  return ids;
};
const times = (customerId: CustomerId) => s.sent.filter((parcel) => parcel.customerId === customerId).length;
const messageOf = async (customerId: CustomerId) => (await s.act((act) => messages(act, { customerId })))[0];
const dying = (channels: Partial<Outbox["channels"]>): Outbox => ({
  ...s.outbox,
  worker: "00000000-0000-4000-8000-00000000dead",
  channels: { ...s.outbox.channels, ...channels },
});
/** Dies before or after the parcel was handed over: the sender can't know which. */
const killed = (after: boolean): ChannelAdapter => ({
  repeatable: false,
  send: async (parcel) => {
    if (after) await s.outbox.channels.email.send(parcel);
    throw new Error("killed");
  },
});

test("a mail whose sender died is never sent again by itself: it is unclear and waits for a person", async () => {
  for (const [number, after] of [
    ["50001", true],
    ["50002", false],
  ] as const) {
    const [customerId] = await queue([number], after ? "2026-06-08" : "2026-06-09");
    if (!customerId) throw new Error("no customer");
    await expect(letDueMessagesLeave(dying({ email: killed(after) }), s.tenantId, 1)).rejects.toThrow("killed");
    expect((await messageOf(customerId))?.state).toBe("leaving");
    expect(await settleInterrupted(s.outbox, s.tenantId)).toMatchObject({ left: 0, unknown: 1 });
    expect(await settleInterrupted(s.outbox, s.tenantId)).toMatchObject({ left: 0, unknown: 0 });
    s.kulanz.advance({ days: 1 });
    expect(await s.leave()).toMatchObject({ left: 0 });
    expect(times(customerId)).toBe(after ? 1 : 0);
    expect((await messageOf(customerId))?.state).toBe("unknown");
    expect(await s.act((act) => tasks(act, { customerId, kind: "parked_message" }))).toHaveLength(1);
  }
});

test("where repeating is safe the same parcel goes again, under the same name", async () => {
  const [customerId] = await queue(["50003"], "2026-06-12");
  if (!customerId) throw new Error("no customer");
  await s.kulanz.database.tenant(s.tenantId, (tx) =>
    tx.execute(sql`update message set channel = 'letter' where customer_id = ${customerId}`),
  );
  const names: string[] = [];
  const first: ChannelAdapter = {
    repeatable: true,
    send: async (parcel) => {
      names.push(`${parcel.leavesOn}/${parcel.messageId}`);
      throw new Error("killed");
    },
  };
  await expect(letDueMessagesLeave(dying({ letter: first }), s.tenantId, 1)).rejects.toThrow("killed");
  s.kulanz.advance({ minutes: 5 });
  expect(await settleInterrupted(s.outbox, s.tenantId)).toMatchObject({ left: 1 });
  names.push(...s.sent.filter((p) => p.customerId === customerId).map((p) => `${p.leavesOn}/${p.messageId}`));
  expect(new Set(names).size).toBe(1);
  expect((await messageOf(customerId))?.state).toBe("left");
});

test("the attempt is committed before the channel is called", async () => {
  const [customerId] = await queue(["50004"], "2026-06-15");
  if (!customerId) throw new Error("no customer");
  let seen: unknown;
  const looking: ChannelAdapter = {
    repeatable: false,
    send: async () => {
      seen = await s.kulanz.database.owner((tx) =>
        tx.one(sql`select m.state, a.ended_at is null as open from message m join message_attempt a using (customer_id, message_id)
                    where m.customer_id = ${customerId}`),
      );
      return { kind: "left", evidence: "accepted" };
    },
  };
  await letDueMessagesLeave({ ...s.outbox, channels: { ...s.outbox.channels, email: looking } }, s.tenantId);
  expect(seen).toEqual({ state: "leaving", open: true });
});

test("many senders and a channel of every mood: each message leaves once at most and ends", async () => {
  const ids = await queue(
    Array.from({ length: 24 }, (_, n) => `51${String(n).padStart(3, "0")}`),
    "2026-06-22",
  );
  const random = seededRandom(7);
  const moody: ChannelAdapter = {
    repeatable: false,
    send: async (parcel) => {
      const mood = random.integer(5);
      if (mood === 0) return { kind: "refused", reason: "smtp_451", permanent: false };
      if (mood === 1) return { kind: "refused", reason: "smtp_550", permanent: true };
      await s.outbox.channels.email.send(parcel);
      return mood === 2 ? { kind: "unclear", reason: "smtp_broken_off" } : { kind: "left", evidence: "accepted" };
    },
  };
  const outbox = { ...s.outbox, channels: { ...s.outbox.channels, email: moody } };
  for (let round = 0; round < 12; round += 1) {
    await Promise.all([letDueMessagesLeave(outbox, s.tenantId, 3), letDueMessagesLeave(outbox, s.tenantId, 3)]);
    s.kulanz.advance({ minutes: 20 });
  }
  for (const customerId of ids) {
    const state = (await messageOf(customerId))?.state ?? "none";
    expect(["left", "failed", "unknown"]).toContain(state);
    expect(times(customerId)).toBe(state === "failed" ? 0 : 1);
  }
});
