/**
 * Many rows in one statement: columns travel as binary arrays and become rows again by `unnest`.
 *
 *     await tx.execute(sql`insert into posting (tenant_id, receivable_id, amount_minor)
 *       select ${tx.tenantId}::uuid, p.receivable_id, p.amount_minor
 *       from ${rowsOf("p", { receivable_id: ["uuid", ids], amount_minor: ["int8", amounts] })}`);
 *
 * It works under row security, which COPY does not. Measured with 100,000 rows (bigint, uuid, date, text, jsonb) in
 * statements of 10,000 on the embedded PostgreSQL, two busy cores, encoding included: 0.5 to 0.7 s; as JavaScript arrays
 * that the driver turns into text 0.7 to 0.9 s; by COPY into a temporary table and `insert … select` 0.4 to 0.6 s. So
 * one statement without a temporary table costs next to nothing.
 */
import { expectOk, plainDate, toEpochDay } from "../../pure/kernel/index.ts";
import { identifier, join, type Sql, sql } from "./sql.ts";
import type { Transaction } from "./transaction.ts";

type Value = string | number | bigint | boolean | Date | Uint8Array | object | null | undefined;
export type ColumnType =
  | "uuid"
  | "int8"
  | "int4"
  | "int2"
  | "bool"
  | "text"
  | "bytea"
  | "date"
  | "timestamptz"
  | "float8"
  | "jsonb"
  | "numeric";
type Encoded = Exclude<ColumnType, "numeric">;
export type Columns = Readonly<Record<string, readonly [type: ColumnType, values: readonly Value[]]>>;

/**
 * `unnest(…) as alias(column, …)` over equally long columns; `null` and `undefined` are NULL. A jsonb value is any
 * value that JSON has. Up to some 20,000 rows a statement keep the memory small.
 */
export function rowsOf(alias: string, columns: Columns): Sql {
  const entries = Object.entries(columns);
  const length = entries[0]?.[1][1].length ?? 0;
  const arrays = entries.map(([name, [type, values]]) => {
    if (values.length !== length)
      throw new Error(`column ${name} has ${values.length} values, the first has ${length}`);
    // numeric has no simple binary form: its text is read by the server.
    return type === "numeric" ? sql`${arrayOf("text", values)}::numeric[]` : arrayOf(type, values);
  });
  const names = entries.map(([name]) => identifier(name));
  return sql`unnest(${join(arrays, ", ")}) as ${identifier(alias)}(${join(names, ", ")})`;
}

/** One column as a parameter: `where customer_id = any(${arrayOf("uuid", ids)})`. */
export function arrayOf(type: Encoded, values: readonly Value[]): Sql {
  return sql`${encodeArray(type, values)}::${arrayTypes[type]}`;
}

/**
 * Takes the statistics of tables that have grown fourfold since they were taken last, so that the planner knows what a long
 * load has written: call it after each few thousand rows, in the transaction that writes them (its own rows count, those of
 * another that has not committed don't). Costs half a millisecond when nothing is due. Returns the number of tables.
 */
export async function keepStatistics(tx: Transaction): Promise<number> {
  const row = await tx.one<{ tables: number }>(sql`select keep_statistics() as tables`);
  return row?.tables ?? 0;
}

const arrayTypes: Readonly<Record<Encoded, Sql>> = {
  uuid: sql`uuid[]`,
  int8: sql`int8[]`,
  int4: sql`int4[]`,
  int2: sql`int2[]`,
  bool: sql`bool[]`,
  text: sql`text[]`,
  bytea: sql`bytea[]`,
  date: sql`date[]`,
  timestamptz: sql`timestamptz[]`,
  float8: sql`float8[]`,
  jsonb: sql`jsonb[]`,
};

/** PostgreSQL's object ids of the element types (pg_type.dat). */
const elementIds: Readonly<Record<Encoded, number>> = {
  uuid: 2950,
  int8: 20,
  int4: 23,
  int2: 21,
  bool: 16,
  text: 25,
  bytea: 17,
  date: 1082,
  timestamptz: 1184,
  float8: 701,
  jsonb: 3802,
};

