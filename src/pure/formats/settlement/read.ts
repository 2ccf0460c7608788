/**
 * Settlement files of payment providers and marketplaces: one credit on the bank account is many orders less fees less
 * refunds. Which file means what is told by mappings (`mapping.ts`); nothing here knows a provider.
 */
import {
  type Decimal,
  type Failure,
  fail,
  formatDecimal,
  ok,
  type PlainDate,
  placesOf,
  type Currency,
  type Result,
} from "../../kernel/index.ts";
import { addDecimals, equalDecimals, negateDecimal, type ReadWarning, ZERO } from "../bank/statement.ts";
import { type CsvFailure, type CsvRecord, type CsvTable, readCsv } from "../table/csv.ts";
import {
  type DateStyle,
  dateStyleOf,
  localDate,
  localDecimal,
  type NumberStyle,
  numberStyleOf,
} from "../text/notation.ts";
import type { SettlementLineKind, SettlementMapping } from "./mapping.ts";
import { BUILT_IN } from "./providers.ts";

export interface SettlementLine {
  readonly line: number;
  readonly kind: SettlementLineKind;
  readonly orderNumber: string | null;
  readonly invoiceNumber: string | null;
  /** What the customer paid; negative what he got back. Zero for a bare fee. */
  readonly gross: Decimal;
  /** Negative: what the provider kept. */
  readonly fee: Decimal;
  /** `gross + fee`: what reaches us. */
  readonly net: Decimal;
  /** The provider's number of the transaction, and of the one it takes back. */
  readonly reference: string | null;
  readonly original: string | null;
  readonly date: PlainDate | null;
}

export interface SettlementPayout {
  /** As it stands in the bank's text, where the provider writes it there. */
  readonly reference: string | null;
  readonly date: PlainDate | null;
  readonly currency: string | null;
  /** What is credited to the bank account; negative when the provider collects. */
  readonly amount: Decimal;
  readonly lines: readonly SettlementLine[];
  /** The lines add up to the amount, to the cent. Null: the file states no amount apart from its lines. */
  readonly reconciles: boolean | null;
}

export interface Settlement {
  /** Id of the mapping (`stripe`). */
  readonly provider: string;
  readonly providerName: string;
  /** Null when payouts are in several. */
  readonly currency: string | null;
  readonly payouts: readonly SettlementPayout[];
  /** Lines that no payout of this file has paid yet. */
  readonly open: readonly SettlementLine[];
  readonly records: number;
  readonly warnings: readonly ReadWarning[];
}

export type SettlementFailure = Failure<"settlement_unknown" | "settlement_without_lines">;

const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

function placeOf(header: ReadonlyMap<string, number>, names: readonly string[]): number {
  for (const one of names) {
    const place = header.get(bare(one));
    if (place !== undefined) return place;
  }
  return -1;
}

const headerOf = (columns: readonly string[]): ReadonlyMap<string, number> =>
  new Map(columns.map((one, index) => [bare(one), index] as const).toReversed());

/** The mapping whose columns a table has; the creditor's own before those that ship. */
export function settlementMappingOf(
  columns: readonly string[],
  own: readonly SettlementMapping[] = [],
): SettlementMapping | null {
  const header = headerOf(columns);
  const fits = ({ signature }: SettlementMapping): boolean => signature.every((names) => placeOf(header, names) >= 0);
  return own.find(fits) ?? BUILT_IN.find(fits) ?? null;
}

type Places = readonly number[];
interface Layout {
  readonly mapping: SettlementMapping;
  readonly numbers: NumberStyle;
  readonly dates: DateStyle;
  readonly header: ReadonlyMap<string, number>;
}

/** First of the places that holds something. */
function first(record: CsvRecord, places: Places): string {
  for (const place of places) {
    const text = record.cells[place]?.trim();
    if (text) return text;
  }
  return "";
}

