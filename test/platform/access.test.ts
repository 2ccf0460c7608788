import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  actorOf,
  addUser,
  applySignInLink,
  changePassword,
  changeUser,
  closeSession,
  createApiKey,
  createSignInLink,
  disableUser,
  inspectSignInLink,
  listApiKeys,
  listUsers,
  login,
  LOGIN_RULES,
  readApiKey,
  readSession,
  readUser,
  revokeApiKey,
  type Role,
  type SignedIn,
  tryAct,
} from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { EUR, expectOk, money, type TenantId, type UserId } from "../../src/pure/kernel/index.ts";
import { openTestPlatform, QUICK, type TestPlatform } from "./support.ts";

const PASSWORD = "vier Kraniche am Hafen";
let platform: TestPlatform;
let tenant: TenantId;
let other: TenantId;
let count = 0;

beforeAll(async () => {
  platform = await openTestPlatform();
  tenant = await platform.tenant("Muster GmbH");
  other = await platform.tenant("Andere AG");
});
afterAll(() => platform.kulanz.drop());

/** A user who has set a password and is signed in. */
async function signedUp(role: Role = "agent", of = tenant): Promise<SignedIn & { readonly email: string }> {
  count += 1;
  const email = `person${count}@muster.example`;
  const added = expectOk(await platform.act(of, (act) => addUser(act, { name: "Kim Beispiel", email, role })));
  return { ...expectOk(await applySignInLink(platform, added.link.token, PASSWORD, QUICK)), email };
}
const signIn = (email: string, password = PASSWORD, address = "192.0.2.1", cookie?: string) =>
  login(platform, { email, password, address, ...(cookie !== undefined && { cookie }) }, QUICK);
const alive = async (cookie: string): Promise<boolean> => (await readSession(platform, cookie, QUICK)) !== undefined;

describe("users", () => {
  test("a user is added once, listed with name and limit, and the database shows neither name nor e-mail", async () => {
    const user = {
      name: "Thea Lindqvist",
      email: "Thea@Muster.example",
      role: "manager" as const,
      limit: money(50_000n, EUR),
    };
    const { userId } = expectOk(await platform.act(tenant, (act) => addUser(act, user)));
    const again = await platform.act(tenant, (act) => addUser(act, { ...user, email: " thea@muster.EXAMPLE" }));
    expect(again).toMatchObject({ ok: false, error: { code: "email_taken" } });
    const elsewhere = await platform.act(other, (act) => addUser(act, user));
    expect(elsewhere).toMatchObject({ ok: false, error: { code: "email_taken" } });
    const listed = expectOk(await platform.act(tenant, listUsers)).find((one) => one.userId === userId);
    expect(listed).toMatchObject({
      name: "Thea Lindqvist",
      email: "thea@muster.example",
      limit: money(50_000n, EUR),
      hasPassword: false,
    });
    const raw = await platform.database.owner((tx) =>
      tx.rows<{ text: string }>(
        sql`select u::text as text from app_user u union all select a::text from audit_entry a`,
      ),
    );
    const dump = raw.map((row) => row.text).join("\n");
    for (const secret of ["Lindqvist", "thea@"])
      for (const form of [secret, Buffer.from(secret).toString("hex")]) expect(dump).not.toContain(form);
  });

  test.each([
    ["user_name_missing", { name: " ", email: "a@b.example" }],
    ["email_invalid", { name: "A", email: "not an address" }],
    ["limit_invalid", { name: "A", email: "a@b.example", limitCents: -1 }],
  ])("%s", async (code, { limitCents = 0, ...user }: { name: string; email: string; limitCents?: number }) => {
    const limit = money(BigInt(limitCents), EUR);
    const refused = await platform.act(tenant, (act) => addUser(act, { ...user, limit, role: "agent" }));
    expect(refused).toMatchObject({ ok: false, error: { code } });
  });

  test("only an admin adds users; an auditor sees them and changes nothing", async () => {
    for (const role of ["agent", "manager", "auditor"] as const) {
      const actor = { kind: "user", id: "x", role } as const;
      const refused = await platform.act(
        tenant,
        (act) => addUser(act, { name: "A", email: `${role}@x.example`, role: "admin" }),
        actor,
      );
      expect(refused).toMatchObject({ ok: false, error: { code: "not_allowed" } });
      expect((await platform.act(tenant, listUsers, actor)).ok).toBe(role === "auditor");
    }
  });

  test("disabling ends every session, open links and the password at once", async () => {
    const user = await signedUp();
    const second = expectOk(await signIn(user.email));
    const link = expectOk(await platform.act(tenant, (act) => createSignInLink(act, user.userId)));
    expectOk(await platform.act(tenant, (act) => disableUser(act, user.userId)));
    expect(await alive(user.cookie)).toBe(false);
    expect(await alive(second.cookie)).toBe(false);
    expect(await signIn(user.email)).toMatchObject({ ok: false, error: { code: "login_failed" } });
    expect((await inspectSignInLink(platform, link.token)).ok).toBe(false);
    expect((await applySignInLink(platform, link.token, PASSWORD, QUICK)).ok).toBe(false);
    expectOk(await platform.act(tenant, (act) => changeUser(act, user.userId, { disabled: false })));
    expect((await signIn(user.email)).ok).toBe(true);
  });

  test("a new role ends the sessions that had the old one", async () => {
    const user = await signedUp("manager");
    expectOk(await platform.act(tenant, (act) => changeUser(act, user.userId, { role: "agent" })));
    expect(await alive(user.cookie)).toBe(false);
    expect(expectOk(await signIn(user.email)).role).toBe("agent");
  });

  test("the last admin stays; of two admins who disable each other at once, one stays", async () => {
    const small = await platform.tenant("Klein GmbH");
    const first = await signedUp("admin", small);
    const alone = await platform.act(small, (act) => disableUser(act, first.userId));
    expect(alone).toMatchObject({ ok: false, error: { code: "last_admin" } });
    const second = await signedUp("admin", small);
    const both = await Promise.all(
      [first, second].map((user) => platform.act(small, (act) => disableUser(act, user.userId))),
    );
    expect(both.filter((result) => result.ok)).toHaveLength(1);
  });

  test("a user of another tenant can't be read or changed", async () => {
    const user = await signedUp();
    expect(await platform.act(other, (act) => readUser(act, user.userId))).toBeUndefined();
    const refused = await platform.act(other, (act) => disableUser(act, user.userId));
    expect(refused).toMatchObject({ ok: false, error: { code: "user_unknown" } });
  });
});

