/** Invariant 11: a charge shows its law: paragraph, rate, days, sum. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bookPayment, claimOn, postingsOf, postInterest, setDefault } from "../../src/books/receivables/index.ts";
import { daysBetween, EUR, expectOk, type PlainDate, type ReceivableId } from "../../src/pure/kernel/index.ts";
import { collectionCosts } from "../../src/pure/law/index.ts";
import { day, makeCustomer, makeItem, openBooks, type Books } from "../books/books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks({ settings: { interest: "always" } });
});
afterAll(() => books.drop());

const PARAGRAPH = /(§§? ?\d+.*(BGB|HGB|RVG)|VV \d+)/;

test("every charge that is claimed names paragraph, rate, days and sum, and all that is claimed is explained", async () => {
  const customerId = await books.act((act) => makeCustomer(act, books, "11001"));
  const items: ReceivableId[] = [];
  for (const [number, amount, kind] of [
    ["RE-11-A", 100_000n, "consumer"],
    ["RE-11-B", 250_050n, "business"],
  ] as const)
    items.push(
      await books.act((act) =>
        makeItem(act, books, customerId, number, amount, {
          customerKind: kind,
          issuedOn: day("2025-02-01"),
          aroseOn: day("2025-02-01"),
          dueOn: day("2025-02-15"),
        }),
      ),
    );
  await books.act((act) =>
    setDefault(
      act,
      items.map((receivableId) => ({ customerId, receivableId, since: day("2025-03-01"), ground: "notice" })),
    ),
  );
  await books.act((act) =>
    bookPayment(act, {
      customerId,
      creditorId: books.creditorId,
      amountMinor: 30_000n,
      currency: EUR,
      valueOn: day("2025-05-01"),
      designated: [],
    }),
  );
  const on = day("2025-08-31");
  const claims = [...(await books.act((act) => claimOn(act, customerId, on))).values()];
  expect(claims).toHaveLength(2);
  for (const claim of claims) {
    expect(claim.charges.length).toBeGreaterThan(0);
    for (const charge of claim.charges) {
      expect(charge.paragraph).toMatch(PARAGRAPH);
      expect(charge.amountMinor > 0n).toBe(true);
      expect(charge.baseMinor).toBeDefined();
      expect(charge.from).toMatch(/^2025-/);
      expect(charge.to).toBe(on);
      // All rates in order, where the base rate changed on the way.
      expect(charge.ratePercent).toMatch(/^\d+(\.\d+)?(, \d+(\.\d+)?)*$/);
      expect(charge.days).toBe(daysBetween(charge.from as PlainDate, on) + 1);
    }
    const open = Object.values(claim.open).reduce((sum, minor) => sum + minor, 0n);
    expect(claim.totalMinor).toBe(open + claim.charges.reduce((sum, charge) => sum + charge.amountMinor, 0n));
  }
  await books.act((act) => postInterest(act, customerId, on, items));
  await books.act((act) =>
    bookPayment(act, {
      customerId,
      creditorId: books.creditorId,
      amountMinor: 9_000n,
      currency: EUR,
      valueOn: day("2025-09-10"),
      designated: [],
    }),
  );
  const charged = (await books.act((act) => postingsOf(act, customerId))).filter(
    (posting) => ["interest", "cost"].includes(posting.kind) && posting.reverses === undefined,
  );
  expect(charged.length).toBeGreaterThan(1);
  for (const posting of charged) expect(posting.ground ?? "", posting.kind).toMatch(PARAGRAPH);
});

test("costs of collection: each charge has its number, and their sum is the total (property)", () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 9n), fc.boolean(), fc.boolean(), (claim, creditorDeductsInputTax, undisputed) => {
      const costs = expectOk(
        collectionCosts({ claim, rate: 90n, mandateOn: day("2026-06-01"), creditorDeductsInputTax, undisputed }),
      );
      for (const charge of costs.charges) expect(charge.law).toMatch(PARAGRAPH);
      expect(costs.charges.reduce((sum, charge) => sum + charge.sum, 0n)).toBe(costs.total);
    }),
    { numRuns: 200 },
  );
});
