import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLogger } from "../../src/platform/config/index.ts";
import { clientAddress, type HttpServer, startHttpServer } from "../../src/platform/http/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";

describe("client address", () => {
  let server: HttpServer;
  beforeAll(async () => {
    const app = new Hono();
    app.get("/:proxies", (context) => context.text(clientAddress(context, Number(context.req.param("proxies")))));
    server = expectOk(await startHttpServer({ fetch: app.fetch, port: 0, log: silentLogger }));
  });
  afterAll(() => server.stop());

  test.each([
    [0, undefined, "127.0.0.1"],
    [0, "203.0.113.7", "127.0.0.1"],
    [1, "203.0.113.7", "203.0.113.7"],
    [1, "6.6.6.6, 203.0.113.7", "203.0.113.7"],
    [2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"],
    [2, "10.0.0.1", "127.0.0.1"],
    [1, "2001:db8:0:0042::1", "2001:db8:0:42::/64"],
    [1, "2001:0DB8::1", "2001:db8:0:0::/64"],
    [1, "::1", "0:0:0:0::/64"],
    [1, "::ffff:203.0.113.7", "203.0.113.7"],
  ])("%i proxies of ours, forwarded for %s: %s", async (proxies, forwarded, expected) => {
    const headers: Record<string, string> = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
    expect(await (await fetch(`http://127.0.0.1:${server.port}/${proxies}`, { headers })).text()).toBe(expected);
  });
});
