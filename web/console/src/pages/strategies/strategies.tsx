import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { StrategyRow } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, PageHead, Pill } from "../../parts/page.tsx";

export function StrategiesPage() {
  const texts = useTexts();
  const t = texts.strategy;
  const format = useFormat();
  const navigate = useNavigate();
  const [{ creditor, q, sort, offset }] = useListState();
  const query = { creditor, q, sort, offset: offset ? Number(offset) : undefined, limit: PAGE };
  const { data, error, refetch } = useQuery({
    queryKey: ["strategies", query],
    queryFn: ({ signal }) => call("GET /strategies", { query, signal }),
    placeholderData: (before) => before,
  });
  const columns: readonly Column<StrategyRow>[] = [
    {
      key: "name",
      label: t.name,
      sort: true,
      render: (row) => (
        <b>
          <Link to="/strategies/$strategyId" params={{ strategyId: row.id }}>
            {row.name}
          </Link>
        </b>
      ),
    },
    {
      key: "creditors",
      label: t.appliesTo,
      render: (row) =>
        row.creditors.length === 0 ? texts.shell.allCreditors : row.creditors.map((one) => one.name).join(", "),
    },
    { key: "version", label: t.version, right: true, render: (row) => format.number(row.version) },
    {
      key: "inForceSince",
      label: t.inForce,
      sort: true,
      render: (row) =>
        row.inForceSince === null ? (
          <Pill>{t.draft}</Pill>
        ) : (
          <Pill tone="good">{t.since(format.dayShort(row.inForceSince))}</Pill>
        ),
    },
    { key: "stages", label: t.stages, right: true, render: (row) => format.number(row.stages) },
    {
      key: "customers",
      label: texts.words.customers,
      right: true,
      sort: true,
      render: (row) => format.number(row.customers),
    },
  ];
  return (
    <>
      <PageHead name={texts.nav.strategies} title={texts.nav.strategies}>
        {t.lead}
      </PageHead>
      <FilterBar placeholder={texts.common.filterText} exportPath="/strategies" exportQuery={query} />
      <DataList
        label={texts.nav.strategies}
        columns={columns}
        data={data}
        error={error}
        retry={() => void refetch()}
        idOf={(row) => row.id}
        onOpen={(row) => void navigate({ to: "/strategies/$strategyId", params: { strategyId: row.id } })}
        empty={<Empty title={t.none} />}
      />
    </>
  );
}
