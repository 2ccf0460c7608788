/** Sure proposals booked in one act and taken back; how long unmatched money has been waiting. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BankEntryRow, BatchDone, List, SureGroup, UnmatchedAgeing } from "../../web/console/src/api/contract.ts";
import { type ApiHouse, openApi, type Person } from "./api.ts";
import { openItemsFile, ownAccounts, statementFile, upload } from "./files.ts";

let house: ApiHouse;
let clerk: Person;
beforeAll(async () => {
  house = await openApi();
  clerk = await house.person("agent");
  const rows = [0, 1, 2].map(
    (at) => `K-${at};Vera${at};Kundig;Weg 1;51147;Köln;;RE-7700${at};01.05.2026;15.05.2026;${20 + at},50`,
  );
  await importFile("posten.csv", openItemsFile(rows));
  const credits = [0, 1, 2].map((at) => [`Vera${at} Kundig`, `RE-7700${at}`, `${20 + at}.50`] as const);
  await importFile(
    "auszug.xml",
    ownAccounts(statementFile("DE02120300000000202051", [...credits, ["Niemand", "Spende", "7.00"]])),
  );
});
afterAll(() => house.drop());

const importFile = (name: string, content: string) => upload(house, clerk, name, content);
const list = (query: string) => house.get<List<BankEntryRow>>(`GET /bank/entries?${query}`, { as: clerk });
const post = async <T>(route: string, body: unknown): Promise<T> => {
  const answer = await house.call(`POST ${route}`, { as: clerk, body });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as T;
};

test("booked by itself, taken back, sure to a person: booked together and taken back together", async () => {
  const booked = (await list("view=booked")).rows.map((row) => row.id);
  expect(booked).toHaveLength(3);
  const back = await post<BatchDone>("/bank/reopen", { entryIds: booked });
  expect([...back.done].sort()).toEqual([...booked].sort());
  const groups = await house.get<SureGroup[]>("GET /bank/sure", { as: clerk });
  expect(groups.map((group) => [group.kind.code, group.entries, group.sums])).toEqual([
    ["sure_number_amount", 3, [{ amount: "64.50", currency: "EUR" }]],
  ]);
  const preview = (await list("view=proposed&sure=sure_number_amount")).rows;
  expect(preview.map((row) => row.customer?.name).sort()).toEqual(["Vera0 Kundig", "Vera1 Kundig", "Vera2 Kundig"]);
  const wrong = await post<BatchDone>("/bank/book-sure", { kind: "sure_name_amount", entryIds: booked });
  expect([wrong.done, wrong.left.length]).toEqual([[], 3]);
  const done = await post<BatchDone>("/bank/book-sure", { kind: "sure_number_amount", entryIds: booked });
  expect([[...done.done].sort(), done.left]).toEqual([[...booked].sort(), []]);
  expect((await list("view=proposed")).total).toBe(0);
  const again = await post<BatchDone>("/bank/book-sure", { kind: "sure_number_amount", entryIds: booked });
  expect([again.done, again.left.length]).toEqual([[], 3]);
});

test("unmatched money by age, and the list of a band", async () => {
  const [ageing] = await house.get<UnmatchedAgeing[]>("GET /bank/ageing", { as: clerk });
  expect(ageing).toMatchObject({ currency: "EUR", entries: 1, amount: { amount: "7.00" }, oldest: "2026-06-01" });
  expect(ageing?.bands.map((band) => [band.fromDay, band.toDay, band.entries])).toEqual([
    [0, 7, 1],
    [8, 14, 0],
    [15, 30, 0],
    [31, 90, 0],
    [91, null, 0],
  ]);
  expect((await list("view=unmatched&agefrom=0&ageto=7")).total).toBe(1);
  expect((await list("view=unmatched&agefrom=8")).total).toBe(0);
});
