/** What goes wrong between the decision and the letterbox: seen from the other side of the channel. */
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contactPointsOf } from "../../src/books/customers/index.ts";
import { bookPayment, casesOf, placeHold, receivablesOf, tasks } from "../../src/books/receivables/index.ts";
import {
  type ChannelAdapter,
  letDueMessagesLeave,
  letterFolder,
  localOutbox,
  messages,
  type Outbox,
  settleInterrupted,
} from "../../src/outreach/messaging/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type Currency, type CustomerId, EUR, type MessageId } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openSetting, type Setting } from "../invariants/setting.ts";

let s: Setting;
beforeAll(async () => {
  s = await openSetting();
});
afterAll(() => s.drop());

const at = (moment: string) => s.kulanz.setNow(new Date(moment));
const ofCustomer = (customerId: CustomerId) => s.act((act) => messages(act, { customerId }));
const DEAD = "00000000-0000-4000-8000-00000000dead";

async function queued(number: string, items: readonly (readonly [string, bigint, string])[], date: string) {
  at(`${date}T08:00:00Z`);
  const customerId = await s.makeReachable(number);
  const ids = [];
  for (const [name, minor, dueOn] of items)
    ids.push(await s.act((act) => makeItem(act, s, customerId, name, minor, { dueOn: day(dueOn) })));
  await s.run(day(date));
  return { customerId, ids };
}

describe("what a message is about when it leaves", () => {
  test("an item that was put on hold after the decision is neither asked for nor told of a stage", async () => {
    const { customerId, ids } = await queued(
      "61001",
      [
        ["RE-61001A", 3000n, "2026-06-01"],
        ["RE-61001B", 5000n, "2026-06-02"],
      ],
      "2026-06-08",
    );
    const [, held] = ids;
    if (!held) throw new Error("no item");
    await s.act((act) =>
      placeHold(act, { customerId, receivableId: held, ground: "dispute", startsOn: day("2026-06-08") }),
    );
    expect(await s.leave()).toMatchObject({ left: 1 });
    const [message] = await ofCustomer(customerId);
    expect(message).toMatchObject({ state: "left", totalMinor: 3000n, receivableIds: [ids[0]] });
    const items = await s.act((act) => receivablesOf(act, customerId));
    expect(items.find((one) => one.receivableId === held)?.stage).toBeUndefined();
    expect(items.find((one) => one.receivableId === ids[0])?.stage).toBe("reminder");
  });

  test("a credit in another currency nets nothing", async () => {
    const { customerId } = await queued("61002", [["RE-61002", 3000n, "2026-06-03"]], "2026-06-09");
    await s.act((act) =>
      bookPayment(act, {
        customerId,
        creditorId: s.creditorId,
        amountMinor: 9000n,
        currency: "USD" as Currency,
        valueOn: day("2026-06-09"),
        designated: [],
      }),
    );
    expect(await s.leave()).toMatchObject({ left: 1, dropped: 0 });
    expect((await ofCustomer(customerId))[0]).toMatchObject({ state: "left", totalMinor: 3000n });
  });

  test("a case that was handed over is not written to", async () => {
    const { customerId } = await queued("61003", [["RE-61003", 3000n, "2026-06-04"]], "2026-06-10");
    await s.act((act) =>
      act.tx.execute(sql`update dunning_case set state = 'handed_over' where customer_id = ${customerId}`),
    );
    expect(await s.leave()).toMatchObject({ left: 0, dropped: 1 });
    expect((await ofCustomer(customerId))[0]).toMatchObject({ state: "dropped", reason: "handed_over" });
  });

  test("the question after “I have paid” is not asked once the money is there", async () => {
    at("2026-06-11T08:00:00Z");
    const customerId = await s.makeReachable("61004");
    await s.act((act) => makeItem(act, s, customerId, "RE-61004", 3000n, { dueOn: day("2026-05-20") }));
    const kase = await s.act(async (act) => {
      const { keepCases } = await import("../../src/books/receivables/index.ts");
      await keepCases(act, [customerId], day("2026-06-11"));
      return (await casesOf(act, [customerId]))[0];
    });
    if (!kase) throw new Error("no case");
    await s.act(
      (act) =>
        placeHold(act, {
          customerId,
          caseId: kase.caseId,
          ground: "claimed_paid",
          startsOn: day("2026-06-11"),
          endsOn: day("2026-06-20"),
        }),
      { kind: "portal", id: "00000000-0000-4000-8000-000000000077" },
    );
    at("2026-06-21T08:00:00Z"); // a Sunday: the question waits until Monday
    await s.run(day("2026-06-21"));
    expect((await ofCustomer(customerId))[0]).toMatchObject({ templateKey: "paid_question", state: "queued" });
    await s.act((act) =>
      bookPayment(act, {
        customerId,
        creditorId: s.creditorId,
        amountMinor: 3000n,
        currency: EUR,
        valueOn: day("2026-06-19"),
        designated: [],
      }),
    );
    at("2026-06-22T08:00:00Z");
    await s.leave();
    expect((await ofCustomer(customerId)).at(-1)).toMatchObject({ state: "dropped", reason: "paid" });
    expect(s.sent.filter((parcel) => parcel.customerId === customerId)).toEqual([]);
  });
});

