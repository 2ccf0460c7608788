import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { Strategy, StrategyStage } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, say, sayProblem } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { useListState } from "../../parts/list.tsx";
import { Card, PageHead, Pill, Tabs, WaitingPage } from "../../parts/page.tsx";
import "./strategy.css";

export function StrategyPage() {
  const texts = useTexts();
  const t = texts.strategy;
  const format = useFormat();
  const navigate = useNavigate();
  const { strategyId = "" } = useParams({ strict: false }) as { strategyId?: string };
  const [{ tab = "timeline", version }] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["strategy", strategyId, version],
    queryFn: ({ signal }) =>
      call("GET /strategies/{strategyId}", {
        path: { strategyId },
        query: { version: version === undefined ? undefined : Number(version) },
        signal,
      }),
  });
  useKeys([{ keys: "Escape", label: texts.keys.back, bar: true, run: () => void navigate({ to: "/strategies" }) }]);
  if (data === undefined) return <WaitingPage name={texts.nav.strategies} error={error} retry={() => void refetch()} />;
  const tabOf = (key: string, label: string, count?: string) => ({
    key,
    label,
    count,
    to: "/strategies/$strategyId",
    params: { strategyId },
    search: { version, tab: key === "timeline" ? undefined : key },
  });
  return (
    <>
      <PageHead
        name={data.name}
        title={
          <>
            {data.name} <Pill tone="acc">{t.versionNumber(data.version)}</Pill>
          </>
        }
      >
        {data.inForceSince === null ? t.notInForce : t.inForceSince(format.dayProse(data.inForceSince))}
        {data.creditors.length > 0 && ` · ${data.creditors.map((one) => one.name).join(", ")}`}
      </PageHead>
      <Tabs
        label={t.views}
        current={tab}
        tabs={[
          tabOf("timeline", t.timeline),
          tabOf("file", t.asFile),
          tabOf("versions", t.versions, format.number(data.versions.length)),
        ]}
      />
      {tab === "file" ? (
        <div className="card">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <pre className="asfile" tabIndex={0} role="region" aria-label={t.asFile}>
            {JSON.stringify(data.document, null, 2)}
          </pre>
        </div>
      ) : tab === "versions" ? (
        <Versions strategy={data} />
      ) : (
        <Timeline strategy={data} />
      )}
    </>
  );
}

/** The stages in order, due day between them; each as a sentence a person can agree to. */
function Timeline({ strategy }: { strategy: Strategy }) {
  const texts = useTexts();
  const t = texts.strategy;
  const ordered = [...strategy.stageList].sort((a, b) => a.day - b.day);
  const before = ordered.filter((stage) => stage.day < 0);
  const after = ordered.filter((stage) => stage.day >= 0);
  return (
    <div className="strategy-grid">
      <section className="card stages" aria-label={t.stages}>
        <ol>
          {before.map((stage) => (
            <Stage key={stage.key} stage={stage} strategyId={strategy.id} />
          ))}
          <li className="due">
            <span className="day">{t.due}</span>
            <p>{t.fromHere}</p>
          </li>
          {after.map((stage) => (
            <Stage key={stage.key} stage={stage} strategyId={strategy.id} />
          ))}
        </ol>
      </section>
      <Card title={t.rails}>
        <dl className="rails">
          {strategy.rails.map((rail) => (
            <div key={rail.label.code}>
              <dt>{rail.label.text}</dt>
              <dd>{rail.value.text}</dd>
            </div>
          ))}
        </dl>
      </Card>
    </div>
  );
}

const AUTOMATION_TONES = { auto: "plain", approve: "info", off: "plain" } as const;

function Stage({ stage, strategyId }: { stage: StrategyStage; strategyId: string }) {
  const texts = useTexts();
  const t = texts.strategy;
  const format = useFormat();
  const channels = stage.channels.map((channel) => texts.words.channel[channel]);
  const how = [
    channels.length > 0 ? t.channels(channels) : null,
    stage.tone === null ? null : texts.words.tone[stage.tone],
  ].filter((part) => part !== null);
  const lines = [...stage.effect, ...stage.offers, ...stage.costs, ...stage.exceptions].map((line) => line.text);
  const test = async () => {
    try {
      const sent = await call("POST /strategies/{strategyId}/stages/{stageKey}/test", {
        path: { strategyId, stageKey: stage.key },
        body: { language: format.language },
      });
      say(t.testSent(sent.sentTo));
    } catch (error) {
      sayProblem(problemText(error, texts));
    }
  };
  return (
    <li className={stage.automation === "off" ? "off" : undefined}>
      <span className="day">
        {stage.day < 0 ? t.days(-stage.day) : `+ ${stage.day}`}
        <small>{stage.day < 0 ? t.before : t.daysAfter}</small>
      </span>
      <div>
        <h2>
          {stage.name}{" "}
          <Pill tone={stage.decidedByPerson ? "info" : AUTOMATION_TONES[stage.automation]}>
            {stage.decidedByPerson ? t.byPerson : t.automation[stage.automation]}
          </Pill>
        </h2>
        <p>
          {how.length > 0 && `${how.join(", ")}. `}
          {lines.join(" ")}
        </p>
        {stage.channels.length > 0 && (
          <p>
            <button type="button" className="linkbtn" onClick={() => void test()} aria-label={t.testLabel(stage.name)}>
              {t.test}
            </button>
          </p>
        )}
      </div>
    </li>
  );
}

function Versions({ strategy }: { strategy: Strategy }) {
  const texts = useTexts();
  const t = texts.strategy;
  const format = useFormat();
  const navigate = useNavigate();
  const [{ version }] = useListState();
  return (
    <Card title={t.versions} className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.version}</th>
            <th scope="col">{t.inForce}</th>
            <th scope="col">{t.by}</th>
            <th scope="col">{texts.words.note}</th>
            <th scope="col">
              <span className="sr">{t.show}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {strategy.versions.map((one) => (
            <tr key={one.version}>
              <td>
                <b>{one.version}</b>
              </td>
              <td>{one.inForceSince === null ? t.draft : t.since(format.dayShort(one.inForceSince))}</td>
              <td>
                {one.by}, {format.instant(one.at)}
              </td>
              <td>{one.note}</td>
              <td className="r">
                {String(one.version) !== (version ?? String(strategy.version)) && (
                  <Button
                    ghost
                    onClick={() =>
                      void navigate({
                        to: "/strategies/$strategyId",
                        params: { strategyId: strategy.id },
                        search: { version: String(one.version) } as never,
                      })
                    }
                  >
                    {t.show}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
