/**
 * What a person decides: a versioned, declarative document. One schema for the console, files and `decide`.
 */
import { z } from "zod";

const tone = z.enum(["friendly", "factual", "firm"]);
const channel = z.enum(["email", "letter"]);

export const stageSchema = z.strictObject({
  /** Also the key of the message text; stable within a strategy. */
  key: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/),
  /** Days after the due date; negative before it. */
  days: z.number().int().min(-30).max(365),
  /** Least days after the stage before, for items that enter late. */
  afterPreviousDays: z.number().int().min(0).max(120),
  /** What the stage does in law. */
  effect: z.enum(["none", "default", "announcement", "hand_over"]),
  /** First reachable channel leads. */
  channels: z.array(channel).max(2),
  /** First tone within the brand's ceiling leads. */
  tones: z.array(tone).min(1).max(3),
  /** Days the customer has, from dispatch, by channel; the day is moved to a working day. */
  termDays: z.strictObject({ email: z.number().int().min(7).max(60), letter: z.number().int().min(10).max(60) }),
  automation: z.enum(["auto", "approve", "off"]),
});

export const strategySchema = z
  .strictObject({
    schema: z.literal(1),
    name: z.string().min(1).max(80),
    stages: z.array(stageSchema).min(1).max(20),
    guardRails: z.strictObject({
      /** Below this open sum (minor units, by currency) nothing is sent. */
      minimumMinor: z.record(z.string().regex(/^[A-Z]{3}$/), z.number().int().min(0)),
    }),
  })
  .superRefine((document, context) => {
    const keys = new Set<string>();
    let days = Number.NEGATIVE_INFINITY;
    document.stages.forEach((stage, index) => {
      const path = ["stages", index];
      if (keys.has(stage.key))
        context.addIssue({ code: "custom", path, message: `The stage "${stage.key}" stands twice.` });
      if (stage.days <= days)
        context.addIssue({
          code: "custom",
          path,
          message: "Stages must follow each other in days after the due date.",
        });
      if (stage.effect !== "none" && stage.days <= 0)
        context.addIssue({
          code: "custom",
          path,
          message: "Before the due date no stage can have an effect in law (§ 286 I BGB).",
        });
      if (stage.effect === "hand_over" && stage.automation === "auto")
        context.addIssue({ code: "custom", path, message: "A hand-over is a person's decision (Art. 22 GDPR)." });
      if (stage.effect !== "hand_over" && stage.channels.length === 0)
        context.addIssue({ code: "custom", path, message: "The stage needs a channel." });
      if (stage.tones.includes("firm") && stage.effect === "none")
        context.addIssue({ code: "custom", path, message: "The firm tone belongs to notices, not to reminders." });
      keys.add(stage.key);
      days = stage.days;
    });
    // What is switched off is not said, so it announces nothing.
    const announced = document.stages.findIndex(
      (stage) => stage.effect === "announcement" && stage.automation !== "off",
    );
    const handOver = document.stages.findIndex((stage) => stage.effect === "hand_over" && stage.automation !== "off");
    if (handOver >= 0 && (announced < 0 || announced > handOver))
      context.addIssue({
        code: "custom",
        path: ["stages", handOver],
        message: "A hand-over must be announced by an earlier stage.",
      });
  });

export type Strategy = z.infer<typeof strategySchema>;
export type Stage = z.infer<typeof stageSchema>;
export type Tone = z.infer<typeof tone>;

/** The strategy a new creditor starts with. */
export const STANDARD_STRATEGY: Strategy = {
  schema: 1,
  name: "Standard",
  stages: [
    {
      key: "pre_due",
      days: -3,
      afterPreviousDays: 0,
      effect: "none",
      channels: ["email"],
      tones: ["friendly", "factual"],
      termDays: { email: 7, letter: 10 },
      automation: "auto",
    },
    {
      key: "reminder",
      days: 5,
      afterPreviousDays: 0,
      effect: "none",
      channels: ["email", "letter"],
      tones: ["friendly", "factual"],
      termDays: { email: 7, letter: 10 },
      automation: "auto",
    },
    {
      key: "dunning_notice",
      days: 15,
      afterPreviousDays: 8,
      effect: "default",
      channels: ["email", "letter"],
      tones: ["factual", "firm"],
      termDays: { email: 10, letter: 12 },
      automation: "auto",
    },
    {
      key: "final_notice",
      days: 29,
      afterPreviousDays: 13,
      effect: "announcement",
      channels: ["letter", "email"],
      tones: ["factual", "firm"],
      termDays: { email: 12, letter: 14 },
      automation: "auto",
    },
    {
      key: "hand_over",
      days: 45,
      afterPreviousDays: 15,
      effect: "hand_over",
      channels: [],
      tones: ["factual"],
      termDays: { email: 7, letter: 10 },
      automation: "approve",
    },
  ],
  guardRails: { minimumMinor: { EUR: 250 } },
};
