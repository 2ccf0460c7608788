/** Sentences about payouts of payment providers and marketplaces, and what their lines are. */
export const SENTENCES_OF_PAYOUTS: Readonly<Record<string, readonly [de: string, en: string]>> = {
  payout_waiting: ["Der Kontoumsatz fehlt noch", "The bank entry has not come yet"],
  payout_waiting_zero: ["Es floss kein Geld, noch nicht gebucht", "No money moved; not booked yet"],
  payout_waiting_nothing: [
    "Die Zeilen ergeben null, aber die Datei nennt keinen Betrag: Fehlt eine Zeile? Bitte prüfen und buchen",
    "The lines come to nothing, but the file states no amount: is a line missing? Please look and book",
  ],
  payout_differs: ["Zeilen und Betrag stimmen nicht überein", "Lines and amount differ"],
  payout_partial: ["{open} von {lines} Zeilen sind offen", "{open} of {lines} lines are open"],
  payout_settled: ["Vollständig gebucht", "Booked in full"],
  payout_set_aside: ["Bleibt liegen", "Left alone"],
  payout_line_payment: ["Zahlung", "Payment"],
  payout_line_refund: ["Erstattung", "Refund"],
  payout_line_chargeback: ["Rückbelastung", "Chargeback"],
  payout_line_fee: ["Gebühr", "Fee"],
  payout_line_payout: ["Auszahlung", "Payout"],
  payout_line_other: ["Unbekannte Art", "Unknown kind"],
  payout_line_waits: ["Noch nicht geprüft", "Not looked at yet"],
  payout_line_booked: ["Gebucht", "Booked"],
  payout_line_is_fee: ["Gebühr des Anbieters", "The provider's fee"],
  payout_line_set_aside: ["Ohne Kundschaft abgelegt", "Set aside: no customer's"],
}; // prettier-ignore
