/** Invariant 10: clock and chance are handed in. The machine's zone changes nothing. (The source scan: house.test.ts.) */
import { afterEach, beforeAll, expect, test } from "vitest";
import { bookPayment, claimOn, postingsOf, setDefault } from "../../src/books/receivables/index.ts";
import { messages } from "../../src/outreach/messaging/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { addMonths, dateIn, EUR, type Instant, instantAt, localTime, weekday } from "../../src/pure/kernel/index.ts";
import { contactAllowed, nextWorkingDay } from "../../src/pure/law/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openSetting } from "./setting.ts";

const ZONES = ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"] as const;
const home = process.env["TZ"];
afterEach(() => {
  if (home === undefined) delete process.env["TZ"];
  else process.env["TZ"] = home;
});
const live = (zone: string): void => {
  process.env["TZ"] = zone;
};

beforeAll(() => {
  // The sandbox of the test must follow TZ at all, or the tests below prove nothing.
  const offsets = ZONES.map((zone) => {
    live(zone);
    return new Date("2026-07-01T00:00:00Z").getTimezoneOffset();
  });
  expect(offsets).toEqual([-840, 420, 0]);
});

/** A customer's story around midnight, told by a machine in this zone. */
async function story(zone: string): Promise<unknown> {
  live(zone);
  const s = await openSetting({ seed: 10 });
  try {
    s.kulanz.setNow(new Date("2026-06-07T22:30:00Z")); // 00:30 in Berlin, next day
    const customerId = await s.makeReachable("1010");
    const receivableId = await s.act((act) =>
      makeItem(act, s, customerId, "RE-1010", 120_000n, { dueOn: day("2026-06-03") }),
    );
    await s.run(day("2026-06-08"));
    const early = await s.leave();
    s.kulanz.setNow(new Date("2026-06-08T07:00:00Z"));
    const late = await s.leave();
    await s.act((act) => setDefault(act, [{ customerId, receivableId, since: day("2026-06-19"), ground: "notice" }]));
    await s.act((act) =>
      bookPayment(act, {
        customerId,
        creditorId: s.creditorId,
        amountMinor: 20_000n,
        currency: EUR,
        valueOn: day("2026-06-30"),
        designated: [],
      }),
    );
    s.kulanz.setNow(new Date("2026-06-30T23:59:59Z"));
    await s.run(day("2026-07-01"));
    const claim = await s.act((act) => claimOn(act, customerId, day("2026-12-31"), undefined, "always"));
    return {
      early,
      late,
      claim: [...claim.values()],
      postings: await s.act((act) => postingsOf(act, customerId)),
      messages: await s.act((act) => messages(act, { customerId })),
      rows: await s.act((act) =>
        act.tx.rows(sql`
          select d.trigger, d.outcome, d.stage, d.business_date, d.decided_at, d.next_on, d.situation, d.choice,
                 c.opened_on, c.stage_on, r.due_on, r.stage_on as item_stage_on, r.created_at
            from decision d join dunning_case c using (customer_id) join receivable r using (customer_id) order by 1`),
      ),
    };
  } finally {
    await s.drop();
  }
}

test("the same story gives the same rows wherever the machine stands", async () => {
  const told = [];
  for (const zone of ZONES) told.push(await story(zone));
  expect(told[0]).toMatchObject({ early: { left: 0, postponed: 0 }, late: { left: 1 } });
  expect(told[1]).toEqual(told[0]);
  expect(told[2]).toEqual(told[0]);
});

test("calendar and law speak of the zone they are told, not of the machine's", () => {
  const answers = ZONES.map((zone) => {
    live(zone);
    const moments = ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z", "2026-12-31T23:30:00Z"];
    return moments.map((text) => {
      const at = new Date(text) as Instant;
      const date = dateIn(at, "Europe/Berlin");
      return [
        localTime(at, "Europe/Berlin"),
        weekday(date),
        instantAt(date, 2, 30, "Europe/Berlin").toISOString(),
        nextWorkingDay(date, "NW"),
        addMonths(date, 1),
        contactAllowed(at, "Europe/Berlin", "NW"),
      ];
    });
  });
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});
