/**
 * The message texts: two Markdown files, one a language, edited by people (`texts/messages.*.md`). A text stands in a
 * ```text block under its key `message.channel.tone`; short texts stand in tables. Read once at start.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./finding.ts";
import type { Language } from "./formats.ts";
import { type Node, parseTemplate } from "./template.ts";

export type Tone = "friendly" | "factual" | "firm";
export type Channel = "email" | "letter" | "sms" | "push" | "whatsapp" | "voicemail" | "portal" | "page" | "chat";
/** An ask counts against the contact caps, an answer does not. */
export type MessageKind = "ask" | "answer" | "page";
/** What a message does in law. */
export type Effect = "none" | "default" | "announcement";

export interface Message {
  readonly key: string;
  readonly title: string;
  readonly kind: MessageKind;
  readonly effect: Effect;
  readonly tones: readonly Tone[];
  readonly channels: readonly Channel[];
  readonly fourEyes: boolean;
  readonly line: number;
}

/** One text of one channel and tone. */
export interface Text {
  /** `reminder.email.friendly`, `block.greeting`, `reminder.portal.headline.friendly`, `ask.sms70`. */
  readonly key: string;
  readonly message: string;
  readonly channel: Channel;
  readonly tone: Tone;
  /** A `du` text of the variant `de-x-du`. */
  readonly familiar: boolean;
  /** `subject`, `preview`, `headline`. */
  readonly head: Readonly<Record<string, readonly Node[]>>;
  readonly body: readonly Node[];
  /** A letter that has the body of another text (`@reminder.email.friendly`), with the blocks in their letter form. */
  readonly bodyOf: string | null;
  /** `reply_slip`, or null. */
  readonly enclosure: string | null;
  readonly source: string;
  readonly line: number;
  readonly findings: readonly Finding[];
}

export interface Catalogue {
  readonly language: Language;
  readonly file: string;
  readonly messages: ReadonlyMap<string, Message>;
  /** By key; blocks under `block.name` or `block.name.channel`. */
  readonly texts: ReadonlyMap<string, Text>;
  readonly findings: readonly Finding[];
}

const TONES: readonly Tone[] = ["friendly", "factual", "firm"];
const CHANNELS: readonly Channel[] = [
  "email",
  "letter",
  "sms",
  "push",
  "whatsapp",
  "voicemail",
  "portal",
  "page",
  "chat",
];
const isTone = (word: string): word is Tone => (TONES as readonly string[]).includes(word);
const isChannel = (word: string): word is Channel => (CHANNELS as readonly string[]).includes(word);
const HEAD = /^(subject|preview|headline|body|enclosure):\s*(.*)$/;

/** Reads one text (head lines up to `---`, then the body) as it is typed in the editor or stands in the file. */
export function readText(key: string, source: string, firstLine = 1): Text {
  const familiar = key.startsWith("du.");
  const bare = familiar ? key.slice(3) : key;
  const words = bare.split(".");
  const findings: Finding[] = [];
  const head: Record<string, readonly Node[]> = {};
  let bodyOf: string | null = null;
  let enclosure: string | null = null;
  const lines = source.split("\n");
  let at = 0;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.trim() === "---") break;
    const [, name, value = ""] = HEAD.exec(line) ?? [];
    if (name === undefined) {
      at = -1;
      break;
    }
    if (name === "body") bodyOf = value.replace(/^@/, "").trim();
    else if (name === "enclosure") enclosure = value.replace(/^block\./, "").trim();
    else {
      const read = parseTemplate(value, firstLine + at, key);
      head[name] = read.nodes;
      findings.push(...read.findings);
    }
  }
  const start = at < 0 ? 0 : at + 1;
  const body = parseTemplate(lines.slice(start).join("\n"), firstLine + start, key);
  return {
    key,
    message: words[0] ?? "",
    // Lines of a conversation (bot, greeting of a person) name no channel.
    channel: words.find(isChannel) ?? (words[0] === "block" ? "email" : "chat"),
    tone: words.find(isTone) ?? "friendly",
    familiar,
    head,
    body: body.nodes,
    bodyOf,
    enclosure,
    source,
    line: firstLine,
    findings: [...findings, ...body.findings],
  };
}

function readMessage(key: string, title: string, meta: string, line: number): Message {
  const part = (pattern: RegExp): string => pattern.exec(meta)?.[1] ?? "";
  const list = (text: string): string[] => text.split(",").map((word) => word.trim());
  const effect = part(/(?:Wirkung|effect):\s*([\p{L}]+)/iu).toLowerCase();
  const kind = meta.toLowerCase();
  return {
    key,
    title,
    kind: /^(bitte|ask)/.test(kind) ? "ask" : /^(seite|page)/.test(kind) ? "page" : "answer",
    effect: /^(verzug|default)/.test(effect) ? "default" : /^(ank|ann)/.test(effect) ? "announcement" : "none",
    tones: list(part(/(?:T[oö]ne?|tones?):\s*([^·]*)/iu)).filter(isTone),
    channels: list(part(/(?:Kan[aä]le?|channels?):\s*([^·]*)/iu)).filter(isChannel),
    fourEyes: /vier augen|four eyes/.test(kind),
    line,
  };
}

