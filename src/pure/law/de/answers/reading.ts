/**
 * Reads one JSON object of `kulanz law …` field by field. A reader stops at the first field that breaks a rule by
 * throwing a `FailureError`; `answering` turns it into `{"error":{…}}`, so nothing is thrown to a caller.
 */
import {
  type Currency, currency, EUR, expectOk, type Failure, FailureError, moneyFromText, type PlainDate, plainDate,
} from "../../../kernel/index.ts"; // biome-ignore format: one line
import { lawCountry } from "../../country.ts";
import type { State } from "../data/holiday-rules.ts";
import { germanState } from "../holidays.ts";

export interface AnswerError {
  readonly error: { readonly code: string; readonly message: string; readonly where?: string };
}

export function answerError({ code, message, where }: Failure): AnswerError {
  return { error: where === undefined ? { code, message } : { code, message, where } };
}

export function refuse(code: string, message: string, where: string): never {
  throw new FailureError({ kind: "invalid", code, message, where });
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The Civil Code came into force in 1900; periods of 30 years and more must still end within the calendar. */
const FIRST_DAY = "1900-01-01";
const LAST_DAY = "2899-12-31";

/** Fields of a JSON object; `at` is the place shown in errors. */
export class Reader {
  readonly #fields: Fields;
  readonly #at: string;
  constructor(value: unknown, at = "") {
    if (!isFields(value)) refuse("object_expected", "An object is expected here.", at === "" ? "element" : at);
    this.#fields = value;
    this.#at = at;
  }

  #where(name: string): string {
    return this.#at === "" ? name : `${this.#at}.${name}`;
  }
  raw(name: string): unknown {
    return this.#fields[name];
  }
  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }
  refuse(name: string, code: string, message: string): never {
    return refuse(code, message, this.#where(name));
  }
  #required(name: string): never {
    return this.refuse(name, "field_missing", `The field "${name}" is missing.`);
  }
  /** Refuses an element without this field; for lists, which else count as empty. */
  required(name: string): this {
    return this.has(name) ? this : this.#required(name);
  }
  text(name: string): string {
    const value = this.#fields[name];
    if (value === undefined || value === null) this.#required(name);
    return typeof value === "string" ? value : this.refuse(name, "text_expected", `"${name}" must be text.`);
  }
  textOr<Or>(name: string, or: Or): string | Or {
    return this.has(name) ? this.text(name) : or;
  }
  flag(name: string, or: boolean): boolean {
    if (!this.has(name)) return or;
    const value = this.#fields[name];
    return typeof value === "boolean" ? value : this.refuse(name, "flag_expected", `"${name}" must be true or false.`);
  }
  /** A whole number from 0 on. */
  count(name: string): number {
    const value = this.#fields[name];
    if (value === undefined || value === null) this.#required(name);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
      this.refuse(name, "count_invalid", `"${name}" must be a whole number from 0 on.`);
    return value;
  }
  number(name: string, or: number): number {
    if (!this.has(name)) return or;
    const value = this.#fields[name];
    return typeof value === "number" && Number.isFinite(value)
      ? value
      : this.refuse(name, "number_expected", `"${name}" must be a number.`);
  }
  date(name: string): PlainDate {
    const read = plainDate(this.text(name));
    if (!read.ok) throw new FailureError({ ...read.error, where: this.#where(name) });
    if (read.value < FIRST_DAY || read.value > LAST_DAY)
      this.refuse(name, "date_out_of_range", `"${name}" must lie between ${FIRST_DAY} and ${LAST_DAY}.`);
    return read.value;
  }
  dateOr<Or>(name: string, or: Or): PlainDate | Or {
    return this.has(name) ? this.date(name) : or;
  }
  /** Minor units, from a decimal string; never negative. */
  amount(name: string, code: Currency = EUR): bigint {
    const minor = this.#money(this.text(name), code, this.#where(name));
    if (minor < 0n) this.refuse(name, "amount_negative", `"${name}" can't be negative.`);
    return minor;
  }
  amountOr(name: string, or: bigint, code: Currency = EUR): bigint {
    return this.has(name) ? this.amount(name, code) : or;
  }
  #money(text: string, code: Currency, where: string): bigint {
    const read = moneyFromText(text, code);
    if (!read.ok) throw new FailureError({ ...read.error, where });
    return read.value.minor;
  }
  currency(): Currency {
    const read = currency(this.textOr("currency", "EUR"));
    if (!read.ok) throw new FailureError({ ...read.error, where: this.#where("currency") });
    return read.value;
  }
  state(): State | null {
    if (!this.has("state")) return null;
    const read = germanState(this.text("state"));
    if (!read.ok) throw new FailureError({ ...read.error, where: this.#where("state") });
    return read.value;
  }
  list(name: string): readonly unknown[] {
    const value = this.#fields[name];
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : this.refuse(name, "list_expected", `"${name}" must be a list.`);
  }
  objects(name: string): Reader[] {
    return this.list(name).map((value, index) => new Reader(value, `${this.#where(name)}[${index}]`));
  }
  /** `[date, amount]` pairs, or objects with these fields. */
  payments(name: string, code: Currency): { on: PlainDate; amount: bigint }[] {
    return this.list(name).map((value, index) => {
      const fields = Array.isArray(value) ? { date: value[0] as unknown, amount: value[1] as unknown } : value;
      const reader = new Reader(fields, `${this.#where(name)}[${index}]`);
      return { on: reader.date("date"), amount: reader.amount("amount", code) };
    });
  }
}

/** Any creditor's or customer's country named in the input must be one whose law is built in. */
function checkCountry(reader: Reader): void {
  const both = reader.textOr("country", "DE");
  const customer = reader.textOr("customerCountry", reader.textOr("debtorCountry", both));
  expectOk(lawCountry(reader.textOr("creditorCountry", both), customer));
}

/**
 * Runs an answer on one element: its `input` where it has one, else its own fields.
 * An expected failure becomes `{"error":{code,message,where}}`.
 */
export function answering<Answer>(
  element: unknown,
  answer: (input: Reader, outer: Reader) => Answer,
): Answer | AnswerError {
  try {
    const outer = new Reader(element);
    const input = outer.has("input") ? new Reader(outer.raw("input"), "input") : outer;
    checkCountry(outer);
    if (input !== outer) checkCountry(input);
    return answer(input, outer);
  } catch (error) {
    if (error instanceof FailureError) return answerError(error.failure);
    throw error;
  }
}
