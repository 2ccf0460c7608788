/** Files that may be one person over HTTP: list, compare, merge, take back, remember. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type {
  Customer,
  DuplicatePair,
  DuplicateRow,
  Item,
  ItemDetail,
  List,
  Related,
} from "../../web/console/src/api/contract.ts";
import { addNote, takeCustomers } from "../../src/books/customers/index.ts";
import { findDuplicates } from "../../src/books/duplicates/index.ts";
import { attachDocument, bookPayment } from "../../src/books/receivables/index.ts";
import { EUR, expectOk } from "../../src/pure/kernel/index.ts";
import { customerInput, day, makeItem, SYSTEM } from "../books/books.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";

let house: ApiHouse;
let agent: Person;
let auditor: Person;
beforeAll(async () => {
  house = await openApi();
  agent = await house.person("agent");
  auditor = await house.person("auditor");
  const { outreach } = house;
  await outreach.act(async (act) => {
    const email = "erika@kunde.example";
    const taken = await takeCustomers(act, [
      customerInput(outreach, "20001", {}, { email }),
      customerInput(outreach, "20002", { firstName: "Erica" }, { email }),
      customerInput(outreach, "20003", { firstName: "Hans" }, { email }),
    ]);
    const guest = taken.get("20002");
    if (!guest) throw new Error("not taken");
    await makeItem(act, outreach, guest.customerId, "RE-D1", 4_200n);
    const paid = await makeItem(act, outreach, guest.customerId, "RE-D2", 900n);
    await bookPayment(act, {
      customerId: guest.customerId,
      creditorId: outreach.creditorId,
      amountMinor: 900n,
      currency: EUR,
      valueOn: day("2026-04-01"),
      designated: [paid],
    });
    await attachDocument(act, {
      customerId: guest.customerId,
      receivableId: paid,
      kind: "original_invoice",
      mediaType: "application/xml",
      bytes: Buffer.from("<Invoice/>"),
    });
    expectOk(await addNote(act, guest.customerId, "Ruft selbst an"));
  });
  await findDuplicates(outreach.platform, outreach.tenantId, SYSTEM);
});
afterAll(() => house.drop());

test("a clerk compares two files, merges them, and takes it back", async () => {
  const { rows, total } = await house.get<List<DuplicateRow>>("GET /duplicates?certainty=sure", { as: agent });
  expect(total).toBe(1);
  expect(rows).toMatchObject([{ certainty: "sure", state: "open", open: [{ amount: "42.00", currency: "EUR" }] }]);
  const pairId = rows[0]?.id ?? "";
  const pair = await house.get<DuplicatePair>(`GET /duplicates/${pairId}`, { as: agent });
  expect(pair.fields.map((field) => [field.label.code, field.agreement])).toEqual([
    ["name", "similar"],
    ["address", "same"],
    ["email", "same"],
  ]);
  expect(pair).toMatchObject({ mayDecide: true, mayUndo: false });
  const stays = pair.sides.find((side) => side.customer.number === "20001")?.customer.id ?? "";
  const goes = pair.sides.find((side) => side.customer.number === "20002")?.customer.id ?? "";

  expect(
    await refusal(
      await house.call(`POST /duplicates/${pairId}/decide`, { as: auditor, body: { act: "merge", survivor: stays } }),
    ),
  ).toEqual([403, "not_allowed"]);
  const merged = await house.get<DuplicatePair>(`POST /duplicates/${pairId}/decide`, {
    as: agent,
    body: { act: "merge", survivor: stays },
  });
  expect(merged).toMatchObject({ state: "merged", survivor: stays, mayDecide: false, mayUndo: true });
  expect(await house.get<Related>(`GET /customers/${goes}/related`, { as: agent })).toMatchObject({
    mergedInto: { number: "20001" },
  });
  expect(await house.get<Related>(`GET /customers/${stays}/related`, { as: agent })).toMatchObject({
    mergedInto: null,
    merged: [{ customer: { number: "20002" }, pairId }],
  });
  // Whoever opens the file that stays sees all of it, and where it came from.
  const whole = () => house.get<Customer>(`GET /customers/${stays}`, { as: agent });
  const { counts, notes, timeline } = await whole();
  expect(counts).toMatchObject({ items: 2, documents: 1 });
  expect(notes).toMatchObject([{ text: "Ruft selbst an", author: expect.stringContaining("20002") as string }]);
  const told = timeline.filter((entry) => entry.detail?.text.includes("20002")).map((entry) => entry.title.code);
  expect(told.sort()).toEqual(["item_claimed", "item_claimed", "payment_in"]);
  expect(new Set(timeline.map((entry) => entry.id)).size).toBe(timeline.length);
  const items = await house.get<List<Item>>(`GET /customers/${stays}/items`, { as: agent });
  expect(items.rows.map((item) => [item.number, item.state, item.open.amount, item.original.amount])).toEqual([
    ["RE-D1", "open", "42.00", "42.00"],
    ["RE-D2", "paid", "0.00", "9.00"],
  ]);
  const documentId = items.rows[1]?.documentId ?? "";
  expect((await house.call(`GET /documents/${documentId}`, { as: agent })).status).toBe(200);
  const detail = await house.get<ItemDetail>(`GET /customers/${stays}/items/${items.rows[1]?.id}`, { as: agent });
  expect(detail.postings.map((posting) => posting.kind)).toEqual(["payment", "claim"]);

  expect(
    await refusal(await house.call(`POST /duplicates/${pairId}/decide`, { as: agent, body: { act: "different" } })),
  ).toEqual([409, "already_done"]);

  const back = await house.get<DuplicatePair>(`POST /duplicates/${pairId}/undo`, { as: agent });
  expect(back).toMatchObject({ state: "open", mayDecide: true });
  expect(await whole()).toMatchObject({ counts: { items: 0, documents: 0 }, notes: [] });
  await house.get(`POST /duplicates/${pairId}/decide`, { as: agent, body: { act: "different" } });
  // Remembered: comparing again does not bring it back.
  await findDuplicates(house.outreach.platform, house.outreach.tenantId, SYSTEM);
  expect(
    (await house.get<List<DuplicateRow>>("GET /duplicates", { as: agent })).rows.map((row) => row.id),
  ).not.toContain(pairId);
  expect((await house.get<List<DuplicateRow>>("GET /duplicates?state=different", { as: agent })).total).toBe(1);
});
