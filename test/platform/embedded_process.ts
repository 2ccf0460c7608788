/** Starts the embedded database of a folder and keeps it until told to stop, to exit without a stop, or killed. */
import { randomBytes } from "node:crypto";
import { silentLogger } from "../../src/platform/config/index.ts";
import { startEmbedded } from "../../src/platform/database/index.ts";

const started = await startEmbedded({ folder: process.argv[2] ?? "", chance: randomBytes, log: silentLogger });
process.send?.(started.ok ? { url: started.value.url, pid: started.value.pid } : { error: started.error });
process.on("message", async (message) => {
  if (message !== "exit" && started.ok) await started.value.stop();
  process.exit(0);
});