/** Reads a whole file of texts. What can't be read becomes a finding; nothing is left out silently. */
export function readCatalogue(markdown: string, language: Language, file: string): Catalogue {
  const messages = new Map<string, Message>();
  const texts = new Map<string, Text>();
  const findings: Finding[] = [];
  const add = (text: Text): void => {
    if (texts.has(text.key))
      findings.push({
        rule: "key_twice",
        message: `${text.key} stands here twice.`,
        where: file,
        line: text.line,
        severity: "error",
      });
    texts.set(text.key, text);
    findings.push(...text.findings);
  }; // prettier-ignore
  const lines = markdown.split("\n");
  let message = "";
  let key = "";
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const chapter = /^## (\S+) · (.*)$/.exec(line);
    if (chapter) {
      message = chapter[1] ?? "";
      key = "";
      messages.set(message, readMessage(message, chapter[2] ?? "", lines[at + 1] ?? "", at + 1));
    } else if (line.startsWith("# ")) {
      message = "";
      key = "";
    } else if (line.startsWith("### ")) key = line.slice(4).trim();
    else if (line === "```text") {
      const end = lines.indexOf("```", at + 1);
      if (key === "" || end < 0) {
        findings.push({
          rule: "text_without_key",
          message: "This text has no key or no end.",
          where: file,
          line: at + 1,
          severity: "error",
        });
        break;
      } // prettier-ignore
      add(readText(key, lines.slice(at + 1, end).join("\n"), at + 2));
      key = "";
      at = end;
    } else if (line.startsWith("| ") && !/^\| (---|Kanal|channel|Schlüssel|key|Nr\.) /.test(line)) {
      const cells = line
        .slice(1, line.lastIndexOf("|"))
        .split(" | ")
        .map((cell) => cell.trim()); // prettier-ignore
      const row = shortText(cells, message);
      if (row) add(readText(row.key, row.text, at + 1));
    }
  }
  return { language, file, messages, texts, findings };
}

/** `| sms | friendly | … |` of a message, or `| ask.sms70 | … |` of the neutral texts; null for other tables. */
function shortText(cells: readonly string[], message: string): { key: string; text: string } | null {
  const [first = "", second = "", third] = cells;
  const place = first.split(".");
  if (third !== undefined && message !== "" && isChannel(place[0] ?? "") && isTone(second))
    return { key: `${message}.${first}.${second}`, text: third };
  if (third === undefined && /^[a-z]+(\.[a-z0-9_]+)+$/.test(first)) return { key: first, text: second };
  return null;
}

const cached = new Map<Language, Catalogue>();

/** The product's own texts, read once from the package. */
export function builtInTexts(root: string, language: Language): Catalogue {
  let catalogue = cached.get(language);
  if (!catalogue) {
    const file = `messages.${language}.md`;
    const path = join(root, "src/outreach/messaging/texts", file);
    catalogue = readCatalogue(readFileSync(path, "utf8"), language, file);
    cached.set(language, catalogue);
  }
  return catalogue;
}

/** A catalogue in which some texts are the tenant's own published ones: key → source. */
export function withTexts(catalogue: Catalogue, sources: ReadonlyMap<string, string>): Catalogue {
  const texts = new Map(catalogue.texts);
  for (const [key, source] of sources) texts.set(key, readText(key, source));
  return { ...catalogue, texts };
}

/** The block in the form of the channel, and for `du` brands in the familiar form. */
export function blockFor(catalogue: Catalogue, name: string, channel: Channel, familiar: boolean): Text | undefined {
  const keys = [`block.${name}.${channel}`, `block.${name}`];
  for (const key of keys) {
    const text = (familiar ? catalogue.texts.get(`du.${key}`) : undefined) ?? catalogue.texts.get(key);
    if (text) return text;
  }
  return undefined;
}

/** The text whose body a letter borrows, or the text itself. */
export const bodyOf = (catalogue: Catalogue, text: Text): Text | undefined =>
  text.bodyOf === null ? text : catalogue.texts.get(text.familiar ? `du.${text.bodyOf}` : text.bodyOf);

/** SHA-256 of a text with the body it borrows and every block it uses: changes when anything printed may change. */
export function versionOf(catalogue: Catalogue, text: Text): string {
  const hash = createHash("sha256");
  const seen = new Set<string>();
  const take = (part: Text | undefined): void => {
    if (!part || seen.has(part.key)) return;
    seen.add(part.key);
    hash.update(`${part.key}\0${part.source}\0`);
    for (const [, name = ""] of part.source.matchAll(/\{\{>\s*(\w+)\s*\}\}/g))
      take(blockFor(catalogue, name, text.channel, text.familiar));
  }; // prettier-ignore
  take(text);
  take(bodyOf(catalogue, text));
  if (text.enclosure) take(blockFor(catalogue, text.enclosure, text.channel, text.familiar));
  return hash.digest("hex");
}
