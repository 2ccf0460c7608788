import { call } from "../../api/client.ts";
import type { Refund, RefundAct, RefundState } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { Button } from "../../parts/button.tsx";
import { customerColumn } from "../../parts/customer-cell.tsx";
import type { Column } from "../../parts/list.tsx";
import { Detail, ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { Empty, Note, Pill } from "../../parts/page.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { useAct, useChosen } from "../../parts/use-act.ts";
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
  const act = useAct([["credits"], ["worklist"]]);
  const list = useServerList("GET /refunds", { key: ["credits", "refunds"], filters: ["state"] });
  const chosen = useChosen(list.rows);
  const { current } = chosen;
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
    customerColumn(texts.words.customer),
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
      <ListBar
        list={list}
        filters={[
          { name: "state", label: texts.words.state, options: STATES.map((key) => [key, t.state[key]] as const) },
        ]}
      />
      <ListDetail
        list={list}
        chosen={chosen}
        label={t.place.refunds}
        columns={columns}
        empty={<Empty title={t.noRefunds} />}
      >
        {(row) => (
          <Detail
            label={t.refund}
            title={row.customer.name}
            end={<span className="amt">{format.money(row.amount)}</span>}
          >
            <dl className="facts">
              <dt>{t.to}</dt>
              <dd>
                <b className="nw">{row.account.iban}</b>
                {row.account.holder !== null && <p className="tiny">{row.account.holder}</p>}
              </dd>
              <dt>{texts.words.creditor}</dt>
              <dd>{row.creditor.name}</dd>
            </dl>
            <Eyes refund={row} />
            {row.reason !== null && <p className="quote">{row.reason}</p>}
            {row.mayNot !== null && <Note>{row.mayNot.text}</Note>}
            <div className="do">
              {row.acts.map((what) => (
                <Button
                  key={what}
                  go={what === "approve"}
                  wide
                  {...(what === "approve" ? { keyName: "a" } : {})}
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
