/** What a merge is told, what it keeps for its undo, and who else follows it. */
import type { CaseId, CustomerId, Failure, PlainDate, ReceivableId, Result, Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import type { PersonMoved } from "../../customers/index.ts";
import type { AccountMoved, Attached, CaseMoved } from "../../receivables/index.ts";

export interface Merged {
  readonly survivorId: CustomerId;
  readonly mergedId: CustomerId;
  /** Which case of the survivor takes the place of a case of the merged file. */
  readonly cases: ReadonlyMap<CaseId, CaseId>;
}

/** A room below that keeps something of customers (messages, links): it follows in the same transaction. */
export interface MergeFollower {
  readonly name: string;
  /** Returns what its undo needs (ids and states). A failure refuses the merge. */
  merged(act: Act, merge: Merged): Promise<Result<unknown, Failure>>;
  undone(act: Act, merge: Merged, remembered: unknown): Promise<void>;
}

/** `customer_merge.moved`. */
export interface Moved {
  readonly person: PersonMoved;
  readonly items: readonly ReceivableId[];
  readonly accounts: readonly AccountMoved[];
  readonly cases: readonly CaseMoved[];
  readonly attached: Attached;
  readonly followers: Readonly<Record<string, unknown>>;
}

export interface MergeRecord {
  readonly mergeId: Uuid;
  readonly survivorId: CustomerId;
  readonly mergedId: CustomerId;
  readonly day: PlainDate;
  readonly moved: Moved;
  readonly mergedAt: Date;
  readonly undoneAt: Date | null;
}
