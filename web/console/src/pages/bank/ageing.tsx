import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { BankEntryRow } from "../../api/contract.ts";
import { useFormat, useSignedIn, useTexts } from "../../app/session.tsx";
import { daysBetween } from "../../format/index.ts";
import { AgeingChart } from "../../parts/column-chart.tsx";
import { type Column, useListState } from "../../parts/list.tsx";
import { ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Card, Empty, Waiting } from "../../parts/page.tsx";
import { BankHead } from "./bank-head.tsx";

/** Money nobody has been credited with yet: how much, and for how long. */
export function BankAgeingPage() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const { businessDate } = useSignedIn();
  const navigate = useNavigate();
  const [{ creditor }] = useListState();
  const ageing = useQuery({
    queryKey: ["bank", "ageing", creditor],
    queryFn: ({ signal }) => call("GET /bank/ageing", { query: { creditor }, signal }),
  });
  const list = useServerList("GET /bank/entries", {
    key: ["bank", "entries"],
    preset: { sort: "bookedOn" },
    always: { view: "unmatched" },
  });
  const columns: readonly Column<BankEntryRow>[] = [
    {
      key: "payer",
      label: t.payer,
      render: (row) => (
        <>
          <b>
            <Link to="/bank" search={{ creditor, view: "unmatched", sel: row.id } as never}>
              {row.payer ?? t.noPayer}
            </Link>
          </b>
          <span className="tiny">{row.remittance === "" ? t.noText : row.remittance}</span>
        </>
      ),
    },
    {
      key: "bookedOn",
      label: t.waits,
      sort: true,
      className: "nw",
      render: (row) => (
        <>
          {t.days(daysBetween(row.bookedOn, businessDate))}
          <span className="tiny">{format.dayShort(row.bookedOn)}</span>
        </>
      ),
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
      <BankHead current="ageing" />
      {ageing.data === undefined ? (
        <Waiting error={ageing.error} retry={() => void ageing.refetch()} />
      ) : ageing.data.length === 0 ? (
        <Card label={t.place.ageing}>
          <Empty title={t.empty.unmatched} />
        </Card>
      ) : (
        <div className={ageing.data.length > 1 ? "grid2" : "stack"}>
          {ageing.data.map((one) => (
            <AgeingChart
              key={one.currency}
              title={t.ageingTitle(
                format.money(one.amount),
                format.number(one.entries),
                one.oldest === null ? null : format.dayShort(one.oldest),
              )}
              hint={t.ageingHint}
              bands={one.bands}
              to="/bank"
              search={{ creditor, view: "unmatched" }}
              besideHead={texts.statements.entries}
              unit="money"
            />
          ))}
        </div>
      )}
      <ListDetail
        label={t.view.unmatched}
        columns={columns}
        list={list}
        onOpen={(row) => void navigate({ to: "/bank", search: { creditor, view: "unmatched", sel: row.id } as never })}
        empty={<Empty title={t.empty.unmatched} />}
      />
    </>
  );
}
