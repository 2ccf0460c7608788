/** Payments of less than the claim, and of several items at once: what is proposed and what books itself. */
import { describe, expect, test } from "vitest";
import { judge, JUDGING } from "../../src/books/matching/score.ts";
import type { Evidence, OpenItem } from "../../src/books/matching/model.ts";
import type { CustomerId, ReceivableId } from "../../src/pure/kernel/index.ts";
import { day } from "./books.ts";

const item = (n: number, openMinor: bigint, more: Partial<OpenItem> = {}): OpenItem => ({
  receivableId: `r${n}` as ReceivableId,
  number: `RE-${n}`,
  openMinor,
  dueOn: day(`2026-03-${String(n).padStart(2, "0")}`),
  payable: true,
  ...more,
});
const evidence = (items: readonly OpenItem[], more: Partial<Evidence> = {}): Evidence => ({
  customerId: "c1" as CustomerId,
  items,
  named: new Map(),
  account: "none",
  name: "full",
  customerNumber: false,
  ...more,
});
const payment = (amountMinor: bigint, ...lines: string[]) => ({ amountMinor, unknownNumbers: [], lines });
const naming = (n: number) => new Map([[`r${n}` as ReceivableId, "exact" as const]]);
const numbers = (candidate: { readonly items: readonly { readonly number: string | null }[] }) =>
  candidate.items.map(({ number }) => number);

describe("Skonto", () => {
  const skonto = { least: 239n, most: 240n, ground: "skonto 2.00 % 10 d" };
  test("named and within its term: booked as if the full amount were paid", () => {
    const { candidates, blockers } = judge(payment(11_760n, "RE-1"), [
      evidence([item(1, 12_000n, { discount: skonto })], { named: naming(1) }),
    ]);
    expect(blockers).toEqual([]);
    expect(candidates[0]?.concessions).toEqual([
      { receivableId: "r1", kind: "discount", minor: 240n, ground: skonto.ground },
    ]);
    expect(candidates[0]?.reasons.map(({ code }) => code)).toContain("discount_taken");
  });
  test("known account alone: the exact discount books itself, any other deduction doesn't", () => {
    const known = evidence([item(1, 12_000n, { discount: skonto })], { account: "only" });
    expect(judge(payment(11_761n), [known]).blockers).toEqual([]);
    expect(judge(payment(11_800n), [known]).blockers).toContain("no_rule");
  });
  test("two items named, each less its discount", () => {
    const two = [
      item(1, 12_000n, { discount: skonto }),
      item(2, 6_000n, { discount: { ...skonto, least: 120n, most: 120n } }),
    ];
    const { candidates, blockers } = judge(payment(17_640n, "RE-1 RE-2"), [
      evidence(two, { named: new Map([...naming(1), ...naming(2)]) }),
    ]);
    expect(blockers).toEqual([]);
    expect(candidates[0]?.items.map(({ amountMinor }) => amountMinor)).toEqual([11_760n, 5_880n]);
  });
  test("outside the term it is a part payment", () => {
    const { candidates } = judge(payment(11_760n, "RE-1"), [evidence([item(1, 12_000n)], { named: naming(1) })]);
    expect(candidates[0]).toMatchObject({ fit: "part", concessions: [] });
  });
});

describe("residual within tolerance", () => {
  const judging = { ...JUDGING, tolerance: { amountMinor: 50n, share: 0.01 } };
  const named = evidence([item(1, 10_000n)], { named: naming(1) });
  test.each([
    [9_960n, true],
    [9_949n, false], // more than the amount
    [10_000n, false], // nothing is missing
  ])("%s of 10000", (amount, waived) => {
    const { candidates } = judge(payment(amount, "RE-1"), [named], judging);
    expect(candidates[0]?.concessions.some(({ kind }) => kind === "write_off")).toBe(waived);
  });
  test("both limits hold, nothing is waived of what nobody named, and nothing by default", () => {
    const small = evidence([item(1, 1_000n)], { named: naming(1) });
    expect(judge(payment(970n, "RE-1"), [small], judging).candidates[0]?.concessions).toEqual([]);
    const unnamed = evidence([item(1, 10_000n)], { account: "only" });
    expect(judge(payment(9_960n), [unnamed], judging).candidates[0]?.concessions).toEqual([]);
    expect(judge(payment(9_960n, "RE-1"), [named]).candidates[0]?.concessions).toEqual([]);
  });
});

describe("several items, none or one of them named", () => {
  const items = [item(1, 1_000n), item(2, 2_000n), item(3, 3_000n), item(4, 4_000n), item(5, 9_000n)];
  test.each(["Alle Rechnungen", "offene Posten", "diverse Rechnungen", "Sammelüberweisung"])(
    "%s: every set with the sum, smallest first, oldest first",
    (text) => {
      for (const by of [{ account: "only" }, { name: "family" }] as const) {
        const { candidates, blockers } = judge(payment(6_000n, text), [evidence(items, by)]);
        expect(candidates.slice(0, 2).map(numbers)).toEqual([
          ["RE-2", "RE-4"],
          ["RE-1", "RE-2", "RE-3"],
        ]);
        expect(blockers).not.toEqual([]);
      }
    },
  );
  test("RE-1 u.a.: only sets with that item", () => {
    const { candidates } = judge(payment(6_000n, "RE-1 u.a."), [evidence(items, { named: naming(1) })]);
    expect(numbers(candidates[0] ?? { items: [] })).toEqual(["RE-1", "RE-2", "RE-3"]);
  });
  test("known account and the amount of one item: that item first, unless the text says several", () => {
    const known = evidence([...items, item(6, 6_000n)], { account: "only" });
    expect(judge(payment(6_000n, "Danke"), [known]).candidates.map(numbers)[0]).toEqual(["RE-6"]);
    const all = judge(payment(10_000n, "Danke"), [
      evidence([item(1, 4_000n), item(2, 6_000n), item(3, 10_000n), item(4, -10_000n)], { account: "only" }),
    ]);
    expect(all.candidates.map(numbers)[0]).toEqual(["RE-3"]);
  });
  test("what the text names is paid: paid twice and on account comes first", () => {
    const settled = evidence([item(2, 5_000n)], { account: "only", named: naming(1) });
    const { candidates, blockers } = judge(payment(5_000n, "RE-1"), [settled]);
    expect(numbers(candidates[0] ?? { items: [] })).toEqual([null]);
    expect(blockers).toContain("item_settled");
    expect(candidates.map(numbers)).toContainEqual(["RE-2"]);
  });
});