class SettlementReader {
  readonly warnings: ReadWarning[] = [];
  private readonly layout: Layout;
  private readonly known = new Map<readonly string[], Places>();

  constructor(layout: Layout) {
    this.layout = layout;
  }

  private warn(code: string, message: string, line: number): void {
    this.warnings.push({ code, message, where: `${line}:1` });
  }

  /** All places a column's names have, in their order. */
  places(names: readonly string[] | undefined): Places {
    if (!names) return [];
    const known = this.known.get(names);
    if (known) return known;
    const found = names.map((one) => placeOf(this.layout.header, [one])).filter((place) => place >= 0);
    this.known.set(names, found);
    return found;
  }
  text(record: CsvRecord, names: readonly string[] | undefined): string | null {
    return first(record, this.places(names)) || null;
  }
  date(record: CsvRecord, names: readonly string[] | undefined): PlainDate | null {
    const text = this.text(record, names);
    if (text === null) return null;
    // Reports write times and zones behind the day in many ways.
    const day = localDate(text.split(/[T ]/)[0] ?? "", this.layout.dates);
    if (day.ok) return day.value;
    this.warn("settlement_date_invalid", "A date of the settlement can't be read; it was left out.", record.line);
    return null;
  }
  currency(record: CsvRecord): string | null {
    const code = this.text(record, this.layout.mapping.columns.currency)?.toUpperCase() ?? "";
    return /^[A-Z]{3}$/.test(code) ? code : null;
  }
  private number(record: CsvRecord, names: readonly string[]): Decimal | null {
    const text = first(record, this.places(names));
    if (text === "") return null;
    const read = localDecimal(text, this.layout.numbers);
    if (!read.ok) {
      this.warn(
        "settlement_amount_invalid",
        "An amount of the settlement is not a number; it was taken as none.",
        record.line,
      );
      return null;
    }
    if (!this.layout.mapping.amounts.minorUnits) return read.value;
    const places = placesOf((this.currency(record) ?? "EUR") as Currency);
    return { digits: read.value.digits, scale: read.value.scale + places };
  }
  amount(record: CsvRecord, source: SettlementMapping["amounts"]["gross"]): Decimal | null {
    if (!source) return null;
    if ("column" in source) return this.number(record, source.column);
    const [credit, debit] = [this.number(record, source.credit), this.number(record, source.debit)];
    if (credit === null && debit === null) return null;
    return addDecimals(credit ?? ZERO, negateDecimal(debit ?? ZERO));
  }
  payoutAmount(record: CsvRecord): Decimal | null {
    const { payouts } = this.layout.mapping;
    return payouts.by === "column" && payouts.amount ? this.number(record, payouts.amount) : null;
  }

  private rule(record: CsvRecord, net: Decimal): SettlementMapping["kinds"][number] | undefined {
    const { columns, kinds } = this.layout.mapping;
    const texts = columns.kind.map((names) => (this.text(record, names) ?? "").toLowerCase());
    return kinds.find(({ column, is, starts, sign }) => {
      const text = texts[column] ?? "";
      const named =
        is?.some((one) => text === one.toLowerCase()) === true ||
        starts?.some((one) => text.startsWith(one.toLowerCase())) === true;
      return named && (sign === undefined || (sign === "credit") === net.digits >= 0n);
    });
  }

