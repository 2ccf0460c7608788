import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import { allocate, answerAllocation, type OpenClaim } from "../../src/pure/law/index.ts";

const day = (text: string): PlainDate => text as PlainDate;
const claim = (id: string, more: Partial<OpenClaim> = {}): OpenClaim => ({
  id, costs: 0n, interest: 0n, principal: 10_000n, due: true, securityRank: 1, burdenRank: 1,
  arose: day("2026-01-01"), kind: "ordinary", ...more,
}); // biome-ignore format: short
const paidOf = (
  claims: OpenClaim[],
  payment: bigint,
  ...rest: [Parameters<typeof allocate>[2]?, Parameters<typeof allocate>[3]?]
) =>
  Object.fromEntries(
    expectOk(allocate(claims, payment, rest[0] ?? null, rest[1] ?? "statutory")).allocated.map((one) => [
      one.id,
      [one.costs, one.interest, one.principal],
    ]),
  );

describe("allocation of a payment", () => {
  test.each<[string, Partial<OpenClaim>]>([
    ["due before not due", { due: false }],
    ["less secured first", { securityRank: 2 }],
    ["more burdensome first", { burdenRank: 0 }],
    ["older first", { arose: day("2026-01-02") }],
  ])("%s", (_name, later) => {
    expect(paidOf([claim("A", later), claim("B")], 12_000n)).toEqual({ A: [0n, 0n, 2_000n], B: [0n, 0n, 10_000n] });
  });

  test("alike in every respect: pro rata, the odd cent to the first", () => {
    expect(paidOf([claim("A"), claim("B"), claim("C")], 10_000n)).toEqual({
      A: [0n, 0n, 3_334n],
      B: [0n, 0n, 3_333n],
      C: [0n, 0n, 3_333n],
    });
  });

  test("beyond what is designated the law's order goes on; unknown ids are passed over", () => {
    expect(paidOf([claim("A"), claim("B"), claim("C", { due: false })], 15_000n, { ids: ["X", "C"] })).toEqual({
      A: [0n, 0n, 2_500n],
      B: [0n, 0n, 2_500n],
      C: [0n, 0n, 10_000n],
    });
  });

  test("principal first: the creditor's setting and the customer's wish (§ 367 II)", () => {
    const open = { costs: 500n, interest: 300n };
    expect(paidOf([claim("A", open)], 10_100n)).toEqual({ A: [500n, 300n, 9_300n] });
    expect(paidOf([claim("A", open)], 10_100n, null, "principal_first")).toEqual({ A: [100n, 0n, 10_000n] });
    expect(paidOf([claim("A", open)], 10_100n, { ids: ["A"], principalFirst: true })).toEqual({
      A: [100n, 0n, 10_000n],
    });
    expect(paidOf([claim("A", open)], 10_100n, { ids: [], principalFirst: true })).toEqual({ A: [100n, 0n, 10_000n] });
    const loan = claim("L", { ...open, kind: "consumer_loan" });
    expect(paidOf([loan], 10_100n)).toEqual({ L: [500n, 0n, 9_600n] });
  });

  test("each part names its law", () => {
    const { allocated } = expectOk(allocate([claim("A"), claim("B")], 10_000n, { ids: ["B"] }, "statutory"));
    expect(allocated.map(({ law }) => law)).toEqual([null, "§ 366 I, § 367 I BGB"]);
  });

  test("refused: negative amounts, a claim given twice", () => {
    expect(allocate([claim("A")], -1n, null, "statutory")).toMatchObject({ error: { code: "amount_negative" } });
    expect(allocate([claim("A", { costs: -1n })], 1n, null, "statutory")).toMatchObject({
      error: { code: "amount_negative" },
    });
    expect(allocate([claim("A"), claim("A")], 1n, null, "statutory")).toMatchObject({
      error: { code: "claim_repeated" },
    });
  });

  test("property: no cent made or lost, never more than open, § 366 II respected", () => {
    const amount = fc.bigInt({ min: 0n, max: 50_000n });
    const open = fc.record({
      costs: amount, interest: amount, principal: amount, due: fc.boolean(),
      securityRank: fc.integer({ min: 0, max: 2 }), burdenRank: fc.integer({ min: 0, max: 2 }),
      arose: fc.integer({ min: 0, max: 3 }).map((offset) => addDays(day("2026-01-01"), offset)),
      kind: fc.constantFrom("ordinary" as const, "consumer_loan" as const),
    }); // biome-ignore format: short
    fc.assert(
      fc.property(
        fc.array(open, { maxLength: 6 }),
        fc.bigInt({ min: 0n, max: 400_000n }),
        fc.option(fc.record({ ids: fc.array(fc.constantFrom("0", "1", "2", "9")), principalFirst: fc.boolean() })),
        fc.constantFrom("statutory" as const, "principal_first" as const),
        (parts, payment, designation, order) => {
          const claims = parts.map((part, index) => ({ id: String(index), ...part }));
          const result = expectOk(allocate(claims, payment, designation, order));
          let sum = result.overpayment;
          let stillOpen = 0n;
          claims.forEach((one, index) => {
            for (const component of ["costs", "interest", "principal"] as const) {
              const paid = result.allocated[index]?.[component] ?? -1n;
              const left = result.open[index]?.[component] ?? -1n;
              expect(paid >= 0n && left >= 0n).toBe(true);
              expect(paid + left).toBe(one[component]);
              sum += paid;
              stillOpen += left;
            }
          });
          expect(sum).toBe(payment);
          if (result.overpayment > 0n) expect(stillOpen).toBe(0n);
          if (designation === null) {
            // A claim that is not due gets nothing while a due one is still open.
            const dueOpen = claims.some(
              (one, i) => one.due && Object.values(result.open[i] ?? {}).some((v) => typeof v === "bigint" && v > 0n),
            );
            if (dueOpen)
              claims.forEach((one, i) => {
                if (!one.due) expect(result.allocated[i]).toMatchObject({ costs: 0n, interest: 0n, principal: 0n });
              });
          }
        },
      ),
    );
  });

  test("answerAllocation names the field that can't be read", () => {
    const input = { claims: [{ id: "A", principal: "1.00", arose: "2026-13-01" }], payment: "1.00" };
    expect(answerAllocation({ input })).toMatchObject({
      error: { code: "date_invalid", where: "input.claims[0].arose" },
    });
    expect(answerAllocation({ input: { claims: {}, payment: "1.00" } })).toMatchObject({
      error: { code: "list_expected" },
    });
  });
});
