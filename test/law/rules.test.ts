/** The register of compliance rules is complete and true: every place and every test it names is there. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { PlainDate } from "../../src/pure/kernel/index.ts";
import * as law from "../../src/pure/law/index.ts";
import { holdBlockers } from "../../src/outreach/messaging/contact/rules.ts";
import type { Hold, HoldGround } from "../../src/books/receivables/index.ts";
import { lawFile, sharedLaw, skipped } from "./shared.ts";

const { COMPLIANCE_RULES, complianceRule, IN_FORCE } = law;
const root = resolve(import.meta.dirname, "../..");
const source = (path: string): string => {
  expect(existsSync(join(root, path)), path).toBe(true);
  return readFileSync(join(root, path), "utf8");
};

describe("compliance rules", () => {
  test.each(COMPLIANCE_RULES.map((rule) => [rule.id, rule] as const))("%s: its places and tests exist", (_id, rule) => {
    expect(rule.enforcedBy.length).toBeGreaterThan(0);
    expect(rule.tests.length).toBeGreaterThan(0);
    for (const place of rule.enforcedBy) {
      const [module = "", name = ""] = place.split("#");
      const exported = new RegExp(
        `^export (?:async )?(?:function|const|class|interface) ${name}\\b|^export \\{[^}]*\\b${name}\\b`,
        "m",
      );
      expect(exported.test(source(join("src", module))), place).toBe(true);
      if (module.startsWith("pure/law/de/") && !/^[A-Z]/.test(name)) expect(law, place).toHaveProperty(name);
    }
    for (const proof of rule.tests) {
      const [file = "", title = ""] = proof.split("#");
      expect(title.length, proof).toBeGreaterThan(5);
      expect(source(join("test", file)), proof).toContain(title);
    }
  });

  test("ids are single, titles stand in both languages, and a rule is found by its id", () => {
    expect(new Set(COMPLIANCE_RULES.map(({ id }) => id)).size).toBe(COMPLIANCE_RULES.length);
    for (const rule of COMPLIANCE_RULES) {
      expect(rule.title.de.length > 10 && rule.title.en.length > 10 && rule.title.de !== rule.title.en).toBe(true);
      expect(complianceRule(rule.id)).toBe(rule);
    }
    expect(complianceRule("NONE-1")).toBeNull();
  });

  test.skipIf(!sharedLaw)(`every rule of the list is here, with its level${skipped}`, () => {
    const listed: { id: string; level: string; rule: string }[] = lawFile("compliance_rules.json").rules;
    expect(listed).toHaveLength(36);
    const levels = (rules: readonly { id: string; level: string }[]) =>
      Object.fromEntries(rules.map(({ id, level }) => [id, level]).sort());
    expect(levels(COMPLIANCE_RULES)).toEqual(levels(listed));
    for (const { id, rule } of listed) expect(complianceRule(id)?.title.en).not.toBe(rule);
  });

  test("the page shows every rule", () => {
    const page = source("docs/law.md");
    for (const { id } of COMPLIANCE_RULES) expect(page).toContain(`| ${id} |`);
  });

  test("dates from which new law holds", () => {
    const since = (id: string) => complianceRule(id)?.since;
    const holds = (name: string) => IN_FORCE.find((one) => one.name === name)?.validFrom;
    expect([since("AI-2"), since("AI-1"), since("SCORE-1"), since("CREDIT-1"), since("A11Y-1")]).toEqual([
      holds("ai_transparency"), holds("ai_high_risk"), holds("scoring"), holds("consumer_credit"), holds("accessibility"),
    ]); // biome-ignore format: short
    expect(since("AI-2")).toBe("2026-08-02");
  });
});

describe("holds", () => {
  const today = "2026-11-22" as PlainDate;
  const hold = (ground: HoldGround, more: Partial<Hold> = {}): Hold => ({
    holdId: "h", ground, author: "a", startsOn: today, createdAt: new Date(0), ...more,
  }); // biome-ignore format: short

  test.each([
    ["dispute", "BGH I ZR 157/13"],
    ["insolvency", "§§ 87, 89 InsO"],
    ["minor", "§§ 104 ff. BGB"],
    ["guardianship", "§ 1814 BGB"],
  ] as const)("holds that rest on the law name it: %s", (ground, restsOn) => {
    expect(holdBlockers([hold(ground)], today)).toMatchObject([{ name: `hold_${ground}`, restsOn }]);
  });

  test.each(["dispute", "insolvency", "deceased", "minor", "guardianship", "vulnerable", "hardship"] as const)(
    "every ground of a hold stops all asking: %s",
    (ground) => {
      expect(holdBlockers([hold(ground), hold("manual")], today)).toHaveLength(2);
      expect(holdBlockers([hold(ground, { endsOn: "2026-11-21" as PlainDate })], today)).toEqual([]);
    },
  );
});
