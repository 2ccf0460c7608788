import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { Difference, DifferenceAct } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { Button } from "../../parts/button.tsx";
import { customerColumn } from "../../parts/customer-cell.tsx";
import type { Column } from "../../parts/list.tsx";
import { Detail, ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { Empty } from "../../parts/page.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { useAct, useChosen } from "../../parts/use-act.ts";
import { withSign } from "./bridge.tsx";
import { ReconciliationHead } from "./reconciliation-tabs.tsx";

/** What does not agree, one row each, with what to do about it. */
export function DifferencesPage() {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  const act = useAct([["reconciliation"], ["worklist"]]);
  const list = useServerList("GET /reconciliation/differences", {
    key: ["reconciliation", "differences"],
    filters: ["state"],
    preset: { state: "open" },
  });
  const chosen = useChosen(list.rows);
  const { current } = chosen;
  const decide = (row: Difference, what: DifferenceAct) => {
    chosen.advance();
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
    customerColumn(texts.words.customer),
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
      <ListBar list={list} filters={[{ name: "state", label: texts.words.state, options: [["done", t.done]] }]} />
      <ListDetail
        list={list}
        chosen={chosen}
        label={t.place.differences}
        columns={columns}
        empty={<Empty title={t.noDifferences}>{t.noDifferencesHint}</Empty>}
      >
        {(row) => (
          <Detail
            label={t.place.differences}
            title={row.kind.text}
            end={<span className="amt">{withSign(row.difference, format.money)}</span>}
          >
            <dl className="facts">
              <dt>{t.theirs}</dt>
              <dd>{row.theirs === null ? t.missing : format.money(row.theirs)}</dd>
              <dt>{t.ours}</dt>
              <dd>{row.ours === null ? t.missing : format.money(row.ours)}</dd>
              <dt>{texts.words.creditor}</dt>
              <dd>{row.creditor.name}</dd>
              {row.customer !== null && (
                <>
                  <dt>{texts.words.item}</dt>
                  <dd>
                    <Link
                      to="/customers/$customerId"
                      params={{ customerId: row.customer.id }}
                      search={{ tab: "items", sel: row.itemId ?? undefined } as never}
                    >
                      {row.number ?? row.customer.name}
                    </Link>
                  </dd>
                </>
              )}
            </dl>
            <div className="advice">
              <b>{t.whatToDo}</b>
              {row.advice.text}
            </div>
            <div className="do">
              {row.acts.map((what, at) => (
                <Button
                  key={what}
                  go={at === 0}
                  wide
                  {...(at === 0 ? { keyName: "a" } : {})}
                  onClick={() => decide(row, what)}
                >
                  {t.act[what]}
                </Button>
              ))}
            </div>
          </Detail>
        )}
      </ListDetail>
    </>
  );
}
