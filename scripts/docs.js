/**
 * Pages that are made from the source: docs/settings.md from the settings' schema, docs/schema.md from the migrations,
 * and in docs/law.md, between their marks, the compliance rules and the dated tables.
 *
 *     node scripts/docs.js           writes them
 *     node scripts/docs.js --check   says which are not fresh, and whether docs/dependencies.md names every package
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

register("../test/support/typescript_hooks.js", import.meta.url);
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { settingsPage } = await import("../src/platform/config/index.ts");
const { COMPLIANCE_RULES, legalTables } = await import("../src/pure/law/index.ts");

const KINDS = {
  customer: "Rows of one customer lie together: `customer_id` is first in every key and foreign key.",
  directory: "Answers who has this value; spread by the hash of the value.",
  fingerprint: "Spread by the row's own fingerprint.",
  reference: "Small, and the same on every node.",
  platform: "Facts of the installation; no tenant's rows.",
};

/** Tables of all migrations, as their SQL states them: name, kind, purpose, columns, what they point to. */
function readTables() {
  const folder = join(root, "migrations");
  const tables = new Map();
  for (const migration of readdirSync(folder).sort()) {
    const source = readFileSync(join(folder, migration, "schema.sql"), "utf8");
    for (const [, name, body] of source.matchAll(/^create (?:unlogged )?table (\w+) \(\n([\s\S]*?)^\);/gm)) {
      const columns = [];
      const points = new Set();
      for (const line of body.split("\n")) {
        for (const [, target] of line.matchAll(/\breferences (\w+)/g)) points.add(target);
        const column = /^ {2}(\w+) (\w+(?:\[\])?)[^-]*?(?:--\s*(.*))?$/.exec(line);
        if (!column || /^(primary|foreign|unique|check|constraint)$/.test(column[1])) continue;
        columns.push({ name: column[1], type: column[2], note: /--\s*(.*)$/.exec(line)?.[1] ?? "" });
      }
      tables.set(name, { name, migration, columns, points: [...points].filter((target) => target !== name) });
    }
    for (const [, name, kind, purpose] of source.matchAll(/^comment on table (\w+) is\s+'(\w+): ((?:[^']|'')*)'/gm)) {
      const table = tables.get(name);
      if (!table) throw new Error(`${migration}: a comment on ${name}, which is not there`);
      Object.assign(table, { kind, purpose: purpose.replaceAll("''", "'") });
    }
    for (const [, name] of source.matchAll(/^drop table (\w+)/gm)) tables.delete(name);
  }
  const bare = [...tables.values()].filter((table) => !(table.kind in KINDS));
  if (bare.length > 0) throw new Error(`tables without a known kind: ${bare.map(({ name }) => name).join(", ")}`);
  return [...tables.values()];
}

function schemaPage() {
  const tables = readTables();
  const lines = [
    "# Tables",
    "",
    "This page is made from the migrations (`npm run docs`). What names a person is sealed (`…_sealed`); amounts are minor units (`…_minor`); the kind says how rows are spread over nodes ([store](store.md), invariant 9).",
  ];
  for (const [kind, meaning] of Object.entries(KINDS)) {
    const own = tables.filter((table) => table.kind === kind);
    lines.push("", `## ${kind[0].toUpperCase()}${kind.slice(1)} tables`, "", meaning, "");
    lines.push("| table | what it holds | points to |", "| --- | --- | --- |");
    for (const { name, purpose, points } of own)
      lines.push(`| [\`${name}\`](#${name}) | ${purpose} | ${points.map((target) => `\`${target}\``).join(", ")} |`);
  }
  lines.push("", "## Columns");
  for (const { name, columns, migration } of tables.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    lines.push(
      "",
      `### ${name}`,
      "",
      `Migration \`${migration}\`.`,
      "",
      "| column | type | note |",
      "| --- | --- | --- |",
    );
    for (const column of columns)
      lines.push(`| \`${column.name}\` | ${column.type} | ${column.note.replaceAll("|", "\\|")} |`);
  }
  return `${lines.join("\n")}\n`;
}

