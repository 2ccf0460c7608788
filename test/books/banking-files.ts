/** Writes small camt.053 files for tests. All names are fictional, all accounts those of documented test banks. */
export const OUR_IBAN = "DE02120300000000202051";

export interface TestPayment {
  /** With a point and two places. */
  readonly amount: string;
  readonly credit?: boolean;
  readonly name?: string;
  readonly iban?: string;
  readonly text?: string | readonly string[];
  readonly rf?: string;
  readonly endToEndId?: string;
  readonly mandate?: string;
  readonly bankReference?: string | null;
  readonly bookedOn?: string;
  readonly returnCode?: string;
  readonly charges?: string;
  readonly instructed?: string;
  readonly status?: string;
  /** More transactions in the same entry. */
  readonly more?: readonly TestPayment[];
}

const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const element = (name: string, content: string | undefined): string =>
  content === undefined || content === "" ? "" : `<${name}>${content}</${name}>`;

function details(payment: TestPayment, withAmount: boolean): string {
  const credit = payment.credit ?? true;
  const lines = typeof payment.text === "string" ? [payment.text] : (payment.text ?? []);
  const side = credit ? "Dbtr" : "Cdtr";
  return element(
    "TxDtls",
    [
      element(
        "Refs",
        `${element("EndToEndId", payment.endToEndId ?? "NOTPROVIDED")}${element("MndtId", payment.mandate)}`,
      ),
      withAmount ? `<Amt Ccy="EUR">${payment.amount}</Amt><CdtDbtInd>${credit ? "CRDT" : "DBIT"}</CdtDbtInd>` : "",
      payment.instructed ? `<AmtDtls><InstdAmt><Amt Ccy="EUR">${payment.instructed}</Amt></InstdAmt></AmtDtls>` : "",
      payment.returnCode
        ? "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>"
        : "",
      payment.name || payment.iban
        ? `<RltdPties>${payment.name ? `<${side}><Pty><Nm>${escape(payment.name)}</Nm></Pty></${side}>` : ""}${
            payment.iban ? `<${side}Acct><Id><IBAN>${payment.iban}</IBAN></Id></${side}Acct>` : ""
          }</RltdPties>`
        : "",
      element(
        "RmtInf",
        lines.map((line) => element("Ustrd", escape(line))).join("") +
          (payment.rf
            ? `<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>${payment.rf}</Ref></CdtrRefInf></Strd>`
            : ""),
      ),
      payment.returnCode ? `<RtrInf><Rsn><Cd>${payment.returnCode}</Cd></Rsn></RtrInf>` : "",
    ].join(""),
  );
}

export interface TestStatement {
  readonly id?: string;
  readonly iban?: string;
  readonly opening?: string;
  readonly closing?: string;
  readonly date?: string;
  readonly payments: readonly TestPayment[];
}

/** `closing` is made to fit when it is not given. */
export function camt053(statements: TestStatement | readonly TestStatement[], lineEnd = "\n"): Buffer {
  let number = 0;
  const bodies = [statements].flat().map((statement) => {
    const date = statement.date ?? "2026-04-01";
    const cents = (text: string): number => Math.round(Number(text) * 100);
    let balance = cents(statement.opening ?? "1000.00");
    const entries = statement.payments.map((payment) => {
      number += 1;
      const all = [payment, ...(payment.more ?? [])];
      const sum = all.reduce((total, one) => total + cents(one.amount), 0);
      const credit = payment.credit ?? true;
      if ((payment.status ?? "BOOK") === "BOOK") balance += credit ? sum : -sum;
      const reference =
        payment.bankReference === null ? undefined : (payment.bankReference ?? `BANK${statement.id ?? "S1"}-${number}`);
      return [
        "<Ntry>",
        `<Amt Ccy="EUR">${(sum / 100).toFixed(2)}</Amt>`,
        `<CdtDbtInd>${credit ? "CRDT" : "DBIT"}</CdtDbtInd><Sts><Cd>${payment.status ?? "BOOK"}</Cd></Sts>`,
        `<BookgDt><Dt>${payment.bookedOn ?? date}</Dt></BookgDt><ValDt><Dt>${payment.bookedOn ?? date}</Dt></ValDt>`,
        element("AcctSvcrRef", reference),
        payment.charges
          ? `<Chrgs><Rcrd><Amt Ccy="EUR">${payment.charges}</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>`
          : "",
        `<NtryDtls>${all.map((one) => details(one, all.length > 1)).join("")}</NtryDtls>`,
        "</Ntry>",
      ].join(lineEnd);
    });
    const balanceOf = (code: string, amount: string): string =>
      `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${date}</Dt></Dt></Bal>`;
    return [
      `<Stmt><Id>${statement.id ?? "S1"}</Id><ElctrncSeqNb>${statement.id?.replace(/\D/g, "") || "1"}</ElctrncSeqNb><CreDtTm>${date}T20:00:00</CreDtTm>`,
      `<Acct><Id><IBAN>${statement.iban ?? OUR_IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>`,
      balanceOf("OPBD", statement.opening ?? "1000.00"),
      balanceOf("CLBD", statement.closing ?? (balance / 100).toFixed(2)),
      ...entries,
      "</Stmt>",
    ].join(lineEnd);
  });
  return Buffer.from(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>',
      "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-04-01T20:00:00</CreDtTm></GrpHdr>",
      ...bodies,
      "</BkToCstmrStmt></Document>",
    ].join(lineEnd),
  );
}
