/** A camt.053 of our own making, in pieces: nobody holds it whole. */
import { EUR, formatMinor } from "../../pure/kernel/index.ts";
import { CREDITOR_ACCOUNT } from "./house.ts";

export interface BenchEntry {
  readonly cents: number;
  readonly payer: string;
  readonly iban: string;
  readonly text: string;
}

const PIECE = 65_536;
const DAY = "2026-10-31";
const decimal = (cents: number | bigint): string => formatMinor(BigInt(cents), EUR);

/** Iterated twice: the closing balance stands before the entries. Texts must be free of XML's own characters. */
export async function* statementFrom(entries: Iterable<BenchEntry>): AsyncGenerator<Buffer> {
  let sum = 0n;
  let count = 0;
  for (const { cents } of entries) {
    sum += BigInt(cents);
    count += 1;
  }
  const balance = (code: string, minor: bigint): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${decimal(minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${DAY}</Dt></Dt></Bal>`;
  yield Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>BENCH</MsgId><CreDtTm>${DAY}T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>BENCH-${count}</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>${DAY}T20:00:00Z</CreDtTm><Acct><Id><IBAN>${CREDITOR_ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>${balance("OPBD", 0n)}${balance("CLBD", sum)}`,
  );
  let piece = "";
  let number = 0;
  for (const entry of entries) {
    number += 1;
    piece += entryXml(number, entry);
    if (piece.length > PIECE) {
      yield Buffer.from(piece);
      piece = "";
    }
  }
  yield Buffer.from(`${piece}</Stmt></BkToCstmrStmt></Document>`);
}

function entryXml(number: number, { cents, payer, iban, text }: BenchEntry): string {
  const amount = `<Amt Ccy="EUR">${decimal(cents)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>`;
  return (
    `<Ntry><NtryRef>${number}</NtryRef>${amount}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${DAY}</Dt></BookgDt>` +
    `<ValDt><Dt>${DAY}</Dt></ValDt><AcctSvcrRef>BENCH${String(number).padStart(12, "0")}</AcctSvcrRef>` +
    `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>` +
    `<Prtry><Cd>NTRF+166</Cd><Issr>DK</Issr></Prtry></BkTxCd>` +
    `<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>${amount}` +
    `<RltdPties><Dbtr><Pty><Nm>${payer}</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>${iban}</IBAN></Id></DbtrAcct>` +
    `<Cdtr><Pty><Nm>Bench</Nm></Pty></Cdtr></RltdPties>` +
    `<RltdAgts><DbtrAgt><FinInstnId><BICFI>BENCDEFFXXX</BICFI></FinInstnId></DbtrAgt></RltdAgts>` +
    `<RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls><AddtlNtryInf>Gutschrift</AddtlNtryInf></Ntry>`
  );
}
