import type { CustomerRow, Day, Item, Money, WorkItem, WorkKind } from "../src/api/contract.ts";

/** Invented people and numbers for screenshots and tests of the console. Nothing of this reaches the bundle. */

export const TODAY: Day = "2026-11-24";
export const NOW = "2026-11-24T07:12:00Z";
export const eur = (amount: string): Money => ({ amount, currency: "EUR" });
export const said = (text: string, code = text.toLowerCase().replace(/[^a-z]+/g, "_")) => ({ code, text });

export const CREDITORS = [
  { id: "c1", name: "Stadtwerke Lindau am Wehr" },
  { id: "c2", name: "Gartenhaus Morgentau" },
] as const;

const NAMES = [
  "Marlene Quast",
  "Tischlerei Overbeck",
  "Adaeze Nwosu",
  "Hildegard Pfau",
  "Tomasz Brzeziński",
  "Bäckerei Sandkuhl",
  "Leonie Aschenbach",
  "Hausverwaltung Uferpark",
  "Baran Çelik",
  "Ruth Immerglück",
  "Familie van der Meulen",
  "Jörg Tannhäuser",
  "Kita Wirbelwind e. V.",
  "Đặng Thu Hà",
  "Sörensen & Töchter GmbH",
  "Paul Zwirner",
  "Wohngemeinschaft Alte Molkerei",
  "Eleni Papadaki",
  "Yusuf Aydoğan",
  "Friederike Gräfin zu Hohenstein-Wallerfels",
  "Café Rosenrot",
  "Mehmet Oruç",
  "Annegret Lüders",
  "Praxis Dr. Sommerfeld",
  "Ivana Kovačević",
  "Oskar Brühl",
];
const STREETS = ["Weidenweg 4", "Am Anger 17", "Fährstraße 102", "Lange Zeile 9", "Kirschallee 33", "Zum Alten Werk 1"];
const TOWNS = ["Lindau am Wehr", "Nebelbach", "Hohenfurt", "Ostermoor"];
const STAGES = ["Zahlungserinnerung", "Mahnung", "Letzte Mahnung", null];
const cents = (value: number) => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, "0")}`;

export const CUSTOMERS: readonly CustomerRow[] = Array.from({ length: 148 }, (_, at) => {
  const base = NAMES[at % NAMES.length] ?? "";
  const open = 1200 + ((at * 7919) % 180_000);
  return {
    id: `k${at}`,
    number: String(1_004_213 + at * 1371),
    name: at < NAMES.length ? base : `${base} ${Math.floor(at / NAMES.length) + 1}`,
    kind: /GmbH|erei|verwaltung|e\. V\.|Café|Praxis/.test(base) ? "business" : "consumer",
    street: STREETS[at % STREETS.length] ?? null,
    town: TOWNS[at % TOWNS.length] ?? null,
    open: eur(cents(open)),
    overdue: eur(cents(at % 5 === 0 ? 0 : Math.floor(open * 0.8))),
    oldestDue:
      at % 5 === 0 ? "2026-12-04" : `2026-${at % 3 === 0 ? "10" : "11"}-${String(1 + (at % 20)).padStart(2, "0")}`,
    stage: STAGES[at % STAGES.length] ?? null,
    held: at % 9 === 3,
    restricted: at === 9,
  };
});
export const ref = (at: number) => {
  const { id, number, name } = CUSTOMERS[at] ?? (CUSTOMERS[0] as CustomerRow);
  return { id, number, name };
};

const item = (
  id: string,
  number: string,
  due: Day,
  parts: readonly [string, string, string],
  open: string,
  more: Partial<Item> = {},
): Item => ({
  id,
  number,
  orderNumber: null,
  kind: "invoice",
  claimKind: "supply",
  creditor: CREDITORS[0],
  brand: "Stadtwerke Strom",
  issuedOn: "2026-10-01",
  dueOn: due,
  inDefaultSince: "2026-11-03",
  state: "open",
  original: eur("248.60"),
  components: { principal: eur(parts[0]), interest: eur(parts[1]), dunning_cost: eur(parts[2]) },
  open: eur(open),
  stage: "Mahnung",
  assigned: false,
  documentId: "d1",
  ...more,
});
export const ITEMS: readonly Item[] = [
  item("i1", "118204", "2026-10-14", ["188.60", "0.71", "1.10"], "190.41"),
  item("i2", "AB-2026-10", "2026-10-01", ["92.00", "0.87", "0.00"], "92.87", {
    inDefaultSince: "2026-10-02",
    original: eur("92.00"),
  }),
  item("i3", "AB-2026-11", "2026-11-02", ["92.00", "0.35", "0.00"], "92.35", {
    original: eur("92.00"),
    orderNumber: "4500-771",
  }),
  item("i4", "117551", "2026-07-01", ["0.00", "0.00", "0.00"], "0.00", {
    state: "paid",
    inDefaultSince: null,
    stage: null,
    documentId: null,
  }),
  item("i5", "GS-2026-88", "2026-11-20", ["-20.00", "0.00", "0.00"], "-20.00", {
    kind: "credit_note",
    state: "credited",
    inDefaultSince: null,
    stage: null,
    original: eur("-20.00"),
  }),
];

const work = (at: number, kind: WorkKind, step: string, why: string, more: Partial<WorkItem> = {}): WorkItem => ({
  id: `w${at}`,
  kind,
  customer: ref(at),
  creditor: CREDITORS[at % 2] ?? CREDITORS[0],
  step: said(step),
  why: said(why),
  open: CUSTOMERS[at]?.open ?? null,
  dueOn: TODAY,
  dueAt: null,
  acts: ["done", "later"],
  messageId: null,
  agreedBy: null,
  evidence: [],
  mayDo: [],
  latest: null,
  ...more,
});
export const WORK: readonly WorkItem[] = [
  work(0, "callback", "Um 11:30 zurückrufen", "Wunsch aus dem Portal, spricht Deutsch", {
    dueAt: "2026-11-24T10:30:00Z",
    evidence: [
      said("Rückruf im Portal erbeten, heute 08:41"),
      said("Mahnung vom 12.11., Portal danach geöffnet"),
      said("Zahlung von 60,00 € am 20.10."),
    ],
    mayDo: [said("Mahnsperre bis 14 Tage setzen, ohne Freigabe.")],
    latest: {
      text: "Bitte rufen Sie mich vor der Mittagspause an, es geht um den Abschlag.",
      source: said("Portal"),
      at: "2026-11-24T07:41:00Z",
    },
  }),
  work(4, "dispute", "Einwand beantworten", "Zählerstand falsch abgelesen, ein Foto liegt bei", {
    dueOn: "2026-11-27",
    latest: {
      text: "Der Zähler zeigt 41 207, auf der Rechnung steht 47 201.",
      source: said("Portal"),
      at: "2026-11-23T18:20:00Z",
    },
  }),
  work(1, "claimed_paid", "Zahlung suchen", "Sagt, am 19.11. überwiesen; Sperre endet am 26.11.", {
    dueOn: "2026-11-25",
  }),
  work(7, "approval", "Letzte Mahnung freigeben", "Brief, bestimmt, 8.412,66 €", {
    acts: ["approve", "refuse", "later"],
    messageId: "m3",
  }),
  work(13, "approval", "Letzte Mahnung freigeben", "Brief, bestimmt", {
    acts: ["approve", "refuse", "later"],
    messageId: "m3",
  }),
  work(6, "parked_message", "Unklaren Ausgang klären", "Der Mailserver hat nicht geantwortet", {
    acts: ["left", "send_again", "drop"],
    messageId: "m4",
  }),
  work(9, "hold_review", "Mahnsperre prüfen", "Insolvenz, ohne Ende seit 2. Juni", {
    acts: ["later", "end_hold"],
    dueOn: "2026-11-26",
  }),
  work(11, "hand_over", "Über Übergabe entscheiden", "Letzte Mahnung kam an, vier Kontakte ohne Antwort", {
    acts: ["approve", "refuse", "later"],
    agreedBy: "Katharina Voss",
    dueOn: "2026-11-30",
  }),
  work(15, "write_off", "Ausbuchung von 4,20 € entscheiden", "Unter der Toleranz, seit 190 Tagen offen", {
    acts: ["approve", "refuse"],
  }),
  work(2, "overpayment", "Guthaben verrechnen", "86,00 € frei, deckt den einzigen offenen Posten"),
  work(18, "unreachable", "Nach der Anschrift fragen", "Brief kam zurück, Stufe und Porto aufgehoben", {
    dueOn: "2026-11-25",
  }),
  work(
    14,
    "finding",
    "Befund klären",
    "Eine Prüfung vor der Mahnung hat etwas gefunden. Solange sie sperrt, wird der Posten nicht gemahnt.",
  ),
  work(
    15,
    "credit_note_overdue",
    "Gutschrift erstellen oder nachfragen",
    "Die Ware kam zurück, eine Gutschrift fehlt noch. Bis dahin wird nicht gemahnt.",
  ),
  work(16, "difference", "Differenz klären", "Führendes System, Kulanz und Bank stimmen nicht überein."),
  work(
    17,
    "refund",
    "Erstattung entscheiden",
    "240,00 € gehören dem Kunden und gehen nur auf das Konto zurück, von dem sie kamen.",
  ),
  work(18, "duplicate_payment", "Doppelte Zahlung klären", "92,87 € kamen zweimal."),
  work(
    19,
    "vanished_item",
    "Verschwundenen Posten prüfen",
    "Der Posten fehlt in der vollen Liste des führenden Systems.",
  ),
  work(
    20,
    "match_review",
    "Automatische Zuordnung prüfen",
    "Stichprobe des Monats: Stimmt diese automatische Zuordnung?",
  ),
  work(
    21,
    "tell_partner",
    "Inkassopartner informieren",
    "120,00 € kamen direkt zu uns, obwohl die Forderung abgegeben ist. Der Partner muss es wissen, bevor er weiter fordert.",
  ),
];
