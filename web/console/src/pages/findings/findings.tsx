import { Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { Finding, Severity } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { undoLast } from "../../app/toast.tsx";
import { NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { customerColumn, CustomerLink } from "../../parts/customer-cell.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { type Column, useListState } from "../../parts/list.tsx";
import { Detail, ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { Empty } from "../../parts/page.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { SeverityPill } from "../../parts/severity.tsx";
import { useAct, useChosen } from "../../parts/use-act.ts";
import { FindingsHead } from "./findings-head.tsx";

const SEVERITIES: readonly Severity[] = ["blocking", "warning", "hint"];

/** What the checks before dunning found, blocking ones first: mended and checked again, or dismissed with a reason. */
export function FindingsPage() {
  const texts = useTexts();
  const t = texts.findings;
  const format = useFormat();
  const [{ rule }, change] = useListState();
  const [dismissing, setDismissing] = useState(false);
  const act = useAct([["findings"], ["worklist"]]);
  const list = useServerList("GET /findings", { key: ["findings"], filters: ["rule", "severity", "state"] });
  const counts = list.data?.counts ?? [];
  const chosen = useChosen(list.rows);
  const { current } = chosen;
  const open = current?.state === "open" && current.mayDecide;
  const reopen = (row: Finding) => () =>
    call("POST /findings/{findingId}/reopen", { path: { findingId: row.id } }).then(() => chosen.select(row));
  const decide = (row: Finding, what: "fixed" | "dismiss", reason: string | null) => {
    chosen.advance();
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
    customerColumn(texts.words.customer),
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
      {counts.length > 0 && (
        <div className="chips" role="group" aria-label={t.byRule}>
          {counts.map((one) => (
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
      <ListBar
        list={list}
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
      />
      <ListDetail
        list={list}
        chosen={chosen}
        label={texts.nav.findings}
        columns={columns}
        empty={<Empty title={t.none}>{t.noneHint}</Empty>}
      >
        {(row) => (
          <FindingDetail
            finding={row}
            onFixed={() => decide(row, "fixed", null)}
            onDismiss={() => setDismissing(true)}
            onReopen={() => void act(t.reopened, reopen(row))}
          />
        )}
      </ListDetail>
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

function FindingDetail({
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
    <Detail label={t.finding} title={finding.rule.text} end={<SeverityPill severity={finding.severity} />}>
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
              <CustomerLink customer={finding.customer} />
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
    </Detail>
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
