/**
 * The figures of the product on this machine, one JSON line a bench. Sizes are small unless given:
 *
 *     npm run bench                     all, small
 *     npm run bench -- dunning --items 1000000
 */
import { spawnSync } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const ALL = [
  ["dunning", "--items", "50000"],
  ["import", "--entries", "20000"],
];
const words = process.argv.slice(2);
let code = 0;
for (const bench of words.length > 0 ? [words] : ALL) {
  const run = spawnSync(process.execPath, [join(root, "bin/kulanz.js"), "bench", ...bench, "--json"], {
    stdio: "inherit",
  });
  if (run.status !== 0) code = 1;
}
process.exitCode = code;
