import { Link, useNavigate } from "@tanstack/react-router";
import type { CustomerRow } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber, NOTHING } from "../../format/index.ts";
import { type Column, useListState } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, PageHead, Pill } from "../../parts/page.tsx";

const STAGES = ["pre_due", "reminder", "dunning_notice", "final_notice", "hand_over"] as const;

/** List and search in one: the search field of the bar lands here. */
export function CustomersPage() {
  const texts = useTexts();
  const t = texts.customers;
  const format = useFormat();
  const navigate = useNavigate();
  const [{ q, agefrom, ageto }] = useListState();
  const list = useServerList("GET /customers", {
    key: ["customers"],
    filters: ["kind", "stage", "held", "overdue", "agefrom", "ageto"],
  });
  const open = (row: CustomerRow) => void navigate({ to: "/customers/$customerId", params: { customerId: row.id } });
  const columns: readonly Column<CustomerRow>[] = [
    {
      key: "name",
      label: t.name,
      sort: true,
      render: (row) => (
        <>
          <b>
            <Link to="/customers/$customerId" params={{ customerId: row.id }}>
              {row.name}
            </Link>
          </b>{" "}
          {row.restricted && <Pill icon="shield">{t.restricted}</Pill>}
          {row.hit !== undefined && <span className="tiny">{row.hit.text}</span>}
        </>
      ),
    },
    { key: "number", label: t.number, sort: true, className: "nw", render: (row) => customerNumber(row.number) },
    {
      key: "town",
      label: t.place,
      render: (row) => [row.street, row.town].filter(Boolean).join(", ") || NOTHING,
    },
    {
      key: "stage",
      label: texts.words.stage,
      render: (row) => (
        <>
          {row.stage ?? NOTHING} {row.held && <Pill icon="hold">{texts.words.hold}</Pill>}
        </>
      ),
    },
    {
      key: "oldestDue",
      label: t.dueSince,
      sort: true,
      className: "nw",
      render: (row) => format.dayShort(row.oldestDue),
    },
    { key: "overdue", label: texts.words.overdue, right: true, sort: true, render: (row) => format.money(row.overdue) },
    {
      key: "open",
      label: texts.words.open,
      right: true,
      sort: true,
      sum: true,
      render: (row) => <b>{format.money(row.open)}</b>,
    },
  ];
  return (
    <>
      <PageHead name={texts.nav.customers} title={q === undefined ? texts.nav.customers : t.found(q)}>
        {q === undefined ? t.lead : t.searchLogged}
      </PageHead>
      <ListBar
        list={list}
        placeholder={texts.shell.search}
        filters={[
          {
            name: "kind",
            label: t.kind,
            options: [
              ["consumer", texts.words.kind.consumer],
              ["business", texts.words.kind.business],
            ],
          },
          {
            name: "stage",
            label: texts.words.stage,
            options: STAGES.map((key) => [key, texts.words.stages[key]] as const),
          },
          {
            name: "held",
            label: texts.words.hold,
            options: [
              ["yes", texts.common.yes],
              ["no", texts.common.no],
            ],
          },
          {
            name: "overdue",
            label: texts.words.overdue,
            options: [
              ["yes", texts.common.yes],
              ["no", texts.common.no],
            ],
          },
        ]}
        count={
          <>
            {agefrom !== undefined && `${t.ageBand(agefrom, ageto)} · `}
            {list.data !== undefined && texts.common.rows(format.number(list.data.total))}
          </>
        }
      />
      <ListDetail
        label={texts.nav.customers}
        columns={columns}
        list={list}
        onOpen={open}
        empty={<Empty title={t.empty}>{t.emptyHint}</Empty>}
      />
    </>
  );
}
