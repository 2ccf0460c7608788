/**
 * camt.052 (account report), camt.053 (statement), camt.054 (debit and credit notification), ISO 20022:
 * https://www.iso20022.org/iso-20022-message-definitions, all versions .001.01 to .001.14, as a stream of events.
 * Subset: account, balances, entries, transaction details that concern the payment of receivables (parties, accounts,
 * references, remittance, return reasons, charges). Not read: interest, transaction summaries, securities, cards, tax.
 * Element names differ little between versions; where they do, both are looked up (`Dbtr/Nm` and `Dbtr/Pty/Nm`).
 */
import { type Failure, FailureError } from "../../kernel/index.ts";
import { localName, TreeBuilder, type XmlLimits, type XmlNode, XmlStream } from "../text/xml.ts";
import { entryOf, headerOf, totalsOf, transactionOf } from "./camt-elements.ts";
import { readPushed } from "./push.ts";
import {
  type BankTransaction,
  type ReadWarning,
  type StatementEvent,
  type StatementHeader,
  StatementSums,
  statementUnbalanced,
} from "./statement.ts";

export type CamtFailure = Failure<
  | "camt_not_a_statement"
  | "camt_no_statement"
  | "camt_amount_invalid"
  | "camt_direction_missing"
  | "camt_entry_too_large"
  | "camt_element_too_large"
>;

export const CAMT_LIMITS: XmlLimits = { depthMax: 64, pieceCharsMax: 1_048_576, bytesMax: 4 * 1024 ** 3 };
/** Transactions of one batch entry, and elements of one transaction or statement header. */
const TRANSACTIONS_MAX = 500_000;
const ELEMENTS_MAX = 20_000;

/** Root child → message, for files without namespace. */
const MESSAGES: readonly (readonly [RegExp, string, string])[] = [
  [/^BkToCstmrStmt/, "camt.053", "Stmt"],
  [/^BkToCstmrAcctRpt/, "camt.052", "Rpt"],
  [/^BkToCstmrDbtCdtNtfctn/, "camt.054", "Ntfctn"],
];
const HEADER = new Set(["Id", "ElctrncSeqNb", "LglSeqNb", "CreDtTm", "FrToDt", "Acct", "Bal"]);

/** `camt.053.001.08` from a namespace such as `urn:iso:std:iso:20022:tech:xsd:camt.053.001.08`; null for any other. */
export const camtOfNamespace = (uri: string): string | null =>
  /camt\.05[234]\.\d{3}\.\d{2}(?!\d)/.exec(uri)?.[0] ?? null;

export interface CamtOptions {
  readonly limits?: XmlLimits;
}

/**
 * Push reader: `write` bytes, take the events that came of them, `end`. Never throws on input.
 * Errors: `XmlFailure`, `CamtFailure`, each with `where` = `line:column`.
 */
export class CamtReader {
  private readonly stream: XmlStream;
  private events: StatementEvent[] = [];
  private path: string[] = [];
  private namespaces: string[] = [];
  private container: { format: string; statement: string; depth: number } | null = null;
  private builder: TreeBuilder | null = null;
  private elements = 0;
  private transactions: BankTransaction[] = [];
  private header: { nodes: XmlNode[]; announced: boolean; entries: number; sums: StatementSums } | null = null;
  private statements = 0;
  private warned = new Set<string>();
  private done = false;

  constructor(options: CamtOptions = {}) {
    this.stream = new XmlStream(
      {
        open: (name, attributes) => this.open(name, attributes),
        text: (text) => this.builder?.text(text),
        close: (name) => this.close(name),
      },
      options.limits ?? CAMT_LIMITS,
    );
  }

  write(chunk: Uint8Array): StatementEvent[] {
    this.stream.write(chunk);
    return this.take();
  }

  end(): StatementEvent[] {
    if (this.stream.end()) {
      if (!this.container) {
        this.stream.failure = {
          kind: "invalid",
          code: "camt_not_a_statement",
          where: "1:1",
          message: "The file is XML but holds no account report, statement or notification (camt.052, .053, .054).",
        }; // prettier-ignore
      } else if (this.statements === 0) {
        this.stream.failure = {
          kind: "invalid",
          code: "camt_no_statement",
          where: this.stream.place,
          message: "The file has the frame of a bank statement but no statement in it.",
        }; // prettier-ignore
      } else this.events.push({ kind: "end" });
    }
    return this.take();
  }

