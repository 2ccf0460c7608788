import type { DuplicatePair, DuplicateRow, PairField } from "../src/api/contract.ts";
import { eur, NOW, ref, said } from "./people.ts";

const CERTAINTY = ["sure", "sure", "likely", "possible", "sure"] as const;
const REASONS = [
  ["gleiche E-Mail-Adresse", "gleicher Name", "gleiches Konto"],
  ["gleiches Konto", "klingt gleich", "gleiche Anschrift"],
  ["gleiche Telefonnummer", "ähnlicher Name"],
  ["gleicher Nachname", "gleiche Anschrift"],
  ["gleiche E-Mail-Adresse", "gleiche Anschrift"],
] as const;
export const PAIRS: readonly DuplicateRow[] = CERTAINTY.map((certainty, at) => ({
  id: `pa${at}`,
  left: ref(at),
  right: ref(26 + at),
  score: [99, 98, 84, 61, 97][at] ?? 50,
  certainty,
  reasons: (REASONS[at] ?? []).map((text) => said(text)),
  open: [eur(["375.63", "412.55", "93.40", "50.00", "12.00"][at] ?? "0.00")],
  state: at === 4 ? ("merged" as const) : ("open" as const),
  foundAt: NOW,
  decidedBy: at === 4 ? "Imke Dörrie" : null,
  decidedAt: at === 4 ? NOW : null,
}));

const FIELDS: readonly PairField[] = [
  { label: said("Name", "name"), left: ["Marlene Quast"], right: ["Quast, Marlehne"], agreement: "similar" },
  {
    label: said("Anschrift", "address"),
    left: ["Weidenweg 4", "88131 Lindau am Wehr"],
    right: ["Weidenweg 14", "88131 Lindau am Wehr"],
    agreement: "similar",
  },
  {
    label: said("E-Mail", "email"),
    left: ["marlene.quast@post.example"],
    right: ["marlene.quast@post.example"],
    agreement: "same",
  },
  { label: said("Telefon", "phone"), left: ["0171 5550142"], right: [], agreement: "one_side" },
  { label: said("Konto", "account"), left: ["DE•• •••• 3000"], right: ["DE•• •••• 3000"], agreement: "same" },
  {
    label: said("Einwilligung E-Mail", "consent"),
    left: ["eingewilligt"],
    right: ["widerrufen"],
    agreement: "different",
  },
];
export function pairFor(row: DuplicateRow): DuplicatePair {
  const side = (at: 0 | 1) => ({
    customer: at === 0 ? row.left : row.right,
    kind: "consumer" as const,
    since: at === 0 ? "2021-04-02" : "2026-10-30",
    open: at === 0 ? row.open : [],
    items: at === 0 ? 3 : 1,
    messages: at === 0 ? 12 : 0,
    stage: at === 0 ? said("Zahlungserinnerung") : null,
    held: false,
  });
  return {
    ...row,
    sides: [side(0), side(1)],
    fields: FIELDS,
    why: [
      ...row.reasons.map((one) => ({ speaks: "for" as const, said: one })),
      { speaks: "against" as const, said: said("Hausnummer weicht ab") },
    ],
    survivor: row.left.id,
    effects: [
      said("Ein offener Posten über 40,00 € zieht mit zwei Umbuchungen um."),
      said("Der Widerruf für E-Mail gilt für beide: Die strengere Einwilligung zählt."),
      said("Mahnsperren und Ansprechpartner werden vereint."),
    ],
    mayDecide: true,
    mayUndo: row.state !== "open",
  };
}
