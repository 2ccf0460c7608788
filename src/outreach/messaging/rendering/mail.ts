/**
 * From a rendered text to an e-mail: subject, complete plain part, and HTML in the brand's frame. Pure.
 * Every value is escaped; only links that the product made become links.
 */
import { formatAmount, formatGroups, type Language } from "../templates/formats.ts";
import { type MessageValues, PLACEHOLDERS } from "../templates/placeholders.ts";
import { type Line, lineText, type Part, plainText, type RenderedText, type Run } from "../templates/render.ts";
import type { Catalogue } from "../templates/texts.ts";
import { type ItemTable, itemTable, LABELS } from "./item-table.ts";
import { escapeHtml, type MailLayout } from "./mail-layout.ts";

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Keeps the first words of the body out of the list of messages, where a bystander reads them. */
const PADDING = "&#847;&zwnj;&nbsp;".repeat(100);

const fill = (fragment: string, slots: Readonly<Record<string, string>>): string =>
  fragment.replace(/@@(\w+)@@/g, (_, name: string) => slots[name] ?? "");

/** Web addresses only: whatever else a value may hold is printed, not linked. */
const href = (address: string): string | null => {
  const full = /^https?:\/\//i.test(address) ? address : `https://${address}`;
  return URL.canParse(full) && /^https?:$/.test(new URL(full).protocol) ? escapeHtml(full) : null;
};

const plainRuns = (runs: readonly Run[]): string =>
  runs
    .map((run) => (KEPT.has(PLACEHOLDERS.get(run.path ?? "")?.type ?? "") ? kept(run.text) : escapeHtml(run.text)))
    .join(""); // prettier-ignore

/** Amounts, dates and numbers don't wrap. */
const KEPT: ReadonlySet<string> = new Set(["money", "date", "phone", "rate", "time"]);
const kept = (text: string): string => `<span class="nowrap">${escapeHtml(text)}</span>`;

/** Splits what stands before a link into what stays text and the words that become the link. */
function linkPhrase(before: string): { readonly rest: string; readonly phrase: string } {
  const phrase = before.replace(/[\s:]+$/u, "");
  // From the end of the sentence before: "Stimmt etwas nicht? … Betrag: |Sagen Sie es uns hier".
  const start = Math.max(
    ...[...phrase.matchAll(/[.?!:;]\s+(?=\S)|^•\s*/gu)].map((match) => match.index + match[0].length),
    0,
  );
  return { rest: phrase.slice(0, start), phrase: phrase.slice(start) };
} // prettier-ignore

/** A line as HTML: "description: address" becomes a link on the description. */
function lineHtml(line: Line): string {
  let html = "";
  let waiting: Run[] = [];
  for (const run of line) {
    if (run.kind !== "url") {
      waiting.push(run);
      continue;
    }
    const target = href(run.text);
    const { rest, phrase } = linkPhrase(waiting.map((piece) => piece.text).join(""));
    if (target === null) html += plainRuns([...waiting, run]);
    else if (phrase.length < 3)
      html += `${plainRuns(waiting)}<a href="${target}">${escapeHtml(new URL(/^https?:/i.test(run.text) ? run.text : `https://${run.text}`).host)}</a>`; // prettier-ignore
    else html += `${escapeHtml(rest)}<a href="${target}">${escapeHtml(phrase)}</a>`;
    waiting = [];
  }
  return html + plainRuns(waiting);
}

const paragraphHtml = (lines: readonly Line[]): string => lines.map(lineHtml).join("<br>");

const CELL = "padding:8px 0;border-bottom:1px solid #dedacf;vertical-align:top;text-align:left";
const RIGHT = `${CELL};text-align:right;white-space:nowrap;padding-left:16px`;

function tableHtml(table: ItemTable, language: Language): string {
  const words = LABELS[language];
  const head = `<tr><th scope="col" style="${CELL};font-weight:600;padding-top:0">${words.item}</th><th scope="col" style="${RIGHT};font-weight:600;padding-top:0">${words.open}</th></tr>`;
  const rows = table.rows.map((row) => {
    // Each pair of word and date or sum stays on one line; the pairs wrap.
    const pairs = [
      [words.issuedOn, row.issuedOn],
      [words.dueOn, row.dueOn],
      ...(row.paid
        ? [
            [words.amount, row.amount],
            [words.paid, row.paid],
          ]
        : []),
    ].filter(([, value]) => value !== ""); // prettier-ignore
    const facts = pairs.map((pair) => `<span class="nowrap">${escapeHtml(pair.join(" "))}</span>`).join(", ");
    const notes = [facts, escapeHtml(row.note ?? "")].filter((note) => note !== "");
    const small = notes
      .map((note) => `<br><span class="soft" style="font-size:14px;color:#4b524d">${note}</span>`)
      .join(""); // prettier-ignore
    return `<tr><td style="${CELL}">${escapeHtml(row.label)}${small}</td><td style="${RIGHT}">${escapeHtml(row.open)}</td></tr>`;
  });
  const foot = `<tr><td style="${CELL};font-weight:600;border-bottom:0">${words.together}</td><td style="${RIGHT};font-weight:600;border-bottom:0">${escapeHtml(table.total)}</td></tr>`;
  return `${head}${rows.join("")}${foot}`;
}

