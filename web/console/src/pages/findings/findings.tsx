import { Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { Finding, FindingState, Severity } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { undoLast } from "../../app/toast.tsx";
import { customerNumber, NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty } from "../../parts/page.tsx";
import { SeverityPill } from "../../parts/severity.tsx";
import { useAct, useCurrent } from "../../parts/use-act.ts";
import { FindingsHead } from "./findings-head.tsx";

const SEVERITIES: readonly Severity[] = ["blocking", "warning", "hint"];

/** What the checks before dunning found, blocking ones first: mended and checked again, or dismissed with a reason. */
export function FindingsPage() {
  const texts = useTexts();
  const t = texts.findings;
  const format = useFormat();
  const [{ creditor, q, sort, offset, rule, severity, state }, change] = useListState();
  const [dismissing, setDismissing] = useState(false);
  const act = useAct([["findings"], ["worklist"]]);
  const query = {
    creditor,
    q,
    sort,
    rule,
    severity: severity as Severity | undefined,
    state: state as FindingState | undefined,
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["findings", query],
    queryFn: ({ signal }) => call("GET /findings", { query, signal }),
    placeholderData: (before) => before,
  });
  const { current, select, advance } = useCurrent(data?.rows ?? []);
  const open = current?.state === "open" && current.mayDecide;
  const reopen = (row: Finding) => () =>
    call("POST /findings/{findingId}/reopen", { path: { findingId: row.id } }).then(() => select(row));
  const decide = (row: Finding, what: "fixed" | "dismiss", reason: string | null) => {
    advance();
    void act(
      t.said[what],
      () => call("POST /findings/{findingId}/decide", { path: { findingId: row.id }, body: { act: what, reason } }),
      reopen(row),
    );
  };
  useKeys([
    { keys: "a", label: t.fixedKey, bar: true, run: () => open && decide(current, "fixed", null) },
    { keys: "d", label: t.dismissKey, bar: true, run: () => open && setDismissing(true) },
    { keys: "z", label: texts.common.undo, bar: true, run: () => void undoLast(texts) },
  ]);
  const columns: readonly Column<Finding>[] = [
    {
      key: "rule",
      label: t.finding,
      render: (row) => (
        <>
          <b>{row.rule.text}</b>
          <span className="tiny">{row.said.text}</span>
        </>
      ),
    },
    { key: "severity", label: t.severityHead, sort: true, render: (row) => <SeverityPill severity={row.severity} /> },
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
      key: "item",
      label: texts.words.item,
      right: true,
      render: (row) =>
        row.item === null ? (
          NOTHING
        ) : (
          <>
            {format.money(row.item.open)}
            <span className="tiny">{row.item.number}</span>
          </>
        ),
    },
    { key: "foundAt", label: t.found, sort: true, className: "nw", render: (row) => format.instant(row.foundAt) },
  ];
  return (
    <>
      <FindingsHead current="findings" />
      {data !== undefined && data.counts.length > 0 && (
        <div className="chips" role="group" aria-label={t.byRule}>
          {data.counts.map((one) => (
            <button
              type="button"
              key={`${one.rule.code}${one.severity}`}
              className="chip"
              aria-pressed={rule === one.rule.code}
              onClick={() => change({ rule: rule === one.rule.code ? undefined : one.rule.code, sel: undefined })}
            >
              {one.rule.text} <b>{format.number(one.open)}</b>
              <span className="tiny">{t.severity[one.severity]}</span>
            </button>
          ))}
        </div>
      )}
      <FilterBar
        placeholder={texts.common.filterText}
        filters={[
          {
            name: "severity",
            label: t.severityHead,
            options: SEVERITIES.map((key) => [key, t.severity[key]] as const),
          },
          {
            name: "state",
            label: texts.words.state,
            options: (["fixed", "dismissed"] as const).map((key) => [key, t.state[key]] as const),
          },
        ]}
        count={data && texts.common.rows(format.number(data.total))}
        exportPath="/findings"
        exportQuery={query}
      />
      <div className="listdetail fill">
        <DataList
          label={texts.nav.findings}
          columns={columns}
          data={data}
          error={error}
          retry={() => void refetch()}
          idOf={(row) => row.id}
          current={current?.id}
          onCurrent={select}
          empty={<Empty title={t.none}>{t.noneHint}</Empty>}
        />
        {current !== undefined && (
          <Detail
            finding={current}
            onFixed={() => decide(current, "fixed", null)}
            onDismiss={() => setDismissing(true)}
            onReopen={() => void act(t.reopened, reopen(current))}
          />
        )}
      </div>
      {dismissing && current !== undefined && (
        <DismissDialog
          finding={current}
          onClose={() => setDismissing(false)}
          onDismiss={(reason) => {
            setDismissing(false);
            decide(current, "dismiss", reason);
          }}
        />
      )}
    </>
  );
}

