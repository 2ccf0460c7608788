import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { Refund, RefundAct, RefundState } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, Note, Pill } from "../../parts/page.tsx";
import { useAct, useCurrent } from "../../parts/use-act.ts";
import { CreditsHead } from "./credits-head.tsx";

const TONES = {
  proposed: "notice",
  agreed_once: "notice",
  approved: "good",
  in_file: "good",
  refused: "plain",
  withdrawn: "plain",
} as const;
const STATES = Object.keys(TONES) as RefundState[];

/** Refunds: proposed by one, approved by another, then in a payment file. */
export function RefundsPage() {
  const texts = useTexts();
  const t = texts.credits;
  const format = useFormat();
  const [{ creditor, q, sort, offset, state }] = useListState();
  const act = useAct([["credits"], ["worklist"]]);
  const query = {
    creditor,
    q,
    sort,
    state: state as RefundState | undefined,
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["credits", "refunds", query],
    queryFn: ({ signal }) => call("GET /refunds", { query, signal }),
    placeholderData: (before) => before,
  });
  const { current, select } = useCurrent(data?.rows ?? []);
  const decide = (row: Refund, what: RefundAct) =>
    void act(t.said[what], () =>
      call("POST /refunds/{refundId}/decide", { path: { refundId: row.id }, body: { act: what } }),
    );
  useKeys([
    {
      keys: "a",
      label: t.act.approve,
      bar: true,
      run: () => current?.acts.includes("approve") && decide(current, "approve"),
    },
  ]);
  const columns: readonly Column<Refund>[] = [
    {
      key: "customer",
      label: texts.words.customer,
      sort: true,
      render: (row) => (
        <>
          <b>
            <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
              {row.customer.name}
            </Link>
          </b>
          <span className="tiny">{customerNumber(row.customer.number)}</span>
        </>
      ),
    },
    { key: "account", label: t.to, className: "nw", render: (row) => row.account.iban },
    {
      key: "proposedAt",
      label: t.proposedBy,
      sort: true,
      render: (row) => (
        <>
          {row.proposedBy}
          <span className="tiny">{format.instant(row.proposedAt)}</span>
        </>
      ),
    },
    {
      key: "state",
      label: texts.words.state,
      render: (row) => <Pill tone={TONES[row.state]}>{t.state[row.state]}</Pill>,
    },
    {
      key: "amount",
      label: texts.words.amount,
      right: true,
      sort: true,
      sum: true,
      render: (row) => format.money(row.amount),
    },
  ];
  return (
    <>
      <CreditsHead current="refunds" />
      <FilterBar
        placeholder={texts.common.filterText}
        filters={[
          { name: "state", label: texts.words.state, options: STATES.map((key) => [key, t.state[key]] as const) },
        ]}
        count={data && texts.common.rows(format.number(data.total))}
        exportPath="/refunds"
        exportQuery={query}
      />
      <div className="listdetail fill">
        <DataList
          label={t.place.refunds}
          columns={columns}
          data={data}
          error={error}
          retry={() => void refetch()}
          idOf={(row) => row.id}
          current={current?.id}
          onCurrent={select}
          empty={<Empty title={t.noRefunds} />}
        />
        {current !== undefined && (
          <aside className="card detail" aria-label={t.refund}>
            <div className="panel-h">
              <h2>{current.customer.name}</h2>
              <span className="amt">{format.money(current.amount)}</span>
            </div>
            <dl className="facts">
              <dt>{t.to}</dt>
              <dd>
                <b className="nw">{current.account.iban}</b>
                {current.account.holder !== null && <p className="tiny">{current.account.holder}</p>}
              </dd>
              <dt>{texts.words.creditor}</dt>
              <dd>{current.creditor.name}</dd>
            </dl>
            <Eyes refund={current} />
            {current.reason !== null && <p className="quote">{current.reason}</p>}
            {current.mayNot !== null && <Note>{current.mayNot.text}</Note>}
            <div className="do">
              {current.acts.map((what) => (
                <Button
                  key={what}
                  go={what === "approve"}
                  wide
                  {...(what === "approve" ? { keyName: "a" } : {})}
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

/** Who proposed, who agreed, who is still needed: as a way. */
function Eyes({ refund }: { refund: Refund }) {
  const t = useTexts().credits;
  const format = useFormat();
  const ended = refund.state === "refused" || refund.state === "withdrawn";
  const steps: readonly { readonly text: string; readonly note: string | null; readonly look?: "now" | "then" }[] = [
    { text: t.proposedByWho(refund.proposedBy), note: format.instant(refund.proposedAt) },
    ...(refund.firstApprovedBy === null ? [] : [{ text: t.agreedOnce(refund.firstApprovedBy), note: null }]),
    refund.approvedBy === null
      ? {
          text: ended ? t.state[refund.state] : t.waitsForSecond,
          note: null,
          ...(ended ? {} : { look: "now" as const }),
        }
      : { text: t.approvedBy(refund.approvedBy), note: null },
    ...(ended ? [] : [{ text: t.inFile, note: null, ...(refund.fileId === null ? { look: "then" as const } : {}) }]),
  ];
  return (
    <ol className="way eyes">
      {steps.map((step) => (
        <li key={step.text} className={step.look}>
          {step.text}
          {step.note !== null && <span className="tiny"> {step.note}</span>}
        </li>
      ))}
    </ol>
  );
}
