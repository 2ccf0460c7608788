/** Invariant 13: the database as text names nobody; and what was erased stays erased, also after an old backup. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addNote,
  addParty,
  customerFile,
  learnAccount,
  searchCustomers,
  takeCustomers,
} from "../../src/books/customers/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import { matchEntries } from "../../src/books/matching/index.ts";
import { attachDocument, createTask, placeHold, receivablesOf } from "../../src/books/receivables/index.ts";
import { runDunning } from "../../src/outreach/dunning/index.ts";
import { letDueMessagesLeave, messages, sealedParts } from "../../src/outreach/messaging/index.ts";
import { addUser } from "../../src/platform/access/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import { backupDatabase, listErasures, restoreDatabase } from "../../src/platform/database/index.ts";
import { masterKeyFrom, masterKeySet, openVault } from "../../src/platform/sealed/index.ts";
import { type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { camt053 } from "../books/banking-files.ts";
import { customerInput, day, makeItem, SYSTEM } from "../books/books.ts";
import { type Outreach, openOutreach } from "../outreach/outreach.ts";
import { createTestDatabase } from "../support/database.ts";
import { administer } from "../support/server.ts";

let o: Outreach;
let customerId: CustomerId;
const folder = mkdtempSync(join(tmpdir(), "kulanz-erased-"));

/** Words that stand nowhere but in what is planted below. */
const PLANTED = [
  "Xaverine",
  "Quittenbaum",
  "Zwetschgenweg",
  "Suhlendorf",
  "xaverine.q@planted.example",
  "planted.example",
  "4936812345",
  "DE75512108001245126199",
  "75512108001245126199",
  "Wilhelmina",
  "Advokatin",
  "Hubertus Zahlemann",
  "Zahlemann",
  "DE27100777770209299700",
  "Mirabellenstraße",
  "Gesprächsnotiz",
  "Sachbearbeiterin Ottilie",
  "ottilie@planted",
  "Rechnungsoriginal",
  "Ich habe schon gezahlt",
  "Haltegrund",
  "AT483200000012345864",
]; // prettier-ignore
const LINE_ITEM = `customer_number;first_name;name;street;postcode;city;email;phone;iban;invoice_number;issue_date;due_date;amount;currency
P-2;Hubertus;Zahlemann;Mirabellenstraße 5;99999;Suhlendorf;hubertus@planted.example;;AT483200000012345864;RE-P2;2026-05-01;2026-05-20;77.00;EUR
`;