describe("at most once", () => {
  test("a letter whose process died before midnight is not laid a second time the day after", async () => {
    const { customerId } = await queued("62001", [["RE-62001", 3000n, "2026-06-24"]], "2026-07-01");
    await s.kulanz.database.tenant(s.tenantId, (tx) =>
      tx.execute(sql`update message set channel = 'letter' where customer_id = ${customerId}`),
    );
    const folder = await mkdtemp(path.join(tmpdir(), "kulanz-letters-"));
    const real = letterFolder(folder);
    const dying: ChannelAdapter = {
      repeatable: true,
      send: async (parcel) => {
        await real.send(parcel);
        throw new Error("killed");
      },
    };
    const channels = { ...s.outbox.channels, letter: dying };
    await expect(letDueMessagesLeave({ ...s.outbox, worker: DEAD, channels }, s.tenantId, 1)).rejects.toThrow("killed");
    at("2026-07-02T08:00:00Z");
    const again: Outbox = { ...s.outbox, channels: { ...s.outbox.channels, letter: real } };
    expect(await settleInterrupted(again, s.tenantId)).toMatchObject({ left: 1 });
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".pdf"));
    expect(files).toHaveLength(1);
    expect(files[0]).toContain("2026-07-01");
  });

  test("two processes that find the same dead one send once", async () => {
    const { customerId } = await queued("62002", [["RE-62002", 3000n, "2026-06-25"]], "2026-07-03");
    await s.kulanz.database.tenant(s.tenantId, (tx) =>
      tx.execute(sql`update message set channel = 'letter' where customer_id = ${customerId}`),
    );
    const dying: ChannelAdapter = { repeatable: true, send: () => Promise.reject(new Error("killed")) };
    const dead: Outbox = { ...s.outbox, worker: DEAD, channels: { ...s.outbox.channels, letter: dying } };
    await expect(letDueMessagesLeave(dead, s.tenantId, 1)).rejects.toThrow("killed");
    let sent = 0;
    const slow: ChannelAdapter = {
      repeatable: true,
      send: async () => {
        sent += 1;
        await new Promise((done) => setTimeout(done, 200));
        return { kind: "left", evidence: "handed_over" };
      },
    };
    const living = (n: number): Outbox => ({
      ...s.outbox,
      worker: `00000000-0000-4000-8000-00000000000${n}`,
      isAlive: (worker) => Promise.resolve(worker !== DEAD),
      channels: { ...s.outbox.channels, letter: slow },
    });
    await Promise.all([settleInterrupted(living(1), s.tenantId), settleInterrupted(living(2), s.tenantId)]);
    expect(sent).toBe(1);
    expect((await ofCustomer(customerId))[0]?.state).toBe("left");
  });

  test("what an error cut off in this very process is settled by it later, not left for ever", async () => {
    const { customerId } = await queued("62003", [["RE-62003", 3000n, "2026-06-29"]], "2026-07-06");
    const broken: ChannelAdapter = { repeatable: false, send: () => Promise.reject(new Error("no such thing")) };
    const outbox = { ...s.outbox, channels: { ...s.outbox.channels, email: broken } };
    await expect(letDueMessagesLeave(outbox, s.tenantId, 1)).rejects.toThrow("no such thing");
    expect((await ofCustomer(customerId))[0]?.state).toBe("leaving");
    expect(await settleInterrupted(s.outbox, s.tenantId)).toMatchObject({ unknown: 1 });
    expect(await s.act((act) => tasks(act, { customerId, kind: "parked_message" }))).toHaveLength(1);
  });
});

