import type {
  AllocationLine,
  BankEntry,
  CsvMapping,
  ImportJob,
  ImportPreview,
  ImportResult,
  Proposal,
  StatementRow,
} from "../src/api/contract.ts";
import { CREDITORS, eur, ref, said, TODAY } from "./people.ts";

const line = (itemId: string | null, number: string | null, open: string, now: string): AllocationLine => ({
  itemId,
  number,
  dueOn: "2026-10-14",
  open: eur(open),
  now: eur(now),
});
const proposal = (rank: number, score: number, more: Partial<Proposal>): Proposal => ({
  rank,
  score,
  customer: ref(0),
  title: said("Marlene Quast, drei Posten"),
  detail: said("Beide Abschläge ganz, Rechnung 118204 zum Teil"),
  reasons: [],
  lines: [],
  remainsOpen: eur("94.63"),
  onAccount: eur("0.00"),
  law: said("Genannte Posten zuerst (§ 366 Abs. 1 BGB), darin Kosten, Zinsen, Hauptforderung (§ 367 Abs. 1 BGB)."),
  next: null,
  ...more,
});
const yes = (text: string) => ({ speaks: "for" as const, said: said(text) });
const no = (text: string) => ({ speaks: "against" as const, said: said(text) });

const PAYERS = [
  ["Quast, Marlene u. Jens", "Strom okt nov abrechng 118240 Rest ende Monat", "281.00", 92],
  ["Sandkuhl Backwaren", "Zusage 23.11. Kd 1027658", "1240.00", 91],
  ["A. Aschenbach", "fuer Leonie Wasser", "93.40", 88],
  ["Uferpark Verwaltungs KG", "lt. Auszug 31.10. Obj 3 4 7 9", "5117.20", 86],
  ["Sozialamt Lindau am Wehr", "Az 50.2/7719 Energieschulden", "186.00", 84],
  ["Çelik, B.", "Rate", "100.00", 81],
  ["Kovačević, I.", "Abschlag", "92.00", 79],
  ["Tischlerei Overbeck", "RE 117 903 abzgl Gutschrift", "412.55", 77],
  ["Sommerfeld Dr. Immobilien", "Nebenk. Q3 Haus 14", "1018.40", 74],
  ["Oskar Bruehl", "Rest", "64.10", 68],
  ["Familie van der Meulen", "Strom 2 Monate", "184.00", 66],
  ["Pfau, Hildegard", "Danke", "50.00", 61],
] as const;

