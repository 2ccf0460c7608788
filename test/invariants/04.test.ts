/** Invariant 4: no message after payment; what is no longer right is dropped, with the reason on record. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { contactPointsOf, setConsent } from "../../src/books/customers/index.ts";
import { bookPayment, placeHold, setAssigned } from "../../src/books/receivables/index.ts";
import { messages } from "../../src/outreach/messaging/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, type ReceivableId } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openSetting, type Setting } from "./setting.ts";

let s: Setting;
beforeAll(async () => {
  s = await openSetting();
});
afterAll(() => s.drop());

type Happening = (act: Act, customerId: CustomerId, receivableId: ReceivableId) => Promise<unknown>;
const pay =
  (amountMinor: bigint): Happening =>
  (act, customerId) =>
    bookPayment(act, {
      customerId,
      creditorId: s.creditorId,
      amountMinor,
      currency: EUR,
      valueOn: day("2026-06-08"),
      designated: [],
    });

/** What happens between the decision and the moment of leaving, and what becomes of the message. */
const CASES: readonly (readonly [string, Happening, string | null])[] = [
  ["nothing", () => Promise.resolve(), null],
  ["paid in full", pay(3000n), "paid"],
  ["paid in part", pay(1000n), null],
  ["paid by more than was owed", pay(9000n), "paid"],
  [
    "a hold on the customer",
    async (act, customerId) =>
      expectOk(
        await placeHold(act, {
          customerId,
          ground: "claimed_paid",
          startsOn: day("2026-06-08"),
          endsOn: day("2026-06-18"),
        }),
      ),
    "hold_claimed_paid",
  ],
  [
    "a hold on the item",
    async (act, customerId, receivableId) =>
      expectOk(await placeHold(act, { customerId, receivableId, ground: "dispute", startsOn: day("2026-06-08") })),
    "hold_item",
  ],
  ["the item was assigned to a third party", (act, c, r) => setAssigned(act, c, r, day("2026-06-08")), "hold_item"],
  [
    "consent withdrawn",
    async (act, customerId) => {
      const points = await contactPointsOf(act, customerId);
      for (const point of points.filter((one) => one.channel === "email"))
        await setConsent(act, customerId, point.contactPointId as never, "withdrawn", "test");
    },
    "reach_consent_withdrawn",
  ],
  [
    "asked by another creditor meanwhile",
    async (act, customerId) => {
      await act.tx.execute(sql`
        insert into message (customer_id, message_id, tenant_id, creditor_id, brand_id, kind, template_key, channel, tone,
                             language, state, leave_after, queued_at, left_at)
        values (${customerId}, ${act.tx.newId()}, ${act.tx.tenantId}, ${s.creditorId}, ${s.brandId}, 'ask', 'reminder', 'email',
                'friendly', 'de', 'left', ${act.tx.now}, ${act.tx.now}, ${act.tx.now})`);
    },
    "gap",
  ],
];

test("between the decision and the moment of leaving", async () => {
  s.kulanz.setNow(new Date("2026-06-08T08:00:00Z"));
  const customers = [];
  for (const [index, [name]] of CASES.entries()) {
    const customerId = await s.makeReachable(`4${index}`);
    const receivableId = await s.act((act) =>
      makeItem(act, s, customerId, `RE-4${index}`, 3000n, { dueOn: day("2026-06-01") }),
    );
    customers.push({ name, customerId, receivableId });
  }
  expect(await s.run(day("2026-06-08"))).toMatchObject({ contact: CASES.length, messages: CASES.length });
  for (const [index, { customerId, receivableId }] of customers.entries())
    await s.act((act) => CASES[index]?.[1](act, customerId, receivableId) ?? Promise.resolve());
  await s.leave();
  const ends = [];
  for (const { name, customerId } of customers) {
    const asked = (await s.act((act) => messages(act, { customerId }))).filter((one) => one.stage === "reminder");
    const left = s.sent.filter((parcel) => parcel.customerId === customerId).length;
    ends.push([name, asked.map((one) => [one.state, one.reason]), left]);
  }
  const expected = CASES.map(([name, , reason]) => [
    name,
    [reason === null ? ["left", null] : ["dropped", reason]],
    reason === null ? 1 : 0,
  ]);
  expect(ends).toEqual(expected);
});

test("a payment and the outbox at the same moment: paid first means nothing leaves, whatever the luck", async () => {
  s.kulanz.setNow(new Date("2026-06-09T08:00:00Z"));
  const ids: CustomerId[] = [];
  for (let n = 0; n < 8; n += 1) {
    const customerId = await s.makeReachable(`5${n}`);
    await s.act((act) => makeItem(act, s, customerId, `RE-5${n}`, 3000n, { dueOn: day("2026-06-02") }));
    ids.push(customerId);
  }
  await s.run(day("2026-06-09"));
  const paidAt = new Map<CustomerId, number>();
  const watched = s.sent.length;
  await Promise.all([
    s.leave(),
    ...ids.map(async (customerId) => {
      await s.act((act) => pay(3000n)(act, customerId, "" as ReceivableId));
      paidAt.set(customerId, s.sent.filter((parcel) => parcel.customerId === customerId).length);
    }),
  ]);
  expect(paidAt.size).toBe(ids.length);
  for (const customerId of ids) {
    const [message] = await s.act((act) => messages(act, { customerId }));
    const left = s.sent.slice(watched).filter((parcel) => parcel.customerId === customerId).length;
    // Either it left (its attempt was committed before the payment), or it was dropped as paid and nothing left.
    expect([message?.state, left]).toEqual(message?.state === "left" ? ["left", 1] : ["dropped", 0]);
  }
});
