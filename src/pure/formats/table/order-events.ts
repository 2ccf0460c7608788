/**
 * Events of orders as a table: one row one thing that happened to an order. Known by its columns, an order number, an event
 * and a day, in German or English; values too. A bad row never spoils its neighbours.
 */
import {
  type Currency,
  currency as currencyOf,
  type Failure,
  fail,
  type Money,
  moneyFromDecimal,
  ok,
  type PlainDate,
  type Result,
} from "../../kernel/index.ts"; // prettier-ignore
import type { ReadWarning } from "../bank/statement.ts";
import { dateStyleOf, localDate, localDecimal, numberStyleOf } from "../text/notation.ts";
import { headerScore, normalised } from "./column-mapping.ts";
import type { CsvTable } from "./csv.ts";

export const ORDER_EVENT_FIELDS = [
  "order_number",
  "event",
  "date",
  "amount",
  "currency",
  "reference",
  "customer_number",
  "event_id",
  "brand",
] as const; // prettier-ignore
export type OrderEventField = (typeof ORDER_EVENT_FIELDS)[number];

const NAMES: Readonly<Record<OrderEventField, readonly string[]>> = {
  order_number: [
    "order number",
    "order no",
    "order id",
    "order",
    "bestellnummer",
    "bestellnr",
    "bestellung",
    "auftragsnummer",
    "auftragsnr",
    "auftrag",
  ],
  event: [
    "event",
    "event type",
    "ereignis",
    "status",
    "order status",
    "vorgang",
    "bestellstatus",
    "auftragsstatus",
    "what",
  ],
  date: ["date", "event date", "happened on", "datum", "ereignisdatum", "zeitpunkt", "timestamp", "am", "on"],
  amount: ["amount", "betrag", "wert", "value", "retourenwert", "warenwert", "return amount"],
  currency: ["currency", "wahrung", "waehrung", "wkz"],
  reference: [
    "reference",
    "referenz",
    "retourennummer",
    "sendungsnummer",
    "return number",
    "tracking number",
    "rma",
    "beleg",
  ],
  customer_number: ["customer number", "customer no", "customer id", "kundennummer", "kundennr", "kdnr"],
  event_id: ["event id", "ereignis id", "ereignisnummer", "id"],
  brand: ["brand", "marke", "shop", "mandant"],
}; // prettier-ignore

export type OrderEventWord =
  | "ordered"
  | "shipped"
  | "delivered"
  | "return_announced"
  | "returned"
  | "returned_in_part"
  | "refused"
  | "cancelled"
  | "withdrawn";

const WORDS: Readonly<Record<OrderEventWord, readonly string[]>> = {
  ordered: ["ordered", "bestellt", "bestellung", "order placed", "placed", "created", "beauftragt"],
  shipped: ["shipped", "versandt", "versendet", "verschickt", "dispatched", "sent", "unterwegs", "in transit"],
  delivered: ["delivered", "geliefert", "zugestellt", "ausgeliefert", "erhalten"],
  return_announced: [
    "return announced",
    "return requested",
    "retoure angemeldet",
    "retoure angekundigt",
    "rucksendung angekundigt",
    "rucksendung angemeldet",
  ],
  returned: [
    "returned",
    "return received",
    "retoure",
    "retourniert",
    "retoure eingegangen",
    "zuruckgesendet",
    "zuruckgekommen",
    "rucksendung eingegangen",
  ],
  returned_in_part: [
    "returned in part",
    "partially returned",
    "partial return",
    "teilretoure",
    "teilweise zuruckgesendet",
    "teilweise retourniert",
  ],
  refused: ["refused", "annahme verweigert", "verweigert", "delivery refused"],
  cancelled: ["cancelled", "canceled", "storniert", "storno"],
  withdrawn: ["withdrawn", "widerrufen", "widerruf", "withdrawal"],
}; // prettier-ignore
const WORD_OF = new Map(
  Object.entries(WORDS).flatMap(([word, names]) => names.map((name) => [name, word as OrderEventWord] as const)),
);

const wordOf = (cell: string): OrderEventWord | undefined => WORD_OF.get(normalised(cell.slice(0, 60)));

/** Which column is which field; null: the table holds no events of orders. */
export interface OrderEventColumns {
  readonly columns: ReadonlyMap<OrderEventField, number>;
  readonly report: readonly { readonly column: string; readonly field: string | null; readonly confidence: number }[];
}

const SURE = 0.6;
const SAMPLE = 200;

