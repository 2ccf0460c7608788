/** What a `:86:` says, and what its national styles have in common. */
import type { StatementAmount } from "../statement.ts";

/** The other party is payer or payee by the direction of the entry. */
export interface Details {
  /** Geschäftsvorfallcode, or the style's own. */
  readonly businessCode: string | null;
  readonly bookingText: string | null;
  readonly name: string | null;
  readonly iban: string | null;
  /** Account number of another kind. */
  readonly account: string | null;
  readonly bic: string | null;
  readonly city: string | null;
  readonly ultimatePayer: string | null;
  readonly ultimatePayee: string | null;
  readonly endToEndId: string | null;
  readonly instructionId: string | null;
  readonly mandateId: string | null;
  readonly creditorReference: string | null;
  readonly purpose: string | null;
  readonly remittance: readonly string[];
  readonly returned: { readonly extension: string | undefined; readonly text: string } | null;
  readonly instructed: StatementAmount | null;
  readonly charges: StatementAmount | null;
}

export const NO_DETAILS: Details = {
  businessCode: null,
  bookingText: null,
  name: null,
  iban: null,
  account: null,
  bic: null,
  city: null,
  ultimatePayer: null,
  ultimatePayee: null,
  endToEndId: null,
  instructionId: null,
  mandateId: null,
  creditorReference: null,
  purpose: null,
  remittance: [],
  returned: null,
  instructed: null,
  charges: null,
};

/** What German banks leave of a line of 65 characters behind the tag of the field. */
const BEHIND_TAG = 61;

/** Lines of one width are one text cut into pieces; a line that ends early has lost a space there. */
export function joined(lines: readonly string[], separator: RegExp): string {
  const width = Math.min(65, Math.max(...lines.map(({ length }) => length)));
  let text = "";
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const full = (before?.length ?? 0) >= width || (index === 1 && before?.length === BEHIND_TAG);
    if (before !== undefined && !full && !separator.test(line) && !/\s$/.test(text)) text += " ";
    text += line;
  }
  return text;
}

export const isIban = (text: string | null | undefined): boolean =>
  text !== null && text !== undefined && /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(text);

/** IBAN or other number, without spaces. */
export function accountParts(text: string | null): { iban: string | null; account: string | null } {
  const compact = text?.replace(/\s+/g, "").toUpperCase() ?? "";
  if (compact === "") return { iban: null, account: null };
  return isIban(compact) ? { iban: compact, account: null } : { iban: null, account: compact };
}
