import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../../src/outreach/dunning/decide.ts";
import { NO_ADVICE, type Situation, type SituationItem } from "../../src/outreach/dunning/model.ts";
import { STANDARD_STRATEGY, strategySchema } from "../../src/outreach/dunning/strategy.ts";
import { addDays, type PlainDate } from "../../src/pure/kernel/index.ts";

const TODAY = "2026-10-31" as PlainDate;
const day = (offset: number): PlainDate => addDays(TODAY, offset);

const item = (overdue: number, more: Partial<SituationItem> = {}): SituationItem => ({
  receivableId: `r${overdue}${more.stage ?? ""}${more.openMinor ?? ""}` as SituationItem["receivableId"],
  itemKind: "invoice",
  dueOn: day(-overdue),
  openMinor: "10000",
  assigned: false,
  directDebit: false,
  brandId: "brand-a",
  ...more,
});

const situation = (items: SituationItem[], more: Partial<Situation> = {}): Situation => ({
  customerId: "c1" as Situation["customerId"],
  creditorId: "k1" as Situation["creditorId"],
  caseId: "d1" as Situation["caseId"],
  currency: "EUR",
  businessDate: TODAY,
  customerKind: "consumer",
  customerCountry: "DE",
  creditorCountry: "DE",
  state: "NW",
  zone: "Europe/Berlin",
  toneCeiling: "firm",
  items,
  contact: {
    asks: [],
    reach: { email: "usable", letter: "usable" },
    holds: [],
    unclearMessages: 0,
    waitingMessages: 0,
  },
  contactRules: { gapDays: 7, maximumAsks: 4, withinDays: 30 },
  asksByStage: {},
  handOverProposed: false,
  ...more,
});

const hold = (more: object): Situation["contact"]["holds"][number] =>
  ({
    holdId: "h1",
    ground: "dispute",
    author: "user:1",
    startsOn: day(-1),
    createdAt: new Date(0),
    ...more,
  }) as Situation["contact"]["holds"][number];

const run = (given: Situation) => decide(STANDARD_STRATEGY, given, NO_ADVICE, 1);

describe("which stage", () => {
  const table: [string, SituationItem[], string, string | undefined][] = [
    ["far from due", [item(-20)], "wait", "pre_due"],
    ["three days ahead", [item(-3)], "contact", "pre_due"],
    ["due yesterday: the note ahead is not caught up", [item(1)], "wait", "reminder"],
    ["five days late", [item(5, { stage: "pre_due", stageOn: day(-8) })], "contact", "reminder"],
    ["never told, 20 days late: enters at the notice", [item(20)], "contact", "dunning_notice"],
    ["never told, 90 days late: never past the notice", [item(90)], "contact", "dunning_notice"],
    [
      "told of the notice 20 days ago",
      [item(35, { stage: "dunning_notice", stageOn: day(-20) })],
      "contact",
      "final_notice",
    ],
    [
      "told of the notice 5 days ago",
      [item(60, { stage: "dunning_notice", stageOn: day(-5) })],
      "wait",
      "final_notice",
    ],
    ["told of everything", [item(60, { stage: "final_notice", stageOn: day(-16) })], "contact", "hand_over"],
    ["highest stage leads", [item(6), item(16)], "contact", "dunning_notice"],
    ["a credit note alone", [item(20, { itemKind: "credit_note", openMinor: "-500" })], "wait", undefined],
  ];
  test.each(table)("%s", (_, items, outcome, stage) => {
    const decision = run(situation(items));
    expect([decision.outcome, decision.stage]).toEqual([outcome, stage]);
  });

  test("direct debit gets no note ahead", () => {
    expect(run(situation([item(-2, { directDebit: true })])).outcome).toBe("wait");
  });

  test("no note ahead for whom its channel does not reach", () => {
    const reach = { email: "missing", letter: "usable" } as const;
    const decision = run(situation([item(-2)], { contact: { ...situation([]).contact, reach } }));
    expect(decision.outcome).toBe("wait");
  });

  test("an assigned item is never dunned", () => {
    expect(run(situation([item(20, { assigned: true })])).outcome).toBe("wait");
  });

  test("all due items come in one contact, each on its own ladder", () => {
    const decision = run(situation([item(2), item(6), item(16)]));
    expect(decision.choice.receivableIds).toHaveLength(3);
    expect(Object.values(decision.choice.itemStages).sort()).toEqual(["dunning_notice", "reminder"]);
  });

  test("a round counts what was asked before at this stage", () => {
    expect(run(situation([item(6)], { asksByStage: { reminder: 2 } })).choice.round).toBe(3);
  });
});