  /** Null for a line without amounts (summaries, states that are not done). */
  line(record: CsvRecord): SettlementLine | null {
    const { columns, amounts } = this.layout.mapping;
    if (columns.state) {
      const state = this.text(record, columns.state.column);
      if (state !== null && !columns.state.done.some((one) => one.toLowerCase() === state.toLowerCase())) return null;
    }
    const stated = { gross: this.amount(record, amounts.gross), net: this.amount(record, amounts.net) };
    if (stated.gross === null && stated.net === null) return null;
    let fee = ZERO;
    for (const names of amounts.fees) fee = addDecimals(fee, this.number(record, names) ?? ZERO);
    if (amounts.feeSign === "cost") fee = negateDecimal(fee);
    const net = stated.net ?? addDecimals(stated.gross ?? ZERO, fee);
    const rule = this.rule(record, net);
    const kind = rule?.kind ?? "other";
    // Where the file has no column for fees, a line of fees is one as a whole.
    const whole = kind === "fee";
    const gross = whole ? ZERO : (stated.gross ?? addDecimals(net, negateDecimal(fee)));
    const kept = whole ? net : fee;
    if (!equalDecimals(addDecimals(gross, kept), net))
      this.warn(
        "settlement_line_differs",
        `Gross and fee of a line differ from its net amount by ${formatDecimal(addDecimals(net, negateDecimal(addDecimals(gross, kept))))}.`,
        record.line,
      );
    return {
      line: record.line,
      kind,
      orderNumber: rule?.withoutOrder ? null : this.text(record, columns.order),
      invoiceNumber: this.text(record, columns.invoice),
      gross,
      fee: kept,
      net,
      reference: this.text(record, columns.reference),
      original: this.text(record, columns.original),
      date: this.date(record, columns.date),
    };
  }
}

/** Parts of one order and kind as one line; fees go with their order's payment or refund. */
function joined(lines: readonly SettlementLine[]): SettlementLine[] {
  const groups = new Map<string, SettlementLine>();
  const kindOfOrder = new Map<string, SettlementLineKind>();
  for (const { kind, orderNumber } of lines)
    if (orderNumber !== null && kind !== "fee" && !kindOfOrder.has(orderNumber)) kindOfOrder.set(orderNumber, kind);
  for (const one of lines) {
    const kind =
      one.orderNumber === null ? one.kind : one.kind === "fee" ? (kindOfOrder.get(one.orderNumber) ?? "fee") : one.kind; // prettier-ignore
    const key = one.orderNumber === null ? `line ${one.line}` : JSON.stringify([one.orderNumber, kind]);
    const before = groups.get(key);
    groups.set(
      key,
      before
        ? {
            ...before,
            gross: addDecimals(before.gross, one.gross),
            fee: addDecimals(before.fee, one.fee),
            net: addDecimals(before.net, one.net),
          }
        : { ...one, kind },
    );
  }
  return [...groups.values()];
}

interface OpenPayout {
  readonly reference: string | null;
  readonly currency: string | null;
  date: PlainDate | null;
  amount: Decimal | null;
  lines: SettlementLine[];
}

const sumOf = (lines: readonly SettlementLine[]): Decimal =>
  lines.reduce((sum, { net }) => addDecimals(sum, net), ZERO);

function closed(payout: OpenPayout, join: boolean, warnings: ReadWarning[]): SettlementPayout {
  const sum = sumOf(payout.lines);
  const amount = payout.amount ?? sum;
  const reconciles = payout.amount === null ? null : equalDecimals(amount, sum);
  if (reconciles === false)
    warnings.push({
      code: "settlement_does_not_add_up",
      message: `The lines of a payout differ from its amount by ${formatDecimal(addDecimals(amount, negateDecimal(sum)))}.`,
      where: `${payout.lines[0]?.line ?? 1}:1`,
    });
  const { reference, date, currency } = payout;
  return { reference, date, currency, amount, lines: join ? joined(payout.lines) : payout.lines, reconciles };
}

