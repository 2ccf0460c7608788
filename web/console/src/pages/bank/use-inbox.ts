import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Answer, call } from "../../api/client.ts";
import type { BankEntryRow, Booking, EntryView, Learned } from "../../api/contract.ts";
import { useTexts } from "../../app/session.tsx";
import { problemText, say, sayProblem } from "../../app/toast.tsx";
import { PAGE, useListState } from "../../parts/list.tsx";

/**
 * The list of the inbox with acts that don't wait for the server: a row leaves at once and comes back with the reason
 * when it is refused or undone. The list itself is read again only when nothing is on its way, so rows never jump.
 */

/** So long nothing may happen before the list is read again. */
const QUIET = 900;
/** When each answer of the list was asked for: what was decided later than that it can't know. */
const askedAt = new WeakMap<object, number>();
/** Details are fetched ahead, so that a clerk never waits for the next one. */
const AHEAD = 3;

export interface Inbox {
  readonly query: Readonly<Record<string, unknown>>;
  readonly rows: readonly BankEntryRow[];
  readonly total: number | undefined;
  readonly error: unknown;
  readonly retry: () => void;
  readonly at: number;
  readonly row: BankEntryRow | undefined;
  readonly go: (to: number) => void;
  /** Ask for the focus on the current row once it is drawn. */
  readonly focus: number;
  readonly select: (id: string) => void;
  readonly book: (entryId: string, body: Booking, text: string) => void;
  readonly leaveOpen: (entryId: string, text: string) => void;
  readonly reopen: (entryId: string, text: string) => void;
  readonly bookMany: (kind: string, ids: readonly string[]) => Promise<void>;
  readonly learned: readonly Learned[];
  readonly forget: (learned: Learned) => Promise<void>;
  /** Decided in this sitting. */
  readonly done: number;
}

