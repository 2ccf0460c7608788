import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { ReviewRow } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { undoLast } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { type Column, DataList, useListState } from "../../parts/list.tsx";
import { Card, Empty, Pill, Waiting } from "../../parts/page.tsx";
import { Reasons } from "../../parts/reasons.tsx";
import { useAct, useCurrent } from "../../parts/use-act.ts";
import { BankHead } from "./bank-head.tsx";

/** The monthly sample of automatic matches: right or wrong, one key each; what it says about all of them. */
export function BankReviewPage() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [{ creditor, month }, change] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["bank", "review", creditor, month],
    queryFn: ({ signal }) => call("GET /bank/review", { query: { creditor, month }, signal }),
    placeholderData: (before) => before,
  });
  const rows = data?.rows ?? [];
  const { current, select, advance } = useCurrent(rows);
  const act = useAct([["bank"]]);
  const judge = (row: ReviewRow, verdict: "right" | "wrong") => {
    const options = (value: "right" | "wrong" | null) => ({ path: { reviewId: row.id }, body: { verdict: value } });
    advance();
    void act(
      t.verdictSaid[verdict],
      () => call("POST /bank/review/{reviewId}", options(verdict)),
      () => call("POST /bank/review/{reviewId}", options(row.verdict)),
    );
  };
  useKeys([
    { keys: "1", label: t.verdict.right, bar: true, run: () => current && judge(current, "right") },
    { keys: "2", label: t.verdict.wrong, bar: true, run: () => current && judge(current, "wrong") },
    { keys: "z", label: texts.common.undo, bar: true, run: () => void undoLast(texts) },
  ]);
  const columns: readonly Column<ReviewRow>[] = [
    {
      key: "payer",
      label: t.payer,
      render: (row) => (
        <>
          <b>{row.entry.payer ?? t.noPayer}</b>
          <span className="tiny">{row.entry.remittance === "" ? t.noText : row.entry.remittance}</span>
        </>
      ),
    },
    {
      key: "customer",
      label: t.matchedTo,
      render: (row) => (
        <>
          {row.entry.customer?.name}
          <span className="tiny">{row.numbers.join(", ") || t.onAccount}</span>
        </>
      ),
    },
    { key: "amount", label: texts.words.amount, right: true, render: (row) => format.money(row.entry.amount) },
    {
      key: "verdict",
      label: t.verdictHead,
      render: (row) =>
        row.verdict === null ? (
          <span className="mute">{t.notYet}</span>
        ) : (
          <Pill tone={row.verdict === "right" ? "good" : "notice"} icon={row.verdict === "right" ? "check" : "alert"}>
            {t.verdict[row.verdict]}
          </Pill>
        ),
    },
  ];
  return (
    <>
      <BankHead current="review" />
      {data === undefined ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : (
        <>
          <Card label={t.errorRate}>
            <div className="kpis">
              <div>
                <NativeSelect
                  label={t.month}
                  value={data.month}
                  data={(data.months.length > 0 ? data.months : [data.month]).map((value) => ({
                    value,
                    label: format.month(value),
                  }))}
                  onChange={(event) => change({ month: event.currentTarget.value, sel: undefined })}
                />
              </div>
              <div>
                <b>{format.number(data.automatic)}</b>
                <span className="tiny">{t.automaticInMonth}</span>
              </div>
              <div>
                <b>{t.ofCount(format.number(data.decided), format.number(rows.length))}</b>
                <span className="tiny">{t.reviewed}</span>
              </div>
              <div>
                <b>{format.number(data.wrong)}</b>
                <span className="tiny">{t.foundWrong}</span>
              </div>
              <div>
                <b>
                  {data.errorRate === null
                    ? t.notKnownYet
                    : t.between(format.percent(data.errorRate.low, 1), format.percent(data.errorRate.high, 1))}
                </b>
                <span className="tiny">{t.errorRate}</span>
              </div>
            </div>
          </Card>
          <div className="listdetail fill">
            <DataList
              label={t.place.review}
              columns={columns}
              data={{ rows, total: rows.length }}
              idOf={(row) => row.id}
              current={current?.id}
              onCurrent={select}
              empty={<Empty title={t.noSample} />}
            />
            {current !== undefined && (
              <aside className="card detail" aria-label={t.entry}>
                <div className="panel-h">
                  <h2>{current.entry.payer ?? t.noPayer}</h2>
                  <span className="amt">{format.money(current.entry.amount)}</span>
                </div>
                <p className="quote">{current.entry.remittance === "" ? t.noText : current.entry.remittance}</p>
                <p>
                  {t.matchedTo}:{" "}
                  {current.entry.customer !== null && (
                    <Link to="/customers/$customerId" params={{ customerId: current.entry.customer.id }}>
                      {current.entry.customer.name}
                    </Link>
                  )}{" "}
                  <span className="mute">{current.numbers.join(", ") || t.onAccount}</span>
                </p>
                {current.probability !== null && (
                  <p className="tiny">{t.byItselfChance(format.chance(current.probability))}</p>
                )}
                <Reasons reasons={current.reasons} />
                {current.decidedBy !== null && (
                  <p className="tiny">
                    {current.decidedBy}, {format.instant(current.decidedAt)}
                  </p>
                )}
                <div className="do">
                  {current.verdict === "wrong" && (
                    <Link
                      className="btn wide"
                      to="/bank"
                      search={{ view: "booked", sel: current.entry.id, q: current.entry.payer ?? undefined } as never}
                    >
                      {t.takeBack}
                    </Link>
                  )}
                  <div className="pair">
                    <Button wide keyName="1" onClick={() => judge(current, "right")}>
                      {t.verdict.right}
                    </Button>
                    <Button wide keyName="2" onClick={() => judge(current, "wrong")}>
                      {t.verdict.wrong}
                    </Button>
                  </div>
                </div>
              </aside>
            )}
          </div>
        </>
      )}
    </>
  );
}
