/** Two files become one, and apart again: money, cases, look-ups, consents, holds, tasks, links. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bringAlong, mergeCustomers, undoMerge } from "../../src/books/duplicates/index.ts";
import {
  contactPointsOf,
  customerFacts,
  customerFile,
  findCustomersBy,
  searchCustomers,
  setConsent,
  survivorOf,
  takeCustomers,
} from "../../src/books/customers/index.ts";
import {
  balanceByComponent,
  bookPayment,
  casesOf,
  claimOn,
  createTask,
  findReceivables,
  holdsOf,
  keepCases,
  openItems,
  placeHold,
  reachStage,
  receivablesOf,
  reverseBooking,
  setDefault,
  takeReceivables,
  tasks,
} from "../../src/books/receivables/index.ts";
import { createPortalLink, messagingFollower, portalLink } from "../../src/outreach/messaging/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, type ReceivableId, type Uuid } from "../../src/pure/kernel/index.ts";
import { type Books, customerInput, day, itemInput, makeItem, openBooks } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const FOLLOWERS = [messagingFollower];
let serial = 0;
const number = (): string => `D-${(serial += 1)}`;

async function customer(
  act: Act,
  more: { email?: string; iban?: string; street?: string; name?: string } = {},
): Promise<CustomerId> {
  const own = number();
  const input = customerInput(
    books,
    own,
    {
      ...(more.name !== undefined && { name: more.name }),
      ...(more.street !== undefined && {
        addresses: [{ street: more.street, postcode: "50667", city: "Köln", country: "DE" }],
      }),
    },
    { ...(more.email !== undefined && { email: more.email }), ...(more.iban !== undefined && { ibans: [more.iban] }) },
  );
  const taken = (await takeCustomers(act, [input])).get(own);
  if (!taken) throw new Error("not taken");
  return taken.customerId;
}

const total = async (act: Act, ids: readonly CustomerId[]): Promise<bigint> => {
  let sum = 0n;
  for (const id of ids) for (const balance of await balanceByComponent(act, id)) sum += balance.totalMinor;
  return sum;
};

const directoryOf = (act: Act, ids: readonly CustomerId[]) =>
  act.tx.rows(sql`select encode(token, 'hex') as token, kind, customer_id, object_id, only_one, origin_id from directory_entry
    where customer_id = any(${ids}::uuid[]) order by 1, 3, 4`);

describe("merging", () => {
  test("what is open stands at the survivor, on the same days, and dunning goes on where it was", async () => {
    await books.act(async (act) => {
      const [old, fresh] = [
        await customer(act),
        await customer(act, { email: "erika@muster.example", iban: "DE89370400440532013000" }),
      ];
      const item = await makeItem(act, books, fresh, number(), 10_000n);
      await keepCases(act, [fresh], day("2026-06-01"));
      const [own] = await casesOf(act, [fresh]);
      if (!own) throw new Error("no case");
      await reachStage(act, [{ customerId: fresh, caseId: own.caseId }], "dunning_notice", day("2026-05-20"));
      await act.tx.execute(
        sql`update receivable set stage = 'dunning_notice', stage_on = '2026-05-20' where receivable_id = ${item}`,
      );
      await setDefault(act, [
        { customerId: fresh, receivableId: item, since: day("2026-04-01"), ground: "§ 286 Abs. 2 Nr. 1 BGB" },
      ]);
      await bookPayment(act, {
        customerId: fresh,
        creditorId: books.creditorId,
        amountMinor: 4_000n,
        currency: EUR,
        valueOn: day("2026-05-02"),
        designated: [item],
      });
      const before = (await claimOn(act, fresh, day("2026-06-01"), [item], "always")).get(item);
      const [stated] = await receivablesOf(act, fresh);

      const mergeId = expectOk(await mergeCustomers(act, old, fresh, FOLLOWERS));
      expect(await survivorOf(act, fresh)).toBe(old);
      expect((await openItems(act, [fresh])).get(fresh)).toEqual([]);
      const [moved] = (await openItems(act, [old])).get(old) ?? [];
      expect(moved).toMatchObject({
        receivableId: item, number: stated?.number, dueOn: stated?.dueOn, openTotal: 6_000n, stage: "dunning_notice",
        stageOn: "2026-05-20", defaultSince: "2026-04-01", paymentReference: stated?.paymentReference,
      }); // biome-ignore format: one item
      const after = (await claimOn(act, old, day("2026-06-01"), [item], "always")).get(item);
      expect({ ...after }).toEqual({ ...before });
      expect(await balanceByComponent(act, old, day("2026-04-15"))).toMatchObject([{ totalMinor: 10_000n }]);
      const cases = (await casesOf(act, [old])).filter((one) => one.state === "open");
      expect(cases).toMatchObject([
        { caseId: own.caseId, stage: "dunning_notice", stageOn: "2026-05-20", number: own.number },
      ]);
      expect((await casesOf(act, [fresh])).map((one) => one.state)).toEqual(["closed"]);

      // References, account and mailbox lead to the survivor.
      expect([...(await findReceivables(act, [stated?.paymentReference ?? ""])).values()].flat()).toEqual([
        { customerId: old, receivableId: item },
      ]);
      expect((await findCustomersBy(act, "iban", ["DE89370400440532013000"])).get("DE89370400440532013000")).toEqual([
        old,
      ]);
      expect((await findCustomersBy(act, "email", ["erika@muster.example"])).get("erika@muster.example")).toEqual([
        old,
      ]);
      // The audit chain has it.
      const [audit] = await act.tx.rows(sql`select act, subject from audit_entry order by sequence desc limit 1`);
      expect(audit).toEqual({ act: "customer.merged", subject: fresh });

      // What is paid now is paid on the survivor's item; taken back, it stays paid.
      await bookPayment(act, {
        customerId: old,
        creditorId: books.creditorId,
        amountMinor: 1_000n,
        currency: EUR,
        valueOn: day("2026-06-01"),
        designated: [item],
      });
      expectOk(await undoMerge(act, old, mergeId, FOLLOWERS));
      expect((await openItems(act, [old])).get(old)).toEqual([]);
      expect((await openItems(act, [fresh])).get(fresh)).toMatchObject([
        { receivableId: item, openTotal: 5_000n, stage: "dunning_notice" },
      ]);
      expect((await casesOf(act, [fresh])).map((one) => [one.state, one.stage])).toEqual([["open", "dunning_notice"]]);
      expect((await casesOf(act, [old])).map((one) => one.state)).toEqual(["closed"]);
      expect(await survivorOf(act, fresh)).toBe(fresh);
    });
  });

  test("open cases are united at the higher stage; holds, tasks, consents go along, the stricter wins", async () => {
    await books.act(async (act) => {
      await act.tx.execute(sql`
        insert into strategy_version (tenant_id, strategy_id, version, document, published_at, author, created_at)
        values (${act.tx.tenantId}, ${act.tx.newId()}, 1, ${JSON.stringify({ stages: [{ key: "reminder" }, { key: "final_notice" }] })}::jsonb, ${act.tx.now}, 'user:x', ${act.tx.now})`);
      const [a, b] = [
        await customer(act, { email: "paar@muster.example" }),
        await customer(act, { email: "paar@muster.example" }),
      ];
      const [itemA, itemB] = [
        await makeItem(act, books, a, number(), 3_000n),
        await makeItem(act, books, b, number(), 7_000n),
      ];
      await keepCases(act, [a, b], day("2026-06-01"));
      const [caseA, caseB] = [(await casesOf(act, [a]))[0], (await casesOf(act, [b]))[0]];
      if (!caseA || !caseB) throw new Error("no cases");
      await reachStage(act, [{ customerId: a, caseId: caseA.caseId }], "reminder", day("2026-05-01"));
      await reachStage(act, [{ customerId: b, caseId: caseB.caseId }], "final_notice", day("2026-05-20"));
      expectOk(
        await placeHold(act, {
          customerId: b,
          receivableId: itemB,
          ground: "dispute",
          startsOn: day("2026-06-01"),
          endsOn: day("2026-07-01"),
          comment: "Ware beschädigt",
        }),
      );
      await createTask(act, {
        customerId: b,
        caseId: caseB.caseId,
        kind: "callback",
        text: "Bitte nach 17 Uhr",
        dueOn: day("2026-06-02"),
      });
      const [pointB] = (await contactPointsOf(act, b)).filter((point) => point.channel === "email");
      expectOk(await setConsent(act, b, pointB?.contactPointId ?? "", "withdrawn", "phone"));
      const directory = await directoryOf(act, [a, b]);

      const mergeId = expectOk(await mergeCustomers(act, a, b, FOLLOWERS));
      expect((await casesOf(act, [a])).map((one) => [one.state, one.stage, one.stageOn])).toEqual([
        ["open", "final_notice", "2026-05-20"],
      ]);
      expect((await receivablesOf(act, a)).every((item) => item.caseId === caseA.caseId)).toBe(true);
      expect((await holdsOf(act, [a], "all")).get(a)).toMatchObject([
        { receivableId: itemB, ground: "dispute", comment: "Ware beschädigt" },
      ]);
      expect(await tasks(act, { customerId: a })).toMatchObject([
        { kind: "callback", caseId: caseA.caseId, text: "Bitte nach 17 Uhr" },
      ]);
      expect(await tasks(act, { customerId: b })).toEqual([]);
      expect((await contactPointsOf(act, a)).filter((point) => point.channel === "email")).toMatchObject([
        { consent: "withdrawn" },
      ]);

      expectOk(await undoMerge(act, a, mergeId, FOLLOWERS));
      expect(await directoryOf(act, [a, b])).toEqual(directory);
      expect((await casesOf(act, [a])).map((one) => [one.state, one.stage])).toEqual([["open", "reminder"]]);
      expect((await casesOf(act, [b])).map((one) => [one.state, one.stage])).toEqual([["open", "final_notice"]]);
      expect((await contactPointsOf(act, a)).filter((point) => point.channel === "email")).toMatchObject([
        { consent: "contract" },
      ]);
      expect(await tasks(act, { customerId: b })).toMatchObject([{ kind: "callback" }]);
      expect((await holdsOf(act, [a])).get(a)).toEqual([]);
      expect((await holdsOf(act, [b])).get(b)).toHaveLength(1);
      expect((await openItems(act, [a])).get(a)).toMatchObject([{ receivableId: itemA, openTotal: 3_000n }]);
      expect((await openItems(act, [b])).get(b)).toMatchObject([{ receivableId: itemB, openTotal: 7_000n }]);
    });
  });

  test("an import for the merged number lands at the survivor, known items stay known, its name is not taken over", async () => {
    await books.act(async (act) => {
      const [a, b] = [await customer(act, { name: "Lehmann" }), await customer(act, { name: "Lehman" })];
      const bNumber = (await customerFacts(act, [b])).get(b)?.number ?? "";
      const invoice = number();
      await makeItem(act, books, b, invoice, 5_000n);
      expectOk(await mergeCustomers(act, a, b, FOLLOWERS));
      const taken = (
        await takeCustomers(act, [customerInput(books, bNumber, { name: "Lehman" }, { email: "neu@muster.example" })])
      ).get(bNumber);
      expect(taken).toEqual({ customerId: a, known: true, filedUnder: b });
      const again = await takeReceivables(act, [
        itemInput(books, a, invoice, 5_000n),
        itemInput(books, a, `${invoice}-2`, 100n),
      ]);
      expect([again.known, again.new.length, again.differing, again.refused]).toEqual([1, 1, [], []]);
      const file = expectOk(await customerFile(act, a));
      expect(file.identity.name).toBe("Lehmann");
      expect(file.contactPoints.map((point) => point.value)).toContain("neu@muster.example");
      const hits = expectOk(await searchCustomers(act, { text: bNumber }, 10));
      expect(hits.map((hit) => hit.customerId)).toEqual([a]);
      const byName = expectOk(await searchCustomers(act, { text: "Lehman" }, 10));
      expect(byName.filter((hit) => hit.customerId === b)).toEqual([]);
      expect(byName.filter((hit) => hit.customerId === a)).toHaveLength(1);
    });
  });

  test("money that goes back to the merged file opens the item at the survivor", async () => {
    await books.act(async (act) => {
      const [a, b] = [await customer(act), await customer(act)];
      const item = await makeItem(act, books, b, number(), 2_500n);
      const { bookingId } = await bookPayment(act, {
        customerId: b,
        creditorId: books.creditorId,
        amountMinor: 2_500n,
        currency: EUR,
        valueOn: day("2026-05-10"),
        designated: [item],
      });
      expectOk(await mergeCustomers(act, a, b, FOLLOWERS));
      expectOk(await reverseBooking(act, b, bookingId, { valueOn: day("2026-06-01"), kind: "return" }));
      expect(await bringAlong(act, b)).toBe(1);
      expect((await openItems(act, [a])).get(a)).toMatchObject([{ receivableId: item, openTotal: 2_500n }]);
      expect((await casesOf(act, [a])).filter((one) => one.state === "open")).toHaveLength(1);
      expect((await casesOf(act, [b])).filter((one) => one.state === "open")).toHaveLength(0);
      expect(await bringAlong(act, b)).toBe(0);
    });
  });

  test("a link of the merged file leads to the survivor and back", async () => {
    await books.act(async (act) => {
      const [a, b] = [await customer(act), await customer(act)];
      await makeItem(act, books, b, number(), 900n);
      await keepCases(act, [b], day("2026-06-01"));
      const [own] = await casesOf(act, [b]);
      if (!own) throw new Error("no case");
      const secret = await createPortalLink(act, {
        customerId: b,
        caseId: own.caseId,
        expiresAt: new Date("2026-07-01T00:00:00Z"),
        typed: false,
      });
      const mergeId = expectOk(await mergeCustomers(act, a, b, FOLLOWERS));
      expect(await portalLink(act, secret)).toMatchObject({ customerId: a, caseState: "open" });
      expectOk(await undoMerge(act, a, mergeId, FOLLOWERS));
      expect(await portalLink(act, secret)).toMatchObject({ customerId: b, caseState: "open" });
    });
  });

  test("refused with a reason: itself, merged before, not the latest, handed over", async () => {
    await books.act(async (act) => {
      const [a, b, c] = [await customer(act), await customer(act), await customer(act)];
      const code = (result: { ok: boolean; error?: { code: string } }): string | undefined => result.error?.code;
      expect(code((await mergeCustomers(act, a, a, FOLLOWERS)) as never)).toBe("same_customer");
      const first = expectOk(await mergeCustomers(act, a, b, FOLLOWERS));
      expect(code((await mergeCustomers(act, c, b, FOLLOWERS)) as never)).toBe("already_merged");
      const second = expectOk(await mergeCustomers(act, c, a, FOLLOWERS));
      expect(await survivorOf(act, b)).toBe(c);
      expect(code((await undoMerge(act, a, first, FOLLOWERS)) as never)).toBe("merge_not_latest");
      expectOk(await undoMerge(act, c, second, FOLLOWERS));
      expectOk(await undoMerge(act, a, first, FOLLOWERS));
      expect(code((await undoMerge(act, a, first, FOLLOWERS)) as never)).toBe("merge_undone");
      await makeItem(act, books, b, number(), 900n);
      await keepCases(act, [b], day("2026-06-01"));
      await act.tx.execute(sql`update dunning_case set state = 'handed_over' where customer_id = ${b}`);
      expect(code((await mergeCustomers(act, a, b, FOLLOWERS)) as never)).toBe("case_handed_over");
    });
  });
});

test("any two files: the sum of both never changes, and an undo gives back balances and look-ups", async () => {
  const amount = fc.bigInt({ min: 100n, max: 90_000n });
  const file = fc.record({
    items: fc.array(amount, { maxLength: 3 }),
    credits: fc.array(amount, { maxLength: 1 }),
    payments: fc.array(fc.tuple(amount, fc.integer({ min: 1, max: 28 })), { maxLength: 3 }),
    email: fc.constantFrom(undefined, "eins@muster.example", "zwei@muster.example"),
    iban: fc.constantFrom(undefined, "DE89370400440532013000", "DE02120300000000202051"),
  });
  await fc.assert(
    fc.asyncProperty(file, file, fc.option(amount, { nil: undefined }), async (one, other, since) => {
      await books.act(async (act) => {
        const ids: CustomerId[] = [];
        for (const { items, credits, payments, email, iban } of [one, other]) {
          const id = await customer(act, { ...(email && { email }), ...(iban && { iban }) });
          ids.push(id);
          for (const minor of items) await makeItem(act, books, id, number(), minor);
          for (const minor of credits) await makeItem(act, books, id, number(), minor, { itemKind: "credit_note" });
          for (const [minor, on] of payments)
            await bookPayment(act, {
              customerId: id,
              creditorId: books.creditorId,
              amountMinor: minor,
              currency: EUR,
              valueOn: day(`2026-05-${String(on).padStart(2, "0")}`),
              designated: [],
            });
        }
        const [survivor, merged] = ids as [CustomerId, CustomerId];
        await keepCases(act, ids, day("2026-06-01"));
        const snapshot = async () => {
          const state = [];
          for (const id of ids)
            for (const on of ["2026-04-01", "2026-05-10", "2026-05-20", "2026-06-01"])
              state.push(await balanceByComponent(act, id, day(on)));
          const open = await openItems(act, ids);
          return {
            state: state.map((list) => list.filter((b) => b.totalMinor !== 0n)),
            open: ids.map((id) =>
              (open.get(id) ?? []).map(({ receivableId, openTotal, caseId }) => ({ receivableId, openTotal, caseId })),
            ),
            directory: await directoryOf(act, ids),
          };
        };
        const before = await snapshot();
        const sum = await total(act, ids);
        const mergeId: Uuid = expectOk(await mergeCustomers(act, survivor, merged, FOLLOWERS));
        expect(await total(act, ids)).toBe(sum);
        expect(await total(act, [survivor])).toBe(sum);
        if (since !== undefined) {
          const items: ReceivableId[] = [];
          await bookPayment(act, {
            customerId: survivor,
            creditorId: books.creditorId,
            amountMinor: since,
            currency: EUR,
            valueOn: day("2026-06-01"),
            designated: items,
          });
          expectOk(await undoMerge(act, survivor, mergeId, FOLLOWERS));
          expect(await total(act, ids)).toBe(sum - since);
          return;
        }
        expectOk(await undoMerge(act, survivor, mergeId, FOLLOWERS));
        expect(await snapshot()).toEqual(before);
      });
    }),
    { numRuns: process.env["KULANZ_SOAK"] === "1" ? 300 : 25, seed: 7 },
  );
}, 300_000);
