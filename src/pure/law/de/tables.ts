/** From when until when the dated tables are known: for `kulanz doctor` and the operator's calendar. */
import type { PlainDate } from "../../kernel/index.ts";
import { BASE_RATES } from "./data/base-rates.ts";
import { GKG_SCHEDULES, RVG_SCHEDULES } from "./data/fees.ts";
import { GARNISHMENT_PERIODS } from "./data/garnishment-periods.ts";

export interface LegalTable {
  readonly name: "base_rate" | "holidays" | "rvg" | "gkg" | "garnishment";
  readonly law: string;
  readonly knownFrom: PlainDate;
  /** Last day the table covers; null: in force until changed. */
  readonly knownUntil: PlainDate | null;
  /** Entries (by their first day) that were read from secondary sources only. */
  readonly unconfirmed: readonly PlainDate[];
}

const first = (entries: readonly { readonly validFrom: string }[]): PlainDate =>
  (entries[0]?.validFrom ?? "") as PlainDate;
const last = (entries: readonly { readonly validTo: string }[]): PlainDate =>
  (entries.at(-1)?.validTo ?? "") as PlainDate;

/** All dated tables of German law that Kulanz computes with. */
export const legalTables = (): readonly LegalTable[] => [
  {
    name: "base_rate",
    law: "§ 247 BGB",
    knownFrom: first(BASE_RATES),
    knownUntil: last(BASE_RATES),
    unconfirmed: BASE_RATES.filter(({ confirmed }) => !confirmed).map(({ validFrom }) => validFrom as PlainDate),
  },
  {
    name: "holidays",
    law: "§ 193 BGB",
    knownFrom: "2020-01-01" as PlainDate,
    knownUntil: "2035-12-31" as PlainDate,
    unconfirmed: [],
  },
  { name: "rvg", law: "§ 13 RVG", knownFrom: first(RVG_SCHEDULES), knownUntil: null, unconfirmed: [] },
  {
    name: "gkg",
    law: "§ 34, KV 1100 GKG",
    knownFrom: first(GKG_SCHEDULES),
    knownUntil: null,
    unconfirmed: ["2025-06-01" as PlainDate], // the least fee of KV 1100
  },
  {
    name: "garnishment",
    law: "§ 850c ZPO",
    knownFrom: first(GARNISHMENT_PERIODS),
    knownUntil: last(GARNISHMENT_PERIODS),
    unconfirmed: [],
  },
];