export const ENTRIES: readonly BankEntry[] = PAYERS.map(([payer, remittance, amount, score], at) => ({
  id: `e${at}`,
  account: "DE02120300000000202051",
  payer,
  remittance,
  amount: eur(amount),
  bookedOn: TODAY,
  valueOn: TODAY,
  view: "proposed",
  score,
  customer: null,
  automatic: null,
  probability: at < 4 ? 0.998 - at * 0.001 : score / 100,
  ...(at > 0 && at < 5 ? { sure: said("Nummer und Betrag stimmen genau", "number_amount") } : {}),
  ...(at > 5 && at < 8 ? { sure: said("Bekanntes Konto und genauer Betrag", "account_amount") } : {}),
  threshold: 0.995,
  payerIban: "DE02500105170137075030",
  endToEndId: null,
  statementId: "s1",
  marks:
    at === 0
      ? [
          { from: 6, to: 9 },
          { from: 10, to: 13 },
          { from: 23, to: 27 },
        ]
      : [],
  proposals: [
    proposal(1, score, {
      probability: at < 4 ? 0.998 - at * 0.001 : score / 100,
      customer: ref(at),
      title: said(at === 0 ? "Marlene Quast, drei Posten" : `${ref(at).name}, ein Posten`),
      reasons: [
        yes("Konto bekannt, 88 Zahlungen"),
        yes("Name passt"),
        yes("beide Monate genannt"),
        no("118240 statt 118204, vertauscht"),
        no("Betrag deckt nicht alles"),
      ],
      lines: [
        line("i2", "Abschlag Okt.", "92.87", "92.87"),
        line("i3", "Abschlag Nov.", "92.35", "92.35"),
        line("i1", "Rechnung 118204", "190.41", "95.78"),
      ],
      next: said("Die Mahnung am 09.12. wird neu geprüft."),
    }),
    proposal(2, Math.max(20, score - 28), {
      probability: (1 - score / 100) * 0.8,
      title: said("Marlene Quast, nur die Abschläge"),
      detail: said("185,22 €, der Rest von 95,78 € bliebe als Guthaben"),
      reasons: [yes("Konto bekannt"), yes("beide Monate genannt"), no("Rechnung bliebe unbeachtet")],
      lines: [line("i2", "Abschlag Okt.", "92.87", "92.87"), line("i3", "Abschlag Nov.", "92.35", "92.35")],
      onAccount: eur("95.78"),
    }),
    proposal(3, 23, {
      probability: (1 - score / 100) * 0.1,
      customer: ref(12),
      title: said("Kita Wirbelwind e. V., Rechnung 118240"),
      detail: said("79,30 €, anderer Vertrag, bereits bezahlt am 02.10."),
      reasons: [yes("Nummer genau"), no("schon ausgeglichen"), no("Betrag passt nicht")],
      lines: [line("i9", "118240", "0.00", "0.00")],
    }),
  ],
  booked: [],
  bookedBy: null,
  bookedAt: null,
  automaticLead: 20,
  mayBook: true,
}));

export const STATEMENTS: readonly StatementRow[] = Array.from({ length: 9 }, (_, at) => ({
  id: `s${at}`,
  account: at % 2 === 0 ? "DE02120300000000202051" : "DE02500105170137075030",
  bank: null,
  creditor: CREDITORS[at % 2] ?? CREDITORS[0],
  number: String(230 - at),
  from: `2026-11-${String(20 - at * 2).padStart(2, "0")}`,
  to: `2026-11-${String(21 - at * 2).padStart(2, "0")}`,
  opening: eur("102344.10"),
  closing: eur("118930.55"),
  credits: eur("17020.45"),
  debits: eur("434.00"),
  entries: 84 + at,
  reconciles: at !== 3,
  importedAt: "2026-11-23T06:10:00Z",
  file: `auszug-${230 - at}.xml`,
}));

const result = (more: Partial<ImportResult>): ImportResult => ({
  file: "auszug-231.xml",
  format: "camt.053.001.08",
  status: "ok",
  error: null,
  warnings: [],
  statements: [],
  invoices: [],
  records: 0,
  imported: null,
  ...more,
});
const STATEMENT_RESULT = result({
  statements: [
    {
      account: "DE02120300000000202051",
      currency: "EUR",
      opening: "118930.55",
      closing: "121004.15",
      entries: 19,
      booked: 19,
      transactions: 21,
      sumCredit: "2190.60",
      sumDebit: "117.00",
      reconciles: true,
    },
  ],
});
const TARGETS = [
  "customer_number",
  "name",
  "street",
  "postcode",
  "city",
  "email",
  "invoice_number",
  "due_date",
  "amount",
  "currency",
];
const COLUMNS = [
  ["Kd-Nr", ["1004213", "1005584", "1006955"], "customer_number", "guessed"],
  ["Kunde", ["Marlene Quast", "Tischlerei Overbeck"], "name", "guessed"],
  ["RgNr", ["118204", "118205"], "invoice_number", "guessed"],
  ["Fällig", ["14.10.2026", "15.10.2026"], "due_date", "guessed"],
  ["offen", ["248,60", "1.204,50"], null, "none"],
  ["Mail", ["m.quast@post.example"], "email", "remembered"],
  ["Notiz", ["", "ruft an"], null, "none"],
] as const;

