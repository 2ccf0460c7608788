import type {
  CheckRule,
  Comparison,
  CreditBalance,
  Difference,
  Finding,
  HandbackBatch,
  HandbackPending,
  Money,
  Reconciliation,
  Refund,
  RefundFile,
  Severity,
  VanishedItem,
  VanishedStop,
} from "../src/api/contract.ts";
import { addDays } from "../src/format/index.ts";
import { CREDITORS, eur, NOW, ref, said, TODAY } from "./people.ts";

/** Reconciliation, checks and credits, invented. */
const side = (text: string, amount: Money | null, count: number | null) => ({
  said: said(text),
  amount,
  count,
  asOf: amount === null ? null : TODAY,
});
const step = (text: string, amount: string, count: number) => ({ said: said(text), amount: eur(amount), count });
const erp = (more: Partial<Comparison>): Comparison => ({
  kind: "erp_ledger",
  state: "equal",
  left: side("Liste des ERP", eur("412118.40"), 1204),
  right: side("Offen in Kulanz", eur("412118.40"), 1204),
  steps: [],
  difference: eur("0.00"),
  ...more,
});
export const RECONCILIATION: Reconciliation = {
  day: TODAY,
  at: NOW,
  vanished: 1,
  days: Array.from({ length: 30 }, (_, at) => {
    const day = addDays(TODAY, at - 29);
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    const rest = weekday === 0 || weekday === 6;
    return { day, state: rest ? "none" : at === 29 || at === 13 || at === 14 ? "different" : "equal" };
  }),
  rows: [
    {
      creditor: CREDITORS[0],
      currency: "EUR",
      leads: "erp",
      state: "different",
      differences: 3,
      comparisons: [
        erp({
          state: "different",
          left: side("Liste des ERP", eur("412106.00"), 1203),
          right: side("Offen in Kulanz", eur("412131.60"), 1205),
          steps: [
            step("Mahnkosten, noch nicht zurückgegeben", "38.50", 11),
            step("Zahlungen von heute, dort noch nicht gebucht", "-25.60", 1),
          ],
          difference: eur("12.70"),
        }),
        {
          kind: "bank_ledger",
          state: "equal",
          left: side("Eingänge der Bank", eur("17020.45"), 1219),
          right: side("Verbucht in Kulanz", eur("16834.45"), 1216),
          steps: [step("Noch ungeklärt", "-186.00", 3)],
          difference: eur("0.00"),
        },
      ],
    },
    {
      creditor: CREDITORS[1],
      currency: "EUR",
      leads: "erp",
      state: "equal",
      differences: 0,
      comparisons: [
        erp({
          left: side("Liste des Shops", eur("88204.15"), 911),
          right: side("Offen in Kulanz", eur("88204.15"), 911),
        }),
        {
          kind: "bank_ledger",
          state: "waiting",
          left: side("Eingänge der Bank", null, null),
          right: side("Verbucht in Kulanz", eur("2204.80"), 31),
          steps: [],
          difference: null,
        },
      ],
    },
  ],
};

export const DIFFERENCES: readonly Difference[] = [
  [
    "Dort bezahlt, hier offen",
    "0.00",
    "92.87",
    "92.87",
    "Im ERP ist der Posten ausgeglichen. Übernehmen Sie den Stand, oder klären Sie, womit er bezahlt wurde.",
  ],
  [
    "Betrag weicht ab",
    "190.41",
    "110.24",
    "-80.17",
    "Vielleicht fehlt im ERP eine Gutschrift. Fragen Sie in der Buchhaltung nach.",
  ],
  ["Fehlt hier", "40.00", null, "-40.00", "Der Posten kam mit keiner Liste. Spielen Sie die Rechnung ein."],
].map(([kind, theirs, ours, difference, advice], at) => ({
  id: `df${at}`,
  kind: said(kind ?? ""),
  creditor: CREDITORS[0],
  customer: at === 2 ? null : ref(at + 1),
  itemId: at === 2 ? null : "i1",
  number: String(118_204 + at * 9),
  theirs: theirs === null || theirs === undefined ? null : eur(theirs),
  ours: ours === null || ours === undefined ? null : eur(ours),
  difference: eur(difference ?? "0.00"),
  advice: said(advice ?? ""),
  since: at === 0 ? TODAY : "2026-11-23",
  state: "open" as const,
  acts: at === 0 ? (["take_theirs", "keep_ours", "done"] as const) : (["done", "keep_ours"] as const),
}));

