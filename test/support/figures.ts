/** Figures a test measured, for `npm run bench`: one JSON line each into the file that `KULANZ_FIGURES` names. */
import { appendFileSync } from "node:fs";

export interface Figure {
  /** What was measured, on how much. */
  readonly what: string;
  readonly count: number;
  /** Shares between 0 and 1; `wrong` is a count. */
  readonly precision: number;
  readonly recall: number;
  readonly wrong: number;
  /** Where proposals are ranked: share of right ones among the first three. */
  readonly inThree?: number;
}

export function figure(row: Figure): void {
  const file = process.env["KULANZ_FIGURES"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}
