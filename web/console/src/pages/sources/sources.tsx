import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { Alarm, Source } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { type Column, DataList, useListState } from "../../parts/list.tsx";
import { Card, Empty, Pill, Waiting } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { ImportsHead } from "../imports/imports-head.tsx";
import "./sources.css";

const TONES = { ok: "good", late: "notice", failing: "problem", off: "plain" } as const;
const ICONS = { ok: "check", late: "later", failing: "alert", off: "hold" } as const;

/** Where files come from by themselves, what came last, and what is wrong. */
export function SourcesPage() {
  const texts = useTexts();
  const t = texts.sources;
  const format = useFormat();
  const [{ creditor }] = useListState();
  const act = useAct([["sources"], ["imports"]]);
  const { data, error, refetch } = useQuery({
    queryKey: ["sources", creditor],
    queryFn: ({ signal }) => call("GET /sources", { query: { creditor }, signal }),
    refetchInterval: 60_000,
  });
  const columns: readonly Column<Source>[] = [
    {
      key: "name",
      label: t.source,
      render: (row) => (
        <span className="step">
          <Icon name={row.kind === "folder" ? "folder" : "server"} />
          <span>
            <b>{row.name}</b>
            <span className="tiny place">{row.place}</span>
          </span>
        </span>
      ),
    },
    {
      key: "creditor",
      label: texts.words.creditor,
      render: (row) => row.creditor?.name ?? t.allCreditors,
    },
    {
      key: "state",
      label: texts.words.state,
      render: (row) => (
        <>
          <Pill tone={TONES[row.state]} icon={ICONS[row.state]}>
            {t.state[row.state]}
          </Pill>
          {row.error !== null && <span className="tiny">{row.error.text}</span>}
        </>
      ),
    },
    {
      key: "lastFile",
      label: t.lastFile,
      render: (row) =>
        row.lastFile === null ? (
          NOTHING
        ) : (
          <>
            {row.lastFile.name}
            <span className="tiny">{format.instant(row.lastFile.at)}</span>
          </>
        ),
    },
    {
      key: "schedule",
      label: t.schedule,
      render: (row) => (
        <>
          {row.schedule.text}
          <span className="tiny">{row.lastTriedAt === null ? t.never : t.tried(format.instant(row.lastTriedAt))}</span>
        </>
      ),
    },
    {
      key: "files",
      label: t.week,
      right: true,
      render: (row) => (
        <>
          {format.number(row.files)}
          {row.refused > 0 && <span className="tiny">{t.refused(format.number(row.refused))}</span>}
        </>
      ),
    },
    {
      key: "acts",
      label: texts.common.actsHead,
      right: true,
      render: (row) =>
        data?.mayFetch === true && row.state !== "off" ? (
          <span className="rowacts">
            <Button
              label={t.fetchOf(row.name)}
              onClick={() =>
                void act(t.fetched, () => call("POST /sources/{sourceId}/fetch", { path: { sourceId: row.id } }))
              }
            >
              {t.fetch}
            </Button>
          </span>
        ) : null,
    },
  ];
  return (
    <>
      <ImportsHead current="sources" />
      {data === undefined ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : (
        <>
          <Alarms alarms={data.alarms} />
          <DataList
            label={t.place.sources}
            columns={columns}
            data={{ rows: data.sources, total: data.sources.length }}
            empty={<Empty title={t.none}>{t.noneHint}</Empty>}
          />
        </>
      )}
    </>
  );
}

function Alarms({ alarms }: { alarms: readonly Alarm[] }) {
  const t = useTexts().sources;
  const format = useFormat();
  return (
    <Card className="spaced" title={t.alarms}>
      {alarms.length === 0 ? (
        <p className="mute">{t.noAlarms}</p>
      ) : (
        <ul className="alarms">
          {alarms.map((alarm) => (
            <li key={alarm.id}>
              <Icon name={alarm.level === "problem" ? "alert" : "bell"} className={alarm.level} />
              <div>
                <b>{alarm.said.text}</b>
                <p className="mute">{alarm.advice.text}</p>
              </div>
              <span className="tiny nw">{format.instant(alarm.since)}</span>
            </li>
          ))}
        </ul>
      )}
      {alarms.length > 0 && (
        <p>
          <Link to="/imports/days">{t.toDays}</Link>
        </p>
      )}
    </Card>
  );
}
