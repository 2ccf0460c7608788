import { useElementSize } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import type { Today } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { Card } from "../../parts/page.tsx";

/** Own small charts. Baseline at zero; the finding is the chart's name; the numbers also as a table. */
/** Until it is measured. */
const WIDTH_ASSUMED = 556;
const BASE = 142;
const HEIGHT = 112;

const thousands = (amount: string) => Number(amount) / 1000;

export function Ageing({ data }: { data: Today["ageing"] }) {
  const texts = useTexts();
  const t = texts.today;
  const format = useFormat();
  const { ref, width: measured } = useElementSize<HTMLDivElement>();
  const full = measured || WIDTH_ASSUMED;
  const values = data.map((band) => ({
    ...band,
    label: band.toDay === null ? t.over(band.fromDay - 1) : `${band.fromDay}–${band.toDay}`,
    value: thousands(band.amount.amount),
  }));
  const top = Math.max(...values.map((band) => band.value), 0.001);
  const step = full / Math.max(1, values.length);
  const width = Math.min(96, step - 24);
  return (
    <Card title={t.ageing} end={<span className="mute">{t.thousands}</span>} className="chart">
      <div ref={ref}>
        <svg
          viewBox={`0 0 ${full} 164`}
          role="img"
          aria-label={`${t.ageing}, ${t.thousands}: ${values.map((band) => `${band.label}: ${format.number(band.value, 1)}`).join(", ")}`}
        >
          <line x1="0" x2={full} y1="142.500" y2="142.500" stroke="var(--k-edge)" />
          {values.map((band, at) => {
            const height = (band.value / top) * HEIGHT;
            const x = at * step + (step - width) / 2;
            return (
              <g key={band.label}>
                <rect
                  x={x}
                  y={BASE - height}
                  width={width}
                  height={height}
                  rx="3"
                  fill={`var(--k-age-${Math.min(5, at + 1)})`}
                  stroke="var(--k-c1)"
                  strokeWidth=".75"
                />
                <text className="k" x={x + width / 2} y={BASE - height - 7} textAnchor="middle">
                  {format.number(band.value, 1)}
                </text>
                <text x={x + width / 2} y="159" textAnchor="middle">
                  {band.label}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      <details>
        <summary>
          <span>{t.daysSinceDue}</span>
          <u>{texts.common.asTable}</u>
        </summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.daysSinceDue}</th>
              <th scope="col" className="r">
                {texts.words.amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {values.map((band) => (
              <tr key={band.label}>
                <td>
                  <Link
                    to="/customers"
                    search={
                      {
                        agefrom: String(band.fromDay),
                        ageto: band.toDay === null ? undefined : String(band.toDay),
                      } as never
                    }
                  >
                    {band.label}
                  </Link>
                </td>
                <td className="r">{format.money(band.amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}

export function Weeks({ data }: { data: Today["weeks"] }) {
  const texts = useTexts();
  const t = texts.today;
  const format = useFormat();
  const { ref, width: measured } = useElementSize<HTMLDivElement>();
  const full = measured || WIDTH_ASSUMED;
  const values = data.map((week) => ({ ...week, value: thousands(week.amount.amount) }));
  const top = Math.max(...values.map((week) => week.value), 0.001);
  const step = full / Math.max(1, values.length);
  const width = Math.min(40, step * 0.68);
  const best = values.reduce((found, week) => (week.value > found ? week.value : found), 0);
  const last = values.at(-1);
  return (
    <Card title={t.weeks} end={<span className="mute">{t.thousands}</span>} className="chart">
      <div ref={ref}>
        <svg
          viewBox={`0 0 ${full} 164`}
          role="img"
          aria-label={`${t.weeks}, ${t.thousands}${last ? `, ${t.lastWeek(last.week, format.number(last.value, 1))}` : ""}`}
        >
          <line x1="0" x2={full} y1="142.500" y2="142.500" stroke="var(--k-edge)" />
          {values.map((week, at) => {
            const height = (week.value / top) * HEIGHT;
            const x = at * step + (step - width) / 2;
            return (
              <g key={`${week.year}-${week.week}`}>
                <rect
                  x={x}
                  y={BASE - height}
                  width={width}
                  height={height}
                  rx="2.5"
                  fill={week.current ? "none" : "var(--k-c1)"}
                  stroke={week.current ? "var(--k-c1)" : "none"}
                  strokeWidth="1.5"
                  strokeDasharray="3 2.500"
                />
                {(week.value === best || week.current) && (
                  <text className="k" x={x + width / 2} y={BASE - height - 7} textAnchor="middle">
                    {format.number(week.value, 1)}
                  </text>
                )}
                {(values.length - 1 - at) % (full < 420 ? 4 : 3) === 0 && (
                  <text x={x + width / 2} y="159" textAnchor="middle">
                    {t.week(week.week)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
      <details>
        <summary>
          <span>{t.currentWeek}</span>
          <u>{texts.common.asTable}</u>
        </summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.weekHead}</th>
              <th scope="col" className="r">
                {texts.words.amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {values.map((week) => (
              <tr key={`${week.year}-${week.week}`}>
                <td>{t.week(week.week)}</td>
                <td className="r">{format.money(week.amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}