describe("none is lost, none stands in the way", () => {
  test("a message that can't be prepared or rendered does not hold up the others, and is tried again", async () => {
    const bad = await queued("63001", [["RE-63001", 3000n, "2026-07-01"]], "2026-07-08");
    const worse = await queued("63002", [["RE-63002", 3000n, "2026-07-01"]], "2026-07-08");
    await s.kulanz.database.tenant(s.tenantId, (tx) =>
      tx.execute(
        sql`update message set leave_after = leave_after - interval '1 hour' where customer_id = any(${[bad.customerId, worse.customerId]}::uuid[])`,
      ),
    );
    at("2026-07-09T08:00:00Z");
    const good = await queued("63003", [["RE-63003", 3000n, "2026-07-01"]], "2026-07-09");
    let isBroken = true;
    const composer: Outbox["composer"] = {
      prepare: (act, message, ...rest) => {
        if (isBroken && message.customerId === bad.customerId) throw new Error("a brand without contact");
        return s.outbox.composer.prepare(act, message, ...rest);
      },
      render: (message, prepared) => {
        if (isBroken && message.customerId === worse.customerId) throw new Error("a frame that does not close");
        return s.outbox.composer.render(message, prepared);
      },
    };
    await expect(letDueMessagesLeave({ ...s.outbox, composer }, s.tenantId, 1)).rejects.toThrow();
    expect((await ofCustomer(good.customerId))[0]?.state).toBe("left");
    expect((await ofCustomer(bad.customerId))[0]).toMatchObject({ state: "queued", reason: "error" });
    expect((await ofCustomer(worse.customerId))[0]).toMatchObject({ state: "queued", reason: "error" });
    isBroken = false;
    s.kulanz.advance({ minutes: 20 });
    expect(await letDueMessagesLeave({ ...s.outbox, composer }, s.tenantId, 1)).toMatchObject({ left: 2 });
  });

  test("an address the other side does not know is not asked again: a letter goes instead", async () => {
    const { customerId } = await queued("63004", [["RE-63004", 3000n, "2026-07-06"]], "2026-07-13");
    const refusing: ChannelAdapter = {
      repeatable: false,
      send: () => Promise.resolve({ kind: "refused", reason: "smtp_550", permanent: true, address: true }),
    };
    const composer = withPoint(s);
    const outbox = { ...s.outbox, composer, channels: { ...s.outbox.channels, email: refusing } };
    await letDueMessagesLeave(outbox, s.tenantId);
    expect((await ofCustomer(customerId))[0]?.state).toBe("failed");
    const points = await s.act((act) => contactPointsOf(act, customerId));
    expect(points.find((point) => point.channel === "email")?.undeliverableAt).toBeDefined();
    at("2026-07-14T08:00:00Z");
    await s.run(day("2026-07-14"));
    const channels = (await ofCustomer(customerId)).map((one) => [one.channel, one.state]);
    expect(channels).toContainEqual(["letter", "queued"]);
  });

  test("a refusal that is not the address's fault is not repeated every day", async () => {
    const { customerId } = await queued("63005", [["RE-63005", 3000n, "2026-07-08"]], "2026-07-15");
    const refusing: ChannelAdapter = {
      repeatable: false,
      send: () => Promise.resolve({ kind: "refused", reason: "smtp_554", permanent: true }),
    };
    const outbox = { ...s.outbox, composer: withPoint(s), channels: { ...s.outbox.channels, email: refusing } };
    await letDueMessagesLeave(outbox, s.tenantId);
    for (const date of ["2026-07-16", "2026-07-17", "2026-07-18"]) {
      at(`${date}T08:00:00Z`);
      await s.run(day(date));
      await letDueMessagesLeave(outbox, s.tenantId);
    }
    expect(await ofCustomer(customerId)).toHaveLength(1);
  });
});

test("a test message without a mail server is refused, not a broken machine", async () => {
  const answer = await localOutbox(s.platform, s.tenantId).send({
    messageId: "00000000-0000-4000-8000-0000000000aa" as MessageId,
    customerId: "00000000-0000-4000-8000-0000000000aa" as CustomerId,
    brandId: s.brandId,
    rendering: { subject: "Test", text: "Test", to: "test@kunde.example" },
    leavesOn: day("2026-06-01"),
  });
  expect(answer).toMatchObject({ kind: "refused", reason: "no_mail_server" });
});

/** The setting's composer, with the address it would have written to. */
function withPoint({ outbox }: Setting): Outbox["composer"] {
  return {
    ...outbox.composer,
    prepare: async (act, message, items, customer) => {
      const point = (await contactPointsOf(act, message.customerId)).find((one) => one.channel === message.channel);
      const prepared = await outbox.composer.prepare(act, message, items, customer);
      return prepared.ok
        ? { ok: true, value: { ...prepared.value, contactPointId: point?.contactPointId ?? null } }
        : prepared;
    },
  };
}