export function orderEventColumns(table: CsvTable): OrderEventColumns | null {
  const scored = table.header.flatMap((header, column) =>
    ORDER_EVENT_FIELDS.map((field) => ({
      column,
      field,
      score: header.trim().toLowerCase() === field ? 1 : headerScore(header, NAMES[field]),
    })),
  );
  scored.sort((a, b) => b.score - a.score || a.column - b.column);
  const columns = new Map<OrderEventField, number>();
  const taken = new Map<number, { field: OrderEventField; score: number }>();
  for (const { column, field, score } of scored) {
    if (score < SURE || columns.has(field) || taken.has(column)) continue;
    columns.set(field, column);
    taken.set(column, { field, score });
  }
  const event = columns.get("event");
  if (event === undefined || !columns.has("order_number") || !columns.has("date")) return null;
  // A list of open items may have an order number and a status too: the words of the column decide.
  const sample = table.records.slice(0, SAMPLE).filter(({ cells }) => (cells[event]?.trim() ?? "") !== "");
  const known = sample.filter(({ cells }) => wordOf(cells[event] ?? "") !== undefined).length;
  if (known * 2 < sample.length || known === 0) return null;
  if (
    table.header.some((header) => headerScore(header, ["due date", "falligkeit", "fallig am", "zahlbar bis"]) >= SURE)
  )
    return null;
  return {
    columns,
    report: table.header.map((header, column) => {
      const found = taken.get(column);
      return { column: header, field: found?.field ?? null, confidence: found?.score ?? 0 };
    }),
  };
}

export type OrderEventFailure = Failure<
  | "columns_differ"
  | "field_missing"
  | "event_unknown"
  | "amount_missing"
  | "amount_invalid"
  | "amount_ambiguous"
  | "amount_too_precise"
  | "amount_too_large"
  | "date_invalid"
  | "date_ambiguous"
  | "currency_unknown"
>; // prettier-ignore

export interface OrderEventRow {
  /** Line of the file where the row starts. */
  readonly line: number;
  readonly orderNumber: string;
  readonly event: Exclude<OrderEventWord, "returned_in_part">;
  readonly on: PlainDate;
  /** Where the cell holds a moment with its zone. */
  readonly at: Date | null;
  /** Above zero, whatever its sign in the file. */
  readonly amount: Money | null;
  readonly reference: string | null;
  readonly customerNumber: string | null;
  readonly eventId: string | null;
  readonly brand: string | null;
  readonly warnings: readonly ReadWarning[];
}

/** A reference is a code: prose could name a person, and is left out. */
const CODE = /^[\p{L}\p{N}][\p{L}\p{N}._/#:+-]{0,59}$/u;

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Rows in the order of the file. `usual`: currency of amounts that name none. */
export function* readOrderEvents(
  table: CsvTable,
  { columns }: OrderEventColumns,
  usual: Currency,
): Generator<Result<OrderEventRow, OrderEventFailure>> {
  const cellOf = (cells: readonly string[], field: OrderEventField): string => {
    const column = columns.get(field);
    return column === undefined ? "" : (cells[column]?.trim() ?? "");
  };
  const all = (field: OrderEventField): string[] =>
    table.records.map(({ cells }) => cellOf(cells, field).slice(0, 200)).filter((cell) => cell !== "");
  const numberStyle = numberStyleOf(all("amount"));
  const dateStyle = dateStyleOf(all("date").map((cell) => dayPart(cell)));
  for (const { line, cells } of table.records) {
    const where = String(line);
    const cell = (field: OrderEventField): string => cellOf(cells, field);
    if (cells.length > table.header.length) {
      yield fail("invalid", "columns_differ", "The row has more columns than the header.", where);
      continue;
    }
    const orderNumber = cell("order_number");
    if (orderNumber === "" || cell("event") === "" || cell("date") === "") {
      yield fail("invalid", "field_missing", "An event needs its order number, what happened, and the day.", where);
      continue;
    }
    const word = wordOf(cell("event"));
    if (word === undefined) {
      yield fail("invalid", "event_unknown", "What happened is none of the known events.", where);
      continue;
    }
    const on = localDate(dayPart(cell("date")), dateStyle);
    if (!on.ok) {
      yield { ok: false, error: { ...on.error, where } as OrderEventFailure };
      continue;
    }
    const amount = amountOf(cell("amount"), cell("currency"));
    if (!amount.ok) {
      yield { ok: false, error: { ...amount.error, where } as OrderEventFailure };
      continue;
    }
    if (word === "returned_in_part" && amount.value === null) {
      yield fail("invalid", "amount_missing", "A part that came back needs its amount.", where);
      continue;
    }
    const reference = cell("reference");
    const isCode = CODE.test(reference);
    yield ok({
      line,
      orderNumber,
      event: word === "returned_in_part" ? "returned" : word,
      on: on.value,
      at: MOMENT.test(cell("date")) ? new Date(cell("date")) : null,
      amount: amount.value,
      reference: isCode ? reference : null,
      customerNumber: cell("customer_number") || null,
      eventId: cell("event_id") || null,
      brand: cell("brand") || null,
      warnings:
        isCode || reference === ""
          ? []
          : [{ code: "reference_left_out", message: "The reference is no code; it was left out.", where }],
    });
  }

  function amountOf(text: string, code: string): Result<Money | null> {
    if (text === "") return ok(null);
    const read = localDecimal(text, numberStyle);
    if (!read.ok) return read;
    const named = code === "" ? ok(usual) : currencyOf(code.toUpperCase());
    if (!named.ok) return named;
    const money = moneyFromDecimal(read.value, named.value);
    if (!money.ok) return money;
    const { minor, currency } = money.value;
    return ok(minor === 0n ? null : { minor: minor < 0n ? -minor : minor, currency });
  }
}

/** `2026-05-04T10:00:00Z`, `04.05.2026 10:00` → the day as written. */
const dayPart = (cell: string): string => cell.split(/[T ]/)[0] ?? cell;
