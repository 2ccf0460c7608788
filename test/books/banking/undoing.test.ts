/** What is taken back: returns, refunds that came back, matches undone. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entries } from "../../../src/books/banking/index.ts";
import { confirmProposal, type Proposal, proposeAgain, undoMatch } from "../../../src/books/matching/index.ts";
import { casesOf } from "../../../src/books/receivables/index.ts";
import { expectOk, type Uuid } from "../../../src/pure/kernel/index.ts";
import { type Books, openBooks } from "../books.ts";
import { bankOf } from "./bank.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());
const { newCustomer, newItem, openOf, play } = bankOf(() => books);

describe("matching a statement", () => {
  test("a returned direct debit undoes its payment and reopens the case; the fee in the amount does not confuse it", async () => {
    const finn = await newCustomer("Finn", "Stieglitz");
    const f1 = await newItem(finn, 5000n);
    const paid = await play({
      amount: "50.00",
      name: "Finn Stieglitz",
      text: f1.number,
      endToEndId: "DD-77",
      mandate: "M-77",
    });
    expect(paid.counts.booked).toBe(1);
    expect((await openOf(finn))[f1.number]).toBe(0n);
    const back = await play({
      amount: "53.00", credit: false, name: "Finn Stieglitz", endToEndId: "DD-77", returnCode: "AC04", instructed: "50.00", charges: "3.00",
    }); // biome-ignore format: one line
    expect(back.matches[0]).toMatchObject({ status: "booked", amount: "-53.00" });
    expect((await openOf(finn))[f1.number]).toBe(5300n);
    expect((await books.act((act) => casesOf(act, [finn]))).some(({ state }) => state === "open")).toBe(true);
    // The same return again finds nothing to undo.
    const twice = await play({
      amount: "50.00",
      credit: false,
      name: "Finn Stieglitz",
      endToEndId: "DD-77",
      returnCode: "AC04",
    });
    expect(twice.matches[0]?.status).toBe("unmatched");
  });

  test("a return without ids is found by the number in its text, and only proposed by the account alone", async () => {
    const gina = await newCustomer("Gina", "Zaunkönig");
    const g1 = await newItem(gina, 6100n);
    const iban = "DE91100000000123456789";
    await play({ amount: "61.00", bookedOn: "2026-04-01", name: "Gina Zaunkoenig", iban, text: g1.number });
    const byText = await play({
      amount: "61.00",
      bookedOn: "2026-04-03",
      credit: false,
      returnCode: "MD06",
      text: `Ruecklastschrift ${g1.number}`,
    });
    expect(byText.matches[0]?.status).toBe("booked");
    await play({ amount: "61.00", bookedOn: "2026-04-05", name: "Gina Zaunkoenig", iban, text: g1.number });
    const byAccount = await play({
      amount: "61.00",
      bookedOn: "2026-04-07",
      credit: false,
      returnCode: "MD06",
      iban,
      text: "Rueckgabe",
    });
    expect(byAccount.matches[0]).toMatchObject({ status: "proposed" });
    const entryId = byAccount.matches[0]?.entryId ?? "";
    const [entry] = await books.act((act) => entries(act, { entryId }));
    expect((entry?.proposals[0] as Proposal | undefined)?.returnOf).toBeDefined();
    expectOk(await books.act((act) => confirmProposal(act, entryId, 0)));
    expect((await openOf(gina))[g1.number]).toBe(6100n);
    // Undoing the return makes the payment count again.
    expectOk(await books.act((act) => undoMatch(act, entryId)));
    expect((await openOf(gina))[g1.number]).toBe(0n);
  });

  test("a refund of ours that came back is never booked by itself, whatever its text says", async () => {
    const item = await newItem(await newCustomer("Hella", "Goldammer"), 4711n);
    const { matches } = await play({ amount: "47.11", name: "Hella Goldammer", text: item.number, returnCode: "AC04" });
    expect(matches[0]?.status).toBe("proposed");
    expect(matches[0]?.proposals[0]?.reasons).toContain("a payment of ours that came back");
  });

  test("an undone match is proposed again, and only proposed", async () => {
    const ines = await newCustomer("Ines", "Zaunkönig");
    const item = await newItem(ines, 2468n);
    const { matches } = await play({ amount: "24.68", name: "Ines Zaunkönig", text: item.number });
    expect(matches[0]?.status).toBe("booked");
    const { entryId } = matches[0] as { entryId: Uuid };
    expectOk(await books.act((act) => undoMatch(act, entryId)));
    await books.act((act) => proposeAgain(act, entryId));
    const [entry] = await books.act((act) => entries(act, { entryId }));
    expect(entry).toMatchObject({ status: "proposed", customerId: null });
    expect(entry?.proposals[0]).toMatchObject({
      customerId: ines,
      items: [{ number: item.number, amountMinor: "2468" }],
    });
    expect((await openOf(ines))[item.number]).toBe(2468n);
  });
});
