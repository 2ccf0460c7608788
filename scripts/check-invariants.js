/**
 * Proves that the tests of the invariants can fail: each `test/invariants/NN.patch` breaks its invariant in a copy of the
 * tree, and `NN.test.ts` must then be red. A patch that no longer applies, or a test that stays green, fails the check.
 *
 *     node scripts/check-invariants.js [NN …]
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "test/invariants");
const asked = process.argv.slice(2);
const numbers = readdirSync(folder)
  .flatMap((name) => /^(\d\d)\.test\.ts$/.exec(name)?.[1] ?? [])
  .filter((number) => asked.length === 0 || asked.includes(number))
  .sort();
// What tests and product read of the tree. node_modules is shared.
const NEEDED = [
  "src",
  "test",
  "migrations",
  "samples",
  "scripts",
  "docs",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];
const work = mkdtempSync(join(tmpdir(), "kulanz-invariants-"));

function copyTree(number) {
  const tree = join(work, number);
  for (const name of NEEDED)
    if (existsSync(join(root, name))) cpSync(join(root, name), join(tree, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  return tree;
}

function run(command, words, cwd) {
  return new Promise((done) => {
    const child = spawn(command, words, { cwd, env: { ...process.env, CI: "1" } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (output += bytes));
    child.once("error", (error) => done({ code: 127, output: error.message }));
    child.once("exit", (code) => done({ code: code ?? 1, output }));
  });
}

/** What came of one patch: `red` is what we want. */
async function prove(number) {
  const patch = join(folder, `${number}.patch`);
  if (!existsSync(patch)) return { number, verdict: "no patch" };
  const tree = copyTree(number);
  try {
    const applied = spawnSync("git", ["apply", "-C1", "--whitespace=nowarn", patch], {
      cwd: tree,
      encoding: "utf8",
      // The copy is no repository; without this git would look for one above it and apply nothing.
      env: { ...process.env, GIT_DIR: join(tree, ".none"), GIT_CEILING_DIRECTORIES: work },
    });
    if (applied.status !== 0) return { number, verdict: "does not apply", detail: applied.stderr.trim() };
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const words = [vitest, "run", `test/invariants/${number}.test.ts`, "--reporter=json", "--outputFile=result.json"];
    const { code, output } = await run(process.execPath, words, tree);
    if (code === 0) return { number, verdict: "stays green" };
    const result = JSON.parse(
      await import("node:fs/promises").then(({ readFile }) => readFile(join(tree, "result.json"), "utf8")),
    );
    const failed = result.testResults.flatMap((file) => file.assertionResults.filter((one) => one.status === "failed"));
    // Red because an assertion spoke, not because the patched source does not even load.
    if (failed.length === 0) return { number, verdict: "breaks the file, not the test", detail: output.slice(-2000) };
    return { number, verdict: "red", detail: failed.map((one) => one.title).join(" · ") };
  } catch (error) {
    return { number, verdict: "check failed", detail: error.message };
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

const results = [];
const queue = [...numbers];
await Promise.all(
  Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
      const started = performance.now();
      const result = await prove(number);
      results.push(result);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${result.number}  ${result.verdict.padEnd(14)} ${seconds.padStart(6)} s  ${result.detail ?? ""}`);
    }
  }),
);
rmSync(work, { recursive: true, force: true });
const wrong = results.filter(({ verdict }) => verdict !== "red");
console.log(
  wrong.length === 0
    ? `${results.length} invariants: each test turns red when its invariant is broken.`
    : `Not proven: ${wrong.map(({ number, verdict }) => `${number} (${verdict})`).join(", ")}`,
);
process.exitCode = wrong.length === 0 && results.length > 0 ? 0 : 1;
