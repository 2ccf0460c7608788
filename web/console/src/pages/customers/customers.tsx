import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { CustomerRow } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber, NOTHING } from "../../format/index.ts";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, PageHead, Pill } from "../../parts/page.tsx";

const STAGES = ["pre_due", "reminder", "dunning_notice", "final_notice", "hand_over"] as const;

/** List and search in one: the search field of the bar lands here. */
export function CustomersPage() {
  const texts = useTexts();
  const t = texts.customers;
  const format = useFormat();
  const navigate = useNavigate();
  const [search] = useListState();
  const { creditor, q, kind, stage, held, overdue, sort, offset, agefrom, ageto } = search;
  const query = {
    creditor,
    q,
    kind: kind as "consumer" | "business" | undefined,
    stage,
    held: held as "yes" | "no" | undefined,
    overdue: overdue as "yes" | "no" | undefined,
    agefrom: agefrom === undefined ? undefined : Number(agefrom),
    ageto: ageto === undefined ? undefined : Number(ageto),
    sort,
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["customers", query],
    queryFn: ({ signal }) => call("GET /customers", { query, signal }),
    placeholderData: (before) => before,
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
      <FilterBar
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
            {data !== undefined && texts.common.rows(format.number(data.total))}
          </>
        }
        exportPath="/customers"
        exportQuery={query}
      />
      <DataList
        label={texts.nav.customers}
        columns={columns}
        data={data}
        error={error}
        retry={() => void refetch()}
        idOf={(row) => row.id}
        onOpen={open}
        empty={<Empty title={t.empty}>{t.emptyHint}</Empty>}
      />
    </>
  );
}
