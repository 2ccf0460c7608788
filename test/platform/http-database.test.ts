import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLogger } from "../../src/platform/config/index.ts";
import { createHttpApp, idempotent, rateLimited, sweepIdempotencyKeys } from "../../src/platform/http/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type TenantId } from "../../src/pure/kernel/index.ts";
import { chance, openTestPlatform, type TestPlatform } from "./support.ts";

const now = (): Date => new Date("2026-06-01T09:00:00Z");

function testApp(more: { https?: boolean; bodyLimit?: number; largeBodies?: string[] } = {}) {
  const lines: string[] = [];
  const log = createLogger({ level: "debug", now, write: (line) => void lines.push(line) });
  return { app: createHttpApp({ log, now, chance, ...more }), lines };
}

describe("with a database", () => {
  let platform: TestPlatform;
  let tenant: TenantId;
  beforeAll(async () => {
    platform = await openTestPlatform();
    tenant = await platform.tenant("Muster GmbH");
  });
  afterAll(() => platform.kulanz.drop());

  describe("rate limits", () => {
    test("five of forty parallel calls are let through, exactly; the next window starts anew", async () => {
      const key = { scope: "test", key: "203.0.113.7" };
      const taken = await Promise.all(Array.from({ length: 40 }, () => platform.limiter.take(key, 5, 60)));
      expect(taken.filter((one) => one.allowed)).toHaveLength(5);
      expect(new Set(taken.filter((one) => one.allowed).map((one) => one.remaining))).toEqual(new Set([0, 1, 2, 3, 4]));
      expect((await platform.limiter.take({ ...key, scope: "other" }, 5, 60)).allowed).toBe(true);
      platform.kulanz.advance({ minutes: 1 });
      expect(await platform.limiter.take(key, 5, 60)).toMatchObject({ allowed: true, remaining: 4, retryAfter: 60 });
      await platform.limiter.reset(key);
      expect((await platform.limiter.take(key, 1, 60)).allowed).toBe(true);
      platform.kulanz.advance({ minutes: 2 });
      expect(await platform.limiter.sweep()).toBe(2);
    });

    test("the middleware says when to come back; the table holds no address", async () => {
      const { app } = testApp();
      app.use(
        rateLimited(platform.limiter, { scope: "api", limit: 2, seconds: 30 }, (context) =>
          context.req.header("x-who"),
        ),
      );
      app.get("/x", (context) => context.text("x"));
      const call = (who?: string) => app.request("/x", { headers: who === undefined ? {} : { "x-who": who } });
      expect([
        (await call("a")).status,
        (await call("a")).status,
        (await call("b")).status,
        (await call()).status,
      ]).toEqual([200, 200, 200, 200]);
      const refused = await call("a");
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
      await platform.limiter.take({ scope: "x", key: "203.0.113.7" }, 1, 60);
      const rows = await platform.database.owner((tx) =>
        tx.rows<{ text: string }>(sql`select r::text as text from rate_limit r`),
      );
      expect(rows.map((row) => row.text).join()).not.toContain(Buffer.from("203.0.113.7").toString("hex"));
    });
  });

  describe("Idempotency-Key", () => {
    let done = 0;
    let hold: Promise<void> | undefined;
    let answerWith = 201;
    function app(of: () => TenantId = () => tenant) {
      const { app: made } = testApp();
      made.use(
        idempotent({
          ...platform,
          callerOf: (context) => (context.req.header("x-anonymous") ? undefined : { tenantId: of(), name: "user:1" }),
        }),
      );
      made.post("/things", async (context) => {
        done += 1;
        await hold;
        const body = await context.req.text();
        if (answerWith === 500) throw new Error("bug");
        return context.json({ done, body }, answerWith as 201, { location: `/things/${done}` });
      });
      made.delete("/things", (context) => {
        done += 1;
        return context.body(null, 204);
      });
      return made;
    }
    const post = (key: string | undefined, body: string, on = app(), path = "/things") =>
      on.request(path, { method: "POST", body, headers: key === undefined ? {} : { "idempotency-key": key } });

    test("same key and body: the same answer, the work done once", async () => {
      done = 0;
      const first = await post("key-00000001", "a");
      const second = await post("key-00000001", "a");
      expect([first.status, second.status, done]).toEqual([201, 201, 1]);
      expect(await second.text()).toBe(await first.text());
      expect([first, second].map((one) => one.headers.get("idempotent-replay"))).toEqual([null, "true"]);
      expect(second.headers.get("location")).toBe("/things/1");
      expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
      expect(
        (await app().request("/things", { method: "DELETE", headers: { "idempotency-key": "key-delete" } })).status,
      ).toBe(204);
      expect(
        (
          await app().request("/things", { method: "DELETE", headers: { "idempotency-key": "key-delete" } })
        ).headers.get("idempotent-replay"),
      ).toBe("true");
      expect(done).toBe(2);
    });

    test("another body or query is refused, another tenant or no key is another call", async () => {
      done = 0;
      await post("key-00000002", "a");
      for (const answer of [await post("key-00000002", "b"), await post("key-00000002", "a", app(), "/things?x=1")])
        expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
          422,
          "idempotency_key_reused",
        ]);
      const foreign = await platform.tenant("Andere AG");
      expect(
        (
          await post(
            "key-00000002",
            "a",
            app(() => foreign),
          )
        ).headers.get("idempotent-replay"),
      ).toBeNull();
      await post(undefined, "a");
      await post(undefined, "a");
      expect(done).toBe(4);
      expect((await post("short", "a")).status).toBe(422);
    });

    test("while the first works, the second is told so; ten at once do it once", async () => {
      done = 0;
      let release = (): void => {};
      hold = new Promise((resolve) => {
        release = resolve;
      });
      const made = app();
      const all = Array.from({ length: 10 }, () => post("key-00000003", "a", made));
      const early = await Promise.race(all);
      expect([early.status, ((await early.json()) as { code: string }).code]).toEqual([409, "idempotency_in_flight"]);
      release();
      hold = undefined;
      const answers = await Promise.all(all);
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201, 409]));
      const own = answers.filter((answer) => answer.status === 201 && !answer.headers.has("idempotent-replay"));
      expect([done, own.length]).toEqual([1, 1]);
      expect((await post("key-00000003", "a", made)).headers.get("idempotent-replay")).toBe("true");
    });

    test("a refusal or a bug frees the key; a dead claim frees it after five minutes; answers are sealed and swept", async () => {
      done = 0;
      for (const status of [500, 409, 201]) {
        answerWith = status;
        expect((await post("key-00000004", "a")).status).toBe(status);
      }
      expect(done).toBe(3);
      await platform.database.owner((tx) =>
        tx.execute(sql`update idempotency_key set status = null, response_sealed = null`),
      );
      expect((await post("key-00000004", "a")).status).toBe(409);
      platform.kulanz.advance({ minutes: 6 });
      expect((await post("key-00000004", "Marlene Quitte")).status).toBe(422);
      expect((await post("key-00000004", "a")).status).toBe(201);
      await post("key-00000005", "Marlene Quitte");
      const rows = await platform.database.owner((tx) =>
        tx.rows<{ text: string }>(sql`select k::text as text from idempotency_key k`),
      );
      expect(rows.map((row) => row.text).join()).not.toMatch(/Marlene|4d61726c656e65/);
      platform.kulanz.advance({ days: 3 });
      expect(await sweepIdempotencyKeys(platform.database, tenant)).toBeGreaterThan(0);
      expect((await post("key-00000005", "Marlene Quitte")).headers.get("idempotent-replay")).toBeNull();
    });
  });
});
