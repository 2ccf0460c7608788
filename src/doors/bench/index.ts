/** Benchmarks: our own work beside a floor measured in the same run; never asserted by a timed test. */
export { benchDunning, type DunningBench, expectedWork } from "./dunning.ts";
export { floorParts } from "./floors.ts";
export { accountIsKnown, BENCH_CLOCK_START, ibanOf, personOf } from "./house.ts";
export { benchImport, type ImportBench } from "./importing.ts";
export { benchMatch, type MatchBench, paymentOf } from "./matching.ts";
export { readStatus, sumBelow } from "./memory.ts";
export { benchPortal, percentile, type PortalBench } from "./portal.ts";
export { customersOf, itemOf, mix, numberOf } from "./portfolio.ts";
export { benchLetters, benchMails, type SendingBench, startMailSink } from "./sending.ts";
export { type BenchEntry, statementFrom } from "./statement.ts";
