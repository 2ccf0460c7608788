import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AccessEnv,
  addUser,
  applySignInLink,
  authenticated,
  callerName,
  createApiKey,
  disableUser,
  guardedVisit,
  permitted,
  type Role,
  type SignedIn,
  visitToken,
} from "../../src/platform/access/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import { createHttpApp } from "../../src/platform/http/index.ts";
import { expectOk, type TenantId } from "../../src/pure/kernel/index.ts";
import { chance, openTestPlatform, QUICK, type TestPlatform } from "./support.ts";

let platform: TestPlatform;
let tenant: TenantId;
let other: TenantId;
let user: SignedIn;
let count = 0;
const publicUrl = "https://kulanz.example";

beforeAll(async () => {
  platform = await openTestPlatform();
  tenant = await platform.tenant("Muster GmbH");
  other = await platform.tenant("Andere AG");
  user = await signedUp("agent");
});
afterAll(() => platform.kulanz.drop());

async function signedUp(role: Role): Promise<SignedIn> {
  count += 1;
  const email = `gate${count}@muster.example`;
  const { link } = expectOk(await platform.act(tenant, (act) => addUser(act, { name: "Kim", email, role })));
  return expectOk(await applySignInLink(platform, link.token, "vier Kraniche am Hafen", QUICK));
}

function app() {
  const gate = { platform, rules: QUICK, publicUrl };
  const made = createHttpApp<AccessEnv>({ log: silentLogger, now: platform.kulanz.now, chance, https: true });
  made.get("/sign-in", (context) => context.text(visitToken(gate, context)));
  made.post("/sign-in", guardedVisit(gate) as never, (context) => context.text("tried"));
  made.use("/api/*", authenticated(gate));
  made.all("/api/me", (context) => context.text(callerName(context.get("caller"))));
  made.post("/api/strategies", permitted("strategy.publish"), (context) => context.text("published"));
  return made;
}
type Headers = Record<string, string>;
const call = (path: string, method: string, headers: Headers) => app().request(path, { method, headers });
const code = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
const cookieOf = (value: string): Headers => ({ cookie: `__Host-kulanz=${value}` });
const good = (): Headers => ({ ...cookieOf(user.cookie), "x-csrf-token": user.csrfToken, origin: publicUrl });

describe("session", () => {
  test("reading needs the cookie only, writing the token too", async () => {
    expect(await (await call("/api/me", "GET", cookieOf(user.cookie))).text()).toBe(`user:${user.userId}`);
    expect((await call("/api/me", "POST", good())).status).toBe(200);
    expect((await call("/api/me", "POST", { ...good(), origin: "" })).status).toBe(403);
  });

  test.each<[string, (headers: Headers) => Headers, string]>([
    ["no token", ({ "x-csrf-token": _, ...rest }) => rest, "csrf_missing"],
    ["an empty token", (headers) => ({ ...headers, "x-csrf-token": "" }), "csrf_wrong"],
    ["a wrong token", (headers) => ({ ...headers, "x-csrf-token": "A".repeat(43) }), "csrf_wrong"],
    ["the cookie as token", (headers) => ({ ...headers, "x-csrf-token": user.cookie }), "csrf_wrong"],
    ["a foreign origin", (headers) => ({ ...headers, origin: "https://evil.example" }), "origin_wrong"],
    ["a look-alike origin", (headers) => ({ ...headers, origin: `${publicUrl}.evil.example` }), "origin_wrong"],
    ["http instead of https", (headers) => ({ ...headers, origin: "http://kulanz.example" }), "origin_wrong"],
    ["origin null", (headers) => ({ ...headers, origin: "null" }), "origin_wrong"],
    [
      "cross-site without origin",
      ({ origin: _, ...rest }) => ({ ...rest, "sec-fetch-site": "cross-site" }),
      "origin_wrong",
    ],
    ["a sister host", ({ origin: _, ...rest }) => ({ ...rest, "sec-fetch-site": "same-site" }), "origin_wrong"],
  ])("writing with %s: 403", async (_, change, expected) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect(await code(await call("/api/me", method, change(good())))).toEqual([403, expected]);
  });

  test("another user's token does not serve", async () => {
    const second = await signedUp("agent");
    expect(await code(await call("/api/me", "POST", { ...good(), "x-csrf-token": second.csrfToken }))).toEqual([
      403,
      "csrf_wrong",
    ]);
  });

  test.each<[string, () => Headers]>([
    ["no cookie", () => ({})],
    ["nonsense", () => cookieOf("nonsense")],
    ["the cookie without its prefix (planted by another host)", () => ({ cookie: `kulanz=${user.cookie}` })],
    ["another tenant's prefix", () => cookieOf(user.cookie.replace(tenant, other))],
    ["a secret never given", () => cookieOf(`${tenant}.${"A".repeat(43)}`)],
  ])("%s: 401", async (_, headers) => {
    expect(await code(await call("/api/me", "GET", headers()))).toEqual([401, "session_missing"]);
  });

  test("a disabled user is out with the next call", async () => {
    const gone = await signedUp("agent");
    expect((await call("/api/me", "GET", cookieOf(gone.cookie))).status).toBe(200);
    await platform.act(tenant, (act) => disableUser(act, gone.userId));
    expect((await call("/api/me", "GET", cookieOf(gone.cookie))).status).toBe(401);
  });
});

