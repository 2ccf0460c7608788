/** SQL of `file_alarm`: raised once, resolved when what was missing is there. */
import {
  type CreditorId,
  deterministicUuid,
  type Instant,
  type PlainDate,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, listTenants, type Platform } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";

export type AlarmKind =
  | "missing_statement"
  | "statement_gap"
  | "statement_broken"
  | "refused_file"
  | "source_failed"
  | "snapshot_stopped";

const ALARM_KINDS: readonly AlarmKind[] = [
  "missing_statement",
  "statement_gap",
  "statement_broken",
  "refused_file",
  "source_failed",
  "snapshot_stopped",
];

export interface AlarmInput {
  readonly kind: AlarmKind;
  /** The same place is the same alarm. */
  readonly place: string;
  readonly creditorId?: CreditorId | undefined;
  readonly sourceId?: Uuid;
  readonly account?: string;
  readonly day?: PlainDate;
  /** Codes, days, amounts; never a name. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

export interface FileAlarm {
  readonly alarmId: Uuid;
  readonly kind: AlarmKind;
  readonly creditorId: CreditorId | null;
  readonly sourceId: Uuid | null;
  readonly account: string | null;
  readonly day: PlainDate | null;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly raisedAt: Instant;
  readonly resolvedAt: Instant | null;
}

const idOf = (act: Act, kind: AlarmKind, place: string): Uuid =>
  deterministicUuid("file_alarm", act.tx.tenantId, kind, place);

/** Raises an alarm, or an old one again. One that stands keeps its beginning. */
export async function raiseAlarm(act: Act, alarm: AlarmInput): Promise<Uuid> {
  const { tx } = act;
  const alarmId = idOf(act, alarm.kind, alarm.place);
  await tx.execute(sql`
    insert into file_alarm as a (tenant_id, alarm_id, kind, creditor_id, source_id, account, day, facts, raised_at)
    values (${tx.tenantId}, ${alarmId}, ${alarm.kind}, ${alarm.creditorId ?? null}::uuid, ${alarm.sourceId ?? null}::uuid,
            ${alarm.account ?? null}, ${alarm.day ?? null}::date, ${JSON.stringify(alarm.facts ?? {})}::jsonb, ${tx.now})
    on conflict (alarm_id) do update set facts = excluded.facts, day = excluded.day,
      raised_at = case when a.resolved_at is null then a.raised_at else excluded.raised_at end, resolved_at = null`);
  return alarmId;
}

/** Resolves the alarm of a kind and place, if it stands. */
export async function resolveAlarm(act: Act, kind: AlarmKind, place: string): Promise<void> {
  await act.tx.execute(sql`
    update file_alarm set resolved_at = ${act.tx.now}
    where tenant_id = ${act.tx.tenantId} and alarm_id = ${idOf(act, kind, place)} and resolved_at is null`);
}

/** Resolves alarms of a creditor and of these kinds that were not raised just now. */
export async function resolveOthers(
  { tx }: Act,
  creditorId: CreditorId,
  kinds: readonly AlarmKind[],
  standing: readonly Uuid[],
): Promise<void> {
  await tx.execute(sql`
    update file_alarm set resolved_at = ${tx.now}
    where tenant_id = ${tx.tenantId} and creditor_id = ${creditorId} and kind = any(${[...kinds]}::text[])
      and resolved_at is null and alarm_id <> all(${[...standing]}::uuid[])`);
}

/** Alarms that stand, oldest first. */
export async function fileAlarms({ tx }: Act): Promise<FileAlarm[]> {
  const rows = await tx.rows<{
    alarm_id: Uuid;
    kind: AlarmKind;
    creditor_id: CreditorId | null;
    source_id: Uuid | null;
    account: string | null;
    day: PlainDate | null;
    facts: FileAlarm["facts"];
    raised_at: Instant;
    resolved_at: Instant | null;
  }>(sql`
    select alarm_id, kind, creditor_id, source_id, account, day, facts, raised_at, resolved_at from file_alarm
    where tenant_id = ${tx.tenantId} and resolved_at is null order by raised_at, alarm_id`);
  return rows.map((row) => ({
    alarmId: row.alarm_id,
    kind: row.kind,
    creditorId: row.creditor_id,
    sourceId: row.source_id,
    account: row.account,
    day: row.day,
    facts: row.facts,
    raisedAt: row.raised_at,
    resolvedAt: row.resolved_at,
  }));
}

/** Alarms that stand in all tenants, by kind; every kind is there, with zero when none stands. */
export async function openAlarms({ database }: Pick<Platform, "database">): Promise<ReadonlyMap<AlarmKind, number>> {
  const counts = new Map<AlarmKind, number>(ALARM_KINDS.map((kind) => [kind, 0]));
  for (const tenantId of await listTenants(database)) {
    const rows = await database.tenant(tenantId, (tx) =>
      tx.rows<{ kind: AlarmKind; count: number }>(sql`
        select kind, count(*)::int as count from file_alarm
        where tenant_id = ${tenantId} and resolved_at is null group by kind`),
    );
    for (const { kind, count } of rows) counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return counts;
}