function byColumn(
  table: CsvTable,
  reader: SettlementReader,
  mapping: SettlementMapping,
): [OpenPayout[], SettlementLine[]] {
  const { payouts } = mapping;
  const found = new Map<string, OpenPayout>();
  const currencies = new Map<string, string>();
  const open: SettlementLine[] = [];
  for (const record of table.records) {
    const reference = payouts.by === "column" ? reader.text(record, payouts.reference) : null;
    const line = reader.line(record);
    const total = reader.payoutAmount(record);
    if (reference === null) {
      if (line) open.push(line);
      continue;
    }
    // Only the first line of a payout may name the currency.
    const currency = reader.currency(record) ?? currencies.get(reference) ?? null;
    if (currency !== null) currencies.set(reference, currency);
    const key = JSON.stringify([reference, currency]);
    const payout = found.get(key) ?? { reference, currency, date: null, amount: null, lines: [] };
    found.set(key, payout);
    payout.date ??= payouts.by === "column" ? reader.date(record, payouts.date) : null;
    payout.amount ??= total;
    if (line?.kind === "payout") {
      payout.amount = addDecimals(payout.amount ?? ZERO, negateDecimal(line.net));
      payout.date ??= line.date;
    } else if (line) payout.lines.push(line);
  }
  return [[...found.values()], open];
} // prettier-ignore

function byLine(table: CsvTable, reader: SettlementReader): [OpenPayout[], SettlementLine[]] {
  const rows = table.records
    .map((record) => ({ line: reader.line(record), currency: reader.currency(record) }))
    .filter((row): row is { line: SettlementLine; currency: string | null } => row.line !== null);
  const [head, tail] = [rows[0]?.line.date, rows.at(-1)?.line.date];
  // Newest first is as common as oldest first.
  if (head && tail && head > tail) rows.reverse();
  const waiting = new Map<string | null, SettlementLine[]>();
  const found: OpenPayout[] = [];
  for (const { line, currency } of rows) {
    const lines = waiting.get(currency) ?? [];
    if (line.kind === "payout") {
      found.push({ reference: line.reference, currency, date: line.date, amount: negateDecimal(line.net), lines });
      waiting.set(currency, []);
    } else {
      lines.push(line);
      waiting.set(currency, lines);
    }
  }
  return [found, [...waiting.values()].flat()];
}

/**
 * Reads a settlement file of any provider that a mapping describes. Files that don't add up are taken, with a warning and
 * `reconciles: false`. Errors: `CsvFailure`, `settlement_unknown`, `settlement_without_lines`.
 */
export function readSettlement(
  bytes: Uint8Array,
  own: readonly SettlementMapping[] = [],
): Result<Settlement, SettlementFailure | CsvFailure> {
  const table = readCsv(bytes);
  if (!table.ok) return table;
  const mapping = settlementMappingOf(table.value.header, own);
  if (!mapping)
    return fail("invalid", "settlement_unknown", "The table's columns are those of no known provider.", "1:1");
  const header = headerOf(table.value.header);
  const amountColumns = [
    ...mapping.amounts.fees,
    ...[mapping.amounts.gross, mapping.amounts.net].flatMap((one) =>
      one === undefined ? [] : "column" in one ? [one.column] : [one.credit, one.debit],
    ),
  ].map((names) => placeOf(header, names));
  const valuesOf = function* (places: Places): Generator<string> {
    for (const { cells } of table.value.records) for (const place of places) yield cells[place]?.trim() ?? "";
  };
  const dates = [...valuesOf([placeOf(header, mapping.columns.date)])].map((text) => text.split(/[T ]/)[0] ?? "");
  const reader = new SettlementReader({
    mapping,
    numbers: numberStyleOf(valuesOf(amountColumns)),
    dates: dateStyleOf(dates),
    header,
  });
  const [found, open] =
    mapping.payouts.by === "line" ? byLine(table.value, reader) : byColumn(table.value, reader, mapping);
  const payouts = found.map((payout) => closed(payout, mapping.joinByOrder, reader.warnings));
  if (payouts.every(({ lines }) => lines.length === 0) && open.length === 0)
    return fail("invalid", "settlement_without_lines", "The settlement holds no lines with amounts.", "2:1");
  const currencies = new Set(payouts.map(({ currency }) => currency));
  return ok({
    provider: mapping.id,
    providerName: mapping.provider,
    currency: currencies.size === 1 ? ([...currencies][0] ?? null) : null,
    payouts,
    open,
    records: table.value.records.length,
    warnings: reader.warnings,
  });
}
