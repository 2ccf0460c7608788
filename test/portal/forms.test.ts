import { afterAll, beforeAll, expect, test } from "vitest";
import { contactPointsOf } from "../../src/books/customers/index.ts";
import { holdsOf, tasks } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CaseId, type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { letDueMessagesLeave, message, messages } from "../../src/outreach/messaging/index.ts";
import { askForCall, claimPaid, raiseDispute, withdrawEmail } from "../../src/doors/portal/index.ts";
import { verifyAudit } from "../../src/platform/access/index.ts";
import { day } from "../books/books.ts";
import { type OpenCase, openPortal, type Portal } from "./portal.ts";

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.drop());

const holds = (customerId: CustomerId) =>
  portal.act(async (act) => (await holdsOf(act, [customerId], "all")).get(customerId) ?? []);
const wishes = (customerId: CustomerId) => portal.act((act) => tasks(act, { customerId }));
const answers = (customerId: CustomerId) =>
  portal.act(async (act) => (await messages(act, { customerId })).filter((one) => one.kind === "answer"));
const acts = (of: OpenCase): Promise<string[]> =>
  portal.kulanz.database.tenant(portal.tenantId, async (tx) =>
    (
      await tx.rows<{ act: string }>(sql`
        select act from audit_entry where subject in (${of.caseId}, ${of.customerId}) and act like 'portal.%' order by sequence`)
    ).map((row) => row.act),
  );

test("I have paid: all rests for the set days, the answer is queued, and a double click changes nothing", async () => {
  const made = await portal.makeCase("800");
  const client = portal.client();
  await client.enter(made.secret);
  const csrf = await client.csrf(made.secret);
  const fields = { csrf, paidOn: "30.05.2026", note: "vom Konto meiner Schwester <b>" };
  const sent = await Promise.all([1, 2, 3].map(() => client.post(`/p/${made.secret}/paid`, fields)));
  expect(sent.map((one) => [one.status, one.location])).toEqual(Array(3).fill([303, `/p/${made.secret}/done/paid`]));
  const done = await client.get(`/p/${made.secret}/done/paid`);
  expect(done.text).toContain("Donnerstag, 11.\u00a0Juni");
  const [hold, ...more] = await holds(made.customerId);
  expect(more).toEqual([]);
  expect(hold).toMatchObject({
    ground: "claimed_paid",
    caseId: made.caseId,
    startsOn: "2026-06-01",
    endsOn: "2026-06-11",
  });
  expect(hold?.author).toMatch(/^portal:/);
  expect(hold?.comment).toContain("2026-05-30: vom Konto meiner Schwester");
  const [answer, ...others] = await answers(made.customerId);
  expect(others).toEqual([]);
  expect(answer).toMatchObject({
    templateKey: "paid_claim_received",
    channel: "email",
    tone: "friendly",
    effect: "none",
  });
  expect(await acts(made)).toEqual(["portal.paid_claimed"]);
  expect((await client.get(`/p/${made.secret}`)).text).toContain("Bis 11.\u00a0Juni ruht alles.");
});

test("the days of the hold are the creditor's", async () => {
  const made = await portal.makeCase("801");
  await portal.kulanz.database.tenant(portal.tenantId, (tx) =>
    tx.execute(
      sql`update creditor set settings = settings || '{"claimedPaidHoldDays": 4}' where creditor_id = ${portal.creditorId}`,
    ),
  );
  const until = expectOk(await portal.act((act) => claimPaid(act, { ...made, paidOn: day("2026-06-01") }))).until;
  await portal.kulanz.database.tenant(portal.tenantId, (tx) =>
    tx.execute(
      sql`update creditor set settings = settings - 'claimedPaidHoldDays' where creditor_id = ${portal.creditorId}`,
    ),
  );
  expect(until).toBe("2026-06-05");
});

const WRONG_DAYS: readonly (readonly [string, string])[] = [
  ["", "Bitte nennen Sie einen Tag"],
  ["30.02.2026", "Bitte nennen Sie einen Tag"],
  ["gestern", "Bitte nennen Sie einen Tag"],
  ["2026-06-02", "liegt noch vor uns"],
  ["01.01.2020", "liegt weit zurück"],
];

