import { describe, expect, test } from "vitest";
import { colognePhonetics } from "../../src/books/customers/index.ts";

describe("Kölner Phonetik", () => {
  // Codes of Postel's rules; Müller-Lüdenscheidt and Wikipedia are the examples everybody compares with.
  test.each([
    ["Müller-Lüdenscheidt", "65752682"],
    ["Wikipedia", "3412"],
    ["Breschnew", "17863"],
    ["Müller", "657"],
    ["Mueller", "657"],
    ["Miller", "657"],
    ["Meyer", "67"],
    ["Maier", "67"],
    ["Mayr", "67"],
    ["Schmidt", "862"],
    ["Schmitt", "862"],
    ["Schmid", "862"],
    ["Philipp", "351"],
    ["Filip", "351"],
    ["Xaver", "4837"],
    ["Acker", "047"],
    ["Hacker", "047"],
    ["Caesar", "487"],
    ["Zäsar", "887"],
    ["Christoph", "47823"],
    ["Weiß", "38"],
    ["Weiss", "38"],
    ["Otto", "02"],
    ["Bauer", "17"],
    ["Heinz", "068"],
    ["Rolf", "753"],
    ["Aachen", "046"],
    ["", ""],
    ["123", ""],
  ])("%s → %s", (word, code) => {
    expect(colognePhonetics(word)).toBe(code);
  });
});