/** Bytes of a value where all have the same number. */
const fixed: Partial<Record<Encoded, number>> = {
  uuid: 16,
  int8: 8,
  int4: 4,
  int2: 2,
  bool: 1,
  date: 4,
  timestamptz: 8,
  float8: 8,
};

const DAYS_1970_TO_2000 = 10_957;
const MS_1970_TO_2000 = DAYS_1970_TO_2000 * 86_400_000;

/** `array_recv` of PostgreSQL: dimensions, flags, element type, length, lower bound, then length and bytes of each. */
function encodeArray(type: Encoded, values: readonly Value[]): Buffer {
  const size = fixed[type];
  // Texts are measured first and written straight into their place, so that none becomes a buffer of its own.
  const written = size === undefined ? values.map((value) => (value == null ? null : variable(type, value))) : values;
  let bytes = 0;
  for (const value of written) bytes += 4 + (value == null ? 0 : (size ?? Buffer.byteLength(value as Written)));
  const buffer = Buffer.allocUnsafe(20 + bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(elementIds[type], 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = 20;
  for (const value of written) {
    if (value == null) at = buffer.writeInt32BE(-1, at);
    else if (size === undefined) {
      const end = writeVariable(value as Written, buffer, at + 4);
      buffer.writeInt32BE(end - at - 4, at);
      at = end;
    } else at = writeFixed(type, value, buffer, buffer.writeInt32BE(size, at));
  }
  return buffer;
}

/** A value of no fixed length as it is written: text as UTF-8. */
type Written = string | Uint8Array;

function variable(type: Encoded, value: NonNullable<Value>): Written {
  if (type === "bytea" && value instanceof Uint8Array) return value;
  if (type === "jsonb") return `\u0001${JSON.stringify(value)}`;
  if (type === "text" && typeof value === "string") return value;
  throw new Error(`a value of column type ${type} is a ${typeof value}`);
}

/** Returns the place behind it. */
function writeVariable(value: Written, buffer: Buffer, at: number): number {
  if (typeof value === "string") return at + buffer.write(value, at);
  buffer.set(value, at);
  return at + value.length;
}

function writeFixed(type: Encoded, value: NonNullable<Value>, buffer: Buffer, at: number): number {
  switch (type) {
    case "uuid":
      return writeUuid(String(value), buffer, at);
    case "int8":
      return buffer.writeBigInt64BE(BigInt(value as bigint), at);
    case "int4":
      return buffer.writeInt32BE(integer(value), at);
    case "int2":
      return buffer.writeInt16BE(integer(value), at);
    case "bool":
      return buffer.writeUInt8(value ? 1 : 0, at);
    case "float8":
      return buffer.writeDoubleBE(value as number, at);
    case "date":
      return buffer.writeInt32BE(dayOf(String(value)), at);
    case "timestamptz":
      return buffer.writeBigInt64BE(BigInt((value as Date).getTime() - MS_1970_TO_2000) * 1000n, at);
    default:
      throw new Error(`${type} has no fixed length`);
  }
}

/** Digit by digit: no text of its own for the thousands of them. */
function writeUuid(text: string, buffer: Buffer, at: number): number {
  let [digits, byte] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === HYPHEN) continue;
    const value = hexValue[code];
    if (value === undefined || digits === 32) throw new Error("not a uuid");
    byte = byte * 16 + value;
    digits += 1;
    if (digits % 2 === 0) {
      buffer[at + digits / 2 - 1] = byte;
      byte = 0;
    }
  }
  if (digits !== 32) throw new Error("not a uuid");
  return at + 16;
}

const HYPHEN = "-".charCodeAt(0);
/** By character code. */
const hexValue: (number | undefined)[] = [];
for (let value = 0; value < 16; value += 1)
  for (const digit of [value.toString(16), value.toString(16).toUpperCase()]) hexValue[digit.charCodeAt(0)] = value;

/** The last one is kept: a column of dates has few. */
let lastDate = "";
let lastDay = 0;
function dayOf(date: string): number {
  if (date !== lastDate) {
    lastDay = toEpochDay(expectOk(plainDate(date))) - DAYS_1970_TO_2000;
    lastDate = date;
  }
  return lastDay;
}

function integer(value: NonNullable<Value>): number {
  if (!Number.isInteger(value)) throw new Error("not an integer");
  return value as number;
}
