/** The ledger on the database gives what the law's ledger vectors say, in whatever order the payments arrive. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookPayment, claimOn, post, setDefault } from "../../src/books/receivables/index.ts";
import { EUR, expectOk, formatMinor, moneyFromText } from "../../src/pure/kernel/index.ts";
import { lawFile, skipped } from "../law/shared.ts";
import { type Books, day, makeCreditor, makeCustomer, makeItem, openBooks } from "./books.ts";

interface LedgerVector {
  readonly id: string;
  readonly note?: string;
  readonly input: {
    readonly principal: string;
    readonly kind: "consumer" | "business";
    readonly start: string;
    readonly payments: readonly (readonly [on: string, amount: string])[];
    readonly end: string;
    readonly costs?: string;
    readonly order?: string;
  };
  readonly expected: { readonly final: Readonly<Record<string, string>> };
}
const own: LedgerVector[] = [
  {
    id: "three payments, the year changes",
    // 500.00 from 2025-03-01: 34 days 7.27 % = 3.39; 200.00 on 04-04 → interest 3.39, principal 196.61 → 303.39;
    // 27 days to 04-30 = 1.63; 100.00 on 05-01 → 1.63, 98.37 → 205.02; 61 days to 06-30 = 2.49
    input: {
      principal: "500.00", kind: "consumer", start: "2025-03-01", end: "2025-06-30",
      payments: [["2025-04-04", "200.00"], ["2025-05-01", "100.00"]],
    },
    expected: { final: { openCosts: "0.00", openInterest: "2.49", openPrincipal: "205.02", total: "207.51" } },
  },
]; // biome-ignore format: one line a payment
const vectors = [...own, ...((lawFile("interest_vectors.json").ledgerVectors ?? []) as LedgerVector[])];

let books: Books;
let strict: Pick<Books, "creditorId" | "brandId">;
beforeAll(async () => {
  books = await openBooks();
  strict = await books.act((act) => makeCreditor(act, "DE75512108001245126199", "strict", { interest: "always" }));
});
afterAll(() => books.drop());

const minor = (text: string): bigint => expectOk(moneyFromText(text, EUR)).minor;

describe(`ledger vectors${skipped}`, () => {
  test.each(
    vectors.flatMap((vector) => [
      { ...vector, reversed: false },
      { ...vector, reversed: true },
    ]),
  )("$id, arrival reversed: $reversed", async ({ id, input, expected, reversed }) => {
    const number = `${id}-${reversed}`;
    const result = await books.act(async (act) => {
      const customerId = await makeCustomer(act, books, number);
      const arose = day(input.start);
      const receivableId = await makeItem(act, strict, customerId, number, minor(input.principal), {
        issuedOn: arose,
        aroseOn: arose,
        dueOn: arose,
        customerKind: input.kind,
        claimKind: input.order === "497" ? "consumer_loan" : "sale",
      });
      await setDefault(act, [{ customerId, receivableId, since: arose }]);
      const costs = minor(input.costs ?? "0.00");
      const base = { customerId, receivableId, currency: EUR } as const;
      if (costs > 0n)
        await post(
          act,
          [{ ...base, kind: "cost", component: "dunning_cost", amountMinor: costs, valueOn: arose }],
          act.tx.newId(),
        );
      for (const [on, amount] of reversed ? [...input.payments].reverse() : input.payments)
        await bookPayment(act, {
          customerId,
          creditorId: strict.creditorId,
          amountMinor: minor(amount),
          currency: EUR,
          valueOn: day(on),
          designated: [],
        });
      return (await claimOn(act, customerId, day(input.end))).get(receivableId);
    });
    const accrued = (result?.charges ?? []).reduce((sum, charge) => sum + charge.amountMinor, 0n);
    const open = result?.open ?? { principal: 0n, interest: 0n, dunning_cost: 0n, collection_cost: 0n };
    const { asOf: _, ...final } = expected.final;
    expect({
      openCosts: formatMinor(open.dunning_cost, EUR),
      openInterest: formatMinor(open.interest + accrued, EUR),
      openPrincipal: formatMinor(open.principal, EUR),
      total: formatMinor(result?.totalMinor ?? 0n, EUR),
    }).toEqual(final);
  });
});
