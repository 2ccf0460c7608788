import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { Reconciliation, ReconciliationRow } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { DayStrip } from "../../parts/day-strip.tsx";
import { useListState } from "../../parts/list.tsx";
import { Card, Empty, Note, Pill, Waiting } from "../../parts/page.tsx";
import { Bridge } from "./bridge.tsx";
import { ReconciliationHead } from "./reconciliation-tabs.tsx";
import "./reconciliation.css";

const TONES = { equal: "good", different: "miss", waiting: "soon", none: "rest" } as const;

/** Every day, to the cent: the ERP's list, the ledger and the bank. */
export function ReconciliationPage() {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  const [{ creditor, day }, change] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["reconciliation", "day", creditor, day],
    queryFn: ({ signal }) => call("GET /reconciliation", { query: { creditor, day }, signal }),
    placeholderData: (before) => before,
  });
  return (
    <>
      <ReconciliationHead current="day" />
      {data === undefined ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : (
        <>
          <Card title={t.lastDays} end={<span className="mute">{format.dayWeek(data.day)}</span>}>
            <DayStrip
              label={t.lastDays}
              current={data.day}
              days={data.days.map((one) => ({ day: one.day, tone: TONES[one.state], label: t.dayState[one.state] }))}
              onSelect={(chosen) => change({ day: chosen })}
            />
          </Card>
          {data.vanished > 0 && (
            <Note tone="notice">
              {t.stops(data.vanished)}{" "}
              <Link to="/reconciliation/vanished" search={{ creditor } as never}>
                {t.look}
              </Link>
            </Note>
          )}
          {data.rows.length === 0 && (
            <Card label={texts.nav.reconciliation}>
              <Empty title={t.nothing}>{t.nothingHint}</Empty>
            </Card>
          )}
          {data.rows.map((row) => (
            <RowCard key={`${row.creditor.id}${row.currency}`} row={row} page={data} />
          ))}
        </>
      )}
    </>
  );
}

function RowCard({ row, page }: { row: ReconciliationRow; page: Reconciliation }) {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  return (
    <Card
      className="spaced"
      title={`${row.creditor.name}, ${row.currency}`}
      end={
        <>
          <Pill>{t.leads[row.leads]}</Pill> {page.at !== null && t.computed(format.instant(page.at))}
        </>
      }
    >
      <div className="bridges">
        {row.comparisons.map((comparison) => (
          <Bridge key={comparison.kind} comparison={comparison} currency={row.currency} />
        ))}
      </div>
      {row.differences > 0 && (
        <p>
          <Link to="/reconciliation/differences" search={{ creditor: row.creditor.id } as never}>
            {t.showDifferences(row.differences)}
          </Link>
        </p>
      )}
    </Card>
  );
}
