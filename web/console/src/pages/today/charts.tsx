import type { Today } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { AgeingChart, ColumnChart, thousands } from "../../parts/column-chart.tsx";

export function Ageing({ data }: { data: Today["ageing"] }) {
  const { today } = useTexts();
  return <AgeingChart title={today.ageing} hint={today.daysSinceDue} bands={data} to="/customers" />;
}

export function Weeks({ data }: { data: Today["weeks"] }) {
  const t = useTexts().today;
  const format = useFormat();
  const best = Math.max(...data.map((week) => Number(week.amount.amount)), 0);
  const last = data.at(-1);
  return (
    <ColumnChart
      title={t.weeks}
      finding={`${t.weeks}, ${t.thousands}${last ? `, ${t.lastWeek(last.week, format.number(thousands(last.amount.amount), 1))}` : ""}`}
      hint={t.currentWeek}
      columnHead={t.weekHead}
      columns={data.map((week, at) => ({
        key: `${week.year}-${week.week}`,
        label: t.week(week.week),
        amount: week.amount,
        look: week.current ? "open" : "plain",
        value: Number(week.amount.amount) === best || week.current,
        tick: (data.length - 1 - at) % 3 === 0,
      }))}
      widest={40}
      share={0.68}
    />
  );
}
