/** Two files of one person, in words. */
export const SENTENCES_OF_DUPLICATES: Readonly<Record<string, readonly [de: string, en: string]>> = {
  from_file: ["aus Akte {number}", "from file {number}"],
  pair_name: ["Name", "Name"],
  pair_address: ["Anschrift", "Address"],
  pair_email: ["E-Mail", "E-mail"],
  pair_phone: ["Telefon", "Phone"],
  pair_account: ["Konto", "Account"],
  pair_account_n: ["Konto {n} (nur als Prüfwert gespeichert)", "Account {n} (stored as a check value only)"],
  merge_effect_items: [
    "Offene Posten ziehen mit Fälligkeit, Verzug und Mahnstufe um; die Summe bleibt gleich.",
    "Open items move with due date, default and dunning stage; the sum stays the same.",
  ],
  merge_effect_numbers: [
    "Kundennummer, Rechnungsnummern, E-Mail, Telefon und Konto führen zur bleibenden Akte.",
    "Customer number, invoice numbers, e-mail, phone and account lead to the file that stays.",
  ],
  merge_effect_consents: [
    "Mahnsperren, Aufgaben und Vertretungen kommen mit; bei Einwilligungen gilt die strengere.",
    "Holds, tasks and representatives come along; of two consents the stricter one counts.",
  ],
  merge_effect_messages: [
    "Nachrichten, die noch warten, gehen nicht hinaus; Links aus früheren Nachrichten führen zur bleibenden Akte.",
    "Messages that wait don't leave; links of earlier messages lead to the file that stays.",
  ],
  merge_effect_undo: [
    "Das lässt sich zurücknehmen. Was bis dahin gezahlt wird, bleibt gezahlt.",
    "This can be taken back. What is paid until then stays paid.",
  ],
};
