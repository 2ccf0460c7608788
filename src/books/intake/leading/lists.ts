/**
 * A list of open items while it is read: what it states is kept and applied, and a snapshot's absences are found at its
 * end. Under `erp` and `portal` the list is the truth; under `kulanz` it brings items and corrections, and nothing closes.
 */
import {
  type Currency,
  type CustomerId,
  dateIn,
  type Failure,
  FailureError,
  fail,
  formatMinor,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { findByTokens } from "../../../platform/sealed/index.ts";
import type { Creditor } from "../../customers/index.ts";
import {
  applyStated,
  closeVanished,
  createTask,
  keepListed,
  keepUnlisted,
  keepVanished,
  openCount,
  type StatedItem,
  type StatedOutcome,
  tasks,
  type Vanished,
  vanishedFrom,
} from "../../receivables/index.ts";
import { beginList, dropOutdated, endList, latestSnapshot } from "./store.ts";

export type ListKind = "snapshot" | "delta";

/** From which on a snapshot waits for a person: more than `share` and at least `atLeast` items, or more than `most`. */
export interface StopLimits {
  readonly share: number;
  readonly atLeast: number;
  readonly most: number | null;
}

/** Creditor setting `snapshotStop`; 20 % and at least 5 items unless set otherwise. */
export function stopLimits({ settings }: Pick<Creditor, "settings">): StopLimits {
  const set = (settings["snapshotStop"] ?? {}) as Partial<StopLimits>;
  return { share: set.share ?? 0.2, atLeast: set.atLeast ?? 5, most: set.most ?? null };
}

/** Whether so many of so many items may not vanish without a person. */
export const isTooMuch = (vanished: number, before: number, limits: StopLimits): boolean =>
  (vanished >= limits.atLeast && vanished > limits.share * before) || (limits.most !== null && vanished > limits.most);

/** Creditor setting `lists`: what its lists are when the import does not say; delta unless set. */
export const listKindOf = ({ settings }: Pick<Creditor, "settings">): ListKind =>
  settings["lists"] === "snapshot" ? "snapshot" : "delta";

export interface ListOptions {
  readonly kind: ListKind;
  readonly asOf?: PlainDate;
  readonly fingerprint: Buffer;
  readonly name: string;
  /** A person has looked at what vanishes: no stop, and only these items close when some are named. */
  readonly confirmed?: { readonly listId: Uuid; readonly only: ReadonlySet<ReceivableId> | null };
}

/** What a stop leaves behind when everything else was rolled back. */
export interface Stop {
  readonly creditor: Creditor;
  readonly asOf: PlainDate;
  readonly items: number;
  readonly openBefore: number;
  readonly vanished: readonly Vanished[];
}

export interface ListRow {
  readonly creditor: Creditor;
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly number: string;
  readonly currency: Currency;
  /** Signed. */
  readonly statedMinor: bigint;
  readonly dueOn?: PlainDate;
  /** Stored by this very row. */
  readonly fresh?: boolean;
}

export interface ListCounts {
  changed: number;
  unchanged: number;
  vanished: number;
  vanishedAmounts: Record<string, bigint>;
  openBefore: number;
}

interface Running {
  readonly creditor: Creditor;
  readonly listId: Uuid;
  readonly asOf: PlainDate;
  readonly openBefore: number;
  items: number;
}

export class Lists {
  private readonly act: Act;
  private readonly options: ListOptions;
  private readonly running = new Map<string, Running>();
  readonly counts: ListCounts = { changed: 0, unchanged: 0, vanished: 0, vanishedAmounts: {}, openBefore: 0 };
  /** Set when `finish` fails with `snapshot_stopped`. */
  stop: Stop | undefined;

  constructor(act: Act, options: ListOptions) {
    this.act = act;
    this.options = options;
  }

  /** Before anything of a creditor's rows is stored. Throws `snapshot_outdated`: a younger snapshot was applied. */
  async begin(of: Creditor): Promise<Running> {
    const known = this.running.get(of.creditorId);
    if (known) return known;
    const { kind, confirmed } = this.options;
    const asOf = this.options.asOf ?? dateIn(this.act.tx.now, of.zone);
    const latest = await latestSnapshot(this.act, of.creditorId);
    if (latest !== undefined && asOf < latest)
      throw new FailureError(
        fail("conflict", "snapshot_outdated", `A list of ${latest} was taken in already; this one is of ${asOf}.`)
          .error,
      );
    const openBefore = await openCount(this.act, of.creditorId);
    const listId = await beginList(this.act, {
      fingerprint: this.options.fingerprint,
      name: this.options.name,
      creditorId: of.creditorId,
      kind,
      asOf,
      openBefore,
      shareLimit: stopLimits(of).share,
      ...(confirmed ? { confirmed: confirmed.listId } : {}),
    });
    const begun: Running = { creditor: of, listId, asOf, openBefore, items: 0 };
    this.running.set(of.creditorId, begun);
    this.counts.openBefore += openBefore;
    return begun;
  }

  /** Rows that are stored by now, new ones too. Returns warnings about rows that were not followed, by number. */
  async take(rows: readonly ListRow[]): Promise<ReadonlyMap<ReceivableId, string>> {
    const warnings = new Map<ReceivableId, string>();
    const byCreditor = new Map<string, ListRow[]>();
    for (const row of rows) {
      const list = byCreditor.get(row.creditor.creditorId) ?? [];
      list.push(row);
      byCreditor.set(row.creditor.creditorId, list);
    }
    for (const list of byCreditor.values()) {
      const [first] = list;
      if (!first) continue;
      const running = await this.begin(first.creditor);
      const items = summed(list, first.creditor.leads === "kulanz");
      running.items += items.length;
      keepListed(this.act, this.placeOf(running), items);
      // An item that this row has just brought stands as stated.
      const brought = new Map(list.flatMap((row) => (row.fresh ? [[row.receivableId, row] as const] : [])));
      const told = items.filter(({ receivableId, statedMinor, dueOn }) => {
        const row = brought.get(receivableId);
        return row?.statedMinor !== statedMinor || row.dueOn !== dueOn;
      });
      const outcome = await applyStated(this.act, told, {
        meaning: first.creditor.leads === "kulanz" ? "open_or_claim" : "open_there",
        day: running.asOf,
        sourceFile: this.options.fingerprint,
      });
      this.counts.changed += outcome.changed.size;
      this.counts.unchanged += items.length - outcome.changed.size;
      await this.ask(running, items, outcome, warnings);
    }
    return warnings;
  }

  /** Rows with nothing open: a known item of this number is settled there, where the list leads. Returns how many were. */
  async takeGone(rows: readonly { readonly creditor: Creditor; readonly number: string }[]): Promise<number> {
    let closed = 0;
    const led = rows.filter(({ creditor }) => creditor.leads !== "kulanz");
    for (const of of new Set(led.map(({ creditor }) => creditor))) {
      const keys = led
        .filter(({ creditor }) => creditor === of)
        .map(({ number }) => `${of.creditorId}:${number.trim()}`);
      const hits = [...(await findByTokens(this.act, "invoice_number", keys)).values()].flat();
      const running = await this.begin(of);
      running.items += hits.length;
      const ids = hits.map(({ objectId }) => objectId as ReceivableId);
      const open = await vanishedFrom(this.act, this.placeOf(running), ids);
      await closeVanished(this.act, this.placeOf(running), open);
      this.counts.changed += open.length;
      closed += open.length;
    }
    return closed;
  }

  /** At the end of the list. Failure `snapshot_stopped`: more vanished than may without a person; `stop` tells what. */
  async finish(unread: number, alone: Creditor | undefined): Promise<{ warnings: string[]; failure?: Failure }> {
    const warnings: string[] = [];
    if (this.options.kind === "snapshot" && alone) await this.begin(alone);
    for (const running of this.running.values()) {
      let closed: readonly Vanished[] = [];
      if (this.options.kind === "snapshot" && running.creditor.leads !== "kulanz") {
        const vanished = await vanishedFrom(this.act, this.placeOf(running));
        this.tell(vanished);
        if (unread > 0 && vanished.length > 0) {
          warnings.push(
            `${unread} rows could not be read, so nothing was closed: ${vanished.length} open items are not in the list.`,
          );
        } else if (
          !this.options.confirmed &&
          isTooMuch(vanished.length, running.openBefore, stopLimits(running.creditor))
        ) {
          const { creditor, asOf, items, openBefore } = running;
          this.stop = { creditor, asOf, items, openBefore, vanished };
          const message = `${vanished.length} of ${openBefore} open items are missing from the list. Nothing of it was applied; a person has to confirm it.`;
          return { warnings, failure: fail("conflict", "snapshot_stopped", message).error };
        } else closed = await this.close(running, vanished);
        if (closed.length > 0) warnings.push(`${closed.length} items that are missing from the list were closed.`);
      } else if (this.options.kind === "snapshot")
        warnings.push("Kulanz leads for this creditor: items missing from the list stay open.");
      if (this.options.kind === "snapshot" && unread === 0)
        await keepUnlisted(this.act, this.placeOf(running), running.creditor.leads !== "kulanz");
      await endList(this.act, running.listId, {
        items: running.items,
        vanished: closed,
        confirmed: this.options.confirmed !== undefined,
      });
      if (this.options.kind === "snapshot") await dropOutdated(this.act, running.creditor.creditorId, running.asOf);
    }
    return { warnings };
  }

  private async close(running: Running, vanished: readonly Vanished[]): Promise<readonly Vanished[]> {
    const only = this.options.confirmed?.only ?? null;
    const chosen = only === null ? vanished : vanished.filter(({ receivableId }) => only.has(receivableId));
    const left = only === null ? [] : vanished.filter(({ receivableId }) => !only.has(receivableId));
    await closeVanished(this.act, this.placeOf(running), chosen);
    await keepVanished(this.act, running.listId, left, "kept");
    if (chosen.length > 0)
      await appendAudit(this.act, {
        act: "list.closed_items",
        subject: running.listId,
        details: { items: chosen.length, of: running.openBefore },
      });
    return chosen;
  }

  private tell(vanished: readonly Vanished[]): void {
    this.counts.vanished += vanished.length;
    const { vanishedAmounts } = this.counts;
    for (const { currency, openMinor } of vanished)
      vanishedAmounts[currency] = (vanishedAmounts[currency] ?? 0n) + openMinor;
  }

  private readonly placeOf = ({ creditor, listId, asOf }: Running) => ({
    creditorId: creditor.creditorId,
    listId,
    asOf,
  });

  /** What can't be followed without harm is a task; once, as long as it is open. */
  private async ask(
    { asOf }: Running,
    items: readonly (StatedItem & { readonly currency: Currency })[],
    { doubtful }: StatedOutcome,
    warnings: Map<ReceivableId, string>,
  ): Promise<void> {
    for (const [receivableId, { statedMinor, openMinor }] of doubtful) {
      const item = items.find((one) => one.receivableId === receivableId);
      if (!item) continue;
      const { customerId, currency } = item;
      warnings.set(
        receivableId,
        "An item of this number is known with another amount, and money was booked on it; a person has to decide.",
      );
      const open = await tasks(this.act, { customerId, kind: "difference", limit: 100 });
      if (open.some((task) => task.receivableId === receivableId)) continue;
      await createTask(this.act, {
        customerId,
        receivableId,
        kind: "difference",
        amountMinor: statedMinor - openMinor,
        currency,
        facts: {
          rule: "listed_otherwise",
          expected: formatMinor(statedMinor, currency),
          found: formatMinor(openMinor, currency),
          day: asOf,
        },
        dueOn: asOf,
      });
    }
  }
}

/** Under `erp` the rows of one number belong together; while Kulanz leads a number that stands twice says nothing. */
export function summed(rows: readonly ListRow[], firstOnly: boolean): (StatedItem & { readonly currency: Currency })[] {
  const byItem = new Map<ReceivableId, StatedItem & { currency: Currency }>();
  for (const row of rows) {
    const { customerId, receivableId, statedMinor, dueOn, currency } = row;
    const known = byItem.get(receivableId);
    if (known && firstOnly) continue;
    byItem.set(receivableId, {
      customerId,
      receivableId,
      currency,
      statedMinor: (known?.statedMinor ?? 0n) + statedMinor,
      ...((known?.dueOn ?? dueOn) === undefined ? {} : { dueOn: known?.dueOn ?? (dueOn as PlainDate) }),
    });
  }
  return [...byItem.values()];
}