const WELL = "background:#eeebe3;padding:3px 16px;vertical-align:top;text-align:left";

/** Title, the one button, transfer data to copy, and what the text says besides. */
function payHtml(layout: MailLayout, part: Part, values: MessageValues, language: Language): string {
  const words = LABELS[language];
  const [title, ...lines] = part.paragraphs.flat();
  const bullets = lines.filter((line) => lineText(line).startsWith("•"));
  const linked = bullets.find((line) => line.some((run) => run.kind === "url"));
  const target = linked?.find((run) => run.kind === "url");
  const address = target ? href(target.text) : null;
  const label = linked ? linkPhrase(lineText(linked.filter((run) => run.kind !== "url"))).phrase : "";
  const reference = values.payee?.reference;
  // "Überweisen an" stands before the payee in the text and is the better word than "Empfänger".
  const lead = bullets.find((line) => line.some((run) => run.path === "payee.name"))?.[0];
  const to = lead?.kind === "words" ? lead.text.replace(/^•\s*/, "").trim() : "";
  const rows: (readonly [string, string | undefined])[] = [
    [to || words.payee, values.payee?.name],
    ["IBAN", values.payee?.iban && formatGroups(values.payee.iban)],
    [words.reference, reference && (/^RF\d\d/.test(reference) ? formatGroups(reference) : reference)],
    [words.sum, values.case?.total && formatAmount(values.case.total, language)],
  ];
  const shown = rows.filter(([, value]) => value !== undefined && value !== "");
  const transfer = shown.map(([name, value = ""], index) => {
    const top = index === 0 ? ";padding-top:14px;border-radius:12px 12px 0 0" : "";
    const end = index === shown.length - 1 ? ";padding-bottom:14px;border-radius:0 0 12px 12px" : "";
    return `<tr><td style="${WELL}${top}${end}"><span class="soft" style="font-size:14px;color:#4b524d">${escapeHtml(name)}</span><br><span class="copy" style="font-weight:600">${escapeHtml(value)}</span></td></tr>`;
  });
  const notes = lines.filter((line) => !bullets.includes(line));
  return [
    title ? fill(layout.paragraph, { content: `<strong style="font-weight:600">${lineHtml(title)}</strong>` }) : "",
    address ? fill(layout.button, { href: address, content: escapeHtml(label) }) : "",
    transfer.length > 0 ? fill(layout.transfer, { content: transfer.join("") }) : "",
    notes.length > 0 ? fill(layout.small, { content: notes.map(lineHtml).join("<br>") }) : "",
  ].join("");
}

/**
 * The e-mail of a rendered text.
 * Asks carry no List-Unsubscribe header: they are no advertising, and a click that a mail program makes by itself must
 * not close the way by which a notice with an effect in law arrives. Every mail links to the page that changes channel.
 */
export function composeMail(
  catalogue: Catalogue,
  layout: MailLayout,
  rendered: RenderedText,
  values: MessageValues,
): Mail {
  const { language } = rendered;
  const subject = rendered.head["subject"] ?? "";
  const table = itemTable(catalogue, rendered.key, values);
  let card = "";
  let foot = "";
  for (const part of rendered.parts) {
    if (part.block === "items" && table) card += fill(layout.table, { content: tableHtml(table, language) });
    else if (part.block === "pay") card += payHtml(layout, part, values, language);
    else if (part.block === "footer")
      foot += part.paragraphs.map((lines) => fill(layout.foot, { content: paragraphHtml(lines) })).join(""); // prettier-ignore
    else if (part.block === "original" || part.block === "genuine")
      card += part.paragraphs.map((lines) => fill(layout.small, { content: paragraphHtml(lines) })).join("");
    else card += part.paragraphs.map((lines) => fill(layout.paragraph, { content: paragraphHtml(lines) })).join("");
  }
  const preview = `${escapeHtml(rendered.head["preview"] ?? "")}${PADDING}`;
  const start = fill(layout.start, { subject: escapeHtml(subject), preview });
  const html = start + card + layout.betweenCardAndFoot + foot + layout.end;
  return { subject, text: `${plainText(rendered)}\n`, html };
}
