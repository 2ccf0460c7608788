/** What matching learns: accounts and their forgetting, decisions, the verdict on a sample. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ibanOf, personOf } from "../../src/doors/bench/house.ts";
import { statementFrom } from "../../src/doors/bench/statement.ts";
import { importFile } from "../../src/books/intake/index.ts";
import {
  confirmProposal,
  decideReview,
  drawReview,
  knownAccounts,
  matchEntries,
  reviewSample,
  setRemembered,
  undoMatch,
} from "../../src/books/matching/index.ts";
import { fade } from "../../src/books/matching/learning/memory.ts";
import { EXAMPLES_MIN, modelOf, retrain, trainOn } from "../../src/books/matching/learning/retrain.ts";
import { SHIPPED } from "../../src/books/matching/learning/shipped.ts";
import { receivablesOf } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { addDays, type CustomerId, expectOk, seededRandom, type Uuid } from "../../src/pure/kernel/index.ts";
import { type Books, day, openBooks, SYSTEM } from "./books.ts";

let books: Books;
const number = (n: number) => `RE-${String(n).padStart(7, "0")}`;
const entryOf = (n: number) =>
  books.act(async (act) => {
    const row = await act.tx.one<{ entry_id: Uuid; status: string; customer_id: CustomerId | null }>(sql`
      select entry_id, status, customer_id from bank_entry where amount_minor = ${1000 + 100 * n} order by booked_on limit 1`);
    if (!row) throw new Error("no such entry");
    return row;
  });
const holders = (iban: string) =>
  books.act(async (act) => (await knownAccounts(act, {}, 100)).rows.filter((row) => row.iban === iban));

beforeAll(async () => {
  books = await openBooks({ settings: { matching: { reviewShare: 1 } } });
  const numbers = [1, 2, 3, 4, 5, 6];
  const list = numbers.map((n) => {
    const { firstName, name } = personOf(n);
    return `K${n},${firstName},${name},${number(n)},2026-03-01,2026-03-15,${10 + n}.00,EUR,${n === 6 ? "2% 400" : ""}`;
  });
  const content = Buffer.from(
    `customer_number,first_name,name,invoice_number,issue_date,due_date,amount,currency,skonto\n${list.join("\n")}\n`,
  );
  await importFile(books.platform, books.tenantId, SYSTEM, { name: "items.csv", content });
  const payments = numbers.slice(0, 5).map((n) => ({
    cents: 1000 + 100 * n,
    payer: n === 2 ? "Zacharias Ungenannt" : `${personOf(n).firstName} ${personOf(n).name}`,
    iban: ibanOf(n),
    text: number(n),
  }));
  const six = { cents: 1568, payer: `${personOf(6).firstName} ${personOf(6).name}`, iban: ibanOf(6), text: number(6) };
  await importFile(books.platform, books.tenantId, SYSTEM, {
    name: "bank.xml",
    content: () => statementFrom([...payments, six]),
  });
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
});
afterAll(() => books.drop());

test("from a list: Skonto within its term settles the item by itself", async () => {
  const open = await books.act((act) =>
    act.tx.rows<{ open: bigint; given: bigint }>(sql`
      select r.open_total as open, (select sum(p.amount_minor)::bigint from posting p where p.customer_id = r.customer_id
        and p.receivable_id = r.receivable_id and p.kind = 'discount') as given
      from receivable r where r.number = ${number(6)}`),
  );
  expect(open).toEqual([{ open: 0n, given: -32n }]);
});

test("sure automatic matches teach the account; undone, it is forgotten and the decision is an example", async () => {
  const [known] = await holders(ibanOf(1));
  expect(known).toMatchObject({ relation: "own", how: "automatic", payments: 1, forgottenAt: null });
  const entry = await entryOf(1);
  expectOk(await books.act((act) => undoMatch(act, entry.entry_id)));
  expect((await holders(ibanOf(1)))[0]?.forgottenAt).not.toBeNull();
  const rows = await books.act((act) =>
    act.tx.rows(sql`select was_right, source from match_example where source = 'undone'`),
  );
  expect(rows).toEqual([{ was_right: false, source: "undone" }]);
});

test("a person confirms whose name does not agree: somebody who pays for the customer", async () => {
  const entry = await entryOf(2);
  expect(entry.status).toBe("proposed");
  expectOk(await books.act((act) => confirmProposal(act, entry.entry_id, 0)));
  expect(await holders(ibanOf(2))).toMatchObject([{ relation: "pays_for", forgottenAt: null }]);
  const rows = await books.act((act) =>
    act.tx.rows(sql`select was_right from match_example where source = 'confirmed'`),
  );
  expect(rows).toEqual([{ was_right: true }]);
});

test("taken away by a person and given back; faded after two years", async () => {
  const [known] = await holders(ibanOf(3));
  if (!known) throw new Error("not learned");
  const found = () =>
    books.act((act) =>
      act.tx.rows(sql`select 1 as one from directory_entry where token = ${known.token} and kind = 'iban'`),
    );
  expect(await found()).toHaveLength(1);
  expect(await books.act((act) => setRemembered(act, known.customerId, known.token, false))).toBe(true);
  expect(await found()).toHaveLength(0);
  await books.act((act) => setRemembered(act, known.customerId, known.token, true));
  expect(await found()).toHaveLength(1);
  const paid = await books.act(async (act) => day(act.tx.now.toISOString().slice(0, 10)));
  await books.act((act) => fade(act, addDays(paid, 300)));
  expect(await found()).toHaveLength(1);
  await books.act((act) => fade(act, addDays(paid, 1_000)));
  expect(await found()).toHaveLength(0);
});

test("found wrong in the sample: undone, and the account points to nobody", async () => {
  const month = await books.act(async (act) => day(`${act.tx.now.toISOString().slice(0, 7)}-01`));
  await books.act((act) => drawReview(act, books.creditorId, month, 3));
  const entry = await entryOf(4);
  const one = (await books.act((act) => reviewSample(act, { month }))).find((row) => row.entryId === entry.entry_id);
  if (!one) throw new Error("not drawn");
  const decided = expectOk(await books.act((act) => decideReview(act, one.reviewId, "wrong")));
  expect(decided.verdict).toBe("wrong");
  // It waits for a person, with what it may be for.
  expect((await entryOf(4)).status).toBe("proposed");
  const [item] = await books.act((act) => receivablesOf(act, one.customerId));
  expect(item?.openTotal).toBe(1400n);
  expect((await holders(ibanOf(4)))[0]?.forgottenAt).not.toBeNull();
});

/** Decisions as the shipped weights would see them; `flip`: where people decide the other way. */
const decisions = (count: number, flip: number) => {
  const random = seededRandom(9);
  return Array.from({ length: count }, () => {
    const features = SHIPPED.weights.map((_, index): number => (index === 0 || random.integer(5) === 0 ? 1 : 0));
    const score = features.reduce((sum, value, index) => sum + value * (SHIPPED.weights[index] ?? 0), 0);
    return { features, right: random.next() < flip ? score <= 0 : score > 0 };
  });
};

