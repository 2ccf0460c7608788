/** A person's decision about a snapshot that was stopped. */
import { type Failure, fail, ok, type Result, type TenantId, type Uuid } from "../../../pure/kernel/index.ts";
import { type Actor, type Platform, withAct } from "../../../platform/access/index.ts";
import { importFile } from "../files.ts";
import { confirmedInput, dropSnapshot, type SnapshotDecision } from "./deciding.ts";
import { type StoppedList, stoppedLists } from "./store.ts";

/**
 * Applies a waiting snapshot exactly as it was, or drops it. Failures: `list_not_found`, `list_decided`,
 * `snapshot_outdated` (a younger one was applied meanwhile), those of `importFile`.
 */
export async function decideSnapshot(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  listId: Uuid,
  decision: SnapshotDecision,
): Promise<Result<StoppedList, Failure>> {
  if (decision.act === "keep") {
    const dropped = await dropSnapshot(platform, tenantId, actor, listId);
    if (!dropped.ok) return dropped;
  } else {
    const input = await withAct(platform, tenantId, actor, (act) =>
      confirmedInput(act, listId, decision.receivableIds),
    );
    if (!input.ok) return input;
    const report = await importFile(platform, tenantId, actor, input.value);
    if (report.status === "refused") {
      const { code = "refused", message = "The list could not be applied." } = report.error ?? {};
      return fail("conflict", code, message, listId);
    }
  }
  const [decided] = await withAct(platform, tenantId, actor, (act) => stoppedLists(act, listId));
  return decided ? ok(decided) : fail("not_found", "list_not_found", "There is no such list.", listId);
}
