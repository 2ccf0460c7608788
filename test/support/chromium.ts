/**
 * The Chromium that lies inside the npm package @sparticuz/chromium, unpacked once a user and version.
 * Works as root and as a user, without a system browser. Only for pages of our own: it is older than today's fixes.
 */
import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { type Browser, chromium } from "playwright-core";

const PACKED: readonly (readonly [archive: string, folder: string])[] = [
  ["al2023", "al2023"],
  ["fonts", "fonts"],
  ["swiftshader", "."],
];

async function unpack(packageFolder: string, into: string): Promise<void> {
  const draft = `${into}.${process.pid}`;
  for (const folder of ["al2023", "fonts"]) mkdirSync(join(draft, folder), { recursive: true });
  const unbrotli = (from: string, to: string, mode = 0o644): Promise<void> =>
    pipeline(
      createReadStream(join(packageFolder, "bin", from)),
      createBrotliDecompress(),
      createWriteStream(to, { mode }),
    );
  await unbrotli("chromium.br", join(draft, "chromium"), 0o755);
  for (const [archive, folder] of PACKED) {
    const tar = join(draft, `${archive}.tar`);
    await unbrotli(`${archive}.tar.br`, tar);
    const done = spawnSync("tar", ["xf", tar, "-C", join(draft, folder)]);
    if (done.status !== 0) throw new Error(`tar: ${String(done.stderr ?? done.error)}`);
    rmSync(tar);
  }
  mkdirSync(dirname(into), { recursive: true });
  try {
    renameSync(draft, into);
  } catch {
    rmSync(draft, { recursive: true, force: true }); // another process was faster
  }
}

/** A browser, ready. Close it after use. */
export async function launchChromium(): Promise<Browser> {
  const packageFolder = resolve(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "../..");
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir() || tmpdir(), ".cache");
  const folder = join(cache, "kulanz", `chromium-${version}-${process.getuid?.() ?? 0}`);
  const executablePath = join(folder, "chromium");
  if (!existsSync(executablePath)) await unpack(packageFolder, folder);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  const libraries = spawnSync("ldd", [executablePath], { encoding: "utf8" });
  if (libraries.error || /not found|error/.test(libraries.stdout + libraries.stderr))
    env["LD_LIBRARY_PATH"] = [join(folder, "al2023/lib"), env["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  if (!existsSync("/etc/fonts/fonts.conf")) env["FONTCONFIG_PATH"] = join(folder, "fonts");
  return chromium.launch({ executablePath, env, args: ["--no-sandbox", "--font-render-hinting=none"] });
}
