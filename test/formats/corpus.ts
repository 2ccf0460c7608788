/** Files of other makers that stand beside the repository; tests that need them are skipped where they are absent. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

export const SHARED = resolve(process.env["KULANZ_SHARED"] ?? "../shared");
export const hasShared = existsSync(`${SHARED}/corpora`);
if (!hasShared) console.warn(`skipped: no reference files at ${SHARED} (set KULANZ_SHARED)`);
export const sharedJson = (path: string): unknown => JSON.parse(readFileSync(`${SHARED}/${path}`, "utf8"));
export const corpusBytes = (path: string): Buffer => readFileSync(`${SHARED}/corpora/${path}`);
