/**
 * Objects of a PDF file, ISO 32000-1 clauses 7.5 and 7.3.8: cross-reference tables and streams with their predecessors,
 * object streams. A file whose table is damaged is read by looking for its objects, as viewers do. Nothing is rendered.
 */
import { FailureError } from "../../../kernel/index.ts";
import { type PdfFilter, unfiltered } from "./filters.ts";
import { brokenPdf, isSpace, PdfBudget, type PdfDictionary, PdfReader, type PdfValue } from "./values.ts";

type Place = { readonly offset: number } | { readonly container: number; readonly index: number };

/** Unpacked bytes over all streams looked at. */
const UNPACKED_MAX = 96 * 1_048_576;
const OBJECTS_MAX = 500_000;
/** Broken parts that are read past. */
const FAILURES_MAX = 200;
/** Where the end of a file is looked for; some programs write a few bytes behind it. */
const TAIL_BYTES = 2_048;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
const isDictionary = (value: PdfValue | undefined): value is PdfDictionary =>
  typeof value === "object" && value !== null && value.kind === "dictionary";
const wordIs = (value: PdfValue, text: string): boolean =>
  typeof value === "object" && value !== null && value.kind === "word" && value.text === text;

export interface PdfObject {
  readonly value: PdfValue;
  /** Packed bytes of a stream. */
  readonly stream: Buffer | null;
}

export class PdfDocument {
  readonly trailer = new Map<string, PdfValue>();
  private readonly bytes: Buffer;
  private readonly budget: PdfBudget;
  private readonly places = new Map<number, Place>();
  private readonly containers = new Map<number, readonly PdfValue[]>();
  private unpacked = 0;
  private repaired = false;
  private failures = 0;

  /** Throws `FailureError` with a `PdfFailure`. */
  constructor(file: Buffer) {
    const start = file.subarray(0, 1_024).indexOf("%PDF-");
    if (start < 0) throw brokenPdf("The file is no PDF.");
    this.bytes = file.subarray(start);
    // Objects of a file that was cut off could be read, but what was behind them is not known: such files are refused.
    const tail = this.bytes.toString("latin1", Math.max(0, this.bytes.length - TAIL_BYTES));
    if (!/startxref[\s\0]+\d+[\s\0]+%%EOF/.test(tail)) throw brokenPdf("The PDF is cut off: its end is missing.");
    this.budget = new PdfBudget(16 * file.length + 4 * 1_048_576);
    try {
      this.readTables();
    } catch (error) {
      if (!(error instanceof FailureError) || error.failure.code !== "pdf_broken") throw error;
      this.repair();
    }
    if (this.trailer.has("Encrypt"))
      throw new FailureError({
        kind: "invalid",
        code: "pdf_encrypted",
        message: "The PDF is protected (encrypted); what is attached to it can't be read.",
      });
    if (!this.repaired && !isDictionary(this.resolve(this.trailer.get("Root")))) this.repair();
    if (!isDictionary(this.resolve(this.trailer.get("Root")))) throw brokenPdf("The PDF has no catalogue.");
  }

  private readTables(): void {
    const tail = this.bytes.subarray(Math.max(0, this.bytes.length - TAIL_BYTES));
    const mark = tail.lastIndexOf("startxref");
    const offset = mark < 0 ? Number.NaN : parseInt(tail.toString("latin1", mark + 9, mark + 40), 10);
    const seen = new Set<number>();
    const open = [offset];
    while (open.length > 0) {
      const at = open.shift() ?? 0;
      if (!(at >= 0 && at < this.bytes.length)) throw brokenPdf("The PDF's table of objects is missing.");
      if (seen.has(at)) continue;
      seen.add(at);
      const reader = new PdfReader(this.bytes, this.budget, at);
      const first = reader.value();
      const trailer = wordIs(first, "xref") ? this.table(reader) : this.tableStream(at);
      for (const [key, value] of trailer.entries) if (!this.trailer.has(key)) this.trailer.set(key, value);
      for (const key of ["XRefStm", "Prev"]) {
        const before = trailer.entries.get(key);
        if (typeof before === "number") open.push(before);
      }
    }
  }

