/** One `:61:` with its `:86:` as an entry with its transaction. */
import {
  addDecimals,
  type BankEntry,
  type BankTransaction,
  negateDecimal,
  type StatementAmount,
  type TransactionParty,
} from "../statement.ts";
import { NOBODY } from "../parties.ts";
import { accountParts, type Details, isIban, NO_DETAILS } from "../details/details.ts";
import { type EntryLine, entryDate, mtAmount } from "./line.ts";
import { returnReason } from "../details/returns.ts";
import { detailsOf, nonSwiftDetails } from "../details/styles.ts";

export interface WrittenEntry {
  readonly index: number;
  readonly line: number;
  readonly written: EntryLine;
  /** Lines of `:86:`, of `:NS:`. */
  readonly details: readonly string[];
  readonly nonSwift: readonly string[];
  readonly currency: string | null;
  /** Of the opening balance, for entries without a value date. */
  readonly year: string | null;
  /** In a file of statements, what an interim report tells comes again with the next statement: it is not booked yet. */
  readonly announced: boolean;
}

/** `/OCMT/EUR11,85//CHGS/EUR0,50/`: original amount and charges. */
function further(text: string | null): { instructed: StatementAmount | null; charges: StatementAmount | null } {
  const amount = (word: string): StatementAmount | null => {
    const match = new RegExp(`/${word}/([A-Z]{3})\\s?([\\d.,]{1,30})`).exec((text ?? "").slice(0, 400));
    const read = match ? mtAmount(match[2] ?? "") : null;
    return match && read ? { amount: read, currency: match[1] ?? null } : null;
  };
  return { instructed: amount("OCMT"), charges: amount("CHGS") };
}

const FIXED = /^(P?\d{9,10}|[A-Z]{2}\d{2}[A-Z0-9]{11,26})\s{2,}(\S.*)$/;

/** Account and name of the other party where old Dutch files put them: in the reference and in the line behind. */
function partyOf(details: Details, written: EntryLine): TransactionParty {
  const fixed = FIXED.exec(written.reference ?? "");
  const behind = written.supplementary?.split(" ")[0] ?? "";
  const account = isIban(behind) || /^P?\d{9,10}$/.test(behind) ? behind : (fixed?.[1] ?? null);
  const found = accountParts(account);
  return {
    ...NOBODY,
    name: details.name ?? fixed?.[2]?.trim() ?? null,
    iban: details.iban ?? (details.account === null ? found.iban : null),
    other: details.account ?? (details.iban === null ? found.account : null),
    bic: details.bic,
    city: details.city,
  };
}

/** Width of the line behind `:61:` (subfield 9). */
const SUPPLEMENTARY = 34;

/** British banks begin the text in the line behind `:61:` and go on in `:86:`; others write all of it there. */
function textOf(details: Details, supplementary: string | null): readonly string[] {
  if (supplementary === null || supplementary.startsWith("/") || isIban(supplementary)) return details.remittance;
  const [first, ...others] = details.remittance;
  if (first === undefined) return details === NO_DETAILS ? [supplementary] : details.remittance;
  const goesOn = supplementary.length === SUPPLEMENTARY && details.businessCode === null && details.name === null;
  return goesOn ? [`${supplementary}${first}`.replace(/\s{2,}/g, " "), ...others] : details.remittance;
}

export function entryOf(from: WrittenEntry): BankEntry {
  const { written, currency } = from;
  const described = from.details.length > 0 || from.nonSwift.length > 0;
  const details =
    from.details.length > 0
      ? detailsOf(from.details, currency)
      : described
        ? nonSwiftDetails(from.nonSwift)
        : NO_DETAILS;
  const { supplementary } = written;
  const amounts = further(supplementary);
  const isReturn = details.returned !== null || /^.RTI$/.test(written.type ?? "");
  const returned = isReturn
    ? returnReason(details.returned?.extension, details.returned?.text ?? details.remittance.join(" "))
    : null;
  const instructed = details.instructed ?? amounts.instructed;
  const charges = details.charges ?? amounts.charges ?? chargesWithin(from, isReturn ? instructed : null);
  const party = partyOf(details, written);
  // Where the reference's place holds account and name, it is no reference.
  const ownReference = FIXED.test(written.reference ?? "") ? null : written.reference;
  const paysUs = written.credit !== (written.reversal || isReturn);
  const code = { domain: null, proprietary: [written.type, details.businessCode].filter(Boolean).join("+") || null };
  const transaction: BankTransaction = {
    amount: null,
    instructed,
    credit: null,
    endToEndId: details.endToEndId,
    instructionId: details.instructionId ?? ownReference,
    transactionId: null,
    mandateId: details.mandateId,
    bankReference: written.bankReference,
    creditorReferences: details.creditorReference === null ? [] : [details.creditorReference],
    documentNumbers: [],
    remittance: textOf(details, supplementary),
    payer: paysUs ? party : NOBODY,
    ultimatePayer: details.ultimatePayer,
    payee: paysUs ? NOBODY : party,
    ultimatePayee: details.ultimatePayee,
    purpose: details.purpose,
    code,
    returned: isReturn ? (returned ?? { code: null, text: null }) : null,
    additionalText: supplementary,
  };
  const bookedOn = written.entry === null ? null : entryDate(written.entry, written.value, from.year);
  return {
    amount: written.amount,
    currency,
    index: from.index,
    line: from.line,
    credit: written.credit,
    reversal: written.reversal,
    status: written.expected || from.announced ? "pending" : "none",
    bookedOn: bookedOn ?? written.value,
    valueOn: written.value ?? bookedOn,
    reference: ownReference,
    bankReference: written.bankReference,
    code,
    charges: charges ? [{ ...charges, credit: false }] : [],
    additionalText: details.bookingText,
    transactions: described || supplementary !== null ? [transaction] : [],
  };
}

/** What a returned debit took beyond the original amount is the bank's charge. */
function chargesWithin({ written, currency }: WrittenEntry, original: StatementAmount | null): StatementAmount | null {
  if (!original || written.credit || (original.currency !== null && original.currency !== currency)) return null;
  const more = addDecimals(written.amount, negateDecimal(original.amount));
  return more.digits > 0n ? { amount: more, currency } : null;
}
