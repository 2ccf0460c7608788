/** DATEV files taken in: what a batch of bookings leaves open, master data that completes it, the same file again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { openIdentities } from "../../src/books/customers/index.ts";
import { receivablesOf } from "../../src/books/receivables/index.ts";
import { findByTokens } from "../../src/platform/sealed/index.ts";
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