beforeAll(async () => {
  o = await openOutreach();
  const put = (name: string, content: Buffer | string) =>
    importFile(o.platform, o.tenantId, SYSTEM, { name, content: Buffer.from(content) });
  const input = customerInput(
    o,
    "P-1",
    {
      firstName: "Xaverine",
      name: "Quittenbaum",
      addresses: [{ street: "Zwetschgenweg 9", postcode: "98711", city: "Suhlendorf", country: "DE" }],
    },
    { email: "xaverine.q@planted.example", phone: "+49 3681 2345", state: "TH" },
  );
  await o.act(async (act) => {
    customerId = (await takeCustomers(act, [input])).get("P-1")?.customerId as CustomerId;
    await learnAccount(act, customerId, "DE75512108001245126199");
    await addParty(act, customerId, {
      role: "representative",
      representativeKind: "lawyer",
      identity: { firstName: "Wilhelmina", name: "Advokatin", addresses: [] },
      validFrom: day("2026-01-01"),
      maySee: ["items"],
      writeOnlyTo: false,
    });
    expectOk(await addNote(act, customerId, "Gesprächsnotiz: Xaverine Quittenbaum hat angerufen"));
    const receivableId = await makeItem(act, o, customerId, "RE-P1", 5000n, { dueOn: day("2026-05-20") });
    const bytes = Buffer.from("Rechnungsoriginal Xaverine Quittenbaum");
    await attachDocument(act, {
      customerId,
      receivableId,
      kind: "original_invoice",
      mediaType: "application/xml",
      bytes,
    });
    expectOk(
      await placeHold(act, {
        customerId,
        receivableId,
        ground: "manual",
        startsOn: day("2026-01-01"),
        endsOn: day("2026-01-02"),
        comment: "Haltegrund Quittenbaum",
      }),
    );
    await createTask(act, {
      customerId,
      kind: "dispute",
      text: "Ich habe schon gezahlt, Xaverine Quittenbaum",
      dueOn: day("2026-06-08"),
    });
    expectOk(await addUser(act, { name: "Sachbearbeiterin Ottilie", email: "ottilie@planted.example", role: "agent" }));
    expectOk(await searchCustomers(act, { text: "Quittenbaum" }, 10));
  });
  await put("Kunde Zahlemann.csv", LINE_ITEM);
  await put(
    "Auszug Quittenbaum.xml",
    camt053({
      payments: [
        { amount: "77.00", name: "Hubertus Zahlemann", iban: "AT483200000012345864", text: "RE-P2" },
        {
          amount: "1.23",
          name: "Hubertus Zahlemann",
          iban: "DE27100777770209299700",
          text: "Miete Xaverine Quittenbaum",
        },
      ],
    }),
  );
  await matchEntries(o.platform, o.tenantId, SYSTEM, {});
  for (const date of ["2026-05-27", "2026-06-08", "2026-06-25"]) {
    o.kulanz.setNow(new Date(`${date}T08:00:00Z`));
    expectOk(await runDunning(o.platform, o.tenantId, SYSTEM, { creditorId: o.creditorId, businessDate: day(date) }));
    expect(await letDueMessagesLeave(o.outbox, o.tenantId)).toMatchObject({ left: 1, parked: 0 });
  }
});
afterAll(async () => {
  await o.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every row of every table of every schema, as PostgreSQL writes it; bytes also read as text. */
async function dump(url: string): Promise<ReadonlyMap<string, string>> {
  const tables = await administer(
    url,
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^(pg_|information_schema)' order by 1`,
  );
  const all = new Map<string, string>();
  for (const { name } of tables) {
    const rows = await administer(url, `select t::text as row from ${String(name)} t`);
    const text = rows.map(({ row }) => String(row)).join("\n");
    const bytes = [...text.matchAll(/\\x([0-9a-f]{2,})/g)].map((found) => Buffer.from(found[1] ?? "", "hex"));
    const read = bytes.flatMap((buffer) => [
      buffer.toString("utf8"),
      buffer.toString("utf16le"),
      buffer.toString("latin1"),
    ]);
    all.set(String(name), `${text}\n${read.join("\n")}`);
  }
  return all;
}

/** Planted words by the table that shows them. */
function shown(tables: ReadonlyMap<string, string>, words: readonly string[]): string[] {
  return [...tables].flatMap(([name, text]) => {
    const lower = text.toLowerCase().replaceAll("\\\\", "\\");
    return words
      .filter((word) =>
        [word, Buffer.from(word).toString("base64").replace(/=+$/, "").slice(0, -1), encodeURIComponent(word)].some(
          (form) => lower.includes(form.toLowerCase()),
        ),
      )
      .map((word) => `${name}: ${word}`);
  });
}

test("the search itself finds what is written plainly", async () => {
  const tables = await dump(o.kulanz.url);
  expect(tables.size).toBeGreaterThan(40);
  // Not personal, and therefore there to be found: a creditor's name, an invoice number.
  expect(shown(tables, ["Blumenhof Versand GmbH", "RE-P1"])).toEqual(
    expect.arrayContaining(["public.creditor: Blumenhof Versand GmbH", "public.receivable: RE-P1"]),
  );
  for (const name of [
    "message",
    "match",
    "bank_entry",
    "note",
    "task",
    "hold",
    "party",
    "contact_point",
    "receivable_document",
    "local_mail",
    "import_file",
    "audit_entry",
  ])
    expect((tables.get(`public.${name}`) ?? "").length, name).toBeGreaterThan(50);
});

test("the database as text shows no planted name, street, town, account, address or word", async () => {
  expect(shown(await dump(o.kulanz.url), PLANTED)).toEqual([]);
});

test("an old backup restored: the erased is still erased, and its look-ups find nothing", async () => {
  const file = join(folder, "before.backup");
  expectOk(await backupDatabase({ url: o.kulanz.url, now: o.kulanz.now, log: silentLogger, file }));
  await o.kulanz.database.tenant(o.tenantId, (tx) =>
    o.kulanz.vault.destroyCustomerKeys(tx, [customerId], ["contact", "records"]),
  );
  const erasures = await listErasures(o.kulanz.database);
  expect(erasures).toHaveLength(2);

  const target = await createTestDatabase({ seed: 2 });
  try {
    expectOk(await restoreDatabase({ url: target.url, log: silentLogger, file, erasures }));
    const keys = masterKeySet([masterKeyFrom(o.kulanz.vaultMasterKey)]);
    const vault = expectOk(await openVault(target.database, keys, target.chance));
    await target.database.tenant(o.tenantId, async (tx) => {
      const act = { tx, vault, actor: SYSTEM };
      const seal = await vault.forCustomer(tx, customerId);
      expect([seal.erased("contact"), seal.erased("records")]).toEqual([true, true]);
      const left = await messages(act, { customerId });
      expect(left.length).toBeGreaterThan(0);
      for (const message of left) {
        const parts = await sealedParts(act, message);
        expect(seal.openText("records", "message_rendering", parts?.rendering ?? Buffer.alloc(0))).toMatchObject({
          ok: false,
          error: { code: "erased" },
        });
      }
      expect(expectOk(await searchCustomers(act, { text: "Quittenbaum" }, 10))).toEqual([]);
      expect(expectOk(await searchCustomers(act, { text: "DE75512108001245126199" }, 10))).toEqual([]);
      const opened = await customerFile(act, customerId).catch((error: Error) => error.message);
      expect(JSON.stringify(opened)).not.toMatch(/Quittenbaum|Xaverine/);
      // The ledger stays: what was owed and paid is kept by law (§ 147 AO) and names nobody.
      expect(await receivablesOf(act, customerId)).toHaveLength(1);
    });
    expect(shown(await dump(target.url), PLANTED)).toEqual([]);
  } finally {
    await target.drop();
  }
});
