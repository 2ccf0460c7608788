/**
 * REMADV, UN/EDIFACT (https://service.unece.org/trade/untdid/d96a/trmd/remadv_c.htm, D.96A and later), syntax of ISO 9735
 * with its service string (`UNA`). Subset: BGM, DTM, NAD, CUX, DOC, MOA, AJT and the totals behind UNS.
 */
import {
  type Decimal,
  decimal,
  type Failure,
  fail,
  ok,
  type PlainDate,
  plainDate,
  type Result,
} from "../../kernel/index.ts";
import { addDecimals, negateDecimal, type ReadWarning } from "../bank/statement.ts";
import { decodeText } from "../text/encoding.ts";
import { type AdviceLine, checkedAdvice, type PaymentAdvice, type PaymentAdvices } from "./model.ts";

export type RemadvFailure = Failure<
  "edifact_broken" | "edifact_truncated" | "edifact_too_large" | "edifact_not_remadv" | "advice_without_lines"
>;

const BYTES_MAX = 32 * 1_048_576;
const SEGMENTS_MAX = 500_000;

interface Segment {
  /** 1 for the first behind UNA. */
  readonly index: number;
  readonly tag: string;
  /** Elements with their components. */
  readonly elements: readonly (readonly string[])[];
}

export const isEdifact = (text: string): boolean => /^\s*(UNA.{6}\s*UNB|UNB[+:])/s.test(text);

interface Signs {
  readonly component: string;
  readonly element: string;
  readonly decimal: string;
  readonly release: string;
  readonly end: string;
}

/** Parts of one segment; the longest of the standard has 25. */
const PARTS_MAX = 400;

/** A segment without a tag is what can't be one: too long, or text behind the last end. */
function* segmentsOf(text: string, signs: Signs): Generator<Segment> {
  let index = 0;
  let parts = 0;
  let elements: string[][] = [[""]];
  const put = (piece: string): void => {
    const components = elements.at(-1);
    if (components) components[components.length - 1] += piece;
  };
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at] ?? "";
    const release = one === signs.release && signs.release !== " ";
    if (!release && one !== signs.component && one !== signs.element && one !== signs.end) continue;
    put(text.slice(from, at));
    from = at + 1;
    parts += 1;
    if (parts > PARTS_MAX) return yield { index: index + 1, tag: "", elements: [] };
    if (release) {
      put(text[at + 1] ?? "");
      at += 1;
      from = at + 1;
    } else if (one === signs.component) elements.at(-1)?.push("");
    else if (one === signs.element) elements.push([""]);
    else {
      index += 1;
      const [[tag = ""] = [], ...rest] = elements;
      yield { index, tag: tag.trim(), elements: rest };
      elements = [[""]];
      parts = 0;
    }
  }
  if (text.slice(from).trim() !== "" || parts > 0) yield { index: index + 1, tag: "", elements: [] };
}

const cell = (segment: Segment, element: number, component = 0): string =>
  segment.elements[element]?.[component]?.trim() ?? "";

/** Format 102 (YYYYMMDD), 203 and 204 with a time, 101 (YYMMDD). */
function dayOf(segment: Segment): PlainDate | null {
  const text = cell(segment, 0, 1);
  const digits = cell(segment, 0, 2) === "101" ? `20${text}` : text;
  const read = plainDate(digits.replace(/^(\d{4})(\d{2})(\d{2})\d*$/, "$1-$2-$3"));
  return read.ok ? read.value : null;
}

/** Documents that lessen what is paid: credit notes and the debit notes of a payer. */
const CREDITS = new Set(["381", "83", "308", "396", "261", "532"]);

/** What belongs to one DOC: amounts by their qualifier, adjustments by themselves. */
interface OpenLine {
  readonly line: number;
  readonly document: string;
  readonly credit: boolean;
  readonly amounts: Map<string, Decimal>;
  adjusted: Decimal | null;
}

function closedLine(open: OpenLine): AdviceLine {
  const { amounts } = open;
  const discount = amounts.get("52") ?? amounts.get("138") ?? null;
  const deduction = open.adjusted && discount ? addDecimals(open.adjusted, discount) : (open.adjusted ?? discount);
  const asked = amounts.get("77") ?? amounts.get("39") ?? amounts.get("9") ?? amounts.get("98") ?? null;
  const paid = amounts.get("12") ?? (asked && deduction ? addDecimals(asked, negateDecimal(deduction)) : asked);
  const amount = paid ?? { digits: 0n, scale: 0 };
  const difference = asked && amounts.has("12") ? addDecimals(asked, negateDecimal(amount)) : null;
  return {
    line: open.line,
    document: open.document,
    amount: open.credit && amount.digits > 0n ? negateDecimal(amount) : amount,
    deduction: deduction ?? difference,
  };
}

class Message {
  private number: string | null = null;
  private readonly dates = new Map<string, PlainDate>();
  private currency: string | null = null;
  private payer: string | null = null;
  private lines: AdviceLine[] = [];
  private open: OpenLine | null = null;
  private adjusting = false;
  private summary = false;
  private readonly totals = new Map<string, Decimal>();
  private readonly start: number;
  private readonly warnings: ReadWarning[];
  private readonly sign: string;

  constructor(start: number, warnings: ReadWarning[], decimalSign: string) {
    this.start = start;
    this.warnings = warnings;
    this.sign = decimalSign;
  }

  private closeLine(): void {
    if (this.open) this.lines.push(closedLine(this.open));
    this.open = null;
    this.adjusting = false;
  }

