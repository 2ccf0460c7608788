/** Benchmarks: our own work beside a floor measured in the same run; never asserted by a timed test. */
export { benchDunning, type DunningBench, expectedRise } from "./dunning.ts";
export { benchImport, type ImportBench, statementOf } from "./importing.ts";
export { BASE_DAY, customersOf, itemOf, mix, numberOf, writePortfolio } from "./portfolio.ts";
