import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { RunPreview, RunPreviewRow } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useSignedIn, useTexts } from "../../app/session.tsx";
import { problemText, sayProblem } from "../../app/toast.tsx";
import { NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { customerColumn } from "../../parts/customer-cell.tsx";
import { type Column, useListState } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Card, Empty, Note, PageHead, Tabs, Waiting } from "../../parts/page.tsx";
import { Outcomes, StageTable } from "../../parts/run-figures.tsx";
import "../today/today.css";
import "./run-review.css";

/** What the next run would do: the same decisions, nothing stored. From here it is started. */
export function RunReviewPage() {
  const texts = useTexts();
  const t = texts.runs;
  const format = useFormat();
  const { creditors } = useSignedIn();
  const [{ creditor: chosen, date }] = useListState();
  const creditor = chosen ?? (creditors.length === 1 ? creditors[0]?.id : undefined);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["runs", "preview", creditor, date],
    queryFn: ({ signal }) => call("GET /runs/preview", { query: { creditor, date }, signal }),
    staleTime: 0,
  });
  const start = async () => {
    if (data === undefined || busy) return;
    const of = data.creditor?.id ?? creditor;
    if (of === undefined) {
      sayProblem(t.chooseCreditor);
      return;
    }
    setBusy(true);
    try {
      const run = await call("POST /runs", { body: { creditorId: of, date: data.date } });
      await queries.invalidateQueries({ queryKey: ["runs"] });
      await navigate({ to: "/runs/$runId", params: { runId: run.id } });
    } catch (failure) {
      sayProblem(problemText(failure, texts));
    } finally {
      setBusy(false);
    }
  };
  useKeys([
    { keys: "ctrl+Enter", label: t.start, bar: true, run: () => void start() },
    { keys: "Escape", label: texts.keys.back, bar: true, run: () => void navigate({ to: "/runs" }) },
  ]);
  return (
    <>
      <PageHead
        name={t.review}
        title={t.review}
        acts={
          data?.mayStart && (creditor !== undefined || data.creditor !== null) ? (
            <Button go icon="play" keyName="ctrl+Enter" busy={busy} onClick={() => void start()}>
              {t.startCount(format.number(data.decisions.contact))}
            </Button>
          ) : undefined
        }
      >
        {data !== undefined && t.reviewLead(data.creditor?.name ?? texts.shell.allCreditors, format.dayWeek(data.date))}
      </PageHead>
      {data === undefined ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : (
        <Review preview={data} creditor={creditor} needsCreditor={creditor === undefined && data.creditor === null} />
      )}
    </>
  );
}

function Review({
  preview,
  creditor,
  needsCreditor,
}: {
  preview: RunPreview;
  creditor: string | undefined;
  needsCreditor: boolean;
}) {
  const texts = useTexts();
  const t = texts.runs;
  const format = useFormat();
  const [{ result }] = useListState();
  const outcome = (["contact", "wait", "blocked"] as const).find((one) => one === result) ?? "contact";
  const rows = useServerList("GET /runs/preview/rows", {
    key: ["runs", "preview", "rows"],
    filters: ["stage", "ground"],
    always: { creditor, result: outcome },
  });
  const navigate = useNavigate();
  const columns: readonly Column<RunPreviewRow>[] = [
    customerColumn(texts.words.customer),
    ...(outcome === "contact"
      ? [
          {
            key: "stage",
            label: texts.words.stage,
            sort: true,
            render: (row: RunPreviewRow) => row.stageName ?? NOTHING,
          },
          {
            key: "channel",
            label: texts.words.channelHead,
            render: (row: RunPreviewRow) => (row.channel === null ? NOTHING : texts.words.channel[row.channel]),
          },
        ]
      : []),
    { key: "reason", label: t.reason, render: (row) => row.reason.text },
    ...(outcome === "contact"
      ? []
      : [
          {
            key: "until",
            label: t.until,
            sort: true,
            className: "nw",
            render: (row: RunPreviewRow) => format.dayShort(row.until),
          },
        ]),
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
      {needsCreditor && <Note tone="notice">{t.chooseCreditor}</Note>}
      {preview.cautions.length > 0 && (
        <Card title={t.cautions} className="cautions">
          <ul>
            {preview.cautions.map((caution) => (
              <li key={caution.text}>{caution.text}</li>
            ))}
          </ul>
        </Card>
      )}
      <div className="review">
        <div className="col">
          <Card
            title={t.whatHappens}
            end={<span className="mute">{texts.today.customersDue(format.number(preview.customers))}</span>}
            className="scroll"
          >
            <Outcomes decisions={preview.decisions} />
            <StageTable stages={preview.stages} />
          </Card>
        </div>
        <div className="col">
          <Card
            title={t.whyNot}
            end={<span className="mute">{t.customersBlocked(format.number(preview.decisions.blocked))}</span>}
          >
            {preview.byBlocker.length === 0 && <p className="mute">{t.noBlockers}</p>}
            {preview.byBlocker.map((one) => (
              <div className="ground" key={one.ground.code}>
                <Link
                  to="."
                  search={
                    ((before: object) => ({
                      ...before,
                      result: "blocked",
                      ground: one.ground.code,
                      offset: undefined,
                    })) as never
                  }
                >
                  {one.ground.text}
                </Link>
                <b>{format.number(one.customers)}</b>
                <div className="bar-track" aria-hidden="true">
                  <i style={{ width: `${(one.customers / Math.max(1, preview.decisions.blocked)) * 100}%` }} />
                </div>
              </div>
            ))}
          </Card>
        </div>
      </div>
      <Tabs
        label={t.outcomes}
        current={outcome}
        tabs={(["contact", "wait", "blocked"] as const).map((one) => ({
          key: one,
          label: texts.words.outcomeTab[one],
          count: format.number(preview.decisions[one]),
          to: "/runs/next",
          search: { creditor, result: one === "contact" ? undefined : one },
        }))}
      />
      <ListBar
        list={rows}
        filters={[
          ...(outcome === "contact"
            ? [
                {
                  name: "stage",
                  label: texts.words.stage,
                  options: preview.stages.map((one) => [one.stage, one.name] as const),
                },
              ]
            : []),
          ...(outcome === "blocked"
            ? [
                {
                  name: "ground",
                  label: t.ground,
                  options: preview.byBlocker.map((one) => [one.ground.code, one.ground.text] as const),
                },
              ]
            : []),
        ]}
      />
      <ListDetail
        label={texts.words.outcomeTab[outcome]}
        columns={columns}
        list={rows}
        idOf={(row) => row.customer.id}
        onOpen={(row) => void navigate({ to: "/customers/$customerId", params: { customerId: row.customer.id } })}
        empty={<Empty title={texts.common.nothingFound} />}
      />
    </>
  );
}
