import { request as nodeRequest } from "node:http";
import { createRoute, z } from "@hono/zod-openapi";
import { describe, expect, test } from "vitest";
import { createLogger } from "../../src/platform/config/index.ts";
import {
  allowBody,
  contentSecurityPolicy,
  cookieJar,
  createHttpApp,
  newApp,
  startHttpServer,
  statusOf,
} from "../../src/platform/http/index.ts";
import { expectOk, fail, FailureError, type FailureKind } from "../../src/pure/kernel/index.ts";
import { chance } from "./support.ts";

const now = (): Date => new Date("2026-06-01T09:00:00Z");

function testApp(more: { https?: boolean; bodyLimit?: number; largeBodies?: string[] } = {}) {
  const lines: string[] = [];
  const log = createLogger({ level: "debug", now, write: (line) => void lines.push(line) });
  return { app: createHttpApp({ log, now, chance, ...more }), lines };
}

describe("problems", () => {
  test.each<[FailureKind, number]>([
    ["invalid", 422],
    ["unauthenticated", 401],
    ["forbidden", 403],
    ["not_found", 404],
    ["conflict", 409],
    ["too_large", 413],
    ["rate_limited", 429],
    ["unavailable", 503],
  ])("a failure of kind %s answers %i as problem+json", async (kind, status) => {
    const { app } = testApp();
    app.get("/x", () => {
      throw new FailureError(fail(kind, "some_rule", "A sentence that helps.", "file.csv:7").error);
    });
    const answer = await app.request("/x");
    expect(statusOf(kind)).toBe(status);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(await answer.json()).toEqual({
      type: "urn:kulanz:problem:some_rule",
      title: expect.any(String),
      status,
      detail: "A sentence that helps.",
      instance: `urn:uuid:${answer.headers.get("x-request-id")}`,
      code: "some_rule",
      where: "file.csv:7",
    });
  });

  test("refused input names every field, at any depth, in mounted routers too", async () => {
    const { app } = testApp();
    const body = z.object({ name: z.string().min(1), rows: z.array(z.object({ amount: z.string() })) });
    const route = createRoute({
      method: "post",
      path: "/things",
      request: { body: { content: { "application/json": { schema: body } }, required: true } },
      responses: {
        200: { description: "ok", content: { "application/json": { schema: z.object({ n: z.number() }) } } },
      },
    });
    const inner = newApp();
    inner.openapi(route, (context) => context.json({ n: context.req.valid("json").rows.length }, 200));
    app.route("/api", inner);
    const post = (text: string) =>
      app.request("/api/things", { method: "POST", body: text, headers: { "content-type": "application/json" } });
    expect(await (await post('{"name":"a","rows":[{"amount":"1"}]}')).json()).toEqual({ n: 1 });
    const refused = await post('{"name":"","rows":[{"amount":"1"},{"amount":2}]}');
    expect(refused.status).toBe(422);
    const problem = (await refused.json()) as { code: string; fields: { field: string }[] };
    expect(problem.code).toBe("input_invalid");
    expect(problem.fields.map((field) => field.field)).toEqual(["name", "rows.1.amount"]);
    const broken = await post('{"name":');
    expect([broken.status, ((await broken.json()) as { code: string }).code]).toEqual([400, "body_malformed"]);
  });

  test("an unknown address and an unknown method", async () => {
    const { app } = testApp();
    app.get("/x", (context) => context.text("x"));
    for (const [path, method] of [["/nothing", "GET"], ["/x", "DELETE"], ["/%ff", "GET"], ["/../../etc/passwd", "GET"]] as const) {
      const answer = await app.request(path, { method });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, "route_unknown"]);
    } // biome-ignore format: a table
  });

  test("a bug answers 500 with a number and no detail; the log has the number, the place and no message", async () => {
    const { app, lines } = testApp();
    app.get("/customers/:id", () => {
      throw new TypeError("Marlene Quitte is not a function");
    });
    const answer = await app.request("/customers/4711?q=Quitte");
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).toContain("internal_error");
    expect(text).not.toMatch(/Marlene|TypeError|\.ts/);
    const logged = lines.join("");
    expect(logged).toContain(answer.headers.get("x-request-id"));
    expect(logged).toContain("http.test.ts");
    expect(logged).not.toMatch(/Marlene|Quitte|4711/);
  });
});

describe("logs", () => {
  test("one line a request: pattern, status, duration; no address, query, agent or cookie", async () => {
    const { app, lines } = testApp();
    app.get("/p/:token", (context) => context.text("hello"));
    await app.request("/p/secret-token?email=kim@post.example", {
      headers: { "user-agent": "Kim's phone", cookie: "kulanz=abc", "x-forwarded-for": "203.0.113.7" },
    });
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
    expect(line).toMatchObject({ event: "request", method: "GET", route: "/p/:token", status: 200 });
    expect(lines[0]).not.toMatch(/secret-token|kim|phone|abc|203\.0/i);
  });
});

