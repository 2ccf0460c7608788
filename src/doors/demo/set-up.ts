/** First set-up of the demo: tenant, creditors, brands, strategies, texts, users. Doing it again changes nothing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Act,
  type Actor,
  addUser,
  createSignInLink,
  createTenant,
  listUsers,
  type Platform,
  type Role,
  tryAct,
  withAct,
} from "../../platform/access/index.ts";
import { createCreditor, creditors } from "../../books/customers/index.ts";
import {
  type CreditorId,
  EUR,
  expectOk,
  type Failure,
  type Instant,
  money,
  ok,
  type Result,
  type TenantId,
  type UserId,
} from "../../pure/kernel/index.ts";
import { LANGUAGES, publishBrand, publishTexts, shippedTexts } from "../../outreach/messaging/index.ts";
import { publishStrategy, STANDARD_STRATEGY } from "../../outreach/dunning/index.ts";
import { samplesFolder } from "./plan.ts";
import { type CreditorKey, DEMO_CREDITORS, DEMO_TENANT, DEMO_USERS, type DemoCreditor } from "./setting.ts";

const SET_UP: Actor = { kind: "system", id: "demo" };
export const demoTenantId = DEMO_TENANT.tenantId as TenantId;

export interface DemoHouse {
  readonly tenantId: TenantId;
  readonly creditors: Readonly<Record<CreditorKey, CreditorId>>;
  readonly users: Readonly<Record<Role, UserId>>;
}

/** Failures are bugs of the sample data, or a database that already has one of the users. */
export async function setUpDemo(platform: Platform): Promise<Result<DemoHouse>> {
  const { database, vault } = platform;
  const made = await createTenant(database, vault, { name: DEMO_TENANT.name, tenantId: demoTenantId });
  if (!made.ok && made.error.code !== "tenant_exists") return made;
  // One transaction: after a stop in the middle there is all of it or nothing.
  const furnished = await tryAct(platform, demoTenantId, SET_UP, async (act) => {
    if ((await creditors(act)).length === 0) await furnish(act);
    return ok(true);
  });
  return furnished.ok ? withAct(platform, demoTenantId, SET_UP, readHouse) : furnished;
}

async function furnish(act: Act): Promise<void> {
  for (const creditor of DEMO_CREDITORS) await addCreditor(act, creditor);
  for (const language of LANGUAGES) expectOk(await publishTexts(act, language, shippedTexts(language)));
  for (const { name, email, role, limitMinor } of DEMO_USERS)
    expectOk(await addUser(act, { name, email, role, limit: money(limitMinor, EUR) }));
}

async function addCreditor(act: Act, creditor: DemoCreditor): Promise<void> {
  const { key: _key, vatId: _vatId, phone: _phone, email: _email, brands, ...input } = creditor;
  const creditorId = expectOk(await createCreditor(act, input));
  for (const { logo, ...brand } of brands)
    expectOk(
      await publishBrand(act, { ...brand, creditorId, logo: readFileSync(join(samplesFolder, logo), "utf8").trim() }),
    );
  expectOk(await publishStrategy(act, creditorId, STANDARD_STRATEGY));
}

async function readHouse(act: Act): Promise<Result<DemoHouse, Failure>> {
  const known = await creditors(act);
  const users = await listUsers(act);
  if (!users.ok) return users;
  const creditorOf = (key: CreditorKey): CreditorId => {
    const iban = DEMO_CREDITORS.find((one) => one.key === key)?.accounts[0]?.iban;
    const found = known.find(({ accounts }) => accounts.some((account) => account.iban === iban));
    if (!found) throw new Error(`the demo's creditor ${key} is gone`);
    return found.creditorId;
  };
  const userOf = (role: Role): UserId => {
    const email = DEMO_USERS.find((one) => one.role === role)?.email;
    const found = users.value.find((user) => user.email === email);
    if (!found) throw new Error(`the demo's ${role} is gone`);
    return found.userId;
  };
  return ok({
    tenantId: act.tx.tenantId,
    creditors: { garden: creditorOf("garden"), utility: creditorOf("utility") },
    users: { admin: userOf("admin"), manager: userOf("manager"), agent: userOf("agent"), auditor: userOf("auditor") },
  });
}

export interface DemoSignIn {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Goes behind the `#` of the console's address for links; works once. */
  readonly token: string;
  readonly expiresAt: Instant;
}

/** Fresh one-time links, one user a role; links made before stop working. */
export async function demoSignIns(platform: Platform, house: DemoHouse): Promise<DemoSignIn[]> {
  return withAct(platform, house.tenantId, SET_UP, async (act) => {
    const links: DemoSignIn[] = [];
    for (const { name, email, role } of DEMO_USERS)
      links.push({ name, email, role, ...expectOk(await createSignInLink(act, house.users[role])) });
    return links;
  });
}
