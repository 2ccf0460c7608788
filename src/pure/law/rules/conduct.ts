/** Rules on how a customer is met: contact, decisions, protection, information. */
import type { ComplianceRule } from "./model.ts";

export const CONDUCT_RULES: readonly ComplianceRule[] = [
  {
    id: "DISP-1", area: "dispute", level: "must", law: "BGH I ZR 157/13; § 31 II BDSG a.F.",
    title: {
      de: "Bestrittenes wird nicht gemahnt, nicht gemeldet, nicht bewertet und kostet nichts",
      en: "What is disputed is not dunned, not reported, not scored, and bears no fee",
    },
    enforcedBy: [
      "outreach/messaging/contact/rules.ts#holdBlockers",
      "pure/law/de/fees.ts#dunningFee",
      "pure/law/de/pursuit/bureau.ts#bureauBlockers",
    ],
    tests: [
      "outreach/decide.test.ts#hold, peace, gap, cap and unclear message all speak",
      "law/fees.test.ts#a disputed claim",
      "law/rules.test.ts#holds that rest on the law name it",
    ],
  },
  {
    id: "BUREAU-1", area: "bureau", level: "must", law: "§ 31 II BDSG a.F., §§ 30, 37a BDSG", since: "2026-11-20",
    title: {
      de: "Meldung an eine Auskunftei erst nach zwei Erinnerungen, vier Wochen, Hinweis, unbestritten",
      en: "A report to a bureau only after two reminders, four weeks, a warning, and undisputed",
    },
    enforcedBy: ["pure/law/de/pursuit/bureau.ts#bureauBlockers"],
    tests: ["law/pursuit.test.ts#two reminders, four weeks after the first, told before, due, undisputed"],
    bitesWhen: "claims can be reported from Kulanz",
    open: "the new wording since 2026-11-20 was not read (C8)",
  },
  {
    id: "BUREAU-2", area: "bureau", level: "must", law: "BGH I ZR 157/13",
    title: {
      de: "Vor einer Meldung wird nur gewarnt, wo steht, dass ein Einwand sie verhindert",
      en: "A report is only mentioned together with the note that an objection prevents it",
    },
    enforcedBy: ["outreach/messaging/templates/wording.ts#namesObjection", "pure/law/de/pursuit/bureau.ts#bureauBlockers"],
    tests: ["messaging/template.test.ts#bureau_without_objection", "law/pursuit.test.ts#four weeks are 28 days; the blocker says until when"],
    open: "C8 of the points counsel must confirm",
  },
  {
    id: "SCORE-1", area: "scoring", level: "must", law: "§ 37a BDSG, AGG", since: "2026-11-20",
    title: {
      de: "Kein Alter, Geschlecht, Name, keine Anschrift, kein Konto in einer Bewertung: die Liste der Signale ist geschlossen",
      en: "No age, gender, name, address or account in a score: the list of signals is closed",
    },
    enforcedBy: ["outreach/dunning/decide.ts#decide", "outreach/dunning/model.ts#Situation"],
    tests: ["invariants/07.test.ts#the listed keys only, and no planted name, street, account or number"],
  },
  {
    id: "SCORE-2", area: "scoring", level: "must", law: "Art. 22 DSGVO; EuGH C-634/21",
    title: {
      de: "Was rechtlich wirkt, entscheidet ein Mensch: Übergabe, Ausbuchung, Ablehnung",
      en: "A person decides what has legal effect: hand-over, write-off, refusal",
    },
    enforcedBy: ["outreach/dunning/strategy.ts#strategySchema", "outreach/dunning/decide.ts#decide"],
    tests: [
      "invariants/12.test.ts#no strategy can hand over by itself, and none without an announcement before it",
      "invariants/12.test.ts#within the limit one person decides",
    ],
  },
  {
    id: "SCORE-3", area: "scoring", level: "must", law: "Art. 15 I h DSGVO; EuGH C-203/22",
    title: {
      de: "Jede Entscheidung nennt ihre Gründe und lässt sich wiederholen",
      en: "Every decision states its reasons and can be replayed",
    },
    enforcedBy: ["outreach/dunning/explain.ts#explain", "outreach/dunning/decide.ts#decide"],
    tests: ["invariants/06.test.ts#every stored decision comes out again", "outreach/corridor.test.ts#explain names it with its end"],
  },
  {
    id: "AI-1", area: "ai", level: "must", law: "Anhang III Nr. 5 b KI-Verordnung", since: "2027-12-02",
    title: {
      de: "Bonitätsbewertung ist Hochrisiko: Verzeichnis der Modelle, Protokolle, menschliche Aufsicht",
      en: "Scoring of creditworthiness is high-risk: register of models, logs, human oversight",
    },
    enforcedBy: ["outreach/dunning/model.ts#Advice", "pure/law/de/data/in-force.ts#IN_FORCE"],
    tests: ["invariants/06.test.ts#every stored decision comes out again"],
    bitesWhen: "a learned model advises decisions; today none does",
  },
  {
    id: "AI-2", area: "ai", level: "must", law: "Art. 50 KI-Verordnung", since: "2026-08-02",
    title: { de: "Wer mit einer Maschine spricht, erfährt es", en: "Who talks to a machine is told" },
    enforcedBy: ["pure/law/de/data/in-force.ts#IN_FORCE"],
    tests: ["law/rules.test.ts#dates from which new law holds"],
    bitesWhen: "an assistant answers customers; today people and fixed texts do",
  },
  {
    id: "CONTACT-1", area: "contact", level: "must", law: "§ 4a UWG, Anhang Nr. 26",
    title: {
      de: "Abstand und Höchstzahl über alle Wege; kein Druck, kein Wort der Drohung",
      en: "A gap and a cap over all channels; no pressure, no word of threat",
    },
    enforcedBy: [
      "outreach/messaging/contact/rules.ts#frequencyBlockers",
      "outreach/messaging/templates/wording.ts#checkWords",
      "pure/law/de/terms.ts#contactAllowed",
    ],
    tests: [
      "outreach/decide.test.ts#hold, peace, gap, cap and unclear message all speak",
      "messaging/texts.test.ts#publishing finds nothing against any of them",
    ],
  },
  {
    id: "CONTACT-2", area: "contact", level: "must", law: "§ 7 UWG",
    title: { de: "Keine Werbung in einer Mahnung", en: "No advertising in a notice" },
    enforcedBy: ["outreach/messaging/templates/wording.ts#advertisingWord", "outreach/messaging/templates/check.ts#checkText"],
    tests: ["messaging/template.test.ts#Dazu ein Gutschein", "messaging/texts.test.ts#publishing finds nothing against any of them"],
    open: "a list of words; the four eyes that publish a text see the rest",
  },
  {
    id: "CONTACT-3", area: "contact", level: "should", law: "§ 4a UWG",
    title: {
      de: "Ruhe abends, sonn- und feiertags, nach der Uhr der Kundin",
      en: "Quiet evenings, Sundays and holidays, by the customer's clock",
    },
    enforcedBy: ["pure/law/de/terms.ts#contactAllowed", "outreach/messaging/contact/hours.ts#contactMoment"],
    tests: ["law/terms.test.ts#contact hours", "outreach/corridor.test.ts#mails wait for contact hours, letters don't"],
  },
  {
    id: "CONTACT-4", area: "contact", level: "must", law: "Art. 5 I f, 32 DSGVO",
    title: {
      de: "Betreff, Vorschau und Umschlag verraten nichts; das Portal fragt ein zweites Merkmal",
      en: "Subject, preview and envelope tell nothing; the portal asks for a second factor",
    },
    enforcedBy: [
      "outreach/messaging/templates/wording.ts#tellingWord",
      "outreach/messaging/templates/check.ts#checkText",
      "doors/portal/session.ts#openPortalSession",
    ],
    tests: [
      "messaging/mail.test.ts#the list of messages shows the preview and then nothing of the body",
      "portal/door.test.ts#before the door nothing of the customer is on any page",
      "messaging/texts.test.ts#publishing finds nothing against any of them",
    ],
  },
  {
    id: "INFO-1", area: "information", level: "must", law: "§ 305 II InsO",
    title: {
      de: "Eine Forderungsaufstellung nach Hauptforderung, Zinsen und Kosten, kostenfrei",
      en: "A statement by principal, interest and costs, free of charge",
    },
    enforcedBy: ["books/receivables/statement/compose.ts#composeStatement"],
    tests: ["books/receivables/statement.test.ts#component, rate, period, days, payment, allocation, paragraph"],
  },
  {
    id: "INSO-1", area: "insolvency", level: "must", law: "§§ 87, 89, 174 InsO",
    title: {
      de: "Nach Eröffnung ruht alles Mahnen; die Forderung wird angemeldet",
      en: "After opening all dunning rests; the claim is filed with the administrator",
    },
    enforcedBy: ["outreach/messaging/contact/rules.ts#holdBlockers"],
    tests: ["law/rules.test.ts#holds that rest on the law name it"],
  },
  {
    id: "INSO-2", area: "insolvency", level: "must", law: "§§ 301, 302 InsO",
    title: {
      de: "Nach Restschuldbefreiung wird nicht mehr gefordert",
      en: "After discharge nothing is asked for any more",
    },
    enforcedBy: ["outreach/messaging/contact/rules.ts#holdBlockers"],
    tests: ["law/rules.test.ts#holds that rest on the law name it"],
    open: "the hold for insolvency stays until a person writes the claim off; § 302 is a person's question",
  },
  {
    id: "VULN-1", area: "vulnerable", level: "should", law: "§ 4a II UWG",
    title: {
      de: "Tod, schwere Krankheit, Betreuung: die Automatik ruht; vermerkt wird die Behandlung, nie die Diagnose",
      en: "Death, serious illness, care: automation rests; the treatment is recorded, never the diagnosis",
    },
    enforcedBy: ["outreach/messaging/contact/rules.ts#holdBlockers", "books/receivables/holds.ts#placeHold"],
    tests: ["law/rules.test.ts#every ground of a hold stops all asking", "invariants/12.test.ts#every hold has an end or stands on the review list"],
  },
  {
    id: "MINOR-1", area: "vulnerable", level: "must", law: "§§ 104 ff., 107, 108 BGB",
    title: { de: "Minderjährige werden nicht gemahnt", en: "Minors are not dunned" },
    enforcedBy: ["outreach/messaging/contact/rules.ts#holdBlockers"],
    tests: ["law/rules.test.ts#holds that rest on the law name it"],
    open: "no birth date enters a decision; a person or the import sets the hold",
  },
  {
    id: "RDG-1", area: "rdg", level: "must", law: "§§ 2 II, 10, 13a I RDG",
    title: {
      de: "Fremdes nur mit Registrierung und mit allen Angaben im ersten Brief",
      en: "Claims of others only with a registration and with every statement in the first letter",
    },
    enforcedBy: ["pure/law/de/pursuit/agency.ts#firstLetterAllowed"],
    tests: ["law/pursuit.test.ts#own claims need nothing; an agency its registration and a complete first letter"],
    bitesWhen: "an agency is a tenant",
  },
  {
    id: "RDG-2", area: "rdg", level: "must", law: "§ 13a III, IV RDG",
    title: {
      de: "Kosten in Textform vor Raten und Stundung, Warnung vor einem Anerkenntnis",
      en: "Cost in text form before instalments and deferral, a warning before an acknowledgement",
    },
    enforcedBy: ["pure/law/de/pursuit/agency.ts#undertakingAllowed"],
    tests: ["law/pursuit.test.ts#an acknowledgement without warning", "law/pursuit.test.ts#a plan whose cost was not stated"],
    bitesWhen: "plans and deferrals are agreed in the portal",
  },
  {
    id: "A11Y-1", area: "accessibility", level: "must", law: "BFSG, EN 301 549", since: "2025-06-28",
    title: { de: "Das Portal ist barrierefrei (WCAG 2.2 AA)", en: "The portal is accessible (WCAG 2.2 AA)" },
    enforcedBy: ["doors/portal/routes.ts#portalRoutes"],
    tests: ["portal/browser.test.ts#reflows at 320 pixels and prints without controls", "portal/browser.test.ts#the whole way without script on a phone"],
  },
  {
    id: "GDPR-1", area: "privacy", level: "must", law: "Art. 6, 13 bis 15, 17, 21 DSGVO; § 257 HGB, § 147 AO",
    title: {
      de: "Auskunft in jeder Nachricht und im Portal; gelöscht bleibt gelöscht",
      en: "Information in every message and in the portal; erased is erased",
    },
    enforcedBy: ["doors/portal/routes.ts#portalRoutes", "platform/database/index.ts#readErasures"],
    tests: ["invariants/13.test.ts#an old backup restored: the erased is still erased"],
    open: "export and objection by the customer alone come with the room `privacy`",
  },
]; // biome-ignore format: the head of a rule in one line
