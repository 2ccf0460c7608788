import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import type { AccountDays, StatementDayState } from "../../api/contract.ts";
import { useFormat, useMayAct, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { DAY_MARKS, DayStrip, type DayTone } from "../../parts/day-strip.tsx";
import { useListState } from "../../parts/list.tsx";
import { Card, Empty, Note, Pill, Waiting } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { ImportsHead } from "../imports/imports-head.tsx";

const TONES: Readonly<Record<StatementDayState, DayTone>> = {
  received: "good",
  missing: "miss",
  partial: "miss",
  closed: "rest",
  excused: "note",
  expected: "soon",
  before: "rest",
};
const LEGEND: readonly StatementDayState[] = ["received", "missing", "expected", "excused", "closed"];

/** Every account, every day: is the statement there? */
export function StatementDaysPage() {
  const texts = useTexts();
  const t = texts.sources;
  const [{ creditor }] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["sources", "days", creditor],
    queryFn: ({ signal }) => call("GET /statement-days", { query: { creditor }, signal }),
  });
  return (
    <>
      <ImportsHead current="days" />
      {data === undefined ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : data.length === 0 ? (
        <Card label={t.place.days}>
          <Empty title={t.noAccounts}>{t.noAccountsHint}</Empty>
        </Card>
      ) : (
        <>
          <p className="legend tiny">
            {LEGEND.map((state) => (
              <span key={state}>
                <span className={`cell ${TONES[state]}`} aria-hidden="true">
                  {DAY_MARKS[TONES[state]]}
                </span>
                {t.dayState[state]}
              </span>
            ))}
          </p>
          {data.map((account) => (
            <Account key={account.account} account={account} />
          ))}
        </>
      )}
    </>
  );
}

function Account({ account }: { account: AccountDays }) {
  const texts = useTexts();
  const t = texts.sources;
  const format = useFormat();
  const mayAct = useMayAct();
  const act = useAct([["sources"]]);
  const missing = account.days.filter((one) => one.state === "missing" || one.state === "partial");
  const excuse = (day: string, excused: boolean) =>
    call("POST /statement-days/excuse", { body: { account: account.account, day, excused } });
  return (
    <Card
      className="spaced"
      title={iban(account.account)}
      end={
        <>
          {account.creditor.name}{" "}
          <Pill tone={account.missing === 0 ? "good" : "notice"} icon={account.missing === 0 ? "check" : "alert"}>
            {t.missingDays(account.missing)}
          </Pill>
        </>
      }
    >
      <DayStrip
        label={t.stripOf(iban(account.account))}
        days={account.days.map((one) => ({
          day: one.day,
          tone: TONES[one.state],
          label:
            one.entries > 0
              ? `${t.dayState[one.state]}, ${t.entries(format.number(one.entries))}`
              : t.dayState[one.state],
        }))}
      />
      <p className="tiny">
        {account.lastStatementTo === null ? t.noStatement : t.upTo(format.dayShort(account.lastStatementTo))}
        {account.mayBeDaysOld !== null && ` · ${t.mayBeOld(account.mayBeDaysOld)}`}
      </p>
      {account.holdsDunning && <Note tone="notice">{t.holdsDunning}</Note>}
      {missing.length > 0 && (
        <ul className="missing">
          {missing.map((one) => (
            <li key={one.day}>
              <span>
                {format.dayWeek(one.day)} <span className="mute">{t.dayState[one.state]}</span>
              </span>
              {mayAct && (
                <span className="rowacts">
                  <ButtonLink to="/imports" icon="file">
                    {texts.bank.importStatement}
                  </ButtonLink>
                  <Button
                    label={t.excuseDay(format.dayWeek(one.day))}
                    onClick={() =>
                      void act(
                        t.excused(format.dayShort(one.day)),
                        () => excuse(one.day, true),
                        () => excuse(one.day, false),
                      )
                    }
                  >
                    {t.excuse}
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
