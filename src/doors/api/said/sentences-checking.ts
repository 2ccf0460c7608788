/** Sentences about orders and the checks before dunning: `[German, English]`. */
export const SENTENCES_OF_CHECKING: Readonly<Record<string, readonly [de: string, en: string]>> = {
  // what happened to an order
  order_ordered: ["Bestellt", "Ordered"],
  order_shipped: ["Versandt", "Shipped"],
  order_delivered: ["Geliefert", "Delivered"],
  order_return_announced: ["Rücksendung angekündigt", "Return announced"],
  order_returned: ["Zurückgekommen", "Came back"],
  order_returned_in_part: ["Teil zurückgekommen: {amount}", "A part came back: {amount}"],
  order_refused: ["Annahme verweigert", "Refused at the door"],
  order_cancelled: ["Storniert", "Cancelled"],
  order_withdrawn: ["Widerrufen", "Withdrawn"],
  order_number: ["Bestellung {number}", "Order {number}"],
  order_state_open: ["Bestellt, noch nicht versandt", "Ordered, not shipped yet"],
  order_state_shipped: ["Unterwegs", "On its way"],
  order_state_delivered: ["Geliefert", "Delivered"],
  order_state_returning: ["Rücksendung angekündigt", "Return announced"],
  order_state_returned: ["Zurückgekommen", "Came back"],
  order_state_refused: ["Annahme verweigert", "Refused at the door"],
  order_state_cancelled: ["Storniert", "Cancelled"],
  order_state_withdrawn: ["Widerrufen", "Withdrawn"],

  // what it does
  hold_return_announced: ["Rücksendung ist angekündigt", "A return is announced"],
  hold_returned: ["Ware ist zurück, die Gutschrift fehlt", "Goods are back, the credit note is missing"],
  hold_refused: ["Annahme verweigert, die Gutschrift fehlt", "Refused at the door, the credit note is missing"],
  hold_cancelled: ["Bestellung storniert, die Gutschrift fehlt", "Order cancelled, the credit note is missing"],
  hold_withdrawn: ["Kauf widerrufen", "Purchase withdrawn"],
  hold_not_delivered: ["Noch nicht geliefert", "Not delivered yet"],

  basis_checking: ["Prüfung vor dem Mahnen", "Check before dunning"],

  // bank data
  bank_data_stale: [
    "Kontodaten reichen nur bis {until}, älter als {maxAgeDays} Tage",
    "Bank data reaches to {until} only, older than {maxAgeDays} days",
  ],
  bank_data_missing: ["Für das Konto gibt es noch keine Kontodaten", "There is no bank data of the account yet"],
  reason_bank_data_stale: ["Die Kontodaten sind zu alt", "The bank data is too old"],
  reason_bank_data_missing: ["Für das Konto gibt es noch keine Kontodaten", "There is no bank data of the account yet"],
  reason_finding: ["Eine Prüfung hat etwas gefunden", "A check found something"],

  // rules: name and what it looks at
  check_arithmetic: ["Rechnung geht nicht auf", "Invoice does not add up"],
  check_arithmetic_explains: [
    "Positionen, Summen, Steuer und Zahlbetrag der E-Rechnung müssen zueinander passen. Eine Rechnung, die nicht aufgeht, ist angreifbar.",
    "Lines, totals, tax and amount due of the e-invoice must fit. An invoice that does not add up is open to attack.",
  ],
  check_line_price: ["Menge mal Preis ergibt nicht den Betrag", "Quantity times price is not the amount"],
  check_line_price_explains: [
    "In jeder Position der E-Rechnung müssen Menge und Einzelpreis mit Zu- und Abschlägen den Positionsbetrag ergeben, auf zwei Cent genau. Wer Preise für den Druck rundet, weicht ab.",
    "In each line of the e-invoice, quantity and unit price with charges and allowances must give the line's amount, to two cents. Prices rounded for print differ.",
  ],
  check_vat_id_malformed: ["USt-IdNr. hat die falsche Form", "VAT ID has the wrong form"],
  check_vat_id_malformed_explains: [
    "Die USt-IdNr. von Verkäufer oder Kunde passt nicht zu ihrem Land. Der Kunde kann die Rechnung zurückweisen, weil er aus ihr keine Vorsteuer ziehen kann.",
    "The VAT ID of seller or customer does not fit its country. The customer may send the invoice back, because it gives no input tax.",
  ],
  check_amount_not_positive: ["Betrag ist null oder negativ", "Amount is zero or negative"],
  check_amount_not_positive_explains: [
    "Eine Rechnung fordert Geld. Ist ihr Betrag null oder negativ, ist sie eine Gutschrift oder ein Fehler.",
    "An invoice asks for money. With an amount of zero or less it is a credit note or a mistake.",
  ],
  check_duplicate_number: ["Rechnungsnummer doppelt", "Invoice number twice"],
  check_duplicate_number_explains: [
    "Derselbe Kunde hat schon eine Rechnung mit dieser Nummer in anderer Schreibweise.",
    "The same customer has an invoice of this number already, spelled another way.",
  ],
  check_duplicate_amount: ["Rechnung vermutlich doppelt", "Invoice probably twice"],
  check_duplicate_amount_explains: [
    "Derselbe Kunde hat eine andere Rechnung mit gleichem Betrag, gleichem Datum und gleicher Bestellung.",
    "The same customer has another invoice with the same amount, date and order.",
  ],
  check_due_before_issue: ["Fällig vor dem Rechnungsdatum", "Due before its date"],
  check_due_before_issue_explains: [
    "Niemand schuldet, bevor die Rechnung geschrieben ist. Eines der Daten ist falsch.",
    "Nobody owes before the invoice is written. One of the days is wrong.",
  ],
  check_due_long_past: ["Fälligkeit weit zurück", "Due date far in the past"],
  check_due_long_past_explains: [
    "Der Posten war schon bei der Übernahme so lange fällig, dass ein Tippfehler oder Verjährung naheliegt (§§ 195, 199 BGB).",
    "The item had been due for so long when it came in that a typing error or limitation is likely (§§ 195, 199 BGB).",
  ],
  check_due_too_late: ["Zahlungsziel sehr lang", "Very long time to pay"],
  check_due_too_late_explains: [
    "Zwischen Rechnung und Fälligkeit liegen mehr Tage, als üblich ist. Vielleicht stimmt das Jahr nicht.",
    "More days than usual lie between invoice and due date. Perhaps the year is wrong.",
  ],
  check_customer_unknown: ["Kunde ohne Namen", "Customer without a name"],
  check_customer_unknown_explains: [
    "Ohne Namen und Firma weiß niemand, wer schuldet.",
    "Without a name or company nobody knows who owes.",
  ],
  check_already_paid: ["Vermutlich schon bezahlt", "Probably paid already"],
  check_already_paid_explains: [
    "Im Zahlungseingang liegt eine nicht zugeordnete Zahlung über genau diesen Betrag, die zu diesem Posten passt.",
    "The bank inbox has a payment of exactly this amount that fits this item and is not matched.",
  ],
  check_credit_on_account: ["Guthaben deckt den Posten", "Credit covers the item"],
  check_credit_on_account_explains: [
    "Der Kunde hat Guthaben, das für diesen Posten reicht. Bitte verrechnen oder erstatten.",
    "The customer has credit that is enough for this item. Please set it off or pay it back.",
  ],
  check_wrong_customer_kind: ["Firma als Verbraucher geführt", "Company kept as a consumer"],
  check_wrong_customer_kind_explains: [
    "Der Name trägt eine Rechtsform, der Posten gilt aber als Verbrauchersache. Zinsen und Pauschale hängen davon ab (§ 288 BGB).",
    "The name has a legal form, but the item counts as a consumer's. Interest and lump sum depend on it (§ 288 BGB).",
  ],
  check_currency_without_account: ["Währung ohne Konto", "Currency without an account"],
  check_currency_without_account_explains: [
    "Für die Währung des Postens ist kein Konto bekannt, auf das gezahlt werden kann.",
    "No account is known on which the item's currency can be paid.",
  ],
  check_customer_unreachable: ["Kunde nicht erreichbar", "Customer can't be reached"],
  check_customer_unreachable_explains: [
    "Es gibt weder eine E-Mail-Adresse noch eine Postanschrift, an die geschrieben werden darf.",
    "There is neither an e-mail nor a postal address that may be written to.",
  ],
  check_address_incomplete: ["Anschrift unvollständig", "Address incomplete"],
  check_address_incomplete_explains: [
    "Straße, Postleitzahl oder Ort fehlt. Briefe und ein gerichtliches Verfahren brauchen sie.",
    "Street, postcode or town is missing. Letters and a court need them.",
  ],
  check_order_missing: ["Bestellnummer fehlt", "Order number is missing"],
  check_order_missing_explains: [
    "Ohne Bestellung wirken Lieferung, Rücksendung und Storno nicht auf den Posten.",
    "Without an order, deliveries, returns and cancellations don't act on the item.",
  ],
  check_notice_missing: ["Verzugshinweis fehlt", "Note on default is missing"],
  check_notice_missing_explains: [
    "Die Rechnung an einen Verbraucher nennt die 30 Tage nicht und hat keinen vereinbarten Termin: Verzug beginnt erst mit der Mahnung (§ 286 Abs. 3 BGB).",
    "The invoice to a consumer does not name the 30 days and has no agreed day: default begins with the dunning notice only (§ 286 (3) BGB).",
  ],

  // numbers of rules
  check_parameter_days: ["Tage", "Days"],

  // what was found, with what shows it
  finding_arithmetic: ["Die Rechnung geht nicht auf ({place})", "The invoice does not add up ({place})"],
  finding_line_price: [
    "Menge mal Preis ergibt nicht den Betrag (Position {lines})",
    "Quantity times price is not the amount (line {lines})",
  ],
  finding_vat_id_malformed: ["Die USt-IdNr. hat die falsche Form ({place})", "The VAT ID has the wrong form ({place})"],
  finding_amount_not_positive: ["Der Betrag ist nicht positiv", "The amount is not above zero"],
  finding_duplicate_number: [
    "Dieselbe Nummer gibt es schon in anderer Schreibweise",
    "The same number is there in another spelling",
  ],
  finding_duplicate_amount: [
    "Gleicher Betrag, gleiches Datum, gleiche Bestellung wie eine andere Rechnung",
    "Same amount, date and order as another invoice",
  ],
  finding_due_before_issue: ["Fällig am {dueOn}, geschrieben am {issuedOn}", "Due on {dueOn}, written on {issuedOn}"],
  finding_due_long_past: [
    "Bei der Übernahme mehr als {days} Tage fällig (seit {dueOn})",
    "More than {days} days due when it came in (since {dueOn})",
  ],
  finding_due_too_late: [
    "Fällig erst am {dueOn}, mehr als {days} Tage nach der Rechnung",
    "Due only on {dueOn}, more than {days} days after the invoice",
  ],
  finding_customer_unknown: ["Der Kunde hat weder Namen noch Firma", "The customer has neither name nor company"],
  finding_already_paid: [
    "Eine Zahlung über genau diesen Betrag vom {on} ist nicht zugeordnet",
    "A payment of exactly this amount of {on} is not matched",
  ],
  finding_credit_on_account: [
    "Das Guthaben des Kunden reicht für diesen Posten",
    "The customer's credit covers this item",
  ],
  finding_wrong_customer_kind: [
    "Der Name trägt eine Rechtsform, der Posten gilt als Verbrauchersache",
    "The name has a legal form, the item counts as a consumer's",
  ],
  finding_currency_without_account: ["Für {currency} ist kein Konto bekannt", "No account is known for {currency}"],
  finding_customer_unreachable: ["Weder E-Mail noch Brief kommt an", "Neither e-mail nor letter arrives"],
  finding_address_incomplete: ["Die Anschrift ist nicht vollständig", "The address is not complete"],
  finding_order_missing: ["Der Posten nennt keine Bestellung", "The item names no order"],
  finding_notice_missing: [
    "Der Hinweis auf den Verzug nach 30 Tagen fehlt",
    "The note on default after 30 days is missing",
  ],

  // what to do about it
  advice_arithmetic: [
    "Rechnung im führenden System berichtigen und neu liefern.",
    "Correct the invoice in the leading system and send it again.",
  ],
  advice_line_price: [
    "Position im führenden System prüfen; bei gerundeten Preisen die Prüfung zum Hinweis machen.",
    "Look at the line in the leading system; where prices are rounded, make this rule a hint.",
  ],
  advice_vat_id_malformed: [
    "USt-IdNr. im führenden System berichtigen und die Rechnung neu liefern.",
    "Correct the VAT ID in the leading system and send the invoice again.",
  ],
  advice_amount_not_positive: ["Als Gutschrift liefern oder ausbuchen.", "Send it as a credit note, or write it off."],
  advice_duplicate_number: [
    "Mit der anderen Rechnung vergleichen; die doppelte stornieren.",
    "Compare with the other invoice; cancel the one too many.",
  ],
  advice_duplicate_amount: [
    "Mit der anderen Rechnung vergleichen; die doppelte stornieren.",
    "Compare with the other invoice; cancel the one too many.",
  ],
  advice_due_before_issue: ["Daten im führenden System berichtigen.", "Correct the days in the leading system."],
  advice_due_long_past: ["Fälligkeit und Verjährung prüfen.", "Look at the due date and at limitation."],
  advice_due_too_late: ["Zahlungsziel prüfen.", "Look at the time to pay."],
  advice_customer_unknown: ["Namen des Kunden ergänzen.", "Add the customer's name."],
  advice_already_paid: ["Zahlung im Zahlungseingang zuordnen.", "Match the payment in the bank inbox."],
  advice_credit_on_account: ["Guthaben verrechnen oder erstatten.", "Set the credit off, or pay it back."],
  advice_wrong_customer_kind: [
    "Kundenart im führenden System prüfen.",
    "Look at the kind of customer in the leading system.",
  ],
  advice_currency_without_account: ["Konto für diese Währung hinterlegen.", "Add an account for this currency."],
  advice_customer_unreachable: ["E-Mail-Adresse oder Anschrift suchen.", "Find an e-mail or postal address."],
  advice_address_incomplete: ["Anschrift ergänzen.", "Complete the address."],
  advice_order_missing: ["Bestellnummer mitliefern lassen.", "Have the order number sent along."],
  advice_notice_missing: ["Hinweis auf Rechnungen an Verbraucher drucken.", "Print the note on invoices to consumers."],
}; // prettier-ignore