export const STOPS: readonly VanishedStop[] = [
  {
    id: "vs0",
    creditor: CREDITORS[1],
    file: "offene-posten-2026-11-24.csv",
    at: NOW,
    items: 62,
    amounts: [eur("7104.90")],
    of: 911,
    share: 0.068,
    limit: 0.05,
    state: "waiting",
    decidedBy: null,
    decidedAt: null,
    mayDecide: true,
  },
];
export const VANISHED: readonly VanishedItem[] = Array.from({ length: 62 }, (_, at) => ({
  itemId: `vi${at}`,
  customer: ref(at),
  number: String(204_100 + at * 3),
  dueOn: "2026-11-02",
  open: eur(`${20 + ((at * 37) % 220)}.${String((at * 13) % 100).padStart(2, "0")}`),
  lastSeenOn: "2026-11-23",
  hint: at % 4 === 0 ? said("Zahlung über denselben Betrag kam gestern") : null,
}));

const kinds = (postings: number) => [
  { kind: said("Mahnkosten"), postings: postings - 5, amount: eur("38.50") },
  { kind: said("Verzugszinsen"), postings: 4, amount: eur("6.12") },
  { kind: said("Kleinbeträge ausgebucht"), postings: 1, amount: eur("-1.20") },
];
export const PENDING: readonly HandbackPending[] = CREDITORS.map((creditor, at) => ({
  creditor,
  postings: at === 0 ? 16 : 0,
  sums: at === 0 ? [eur("43.42")] : [],
  byKind: at === 0 ? kinds(16) : [],
  oldest: at === 0 ? "2026-11-23" : null,
  mayNot: null,
}));
export const BATCHES: readonly HandbackBatch[] = [14, 13, 12].map((number, at) => ({
  id: `hb${number}`,
  number,
  creditor: CREDITORS[0],
  from: addDays(TODAY, -7 * (at + 1)),
  to: addDays(TODAY, -7 * at - 1),
  postings: 40 - at * 6,
  sums: [eur("118.20")],
  byKind: kinds(40),
  createdAt: NOW,
  createdBy: "Imke Dörrie",
  takenAt: at === 0 ? null : NOW,
}));

export const RULES: readonly (readonly [
  key: string,
  name: string,
  severity: Severity,
  explains: string,
  number?: readonly [string, number],
])[] = [
  [
    "arithmetic",
    "Rechnung geht nicht auf",
    "blocking",
    "Positionen, Steuer und Summe der Rechnung müssen zusammenpassen. Eine Rechnung, die nicht aufgeht, wird zu Recht bestritten.",
  ],
  [
    "duplicate_invoice",
    "Rechnung kam zweimal",
    "blocking",
    "Dieselbe Nummer oder derselbe Betrag am selben Tag beim selben Kunden. Nur eine davon ist fällig.",
  ],
  [
    "due_date",
    "Fälligkeit unplausibel",
    "warning",
    "Die Fälligkeit liegt vor dem Rechnungstag oder weit danach.",
    ["Höchstens so viele Tage nach der Rechnung", 120],
  ],
  [
    "unreachable",
    "Kein Weg zum Kunden",
    "blocking",
    "Ohne Anschrift und ohne E-Mail-Adresse kommt keine Nachricht an, und kein Verzug entsteht durch sie.",
  ],
  [
    "already_paid",
    "Vielleicht schon bezahlt",
    "blocking",
    "Ein ungeklärter Eingang passt in Betrag und Name zu diesem Posten.",
  ],
  ["missing_order", "Bestellung fehlt", "hint", "Die Rechnung nennt eine Bestellung, die wir nicht kennen."],
  [
    "customer_kind",
    "Privat oder geschäftlich unklar",
    "warning",
    "Zinsen und Pauschale hängen davon ab. Der Name spricht gegen die Angabe.",
  ],
];
export const ruleFor = (key: string, more: Partial<CheckRule> = {}): CheckRule => {
  const [, name, severity, explains, number] = RULES.find((one) => one[0] === key) ?? RULES[0] ?? ["", "", "hint", ""];
  return {
    key,
    name: said(name ?? "", key),
    explains: said(explains ?? ""),
    on: key !== "missing_order",
    severity: severity as Severity,
    parameters:
      number === undefined ? [] : [{ name: "days", said: said(number[0]), value: number[1], min: 1, max: 400 }],
    open: key === "customer_kind" ? 0 : 2,
    changedBy: key === "missing_order" ? "Dilan Aksoy" : null,
    changedAt: key === "missing_order" ? NOW : null,
    ...more,
  };
};
const FOUND = [
  [
    "arithmetic",
    "Die Positionen ergeben 188,41 €, die Rechnung sagt 190,41 €.",
    "Lassen Sie die Rechnung berichtigen, oder verwerfen Sie den Befund, wenn die Summe stimmt.",
  ],
  [
    "duplicate_invoice",
    "Rechnung 118219 und 118222 haben denselben Betrag und Tag.",
    "Stornieren Sie eine von beiden im führenden System.",
  ],
  ["already_paid", "Ein ungeklärter Eingang über 93,40 € vom 20.11. nennt diesen Namen.", "Ordnen Sie den Eingang zu."],
  ["unreachable", "Keine Anschrift, die E-Mail-Adresse kam zurück.", "Suchen Sie eine Anschrift."],
  ["due_date", "Fällig am 12.05.2027, das sind 183 Tage nach der Rechnung.", "Prüfen Sie das Zahlungsziel."],
] as const;
export const FINDINGS: readonly Finding[] = FOUND.map(([key, text, advice], at) => ({
  id: `fi${at}`,
  rule: ruleFor(key).name,
  severity: ruleFor(key).severity,
  state: "open" as const,
  creditor: CREDITORS[at % 2] ?? CREDITORS[0],
  customer: ref(at),
  item: { id: "i1", number: String(118_204 + at * 15), open: eur("190.41") },
  said: said(text),
  advice: said(advice),
  foundAt: NOW,
  dueOn: TODAY,
  decidedBy: null,
  decidedAt: null,
  note: null,
  mayDecide: true,
}));

