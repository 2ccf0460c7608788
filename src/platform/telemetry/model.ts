/**
 * Metrics in the Prometheus text format (version 0.0.4). Label values come from closed sets (route patterns, methods,
 * states), never from data: a customer's id as a label would be personal data and an endless series.
 */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(labels?: Labels, by?: number): void;
}
export interface Gauge {
  /** Prometheus knows floating point alone; sums of minor units are handed in as they are. */
  set(value: number | bigint, labels?: Labels): void;
}
export interface Histogram {
  /** In the unit of the name. */
  observe(value: number, labels?: Labels): void;
}

export interface Metrics {
  /** The name ends in `_total`. Asked for again, the same metric comes back. */
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string): Gauge;
  histogram(name: string, help: string, buckets?: readonly number[]): Histogram;
  /** Called before each reading, to set gauges that are measured then. */
  collect(measure: () => void | Promise<void>): void;
  text(): Promise<string>;
}

/** Seconds, from a fast page to a slow import. */
export const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
/** More series than this of one metric means that a label is taken from data. */
const SERIES_MAX = 2000;

interface Series {
  readonly labels: Labels;
  value: number;
  readonly counts: number[];
  sum: number;
}

interface Metric {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly buckets: readonly number[];
  readonly series: Map<string, Series>;
}

const escapeLabel = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');

function render(labels: Labels): string {
  const pairs = Object.keys(labels).sort().map((key) => `${key}="${escapeLabel(labels[key] ?? "")}"`); // biome-ignore format: one step
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

export function createMetrics(): Metrics {
  const metrics = new Map<string, Metric>();
  const measures: (() => void | Promise<void>)[] = [];

  function metric(name: string, kind: Metric["kind"], help: string, buckets: readonly number[] = []): Metric {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`not the name of a metric: ${name}`);
    const known = metrics.get(name);
    if (known && known.kind !== kind) throw new Error(`${name} is a ${known.kind} already`);
    if (known) return known;
    const made: Metric = { kind, help, buckets, series: new Map() };
    metrics.set(name, made);
    return made;
  }

  function seriesOf(of: Metric, labels: Labels): Series {
    const key = render(labels);
    let series = of.series.get(key);
    if (!series) {
      if (of.series.size >= SERIES_MAX) throw new Error("a metric has too many series");
      series = { labels, value: 0, counts: of.buckets.map(() => 0), sum: 0 };
      of.series.set(key, series);
    }
    return series;
  }

  return {
    counter(name, help) {
      const own = metric(name, "counter", help);
      return {
        add: (labels = {}, by = 1) => {
          if (by < 0) throw new Error("a counter only grows");
          seriesOf(own, labels).value += by;
        },
      };
    },
    gauge(name, help) {
      const own = metric(name, "gauge", help);
      return {
        set: (value, labels = {}) => {
          seriesOf(own, labels).value = Number(value);
        },
      };
    },
    histogram(name, help, buckets = SECONDS_BUCKETS) {
      const own = metric(name, "histogram", help, buckets);
      return {
        observe: (value, labels = {}) => {
          const series = seriesOf(own, labels);
          series.value += 1;
          series.sum += value;
          own.buckets.forEach((limit, index) => {
            if (value <= limit) series.counts[index] = (series.counts[index] ?? 0) + 1;
          });
        },
      };
    },
    collect: (measure) => void measures.push(measure),
    async text() {
      for (const measure of measures) await measure();
      const lines: string[] = [];
      for (const [name, own] of [...metrics].sort(([a], [b]) => (a < b ? -1 : 1))) {
        lines.push(
          `# HELP ${name} ${own.help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
          `# TYPE ${name} ${own.kind}`,
        );
        for (const series of own.series.values()) lines.push(...linesOf(name, own, series));
      }
      return `${lines.join("\n")}\n`;
    },
  };
}

function linesOf(name: string, { kind, buckets }: Metric, series: Series): string[] {
  if (kind !== "histogram") return [`${name}${render(series.labels)} ${series.value}`];
  return [
    ...buckets.map(
      (limit, i) => `${name}_bucket${render({ ...series.labels, le: String(limit) })} ${series.counts[i] ?? 0}`,
    ),
    `${name}_bucket${render({ ...series.labels, le: "+Inf" })} ${series.value}`,
    `${name}_sum${render(series.labels)} ${series.sum}`,
    `${name}_count${render(series.labels)} ${series.value}`,
  ];
}