describe("items of different age don't disturb each other", () => {
  const old = item(60, { stage: "final_notice", stageOn: day(-16) });
  const young = item(7, { openMinor: "4200" });

  test("only what was announced is proposed for hand-over", () => {
    const decision = run(situation([old, young]));
    expect(decision.stage).toBe("hand_over");
    expect(decision.choice.receivableIds).toEqual([old.receivableId]);
    expect(decision.choice.itemStages).toEqual({ [old.receivableId]: "hand_over" });
  });

  test.each([
    ["waits for a person", { handOverProposed: true }],
    ["was refused by a person", { handOverDecided: "refused" as const }],
  ])("a hand-over that %s does not keep a younger item from its reminder", (_, more) => {
    const decision = run(situation([old, young], more));
    expect([decision.outcome, decision.stage]).toEqual(["contact", "reminder"]);
    expect(decision.choice.itemStages).toEqual({ [young.receivableId]: "reminder" });
  });

  test("a refused hand-over is not proposed again every day", () => {
    const decision = run(situation([old], { handOverDecided: "refused" }));
    expect(decision.blockers.map((b) => b.name)).toEqual(["hand_over_refused"]);
  });

  test("after an approved hand-over nothing is asked any more", () => {
    const decision = run(situation([old, young], { handOverDecided: "approved" }));
    expect(decision.blockers.map((b) => b.name)).toEqual(["hand_over_approved"]);
  });

  test("a stage that is switched off does not hold up younger items", () => {
    const strategy = strategySchema.parse({
      ...STANDARD_STRATEGY,
      stages: STANDARD_STRATEGY.stages
        .slice(0, 4)
        .map((stage) => (stage.key === "final_notice" ? { ...stage, automation: "off" } : stage)),
    });
    const stuck = item(60, { stage: "dunning_notice", stageOn: day(-30) });
    const decision = decide(strategy, situation([stuck, young]), NO_ADVICE, 1);
    expect([decision.outcome, decision.stage]).toEqual(["contact", "reminder"]);
    expect(decide(strategy, situation([stuck]), NO_ADVICE, 1).blockers.map((b) => b.name)).toEqual(["stage_off"]);
  });

  test("an item that is only bundled keeps the day of its own stage", () => {
    const told = item(22, { stage: "dunning_notice", stageOn: day(-8) });
    const decision = run(situation([told, young]));
    expect(decision.stage).toBe("reminder");
    expect(decision.choice.receivableIds).toContain(told.receivableId);
    expect(decision.choice.itemStages).toEqual({ [young.receivableId]: "reminder" });
  });

  test("due on a Saturday before a holiday: on the next working day it is not late yet (§ 193 BGB)", () => {
    // 2026-10-31 is a Saturday, 2026-11-01 All Saints' in NW; Monday is the last day to pay.
    const moved = item(0, { dueOn: "2026-10-31" as PlainDate, openMinor: "777" });
    const on = (date: string) => run(situation([item(20), moved], { businessDate: date as PlainDate }));
    expect(on("2026-11-02").choice.receivableIds).not.toContain(moved.receivableId);
    expect(on("2026-11-03").choice.receivableIds).toContain(moved.receivableId);
  });
});

describe("all blockers, with ground and end", () => {
  test("hold, peace, gap, cap and unclear message all speak", () => {
    const decision = run(
      situation([item(20)], {
        peaceUntil: day(4),
        contact: {
          asks: [1, 2, 3, 5].map((ago) => ({ on: day(-ago), messageId: `m${ago}` })),
          reach: { email: "usable", letter: "usable" },
          holds: [hold({ endsOn: day(10) })],
          unclearMessages: 1,
          waitingMessages: 0,
        },
      }),
    );
    expect(decision.outcome).toBe("blocked");
    expect(decision.blockers.map(({ name, until }) => [name, until])).toEqual([
      ["peace", day(4)],
      ["gap", day(5)],
      ["hold_dispute", day(10)],
      ["cap", day(24)],
      ["message_unclear", undefined],
    ]);
    expect(decision.nextOn).toBeUndefined();
  });

  const table: [string, Partial<Situation>, string][] = [
    [
      "no channel",
      { contact: { ...situation([]).contact, reach: { email: "undeliverable", letter: "missing" } } },
      "unreachable",
    ],
    [
      "a credit covers it",
      { items: [item(20), item(3, { itemKind: "on_account", openMinor: "-10000" })] },
      "credit_covers",
    ],
    ["too little to write about", { items: [item(20, { openMinor: "249" })] }, "below_minimum"],
    ["another country", { customerCountry: "AT" }, "country_unsupported"],
    ["one is on its way", { contact: { ...situation([]).contact, waitingMessages: 1 } }, "message_waiting"],
  ];
  test.each(table)("%s", (_, more, name) => {
    const decision = run(situation([item(20)], more));
    expect(decision.outcome).toBe("blocked");
    expect(decision.blockers.map((blocker) => blocker.name)).toContain(name);
  });

  test("a hold on one item leaves the others alone", () => {
    const held = item(20, { openMinor: "777" });
    const decision = run(
      situation([held, item(16)], {
        contact: { ...situation([]).contact, holds: [hold({ receivableId: held.receivableId })] },
      }),
    );
    expect(decision.outcome).toBe("contact");
    expect(decision.choice.receivableIds).not.toContain(held.receivableId);
  });

  test("a hold that ended or was lifted no longer speaks", () => {
    const holds = [hold({ endsOn: day(-1) }), hold({ liftedAt: new Date(0) })];
    expect(run(situation([item(20)], { contact: { ...situation([]).contact, holds } })).outcome).toBe("contact");
  });

  test("a hand-over that waits for a person is not proposed again", () => {
    const items = [item(60, { stage: "final_notice", stageOn: day(-16) })];
    expect(run(situation(items, { handOverProposed: true })).blockers.map((b) => b.name)).toEqual(["waits_for_person"]);
  });
});

