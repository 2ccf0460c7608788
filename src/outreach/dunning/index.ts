export { decide } from "./decide.ts";
export { type Explanation, explain } from "./explain.ts";
export { dunningTasks } from "./jobs.ts";
export * from "./model.ts";
export { beginRun, previewRun, type RunReview, type WeighedCase } from "./review.ts";
export { runDunning, type RunCounts, type RunFailure, type RunReport, type RunRequest } from "./run.ts";
export { type StrategyInForce, strategyInForce } from "./store.ts";
export * from "./strategies.ts";
export { STANDARD_STRATEGY, type Stage, type Strategy, strategySchema } from "./strategy.ts";
