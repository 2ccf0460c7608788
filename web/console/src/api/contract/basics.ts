/** Words every route shares: money, days, lists, names of people, and how a text travels. */

/** Booked money: decimal string with the currency's places (`"-12.30"`), ISO 4217 code. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}
/** `YYYY-MM-DD`. */
export type Day = string;
/** ISO 8601, UTC, e.g. `2026-11-24T07:12:00Z`. */
export type Instant = string;
export type Id = string;
export type Language = "de" | "en";
export type Role = "admin" | "manager" | "agent" | "auditor";
export type Channel = "email" | "letter" | "sms" | "phone" | "portal";
export type Tone = "friendly" | "factual" | "firm";

/**
 * A sentence of the product. `text` is the finished sentence in the language of the request (`accept-language`), with
 * amounts and days written for people; the console shows it. `code` is stable snake_case (icons, filters, integrators);
 * `values` are the raw ones (money as `"12.30 EUR"`, days as `YYYY-MM-DD`).
 */
export interface Said {
  readonly code: string;
  readonly text: string;
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * Answer of every list. `total` counts all rows of the filter. Every list takes `limit` (default 100, at most 500),
 * `offset`, `sort` (`field` or `-field`) and its own filters; an unknown parameter is 422. The same path with
 * `/export?format=csv|xlsx` and the same filters answers the whole list as a file
 * (`content-disposition: attachment`, cells that start with = + - @ are made harmless).
 */
export interface List<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Sum of the money column over the whole filter, one element a currency; lists without money leave it out. */
  readonly sums?: readonly Money[];
}
export interface ListQuery {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly creditor?: string | undefined;
}

/** `application/problem+json` (RFC 9457) of every refusal. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** File and place, or field. */
  readonly where?: string;
  /** One element a field of the request that needs the person. */
  readonly fields?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
}

export interface CustomerRef {
  readonly id: Id;
  readonly number: string;
  readonly name: string;
}
export interface CreditorRef {
  readonly id: Id;
  readonly name: string;
}

/** Work that goes on: 0 ≤ done ≤ total; total null while it isn't known. */
export interface Progress {
  readonly done: number;
  readonly total: number | null;
}