  private put(object: number, place: Place): void {
    if (this.places.has(object)) return;
    if (this.places.size >= OBJECTS_MAX) throw brokenPdf("The PDF has too many objects.");
    this.places.set(object, place);
  }

  private table(reader: PdfReader): PdfDictionary {
    for (;;) {
      const start = reader.value();
      if (wordIs(start, "trailer")) break;
      const count = reader.value();
      if (typeof start !== "number" || typeof count !== "number") throw brokenPdf("The PDF's table is damaged.");
      for (let index = 0; index < count; index += 1) {
        const offset = reader.value();
        reader.value();
        const state = reader.value();
        if (typeof offset !== "number") throw brokenPdf("The PDF's table is damaged.");
        if (wordIs(state, "n")) this.put(start + index, { offset });
        else if (!wordIs(state, "f")) throw brokenPdf("The PDF's table is damaged.");
      }
    }
    const trailer = reader.value();
    if (!isDictionary(trailer)) throw brokenPdf("The PDF has no trailer.");
    return trailer;
  }

  private tableStream(at: number): PdfDictionary {
    const object = this.objectAt(at, null);
    const { value, stream } = object;
    const numbers = (key: string): number[] | null => {
      const list = isDictionary(value) ? value.entries.get(key) : null;
      if (typeof list !== "object" || list === null || list.kind !== "array") return null;
      return list.items.map((item) => (typeof item === "number" ? item : 0));
    };
    const widths = numbers("W");
    if (!isDictionary(value) || stream === null || widths === null || widths.length < 3)
      throw brokenPdf("The PDF's table of objects is damaged.");
    const [kindWidth = 0, secondWidth = 0, thirdWidth = 0] = widths;
    if (widths.some((width) => width < 0 || width > 6)) throw brokenPdf("The PDF's table of objects is damaged.");
    const size = value.entries.get("Size");
    const ranges = numbers("Index") ?? [0, typeof size === "number" ? size : 0];
    const data = this.content(object);
    const row = kindWidth + secondWidth + thirdWidth;
    let position = 0;
    for (let range = 0; range + 1 < ranges.length; range += 2)
      for (let index = 0; index < (ranges[range + 1] ?? 0) && position + row <= data.length; index += 1) {
        const field = (width: number, from: number): number =>
          width === 0 ? 0 : data.readUIntBE(position + from, width);
        const kind = kindWidth === 0 ? 1 : field(kindWidth, 0);
        const second = field(secondWidth, kindWidth);
        if (kind === 1) this.put((ranges[range] ?? 0) + index, { offset: second });
        if (kind === 2)
          this.put((ranges[range] ?? 0) + index, {
            container: second,
            index: field(thirdWidth, kindWidth + secondWidth),
          });
        position += row;
        if (row === 0) throw brokenPdf("The PDF's table of objects is damaged.");
      }
    return value;
  }

