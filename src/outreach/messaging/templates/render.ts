/**
 * Rendering: template, values, language → parts of a text. Pure: the same input gives the same output.
 * What comes out is still neutral; `plainText` here, `rendering/mail.ts` and `rendering/letter.ts` give it a form
 * and escape every value for their own output.
 */
import { type Failure, fail, type Money, ok, type PlainDate, type Result } from "../../../pure/kernel/index.ts";
import {
  formatAmount,
  formatCount,
  formatDate,
  formatDay,
  formatGroups,
  formatRate,
  formatTime,
  type Language,
} from "./formats.ts";
import { type ChargeValues, DAY_OF, ELEMENT_OF, type MessageValues, PLACEHOLDERS, type Rate } from "./placeholders.ts";
import { type Node, parseTemplate } from "./template.ts";
import { blockFor, bodyOf, type Catalogue, type Text } from "./texts.ts";

/** A piece of a line. Only links that the product made are `url`; what a person wrote is never one. */
export interface Run {
  readonly text: string;
  /** `words`: of the text; `value`: filled in; `url`: a link of ours, `text` is the address. */
  readonly kind: "words" | "value" | "url";
  /** Path of a filled-in value. */
  readonly path?: string;
}
export type Line = readonly Run[];

/** A stretch of the text: the text's own words (`block` null) or one of the building blocks. */
export interface Part {
  readonly block: string | null;
  /** Paragraphs of lines. */
  readonly paragraphs: readonly (readonly Line[])[];
}

export interface RenderedText {
  readonly key: string;
  readonly language: Language;
  /** `subject`, `preview`, `headline`, as far as the text has them. */
  readonly head: Readonly<Record<string, string>>;
  readonly parts: readonly Part[];
  readonly enclosure: readonly Line[] | null;
}

export type RenderFailure = Failure<"variable_missing" | "block_missing" | "text_missing">;

type Token = Run | { readonly kind: "break" | "mayVanish" } | { readonly kind: "part"; readonly block: string | null };
type Scope = ReadonlyMap<string, unknown>;

/** One line; control characters and line ends inside a value never reach the output. */
const tidy = (value: string): string =>
  value
    // Signs that turn the direction of writing could make one name look like another.
    .replace(/[\u202a-\u202e\u2066-\u2069]/gu, "")
    .replace(/[\s\p{Cc}]+/gu, (gap) => (/^[\u00a0\u202f]+$/.test(gap) ? gap : " "))
    .trim();

function stringOf(value: unknown, type: string, language: Language): string {
  switch (type) {
    case "money":
      return formatAmount(value as Money, language);
    case "date":
      return formatDate(value as PlainDate, language);
    case "day":
      return formatDay(value as PlainDate, language);
    case "time":
      return formatTime(value as string, language);
    case "rate":
      return formatRate(value as Rate, language);
    case "count":
      return formatCount(value as number, language);
    case "iban":
      return formatGroups(value as string);
    default:
      return tidy(String(value));
  }
}

const isMoney = (value: unknown): value is Money => typeof value === "object" && value !== null && "minor" in value;
/** Absent, false, empty, nothing of it, an amount of zero: the condition is not met. */
const isThere = (value: unknown): boolean =>
  !(value === undefined || value === null || value === false || value === "" || value === 0) &&
  !(isMoney(value) && value.minor === 0n) &&
  !(Array.isArray(value) && value.length === 0);

class MissingError extends Error {
  readonly failure: RenderFailure;
  constructor(failure: RenderFailure) {
    super(failure.code);
    this.failure = failure;
  }
}
function missing(code: RenderFailure["code"], message: string, where: string): never {
  const failed = fail("invalid", code, message, where);
  throw new MissingError(failed.error);
}

class Renderer {
  readonly catalogue: Catalogue;
  readonly text: Text;
  readonly values: MessageValues;
  readonly tokens: Token[] = [];
  constructor(catalogue: Catalogue, text: Text, values: MessageValues) {
    this.catalogue = catalogue;
    this.text = text;
    this.values = values;
  }

  lookUp(path: string, scope: Scope): unknown {
    const [group = "", field] = (DAY_OF[path] ?? path).split(".");
    const holder = scope.get(group) ?? (this.values as Readonly<Record<string, unknown>>)[group];
    if (field === undefined) return holder;
    if (group === "charge" && ["label", "calculation", "legalBasis"].includes(field))
      return chargeWords(this.catalogue, holder as ChargeValues, this)[field];
    return (holder as Readonly<Record<string, unknown>> | undefined)?.[field];
  }

