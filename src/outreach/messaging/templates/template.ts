/**
 * The language of the texts: `{{path}}`, `{{#if x}} … {{else}} … {{/if}}`, `{{#unless x}} … {{/unless}}`,
 * `{{#each list}} … {{/each}}`, `{{> block}}`, `{{! note }}`. No expressions, no code, no loops but over given lists.
 * A line that holds only such a tag disappears; a line left empty by an unmet condition disappears too.
 */
import type { Finding } from "./finding.ts";

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "break" }
  /** Start of a source line with tags: if nothing comes of it, the line is dropped. */
  | { readonly kind: "mayVanish" }
  | { readonly kind: "value"; readonly path: string; readonly line: number }
  | {
      readonly kind: "if";
      readonly path: string;
      readonly line: number;
      readonly then: Node[];
      readonly otherwise: Node[];
    }
  | { readonly kind: "each"; readonly path: string; readonly line: number; readonly body: Node[] }
  | { readonly kind: "block"; readonly name: string; readonly line: number; readonly alone: boolean }
  | { readonly kind: "note"; readonly note: string; readonly line: number }; // prettier-ignore

export interface Template {
  readonly nodes: readonly Node[];
  readonly findings: readonly Finding[];
}

interface Open {
  readonly tag: "if" | "unless" | "each" | "root";
  readonly path: string;
  readonly line: number;
  readonly first: Node[];
  second: Node[] | null;
}

const TAG = /\{\{\s*([#/>!]?)\s*([^}]*?)\s*\}\}/g;
const STRUCTURE = /^\s*\{\{\s*(?:[#/]|else\b)[^}]*\}\}\s*$/;
const PATH = /^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$|^[a-z][A-Za-z]*$/;

/**
 * Reads a template. Never throws: what can't be read is a finding, with its line.
 * @param firstLine line number of the first line in its file.
 */
export function parseTemplate(source: string, firstLine = 1, where = "text"): Template {
  const findings: Finding[] = [];
  const root: Open = { tag: "root", path: "", line: firstLine, first: [], second: null };
  const stack: Open[] = [root];
  const top = (): Open => stack[stack.length - 1] ?? root;
  const out = (): Node[] => top().second ?? top().first;
  const report = (rule: string, message: string, line: number): void => {
    findings.push({ rule, message, where, line, severity: "error" });
  };

  const close = (tag: string, line: number): void => {
    const open = top();
    if (open.tag === "root" || open.tag !== tag)
      return report("tag_mismatched", `{{/${tag}}} closes nothing that is open here.`, line);
    stack.pop();
    if (open.tag === "each") out().push({ kind: "each", path: open.path, line: open.line, body: open.first });
    else {
      const [met, unmet] = [open.first, open.second ?? []];
      const [then, otherwise] = open.tag === "if" ? [met, unmet] : [unmet, met];
      out().push({ kind: "if", path: open.path, line: open.line, then, otherwise });
    }
  };

  const tag = (sigil: string, body: string, line: number, alone: boolean): void => {
    if (sigil === "!") out().push({ kind: "note", note: body, line });
    else if (sigil === ">") out().push({ kind: "block", name: body, line, alone });
    else if (sigil === "/") close(body, line);
    else if (sigil === "#") {
      const [, name, path = ""] = /^(\w+)\s+(\S+)$/.exec(body) ?? [];
      if ((name === "if" || name === "unless" || name === "each") && PATH.test(path))
        stack.push({ tag: name, path, line, first: [], second: null });
      else report("tag_unknown", `{{#${body}}} is not a tag of the texts.`, line);
    } else if (body === "else") {
      const open = top();
      if ((open.tag === "if" || open.tag === "unless") && open.second === null) open.second = [];
      else report("tag_mismatched", "{{else}} stands outside a condition.", line);
    } else if (PATH.test(body)) out().push({ kind: "value", path: body, line });
    else report("tag_unknown", `{{${body}}} is not a variable.`, line);
  };

  const lines = source.split("\n");
  lines.forEach((raw, index) => {
    const line = firstLine + index;
    const text = raw.trimEnd();
    const structural = STRUCTURE.test(text);
    const last = index === lines.length - 1;
    const tags = [...text.matchAll(TAG)];
    if (tags.length > 0 && !structural) out().push({ kind: "mayVanish" });
    let from = 0;
    for (const match of tags) {
      const before = text.slice(from, match.index);
      if (!structural && before !== "") out().push({ kind: "text", text: before });
      tag(match[1] ?? "", match[2] ?? "", line, match[0] === text.trim());
      from = match.index + match[0].length;
    }
    const rest = text.slice(from);
    if (!structural && rest !== "") out().push({ kind: "text", text: rest });
    if (/\{\{|\}\}/.test(text.replace(TAG, "")))
      report("tag_unclosed", "A {{ or }} has no partner on this line.", line);
    if (!structural && !last) out().push({ kind: "break" });
  });
  for (const open of stack.slice(1))
    report("tag_unclosed", `{{#${open.tag} ${open.path}}} is never closed.`, open.line);
  return { nodes: root.first, findings };
}

/** All nodes, depth first, with the conditions and lists around them. */
export function* walk(
  nodes: readonly Node[],
  conditions: readonly string[] = [],
  lists: readonly string[] = [],
): Generator<{ readonly node: Node; readonly conditions: readonly string[]; readonly lists: readonly string[] }> {
  for (const node of nodes) {
    yield { node, conditions, lists };
    if (node.kind === "if") {
      yield* walk(node.then, [...conditions, node.path], lists);
      yield* walk(node.otherwise, conditions, lists);
    } else if (node.kind === "each") yield* walk(node.body, conditions, [...lists, node.path]);
  }
}
