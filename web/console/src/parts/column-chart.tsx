import { useElementSize } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Money } from "../api/contract.ts";
import { useFormat, useTexts } from "../app/session.tsx";
import { Card } from "./page.tsx";

/** Own small columns. Baseline at zero; the finding is the chart's name; the numbers also as a table. */
export interface ChartColumn {
  readonly key: string;
  readonly label: string;
  readonly amount: Money;
  /** `age`: one hue, deeper the older; `plain`: ours; `open`: not finished yet, dashed. */
  readonly look: "age" | "plain" | "open";
  readonly value: boolean;
  readonly tick: boolean;
  readonly link?: { readonly to: string; readonly search: Readonly<Record<string, string | undefined>> };
  /** Columns of the table beside the amount. */
  readonly beside?: ReactNode;
}

/** Until it is measured. */
const WIDTH_ASSUMED = 556;
const BASE = 142;
const HEIGHT = 112;

export const thousands = (amount: string) => Number(amount) / 1000;

export function ColumnChart({
  title,
  finding,
  hint,
  columnHead,
  besideHead,
  columns,
  widest,
  share,
  gap = 0,
  unit = "thousands",
}: {
  title: string;
  /** What the picture shows, for those who don't see it. */
  finding: string;
  hint: string;
  columnHead: string;
  besideHead?: string;
  columns: readonly ChartColumn[];
  /** Width of a column: at most so many pixels, at most this share of its place, less a gap. */
  widest: number;
  share: number;
  gap?: number;
  /** What the figures above the columns are in. */
  unit?: "thousands" | "money";
}) {
  const texts = useTexts();
  const format = useFormat();
  const { ref, width: measured } = useElementSize<HTMLDivElement>();
  const full = measured || WIDTH_ASSUMED;
  const scale = (amount: string) => (unit === "thousands" ? thousands(amount) : Number(amount));
  const top = Math.max(...columns.map((column) => scale(column.amount.amount)), 0.001);
  const step = full / Math.max(1, columns.length);
  const width = Math.max(4, Math.min(widest, step * share - gap));
  return (
    <Card
      title={title}
      end={unit === "thousands" ? <span className="mute">{texts.today.thousands}</span> : undefined}
      className="chart"
    >
      <div ref={ref}>
        <svg viewBox={`0 0 ${full} 164`} role="img" aria-label={finding}>
          <line x1="0" x2={full} y1="142.500" y2="142.500" stroke="var(--k-edge)" />
          {columns.map((column, at) => {
            const value = scale(column.amount.amount);
            const height = (value / top) * HEIGHT;
            const x = at * step + (step - width) / 2;
            const open = column.look === "open";
            return (
              <g key={column.key}>
                <rect
                  x={x}
                  y={BASE - height}
                  width={width}
                  height={height}
                  rx="2.5"
                  fill={open ? "none" : column.look === "age" ? `var(--k-age-${Math.min(5, at + 1)})` : "var(--k-c1)"}
                  stroke={column.look === "plain" ? "none" : "var(--k-c1)"}
                  strokeWidth={open ? "1.5" : ".75"}
                  strokeDasharray={open ? "3 2.500" : undefined}
                />
                {column.value && (
                  <text className="k" x={x + width / 2} y={BASE - height - 7} textAnchor="middle">
                    {unit === "thousands" ? format.number(value, 1) : format.money(column.amount)}
                  </text>
                )}
                {column.tick && (
                  <text x={x + width / 2} y="159" textAnchor="middle">
                    {column.label}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
      <details>
        <summary>
          <span>{hint}</span>
          <u>{texts.common.asTable}</u>
        </summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{columnHead}</th>
              {besideHead !== undefined && (
                <th scope="col" className="r">
                  {besideHead}
                </th>
              )}
              <th scope="col" className="r">
                {texts.words.amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.key}>
                <td>
                  {column.link === undefined ? (
                    column.label
                  ) : (
                    <Link to={column.link.to} search={column.link.search as never}>
                      {column.label}
                    </Link>
                  )}
                </td>
                {besideHead !== undefined && <td className="r">{column.beside}</td>}
                <td className="r">{format.money(column.amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}

interface Band {
  readonly fromDay: number;
  readonly toDay: number | null;
  readonly amount: Money;
  readonly entries?: number;
}
/** Ageing: five columns in order, one hue, older is deeper; the table's rows lead to the list. */
export function AgeingChart({
  title,
  hint,
  bands,
  to,
  search = {},
  besideHead,
  unit = "thousands",
}: {
  title: string;
  hint: string;
  bands: readonly Band[];
  to: string;
  search?: Readonly<Record<string, string | undefined>>;
  besideHead?: string;
  unit?: "thousands" | "money";
}) {
  const texts = useTexts();
  const t = texts.today;
  const format = useFormat();
  const columns = bands.map(
    (band): ChartColumn => ({
      key: String(band.fromDay),
      label: band.toDay === null ? t.over(band.fromDay - 1) : `${band.fromDay}–${band.toDay}`,
      amount: band.amount,
      look: "age",
      value: true,
      tick: true,
      link: {
        to,
        search: {
          ...search,
          agefrom: String(band.fromDay),
          ageto: band.toDay === null ? undefined : String(band.toDay),
        },
      },
      ...(band.entries === undefined ? {} : { beside: format.number(band.entries) }),
    }),
  );
  const said = columns
    .map((one) =>
      unit === "thousands"
        ? `${one.label}: ${format.number(thousands(one.amount.amount), 1)}`
        : `${one.label}: ${format.money(one.amount)}`,
    )
    .join(", ");
  return (
    <ColumnChart
      title={title}
      finding={`${title}${unit === "thousands" ? `, ${t.thousands}` : ""}: ${said}`}
      hint={hint}
      columnHead={hint}
      {...(besideHead === undefined ? {} : { besideHead })}
      columns={columns}
      widest={96}
      share={1}
      gap={24}
      unit={unit}
    />
  );
}
