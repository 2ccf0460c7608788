/**
 * How a payment provider or marketplace writes its settlement files. A mapping is data: a new provider, or a new column
 * of an old one, needs no code, and a creditor can bring a mapping of his own as JSON.
 */
import { z } from "zod";
import { type Failure, fail, ok, type Result } from "../../kernel/index.ts";

/** What one line does: money from a customer, back to one, back by his bank, the provider's price, the way to our bank. */
export const LINE_KINDS = ["payment", "refund", "chargeback", "fee", "payout", "other"] as const;
export type SettlementLineKind = (typeof LINE_KINDS)[number];

const name = z.string().min(1).max(120);
/** Names a column goes by, in the provider's languages; the first that is there counts. Compared without case and signs. */
const column = z.array(name).min(1).max(20);

/** One amount: a column with a sign, or two columns of which one is filled. */
const amount = z.union([z.strictObject({ column }), z.strictObject({ credit: column, debit: column })]);

const shape = z.strictObject({
  /** `stripe`. */
  id: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/),
  /** `Stripe`, as people write it. */
  provider: name,
  /** Which of the provider's reports. */
  layout: name,
  /** How the provider is named as payer of its credits; each a beginning or whole words of the name. */
  payers: z.array(name).max(10).default([]),
  /** Columns that tell this layout from every other file; each as a list of names, all must be there. */
  signature: z.array(column).min(3).max(12),
  columns: z.strictObject({
    /** What the line is; several columns are looked at one after the other. */
    kind: z.array(column).max(4),
    date: column,
    currency: column.optional(),
    order: column.optional(),
    invoice: column.optional(),
    /** The provider's own number of the transaction. */
    reference: column,
    /** The transaction that this one takes back. */
    original: column.optional(),
    /** Lines with another state than these did not happen (yet). */
    state: z.strictObject({ column, done: z.array(name).min(1) }).optional(),
  }),
  amounts: z.strictObject({
    gross: amount.optional(),
    net: amount.optional(),
    /** Added up. */
    fees: z.array(column).max(10),
    /** A fee we pay is written without a sign (`cost`) or with a minus (`signed`). */
    feeSign: z.enum(["cost", "signed"]),
    /** Amounts are in the smallest unit of the currency. */
    minorUnits: z.boolean(),
  }),
  /**
   * First rule that holds: the text of the kind columns is one of `is`, or starts with one of `starts`; `sign` asks for
   * the direction of the line. Else `other`.
   */
  kinds: z
    .array(
      z.strictObject({
        kind: z.enum(LINE_KINDS),
        /** Which of the kind columns, 0 for the first. */
        column: z.number().int().min(0).max(3).default(0),
        is: z.array(name).optional(),
        starts: z.array(name).optional(),
        sign: z.enum(["credit", "debit"]).optional(),
        /** The order's column holds other words in these lines. */
        withoutOrder: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(60),
  payouts: z.discriminatedUnion("by", [
    /** Each line names its payout. The amount: of lines of kind payout, of a column, or the sum (which proves nothing). */
    z.strictObject({ by: z.literal("column"), reference: column, date: column.optional(), amount: column.optional() }),
    /** A line of kind payout pays out what stands since the one before. */
    z.strictObject({ by: z.literal("line") }),
  ]),
  /** Lines of one order and kind are parts of one (item price, shipping, tax). */
  joinByOrder: z.boolean(),
});

/** What the parts must have of each other. */
export const settlementMappingSchema = shape.superRefine(({ amounts, columns, kinds, payouts }, context) => {
  const refuse = (message: string, ...path: (string | number)[]): void =>
    context.addIssue({ code: "custom", message, path });
  if (!amounts.gross && !amounts.net)
    refuse("name the column of the gross amount, of the net amount, or both", "amounts");
  for (const [index, { column: of, is, starts }] of kinds.entries()) {
    if (!is && !starts) refuse("a rule says what the text `is`, or how it `starts`", "kinds", index);
    if (of >= columns.kind.length)
      refuse(`there are ${columns.kind.length} columns of kinds, counted from 0`, "kinds", index, "column");
  }
  if (payouts.by === "line" && !kinds.some(({ kind }) => kind === "payout"))
    refuse("payouts are told by lines of kind `payout`: a rule must find these", "kinds");
});

export type SettlementMapping = z.infer<typeof settlementMappingSchema>;
/** As written down, before defaults are filled in. */
export type SettlementMappingData = z.input<typeof settlementMappingSchema>;

export type SettlementMappingFailure = Failure<"settlement_mapping_invalid">;

/** A mapping from JSON. Error: `settlement_mapping_invalid`, `where` = the path inside it. */
export function settlementMapping(data: unknown): Result<SettlementMapping, SettlementMappingFailure> {
  const read = settlementMappingSchema.safeParse(data);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  return fail(
    "invalid",
    "settlement_mapping_invalid",
    `The mapping of a settlement file is not valid: ${(issue?.message ?? "unknown").replace(/\.$/, "")}.`,
    issue?.path.join("."),
  );
}
