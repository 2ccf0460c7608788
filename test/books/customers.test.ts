import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addContactPoint,
  addNote,
  addParty,
  channelsOf,
  createBrand,
  createCreditor,
  creditorOfAccount,
  creditors,
  customerFacts,
  customerFile,
  endParty,
  findCustomersBy,
  learnAccount,
  markUndeliverable,
  notes,
  openIdentities,
  protectCustomer,
  reachability,
  searchCustomers,
  setConsent,
  takeCustomers,
} from "../../src/books/customers/index.ts";
import {
  decideTask,
  findCustomers,
  keepCases,
  casesOf,
  proposeWriteOff,
  receivablesOf,
  tasks,
} from "../../src/books/receivables/index.ts";
import { type Actor, addUser, type Role, withAct } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, money } from "../../src/pure/kernel/index.ts";
import { type Books, customerInput, day, makeCustomer, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const take = async (...inputs: Parameters<typeof customerInput>[]): Promise<CustomerId[]> =>
  books.act(async (act) => {
    const taken = await takeCustomers(
      act,
      inputs.map((input) => customerInput(...input)),
    );
    return inputs.map((input) => taken.get(input[1])?.customerId as CustomerId);
  });

describe("taking in", () => {
  test("several lines of one customer are one, a second import is known, a new address and e-mail are added", async () => {
    const lines = [
      customerInput(books, "K-100", {}, { email: "erika@musterfrau.example", ibans: ["DE02 1203 0000 0000 2020 51"] }),
      customerInput(books, "K-100", {}, { email: "ERIKA@musterfrau.example", phone: "0221 123456" }),
      customerInput(books, "K-101"),
    ];
    const first = await books.act((act) => takeCustomers(act, lines));
    expect([...first.values()].map((taken) => taken.known)).toEqual([false, false]);
    const second = await books.act((act) => takeCustomers(act, lines));
    expect([...second.values()].map((taken) => taken.known)).toEqual([true, true]);
    const customerId = first.get("K-100")?.customerId as CustomerId;
    expect(second.get("K-100")?.customerId).toBe(customerId);
    const before = expectOk(await books.act((act) => customerFile(act, customerId)));
    expect(before.contactPoints.map((point) => point.channel)).toEqual(["email", "letter", "phone"]);
    expect(before.contactPoints.at(-1)?.value).toBe("+49221123456");

    const moved = { addresses: [{ street: "Am Markt 2", postcode: "28195", city: "Bremen", country: "DE" }] };
    await take([books, "K-100", moved, { email: "neu@musterfrau.example" }]);
    const after = expectOk(await books.act((act) => customerFile(act, customerId)));
    expect(after.identity.addresses.map((address) => address.postcode)).toEqual(["51147", "28195"]);
    expect(after.contactPoints.map((point) => [point.channel, JSON.stringify(point.value).includes("28195")])).toEqual([
      ["email", false],
      ["email", false],
      ["letter", true],
      ["phone", false],
    ]);
    // The old file again brings nothing back.
    await books.act((act) => takeCustomers(act, lines));
    expect(expectOk(await books.act((act) => customerFile(act, customerId))).identity).toEqual(after.identity);
    for (const [kind, value] of [
      ["iban", "DE02120300000000202051"],
      ["email", "Erika@Musterfrau.example"],
      ["phone", "+49221123456"],
      ["customer_number", "K-100"],
    ] as const)
      expect((await books.act((act) => findCustomersBy(act, kind, [value]))).get(value)).toEqual([customerId]);
    expect((await books.act((act) => customerFacts(act, [customerId]))).get(customerId)).toMatchObject({
      number: "K-100",
    });
  });

  test("two imports at the same time make each customer once", async () => {
    const lines = Array.from({ length: 20 }, (_, index) => customerInput(books, `Z-${index}`));
    const [one, two] = await Promise.all([
      books.act((act) => takeCustomers(act, lines)),
      books.act((act) => takeCustomers(act, [...lines].reverse())),
    ]);
    for (const { number } of lines) expect(one?.get(number)?.customerId).toBe(two?.get(number)?.customerId);
    const rows = await books.act((act) => act.tx.rows(sql`select customer_id from customer where number like 'Z-%'`));
    expect(rows).toHaveLength(20);
  });

  test("nothing that names a person stands in the database", async () => {
    await take([
      books,
      "K-200",
      { firstName: "Kunigunde", name: "Zwetschgenbaum" },
      { email: "kuni@zwetschge.example" },
    ]);
    const tables = await books.kulanz.database.owner((tx) =>
      tx.rows<{ name: string }>(sql`select tablename as name from pg_tables where schemaname = 'public'`),
    );
    for (const { name } of tables) {
      const found = await books.kulanz.database.owner((tx) =>
        tx.rows<{ row: string }>({ text: `select t::text as row from ${name} t`, values: [] }),
      );
      expect(
        found.filter(({ row }) => /zwetschge|kunigunde|heidestra/i.test(row)),
        name,
      ).toEqual([]);
    }
  });
});

describe("search", () => {
  let ids: CustomerId[] = [];
  const find = async (text: string, actor: Actor = SYSTEM): Promise<(readonly [string, string])[]> =>
    expectOk(await books.act((act) => searchCustomers(act, { text }, 20), actor)).map(
      (hit) => [hit.number, hit.ground] as const,
    );
  beforeAll(async () => {
    const at = (street: string, postcode: string, city: string) => ({
      addresses: [{ street, postcode, city, country: "DE" }],
    });
    ids = await take(
      [
        books,
        "S-1",
        { firstName: "Jürgen", name: "Müller-Lüdenscheidt", ...at("Schäfergasse 12", "60313", "Frankfurt am Main") },
      ],
      [
        books,
        "S-2",
        { firstName: "Anna", name: "Maier", ...at("Bahnhofstr. 4", "80331", "München") },
        { email: "anna.maier@post.example", phone: "+49 170 1234567" },
      ],
      [books, "S-3", { firstName: "Anne", name: "Meyer", ...at("Bahnhofstraße 40", "04109", "Leipzig") }],
      [
        books,
        "S-4",
        { company: "Straßenbau Öztürk GmbH", ...at("Industrieweg 1", "24103", "Kiel") },
        { kind: "business" },
      ],
    );
  });

  test.each([
    ["Lüd", [["S-1", "spelling"]]],
    ["luedensch", [["S-1", "spelling"]]],
    ["lude", [["S-1", "spelling"]]],
    ["müller schäf", [["S-1", "spelling"]]],
    ["Mahnke frankfurt", []],
    ["Mueler frankfurt", [["S-1", "sound"]]],
    [
      "Meier",
      [
        ["S-2", "sound"],
        ["S-3", "sound"],
      ],
    ],
    [
      "Meyer",
      [
        ["S-3", "spelling"],
        ["S-2", "sound"],
      ],
    ],
    [
      "Anna Bahnhofstraße",
      [
        ["S-2", "spelling"],
        ["S-3", "sound"],
      ],
    ],
    ["bahnhofstr 40", [["S-3", "spelling"]]],
    ["04109", [["S-3", "spelling"]]],
    ["Oeztuerk", [["S-4", "spelling"]]],
    ["strassenbau", [["S-4", "spelling"]]],
    ["S-4", [["S-4", "number"]]],
    ["anna.maier@post.example", [["S-2", "email"]]],
    ["0170 / 123 45 67", [["S-2", "phone"]]],
    ["Hinterhuber", []],
  ])("%s", async (text, expected) => {
    expect(await find(text)).toEqual(expected);
  });

  test("by invoice, order and case number, RF reference, account and amount", async () => {
    const customerId = ids[1] as CustomerId;
    await books.act((act) => makeItem(act, books, customerId, "RE-2026-00417", 11_937n, { orderNumber: "BEST/88123" }));
    await books.act((act) => keepCases(act, [customerId], day("2026-06-01")));
    await books.act((act) => learnAccount(act, customerId, "DE75512108001245126199"));
    const [item] = await books.act((act) => receivablesOf(act, customerId));
    const [dunning] = await books.act((act) => casesOf(act, [customerId]));
    const reference = item?.paymentReference.replace(/(.{4})/g, "$1 ").trim() ?? "";
    expect(await find("re 2026 00417")).toEqual([["S-2", "reference"]]);
    expect(await find("BEST-88123")).toEqual([["S-2", "reference"]]);
    expect(await find(reference)).toEqual([["S-2", "reference"]]);
    expect(await find(dunning?.number ?? "")).toEqual([["S-2", "case_number"]]);
    expect(await find("DE75 5121 0800 1245 1261 99")).toEqual([["S-2", "iban"]]);
    const owing = async (text: string) =>
      expectOk(await books.act((act) => findCustomers(act, text, 10))).map((hit) => [hit.number, hit.ground]);
    expect(await owing("119,37")).toEqual([["S-2", "amount"]]);
    expect(await owing("119,37 €")).toEqual([["S-2", "amount"]]);
    expect(await owing("maier 119.37")).toEqual([["S-2", "spelling"]]);
    expect(await owing("öztürk 119,37")).toEqual([]);
    expect(await owing("öztürk")).toEqual([["S-4", "spelling"]]);
  });

  test("every search is written down without its text; a tenant finds only its own", async () => {
    await find("Lüdenscheidt");
    const [entry] = await books.act((act) =>
      act.tx.rows<{ act: string; details: object }>(sql`
        select act, details from audit_entry where act = 'customer.searched' order by sequence desc limit 1`),
    );
    expect(JSON.stringify(entry)).not.toMatch(/denscheidt/i);
    expect(entry?.details).toMatchObject({ hits: 1 });
    const other = await books.kulanz.createTenant("Andere GmbH");
    const seen = await withAct(books.platform, other, SYSTEM, async (act) => [
      expectOk(await searchCustomers(act, { text: "Lüdenscheidt" }, 10)),
      [...(await findCustomersBy(act, "customer_number", ["S-1"])).values()],
      [...(await customerFacts(act, ids)).values()],
      [...(await openIdentities(act, ids)).values()],
      await creditors(act),
    ]);
    expect(seen).toEqual([[], [], [], [], []]);
    expect(await books.act((act) => searchCustomers(act, { text: "x" }, 10))).toMatchObject({
      error: { code: "search_text_missing" },
    });
  });

  test("protected files open for those named and for roles that may see all", async () => {
    const [customerId] = await take([books, "S-9", { name: "Geheimrat" }]);
    const agent: Actor = { kind: "user", id: "019e0000-0000-7000-8000-000000000001", role: "agent" };
    const other: Actor = { kind: "user", id: "019e0000-0000-7000-8000-000000000002", role: "agent" };
    await books.act((act) => protectCustomer(act, customerId as CustomerId, [agent.id]));
    expect(await find("Geheimrat", other)).toEqual([]);
    expect(await find("S-9", other)).toEqual([]);
    expect(await find("Geheimrat", agent)).toEqual([["S-9", "spelling"]]);
    expect(await books.act((act) => customerFile(act, customerId as CustomerId), other)).toMatchObject({
      error: { code: "customer_restricted" },
    });
    expectOk(await books.act((act) => customerFile(act, customerId as CustomerId), agent));
    expectOk(await books.act((act) => customerFile(act, customerId as CustomerId), { ...other, role: "manager" }));
    const opened = await books.act((act) =>
      act.tx.rows<{ actor: string }>(
        sql`select actor from audit_entry where act = 'customer.opened' and subject = ${customerId} order by sequence`,
      ),
    );
    expect(opened.map((entry) => entry.actor)).toEqual([`user:${agent.id}`, `user:${other.id}`]);
  });
});

describe("contacts", () => {
  test("write only to: automatic contact goes to the representative alone, while it lasts", async () => {
    const [customerId] = (await take([books, "C-1", {}, { email: "c1@post.example" }])) as [CustomerId];
    const today = day("2026-06-01");
    const channels = async (on = today) =>
      (await books.act((act) => channelsOf(act, [customerId], on))).get(customerId) ?? [];
    expect([...(await channels())].sort()).toEqual(["email", "letter"]);
    const partyId = expectOk(
      await books.act((act) =>
        addParty(act, customerId, {
          role: "representative", representativeKind: "debt_adviser", proof: "certificate", validFrom: today, maySee: ["items"], writeOnlyTo: true,
          identity: { name: "Schuldnerberatung Nord", addresses: [{ street: "Hafen 1", postcode: "20457", city: "Hamburg", country: "DE" }] },
        }),
      ),
    ); // biome-ignore format: one line
    expect(await channels()).toEqual(["letter"]);
    const reached = await books.act((act) => reachability(act, customerId, today));
    expect(reached.writeOnlyTo?.partyId).toBe(partyId);
    expect(reached.points.map((point) => point.partyId)).toEqual([partyId]);
    expect((await channels(day("2026-05-31"))).length).toBe(2);
    await books.act((act) => endParty(act, customerId, partyId, day("2026-06-30")));
    expect((await channels(day("2026-07-01"))).length).toBe(2);
    expect(await find("Schuldnerberatung")).toEqual(["C-1"]);
  });
  const find = async (text: string): Promise<string[]> => {
    const found = await books.act((act) => searchCustomers(act, { text }, 5));
    return expectOk(found).map((hit) => hit.number);
  };

  test("consent, bounces and bad values", async () => {
    const [customerId] = (await take([books, "C-2"])) as [CustomerId];
    const email = expectOk(
      await books.act((act) => addContactPoint(act, customerId, { channel: "email", value: "c2@post.example" })),
    );
    const phone = expectOk(
      await books.act((act) => addContactPoint(act, customerId, { channel: "phone", value: "040 / 123456" })),
    );
    const usable = async () =>
      (await books.act((act) => reachability(act, customerId, day("2026-06-01")))).points.map((point) => point.channel);
    expect(await usable()).toEqual(["email", "letter", "phone"]);
    expectOk(await books.act((act) => setConsent(act, customerId, email, "withdrawn", "portal")));
    expectOk(await books.act((act) => markUndeliverable(act, customerId, phone)));
    expect(await usable()).toEqual(["letter"]);
    for (const [point, code] of [
      [{ channel: "email", value: "nobody" }, "email_invalid"],
      [{ channel: "phone", value: "12" }, "phone_invalid"],
      [{ channel: "letter", value: "nowhere" }, "address_missing"],
    ] as const)
      expect(await books.act((act) => addContactPoint(act, customerId, point))).toMatchObject({ error: { code } });
    expectOk(await books.act((act) => addNote(act, customerId, " Ruft morgen an. ")));
    expect(await books.act((act) => notes(act, customerId))).toMatchObject([
      { text: "Ruft morgen an.", author: "system:test" },
    ]);
  });

  test("an account belongs to one creditor, a code to one brand", async () => {
    expect(await books.act((act) => creditorOfAccount(act, "DE02 1203 0000 0000 2020 51"))).toBe(books.creditorId);
    const [known] = await books.act(creditors);
    if (!known) throw new Error("no creditor");
    expect(await books.act((act) => createCreditor(act, known))).toMatchObject({ error: { code: "account_taken" } });
    const brand = {
      creditorId: books.creditorId,
      code: "main",
      name: "X",
      look: {},
      contact: {},
      toneCeiling: "firm" as const,
    };
    expect(await books.act((act) => createBrand(act, brand))).toMatchObject({ error: { code: "brand_code_taken" } });
  });
});

describe("proposals", () => {
  const person = async (role: Role, limit: bigint, email: string): Promise<Actor> => {
    const added = expectOk(
      await books.act((act) =>
        addUser(act, { name: email, email: `${email}@team.example`, role, limit: money(limit, EUR) }),
      ),
    ) as unknown as { userId: string };
    return { kind: "user", id: added.userId, role };
  };

  test("limits and four eyes: above the limit a second, other person with the role confirms", async () => {
    const agent = await person("agent", 5_000n, "agent");
    const manager = await person("manager", 100_000n, "manager");
    const customerId = await books.act((act) => makeCustomer(act, books, "W-1"));
    const small = await books.act((act) => makeItem(act, books, customerId, "W-1-1", 4_000n));
    const big = await books.act((act) => makeItem(act, books, customerId, "W-1-2", 40_000n));
    await books.act((act) => keepCases(act, [customerId], day("2026-06-01")));
    const propose = async (id: typeof small) =>
      expectOk(await books.act((act) => proposeWriteOff(act, customerId, id, "Insolvenz", day("2026-06-08"))));
    const decide = async (taskId: string, actor: Actor) =>
      books.act((act) => decideTask(act, customerId, taskId, "approve"), actor);
    const [first, second] = [await propose(small), await propose(big)];
    expect(await decide(first, SYSTEM)).toMatchObject({ error: { code: "person_needed" } });
    expect(await decide(first, agent)).toEqual({ ok: true, value: "decided" });
    expect(await decide(first, agent)).toMatchObject({ error: { code: "task_decided" } });
    expect(await decide(second, agent)).toEqual({ ok: true, value: "second_needed" });
    expect(await decide(second, agent)).toMatchObject({ error: { code: "same_person" } });
    expect((await books.act((act) => receivablesOf(act, customerId))).map((item) => item.openTotal)).toEqual([
      0n,
      40_000n,
    ]);
    expect(
      (await books.act((act) => tasks(act, { customerId }))).map((task) => [task.kind, task.text, task.amountMinor]),
    ).toEqual([["write_off", "Insolvenz", 40_000n]]);
    expect(await decide(second, manager)).toEqual({ ok: true, value: "decided" });
    expect((await books.act((act) => receivablesOf(act, customerId))).map((item) => item.openTotal)).toEqual([0n, 0n]);
    expect(await books.act((act) => casesOf(act, [customerId]))).toMatchObject([{ state: "closed" }]);
    expect(await books.act((act) => proposeWriteOff(act, customerId, big, "", day("2026-06-08")))).toMatchObject({
      error: { code: "nothing_open" },
    });
  });
});
