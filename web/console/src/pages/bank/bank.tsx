import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { call } from "../../api/client.ts";
import type { Booking, EntryView } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, say, sayProblem } from "../../app/toast.tsx";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, PageHead, Waiting } from "../../parts/page.tsx";
import { Allocation } from "./allocation.tsx";
import { BankTabs } from "./bank-tabs.tsx";
import { EntryList } from "./entry-list.tsx";
import { EntryCard, ProposalCard } from "./proposals.tsx";
import { SplitDialog } from "./split-dialog.tsx";
import "./bank.css";

const VIEWS: readonly EntryView[] = ["proposed", "unmatched", "booked", "returned"];

export function BankPage() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [search, change] = useListState();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { creditor, q, sort, offset, sel, statement } = search;
  const view = VIEWS.find((one) => one === search.view) ?? "proposed";
  const [rank, setRank] = useState(1);
  const [splitting, setSplitting] = useState<"items" | "search" | null>(null);
  const [busy, setBusy] = useState(false);
  const list = useRef<HTMLOListElement>(null);

  const query = { creditor, q, sort, view, statement, offset: offset ? Number(offset) : undefined, limit: PAGE };
  const entries = useQuery({
    queryKey: ["bank", "entries", query],
    queryFn: ({ signal }) => call("GET /bank/entries", { query, signal }),
    placeholderData: (before, previous) =>
      (previous?.queryKey[2] as { view?: string } | undefined)?.view === view ? before : undefined,
  });
  const summary = useQuery({
    queryKey: ["bank", "summary", creditor],
    queryFn: ({ signal }) => call("GET /bank/summary", { query: { creditor }, signal }),
  });
  const rows = entries.data?.rows ?? [];
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === sel),
  );
  const row = rows[at];
  const entryId = row?.id;
  const detail = useQuery({
    queryKey: ["bank", "entry", entryId],
    queryFn: ({ signal }) => call("GET /bank/entries/{entryId}", { path: { entryId: entryId ?? "" }, signal }),
    enabled: entryId !== undefined,
  });
  const entry = detail.data;
  const proposal = entry?.proposals.find((one) => one.rank === rank) ?? entry?.proposals[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry starts at its best proposal
  useEffect(() => setRank(1), [entryId]);

  const focusAt = (index: number) =>
    setTimeout(() => list.current?.querySelectorAll<HTMLElement>("button")[index]?.focus(), 30);
  const go = (to: number) => {
    const target = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (target === undefined) return;
    change({ sel: target.id, offset });
    focusAt(rows.indexOf(target));
  };
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["bank"] }),
      queries.invalidateQueries({ queryKey: ["counts"] }),
    ]);
  const reopen = (id: string) => async () => {
    await call("POST /bank/entries/{entryId}/reopen", { path: { entryId: id } });
    await refresh();
    change({ sel: id });
  };
  /** Does the act and goes to the next entry; the row leaves the list, so the index stays. */
  const act = async (text: string, run: (id: string) => Promise<unknown>, undoable = true) => {
    if (entryId === undefined || busy) return;
    setBusy(true);
    const following = rows[at + 1] ?? rows[at - 1];
    try {
      await run(entryId);
      say(text, undoable ? reopen(entryId) : undefined);
      setSplitting(null);
      change({ sel: following?.id, offset });
      await refresh();
      focusAt(Math.min(at, rows.length - 2));
    } catch (error) {
      sayProblem(problemText(error, texts));
      await refresh();
    } finally {
      setBusy(false);
    }
  };
  const book = (body: Booking) =>
    act(t.booked, (id) => call("POST /bank/entries/{entryId}/book", { path: { entryId: id }, body }));
  const bookProposal = () => {
    if (proposal !== undefined && entry?.mayBook && entry.booked.length === 0) void book({ proposal: proposal.rank });
  };
  const leaveOpen = () =>
    view === "proposed" &&
    void act(t.leftOpen, (id) => call("POST /bank/entries/{entryId}/leave-open", { path: { entryId: id } }));
  const open = view === "proposed" || view === "unmatched";
  useKeys([
    { keys: "j", with: "k", label: t.entry, bar: true, run: () => go(at + 1) },
    { keys: "k", label: texts.keys.previous, quiet: true, run: () => go(at - 1) },
    { keys: "ArrowDown", label: "", quiet: true, run: () => go(at + 1) },
    { keys: "ArrowUp", label: "", quiet: true, run: () => go(at - 1) },
    ...(open
      ? [
          { keys: "1", with: "4", label: t.choose, bar: true, run: () => setRank(1) },
          { keys: "2", label: t.choose, quiet: true, run: () => setRank(2) },
          { keys: "3", label: t.choose, quiet: true, run: () => setRank(3) },
          { keys: "4", label: t.searchOther, quiet: true, run: () => setSplitting("search") },
          { keys: "Enter", label: t.bookKey, bar: true, run: bookProposal },
          {
            keys: "t",
            label: t.split,
            bar: true,
            run: () => setSplitting(proposal === undefined ? "search" : "items"),
          },
          { keys: "u", label: t.leaveOpen, bar: true, run: leaveOpen },
        ]
      : []),
    {
      keys: "z",
      label: texts.common.undo,
      bar: true,
      quiet: false,
      run: () => document.querySelector<HTMLElement>(".toast .linkbtn")?.click(),
    },
    { keys: "e", label: t.importStatement, run: () => void navigate({ to: "/imports" }) },
  ]);

  return (
    <>
      <PageHead
        name={texts.nav.bank}
        title={texts.nav.bank}
        acts={
          <ButtonLink to="/imports" icon="file" keyName="e">
            {t.importStatement}
          </ButtonLink>
        }
      >
        {summary.data !== undefined &&
          t.lead(
            format.number(summary.data.entriesSince),
            format.daySince(summary.data.sinceDay),
            summary.data.entriesSince === 0
              ? null
              : format.percent(summary.data.automaticSince / summary.data.entriesSince, 1),
            summary.data.undoneSince,
          )}
      </PageHead>
      <BankTabs current={view} summary={summary.data} />
      <FilterBar
        placeholder={t.filter}
        count={entries.data && texts.common.rows(format.number(entries.data.total))}
        exportPath="/bank/entries"
        exportQuery={query}
      >
        {statement !== undefined && (
          <Button ghost icon="close" onClick={() => change({ statement: undefined })}>
            {t.onlyStatement}
          </Button>
        )}
      </FilterBar>
      {entries.data === undefined ? (
        <Waiting error={entries.error} retry={() => void entries.refetch()} />
      ) : rows.length === 0 || row === undefined ? (
        <div className="card">
          <Empty title={t.empty[view]}>{view === "proposed" ? t.emptyHint : undefined}</Empty>
        </div>
      ) : (
        <div className="inbox fill">
          <EntryList
            rows={rows}
            current={row.id}
            view={view}
            listRef={list}
            onSelect={(id) => change({ sel: id, offset })}
          />
          <div className="middle">
            {entry === undefined ? (
              <Waiting error={detail.error} />
            ) : (
              <>
                <EntryCard entry={entry} />
                {open && (
                  <ProposalCard
                    entry={entry}
                    rank={proposal?.rank ?? 0}
                    onRank={setRank}
                    onSearch={() => setSplitting("search")}
                  />
                )}
              </>
            )}
          </div>
          {entry !== undefined && (
            <Allocation
              entry={entry}
              proposal={open ? proposal : undefined}
              busy={busy}
              onBook={bookProposal}
              onSplit={() => setSplitting(proposal === undefined ? "search" : "items")}
              onLeave={view === "proposed" ? leaveOpen : undefined}
              onReopen={() =>
                void act(
                  t.reopened,
                  (id) => call("POST /bank/entries/{entryId}/reopen", { path: { entryId: id } }),
                  false,
                )
              }
            />
          )}
        </div>
      )}
      {splitting !== null && entry !== undefined && (
        <SplitDialog
          entry={entry}
          customer={splitting === "items" ? proposal?.customer : undefined}
          busy={busy}
          onBook={(body) => void book(body)}
          onClose={() => setSplitting(null)}
        />
      )}
    </>
  );
}