const cell = (text) => text.replaceAll("|", "\\|");
const row = (...cells) => `| ${cells.map(cell).join(" | ")} |`;
const code = (text) => `\`${text}\``;

function rulesTable() {
  const rows = COMPLIANCE_RULES.map(({ id, level, title, law, since, enforcedBy, tests, bitesWhen, open }) =>
    row(
      id,
      `${title.en}${level === "should" ? " (prudence)" : ""}${since ? `; since ${since}` : ""}`,
      law,
      enforcedBy.map(code).join(", "),
      tests.map((test) => `${code(test.split("#")[0])} “${test.split("#")[1]}”`).join(", "),
      [bitesWhen && `bites when ${bitesWhen}`, open].filter(Boolean).join("; ") || "now",
    ),
  );
  return [
    row("rule", "what holds", "ground", "enforced by", "test", "bites"),
    row(..."------".split("").map(() => "---")),
    ...rows,
  ];
}

function datedTables() {
  const lines = [
    row("table", "law", "known", "reviewed", "source", "to be confirmed"),
    row(..."------".split("").map(() => "---")),
  ];
  for (const { name, law, knownFrom, knownUntil, source, reviewedOn, unconfirmed } of legalTables())
    lines.push(
      row(
        name,
        law,
        `${knownFrom} to ${knownUntil ?? "changed"}`,
        reviewedOn,
        source,
        unconfirmed.join(", ") || "nothing",
      ),
    );
  lines.push("", row("figure", "ours", "published", "where", "why ours"), row(..."-----".split("").map(() => "---")));
  for (const { name, differences } of legalTables())
    for (const { entry, ours, published, where, because } of differences)
      lines.push(row(`${name} ${entry}`, ours, published, where, because));
  return lines;
}

/** docs/law.md with what stands between `<!-- made: name -->` and `<!-- end -->` made anew. */
function lawPage() {
  const parts = { rules: rulesTable, tables: datedTables };
  return readFileSync(join(root, "docs/law.md"), "utf8").replace(
    /(<!-- made: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start, name, end) => `${start}\n${parts[name]().join("\n")}\n\n${end}`,
  );
}

/** Packages without a line, and lines without a package. */
function dependencyFaults() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const installed = new Set(Object.keys({ ...dependencies, ...devDependencies }));
  const page = readFileSync(join(root, "docs/dependencies.md"), "utf8");
  const named = new Set(
    page
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((found) => found[1])),
  );
  return [
    ...[...installed].filter((name) => !named.has(name)).map((name) => `docs/dependencies.md has no line for ${name}`),
    ...[...named]
      .filter((name) => !installed.has(name))
      .map((name) => `docs/dependencies.md names ${name}, which is not installed`),
  ];
}

/** Links between our own pages that lead nowhere. */
function deadLinks() {
  const pages = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].concat(
    readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join("docs", name)),
  );
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8");
    return [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].flatMap(([, target]) => {
      try {
        readdirSync(join(root, dirname(page), target));
      } catch (error) {
        if (error.code === "ENOENT") return [`${page} links to ${target}, which is not there`];
      }
      return [];
    });
  });
}

const made = { "docs/settings.md": settingsPage(), "docs/schema.md": schemaPage(), "docs/law.md": lawPage() };
if (process.argv.includes("--check")) {
  const stale = Object.entries(made).filter(([page, text]) => {
    try {
      return readFileSync(join(root, page), "utf8") !== text;
    } catch {
      return true;
    }
  });
  const faults = [
    ...stale.map(([page]) => `${page} is not fresh: npm run docs`),
    ...dependencyFaults(),
    ...deadLinks(),
  ];
  if (faults.length > 0) console.error(faults.join("\n"));
  process.exitCode = faults.length === 0 ? 0 : 1;
} else for (const [page, text] of Object.entries(made)) writeFileSync(join(root, page), text);
