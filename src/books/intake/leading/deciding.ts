/** A snapshot that was stopped: kept until a person says what it is, then applied exactly as it was, or dropped. */
import type { MappingCorrection } from "../../../pure/formats/index.ts";
import {
  type CreditorId,
  type Currency,
  dateIn,
  type Failure,
  fail,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
  type TenantId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../../platform/access/index.ts";
import { creditorNamed, readBooks } from "../creditors.ts";
import type { FileInput } from "../model.ts";
import { type ListKind, listKindOf, type ListOptions, type Stop, stopLimits } from "./lists.ts";
import { raiseAlarm, resolveAlarm } from "../alarms/store.ts";
import { contentOfList, discardList, holdList, stoppedLists } from "./store.ts";

export interface StoppedImport {
  readonly list: ListOptions;
  readonly stop: Stop;
  readonly content: Buffer;
  readonly mapping: MappingCorrection;
  readonly input: FileInput;
}

/** What kind of list a file is, and of which day: as the import says, else as its creditor has it. */
export async function listOptions(
  act: Act,
  name: string,
  { list, asOf, creditorId, confirmed }: FileInput,
): Promise<Omit<ListOptions, "fingerprint">> {
  const books = await readBooks(act);
  const only = creditorNamed(books, creditorId);
  const kind: ListKind = list ?? (only.ok ? listKindOf(only.value) : "delta");
  const zone = (only.ok ? only.value : books.creditors[0])?.zone ?? "Europe/Berlin";
  return { kind, name, asOf: asOf ?? dateIn(act.tx.now, zone), ...(confirmed ? { confirmed } : {}) };
}

/** How the file was to be read, for the time it is applied. */
interface KeptOptions {
  readonly mapping: MappingCorrection;
  readonly creditorId?: CreditorId;
  readonly currency?: Currency;
}

/** Keeps a stopped snapshot; the same file waits once. */
export async function holdStopped(act: Act, { list, stop, content, mapping, input }: StoppedImport): Promise<void> {
  const { creditorId, currency } = input;
  const options: KeptOptions = {
    mapping,
    ...(creditorId === undefined ? {} : { creditorId }),
    ...(currency === undefined ? {} : { currency }),
  };
  const limits = stopLimits(stop.creditor);
  const listId = await holdList(act, { ...list, shareLimit: limits.share }, stop, content, options);
  await raiseAlarm(act, {
    kind: "snapshot_stopped",
    place: listId,
    creditorId: stop.creditor.creditorId,
    facts: { code: "snapshot_stopped", vanished: stop.vanished.length, of: stop.openBefore },
  });
  await appendAudit(act, {
    act: "list.stopped",
    subject: listId,
    details: { vanished: stop.vanished.length, of: stop.openBefore },
  });
}

export interface SnapshotDecision {
  /** `close`: what vanished is settled in the ERP. `keep`: the file was incomplete, nothing of it is applied. */
  readonly act: "close" | "keep";
  /** With `close`: only these close. */
  readonly receivableIds?: readonly ReceivableId[];
}

/** The file of a waiting snapshot as it is imported when a person confirms it. Failures `list_not_found`, `list_decided`. */
export async function confirmedInput(
  act: Act,
  listId: Uuid,
  receivableIds: readonly ReceivableId[] | undefined,
): Promise<Result<FileInput, Failure>> {
  const [list] = await stoppedLists(act, listId);
  if (!list) return fail("not_found", "list_not_found", "There is no such list.", listId);
  const content = await contentOfList(act, listId);
  if (!content) return fail("conflict", "list_decided", "This list was decided before.", listId);
  const options = list.options as unknown as KeptOptions;
  return ok({
    ...options,
    name: list.name,
    content,
    list: list.kind,
    asOf: list.asOf as PlainDate,
    confirmed: { listId, only: receivableIds ? new Set(receivableIds) : null },
  });
}

/** Drops a waiting snapshot. Failure `list_decided` (or none of this id). */
export async function dropSnapshot(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  listId: Uuid,
): Promise<Result<void, Failure>> {
  return withAct(platform, tenantId, actor, async (act) => {
    if (!(await discardList(act, listId)))
      return fail("conflict", "list_decided", "This list was decided before.", listId);
    await resolveAlarm(act, "snapshot_stopped", listId);
    await appendAudit(act, { act: "list.kept", subject: listId });
    return ok(undefined);
  });
}