describe("channel and tone", () => {
  test("the first reachable channel leads, others say why not", () => {
    const decision = run(
      situation([item(20)], {
        contact: { ...situation([]).contact, reach: { email: "consent_withdrawn", letter: "usable" } },
      }),
    );
    expect(decision.choice.channel).toBe("letter");
    expect(decision.candidates.find((candidate) => candidate.channel === "email")?.ground).toBe(
      "reach_consent_withdrawn",
    );
  });

  test("never harder than the brand allows", () => {
    const decision = run(situation([item(20)], { toneCeiling: "friendly" }));
    expect(decision.blockers.map((blocker) => blocker.name)).toEqual(["no_treatment"]);
  });
});

describe("the document", () => {
  test("the standard strategy is valid", () => {
    expect(strategySchema.safeParse(STANDARD_STRATEGY).success).toBe(true);
  });
  const stages = STANDARD_STRATEGY.stages;
  const broken: [string, unknown][] = [
    ["an effect before the due date", { ...STANDARD_STRATEGY, stages: [{ ...stages[2], days: -1 }] }],
    ["a hand-over without announcement", { ...STANDARD_STRATEGY, stages: [stages[1], stages[4]] }],
    [
      "an automatic hand-over",
      { ...STANDARD_STRATEGY, stages: [...stages.slice(0, 4), { ...stages[4], automation: "auto" }] },
    ],
    [
      "a hand-over whose announcement is switched off",
      {
        ...STANDARD_STRATEGY,
        stages: STANDARD_STRATEGY.stages.map((stage) =>
          stage.key === "final_notice" ? { ...stage, automation: "off" } : stage,
        ),
      },
    ],
    ["a firm reminder", { ...STANDARD_STRATEGY, stages: [{ ...stages[1], tones: ["firm"] }] }],
    ["a stage twice", { ...STANDARD_STRATEGY, stages: [stages[1], { ...stages[1], days: 9 }] }],
    ["an unknown field", { ...STANDARD_STRATEGY, discount: 1 }],
  ];
  test.each(broken)("refuses %s", (_, document) => {
    expect(strategySchema.safeParse(document).success).toBe(false);
  });
});

test("replays from its stored JSON, for any situation", () => {
  const anyItem = fc.record({
    overdue: fc.integer({ min: -40, max: 120 }),
    open: fc.integer({ min: -20000, max: 50000 }).filter((n) => n !== 0),
    stage: fc.constantFrom(undefined, ...STANDARD_STRATEGY.stages.map((stage) => stage.key)),
    since: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(anyItem, { maxLength: 6 }), fc.integer({ min: 0, max: 10 }), (rows, ago) => {
      const items = rows.map((row, index) =>
        item(row.overdue, {
          receivableId: `r${index}` as SituationItem["receivableId"],
          openMinor: String(row.open),
          itemKind: row.open < 0 ? "credit_note" : "invoice",
          ...(row.stage && { stage: row.stage, stageOn: day(-row.since) }),
        }),
      );
      const given = situation(items, {
        contact: { ...situation([]).contact, asks: [{ on: day(-ago), messageId: "m" }] },
      });
      const decision = run(given);
      expect(run(JSON.parse(JSON.stringify(given)) as Situation)).toEqual(decision);
      if (decision.outcome !== "contact") return;
      // What is sent names at least one open, due (or soon due) item, and never skips a stage with an effect in law.
      expect(decision.choice.receivableIds.length).toBeGreaterThan(0);
      for (const [id, stage] of Object.entries(decision.choice.itemStages)) {
        const before = items.find((one) => one.receivableId === id)?.stage;
        const keys = STANDARD_STRATEGY.stages.map((one) => one.key);
        const skipped = STANDARD_STRATEGY.stages.slice(keys.indexOf(before ?? "") + 1, keys.indexOf(stage));
        expect(skipped.filter((one) => one.effect !== "none")).toEqual([]);
      }
    }),
  );
});
