/** A protected file is neither read nor changed through its money by somebody who is not named. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { protectCustomer } from "../../src/books/customers/index.ts";
import { drawReview } from "../../src/books/matching/index.ts";
import type {
  BankEntry,
  DuplicatePayment,
  List,
  MatchReview,
  Payout,
  PayoutRow,
} from "../../web/console/src/api/contract.ts";
import { day } from "../books/books.ts";
import { PAYPAL } from "../formats/settlement/fixtures.ts";
import { type ApiHouse, openApi, type Person } from "./api.ts";
import { openItemsFile, ownAccounts, statementFile, upload } from "./files.ts";

let house: ApiHouse;
let clerk: Person;
let manager: Person;
let twice: DuplicatePayment | undefined;
let sampled: MatchReview["rows"][number] | undefined;
let payoutId: string;
const ACCOUNT = "DE02120300000000202051";

beforeAll(async () => {
  house = await openApi();
  clerk = await house.person("agent", { limit: 100_000n });
  manager = await house.person("manager", { limit: 100_000n });
  await importFile(
    "posten.csv",
    openItemsFile([
      "K-0;Vera;Kundig;Weg 1;51147;Köln;;RE-77000;01.05.2026;15.05.2026;20,50",
      "K-1;Ada;Anders;Weg 2;51147;Köln;;RE-1;01.12.2025;15.12.2025;50,00",
    ]),
  );
  for (const number of ["1", "2"])
    await importFile(
      `auszug${number}.xml`,
      ownAccounts(statementFile(ACCOUNT, [["Vera Kundig", "RE-77000", "20.50"]], number)),
    );
  await importFile("paypal.csv", PAYPAL);
  await importFile(
    "auszug3.xml",
    ownAccounts(statementFile(ACCOUNT, [["PayPal Europe", "Auszahlung", "1157.60"]], "3")),
  );
  await house.outreach.act((act) => drawReview(act, house.outreach.creditorId, day("2026-06-01"), 7));
  [twice] = (await house.get<List<DuplicatePayment>>("GET /bank/duplicate-payments", { as: clerk })).rows;
  [sampled] = (await house.get<MatchReview>("GET /bank/review?month=2026-06", { as: clerk })).rows;
  const [payout] = (await house.get<List<PayoutRow>>("GET /bank/payouts", { as: clerk })).rows;
  payoutId = payout?.id ?? "";
  const { candidates } = await house.get<Payout>(`GET /bank/payouts/${payoutId}`, { as: clerk });
  const paired = await post(`/bank/payouts/${payoutId}/decide`, { act: "book", entryId: candidates[0]?.entryId });
  expect(paired.status, await paired.clone().text()).toBe(200);
  const found = await house.get<List<{ id: string }>>("GET /customers", { as: clerk });
  expect(found.rows).toHaveLength(2);
  for (const { id } of found.rows) await house.outreach.act((act) => protectCustomer(act, id as never, []));
}, 120_000);
afterAll(() => house.drop());

const importFile = (name: string, content: string) => upload(house, clerk, name, content);
const post = (path: string, body: unknown, as = clerk) => house.call(`POST ${path}`, { as, body });
const refused = async (path: string, body: unknown): Promise<void> => {
  const answer = await post(path, body);
  expect([path, answer.status, ((await answer.json()) as { code?: string }).code]).toEqual([
    path,
    403,
    "customer_restricted",
  ]);
};

test("nobody else decides the sample, what was paid twice, a booking, a proposal or a payout's line", async () => {
  await refused(`/bank/review/${sampled?.id}`, { verdict: "wrong" });
  await refused(`/bank/review/${sampled?.id}`, { verdict: "right" });
  await refused(`/bank/duplicate-payments/${twice?.id}/decide`, { act: "keep" });
  expect((await post(`/bank/entries/${sampled?.entry.id}/reopen`, {})).status).toBe(404);
  await refused(`/bank/entries/${twice?.second.entryId}/book`, { proposal: 1 });
  await refused(`/bank/payouts/${payoutId}/lines/1/decide`, { act: "undo" });
  await refused(`/bank/payouts/${payoutId}/decide`, { act: "undo" });
  const together = await post("/bank/reopen", { entryIds: [sampled?.entry.id] });
  expect(await together.json()).toMatchObject({ done: [], left: [{ entryId: sampled?.entry.id }] });
});

test("nobody else reads the payer, the text or the numbers of money that is booked to it", async () => {
  expect((await house.get<MatchReview>("GET /bank/review?month=2026-06", { as: clerk })).rows).toEqual([]);
  expect((await house.get<List<DuplicatePayment>>("GET /bank/duplicate-payments", { as: clerk })).rows).toEqual([]);
  const path = `GET /bank/entries/${sampled?.entry.id}`;
  expect((await house.call(path, { as: clerk })).status).toBe(404);
  expect((await house.get<List<BankEntry>>("GET /bank/entries?q=Kundig&view=booked", { as: clerk })).rows).toEqual([]);
  const shown = await house.call(`GET /bank/payouts/${payoutId}`, { as: clerk });
  expect(await shown.text()).not.toMatch(/RE-1\b|Anders|K-1\b/);
  expect(await house.get<BankEntry>(path, { as: manager })).toMatchObject({
    payer: "Vera Kundig",
    remittance: "RE-77000",
  });
});

test("who may open protected files decides them", async () => {
  const kept = await post(`/bank/duplicate-payments/${twice?.id}/decide`, { act: "keep" }, manager);
  expect(kept.status, await kept.clone().text()).toBe(200);
  const right = await post(`/bank/review/${sampled?.id}`, { verdict: "right" }, manager);
  expect(right.status, await right.clone().text()).toBe(200);
  const undone = await post(`/bank/payouts/${payoutId}/decide`, { act: "undo" }, manager);
  expect(undone.status, await undone.clone().text()).toBe(200);
});
