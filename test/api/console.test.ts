import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consoleRoutes } from "../../src/doors/console/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import { createHttpApp } from "../../src/platform/http/index.ts";

let root: string;
const app = createHttpApp({
  log: silentLogger,
  now: () => new Date("2026-06-01T09:00:00Z"),
  chance: (bytes) => new Uint8Array(bytes),
});

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "kulanz-console-"));
  const folder = join(root, "console");
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Kulanz</title>");
  writeFileSync(join(folder, "assets/index-abc123.js"), "1");
  writeFileSync(join(folder, "assets/index-abc123.js.map"), "{}");
  writeFileSync(join(root, "secret.txt"), "geheim");
  app.route("/", consoleRoutes({ folder }) as never);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(`http://kulanz.example${path}`, { headers });

test.each(["/", "/customers/0000", "/einrichten", "/runs/next", "/index.html"])(
  "%s is the console's page, with a strict policy",
  async (path) => {
    const answer = await get(path);
    expect([answer.status, await answer.text()]).toEqual([200, "<!doctype html><title>Kulanz</title>"]);
    const policy = answer.headers.get("content-security-policy") ?? "";
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
      expect(policy).toContain(rule);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(policy).not.toMatch(/style-src [^;]*unsafe-inline/);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  },
);

test("hashed assets are kept for ever", async () => {
  const answer = await get("/assets/index-abc123.js");
  expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
    200,
    "text/javascript; charset=utf-8",
    "public, max-age=31536000, immutable",
  ]);
  expect((await get("/assets/index-abc123.js", { "if-none-match": answer.headers.get("etag") ?? "" })).status).toBe(
    304,
  );
});

test.each([
  "/assets/index-other.js",
  "/assets/",
  "/assets/index-abc123.js.map",
  "/assets/../../secret.txt",
  "/assets/..%2f..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "/..%5csecret.txt",
  "/favicon.ico",
  "/api/v1/nothing",
  "/p/unknown",
  "/metrics/x",
])("%s is nothing", async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain("geheim");
});

test("only reading is possible", async () => {
  expect((await app.request("http://kulanz.example/", { method: "POST" })).status).toBe(404);
});
