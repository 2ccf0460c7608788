/** Lists: filter, sort, page, sums, and the same list as a file (CSV, XLSX). */
import { z } from "@hono/zod-openapi";
import { permitted } from "../../platform/access/index.ts";
import { writeCsv } from "../../pure/formats/index.ts";
import { type Currency, fail, formatMinor, moneyFromText, ok, type Result } from "../../pure/kernel/index.ts";
import type { Call } from "./model.ts";
import { knownCreditor } from "./names.ts";
import { type Api, fileRoute, type Gatekeeper, route } from "./route.ts";
import { listOf, listQuery, type Language, type Money } from "./schema/basics.ts";
import { columnName } from "./said/columns.ts";
import { type Cell, writeWorkbook } from "./xlsx.ts";

export interface Answered<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly sums?: readonly Money[];
}

export interface ListParameters {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly creditor?: string | undefined;
}

export interface Sorting {
  readonly field: string;
  readonly descending: boolean;
}

export const sortingOf = (sort: string | undefined): Sorting | undefined =>
  sort === undefined ? undefined : { field: sort.replace(/^-/, ""), descending: sort.startsWith("-") };

/** Rows of one answer; of an export all, up to so many. */
const ROWS = 100;
export const EXPORT_ROWS = 100_000;
export const limitOf = (query: ListParameters): number => query.limit ?? ROWS;

const isMoney = (value: unknown): value is Money =>
  typeof value === "object" && value !== null && "amount" in value && "currency" in value;

/** What a cell is sorted and searched by. */
function plain(value: unknown): string | number | bigint | boolean | null {
  if (isMoney(value)) {
    const read = moneyFromText(value.amount, value.currency as Currency);
    return read.ok ? read.value.minor : 0n;
  }
  if (typeof value === "object" && value !== null) {
    if ("name" in value) return String(value.name);
    if ("text" in value) return String(value.text);
    return null;
  }
  return value === undefined ? null : (value as string | number | boolean | null);
}

function compare(a: unknown, b: unknown): number {
  const [x, y] = [plain(a), plain(b)];
  if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
  if (typeof x === "string" && typeof y === "string") return x.localeCompare(y, "de", { numeric: true });
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Words of a row, for `q` of small lists. */
function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(" ");
  if (typeof value === "object" && value !== null) return Object.values(value).map(wordsOf).join(" ");
  return typeof value === "string" ? value : "";
}

/** A list that fits into memory: searched, sorted, cut. Failure `sort_unknown`. */
export function arranged<Row extends object>(
  all: readonly Row[],
  query: ListParameters,
  options: { readonly search?: boolean; readonly sum?: keyof Row } = {},
): Result<Answered<Row>> {
  const wanted = query.q?.trim().toLowerCase() ?? "";
  let rows =
    wanted === "" || options.search === false
      ? [...all]
      : all.filter((row) => wordsOf(row).toLowerCase().includes(wanted));
  const sorting = sortingOf(query.sort);
  if (sorting) {
    const known = rows.length === 0 || rows.some((row) => sorting.field in row);
    if (!known) return unsortable(sorting.field);
    const pick = (row: Row): unknown => (row as Readonly<Record<string, unknown>>)[sorting.field];
    const sign = sorting.descending ? -1 : 1;
    rows = rows.sort((a, b) => {
      const [x, y] = [pick(a), pick(b)];
      // What is not known stands last in both directions.
      if (plain(x) === null || plain(y) === null) return compare(x, y);
      return sign * compare(x, y);
    });
  }
  const total = rows.length;
  const sums =
    options.sum === undefined ? undefined : sumsOf(rows.map((row) => row[options.sum as keyof Row] as Money));
  const offset = query.offset ?? 0;
  return ok({ rows: rows.slice(offset, offset + limitOf(query)), total, ...(sums && { sums }) });
}

export const unsortable = (field: string): ReturnType<typeof fail> =>
  fail("invalid", "sort_unknown", "The list can't be sorted by this.", `sort: ${field}`);

export function sumsOf(values: readonly (Money | null)[]): Money[] {
  const sums = new Map<string, bigint>();
  for (const value of values)
    if (value) {
      const read = moneyFromText(value.amount, value.currency as Currency);
      if (read.ok) sums.set(value.currency, (sums.get(value.currency) ?? 0n) + read.value.minor);
    }
  return [...sums].map(([currency, minor]) => ({ amount: formatMinor(minor, currency as Currency), currency }));
}

