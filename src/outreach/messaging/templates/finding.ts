/** What a check found in a text: a named rule, a sentence for the person who wrote it, and the place. */
export interface Finding {
  /** Stable snake_case name of the rule. */
  readonly rule: string;
  readonly message: string;
  /** Key of the text or name of the file. */
  readonly where: string;
  /** Line in its file, from 1. */
  readonly line: number;
  /** `error` stops publishing; `warning` is shown. */
  readonly severity: "error" | "warning";
}
