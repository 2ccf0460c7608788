/** Any sequence of merges, undos, items, payments and returns: not a cent is lost, and everything finds its way home. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { survivorOf, takeCustomers } from "../../src/books/customers/index.ts";
import { bringAlong, mergeCustomers, undoMerge } from "../../src/books/duplicates/index.ts";
import {
  balanceByComponent,
  bookPayment,
  keepCases,
  openItems,
  reverseBooking,
  settleOnAccount,
  takeReceivables,
} from "../../src/books/receivables/index.ts";
import { messagingFollower } from "../../src/outreach/messaging/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import { type CustomerId, EUR, expectOk, type ReceivableId, type Uuid } from "../../src/pure/kernel/index.ts";
import { type Books, customerInput, day, itemInput, openBooks } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const FOLLOWERS = [messagingFollower];
const DAY = day("2026-06-01");
let serial = 0;

/** Three files of one person; who of them leads changes. */
class World {
  readonly act: Act;
  readonly ids: readonly CustomerId[];
  readonly numbers: readonly string[];
  readonly merges: { survivor: CustomerId; id: Uuid; before: unknown; events: number }[] = [];
  readonly owners = new Map<ReceivableId, CustomerId>();
  readonly bookings: { customerId: CustomerId; bookingId: Uuid; minor: bigint }[] = [];
  owed = 0n;
  events = 0;

  constructor(act: Act, ids: readonly CustomerId[], numbers: readonly string[]) {
    this.act = act;
    this.ids = ids;
    this.numbers = numbers;
  }
  id(file: number): CustomerId {
    return this.ids[file] as CustomerId;
  }

  /** What is owed by file, on several days and by item. */
  async state(): Promise<unknown> {
    const open = await openItems(this.act, this.ids);
    const days = [];
    for (const id of this.ids)
      for (const on of ["2026-04-01", "2026-05-10", "2026-06-01"])
        days.push((await balanceByComponent(this.act, id, day(on))).filter((one) => one.totalMinor !== 0n));
    return {
      days,
      open: this.ids.map((id) => (open.get(id) ?? []).map((one) => [one.receivableId, one.openTotal, one.dueOn])),
    };
  }

  /** An item that a list states for the number of a file. */
  async item(file: number, minor: bigint): Promise<void> {
    const number = this.numbers[file] ?? "";
    const taken = (await takeCustomers(this.act, [customerInput(books, number)])).get(number);
    if (!taken) throw new Error("not taken");
    const { customerId, filedUnder } = taken;
    const input = itemInput(books, customerId, `S-${(serial += 1)}`, minor, { ...(filedUnder && { filedUnder }) });
    const [receivableId] = (await takeReceivables(this.act, [input])).new;
    if (!receivableId) throw new Error("not taken");
    this.owners.set(receivableId, this.id(file));
    this.owed += minor;
  }

  async pay(file: number, minor: bigint, on: number): Promise<void> {
    const customerId = await survivorOf(this.act, this.id(file));
    const valueOn = day(`2026-05-${String(on).padStart(2, "0")}`);
    const paid = {
      customerId,
      creditorId: books.creditorId,
      amountMinor: minor,
      currency: EUR,
      valueOn,
      designated: [],
    };
    const { bookingId } = await bookPayment(this.act, paid);
    this.bookings.push({ customerId, bookingId, minor });
    this.owed -= minor;
  }

  async back(): Promise<void> {
    const last = this.bookings.pop();
    if (!last) return;
    expectOk(await reverseBooking(this.act, last.customerId, last.bookingId, { valueOn: DAY, kind: "return" }));
    this.owed += last.minor;
  }

  async merge(into: number, file: number): Promise<void> {
    const before = await this.state();
    const done = await mergeCustomers(this.act, this.id(into), this.id(file), FOLLOWERS);
    if (done.ok) this.merges.push({ survivor: this.id(into), id: done.value, before, events: this.events });
    // Moments differ, as they do in life: which merge lies on which is told by them.
    books.kulanz.advance({ minutes: 1 });
  }

  async undo(): Promise<void> {
    const last = this.merges.pop();
    if (!last) return;
    expectOk(await undoMerge(this.act, last.survivor, last.id, FOLLOWERS));
    if (last.events === this.events) expect(await this.state()).toEqual(last.before);
  }

  /** What the job of a touched customer does. */
  async settle(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      let moved = 0;
      for (const id of this.ids) moved += await bringAlong(this.act, id);
      if (moved === 0) return;
    }
    throw new Error("items go to and fro");
  }

  async check(): Promise<void> {
    let total = 0n;
    for (const id of this.ids) {
      const own = (await balanceByComponent(this.act, id)).reduce((sum, one) => sum + one.totalMinor, 0n);
      if ((await survivorOf(this.act, id)) !== id) expect(own).toBe(0n);
      total += own;
    }
    expect(total).toBe(this.owed);
  }
}

const file = fc.nat({ max: 2 });
const minor = fc.bigInt({ min: 1n, max: 99_999n });
type Step = (world: World) => Promise<void>;
const event = <T>(arbitrary: fc.Arbitrary<T>, work: (world: World, value: T) => Promise<void>): fc.Arbitrary<Step> =>
  arbitrary.map((value) => async (world) => {
    world.events += 1;
    await work(world, value);
  });
const step: fc.Arbitrary<Step> = fc.oneof(
  event(fc.tuple(file, minor), (world, [of, amount]) => world.item(of, amount)),
  event(fc.tuple(file, minor, fc.integer({ min: 1, max: 28 })), (world, [of, amount, on]) => world.pay(of, amount, on)),
  event(fc.constant(null), (world) => world.back()),
  event(file, async (world, of) => {
    await settleOnAccount(world.act, await survivorOf(world.act, world.id(of)), DAY);
  }),
  {
    weight: 2,
    arbitrary: fc.tuple(file, file).map(
      ([into, of]): Step =>
        (world) =>
          world.merge(into, of),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.undo()) },
);

test("the sum never changes, an undo without events is the state before, and at the end every item is at home", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      // A transaction a step: each has its own moment.
      const numbers = [0, 1, 2].map(() => `Q-${(serial += 1)}`);
      const taken = await books.act((act) =>
        takeCustomers(
          act,
          numbers.map((number) => customerInput(books, number)),
        ),
      );
      const ids = numbers.map((number) => taken.get(number)?.customerId as CustomerId);
      let world: World | undefined;
      const turn = (work: Step): Promise<void> =>
        books.act(async (act) => {
          const next = new World(act, ids, numbers);
          world = Object.assign(next, world && { ...world, act });
          await work(world);
          await world.settle();
          await keepCases(act, ids, DAY);
          await world.check();
        });
      for (const one of steps) await turn(one);
      while ((world?.merges.length ?? 0) > 0) await turn((last) => last.undo());
      await books.act(async (act) => {
        const open = await openItems(act, ids);
        for (const id of ids)
          for (const item of open.get(id) ?? [])
            if (item.itemKind !== "on_account") expect(world?.owners.get(item.receivableId)).toBe(id);
      });
    }),
    { numRuns: process.env["KULANZ_SOAK"] === "1" ? 400 : 30, seed: 11 },
  );
}, 600_000);