  /** Every `n g obj` of the file, later ones over earlier ones; streams are stepped over. */
  private repair(): void {
    this.repaired = true;
    this.places.clear();
    this.containers.clear();
    this.trailer.clear();
    const found = new Map<number, Place>();
    const { bytes } = this;
    let seen = 0;
    for (let at = bytes.indexOf("obj"); at >= 0; at = bytes.indexOf("obj", at + 3)) {
      seen += 1;
      if (seen > 2 * OBJECTS_MAX) throw brokenPdf("The PDF has too many objects.");
      // Most of what looks like an object isn't: a digit and a space in front are cheap to ask for.
      let last = at - 1;
      while (last > at - 5 && isSpace(bytes[last])) last -= 1;
      if (last === at - 1 || !isDigit(bytes[last])) continue;
      const before = /(\d{1,9})[\s\0]+\d{1,5}[\s\0]+$/.exec(bytes.toString("latin1", Math.max(0, at - 24), at));
      if (!before) continue;
      const number = Number(before[1]);
      const offset = at - before[0].length;
      if (found.size >= OBJECTS_MAX) throw brokenPdf("The PDF has too many objects.");
      found.set(number, { offset });
      const object = this.attempt(() => this.objectAt(offset, number));
      if (!object) continue;
      if (isDictionary(object.value)) this.repairedEntries(object, number, found);
      if (object.stream) at = object.stream.byteOffset - bytes.byteOffset + object.stream.length;
    }
    for (const [number, place] of found) this.places.set(number, place);
    for (let at = bytes.indexOf("trailer"); at >= 0; at = bytes.indexOf("trailer", at + 7)) {
      const trailer = this.attempt(() => new PdfReader(bytes, this.budget, at + 7).value());
      if (isDictionary(trailer ?? null))
        for (const [key, value] of (trailer as PdfDictionary).entries) this.trailer.set(key, value);
    }
  }

  private repairedEntries(object: PdfObject, number: number, found: Map<number, Place>): void {
    const { entries } = object.value as PdfDictionary;
    const type = entries.get("Type");
    const name = typeof type === "object" && type !== null && type.kind === "name" ? type.text : "";
    if (name === "Catalog") this.trailer.set("Root", { kind: "reference", object: number });
    if (name === "XRef")
      for (const key of ["Root", "Encrypt"]) if (entries.has(key)) this.trailer.set(key, entries.get(key) ?? null);
    if (name !== "ObjStm") return;
    for (const [index, contained] of (this.attempt(() => this.containedNumbers(object)) ?? []).entries())
      found.set(contained, { container: number, index });
  } // prettier-ignore

