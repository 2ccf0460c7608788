/** Room `reconciliation`: ERP, ledger and bank agree to the cent, or a person knows where not; what goes back to the ERP. */
export type {
  Comparison,
  Difference,
  DifferenceKind,
  Reconciliation,
  ReconciliationState,
  Side,
  Step,
  StepCode,
} from "./model.ts";
export { differenceOf } from "./model.ts";
export {
  compare,
  decideDifference,
  type DifferenceAct,
  mayTakeTheirs,
  reconcile,
  reconcileTenant,
} from "./reconcile.ts";
export { differenceBy, differences, type KeptDifference, type KeptReport, reports } from "./store.ts";
export {
  handBack,
  type HandBackFile,
  handBackFile,
  type HandBackFormat,
  type PendingHandBack,
  pendingHandBack,
} from "./hand-back/batches.ts";
export type { HandBackKind } from "./hand-back/model.ts";
export { type HandBackBatch, handBackBatches, markBatch } from "./hand-back/store.ts";
export { reconciliationTasks } from "./jobs.ts";
