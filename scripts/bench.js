// `npm run bench`: every bench at a moderate size, one table of ratios against the floors of the same run.
// Each works on a throw-away database in the system's folder for temporary files; nothing is written here.
// Then, with `quality`, what matching and the search for duplicates get right on generated data with a known truth.
// `npm run bench -- dunning match` runs some of them, `npm run bench -- --factor 4` makes all four times as large.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { factor: { type: "string", default: "1" } },
});
const factor = Number(values.factor);
if (!(factor > 0)) {
  process.stderr.write("bench: --factor is a number above zero\n");
  process.exit(2);
}

/** Options by size; what a line of the table shows: work, seconds, rate, floor in seconds. */
const BENCHES = {
  dunning: {
    options: { items: 20_000 },
    lines: (r) => [
      ["dunning, first run", r.items, "items", r.first.seconds, "minimal", r.floor.minimal.first],
      ["", r.items, "items", r.first.seconds, "same rows", r.floor.sameRows.first],
      ["dunning, ten days later", r.items, "items", r.second.seconds, "minimal", r.floor.minimal.second],
      ["dunning, the day after", r.items, "items", r.daily.seconds, "minimal", r.floor.minimal.daily],
    ],
  },
  match: {
    options: { transactions: 1_000, items: 6_000 },
    lines: (r) => [["match", r.transactions, "payments", r.seconds, "same rows", r.floor.sameRows]],
  },
  import: {
    options: { entries: 20_000 },
    lines: (r) => [
      ["import", r.entries, "entries", r.seconds, "same rows", r.floor.sameRows],
      ["", r.items.items, "items", r.items.seconds, "same rows", r.items.floor.sameRows],
    ],
  },
  letters: {
    options: { count: 100 },
    lines: (r) => [["letters", r.count, "letters", r.seconds, "printing alone", r.floor.lastStepAlone]],
  },
  mails: {
    options: { count: 200 },
    lines: (r) => [["mails", r.count, "mails", r.seconds, "handing over alone", r.floor.lastStepAlone]],
  },
  portal: {
    options: { seconds: 10 },
    lines: (r) => [
      [
        `portal (p50 ${r.p50Ms} ms, p99 ${r.p99Ms} ms)`,
        r.requests,
        "pages",
        r.requests / r.pagesPerSecond,
        "/healthz",
        r.requests / r.floor.perSecond,
      ],
    ],
  },
};

/** Tests that measure precision and recall; in full by `KULANZ_SOAK`. */
const QUALITY = [
  "test/books/matching-generated.test.ts",
  "test/books/matching-generated-two.test.ts",
  "test/books/duplicates-found.test.ts",
];
const NAMES = [...Object.keys(BENCHES), "quality"];
const asked = positionals.length > 0 ? positionals : NAMES;
const chosen = asked.filter((name) => name !== "quality");
const unknown = asked.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`bench: unknown: ${unknown.join(", ")}; there are ${NAMES.join(", ")}\n`);
  process.exit(2);
}

const folder = mkdtempSync(path.join(os.tmpdir(), "kulanz-bench-"));

/** The command's JSON; its progress goes to our stderr. */
function run(name) {
  const options = Object.entries(BENCHES[name].options).flatMap(([option, size]) => [
    `--${option}`,
    String(Math.max(1, Math.round(size * factor))),
  ]);
  // Whoever keeps a database by settings keeps it: benches get their own.
  const {
    DATABASE_URL: _database,
    KULANZ_MASTER_KEY: _key,
    KULANZ_MASTER_KEY_FILE: _file,
    ...environment
  } = process.env;
  const child = spawn(process.execPath, [path.join(root, "bin/kulanz.js"), "bench", name, ...options, "--json"], {
    cwd: folder,
    env: { ...environment, KULANZ_DATA: path.join(folder, name) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part) => (text += part));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`bench ${name} failed`))));
  });
}

/** Runs the tests of quality at full size; their figures as rows. */
function quality() {
  process.stderr.write("bench quality\n");
  const file = path.join(folder, "figures.jsonl");
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", ...QUALITY, "--reporter=dot", "--silent"], {
    cwd: root,
    env: { ...process.env, KULANZ_SOAK: "1", KULANZ_FIGURES: file },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) failed = true;
      const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
      resolve(lines.map((line) => JSON.parse(line)));
    });
  });
}

const number = (value, digits = 0) =>
  Number.isFinite(value) ? value.toLocaleString("en", { maximumFractionDigits: digits }) : "–";
const shares = [["quality", "of", "precision", "recall", "wrong", "right of three"]];
const table = [["bench", "work", "seconds", "a second", "floor", "floor s", "ratio", "MiB"]];
let failed = false;
try {
  for (const name of chosen) {
    process.stderr.write(`bench ${name}\n`);
    try {
      const figures = await run(name);
      for (const [label, work, unit, seconds, floor, floorSeconds] of BENCHES[name].lines(figures))
        table.push([
          label,
          `${number(work)} ${unit}`,
          number(seconds, 2),
          number(work / seconds, 1),
          floor,
          number(floorSeconds, 3),
          number(seconds / floorSeconds, 1),
          number(figures.rssMaxMiB),
        ]);
    } catch (error) {
      failed = true;
      table.push([name, error.message, "", "", "", "", "", ""]);
    }
  }
  if (asked.includes("quality"))
    for (const { what, count, precision, recall, wrong, inThree } of await quality())
      shares.push([
        what,
        number(count),
        precision.toFixed(5),
        recall.toFixed(4),
        number(wrong),
        inThree === undefined ? "" : inThree.toFixed(4),
      ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(rows, left) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    process.stdout.write(
      `${row.map((cell, column) => (left.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join("  ")}\n`,
    );
}
if (table.length > 1) print(table, [0, 4]);
if (shares.length > 1) {
  process.stdout.write("\n");
  print(shares, [0]);
}
process.stdout.write(
  `\nRatio: our seconds over the floor's, in the same run. ${os.cpus().length} cores shared by PostgreSQL, Kulanz and the load; load average ${os
    .loadavg()
    .map((one) => one.toFixed(1))
    .join(" ")}.\n`,
);
process.exitCode = failed ? 1 : 0;