export function useInbox(view: EntryView): Inbox {
  const texts = useTexts();
  const t = texts.bank;
  const queries = useQueryClient();
  const [search, change] = useListState();
  const { creditor, q, sort, offset, sel, statement, agefrom, ageto } = search;
  // Rows that left: infinity while the act is on its way, then when it was done.
  const [gone, setGone] = useState<ReadonlyMap<string, number>>(new Map());
  const [focus, setFocus] = useState(0);
  const [learned, setLearned] = useState<readonly Learned[]>([]);
  const [done, setDone] = useState(0);
  const sending = useRef(new Map<string, Promise<unknown>>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const query = {
    creditor,
    q,
    sort,
    view,
    statement,
    agefrom: agefrom === undefined ? undefined : Number(agefrom),
    ageto: ageto === undefined ? undefined : Number(ageto),
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const list = useQuery({
    queryKey: ["bank", "entries", query],
    queryFn: async ({ signal }) => {
      const asked = performance.now();
      const answer = await call("GET /bank/entries", { query, signal });
      askedAt.set(answer, asked);
      return answer;
    },
    placeholderData: (before, previous) =>
      (previous?.queryKey[2] as { view?: string } | undefined)?.view === view ? before : undefined,
  });
  const asked = (list.data && askedAt.get(list.data)) ?? 0;
  const isGone = (row: BankEntryRow) => (gone.get(row.id) ?? -1) >= asked;
  const rows = (list.data?.rows ?? []).filter((row) => !isGone(row));
  const found = rows.findIndex((row) => row.id === sel);
  // Where the person was; the row there may have gone.
  const [place, setPlace] = useState(0);
  const at = found >= 0 ? found : Math.max(0, Math.min(place, rows.length - 1));
  const row = rows[at];

  const ahead = rows
    .slice(at + 1, at + 1 + AHEAD)
    .map((one) => one.id)
    .join(" ");
  useEffect(() => {
    for (const id of ahead.split(" ").filter(Boolean)) {
      void queries.prefetchQuery({
        queryKey: ["bank", "entry", id],
        queryFn: () => call("GET /bank/entries/{entryId}", { path: { entryId: id } }),
        staleTime: 30_000,
      });
    }
  }, [ahead, queries]);
  useEffect(() => () => clearTimeout(timer.current), []);

  /** Reads the lists again when it is quiet. */
  const settle = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (sending.current.size > 0) return settle();
      for (const key of [["bank"], ["counts"]]) void queries.invalidateQueries({ queryKey: key });
    }, QUIET);
  };
  const hide = (ids: readonly string[], until: number) =>
    setGone((before) => new Map([...before, ...ids.map((id) => [id, until] as const)]));
  const bringBack = (ids: readonly string[], chosen?: string) => {
    setGone((before) => new Map([...before].filter(([id]) => !ids.includes(id))));
    if (chosen !== undefined) change({ sel: chosen, offset });
    setFocus((before) => before + 1);
  };
  /** Acts on one entry reach the server in the order they were done. */
  const inTurn = <T>(entryId: string, run: () => Promise<T>): Promise<T> => {
    const turn = (sending.current.get(entryId) ?? Promise.resolve()).catch(() => {}).then(run);
    const ended = turn.finally(() => {
      if (sending.current.get(entryId) === ended) sending.current.delete(entryId);
      settle();
    });
    ended.catch(() => {});
    sending.current.set(entryId, ended);
    return ended;
  };

  /** The row leaves, the next one is current; the server is told meanwhile. */
  const act = <T>(
    entryId: string,
    text: string,
    run: () => Promise<T>,
    undo: boolean,
    after?: (answer: T) => void,
  ): void => {
    const index = rows.findIndex((one) => one.id === entryId);
    const following = rows[index + 1] ?? rows[index - 1];
    hide([entryId], Number.POSITIVE_INFINITY);
    setPlace(Math.max(0, index));
    setDone((before) => before + 1);
    change({ sel: following?.id, offset });
    setFocus((before) => before + 1);
    const sent = inTurn(entryId, async () => {
      const answer = await run();
      const done = performance.now();
      // taken back meanwhile: it stays in sight
      setGone((before) => (before.has(entryId) ? new Map([...before, [entryId, done]]) : before));
      after?.(answer);
    });
    sent.catch((error: unknown) => {
      setDone((before) => before - 1);
      bringBack([entryId], entryId);
      sayProblem(problemText(error, texts));
    });
    const takeBack = async () => {
      bringBack([entryId], entryId);
      setDone((before) => before - 1);
      setLearned([]);
      await inTurn(entryId, async () => {
        const booked = await sent.then(
          () => true,
          () => false, // it was refused: nothing to take back
        );
        if (booked) await call("POST /bank/entries/{entryId}/reopen", { path: { entryId } });
        await queries.invalidateQueries({ queryKey: ["bank", "entry", entryId] });
      });
    };
    say(text, undo ? takeBack : undefined, "bank");
  };

  return {
    query,
    rows,
    total: list.data === undefined ? undefined : list.data.total - list.data.rows.filter(isGone).length,
    error: list.error,
    retry: () => void list.refetch(),
    at,
    row,
    focus,
    done,
    learned,
    go: (to) => {
      const target = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (target === undefined) return;
      change({ sel: target.id, offset });
      setFocus((before) => before + 1);
    },
    select: (id) => change({ sel: id, offset }),
    book: (entryId, body, text) =>
      act(
        entryId,
        text,
        () => call("POST /bank/entries/{entryId}/book", { path: { entryId }, body }),
        true,
        (answer) => setLearned(answer.learned ?? []),
      ),
    leaveOpen: (entryId, text) =>
      act(entryId, text, () => call("POST /bank/entries/{entryId}/leave-open", { path: { entryId } }), true),
    reopen: (entryId, text) =>
      act(entryId, text, () => call("POST /bank/entries/{entryId}/reopen", { path: { entryId } }), false),
    bookMany: async (kind, ids) => {
      let answer: Answer<"POST /bank/book-sure">;
      try {
        answer = await call("POST /bank/book-sure", { body: { kind, entryIds: ids } });
      } catch (error) {
        sayProblem(problemText(error, texts));
        throw error;
      }
      const booked = answer.done;
      setDone((before) => before + booked.length);
      hide(booked, performance.now());
      setFocus((before) => before + 1);
      say(
        t.bookedMany(booked.length, answer.left.length),
        booked.length === 0
          ? undefined
          : async () => {
              await call("POST /bank/reopen", { body: { entryIds: booked } });
              setDone((before) => before - booked.length);
              bringBack(booked);
              settle();
            },
        "bank",
      );
      settle();
    },
    forget: async (one) => {
      const path = { accountId: one.accountId };
      const body = { customerId: one.customer.id };
      setLearned((before) => before.filter((other) => other !== one));
      try {
        await call("POST /bank/accounts/{accountId}/forget", { path, body });
        say(t.forgotten(one.customer.name), async () => {
          await call("POST /bank/accounts/{accountId}/remember", { path, body });
        });
      } catch (error) {
        sayProblem(problemText(error, texts));
      }
    },
  };
}
