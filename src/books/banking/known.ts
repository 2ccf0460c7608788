/** Entries that other statements brought: looked up once an amount, kept while a statement is taken in. */
import { addDays, type PlainDate, type Uuid } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { arrayOf, sql } from "../../platform/database/index.ts";
import {
  Candidates,
  type ComingEntry,
  type ComingStatement,
  DAYS_BETWEEN,
  namesNobody,
  paired,
  type StoredEntry,
} from "./sameness.ts";

/** An entry with what it is recognised by. */
export interface Recognisable extends ComingEntry {
  readonly entryNumber: number;
  readonly transactionNumber: number;
  readonly dayKey: Buffer;
  readonly batchKey: Buffer | null;
}

export interface StatementPlace extends ComingStatement {
  readonly account: string;
  /** Its fingerprint. */
  readonly statement: Buffer;
  readonly fileFingerprint: Buffer;
  /** Number of its first entry in the file. */
  readonly firstEntry: number;
}

/** `known`: stored before, as that entry. `fresh`: to be stored. */
export interface Recognised<Coming> {
  readonly fresh: readonly Coming[];
  readonly known: readonly (readonly [Coming, Uuid])[];
  /** Batch totals that the fresh details stand for. */
  readonly replaced: readonly Buffer[];
  /** Batches whose total was booked as a whole before their details came. */
  readonly bookedWhole: number;
}

const keyText = (key: Buffer): string => key.toString("latin1");

/** What is known of one statement's entries while it is taken in. */
export class KnownEntries {
  private readonly act: Act;
  private readonly place: StatementPlace;
  private readonly asked = new Set<string>();
  /** False: no other file has told of this account, so nothing can be known. Undefined: not asked yet. */
  private others: boolean | undefined;
  private readonly byDay = new Map<string, Candidates>();
  private readonly totals = new Map<string, StoredEntry[]>();
  private readonly details = new Map<string, Map<string, StoredEntry[]>>();
  private readonly taken = new Set<StoredEntry>();
  private readonly rows = new Map<Uuid, StoredEntry>();
  private readonly kept = new Set<string>();
  private readonly takenBatches = new Set<string>();
  /** What was decided of a batch, by its number in the file: details may come in several rounds. */
  private readonly batches = new Map<number, StoredEntry | null>();

  constructor(act: Act, place: StatementPlace) {
    this.act = act;
    this.place = place;
  }

  /** The account is locked while its statements come in, so the answer stays true. */
  private async toldByOthers(): Promise<boolean> {
    const { tx } = this.act;
    this.others ??=
      this.place.firstEntry > 1 ||
      (await tx.one(sql`
        select 1 from statement s where s.tenant_id = ${tx.tenantId} and s.account = ${this.place.account}
          and not (s.fingerprint = ${this.place.statement} and s.file_fingerprint = ${this.place.fileFingerprint})
        limit 1`)) !== undefined;
    return this.others;
  }

  private async ask(coming: readonly Recognisable[]): Promise<void> {
    if (!(await this.toldByOthers())) return;
    // Asked again, nothing is kept twice; a statement of a hundred thousand entries must not be remembered whole.
    if (this.asked.size > 20_000) this.asked.clear();
    const fresh = new Map<string, Buffer>();
    let from: PlainDate | undefined;
    let to: PlainDate | undefined;
    for (const { dayKey, batchKey, bookedOn } of coming)
      for (const key of batchKey ? [dayKey, batchKey] : [dayKey]) {
        const asked = `${bookedOn}${keyText(key)}`;
        if (this.asked.has(asked)) continue;
        this.asked.add(asked);
        fresh.set(keyText(key), key);
        from = from === undefined || bookedOn < from ? bookedOn : from;
        to = to === undefined || bookedOn > to ? bookedOn : to;
      }
    if (from === undefined || to === undefined) return;
    const keys = [...fresh.values()];
    const { tx } = this.act;
    const columns = sql`e.fingerprint, e.entry_id, e.statement_fingerprint, e.entry_number, e.transaction_number, e.day_key,
      e.batch_key, e.evidence, e.booked_on, e.value_on, e.status, e.replaced, s.kind, s.opening_minor, s.closing_minor`;
    const others = sql`e.tenant_id = ${tx.tenantId} and s.tenant_id = e.tenant_id
      and e.booked_on between ${addDays(from, -DAYS_BETWEEN)}::date and ${addDays(to, DAYS_BETWEEN)}::date
      and not (e.file_fingerprint = ${this.place.fileFingerprint} and e.entry_number >= ${this.place.firstEntry})`;
    const rows = await tx.rows<StoredEntry & { as_detail: boolean }>(sql`
      select ${columns}, false as as_detail from bank_entry e join statement s on s.fingerprint = e.statement_fingerprint
      where e.day_key = any(${arrayOf("bytea", keys)}) and ${others}
      union all
      select ${columns}, true as as_detail from bank_entry e join statement s on s.fingerprint = e.statement_fingerprint
      where e.batch_key = any(${arrayOf("bytea", keys)}) and ${others}`);
    for (const row of rows) this.keep(row, row.as_detail);
  }

