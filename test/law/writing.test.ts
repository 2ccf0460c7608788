import { expect, test } from "vitest";
import { lawInWriting } from "../../src/pure/law/index.ts";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

test.each([
  ["§ 288 I BGB", "§ 288 Abs. 1 BGB", "§ 288 (1) BGB"],
  ["§ 497 IV BGB", "§ 497 Abs. 4 BGB", "§ 497 (4) BGB"],
  [
    "§ 288 II BGB a.F., Art. 229 § 34 EGBGB",
    "§ 288 Abs. 2 BGB a.F., Art. 229 § 34 EGBGB",
    "§ 288 (2) BGB old version, Art. 229 § 34 EGBGB",
  ],
  ["Art. 22 GDPR", "Art. 22 DSGVO", "Art. 22 GDPR"],
  ["§§ 352, 353 HGB", "§§ 352, 353 HGB", "§§ 352, 353 HGB"],
  ["§ 387 BGB", "§ 387 BGB", "§ 387 BGB"],
])("%s as people write it", (reference, de, en) => {
  expect(plain(lawInWriting(reference, "de"))).toBe(de);
  expect(plain(lawInWriting(reference, "en"))).toBe(en);
});

test("a reference does not break over lines, a list of them may", () => {
  expect(lawInWriting("§ 288 I BGB, § 247 BGB", "de")).toBe(
    "§\u00a0288\u00a0Abs.\u00a01\u00a0BGB, §\u00a0247\u00a0BGB",
  );
});
