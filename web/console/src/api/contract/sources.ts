/** Where files come from, what is missing, and what an import of a snapshot would close. */
import type { CreditorRef, Day, Id, Instant, Money, Said } from "./basics.ts";

export interface Source {
  readonly id: Id;
  readonly kind: "folder" | "sftp";
  readonly name: string;
  /** Folder, or host and folder; never a credential. */
  readonly place: string;
  readonly creditor: CreditorRef | null;
  readonly state: "ok" | "late" | "failing" | "off";
  /** How often it is looked at. */
  readonly schedule: Said;
  readonly lastTriedAt: Instant | null;
  readonly lastFile: { readonly name: string; readonly at: Instant; readonly importId: Id | null } | null;
  readonly error: Said | null;
  /** Files of the last seven days. */
  readonly files: number;
  readonly refused: number;
}
export interface Alarm {
  readonly id: Id;
  readonly level: "problem" | "notice";
  readonly said: Said;
  /** What follows and what to do. */
  readonly advice: Said;
  readonly since: Instant;
  readonly creditor: CreditorRef | null;
}
export interface Sources {
  readonly sources: readonly Source[];
  readonly alarms: readonly Alarm[];
  readonly mayFetch: boolean;
}
/** `closed`: no bank day; `excused`: a person said that nothing comes; `expected`: today, not there yet. */
export type StatementDayState = "received" | "missing" | "partial" | "closed" | "excused" | "expected" | "before";
export interface AccountDays {
  readonly account: string;
  readonly creditor: CreditorRef;
  readonly currency: string;
  readonly lastStatementTo: Day | null;
  /** Dunning of this creditor waits because bank data is older than set. */
  readonly holdsDunning: boolean;
  /** Days of bank data that may be missing before dunning waits; null: it never waits. */
  readonly mayBeDaysOld: number | null;
  readonly missing: number;
  /** Oldest first, without gaps. */
  readonly days: readonly {
    readonly day: Day;
    readonly state: StatementDayState;
    readonly entries: number;
    readonly statementId: string | null;
  }[];
}
/** `excused` false takes it back. */
export interface ExcuseDay {
  readonly account: string;
  readonly day: Day;
  readonly excused: boolean;
}

/**
 * Part of `ImportPreview` for lists of open items. With `mustConfirm` `POST /imports` refuses (409
 * `vanished_needs_confirmation`) unless the form says `confirmSnapshot=yes`; what vanished then still waits at the
 * safety stop.
 */
export interface SnapshotPreview {
  readonly kind: "snapshot" | "delta";
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly vanished: number;
  readonly vanishedAmounts: readonly Money[];
  /** Share of the open items, 0 to 1, and from which on a person confirms. */
  readonly share: number;
  readonly limit: number;
  readonly mustConfirm: boolean;
}