test("a day that can't be is explained at its field, and nothing typed is lost", async () => {
  const made = await portal.makeCase("802");
  const client = portal.client();
  await client.enter(made.secret);
  const csrf = await client.csrf(made.secret);
  for (const [paidOn, sentence] of WRONG_DAYS) {
    const shown = await client.post(`/p/${made.secret}/paid`, { csrf, paidOn, note: "Behalten & zeigen" });
    expect([paidOn, shown.status]).toEqual([paidOn, 422]);
    expect(shown.text).toContain(sentence);
    expect(shown.text).toContain('href="#paidOn"');
    expect(shown.text).toContain('aria-invalid="true"');
    expect(shown.text).toContain("Behalten &amp; zeigen");
    expect(shown.text).not.toMatch(/<button[^>]*disabled/);
  }
  expect(await holds(made.customerId)).toEqual([]);
});

test("please call me: a task for that day, a hold until then, and the answer", async () => {
  const made = await portal.makeCase("803");
  const client = portal.client();
  await client.enter(made.secret);
  const form = await client.get(`/p/${made.secret}/call`);
  // Monday 1 June; Corpus Christi (4 June) is no working day in Nordrhein-Westfalen.
  for (const offered of ["2026-06-02", "2026-06-03", "2026-06-05", "2026-06-08", "2026-06-09"])
    expect(form.text).toContain(offered);
  expect(form.text).not.toContain("2026-06-04");
  const csrf = await client.csrf(made.secret);
  const fields = { csrf, on: "2026-06-05", time: "12-15", phone: "0170 1234567", about: "Es ist verzwickt." };
  for (let click = 0; click < 2; click += 1)
    expect((await client.post(`/p/${made.secret}/call`, fields)).location).toBe(`/p/${made.secret}/done/call`);
  expect((await client.get(`/p/${made.secret}/done/call`)).text).toContain(
    "Am Freitag, 5.\u00a0Juni zwischen 12 und 15 Uhr.",
  );
  const [task, ...more] = await wishes(made.customerId);
  expect(more).toEqual([]);
  expect(task).toMatchObject({
    kind: "callback",
    dueOn: "2026-06-05",
    text: "+491701234567\nEs ist verzwickt.",
    facts: { from: "12:00", to: "15:00" },
  });
  expect(JSON.stringify(task?.facts)).not.toContain("1701234567");
  expect(await holds(made.customerId)).toMatchObject([{ ground: "callback", endsOn: "2026-06-05" }]);
  expect((await answers(made.customerId)).map((one) => one.templateKey)).toEqual(["callback_confirmed"]);
  const wrong = await client.post(`/p/${made.secret}/call`, { csrf, on: "2026-06-04", time: "3-4", phone: "12" });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("Bitte prüfen Sie die Nummer");
  expect((await client.post(`/p/${made.secret}/call`, { ...fields, on: "2026-06-04" })).text).toContain(
    "Bitte wählen Sie einen Tag.",
  );
  expect((await client.post(`/p/${made.secret}/call`, { ...fields, time: "3-4" })).text).toContain(
    "Bitte wählen Sie eine Zeit.",
  );
});

test("something is wrong: a task with the customer's words, a hold for review, and the answer", async () => {
  const made = await portal.makeCase("804");
  const client = portal.client();
  await client.enter(made.secret);
  const csrf = await client.csrf(made.secret);
  const [item = ""] = made.items;
  const sent: [string, string][] = [
    ["csrf", csrf],
    ["items", item],
    ["reason", "damaged"],
    ["words", "Der Deckel <script>alert(1)</script> hat einen Sprung."],
  ];
  for (let click = 0; click < 2; click += 1)
    expect((await client.post(`/p/${made.secret}/wrong`, sent)).location).toBe(`/p/${made.secret}/done/wrong`);
  // Five working days after Monday, with Corpus Christi between: Tuesday.
  expect((await client.get(`/p/${made.secret}/done/wrong`)).text).toContain("Dienstag, 9.\u00a0Juni");
  const [task, ...more] = await wishes(made.customerId);
  expect(more).toEqual([]);
  expect(task).toMatchObject({
    kind: "dispute",
    receivableId: item,
    dueOn: "2026-06-09",
    facts: { reason: "damaged", items: [item] },
  });
  expect(task?.text).toBe("Etwas kam beschädigt an: Der Deckel <script>alert(1)</script> hat einen Sprung.");
  const [hold] = await holds(made.customerId);
  expect(hold).toMatchObject({ ground: "dispute", caseId: made.caseId });
  expect(hold?.endsOn).toBeUndefined();
  expect((await client.get(`/p/${made.secret}`)).text).toContain("Wir prüfen Ihren Hinweis.");
  const second: [string, string][] = [
    ["csrf", csrf],
    ...made.items.map((id): [string, string] => ["items", id]),
    ["reason", "other"],
    ["words", "Noch etwas."],
  ];
  await client.post(`/p/${made.secret}/wrong`, second);
  expect((await wishes(made.customerId)).map((one) => one.text)).toContain("Noch etwas.");
  expect(await holds(made.customerId)).toHaveLength(1);
  expect(await answers(made.customerId)).toHaveLength(1);
});