/** `mapping` as the console sent it: what a person changed comes back as `person`. */
export function mappingFor(choice: { columns: { column: number; target: string | null }[] } | null): CsvMapping {
  const columns = COLUMNS.map(([header, samples, target, source], column) => {
    const chosen = choice?.columns.find((one) => one.column === column);
    const final = chosen === undefined ? target : chosen.target;
    return { column, header, samples, target: final, source: final === target ? source : ("person" as const) };
  });
  const has = (name: string) => columns.some((column) => column.target === name);
  return {
    delimiter: ";",
    encoding: "windows-1252",
    decimal: ",",
    dateFormat: "DD.MM.YYYY",
    columns,
    targets: TARGETS.map((name) => ({
      name,
      required: ["customer_number", "name", "invoice_number", "due_date", "amount"].includes(name),
    })),
    missing: ["customer_number", "name", "invoice_number", "due_date", "amount"].filter((name) => !has(name)),
    rows: [0, 1].map((row) =>
      Object.fromEntries(
        columns.flatMap((column) => (column.target === null ? [] : [[column.target, column.samples[row] ?? ""]])),
      ),
    ),
  };
}

/** A list in which a tenth of the open items is missing; as a delta it says nothing about them. */
const snapshotFor = (kind: "snapshot" | "delta"): NonNullable<ImportPreview["snapshot"]> => ({
  kind,
  added: 31,
  changed: 8,
  unchanged: 3_702,
  vanished: kind === "delta" ? 0 : 412,
  vanishedAmounts: kind === "delta" ? [] : [eur("61204.18")],
  share: kind === "delta" ? 0 : 0.0995,
  limit: 0.05,
  mustConfirm: kind === "snapshot",
});

export function previewFor(
  file: string,
  choice: Parameters<typeof mappingFor>[0],
  list: "snapshot" | "delta" = "snapshot",
): ImportPreview {
  if (file.startsWith("volle-liste")) {
    return {
      result: result({ file, format: "csv", records: 3_741 }),
      mapping: null,
      needsCreditor: false,
      snapshot: snapshotFor(list),
    };
  }
  if (file.endsWith(".csv")) {
    return {
      result: result({ file, format: "csv", records: 214, warnings: ["Zeile 88: kein Ort angegeben"] }),
      mapping: mappingFor(choice),
      needsCreditor: true,
    };
  }
  if (file.endsWith(".txt")) {
    const error = {
      code: "not_recognised",
      message: "Das ist keines der Formate, die Kulanz liest.",
      where: `${file}:1`,
    };
    return {
      result: result({ file, format: "unbekannt", status: "refused", error }),
      mapping: null,
      needsCreditor: false,
    };
  }
  return { result: { ...STATEMENT_RESULT, file }, mapping: null, needsCreditor: false };
}

export const job = (id: string, file: string, more: Partial<ImportJob> = {}): ImportJob => ({
  id,
  file,
  format: file.endsWith(".csv") ? "csv" : "camt.053.001.08",
  state: "done",
  progress: { done: 21, total: 21 },
  at: "2026-11-23T06:10:00Z",
  by: "Imke Dörrie",
  result: { ...STATEMENT_RESULT, file, imported: { new: 19, known: 0 } },
  matched: { automatic: 15, proposed: 3, unmatched: 1 },
  ...more,
});
export const JOBS: readonly ImportJob[] = [
  job("j1", "auszug-230.xml"),
  job("j2", "offene-posten-november.csv", { matched: null }),
  job("j3", "auszug-229.xml", { result: { ...STATEMENT_RESULT, imported: { new: 0, known: 84 } }, matched: null }),
  job("j4", "kaputt.xml", {
    state: "failed",
    matched: null,
    result: result({
      file: "kaputt.xml",
      status: "refused",
      error: {
        code: "xml_truncated",
        message: "Die Datei bricht mitten in einem Umsatz ab.",
        where: "kaputt.xml:1204",
      },
    }),
  }),
];
