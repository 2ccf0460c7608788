import type {
  Channel,
  CreditorRef,
  CustomerRef,
  Day,
  Id,
  Instant,
  Language,
  Money,
  Progress,
  Said,
  Tone,
} from "./basics.ts";

export type RunState = "running" | "done";
export interface StageLine {
  readonly stage: string;
  readonly name: string;
  readonly proposal: boolean;
  readonly customers: number;
  readonly amount: Money;
  readonly byChannel: Readonly<Partial<Record<Channel, number>>>;
}
export interface Decisions {
  readonly contact: number;
  readonly wait: number;
  readonly blocked: number;
}
/** What the next run would do; the same `decide`, nothing stored. */
export interface RunPreview {
  readonly creditor: CreditorRef | null;
  readonly date: Day;
  readonly plannedAt: Instant | null;
  readonly customers: number;
  readonly items: number;
  readonly decisions: Decisions;
  readonly stages: readonly StageLine[];
  readonly byBlocker: readonly { readonly ground: Said; readonly customers: number }[];
  /** What a person should know before the start (a statement is missing, no sender is set). */
  readonly cautions: readonly Said[];
  readonly mayStart: boolean;
}
export interface RunPreviewRow {
  readonly customer: CustomerRef;
  readonly result: "contact" | "wait" | "blocked";
  readonly stage: string | null;
  readonly stageName: string | null;
  readonly channel: Channel | null;
  readonly amount: Money;
  readonly reason: Said;
  readonly until: Day | null;
}
export interface RunRow {
  readonly id: Id;
  readonly creditor: CreditorRef;
  readonly date: Day;
  readonly state: RunState;
  readonly startedAt: Instant;
  readonly startedBy: string;
  readonly finishedAt: Instant | null;
  readonly decisions: Decisions;
  readonly messages: MessageCounts;
}
export interface MessageCounts {
  readonly queued: number;
  readonly leaving: number;
  readonly left: number;
  readonly failed: number;
  readonly dropped: number;
  readonly unknown: number;
  readonly parked: number;
  /** Part of `queued`: waits for approval. */
  readonly needsApproval: number;
}
/** Also the data of each `progress` event of `GET /runs/{runId}/events` (text/event-stream; `done` ends it). */
export interface Run extends RunRow {
  readonly slots: Progress;
  readonly stages: readonly StageLine[];
  readonly byBlocker: readonly { readonly ground: Said; readonly customers: number }[];
  /** Messages that can still be called back. */
  readonly recallable: number;
  readonly mayRecall: boolean;
}
export interface Recalled {
  readonly recalled: number;
  readonly alreadyLeft: number;
}

export type MessageState = "queued" | "leaving" | "left" | "failed" | "unknown" | "dropped" | "parked";
export interface MessageRow {
  readonly id: Id;
  readonly customer: CustomerRef | null;
  readonly channel: Channel;
  readonly stage: string | null;
  readonly stageName: string | null;
  readonly subject: string;
  readonly state: MessageState;
  /** Why dropped (also `recalled`), failed, parked. */
  readonly reason: Said | null;
  readonly needsApproval: boolean;
  readonly evidence: "none" | "handed_over" | "accepted" | "portal_opened" | "registered" | "revoked";
  readonly amount: Money | null;
  readonly createdAt: Instant;
  readonly leftAt: Instant | null;
  /** No sender is set: it lies in the local outbox and left for nowhere. */
  readonly local: boolean;
  readonly runId: Id | null;
}
export interface Message extends MessageRow {
  readonly language: Language;
  readonly tone: Tone;
  readonly brand: string;
  readonly sender: string;
  readonly recipient: readonly string[];
  /** Plain-text part, or the text of the letter. */
  readonly text: string;
  /**
   * `GET /messages/{messageId}/preview` answers the HTML part as a page of its own (CSP `sandbox`, no script, images
   * as data); for letters `GET /messages/{messageId}/letter.pdf` and the first page as `GET …/letter.svg`.
   */
  readonly preview: "html" | "letter" | "text";
  readonly template: { readonly name: string; readonly version: number };
  /** Why: from the decision that made it. */
  readonly why: readonly Said[];
  readonly decision: {
    readonly id: Id;
    readonly at: Instant;
    readonly strategy: string;
    readonly version: number;
  } | null;
  readonly steps: readonly {
    readonly state: MessageState | "opened" | "bounced";
    readonly at: Instant;
    readonly said: Said | null;
  }[];
  readonly mayDecide: boolean;
  /** It left, is not known to have arrived, and nobody said yet that it came back. */
  readonly mayMarkBounced: boolean;
}
/** A day on which letters left; `files` PDFs with up to a hundred each: `GET /print-batches/{day}?part=1…files`. */
export interface PrintDay {
  readonly day: Day;
  readonly letters: number;
  readonly files: number;
}
/** For `unknown` and `parked`: what a person found out. Kulanz repeats nothing by itself. */
export type ParkedDecision = "left" | "send_again" | "drop";

export interface StrategyRow {
  readonly id: Id;
  readonly name: string;
  readonly creditors: readonly CreditorRef[];
  readonly version: number;
  readonly inForceSince: Day | null;
  readonly stages: number;
  readonly customers: number;
}
export interface StrategyStage {
  readonly key: string;
  readonly name: string;
  /** Days from the due date; negative before. */
  readonly day: number;
  readonly automation: "auto" | "approve" | "off";
  readonly decidedByPerson: boolean;
  readonly channels: readonly Channel[];
  readonly tone: Tone | null;
  /** What it does in law, what it offers, what it costs, when it does not apply: one sentence each. */
  readonly effect: readonly Said[];
  readonly offers: readonly Said[];
  readonly costs: readonly Said[];
  readonly exceptions: readonly Said[];
}
export interface Strategy extends StrategyRow {
  readonly stageList: readonly StrategyStage[];
  readonly rails: readonly { readonly label: Said; readonly value: Said }[];
  readonly versions: readonly {
    readonly version: number;
    readonly at: Instant;
    readonly by: string;
    readonly inForceSince: Day | null;
    readonly note: string | null;
  }[];
  /** The document as it is stored, for the view "as a file". */
  readonly document: unknown;
}

/** The page of the morning. `creditor` filters everything. */
export interface Today {
  readonly run: RunPreview | null;
  /** Since the end of the business day before. */
  readonly received: {
    readonly since: Day;
    readonly payments: Money;
    readonly entries: number;
    readonly automatic: number;
    readonly proposed: number;
    readonly unmatched: number;
    readonly returned: number;
    readonly objections: { readonly count: number; readonly oldestDeadline: Day | null };
    readonly callBacks: { readonly count: number; readonly nextAt: Instant | null };
    readonly invoices: number;
  };
  readonly statements: { readonly upTo: Day | null; readonly missing: number };
  readonly needsYou: readonly {
    readonly level: "problem" | "notice" | "info";
    readonly title: Said;
    readonly detail: Said | null;
    readonly link: { readonly to: string; readonly search: Readonly<Record<string, string>> } | null;
  }[];
  /** To the cent: total = parts; `forgotten` must be zero. */
  readonly overdue: {
    readonly at: Instant;
    readonly total: Money;
    readonly parts: readonly {
      readonly key: "stage" | "hold" | "arrangement" | "objection" | "handed_over" | "person" | "waiting";
      readonly amount: Money;
    }[];
    readonly forgotten: Money;
  };
  readonly ageing: readonly { readonly fromDay: number; readonly toDay: number | null; readonly amount: Money }[];
  readonly weeks: readonly {
    readonly year: number;
    readonly week: number;
    readonly amount: Money;
    readonly current: boolean;
  }[];
}
