/** Benchmarks: our own work beside a floor measured in the same run; never asserted by a timed test. */
export { benchDunning, type DunningBench, expectedWork } from "./dunning.ts";
export { floorParts } from "./floors.ts";
export { benchImport, type ImportBench, statementOf } from "./importing.ts";
export { readStatus, sumBelow } from "./memory.ts";
export { BASE_DAY, customersOf, itemOf, mix, numberOf, writePortfolio } from "./portfolio.ts";
