import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bookPayment, casesOf, placeHold, receivablesOf } from "../../src/books/receivables/index.ts";
import { explain, runDunning } from "../../src/outreach/dunning/index.ts";
import { letDueMessagesLeave, messages, settleInterrupted } from "../../src/outreach/messaging/index.ts";
import { EUR, expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import { day, makeItem, SYSTEM } from "../books/books.ts";
import { type Outreach, openOutreach, type SmtpSink, startSmtpSink } from "./outreach.ts";

let o: Outreach;
let sink: SmtpSink;
beforeEach(async () => {
  sink = await startSmtpSink();
  o = await openOutreach({ smtpUrl: sink.url });
});
afterEach(async () => {
  await o.drop();
  await sink.close();
});

const run = async (date: PlainDate) =>
  expectOk(await runDunning(o.platform, o.tenantId, SYSTEM, { creditorId: o.creditorId, businessDate: date }));
const at = (date: string, hour = 9) => o.kulanz.setNow(new Date(`${date}T${String(hour - 2).padStart(2, "0")}:00:00Z`));
const leave = () => letDueMessagesLeave(o.outbox, o.tenantId);

describe("from an open item to a settled case", () => {
  test("a reminder leaves by mail, the next stages follow, the final notice is a letter, a payment closes the case", async () => {
    const erika = await o.makeReachable("10001", { email: "erika@kunde.example" });
    await o.act((act) =>
      makeItem(act, o, erika, "RE-0004711", 4890n, { issuedOn: day("2026-05-20"), dueOn: day("2026-06-03") }),
    );

    at("2026-06-08");
    expect(await run(day("2026-06-08"))).toMatchObject({ contact: 1, messages: 1, alreadyDone: false });
    expect(await leave()).toMatchObject({ left: 1, parked: 0 });
    expect(sink.mails).toHaveLength(1);
    expect(sink.mails[0]).toContain("https://zahlen.blumenhof.example/p/");
    expect(sink.mails[0]).not.toMatch(/<img/i);

    // The same business date again: resumed, nothing new.
    expect(await run(day("2026-06-08"))).toMatchObject({ contact: 1, alreadyDone: true });
    expect(await leave()).toMatchObject({ left: 0 });

    at("2026-06-18");
    expect(await run(day("2026-06-18"))).toMatchObject({ contact: 1 });
    expect(await leave()).toMatchObject({ left: 1 });

    at("2026-07-03");
    expect(await run(day("2026-07-03"))).toMatchObject({ contact: 1 });
    expect(await leave()).toMatchObject({ left: 1 });
    const folder = path.join(o.letters, "2026-07-03");
    const [letter] = await readdir(folder);
    expect((await readFile(path.join(folder, letter ?? ""))).subarray(0, 5).toString()).toBe("%PDF-");

    const items = await o.act((act) => receivablesOf(act, erika));
    expect(items[0]?.stage).toBe("final_notice");
    await o.act((act) =>
      bookPayment(act, {
        customerId: erika,
        creditorId: o.creditorId,
        amountMinor: 4890n,
        currency: EUR,
        valueOn: day("2026-07-06"),
        designated: [],
      }),
    );
    expect((await o.act((act) => casesOf(act, [erika])))[0]?.state).toBe("closed");
    at("2026-07-20");
    expect(await run(day("2026-07-20"))).toMatchObject({ contact: 0 });
  });

  test("paid between decision and dispatch: the message is dropped with its reason", async () => {
    const paul = await o.makeReachable("10002", { email: "paul@kunde.example" });
    await o.act((act) => makeItem(act, o, paul, "RE-0004712", 2000n, { dueOn: day("2026-07-14") }));
    at("2026-07-21");
    await run(day("2026-07-21"));
    await o.act((act) =>
      bookPayment(act, {
        customerId: paul,
        creditorId: o.creditorId,
        amountMinor: 2000n,
        currency: EUR,
        valueOn: day("2026-07-21"),
        designated: [],
      }),
    );
    const before = sink.mails.length;
    expect(await leave()).toMatchObject({ dropped: 1, left: 0 });
    expect(sink.mails).toHaveLength(before);
    const [message] = await o.act((act) => messages(act, { customerId: paul }));
    expect(message).toMatchObject({ state: "dropped", reason: "paid" });
  });

  test("a hold placed after the decision stops the message, and explain names it with its end", async () => {
    const hans = await o.makeReachable("10003", { email: "hans@kunde.example" });
    await o.act((act) => makeItem(act, o, hans, "RE-0004713", 3000n, { dueOn: day("2026-07-15") }));
    at("2026-07-22");
    await run(day("2026-07-22"));
    await o.act((act) =>
      placeHold(act, { customerId: hans, ground: "dispute", startsOn: day("2026-07-22"), endsOn: day("2026-08-05") }),
    );
    expect(await leave()).toMatchObject({ dropped: 1, left: 0 });
    const [explanation] = await o.act((act) => explain(act, hans, day("2026-07-23")));
    expect(explanation?.decision).toMatchObject({
      outcome: "blocked",
      blockers: [{ name: "hold_dispute", until: "2026-08-05" }],
      nextOn: "2026-08-06",
    });
  });

  test("mails wait for contact hours, letters don't", async () => {
    const mia = await o.makeReachable("10004", { email: "mia@kunde.example" });
    await o.act((act) => makeItem(act, o, mia, "RE-0004714", 3000n, { dueOn: day("2026-07-16") }));
    at("2026-07-26", 9); // a Sunday
    await run(day("2026-07-26"));
    expect(await leave()).toMatchObject({ left: 0 });
    at("2026-07-27", 8);
    expect(await leave()).toMatchObject({ left: 1 });
  });
});

describe("at most once out", () => {
  const oneMail = async (number: string) => {
    const id = await o.makeReachable(number, { email: `k${number}@kunde.example` });
    await o.act((act) => makeItem(act, o, id, `RE-${number}`, 3000n, { dueOn: day("2026-08-03") }));
    at("2026-08-10");
    return id;
  };

  test("a server that breaks off after the text leaves an unclear outcome that is never repeated by itself", async () => {
    const id = await oneMail("20001");
    await run(day("2026-08-10"));
    sink.onMessage = () => "break_off";
    const before = sink.mails.length;
    expect(await leave()).toMatchObject({ unknown: 1 });
    sink.onMessage = () => "accept";
    o.kulanz.advance({ days: 1 });
    expect(await leave()).toMatchObject({ left: 0, unknown: 0 });
    expect(sink.mails).toHaveLength(before + 1);
    const [message] = await o.act((act) => messages(act, { customerId: id }));
    expect(message?.state).toBe("unknown");
  });

  test("a refusal for now is repeated later, a refusal for good is failed", async () => {
    const later = await oneMail("20002");
    await run(day("2026-08-10"));
    sink.onMessage = () => "reject_later";
    expect(await leave()).toMatchObject({ postponed: 1 });
    sink.onMessage = () => "accept";
    o.kulanz.advance({ minutes: 20 });
    expect(await leave()).toMatchObject({ left: 1 });
    expect((await o.act((act) => messages(act, { customerId: later })))[0]?.state).toBe("left");

    const never = await oneMail("20003");
    o.kulanz.setNow(new Date("2026-08-11T08:00:00Z"));
    await run(day("2026-08-11"));
    sink.onMessage = () => "reject_for_good";
    expect(await leave()).toMatchObject({ failed: 1 });
    sink.onMessage = () => "accept";
    expect((await o.act((act) => messages(act, { customerId: never })))[0]).toMatchObject({
      state: "failed",
      reason: "smtp_550",
    });
  });

  test("what a dead process was sending: a mail becomes unclear, a letter is laid again under the same name", async () => {
    const mail = await oneMail("20004");
    const letter = await o.makeReachable("20005");
    await o.act((act) => makeItem(act, o, letter, "RE-20005", 3000n, { dueOn: day("2026-08-03") }));
    o.kulanz.setNow(new Date("2026-08-14T08:00:00Z"));
    await run(day("2026-08-14"));
    // The process dies between the committed attempt and the channel's answer.
    const dying = {
      ...o.outbox,
      worker: "00000000-0000-4000-8000-00000000dead",
      channels: {
        email: { repeatable: false, send: () => Promise.reject(new Error("killed")) },
        letter: { repeatable: true, send: () => Promise.reject(new Error("killed")) },
      },
    };
    await expect(letDueMessagesLeave(dying, o.tenantId, 1)).rejects.toThrow("killed");
    await expect(letDueMessagesLeave(dying, o.tenantId, 1)).rejects.toThrow("killed");
    expect(await settleInterrupted(o.outbox, o.tenantId)).toMatchObject({ left: 1, unknown: 1 });
    expect(await settleInterrupted(o.outbox, o.tenantId)).toMatchObject({ left: 0, unknown: 0 });
    expect((await o.act((act) => messages(act, { customerId: mail })))[0]?.state).toBe("unknown");
    expect((await o.act((act) => messages(act, { customerId: letter })))[0]?.state).toBe("left");
    expect((await readdir(path.join(o.letters, "2026-08-14"))).filter((name) => name.endsWith(".pdf"))).toHaveLength(1);
  });
});

test("a business date that has not come is looked at, not run", async () => {
  at("2026-08-26");
  const ahead = { creditorId: o.creditorId, businessDate: day("2026-08-27") };
  expect(await runDunning(o.platform, o.tenantId, SYSTEM, ahead)).toMatchObject({ error: { code: "date_in_future" } });
  expect(await runDunning(o.platform, o.tenantId, SYSTEM, { ...ahead, dryRun: true })).toMatchObject({ ok: true });
});

test("two runs started at once become one", async () => {
  const id = await o.makeReachable("30001", { email: "two@kunde.example" });
  await o.act((act) => makeItem(act, o, id, "RE-30001", 3000n, { dueOn: day("2026-08-20") }));
  o.kulanz.setNow(new Date("2026-08-27T08:00:00Z"));
  const [a, b] = await Promise.all([run(day("2026-08-27")), run(day("2026-08-27"))]);
  expect(a.contact).toBe(b.contact);
  expect(await o.act((act) => messages(act, { customerId: id }))).toHaveLength(1);
});

test("an English notice carries its German original", async () => {
  const id = await o.makeReachable("30002", { email: "jane@kunde.example", language: "en", firstName: "Jane" });
  await o.act((act) => makeItem(act, o, id, "RE-30002", 3000n, { dueOn: day("2026-08-10") }));
  o.kulanz.setNow(new Date("2026-08-28T08:00:00Z"));
  await run(day("2026-08-28"));
  const before = sink.mails.length;
  await leave();
  const mail = sink.mails.slice(before).find((raw) => raw.includes("jane@kunde.example"));
  expect(mail).toContain("Originaltext.txt");
});
