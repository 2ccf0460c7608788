/** The console as it ships, built once for all test files: under the name of its sources, so a change builds anew. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const CACHE = "node_modules/.cache/kulanz-console";

/** Folder of the built console. */
export async function builtConsole(): Promise<string> {
  const name = createHash("sha256");
  const files = readdirSync("web/console", { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  for (const path of [...files.map((one) => join(one.parentPath, one.name)).sort(), "package-lock.json"])
    name.update(path).update("\0").update(readFileSync(path));
  const folder = join(process.cwd(), CACHE, name.digest("hex").slice(0, 20));
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const older = readdirSync(CACHE).filter((one) => !one.startsWith("draft-"));
  const draft = mkdtempSync(join(process.cwd(), CACHE, "draft-"));
  await build({ configFile: "web/console/vite.config.ts", logLevel: "error", build: { outDir: draft } });
  try {
    renameSync(draft, folder);
    // Another run may still serve the newest of the others.
    for (const one of older.slice(0, -1)) rmSync(join(CACHE, one), { recursive: true, force: true });
  } catch {
    rmSync(draft, { recursive: true, force: true }); // another test file was faster
  }
  return folder;
}