test("what is missing in an objection is said, item by item, and foreign items are none", async () => {
  const made = await portal.makeCase("805");
  const other = await portal.makeCase("806");
  const client = portal.client();
  await client.enter(made.secret);
  const csrf = await client.csrf(made.secret);
  const empty = await client.post(`/p/${made.secret}/wrong`, { csrf, words: "bleibt" });
  expect(empty.status).toBe(422);
  expect(empty.text).toContain("Einige Angaben fehlen noch oder passen nicht:");
  expect(empty.text).toContain("bleibt");
  const foreign = await client.post(`/p/${made.secret}/wrong`, {
    csrf,
    items: other.items[0] ?? "",
    reason: "damaged",
  });
  expect(foreign.text).toContain("Bitte wählen Sie mindestens einen Posten.");
  const wordless = await client.post(`/p/${made.secret}/wrong`, { csrf, items: made.items[0] ?? "", reason: "other" });
  expect(wordless.text).toContain("Bitte sagen Sie uns kurz, worum es geht.");
  const long = await client.post(`/p/${made.secret}/wrong`, {
    csrf,
    items: made.items[0] ?? "",
    reason: "other",
    words: "x".repeat(2001),
  });
  expect(long.text).toContain("kürzen Sie auf 2000 Zeichen");
  expect(await holds(made.customerId)).toEqual([]);
});

test("no more e-mails, and another address", async () => {
  const made = await portal.makeCase("807");
  const client = portal.client();
  await client.enter(made.secret);
  const csrf = await client.csrf(made.secret);
  expect((await client.get(`/p/${made.secret}/contact`)).text).toContain("k•••@post.example");
  const stopped = await client.post(`/p/${made.secret}/contact`, { csrf, wish: "stop" });
  expect((await client.get(stopped.location ?? "")).text).toContain("keine E-Mails mehr, nur noch Briefe");
  const points = () => portal.act((act) => contactPointsOf(act, made.customerId));
  expect((await points()).filter((one) => one.channel === "email")).toMatchObject([
    { consent: "withdrawn", consentSource: "portal" },
  ]);
  expect((await points()).some((one) => one.channel === "letter" && one.consent === "contract")).toBe(true);
  for (const email of ["", "kein.at", "a@b", "a b@c.de", "x@y.example, z@y.example", "<a@b.de>"])
    expect([email, (await client.post(`/p/${made.secret}/contact`, { csrf, wish: "add", email })).status]).toEqual([
      email,
      422,
    ]);
  await client.post(`/p/${made.secret}/contact`, { csrf, wish: "add", email: " neu@post.example " });
  await client.post(`/p/${made.secret}/contact`, { csrf, wish: "add", email: "NEU@post.example" });
  const added = (await points()).filter((one) => one.value.toLowerCase() === "neu@post.example");
  expect(added).toMatchObject([{ consent: "given", consentSource: "portal" }]);
  expect(added[0]?.verifiedAt).toBeUndefined();
  expect(await acts(made)).toEqual(["portal.email_withdrawn", "portal.email_given"]);
});

