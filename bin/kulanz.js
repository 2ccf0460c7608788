#!/usr/bin/env node
// Starts the compiled product. The sources are TypeScript, so dist/ must have been built (npm ci does it).
import fs from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const main = new URL("../dist/server/src/main.js", import.meta.url);
if (fs.existsSync(fileURLToPath(main))) {
  await import(main.href);
} else {
  const message = "Kulanz is not built yet. Run `npm ci` (or `npm run build`) in its folder first.";
  process.stderr.write(`${JSON.stringify({ error: { code: "not_built", message, where: "dist/server" } })}\n`);
  process.exitCode = 1;
}
