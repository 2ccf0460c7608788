/**
 * The audit chain of a tenant: what was done, by whom, in order. Each entry's hash is SHA-256 over the hash before it
 * and the entry as canonical JSON (keys sorted, no spaces, RFC 8785 for the values we allow), so a changed, removed or
 * inserted entry breaks all that follow. The end of the chain can only be cut off unseen by somebody whose hash
 * nobody wrote down: `expect` takes such a note.
 */
import { createHash } from "node:crypto";
import { type Failure, fail, type Instant, ok, type Result } from "../../pure/kernel/index.ts";
import { sql, type TenantTransaction } from "../database/index.ts";
import { type Act, actorName } from "./model.ts";

type AuditValue = string | number | boolean | null | readonly AuditValue[] | { readonly [key: string]: AuditValue };
/** Ids, codes, counts, days, hashes: never a text or anything that names a person. */
export type AuditDetails = { readonly [key: string]: AuditValue };

export interface AuditNote {
  /** `customer.searched`, `run.batch`, `match.booked`. */
  readonly act: string;
  /** Id of what was acted on. */
  readonly subject?: string;
  readonly details?: AuditDetails;
}

interface EntryRow {
  readonly sequence: bigint;
  readonly at: Instant;
  readonly actor: string;
  readonly act: string;
  readonly subject: string | null;
  readonly details: AuditDetails;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

export const FIRST_HASH = Buffer.alloc(32);

/** Keys in code unit order; what JSON has no word for (undefined, NaN) is a bug. */
export function canonicalJson(value: AuditValue): string {
  if (Array.isArray(value)) return `[${value.map((part) => canonicalJson(part as AuditValue)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const object = value as { readonly [key: string]: AuditValue };
    const members = Object.keys(object).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] as AuditValue)}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error("not a number of JSON");
  const text = JSON.stringify(value);
  if (text === undefined) throw new Error(`not a value of JSON: ${typeof value}`);
  return text;
}

/** One word (id, code, hash, day): a sentence, a name or an e-mail address in the chain could never be erased again. */
function checkWords(value: AuditValue): void {
  if (typeof value === "string") {
    if (!/^[\w.:/+=,-]{0,200}$/.test(value)) throw new Error("audit details take ids and codes, no texts");
  } else if (typeof value === "object" && value !== null) Object.values(value).forEach(checkWords);
}

function hashOf(tenantId: string, entry: Omit<EntryRow, "hash" | "previous_hash">, previous: Buffer): Buffer {
  const text = canonicalJson({
    tenant: tenantId,
    sequence: entry.sequence.toString(),
    at: entry.at.toISOString(),
    actor: entry.actor,
    act: entry.act,
    subject: entry.subject,
    details: entry.details,
  });
  return createHash("sha256").update(previous).update(text).digest();
}

/**
 * Appends entries in the caller's transaction. It takes the row lock of the tenant's head until that transaction ends,
 * so call it last: after the locks on customers, before the commit. Returns the hash of the last entry.
 */
export async function appendAudits(
  { tx, actor }: Pick<Act, "tx" | "actor">,
  notes: readonly AuditNote[],
): Promise<Buffer> {
  let head = await lockHead(tx);
  const entries: EntryRow[] = [];
  for (const note of notes) {
    if (!/^[a-z_]+(\.[a-z_]+)+$/.test(note.act)) throw new Error(`not the name of an act: ${note.act}`);
    const details = note.details ?? {};
    checkWords(details);
    checkWords(note.subject ?? null);
    const entry = {
      sequence: head.sequence + 1n,
      at: tx.now,
      actor: actorName(actor),
      act: note.act,
      subject: note.subject ?? null,
      details,
    };
    const hash = hashOf(tx.tenantId, entry, head.hash);
    entries.push({ ...entry, previous_hash: head.hash, hash });
    head = { sequence: entry.sequence, hash };
  }
  if (entries.length === 0) return head.hash;
  await tx.execute(sql`
    with entries as (
      insert into audit_entry (tenant_id, sequence, at, actor, act, subject, details, previous_hash, hash)
      select ${tx.tenantId}::uuid, e.sequence, ${tx.now}::timestamptz, ${actorName(actor)}::text, e.act, e.subject, e.details, e.previous_hash, e.hash
      from unnest(${entries.map((e) => e.sequence.toString())}::bigint[], ${entries.map((e) => e.act)}::text[],
                  ${entries.map((e) => e.subject)}::text[], ${entries.map((e) => canonicalJson(e.details))}::jsonb[],
                  ${entries.map((e) => e.previous_hash)}::bytea[], ${entries.map((e) => e.hash)}::bytea[])
           as e (sequence, act, subject, details, previous_hash, hash))
    update audit_head set sequence = ${head.sequence.toString()}::bigint, hash = ${head.hash} where tenant_id = ${tx.tenantId}`);
  return head.hash;
}

/** One entry; see `appendAudits`. */
export async function appendAudit(act: Pick<Act, "tx" | "actor">, note: AuditNote): Promise<Buffer> {
  return appendAudits(act, [note]);
}

interface Head {
  readonly sequence: bigint;
  readonly hash: Buffer;
}

async function lockHead(tx: TenantTransaction): Promise<Head> {
  const locked = sql`select sequence, hash from audit_head where tenant_id = ${tx.tenantId} for update`;
  const head = await tx.one<Head>(locked);
  if (head) return head;
  await tx.execute(sql`
    insert into audit_head (tenant_id, sequence, hash) values (${tx.tenantId}, 0, ${FIRST_HASH}) on conflict do nothing`);
  const made = await tx.one<Head>(locked);
  if (!made) throw new Error("the head of the audit chain is missing");
  return made;
}

export interface AuditVerified {
  readonly entries: number;
  /** Hex; zeros for an empty chain. */
  readonly head: string;
}

/**
 * Recomputes the whole chain. Failures: `audit_broken` (where: first sequence that does not follow),
 * `audit_head_wrong` (entries are missing at the end), `audit_expected_missing` (the noted hash is not in the chain).
 */
export async function verifyAudit(
  tx: TenantTransaction,
  expect?: string,
): Promise<Result<AuditVerified, Failure<"audit_broken" | "audit_head_wrong" | "audit_expected_missing">>> {
  // The head first: entries that are committed while we read lie behind it and are left for the next time.
  const head = (await tx.one<Head>(sql`select sequence, hash from audit_head where tenant_id = ${tx.tenantId}`)) ?? {
    sequence: 0n,
    hash: FIRST_HASH,
  };
  let last: Head = { sequence: 0n, hash: FIRST_HASH };
  let found = expect === undefined || expect === FIRST_HASH.toString("hex");
  for (;;) {
    const rows = await tx.rows<EntryRow>(sql`
      select sequence, at, actor, act, subject, details, previous_hash, hash from audit_entry
      where tenant_id = ${tx.tenantId} and sequence > ${last.sequence.toString()}::bigint
      order by sequence limit 2000`);
    if (rows.length === 0) break;
    for (const row of rows) {
      const follows = row.sequence === last.sequence + 1n && row.previous_hash.equals(last.hash);
      if (!follows || !hashOf(tx.tenantId, row, row.previous_hash).equals(row.hash)) return broken(last.sequence + 1n);
      if (row.sequence === head.sequence && !row.hash.equals(head.hash)) return broken(row.sequence);
      found ||= row.hash.toString("hex") === expect?.toLowerCase();
      last = row;
    }
  }
  if (last.sequence < head.sequence || (last.sequence > head.sequence && !(await headMoved(tx, last))))
    return fail(
      "conflict",
      "audit_head_wrong",
      `The chain ends at entry ${last.sequence}, but ${head.sequence} were written.`,
      String(last.sequence + 1n),
    );
  if (!found)
    return fail(
      "conflict",
      "audit_expected_missing",
      "The noted hash is not in this chain: entries were removed or replaced.",
    );
  return ok({ entries: Number(last.sequence), head: last.hash.toString("hex") });
}

const broken = (sequence: bigint): { ok: false; error: Failure<"audit_broken"> } =>
  fail(
    "conflict",
    "audit_broken",
    `Entry ${sequence} of the audit chain does not follow from the one before it.`,
    String(sequence),
  );

async function headMoved(tx: TenantTransaction, last: Head): Promise<boolean> {
  const head = await tx.one<Head>(sql`select sequence, hash from audit_head where tenant_id = ${tx.tenantId}`);
  return head !== undefined && head.sequence >= last.sequence;
}

export interface AuditLine {
  readonly sequence: bigint;
  readonly at: Instant;
  readonly actor: string;
  readonly act: string;
  readonly subject: string | null;
  readonly details: AuditDetails;
  readonly hash: Buffer;
}

export interface AuditFilter {
  readonly actor?: string;
  readonly act?: string;
  readonly subject?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly limit: number;
  readonly offset: number;
}

/** Newest first, with the number of all that match. */
export async function listAudit(
  tx: TenantTransaction,
  filter: AuditFilter,
): Promise<{ readonly rows: readonly AuditLine[]; readonly total: number }> {
  const rows = await tx.rows<AuditLine & { total: bigint }>(sql`
    select sequence, at, actor, act, subject, details, hash, count(*) over () as total from audit_entry
    where tenant_id = ${tx.tenantId}
      and (${filter.actor ?? null}::text is null or actor = ${filter.actor ?? null})
      and (${filter.act ?? null}::text is null or act = ${filter.act ?? null})
      and (${filter.subject ?? null}::text is null or subject = ${filter.subject ?? null})
      and (${filter.from ?? null}::timestamptz is null or at >= ${filter.from ?? null})
      and (${filter.to ?? null}::timestamptz is null or at < ${filter.to ?? null})
    order by sequence desc limit ${filter.limit} offset ${filter.offset}`);
  return { rows: rows.map(({ total: _, ...row }) => row), total: Number(rows[0]?.total ?? 0n) };
}