function Detail({
  finding,
  onFixed,
  onDismiss,
  onReopen,
}: {
  finding: Finding;
  onFixed: () => void;
  onDismiss: () => void;
  onReopen: () => void;
}) {
  const texts = useTexts();
  const t = texts.findings;
  const format = useFormat();
  return (
    <aside className="card detail" aria-label={t.finding}>
      <div className="panel-h">
        <h2>{finding.rule.text}</h2>
        <SeverityPill severity={finding.severity} />
      </div>
      <p>{finding.said.text}</p>
      {finding.severity === "blocking" && finding.state === "open" && <p className="tiny">{t.blocks}</p>}
      <div className="advice">
        <b>{texts.reconciliation.whatToDo}</b>
        {finding.advice.text}
      </div>
      <dl className="facts">
        {finding.customer !== null && (
          <>
            <dt>{texts.words.customer}</dt>
            <dd>
              <Link to="/customers/$customerId" params={{ customerId: finding.customer.id }}>
                {finding.customer.name}
              </Link>
            </dd>
          </>
        )}
        {finding.item !== null && finding.customer !== null && (
          <>
            <dt>{texts.words.item}</dt>
            <dd>
              <Link
                to="/customers/$customerId"
                params={{ customerId: finding.customer.id }}
                search={{ tab: "items", sel: finding.item.id } as never}
              >
                {finding.item.number}
              </Link>{" "}
              {texts.common.openAmount(format.money(finding.item.open))}
            </dd>
          </>
        )}
        <dt>{texts.words.creditor}</dt>
        <dd>{finding.creditor.name}</dd>
        <dt>{t.found}</dt>
        <dd>{format.instant(finding.foundAt)}</dd>
        {finding.decidedBy !== null && (
          <>
            <dt>{t.state[finding.state]}</dt>
            <dd>
              {finding.decidedBy}, {format.instant(finding.decidedAt)}
            </dd>
          </>
        )}
      </dl>
      {finding.note !== null && <p className="quote">{finding.note}</p>}
      {finding.mayDecide && (
        <div className="do">
          {finding.state === "open" ? (
            <>
              <Button go wide keyName="a" onClick={onFixed}>
                {t.fixed}
              </Button>
              <Button wide keyName="d" onClick={onDismiss}>
                {t.dismiss}
              </Button>
            </>
          ) : (
            <Button wide icon="undo" onClick={onReopen}>
              {t.reopen}
            </Button>
          )}
        </div>
      )}
    </aside>
  );
}

function DismissDialog({
  finding,
  onDismiss,
  onClose,
}: {
  finding: Finding;
  onDismiss: (reason: string) => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const t = texts.findings;
  const [reason, setReason] = useState("");
  const [sent, setSent] = useState(false);
  return (
    <Dialog title={t.dismissTitle(finding.rule.text)} size="sm" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setSent(true);
          if (reason.trim() !== "") onDismiss(reason.trim());
        }}
      >
        <p>{t.dismissText}</p>
        <Textarea
          label={t.reason}
          data-autofocus
          autosize
          minRows={2}
          value={reason}
          error={sent && reason.trim() === "" ? t.reasonNeeded : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="acts">
          <Button go type="submit">
            {t.dismiss}
          </Button>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
