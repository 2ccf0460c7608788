/**
 * What is checked before a text may be published. All findings at once, each with rule and line; an `error` stops it.
 * Limits are those of the tone guide (`docs/texts.md`).
 */
import type { Finding } from "./finding.ts";
import type { Language } from "./formats.ts";
import { ELEMENT_OF, PLACEHOLDERS } from "./placeholders.ts";
import { lineText, type RenderedText, renderText } from "./render.ts";
import { EASE_MIN, readingEase } from "./reading-ease.ts";
import { sampleValues } from "./sample.ts";
import { type Node, walk } from "./template.ts";
import { blockFor, bodyOf, type Catalogue, type Message, type Text } from "./texts.ts";
import { advertisingWord, checkWords, namesObjection, shouting, tellingWord } from "./wording.ts";

export const SUBJECT_MAX = 50;
export const PREVIEW_MIN = 20;
export const PREVIEW_MAX = 90;
/** Words of its own (without building blocks): asks and answers; notices with an effect in law. */
export const OWN_WORDS_MAX = { plain: 120, notice: 150 } as const;
export const ALL_WORDS_MAX = 300;
export const SENTENCE_WORDS_MAX = 30;
const LIMITS: Readonly<Record<string, number>> = {
  whatsapp: 550,
  "push.title": 30,
  "push.body": 80,
  "portal.headline": 60,
};

/** An optional value that a flag vouches for: inside a condition on the flag it may stand alone. */
const VOUCHED_BY: Readonly<Record<string, string>> = {
  "customer.addressSource": "customer.addressFoundElsewhere",
  "interest.aboveReason": "interest.aboveStatutory",
  "dispute.credited": "dispute.partly",
};

type Report = (rule: string, message: string, line?: number, severity?: Finding["severity"]) => void;

/** Variables, conditions, lists and blocks of one piece of a text. */
function checkNodes(catalogue: Catalogue, text: Text, nodes: readonly Node[], outer: Outer, report: Report): void {
  for (const { node, conditions, lists } of walk(nodes, outer.conditions, outer.lists)) {
    if (node.kind === "value") checkValue(node.path, node.line, conditions, lists, report);
    else if (node.kind === "if") {
      const known = PLACEHOLDERS.get(node.path);
      if (!known) report("path_unknown", `There is no variable ${node.path}.`, node.line);
      else if (known.list !== null && !lists.includes(known.list))
        report("outside_list", `${node.path} exists only inside {{#each ${known.list}}}.`, node.line);
    } else if (node.kind === "each") {
      if (!ELEMENT_OF.has(node.path)) report("not_a_list", `${node.path} is not a list.`, node.line);
    } else if (node.kind === "block") {
      const block = blockFor(catalogue, node.name, text.channel, text.familiar);
      if (!block) report("block_unknown", `There is no block ${node.name}.`, node.line);
      else if (outer.depth > 3) report("block_loop", `The block ${node.name} includes itself.`, node.line);
      else checkNodes(catalogue, text, block.body, { conditions, lists, depth: outer.depth + 1 }, report);
    }
  }
}
interface Outer {
  readonly conditions: readonly string[];
  readonly lists: readonly string[];
  readonly depth: number;
}

function checkValue(
  path: string,
  line: number,
  conditions: readonly string[],
  lists: readonly string[],
  report: Report,
): void {
  const known = PLACEHOLDERS.get(path);
  if (!known) return report("path_unknown", `There is no variable ${path}.`, line);
  if (known.type === "flag") return report("flag_printed", `${path} is yes or no and can only be a condition.`, line);
  if (known.list !== null && !lists.includes(known.list))
    return report("outside_list", `${path} exists only inside {{#each ${known.list}}}.`, line);
  const vouched = conditions.includes(path) || conditions.includes(VOUCHED_BY[path] ?? path);
  if (known.optional && !vouched)
    report("optional_unguarded", `${path} may be missing; put it inside {{#if ${path}}}.`, line);
} // prettier-ignore

const words = (text: string): number => text.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;

/** GSM 03.38 basic set; characters of the extension table count twice. */
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
export const isGsm7 = (text: string): boolean => GSM.test(text);
/** Septets of an SMS, or UCS-2 units times 160/70 when a character is outside GSM-7. */
export const smsSize = (text: string): { readonly size: number; readonly limit: number } =>
  isGsm7(text)
    ? { size: text.length + (text.match(/[\^{}\\[~\]|€]/g)?.length ?? 0), limit: 160 }
    : { size: text.length, limit: 70 };

/** The text's own words, without what is filled in: a name may be what it is. */
const ownWords = (nodes: readonly Node[]): string =>
  [...walk(nodes)].map(({ node }) => (node.kind === "text" ? node.text : " ")).join("");