describe("headers", () => {
  test("strict by default on every answer, also refusals", async () => {
    const { app } = testApp({ https: true });
    app.get("/x", (context) => context.html(`<style nonce="${context.get("styleNonce")}"></style>`));
    for (const path of ["/x", "/nothing"]) {
      const { headers } = await app.request(path);
      const policy = headers.get("content-security-policy") ?? "";
      for (const part of [
        "default-src 'none'",
        "script-src 'self';",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ])
        expect(policy).toContain(part);
      expect(policy).not.toMatch(/unsafe|script-src[^;]*(nonce|\*|http)/);
      expect(Object.fromEntries(headers)).toMatchObject({
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
        "strict-transport-security": expect.stringContaining("max-age=31536000"),
      });
    }
  });

  test("the nonce is new for every request and is the page's own", async () => {
    const { app } = testApp();
    app.get("/x", (context) => context.text(context.get("styleNonce")));
    const nonces = new Set<string>();
    for (let i = 0; i < 5; i += 1) {
      const answer = await app.request("/x");
      const nonce = await answer.text();
      expect(answer.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(5);
  });

  test("a route may set its own policy and caching", async () => {
    const { app } = testApp();
    const own = contentSecurityPolicy({ styleNonce: "x", styleAttributes: true });
    app.get("/x", (context) => {
      context.header("content-security-policy", own);
      context.header("cache-control", "public, max-age=60");
      return context.text("x");
    });
    const { headers } = await app.request("/x");
    expect(headers.get("content-security-policy")).toBe(own);
    expect(headers.get("cache-control")).toBe("public, max-age=60");
    expect(headers.get("strict-transport-security")).toBeNull();
  });

  test.each([
    [true, "__Host-kulanz=v; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax"],
    [false, "kulanz=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax"],
  ])("cookies over https=%s", async (https, expected) => {
    const { app } = testApp();
    const jar = cookieJar("kulanz", https);
    app.get("/set", (context) => {
      jar.write(context, "v", 60);
      return context.text(jar.read(context) ?? "none");
    });
    const answer = await app.request("/set");
    expect(answer.headers.get("set-cookie")).toBe(expected);
    const name = https ? "__Host-kulanz" : "kulanz";
    expect(await (await app.request("/set", { headers: { cookie: `${name}=known` } })).text()).toBe("known");
  });
});

describe("a real server", () => {
  test("bodies over the limit are refused, announced or not; a route may take more", async () => {
    const { app } = testApp({ bodyLimit: 1000, largeBodies: ["/upload"] });
    app.post("/small", async (context) => context.text(String((await context.req.arrayBuffer()).byteLength)));
    app.post("/upload", allowBody(5000), async (context) =>
      context.text(String((await context.req.arrayBuffer()).byteLength)),
    );
    const server = expectOk(
      await startHttpServer({ fetch: app.fetch, port: 0, log: createLogger({ level: "error", now }) }),
    );
    const send = (path: string, size: number, chunked: boolean) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        const outgoing = nodeRequest(
          {
            port: server.port,
            host: "127.0.0.1",
            path,
            method: "POST",
            headers: chunked ? {} : { "content-length": size },
          },
          (incoming) => {
            let text = "";
            incoming.on("data", (part) => (text += part));
            incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
          },
        );
        outgoing.on("error", reject);
        for (let left = size; left > 0; left -= 500) outgoing.write(Buffer.alloc(Math.min(left, 500), 65));
        outgoing.end();
      });
    for (const chunked of [false, true]) {
      expect(await send("/small", 1000, chunked)).toEqual({ status: 200, text: "1000" });
      const refused = await send("/small", 1500, chunked);
      expect([refused.status, JSON.parse(refused.text).code]).toEqual([413, "body_too_large"]);
      expect(await send("/upload", 4000, chunked)).toEqual({ status: 200, text: "4000" });
      expect((await send("/upload", 6000, chunked)).status).toBe(413);
    }
    await server.stop();
  });

  test("stops gracefully: the running request ends, new ones are refused; a stuck one is cut after the grace", async () => {
    const { app } = testApp();
    let release = (): void => {};
    app.get("/slow", async (context) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return context.text("done");
    });
    const silent = createLogger({ level: "error", now });
    const server = expectOk(await startHttpServer({ fetch: app.fetch, port: 0, log: silent }));
    const running = fetch(`http://127.0.0.1:${server.port}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = server.stop();
    await expect(fetch(`http://127.0.0.1:${server.port}/slow`)).rejects.toThrow();
    release();
    expect(await (await running).text()).toBe("done");
    await stopped;
    const second = expectOk(await startHttpServer({ fetch: app.fetch, port: server.port, log: silent }));
    const taken = await startHttpServer({ fetch: app.fetch, port: server.port, log: silent });
    expect(taken).toMatchObject({ ok: false, error: { code: "port_taken", where: `127.0.0.1:${server.port}` } });
    const stuck = fetch(`http://127.0.0.1:${server.port}/slow`).catch(() => "cut");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await second.stop(50);
    expect(await stuck).toBe("cut");
  });
});
