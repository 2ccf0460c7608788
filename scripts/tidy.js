/**
 * What no other tool looks at: copied code, tests left out, secrets, and a lockfile that names a host.
 *
 *     node scripts/tidy.js
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const SKIPPED = new Set(["node_modules", "dist", ".git", ".cache", "coverage"]);
const filesUnder = (folder) =>
  readdirSync(folder).flatMap((name) => {
    if (SKIPPED.has(name)) return [];
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
const all = filesUnder(root).map((path) => relative(root, path));
const read = (path) => readFileSync(join(root, path), "utf8");
const sources = all.filter((path) => /^(src|web|test|scripts|bin)\//.test(path) && /\.(ts|tsx|js)$/.test(path));
const faults = [];

// ── tests left out ──
for (const path of sources.filter((one) => one.startsWith("test/")))
  read(path)
    .split("\n")
    .forEach((line, index) => {
      if (/\b(test|it|describe)\.(only|skip|todo|fails)\(/.test(line))
        faults.push(`${path}:${index + 1} a test is left out`);
    });

// ── copied code: the same lines in two places ──
const SAME_LINES = 14;
const places = new Map();
const copies = new Map();
for (const path of sources.filter((one) => one.startsWith("src/") || one.startsWith("web/"))) {
  // Data and words are lists by nature.
  if (/\/(data|texts|words|samples)\//.test(path)) continue;
  const lines = read(path)
    .split("\n")
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter(
      ({ text }) =>
        /\w{3}/.test(text) && !/^(import|export|\*|\/\/|\/\*|type |readonly )/.test(text) && !/^\w+,$/.test(text),
    );
  for (let at = 0; at + SAME_LINES <= lines.length; at += 1) {
    const window = lines.slice(at, at + SAME_LINES);
    const key = window.map(({ text }) => text).join("\n");
    const known = places.get(key);
    const here = { path, line: window[0].number };
    if (known === undefined) places.set(key, here);
    else if (known.path !== path || known.line + SAME_LINES <= here.line) {
      const pair = `${known.path} ${path}`;
      if (!copies.has(pair))
        copies.set(pair, `${known.path}:${known.line} and ${here.path}:${here.line} have ${SAME_LINES} lines alike`);
    }
  }
}
faults.push(...copies.values());

// ── secrets ──
const SECRETS = [
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  /\b(?:ghp|gho|github_pat|glpat|xox[abp]|npm)_[A-Za-z0-9_]{20,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bsk_live_[A-Za-z0-9]{16,}/,
  /\b(?:postgres|postgresql|smtps?):\/\/[^\s:@/"'`$…<]+:(?!…|<|\$|password|geheim|secret|wrong|p@|pw)[^\s@"'`$…<]{6,}@(?!127\.|localhost)[a-z0-9.-]+\.(?!example)[a-z]{2,}/i,
];
for (const path of all.filter((one) => !/\.(png|pdf|ttf|woff2|zip|xlsx|ico)$/.test(one) && one !== "scripts/tidy.js")) {
  const text = read(path);
  for (const pattern of SECRETS)
    if (pattern.test(text)) faults.push(`${path} has what looks like a secret (${pattern.source.slice(0, 30)})`);
}

// ── lockfile ──
/** Packages for machines unlike the one that made the lockfile: listed, but never fetched there (see complete-lock.js). */
const otherPlatform = (entry) => entry.optional && (entry.os !== undefined || entry.cpu !== undefined);
const lock = JSON.parse(read("package-lock.json"));
for (const [name, entry] of Object.entries(lock.packages)) {
  if (entry.resolved !== undefined) faults.push(`package-lock.json: ${name} names where it came from`);
  if (name !== "" && !entry.link && !entry.inBundle && entry.integrity === undefined && !otherPlatform(entry))
    faults.push(`package-lock.json: ${name} has no integrity`);
}
const { dependencies, devDependencies } = JSON.parse(read("package.json"));
for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) faults.push(`package.json: ${name} is not at an exact version`);

// ── hosts and large files ──
for (const path of all.filter((one) => /(^|\/)(\.npmrc|package\.json|package-lock\.json)$/.test(one)))
  if (/\bregistry\s*=|https?:\/\/(registry|npm)\./.test(read(path))) faults.push(`${path} names a registry`);
for (const path of all)
  if (statSync(join(root, path)).size > 1024 * 1024) faults.push(`${path} is larger than one MiB`);

if (faults.length > 0) console.error(faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;
