// Builds dist/: the server (TypeScript to JavaScript, one file each) and the console (bundled).
// Runs as npm `prepare`, so it must be quick, quiet, and harmless where only production dependencies are installed.
// Types are not checked here; that is `npm run check`.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");
const require = createRequire(path.join(root, "package.json"));

function packageFile(name, file) {
  try {
    return path.join(path.dirname(require.resolve(`${name}/package.json`)), file);
  } catch {
    return null;
  }
}

function fail(step, detail) {
  process.stderr.write(`build: ${step} failed\n${detail}\n`);
  process.exit(1);
}

/** Everything in src that is not TypeScript: law tables, texts, templates, fonts. */
function copyData(from, to) {
  fs.cpSync(from, to, {
    recursive: true,
    filter: (source) => fs.statSync(source).isDirectory() || !/\.tsx?$/.test(source),
  });
}

/** A finished build takes the old one's place in one step: a process that serves from it never sees half a folder. */
function takePlace(fresh, name) {
  const old = path.join(dist, `${name}.old.${process.pid}`);
  if (fs.existsSync(path.join(dist, name))) fs.renameSync(path.join(dist, name), old);
  fs.renameSync(fresh, path.join(dist, name));
  fs.rmSync(old, { recursive: true, force: true });
}

function buildServer() {
  const tsc = packageFile("typescript", "bin/tsc");
  if (tsc === null) return "typescript is not installed";
  const fresh = path.join(dist, `server.${process.pid}`);
  const run = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", fresh], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) {
    fs.rmSync(fresh, { recursive: true, force: true });
    fail("server", `${run.stdout}${run.stderr}`);
  }
  copyData(path.join(root, "src"), path.join(fresh, "src"));
  takePlace(fresh, "server");
  return null;
}

async function buildConsole() {
  if (packageFile("vite", "package.json") === null) return "vite is not installed";
  const { build } = await import("vite");
  const fresh = path.join(dist, `console.${process.pid}`);
  try {
    await build({
      configFile: path.join(root, "web/console/vite.config.ts"),
      logLevel: "error",
      build: { outDir: fresh },
    });
  } catch (error) {
    fs.rmSync(fresh, { recursive: true, force: true });
    fail("console", error instanceof Error ? error.message : String(error));
  }
  takePlace(fresh, "console");
  return null;
}

const only = process.argv[2];
const skipped = [];
if (only !== "console" && fs.existsSync(path.join(root, "src/main.ts"))) skipped.push(buildServer());
if (only !== "server") skipped.push(await buildConsole());
const reasons = skipped.filter((reason) => reason !== null);
if (reasons.length > 0) {
  process.stderr.write(
    `build: skipped (${reasons.join(", ")}). ${fs.existsSync(dist) ? "The dist/ that is here stays." : "Run npm ci with development dependencies, then npm run build."}\n`,
  );
}
