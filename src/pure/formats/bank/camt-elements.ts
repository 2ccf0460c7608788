/**
 * Elements of camt messages as values: https://www.iso20022.org/catalogue-messages (cash management), see `camt.ts`.
 * Each function takes the tree of one element; refusals are thrown as `FailureError` and caught by the stream.
 */
import { type Decimal, decimal, FailureError, type PlainDate, plainDate } from "../../kernel/index.ts";
import { compactAccount } from "../code/iban.ts";
import { childOf, childrenOf, nodeAt, placeOf, textAt, textOf, type XmlNode } from "../text/xml.ts";
import {
  type Balance,
  type BankEntry,
  type BankTransaction,
  type EntryStatus,
  negateDecimal,
  type ReadWarning,
  type ReturnReason,
  type StatementAmount,
  type StatementHeader,
  type StatementSums,
  type StatementTotals,
  type TransactionCode,
  type TransactionParty,
} from "./statement.ts"; // prettier-ignore

type Warn = (warning: ReadWarning) => void;

function refuse(node: XmlNode, code: string, message: string): never {
  throw new FailureError({ kind: "invalid", code, message, where: placeOf(node) });
}

/** `xs:decimal` also allows `5.` and `.5`; a single comma is read as the decimal sign, with a warning. */
function amountIn(node: XmlNode, warn: Warn): StatementAmount {
  let text = node.text.trim();
  if (/^[+-]?\d+,\d{1,5}$/.test(text)) {
    warn({
      code: "amount_with_comma",
      message: "Amounts are written with a comma instead of a point.",
      where: placeOf(node),
    });
    text = text.replace(",", ".");
  }
  text = text.replace(/^([+-]?)\./, "$10.").replace(/\.$/, "");
  const amount = decimal(text);
  if (!amount.ok) refuse(node, "camt_amount_invalid", `The content of ${node.name} is not an amount.`);
  // The schema knows no sign. Banks that write one sum it up with it, so that it is kept as it stands.
  if (amount.value.digits < 0n)
    warn({
      code: "negative_amount",
      message: "An amount has a minus sign beside its direction (CdtDbtInd); both were read as they are written.",
      where: placeOf(node),
    });
  return { amount: amount.value, currency: node.attributes["Ccy"]?.trim() || null };
}

function optionalAmount(node: XmlNode | undefined, warn: Warn): StatementAmount | null {
  return node && node.text.trim() !== "" ? amountIn(node, warn) : null;
}

/** `Dt`, `DtTm` or the bare text; the day as written, without moving it between zones. */
function dateIn(node: XmlNode | undefined, warn: Warn): PlainDate | null {
  const text = textAt(node, "Dt", "DtTm", "Dt/Dt", "Dt/DtTm") ?? textOf(node);
  if (!node || text === null) return null;
  const date = plainDate(text.slice(0, 10));
  if (date.ok) return date.value;
  warn({
    code: "date_invalid",
    message: `${node.name} holds a date the calendar does not have; it was left out.`,
    where: placeOf(node),
  });
  return null;
}

function directionOf(node: XmlNode): boolean | null {
  const text = textOf(childOf(node, "CdtDbtInd"));
  return text === "CRDT" ? true : text === "DBIT" ? false : null;
}

/** `Id/IBAN`, `Id/Othr/Id`; in .01 also `Id/PrtryAcct/Id`, `Id/BBAN`. */
function accountOf(account: XmlNode | undefined): { iban: string | null; other: string | null } {
  return {
    iban: compactAccount(textAt(account, "Id/IBAN")),
    other: textAt(account, "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN", "Id/UPIC"),
  };
}
const bicOf = (agent: XmlNode | undefined): string | null =>
  textAt(agent, "FinInstnId/BICFI", "FinInstnId/BIC", "FinInstnId/CmbndId/BIC", "FinInstnId/Othr/Id");

function codeOf(node: XmlNode | undefined): TransactionCode {
  const steps = ["Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd"].map((path) => textAt(node, path));
  const named = steps.filter((step) => step !== null);
  return { domain: named.length > 0 ? named.join("-") : null, proprietary: textAt(node, "Prtry/Cd") };
}

