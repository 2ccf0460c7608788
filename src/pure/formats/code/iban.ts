/**
 * IBAN and BIC, ISO 13616 and ISO 9362:
 * https://www.swift.com/standards/data-standards/iban-international-bank-account-number
 * Length and structure by country and both check digits (ISO 7064 MOD 97-10), by `ibantools`. The registry says nothing
 * about whether the account exists; the bank's Verification of Payee (Regulation (EU) 2024/886) does.
 */
import { electronicFormatIBAN, friendlyFormatIBAN, isValidBIC, ValidationErrorsIBAN, validateIBAN } from "ibantools";
import { type Failure, fail, ok, type Result } from "../../kernel/index.ts";

declare const ibanBrand: unique symbol;
/** Checked, upper case, without spaces. */
export type Iban = string & { readonly [ibanBrand]: true };
export type IbanFailure = Failure<
  "iban_missing" | "iban_country_unknown" | "iban_length_wrong" | "iban_format_wrong" | "iban_checksum_wrong"
>;

/** Accepts spaces, hyphens and lower case. The account number never stands in the failure's message. */
export function iban(text: string): Result<Iban, IbanFailure> {
  if (text.length > 60) return fail("invalid", "iban_length_wrong", "This is too long for an IBAN.");
  const compact = electronicFormatIBAN(text.replace(/^\s*IBAN[\s:]+/i, "")) ?? "";
  const { valid, errorCodes } = validateIBAN(compact);
  if (valid) return ok(compact as Iban);
  const has = (code: ValidationErrorsIBAN): boolean => errorCodes.includes(code);
  if (compact === "") return fail("invalid", "iban_missing", "The IBAN is missing.");
  if (has(ValidationErrorsIBAN.NoIBANCountry))
    return fail("invalid", "iban_country_unknown", "An IBAN starts with the letters of a country that has IBANs.");
  if (has(ValidationErrorsIBAN.WrongBBANLength))
    return fail("invalid", "iban_length_wrong", "The IBAN is too short or too long for its country.");
  if (has(ValidationErrorsIBAN.WrongIBANChecksum))
    return fail(
      "invalid",
      "iban_checksum_wrong",
      "The check digits of the IBAN do not fit: one or more characters are wrong.",
    );
  return fail("invalid", "iban_format_wrong", "The IBAN has characters where its country has none of that kind.");
}

/** An account number as it is compared: upper case, without spaces; not checked. */
export const compactAccount = (text: string | null): string | null =>
  text === null ? null : text.replace(/\s+/g, "").toUpperCase();

/** `DE02 1203 0000 0000 2020 51`. */
export const formatIban = (value: Iban): string => friendlyFormatIBAN(value) ?? value;
declare const bicBrand: unique symbol;
export type Bic = string & { readonly [bicBrand]: true };

/** Eight or eleven characters, upper case. */
export function bic(text: string): Result<Bic, Failure<"bic_invalid">> {
  const compact = text.replace(/\s+/g, "").toUpperCase();
  return isValidBIC(compact)
    ? ok(compact as Bic)
    : fail("invalid", "bic_invalid", "A BIC has eight or eleven letters and digits.");
}
