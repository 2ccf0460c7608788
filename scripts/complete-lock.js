// Completes package-lock.json after an install: optional packages for other platforms that the registry at hand did not
// have are missing from it, and `npm ci` refuses a lock that misses one. Their versions are exact in the package that
// names them and their platform stands in their name, so the entry can be written without asking anybody. A machine
// of that platform then asks its own registry; every other one skips them.
import fs from "node:fs";
import process from "node:process";

const FILE = "package-lock.json";
const OS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPU = {
  arm64: "arm64",
  aarch64: "arm64",
  x64: "x64",
  x86_64: "x64",
  ia32: "ia32",
  i686: "ia32",
  arm: "arm",
  armv7: "arm",
  riscv64: "riscv64",
  ppc64: "ppc64",
  ppc64le: "ppc64",
  s390x: "s390x",
  loong64: "loong64",
  mips64el: "mips64el",
  wasm32: "wasm32",
}; // prettier-ignore

function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = OS.filter((one) => words.includes(one) || (one === "win32" && words.includes("windows")));
  const cpu = [...new Set(words.flatMap((word) => (CPU[word] ? [CPU[word]] : [])))];
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => /^(gnu|glibc)/.test(word))
      ? ["glibc"]
      : null;
  return { cpu, os, ...(libc && os.includes("linux") && { libc }) };
}

const lock = JSON.parse(fs.readFileSync(FILE, "utf8"));
const added = [];
for (const [place, entry] of Object.entries(lock.packages))
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = place === "" ? null : `${place}/node_modules/${name}`;
    const top = `node_modules/${name}`;
    if (lock.packages[top] || (nested && lock.packages[nested])) continue;
    const { cpu, os, libc } = platformOf(name);
    // Optional for another reason than its platform, or not an exact version: not ours to make up.
    if ((os.length === 0 && cpu.length === 0) || !/^\d+\.\d+\.\d+[\w.-]*$/.test(range)) continue;
    lock.packages[top] = {
      version: range,
      ...(cpu.length > 0 && { cpu }),
      ...(entry.dev && { dev: true }),
      ...(libc && { libc }),
      optional: true,
      ...(os.length > 0 && { os }),
    };
    added.push(`${name}@${range}`);
  }

const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
const text = `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`;
if (process.argv.includes("--check")) {
  if (added.length > 0) {
    process.stderr.write(
      `package-lock.json misses ${added.length} optional packages; run node scripts/complete-lock.js\n`,
    );
    process.exit(1);
  }
} else {
  fs.writeFileSync(FILE, text);
  process.stdout.write(`${added.length} entries added\n`);
}
