/** Files that may be one person over HTTP: list, compare, merge, take back, remember. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DuplicatePair, DuplicateRow, List, Related } from "../../web/console/src/api/contract.ts";
import { takeCustomers } from "../../src/books/customers/index.ts";
import { findDuplicates } from "../../src/books/duplicates/index.ts";
import { customerInput, makeItem, SYSTEM } from "../books/books.ts";
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
    if (guest) await makeItem(act, outreach, guest.customerId, "RE-D1", 4_200n);
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
  expect(
    await refusal(await house.call(`POST /duplicates/${pairId}/decide`, { as: agent, body: { act: "different" } })),
  ).toEqual([409, "already_done"]);

  const back = await house.get<DuplicatePair>(`POST /duplicates/${pairId}/undo`, { as: agent });
  expect(back).toMatchObject({ state: "open", mayDecide: true });
  await house.get(`POST /duplicates/${pairId}/decide`, { as: agent, body: { act: "different" } });
  // Remembered: comparing again does not bring it back.
  await findDuplicates(house.outreach.platform, house.outreach.tenantId, SYSTEM);
  expect(
    (await house.get<List<DuplicateRow>>("GET /duplicates", { as: agent })).rows.map((row) => row.id),
  ).not.toContain(pairId);
  expect((await house.get<List<DuplicateRow>>("GET /duplicates?state=different", { as: agent })).total).toBe(1);
});
