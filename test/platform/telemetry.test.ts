import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLogger } from "../../src/platform/config/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { createHttpApp } from "../../src/platform/http/index.ts";
import {
  addTelemetry,
  createMetrics,
  platformChecks,
  processMetrics,
  readiness,
} from "../../src/platform/telemetry/index.ts";
import { chance, openTestPlatform, type TestPlatform } from "./support.ts";

describe("metrics", () => {
  test("counters, gauges and histograms in the Prometheus text format", async () => {
    const metrics = createMetrics();
    const sent = metrics.counter("messages_total", "Messages\nby state.");
    sent.add({ state: "left" });
    sent.add({ state: "left" }, 2);
    sent.add({ state: 'a"b\\c' });
    metrics.gauge("queue_length", "Jobs.").set(4);
    const seconds = metrics.histogram("work_seconds", "Work.", [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) seconds.observe(value, { task: "x" });
    expect(await metrics.text()).toBe(
      [
        "# HELP messages_total Messages\\nby state.",
        "# TYPE messages_total counter",
        'messages_total{state="left"} 3',
        'messages_total{state="a\\"b\\\\c"} 1',
        "# HELP queue_length Jobs.",
        "# TYPE queue_length gauge",
        "queue_length 4",
        "# HELP work_seconds Work.",
        "# TYPE work_seconds histogram",
        'work_seconds_bucket{le="0.1",task="x"} 2',
        'work_seconds_bucket{le="1",task="x"} 3',
        'work_seconds_bucket{le="+Inf",task="x"} 4',
        'work_seconds_sum{task="x"} 7.65',
        'work_seconds_count{task="x"} 4',
        "",
      ].join("\n"),
    );
  });

  test("a counter does not fall, a name keeps its kind, labels from data are a bug", () => {
    const metrics = createMetrics();
    expect(() => metrics.counter("a_total", "A.").add({}, -1)).toThrow();
    expect(() => metrics.gauge("a_total", "A.")).toThrow("counter already");
    const gauge = metrics.gauge("b", "B.");
    expect(() => {
      for (let id = 0; id < 5000; id += 1) gauge.set(1, { customer: String(id) });
    }).toThrow("too many series");
  });
});

describe("doors for operators", () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await openTestPlatform();
  });
  afterAll(() => platform.kulanz.drop());

  function app() {
    const telemetry = processMetrics();
    const made = createHttpApp({ log: silentLogger, now: platform.kulanz.now, chance, observe: telemetry.observe });
    addTelemetry(made, telemetry.metrics, platformChecks(platform.database, platform.vault));
    made.get("/customers/:id", (context) => context.text("yes"));
    return { app: made, stop: telemetry.stop };
  }

  test("healthy and ready; metrics by route pattern, never by address", async () => {
    const { app: made, stop } = app();
    expect((await made.request("/healthz")).status).toBe(200);
    const ready = await made.request("/readyz");
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: "ready", checks: { database: "ok", migrations: "ok", keys: "ok" } },
    ]);
    await made.request("/customers/Marlene-Quitte");
    await made.request("/no/such/Marlene-Quitte");
    await made.request("/customers/1", { method: "BREW" });
    const text = await (await made.request("/metrics")).text();
    stop();
    expect(text).toContain('http_requests_total{method="GET",route="/customers/:id",status="200"} 1');
    expect(text).toContain('http_requests_total{method="GET",route="unknown",status="404"} 1');
    expect(text).toContain('method="other"');
    expect(text).not.toContain("Marlene");
    expect(text).toMatch(/^process_resident_memory_bytes \d{7,}$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds\{quantile="0.99"\} [\d.e-]+$/m);
  });

  test("not ready, with the reason, when the schema is behind or the master key is another", async () => {
    const { app: made, stop } = app();
    await platform.database.owner(async (tx) => {
      await tx.execute(sql`create table kept as select * from schema_migration`);
      await tx.execute(sql`delete from schema_migration where name = (select max(name) from schema_migration)`);
      await tx.execute(sql`
        update platform_setting set value = jsonb_set(value, '{masterKeyId}', '"00000000"') where name = 'platform_lookup_key'`);
    });
    const answer = await made.request("/readyz");
    stop();
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: "not_ready", checks: { database: "ok", migrations: "behind", keys: "unknown" } },
    ]);
  });

  test("a check that throws or hangs is told apart, and holds up nobody", async () => {
    const result = await readiness([
      { name: "thrown", run: () => Promise.reject(new Error("secret")) },
      { name: "hangs", run: () => new Promise(() => {}) },
      { name: "fine", run: async () => undefined },
    ]);
    expect(result).toEqual({ ready: false, checks: { thrown: "unreachable", hangs: "timeout", fine: "ok" } });
  });
});