const account = (at: number) => ({ iban: `DE•• •••• •••• •••• ${3000 + at * 17}`, holder: ref(at).name });
export const CREDITS: readonly CreditBalance[] = Array.from({ length: 9 }, (_, at) => ({
  id: `cb${at}`,
  customer: ref(at + 2),
  creditor: CREDITORS[at % 2] ?? CREDITORS[0],
  amount: eur(["95.78", "12.40", "240.00", "8.90", "61.15", "33.00", "1018.40", "5.00", "92.00"][at] ?? "1.00"),
  since: addDays(TODAY, -([3, 412, 40, 19, 7, 2, 95, 1, 33][at] ?? 0)),
  ageDays: [3, 412, 40, 19, 7, 2, 95, 1, 33][at] ?? 0,
  cause: said(["Zu viel bezahlt", "Gutschrift nach Zahlung", "Zweimal bezahlt"][at % 3] ?? ""),
  account: at === 3 ? null : account(at),
  owed: eur(at % 4 === 2 ? "48.10" : "0.00"),
  refund: at === 6 ? { id: "rf0", state: "proposed" as const } : null,
  mayPropose: true,
}));
const STATES = ["proposed", "agreed_once", "approved", "in_file", "refused"] as const;
export const REFUNDS: readonly Refund[] = STATES.map((state, at) => ({
  id: `rf${at}`,
  customer: ref(at + 8),
  creditor: CREDITORS[0],
  amount: eur(["1018.40", "240.00", "64.10", "92.87", "12.00"][at] ?? "1.00"),
  account: account(at + 8),
  state,
  reason: at === 0 ? "Vertrag ist beendet, Kundin bat um Auszahlung." : null,
  proposedBy: "Noel Petrich",
  proposedAt: NOW,
  firstApprovedBy: state === "agreed_once" ? "Dilan Aksoy" : null,
  approvedBy: state === "approved" || state === "in_file" ? "Imke Dörrie" : null,
  fileId: state === "in_file" ? "pf0" : null,
  acts: state === "proposed" || state === "agreed_once" ? (["approve", "refuse"] as const) : [],
  mayNot: null,
}));
export const REFUND_FILES: readonly RefundFile[] = [
  {
    id: "pf0",
    creditor: CREDITORS[0],
    account: "DE02120300000000202051",
    refunds: 4,
    sum: eur("411.20"),
    createdAt: "2026-11-20T14:05:00Z",
    createdBy: "Imke Dörrie",
  },
];
