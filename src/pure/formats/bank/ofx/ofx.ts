/**
 * OFX 1.x (SGML) and 2.x (XML): https://financialdataexchange.org/FDX/About/OFX-Work-Group.aspx , as a stream of events.
 * Read: bank, credit card and the cash transactions of investment statements, several of them a file, with ledger and
 * available balance. Not read: securities, loans, transfers, profiles, sign-on.
 */
import type { Failure } from "../../../kernel/index.ts";
import { readPushed, refuse, StatementEvents } from "../push.ts";
import {
  type Balance,
  type BankEntry,
  type StatementEvent,
  type StatementHeader,
  StatementSums,
  negateDecimal,
} from "../statement.ts";
import { accountParts } from "../details/details.ts";
import { mtAmount } from "../mt/line.ts";
import { type OfxTransaction, ofxDate, ofxEntry } from "./ofx-entry.ts";
import { OfxTokens } from "./tokens.ts";

export type OfxFailure = Failure<
  "ofx_no_statement" | "ofx_truncated" | "ofx_amount_invalid" | "ofx_piece_too_long" | "ofx_too_large"
>;

const BYTES_MAX = 4 * 1024 ** 3;
const STATEMENTS: ReadonlySet<string> = new Set(["STMTRS", "CCSTMTRS", "INVSTMTRS"]);
const ACCOUNTS: ReadonlySet<string> = new Set(["BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"]);
/** Aggregates whose values are wanted under a name of their own: `LEDGERBAL.BALAMT`. */
const NAMED: ReadonlySet<string> = new Set([
  ...ACCOUNTS,
  "LEDGERBAL",
  "AVAILBAL",
  "BANKACCTTO",
  "CCACCTTO",
  "PAYEE",
  "CURRENCY",
  "ORIGCURRENCY",
]); // prettier-ignore
const FIELDS_MAX = 200;

interface Running {
  readonly fields: Map<string, string>;
  readonly sums: StatementSums;
  entries: number;
  announced: boolean;
}

/** Push reader: `write` bytes, take the events that came of them, `end`. Never throws on input. */
export class OfxReader {
  private readonly tokens = new OfxTokens({
    open: (name, text) => this.open(name, text),
    close: (name) => this.close(name),
  });
  private readonly events = new StatementEvents();
  private running: Running | null = null;
  private transaction: OfxTransaction | null = null;
  private within: string[] = [];
  private statements = 0;
  private documents = 0;
  private bytes = 0;
  private bankMessage: string | null = null;

  constructor() {
    this.events.push({ kind: "format", format: "OFX" });
  }

  write(chunk: Uint8Array): StatementEvent[] {
    return this.events.of(() => {
      this.bytes += chunk.length;
      if (this.bytes > BYTES_MAX)
        refuse("too_large", "ofx_too_large", `The file is larger than ${BYTES_MAX} bytes.`, this.place);
      this.tokens.write(chunk);
    });
  }

  end(): StatementEvent[] {
    return this.events.of(() => {
      this.tokens.end();
      if (this.running || this.transaction || this.documents !== 0)
        refuse("invalid", "ofx_truncated", "The file ends in the middle: its last element is not closed.", this.place);
      if (this.statements === 0)
        refuse(
          "invalid",
          "ofx_no_statement",
          this.bankMessage === null
            ? "The file is OFX but holds no account statement."
            : `The file holds no account statement; the bank answered with status ${this.bankMessage}.`,
          this.place,
        );
      if (this.tokens.mixedEncoding)
        this.events.warn({
          code: "encoding_mixed",
          message: "Some characters are not UTF-8; they were read as Windows-1252.",
        });
      this.events.push({ kind: "end" });
    });
  }

  private get place(): string {
    return `${this.tokens.line}:1`;
  }

