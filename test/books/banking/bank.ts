import { expect } from "vitest";
import { takeCustomers } from "../../../src/books/customers/index.ts";
import { importFile, matchesOfFile } from "../../../src/books/intake/index.ts";
import { matchEntries } from "../../../src/books/matching/index.ts";
import { receivablesOf } from "../../../src/books/receivables/index.ts";
import { type Act, withAct } from "../../../src/platform/access/index.ts";
import { type CustomerId, expectOk, type ReceivableId } from "../../../src/pure/kernel/index.ts";
import { camt053, OUR_IBAN, type TestPayment } from "../banking-files.ts";
import { type Books, customerInput, type itemInput, makeCreditor, makeItem, SYSTEM } from "../books.ts";

/** What the tests of banking do again and again: customers with items, statements that are taken in and matched. */
export function bankOf(current: () => Books) {
  let count = 0;
  let files = 0;
  const nextFile = (): number => (files += 1);
  const newCustomer = (firstName: string, name: string): Promise<CustomerId> =>
    current().act(async (act) => {
      const number = `B-${(count += 1)}`;
      const taken = (await takeCustomers(act, [customerInput(current(), number, { firstName, name })])).get(number);
      if (!taken) throw new Error("not taken");
      return taken.customerId;
    });
  const newItem = async (
    customerId: CustomerId,
    amount: bigint,
    more: Parameters<typeof itemInput>[4] = {},
  ): Promise<{ id: ReceivableId; number: string; rf: string }> =>
    current().act(async (act) => {
      const number = `RE-${String((count += 1)).padStart(7, "0")}`;
      const id = await makeItem(act, current(), customerId, number, amount, more);
      const item = (await receivablesOf(act, customerId)).find(({ receivableId }) => receivableId === id);
      return { id, number, rf: item?.paymentReference ?? "" };
    });
  const openOf = async (customerId: CustomerId): Promise<Record<string, bigint>> =>
    Object.fromEntries(
      (await current().act((act) => receivablesOf(act, customerId))).map((one) => [
        one.number || "account",
        one.openTotal,
      ]),
    );

  /** Imports one statement, matches it, and tells what became of its entries. */
  async function play(...payments: TestPayment[]) {
    files += 1;
    const name = `statement-${files}.xml`;
    const report = await importFile(current().platform, current().tenantId, SYSTEM, {
      name,
      content: camt053({ id: `S${files}`, payments }),
    });
    expect(report.status).toBe("ok");
    const acks: string[] = [];
    const counts = await matchEntries(
      current().platform,
      current().tenantId,
      SYSTEM,
      {},
      { onAck: ({ id }) => acks.push(id) },
    );
    const matches = expectOk(await current().act((act) => matchesOfFile(act, name)));
    expect(acks.length).toBe(counts.booked);
    return { report, counts, matches };
  }

  /** A tenant of its own in the same database. */
  async function freshTenant() {
    files += 1;
    const tenantId = await current().kulanz.createTenant(`Tenant ${files}`);
    await withAct(current().platform, tenantId, SYSTEM, (act) => makeCreditor(act, OUR_IBAN, "main"));
    return {
      ...current(),
      tenantId,
      act: <T>(work: (act: Act) => Promise<T>): Promise<T> => withAct(current().platform, tenantId, SYSTEM, work),
    };
  }
  return { newCustomer, newItem, openOf, play, freshTenant, nextFile };
}