const STATUS: Readonly<Record<string, EntryStatus>> = {
  BOOK: "booked",
  PDNG: "pending",
  INFO: "information",
  FUTR: "future",
}; // prettier-ignore

function statusOf(entry: XmlNode): EntryStatus {
  const node = childOf(entry, "Sts");
  const code = textAt(node, "Cd", "Prtry") ?? textOf(node);
  return code === null ? "none" : (STATUS[code] ?? "unknown");
}

function partyOf(parties: XmlNode | undefined, role: "Dbtr" | "Cdtr", agents: XmlNode | undefined): TransactionParty {
  const outer = childOf(parties, role);
  const party = childOf(outer, "Pty") ?? childOf(outer, "Agt") ?? outer;
  const address = childOf(party, "PstlAdr");
  return {
    name: textAt(party, "Nm", "FinInstnId/Nm"),
    ...accountOf(childOf(parties, `${role}Acct`)),
    bic: bicOf(childOf(agents, `${role}Agt`)),
    postcode: textAt(address, "PstCd"),
    city: textAt(address, "TwnNm"),
    country: textAt(address, "Ctry"),
  };
}

const ultimateOf = (parties: XmlNode | undefined, role: string): string | null =>
  textAt(parties, `${role}/Nm`, `${role}/Pty/Nm`);

function returnOf(details: XmlNode): ReturnReason | null {
  const node = childOf(details, "RtrInf");
  if (!node) return null;
  const texts = childrenOf(node, "AddtlInf")
    .map(textOf)
    .filter((text) => text !== null);
  return {
    code: textAt(node, "Rsn/Cd", "Rsn/Prtry", "RtrRsn/Cd", "RtrRsn/Prtry"),
    text: texts.length > 0 ? texts.join(" ") : null,
  };
}

const notProvided = (text: string | null): string | null =>
  text !== null && /^not ?provided$/i.test(text) ? null : text;

export function transactionOf(details: XmlNode, warn: Warn): BankTransaction {
  const references = childOf(details, "Refs");
  const parties = childOf(details, "RltdPties");
  const agents = childOf(details, "RltdAgts");
  const remittance = childOf(details, "RmtInf");
  const creditorReferences: string[] = [];
  const documentNumbers: string[] = [];
  const lines = childrenOf(remittance, "Ustrd")
    .map(textOf)
    .filter((text) => text !== null);
  for (const structured of childrenOf(remittance, "Strd")) {
    const reference = textAt(structured, "CdtrRefInf/Ref", "CdtrRefInf/CdtrRef");
    if (reference !== null) creditorReferences.push(reference);
    for (const document of childrenOf(structured, "RfrdDocInf")) {
      const number = textAt(document, "Nb", "RfrdDocNb");
      if (number !== null) documentNumbers.push(number);
    }
    for (const extra of childrenOf(structured, "AddtlRmtInf")) {
      const text = textOf(extra);
      if (text !== null) lines.push(text);
    }
  }
  return {
    amount: optionalAmount(childOf(details, "Amt") ?? nodeAt(details, "AmtDtls/TxAmt/Amt"), warn),
    instructed: optionalAmount(nodeAt(details, "AmtDtls/InstdAmt/Amt"), warn),
    credit: directionOf(details),
    endToEndId: notProvided(textAt(references, "EndToEndId")),
    instructionId: notProvided(textAt(references, "InstrId")),
    transactionId: notProvided(textAt(references, "TxId")),
    mandateId: notProvided(textAt(references, "MndtId")),
    bankReference: textAt(references, "AcctSvcrRef"),
    creditorReferences,
    documentNumbers,
    remittance: lines,
    payer: partyOf(parties, "Dbtr", agents),
    ultimatePayer: ultimateOf(parties, "UltmtDbtr"),
    payee: partyOf(parties, "Cdtr", agents),
    ultimatePayee: ultimateOf(parties, "UltmtCdtr"),
    purpose: textAt(details, "Purp/Cd", "Purp/Prtry"),
    code: codeOf(childOf(details, "BkTxCd")),
    returned: returnOf(details),
    additionalText: textAt(details, "AddtlTxInf"),
  };
}

