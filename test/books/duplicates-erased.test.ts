/** Erasing somebody whose files were merged: all of them go, whichever was named, and a merge taken back leaves nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { contactPointsOf, customerFile, searchCustomers, takeCustomers } from "../../src/books/customers/index.ts";
import { bringAlong, erasePerson, mergeCustomers, undoMerge } from "../../src/books/duplicates/index.ts";
import { bookPayment, receivablesOf, reverseBooking } from "../../src/books/receivables/index.ts";
import { messagingFollower } from "../../src/outreach/messaging/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, type Uuid } from "../../src/pure/kernel/index.ts";
import { type Books, customerInput, day, makeItem, openBooks } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const FOLLOWERS = [messagingFollower];
let serial = 0;
async function customer(act: Act, name: string, email: string, iban?: string): Promise<CustomerId> {
  const number = `E-${(serial += 1)}`;
  const more = { email, ...(iban !== undefined && { ibans: [iban] }) };
  const taken = (await takeCustomers(act, [customerInput(books, number, { name }, more)])).get(number);
  if (!taken) throw new Error("not taken");
  return taken.customerId;
}

const keysLeft = async (act: Act, ids: readonly CustomerId[]): Promise<string[]> => {
  const rows = await act.tx.rows<{ purpose: string }>(sql`
    select purpose from customer_key where customer_id = any(${ids}::uuid[]) and wrapped is not null order by 1`);
  return rows.map(({ purpose }) => purpose);
};
const lookUps = async (act: Act, ids: readonly CustomerId[]): Promise<number> => {
  const row = await act.tx.one<{ count: bigint }>(sql`
    select (select count(*) from directory_entry where customer_id = any(${ids}::uuid[]))
         + (select count(*) from customer_search where customer_id = any(${ids}::uuid[]))
         + (select count(*) from duplicate_key where customer_id = any(${ids}::uuid[]))
         + (select count(*) from known_account where customer_id = any(${ids}::uuid[])) as count`);
  return Number(row?.count ?? -1n);
};

test.each(["the survivor", "the merged file"])(
  "named is %s: both lose contact data and look-ups, records stay",
  async (named) => {
    await books.act(async (act) => {
      const word = `Quendelmeier${named.length}`;
      const old = await customer(act, word, `alt${named.length}@muster.example`);
      const fresh = await customer(act, word, `neu${named.length}@muster.example`, "DE89370400440532013000");
      const item = await makeItem(act, books, fresh, `RE-E${serial}`, 5_000n);
      const mergeId = expectOk(await mergeCustomers(act, old, fresh, FOLLOWERS));
      const files = [old, fresh];
      expect(await lookUps(act, files)).toBeGreaterThan(0);

      const erased = expectOk(await erasePerson(act, named === "the survivor" ? old : fresh, ["contact"]));
      expect([...erased].sort()).toEqual([...files].sort());
      expect(await keysLeft(act, files)).toEqual(["records", "records"]);
      expect(await lookUps(act, files)).toBe(0);
      expect(expectOk(await searchCustomers(act, { text: word }, 10))).toEqual([]);
      for (const id of files) {
        expect(await contactPointsOf(act, id)).toEqual([]);
        expect(await customerFile(act, id)).toMatchObject({ ok: false, error: { code: "erased" } });
      }
      const undone = await undoMerge(act, old, mergeId, FOLLOWERS);
      expect(undone).toMatchObject({
        ok: false,
        error: { code: "erased", message: "The data was erased since: a merge can't be taken back any more." },
      });
      // The ledger goes on: paid, gone back, and brought along to the file that leads.
      const payment = await bookPayment(act, {
        customerId: old,
        creditorId: books.creditorId,
        amountMinor: 5_000n,
        currency: EUR,
        valueOn: day("2026-05-02"),
        designated: [item],
      });
      expectOk(await reverseBooking(act, old, payment.bookingId, { valueOn: day("2026-05-05"), kind: "return" }));
      for (const id of files) await bringAlong(act, id);
      expect((await receivablesOf(act, old)).reduce((sum, { openTotal }) => sum + openTotal, 0n)).toBe(5_000n);

      expectOk(await erasePerson(act, old, ["contact", "records"]));
      expect(await keysLeft(act, files)).toEqual([]);
    });
  },
);

test("of a merge that was taken back, nothing of who is erased stays at the other, whose own data does", async () => {
  await books.act(async (act) => {
    const old = await customer(act, "Vogelsang", "vogelsang@muster.example");
    const fresh = await customer(act, "Nachtigall", "nachtigall@muster.example");
    const mergeId = expectOk(await mergeCustomers(act, old, fresh, FOLLOWERS));
    const emails = async () =>
      (await contactPointsOf(act, old)).map(({ value }) => value).filter((one) => one.includes("@"));
    const both = ["nachtigall@muster.example", "vogelsang@muster.example"];
    expect((await emails()).sort()).toEqual(both);
    expectOk(await undoMerge(act, old, mergeId, FOLLOWERS));
    const again = expectOk(await mergeCustomers(act, old, fresh, FOLLOWERS));
    expect((await emails()).sort()).toEqual(both);
    expectOk(await undoMerge(act, old, again, FOLLOWERS));
    const seal = await act.vault.forCustomer(act.tx, old);
    const kept = async (): Promise<string[]> => {
      const rows = await act.tx.rows<{ value_sealed: Buffer }>(sql`
        select value_sealed from contact_point where customer_id = ${old}`);
      return rows.map((row) => expectOk(seal.openText("contact", "contact_point", row.value_sealed))).sort();
    };
    expect((await kept()).filter((value) => value.includes("@"))).toEqual(["vogelsang@muster.example"]);
    expect(expectOk(await erasePerson(act, fresh, ["contact"]))).toEqual([fresh]);
    expect((await kept()).filter((value) => value.includes("@"))).toEqual(["vogelsang@muster.example"]);
    expect(expectOk(await customerFile(act, old)).customerId).toBe(old);
    expect(await keysLeft(act, [old, fresh])).toEqual(["contact", "records", "records"]);
  });
});

test("nobody is erased who is not there", async () => {
  const unknown = "019e8269-4e80-7c13-a0fe-d8ec72f39294" as Uuid as CustomerId;
  expect(await books.act((act) => erasePerson(act, unknown, ["contact"]))).toMatchObject({
    ok: false,
    error: { code: "customer_not_found" },
  });
});
