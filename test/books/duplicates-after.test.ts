/** What comes after two files became one, and after that was taken back: payments, returns, lists, messages, other merges. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CustomerInput,
  findCustomersBy,
  setConsent,
  contactPointsOf,
  survivorOf,
  takeCustomers,
} from "../../src/books/customers/index.ts";
import { bringAlong, mergeCustomers, undoMerge } from "../../src/books/duplicates/index.ts";
import { creditBalances, decideRefund, proposeRefund } from "../../src/books/banking/index.ts";
import { importFile, matchesOfFile } from "../../src/books/intake/index.ts";
import {
  bookByHand,
  decideReview,
  drawReview,
  knownAccounts,
  matchEntries,
  paidTwice,
  reviewSample,
  setRemembered,
} from "../../src/books/matching/index.ts";
import { bookPayment, openItems, receivablesOf, settleOnAccount, tasks } from "../../src/books/receivables/index.ts";
import { contactFacts, messagingFollower } from "../../src/outreach/messaging/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, type ReceivableId, type Uuid } from "../../src/pure/kernel/index.ts";
import { camt053, type TestPayment } from "./banking-files.ts";
import { type Books, customerInput, day, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks({ settings: { matching: { reviewShare: 1 } } });
});
afterAll(() => books.drop());

const FOLLOWERS = [messagingFollower];
let serial = 0;
interface Person {
  readonly customerId: CustomerId;
  readonly number: string;
  readonly name: string;
}
const letters = (n: number): string => [...String(n)].map((figure) => "abcdefghij"[Number(figure)]).join("");

async function person(act: Act, more: Partial<CustomerInput> = {}): Promise<Person> {
  serial += 1;
  const [number, last] = [`N-${serial}`, `Zander${letters(serial)}`];
  const taken = (await takeCustomers(act, [customerInput(books, number, { firstName: "Zoe", name: last }, more)])).get(
    number,
  );
  if (!taken) throw new Error("not taken");
  return { customerId: taken.customerId, number, name: `Zoe ${last}` };
}
const invoice = (): string => `RE-${String(5_000_000 + (serial += 1))}`;
const merge = (survivor: Person, merged: Person): Promise<Uuid> =>
  books.act(async (act) => expectOk(await mergeCustomers(act, survivor.customerId, merged.customerId, FOLLOWERS)));
const undo = (survivor: Person, mergeId: Uuid) =>
  books.act(async (act) => expectOk(await undoMerge(act, survivor.customerId, mergeId, FOLLOWERS)));
const open = (of: Person): Promise<[ReceivableId, bigint][]> =>
  books.act(async (act) =>
    ((await openItems(act, [of.customerId])).get(of.customerId) ?? []).map((item) => [
      item.receivableId,
      item.openTotal,
    ]),
  );

let files = 0;
async function play(payment: TestPayment) {
  files += 1;
  const name = `s${files}.xml`;
  const date = `2026-04-${String(files).padStart(2, "0")}`;
  const content = camt053({ id: `S${files}`, date, payments: [payment] });
  expect((await importFile(books.platform, books.tenantId, SYSTEM, { name, content })).status).toBe("ok");
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
  const [match] = expectOk(await books.act((act) => matchesOfFile(act, name)));
  if (!match) throw new Error("no entry");
  return match;
}

describe("payments", () => {
  test("an account learned for the merged file finds the survivor, and the merged file again when it is taken back", async () => {
    const iban = "DE89370400440532013000";
    const [a, b] = await books.act(async (act) => [await person(act), await person(act)] as const);
    const first = invoice();
    const items = await books.act(async (act) => {
      await makeItem(act, books, b.customerId, first, 3_111n);
      return [
        await makeItem(act, books, b.customerId, invoice(), 4_222n),
        await makeItem(act, books, b.customerId, invoice(), 5_333n),
      ];
    });
    expect((await play({ amount: "31.11", name: b.name, iban, text: first })).status).toBe("booked");
    const mergeId = await merge(a, b);
    await play({ amount: "42.22", name: b.name, iban, text: "Danke" });
    expect((await open(a)).map(([id]) => id)).toEqual([items[1]]);
    const known = () => books.act(async (act) => (await knownAccounts(act, { customerId: a.customerId }, 9)).rows);
    expect(await known()).toMatchObject([{ customerId: b.customerId, iban, payments: 2, relation: "own" }]);

    // Taken away and given back by a person, it leads to the survivor still.
    const [account] = await known();
    if (!account) throw new Error("not known");
    const { token } = account;
    await books.act((act) => setRemembered(act, b.customerId, token, false));
    const holders = () => books.act(async (act) => (await findCustomersBy(act, "iban", [iban])).get(iban) ?? []);
    expect(await holders()).toEqual([]);
    await books.act((act) => setRemembered(act, b.customerId, token, true));
    expect(await holders()).toEqual([a.customerId]);

    await undo(a, mergeId);
    expect(await holders()).toEqual([b.customerId]);
    expect(await known()).toEqual([]);
    await play({ amount: "53.33", name: b.name, iban, text: "Danke" });
    expect(await open(b)).toEqual([]);
  });

  test("what was settled before: paid twice is told of, sent back it opens at the survivor, and goes back with an undo", async () => {
    const [a, b] = await books.act(async (act) => [await person(act), await person(act)] as const);
    const number = invoice();
    const item = await books.act((act) => makeItem(act, books, b.customerId, number, 2_777n));
    await play({ amount: "27.77", name: b.name, text: number, endToEndId: "E2E-MERGED-1" });
    const mergeId = await merge(a, b);
    const second = await play({ amount: "27.77", name: b.name, text: number });
    expect(second.status).toBe("proposed");
    const [twice] = await books.act((act) => paidTwice(act, { state: "open" }));
    expect(twice).toMatchObject({ customerId: a.customerId, number, amountMinor: 2_777n });

    await play({ amount: "27.77", credit: false, returnCode: "AM04", endToEndId: "E2E-MERGED-1", text: number });
    await books.act((act) => bringAlong(act, b.customerId));
    expect(await open(a)).toEqual([[item, 2_777n]]);
    expect(await open(b)).toEqual([]);
    await undo(a, mergeId);
    expect(await open(a)).toEqual([]);
    expect(await open(b)).toEqual([[item, 2_777n]]);
  });

  test("a sampled match of the merged file is decided at the survivor", async () => {
    const iban = "DE02100500000054540402";
    const [a, b] = await books.act(async (act) => [await person(act), await person(act)] as const);
    const number = invoice();
    await books.act((act) => makeItem(act, books, b.customerId, number, 1_999n));
    const paid = await play({ amount: "19.99", name: b.name, iban, text: number });
    const month = await books.act(async (act) => day(`${act.tx.now.toISOString().slice(0, 7)}-01`));
    await books.act((act) => drawReview(act, books.creditorId, month, 1));
    await merge(a, b);
    const one = (await books.act((act) => reviewSample(act, { month }))).find((row) => row.entryId === paid.entryId);
    if (!one) throw new Error("not drawn");
    const waiting = () => books.act((act) => tasks(act, { customerId: a.customerId, kind: "match_review" }));
    expect(await waiting()).toHaveLength(1);
    expectOk(await books.act((act) => decideReview(act, one.reviewId, "right")));
    expect(await waiting()).toEqual([]);
    expectOk(await books.act((act) => decideReview(act, one.reviewId, null)));
    expect(await waiting()).toHaveLength(1);
    expectOk(await books.act((act) => decideReview(act, one.reviewId, "wrong")));
    expect(await waiting()).toEqual([]);
    expect(await books.act(async (act) => (await findCustomersBy(act, "iban", [iban])).get(iban) ?? [])).toEqual([]);
    await books.act((act) => bringAlong(act, b.customerId));
    expect((await open(a)).map(([, minor]) => minor)).toEqual([1_999n]);
  });
});

describe("lists", () => {
  test("what comes under the merged number stands at the survivor and goes back; what comes under its own stays", async () => {
    const [a, b] = await books.act(async (act) => [await person(act), await person(act)] as const);
    const settled = invoice();
    await books.act(async (act) => {
      const item = await makeItem(act, books, b.customerId, settled, 1_000n);
      await bookPayment(act, {
        customerId: b.customerId,
        creditorId: books.creditorId,
        amountMinor: 1_000n,
        currency: EUR,
        valueOn: day("2026-04-01"),
        designated: [item],
      });
    });
    const mergeId = await merge(a, b);
    const [ofB, ofA] = [invoice(), invoice()];
    const list = (rows: readonly (readonly [Person, string, string])[]): Buffer =>
      Buffer.from(
        `customer_number,first_name,name,invoice_number,issue_date,due_date,amount,currency\n${rows
          .map(([of, number, amount]) => `${of.number},Zoe,Zander,${number},2026-03-01,2026-03-15,${amount},EUR`)
          .join("\n")}\n`,
      );
    const take = async (name: string, rows: readonly (readonly [Person, string, string])[]) => {
      const report = await importFile(books.platform, books.tenantId, SYSTEM, { name, content: list(rows) });
      expect(report.status).toBe("ok");
      return report;
    };
    await take("one.csv", [[b, ofB, "11.00"], [a, ofA, "12.00"], [b, settled, "10.00"]]); // biome-ignore format: a list
    expect((await open(a)).map(([, minor]) => minor).sort()).toEqual([1_100n, 1_200n]);
    // Named again, the settled one has come along with its history, and nothing is owed anew.
    const items = await books.act((act) => receivablesOf(act, a.customerId));
    expect(items.find((item) => item.number === settled)).toMatchObject({ openTotal: 0n });

    await undo(a, mergeId);
    expect((await open(a)).map(([, minor]) => minor)).toEqual([1_200n]);
    expect((await open(b)).map(([, minor]) => minor)).toEqual([1_100n]);
    await take("two.csv", [[b, ofB, "11.00"], [a, ofA, "12.00"], [b, settled, "10.00"], [b, invoice(), "13.00"]]); // biome-ignore format: a list
    expect((await open(a)).map(([, minor]) => minor)).toEqual([1_200n]);
    expect((await open(b)).map(([, minor]) => minor).sort()).toEqual([1_100n, 1_300n]);
  });
});

describe("contact", () => {
  const asked = (act: Act, of: Person, state = "left") =>
    act.tx.execute(sql`
      insert into message (customer_id, message_id, tenant_id, creditor_id, brand_id, kind, template_key, channel, tone,
                           language, state, leave_after, queued_at, left_at)
      values (${of.customerId}, ${act.tx.newId()}, ${act.tx.tenantId}, ${books.creditorId}, ${books.brandId}, 'ask', 'reminder',
              'email', 'friendly', 'de', ${state}, ${act.tx.now}, ${act.tx.now}, ${act.tx.now})`);
  const facts = (of: Person) =>
    books.act(async (act) => {
      const today = day(act.tx.now.toISOString().slice(0, 10));
      return (await contactFacts(act, [of.customerId], today)).get(of.customerId);
    });

  test("asks of both files count once they are one; after an undo, what left meanwhile counts for both", async () => {
    const [a, b] = await books.act(async (act) => [await person(act), await person(act)] as const);
    await books.act((act) => asked(act, a));
    await books.act((act) => asked(act, b));
    await books.act((act) => asked(act, b, "parked"));
    books.kulanz.advance({ minutes: 1 });
    const mergeId = await merge(a, b);
    expect((await facts(a))?.asks).toHaveLength(3);
    expect(await facts(a)).toMatchObject({ unclearMessages: 1 });
    books.kulanz.advance({ minutes: 1 });
    await books.act((act) => asked(act, a));
    books.kulanz.advance({ minutes: 1 });
    await undo(a, mergeId);
    await books.act((act) => asked(act, a));
    expect((await facts(a))?.asks).toHaveLength(3);
    // Two of its own, and the one that left while both were one.
    expect((await facts(b))?.asks).toHaveLength(3);
  });

  test("the stricter consent wins for one address, and what is withdrawn while they are one stays so for both", async () => {
    const email = `zoe${(serial += 1)}@post.example`;
    const [a, b] = await books.act(
      async (act) => [await person(act, { email }), await person(act, { email })] as const,
    );
    const consents = async (of: Person) =>
      (await books.act((act) => contactPointsOf(act, of.customerId)))
        .filter((point) => point.channel === "email")
        .map((point) => point.consent);
    await books.act(async (act) => {
      const [point] = (await contactPointsOf(act, b.customerId)).filter(({ channel }) => channel === "email");
      expectOk(await setConsent(act, b.customerId, point?.contactPointId ?? "", "withdrawn", "phone"));
    });
    const mergeId = await merge(a, b);
    expect(await consents(a)).toEqual(["withdrawn"]);
    await undo(a, mergeId);
    expect([await consents(a), await consents(b)]).toEqual([["contract"], ["withdrawn"]]);
  });
});

describe("money on account", () => {
  test("a credit of the merged file pays the survivor's items; what is spent can't go back and is said", async () => {
    const [a, b] = await books.act(async (act) => [await person(act), await person(act)] as const);
    await books.act(async (act) => {
      await makeItem(act, books, a.customerId, invoice(), 3_000n);
      const paid = { creditorId: books.creditorId, currency: EUR, valueOn: day("2026-04-01"), designated: [] };
      await bookPayment(act, { ...paid, customerId: b.customerId, amountMinor: 5_000n });
    });
    const mergeId = await merge(a, b);
    const balances = (of: Person) =>
      books.act((act) => creditBalances(act, day("2026-06-01"), { customerId: of.customerId }));
    expect(await balances(b)).toEqual([]);
    expect(await balances(a)).toMatchObject([{ amountMinor: 5_000n }]);
    await books.act((act) => settleOnAccount(act, a.customerId, day("2026-04-02")));
    expect((await open(a)).map(([, minor]) => minor)).toEqual([-2_000n]);
    expect(await undo(a, mergeId)).toEqual({ spentMinor: { EUR: 3_000n } });
    expect(await open(a)).toEqual([]);
    expect((await open(b)).map(([, minor]) => minor)).toEqual([-2_000n]);
  });
});

describe("refunds", () => {
  test("a refund goes to the account the merged file paid from; one that waits keeps the file from going", async () => {
    const iban = "DE75512108001245126199";
    const [a, b] = await books.act(async (act) => [await person(act), await person(act)] as const);
    const number = invoice();
    await books.act((act) => makeItem(act, books, b.customerId, number, 2_000n));
    await play({ amount: "20.00", name: b.name, iban, text: number });
    const more = await play({ amount: "77.00", name: b.name, iban, text: `${number} zu viel` });
    expectOk(await books.act((act) => bookByHand(act, more.entryId, b.customerId, [])));
    const refund = (of: Person, receivableId: ReceivableId) =>
      books.act((act) => proposeRefund(act, { customerId: of.customerId, receivableId, amountMinor: 7_700n }));
    const [atB] = await open(b);
    const waiting = expectOk(await refund(b, atB?.[0] as ReceivableId));
    expect(waiting.account?.iban).toBe(iban);
    expect(await books.act((act) => mergeCustomers(act, a.customerId, b.customerId, FOLLOWERS))).toMatchObject({
      error: { code: "refund_pending" },
    });
    expectOk(await books.act((act) => decideRefund(act, waiting.refundId, "withdraw")));
    await merge(a, b);
    const [atA] = await open(a);
    expect(expectOk(await refund(a, atA?.[0] as ReceivableId))).toMatchObject({
      customerId: a.customerId,
      account: { iban },
    });
  });
});

describe("merges that meet", () => {
  test("a payment that goes back after a merge was taken back and made again stays with the survivor", async () => {
    const [a, b] = await books.act(async (act) => [await person(act), await person(act)] as const);
    await books.act((act) => makeItem(act, books, b.customerId, invoice(), 1_234n));
    await undo(a, await merge(a, b));
    await merge(a, b);
    expect(await books.act((act) => bringAlong(act, a.customerId))).toBe(0);
    expect((await open(a)).map(([, minor]) => minor)).toEqual([1_234n]);
  });

  test("two at once: each waits for the other, one of them is refused when they contradict", async () => {
    const [a, b, c] = await books.act(
      async (act) => [await person(act), await person(act), await person(act)] as const,
    );
    const both = await Promise.all([
      books.act((act) => mergeCustomers(act, a.customerId, b.customerId, FOLLOWERS)),
      books.act((act) => mergeCustomers(act, b.customerId, a.customerId, FOLLOWERS)),
    ]);
    expect(both.map((one) => (one.ok ? "merged" : one.error.code)).sort()).toEqual(["already_merged", "merged"]);
    const [survivor, gone] = both[0]?.ok ? [a, b] : [b, a];
    const more = await Promise.all([
      books.act((act) => mergeCustomers(act, c.customerId, survivor.customerId, FOLLOWERS)),
      books.act((act) => mergeCustomers(act, c.customerId, gone.customerId, FOLLOWERS)),
    ]);
    expect(more.map((one) => (one.ok ? "merged" : one.error.code))).toEqual(["merged", "already_merged"]);
    expect(await books.act((act) => survivorOf(act, gone.customerId))).toBe(c.customerId);
    // A circle: the end of the chain into its beginning.
    const circle = await books.act((act) => mergeCustomers(act, gone.customerId, c.customerId, FOLLOWERS));
    expect(circle).toMatchObject({ ok: false, error: { code: "already_merged" } });
  });
});