describe("sign-in links", () => {
  test("works once, also when used twice at the same moment; a refused password does not use it up", async () => {
    const added = expectOk(
      await platform.act(tenant, (act) => addUser(act, { name: "Jo", email: "jo@muster.example", role: "agent" })),
    );
    const short = await applySignInLink(platform, added.link.token, "too short", QUICK);
    expect(short).toMatchObject({ ok: false, error: { code: "password_too_short" } });
    const own = await applySignInLink(platform, added.link.token, "aaaaaaaaaaaaaaaa", QUICK);
    expect(own).toMatchObject({ ok: false, error: { code: "password_too_simple" } });
    const both = await Promise.all([0, 1].map(() => applySignInLink(platform, added.link.token, PASSWORD, QUICK)));
    expect(both.filter((result) => result.ok)).toHaveLength(1);
    expect(await applySignInLink(platform, added.link.token, PASSWORD, QUICK)).toMatchObject({
      ok: false,
      error: { code: "link_invalid" },
    });
  });

  test("is too old after three days, and a new one replaces it", async () => {
    const user = await signedUp();
    const first = expectOk(await platform.act(tenant, (act) => createSignInLink(act, user.userId)));
    const second = expectOk(await platform.act(tenant, (act) => createSignInLink(act, user.userId)));
    expect((await inspectSignInLink(platform, first.token)).ok).toBe(false);
    expect((await inspectSignInLink(platform, second.token)).ok).toBe(true);
    platform.kulanz.advance({ hours: 73 });
    expect((await inspectSignInLink(platform, second.token)).ok).toBe(false);
  });

  test("another tenant's prefix, or nonsense, opens nothing", async () => {
    const user = await signedUp();
    const link = expectOk(await platform.act(tenant, (act) => createSignInLink(act, user.userId)));
    for (const token of [link.token.replace(tenant, other), "", "x.y", `${tenant}.`, `${link.token}.x`])
      expect((await inspectSignInLink(platform, token)).ok).toBe(false);
  });
});

