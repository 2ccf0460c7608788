import { Link, useNavigate } from "@tanstack/react-router";
import type { StrategyRow } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, PageHead, Pill } from "../../parts/page.tsx";

export function StrategiesPage() {
  const texts = useTexts();
  const t = texts.strategy;
  const format = useFormat();
  const navigate = useNavigate();
  const list = useServerList("GET /strategies", { key: ["strategies"] });
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
      <ListBar list={list} />
      <ListDetail
        label={texts.nav.strategies}
        columns={columns}
        list={list}
        onOpen={(row) => void navigate({ to: "/strategies/$strategyId", params: { strategyId: row.id } })}
        empty={<Empty title={t.none} />}
      />
    </>
  );
}