  /** Null where a part is broken; limits still end the reading. */
  private attempt<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof FailureError) || error.failure.code !== "pdf_broken") throw error;
      this.failures += 1;
      if (this.failures > FAILURES_MAX) throw error;
      return null;
    }
  }

  private objectAt(offset: number, expected: number | null): PdfObject {
    const reader = new PdfReader(this.bytes, this.budget, offset);
    const number = reader.value();
    const generation = reader.value();
    if (typeof number !== "number" || typeof generation !== "number" || !wordIs(reader.value(), "obj"))
      throw brokenPdf("An object of the PDF is not where its table says.");
    if (expected !== null && number !== expected) throw brokenPdf("An object of the PDF is not where its table says.");
    const value = reader.value();
    if (!isDictionary(value)) return { value, stream: null };
    reader.skipSpace();
    if (this.bytes.toString("latin1", reader.at, reader.at + 6) !== "stream") return { value, stream: null };
    let start = reader.at + 6;
    if (this.bytes[start] === 13) start += 1;
    if (this.bytes[start] === 10) start += 1;
    return { value, stream: this.bytes.subarray(start, this.streamEnd(start, value)) };
  }

  private streamEnd(start: number, dictionary: PdfDictionary): number {
    const stated = dictionary.entries.get("Length");
    const length =
      typeof stated === "number" ? stated : this.repaired ? null : this.attempt(() => this.resolve(stated));
    if (typeof length === "number" && length >= 0 && start + length <= this.bytes.length) {
      const after = this.bytes.toString("latin1", start + length, start + length + 24);
      if (/^[\s\0]*endstream/.test(after)) return start + length;
    }
    const end = this.bytes.indexOf("endstream", start);
    this.budget.spend((end < 0 ? this.bytes.length : end) - start);
    if (end < 0) throw brokenPdf("The PDF ends inside a stream.");
    if (this.bytes[end - 1] === 10) return this.bytes[end - 2] === 13 ? end - 2 : end - 1;
    return this.bytes[end - 1] === 13 ? end - 1 : end;
  }

  /** The object a reference names; null where there is none. */
  object(number: number): PdfObject | null {
    const place = this.places.get(number);
    if (!place) return null;
    if ("offset" in place) {
      const found = this.attempt(() => this.objectAt(place.offset, number));
      if (found || this.repaired) return found;
      this.repair();
      return this.object(number);
    }
    const value = this.contained(place.container)[place.index];
    return value === undefined ? null : { value, stream: null };
  }

  private contained(container: number): readonly PdfValue[] {
    const known = this.containers.get(container);
    if (known) return known;
    this.containers.set(container, []);
    const place = this.places.get(container);
    const object = place && "offset" in place ? this.attempt(() => this.objectAt(place.offset, container)) : null;
    const values = object ? (this.attempt(() => this.containedValues(object)) ?? []) : [];
    this.containers.set(container, values);
    return values;
  }

  private containedPlaces(object: PdfObject): { readonly data: Buffer; readonly pairs: readonly [number, number][] } {
    const entries = isDictionary(object.value) ? object.value.entries : new Map<string, PdfValue>();
    const [count, first] = [entries.get("N"), entries.get("First")];
    if (typeof count !== "number" || typeof first !== "number" || count > OBJECTS_MAX)
      throw brokenPdf("A container of the PDF is damaged.");
    const data = this.content(object);
    const reader = new PdfReader(data, this.budget);
    const pairs: [number, number][] = [];
    for (let index = 0; index < count; index += 1) {
      const [number, offset] = [reader.value(), reader.value()];
      if (typeof number !== "number" || typeof offset !== "number")
        throw brokenPdf("A container of the PDF is damaged.");
      pairs.push([number, first + offset]);
    }
    return { data, pairs };
  }

  private containedNumbers(object: PdfObject): number[] {
    return this.containedPlaces(object).pairs.map(([number]) => number);
  }

  private containedValues(object: PdfObject): PdfValue[] {
    const { data, pairs } = this.containedPlaces(object);
    return pairs.map(([, offset]) => this.attempt(() => new PdfReader(data, this.budget, offset).value()) ?? null);
  }

  /** Follows references to a value. */
  resolve(value: PdfValue | undefined): PdfValue {
    let found: PdfValue = value ?? null;
    for (let steps = 0; typeof found === "object" && found !== null && found.kind === "reference"; steps += 1) {
      if (steps > 20) throw brokenPdf("References of the PDF go in a circle.");
      found = this.object(found.object)?.value ?? null;
    }
    return found;
  }

  dictionary(value: PdfValue | undefined): ReadonlyMap<string, PdfValue> | null {
    const found = this.resolve(value);
    return isDictionary(found) ? found.entries : null;
  }

  array(value: PdfValue | undefined): readonly PdfValue[] {
    const found = this.resolve(value);
    return typeof found === "object" && found !== null && found.kind === "array" ? found.items : [];
  }

  /** Unpacked content of a stream. */
  content({ value, stream }: PdfObject): Buffer {
    if (!isDictionary(value) || stream === null) throw brokenPdf("A part of the PDF is missing.");
    const many = (key: string, short: string): readonly PdfValue[] => {
      const found = this.resolve(value.entries.get(key) ?? value.entries.get(short));
      if (found === null) return [];
      return typeof found === "object" && found.kind === "array" ? found.items : [found];
    };
    const parameters = many("DecodeParms", "DP");
    const filters = many("Filter", "F").map((item, index): PdfFilter => {
      const name = this.resolve(item);
      const set = this.dictionary(parameters[index]);
      const number = (key: string, usual: number): number => {
        const found = this.resolve(set?.get(key));
        return typeof found === "number" ? found : usual;
      };
      return {
        name: typeof name === "object" && name !== null && name.kind === "name" ? name.text : "",
        predictor: number("Predictor", 1),
        columns: number("Columns", 1),
        size: Math.max(1, Math.ceil((number("Colors", 1) * number("BitsPerComponent", 8)) / 8)),
      };
    });
    const data = unfiltered(stream, filters, UNPACKED_MAX - this.unpacked);
    this.unpacked += data.length;
    return data;
  }
}
