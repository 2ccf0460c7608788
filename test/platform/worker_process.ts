/** A worker process of its own, which the test kills: its tasks never end. */
import { randomBytes } from "node:crypto";
import { silentLogger } from "../../src/platform/config/index.ts";
import { defineTask, startLiveness, startWorker } from "../../src/platform/jobs/index.ts";
import { z } from "zod";

const url = process.argv[2] ?? "";
const options = { url, now: () => new Date(), chance: randomBytes, log: silentLogger };
const liveness = await startLiveness(options);
const endless = defineTask("test.endless", z.object({ n: z.number() }), async () => {
  process.send?.({ running: true });
  await new Promise(() => {});
});
await startWorker({ ...options, liveness, tasks: [endless], concurrency: 3 });
process.send?.({ workerId: liveness.workerId });
