import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  actorCan,
  can,
  type Decider,
  mayConfirm,
  mayDecide,
  type Permission,
  PERMISSIONS,
  READING,
  ROLES,
} from "../../src/platform/access/index.ts";
import { type Currency, EUR, money, type UserId } from "../../src/pure/kernel/index.ts";

describe("roles", () => {
  test("an auditor may do exactly what changes nothing", () => {
    for (const permission of PERMISSIONS)
      expect([permission, can("auditor", permission)]).toEqual([permission, READING.has(permission)]);
  });

  test("what an agent may, a manager may; what a manager may, an admin may", () => {
    for (const permission of PERMISSIONS) {
      if (can("agent", permission)) expect(can("manager", permission)).toBe(true);
      if (can("manager", permission)) expect(can("admin", permission)).toBe(true);
      expect(can("admin", permission)).toBe(true);
    }
  });

  test.each([
    [
      "agent",
      ["customer.edit", "hold.set", "match.decide", "message.write"],
      ["strategy.publish", "run.start", "user.read", "audit.read", "creditor.edit"],
    ],
    [
      "manager",
      ["strategy.publish", "run.start", "template.publish", "proposal.confirm"],
      ["user.manage", "api_key.manage", "audit.read", "privacy.erase"],
    ],
    [
      "auditor",
      ["audit.read", "customer.read_protected", "list.export"],
      ["customer.edit", "hold.set", "proposal.decide", "intake.import", "privacy.export"],
    ],
  ] as const)("%s", (role, may, mayNot) => {
    for (const permission of may) expect([permission, can(role, permission)]).toEqual([permission, true]);
    for (const permission of mayNot) expect([permission, can(role, permission)]).toEqual([permission, false]);
  }); // prettier-ignore

  test("no role, an unknown permission and a customer are denied; our own tasks are not", () => {
    expect(can(undefined, "customer.read")).toBe(false);
    expect(can("admin", "toString" as Permission)).toBe(false);
    expect(can("admin", "no.such" as Permission)).toBe(false);
    for (const permission of PERMISSIONS) {
      expect(actorCan({ kind: "portal", id: "x", role: "admin" }, permission)).toBe(false);
      expect(actorCan({ kind: "user", id: "x" }, permission)).toBe(false);
      expect(actorCan({ kind: "system", id: "x" }, permission)).toBe(true);
    }
    expect(ROLES).toHaveLength(4);
  });
});

describe("limits and four eyes", () => {
  const id = (text: string): UserId => text as UserId;
  const decider = (minor: bigint, role: Decider["role"] = "agent"): Decider => ({
    userId: id("a"),
    role,
    limit: money(minor, EUR),
  });

  test("alone up to the limit, to the cent, in either direction; above it four eyes (property)", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
        (limit, amount) => {
          const size = amount < 0n ? -amount : amount;
          const answer = mayDecide(decider(limit), money(amount, EUR));
          expect(answer).toEqual({ ok: true, value: size <= limit ? "alone" : "four_eyes" });
        },
      ),
    );
  });

  test("another currency is not converted", () => {
    expect(mayDecide(decider(10_000n), money(1n, "CHF" as Currency))).toEqual({ ok: true, value: "four_eyes" });
  });

  test("an auditor decides nothing, not even nothing", () => {
    expect(mayDecide(decider(10_000n, "auditor"), money(0n, EUR))).toMatchObject({ error: { code: "not_allowed" } });
  });

  test("the second person is another one, and may confirm", () => {
    expect(mayConfirm({ userId: id("a"), role: "manager" }, id("a"))).toMatchObject({ error: { code: "same_person" } });
    expect(mayConfirm({ userId: id("b"), role: "agent" }, id("a"))).toMatchObject({ error: { code: "not_allowed" } });
    expect(mayConfirm({ userId: id("b"), role: "manager" }, id("a")).ok).toBe(true);
  });
});
