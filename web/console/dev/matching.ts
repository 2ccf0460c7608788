import type { DuplicatePayment, KnownAccount, MatchReview, SureGroup, UnmatchedAgeing } from "../src/api/contract.ts";
import { ENTRIES } from "./money.ts";
import { eur, NOW, ref, said } from "./people.ts";

/** What matching learned and left, invented. */
export const SURE: readonly SureGroup[] = [
  {
    kind: said("Nummer und Betrag stimmen genau", "number_amount"),
    entries: 4,
    sums: [eur("1811.95")],
    probability: 0.998,
  },
  {
    kind: said("Bekanntes Konto und genauer Betrag", "account_amount"),
    entries: 2,
    sums: [eur("276.00")],
    probability: 0.994,
  },
];

export const ACCOUNTS: readonly KnownAccount[] = Array.from({ length: 14 }, (_, at) => ({
  accountId: `ac${at}`,
  customer: ref(at),
  iban: at % 5 === 4 ? null : `DE•• •••• •••• •••• ${3000 + at * 17}`,
  relation: (["own", "own", "pays_for", "own", "shared"] as const)[at % 5] ?? "own",
  learned: said(
    (
      [
        "Von Imke Dörrie bestätigt, Rechnung 118204",
        "Von selbst zugeordnet mit Nummer und vollem Namen",
        "Zahlt für Leonie Aschenbach, dreimal bestätigt",
        "Aus dem Lastschriftmandat",
        "Haushalt: zwei Kunden zahlen von hier",
      ] as const
    )[at % 5] ?? "",
  ),
  learnedAt: "2026-10-14T09:20:00Z",
  lastPaidOn: at === 3 ? null : "2026-11-23",
  payments: at === 3 ? 0 : 1 + ((at * 7) % 40),
  forgottenAt: at === 6 ? NOW : null,
}));

export const REVIEW: MatchReview = {
  month: "2026-10",
  months: ["2026-10", "2026-09"],
  automatic: 24_118,
  decided: 7,
  wrong: 0,
  errorRate: { low: 0, high: 0.354 },
  rows: ENTRIES.map((entry, at) => ({
    id: `rv${at}`,
    entry: { ...entry, view: "booked" as const, customer: ref(at), automatic: true },
    numbers: [String(118_204 + at * 3)],
    probability: 0.9991 - at * 0.0002,
    reasons: [
      { speaks: "for" as const, said: said(`Nummer ${118_204 + at * 3} im Text`) },
      { speaks: "for" as const, said: said("Betrag genau eines Postens") },
      { speaks: "for" as const, said: said("Name stimmt überein") },
    ],
    verdict: at < 7 ? ("right" as const) : null,
    decidedBy: at < 7 ? "Imke Dörrie" : null,
    decidedAt: at < 7 ? NOW : null,
  })),
};

export const UNMATCHED: readonly UnmatchedAgeing[] = [
  {
    currency: "EUR",
    entries: 31,
    amount: eur("9311.20"),
    oldest: "2026-08-03",
    bands: [
      { fromDay: 0, toDay: 7, entries: 14, amount: eur("4120.40") },
      { fromDay: 8, toDay: 14, entries: 7, amount: eur("2204.10") },
      { fromDay: 15, toDay: 30, entries: 6, amount: eur("1866.00") },
      { fromDay: 31, toDay: 90, entries: 3, amount: eur("940.70") },
      { fromDay: 91, toDay: null, entries: 1, amount: eur("180.00") },
    ],
  },
];

export const TWICE: readonly DuplicatePayment[] = [0, 5, 8].map((at, index) => ({
  id: `dp${index}`,
  customer: ref(at),
  number: String(118_204 + at * 11),
  amount: eur(["92.87", "1240.00", "100.00"][index] ?? "0.00"),
  first: {
    entryId: "e0",
    on: "2026-11-17",
    amount: eur(["92.87", "1240.00", "100.00"][index] ?? "0.00"),
    account: "DE02120300000000202051",
    remittance: `RE ${118_204 + at * 11}`,
  },
  second: {
    entryId: "e1",
    on: "2026-11-23",
    amount: eur(["92.87", "1240.00", "100.00"][index] ?? "0.00"),
    account: "DE02120300000000202051",
    remittance: `Rechnung ${118_204 + at * 11} nochmal, Danke`,
  },
  why: said("Derselbe Betrag mit derselben Nummer kam von demselben Konto ein zweites Mal."),
  state: "open" as const,
  acts: ["refund", "set_off", "keep"] as const,
}));
