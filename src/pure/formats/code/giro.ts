/**
 * GiroCode, the content of an EPC QR code: EPC069-12 v2.1, "Quick Response Code: Guidelines to Enable Data Capture for
 * the Initiation of a SEPA Credit Transfer", https://www.europeanpaymentscouncil.eu/document-library
 * (QR code with error correction M, version 13 at most, which is 331 bytes). Writes UTF-8; reads versions 001 and 002.
 */
import { type Decimal, decimal, type Failure, fail, formatDecimal, ok, type Result } from "../../kernel/index.ts";
import { creditorReference } from "./creditor-reference.ts";
import { bic as bicOf, iban as ibanOf } from "./iban.ts";

export const GIRO_BYTES_MAX = 331;

export interface GiroFields {
  /** Name of the account holder, 1 to 70 characters; must equal the name at the bank (Verification of Payee). */
  readonly name: string;
  readonly iban: string;
  /** Needed in version 001. */
  readonly bic?: string | undefined;
  /** EUR, 0.01 to 999999999.99; without it the payer types the amount. */
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
  /** Purpose code, at most four characters. */
  readonly purpose?: string | undefined;
  /** Structured RF reference. Excludes `text`. */
  readonly reference?: string | undefined;
  /** Unstructured remittance text, at most 140 characters. */
  readonly text?: string | undefined;
  /** Shown to the payer by some banks, at most 70 characters. */
  readonly information?: string | undefined;
}

export type GiroFailure = Failure<
  | "payload_too_long"
  | "giro_field_too_long"
  | "giro_line_break"
  | "name_missing"
  | "iban_invalid"
  | "bic_invalid"
  | "bic_missing"
  | "currency_not_euro"
  | "amount_invalid"
  | "amount_out_of_range"
  | "reference_invalid"
  | "reference_and_text"
  | "version_unknown"
  | "giro_not_a_code"
  | "purpose_invalid"
>; // prettier-ignore

const LIMITS = { name: 70, text: 140, information: 70, purpose: 4, reference: 35 } as const;
const LONGEST_CENTS = 99_999_999_999n;

/** Euro amount with two decimals; refuses fractions of a cent and what the standard's range leaves out. */
function euros(text: string): Result<string, GiroFailure> {
  const read = decimal(text);
  if (!read.ok) return fail("invalid", "amount_invalid", "The amount is not a number.", "amount");
  const amount: Decimal = read.value;
  const cents = amount.scale <= 2 ? amount.digits * 10n ** BigInt(2 - amount.scale) : null;
  const rounded =
    cents ??
    (amount.digits % 10n ** BigInt(amount.scale - 2) === 0n ? amount.digits / 10n ** BigInt(amount.scale - 2) : null);
  if (rounded === null || rounded < 1n || rounded > LONGEST_CENTS)
    return fail(
      "invalid",
      "amount_out_of_range",
      "The amount of a GiroCode is between 0.01 and 999999999.99 euros, without fractions of a cent.",
      "amount",
    );
  return ok(formatDecimal({ digits: rounded, scale: 2 }));
}