const namesSum = (nodes: readonly Node[]): boolean =>
  [...walk(nodes)].some(({ node }) => node.kind === "value" && PLACEHOLDERS.get(node.path)?.type === "money");

/** Subject, preview, SMS and push stay neutral. */
function checkNeutral(rule: string, nodes: readonly Node[], language: Language, report: Report): void {
  const telling = tellingWord(ownWords(nodes), language);
  if (telling) report(rule, `"${telling}" tells a bystander what it is about.`);
  if (namesSum(nodes)) report(rule, "A sum tells a bystander what it is about.");
}

function checkHead(
  text: Text,
  message: Message | undefined,
  sample: RenderedText,
  language: Language,
  report: Report,
): void {
  const { subject, preview } = sample.head;
  const letter = text.channel === "letter";
  if (text.channel === "email" && message && message.kind !== "page") {
    if (subject === undefined) report("subject_missing", "An e-mail needs a subject.");
    if (preview === undefined)
      report("preview_missing", "Without a preview the mail program shows the first words of the text.");
  }
  if (subject !== undefined && !letter) {
    if (subject.length > SUBJECT_MAX)
      report("subject_too_long", `The subject has ${subject.length} characters; ${SUBJECT_MAX} is the limit.`);
    checkNeutral("subject_tells", text.head["subject"] ?? [], language, report);
    if (/wichtig|important/i.test(subject) && message?.effect !== "announcement")
      report("subject_important", "Only a message that announces something may call itself important.");
  }
  if (subject?.endsWith("!")) report("subject_shouts", "A subject ends without an exclamation mark.");
  if (preview !== undefined) {
    if (preview.length < PREVIEW_MIN || preview.length > PREVIEW_MAX)
      report("preview_length", `The preview has ${preview.length} characters; ${PREVIEW_MIN} to ${PREVIEW_MAX} fit.`);
    checkNeutral("preview_tells", text.head["preview"] ?? [], language, report);
  }
} // prettier-ignore

function checkShort(text: Text, sample: string, language: Language, report: Report): void {
  const channel = text.key.replace(/^du\./, "").split(".").slice(1).join(".").replace(`.${text.tone}`, "");
  const limit = LIMITS[channel];
  if (limit !== undefined && sample.length > limit)
    report("too_long", `${sample.length} characters; ${limit} is the limit.`);
  if (text.channel === "sms") {
    const { size, limit: most } = smsSize(sample);
    if (size > most) report("too_long", `${size} characters; one SMS has ${most}.`);
    if (/[„“”‘’–—]/.test(text.source))
      report("sms_typography", "Typographic quotes and dashes make an SMS twice as long.");
  }
  if (text.channel === "sms" || channel.startsWith("push")) checkNeutral("preview_tells", text.body, language, report);
  if (text.channel === "voicemail" && words(sample) > 45)
    report("too_long", `${words(sample)} words; a voicemail has 45.`);
}

function checkBody(text: Text, message: Message | undefined, sample: RenderedText, report: Report): void {
  const own = sample.parts.filter((part) => part.block === null);
  const textOf = (parts: RenderedText["parts"]): string =>
    parts.flatMap((part) => part.paragraphs.map((lines) => lines.map(lineText).join(" "))).join("\n");
  if (message?.kind === "page") return;
  const most = message?.effect === "none" || !message ? OWN_WORDS_MAX.plain : OWN_WORDS_MAX.notice;
  if (message && words(textOf(own)) > most)
    report("too_long", `${words(textOf(own))} words of its own; ${most} is the limit.`, text.line, "warning");
  const running = sample.parts.filter((part) => !["items", "pay", "footer", "signature"].includes(part.block ?? ""));
  if (message && words(textOf(running)) > ALL_WORDS_MAX)
    report("too_long", `${words(textOf(running))} words with its blocks; ${ALL_WORDS_MAX} is the limit.`);
  for (const sentence of textOf(running).split(/(?<=[.!?:])\s+|\n/)) {
    if (words(sentence) > SENTENCE_WORDS_MAX)
      report(
        "sentence_too_long",
        `A sentence has ${words(sentence)} words: "${sentence.slice(0, 40)}…"`,
        text.line,
        "warning",
      );
  }
  const ease = readingEase(textOf(running), sample.language);
  const least = EASE_MIN[sample.language][message?.effect === "none" || !message ? "plain" : "notice"];
  if (message && ease !== null && ease < least)
    report(
      "hard_to_read",
      `Reading ease ${Math.round(ease)}; ${least} is asked for: shorter sentences, shorter words.`,
      text.line,
      "warning",
    );
  const notices = textOf(sample.parts).match(/(?<!\p{L})Mahnung(?!\p{L})/gu)?.length ?? 0;
  if (notices > 1) report("notice_named_twice", "Mahnung stands once, in the sentence that needs it in law.");
  const first = own[0]?.paragraphs[0]?.flat() ?? [];
  if (message?.kind === "ask" && first.some((run) => PLACEHOLDERS.get(run.path ?? "")?.type === "money"))
    report("sum_first", "The first paragraph says the matter, not the sum: it shows in previews.");
  if (
    message &&
    text.channel === "email" &&
    message.kind === "ask" &&
    !sample.parts.some((part) => part.block === "person")
  )
    report("person_missing", "Every ask names a person who can be reached.");
} // prettier-ignore

