/**
 * MT940 (customer statement) and MT942 (interim report): SWIFT category 9, https://www2.swift.com/knowledgecentre/ ,
 * with the usage of German, Dutch, Nordic and Swiss banks, as a stream of events. Envelopes (`{1:…}{4:`, `-}`), lines in
 * front, missing ends, several messages and statements a file, missing line ends between fields are understood.
 * Not read: available balances beyond their amount, sums of MT942 (`:90D:`, `:90C:`), notes behind the last balance.
 */
import type { Failure } from "../../../kernel/index.ts";
import { LineSplitter, type TextLine } from "../../text/lines.ts";
import { refuse, readPushed, StatementEvents } from "../push.ts";
import { type StatementEvent, statementUnbalanced } from "../statement.ts";
import { entryLine } from "./line.ts";
import { entryOf } from "./entry.ts";
import { MtStatement } from "./mt-statement.ts";
import { isTag, splitFields } from "./fields.ts";
import { dosUmlauts } from "./umlauts.ts";

export type MtFailure = Failure<
  "mt_no_statement" | "mt_cut_off" | "mt_entry_invalid" | "mt_field_too_long" | "line_too_long" | "mt_too_large"
>;

const LIMITS = { lineCharsMax: 1_048_576, fieldCharsMax: 65_536, fieldLinesMax: 2_000, bytesMax: 4 * 1024 ** 3 };

/** Envelopes frame messages with control characters. */
// oxlint-disable-next-line no-control-regex -- see above
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\ufeff]+/g;

interface Field {
  readonly tag: string;
  readonly line: number;
  readonly lines: string[];
  chars: number;
}

interface PendingEntry {
  readonly field: Field;
  readonly details: string[];
  readonly nonSwift: string[];
}

/** Push reader: `write` bytes, take the events that came of them, `end`. Never throws on input. */
export class MtReader {
  private readonly splitter = new LineSplitter(LIMITS.lineCharsMax);
  private readonly format: string;
  private readonly events = new StatementEvents();
  private field: Field | null = null;
  private entry: PendingEntry | null = null;
  private statement: MtStatement | null = null;
  private statements = 0;
  /** A message was closed (`-`); what comes next may still belong to it. */
  private ended = false;
  private colon = false;
  private bytes = 0;

  constructor(format: string) {
    this.format = format;
    this.events.push({ kind: "format", format });
  }

  write(chunk: Uint8Array): StatementEvent[] {
    return this.events.of(() => {
      this.bytes += chunk.length;
      if (this.bytes > LIMITS.bytesMax)
        refuse("too_large", "mt_too_large", `The file is larger than ${LIMITS.bytesMax} bytes.`, this.splitter.place); // prettier-ignore
      for (const line of this.splitter.write(chunk)) this.lines(line);
    });
  }

  end(): StatementEvent[] {
    return this.events.of(() => {
      for (const line of this.splitter.end()) this.lines(line);
      this.refuseCutOff();
      this.endStatement();
      if (this.splitter.mixedEncoding)
        this.events.warn({
          code: "encoding_mixed",
          message: "Some characters are not UTF-8; they were read as Windows-1252.",
        });
      if (this.statements === 0) refuse("invalid", "mt_no_statement", "The file has no statement in it.", "1:1");
      this.events.push({ kind: "end" });
    });
  }

  /**
   * A file that ends inside a message without its closing balance was cut off: its last entry may lack half of its
   * amount or text, and would be booked again when the whole file comes. Messages without reference are test snippets.
   */
  private refuseCutOff(): void {
    const { field, statement } = this;
    if (!field || this.format !== "MT940") return;
    const broken = /^6[02]/.test(field.tag) && /^(R?[CD]\d{0,6}[A-Z]{0,3})?$/.test((field.lines[0] ?? "").slice(0, 20));
    const open = statement?.isOpen === true && !/^6[245]/.test(field.tag);
    if (field.tag !== "20" && (broken || open))
      refuse("invalid", "mt_cut_off", "The file ends in the middle of a statement: it was cut off.", `${field.line}:1`); // prettier-ignore
  }

  /** Online banking (HBCI) of old ends lines with `@@`. */
  private lines({ text, line }: TextLine): void {
    if (!text.includes("@@:")) return this.line({ text, line });
    for (const piece of text.split("@@")) this.line({ text: piece, line });
  }

