/** `kulanz bench import`: a camt.053 of our own making with N entries, read and stored, beside a COPY of as many rows. */
import { expectOk, formatMinor, EUR } from "../../pure/kernel/index.ts";
import { type Actor, createTenant, type Platform, withAct } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { createCreditor } from "../../books/customers/index.ts";
import { importFile } from "../../books/intake/index.ts";
import { peakMemory } from "./memory.ts";
import { mix } from "./portfolio.ts";

const ACTOR: Actor = { kind: "system", id: "bench", role: "admin" };
const ACCOUNT = "DE02120300000000202051";

export interface ImportBench {
  readonly entries: number;
  readonly mebibytes: number;
  readonly seconds: number;
  readonly entriesPerSecond: number;
  /** One `insert … select` of as many rows of the same width. */
  readonly floorSeconds: number;
  readonly rssMaxMiB: number;
}

/** The statement in pieces; nobody holds it whole. */
export async function* statementOf(entries: number): AsyncGenerator<Buffer> {
  let sum = 0n;
  for (let i = 1; i <= entries; i += 1) sum += BigInt(500 + (mix(i, 2) % 49_501));
  const balance = (code: string, minor: bigint): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${formatMinor(minor, EUR)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-31</Dt></Dt></Bal>`;
  yield Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>BENCH</MsgId><CreDtTm>2026-10-31T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>BENCH-${entries}</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2026-10-31T20:00:00Z</CreDtTm><Acct><Id><IBAN>${ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>${balance("OPBD", 0n)}${balance("CLBD", sum)}`,
  );
  let piece = "";
  for (let i = 1; i <= entries; i += 1) {
    const amount = formatMinor(BigInt(500 + (mix(i, 2) % 49_501)), EUR);
    piece += `<Ntry><NtryRef>${i}</NtryRef><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-10-31</Dt></BookgDt><ValDt><Dt>2026-10-31</Dt></ValDt><AcctSvcrRef>BENCH${String(i).padStart(12, "0")}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Person ${mix(i, 0) % 30_000}</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>${ACCOUNT}</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>Zahlung RE-${String(i).padStart(7, "0")} Kd ${mix(i, 0) % 30_000} Danke</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
    if (piece.length > 65_536) {
      yield Buffer.from(piece);
      piece = "";
    }
  }
  yield Buffer.from(`${piece}</Stmt></BkToCstmrStmt></Document>`);
}

export async function benchImport(platform: Platform, entries: number): Promise<ImportBench> {
  const tenantId = expectOk(await createTenant(platform.database, platform.vault, { name: "Bench import" }));
  await withAct(platform, tenantId, ACTOR, (act) =>
    createCreditor(act, {
      name: "Bench",
      address: {},
      legalFooter: "Bench",
      country: "DE",
      zone: "Europe/Berlin",
      deductsInputTax: true,
      leads: "kulanz",
      privacyContact: "bench@bench.example",
      settings: {},
      accounts: [{ iban: ACCOUNT, accountHolder: "Bench", isDefault: true }],
    }),
  );
  let bytes = 0;
  for await (const piece of statementOf(entries)) bytes += piece.length;
  const begun = performance.now();
  const report = await importFile(platform, tenantId, ACTOR, {
    name: "bench.xml",
    content: () => statementOf(entries),
  });
  const seconds = (performance.now() - begun) / 1000;
  if (report.imported?.new !== entries) throw new Error(`imported ${report.imported?.new ?? 0} of ${entries} entries`);

  const floorBegun = performance.now();
  await platform.database.owner(async (tx) => {
    await tx.execute(sql`create table bench_floor (like bank_entry including indexes)`);
    await tx.execute(sql`
      insert into bench_floor (fingerprint, tenant_id, entry_id, statement_fingerprint, file_fingerprint, creditor_id, entry_number,
                               transaction_number, amount_minor, currency, direction, booked_on, value_on, payload_sealed, imported_at)
      select fingerprint, tenant_id, entry_id, statement_fingerprint, file_fingerprint, creditor_id, entry_number,
             transaction_number, amount_minor, currency, direction, booked_on, value_on, payload_sealed, imported_at
        from bank_entry where tenant_id = ${tenantId}`);
  });
  const floorSeconds = (performance.now() - floorBegun) / 1000;
  await platform.database.owner((tx) => tx.execute(sql`drop table bench_floor`));
  return {
    entries,
    mebibytes: Number((bytes / 2 ** 20).toFixed(1)),
    seconds: Number(seconds.toFixed(3)),
    entriesPerSecond: Math.round(entries / seconds),
    floorSeconds: Number(floorSeconds.toFixed(3)),
    rssMaxMiB: await peakMemory(),
  };
}
