/** Small files of our own for the API's tests, and how they get in. */
import type { ImportJob } from "../../web/console/src/api/contract.ts";
import type { ApiHouse, Person } from "./api.ts";

/** Imports a file as a person does, and waits until everything that follows is done. */
export async function upload(house: ApiHouse, as: Person, name: string, content: string): Promise<void> {
  const form = new FormData();
  form.set("file", new File([content], name));
  const started = await house.call("POST /imports", { as, raw: form });
  const { id } = (await started.json()) as ImportJob;
  await (await house.call(`GET /imports/${id}/events`, { as })).text();
}

/** A camt.053 with credits: payer, remittance text, amount. */
export function statementFile(
  iban: string,
  credits: readonly (readonly [payer: string, text: string, amount: string])[],
  number = "1",
): string {
  const total = credits.reduce((sum, [, , amount]) => sum + Math.round(Number(amount) * 100), 0);
  const money = (cents: number): string => (cents / 100).toFixed(2);
  const entries = credits.map(
    ([payer, text, amount], index) => `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-06-01</Dt></BookgDt><ValDt><Dt>2026-06-01</Dt></ValDt><AcctSvcrRef>REF${number}-${index}</AcctSvcrRef>
<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>${payer}</Nm></Dbtr><DbtrAcct><Id><IBAN>DE44500105175407324931</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M${number}</MsgId><CreDtTm>2026-06-01T18:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S${number}</Id><ElctrncSeqNb>${number}</ElctrncSeqNb><CreDtTm>2026-06-01T18:00:00</CreDtTm><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-06-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${money(total)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-06-01</Dt></Dt></Bal>
${entries.join("\n")}</Stmt></BkToCstmrStmt></Document>`;
}

/** Open items with headers that have to be guessed. */
export const openItemsFile = (rows: readonly string[]): string =>
  ["Kundennummer;Vorname;Nachname;Straße;PLZ;Ort;E-Mail;Rechnungsnummer;Rechnungsdatum;Fällig am;Betrag", ...rows].join(
    "\r\n",
  );

/** The same statement, with each payer paying from an account of their own, numbered from `first`. */
export function ownAccounts(file: string, first = 0): string {
  let next = first;
  return file.replaceAll("DE44500105175407324931", () => {
    const bank = `50010517${String(5_407_324_000 + next++).padStart(10, "0")}`;
    return `DE${String(98n - (BigInt(`${bank}131400`) % 97n)).padStart(2, "0")}${bank}`;
  });
}