test("training is deterministic, used when no worse, refused when it would book something wrong", () => {
  const rows = decisions(400, 0.15);
  const first = trainOn(rows, SHIPPED, 1.1);
  expect(trainOn(rows, SHIPPED, 1.1)).toEqual(first);
  expect(first.lossAfter).toBeLessThanOrEqual(first.lossBefore);
  expect(first.refused).toBeUndefined();
  // What was always right becomes likely enough to book itself; in the newest part it was wrong once.
  const features = SHIPPED.weights.map((_, index) => Number(index === 0 || index === 9));
  const habit = Array.from({ length: 400 }, (_, index) => ({ features, right: index !== 399 }));
  expect(trainOn(habit, SHIPPED, 0.9).refused).toBe("wrong_automatic");
  expect(trainOn(habit.slice(0, 399), SHIPPED, 0.9).refused).toBeUndefined();
});

test("a creditor's own weights from enough decisions on", async () => {
  await books.act(async (act) => {
    expect(await retrain(act, books.creditorId)).toBeUndefined();
    for (const { features, right } of decisions(EXAMPLES_MIN, 0))
      await act.tx.execute(sql`
        insert into match_example (creditor_id, example_id, tenant_id, feature_version, features, was_right, source, learned_on)
        values (${books.creditorId}, ${act.tx.newId<Uuid>()}, ${act.tx.tenantId}, 1, ${`{${features.join(",")}}`}::real[],
                ${right}, 'confirmed', '2026-03-01')`);
  });
  const trained = await books.act((act) => retrain(act, books.creditorId));
  expect(trained?.refused).toBeUndefined();
  expect((await books.act((act) => modelOf(act, books.creditorId))).version).toBe("own-1");
  expect(await books.act((act) => retrain(act, books.creditorId))).toBeUndefined();
});