  run(nodes: readonly Node[], scope: Scope, inBlock: boolean): void {
    const { language } = this.catalogue;
    for (const node of nodes) {
      switch (node.kind) {
        case "text":
          this.tokens.push({ kind: "words", text: keepLaw(node.text) });
          break;
        case "break":
        case "mayVanish":
          this.tokens.push({ kind: node.kind });
          break;
        case "note":
          break;
        case "value": {
          const known = PLACEHOLDERS.get(node.path);
          // On paper nobody types a signed address: every way leads through the short one.
          const printed = known?.type === "url" && this.text.channel === "letter" ? "link.short" : node.path;
          const value = this.lookUp(printed, scope);
          if (known === undefined || value === undefined || value === null || value === "")
            missing("variable_missing", `The value of ${printed} is missing.`, printed);
          let text = reference(node.path, stringOf(value, known.type, language));
          if (known.type === "text") text = keepLaw(text);
          // A no-break space would make the SMS a long one of 70 characters.
          if (this.text.channel === "sms") text = text.replaceAll("\u00a0", " ");
          this.tokens.push({ kind: known.type === "url" ? "url" : "value", text, path: node.path });
          break;
        }
        case "if": {
          const value = this.lookUp(node.path, scope);
          // A flag that nobody set is not "no": a sentence of law may hang on it.
          if (value === undefined && PLACEHOLDERS.get(node.path)?.type === "flag")
            missing("variable_missing", `The value of ${node.path} is missing.`, node.path);
          this.run(isThere(value) ? node.then : node.otherwise, scope, inBlock);
          break;
        }
        case "each": {
          const elements = this.lookUp(node.path, scope);
          const one = ELEMENT_OF.get(node.path) ?? node.path;
          for (const element of Array.isArray(elements) ? elements : [])
            this.run(node.body, new Map([...scope, [one, element]]), inBlock);
          break;
        }
        case "block": {
          const block = blockFor(this.catalogue, node.name, this.text.channel, this.text.familiar);
          if (!block) missing("block_missing", `There is no block ${node.name}.`, node.name);
          if (!inBlock) this.tokens.push({ kind: "part", block: node.name });
          this.run(block.body, scope, true);
          if (!inBlock) this.tokens.push({ kind: "part", block: null });
          break;
        }
      }
    }
  }
}

/** Paragraphs of law are not torn apart at the end of a line. */
const keepLaw = (text: string): string =>
  text
    .replace(/(§§?|Abs\.|Nr\.|Art\.|Buchst\.|section) (?=\d|\p{Ll}(?!\p{L})|$)/gu, "$1\u00a0")
    .replace(/(^|\d) (?=(?:Abs\.|Nr\.|BGB|RDG|HGB|AO|DSGVO)(?!\p{L}))/gu, "$1\u00a0");

/** Creditor references read better, and are typed with fewer errors, in groups of four. */
const reference = (path: string, text: string): string =>
  path === "payee.reference" && /^RF\d\d/.test(text) ? formatGroups(text) : text;

/** Label, calculation and basis of a charge in the catalogue's language, from `block.charge_labels`. */
function chargeWords(catalogue: Catalogue, charge: ChargeValues, renderer: Renderer): Readonly<Record<string, string>> {
  const rows = catalogue.texts.get("block.charge_labels")?.source.split("\n") ?? [];
  const row = rows.map((line) => line.split("|").map((cell) => cell.trim())).find((cells) => cells[0] === charge.kind);
  if (!row) return missing("text_missing", `There are no words for the charge ${charge.kind}.`, "block.charge_labels");
  const scope: Scope = new Map([["charge", charge]]);
  const [label = "", calculation = "", legalBasis = ""] = row.slice(1).map((cell) => {
    const inner = new Renderer(catalogue, renderer.text, renderer.values);
    inner.run(parseTemplate(cell).nodes, scope, true);
    return toLines(inner.tokens).map(lineText).join(" ");
  });
  return { label, calculation, legalBasis };
}

