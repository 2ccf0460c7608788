/** `kulanz init`, `user`, `key rotate`, `audit verify`. */
import {
  type Actor,
  addUser,
  createTenant,
  disableUser,
  listTenants,
  listUsers,
  type Role,
  ROLES,
  tryAct,
  verifyAudit,
} from "../../platform/access/index.ts";
import { renewMasterKeyFile, rotateMasterKey } from "../../platform/sealed/index.ts";
import { EUR, fail, money, moneyFromText, ok, type Result, type TenantId } from "../../pure/kernel/index.ts";
import { createCreditor } from "../../books/customers/index.ts";
import { publishBrand, publishTexts, shippedTexts } from "../../outreach/messaging/index.ts";
import { publishStrategy, STANDARD_STRATEGY } from "../../outreach/dunning/index.ts";
import { type Command, type Invocation, type Output, progressOn, usage } from "./command.ts";
import { DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "./opening.ts";
import type { Program } from "./program.ts";

/** Set-up on the machine itself, by who may read its keys. */
const OPERATOR: Actor = { kind: "system", id: "operator", role: "admin" };

export function setUpCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "init",
      group: "start",
      summary: "First set-up: tenant, creditor, account and the first user",
      usage: "--tenant NAME --creditor NAME --iban IBAN --admin EMAIL [--json]",
      options: {
        data: { type: "string" },
        tenant: { type: "string" },
        creditor: { type: "string" },
        iban: { type: "string" },
        admin: { type: "string" },
      },
      run: (invocation) => initCommand(surroundings, invocation),
    },
    {
      name: "user add",
      group: "care",
      summary: "Add a user; prints a one-time sign-in link",
      usage: "--name NAME --email EMAIL --role admin|manager|agent|auditor [--limit EUR] [--json]",
      options: {
        ...DATABASE_OPTIONS,
        name: { type: "string" },
        email: { type: "string" },
        role: { type: "string" },
        limit: { type: "string" },
      },
      run: (invocation) => userAdd(surroundings, invocation),
    },
    {
      name: "user disable",
      group: "care",
      summary: "Disable a user and end their sessions",
      usage: "--email EMAIL [--json]",
      options: { ...DATABASE_OPTIONS, email: { type: "string" } },
      run: (invocation) => userDisable(surroundings, invocation),
    },
    {
      name: "key rotate",
      group: "care",
      summary: "Wrap all data keys under a new master key",
      usage: "[--json]",
      options: { data: { type: "string" } },
      run: (invocation) => keyRotate(surroundings, invocation),
    },
    {
      name: "audit verify",
      group: "care",
      summary: "Check the hash chain of what was done",
      usage: "[--expect HASH] [--json]",
      options: { ...DATABASE_OPTIONS, expect: { type: "string" } },
      run: (invocation) =>
        withProgram(surroundings, invocation, { beside: true }, async (program) => {
          const tenant = await tenantOf(program, invocation);
          if (!tenant.ok) return tenant;
          const verified = await program.platform.database.tenant(tenant.value, (tx) =>
            verifyAudit(tx, invocation.text("expect")),
          );
          if (!verified.ok) return verified;
          return ok({
            json: verified.value,
            text: `${verified.value.entries} entries, unbroken. Head: ${verified.value.head}\n`,
          });
        }),
    },
  ];
}

function needed(invocation: Invocation, names: readonly string[]): Result<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = invocation.text(name)?.trim();
    if (!value) return usage(`--${name} is needed.`, `--${name}`);
    values[name] = value;
  }
  return ok(values);
}

const signInAddress = (program: Program, token: string): string => `${program.settings.publicUrl}/einrichten#${token}`;

