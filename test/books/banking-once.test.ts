import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StatementsTaken, storeStatements } from "../../src/books/banking/index.ts";
import { detectFormat, readStatements } from "../../src/pure/formats/index.ts";
import { expectOk, ok } from "../../src/pure/kernel/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type Books, openBooks } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

/** A booking as it is, before any file tells of it. */
interface Booking {
  readonly cents: number;
  readonly credit: boolean;
  readonly payer: string | null;
  readonly iban: string | null;
  readonly text: string;
  readonly endToEndId: string | null;
  readonly reference: string | null;
  /** Paid in one sum with the others of this number. */
  readonly batch?: number;
}

const IBANS = ["DE75512108001245126199", "DE12500105170648489890", "AT611904300234573201"];
const DAY = "2026-04-01";
const decimal = (cents: number, point = "."): string => (cents / 100).toFixed(2).replace(".", point);
const sumOf = (all: readonly Booking[]): number =>
  all.reduce((sum, one) => sum + (one.credit ? one.cents : -one.cents), 0);

function camt(
  kind: "052" | "053" | "054",
  id: string,
  entries: readonly (readonly Booking[])[],
  details: boolean,
  opening = 100_000,
): Buffer {
  const [root, statement] = {
    "052": ["BkToCstmrAcctRpt", "Rpt"],
    "053": ["BkToCstmrStmt", "Stmt"],
    "054": ["BkToCstmrDbtCdtNtfctn", "Ntfctn"],
  }[kind] as [string, string];
  const balance = (code: string, cents: number): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${decimal(Math.abs(cents))}</Amt><CdtDbtInd>${cents < 0 ? "DBIT" : "CRDT"}</CdtDbtInd><Dt><Dt>${DAY}</Dt></Dt></Bal>`;
  const entry = (group: readonly Booking[]): string => {
    const net = sumOf(group);
    const transaction = (one: Booking): string => {
      const side = one.credit ? "Dbtr" : "Cdtr";
      return `<TxDtls><Refs><EndToEndId>${one.endToEndId ?? "NOTPROVIDED"}</EndToEndId></Refs><Amt Ccy="EUR">${decimal(one.cents)}</Amt><CdtDbtInd>${one.credit ? "CRDT" : "DBIT"}</CdtDbtInd><RltdPties>${one.payer ? `<${side}><Nm>${one.payer}</Nm></${side}>` : ""}${one.iban ? `<${side}Acct><Id><IBAN>${one.iban}</IBAN></Id></${side}Acct>` : ""}</RltdPties><RmtInf><Ustrd>${one.text}</Ustrd></RmtInf></TxDtls>`;
    };
    const reference = group.length === 1 ? group[0]?.reference : null;
    return `<Ntry><Amt Ccy="EUR">${decimal(Math.abs(net))}</Amt><CdtDbtInd>${net < 0 ? "DBIT" : "CRDT"}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${DAY}</Dt></BookgDt><ValDt><Dt>${DAY}</Dt></ValDt>${reference ? `<AcctSvcrRef>${reference}</AcctSvcrRef>` : ""}${details || group.length === 1 ? `<NtryDtls>${group.map(transaction).join("")}</NtryDtls>` : "<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>"}</Ntry>`;
  };
  const all = entries.flat();
  const balances = kind === "053" ? balance("OPBD", opening) + balance("CLBD", opening + sumOf(all)) : "";
  return Buffer.from(
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${kind}.001.08"><${root}><GrpHdr><MsgId>M</MsgId></GrpHdr><${statement}><Id>${id}</Id><CreDtTm>${DAY}T20:00:00</CreDtTm><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>${balances}${entries.map(entry).join("")}</${statement}></${root}></Document>`,
  );
}

function mt(kind: "940" | "942", number: number, all: readonly Booking[], end = "\r\n"): Buffer {
  const lines = [":20:STARTUMS", ":25:12030000/0000202051", `:28C:${number}/1`];
  lines.push(...(kind === "940" ? [":60F:C260401EUR1000,00"] : [":34F:EUR0,", ":13D:2604011200+0200"]));
  for (const one of all) {
    lines.push(
      `:61:2604010401${one.credit ? "C" : "D"}${decimal(one.cents, ",")}NTRFNONREF${one.reference ? `//${one.reference}` : ""}`,
    );
    const tag = one.endToEndId ? `?20EREF+${one.endToEndId}?21SVWZ+${one.text}` : `?20SVWZ+${one.text}`;
    lines.push(
      `:86:166?00GUTSCHRIFT${tag}${one.iban ? `?30COBADEFF?31${one.iban}` : ""}${one.payer ? `?32${one.payer}` : ""}`,
    );
  }
  if (kind === "940") {
    const closing = 100_000 + sumOf(all);
    lines.push(`:62F:${closing < 0 ? "D" : "C"}260401EUR${decimal(Math.abs(closing), ",")}`);
  }
  return Buffer.from(`${lines.join(end)}${end}-${end}`);
}

