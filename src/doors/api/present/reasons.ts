/** Reasons that speak against a match. */
export const AGAINST: ReadonlySet<string> = new Set([
  "no_rule",
  "name_contradicts",
  "account_contradicts",
  "number_of_another",
  "number_of_other_item",
  "number_unknown",
  "amount_of_other_item",
  "item_settled",
  "item_assigned",
  "runner_up_close",
  "payout_of_provider",
  "amount_part",
  "amount_over",
  "account_shared",
]);