  private line({ text: written, line }: TextLine): void {
    const bare = written.replace(CONTROLS, "");
    let text = this.splitter.mixedEncoding ? dosUmlauts(bare) : bare;
    if (this.colon) text = `:${text}`;
    this.colon = false;
    if (text.trim() === "") return;
    if (text.trim() === ":") {
      this.colon = true;
      return;
    }
    const envelope = /^\{[1-5]:/.test(text) || /^-\s*(\}.*|\{.*)?$/.test(text) || text.startsWith("-\u00e5");
    if (envelope) {
      this.endField();
      this.ended = true;
      const block = text.indexOf("{4:");
      const rest = block < 0 ? "" : text.slice(block + 3);
      if (rest.trim() !== "") this.line({ text: rest, line });
      return;
    }
    for (const piece of splitFields(text, this.field)) {
      if (piece.tag === null) this.append(piece.text);
      else this.begin(piece.tag, piece.text, line);
    }
  }

  private append(text: string): void {
    const { field } = this;
    if (!field) return;
    field.lines.push(text);
    field.chars += text.length;
    if (field.chars > LIMITS.fieldCharsMax || field.lines.length > LIMITS.fieldLinesMax)
      refuse(
        "too_large",
        "mt_field_too_long",
        `The field :${field.tag}: is longer than ${LIMITS.fieldCharsMax} characters.`,
        `${field.line}:1`,
      ); // prettier-ignore
  }

  private begin(tag: string, text: string, line: number): void {
    this.endField();
    this.field = { tag, line, lines: [], chars: 0 };
    this.append(text);
  }

  /** The statement a field belongs to. */
  private current(tag: string): MtStatement {
    const { statement } = this;
    const begins =
      !statement || tag === "20" || (this.ended && /^(21|25P?|28C?|60[FM])$/.test(tag)) || statement.isOver(tag);
    if (!begins) {
      this.ended = false;
      return statement;
    }
    this.endStatement();
    this.ended = false;
    this.statement = new MtStatement(tag === "20" ? null : statement);
    return this.statement;
  }

  private endField(): void {
    const { field } = this;
    this.field = null;
    if (!field) return;
    const { tag, lines } = field;
    // A statement line is open until something else than its details comes.
    if (tag === "86" || (tag === "25" && this.entry && /^\d{3}\?\d\d/.test(lines[0] ?? ""))) {
      if (this.entry) this.entry.details.push(...lines);
      else this.current(tag).note(tag);
      return;
    }
    if (tag === "NS" && this.entry) {
      this.entry.nonSwift.push(...lines);
      return;
    }
    this.endEntry();
    if (tag === "61") {
      this.current(tag).note(tag);
      this.entry = { field, details: [], nonSwift: [] };
      return;
    }
    const statement = this.current(tag);
    if (!isTag(tag)) return statement.note(tag);
    const problem = statement.take(tag, lines);
    if (problem) this.events.warn({ ...problem, where: `${field.line}:1` });
  }

  private endEntry(): void {
    const { entry } = this;
    this.entry = null;
    if (!entry || !this.statement) return;
    const { field } = entry;
    const written = entryLine(field.lines);
    if (!written)
      refuse(
        "invalid",
        "mt_entry_invalid",
        "The entry (:61:) has no readable date, mark and amount.",
        `${field.line}:1`,
      ); // prettier-ignore
    this.announce(this.statement);
    const read = entryOf({
      index: this.statement.entries + 1,
      line: field.line,
      written,
      details: entry.details,
      nonSwift: entry.nonSwift,
      currency: this.statement.currency,
      year: this.statement.year,
      announced: this.format === "MT940" && this.statement.isInterim,
    });
    this.statement.add(read);
    if (read.bookedOn === null && read.valueOn === null)
      this.events.warn({
        code: "date_invalid",
        message: "An entry has no date that the calendar knows.",
        where: `${field.line}:1`,
      });
    this.events.push({ kind: "entry", entry: read });
  }

  private announce(statement: MtStatement): void {
    if (statement.announced) return;
    statement.announced = true;
    this.statements += 1;
    this.events.push({ kind: "statement", statement: statement.header(this.statements) });
  }

  private endStatement(): void {
    this.endField();
    this.endEntry();
    const { statement } = this;
    this.statement = null;
    if (!statement) return;
    // A reference or a limit alone says nothing about an account.
    if (!statement.holdsSomething) return;
    this.announce(statement);
    const header = statement.header(this.statements);
    const totals = statement.totals(header);
    if (/^MT(1|9[01])/.test(this.format))
      this.events.warn({
        code: "mt_payment_message",
        message: `The file is a message about one payment (${this.format}), no statement; it holds no entries.`,
      });
    if (totals.reconciles === false) this.events.push(statementUnbalanced(this.statements));
    if (totals.closing === null && this.format === "MT940" && !statement.isInterim)
      this.events.push({
        kind: "warning",
        warning: {
          code: "closing_balance_missing",
          message: `Statement ${this.statements} has no closing balance; the file may have been cut off.`,
        },
      });
    this.events.push({ kind: "statement_end", statement: header, totals });
  }
}

/** Reads MT940 and MT942 chunk by chunk; see `readStatements`. */
export function readMt(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  format: string,
): AsyncGenerator<StatementEvent, void, undefined> {
  return readPushed(new MtReader(format), chunks);
}
