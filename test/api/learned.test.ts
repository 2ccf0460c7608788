/** What matching learned, over HTTP: accounts listed and taken away, the sample with its verdicts, who may do what. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawReview } from "../../src/books/matching/index.ts";
import type {
  BankEntry,
  KnownAccount,
  List,
  MatchReview,
  ReviewRow,
  WorkItem,
} from "../../web/console/src/api/contract.ts";
import { day } from "../books/books.ts";
import { type ApiHouse, openApi, type Person } from "./api.ts";
import { openItemsFile, ownAccounts, statementFile, upload } from "./files.ts";

let house: ApiHouse;
let clerk: Person;
let auditor: Person;
const ACCOUNT = "DE02120300000000202051";
const NAMES = ["Anke Amsel", "Bodo Bussard", "Cleo Kranich", "Dora Drossel"];
beforeAll(async () => {
  house = await openApi();
  clerk = await house.person("agent", { limit: 100_000n });
  auditor = await house.person("auditor");
  const rows = NAMES.map((name, at) => {
    const [first, last] = name.split(" ");
    return `K-${at};${first};${last};Weg 1;51147;Köln;;RE-7700${at};01.05.2026;15.05.2026;${20 + at},50`;
  });
  await importFile("posten.csv", openItemsFile(rows));
  const credits = NAMES.map((name, at) => [name, `RE-7700${at}`, `${20 + at}.50`] as const);
  await importFile("auszug.xml", ownAccounts(statementFile(ACCOUNT, credits, "1")));
});
afterAll(() => house.drop());

const importFile = (name: string, content: string) => upload(house, clerk, name, content);
const accounts = (query = "") =>
  house.get<List<KnownAccount>>(`GET /bank/accounts?sort=customer${query}`, { as: clerk });
const post = (path: string, body: unknown, as = clerk) => house.call(`POST ${path}`, { as, body });
test("accounts are listed shortened, with whose they are and how they were learned; searched and by customer", async () => {
  const { rows, total } = await accounts();
  expect(total).toBe(4);
  expect(rows.map((row) => row.customer.name)).toEqual(NAMES);
  expect(rows[0]).toMatchObject({
    iban: expect.stringMatching(/^DE•• •••• \d{4}$/),
    relation: "own",
    learned: { code: "learned_automatic" },
    payments: 1,
    lastPaidOn: "2026-06-01",
    forgottenAt: null,
  });
  expect((await accounts("&q=Bussard")).rows.map((row) => row.customer.name)).toEqual(["Bodo Bussard"]);
  const own = await accounts(`&customer=${rows[2]?.customer.id}`);
  expect(own.rows.map((row) => row.customer.name)).toEqual(["Cleo Kranich"]);
});

test("an account is forgotten, known again, and neither of somebody else nor by who only reads", async () => {
  const { rows } = await accounts();
  const [first, second] = rows;
  const customerId = first?.customer.id;
  const path = (verb: string) => `/bank/accounts/${first?.accountId}/${verb}`;
  expect((await post(path("forget"), { customerId }, auditor)).status).toBe(403);
  expect((await post(path("forget"), { customerId: second?.customer.id })).status).toBe(404);
  expect((await post(path("forget"), { customerId: "x" })).status).toBe(422);
  const forgotten = await post(path("forget"), { customerId });
  expect(forgotten.status, await forgotten.clone().text()).toBe(200);
  expect(((await forgotten.json()) as KnownAccount).forgottenAt).not.toBeNull();
  const listed = (await accounts()).rows.find((row) => row.accountId === first?.accountId);
  expect(listed?.forgottenAt).not.toBeNull();
  const again = (await (await post(path("remember"), { customerId })).json()) as KnownAccount;
  expect(again).toMatchObject({ forgottenAt: null, learned: { code: "learned_remembered" } });
});

test("the sample is shown with its verdicts; a wrong one is undone and leaves the worklist", async () => {
  await house.outreach.act((act) => drawReview(act, house.outreach.creditorId, day("2026-06-01"), 7));
  const shown = () => house.get<MatchReview>("GET /bank/review?month=2026-06", { as: clerk });
  const review = await shown();
  expect(review).toMatchObject({ month: "2026-06", months: ["2026-06"], automatic: 4, decided: 0, errorRate: null });
  const [row] = review.rows;
  expect(row).toMatchObject({ verdict: null, decidedBy: null });
  const work = () => house.get<List<WorkItem>>("GET /worklist?kind=match_review", { as: clerk });
  expect((await work()).rows.map((one) => [one.id, one.acts])).toEqual([[row?.id, ["right", "wrong", "later"]]]);
  expect((await post(`/bank/review/${row?.id}`, { verdict: "wrong" }, auditor)).status).toBe(403);
  expect((await post(`/bank/review/${row?.id}`, { verdict: "maybe" })).status).toBe(422);
  // From the worklist, taken back, and then from the bank's page.
  const decide = (act: string) => post(`/worklist/${row?.id}/decide`, { act, until: null, note: null });
  expect((await decide("done")).status).toBe(403);
  expect((await decide("right")).status).toBe(200);
  expect((await shown()).rows[0]?.verdict).toBe("right");
  expect((await post(`/worklist/${row?.id}/reopen`, {})).status).toBe(200);
  expect((await shown()).rows[0]?.verdict).toBeNull();
  expect((await work()).rows.length).toBe(1);
  const wrong = await post(`/bank/review/${row?.id}`, { verdict: "wrong" });
  expect(wrong.status, await wrong.clone().text()).toBe(200);
  expect(((await wrong.json()) as ReviewRow).verdict).toBe("wrong");
  expect(await shown()).toMatchObject({ decided: 1, wrong: 1 });
  expect((await work()).rows).toEqual([]);
  const entry = await house.get<BankEntry>(`GET /bank/entries/${row?.entry.id}`, { as: clerk });
  // It waits for a person, with what it may be for.
  expect([entry.view, entry.proposals.length]).toEqual(["proposed", 1]);
  const whose = (await accounts()).rows.filter((one) => one.forgottenAt !== null);
  expect(whose.length).toBe(1);
  expect((await post(`/bank/review/${row?.id}`, { verdict: "right" })).status).toBe(409);
});
