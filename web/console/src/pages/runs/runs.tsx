import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { RunRow, RunState } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { ButtonLink } from "../../parts/button.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, PageHead, Pill } from "../../parts/page.tsx";

export function RunsPage() {
  const texts = useTexts();
  const t = texts.runs;
  const format = useFormat();
  const navigate = useNavigate();
  const [{ creditor, q, state, sort, offset }] = useListState();
  const query = {
    creditor,
    q,
    state: state as RunState | undefined,
    sort,
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["runs", query],
    queryFn: ({ signal }) => call("GET /runs", { query, signal }),
    placeholderData: (before) => before,
    refetchInterval: (found) => (found.state.data?.rows.some((row) => row.state === "running") ? 2000 : false),
  });
  const open = (row: RunRow) => void navigate({ to: "/runs/$runId", params: { runId: row.id } });
  useKeys([
    {
      keys: "l",
      label: texts.today.checkRun,
      bar: true,
      run: () => void navigate({ to: "/runs/next", search: { creditor } as never }),
    },
  ]);
  const columns: readonly Column<RunRow>[] = [
    {
      key: "date",
      label: t.date,
      sort: true,
      className: "nw",
      render: (row) => (
        <b>
          <Link to="/runs/$runId" params={{ runId: row.id }}>
            {format.dayWeek(row.date)}
          </Link>
        </b>
      ),
    },
    { key: "creditor", label: texts.words.creditor, render: (row) => row.creditor.name },
    {
      key: "state",
      label: texts.words.state,
      render: (row) => <Pill tone={row.state === "done" ? "good" : "info"}>{t.state[row.state]}</Pill>,
    },
    {
      key: "contact",
      label: texts.words.outcome.contact,
      right: true,
      render: (row) => format.number(row.decisions.contact),
    },
    { key: "wait", label: texts.words.outcome.wait, right: true, render: (row) => format.number(row.decisions.wait) },
    {
      key: "blocked",
      label: texts.words.outcome.blocked,
      right: true,
      render: (row) => format.number(row.decisions.blocked),
    },
    {
      key: "left",
      label: texts.words.messageState.left,
      right: true,
      render: (row) => format.number(row.messages.left),
    },
    {
      key: "queued",
      label: texts.words.messageState.queued,
      right: true,
      render: (row) => format.number(row.messages.queued + row.messages.leaving),
    },
    {
      key: "dropped",
      label: texts.words.messageState.dropped,
      right: true,
      render: (row) => format.number(row.messages.dropped),
    },
    { key: "startedBy", label: t.startedBy, render: (row) => row.startedBy },
    {
      key: "startedAt",
      label: t.startedAt,
      sort: true,
      className: "nw",
      render: (row) => format.instant(row.startedAt),
    },
  ];
  return (
    <>
      <PageHead
        name={texts.nav.runs}
        title={texts.nav.runs}
        acts={
          <ButtonLink go to="/runs/next" search={{ creditor } as never} keyName="l">
            {texts.today.checkRun}
          </ButtonLink>
        }
      >
        {t.lead}
      </PageHead>
      <FilterBar
        filters={[
          {
            name: "state",
            label: texts.words.state,
            options: [
              ["running", t.state.running],
              ["done", t.state.done],
            ],
          },
        ]}
        count={data && texts.common.rows(format.number(data.total))}
        exportPath="/runs"
        exportQuery={query}
      />
      <DataList
        label={texts.nav.runs}
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