describe("sessions", () => {
  test("signing in gives a new secret and ends the session the browser brought (fixation)", async () => {
    const victim = await signedUp();
    const attacker = await signedUp();
    const fresh = expectOk(await signIn(victim.email, PASSWORD, "192.0.2.1", attacker.cookie));
    expect(fresh.cookie).not.toBe(attacker.cookie);
    expect(await alive(attacker.cookie)).toBe(false);
    expect((await readSession(platform, fresh.cookie, QUICK))?.userId).toBe(victim.userId);
  });

  test("ends after an hour without a call, and after twelve hours in any case", async () => {
    const user = await signedUp();
    platform.kulanz.advance({ minutes: 59 });
    expect(await alive(user.cookie)).toBe(true);
    platform.kulanz.advance({ minutes: 59 });
    expect(await alive(user.cookie)).toBe(true);
    platform.kulanz.advance({ minutes: 61 });
    expect(await alive(user.cookie)).toBe(false);
    const busy = expectOk(await signIn(user.email));
    for (let hours = 0; hours < 11.5; hours += 0.5) {
      platform.kulanz.advance({ minutes: 30 });
      expect(await alive(busy.cookie)).toBe(true);
    }
    platform.kulanz.advance({ minutes: 30 });
    expect(await alive(busy.cookie)).toBe(false);
  });

  test("of a user who is disabled in the database alone is dead as well", async () => {
    const user = await signedUp();
    await platform.database.owner((tx) =>
      tx.execute(sql`update app_user set disabled_at = now() where user_id = ${user.userId}`),
    );
    expect(await alive(user.cookie)).toBe(false);
  });

  test("is useless in another tenant, and the database holds no secret of it", async () => {
    const user = await signedUp();
    expect(await alive(user.cookie.replace(tenant, other))).toBe(false);
    const rows = await platform.database.owner((tx) =>
      tx.rows<{ text: string }>(sql`select s::text as text from user_session s`),
    );
    const secret = user.cookie.split(".")[1] ?? "";
    const dump = rows.map((row) => row.text).join();
    expect(dump).not.toContain(secret);
    expect(dump).not.toContain(Buffer.from(secret, "base64url").toString("hex"));
  });

  test("signing out ends this one only; changing the password ends all the others", async () => {
    const user = await signedUp();
    const [second, third] = [expectOk(await signIn(user.email)), expectOk(await signIn(user.email))];
    await closeSession(platform, user.cookie);
    expect([await alive(user.cookie), await alive(second.cookie)]).toEqual([false, true]);
    const session = await readSession(platform, second.cookie, QUICK);
    if (!session) throw new Error("no session");
    const change = (current: string) =>
      tryAct(platform, tenant, actorOf(session), (act) =>
        changePassword(act, user.userId, { current, next: "drei Boote im Nebel", cookie: second.cookie }),
      );
    expect(await change("not the right one")).toMatchObject({ ok: false, error: { code: "password_wrong" } });
    expectOk(await change(PASSWORD));
    expect([await alive(second.cookie), await alive(third.cookie)]).toEqual([true, false]);
    expect((await signIn(user.email)).ok).toBe(false);
    expect((await signIn(user.email, "drei Boote im Nebel")).ok).toBe(true);
  });
});

