import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { useListState } from "../../parts/list.tsx";

/** As many stand over the list of the bank; the others behind a link. */
const SHOWN = 2;

/** Files that are missing, and what waits for them: over every page of the bank, nothing when all is there. */
export function BankAlarms() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [{ creditor }] = useListState();
  const sources = useQuery({
    queryKey: ["sources", creditor],
    queryFn: ({ signal }) => call("GET /sources", { query: { creditor }, signal }),
    retry: false,
  });
  const accounts = useQuery({
    queryKey: ["sources", "days", creditor, 1],
    queryFn: ({ signal }) => call("GET /statement-days", { query: { creditor, days: 1 }, signal }),
    retry: false,
  });
  const held = (accounts.data ?? []).filter((one) => one.holdsDunning);
  const alarms = [
    ...held.map((one) => ({
      key: one.account,
      level: "problem" as const,
      text: t.staleHolds(
        iban(one.account),
        one.lastStatementTo === null ? null : format.dayShort(one.lastStatementTo),
        t.days(one.mayBeDaysOld ?? 0),
      ),
      advice: "",
    })),
    ...(sources.data?.alarms ?? []).map((one) => ({
      key: one.id,
      level: one.level,
      text: one.said.text,
      advice: one.advice.text,
    })),
  ];
  if (alarms.length === 0) return null;
  return (
    <ul className="bank-alarms" aria-label={texts.sources.alarms}>
      {alarms.slice(0, SHOWN).map((one) => (
        <li key={one.key} className={one.level}>
          <Icon name="alert" small />
          <span>
            <b>{one.text}</b> <span className="tiny">{one.advice}</span>
          </span>
        </li>
      ))}
      <li>
        <Link to="/imports/days" search={{ creditor } as never}>
          {texts.sources.toDays}
        </Link>
        {alarms.length > SHOWN && (
          <Link to="/imports/sources" search={{ creditor } as never}>
            {t.moreAlarms(format.number(alarms.length - SHOWN))}
          </Link>
        )}
      </li>
    </ul>
  );
}
