/** Payouts by API: listed in words, open lines decided by a person, undone; a creditor's own mappings. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BankEntry, List, Payout, PayoutRow } from "../../web/console/src/api/contract.ts";
import { MOLLIE, PAYPAL } from "../formats/settlement/fixtures.ts";
import { type ApiHouse, openApi, type Person } from "./api.ts";
import { openItemsFile, ownAccounts, statementFile, upload } from "./files.ts";

let house: ApiHouse;
let clerk: Person;
let admin: Person;
const ACCOUNT = "DE02120300000000202051";
beforeAll(async () => {
  house = await openApi();
  clerk = await house.person("agent", { limit: 100_000n });
  admin = await house.person("admin");
  await importFile(
    "posten.csv",
    openItemsFile([
      "K-1;Vera;Kundig;Weg 1;51147;Köln;;RE-1;01.12.2025;15.12.2025;50,00",
      "K-2;Ada;Anders;Weg 2;51147;Köln;;RE-22;01.12.2025;15.12.2025;1200,00",
    ]),
  );
  await importFile("paypal.csv", PAYPAL);
  // The statement is of June; the payout's day is January: a person pairs them.
  await importFile(
    "auszug.xml",
    ownAccounts(statementFile(ACCOUNT, [["PayPal Europe", "Auszahlung", "1157.60"]], "1")),
  );
});
afterAll(() => house.drop());

const importFile = (name: string, content: string) => upload(house, clerk, name, content);
const listed = () => house.get<List<PayoutRow>>("GET /bank/payouts", { as: clerk });
const euros = (amount: string) => ({ amount, currency: "EUR" });

test("a payout waits in words, is paired by hand, its open line booked to a customer, and all of it undone", async () => {
  const [row] = (await listed()).rows;
  expect(row).toMatchObject({
    provider: "PayPal",
    amount: euros("1157.60"),
    state: "waiting",
    said: { text: "The bank entry has not come yet" },
    lines: 3,
    openLines: 3,
  });
  const id = row?.id ?? "";
  const before = await house.get<Payout>(`GET /bank/payouts/${id}`, { as: clerk });
  expect(before).toMatchObject({
    entryId: null,
    candidates: [{ payer: "PayPal Europe" }],
    acts: ["book", "set_aside"],
  });
  const entryId = before.candidates[0]?.entryId ?? "";
  const decide = (body: unknown, line?: number) =>
    house.call(`POST /bank/payouts/${id}${line === undefined ? "" : `/lines/${line}`}/decide`, { as: clerk, body });
  const booked = (await (await decide({ act: "book", entryId })).json()) as Payout;
  expect(booked).toMatchObject({
    state: "partial",
    said: { text: "1 of 3 lines are open" },
    entryId,
    sums: { paid: euros("1240.00"), returned: euros("-50.00"), fees: euros("-32.40"), net: euros("1157.60") },
    acts: ["undo"],
  });
  expect(booked.entryLines.map(({ said, acts }) => [said.text, acts])).toEqual([
    ["Booked", ["undo"]],
    ["the number is unknown", ["book", "set_aside"]],
    ["Booked", ["undo"]],
  ]);
  const customers = await house.get<List<{ id: string; number: string }>>("GET /customers", { as: clerk });
  const customerId = customers.rows.find(({ number }) => number === "K-2")?.id;
  const done = (await (await decide({ act: "book", customerId }, 2)).json()) as Payout;
  expect(done).toMatchObject({ state: "settled", said: { text: "Booked in full" } });
  expect(done.entryLines[1]).toMatchObject({ customer: { number: "K-2" }, invoiceNumber: "RE-2", acts: ["undo"] });

  // The bank entry shows what it was, to the cent.
  const entry = await house.get<BankEntry>(`GET /bank/entries/${entryId}`, { as: clerk });
  expect(entry).toMatchObject({
    view: "booked",
    payout: { id, provider: "PayPal", lines: 3, openLines: 0, sums: { net: entry.amount } },
  });

  expect((await decide({ act: "undo" }, 1)).status).toBe(409);
  expect((await decide({ act: "undo" }, 2)).status).toBe(200);
  const undone = (await (await decide({ act: "undo" })).json()) as Payout;
  expect(undone).toMatchObject({ state: "set_aside", openLines: 3, entryId: null, acts: ["book", "take_up"] });
  expect((await decide({ act: "undo" })).status).toBe(409);
  const free = await house.get<BankEntry>(`GET /bank/entries/${entryId}`, { as: clerk });
  expect(free.view).toBe("unmatched");
  expect(free.payout).toBeUndefined();

  const auditor = await house.person("auditor");
  const seen = await house.get<Payout>(`GET /bank/payouts/${id}`, { as: auditor });
  expect([seen.acts, seen.entryLines.flatMap(({ acts }) => acts)]).toEqual([[], []]);
  const refused = await house.call(`POST /bank/payouts/${id}/decide`, { as: auditor, body: { act: "take_up" } });
  expect(refused.status).toBe(403);
  const none = await house.call(`GET /bank/payouts/${"0".repeat(64)}`, { as: clerk });
  expect(none.status).toBe(404);
});

test("a creditor's mappings are put by an admin, checked, and known to the preview of a file", async () => {
  const path = `/creditors/${house.outreach.creditorId}/settlement-mappings`;
  const mapping = {
    id: "marktplatz",
    provider: "Marktplatz Nord",
    layout: "Abrechnung",
    signature: [["Vorgang"], ["Bruttobetrag"], ["Provision"]],
    columns: { kind: [["Vorgang"]], date: ["Datum"], reference: ["Nr"], invoice: ["Rechnung"] },
    amounts: { gross: { column: ["Bruttobetrag"] }, fees: [["Provision"]], feeSign: "cost", minorUnits: false },
    kinds: [{ kind: "payment", is: ["Verkauf"] }],
    payouts: { by: "column", reference: ["Abrechnung"] },
    joinByOrder: false,
  };
  const put = (mappings: readonly unknown[], as = admin) => house.call(`PUT ${path}`, { as, body: { mappings } });
  expect((await put([mapping], clerk)).status).toBe(403);
  const wrong = await put([mapping, { ...mapping, kinds: [{ kind: "sale", is: ["Verkauf"] }] }]);
  expect(wrong.status).toBe(422);
  expect(await wrong.json()).toMatchObject({ code: "settlement_mapping_invalid", where: "1.kinds.0.kind" });
  expect((await put([mapping])).status).toBe(200);
  const now = await house.get<{ own: { id: string }[]; shipped: { id: string }[] }>(`GET ${path}`, { as: clerk });
  expect(now.own.map(({ id }) => id)).toEqual(["marktplatz"]);
  expect(now.shipped.map(({ id }) => id)).toContain("paypal");

  await importFile(
    "abrechnung.csv",
    "Abrechnung;Datum;Vorgang;Nr;Rechnung;Bruttobetrag;Provision\nA-1;05.06.2026;Verkauf;V1;RE-9;100,00;3,00\n",
  );
  const found = (await listed()).rows.find(({ provider }) => provider === "Marktplatz Nord");
  expect(found).toMatchObject({ reference: "A-1", amount: euros("97.00"), lines: 1 });
});

test("a payout whose lines come to nothing in a file without an amount waits for a person, and says why", async () => {
  // What the lines without the last come to is zero: a file cut short would look the same.
  const lines = MOLLIE.trimEnd().split("\n");
  await importFile("mollie.csv", [lines[0], lines[2], lines[3]].join("\n"));
  const found = (await listed()).rows.find(({ provider }) => provider === "Mollie");
  expect(found).toMatchObject({ amount: euros("0.00"), state: "waiting", lines: 2 });
  const said = async (language: string) =>
    (
      (await (
        await house.call(`GET /bank/payouts/${found?.id}`, { as: clerk, headers: { "accept-language": language } })
      ).json()) as Payout
    ).said;
  expect(await said("en")).toMatchObject({
    code: "payout_waiting_nothing",
    text: "The lines come to nothing, but the file states no amount: is a line missing? Please look and book",
  });
  expect((await said("de")).text).toBe(
    "Die Zeilen ergeben null, aber die Datei nennt keinen Betrag: Fehlt eine Zeile? Bitte prüfen und buchen",
  );
  const { acts } = await house.get<Payout>(`GET /bank/payouts/${found?.id}`, { as: clerk });
  expect(acts).toEqual(["book", "set_aside"]);
  const booked = await house.call(`POST /bank/payouts/${found?.id}/decide`, {
    as: clerk,
    body: { act: "book", entryId: null },
  });
  expect(booked.status, await booked.clone().text()).toBe(200);
});