/** Checks every field; gives them normalised. */
function checked(fields: GiroFields, version: string): Result<GiroFields, GiroFailure> {
  for (const [field, limit] of Object.entries(LIMITS) as [keyof typeof LIMITS, number][]) {
    const text = fields[field] ?? "";
    if (/[\r\n]/.test(text))
      return fail("invalid", "giro_line_break", `The field ${field} must not have a line break.`, field);
    if ([...text].length > limit)
      return fail("invalid", "giro_field_too_long", `The field ${field} may have at most ${limit} characters.`, field);
  }
  const name = fields.name.trim();
  if (name === "") return fail("invalid", "name_missing", "The name of the account holder is missing.", "name");
  const iban = ibanOf(fields.iban);
  if (!iban.ok) return fail("invalid", "iban_invalid", iban.error.message, "iban");
  const bic = fields.bic ? bicOf(fields.bic) : null;
  if (bic && !bic.ok) return fail("invalid", "bic_invalid", bic.error.message, "bic");
  if (!bic && version === "001") return fail("invalid", "bic_missing", "Version 001 needs the BIC of the bank.", "bic");
  if ((fields.currency ?? "EUR") !== "EUR")
    return fail("invalid", "currency_not_euro", "A GiroCode carries euros only.", "currency");
  const amount = fields.amount ? euros(fields.amount) : null;
  if (amount && !amount.ok) return amount;
  if (fields.purpose && !/^[A-Z0-9]{1,4}$/i.test(fields.purpose))
    return fail("invalid", "purpose_invalid", "A purpose code has letters and digits only.", "purpose");
  if (fields.reference && fields.text)
    return fail(
      "invalid",
      "reference_and_text",
      "A GiroCode has either a structured reference or a text, not both.",
      "reference",
    );
  const reference = fields.reference ? creditorReference(fields.reference) : null;
  if (reference && !reference.ok) return fail("invalid", "reference_invalid", reference.error.message, "reference");
  return ok({
    name,
    iban: iban.value,
    bic: bic?.value,
    amount: amount?.value,
    currency: "EUR",
    purpose: fields.purpose || undefined,
    reference: reference?.value,
    text: fields.text || undefined,
    information: fields.information || undefined,
  });
}

export interface GiroPayload {
  readonly payload: string;
  /** Length in UTF-8. */
  readonly bytes: number;
}

/** Lines up to the last used element. `lineEnd` is LF unless a reader needs CRLF. */
export function writeGiro(
  fields: GiroFields,
  options: { readonly version?: string; readonly lineEnd?: "\n" | "\r\n" } = {},
): Result<GiroPayload, GiroFailure> {
  const version = options.version ?? "002";
  if (version !== "001" && version !== "002")
    return fail("invalid", "version_unknown", "GiroCodes have version 001 or 002.", "version");
  const read = checked(fields, version);
  if (!read.ok) return read;
  const { name, iban, bic, amount, purpose, reference, text, information } = read.value;
  const lines = [
    "BCD",
    version,
    "1",
    "SCT",
    bic ?? "",
    name,
    iban,
    amount ? `EUR${amount}` : "",
    purpose ?? "",
    reference ?? "",
    text ?? "",
    information ?? "",
  ]; // prettier-ignore
  while (lines.at(-1) === "") lines.pop();
  const payload = lines.join(options.lineEnd ?? "\n");
  const bytes = Buffer.byteLength(payload, "utf8");
  if (bytes > GIRO_BYTES_MAX)
    return fail("invalid", "payload_too_long", `The GiroCode would have ${bytes} bytes; ${GIRO_BYTES_MAX} fit.`);
  return ok({ payload, bytes });
}

export interface GiroCode extends GiroFields {
  readonly version: "001" | "002";
}

/** Reads the text of a scanned code. Empty elements are left out; the amount has two decimals. */
export function readGiro(payload: string): Result<GiroCode, GiroFailure> {
  if (Buffer.byteLength(payload, "utf8") > GIRO_BYTES_MAX * 2)
    return fail("invalid", "payload_too_long", "The text is too long for a GiroCode.");
  const [tag, version, charset, form, bic, name, iban, amount, purpose, reference, text, information, ...more] =
    payload.split(/\r\n|\n|\r/);
  if (tag !== "BCD" || form?.trim() !== "SCT" || !/^[1-8]$/.test(charset ?? "") || more.some((line) => line !== ""))
    return fail(
      "invalid",
      "giro_not_a_code",
      "The text is not a GiroCode: it starts with BCD, version, character set and SCT.",
      "1",
    );
  if (version !== "001" && version !== "002")
    return fail("invalid", "version_unknown", "GiroCodes have version 001 or 002.", "2");
  if (amount && !amount.startsWith("EUR"))
    return fail("invalid", "currency_not_euro", "A GiroCode carries euros only.", "8");
  const fields = checked(
    { name: name ?? "", iban: iban ?? "", bic, amount: amount?.slice(3), purpose, reference, text, information },
    version,
  );
  return fields.ok ? ok({ ...fields.value, version }) : fields;
}
