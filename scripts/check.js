/**
 * Everything a commit must pass besides the tests, one line a part with its seconds. Exit 1 when any part fails.
 *
 *     node scripts/check.js            all parts
 *     node scripts/check.js lint docs  these parts only
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** A tool of node_modules by its package's `bin`, so that neither a shell nor PATH plays a part. */
function tool(name, bin = name) {
  const file = join(root, "node_modules", name, "package.json");
  const { bin: bins } = JSON.parse(readFileSync(file, "utf8"));
  return [process.execPath, join(dirname(file), typeof bins === "string" ? bins : bins[bin])];
}

const PARTS = [
  ["types", "server, tests and scripts", [...tool("typescript", "tsc"), "-p", "."]],
  ["types of the console", "", [...tool("typescript", "tsc"), "-p", "web/console"]],
  ["lint", "oxlint, type-aware", [...tool("oxlint"), "--type-aware", "--deny-warnings", "--format=unix"]],
  ["format", "biome", [...tool("@biomejs/biome", "biome"), "format", "--reporter=summary", "."]],
  ["unused", "files, exports, packages: knip", [...tool("knip"), "--no-progress", "--no-config-hints"]],
  ["floors", "the house test", [...tool("vitest"), "run", "test/house.test.ts", "--reporter=dot"]],
  ["docs", "made pages fresh, packages named, links alive", [process.execPath, "scripts/docs.js", "--check"]],
  ["tidy", "copies, tests left out, secrets, lockfile", [process.execPath, "scripts/tidy.js"]],
  ["lockfile", "packages of all platforms", [process.execPath, "scripts/complete-lock.js", "--check"]],
  ["invariants", "each test turns red when its invariant is broken", [process.execPath, "scripts/check-invariants.js"]],
];

/** @returns {Promise<{ code: number, output: string }>} */
function run([command, ...words]) {
  return new Promise((done) => {
    const child = spawn(command, words, { cwd: root, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (output += bytes));
    child.once("error", (error) => done({ code: 127, output: error.message }));
    child.once("exit", (code) => done({ code: code ?? 1, output }));
  });
}

const asked = process.argv.slice(2);
let failed = 0;
for (const [name, what, command] of PARTS) {
  if (asked.length > 0 && !asked.some((part) => name.startsWith(part))) continue;
  const started = performance.now();
  const { code, output } = await run(command);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${code === 0 ? "ok    " : "FAILED"} ${String(name).padEnd(20)} ${seconds.padStart(6)} s  ${String(what)}`,
  );
  if (code !== 0) {
    failed += 1;
    console.log(output.trimEnd().split("\n").slice(-80).join("\n").replace(/^/gm, "    "));
  }
}
console.log(failed === 0 ? "check: all parts passed" : `check: ${failed} part(s) failed`);
process.exitCode = failed === 0 ? 0 : 1;
