/** All compliance rules, in the order of their table in `docs/law.md`, which is made from here. */
import { CHARGING_RULES } from "./charging.ts";
import { CONDUCT_RULES } from "./conduct.ts";
import type { ComplianceRule } from "./model.ts";

export const COMPLIANCE_RULES: readonly ComplianceRule[] = [...CHARGING_RULES, ...CONDUCT_RULES];

/** A rule by its id (`FEE-1`), for a blocker, a screen or a test that names it; null: none. */
export const complianceRule = (id: string): ComplianceRule | null =>
  COMPLIANCE_RULES.find((rule) => rule.id === id) ?? null;
