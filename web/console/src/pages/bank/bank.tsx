import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { call } from "../../api/client.ts";
import type { Booking, EntryView } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { undoLast } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { FilterBar, useListState } from "../../parts/list.tsx";
import { Empty, Waiting } from "../../parts/page.tsx";
import { Allocation } from "./allocation.tsx";
import { BankHead } from "./bank-head.tsx";
import { EntryList } from "./entry-list.tsx";
import { EntryCard, ProposalCard } from "./proposals.tsx";
import { SplitDialog } from "./split-dialog.tsx";
import { SureDialog } from "./sure-dialog.tsx";
import { useInbox } from "./use-inbox.ts";
import "./bank.css";

const VIEWS: readonly EntryView[] = ["proposed", "unmatched", "booked", "returned"];

export function BankPage() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [search, change] = useListState();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { creditor, statement, agefrom } = search;
  const view = VIEWS.find((one) => one === search.view) ?? "proposed";
  const [rank, setRank] = useState(1);
  const [splitting, setSplitting] = useState<"items" | "search" | null>(null);
  const [batch, setBatch] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const inbox = useInbox(view);
  const { row, at } = inbox;
  const entryId = row?.id;
  const detail = useQuery({
    queryKey: ["bank", "entry", entryId],
    queryFn: ({ signal }) => call("GET /bank/entries/{entryId}", { path: { entryId: entryId ?? "" }, signal }),
    enabled: entryId !== undefined,
    staleTime: 2_000,
  });
  const sure = useQuery({
    queryKey: ["bank", "sure", creditor],
    queryFn: ({ signal }) => call("GET /bank/sure", { query: { creditor }, signal }),
    enabled: view === "proposed",
    retry: false,
  });
  const entry = detail.data;
  const proposal = entry?.proposals.find((one) => one.rank === rank) ?? entry?.proposals[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry starts at its best proposal
  useEffect(() => setRank(1), [entryId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row that has just become the current one takes the focus
  useEffect(() => {
    if (inbox.focus > 0) list.current?.querySelector<HTMLElement>("[aria-current]")?.focus();
  }, [inbox.focus, entryId]);

  const open = view === "proposed" || view === "unmatched";
  const may = entry?.mayBook === true && entry.booked.length === 0 && entry.payout === undefined;
  const book = (body: Booking) => {
    if (entryId === undefined) return;
    setSplitting(null);
    inbox.book(entryId, body, t.booked);
  };
  const bookProposal = () => proposal !== undefined && may && book({ proposal: proposal.rank });
  const leaveOpen = () => view === "proposed" && entryId !== undefined && inbox.leaveOpen(entryId, t.leftOpen);
  const split = () => entry?.payout === undefined && setSplitting(proposal === undefined ? "search" : "items");
  const groups = view === "proposed" ? (sure.data ?? []) : [];
  const sureCount = groups.reduce((sum, group) => sum + group.entries, 0);
  useKeys([
    { keys: "j", with: "k", label: t.entry, bar: true, run: () => inbox.go(at + 1) },
    { keys: "k", label: texts.keys.previous, quiet: true, run: () => inbox.go(at - 1) },
    { keys: "ArrowDown", label: "", quiet: true, run: () => inbox.go(at + 1) },
    { keys: "ArrowUp", label: "", quiet: true, run: () => inbox.go(at - 1) },
    ...(open
      ? [
          { keys: "1", with: "4", label: t.choose, bar: true, run: () => setRank(1) },
          { keys: "2", label: t.choose, quiet: true, run: () => setRank(2) },
          { keys: "3", label: t.choose, quiet: true, run: () => setRank(3) },
          { keys: "4", label: t.searchOther, quiet: true, run: () => setSplitting("search") },
          { keys: "Enter", label: t.bookKey, bar: true, run: bookProposal },
          { keys: "t", label: t.split, bar: true, run: split },
          { keys: "s", label: t.split, quiet: true, run: split },
          { keys: "u", label: t.leaveOpen, bar: true, run: leaveOpen },
        ]
      : []),
    ...(sureCount > 0 ? [{ keys: "b", label: t.bookSureKey, bar: true, run: () => setBatch(true) }] : []),
    ...(inbox.learned.length > 0
      ? [{ keys: "v", label: t.forget, run: () => inbox.learned[0] && void inbox.forget(inbox.learned[0]) }]
      : []),
    { keys: "z", label: texts.common.undo, bar: true, run: () => void undoLast(texts) },
    { keys: "e", label: t.importStatement, run: () => void navigate({ to: "/imports" }) },
  ]);

  return (
    <>
      <BankHead current={view} />
      <FilterBar
        placeholder={t.filter}
        count={inbox.total !== undefined && texts.common.rows(format.number(inbox.total))}
        exportPath="/bank/entries"
        exportQuery={inbox.query}
      >
        {statement !== undefined && (
          <Button ghost icon="close" onClick={() => change({ statement: undefined })}>
            {t.onlyStatement}
          </Button>
        )}
        {agefrom !== undefined && (
          <Button ghost icon="close" onClick={() => change({ agefrom: undefined, ageto: undefined })}>
            {t.onlyAge(agefrom, search.ageto)}
          </Button>
        )}
        {sureCount > 0 && (
          <Button icon="done" keyName="b" onClick={() => setBatch(true)}>
            {t.bookSure(format.number(sureCount))}
          </Button>
        )}
      </FilterBar>
      {inbox.total === undefined ? (
        <Waiting error={inbox.error} retry={inbox.retry} />
      ) : row === undefined ? (
        <div className="card">
          <Empty title={t.empty[view]}>{view === "proposed" ? t.emptyHint : undefined}</Empty>
        </div>
      ) : (
        <div className="inbox fill">
          <EntryList inbox={inbox} current={row.id} view={view} listRef={list} />
          <div className="middle">
            {entry === undefined ? (
              <Waiting error={detail.error} />
            ) : (
              <>
                <EntryCard entry={entry} />
                {open && entry.payout === undefined && (
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
              onBook={bookProposal}
              onSplit={split}
              onLeave={view === "proposed" ? leaveOpen : undefined}
              onReopen={() => inbox.reopen(entry.id, t.reopened)}
            />
          )}
        </div>
      )}
      {splitting !== null && entry !== undefined && (
        <SplitDialog
          entry={entry}
          customer={splitting === "items" ? proposal?.customer : undefined}
          onBook={book}
          onClose={() => setSplitting(null)}
        />
      )}
      {batch && (
        <SureDialog
          groups={groups}
          onBook={(kind, ids) => inbox.bookMany(kind, ids)}
          onClose={() => {
            setBatch(false);
            void queries.invalidateQueries({ queryKey: ["bank", "sure"] });
          }}
        />
      )}
    </>
  );
}