describe("login", () => {
  test("unknown, wrong, disabled and without password get the same answer", async () => {
    const user = await signedUp();
    const gone = await signedUp();
    await platform.act(tenant, (act) => disableUser(act, gone.userId));
    await platform.act(tenant, (act) => addUser(act, { name: "Neu", email: "neu@muster.example", role: "agent" }));
    const answers = await Promise.all([
      signIn("nobody@muster.example"),
      signIn(user.email, "wrong password entirely"),
      signIn(gone.email),
      signIn("neu@muster.example"),
    ]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ ok: false, error: { code: "login_failed" } });
  });

  test("ten tries an account, then none for a quarter of an hour, even with the right password", async () => {
    const user = await signedUp();
    const tries = await Promise.all(
      Array.from({ length: 14 }, (_, i) => signIn(user.email, `wrong password ${i}`, `198.51.100.${i}`)),
    );
    const codes = tries.map((result) => (result.ok ? "in" : result.error.code));
    expect(codes.filter((code) => code === "login_failed")).toHaveLength(10);
    expect(codes.filter((code) => code === "login_limited")).toHaveLength(4);
    expect(await signIn(user.email)).toMatchObject({ ok: false, error: { code: "login_limited" } });
    platform.kulanz.advance({ minutes: 16 });
    expect((await signIn(user.email)).ok).toBe(true);
  });

  test("an unknown account is limited just the same", async () => {
    const tries: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      const result = await signIn("ghost@muster.example", "guess", `198.51.100.${100 + i}`);
      tries.push(result.ok ? "in" : result.error.code);
    }
    expect(tries.slice(0, 10).every((code) => code === "login_failed")).toBe(true);
    expect(tries.slice(10)).toEqual(["login_limited", "login_limited"]);
  });

  test("a right password starts the count of the account anew", async () => {
    const user = await signedUp();
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 8; i += 1) await signIn(user.email, "wrong password here", `203.0.113.${round * 10 + i}`);
      expect((await signIn(user.email, PASSWORD, `203.0.113.${200 + round}`)).ok).toBe(true);
    }
  });

  test("one address can't try many accounts", async () => {
    const rules = { ...QUICK, triesPerAddress: 5 };
    const codes: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      const attempt = { email: `a${i}@b.example`, password: "guess", address: "203.0.113.250" };
      const result = await login(platform, attempt, rules);
      codes.push(result.ok ? "in" : result.error.code);
    }
    expect(codes).toEqual([...Array(5).fill("login_failed"), "login_limited", "login_limited"]);
  });

  test("a refusal takes its time, whoever was asked for", async () => {
    const rules = { ...LOGIN_RULES, refusalMilliseconds: 250 };
    const started = performance.now();
    await login(platform, { email: "late@b.example", password: "x", address: "203.0.113.9" }, rules);
    expect(performance.now() - started).toBeGreaterThan(240);
  });
});

describe("API keys", () => {
  const create = (role: Role, expiresAt?: Date) =>
    platform.act(tenant, (act) => createApiKey(act, { name: "ERP", role, ...(expiresAt && { expiresAt }) }));

  test("opens its tenant with its role until it is revoked", async () => {
    const key = expectOk(await create("agent"));
    expect(key.secret).toMatch(/^kz_[\w-]{43}$/);
    expect(await readApiKey(platform, key.secret)).toEqual({
      tenantId: tenant,
      actor: { kind: "key", id: key.apiKeyId, role: "agent" },
    });
    const listed = expectOk(await platform.act(tenant, listApiKeys)).find((one) => one.apiKeyId === key.apiKeyId);
    expect(listed?.lastUsedAt).not.toBeNull();
    const foreign = await platform.act(other, (act) => revokeApiKey(act, key.apiKeyId));
    expect(foreign).toMatchObject({ ok: false, error: { code: "key_unknown" } });
    expectOk(await platform.act(tenant, (act) => revokeApiKey(act, key.apiKeyId)));
    expect(await readApiKey(platform, key.secret)).toBeUndefined();
  });

  test("expires; nonsense opens nothing; a key that had expired is not made", async () => {
    const soon = new Date(platform.kulanz.now().getTime() + 3_600_000);
    const key = expectOk(await create("agent", soon));
    expect(await readApiKey(platform, key.secret)).toBeDefined();
    platform.kulanz.advance({ minutes: 61 });
    expect(await readApiKey(platform, key.secret)).toBeUndefined();
    for (const text of ["", "kz_", `kz_${"A".repeat(43)}`, key.secret.slice(3)])
      expect(await readApiKey(platform, text)).toBeUndefined();
    expect(await create("agent", soon)).toMatchObject({ ok: false, error: { code: "expiry_past" } });
  });
});

test("identities are opened with the tenant's key alone", async () => {
  const user = await signedUp();
  await platform.database.owner((tx) =>
    tx.execute(sql`update app_user set tenant_id = ${other} where user_id = ${user.userId}`),
  );
  await expect(platform.act(other, (act) => readUser(act, user.userId as UserId))).rejects.toThrow("sealed_broken");
});
