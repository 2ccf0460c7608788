/** A transaction of OFX (`STMTTRN`) as an entry. */
import { type Decimal, type PlainDate, plainDate } from "../../../kernel/index.ts";
import { type BankEntry, negateDecimal } from "../statement.ts";
import { accountParts } from "../details/details.ts";
import { detailsOf } from "../details/styles.ts";
import { NOBODY } from "../parties.ts";

export interface OfxTransaction {
  readonly line: number;
  /** Values by tag, those of inner aggregates as `CURRENCY.CURSYM`. */
  readonly fields: Map<string, string>;
}

/** `20120903120000.000[-4:EDT]`: the day as written. */
export function ofxDate(text: string | undefined): PlainDate | null {
  if (text === undefined) return null;
  const match = /^(\d{4})-?(\d\d)-?(\d\d)/.exec(text);
  const date = match ? plainDate(`${match[1]}-${match[2]}-${match[3]}`) : null;
  return date?.ok ? date.value : null;
}

/** The sign of `TRNAMT` is the direction; the type only decides for zero. */
export function ofxEntry(
  { line, fields }: OfxTransaction,
  index: number,
  written: Decimal,
  accountCurrency: string | null,
): BankEntry {
  const of = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const value = fields.get(name);
      if (value !== undefined && value !== "") return value;
    }
    return null;
  };
  const type = of("TRNTYPE");
  const credit = written.digits > 0n || (written.digits === 0n && type !== "DEBIT");
  const memo = of("MEMO");
  const details = detailsOf(memo === null ? [] : [memo], accountCurrency);
  const other = accountParts(of("BANKACCTTO.ACCTID", "CCACCTTO.ACCTID"));
  const party = {
    ...NOBODY,
    name: of("PAYEE.NAME", "EXTDNAME", "NAME") ?? details.name,
    iban: other.iban ?? details.iban,
    other: other.account,
    bic: details.bic,
    postcode: of("PAYEE.POSTALCODE"),
    city: of("PAYEE.CITY"),
    country: of("PAYEE.COUNTRY"),
  };
  const code = { domain: null, proprietary: type };
  const bookedOn = ofxDate(fields.get("DTPOSTED"));
  const reference = of("CHECKNUM", "REFNUM");
  return {
    amount: written.digits < 0n ? negateDecimal(written) : written,
    currency: of("CURRENCY.CURSYM")?.toUpperCase() ?? accountCurrency?.toUpperCase() ?? null,
    index,
    line,
    credit,
    reversal: false,
    status: "none",
    bookedOn,
    valueOn: ofxDate(fields.get("DTAVAIL")) ?? bookedOn,
    reference,
    bankReference: of("FITID"),
    code,
    charges: [],
    additionalText: type,
    transactions: [
      {
        amount: null,
        instructed: null,
        credit: null,
        endToEndId: details.endToEndId,
        instructionId: details.instructionId ?? reference,
        transactionId: of("SRVRTID"),
        mandateId: details.mandateId,
        bankReference: of("FITID"),
        creditorReferences: [],
        documentNumbers: [],
        remittance: details.remittance,
        payer: credit ? party : NOBODY,
        ultimatePayer: details.ultimatePayer,
        payee: credit ? NOBODY : party,
        ultimatePayee: details.ultimatePayee,
        purpose: details.purpose,
        code,
        returned: null,
        additionalText: null,
      },
    ],
  };
}