const format = z.enum(["csv", "xlsx"]);
const TYPES = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;

interface ListDefinition<P extends z.ZodType, F extends z.ZodRawShape, Row extends z.ZodObject> {
  readonly path: string;
  readonly permission: Gatekeeper;
  readonly summary: string;
  readonly params?: P;
  readonly filters: F;
  readonly row: Row;
  /** Columns of the file, in order; none: the list is not exported. */
  readonly columns?: readonly (keyof z.infer<Row> & string)[];
  /** A shape of its own, where the list says more than rows. */
  readonly answer?: z.ZodType;
}

/** A list and, with columns, its export under `/export`. */
export function listRoute<P extends z.ZodType, F extends z.ZodRawShape, Row extends z.ZodObject>(
  api: Api,
  definition: ListDefinition<P, F, Row>,
  read: (
    call: Call<z.infer<P>, ListParameters & z.infer<z.ZodObject<F>>, undefined>,
  ) => Promise<Result<Answered<z.infer<Row>>>>,
): void {
  const { path, permission, summary, params, filters, row, columns, answer = listOf(row) } = definition;
  const readList: typeof read = async (call) => {
    // A creditor of another tenant is no filter that finds nothing: it is unknown.
    const { creditor } = call.query;
    const known = creditor === undefined ? ok(undefined) : await call.act((act) => knownCreditor(act, creditor));
    return known.ok ? read(call) : known;
  };
  if (columns)
    fileRoute(
      api,
      {
        path: `${path}/export`,
        permission,
        summary: `${summary}, as a file`,
        ...(params && { params }),
        query: z.strictObject({ ...listQuery, ...filters, format }),
        gives: Object.values(TYPES),
      },
      async (call) => {
        const {
          format: wanted,
          limit: _limit,
          offset: _offset,
          ...query
        } = call.query as ListParameters & {
          format: "csv" | "xlsx";
        };
        const found = await readList({ ...call, query: { ...query, limit: EXPORT_ROWS } } as never);
        return found.ok ? ok(asFile(path, columns, found.value.rows as never, wanted, call.language)) : found;
      },
      permitted("list.export"),
    );
  route(
    api,
    {
      method: "get",
      path,
      permission,
      summary,
      ...(params && { params }),
      query: z.strictObject({ ...listQuery, ...filters }),
      answer,
    },
    readList as never,
  );
}

/** Cells: money as a decimal number beside its currency, everything else as people read it. */
function asFile(
  path: string,
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  wanted: "csv" | "xlsx",
  language: Language,
): Response {
  const moneys = new Set(columns.filter((column) => rows.some((row) => isMoney(row[column]))));
  const header = columns.flatMap((column) =>
    moneys.has(column)
      ? [columnName(column, language), columnName("currency", language)]
      : [columnName(column, language)],
  );
  const cells = function* (): Generator<Cell[]> {
    for (const row of rows)
      yield columns.flatMap((column): Cell[] => {
        const value = row[column];
        if (!moneys.has(column)) return [cellOf(value, language)];
        if (!isMoney(value)) return [null, null];
        return [wanted === "xlsx" ? Number(value.amount) : decimal(value.amount, language), value.currency];
      });
  };
  const name = path.split("/").filter((part) => part !== "" && !part.startsWith("{")).join("-"); // biome-ignore format: one step
  const body = wanted === "csv" ? writeCsv([header, ...cells()]) : new Uint8Array(writeWorkbook(name, header, cells()));
  return new Response(body, {
    headers: { "content-type": TYPES[wanted], "content-disposition": `attachment; filename="${name}.${wanted}"` },
  });
}

const decimal = (amount: string, language: Language): string => (language === "de" ? amount.replace(".", ",") : amount);

function cellOf(value: unknown, language: Language): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return language === "de" ? (value ? "ja" : "nein") : value ? "yes" : "no";
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.map((one) => cellOf(one, language) ?? "").join(", ");
  if (typeof value === "object") {
    if ("name" in value && "number" in value) return `${String(value.name)} (${String(value.number)})`;
    const read = plain(value);
    if (typeof read === "string") return read;
    const counts = Object.entries(value);
    const numbers = counts.every(([, count]) => typeof count === "number");
    return numbers ? counts.map(([key, count]) => `${key} ${String(count)}`).join(", ") : JSON.stringify(value);
  }
  return String(value);
}
