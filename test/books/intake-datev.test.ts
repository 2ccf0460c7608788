/** DATEV files taken in: what a batch of bookings leaves open, master data that completes it, the same file again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { customerFile, openIdentities } from "../../src/books/customers/index.ts";
import { holdsOf, liftHold, receivablesOf } from "../../src/books/receivables/index.ts";
import { findByTokens } from "../../src/platform/sealed/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { type Books, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const header = (category: string): string =>
  `"EXTF";700;${category};13;20260131120000000;;"RE";"";"";1001;7;20260101;4;20260101;20260228;"Jan";"";1;0;0;"EUR";;"";;;"03";;;"";""`;
const BOOKINGS = header('21;"Buchungsstapel"');
const COLUMNS =
  "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext;Fälligkeit;Generalumkehr (GU)";
const rows = [
  '"119,00";"S";"";10001;8400;"";"0501";"RE-1";"150226";"";"Rechnung";;',
  '"19,00";"H";"";10001;1200;"";"2001";"RE-1";"";"";"Zahlung";;',
  '"50,00";"S";"";10001;8400;"";"0601";"RE-2";"";"";"Rechnung";;',
  '"50,00";"H";"";10001;1200;"";"2101";"RE-2";"";"";"Zahlung";;',
  '"25,00";"H";"";10002;8400;"";"0701";"GU-3";"";"";"Gutschrift für Müller";;',
];
const take = (name: string, lines: readonly string[], encoding: "latin1" | "utf8" = "latin1") =>
  importFile(books.platform, books.tenantId, SYSTEM, { name, content: Buffer.from(lines.join("\r\n"), encoding) });
const of = (account: string) =>
  books.act(async (act) => {
    const [hit] = (await findByTokens(act, "customer_number", [account])).get(account) ?? [];
    if (!hit) throw new Error(`no customer ${account}`);
    const items = await receivablesOf(act, hit.customerId);
    return {
      identity: (await openIdentities(act, [hit.customerId])).get(hit.customerId),
      items: items.map((item) => [item.number, item.itemKind, item.openTotal, item.issuedOn, item.dueOn]),
    };
  });

test("bookings leave what is open, on the account's customer; the same again is known, in another encoding too", async () => {
  expect(await take("EXTF_Buchungsstapel.csv", [BOOKINGS, COLUMNS, ...rows])).toMatchObject({
    status: "ok",
    imported: { new: 2, known: 0 },
  });
  expect(await of("10001")).toMatchObject({
    identity: { company: "Debitor 10001" },
    items: [["RE-1", "invoice", 10_000n, "2026-01-05", "2026-02-15"]],
  });
  expect((await of("10002")).items).toEqual([["GU-3", "credit_note", -2_500n, "2026-01-07", "2026-02-06"]]);
  expect(await take("again.csv", [`\uFEFF${BOOKINGS}`, COLUMNS, ...rows], "utf8")).toMatchObject({
    imported: { new: 0, known: 2 },
  });
  expect((await of("10001")).items).toHaveLength(1);
});

const ACCOUNTS = header('16;"Debitoren/Kreditoren"');
const MASTER =
  "Konto;Name (Adressattyp Unternehmen);Name (Adressattyp natürl. Person);Vorname (Adressattyp natürl. Person);Name (Adressattyp keine Angabe);Adressattyp;EU-Land;EU-UStID;Anrede;Straße;Postfach;Postleitzahl;Ort;Land;Telefon;E-Mail;IBAN-Nr. 1;IBAN-Nr. 2;Fälligkeit in Tagen (Debitor);Mahnsperre bis;Insolvent";
const master = (...lines: readonly string[]) => [ACCOUNTS, MASTER, ...lines];
const fileOf = (account: string) =>
  books.act(async (act) => {
    const [hit] = (await findByTokens(act, "customer_number", [account])).get(account) ?? [];
    if (!hit) throw new Error(`no customer ${account}`);
    const { customerId } = hit;
    return {
      customerId,
      file: expectOk(await customerFile(act, customerId)),
      holds: ((await holdsOf(act, [customerId])).get(customerId) ?? []).map(({ ground, endsOn }) => [ground, endsOn]),
    };
  });

test("master data completes customers: name, kind, address, contact, accounts; blocks of the bookkeeping hold the dunning", async () => {
  const lines = master(
    '10001;"Müller & Söhne GmbH";"";"";"";"2";"DE";"123456789";"";"Hauptstr. 1";"";"70173";"Stuttgart";"DE";"0711 123456";"buchhaltung@mueller.example";"DE02120300000000202051";"DE89370400440532013000";14;31122099;0',
    '10003;"";"Berg";"Änne";"";"1";"";"";"Frau";"";"1234";"1010";"Wien";"AT";"";"aenne@berg.example";"";"";;;1',
    '70001;"Lieferant AG";"";"";"";"2";"";"";"";"Weg 9";"";"80939";"München";"DE";"";"";"";"";;;0',
  );
  expect(await take("EXTF_DebKred.csv", lines)).toMatchObject({ status: "ok", imported: { new: 1, known: 1 } });
  const company = await fileOf("10001");
  expect(company.file).toMatchObject({
    identity: {
      company: "Müller & Söhne GmbH",
      addresses: [{ street: "Hauptstr. 1", postcode: "70173", city: "Stuttgart", country: "DE" }],
    },
  });
  expect(company.file.contactPoints.map(({ channel, value }) => [channel, value])).toEqual(
    expect.arrayContaining([
      ["email", "buchhaltung@mueller.example"],
      ["phone", "+49711123456"],
    ]),
  );
  expect(company.holds).toEqual([["manual", "2099-12-31"]]);
  for (const iban of ["DE02120300000000202051", "DE89370400440532013000"]) {
    const hits = await books.act((act) => findByTokens(act, "iban", [iban]));
    expect(hits.get(iban)?.map(({ customerId }) => customerId)).toEqual([company.customerId]);
  }
  const person = await fileOf("10003");
  expect(person.file).toMatchObject({
    kind: "consumer",
    country: "AT",
    identity: {
      firstName: "Änne",
      name: "Berg",
      addresses: [{ street: "Postfach 1234", postcode: "1010", city: "Wien", country: "AT" }],
    },
  });
  expect(person.holds).toEqual([["insolvency", undefined]]);
  await expect(fileOf("70001")).rejects.toThrow("no customer");
});

test("the same master data again changes nothing, and a hold that was lifted stays lifted", async () => {
  const { customerId } = await fileOf("10003");
  const [hold] = (await books.act((act) => holdsOf(act, [customerId]))).get(customerId) ?? [];
  if (!hold) throw new Error("no hold");
  expectOk(await books.act((act) => liftHold(act, customerId, hold.holdId)));
  const again = master(
    '10003;"";"Berg";"Änne";"";"1";"";"";"Frau";"";"1234";"1010";"Wien";"AT";"";"aenne@berg.example";"";"";;;1',
    '10001;"Müller & Söhne GmbH";"";"";"";"2";"DE";"123456789";"";"Hauptstr. 1";"";"70173";"Stuttgart";"DE";"0711 123456";"";"DE02120300000000202051";"";14;31122099;0',
  );
  expect(await take("again.csv", again)).toMatchObject({ imported: { new: 0, known: 2 } });
  expect((await fileOf("10003")).holds).toEqual([]);
  const { file, holds } = await fileOf("10001");
  expect(holds).toEqual([["manual", "2099-12-31"]]);
  expect(file.identity.addresses).toHaveLength(1);
});

test("items of a customer that master data tells to be a company are a company's", async () => {
  await take(
    "first.csv",
    master('10007;"Beispiel AG";"";"";"";"2";"";"";"";"Weg 7";"";"50667";"Köln";"DE";"";"";"";"";;;0'),
  );
  await take("then.csv", [BOOKINGS, COLUMNS, '"10,00";"S";"";10007;8400;"";"0801";"RE-77";"";"";"Rechnung";;']);
  const { customerId, file } = await fileOf("10007");
  expect(file.kind).toBe("business");
  const [item] = await books.act((act) => receivablesOf(act, customerId));
  expect(item).toMatchObject({ number: "RE-77", customerKind: "business" });
});
