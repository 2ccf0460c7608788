import type {
  AuditEntry,
  Run,
  RunPreview,
  RunPreviewRow,
  RunRow,
  StageLine,
  Strategy,
  Today,
  User,
} from "../src/api/contract.ts";
import { CREDITORS, CUSTOMERS, eur, NOW, said, TODAY } from "./people.ts";

const STAGE_LINES: readonly StageLine[] = [
  {
    stage: "reminder",
    name: "Zahlungserinnerung",
    proposal: false,
    customers: 842,
    amount: eur("88412.30"),
    byChannel: { email: 783, letter: 59 },
  },
  {
    stage: "dunning_notice",
    name: "Mahnung",
    proposal: false,
    customers: 311,
    amount: eur("61207.95"),
    byChannel: { email: 201, letter: 110 },
  },
  {
    stage: "final_notice",
    name: "Letzte Mahnung",
    proposal: false,
    customers: 118,
    amount: eur("40118.20"),
    byChannel: { letter: 118 },
  },
  { stage: "hand_over", name: "Übergabe", proposal: true, customers: 13, amount: eur("9870.44"), byChannel: {} },
];
const BLOCKERS = [
  { ground: said("Abstand zum letzten Kontakt", "contact_gap"), customers: 288 },
  { ground: said("Einwand wird geprüft", "dispute"), customers: 121 },
  { ground: said("Sagt, es ist bezahlt", "claimed_paid"), customers: 96 },
  { ground: said("Insolvenz", "insolvency"), customers: 71 },
  { ground: said("Keine nutzbare Anschrift", "no_channel"), customers: 35 },
];
const DECISIONS = { contact: 1284, wait: 9431, blocked: 611 };
export const PREVIEW: RunPreview = {
  creditor: CREDITORS[0],
  date: TODAY,
  plannedAt: "2026-11-24T13:00:00Z",
  customers: 11_326,
  items: 18_204,
  decisions: DECISIONS,
  stages: STAGE_LINES,
  byBlocker: BLOCKERS,
  cautions: [said("Ein Kontoauszug fehlt seit Freitag. Zahlungen von 86 Kunden könnten noch unterwegs sein.")],
  mayStart: true,
};
export const PREVIEW_ROWS: readonly RunPreviewRow[] = CUSTOMERS.slice(0, 60).map((row, at) => {
  const result = (["contact", "contact", "wait", "blocked"] as const)[at % 4] ?? "wait";
  const stage = STAGE_LINES[at % 3];
  return {
    customer: { id: row.id, number: row.number, name: row.name },
    result,
    stage: result === "contact" ? (stage?.stage ?? null) : null,
    stageName: result === "contact" ? (stage?.name ?? null) : null,
    channel: result === "contact" ? (at % 3 === 0 ? "letter" : "email") : null,
    amount: row.open,
    reason:
      result === "blocked"
        ? said("Einwand wird geprüft", "dispute")
        : result === "wait"
          ? said("Vor der nächsten Stufe")
          : said("Rechnung 118204 seit 19 Tagen fällig"),
    until: result === "contact" ? null : "2026-12-04",
  };
});

