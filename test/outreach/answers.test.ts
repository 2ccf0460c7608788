/** Every answer to an act in the portal renders and leaves, in both languages, with and without an e-mail address. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { contactPointsOf, endContactPoint } from "../../src/books/customers/index.ts";
import { decideTask, holdsOf, tasks } from "../../src/books/receivables/index.ts";
import { askForCall, callDays, claimPaid, raiseDispute } from "../../src/doors/portal/index.ts";
import { runDunning } from "../../src/outreach/dunning/index.ts";
import { letDueMessagesLeave, messages, sealedParts } from "../../src/outreach/messaging/index.ts";
import { addDays, type CustomerId, expectOk, type Uuid } from "../../src/pure/kernel/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import { day, SYSTEM } from "../books/books.ts";
import { type OpenCase, openPortal, type Portal } from "../portal/portal.ts";

let p: Portal;
beforeAll(async () => {
  p = await openPortal();
});
afterAll(() => p.drop());

const PORTAL = { kind: "portal", id: "00000000-0000-4000-8000-000000000077" } as const;
const inPortal = <T>(work: (act: Act) => Promise<T>): Promise<T> => p.act(work, PORTAL);
const leave = () => letDueMessagesLeave(p.outbox, p.tenantId);
const answersOf = async (customerId: CustomerId) =>
  (await p.act((act) => messages(act, { customerId }))).filter((one) => one.kind === "answer");
async function textOf(customerId: CustomerId, templateKey: string): Promise<string> {
  const found = (await answersOf(customerId)).find((one) => one.templateKey === templateKey);
  if (!found) throw new Error(`no ${templateKey}`);
  expect([found.state, found.reason]).toEqual(["left", null]);
  return p.act(async (act) => {
    const parts = await sealedParts(act, found);
    const seal = await act.vault.forCustomer(act.tx, customerId);
    const opened = expectOk(seal.openText("records", "message_rendering", parts?.rendering ?? Buffer.alloc(0)));
    return (JSON.parse(opened) as { text: string }).text.replace(/\u00a0/g, " ");
  });
}
const TODAY = day("2026-06-01");
const firstCallDay = () => callDays(TODAY, "NW")[0] ?? TODAY;
const call = (of: OpenCase) =>
  inPortal((act) => askForCall(act, { ...of, on: firstCallDay(), from: 9, to: 12, phone: "0221 1234567" }));

let n = 0;
const make = async (language: "de" | "en", email: boolean): Promise<OpenCase> => {
  n += 1;
  const made = await p.makeCase(`8${n}000`, { language });
  if (!email)
    for (const point of await p.act((act) => contactPointsOf(act, made.customerId)))
      if (point.channel === "email")
        expectOk(await p.act((act) => endContactPoint(act, made.customerId, point.contactPointId as Uuid)));
  return made;
};

test.each(["de", "en"] as const)("the three answers by e-mail (%s)", async (language) => {
  p.kulanz.setNow(new Date("2026-06-01T09:00:00Z"));
  const of = await make(language, true);
  expectOk(await inPortal((act) => claimPaid(act, { ...of, paidOn: day("2026-05-28") })));
  expectOk(await call(of));
  expectOk(
    await inPortal((act) => raiseDispute(act, { ...of, receivableIds: of.items.slice(0, 1), reason: "damaged" })),
  );
  expect(await leave()).toMatchObject({ left: 3, parked: 0 });
  expect(await textOf(of.customerId, "paid_claim_received")).toContain(
    language === "de" ? "11. Juni 2026" : "11 June 2026",
  );
  expect(await textOf(of.customerId, "callback_confirmed")).toMatch(
    language === "de" ? /9 und 12 Uhr|09:00/ : /9|09:00/,
  );
  expect(await textOf(of.customerId, "dispute_received")).toContain(language === "de" ? "9. Juni 2026" : "9 June 2026");
});

test.each(
  (["damaged", "returned", "not_received", "wrong_amount", "not_ordered", "other"] as const).flatMap((reason) =>
    (["de", "en"] as const).flatMap((language) => [true, false].map((email) => [reason, language, email] as const)),
  ),
)("an objection is answered: %s, %s, by e-mail: %s", async (reason, language, email) => {
  p.kulanz.setNow(new Date("2026-06-01T09:00:00Z"));
  const of = await make(language, email);
  expectOk(
    await inPortal((act) =>
      raiseDispute(act, { ...of, receivableIds: of.items.slice(0, 1), reason, words: "Etwas stimmt hier nicht" }),
    ),
  );
  expect(await leave()).toMatchObject({ left: 1, parked: 0 });
  expect(await textOf(of.customerId, "dispute_received")).toContain("Etwas stimmt hier nicht");
});

test("without an e-mail address the page answers alone: nothing is queued that could not leave", async () => {
  p.kulanz.setNow(new Date("2026-06-01T09:00:00Z"));
  const of = await make("de", false);
  expectOk(await inPortal((act) => claimPaid(act, { ...of, paidOn: day("2026-05-28") })));
  expectOk(await call(of));
  expect(await answersOf(of.customerId)).toEqual([]);
  expect((await p.act((act) => holdsOf(act, [of.customerId]))).get(of.customerId)).toHaveLength(2);
});

test("an answer that waits for the morning still knows its wish when a colleague was quicker", async () => {
  p.kulanz.setNow(new Date("2026-06-01T19:30:00Z"));
  const of = await make("de", true);
  expectOk(await call(of));
  for (const task of await p.act((act) => tasks(act, { customerId: of.customerId, kind: "callback" })))
    expectOk(await p.act((act) => decideTask(act, of.customerId, task.taskId, "done")));
  p.kulanz.setNow(new Date("2026-06-02T07:00:00Z"));
  expect(await leave()).toMatchObject({ left: 1, parked: 0 });
});

test.each([
  ["de", true],
  ["en", true],
  ["de", false],
] as const)("the question after “I have paid” (%s, by e-mail: %s), once", async (language, email) => {
  p.kulanz.setNow(new Date("2026-06-01T09:00:00Z"));
  const of = await make(language, email);
  expectOk(await inPortal((act) => claimPaid(act, { ...of, paidOn: day("2026-05-28") })));
  await leave();
  const date = addDays(day("2026-06-12"), n % 3);
  p.kulanz.setNow(new Date(`${date}T09:00:00Z`));
  expectOk(await runDunning(p.platform, p.tenantId, SYSTEM, { creditorId: p.creditorId, businessDate: date }));
  await leave();
  p.kulanz.setNow(new Date(`${addDays(date, 3)}T09:00:00Z`));
  await leave();
  const questions = (await answersOf(of.customerId)).filter((one) => one.templateKey === "paid_question");
  const asked = await p.act((act) => tasks(act, { customerId: of.customerId, kind: "claimed_paid" }));
  expect([questions.length, asked.length]).toEqual(email ? [1, 0] : [0, 1]);
  if (email)
    expect(await textOf(of.customerId, "paid_question")).toContain(language === "de" ? "1. Juni 2026" : "1 June 2026");
});
