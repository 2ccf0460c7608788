/** Reads the law vectors that lie beside the repository; tests that need them are skipped where they are absent. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(process.env["KULANZ_SHARED"] ?? "../shared", "law");
export const sharedLaw = existsSync(FOLDER);
export const skipped = sharedLaw ? "" : ` (skipped: no folder ${FOLDER})`;

export interface Vector {
  readonly id: string;
  readonly expected: unknown;
  readonly [field: string]: unknown;
}
// biome-ignore lint/suspicious/noExplicitAny: files of several shapes
export function lawFile(name: string): any {
  return sharedLaw ? JSON.parse(readFileSync(join(FOLDER, name), "utf8")) : {};
}
export const vectorsOf = (name: string, list = "vectors"): readonly Vector[] => lawFile(name)[list] ?? [];

/** The vector as a caller sends it: without what is expected and without the notes. */
export function question(vector: Vector): unknown {
  const { expected: _expected, note: _note, published: _published, law: _law, source: _source, ...asked } = vector;
  return asked;
}
