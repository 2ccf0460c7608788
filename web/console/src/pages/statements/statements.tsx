import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { StatementRow } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, Pill } from "../../parts/page.tsx";
import { BankHead } from "../bank/bank-head.tsx";

export function StatementsPage() {
  const texts = useTexts();
  const t = texts.statements;
  const format = useFormat();
  const navigate = useNavigate();
  const [{ creditor, q, reconciles, sort, offset }] = useListState();
  const query = {
    creditor,
    q,
    reconciles: reconciles as "yes" | "no" | undefined,
    sort,
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["bank", "statements", query],
    queryFn: ({ signal }) => call("GET /bank/statements", { query, signal }),
    placeholderData: (before) => before,
  });
  useKeys([{ keys: "e", label: texts.bank.importStatement, bar: true, run: () => void navigate({ to: "/imports" }) }]);
  const columns: readonly Column<StatementRow>[] = [
    {
      key: "account",
      label: t.account,
      sort: true,
      render: (row) => (
        <>
          <b className="nw">
            <Link to="/bank" search={{ view: "booked", statement: row.id } as never}>
              {iban(row.account)}
            </Link>
          </b>
          <span className="tiny">{row.creditor.name}</span>
        </>
      ),
    },
    { key: "number", label: t.number, render: (row) => row.number },
    {
      key: "to",
      label: t.period,
      sort: true,
      className: "nw",
      render: (row) =>
        row.from === row.to
          ? format.dayShort(row.to)
          : `${format.dayShort(row.from)} ${texts.common.to} ${format.dayShort(row.to)}`,
    },
    { key: "opening", label: t.opening, right: true, render: (row) => format.money(row.opening) },
    { key: "credits", label: t.credits, right: true, render: (row) => format.money(row.credits) },
    { key: "debits", label: t.debits, right: true, render: (row) => format.money(row.debits) },
    { key: "closing", label: t.closing, right: true, sort: true, render: (row) => format.money(row.closing) },
    { key: "entries", label: t.entries, right: true, sort: true, render: (row) => format.number(row.entries) },
    {
      key: "reconciles",
      label: t.reconciles,
      render: (row) =>
        row.reconciles ? (
          <Pill tone="good" icon="check">
            {t.yes}
          </Pill>
        ) : (
          <Pill tone="notice" icon="alert">
            {t.no}
          </Pill>
        ),
    },
    {
      key: "importedAt",
      label: t.imported,
      sort: true,
      className: "nw",
      render: (row) => format.instant(row.importedAt),
    },
  ];
  return (
    <>
      <BankHead current="statements" />
      <FilterBar
        placeholder={texts.common.filterText}
        filters={[
          {
            name: "reconciles",
            label: t.reconciles,
            options: [
              ["yes", texts.common.yes],
              ["no", texts.common.no],
            ],
          },
        ]}
        count={data && texts.common.rows(format.number(data.total))}
        exportPath="/bank/statements"
        exportQuery={query}
      />
      <DataList
        label={texts.bank.statements}
        columns={columns}
        data={data}
        error={error}
        retry={() => void refetch()}
        idOf={(row) => row.id}
        onOpen={(row) => void navigate({ to: "/bank", search: { view: "booked", statement: row.id } as never })}
        empty={<Empty title={t.empty} />}
      />
    </>
  );
}
