/**
 * How long the dated tables hold: for `kulanz doctor`, the console and the operator's calendar. Changing a table is a
 * change of data under `data/`, with its source and the day of the review; nothing is computed here.
 */
import { addMonths, daysBetween, type PlainDate } from "../../kernel/index.ts";
import { BASE_RATE_SOURCES, BASE_RATES } from "./data/base-rates.ts";
import { GKG_SCHEDULES, RVG_SCHEDULES } from "./data/fees.ts";
import { GARNISHMENT_PERIODS } from "./data/garnishment-periods.ts";
import { IN_FORCE } from "./data/in-force.ts";
import { VAT_RATES } from "./data/vat-rates.ts";

/** A figure that somebody published differently; both are shown, and why ours is used. */
export interface Difference {
  /** First day or entry of the table. */
  readonly entry: string;
  readonly ours: string;
  readonly published: string;
  readonly where: string;
  readonly because: string;
}

export interface LegalTable {
  readonly name: "base_rate" | "holidays" | "rvg" | "gkg" | "garnishment" | "vat" | "in_force";
  readonly law: string;
  readonly knownFrom: PlainDate;
  /** Last day the table covers; null: in force until changed, looked at again within a year of `reviewedOn`. */
  readonly knownUntil: PlainDate | null;
  readonly source: string;
  /** Day on which it was last compared with its source. */
  readonly reviewedOn: PlainDate;
  /** Entries (by their first day) that were read from secondary sources only. */
  readonly unconfirmed: readonly PlainDate[];
  readonly differences: readonly Difference[];
}

const day = (text: string): PlainDate => text as PlainDate;
const first = (entries: readonly { readonly validFrom: string }[]): PlainDate => day(entries[0]?.validFrom ?? "");
const last = (entries: readonly { readonly validTo: string }[]): PlainDate => day(entries.at(-1)?.validTo ?? "");
const doubtful = (entries: readonly { readonly validFrom: string; readonly confirmed: boolean }[]): PlainDate[] =>
  entries.filter(({ confirmed }) => !confirmed).map(({ validFrom }) => day(validFrom));

/** The review of all tables; a table changed later carries a day of its own. */
const REVIEWED_ON = day("2026-11-22");

const TABLES: readonly LegalTable[] = [
  {
    name: "base_rate",
    law: "§ 247 BGB",
    knownFrom: first(BASE_RATES),
    knownUntil: last(BASE_RATES),
    source: Object.values(BASE_RATE_SOURCES).join("; "),
    reviewedOn: REVIEWED_ON,
    unconfirmed: doubtful(BASE_RATES),
    differences: [
      {
        entry: "2026-07-01",
        ours: "1.52",
        published: "1.27",
        where: "one public test fixture of 2026",
        because: "several sources of July to September 2026 that cite the Bundesbank agree on 1.52",
      },
    ],
  },
  {
    name: "holidays",
    law: "§ 193 BGB",
    knownFrom: day("2020-01-01"),
    knownUntil: day("2035-12-31"),
    source: "holiday acts of the states, by formula; compared with date-holidays 3.37.0",
    reviewedOn: REVIEWED_ON,
    unconfirmed: [],
    differences: [
      {
        entry: "08-15 BY",
        ours: "no holiday",
        published: "holiday",
        where: "Art. 1 I Nr. 2 FTG Bayern",
        because: "in mostly Catholic municipalities only; the state alone is known of a customer",
      },
    ],
  },
  {
    name: "rvg",
    law: "§ 13 RVG",
    knownFrom: first(RVG_SCHEDULES),
    knownUntil: null,
    source: RVG_SCHEDULES.at(-1)?.source ?? "",
    reviewedOn: REVIEWED_ON,
    unconfirmed: [],
    differences: [
      {
        entry: "2025-06-01, § 13 II",
        ours: "31.50",
        published: "30.50",
        where: "rvrecht.deutsche-rentenversicherung.de",
        because: "the statute's text and a worked example of IWW VE 04/2025 say 31.50",
      },
    ],
  },
  {
    name: "gkg",
    law: "§ 34, KV 1100 GKG",
    knownFrom: first(GKG_SCHEDULES),
    knownUntil: null,
    source: GKG_SCHEDULES.at(-1)?.source ?? "",
    reviewedOn: REVIEWED_ON,
    unconfirmed: [day("2025-06-01")], // the least fee of KV 1100
    differences: [],
  },
  {
    name: "garnishment",
    law: "§ 850c ZPO",
    knownFrom: first(GARNISHMENT_PERIODS),
    knownUntil: last(GARNISHMENT_PERIODS),
    source: GARNISHMENT_PERIODS.at(-1)?.publication ?? "",
    reviewedOn: REVIEWED_ON,
    unconfirmed: [],
    differences: [],
  },
  {
    name: "vat",
    law: "§ 12 I UStG",
    knownFrom: first(VAT_RATES),
    knownUntil: null,
    source: VAT_RATES.map(({ source }) => source).join("; "),
    reviewedOn: REVIEWED_ON,
    unconfirmed: [],
    differences: [],
  },
  {
    name: "in_force",
    law: "BFSG, BDSG, BGB, Regulation (EU) 2024/1689, Directive (EU) 2023/2225",
    knownFrom: first(IN_FORCE),
    knownUntil: null,
    source: IN_FORCE.map(({ source }) => source).join("; "),
    reviewedOn: REVIEWED_ON,
    unconfirmed: [...new Set(doubtful(IN_FORCE))],
    differences: [],
  },
];

/** All dated tables of German law that Kulanz computes with. */
export const legalTables = (): readonly LegalTable[] => TABLES;

/** Warn this long before a table runs out: a new base rate is published some days before it holds. */
export const TABLE_WARNING_DAYS = 45;
/** A table without an end is compared with its source at least once a year. */
const REVIEW_MONTHS = 12;

export interface TableState {
  readonly table: LegalTable;
  readonly state: "known" | "expires_soon" | "expired";
  /** Last day the table may be used without a look at it. */
  readonly until: PlainDate;
  /** Days left, the last one counted; less than nothing: days since. */
  readonly days: number;
  /** `data`: what comes after is not published or not entered. `review`: it may still be right, nobody has looked. */
  readonly basis: "data" | "review";
}

/** State of every table on a day, soonest end first. No errors. */
export function tableStates(on: PlainDate, warningDays = TABLE_WARNING_DAYS): TableState[] {
  return TABLES.map((table): TableState => {
    const until = table.knownUntil ?? addMonths(table.reviewedOn, REVIEW_MONTHS);
    const days = daysBetween(on, until);
    const state = days < 0 ? "expired" : days < warningDays ? "expires_soon" : "known";
    return { table, state, until, days, basis: table.knownUntil === null ? "review" : "data" };
  }).sort((a, b) => a.days - b.days);
}