test("over http a machine's own names serve, a foreign one does not", async () => {
  const gate = { platform, rules: QUICK, publicUrl: "http://127.0.0.1:8080" };
  const made = createHttpApp<AccessEnv>({ log: silentLogger, now: platform.kulanz.now, chance });
  made.use(authenticated(gate));
  made.post("/me", (context) => context.text("me"));
  const post = (host: string, origin: string) =>
    made.request("/me", {
      method: "POST",
      headers: { cookie: `kulanz=${user.cookie}`, "x-csrf-token": user.csrfToken, host, origin },
    });
  expect((await post("localhost:8080", "http://localhost:8080")).status).toBe(200);
  expect((await post("localhost:8080", "http://127.0.0.1:8080")).status).toBe(200);
  expect(await code(await post("localhost:8080", "http://localhost:9090"))).toEqual([403, "origin_wrong"]);
});

test("permissions: the agent may not publish a strategy, the manager may", async () => {
  expect(await code(await call("/api/strategies", "POST", good()))).toEqual([403, "not_allowed"]);
  const manager = await signedUp("manager");
  const headers = { ...cookieOf(manager.cookie), "x-csrf-token": manager.csrfToken };
  expect((await call("/api/strategies", "POST", headers)).status).toBe(200);
});

test("an API key needs no CSRF token; a wrong one is told, and a good cookie beside it does not help", async () => {
  const key = expectOk(await platform.act(tenant, (act) => createApiKey(act, { name: "ERP", role: "agent" })));
  const answer = await call("/api/me", "POST", { authorization: `Bearer ${key.secret}` });
  expect([answer.status, await answer.text()]).toEqual([200, `key:${key.apiKeyId}`]);
  expect(await code(await call("/api/me", "GET", { ...good(), authorization: "Bearer kz_wrong" }))).toEqual([
    401,
    "key_invalid",
  ]);
  expect(await code(await call("/api/strategies", "POST", { authorization: `Bearer ${key.secret}` }))).toEqual([
    403,
    "not_allowed",
  ]);
});

test("the sign-in itself is guarded by the visit's own token", async () => {
  const page = await app().request("/sign-in");
  const token = await page.text();
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect(cookie).toMatch(/^__Host-kulanz-visit=/);
  const again = await app().request("/sign-in", { headers: { cookie } });
  expect([await again.text(), again.headers.get("set-cookie")]).toEqual([token, null]);
  const post = (headers: Headers) => app().request("/sign-in", { method: "POST", headers });
  expect((await post({ cookie, "x-csrf-token": token, origin: publicUrl })).status).toBe(200);
  expect(await code(await post({ cookie, origin: publicUrl }))).toEqual([403, "csrf_missing"]);
  expect(await code(await post({ "x-csrf-token": token }))).toEqual([403, "csrf_missing"]);
  expect(await code(await post({ cookie, "x-csrf-token": token, origin: "https://evil.example" }))).toEqual([
    403,
    "origin_wrong",
  ]);
});
