import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { Difference, DifferenceAct } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber, NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty } from "../../parts/page.tsx";
import { useAct, useCurrent } from "../../parts/use-act.ts";
import { withSign } from "./bridge.tsx";
import { ReconciliationHead } from "./reconciliation-tabs.tsx";

/** What does not agree, one row each, with what to do about it. */
export function DifferencesPage() {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  const [{ creditor, q, sort, offset, state = "open" }] = useListState();
  const act = useAct([["reconciliation"], ["worklist"]]);
  const query = {
    creditor,
    q,
    sort,
    state: state as "open" | "done",
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["reconciliation", "differences", query],
    queryFn: ({ signal }) => call("GET /reconciliation/differences", { query, signal }),
    placeholderData: (before) => before,
  });
  const { current, select, advance } = useCurrent(data?.rows ?? []);
  const decide = (row: Difference, what: DifferenceAct) => {
    advance();
    void act(t.actSaid[what], () =>
      call("POST /reconciliation/differences/{workId}/decide", {
        path: { workId: row.id },
        body: { act: what, note: null },
      }),
    );
  };
  useKeys([
    {
      keys: "a",
      label: texts.work.carryOut,
      bar: true,
      run: () => current?.acts[0] && decide(current, current.acts[0]),
    },
  ]);
  const columns: readonly Column<Difference>[] = [
    {
      key: "kind",
      label: t.what,
      render: (row) => (
        <>
          <b>{row.kind.text}</b>
          <span className="tiny">{[row.number, row.creditor.name].filter(Boolean).join(" · ")}</span>
        </>
      ),
    },
    {
      key: "customer",
      label: texts.words.customer,
      sort: true,
      render: (row) =>
        row.customer === null ? (
          NOTHING
        ) : (
          <>
            <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
              {row.customer.name}
            </Link>
            <span className="tiny">{customerNumber(row.customer.number)}</span>
          </>
        ),
    },
    {
      key: "theirs",
      label: t.theirs,
      right: true,
      render: (row) => (row.theirs === null ? t.missing : format.money(row.theirs)),
    },
    {
      key: "ours",
      label: t.ours,
      right: true,
      render: (row) => (row.ours === null ? t.missing : format.money(row.ours)),
    },
    {
      key: "difference",
      label: t.difference,
      right: true,
      sort: true,
      render: (row) => <b>{withSign(row.difference, format.money)}</b>,
    },
    { key: "since", label: t.since, sort: true, className: "nw", render: (row) => format.dayShort(row.since) },
  ];
  return (
    <>
      <ReconciliationHead current="differences" />
      <FilterBar
        placeholder={texts.common.filterText}
        filters={[{ name: "state", label: texts.words.state, options: [["done", t.done]] }]}
        count={data && texts.common.rows(format.number(data.total))}
        exportPath="/reconciliation/differences"
        exportQuery={query}
      />
      <div className="listdetail fill">
        <DataList
          label={t.place.differences}
          columns={columns}
          data={data}
          error={error}
          retry={() => void refetch()}
          idOf={(row) => row.id}
          current={current?.id}
          onCurrent={select}
          empty={<Empty title={t.noDifferences}>{t.noDifferencesHint}</Empty>}
        />
        {current !== undefined && (
          <aside className="card detail" aria-label={t.place.differences}>
            <div className="panel-h">
              <h2>{current.kind.text}</h2>
              <span className="amt">{withSign(current.difference, format.money)}</span>
            </div>
            <dl className="facts">
              <dt>{t.theirs}</dt>
              <dd>{current.theirs === null ? t.missing : format.money(current.theirs)}</dd>
              <dt>{t.ours}</dt>
              <dd>{current.ours === null ? t.missing : format.money(current.ours)}</dd>
              <dt>{texts.words.creditor}</dt>
              <dd>{current.creditor.name}</dd>
              {current.customer !== null && (
                <>
                  <dt>{texts.words.item}</dt>
                  <dd>
                    <Link
                      to="/customers/$customerId"
                      params={{ customerId: current.customer.id }}
                      search={{ tab: "items", sel: current.itemId ?? undefined } as never}
                    >
                      {current.number ?? current.customer.name}
                    </Link>
                  </dd>
                </>
              )}
            </dl>
            <div className="advice">
              <b>{t.whatToDo}</b>
              {current.advice.text}
            </div>
            <div className="do">
              {current.acts.map((what, at) => (
                <Button
                  key={what}
                  go={at === 0}
                  wide
                  {...(at === 0 ? { keyName: "a" } : {})}
                  onClick={() => decide(current, what)}
                >
                  {t.act[what]}
                </Button>
              ))}
            </div>
          </aside>
        )}
      </div>
    </>
  );
}
