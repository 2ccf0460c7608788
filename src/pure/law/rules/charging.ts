/** Rules on what may be charged and claimed. */
import type { ComplianceRule } from "./model.ts";

export const CHARGING_RULES: readonly ComplianceRule[] = [
  {
    id: "DEF-1", area: "default", level: "must", law: "§ 286 BGB",
    title: {
      de: "Ohne Verzug keine Mahnkosten und keine Verzugszinsen; die verzugsbegründende Mahnung ist frei",
      en: "No fee and no default interest before default; the notice that creates it is free",
    },
    enforcedBy: ["pure/law/de/default-start.ts#defaultStart", "pure/law/de/fees.ts#dunningFee"],
    tests: ["law/fees.test.ts#the notice that creates default", "law/fees.test.ts#the day before default"],
  },
  {
    id: "DEF-2", area: "default", level: "must", law: "§ 286 III 1 Hs. 2 BGB",
    title: {
      de: "Die 30 Tage gelten gegenüber Verbrauchern nur mit Hinweis auf der Rechnung",
      en: "The 30 days bind consumers only if the invoice told them so",
    },
    enforcedBy: ["pure/law/de/default-start.ts#defaultByThirtyDays"],
    tests: ["law/default-start.test.ts#start of default", "law/oracle.test.ts#a consumer with the notice"],
  },
  {
    id: "INT-1", area: "interest", level: "must", law: "§ 288 I, II BGB", since: "2014-07-29",
    title: {
      de: "Fünf Punkte über dem Basiszins, neun nur unter Unternehmen für Entgelt; Unbekanntes gilt zugunsten der Kundin",
      en: "Five points over the base rate, nine only between businesses for a price; the unknown favours the customer",
    },
    enforcedBy: ["pure/law/de/interest.ts#interestRateOf"],
    tests: ["law/interest.test.ts#default interest"],
  },
  {
    id: "INT-2", area: "interest", level: "must", law: "§ 289 S. 1 BGB",
    title: { de: "Zinsen tragen keine Zinsen", en: "Interest bears no interest" },
    enforcedBy: ["pure/law/de/account.ts#account"],
    tests: ["law/oracle.test.ts#open interest bears none"],
  },
  {
    id: "FEE-1", area: "fee", level: "must", law: "§§ 280, 286 BGB; BGH VIII ZR 95/18; OLG München 29 U 634/11",
    title: {
      de: "Eine Mahnung kostet höchstens ihren belegten Sachaufwand, eine elektronische nichts",
      en: "A notice costs its proven material at most, an electronic one nothing",
    },
    enforcedBy: ["pure/law/de/fees.ts#dunningFee"],
    tests: ["law/fees.test.ts#never more than the proven cost", "law/fees.test.ts#an e-mail"],
  },
  {
    id: "FEE-2", area: "fee", level: "must", law: "§ 288 V BGB; EuGH C-370/21",
    title: {
      de: "40 Euro nur unter Unternehmen, einmal je Forderung, angerechnet auf Kosten der Rechtsverfolgung",
      en: "40 euros only between businesses, once a claim, credited against the costs of pursuit",
    },
    enforcedBy: ["pure/law/de/fees.ts#lumpSum"],
    tests: ["law/fees.test.ts#lump sum of § 288 V BGB", "law/fees.test.ts#40 euros, less the costs already claimed"],
  },
  {
    id: "FEE-3", area: "fee", level: "must", law: "OLG Hamburg 15 U 14/21",
    title: {
      de: "Keine Pauschalen nach Zeit, Stufe oder Höhe der Forderung",
      en: "No flat fees by time, stage or size of the claim",
    },
    enforcedBy: ["pure/law/de/fees.ts#letterFee"],
    tests: ["law/fees.test.ts#nothing that grows with time or claim"],
  },
  {
    id: "COST-1", area: "cost", level: "must", law: "§ 13e RDG, VV 2300 RVG",
    title: {
      de: "Inkassokosten höchstens wie ein Anwalt: 0,5, 0,9, bis 1,3; bis 50 Euro die kleine Gebühr",
      en: "Collection costs no more than a lawyer's: 0.5, 0.9, up to 1.3; the small fee up to 50 euros",
    },
    enforcedBy: ["pure/law/de/costs.ts#collectionCosts"],
    tests: ["law/costs.test.ts#above 1.3 for an undisputed claim", "law/oracle.test.ts#50.00 from its first day"],
  },
  {
    id: "COST-2", area: "cost", level: "must", law: "§ 13f RDG",
    title: { de: "Inkassobüro und Anwalt nicht doppelt", en: "Agency and lawyer are not paid twice" },
    enforcedBy: ["pure/law/de/pursuit/agency.ts#oneCostOwner"],
    tests: ["law/pursuit.test.ts#agency and lawyer: the cost of one"],
    bitesWhen: "claims are handed over with costs",
  },
  {
    id: "COST-3", area: "cost", level: "must", law: "VV 7008 RVG, § 249 BGB",
    title: {
      de: "Umsatzsteuer auf Kosten nur ohne Vorsteuerabzug",
      en: "Value-added tax on costs only where input tax can't be deducted",
    },
    enforcedBy: ["pure/law/de/costs.ts#collectionCosts"],
    tests: ["law/oracle.test.ts#with value added tax", "law/costs.test.ts#the charges make the total"],
  },
  {
    id: "ALLOC-1", area: "allocation", level: "must", law: "§§ 366, 367, 497 III BGB",
    title: {
      de: "Erst die Bestimmung der Kundin, dann die gesetzliche Reihenfolge",
      en: "The customer's designation first, then the statutory order",
    },
    enforcedBy: ["pure/law/de/allocation.ts#allocate", "books/receivables/replay.ts#Play"],
    tests: ["law/allocation.test.ts#§ 366 II respected", "law/oracle.test.ts#designated beyond what is open"],
  },
  {
    id: "LIM-1", area: "limitation", level: "must", law: "§§ 195, 199, 214 BGB",
    title: {
      de: "Verjährtes wird nicht automatisch gemahnt; das Ende der Frist ist bekannt",
      en: "What is time-barred is not dunned by itself; the end of the period is known",
    },
    enforcedBy: ["pure/law/de/limitation.ts#limitation", "pure/law/de/limitation.ts#limitationStanding"],
    tests: ["law/limitation.test.ts#time-barred is the day after the last day to file", "law/oracle.test.ts#limitation, day by day"],
    open: "the stop of automatic dunning belongs to the run",
  },
  {
    id: "COURT-1", area: "court", level: "must", law: "§§ 692, 699 bis 701, 339, 222 ZPO",
    title: {
      de: "Widerspruch zwei Wochen, Vollstreckungsbescheid binnen sechs Monaten, Einspruch zwei Wochen",
      en: "Two weeks to object, six months for the enforcement order, two weeks to oppose it",
    },
    enforcedBy: ["pure/law/de/pursuit/court.ts#courtTerms", "pure/law/de/pursuit/court.ts#oppositionUntil"],
    tests: ["law/pursuit.test.ts#two weeks to object, six months to go on"],
    bitesWhen: "claims go to court from Kulanz",
  },
  {
    id: "COURT-2", area: "court", level: "must", law: "§ 688 II ZPO",
    title: {
      de: "Kein Mahnverfahren für teuren Verbraucherkredit, offene Gegenleistung, öffentliche Zustellung",
      en: "No court dunning for dear consumer credit, open counter-performance, service by public notice",
    },
    enforcedBy: ["pure/law/de/pursuit/court.ts#courtBars"],
    tests: ["law/pursuit.test.ts#all bars are named, not only the first"],
    bitesWhen: "claims go to court from Kulanz",
  },
  {
    id: "CREDIT-1", area: "credit", level: "must", law: "§§ 491, 506, 514 ff. BGB", since: "2026-11-20",
    title: {
      de: "Kein Ratenplan gegen Entgelt wird beworben; kostenfreie Pläne nach Verzug bestätigt die Rechtsberatung",
      en: "No instalment plan for a fee is advertised; counsel confirms free plans after default",
    },
    enforcedBy: ["outreach/messaging/templates/wording.ts#advertisingWord", "pure/law/de/pursuit/agency.ts#undertakingAllowed"],
    tests: ["messaging/template.test.ts#Mit unserer Finanzierung", "law/pursuit.test.ts#a plan whose cost was not stated"],
    open: "C5 of the points counsel must confirm",
  },
]; // biome-ignore format: the head of a rule in one line