async function initCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const given = needed(invocation, ["tenant", "creditor", "iban", "admin"]);
  if (!given.ok) return given;
  const { tenant = "", creditor = "", iban = "", admin = "" } = given.value;
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const { platform } = program;
    // One act after the other; a repeated init goes on where the first one stopped, and is refused once a user exists.
    const known = await listTenants(platform.database);
    let tenantId: TenantId | undefined;
    for (const one of known) {
      const users = await tryAct(platform, one, OPERATOR, listUsers);
      if (users.ok && users.value.length === 0) tenantId = one;
    }
    if (tenantId === undefined && known.length > 0)
      return fail(
        "conflict",
        "already_set_up",
        "This installation is set up already. Add users with `kulanz user add`.",
      );
    if (tenantId === undefined) {
      const made = await createTenant(platform.database, platform.vault, { name: tenant });
      if (!made.ok) return made;
      tenantId = made.value;
    }
    const ready = tenantId;
    const done = await tryAct(platform, ready, OPERATOR, async (act) => {
      const creditorId = await createCreditor(act, {
        name: creditor,
        address: {},
        legalFooter: creditor,
        country: "DE",
        zone: "Europe/Berlin",
        deductsInputTax: true,
        leads: "kulanz",
        privacyContact: admin,
        settings: {},
        accounts: [{ iban, accountHolder: creditor, isDefault: true }],
      });
      if (!creditorId.ok) return creditorId;
      const brand = await publishBrand(act, {
        creditorId: creditorId.value,
        code: "standard",
        name: creditor.slice(0, 30),
        colour: "#1e5b4b",
        contact: {
          shortName: creditor.replace(/[^\w ]/g, "").slice(0, 11) || "Service",
          team: { de: "Kundenservice", en: "Customer service" },
          person: "Kundenservice",
          personFirstName: "Service",
          phone: "siehe Rechnung",
          phoneHours: { de: "zu den Geschäftszeiten", en: "during office hours" },
          replyTo: admin,
          sender: `${creditor.replace(/[<>"\r\n]/g, "").slice(0, 60)} <${admin}>`,
        },
        toneCeiling: "firm",
      });
      if (!brand.ok) return brand;
      const strategy = await publishStrategy(act, null, STANDARD_STRATEGY);
      if (!strategy.ok) return strategy;
      for (const language of ["de", "en"] as const) {
        const texts = await publishTexts(act, language, shippedTexts(language));
        if (!texts.ok) return texts;
      }
      const user = await addUser(act, { name: admin, email: admin, role: "admin", limit: money(100_000_00n, EUR) });
      if (!user.ok) return user;
      return ok({ creditor: creditorId.value, user: user.value.userId, token: user.value.link.token });
    });
    if (!done.ok) return done;
    const { token, ...ids } = done.value;
    const json = { tenant: ready, ...ids, signInLink: signInAddress(program, token) };
    return ok({
      json,
      text: `Set up. Start with \`kulanz start\`, then open this link once and choose a password:\n${json.signInLink}\n`,
    });
  });
}

async function userAdd(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const given = needed(invocation, ["name", "email", "role"]);
  if (!given.ok) return given;
  const { name = "", email = "", role = "" } = given.value;
  if (!(ROLES as readonly string[]).includes(role)) return usage(`A role is one of ${ROLES.join(", ")}.`, "--role");
  const limitText = invocation.text("limit");
  const limit = limitText === undefined ? ok(undefined) : moneyFromText(limitText, EUR);
  if (!limit.ok) return usage(limit.error.message, "--limit");
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const added = await tryAct(program.platform, tenant.value, OPERATOR, (act) =>
      addUser(act, { name, email, role: role as Role, ...(limit.value && { limit: limit.value }) }),
    );
    if (!added.ok) return added;
    const json = { user: added.value.userId, signInLink: signInAddress(program, added.value.link.token) };
    return ok({ json, text: `Added. One-time link:\n${json.signInLink}\n` });
  });
}

async function userDisable(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const given = needed(invocation, ["email"]);
  if (!given.ok) return given;
  const email = given.value["email"]?.toLowerCase();
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const done = await tryAct(program.platform, tenant.value, OPERATOR, async (act) => {
      const users = await listUsers(act);
      if (!users.ok) return users;
      const user = users.value.find((one) => one.email === email);
      if (!user) return fail("not_found", "user_unknown", "Nobody signs in with this e-mail address.", "--email");
      const disabled = await disableUser(act, user.userId);
      return disabled.ok ? ok({ user: user.userId }) : disabled;
    });
    return done.ok ? ok({ json: done.value, text: "Disabled; open sessions have ended.\n" }) : done;
  });
}

async function keyRotate(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const { vault, database } = program.platform;
    // A key given by setting is renewed by whoever set it: the new key first, the former behind it.
    const renewed =
      program.keysFolder === null ? ok(vault.masterKeys) : await renewMasterKeyFile(program.keysFolder, program.chance);
    if (!renewed.ok) return renewed;
    const progress = progressOn(invocation.terminal, "keys");
    const rotated = await rotateMasterKey(database, renewed.value, program.chance, {
      progress: ({ rewrapped, left }) => progress(rewrapped, rewrapped + left),
    });
    if (!rotated.ok) return rotated;
    const { masterKeyId, rewrapped, unused } = rotated.value;
    return ok({
      json: rotated.value,
      text: `${rewrapped} keys are now under master key ${masterKeyId}. No longer needed: ${unused.join(", ") || "none"}.\n`,
    });
  });
}
