/** Sentences about what facts leave for a person: findings, differences, refunds, what vanished, what came twice. */
export const SENTENCES_OF_FACTS: Readonly<Record<string, readonly [de: string, en: string]>> = {
  step_finding: ["Befund klären", "Settle the finding"],
  step_credit_note_overdue: ["Gutschrift erstellen oder nachfragen", "Issue the credit note or ask"],
  step_vanished_item: ["Verschwundenen Posten prüfen", "Check the item that vanished"],
  step_difference: ["Differenz klären", "Settle the difference"],
  step_refund: ["Erstattung entscheiden", "Decide on the refund"],
  step_duplicate_payment: ["Doppelte Zahlung klären", "Settle the payment made twice"],
  step_match_review: ["Automatische Zuordnung prüfen", "Review the automatic match"],
  step_tell_partner: ["Inkassopartner informieren", "Tell the collection partner"],
  why_tell_partner: [
    "{amount} kamen direkt zu uns, obwohl die Forderung abgegeben ist. Der Partner muss es wissen, bevor er weiter fordert.",
    "{amount} came straight to us although the claim was passed on. The partner must know before asking for it again.",
  ],
  why_tell_partner_back: [
    "{amount}, von denen der Partner weiß, sind zurückgegangen. Er muss auch das wissen.",
    "{amount} that the partner knows of went back. The partner must know that too.",
  ],
  why_finding: [
    "Eine Prüfung vor der Mahnung hat etwas gefunden. Solange sie sperrt, wird der Posten nicht gemahnt.",
    "A check before dunning found something. While it blocks, the item is not dunned.",
  ],
  why_credit_note_overdue: [
    "Die Ware kam zurück, eine Gutschrift fehlt noch. Bis dahin wird nicht gemahnt.",
    "The goods came back, a credit note is still missing. Until then nothing is dunned.",
  ],
  why_vanished_item: [
    "Der Posten fehlt in der vollen Liste des führenden Systems.",
    "The item is missing from the full list of the leading system.",
  ],
  why_difference: [
    "Führendes System, Kulanz und Bank stimmen nicht überein.",
    "Leading system, Kulanz and bank do not agree.",
  ],
  why_refund: [
    "{amount} gehören dem Kunden und gehen nur auf das Konto zurück, von dem sie kamen.",
    "{amount} belong to the customer and only go back to the account they came from.",
  ],
  why_duplicate_payment: ["{amount} kamen zweimal.", "{amount} came twice."],
  paid_twice_same_account: [
    "Derselbe Betrag kam von demselben Konto ein zweites Mal; was er nennt, war schon bezahlt.",
    "The same amount came from the same account a second time; what it names was paid already.",
  ],
  paid_twice_other_account: [
    "Derselbe Betrag kam ein zweites Mal, diesmal von einem anderen Konto; was er nennt, war schon bezahlt.",
    "The same amount came a second time, this time from another account; what it names was paid already.",
  ],
  paid_twice: [
    "Derselbe Betrag kam ein zweites Mal; was er nennt, war schon bezahlt.",
    "The same amount came a second time; what it names was paid already.",
  ],
  sure_number_amount: ["Nummer im Text und genauer Betrag", "Number in the text and exact amount"],
  sure_account_amount: ["Bekanntes Konto und genauer Betrag", "Known account and exact amount"],
  sure_name_amount: ["Voller Name und genauer Betrag", "Full name and exact amount"],
  no_longer_sure: ["Nicht mehr sicher: Es hat sich etwas geändert.", "No longer sure: something has changed."],
  why_match_review: [
    "Stichprobe des Monats: Stimmt diese automatische Zuordnung?",
    "Sample of the month: is this automatic match right?",
  ],

  learned_automatic: ["aus sicheren automatischen Zuordnungen", "from sure automatic matches"],
  learned_confirmed: ["aus einer bestätigten Zuordnung", "from a confirmed match"],
  learned_by_hand: ["aus einer Zuordnung von Hand", "from a match by hand"],
  learned_remembered: ["wieder gemerkt", "remembered again"],
  account_learned: [
    "Konto {account} gemerkt: gehört zu {customer}.",
    "Account {account} remembered: it is {customer}'s.",
  ],
  account_learned_for: [
    "Konto {account} gemerkt: zahlt für {customer}.",
    "Account {account} remembered: it pays for {customer}.",
  ],

  // money of customers, refunds
  credit_overpaid: ["Überzahlung", "Paid too much"],
  credit_credit_note: ["Gutschrift", "Credit note"],
  refund_not_own: ["Ihr eigener Vorschlag: jemand anderes entscheidet.", "Your own proposal: somebody else decides."],
  refund_not_role: ["Ihre Rolle oder Ihr Limit erlaubt das nicht.", "Your role or limit does not allow this."],
  refund_not_second: [
    "Sie haben schon zugestimmt; eine zweite Person mit der Rolle dafür entscheidet.",
    "You have agreed already; a second person with the role for it decides.",
  ],
};
