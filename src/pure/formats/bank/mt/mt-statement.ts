/** What an MT940 or MT942 says beside its entries, gathered while it streams by. */
import type { Decimal } from "../../../kernel/index.ts";
import {
  type Balance,
  type BankEntry,
  negateDecimal,
  type ReadWarning,
  type StatementHeader,
  StatementSums,
  type StatementTotals,
} from "../statement.ts";
import { mtAccount, mtBalance } from "./line.ts";

/** Tags that stand in a message without saying anything of an account. */
const NOTHING: ReadonlySet<string> = new Set(["20", "21", "NS", "13", "13D", "34F", "90C", "90D"]);
/** ISO 20022 codes for the balances. */
const CODES: Readonly<Record<string, string>> = { "60": "OPBD", "62": "CLBD", "64": "CLAV", "65": "FWAV" };

const signed = (balance: Balance | null): Decimal | null =>
  balance === null ? null : balance.credit ? balance.amount : negateDecimal(balance.amount);

export class MtStatement {
  announced = false;
  holdsSomething = false;
  entries = 0;
  private readonly sums = new StatementSums();
  private id: string | null;
  private account: string | null;
  private sequence: string | null;
  private ownAccount = false;
  private createdAt: string | null = null;
  private limitCurrency: string | null = null;
  private limited = false;
  private opening: Balance | null = null;
  private closing: Balance | null = null;
  private readonly others: Balance[] = [];

  /** Goes on with another of the same message: what is not said again stays as it was. */
  constructor(before: MtStatement | null = null) {
    this.id = before?.id ?? null;
    this.account = before?.account ?? null;
    this.sequence = before?.sequence ?? null;
  }

  /** Of the opening balance; an MT942 has only its limit. */
  get currency(): string | null {
    return this.opening?.currency ?? this.limitCurrency ?? this.closing?.currency ?? null;
  }

  /** Of the opening balance: for entries that have no value date. */
  get year(): string | null {
    return this.opening?.date?.slice(0, 4) ?? null;
  }

  /** A message that began with its reference and has no closing balance yet. */
  get isOpen(): boolean {
    return this.id !== null && this.closing === null && !this.isInterim;
  }

  /** An MT942 among MT940: it has a limit instead of an opening balance, and never a closing one. */
  get isInterim(): boolean {
    return this.limited && this.opening === null;
  }

  /** A second account or opening balance behind entries or a closing balance begins another statement. */
  isOver(tag: string): boolean {
    if (tag.startsWith("60")) return this.closing !== null;
    return tag.startsWith("25") && this.ownAccount && (this.closing !== null || this.entries > 0);
  }

  /** A field was there; its content is not wanted here. */
  note(tag: string): void {
    if (!NOTHING.has(tag)) this.holdsSomething = true;
  }

  add(entry: BankEntry): void {
    this.entries += 1;
    this.sums.add(entry);
  }

  /** A header field. Answers with a warning when it can't be read; then it counts as missing. */
  take(tag: string, lines: readonly string[]): ReadWarning | null {
    this.note(tag);
    const text = lines.join("").trim();
    if (tag === "20") this.id = text || null;
    else if (tag === "25" || tag === "25P") this.takeAccount((lines[0] ?? "").trim());
    else if (tag === "28" || tag === "28C") this.sequence = text || null;
    else if (tag === "34F") {
      this.limited = true;
      this.limitCurrency ??= /^[A-Z]{3}/.exec(text)?.[0] ?? null;
    } else if (tag === "13D" || tag === "13") this.createdAt = createdAt(text);
    else if (tag.startsWith("6")) return this.balance(tag.slice(0, 2), lines);
    return null;
  }

  private takeAccount(text: string): void {
    if (!this.ownAccount && text !== "") this.account = text;
    this.ownAccount = true;
  }

  private balance(tag: string, lines: readonly string[]): ReadWarning | null {
    const read = mtBalance(lines[0] ?? "", CODES[tag] ?? "") ?? mtBalance(lines.join(""), CODES[tag] ?? "");
    if (!read) return { code: "balance_invalid", message: `A balance (:${tag}:) can't be read; it counts as missing.` };
    if (tag === "60") this.opening ??= read;
    else if (tag === "62") this.closing = read;
    else this.others.push(read);
    return null;
  }

  header(index: number): StatementHeader {
    const { currency } = this;
    const account = mtAccount(this.account ?? "");
    const bic = /^([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\//.exec(this.account ?? "")?.[1] ?? null;
    return {
      index,
      id: this.id,
      sequence: this.sequence,
      createdAt: this.createdAt,
      account: { ...account, currency, name: null, owner: null, bic },
      currency,
      balances: [this.opening, this.closing, ...this.others].filter((balance) => balance !== null),
    };
  }

  totals(header: StatementHeader): StatementTotals {
    return this.sums.totals(header, signed(this.opening), signed(this.closing));
  }
}

/** `YYMMDDHHMM±ZZZZ`. */
function createdAt(text: string): string | null {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([+-]\d\d)(\d\d))?/.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, zone, zoneMinute] = match;
  return `20${year}-${month}-${day}T${hour}:${minute}:00${zone === undefined ? "" : `${zone}:${zoneMinute}`}`;
}