  private open(name: string, text: string): void {
    if (name === "OFX") this.documents += 1;
    else if (STATEMENTS.has(name)) {
      this.endStatement();
      this.running = { fields: new Map(), sums: new StatementSums(), entries: 0, announced: false };
      this.within = [];
    } else if (name === "STMTTRN") {
      this.endTransaction();
      this.transaction = { line: this.tokens.line, fields: new Map() };
      this.within = [];
    } else if (NAMED.has(name) && text === "") this.within.push(name);
    else if (text !== "") this.value(name, text);
  }

  private value(name: string, text: string): void {
    const prefix = this.within.at(-1);
    const key = prefix === undefined ? name : `${ACCOUNTS.has(prefix) ? "FROM" : prefix}.${name}`;
    const fields = this.transaction?.fields ?? this.running?.fields;
    if (!fields) {
      if (name === "CODE" && text !== "0") this.bankMessage = text.slice(0, 10);
      return;
    }
    if (fields.size >= FIELDS_MAX) return;
    if (!fields.has(key)) fields.set(key, text);
  }

  private close(name: string): void {
    if (name === "OFX") {
      this.endStatement();
      this.documents = Math.max(0, this.documents - 1);
    } else if (STATEMENTS.has(name)) this.endStatement();
    else if (name === "STMTTRN") this.endTransaction();
    else if (NAMED.has(name)) {
      const at = this.within.lastIndexOf(name);
      if (at >= 0) this.within = this.within.slice(0, at);
    }
  }

  private endTransaction(): void {
    const { transaction, running } = this;
    this.transaction = null;
    this.within = [];
    if (!transaction) return;
    if (!running) return;
    this.announce(running);
    const amount = mtAmount((transaction.fields.get("TRNAMT") ?? "").replace(/^\+/, ""));
    if (!amount)
      refuse(
        "invalid",
        "ofx_amount_invalid",
        "A transaction has no readable amount (TRNAMT).",
        `${transaction.line}:1`,
      );
    const entry: BankEntry = ofxEntry(transaction, running.entries + 1, amount, running.fields.get("CURDEF") ?? null);
    if (entry.bookedOn === null)
      this.events.warn({
        code: "date_invalid",
        message: "A transaction has no date that the calendar knows.",
        where: `${transaction.line}:1`,
      }); // prettier-ignore
    running.entries += 1;
    running.sums.add(entry);
    this.events.push({ kind: "entry", entry });
  }

  private announce(running: Running): void {
    if (running.announced) return;
    running.announced = true;
    this.statements += 1;
    this.events.push({ kind: "statement", statement: this.header(running) });
  }

  private header({ fields }: Running): StatementHeader {
    const currency = fields.get("CURDEF")?.toUpperCase() ?? null;
    const { iban, account } = accountParts(fields.get("FROM.ACCTID") ?? null);
    const balances: Balance[] = [];
    for (const [name, code] of [
      ["LEDGERBAL", "CLBD"],
      ["AVAILBAL", "CLAV"],
    ] as const) {
      const amount = mtAmount((fields.get(`${name}.BALAMT`) ?? "").replace(/^\+/, ""));
      if (amount)
        balances.push({
          code,
          amount: amount.digits < 0n ? negateDecimal(amount) : amount,
          credit: amount.digits >= 0n,
          currency,
          date: ofxDate(fields.get(`${name}.DTASOF`)),
        });
    }
    return {
      index: this.statements,
      id: null,
      sequence: null,
      createdAt: null,
      account: { iban, other: account, currency, name: null, owner: null, bic: null },
      currency,
      balances,
    };
  }

  private endStatement(): void {
    this.endTransaction();
    const { running } = this;
    this.running = null;
    this.within = [];
    if (!running) return;
    this.announce(running);
    const statement = this.header(running);
    const ledger = statement.balances.find(({ code }) => code === "CLBD");
    const closing = ledger ? (ledger.credit ? ledger.amount : negateDecimal(ledger.amount)) : null;
    this.events.push({ kind: "statement_end", statement, totals: running.sums.totals(statement, null, closing) });
  }
}

/** Reads OFX chunk by chunk; see `readStatements`. */
export function readOfx(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<StatementEvent, void, undefined> {
  return readPushed(new OfxReader(), chunks);
}
