/**
 * SEPA credit transfers as pain.001.001.09 (customer credit transfer initiation, ISO 20022:
 * https://www.iso20022.org/iso-20022-message-definitions), in the subset of the European Payments Council's guidelines
 * (EPC132-08) that German banks take: one batch, booked one by one, IBAN only, Latin characters, charges shared.
 */
import { type Currency, formatMinor, type PlainDate } from "../../kernel/index.ts";

export interface CreditTransfer {
  /** At most 35 characters; comes back on the statement. */
  readonly endToEndId: string;
  readonly amountMinor: bigint;
  readonly payee: string;
  readonly iban: string;
  readonly text: string;
}

export interface CreditTransferOrder {
  /** At most 35 characters, the same for the same file. */
  readonly messageId: string;
  /** ISO 8601 in UTC, without fractions. */
  readonly createdAt: string;
  readonly executionOn: PlainDate;
  readonly payer: string;
  readonly iban: string;
  readonly bic: string | null;
  readonly currency: Currency;
  readonly transfers: readonly CreditTransfer[];
}

const LETTERS: Readonly<Record<string, string>> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
  ß: "ss",
  æ: "ae",
  Æ: "Ae",
  ø: "o",
  Ø: "O",
  ł: "l",
  Ł: "L",
  "&": "+",
}; // prettier-ignore

/** What every bank in SEPA takes (EPC217-08): `a–z A–Z 0–9 / - ? : ( ) . , ' +` and space. */
function sepaText(text: string, most: number): string {
  const plain = text
    .replace(/[äöüÄÖÜßæÆøØłŁ&]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .replace(/[^a-zA-Z0-9/\-?:().,'+ ]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  // A text must not begin or end with a slash, nor hold two.
  return plain
    .replace(/\/{2,}/g, "/")
    .slice(0, most)
    .replace(/^[/ ]+|[/ ]+$/g, "");
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The file, the same bytes for the same order. Throws on an order without transfers (a bug of the caller). */
export function writeCreditTransfers(order: CreditTransferOrder): string {
  const { transfers, currency } = order;
  if (transfers.length === 0) throw new Error("a payment order needs a transfer");
  const sum = formatMinor(
    transfers.reduce((total, { amountMinor }) => total + amountMinor, 0n),
    currency,
  );
  const id = escaped(order.messageId);
  const agent = order.bic === null ? "<Othr><Id>NOTPROVIDED</Id></Othr>" : `<BICFI>${escaped(order.bic)}</BICFI>`;
  const name = (text: string): string => escaped(sepaText(text, 70) || "NOTPROVIDED");
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">',
    "<CstmrCdtTrfInitn>",
    `<GrpHdr><MsgId>${id}</MsgId><CreDtTm>${order.createdAt}</CreDtTm><NbOfTxs>${transfers.length}</NbOfTxs><CtrlSum>${sum}</CtrlSum><InitgPty><Nm>${name(order.payer)}</Nm></InitgPty></GrpHdr>`,
    "<PmtInf>",
    `<PmtInfId>${id}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg><NbOfTxs>${transfers.length}</NbOfTxs><CtrlSum>${sum}</CtrlSum>`,
    `<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt><Dt>${order.executionOn}</Dt></ReqdExctnDt>`,
    `<Dbtr><Nm>${name(order.payer)}</Nm></Dbtr><DbtrAcct><Id><IBAN>${escaped(order.iban)}</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId>${agent}</FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>`,
    ...transfers.map(
      (one) =>
        `<CdtTrfTxInf><PmtId><EndToEndId>${escaped(one.endToEndId)}</EndToEndId></PmtId>` +
        `<Amt><InstdAmt Ccy="${currency}">${formatMinor(one.amountMinor, currency)}</InstdAmt></Amt>` +
        `<Cdtr><Nm>${name(one.payee)}</Nm></Cdtr><CdtrAcct><Id><IBAN>${escaped(one.iban)}</IBAN></Id></CdtrAcct>` +
        `<RmtInf><Ustrd>${escaped(sepaText(one.text, 140)) || "-"}</Ustrd></RmtInf></CdtTrfTxInf>`,
    ),
    "</PmtInf>",
    "</CstmrCdtTrfInitn>",
    "</Document>",
    "",
  ];
  return lines.join("\n");
}
