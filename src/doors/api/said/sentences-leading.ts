/** Sentences about who leads, reconciliation, hand-back and files: `[German, English]`. */
export const SENTENCES_OF_LEADING: Readonly<Record<string, readonly [de: string, en: string]>> = {
  side_erp: ["Offene Posten laut Warenwirtschaft", "Open items as the ERP lists them"],
  side_ledger: ["Offene Hauptforderungen im Buch", "Open principal in the ledger"],
  side_bank: ["Zahlungseingänge auf dem Konto", "Money that came in on the account"],
  side_payments: ["Gebuchte Zahlungen", "Payments booked"],
  step_waived_not_booked_there: ["erlassen, dort noch nicht gebucht", "waived, not booked there yet"],
  step_younger_than_list: ["jünger als die Liste", "younger than the list"],
  step_booked_since_list: ["seit der Liste hier gebucht", "booked here since the list"],
  step_not_matched: ["noch nicht zugeordnet", "not matched yet"],
  step_set_aside: ["beiseitegelegt", "set aside"],
  step_seen: ["gesehen, gebucht wird in der Warenwirtschaft", "seen; the ERP books it"],
  step_bank_charges: ["Gebühren der Bank", "charges of the bank"],
  step_provider_fees: ["Gebühren der Zahlungsdienste", "fees of payment providers"],
  difference_amount_differs: ["Anderer Betrag in der Liste", "Another amount in the list"],
  difference_not_listed: ["Offen hier, nicht in der Liste", "Open here, not in the list"],
  difference_balance_differs: [
    "Stand des Postens passt nicht zu seinen Buchungen",
    "The item's balance is not the sum of its postings",
  ],
  difference_entry_lost: ["Umsatz zur Zahlung fehlt", "The entry of a payment is missing"],
  difference_entries_missing: [
    "Im Auszug fehlen Umsätze oder Beträge",
    "Entries or amounts of a statement are missing",
  ],
  difference_entry_without_match: ["Umsatz ohne Zuordnung", "Entry without a match"],
  difference_match_differs: [
    "Umsatz und Zuordnung haben verschiedene Beträge",
    "Entry and match have different amounts",
  ],
  difference_booking_differs: [
    "Buchung und Zahlung haben verschiedene Beträge",
    "Booking and payment have different amounts",
  ],
  difference_statement_gap: [
    "Zwischen {from} und {to} fehlt ein Auszug",
    "A statement between {from} and {to} is missing",
  ],
  difference_statement_broken: ["Auszug geht in sich nicht auf", "A statement does not add up"],
  advice_amount_differs: [
    "Übernehmen Sie den Betrag der Liste, wenn sie stimmt.",
    "Take the list's amount if the list is right.",
  ],
  advice_not_listed: [
    "Ist der Posten dort erledigt, schließen Sie ihn hier.",
    "Close the item here if it is settled there.",
  ],
  advice_balance_differs: [
    "Bitte die Technik ansehen lassen: So etwas darf nicht vorkommen.",
    "Have it looked at by whoever runs the system: this must not happen.",
  ],
  advice_entry_lost: [
    "Die Kontodatei erneut einlesen; bleibt es dabei, die Technik fragen.",
    "Import the bank file again; if it stays, ask whoever runs the system.",
  ],
  advice_entries_missing: [
    "Die Kontodatei erneut einlesen; bleibt es dabei, die Technik fragen.",
    "Import the bank file again; if it stays, ask whoever runs the system.",
  ],
  advice_entry_without_match: ["Den Umsatz neu zuordnen.", "Match the entry again."],
  advice_match_differs: ["Zuordnung aufheben und neu buchen.", "Undo the match and book it again."],
  advice_booking_differs: ["Zuordnung aufheben und neu buchen.", "Undo the match and book it again."],
  advice_statement_gap: [
    "Den fehlenden Auszug bei der Bank holen und einlesen.",
    "Fetch the missing statement from the bank and import it.",
  ],
  advice_statement_broken: ["Die Bank nach einem richtigen Auszug fragen.", "Ask the bank for a correct statement."],
  handback_interest: ["Verzugszinsen", "Default interest"],
  handback_dunning_cost: ["Mahnkosten", "Dunning costs"],
  handback_collection_cost: ["Inkassokosten", "Collection costs"],
  handback_write_off: ["Ausbuchungen", "Write-offs"],
  handback_provider_fee: ["Gebühren der Zahlungsdienste", "Fees of payment providers"],
  handback_discount: ["Skonto", "Discounts"],
  handback_payment: ["Zahlungen", "Payments"],
  handback_accounts_missing: ["Für {kinds} ist kein Konto hinterlegt", "No account is set for {kinds}"],
  source_schedule: ["alle 5 Minuten", "every 5 minutes"],
  source_place_unreadable: [
    "Der Ort oder die Schlüsseldatei lässt sich nicht lesen",
    "The place or the key file can't be read",
  ],
  source_host_key_differs: [
    "Der Server hat einen anderen Schlüssel als hinterlegt",
    "The server's key is another one than the pinned",
  ],
  source_login_refused: ["Der Server lehnt die Anmeldung ab", "The server does not accept the login"],
  source_server_unreachable: ["Der Server ist nicht erreichbar", "The server can't be reached"],
  source_fetch_failed: ["Die Dateien ließen sich nicht holen", "The files could not be fetched"],
  alarm_missing_statement: [
    "Seit {day} fehlt der Auszug des Kontos {account}",
    "The statement of account {account} is missing since {day}",
  ],
  alarm_statement_gap: [
    "Konto {account}: Zwischen {from} und {to} fehlt ein Auszug",
    "Account {account}: a statement between {from} and {to} is missing",
  ],
  alarm_statement_broken: [
    "Ein Auszug des Kontos {account} geht nicht auf",
    "A statement of account {account} does not add up",
  ],
  alarm_refused_file: ["Eine abgeholte Datei wurde abgelehnt", "A fetched file was refused"],
  alarm_source_failed: ["Eine Quelle lässt sich nicht abholen", "A source can't be fetched from"],
  alarm_snapshot_stopped: [
    "Eine Liste offener Posten wartet auf Bestätigung",
    "A list of open items waits to be confirmed",
  ],
  alarm_advice_missing_statement: [
    "Ohne Kontodaten wartet das Mahnen. Holen Sie den Auszug, oder sagen Sie, dass keiner kommt.",
    "Dunning waits without bank data. Fetch the statement, or say that none comes.",
  ],
  alarm_advice_statement_gap: [
    "Lesen Sie den fehlenden Auszug ein; der Alarm geht dann von selbst.",
    "Import the missing statement; the alarm goes by itself then.",
  ],
  alarm_advice_statement_broken: [
    "Fragen Sie die Bank nach einem richtigen Auszug.",
    "Ask the bank for a correct statement.",
  ],
  alarm_advice_refused_file: [
    "Der Grund steht neben der Datei im Ordner failed.",
    "The reason stands beside the file in the folder failed.",
  ],
  alarm_advice_source_failed: [
    "Prüfen Sie Ort und Zugang; es wird weiter versucht.",
    "Check place and access; it is tried again by itself.",
  ],
  alarm_advice_snapshot_stopped: [
    "Sehen Sie die fehlenden Posten im Abgleich durch.",
    "Look through the missing items under reconciliation.",
  ],
};
