/**
 * What the law says, as pure functions over dated data. German law: `de/`.
 * No clock, no I/O; days are plain dates, amounts minor units.
 */
export * from "./applicable.ts";
export * from "./country.ts";
export * from "./de/account.ts";
export * from "./de/allocation.ts";
export {
  answerAllocation,
  answerDefault,
  answerInterest,
  answerLedger,
  type InterestAnswer,
} from "./de/answers/answers.ts";
export { type State, STATES } from "./de/data/holiday-rules.ts";
export * from "./de/default-start.ts";
export * from "./de/holidays.ts";
export * from "./de/interest.ts";
export type { AnswerError } from "./de/answers/reading.ts";
export * from "./de/tax.ts";
export * from "./de/terms.ts";
export { answerCosts, answerGarnishment, answerLimitation } from "./de/answers/court.ts";
export * from "./de/costs.ts";
export * from "./de/fees.ts";
export * from "./de/garnishment.ts";
export * from "./de/limitation.ts";
export * from "./de/pursuit/agency.ts";
export * from "./de/pursuit/bureau.ts";
export * from "./de/pursuit/court.ts";
export * from "./de/tables.ts";
export { type InForce, IN_FORCE } from "./de/data/in-force.ts";
export type { ComplianceRule, RuleArea } from "./rules/model.ts";
export { COMPLIANCE_RULES, complianceRule } from "./rules/registry.ts";
export * from "./writing.ts";