class RolledBack extends Error {}
/** Takes files in, each as its own, and tells what stands afterwards; nothing is kept. */
async function standing(files: readonly Buffer[]): Promise<{ rows: string[]; taken: StatementsTaken[] }> {
  let rows: string[] = [];
  const taken: StatementsTaken[] = [];
  await books
    .act(async (act) => {
      for (const [index, bytes] of files.entries()) taken.push(await take(act, bytes, index));
      rows = (
        await act.tx.rows<{ shown: string }>(
          sql`select direction || ' ' || amount_minor as shown from bank_entry where tenant_id = ${act.tx.tenantId} and not replaced order by 1`,
        )
      ).map(({ shown }) => shown);
      throw new RolledBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  return { rows, taken };
}

async function take(act: Act, bytes: Buffer, index: number): Promise<StatementsTaken> {
  const format = expectOk(detectFormat(bytes, true));
  if (format.kind !== "statement") throw new Error(`not a statement: ${format.kind}`);
  const file = {
    fingerprint: Buffer.alloc(32, index + 1),
    creditorOf: async (account: string) =>
      account === "DE02120300000000202051"
        ? ok(books.creditorId)
        : ({ ok: false, error: { kind: "invalid", code: "account_unknown", message: account } } as const),
  };
  return storeStatements(act, file, readStatements(format, [bytes]));
}

const truth = (all: readonly Booking[]): string[] =>
  all.map((one) => `${one.credit ? "credit" : "debit"} ${one.cents}`).sort();

const booking = fc.record({
  cents: fc.constantFrom(1000, 1000, 2500, 4990),
  credit: fc.constantFrom(true, true, true, false),
  payer: fc.constantFrom("Anna Albrecht", "Bernd Busch", null),
  iban: fc.constantFrom(...IBANS, null),
  text: fc.constantFrom("RE 4711", "RE 4712", "Danke", "Rechnung 99 vom Mai"),
  endToEndId: fc.constantFrom(null, null, "E2E1", "E2E2"),
});
/** References are the bank's, so no two bookings share one; some banks give none. */
const dayOf = fc
  .tuple(fc.array(booking, { minLength: 1, maxLength: 9 }), fc.boolean())
  .map(([all, referred]): Booking[] =>
    all.map((one, index) => ({ ...one, reference: referred ? `BANK${index}` : null })),
  );
const RUNS = process.env["KULANZ_SOAK"] ? 1_000 : 60;

describe("an entry is booked once, whatever files tell of it and in whatever order", () => {
  test("camt.052 of the morning and of the day, camt.053, MT942, MT940, twice and with other line ends", async () => {
    await fc.assert(
      fc.asyncProperty(
        dayOf,
        fc.nat(),
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
        fc.constantFrom(2, 3, 4),
        async (all, cut, order, last) => {
          const morning = all.slice(0, cut % (all.length + 1));
          const single = all.map((one) => [one]);
          const files = [
            camt(
              "052",
              "R1",
              morning.map((one) => [one]),
              true,
            ),
            camt("052", "R2", single, true),
            camt("053", "S1", single, true),
            mt("940", 1, all),
            mt("940", 1, all, "\n"),
            mt("942", 7, morning),
            Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), camt("053", "S1", [...single].reverse(), true)]),
          ];
          // At least one tells of the whole day, at any place.
          const wanted = order.includes(last) ? order : [...order, last];
          const { rows } = await standing(wanted.map((index) => files[index] as Buffer));
          expect(rows).toEqual(truth(all));
        },
      ),
      { numRuns: RUNS, seed: 4711 },
    );
  }, 120_000);

  test("a batch total and its details from another file, in any order and twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        dayOf,
        fc.integer({ min: 2, max: 4 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        async (all, size, order) => {
          const credits = all.filter(({ credit }) => credit);
          const batch = credits.slice(0, size);
          const rest = all.filter((one) => !batch.includes(one)).map((one) => [one]);
          const groups = batch.length > 1 ? [batch, ...rest] : [...batch.map((one) => [one]), ...rest];
          const whole = camt("053", "S1", groups, false);
          const details = camt("054", "N1", batch.length > 1 ? [batch] : [], true);
          const files = [whole, details, whole, details];
          const { rows } = await standing(
            order.map((index) => files[index] as Buffer).filter((file) => file !== details || batch.length > 1),
          );
          expect(rows).toEqual(truth(batch.length > 1 ? all : all));
        },
      ),
      { numRuns: RUNS, seed: 4712 },
    );
  }, 120_000);

  test("two equal entries of one statement are two; a statement that goes on where the other ended tells of others", async () => {
    const one: Booking = {
      cents: 1000,
      credit: true,
      payer: "Anna Albrecht",
      iban: null,
      text: "Danke",
      endToEndId: null,
      reference: null,
    };
    expect((await standing([camt("053", "S1", [[one], [one]], true)])).rows).toEqual(["credit 1000", "credit 1000"]);
    const morning = camt("053", "S1", [[one]], true, 0);
    const evening = camt("053", "S2", [[one]], true, 1000);
    expect((await standing([morning, evening])).rows).toEqual(["credit 1000", "credit 1000"]);
    expect((await standing([morning, evening, evening, morning])).rows).toHaveLength(2);
  });

  test("details that come after their total was booked are left out with a warning", async () => {
    const two: Booking[] = [1, 2].map((index) => ({
      cents: index * 1000,
      credit: true,
      payer: "Anna Albrecht",
      iban: IBANS[0] ?? null,
      text: `RE ${index}`,
      endToEndId: null,
      reference: null,
    }));
    await books
      .act(async (act) => {
        await take(act, camt("053", "S1", [two], false), 1);
        await act.tx.execute(sql`update bank_entry set status = 'booked' where tenant_id = ${act.tx.tenantId}`);
        const late = await take(act, camt("054", "N1", [two], true), 2);
        expect(late).toMatchObject({ newEntries: 0, knownEntries: 2 });
        expect(late.warnings.map(({ code }) => code)).toContain("batch_booked_whole");
        throw new RolledBack();
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
  });
});
