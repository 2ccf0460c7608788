/** Imports one file and prints acknowledgements; started and killed by `intake.test.ts`. */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { importFile } from "../../src/books/intake/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import { createDatabase } from "../../src/platform/database/index.ts";
import { masterKeyFrom, masterKeySet, openVault } from "../../src/platform/sealed/index.ts";
import { expectOk, type TenantId } from "../../src/pure/kernel/index.ts";

const env = (name: string): string => process.env[name] ?? "";
const database = createDatabase({
  url: env("URL_OF_DATABASE"),
  now: () => new Date(),
  chance: randomBytes,
  log: silentLogger,
});
const keys = masterKeySet([masterKeyFrom(Buffer.from(env("MASTER_KEY"), "hex"))]);
const vault = expectOk(await openVault(database, keys, randomBytes));
process.stdout.write("started\n");
await importFile(
  { database, vault },
  env("TENANT") as TenantId,
  { kind: "system", id: "intake" },
  { name: env("FILE"), content: () => createReadStream(env("FILE")) },
  { onAck: ({ kind }) => process.stdout.write(`${kind}\n`) },
);
process.stdout.write(`done ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB\n`);
await database.close();
