/** Checks before dunning: what each rule finds, that causes that go away resolve, and that people decide. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  changeRule,
  checkItems,
  checkRules,
  type Finding,
  type FindingFilter,
  dismissFinding,
  findings,
  recheckFinding,
  reopenFinding,
  type RuleKey,
  stateFinding,
} from "../../src/books/checking/index.ts";
import { type CustomerInput, type Identity, takeCustomers } from "../../src/books/customers/index.ts";
import {
  bookPayment,
  decideTask,
  type ReceivableInput,
  setAssigned,
  takeReceivables,
  tasks,
} from "../../src/books/receivables/index.ts";
import { explain } from "../../src/outreach/dunning/index.ts";
import { messages } from "../../src/outreach/messaging/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type Currency, type CustomerId, EUR, expectOk, type ReceivableId } from "../../src/pure/kernel/index.ts";
import { customerInput, day, itemInput } from "../books/books.ts";
import { openSetting, type Setting } from "../invariants/setting.ts";

let s: Setting;
let count = 0;
beforeAll(async () => {
  s = await openSetting();
});
afterAll(() => s.drop());

async function customer(identity: Partial<Identity> = {}, more: Partial<CustomerInput> = {}): Promise<CustomerId> {
  count += 1;
  const number = `C${count}`;
  const input = customerInput(s, number, identity, { email: `c${count}@kunde.example`, state: "NW", ...more });
  const taken = (await s.act((act) => takeCustomers(act, [input]))).get(number);
  if (!taken) throw new Error("the customer was not taken");
  return taken.customerId;
}

async function items(
  customerId: CustomerId,
  ...inputs: (Partial<ReceivableInput> & { number: string })[]
): Promise<readonly ReceivableId[]> {
  const usual = { issuedOn: day("2026-05-01"), dueOn: day("2026-05-15") };
  const full = inputs.map((input) =>
    itemInput(s, customerId, input.number, input.amountMinor ?? 5000n, { ...usual, ...input }),
  );
  return (await s.act((act) => takeReceivables(act, full))).new;
}
const check = (customerId: CustomerId) => s.act((act) => checkItems(act, [customerId]));
const list = (filter: FindingFilter): Promise<Finding[]> =>
  s.act(async (act) => (await findings(act, filter, { limit: 50 })).rows);
const open = async (customerId: CustomerId): Promise<(readonly [RuleKey, string])[]> =>
  (await list({ customerIds: [customerId], state: "open" })).map((one) => [one.rule, one.number] as const);

describe("what the rules find", () => {
  type Row = [
    string,
    (Partial<ReceivableInput> & { number: string })[],
    Partial<Identity>,
    (readonly [RuleKey, string])[],
  ];
  const table: Row[] = [
    ["nothing at a plain item", [{ number: "P-1" }], {}, []],
    [
      "the same number in another spelling, the later one",
      [{ number: "RE-100" }, { number: "re 100" }],
      {},
      [["duplicate_number", "re 100"]],
    ],
    [
      "same amount, day and order",
      [
        { number: "A-1", orderNumber: "O1" },
        { number: "A-2", orderNumber: "O1" },
      ],
      {},
      [["duplicate_amount", "A-2"]],
    ],
    [
      "two parts of one order differ in amount",
      [
        { number: "A-3", orderNumber: "O2" },
        { number: "A-4", orderNumber: "O2", amountMinor: 5100n },
      ],
      {},
      [],
    ],
    ["same amount and day without an order is usual", [{ number: "A-5" }, { number: "A-6" }], {}, []],
    [
      "due for years when it came",
      [{ number: "D-1", issuedOn: day("2019-01-01"), dueOn: day("2019-01-15") }],
      {},
      [["due_long_past", "D-1"]],
    ],
    ["half a year to pay and more", [{ number: "D-2", dueOn: day("2027-05-15") }], {}, [["due_too_late", "D-2"]]],
    [
      "a company among consumers",
      [{ number: "K-1" }],
      { firstName: "", name: "Beispiel Handels GmbH" },
      [["wrong_customer_kind", "K-1"]],
    ],
    ["Meg Hagen is no AG, Sebastian no SE", [{ number: "K-2" }], { firstName: "Sebastian", name: "Hagen-Gbrandt" }, []],
    ["nobody", [{ number: "K-3" }], { firstName: "", name: "" }, [["customer_unknown", "K-3"]]],
    [
      "a currency without an account",
      [{ number: "F-1", currency: "CHF" as Currency }],
      {},
      [["currency_without_account", "F-1"]],
    ],
    ["no whole address", [{ number: "K-4" }], { addresses: [] }, [["address_incomplete", "K-4"]]],
  ]; // prettier-ignore
  test.each(table)("%s", async (_, inputs, identity, expected) => {
    const customerId = await customer(identity);
    await items(customerId, ...inputs);
    await check(customerId);
    expect(await open(customerId)).toEqual(expected);
  });

  test("credit that covers the item; and it resolves when the credit is used", async () => {
    const customerId = await customer();
    await s.act((act) =>
      bookPayment(act, {
        customerId,
        creditorId: s.creditorId,
        amountMinor: 6000n,
        currency: EUR,
        valueOn: day("2026-05-02"),
        designated: [],
      }),
    );
    await items(customerId, { number: "C-1" });
    await check(customerId);
    expect(await open(customerId)).toEqual([["credit_on_account", "C-1"]]);
  });

  test("rules that are off find nothing; switched on by a manager they do, at once", async () => {
    const customerId = await customer();
    await items(customerId, { number: "O-1" });
    await check(customerId);
    expect(await open(customerId)).toEqual([]);
    expectOk(await s.act((act) => changeRule(act, s.creditorId, "order_missing", { on: true, severity: "hint" })));
    expect(await open(customerId)).toEqual([["order_missing", "O-1"]]);
    // A hint is no work.
    expect(await s.act((act) => tasks(act, { customerId }))).toEqual([]);
    expectOk(await s.act((act) => changeRule(act, s.creditorId, "order_missing", { severity: "warning" })));
    expect(await s.act((act) => tasks(act, { customerId }))).toMatchObject([
      { kind: "finding", facts: { rule: "order_missing" } },
    ]);
    expectOk(await s.act((act) => changeRule(act, s.creditorId, "order_missing", { on: false })));
    expect([await open(customerId), await s.act((act) => tasks(act, { customerId }))]).toEqual([[], []]);
  });

  test("numbers have bounds, rules have names", async () => {
    const code = async (key: string, parameters: Record<string, number>) => {
      const changed = await s.act((act) => changeRule(act, s.creditorId, key, { parameters }));
      return changed.ok ? changed.value.parameters[0]?.value : changed.error.code;
    };
    expect(await code("due_too_late", { days: 400 })).toBe(400);
    expect(await code("due_too_late", { days: 4 })).toBe("parameter_out_of_range");
    expect(await code("due_too_late", { weeks: 20 })).toBe("parameter_unknown");
    expect(await code("no_such_rule", {})).toBe("rule_unknown");
    const rules = await s.act((act) => checkRules(act, s.creditorId));
    expect(rules.find(({ key }) => key === "due_too_late")).toMatchObject({
      changedBy: "system:test",
      parameters: [{ value: 400 }],
    });
  });
});

describe("what becomes of them", () => {
  test("a blocking finding keeps its item from being dunned, not its neighbour; dismissed it is dunned", async () => {
    const customerId = await customer();
    await items(
      customerId,
      { number: "B-100" },
      { number: "b 100", amountMinor: 7000n },
      { number: "B-200", amountMinor: 300n },
    );
    s.kulanz.setNow(new Date("2026-06-08T08:00:00Z"));
    await s.run(day("2026-06-08"));
    const asked = await s.act((act) => messages(act, { customerId }));
    expect(asked[0]?.receivableIds).toHaveLength(2);
    const [found] = await list({ customerIds: [customerId], state: "open" });
    expect(asked[0]?.receivableIds).not.toContain(found?.receivableId);
    // Its task stands in the worklist under the same id.
    expect((await s.act((act) => tasks(act, { customerId, kind: "finding" }))).map((one) => one.taskId)).toEqual([
      found?.findingId,
    ]);

    expect((await s.act((act) => recheckFinding(act, found?.findingId ?? ""))) as object).toMatchObject({
      error: { code: "still_wrong" },
    });
    expect(await s.act((act) => dismissFinding(act, found?.findingId ?? "", " "))).toMatchObject({
      error: { code: "reason_missing" },
    });
    expectOk(
      await s.act((act) => dismissFinding(act, found?.findingId ?? "", "Zwei Lieferungen, mit Frau Muster geklärt")),
    );
    await check(customerId);
    expect(await open(customerId)).toEqual([]);
    expect(await s.act((act) => tasks(act, { customerId, kind: "finding" }))).toEqual([]);
    expect((await list({ customerIds: [customerId] }))[0]).toMatchObject({
      state: "dismissed",
      note: "Zwei Lieferungen, mit Frau Muster geklärt",
    });
    const stored = await s.act((act) => act.tx.rows<{ row: string }>(sql`select f::text as row from finding f`));
    expect(stored.map(({ row }) => row).join()).not.toContain("Muster");

    expectOk(await s.act((act) => reopenFinding(act, found?.findingId ?? "")));
    expect(await open(customerId)).toEqual([["duplicate_number", "b 100"]]);
  });

  test("found between decision and door: the message does not name the item, or is dropped", async () => {
    const customerId = await customer();
    const [first] = await items(customerId, { number: "L-1" });
    s.kulanz.setNow(new Date("2026-06-09T08:00:00Z"));
    await s.run(day("2026-06-09"));
    await s.act((act) =>
      stateFinding(act, { customerId, receivableId: first as ReceivableId, creditorId: s.creditorId }, "arithmetic", {
        place: "BT-112",
      }),
    );
    await s.leave();
    const [message] = await s.act((act) => messages(act, { customerId }));
    expect(message).toMatchObject({ state: "dropped", reason: "finding" });
    // What the file stated stays found by later checks, and ends with the item.
    await check(customerId);
    expect(await open(customerId)).toEqual([["arithmetic", "L-1"]]);
    await s.act((act) =>
      bookPayment(act, {
        customerId,
        creditorId: s.creditorId,
        amountMinor: 5000n,
        currency: EUR,
        valueOn: day("2026-06-09"),
        designated: [],
      }),
    );
    await check(customerId);
    expect(await open(customerId)).toEqual([]);
  });

  test("a cause that is gone resolves by itself; back again it opens again", async () => {
    const customerId = await customer({ firstName: "", name: "Muster Bau KG" });
    await items(customerId, { number: "G-1" });
    await check(customerId);
    expect(await open(customerId)).toEqual([["wrong_customer_kind", "G-1"]]);
    await s.act((act) =>
      act.tx.execute(sql`update receivable set customer_kind = 'business' where customer_id = ${customerId}`),
    );
    expect(await check(customerId)).toEqual({ found: 0, resolved: 1 });
    expect(await check(customerId)).toEqual({ found: 0, resolved: 0 });
    expect((await list({ customerIds: [customerId] })).map((one) => one.state)).toEqual(["resolved"]);
    await s.act((act) =>
      act.tx.execute(sql`update receivable set customer_kind = 'consumer' where customer_id = ${customerId}`),
    );
    expect(await check(customerId)).toEqual({ found: 1, resolved: 0 });
  });

  test("ticked off in the worklist it is dismissed by who did it, while the facts are the same", async () => {
    const customerId = await customer();
    await items(customerId, { number: "T-1", orderNumber: "OT" }, { number: "T-2", orderNumber: "OT" });
    await check(customerId);
    const [task] = await s.act((act) => tasks(act, { customerId, kind: "finding" }));
    expectOk(await s.act((act) => decideTask(act, customerId, task?.taskId ?? "", "done")));
    await check(customerId);
    expect((await list({ customerIds: [customerId] }))[0]).toMatchObject({
      state: "dismissed",
      decidedBy: "system:test",
    });
  });

  test("an item that is blocked alone is explained in the words of all blockers", async () => {
    const customerId = await customer({ firstName: "", name: "" });
    await items(customerId, { number: "E-1" });
    s.kulanz.setNow(new Date("2026-06-10T08:00:00Z"));
    await s.run(day("2026-06-10"));
    const [one] = await s.act((act) => explain(act, customerId, day("2026-06-10")));
    expect(one?.decision.outcome).toBe("blocked");
    expect(one?.blockers).toEqual([
      { name: "finding_customer_unknown", restsOn: "creditor.settings.checking.customer_unknown" },
    ]);
  });

  test("what was assigned to somebody else is not checked", async () => {
    const customerId = await customer({ firstName: "", name: "" });
    const [one] = await items(customerId, { number: "V-1" });
    await s.act((act) => setAssigned(act, customerId, one as ReceivableId, day("2026-05-20")));
    await check(customerId);
    expect(await open(customerId)).toEqual([]);
  });
});
