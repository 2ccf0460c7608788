/**
 * Who may collect, and what the customer must be told: RDG. Dunning one's own claims is no legal service (§ 2 II RDG);
 * collecting for others needs a registration (§ 10) and bears the duties of §§ 13a to 13h. Amounts are euro cents.
 */
import { type Failure, fail, minMinor, ok, type PlainDate, type Result } from "../../../kernel/index.ts";

/** What the first letter of an agency has to state (§ 13a I RDG), in its order. */
export const FIRST_LETTER_ITEMS = [
  "client_name_and_address",
  "ground_of_claim",
  "interest_with_rate_and_period",
  "interest_above_statutory_explained",
  "costs_with_kind_and_amount",
  "tax_not_deductible_declared",
  "address_inquiry_explained",
  "own_contact",
  "supervisory_authority",
] as const;
export type FirstLetterItem = (typeof FIRST_LETTER_ITEMS)[number];

export interface CollectingFacts {
  readonly mode: "own" | "agency";
  /** Entry in the register of legal services (§ 10 I 1 Nr. 1 RDG); agencies only. */
  readonly registration: string | null;
  /** What the first letter states; what does not apply to the claim counts as stated. */
  readonly stated: readonly FirstLetterItem[];
}

/**
 * Whether a first letter may go out: own claims always, those of others with a registration and a complete letter.
 * Errors: `registration_missing`, `first_letter_incomplete` (the items missing stand in the message).
 */
export function firstLetterAllowed(
  facts: CollectingFacts,
): Result<true, Failure<"registration_missing" | "first_letter_incomplete">> {
  if (facts.mode === "own") return ok(true);
  if ((facts.registration ?? "").trim() === "")
    return fail("forbidden", "registration_missing", "Collecting for others needs a registration (§ 10 RDG).");
  const missing = FIRST_LETTER_ITEMS.filter((item) => !facts.stated.includes(item));
  return missing.length === 0
    ? ok(true)
    : fail("invalid", "first_letter_incomplete", `§ 13a I RDG asks for more: ${missing.join(", ")}.`);
}

/** What the customer is about to do in the portal or by reply. */
export interface Undertaking {
  readonly kind: "instalments" | "deferral" | "acknowledgement";
  /** What it costs the customer, minor units. */
  readonly cost: bigint;
  /** Day and text form of the notice of that cost (§ 13a III RDG); null: none was shown. */
  readonly costNoticeOn: PlainDate | null;
  /** The typical consequences of an acknowledgement were explained (§ 13a IV RDG). */
  readonly warnedOfAcknowledgement: boolean;
}

/**
 * Whether the customer may be led to a plan, a deferral or an acknowledgement. The duties bind agencies; Kulanz keeps them
 * for own claims, too. Errors: `cost_notice_missing`, `acknowledgement_warning_missing`, `amount_negative`.
 */
export function undertakingAllowed(
  undertaking: Undertaking,
): Result<true, Failure<"cost_notice_missing" | "acknowledgement_warning_missing" | "amount_negative">> {
  if (undertaking.cost < 0n) return fail("invalid", "amount_negative", "A cost can't be negative.", "cost");
  if (undertaking.kind === "acknowledgement" && !undertaking.warnedOfAcknowledgement)
    return fail("conflict", "acknowledgement_warning_missing", "Explain what an acknowledgement does (§ 13a IV RDG).");
  if (undertaking.kind !== "acknowledgement" && undertaking.cost > 0n && undertaking.costNoticeOn === null)
    return fail("conflict", "cost_notice_missing", "State the cost in text form first (§ 13a III RDG).");
  return ok(true);
}

/**
 * What of the costs of an agency and of a lawyer can be claimed together (§ 13f RDG): no more than a lawyer alone would
 * have cost, unless the customer disputed only after the agency was mandated and thereby caused the second mandate.
 * Errors: `amount_negative`.
 */
export function oneCostOwner(costs: {
  readonly agency: bigint;
  readonly lawyer: bigint;
  /** What a lawyer mandated from the start would have cost for the same steps. */
  readonly lawyerAlone: bigint;
  readonly disputedAfterAgency: boolean;
}): Result<bigint, Failure<"amount_negative">> {
  const { agency, lawyer, lawyerAlone } = costs;
  if (agency < 0n || lawyer < 0n || lawyerAlone < 0n)
    return fail("invalid", "amount_negative", "Costs can't be negative.", "costs");
  const both = agency + lawyer;
  return ok(costs.disputedAfterAgency ? both : minMinor(both, lawyerAlone));
}
