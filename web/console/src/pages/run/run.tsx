import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { call, follow } from "../../api/client.ts";
import type { MessageCounts, Run } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, say, sayProblem } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Card, PageHead, Pill, WaitingPage } from "../../parts/page.tsx";
import { MessageList } from "../messages/message-list.tsx";
import { Outcomes, StageTable } from "../../parts/run-figures.tsx";
import "../today/today.css";
import "../run-review/run-review.css";

/** Decided and nothing left on its way: no reason to keep following. */
const settled = (run: Run) =>
  run.state === "done" && run.messages.leaving === 0 && run.messages.queued === run.messages.needsApproval;

export function RunPage() {
  const texts = useTexts();
  const t = texts.runs;
  const format = useFormat();
  const { runId = "" } = useParams({ strict: false }) as { runId?: string };
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["run", runId],
    queryFn: ({ signal }) => call("GET /runs/{runId}", { path: { runId }, signal }),
  });
  const going = data !== undefined && !settled(data);
  useEffect(() => {
    if (!going) return;
    return follow(
      `/runs/${encodeURIComponent(runId)}/events`,
      () => call("GET /runs/{runId}", { path: { runId } }),
      settled,
      (run) => {
        queries.setQueryData(["run", runId], run);
        if (settled(run)) void queries.invalidateQueries({ queryKey: ["messages"] });
      },
    );
  }, [going, runId, queries]);
  const mayRecall = data?.mayRecall === true && data.recallable > 0;
  useKeys([
    { keys: "Escape", label: texts.keys.back, bar: true, run: () => void navigate({ to: "/runs" }) },
    ...(mayRecall ? [{ keys: "r", label: t.recallKey, bar: true, run: () => setAsking(true) }] : []),
  ]);
  const recall = async () => {
    setAsking(false);
    try {
      const done = await call("POST /runs/{runId}/recall", { path: { runId } });
      say(t.recalled(done.recalled, done.alreadyLeft));
    } catch (failure) {
      sayProblem(problemText(failure, texts));
    }
    await Promise.all([
      refetch(),
      queries.invalidateQueries({ queryKey: ["messages"] }),
      queries.invalidateQueries({ queryKey: ["message"] }),
    ]);
  };
  if (data === undefined) return <WaitingPage name={texts.nav.runs} error={error} retry={() => void refetch()} />;
  return (
    <>
      <PageHead
        name={t.run(format.dayProse(data.date))}
        title={
          <>
            {t.run(format.dayProse(data.date))}{" "}
            <Pill tone={data.state === "done" ? "good" : "info"}>{t.state[data.state]}</Pill>
          </>
        }
        acts={
          mayRecall ? (
            <Button icon="undo" keyName="r" onClick={() => setAsking(true)}>
              {t.recall(data.recallable)}
            </Button>
          ) : undefined
        }
      >
        {data.creditor.name} · {t.startedLine(data.startedBy, format.instant(data.startedAt))}
      </PageHead>
      <div className="review">
        <div className="col">
          <Card title={t.decided} className="scroll">
            {data.state === "running" && <SlotBar run={data} />}
            <Outcomes decisions={data.decisions} />
            <StageTable stages={data.stages} />
          </Card>
        </div>
        <div className="col">
          <MessageCard counts={data.messages} />
        </div>
      </div>
      <h2>{texts.nav.messages}</h2>
      <MessageList run={runId} />
      <Dialog opened={asking} onClose={() => setAsking(false)} title={t.recall(data.recallable)} size="md">
        <div className="form">
          <p>{t.recallText}</p>
          <div className="acts">
            <Button go onClick={() => void recall()}>
              {t.recall(data.recallable)}
            </Button>
            <Button onClick={() => setAsking(false)}>{t.keep}</Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}

function SlotBar({ run }: { run: Run }) {
  const texts = useTexts();
  const format = useFormat();
  const share = run.slots.total === null || run.slots.total === 0 ? 0 : run.slots.done / run.slots.total;
  return (
    <div style={{ marginBottom: 12 }} aria-live="polite">
      <p className="tiny">{texts.runs.deciding(format.percent(share))}</p>
      <div
        className="bar-track"
        role="progressbar"
        aria-label={texts.runs.state.running}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

const STATES = ["left", "queued", "leaving", "dropped", "failed", "unknown", "parked"] as const;

function MessageCard({ counts }: { counts: MessageCounts }) {
  const texts = useTexts();
  const t = texts.runs;
  const format = useFormat();
  const total = STATES.reduce((sum, state) => sum + counts[state], 0);
  const done = total - counts.queued - counts.leaving;
  return (
    <Card
      title={t.delivery}
      end={<span className="mute">{t.messagesDone(format.number(done), format.number(total))}</span>}
    >
      <div
        className="bar-track"
        role="progressbar"
        aria-label={texts.nav.messages}
        aria-valuemin={0}
        aria-valuemax={Math.max(1, total)}
        aria-valuenow={done}
        style={{ marginBottom: 10 }}
      >
        <i style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }} />
      </div>
      <dl className="in">
        {STATES.filter((state) => counts[state] > 0 || state === "left").map((state) => (
          <div key={state}>
            <dt>{texts.words.messageStateLong[state]}</dt>
            <dd>{format.number(counts[state])}</dd>
          </div>
        ))}
        {counts.needsApproval > 0 && (
          <div>
            <dt>{t.needsApproval}</dt>
            <dd>{format.number(counts.needsApproval)}</dd>
          </div>
        )}
      </dl>
    </Card>
  );
}
