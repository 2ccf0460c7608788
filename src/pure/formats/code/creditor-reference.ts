/**
 * RF creditor reference, ISO 11649 (https://www.iso.org/standard/50649.html): `RF`, two check digits by
 * ISO 7064 MOD 97-10, then 1 to 21 letters and digits. Banks carry it as structured remittance information.
 */
import { type Failure, fail, ok, type Result } from "../../kernel/index.ts";

declare const referenceBrand: unique symbol;
/** Checked, upper case, without spaces. */
export type CreditorReference = string & { readonly [referenceBrand]: true };
export type CreditorReferenceFailure = Failure<
  "reference_body_invalid" | "reference_not_rf" | "reference_length_wrong" | "reference_checksum_wrong"
>;

/** ISO 7064 MOD 97-10 over letters and digits (A = 10 … Z = 35). */
function remainder97(text: string): number {
  let rest = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** The reference for a body such as an invoice number; separators (space, `-`, `/`, `.`, `_`) are left out. */
export function makeCreditorReference(body: string): Result<CreditorReference, CreditorReferenceFailure> {
  const compact = body.replace(/[\s\-/._]/g, "").toUpperCase();
  if (!/^[0-9A-Z]{1,21}$/.test(compact))
    return fail(
      "invalid",
      "reference_body_invalid",
      "The body of an RF reference has 1 to 21 letters A to Z and digits.",
    );
  const check = String(98 - remainder97(`${compact}RF00`)).padStart(2, "0");
  return ok(`RF${check}${compact}` as CreditorReference);
}

/** Accepts spaces and lower case, nothing else. */
export function creditorReference(text: string): Result<CreditorReference, CreditorReferenceFailure> {
  const compact = text.replace(/\s+/g, "").toUpperCase();
  if (!/^RF\d\d[0-9A-Z]*$/.test(compact))
    return fail(
      "invalid",
      "reference_not_rf",
      "An RF reference starts with RF and two digits, and has letters and digits only.",
    );
  if (compact.length < 5 || compact.length > 25)
    return fail("invalid", "reference_length_wrong", "An RF reference has 5 to 25 characters.");
  if (remainder97(`${compact.slice(4)}${compact.slice(0, 4)}`) !== 1)
    return fail("invalid", "reference_checksum_wrong", "The check digits of the RF reference do not fit.");
  return ok(compact as CreditorReference);
}

/** Every valid reference anywhere in a text, in order, however it is spaced. */
export function creditorReferencesIn(text: string): CreditorReference[] {
  const found: CreditorReference[] = [];
  const pattern = /(?<![0-9A-Za-z])RF[ ]?\d[ ]?\d/gi;
  for (const match of text.slice(0, 10_000).matchAll(pattern)) {
    const tail = /^[0-9A-Za-z]+(?: [0-9A-Za-z]+)*/.exec(text.slice(match.index, match.index + 60))?.[0] ?? "";
    const words = tail.split(" ");
    // The longest run of words that checks: what follows the reference may be letters too.
    for (let count = words.length; count > 0; count -= 1) {
      const reference = creditorReference(words.slice(0, count).join(""));
      if (reference.ok) {
        if (!found.includes(reference.value)) found.push(reference.value);
        break;
      }
    }
  }
  return found;
}
