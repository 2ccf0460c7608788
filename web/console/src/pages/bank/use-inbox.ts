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
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
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
    queryFn: ({ signal }) => call("GET /bank/entries", { query, signal }),
    placeholderData: (before, previous) =>
      (previous?.queryKey[2] as { view?: string } | undefined)?.view === view ? before : undefined,
  });
  const rows = (list.data?.rows ?? []).filter((row) => !gone.has(row.id));
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

  /** Reads the lists again when it is quiet; what is gone by then the server no longer has. */
  const settle = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (sending.current.size > 0) return settle();
      const settled = [...gone];
      void Promise.all([
        queries.invalidateQueries({ queryKey: ["bank"] }),
        queries.invalidateQueries({ queryKey: ["counts"] }),
      ]).then(() => setGone((before) => new Set([...before].filter((id) => !settled.includes(id)))));
    }, QUIET);
  };
  const bringBack = (ids: readonly string[], chosen?: string) => {
    setGone((before) => new Set([...before].filter((id) => !ids.includes(id))));
    if (chosen !== undefined) change({ sel: chosen, offset });
    setFocus((before) => before + 1);
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
    setGone((before) => new Set([...before, entryId]));
    setPlace(Math.max(0, index));
    setDone((before) => before + 1);
    change({ sel: following?.id, offset });
    setFocus((before) => before + 1);
    const sent = run()
      .then((answer) => after?.(answer))
      .catch((error: unknown) => {
        setDone((before) => before - 1);
        bringBack([entryId], entryId);
        sayProblem(problemText(error, texts));
        throw error;
      })
      .finally(() => {
        sending.current.delete(entryId);
        settle();
      });
    sending.current.set(entryId, sent);
    sent.catch(() => {});
    const takeBack = async () => {
      bringBack([entryId], entryId);
      setDone((before) => before - 1);
      setLearned((before) => before.filter((one) => one.said.values?.["entry"] !== entryId));
      try {
        await sending.current.get(entryId);
      } catch {
        return; // it was refused: nothing to take back
      }
      await call("POST /bank/entries/{entryId}/reopen", { path: { entryId } });
      await queries.invalidateQueries({ queryKey: ["bank", "entry", entryId] });
      settle();
    };
    say(text, undo ? takeBack : undefined, "bank");
  };

  return {
    query,
    rows,
    total: list.data === undefined ? undefined : Math.max(0, list.data.total - gone.size),
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
      setGone((before) => new Set([...before, ...booked]));
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
