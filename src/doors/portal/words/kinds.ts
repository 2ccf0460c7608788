/** What a customer can be asked and can say; codes that are stored and sent in forms. */
export type DisputeReason = "damaged" | "returned" | "not_received" | "wrong_amount" | "not_ordered" | "other";
export const DISPUTE_REASONS: readonly DisputeReason[] = [
  "damaged",
  "returned",
  "not_received",
  "wrong_amount",
  "not_ordered",
  "other",
];
export type FactorKind = "postcode" | "order" | "amount";
export const FACTOR_KINDS: readonly FactorKind[] = ["postcode", "order", "amount"];