function chargesOf(entry: XmlNode, warn: Warn): BankEntry["charges"] {
  const charges: (StatementAmount & { credit: boolean })[] = [];
  for (const node of childrenOf(entry, "Chrgs")) {
    const records = childrenOf(node, "Rcrd");
    // Up to .03 a charge is the element itself; later a list of records, whose total stands beside them.
    for (const record of records.length > 0 ? records : [node]) {
      const amount = optionalAmount(childOf(record, "Amt") ?? childOf(record, "TtlChrgsAndTaxAmt"), warn);
      if (amount) charges.push({ ...amount, credit: directionOf(record) ?? false });
    }
  }
  return charges;
}

/** An `Ntry`; its `TxDtls` come as values because they were taken out while streaming. */
export function entryOf(node: XmlNode, index: number, transactions: readonly BankTransaction[], warn: Warn): BankEntry {
  const amount = childOf(node, "Amt");
  if (!amount) refuse(node, "camt_amount_invalid", "The entry has no amount.");
  const credit = directionOf(node);
  if (credit === null)
    refuse(node, "camt_direction_missing", "The entry does not say whether it is a credit or a debit (CdtDbtInd).");
  const moved = amountIn(amount, warn);
  return {
    // Named one by one: spreading an object here costs more than all the rest of an entry.
    amount: moved.amount,
    currency: moved.currency,
    index,
    line: node.line,
    credit,
    reversal: /^(true|1)$/.test(textAt(node, "RvslInd") ?? ""),
    status: statusOf(node),
    bookedOn: dateIn(childOf(node, "BookgDt"), warn),
    valueOn: dateIn(childOf(node, "ValDt"), warn),
    reference: notProvided(textAt(node, "NtryRef")),
    bankReference: notProvided(textAt(node, "AcctSvcrRef")),
    code: codeOf(childOf(node, "BkTxCd")),
    charges: chargesOf(node, warn),
    additionalText: textAt(node, "AddtlNtryInf"),
    transactions,
  };
}

function balanceOf(node: XmlNode, warn: Warn): Balance | null {
  const amount = optionalAmount(childOf(node, "Amt"), warn);
  if (!amount) return null;
  return {
    ...amount,
    code: textAt(node, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd", "Tp/Prtry") ?? "",
    credit: directionOf(node) ?? true,
    date: dateIn(childOf(node, "Dt"), warn),
  };
}

/** What stands beside the entries of a `Stmt`, `Rpt` or `Ntfctn`. */
export function headerOf(nodes: readonly XmlNode[], index: number, warn: Warn): StatementHeader {
  const first = (name: string): XmlNode | undefined => nodes.find((node) => node.name === name);
  const account = first("Acct");
  const balances = nodes
    .filter((node) => node.name === "Bal")
    .map((node) => balanceOf(node, warn))
    .filter((balance) => balance !== null);
  const currency = textAt(account, "Ccy");
  return {
    index,
    id: textOf(first("Id")),
    sequence: textOf(first("ElctrncSeqNb")) ?? textOf(first("LglSeqNb")),
    createdAt: textOf(first("CreDtTm")),
    account: {
      ...accountOf(account),
      currency,
      name: textAt(account, "Nm"),
      owner: textAt(account, "Ownr/Nm", "Ownr/Pty/Nm"),
      bic: bicOf(childOf(account, "Svcr")),
    }, // prettier-ignore
    currency,
    balances,
  };
}

function balanceAmong(balances: readonly Balance[], codes: readonly string[]): Decimal | null {
  for (const code of codes) {
    const found = balances.find((balance) => balance.code === code);
    if (found) return found.credit ? found.amount : negateDecimal(found.amount);
  }
  return null;
}

/** Opening: OPBD, else PRCD, else OPAV; closing: CLBD, else ITBD. */
export function totalsOf(statement: StatementHeader, sums: StatementSums): StatementTotals {
  const opening = balanceAmong(statement.balances, ["OPBD", "PRCD", "OPAV"]);
  return sums.totals(statement, opening, balanceAmong(statement.balances, ["CLBD", "ITBD"]));
}
