/**
 * From a rendered text to what the letter template prints. Pure. The layout itself is `letter.typ` (DIN 5008, form B).
 */
import { renderSVG } from "uqr";
import { type Failure, fail, ok, type PlainDate, type Result } from "../../../pure/kernel/index.ts";
import { formatAmount, formatDate, formatGroups, type Language } from "../templates/formats.ts";
import { type MessageValues, PLACEHOLDERS } from "../templates/placeholders.ts";
import { type Line, lineText, type Part, type RenderedText, type Run } from "../templates/render.ts";
import type { Catalogue } from "../templates/texts.ts";
import type { Hex } from "./brand-colours.ts";
import { type ItemTable, itemTable, LABELS } from "./item-table.ts";

/** How the brand looks on paper. */
export interface LetterBrand {
  readonly name: string;
  readonly claim?: string | undefined;
  /** `light.text` of the brand's palette: the name. */
  readonly colour: Hex;
  /** `light.edge` of the brand's palette: the rules of the table. */
  readonly rule: Hex;
  /** SVG; checked by `logoProblem` when the brand is published. */
  readonly logo?: string | undefined;
}

export interface LetterFrame {
  readonly brand: LetterBrand;
  /** One line above the address, for the window: sender and place. */
  readonly returnLine: string;
  /** Name, street, postcode and town, country; up to six lines. */
  readonly address: readonly string[];
  readonly date: PlainDate;
  /** Payload of the GiroCode (EPC069-12), or null where nothing is to be paid. */
  readonly giroCode: string | null;
  /** Up to four columns of the legal footer; without it, `creditor.legalFooter` of the values. */
  readonly footer?: readonly (readonly string[])[] | undefined;
}

type PrintedRun =
  | { readonly kind: "text" | "fixed"; readonly text: string }
  | { readonly kind: "blank"; readonly size: number };
type PrintedLine = readonly PrintedRun[];
interface PrintedPart {
  readonly kind: "text" | "items" | "pay" | "signature";
  readonly paragraphs: readonly (readonly PrintedLine[])[];
}

/** What `letter.typ` takes: names and shape as there. */
export interface LetterData {
  readonly language: Language;
  readonly title: string;
  readonly brand: {
    readonly name: string;
    readonly claim: string | null;
    readonly colour: Hex;
    readonly rule: Hex;
    readonly logo: string | null;
  };
  readonly back: string;
  readonly address: readonly string[];
  readonly facts: readonly (readonly [string, string])[];
  readonly subject: string;
  readonly parts: readonly PrintedPart[];
  readonly table: PrintedTable | null;
  readonly pay: PrintedPay | null;
  readonly slip: {
    readonly back: string;
    readonly head: PrintedLine;
    readonly choices: readonly PrintedLine[];
    readonly foot: readonly PrintedLine[];
  } | null;
  readonly small: readonly PrintedLine[];
  readonly footer: readonly (readonly string[])[];
  readonly page: readonly string[];
} // prettier-ignore

interface PrintedTable {
  readonly head: readonly string[];
  readonly right: readonly boolean[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly note: string | null; readonly wide: boolean }[];
  readonly total: readonly [string, string];
}
interface PrintedPay {
  readonly title: string;
  readonly lead: string | null;
  readonly rows: readonly (readonly [string, string])[];
  readonly note: string | null;
  readonly code: string | null;
  readonly alt: string;
}

/** EPC069-12: error correction M, at most version 13, at most 331 bytes. */
const GIRO_CODE_BYTES_MAX = 331;

const FIXED_TYPES: ReadonlySet<string> = new Set(["date", "money", "phone", "ref", "rate", "time"]);

const printedRun = (run: Run): PrintedRun => {
  // Dates, amounts, addresses and numbers are neither hyphenated nor broken.
  const type = PLACEHOLDERS.get(run.path ?? "")?.type ?? "text";
  const fixed = run.kind === "url" || FIXED_TYPES.has(type) || (run.kind === "value" && run.text.includes("@"));
  return { kind: fixed ? "fixed" : "text", text: run.text };
};
const printed = (lines: readonly Line[]): PrintedLine[] => lines.map((line) => line.map(printedRun));

/** `____` becomes a line to write on. */
const withBlanks = (line: Line): PrintedLine =>
  lineText(line)
    .replace(/^☐\s*/, "")
    .split(/(_{3,})/)
    .filter((piece) => piece !== "")
    .map((piece) => (piece.startsWith("___") ? { kind: "blank", size: piece.length } : { kind: "text", text: piece }));

function printedPart(part: Part): PrintedPart {
  const paragraphs = part.paragraphs.map(printed);
  switch (part.block) {
    case "items":
      return { kind: "items", paragraphs: [] };
    case "pay":
      return { kind: "pay", paragraphs: [] };
    case "signature":
      return { kind: "signature", paragraphs };
    default:
      return { kind: "text", paragraphs };
  }
}

/** The legal line goes to the columns at the foot of the page; what follows it stands above them, on every page. */
const smallPrint = (part: Part | undefined): PrintedLine[] => printed(part?.paragraphs.flat().slice(1) ?? []);

function printedTable(table: ItemTable, language: Language): PrintedTable {
  const words = LABELS[language];
  const detail = table.partPaid;
  const head = [words.item, words.issuedOn, words.dueOn, ...(detail ? [words.amount, words.paid] : []), words.open];
  return {
    head,
    right: head.map((_, index) => index > 2),
    rows: table.rows.map((row) => ({
      cells: [row.label, row.issuedOn, row.dueOn, ...(detail ? [row.amount, row.paid] : []), row.open],
      note: row.note,
      wide: row.kind === "charge",
    })),
    total: [words.together, table.total],
  };
}