export const TODAY_PAGE: Today = {
  run: PREVIEW,
  received: {
    since: "2026-11-23",
    payments: eur("214380.12"),
    entries: 1219,
    automatic: 1204,
    proposed: 12,
    unmatched: 3,
    returned: 2,
    objections: { count: 4, oldestDeadline: "2026-11-27" },
    callBacks: { count: 3, nextAt: "2026-11-24T10:30:00Z" },
    invoices: 310,
  },
  statements: { upTo: "2026-11-23", missing: 1 },
  needsYou: [
    {
      level: "problem",
      title: said("Kontoauszug von DE02 1203 fehlt seit Freitag"),
      detail: said("Der Lauf hält 86 Kunden zurück, bis er da ist."),
      link: { to: "/bank/statements", search: {} },
    },
    {
      level: "notice",
      title: said("3 Nachrichten mit unklarem Ausgang"),
      detail: said("Der Versender hat nicht geantwortet. Bitte entscheiden, wir wiederholen nichts von selbst."),
      link: { to: "/messages", search: { view: "parked" } },
    },
    {
      level: "notice",
      title: said("5 Mahnsperren ohne Ende"),
      detail: said("Zusammen 2.310,00 €. Die älteste stammt vom 2. Juni."),
      link: { to: "/worklist", search: { kind: "hold_review" } },
    },
    {
      level: "info",
      title: said("2 letzte Mahnungen warten auf Freigabe"),
      detail: null,
      link: { to: "/worklist", search: { kind: "approval" } },
    },
  ],
  overdue: {
    at: NOW,
    total: eur("1842310.55"),
    forgotten: eur("0.00"),
    parts: [
      { key: "stage", amount: eur("1204118.20") },
      { key: "hold", amount: eur("96440.00") },
      { key: "arrangement", amount: eur("0.00") },
      { key: "objection", amount: eur("58204.10") },
      { key: "handed_over", amount: eur("121340.50") },
      { key: "waiting", amount: eur("311902.75") },
      { key: "person", amount: eur("50305.00") },
    ],
  },
  ageing: [
    [1, 14, "812400.00"],
    [15, 30, "446200.00"],
    [31, 60, "318700.00"],
    [61, 90, "154900.00"],
    [91, null, "110110.55"],
  ].map(([fromDay, toDay, amount]) => ({
    fromDay: fromDay as number,
    toDay: toDay as number | null,
    amount: eur(amount as string),
  })),
  weeks: [208, 231, 199, 244, 262, 226, 251, 273, 239, 284, 301, 268, 96].map((value, at) => ({
    year: 2026,
    week: 36 + at,
    amount: eur(`${value}000.00`),
    current: at === 12,
  })),
};

const COUNTS = { queued: 40, leaving: 3, left: 1180, failed: 2, dropped: 21, unknown: 3, parked: 0, needsApproval: 38 };
export const RUNS: readonly RunRow[] = Array.from({ length: 12 }, (_, at) => ({
  id: `r${at}`,
  creditor: CREDITORS[at % 2] ?? CREDITORS[0],
  date: `2026-11-${String(24 - at).padStart(2, "0")}`,
  state: at === 0 ? "running" : "done",
  startedAt: `2026-11-${String(24 - at).padStart(2, "0")}T13:00:00Z`,
  startedBy: "Katharina Voss",
  finishedAt: null,
  decisions: { contact: 1284 - at * 17, wait: 9431 + at * 40, blocked: 611 - at },
  messages: at === 0 ? COUNTS : { ...COUNTS, queued: 0, leaving: 0, needsApproval: 0, left: 1220 },
}));
export const runFor = (id: string): Run => ({
  ...(RUNS.find((one) => one.id === id) ?? (RUNS[0] as RunRow)),
  slots: { done: id === "r0" ? 640 : 1024, total: 1024 },
  stages: STAGE_LINES,
  byBlocker: BLOCKERS,
  recallable: id === "r0" ? 38 : 0,
  mayRecall: true,
});