/** Tokens → lines; lines that a condition emptied are dropped, double spaces that it left are closed. */
function toLines(tokens: readonly Token[]): Line[] {
  const lines: Line[] = [];
  let runs: Run[] = [];
  let vanishes = false;
  const flush = (): void => {
    const line = closeGaps(runs);
    if (line.length > 0 || !vanishes) lines.push(line);
    runs = [];
    vanishes = false;
  };
  for (const token of tokens) {
    if (token.kind === "break") flush();
    else if (token.kind === "mayVanish") vanishes = true;
    else if ("text" in token) runs.push(token);
  }
  flush();
  return lines;
}

function closeGaps(runs: readonly Run[]): Line {
  const line: Run[] = [];
  let endsWithGap = true;
  let indent = "";
  for (const run of runs) {
    let { text } = run;
    if (run.kind === "words") {
      if (line.length === 0 && indent === "") indent = /^ +/.exec(text)?.[0] ?? "";
      if (endsWithGap) text = text.replace(/^ +/, "");
      text = text.replace(/ {2,}/g, " ");
    }
    if (text === "") continue;
    endsWithGap = text.endsWith(" ");
    line.push({ ...run, text });
  }
  const last = line[line.length - 1];
  if (last?.kind === "words") {
    line.pop();
    const text = last.text.trimEnd();
    if (text !== "") line.push({ ...last, text });
  }
  return line.length > 0 && indent !== "" ? [{ kind: "words", text: indent }, ...line] : line;
}

function toParts(tokens: readonly Token[]): Part[] {
  const parts: Part[] = [];
  let block: string | null = null;
  let pending: Token[] = [];
  const flush = (): void => {
    const paragraphs: Line[][] = [];
    let paragraph: Line[] = [];
    for (const line of [...toLines(pending), []]) {
      if (line.length > 0) paragraph.push(line);
      else if (paragraph.length > 0) {
        paragraphs.push(paragraph);
        paragraph = [];
      }
    }
    if (paragraphs.length > 0) parts.push({ block, paragraphs });
    pending = [];
  };
  for (const token of tokens) {
    if (token.kind === "part") {
      flush();
      block = token.block;
    } else pending.push(token);
  }
  flush();
  return parts;
}

export const lineText = (line: Line): string => line.map((run) => run.text).join("");

/**
 * Fills a text. Fails with `variable_missing` (where: the path) when a required value is absent, `block_missing` or
 * `text_missing` when the catalogue lacks what the text names.
 */
export function renderText(
  catalogue: Catalogue,
  key: string,
  values: MessageValues,
): Result<RenderedText, RenderFailure> {
  const text = catalogue.texts.get(key);
  const body = text && bodyOf(catalogue, text);
  if (!text || !body) return fail("not_found", "text_missing", `There is no text ${key}.`, key);
  try {
    const head: Record<string, string> = {};
    for (const [name, nodes] of Object.entries(text.head)) {
      const renderer = new Renderer(catalogue, text, values);
      renderer.run(nodes, new Map(), true);
      head[name] = toLines(renderer.tokens).map(lineText).join(" ");
    }
    const renderer = new Renderer(catalogue, text, values);
    renderer.run(body.body, new Map(), false);
    let enclosure: Line[] | null = null;
    if (text.enclosure) {
      const slip = new Renderer(catalogue, text, values);
      slip.run([{ kind: "block", name: text.enclosure, line: text.line, alone: true }], new Map(), true);
      enclosure = toLines(slip.tokens);
    }
    return ok({ key, language: catalogue.language, head, parts: toParts(renderer.tokens), enclosure });
  } catch (error) {
    if (error instanceof MissingError) return { ok: false, error: error.failure };
    throw error;
  }
}

/** Words of one charge for tables. */
export function chargeTexts(
  catalogue: Catalogue,
  text: Text,
  values: MessageValues,
  charge: ChargeValues,
): { readonly label: string; readonly calculation: string; readonly legalBasis: string } {
  const words = chargeWords(catalogue, charge, new Renderer(catalogue, text, values));
  return {
    label: words["label"] ?? "",
    calculation: words["calculation"] ?? "",
    legalBasis: words["legalBasis"] ?? "",
  };
}

/** The whole text without any form: the plain part of an e-mail, an SMS, a preview in the console. */
export function plainText(rendered: RenderedText): string {
  return rendered.parts
    .flatMap((part) => part.paragraphs.map((paragraph) => paragraph.map(lineText).join("\n")))
    .join("\n\n");
}
