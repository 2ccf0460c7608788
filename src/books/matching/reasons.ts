/** Reasons in words, for the console and the command line. */
import type { Language } from "../customers/index.ts";
import type { Reason, ReasonCode } from "./model.ts";

const WORDS: Readonly<Record<ReasonCode, { readonly de: string; readonly en: string }>> = {
  reference: { de: "Zahlungsreferenz von {value}", en: "payment reference of {value}" },
  number: { de: "Nummer {value} im Text", en: "number {value} in the text" },
  number_digits: { de: "Ziffern von {value} im Text", en: "digits of {value} in the text" },
  number_similar: { de: "ähnliche Nummer wie {value} im Text", en: "a number similar to {value} in the text" },
  account_known: { de: "Konto ist bekannt", en: "account is known" },
  account_shared: { de: "Konto ist bekannt, auch von anderen", en: "account is known, of others too" },
  amount_item: { de: "Betrag genau eines Postens", en: "exact amount of one item" },
  amount_items: { de: "Betrag genau dieser Posten", en: "exact amount of these items" },
  amount_all: { de: "Betrag aller offenen Posten", en: "exact amount of all open items" },
  amount_part: { de: "Teilbetrag", en: "part of the amount" },
  amount_over: { de: "mehr als offen ist", en: "more than is open" },
  discount_taken: { de: "abzüglich Skonto", en: "less discount within its term" },
  residual_waived: { de: "Rest innerhalb der Toleranz", en: "what is missing is within tolerance" },
  name_agrees: { de: "Name stimmt überein", en: "name agrees" },
  name_family: { de: "Nachname stimmt überein", en: "family name agrees" },
  customer_number: { de: "Kundennummer im Text", en: "customer number in the text" },
  return_of: { de: "Rückgabe einer früheren Zahlung", en: "return of an earlier payment" },
  by_hand: { de: "von Hand zugeordnet", en: "matched by hand" },
  payout_line: { de: "{value} in der Auszahlung", en: "{value} in the payout" },
  payout_rest: { de: "Rest einer teilweise erstatteten Zahlung", en: "rest of a payment refunded in part" },
  case_handed_over: {
    de: "Forderung ist abgegeben, der Partner muss es wissen",
    en: "the claim was passed on, the partner must know",
  },
  item_written_off: { de: "genannter Posten {value} ist ausgebucht", en: "the item named, {value}, is written off" },
  advice: { de: "Zahlungsavis {value}", en: "payment advice {value}" },
  payout_of_provider: { de: "Sammelauszahlung eines Zahlungsdienstes", en: "payout of a payment provider" },
  // A match may be next to certain and still wait: what is booked unasked follows rules, not the score.
  no_rule: { de: "reicht nicht, um von selbst zu buchen", en: "not enough to be booked by itself" },
  name_contradicts: { de: "Name passt nicht", en: "name does not agree" },
  account_contradicts: { de: "Konto gehört zu anderen", en: "account is known to be another's" },
  number_of_another: { de: "Text nennt einen Posten anderer", en: "the text names another customer's item" },
  number_of_other_item: { de: "Text nennt einen anderen Posten", en: "the text names another item" },
  number_unknown: { de: "Text nennt eine unbekannte Nummer", en: "the text names an unknown number" },
  amount_of_other_item: { de: "Betrag passt zu einem anderen Posten", en: "the amount is that of another item" },
  name_of_several: { de: "Name haben mehrere", en: "several customers have this name" },
  item_settled: { de: "genannter Posten ist schon bezahlt", en: "the item named is already paid" },
  item_assigned: { de: "Posten ist abgetreten", en: "the item is assigned to a third party" },
  money_came_back: { de: "eigene Zahlung, die zurückkam", en: "a payment of ours that came back" },
  below_threshold: { de: "weniger wahrscheinlich als verlangt", en: "less probable than wanted" },
  runner_up_close: { de: "andere Zuordnung ist fast so gut", en: "another match is almost as good" },
};

export function reasonInWords(reason: Reason, language: Language): string {
  return WORDS[reason.code][language].replace("{value}", reason.value ?? "");
}