  private amount(segment: Segment): Decimal | null {
    const text = cell(segment, 0, 1);
    const read = decimal(text.replace(this.sign, ".").replace(",", "."));
    if (read.ok) return read.value;
    this.warnings.push({
      code: "advice_amount_invalid",
      message: "An amount of the advice is not a number; it was left out.",
      where: `segment ${segment.index}`,
    });
    return null;
  }

  take(segment: Segment): void {
    switch (segment.tag) {
      case "BGM":
        this.number = cell(segment, 1) || null;
        break;
      case "DTM": {
        const day = dayOf(segment);
        if (day && !this.open) this.dates.set(cell(segment, 0), day);
        break;
      }
      case "NAD":
        // The payer, else who sent the message or buys.
        if (
          ["PR", "PL", "OY", "BY", "MS"].includes(cell(segment, 0)) &&
          (this.payer === null || cell(segment, 0) === "PR")
        )
          this.payer = segment.elements[3]?.[0] || segment.elements[2]?.[0] || cell(segment, 1) || null;
        break;
      case "CUX":
        this.currency ??= /^[A-Z]{3}$/.test(cell(segment, 0, 1)) ? cell(segment, 0, 1) : null;
        break;
      case "DOC":
        this.closeLine();
        this.open = {
          line: segment.index,
          document: cell(segment, 1),
          credit: CREDITS.has(cell(segment, 0)),
          amounts: new Map(),
          adjusted: null,
        };
        break;
      case "AJT":
        this.adjusting = true;
        break;
      case "UNS":
        this.closeLine();
        this.summary = true;
        break;
      case "MOA":
        this.money(segment);
        break;
      default:
    }
  } // prettier-ignore

  private money(segment: Segment): void {
    const value = this.amount(segment);
    if (value === null) return;
    const qualifier = cell(segment, 0);
    const stated = cell(segment, 0, 2);
    if (/^[A-Z]{3}$/.test(stated)) this.currency ??= stated;
    if (this.open && this.adjusting)
      this.open.adjusted = addDecimals(this.open.adjusted ?? { digits: 0n, scale: 0 }, value);
    else if (this.open) this.open.amounts.set(qualifier, value);
    else if (this.summary || this.lines.length === 0) this.totals.set(qualifier, value);
  } // prettier-ignore

  advice(): PaymentAdvice {
    this.closeLine();
    const { totals } = this;
    const stated = ["12", "128", "9", "86", "139", "77"].map((qualifier) => totals.get(qualifier)).find((one) => one);
    const date = ["203", "138", "171", "140", "209", "137"].map((one) => this.dates.get(one)).find((one) => one);
    return checkedAdvice(
      {
        number: this.number,
        date: date ?? null,
        currency: this.currency,
        payer: this.payer,
        lines: this.lines,
        stated: stated ?? null,
      },
      this.warnings,
      `segment ${this.start}`,
    );
  }
}

/** Errors: `RemadvFailure`, `where` = `segment N`. An interchange without its end (UNT, UNZ) is refused. */
export function readRemadv(bytes: Uint8Array): Result<PaymentAdvices, RemadvFailure> {
  if (bytes.length > BYTES_MAX)
    return fail("too_large", "edifact_too_large", `The file is larger than ${BYTES_MAX} bytes.`);
  const text = decodeText(bytes).text.trim();
  const own = /^UNA(.)(.)(.)(.).(.)/s.exec(text);
  const signs: Signs = own
    ? {
        component: own[1] ?? ":",
        element: own[2] ?? "+",
        decimal: own[3] ?? ".",
        release: own[4] ?? "?",
        end: own[5] ?? "'",
      }
    : { component: ":", element: "+", decimal: ".", release: "?", end: "'" };
  if (new Set([signs.component, signs.element, signs.end]).size < 3)
    return fail("invalid", "edifact_broken", "The service string (UNA) of the file contradicts itself.", "segment 1");
  const warnings: ReadWarning[] = [];
  const advices: PaymentAdvice[] = [];
  let message: Message | null = null;
  let last: Segment | null = null;
  let segments = 0;
  for (const segment of segmentsOf(own ? text.slice(9) : text, signs)) {
    last = segment;
    segments += 1;
    const where = `segment ${segment.index}`;
    if (segments > SEGMENTS_MAX)
      return fail("too_large", "edifact_too_large", `The file has more than ${SEGMENTS_MAX} segments.`, where);
    if (!/^[A-Z]{3}$/.test(segment.tag))
      return fail("invalid", "edifact_broken", "A segment is cut off, too long or without its three letters.", where);
    if (segment.tag === "UNH") {
      const type = cell(segment, 1);
      if (type !== "REMADV")
        return fail(
          "invalid",
          "edifact_not_remadv",
          `The file is an EDIFACT message of kind ${type.slice(0, 6)}, not a payment advice (REMADV).`,
          where,
        );
      if (message) return fail("invalid", "edifact_broken", "A message begins before the one before has ended.", where);
      message = new Message(segment.index, warnings, signs.decimal);
    } else if (segment.tag === "UNT") {
      if (!message) return fail("invalid", "edifact_broken", "A message ends that never began.", where);
      advices.push(message.advice());
      message = null;
    } else message?.take(segment);
  }
  if (message || last?.tag !== "UNZ")
    return fail(
      "invalid",
      "edifact_truncated",
      "The file is cut off: the end of the interchange (UNZ) is missing.",
      `segment ${segments}`,
    );
  if (advices.every(({ lines }) => lines.length === 0))
    return fail("invalid", "advice_without_lines", "The advice names no documents.", `segment ${segments}`);
  const records = advices.reduce((sum, { lines }) => sum + lines.length, 0);
  return ok({ format: "REMADV", advices, records, warnings });
}