  private take(): StatementEvent[] {
    if (this.stream.mixedEncoding) {
      this.warn({
        code: "encoding_mixed",
        message:
          "Some characters are not in the encoding the file declares; they were read as what they are (UTF-8, Windows-1252).",
      });
    }
    const { failure } = this.stream;
    if (failure && !this.done) {
      this.done = true;
      this.events.push({ kind: "failed", error: failure });
    }
    const { events } = this;
    this.events = [];
    return events;
  }

  /** Each kind of warning once a file: a bank that writes something odd does so in every entry. */
  private warn = (warning: ReadWarning): void => {
    if (this.done || this.warned.has(warning.code)) return;
    this.warned.add(warning.code);
    this.events.push({ kind: "warning", warning });
  };

  private refuse(code: string, message: string): never {
    throw new FailureError({ kind: "too_large", code, message, where: this.stream.place });
  }

  private open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.path.push(name);
    const depth = this.path.length;
    if (this.builder) {
      this.elements += 1;
      if (this.elements > ELEMENTS_MAX)
        this.refuse("camt_element_too_large", `One record has more than ${ELEMENTS_MAX} elements.`);
      this.builder.push(this.node(name, attributes));
      return;
    }
    if (!this.container) {
      for (const key of Object.keys(attributes))
        if (localName(key) === "xmlns" || key.startsWith("xmlns")) this.namespaces.push(attributes[key] ?? "");
      const message = MESSAGES.find(([pattern]) => pattern.test(name));
      if (!message) return;
      const format =
        this.namespaces.map(camtOfNamespace).findLast((found) => found?.startsWith(message[1])) ?? message[1];
      this.container = { format, statement: message[2], depth };
      this.events.push({ kind: "format", format });
    } else if (depth === this.container.depth + 1 && name === this.container.statement) {
      this.statements += 1;
      this.header = { nodes: [], announced: false, entries: 0, sums: new StatementSums() };
    } else if (this.header && depth === this.container.depth + 2) {
      if (name === "Ntry") {
        this.announce();
        this.transactions = [];
      }
      if (name === "Ntry" || HEADER.has(name)) {
        this.elements = 0;
        this.builder = new TreeBuilder(this.node(name, attributes));
      }
    }
  }

  private node(name: string, attributes: Readonly<Record<string, string>>): XmlNode {
    return { name, attributes, text: "", children: [], line: this.stream.line, column: this.stream.column + 1 };
  }

  private close(name: string): void {
    this.path.pop();
    const { builder, header } = this;
    if (builder) {
      const node = builder.pop();
      if (!header) return;
      if (builder.finished) {
        this.builder = null;
        if (name !== "Ntry") {
          if (header.nodes.length >= ELEMENTS_MAX)
            this.refuse("camt_element_too_large", "The statement has too many balances.");
          header.nodes.push(node);
          return;
        }
        header.entries += 1;
        const entry = entryOf(node, header.entries, this.transactions, this.warn);
        header.sums.add(entry);
        this.events.push({ kind: "entry", entry });
      } else if (name === "TxDtls" && builder.root.name === "Ntry") {
        // Turned into a value at once, so that a batch of thousands is never a tree in memory.
        if (this.transactions.length >= TRANSACTIONS_MAX)
          this.refuse("camt_entry_too_large", `An entry has more than ${TRANSACTIONS_MAX} transactions.`);
        this.transactions.push(transactionOf(node, this.warn));
        builder.open.children.pop();
        this.elements = builder.open.children.length;
      }
      return;
    }
    if (header && this.container && this.path.length === this.container.depth && name === this.container.statement) {
      this.announce();
      const statement = this.statement(header.nodes);
      const totals = totalsOf(statement, header.sums);
      if (totals.reconciles === false) this.events.push(statementUnbalanced(this.statements));
      this.events.push({ kind: "statement_end", statement, totals });
      this.header = null;
    }
  }

  private statement(nodes: readonly XmlNode[]): StatementHeader {
    return headerOf(nodes, this.statements, this.warn);
  }

  private announce(): void {
    if (!this.header || this.header.announced) return;
    this.header.announced = true;
    this.events.push({ kind: "statement", statement: this.statement(this.header.nodes) });
  }
}

/**
 * Reads a camt file chunk by chunk. The last event is `end` or `failed`; entries before a failure have already been given,
 * so that a caller who stores them must do so in a transaction it can roll back.
 */
export function readCamt(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CamtOptions = {},
): AsyncGenerator<StatementEvent, void, undefined> {
  return readPushed(new CamtReader(options), chunks);
}