  private keep(read: StoredEntry, asDetail: boolean): void {
    // A detail is read twice, by its own amount and by its batch's.
    const row = this.rows.get(read.entry_id) ?? read;
    this.rows.set(row.entry_id, row);
    const place = `${asDetail}${row.entry_id}`;
    if (this.kept.has(place)) return;
    this.kept.add(place);
    if (asDetail && row.batch_key) {
      const groups = this.details.get(keyText(row.batch_key)) ?? new Map<string, StoredEntry[]>();
      this.details.set(keyText(row.batch_key), groups);
      const group = `${row.statement_fingerprint.toString("hex")}/${row.entry_number}`;
      const rows = groups.get(group);
      if (rows) rows.push(row);
      else groups.set(group, [row]);
      return;
    }
    const key = keyText(row.day_key);
    const candidates = this.byDay.get(key) ?? new Candidates();
    this.byDay.set(key, candidates);
    candidates.add(row);
    if (row.batch_key !== null || row.replaced || !mayBeTotal(row.kind, row.transaction_number, row.evidence)) return;
    const totals = this.totals.get(key);
    if (totals) totals.push(row);
    else this.totals.set(key, [row]);
  }

  async recognise<Coming extends Recognisable>(coming: readonly Coming[]): Promise<Recognised<Coming>> {
    await this.ask(coming);
    // Batches first: what stands for one is not free for a single payment of the same amount.
    const settled = new Map<Coming, StoredEntry>();
    const replaced = new Map<string, Buffer>();
    const ofBatch = new Set<Coming>();
    let bookedWhole = 0;
    for (const one of coming) {
      if (one.batchKey === null) {
        const detail = this.batchOf(one);
        if (detail) settled.set(one, detail);
        continue;
      }
      const first = !this.batches.has(one.entryNumber);
      const total = this.totalOf(one, one.batchKey);
      if (!total) continue;
      ofBatch.add(one);
      if (total.status !== "booked") replaced.set(keyText(total.fingerprint), total.fingerprint);
      else {
        settled.set(one, total);
        if (first) bookedWhole += 1;
      }
    }
    const single = coming.filter((one) => !settled.has(one) && !ofBatch.has(one));
    const pairs = paired(
      single.map((one) => [one, this.byDay.get(keyText(one.dayKey))] as const),
      this.place,
      this.taken,
    );
    const fresh: Coming[] = [];
    const known: [Coming, Uuid][] = [];
    for (const one of coming) {
      const partner = settled.get(one) ?? pairs.get(one);
      if (partner) known.push([one, partner.entry_id]);
      else fresh.push(one);
    }
    return { fresh, known, replaced: [...replaced.values()], bookedWhole };
  }

  /** The details another file gave of what comes here as one total. */
  private batchOf(one: Recognisable): StoredEntry | undefined {
    if (!mayBeTotal(this.place.kind, one.transactionNumber, one.evidence)) return undefined;
    for (const [group, rows] of this.details.get(keyText(one.dayKey)) ?? []) {
      const first = rows.find((row) => sameDay(one, row));
      if (!first || this.takenBatches.has(group)) continue;
      this.takenBatches.add(group);
      for (const row of rows) this.taken.add(row);
      return first;
    }
    return undefined;
  }

  /** The total another file gave of what comes here in details. */
  private totalOf(one: Recognisable, batchKey: Buffer): StoredEntry | undefined {
    const decided = this.batches.get(one.entryNumber);
    if (decided !== undefined) return decided ?? undefined;
    const total = (this.totals.get(keyText(batchKey)) ?? []).find((row) => !this.taken.has(row) && sameDay(one, row));
    if (total) this.taken.add(total);
    this.batches.set(one.entryNumber, total ?? null);
    return total;
  }
}

/** camt says that an entry has no details; elsewhere a total names nobody. */
const mayBeTotal = (kind: string | null, transaction: number, evidence: Buffer): boolean =>
  namesNobody(evidence) && (transaction === 0 || !(kind ?? "").startsWith("camt"));

const sameDay = (coming: { readonly bookedOn: PlainDate; readonly valueOn: PlainDate }, stored: StoredEntry): boolean =>
  coming.bookedOn === stored.booked_on || coming.valueOn === stored.value_on;

/** The details of a batch came: its total is nobody's payment any more. */
export async function replaceTotals({ tx }: Pick<Act, "tx">, fingerprints: readonly Buffer[]): Promise<void> {
  if (fingerprints.length === 0) return;
  await tx.execute(sql`
    update bank_entry set status = 'set_aside', replaced = true, score = null, proposals = '[]'
    where fingerprint = any(${arrayOf("bytea", fingerprints)}) and tenant_id = ${tx.tenantId} and status <> 'booked'`);
}

/** Two files of one account at the same time wait for each other: the second must see what the first brought. */
export async function lockAccount({ tx }: Pick<Act, "tx">, account: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenantId}|${account}`}, 6))`);
}
