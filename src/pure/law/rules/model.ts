/** What Kulanz holds itself to, rule by rule: the words, the paragraph, the place that enforces it and the test. */

export type RuleArea =
  | "default"
  | "interest"
  | "fee"
  | "cost"
  | "allocation"
  | "limitation"
  | "court"
  | "credit"
  | "dispute"
  | "bureau"
  | "scoring"
  | "ai"
  | "contact"
  | "information"
  | "insolvency"
  | "vulnerable"
  | "rdg"
  | "accessibility"
  | "privacy";

export interface ComplianceRule {
  readonly id: string;
  readonly area: RuleArea;
  /** `must`: law or settled case law. `should`: prudence, may be set otherwise by a creditor. */
  readonly level: "must" | "should";
  readonly title: { readonly de: string; readonly en: string };
  /** Paragraph or decision. */
  readonly law: string;
  /** First day, where the rule is new or changes. */
  readonly since?: string;
  /** `module#name`, below `src/`: remove it and the test turns red. */
  readonly enforcedBy: readonly string[];
  /** `file#title`, below `test/`; the title is that of a test, of its group or of its row. */
  readonly tests: readonly string[];
  /** The product has no place yet where the rule could be broken; when it has one. */
  readonly bitesWhen?: string;
  /** What a person must still see to. */
  readonly open?: string;
}
