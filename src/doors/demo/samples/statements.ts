/** Account statements as banks send them: camt.053.001.08 (ISO 20022), one statement a file, balances in a chain. */
import { addDays, EUR, formatMinor, type PlainDate } from "../../../pure/kernel/index.ts";
import type { DemoCreditor } from "../setting.ts";
import { escapeXml } from "./invoices.ts";
import { FIRST_DAY, STATEMENT_DAYS } from "./items.ts";
import type { SampleEntry } from "./transfers.ts";

export interface SampleStatement {
  readonly arrivesOn: PlainDate;
  readonly from: PlainDate;
  /** Last day it holds. */
  readonly to: PlainDate;
  readonly sequence: number;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly entries: readonly SampleEntry[];
}

const signed = (entry: SampleEntry): bigint => (entry.credit ? entry.amountMinor : -entry.amountMinor);

/** Cuts the bookings of one account at the days its statements arrive. */
export function cutStatements(entries: readonly SampleEntry[], openingMinor: bigint): SampleStatement[] {
  let from = FIRST_DAY;
  let opening = openingMinor;
  return STATEMENT_DAYS.map((arrivesOn, index) => {
    const to = addDays(arrivesOn, -1);
    const own = entries.filter((entry) => entry.on >= from && entry.on <= to);
    const closing = own.reduce((sum, entry) => sum + signed(entry), opening);
    const statement = {
      arrivesOn,
      from,
      to,
      sequence: 38 + index,
      openingMinor: opening,
      closingMinor: closing,
      entries: own,
    };
    from = arrivesOn;
    opening = closing;
    return statement;
  });
}

const CODES: Readonly<
  Record<SampleEntry["kind"], readonly [domain: string, family: string, sub: string, german: string]>
> = {
  transfer: ["PMNT", "RCDT", "ESCT", "NTRF+166+00931"],
  debit: ["PMNT", "IDDT", "ESDD", "NDDT+171+00931"],
  return: ["PMNT", "IDDT", "UPDD", "NRTI+109+00931"],
  own: ["PMNT", "RCDT", "ESCT", "NTRF+166+00931"],
}; // prettier-ignore
const OUTGOING = ["PMNT", "ICDT", "ESCT", "NTRF+117+00931"] as const;

const amount = (minor: bigint): string => formatMinor(minor < 0n ? -minor : minor, EUR);
const direction = (minor: bigint): string => (minor < 0n ? "DBIT" : "CRDT");

const party = (tag: string, name: string): string => `<${tag}><Pty><Nm>${escapeXml(name)}</Nm></Pty></${tag}>`;
const account = (tag: string, iban: string): string => `<${tag}><Id><IBAN>${iban}</IBAN></Id></${tag}>`;

function entryXml(creditor: DemoCreditor, statement: SampleStatement, entry: SampleEntry, index: number): string {
  const own = creditor.accounts[0]?.iban ?? "";
  const [domain, family, sub, german] = entry.kind === "own" && !entry.credit ? OUTGOING : CODES[entry.kind];
  const code = `<BkTxCd><Domn><Cd>${domain}</Cd><Fmly><Cd>${family}</Cd><SubFmlyCd>${sub}</SubFmlyCd></Fmly></Domn><Prtry><Cd>${german}</Cd><Issr>DK</Issr></Prtry></BkTxCd>`;
  const bankReference = `${statement.to.replaceAll("-", "")}${String(index + 1).padStart(6, "0")}`;
  // In a direct debit and its return the customer is the payer too; only outgoing money has us on that side.
  const out = entry.kind === "own" && !entry.credit;
  const parties = out
    ? `${party("Dbtr", creditor.name)}${account("DbtrAcct", own)}${party("Cdtr", entry.name)}${account("CdtrAcct", entry.iban)}`
    : `${party("Dbtr", entry.name)}${account("DbtrAcct", entry.iban)}${party("Cdtr", creditor.name)}${account("CdtrAcct", own)}`;
  const structured = entry.structured
    ? `<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>${entry.structured}</Ref></CdtrRefInf></Strd>`
    : "";
  const remittance = `<RmtInf>${entry.lines.map((line) => `<Ustrd>${escapeXml(line)}</Ustrd>`).join("")}${structured}</RmtInf>`;
  const returned =
    entry.kind === "return"
      ? "<RtrInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>Deckung nicht ausreichend</AddtlInf></RtrInf>"
      : "";
  const mandate = entry.mandate ? `<MndtId>${entry.mandate}</MndtId>` : "";
  return `      <Ntry>
        <NtryRef>${index + 1}</NtryRef>
        <Amt Ccy="EUR">${amount(entry.amountMinor)}</Amt>
        <CdtDbtInd>${entry.credit ? "CRDT" : "DBIT"}</CdtDbtInd>
        <Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>${entry.on}</Dt></BookgDt>
        <ValDt><Dt>${entry.on}</Dt></ValDt>
        <AcctSvcrRef>${bankReference}</AcctSvcrRef>
        ${code}
        <NtryDtls><TxDtls>
          <Refs><AcctSvcrRef>${bankReference}</AcctSvcrRef><EndToEndId>${entry.endToEndId ?? "NOTPROVIDED"}</EndToEndId>${mandate}</Refs>
          <Amt Ccy="EUR">${amount(entry.amountMinor)}</Amt>
          <CdtDbtInd>${entry.credit ? "CRDT" : "DBIT"}</CdtDbtInd>
          <RltdPties>${parties}</RltdPties>
          ${remittance}${returned}
        </TxDtls></NtryDtls>
      </Ntry>
`;
}

function balanceXml(code: string, minor: bigint, day: PlainDate): string {
  return `      <Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount(minor)}</Amt><CdtDbtInd>${direction(minor)}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>\n`;
}

export function camtStatement(creditor: DemoCreditor, statement: SampleStatement): Buffer {
  const { from, to, sequence, arrivesOn, openingMinor, closingMinor, entries } = statement;
  const own = creditor.accounts[0];
  const id = `${creditor.key === "garden" ? "WFG" : "SWQ"}-2026-${sequence}`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>${id}</MsgId><CreDtTm>${arrivesOn}T03:10:00+01:00</CreDtTm></GrpHdr>
    <Stmt>
      <Id>${id}</Id>
      <ElctrncSeqNb>${sequence}</ElctrncSeqNb>
      <CreDtTm>${arrivesOn}T03:10:00+01:00</CreDtTm>
      <FrToDt><FrDtTm>${from}T00:00:00+01:00</FrDtTm><ToDtTm>${to}T23:59:59+01:00</ToDtTm></FrToDt>
      <Acct><Id><IBAN>${own?.iban}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>${escapeXml(creditor.name)}</Nm></Ownr><Svcr><FinInstnId><BICFI>${own?.bic}</BICFI></FinInstnId></Svcr></Acct>
${balanceXml("OPBD", openingMinor, from)}${balanceXml("CLBD", closingMinor, to)}${entries.map((entry, index) => entryXml(creditor, statement, entry, index)).join("")}    </Stmt>
  </BkToCstmrStmt>
</Document>
`);
}
