/** What a payment's evidence comes to: candidates, what books by itself, what is proposed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evidenceOf } from "../../src/books/matching/evidence.ts";
import type { Evidence, OpenItem, PaymentFacts } from "../../src/books/matching/model.ts";
import { reasonInWords } from "../../src/books/matching/reasons.ts";
import { judge } from "../../src/books/matching/score.ts";
import type { CustomerId, PlainDate, ReceivableId } from "../../src/pure/kernel/index.ts";

const item = (number: string, openMinor: bigint, more: Partial<OpenItem> = {}): OpenItem => ({
  receivableId: `r-${number}` as ReceivableId,
  number,
  openMinor,
  dueOn: "2026-01-10" as PlainDate,
  payable: true,
  ...more,
});
const named = (quality: "structured" | "exact" | "digits", ...numbers: string[]) =>
  new Map(numbers.map((number) => [`r-${number}` as ReceivableId, quality]));
const evidence = (more: Partial<Evidence> & { items: readonly OpenItem[] }): Evidence => ({
  customerId: "c1" as CustomerId,
  named: new Map(),
  account: "none",
  name: "full",
  customerNumber: false,
  ...more,
});
const paid = (amountMinor: bigint, more: Partial<PaymentFacts> = {}): PaymentFacts => ({
  amountMinor,
  unknownNumbers: [],
  lines: [],
  ...more,
});
const A = item("RE-0000001", 5000n);
const B = item("RE-0000002", 3000n);
const other = (more: Partial<Evidence> & { items: readonly OpenItem[] }): Evidence =>
  evidence({ customerId: "c2" as CustomerId, ...more });

describe("what books by itself", () => {
  const books: readonly (readonly [string, PaymentFacts, readonly Evidence[], readonly (string | null)[]])[] = [
    [
      "RF reference, exact",
      paid(5000n),
      [evidence({ items: [A, B], named: named("structured", A.number), name: "unknown" })],
      [A.number],
    ],
    ["RF reference, part", paid(1000n), [evidence({ items: [A], named: named("structured", A.number) })], [A.number]],
    [
      "RF reference, too much",
      paid(6000n),
      [evidence({ items: [A], named: named("structured", A.number) })],
      [A.number, null],
    ],
    ["number and amount", paid(5000n), [evidence({ items: [A, B], named: named("exact", A.number) })], [A.number]],
    [
      "two numbers and their sum",
      paid(8000n),
      [evidence({ items: [A, B], named: named("exact", A.number, B.number) })],
      [A.number, B.number],
    ],
    [
      "one number and everything open",
      paid(8000n),
      [evidence({ items: [A, B], named: named("exact", A.number) })],
      [A.number, B.number],
    ],
    [
      "digits and amount, name agrees",
      paid(5000n),
      [evidence({ items: [A], named: named("digits", A.number) })],
      [A.number],
    ],
    ["known account and one item", paid(3000n), [evidence({ items: [A, B], account: "only" })], [B.number]],
    ["known account and everything", paid(8000n), [evidence({ items: [A, B], account: "only" })], [A.number, B.number]],
    [
      "number and part, name agrees",
      paid(1000n),
      [evidence({ items: [A], named: named("exact", A.number) })],
      [A.number],
    ],
    [
      "two numbers and the amount of one",
      paid(3000n),
      [evidence({ items: [A, B], named: named("exact", A.number, B.number) })],
      [B.number],
    ],
    [
      "an earlier number besides",
      paid(3000n),
      [evidence({ items: [item(A.number, 0n), B], named: named("exact", A.number, B.number) })],
      [B.number],
    ],
    [
      "the claim with interest",
      paid(5021n),
      [evidence({ items: [{ ...A, claimMinor: 5021n }], named: named("exact", A.number) })],
      [A.number],
    ],
    [
      "everything less a credit note",
      paid(6000n),
      [evidence({ items: [A, B, item("GS-1", -2000n)], account: "only" })],
      [A.number, B.number],
    ],
  ];
  const bundle = { named: named("structured", A.number, B.number), bundle: new Set([A, B].map((i) => i.receivableId)) };
  const C = item("RE-0000004", 1000n, { dueOn: "2026-02-10" as PlainDate });
  const older = { ...B, dueOn: "2026-01-02" as PlainDate };
  const bundles: typeof books = [
    ["part, the oldest first", paid(1000n), [evidence({ items: [A, older, C], ...bundle })], [B.number]],
    ["part of both", paid(4000n), [evidence({ items: [A, older, C], ...bundle })], [B.number, A.number]],
    ["both", paid(8000n), [evidence({ items: [A, B, C], ...bundle, name: "unknown" })], [A.number, B.number]],
    ["the amount of one", paid(3000n), [evidence({ items: [A, B, C], ...bundle })], [B.number]],
    ["one is settled", paid(1000n), [evidence({ items: [B, C], ...bundle })], [B.number]],
    [
      "part, and a set of other items has the sum",
      paid(4000n),
      [evidence({ items: [A, older, C], ...bundle })],
      [B.number, A.number],
    ],
    ["more than both", paid(8100n), [evidence({ items: [A, B, C], ...bundle })], [A.number, B.number, null]],
    [
      "two of one amount",
      paid(5000n),
      [evidence({ items: [A, { ...older, openMinor: 5000n }], ...bundle })],
      [B.number],
    ],
  ];
  test.each(bundles)("a reference of several items: %s", (_, payment, evidences, numbers) => {
    const { candidates, blockers } = judge(payment, evidences);
    expect(blockers).toEqual([]);
    expect(candidates[0]?.items.map(({ number }) => number)).toEqual(numbers);
    expect(candidates[0]?.items.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(payment.amountMinor);
  });
  test.each([
    ["another's name", [evidence({ items: [A, B], ...bundle, name: "contradicts" })], "name_contradicts"],
    ["another's account", [evidence({ items: [A, B], ...bundle, account: "elsewhere" })], "account_contradicts"],
    ["all settled", [evidence({ items: [C], ...bundle })], "item_settled"],
    ["one is assigned", [evidence({ items: [A, { ...B, payable: false }], ...bundle })], "number_of_other_item"],
    [
      "an item besides",
      [evidence({ items: [A, B, C], ...bundle, named: new Map([...bundle.named, ...named("exact", C.number)]) })],
      "number_of_other_item",
    ],
  ] as const)("a reference of several items, a person decides: %s", (_, evidences, blocker) =>
    expect(judge(paid(1500n), evidences).blockers).toContain(blocker),
  );
  test.each([
    ["alone", { RF1: ["A", "B"] }, ["A", "B"]],
    ["with the number of one of them", { RF1: ["A", "B"], RE1: ["A"] }, undefined],
    ["with the numbers of all", { RF1: ["A", "B"], RE1: ["A"], RE2: ["B"] }, ["A", "B"]],
    ["with the number of another item", { RF1: ["A", "B"], RE3: ["C"] }, ["A", "B"]],
    ["two of them", { RF1: ["A", "B"], RF2: ["C", "D"] }, undefined],
    ["of two customers", { RF1: ["A", "x"] }, undefined],
    ["of one item", { RF1: ["A"] }, undefined],
    ["a number two items share", { RE1: ["A", "B"] }, undefined],
  ] as readonly (readonly [string, Record<string, string[]>, string[] | undefined])[])(
    "what is a reference of several items: %s",
    (_, tokens, expected) => {
      const receivables = new Map(
        Object.entries(tokens).map(([token, ids]) => [
          token,
          ids.map((id) => ({ customerId: (id === "x" ? "c2" : "c1") as CustomerId, receivableId: id as ReceivableId })),
        ]),
      );
      const references = Object.keys(tokens).map((token) => ({
        token,
        quality: token.startsWith("RF") ? ("structured" as const) : ("exact" as const),
      }));
      const { evidences } = evidenceOf(
        {
          amountMinor: 1n,
          currency: "EUR",
          valueOn: "2026-04-01" as PlainDate,
          text: { lines: [], structured: [], numbers: [] },
          payerNames: [],
          payerIban: null,
        },
        { references, customerNumbers: [] },
        {
          receivables,
          byCustomerNumber: new Map(),
          accountHolders: [],
          nameHits: [],
          items: new Map(),
          names: new Map(),
        },
      );
      const found = evidences.find(({ customerId }) => customerId === "c1")?.bundle;
      expect(found && [...found]).toEqual(expected);
    },
  );

  test.each(books)("%s", (_, payment, evidences, numbers) => {
    const { candidates, blockers } = judge(payment, evidences);
    expect(blockers).toEqual([]);
    expect(candidates[0]?.items.map(({ number }) => number)).toEqual(numbers);
    expect(candidates[0]?.items.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(payment.amountMinor);
  });

  const proposals: readonly (readonly [string, PaymentFacts, readonly Evidence[], string])[] = [
    ["amount alone", paid(5000n), [evidence({ items: [A] })], "no_rule"],
    [
      "another's name",
      paid(5000n),
      [evidence({ items: [A], named: named("exact", A.number), name: "contradicts" })],
      "name_contradicts",
    ],
    [
      "RF and another's name",
      paid(5000n),
      [evidence({ items: [A], named: named("structured", A.number), name: "contradicts" })],
      "name_contradicts",
    ],
    [
      "another's account",
      paid(5000n),
      [evidence({ items: [A], named: named("exact", A.number), account: "elsewhere" })],
      "account_contradicts",
    ],
    ["account of several", paid(5000n), [evidence({ items: [A], account: "shared" })], "no_rule"],
    [
      "two items of this amount",
      paid(5000n),
      [evidence({ items: [A, item("RE-0000003", 5000n)], account: "only" })],
      "no_rule",
    ],
    [
      "part, payer unknown",
      paid(1000n),
      [evidence({ items: [A], named: named("exact", A.number), name: "family" })],
      "no_rule",
    ],
    [
      "settled item",
      paid(5000n),
      [evidence({ items: [item(A.number, 0n)], named: named("structured", A.number) })],
      "item_settled",
    ],
    [
      "names A, pays the amount of B",
      paid(3000n),
      [evidence({ items: [A, B], named: named("exact", A.number), account: "only" })],
      "amount_of_other_item",
    ],
    [
      "names an unknown number",
      paid(3000n, { unknownNumbers: ["RE0000009"] }),
      [evidence({ items: [A, B], account: "only" })],
      "number_unknown",
    ],
    [
      "known account, but the text names another customer's item",
      paid(3000n),
      [
        evidence({ items: [B], account: "only" }),
        other({
          items: [item("RE-0000007", 4000n)],
          named: named("exact", "RE-0000007"),
          account: "elsewhere",
          name: "contradicts",
        }),
      ],
      "number_of_another",
    ],
    [
      "two customers alike",
      paid(5000n),
      [
        evidence({ items: [A], named: named("exact", A.number) }),
        other({ items: [item("RE-0000008", 5000n)], named: named("exact", "RE-0000008") }),
      ],
      "runner_up_close",
    ],
  ];
  test.each(proposals)("a person decides: %s", (_, payment, evidences, blocker) =>
    expect(judge(payment, evidences).blockers).toContain(blocker),
  );

  test("property: no cent is made or lost, and a contradiction never books", () => {
    const items = fc.array(fc.bigInt({ min: 1n, max: 20_000n }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        items,
        fc.bigInt({ min: 1n, max: 60_000n }),
        fc.integer({ min: 0, max: 63 }),
        (amounts, amount, mask) => {
          const list = amounts.map((open, index) => item(`RE-000010${index}`, open));
          const chosen = named("exact", ...list.filter((_, index) => mask & (1 << index)).map(({ number }) => number));
          for (const name of ["full", "contradicts"] as const) {
            const { candidates, blockers } = judge(paid(amount), [evidence({ items: list, named: chosen, name })]);
            for (const candidate of candidates)
              expect(candidate.items.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(amount);
            if (name === "contradicts") expect(blockers.length).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
  test("reasons in words, both languages", () => {
    expect(reasonInWords({ code: "number", value: "RE-1" }, "en")).toBe("number RE-1 in the text");
    expect(reasonInWords({ code: "number", value: "RE-1" }, "de")).toContain("RE-1");
    // Stands beside scores up to 100: it speaks of booking, not of doubt.
    expect(reasonInWords({ code: "no_rule" }, "de")).toBe("reicht nicht, um von selbst zu buchen");
    expect(reasonInWords({ code: "no_rule" }, "en")).toBe("not enough to be booked by itself");
  });
});