test("forms of other sites, without or with a foreign token, do nothing and lose nothing", async () => {
  const made = await portal.makeCase("808");
  const client = portal.client();
  await client.enter(made.secret);
  const csrf = await client.csrf(made.secret);
  const fields = { paidOn: "30.05.2026", note: "Notiz bleibt" };
  const foreign = await client.post(`/p/${made.secret}/paid`, { ...fields, csrf }, { origin: "https://evil.example" });
  expect(foreign.status).toBe(403);
  expect((await client.post(`/p/${made.secret}/paid`, { ...fields, csrf }, { origin: "null" })).status).toBe(403);
  for (const token of ["", "x", csrf.toLowerCase()]) {
    const shown = await client.post(`/p/${made.secret}/paid`, { ...fields, csrf: token });
    expect(shown.status).toBe(403);
    expect(shown.text).toContain("Notiz bleibt");
  }
  expect(
    (
      await portal
        .client()
        .post(`/p/${made.secret}`, { kind: "postcode", answer: "51147" }, { origin: "https://evil.example" })
    ).status,
  ).toBe(403);
  const json = await client.post(`/p/${made.secret}/paid`, { ...fields, csrf }, { "content-type": "application/json" });
  expect(json.status).toBe(413);
  expect(await holds(made.customerId)).toEqual([]);
});

test("what was typed when the session ended is still there after the door", async () => {
  const made = await portal.makeCase("809");
  const client = portal.client();
  await client.enter(made.secret);
  const csrf = await client.csrf(made.secret);
  portal.kulanz.advance({ minutes: 31 });
  const door = await client.post(`/p/${made.secret}/paid`, { csrf, paidOn: "29.05.2026", note: "Nicht verlieren" });
  expect(door.text).toContain('name="kept.note" value="Nicht verlieren"');
  const kept = { kind: "postcode", then: "paid", "kept.paidOn": "29.05.2026", "kept.note": "Nicht verlieren" };
  const again = await client.post(`/p/${made.secret}`, { ...kept, answer: "51147" });
  expect(again.status).toBe(200);
  expect(again.text).toContain("Nicht verlieren");
  expect(again.text).toContain("29.05.2026");
  expect(await holds(made.customerId)).toEqual([]);
});

test("the acts refuse a case that is closed or of somebody else", async () => {
  const made = await portal.makeCase("814");
  const stranger = { customerId: made.customerId, caseId: "00000000-0000-7000-8000-000000000000" as CaseId };
  const results = await portal.act(async (act) => [
    await claimPaid(act, { ...stranger, paidOn: day("2026-06-01") }),
    await askForCall(act, { ...stranger, on: day("2026-06-02"), from: 9, to: 12, phone: "0170 1234567" }),
    await raiseDispute(act, { ...stranger, receivableIds: made.items, reason: "damaged" }),
  ]);
  expect(results.map((one) => (one.ok ? "ok" : one.error.code))).toEqual(Array(3).fill("case_not_open"));
  expect(expectOk(await portal.act((act) => withdrawEmail(act, made))).addresses).toBe(1);
  expect(expectOk(await portal.act((act) => withdrawEmail(act, made))).addresses).toBe(0);
});

test("the answers leave by e-mail with what was agreed, and the audit chain holds", async () => {
  const paid = await portal.makeCase("815");
  const call = await portal.makeCase("816", { language: "en" });
  const wrong = await portal.makeCase("817");
  await portal.act(async (act) => {
    expectOk(await claimPaid(act, { ...paid, paidOn: day("2026-05-30") }));
    expectOk(await askForCall(act, { ...call, on: day("2026-06-05"), from: 9, to: 12, phone: "0170 1234567" }));
    expectOk(await raiseDispute(act, { ...wrong, receivableIds: wrong.items, reason: "not_received" }));
  });
  const queued = await Promise.all([paid, call, wrong].map(async (one) => (await answers(one.customerId))[0]));
  await letDueMessagesLeave(portal.outbox, portal.tenantId, 1);
  for (const one of queued) {
    const after = await portal.act((act) =>
      message(act, { customerId: one?.customerId as CustomerId, messageId: one?.messageId ?? ("" as never) }),
    );
    expect([after?.templateKey, after?.state, after?.reason]).toEqual([one?.templateKey, "left", null]);
  }
  const verified = await portal.kulanz.database.tenant(portal.tenantId, (tx) => verifyAudit(tx));
  expect(verified.ok).toBe(true);
});
