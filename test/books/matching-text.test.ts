/** What stands in a remittance text and in a payer's name. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { questionsOf, withoutCustomerNumbers } from "../../src/books/matching/evidence.ts";
import { distanceUpTo, namesSimilar } from "../../src/books/matching/judging/similar.ts";
import { nameAgreement } from "../../src/books/matching/names.ts";
import { customerNumbersIn, normaliseReference, referencesIn, shapesOf } from "../../src/books/matching/references.ts";
import type { CustomerId } from "../../src/pure/kernel/index.ts";

const shapes = shapesOf(["RE-0001234", "RE-0099999", "2026/00017", "AB-12-XY"]);
const found = (text: string | string[], structured: string[] = []) =>
  Object.fromEntries(
    referencesIn({ lines: [text].flat(), structured, numbers: [] }, shapes).map(({ token, quality }) => [
      token,
      quality,
    ]),
  );

describe("numbers in a remittance text", () => {
  test.each([
    ["Zahlung RE-0001234 Danke", "RE0001234", "exact"],
    ["re 0001234", "RE0001234", "exact"],
    ["RE.000.1234", "RE0001234", "exact"],
    ["RE0001 234", "RE0001234", "exact"],
    ["INVRE0001234/Kd 77", "RE0001234", "exact"],
    ["RgNr0001234", "RE0001234", "digits"],
    ["Rechnung 1234", "RE0001234", "digits"],
    ["RE-1234", "RE0001234", "digits"],
    ["RE-OOO1234", "RE0001234", "digits"],
    ["Rg 2026-00017 vom 3.4.", "202600017", "exact"],
    ["AB 12 XY", "AB12XY", "exact"],
  ])("%s → %s (%s)", (text, token, quality) => expect(found(text)[token]).toBe(quality));

  test("a line break in the middle of the number", () =>
    expect(found(["Rechnung vom Februar RE-000", "1234 danke"])["RE0001234"]).toBe("exact"));
  test("an RF reference, in fours, in the text or in its field", () => {
    expect(found("Ref RF18 5390 0754 7034 danke")["RF18539007547034"]).toBe("structured");
    expect(found("", ["RF18539007547034"])["RF18539007547034"]).toBe("structured");
    expect(found("RF19539007547034")["RF19539007547034"]).not.toBe("structured");
  });
  test("amounts, years and postcodes are no number by themselves", () => {
    for (const text of ["49,99 EUR", "Lieferung 2026", "50667 Köln", "danke"])
      expect(Object.values(found(text))).not.toContain("exact");
  });
  test("a hostile text is bounded", () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `RE${index}`).join(" ");
    expect(Object.keys(found(text)).length).toBeLessThanOrEqual(100);
  });
  test("customer numbers only behind a word that says so", () => {
    expect(customerNumbersIn(["Zahlung RE-1 Kd 4711 Danke"])).toContain("4711");
    expect(customerNumbersIn(["Kundennr. K-4711"])).toContain("K4711");
    expect(customerNumbersIn(["Zahlung 4711"])).toEqual([]);
    expect(customerNumbersIn(["Kd 4711 Danke"])).toEqual(["4711"]);
    expect(customerNumbersIn(["Kd K 4711 A vielen Dank"])).toContain("K4711A");
    expect(customerNumbersIn(["Kd KUNDE 4711"])).toContain("4711");
  });
  test("one or two characters wrong", () => {
    expect(namesSimilar(["Rechnung RE-0001243"], "RE-0001234")).toBe(true);
    expect(namesSimilar(["0001334"], "RE-0001234")).toBe(true);
    expect(namesSimilar(["RE-0777777"], "RE-0001234")).toBe(false);
    expect(distanceUpTo("abcd", "badc", 2)).toBe(2);
    expect(distanceUpTo("abcd", "wxyz", 2)).toBe(3);
  });
  test("property: a number is found whatever separators stand in it", () => {
    const separator = fc.constantFrom("", " ", "-", ".", "/", "  ", " - ");
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999 }),
        separator,
        separator,
        fc.integer({ min: 1, max: 6 }),
        (number, a, b, at) => {
          const digits = String(number).padStart(7, "0");
          const text = `Zahlung RE${a}${digits.slice(0, at)}${b}${digits.slice(at)} vielen Dank`;
          expect(found(text)[`RE${digits}`]).toBe("exact");
        },
      ),
    );
  });
  test.each([
    ["Zahlung Kd 4711 Danke", "4711", false],
    ["Zahlung Kundennr. 47 11 Danke", "4711", false],
    ["Zahlung Kd K-4711 Danke", "K-4711", false],
    ["Zahlung Kd 4711 Danke", "4712", true],
    ["Rechnung 4711 Danke", "4711", true],
    ["Rechnung 4711 Kd 4711", "4711", true],
    ["Kd 815 Rechnung 4711", "815", true],
    ["Kd RE-0004711", "4711", true],
    [["Danke Kd 47", "11 Rechnung folgt"], "47", true],
  ])("%s with customer %s may mean item 4711: %s", (text, customer, meant) => {
    const lines = [text].flat();
    const payment = { text: { lines, structured: [], numbers: [] } } as unknown as Parameters<typeof questionsOf>[0];
    const customers = new Map([[customer, ["c" as CustomerId]]]);
    const { references } = withoutCustomerNumbers(questionsOf(payment, shapes), customers);
    expect(references.some(({ token }) => token === "RE0004711")).toBe(meant);
  });
});

describe("names", () => {
  test.each([
    ["Erika Muster", { firstName: "Erika", name: "Muster" }, "full"],
    ["MUSTER, ERIKA", { firstName: "Erika", name: "Muster" }, "full"],
    ["Dr. E. Müller-Lüdenscheidt", { firstName: "Erika", name: "Müller-Lüdenscheidt" }, "full"],
    ["Karl Mueller", { firstName: "Anna", name: "Müller" }, "family"],
    ["Eheleute Müller", { firstName: "Anna", name: "Müller" }, "family"],
    ["Sonnenschein Handels GmbH & Co", { company: "Sonnenschein Handelsgesellschaft mbH" }, "full"],
    ["Gemeinnuetzige Wohnungsbaug", { company: "Gemeinnützige Wohnungsbaugenossenschaft eG" }, "full"],
    ["Autohaus Nord GmbH", { company: "Bäckerei Süd GmbH" }, "contradicts"],
    ["Paul Schmidt", { firstName: "Anna", name: "Müller" }, "contradicts"],
    ["", { firstName: "Anna", name: "Müller" }, "unknown"],
  ] as const)("%s", (payer, known, agreement) => expect(nameAgreement([payer], [known])).toBe(agreement));
});

test("normalised references", () => expect(normaliseReference(" re-00/12 ä ")).toBe("RE0012Ä"));
