/** What the push readers of bank files have in common: they never throw on content, and stop at the first refusal. */
import { FailureError, type FailureKind } from "../../kernel/index.ts";
import type { ReadWarning, StatementEvent } from "./statement.ts";

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

interface PushReader<Event extends { readonly kind: string }> {
  write(chunk: Uint8Array): Event[];
  end(): Event[];
}

/** Feeds a reader chunk by chunk. The last event is `end` or `failed`; after a failure the source is read no further. */
export async function* readPushed<Event extends { readonly kind: string }>(
  reader: PushReader<Event>,
  chunks: Chunks,
): AsyncGenerator<Event, void, undefined> {
  for await (const chunk of chunks) {
    for (const event of reader.write(chunk)) {
      yield event;
      if (event.kind === "failed") return;
    }
  }
  yield* reader.end();
}

/** Gathers events; a thrown `FailureError` becomes the last of them. */
export class StatementEvents {
  private events: StatementEvent[] = [];
  private failed = false;
  private readonly warned = new Set<string>();

  push(event: StatementEvent): void {
    this.events.push(event);
  }

  /** Each kind of warning once a file: a bank that writes something odd does so in every entry. */
  warn(warning: ReadWarning): void {
    if (this.warned.has(warning.code)) return;
    this.warned.add(warning.code);
    this.events.push({ kind: "warning", warning });
  }

  /** What came of the work; nothing more once it failed. */
  of(work: () => void): StatementEvent[] {
    if (!this.failed) {
      try {
        work();
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        this.failed = true;
        this.events.push({ kind: "failed", error: error.failure });
      }
    }
    const { events } = this;
    this.events = [];
    return events;
  }
}

/** Thrown inside `StatementEvents.of`; `where` is `line:column`. */
export function refuse(kind: FailureKind, code: string, message: string, where: string): never {
  throw new FailureError({ kind, code, message, where });
}
