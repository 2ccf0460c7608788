import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { ReviewRow } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { undoLast } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { CustomerLink } from "../../parts/customer-cell.tsx";
import { type Column, useListState } from "../../parts/list.tsx";
import { Detail, ListDetail } from "../../parts/list-detail.tsx";
import { Card, Empty, Pill, Waiting } from "../../parts/page.tsx";
import { Reasons } from "../../parts/reasons.tsx";
import { useAct, useChosen } from "../../parts/use-act.ts";
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
  const chosen = useChosen(rows);
  const { current } = chosen;
  const act = useAct([["bank"]]);
  const judge = (row: ReviewRow, verdict: "right" | "wrong") => {
    const options = (value: "right" | "wrong" | null) => ({ path: { reviewId: row.id }, body: { verdict: value } });
    chosen.advance();
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
          <ListDetail
            list={{ data: { rows, total: rows.length }, error, retry: () => void refetch() }}
            chosen={chosen}
            label={t.place.review}
            columns={columns}
            empty={<Empty title={t.noSample} />}
          >
            {(row) => (
              <Detail
                label={t.entry}
                title={row.entry.payer ?? t.noPayer}
                end={<span className="amt">{format.money(row.entry.amount)}</span>}
              >
                <p className="quote">{row.entry.remittance === "" ? t.noText : row.entry.remittance}</p>
                <p>
                  {t.matchedTo}: {row.entry.customer !== null && <CustomerLink customer={row.entry.customer} />}{" "}
                  <span className="mute">{row.numbers.join(", ") || t.onAccount}</span>
                </p>
                {row.probability !== null && <p className="tiny">{t.byItselfChance(format.chance(row.probability))}</p>}
                <Reasons reasons={row.reasons} />
                {row.decidedBy !== null && (
                  <p className="tiny">
                    {row.decidedBy}, {format.instant(row.decidedAt)}
                  </p>
                )}
                <div className="do">
                  {row.verdict === "wrong" && (
                    <Link
                      className="btn wide"
                      to="/bank"
                      search={{ view: "booked", sel: row.entry.id, q: row.entry.payer ?? undefined } as never}
                    >
                      {t.takeBack}
                    </Link>
                  )}
                  <div className="pair">
                    <Button wide keyName="1" onClick={() => judge(row, "right")}>
                      {t.verdict.right}
                    </Button>
                    <Button wide keyName="2" onClick={() => judge(row, "wrong")}>
                      {t.verdict.wrong}
                    </Button>
                  </div>
                </div>
              </Detail>
            )}
          </ListDetail>
        </>
      )}
    </>
  );
}
