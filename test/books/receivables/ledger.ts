import { bookPayment, receivablesOf } from "../../../src/books/receivables/index.ts";
import { type CustomerId, EUR, type ReceivableId } from "../../../src/pure/kernel/index.ts";
import { type Books, day, makeCustomer, makeItem } from "../books.ts";

/** What the tests of the ledger do again and again. */
export function ledgerOf(current: () => Books) {
  let count = 0;
  const newCustomer = (): Promise<CustomerId> =>
    current().act((act) => makeCustomer(act, current(), `R-${(count += 1)}`));
  const item = (customerId: CustomerId, amount: bigint, more = {}): Promise<ReceivableId> =>
    current().act((act) => makeItem(act, current(), customerId, `RE-${(count += 1)}`, amount, more));
  const pay = (customerId: CustomerId, amountMinor: bigint, valueOn: string, designated: ReceivableId[] = []) =>
    current().act((act) =>
      bookPayment(act, {
        customerId, creditorId: current().creditorId, amountMinor, currency: EUR, valueOn: day(valueOn), designated,
      }),
    ); // biome-ignore format: one line
  const openOf = async (customerId: CustomerId): Promise<Record<string, bigint>> =>
    Object.fromEntries(
      (await current().act((act) => receivablesOf(act, customerId))).map((one) => [
        one.itemKind === "on_account" ? "account" : one.receivableId,
        one.openTotal,
      ]),
    );
  return { newCustomer, item, pay, openOf };
}
