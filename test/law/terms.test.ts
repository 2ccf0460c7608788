import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectOk, localTime, type PlainDate, weekday } from "../../src/pure/kernel/index.ts";
import { CALL_HOURS, contactAllowed, holidayOn, MESSAGE_HOURS, paymentTerm, STATES } from "../../src/pure/law/index.ts";

const day = (text: string): PlainDate => text as PlainDate;

describe("payment term", () => {
  test.each([
    ["2026-11-02", 14, "NW", "2026-11-16", null],
    ["2026-11-02", 12, "NW", "2026-11-16", "weekend"],
    ["2026-11-04", 14, "SN", "2026-11-19", "Buß- und Bettag"],
    ["2026-03-20", 14, "BY", "2026-04-07", "Karfreitag"],
  ] as const)("%s + %i days in %s: %s", (from, days, state, lastDay, movedBecause) => {
    expect(expectOk(paymentTerm(day(from), days, state))).toMatchObject({ lastDay, movedBecause });
  });
  test("refused: no whole number of days", () => {
    expect(paymentTerm(day("2026-11-02"), 1.5, null)).toMatchObject({ error: { code: "term_invalid", where: "days" } });
    expect(paymentTerm(day("2026-11-02"), -1, null)).toMatchObject({ error: { code: "term_invalid" } });
  });
});

describe("contact hours", () => {
  const ask = (at: string, state: (typeof STATES)[number] | null, hours = MESSAGE_HOURS, zone = "Europe/Berlin") => {
    const answer = expectOk(contactAllowed(new Date(at), zone, state, hours));
    return answer.allowed ? "allowed" : [answer.reason, answer.nextAt.toISOString()];
  };
  test.each([
    ["first minute, winter", "2026-11-23T07:00:00Z", "NW", "allowed"],
    ["last second", "2026-11-23T18:59:59Z", "NW", "allowed"],
    ["20:00", "2026-11-23T19:00:00Z", "NW", ["quiet_hours", "2026-11-24T07:00:00.000Z"]],
    ["7:59", "2026-11-23T06:59:59Z", "NW", ["quiet_hours", "2026-11-23T07:00:00.000Z"]],
    ["summer time", "2026-07-01T06:00:00Z", "NW", "allowed"],
    ["Saturday", "2026-11-21T10:00:00Z", "NW", "allowed"],
    ["Saturday evening to Monday", "2026-11-21T20:00:00Z", "NW", ["quiet_hours", "2026-11-23T07:00:00.000Z"]],
    ["Sunday", "2026-11-22T10:00:00Z", "NW", ["weekday", "2026-11-23T07:00:00.000Z"]],
    ["Good Friday to Saturday", "2026-04-03T10:00:00Z", "BE", ["holiday", "2026-04-04T06:00:00.000Z"]],
    ["holiday of Saxony", "2026-11-18T10:00:00Z", "SN", ["holiday", "2026-11-19T07:00:00.000Z"]],
    ["no holiday next door", "2026-11-18T10:00:00Z", "BB", "allowed"],
    ["clock change: Sunday 2026-03-29", "2026-03-28T20:00:00Z", "NW", ["quiet_hours", "2026-03-30T06:00:00.000Z"]],
  ] as const)("%s", (_name, at, state, expected) => {
    expect(ask(at, state)).toEqual(expected);
  });
  test("calls wait for Monday, and the customer's zone counts", () => {
    expect(ask("2026-11-21T10:00:00Z", "NW", CALL_HOURS)).toEqual(["weekday", "2026-11-23T07:00:00.000Z"]);
    expect(ask("2026-11-23T10:00:00Z", null, MESSAGE_HOURS, "America/New_York")).toEqual([
      "quiet_hours",
      "2026-11-23T13:00:00.000Z",
    ]);
  });
  test("errors are values", () => {
    const at = new Date("2026-11-23T10:00:00Z");
    expect(contactAllowed(at, "Mars/Olympus", null)).toMatchObject({ error: { code: "zone_unknown" } });
    expect(contactAllowed(at, "Europe/Berlin", null, { ...MESSAGE_HOURS, weekdays: [] })).toMatchObject({
      error: { code: "contact_hours_empty" },
    });
  });
  test("property: the next moment is later and allowed itself", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 * 365 * 24 * 60 }),
        fc.constantFrom(...STATES),
        fc.constantFrom("Europe/Berlin", "Asia/Tokyo", "America/Sao_Paulo", "Pacific/Auckland"),
        (minutes, state, zone) => {
          const at = new Date(Date.UTC(2024, 0, 1) + minutes * 60_000);
          const answer = expectOk(contactAllowed(at, zone, state));
          const moment = answer.allowed ? at : answer.nextAt;
          expect(moment >= at).toBe(true);
          const local = localTime(moment, zone);
          expect(local.hour >= 8 && local.hour < 20 && weekday(local.date) < 7).toBe(true);
          expect(holidayOn(local.date, state)).toBeNull();
          expect(expectOk(contactAllowed(moment, zone, state)).allowed).toBe(true);
        },
      ),
    );
  });
});