const s = (texts: readonly string[]) => texts.map((text) => said(text));
export const STRATEGY: Strategy = {
  id: "st1",
  name: "Standard",
  creditors: [],
  version: 1,
  inForceSince: "2026-07-01",
  stages: 5,
  customers: 18_204,
  stageList: [
    {
      key: "pre_due",
      name: "Vorab-Hinweis",
      day: -3,
      automation: "auto",
      decidedByPerson: false,
      channels: ["email"],
      tone: "friendly",
      effect: s(["Wirkt rechtlich nicht, zählt nicht als Mahnung."]),
      offers: [],
      costs: [],
      exceptions: s(["Nur wer schon einmal zu spät war."]),
    },
    {
      key: "reminder",
      name: "Zahlungserinnerung",
      day: 5,
      automation: "auto",
      decidedByPerson: false,
      channels: ["email", "letter"],
      tone: "friendly",
      effect: [],
      offers: s(["Bietet Zahlung und Rückruf an."]),
      costs: s(["Keine Kosten."]),
      exceptions: [],
    },
    {
      key: "dunning_notice",
      name: "Mahnung",
      day: 15,
      automation: "auto",
      decidedByPerson: false,
      channels: ["email", "letter"],
      tone: "factual",
      effect: s(["Begründet den Verzug (§ 286 Abs. 1 BGB), darum ohne Kosten."]),
      offers: [],
      costs: [],
      exceptions: [],
    },
    {
      key: "final_notice",
      name: "Letzte Mahnung",
      day: 29,
      automation: "approve",
      decidedByPerson: false,
      channels: ["letter"],
      tone: "firm",
      effect: s(["Kündigt an, was folgt."]),
      offers: [],
      costs: s(["Porto bis 1,10 € und Zinsen, nur wenn die Mahnung angekommen ist."]),
      exceptions: [],
    },
    {
      key: "hand_over",
      name: "Übergabe vorschlagen",
      day: 45,
      automation: "approve",
      decidedByPerson: true,
      channels: [],
      tone: null,
      effect: [],
      offers: [],
      costs: [],
      exceptions: s(["Nicht bei Einwand, Vereinbarung, Betreuung oder unter 50 €."]),
    },
  ],
  rails: [
    ["Höchstens", "3 Kontakte in 30 Tagen"],
    ["Abstand", "14 Tage"],
    ["Ruhe", "20 bis 8 Uhr, Sonn- und Feiertage"],
    ["Laufende Fälle", "wechseln zur nächsten Stufe"],
  ].map(([label, value]) => ({ label: said(label ?? ""), value: said(value ?? "") })),
  versions: [
    { version: 1, at: "2026-06-28T09:00:00Z", by: "Katharina Voss", inForceSince: "2026-07-01", note: "Erste Fassung" },
  ],
  document: { name: "Standard", stages: [{ key: "reminder", day: 5 }] },
};

export const USERS: readonly User[] = [
  {
    id: "u1",
    name: "Imke Dörrie",
    email: "imke@stadtwerke.example",
    role: "admin",
    limit: eur("1000.00"),
    createdAt: "2026-07-01T08:00:00Z",
    lastSeenAt: NOW,
    disabledAt: null,
    hasPassword: true,
  },
  {
    id: "u2",
    name: "Katharina Voss",
    email: "voss@stadtwerke.example",
    role: "manager",
    limit: eur("10000.00"),
    createdAt: "2026-07-01T08:00:00Z",
    lastSeenAt: "2026-11-23T15:00:00Z",
    disabledAt: null,
    hasPassword: true,
  },
  {
    id: "u3",
    name: "Noel Petrich",
    email: "petrich@stadtwerke.example",
    role: "auditor",
    limit: eur("0.00"),
    createdAt: "2026-11-20T08:00:00Z",
    lastSeenAt: null,
    disabledAt: null,
    hasPassword: false,
  },
];
export const AUDIT: readonly AuditEntry[] = Array.from({ length: 130 }, (_, at) => ({
  sequence: 4120 - at,
  at: `2026-11-24T0${7 - Math.floor(at / 60)}:${String(59 - (at % 60)).padStart(2, "0")}:00Z`,
  actor: at % 4 === 0 ? "system:matching" : "user:u1",
  actorName: at % 4 === 0 ? null : "Imke Dörrie",
  act: ["match.booked", "customer.searched", "customer.viewed", "hold.set"][at % 4] ?? "run.batch",
  subject: `k${at}`,
  details: at % 4 === 0 ? { score: 99 } : {},
  hash: "9f2c41aa07be55d1c0ffee9f2c41aa07be55d1c0ffee".slice(0, 40),
}));