function checkSource(text: Text, language: Language, report: Report): Finding[] {
  text.source.split("\n").forEach((line, index) => {
    const at = text.line + index;
    const bare = line.replace(/\{\{[^}]*\}\}/g, "");
    if (/https?:|www\.|\/\/\w/i.test(bare))
      report("address_literal", "Links come from variables only: own domain, signed, not tracked.", at);
    if (/<\s*\/?\s*[a-z!]/i.test(bare) || /&#?\w+;/.test(bare))
      report("markup", "A text has no markup; nothing in it may load or run.", at);
    if (/![\s!]*!/.test(bare)) report("exclamation", "One exclamation mark is plenty.", at);
    const loud = shouting(bare);
    if (loud) report("capitals", `"${loud}" is written in capitals.`, at);
    const praise = advertisingWord(bare, language);
    if (praise) report("advertising", `"${praise}" is advertising; a message about a claim has none.`, at);
    if (line.includes("announce.bureauOn") && !namesObjection(bare, language))
      report("bureau_without_objection", "Who speaks of a report says that an objection prevents it.", at);
  });
  return checkWords(text.source.replace(/\{\{[^}]*\}\}/g, ""), language, text.key, text.line);
} // prettier-ignore

/**
 * Checks one text as it would be published: variables, conditions, blocks, lengths, neutrality of subject and
 * preview, words. An empty list means that it may go out.
 */
export function checkText(catalogue: Catalogue, text: Text): Finding[] {
  const findings: Finding[] = [...text.findings];
  const report: Report = (rule, message, line = text.line, severity = "error") => {
    if (!findings.some((other) => other.rule === rule && other.line === line && other.message === message))
      findings.push({ rule, message, where: text.key, line, severity });
  };
  const none: Outer = { conditions: [], lists: [], depth: 0 };
  for (const nodes of Object.values(text.head)) checkNodes(catalogue, text, nodes, none, report);
  const body = bodyOf(catalogue, text);
  if (!body) report("body_unknown", `There is no text ${text.bodyOf}.`);
  else checkNodes(catalogue, text, body.body, none, report);
  if (text.enclosure && !blockFor(catalogue, text.enclosure, text.channel, text.familiar))
    report("block_unknown", `There is no block ${text.enclosure}.`);
  findings.push(...checkSource(text, catalogue.language, report));
  if (findings.some((finding) => finding.severity === "error")) return findings;

  const message = catalogue.messages.get(text.message);
  const withText: Catalogue = { ...catalogue, texts: new Map([...catalogue.texts, [text.key, text]]) };
  const sample = renderText(withText, text.key, sampleValues(catalogue.language));
  if (!sample.ok) {
    report(sample.error.code, sample.error.message);
    return findings;
  }
  checkHead(text, message, sample.value, catalogue.language, report);
  if (["email", "letter", "page"].includes(text.channel) && !text.key.includes("block."))
    checkBody(text, message, sample.value, report);
  else
    checkShort(
      text,
      sample.value.parts.flatMap((part) => part.paragraphs.flat().map(lineText)).join("\n"),
      catalogue.language,
      report,
    ); // prettier-ignore
  return findings;
}

/** Everything a catalogue's texts have wrong: for the built-in texts it must be nothing. */
export function checkCatalogue(catalogue: Catalogue): Finding[] {
  const findings: Finding[] = [];
  for (const text of catalogue.texts.values()) {
    // Rows of charge labels are read one by one; a block alone is checked where it is used, save for its words.
    if (text.key.includes("block."))
      findings.push(...text.findings, ...checkSource(text, catalogue.language, () => {}));
    else findings.push(...checkText(catalogue, text));
  }
  return findings;
}

/** Points that counsel must confirm, by text: C1 … C17 → keys where they bite. */
export function counselPoints(catalogue: Catalogue): ReadonlyMap<string, readonly string[]> {
  const points = new Map<string, string[]>();
  for (const text of catalogue.texts.values()) {
    for (const [, point = ""] of text.source.matchAll(/\{\{!\s*(C\d+)\s*\}\}/g)) {
      const keys = points.get(point) ?? [];
      if (!keys.includes(text.key)) keys.push(text.key);
      points.set(point, keys);
    }
  }
  return points;
}
