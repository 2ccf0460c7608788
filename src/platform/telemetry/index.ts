import type { Hono } from "hono";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { HttpEnv, Observation } from "../http/index.ts";
import { type Check, readiness } from "./checks.ts";
import { createMetrics, type Metrics } from "./model.ts";

export * from "./checks.ts";
export * from "./model.ts";

/**
 * `/healthz` (the process answers; never asks the database, or its outage would restart every process), `/readyz`
 * (503 with the failing checks) and `/metrics`.
 */
export function addTelemetry(app: Pick<Hono<HttpEnv>, "get">, metrics: Metrics, checks: readonly Check[]): void {
  app.get("/healthz", (context) => context.json({ status: "ok" }));
  app.get("/readyz", async (context) => {
    const { ready, checks: answers } = await readiness(checks);
    return context.json({ status: ready ? "ready" : "not_ready", checks: answers }, ready ? 200 : 503);
  });
  app.get("/metrics", async (context) =>
    context.body(await metrics.text(), 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
}

/** A registry with the process's own metrics, and what `createHttpApp` takes as `observe`. */
export function processMetrics(): {
  readonly metrics: Metrics;
  readonly observe: (seen: Observation) => void;
  stop(): void;
} {
  const metrics = createMetrics();
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const resident = metrics.gauge("process_resident_memory_bytes", "Resident memory of this process.");
  const heap = metrics.gauge("nodejs_heap_size_used_bytes", "Used heap of this process.");
  const uptime = metrics.gauge("process_uptime_seconds", "Seconds since this process started.");
  const cpu = metrics.gauge("process_cpu_seconds", "CPU seconds, user and system, of this process.");
  const lag = metrics.gauge("nodejs_eventloop_lag_seconds", "Delay of the event loop since the last reading.");
  metrics.collect(() => {
    const memory = process.memoryUsage();
    const used = process.cpuUsage();
    resident.set(memory.rss);
    heap.set(memory.heapUsed);
    uptime.set(process.uptime());
    cpu.set((used.user + used.system) / 1e6);
    // Nanoseconds; the timer's own 20 ms are part of each measured delay.
    for (const [
      quantile,
      value,
    ] of [["0.5", delay.percentile(50)], ["0.99", delay.percentile(99)], ["1", delay.max]] as const) // biome-ignore format: a table
      lag.set(Number.isFinite(value) && delay.count > 0 ? Math.max(value / 1e9 - 0.02, 0) : 0, { quantile });
    delay.reset();
  });
  const requests = metrics.counter("http_requests_total", "Answered requests by method, route pattern and status.");
  const seconds = metrics.histogram(
    "http_request_duration_seconds",
    "Duration of requests by method and route pattern.",
  );
  return {
    metrics,
    observe: (seen) => {
      requests.add({ method: seen.method, route: seen.route, status: String(seen.status) });
      seconds.observe(seen.seconds, { method: seen.method, route: seen.route });
    },
    stop: () => void delay.disable(),
  };
}