/** The words of the block, with the transfer data set out as a table beside the code. */
function printedPay(part: Part, values: MessageValues, giroCode: string | null, language: Language): PrintedPay {
  const words = LABELS[language];
  const lines = part.paragraphs.flat();
  const bullets = lines.filter((line) => lineText(line).startsWith("•"));
  const plain = bullets.filter((line) => line.every((run) => run.kind === "words"));
  const url = bullets.flat().find((run) => run.kind === "url");
  const rows: [string, string][] = [];
  if (values.payee?.name) rows.push([words.payee, values.payee.name]);
  if (values.payee?.iban) rows.push(["IBAN", formatGroups(values.payee.iban)]);
  if (values.payee?.reference) {
    const reference = values.payee.reference;
    rows.push([words.reference, /^RF\d\d/.test(reference) ? formatGroups(reference) : reference]);
  }
  if (values.case?.total) rows.push([words.sum, formatAmount(values.case.total, language)]);
  if (url) rows.push([words.online, url.text]);
  const notes = lines.slice(1).filter((line) => !bullets.includes(line));
  return {
    title: lines[0] ? lineText(lines[0]) : "",
    lead: giroCode !== null && plain[0] ? lineText(plain[0]).replace(/^•\s*/, "") : null,
    rows,
    note: notes.length > 0 ? notes.map(lineText).join(" ") : null,
    code: giroCode === null ? null : renderSVG(giroCode, { ecc: "M", border: 0 }),
    alt: words.code,
  };
}

function facts(values: MessageValues, date: PlainDate, language: Language): [string, string][] {
  const words = LABELS[language];
  const all: [string, string | undefined][] = [
    [words.customer, values.customer?.number],
    [words.case, values.case?.reference],
    [words.contact, values.contact?.name],
    [words.phone, values.brand?.phone],
    [words.hours, values.brand?.phoneHours],
    [words.date, formatDate(date, language)],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
}

/**
 * Puts a rendered letter into its frame. Fails with `giro_code_too_long`, `logo_invalid`, or `address_missing`
 * (a letter without an address does not leave).
 */
export function composeLetter(
  catalogue: Catalogue,
  rendered: RenderedText,
  values: MessageValues,
  frame: LetterFrame,
): Result<LetterData, Failure<"giro_code_too_long" | "logo_invalid" | "address_missing">> {
  const { language } = rendered;
  if (frame.giroCode !== null && Buffer.byteLength(frame.giroCode) > GIRO_CODE_BYTES_MAX)
    return fail("invalid", "giro_code_too_long", `A GiroCode holds ${GIRO_CODE_BYTES_MAX} bytes.`, "giroCode");
  const problem = frame.brand.logo === undefined ? null : logoProblem(frame.brand.logo);
  if (problem) return fail("invalid", "logo_invalid", problem, "brand.logo");
  const address = frame.address.map((line) => line.trim()).filter((line) => line !== "");
  if (address.length < 2) return fail("invalid", "address_missing", "The letter has no postal address.", "address");

  const table = itemTable(catalogue, rendered.key, values);
  const pay = rendered.parts.find((part) => part.block === "pay");
  const slip = rendered.enclosure?.filter((line) => line.length > 0) ?? null;
  const choices = slip?.filter((line) => lineText(line).startsWith("☐")) ?? [];
  const words = LABELS[language];
  return ok({
    language,
    title: `${frame.brand.name}, ${values.case?.reference ?? values.matter?.label ?? ""}`,
    brand: {
      name: frame.brand.name,
      claim: frame.brand.claim ?? null,
      colour: frame.brand.colour,
      rule: frame.brand.rule,
      logo: frame.brand.logo ?? null,
    },
    back: frame.returnLine,
    address,
    facts: facts(values, frame.date, language),
    subject: rendered.head["subject"] ?? "",
    parts: rendered.parts
      .filter((part) => part.block !== "footer" && (part.block !== "items" || table !== null))
      .map(printedPart),
    table: table && printedTable(table, language),
    pay: pay ? printedPay(pay, values, frame.giroCode, language) : null,
    slip: slip?.[0]
      ? {
          back: `${words.back}: ${frame.returnLine}`,
          head: slip[0].map(printedRun),
          choices: choices.map(withBlanks),
          foot: slip
            .slice(1)
            .filter((line) => !choices.includes(line))
            .map(withBlanks),
        }
      : null,
    small: smallPrint(rendered.parts.find((part) => part.block === "footer")),
    footer: frame.footer ?? [[values.creditor?.legalFooter ?? ""]],
    page: words.page,
  });
}

/** Why a logo can't be used, or null: an SVG that loads, runs or carries nothing from elsewhere, of 64 KiB at most. */
export function logoProblem(svg: string): string | null {
  if (svg.length > 65_536) return "The logo is larger than 64 KiB.";
  if (!/^\s*(?:<\?xml[^>]*\?>\s*)?<svg[\s>]/i.test(svg) || !/<\/svg>\s*$/i.test(svg))
    return "The logo is not an SVG file.";
  if (
    /<!|<\s*(?:script|image|foreignObject|iframe|use|style)\b|\son\w+\s*=|url\(\s*['"]?(?!#)|href\s*=\s*['"]?(?!#)/i.test(
      svg,
    )
  )
    return "The logo must not load or run anything: no scripts, pictures, styles or addresses.";
  return null;
} // prettier-ignore
