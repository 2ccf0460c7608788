import { Link, useNavigate } from "@tanstack/react-router";
import type { RunRow } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { ButtonLink } from "../../parts/button.tsx";
import { type Column, useListState } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, PageHead, Pill } from "../../parts/page.tsx";

export function RunsPage() {
  const texts = useTexts();
  const t = texts.runs;
  const format = useFormat();
  const navigate = useNavigate();
  const [{ creditor }] = useListState();
  const list = useServerList("GET /runs", {
    key: ["runs"],
    filters: ["state"],
    refetchInterval: (data) => (data?.rows.some((row) => row.state === "running") ? 2000 : false),
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
      <ListBar
        list={list}
        text={false}
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
      />
      <ListDetail
        label={texts.nav.runs}
        columns={columns}
        list={list}
        onOpen={open}
        empty={<Empty title={t.empty}>{t.emptyHint}</Empty>}
      />
    </>
  );
}
