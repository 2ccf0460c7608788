import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { RunPreview, Today } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useSignedIn, useTexts } from "../../app/session.tsx";
import { ButtonLink } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useListState } from "../../parts/list.tsx";
import { Card, PageHead, Waiting } from "../../parts/page.tsx";
import { Outcomes, StageTable } from "../../parts/run-figures.tsx";
import { Ageing, Weeks } from "./charts.tsx";
import "./today.css";

export function TodayPage() {
  const texts = useTexts();
  const t = texts.today;
  const format = useFormat();
  const { user, businessDate, now } = useSignedIn();
  const [{ creditor }] = useListState();
  const navigate = useNavigate();
  useKeys([
    { keys: "g a", label: texts.nav.worklist, bar: true, quiet: false, run: () => void navigate({ to: "/worklist" }) },
    { keys: "g b", label: texts.nav.bank, bar: true, run: () => void navigate({ to: "/bank" }) },
    {
      keys: "l",
      label: t.checkRun,
      bar: true,
      run: () => void navigate({ to: "/runs/next", search: { creditor } as never }),
    },
    { keys: "e", label: texts.keys.importFile, bar: true, run: () => void navigate({ to: "/imports" }) },
  ]);
  const { data, error, refetch } = useQuery({
    queryKey: ["today", creditor],
    queryFn: ({ signal }) => call("GET /today", { query: { creditor }, signal }),
    refetchInterval: 60_000,
  });
  const hour = Number(format.time(now).slice(0, 2));
  const title = format.dayWeek(businessDate);
  return (
    <>
      <PageHead
        name={texts.nav.today}
        title={title}
        acts={
          <ButtonLink to="/imports" icon="file" keyName="e">
            {t.importFile}
          </ButtonLink>
        }
      >
        {t.hello(hour, user.name)}{" "}
        {data !== undefined &&
          t.statements(
            data.statements.upTo === null ? null : format.daySince(data.statements.upTo),
            data.statements.missing,
          )}
      </PageHead>
      {data === undefined ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : (
        <>
          <div className="today-a">
            <RunCard run={data.run} />
            <Received data={data.received} />
            <NeedsYou items={data.needsYou} />
          </div>
          <Overdue data={data.overdue} />
          <div className="today-b">
            <Ageing data={data.ageing} />
            <Weeks data={data.weeks} />
          </div>
        </>
      )}
    </>
  );
}

function RunCard({ run }: { run: RunPreview | null }) {
  const texts = useTexts();
  const t = texts.today;
  const format = useFormat();
  const [{ creditor }] = useListState();
  if (run === null) {
    return (
      <Card title={t.nextRun} className="run-card">
        <p className="mute">{t.noRun}</p>
      </Card>
    );
  }
  return (
    <Card
      className="run-card scroll"
      title={run.plannedAt === null ? t.nextRun : `${t.nextRun}, ${format.instant(run.plannedAt)}`}
      end={<span className="mute">{t.customersDue(format.number(run.customers))}</span>}
    >
      <Outcomes decisions={run.decisions} />
      <StageTable stages={run.stages} />
      <div className="foot">
        <p className="tiny">{run.cautions[0]?.text}</p>
        <ButtonLink go to="/runs/next" search={{ creditor } as never} keyName="l">
          {t.checkRun}
        </ButtonLink>
      </div>
    </Card>
  );
}

function Received({ data }: { data: Today["received"] }) {
  const texts = useTexts();
  const t = texts.today;
  const format = useFormat();
  const number = (value: number, to?: string, search?: Record<string, string>) =>
    to !== undefined && value > 0 ? (
      <Link to={to} search={search as never}>
        {format.number(value)}
      </Link>
    ) : (
      format.number(value)
    );
  const rows = [
    [format.money(data.payments), t.payments(format.number(data.entries))],
    [number(data.automatic, "/bank", { view: "booked" }), t.automatic],
    [number(data.proposed, "/bank"), t.proposed],
    [number(data.unmatched, "/bank", { view: "unmatched" }), t.unmatched],
    [number(data.returned, "/bank", { view: "returned" }), t.returned],
    [
      number(data.objections.count, "/worklist", { kind: "dispute" }),
      t.objections(data.objections.oldestDeadline === null ? null : format.dayShort(data.objections.oldestDeadline)),
    ],
    [
      number(data.callBacks.count, "/worklist", { kind: "callback" }),
      t.callBacks(data.callBacks.nextAt === null ? null : format.instant(data.callBacks.nextAt)),
    ],
    [number(data.invoices), t.invoices],
  ] as const;
  return (
    <Card title={t.receivedSince(format.daySince(data.since))}>
      <dl className="in">
        {rows.map(([value, label]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

const LEVEL_ICONS = { problem: "alert", notice: "hold", info: "letter" } as const;

function NeedsYou({ items }: { items: Today["needsYou"] }) {
  const texts = useTexts();
  const t = texts.today;
  return (
    <Card title={t.needsYou} end={items.length > 4 ? <Link to="/worklist">{t.allOf(items.length)}</Link> : undefined}>
      {items.length === 0 ? (
        <p className="mute">{t.nothingNeeded}</p>
      ) : (
        <ul className="needs">
          {items.slice(0, 5).map((item) => (
            <li key={item.title.text}>
              <Icon name={LEVEL_ICONS[item.level]} className={item.level} />
              <b>
                {item.link === null ? (
                  item.title.text
                ) : (
                  <Link to={item.link.to} search={item.link.search as never}>
                    {item.title.text}
                  </Link>
                )}
              </b>
              {item.detail !== null && <p className="tiny">{item.detail.text}</p>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const PART_COLOURS = {
  stage: "c1",
  hold: "c2",
  arrangement: "c3",
  objection: "c4",
  handed_over: "c5",
  waiting: "age-2",
  person: "c0",
} as const;

/** Every overdue cent has a reason, to the cent. */
function Overdue({ data }: { data: Today["overdue"] }) {
  const texts = useTexts();
  const t = texts.today;
  const format = useFormat();
  const parts = data.parts.filter((part) => part.amount.amount !== "0.00");
  const clean = /^0(\.0+)?$/.test(data.forgotten.amount);
  return (
    <Card
      className="all-of-it"
      title={clean ? t.explained : t.notExplained}
      end={<span className="mute">{t.asOf(format.instant(data.at))}</span>}
    >
      <div className="seg" aria-hidden="true">
        {parts.map((part) => (
          <i
            key={part.key}
            style={{
              flex: Math.max(0.001, Number(part.amount.amount)),
              background: `var(--k-${PART_COLOURS[part.key]})`,
            }}
          />
        ))}
      </div>
      <div className="eq">
        <div>
          <b>{format.money(data.total)}</b>
          {t.overdue}
        </div>
        {parts.map((part, at) => (
          <div key={part.key} data-s={at === 0 ? "=" : "+"}>
            <b>{format.bare(part.amount)}</b>
            <u style={{ background: `var(--k-${PART_COLOURS[part.key]})` }} />
            {t.parts[part.key]}
          </div>
        ))}
        <div className={clean ? "ok" : "bad"} data-s="+">
          <b>{format.bare(data.forgotten)}</b>
          {clean ? (
            t.forgotten
          ) : (
            <Link to="/customers" search={{ overdue: "yes" } as never}>
              {t.forgotten}
            </Link>
          )}
        </div>
      </div>
    </Card>
  );
}
