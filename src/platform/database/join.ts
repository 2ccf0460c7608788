import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import { DATABASE, type EmbeddedDatabase, SECRET } from "./embedded.ts";
import { openFolder } from "./folder.ts";

/**
 * The built-in database that another process of ours runs on this folder: commands work beside a running product.
 * `stop` leaves it running. Errors: `data_folder_not_writable`, `database_not_running`.
 */
export function joinEmbedded(
  dataFolder: string,
): Result<EmbeddedDatabase, Failure<"data_folder_not_writable" | "database_not_running">> {
  const folder = openFolder(dataFolder);
  if (!folder.ok) return folder;
  const { cluster, keys } = folder.value;
  const pidFile = join(cluster, "postmaster.pid");
  const secret = join(keys, SECRET);
  if (!existsSync(pidFile) || !existsSync(secret))
    return fail("unavailable", "database_not_running", "The built-in database of this folder is not running.", cluster);
  const [pid = "0", , , port = "0"] = readFileSync(pidFile, "utf8").split("\n");
  const password = readFileSync(secret, "utf8").trim();
  return ok({
    url: `postgres://${DATABASE}:${encodeURIComponent(password)}@127.0.0.1:${Number(port)}/${DATABASE}`,
    port: Number(port),
    pid: Number(pid),
    keysFolder: keys,
    stop: () => Promise.resolve(),
  });
}
