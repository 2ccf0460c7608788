/**
 * Statutory public holidays of the German states. Nationwide: Art. 2 Einigungsvertrag (3 October) and the
 * holiday acts of the 16 states. Checked against date-holidays 3.37.0 for 2020 to 2035 (`test/law/holidays.test.ts`).
 * Not here: holidays of single municipalities (Bavaria: 15 August where mostly Catholic, Augsburg 8 August;
 * Saxony and Thuringia: Corpus Christi in some places). 24 and 31 December are no statutory holidays.
 */
export const STATES = [
  "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
] as const; // biome-ignore format: one line
export type State = (typeof STATES)[number];

export interface HolidayRule {
  readonly name: string;
  /** A fixed day (`MM-DD`), days from Easter Sunday, or the Wednesday before 23 November. */
  readonly on: { readonly day: string } | { readonly easter: number } | { readonly repentance: true };
  readonly states: "all" | readonly State[];
  /** First year in which it is a holiday there. */
  readonly since?: number;
}

export const HOLIDAY_RULES: readonly HolidayRule[] = [
  { name: "Neujahr", on: { day: "01-01" }, states: "all" },
  { name: "Karfreitag", on: { easter: -2 }, states: "all" },
  { name: "Ostermontag", on: { easter: 1 }, states: "all" },
  { name: "Tag der Arbeit", on: { day: "05-01" }, states: "all" },
  { name: "Christi Himmelfahrt", on: { easter: 39 }, states: "all" },
  { name: "Pfingstmontag", on: { easter: 50 }, states: "all" },
  { name: "Tag der Deutschen Einheit", on: { day: "10-03" }, states: "all" },
  { name: "1. Weihnachtstag", on: { day: "12-25" }, states: "all" },
  { name: "2. Weihnachtstag", on: { day: "12-26" }, states: "all" },
  { name: "Heilige Drei Könige", on: { day: "01-06" }, states: ["BW", "BY", "ST"] },
  { name: "Internationaler Frauentag", on: { day: "03-08" }, states: ["BE"], since: 2019 },
  { name: "Internationaler Frauentag", on: { day: "03-08" }, states: ["MV"], since: 2023 },
  { name: "Ostersonntag", on: { easter: 0 }, states: ["BB"] },
  { name: "Pfingstsonntag", on: { easter: 49 }, states: ["BB"] },
  { name: "Fronleichnam", on: { easter: 60 }, states: ["BW", "BY", "HE", "NW", "RP", "SL"] },
  { name: "Mariä Himmelfahrt", on: { day: "08-15" }, states: ["SL"] },
  { name: "Weltkindertag", on: { day: "09-20" }, states: ["TH"], since: 2019 },
  { name: "Reformationstag", on: { day: "10-31" }, states: ["BB", "MV", "SN", "ST", "TH"] },
  { name: "Reformationstag", on: { day: "10-31" }, states: ["HB", "HH", "NI", "SH"], since: 2018 },
  { name: "Allerheiligen", on: { day: "11-01" }, states: ["BW", "BY", "NW", "RP", "SL"] },
  { name: "Buß- und Bettag", on: { repentance: true }, states: ["SN"] },
];

/** Holidays of a single year. */
export const ONE_OFF_HOLIDAYS: readonly {
  readonly name: string;
  readonly date: string;
  readonly states: "all" | readonly State[];
}[] = [
  { name: "500 Jahre Reformation", date: "2017-10-31", states: "all" },
  { name: "75. Jahrestag der Befreiung", date: "2020-05-08", states: ["BE"] },
  { name: "80. Jahrestag der Befreiung", date: "2025-05-08", states: ["BE"] },
  { name: "75. Jahrestag des Aufstandes vom 17. Juni 1953", date: "2028-06-17", states: ["BE"] },
];
