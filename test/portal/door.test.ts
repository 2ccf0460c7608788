import { afterAll, beforeAll, expect, test } from "vitest";
import { addParty } from "../../src/books/customers/index.ts";
import { bookPayment } from "../../src/books/receivables/index.ts";
import { publishBrand } from "../../src/outreach/messaging/index.ts";
import { EUR, expectOk } from "../../src/pure/kernel/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { spellings } from "../../src/doors/portal/door.ts";
import { day } from "../books/books.ts";
import { openPortal, type Portal } from "./portal.ts";

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.drop());

const RIGHT: readonly (readonly [string, string, string])[] = [
  ["postcode", "51147", "the postcode of today's address"],
  ["postcode", "D-51 147", "the same as people write it"],
  ["postcode", "39104", "the postcode before the move"],
  ["order", "B-700", "the order number"],
  ["order", " b 700 ", "the order number written otherwise"],
  ["amount", "48,90", "the amount with a comma, although a part of it is paid"],
  ["amount", "48.90 €", "the amount with a point"],
  ["amount", "1.204,50", "thousands, German"],
  ["amount", "1,204.50", "thousands, English"],
  ["amount", "1204,5", "one decimal"],
];
test("each second factor opens the door", async () => {
  const { link } = await portal.makeCase("700");
  for (const [kind, answer, why] of RIGHT) {
    const secret = await link();
    const client = portal.client();
    const opened = await client.post(`/p/${secret}`, { kind, answer });
    expect([opened.status, opened.location], why).toEqual([303, `/p/${secret}`]);
    expect((await client.get(`/p/${secret}`)).text, why).toContain("1.243,40");
  }
});

test("answers of another kind, of another customer, empty or odd ones don't", async () => {
  const mine = await portal.makeCase("701");
  await portal.makeCase("702");
  const wrong = [
    ["postcode", "48,90"],
    ["order", "51147"],
    ["order", "B-702"],
    ["amount", "38,90"],
    ["amount", "4890"],
  ] as const;
  for (const [kind, answer] of wrong) {
    const client = portal.client();
    const refused = await client.post(`/p/${await mine.link()}`, { kind, answer });
    expect([kind, answer, refused.status]).toEqual([kind, answer, 422]);
    expect(client.cookies.size).toBe(0);
    expect(refused.text).toContain("noch vier Versuche");
    expect(refused.text).toContain(`value="${answer}"`);
  }
  const empty = await portal.client().post(`/p/${mine.secret}`, { kind: "postcode", answer: "  " });
  expect(empty.status).toBe(422);
  expect(empty.text).toContain("Postleitzahl: Bitte füllen Sie dieses Feld aus.");
  expect(spellings("amount", "1.204")).toEqual(["120400"]);
  expect(spellings("amount", "-5")).toEqual([]);
  expect(spellings("postcode", "9".repeat(100))).toEqual([]);
});

test("five wrong tries lock the link, also for the right answer, and for good", async () => {
  const { secret, customerId } = await portal.makeCase("703");
  const client = portal.client();
  for (const left of ["vier Versuche", "drei Versuche", "zwei Versuche", "einen Versuch"])
    expect((await client.post(`/p/${secret}`, { kind: "postcode", answer: "11111" })).text).toContain(left);
  const locked = await client.post(`/p/${secret}`, { kind: "postcode", answer: "11111" });
  expect(locked.status).toBe(403);
  expect(locked.text).toContain("Diese Seite ist jetzt geschlossen.");
  expect((await client.post(`/p/${secret}`, { kind: "postcode", answer: "51147" })).status).toBe(403);
  expect((await portal.client().get(`/p/${secret}`)).status).toBe(403);
  const row = await portal.kulanz.database.tenant(portal.tenantId, (tx) =>
    tx.one<{ tries: number; visits: bigint }>(sql`
      select tries, (select count(*) from portal_visit v where v.customer_id = l.customer_id and act = 'door_wrong') as visits
        from portal_link l where customer_id = ${customerId}`),
  );
  expect(row).toEqual({ tries: 5, visits: 5n });
});

test("tries at the same moment are counted one by one", async () => {
  const { secret } = await portal.makeCase("704");
  const answers = await Promise.all(
    Array.from({ length: 9 }, (_, index) =>
      portal.client(`198.51.100.${index}`).post(`/p/${secret}`, { kind: "postcode", answer: "11111" }),
    ),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([403, 403, 403, 403, 403, 422, 422, 422, 422]);
});

test("a right answer forgets the wrong ones, and proves that the message arrived", async () => {
  const { secret, customerId, messageId } = await portal.makeCase("705");
  const client = portal.client();
  await client.post(`/p/${secret}`, { kind: "postcode", answer: "11111" });
  await client.enter(secret);
  const again = await portal.client().post(`/p/${secret}`, { kind: "postcode", answer: "22222" });
  expect(again.text).toContain("noch vier Versuche");
  const row = await portal.kulanz.database.tenant(portal.tenantId, (tx) =>
    tx.one(sql`select evidence from message where customer_id = ${customerId} and message_id = ${messageId}`),
  );
  expect(row).toEqual({ evidence: "portal_opened" });
});

test("tries from one address at one link are limited", async () => {
  const { link } = await portal.makeCase("706");
  const client = portal.client();
  const secret = await link();
  for (let round = 0; round < 10; round += 1)
    await client.post(`/p/${secret}`, { kind: "postcode", answer: round % 4 === 3 ? "51147" : "11111" });
  const busy = await client.post(`/p/${secret}`, { kind: "postcode", answer: "51147" });
  expect(busy.status).toBe(429);
  expect(Number(busy.headers.get("retry-after"))).toBeGreaterThan(0);
  const strange = portal.client();
  expect((await strange.get("/p/AAAA1")).status).toBe(404);
  // As if this address had asked six hundred times within ten minutes.
  await portal.kulanz.database.system((tx) => tx.execute(sql`update rate_limit set taken = 600 where taken = 1`));
  expect((await strange.get("/p/AAAA2")).status).toBe(429);
  expect((await strange.get(`/p/${secret}`)).status).toBe(429);
  expect((await portal.client().get("/p/AAAA3")).status).toBe(404);
});

test("before the door nothing of the customer is on any page", async () => {
  const made = await portal.makeCase("707", {
    identity: {
      firstName: "Zarathustra",
      name: "Quittenbaum",
      addresses: [{ street: "Mirabellenweg 9", postcode: "60311", city: "Frankfurt", country: "DE" }],
    },
    email: "planted@quitte.example",
  });
  const client = portal.client();
  const paths = [
    "",
    "/pay",
    "/paid",
    "/call",
    "/wrong",
    "/contact",
    "/why",
    "/statement",
    "/original",
    "/data",
    "/help",
    "/done/paid",
    "/nothing",
    `/document/${made.messageId}`,
  ];
  const seen: string[] = [];
  for (const path of paths) seen.push((await client.get(`/p/${made.secret}${path}`)).text);
  seen.push((await client.post(`/p/${made.secret}`, { kind: "postcode", answer: "11111" })).text);
  seen.push((await client.post(`/p/${made.secret}/paid`, { paidOn: "2026-05-30" })).text);
  const all = seen.join("\n");
  for (const planted of [
    "Zarathustra",
    "Quittenbaum",
    "Mirabellenweg",
    "60311",
    "Frankfurt",
    "planted@",
    "RE-707",
    "B-707",
    "1.243,40",
    "1.204,50",
    "38,90",
    made.customerId,
    made.caseId,
  ])
    expect(all.includes(planted), planted).toBe(false);
  expect(seen[0]).toContain("Blumenhof");
  expect(seen[0]).toContain("<title>Ihre Nachricht von Blumenhof</title>");
});

test("unknown, expired and finished links say so kindly", async () => {
  const { secret, link, customerId, items } = await portal.makeCase("708", {}, { one: true });
  const unknown = await portal.client().get("/p/0123456789ABCDEFGHJKMNPQRS");
  expect(unknown.status).toBe(404);
  expect(unknown.text).toContain("Diesen Link kennen wir nicht.");
  const short = await link({ days: 1 });
  const client = portal.client();
  await client.enter(secret);
  portal.kulanz.advance({ days: 2 });
  expect((await portal.client().get(`/p/${short}`)).status).toBe(410);
  expect((await portal.client().post(`/p/${short}`, { kind: "postcode", answer: "51147" })).text).toContain(
    "gilt nicht mehr",
  );
  await portal.act((act) =>
    bookPayment(act, {
      customerId,
      creditorId: portal.creditorId,
      amountMinor: 3890n,
      currency: EUR,
      valueOn: day("2026-06-03"),
      designated: items,
    }),
  );
  const dead = await portal.client().get(`/p/${secret}`);
  expect(dead.status).toBe(410);
  expect(dead.text).toContain("wird nicht mehr gebraucht");
  expect((await portal.client().post(`/p/${secret}`, { kind: "postcode", answer: "51147" })).status).toBe(410);
  portal.kulanz.advance({ days: -2 });
});

test("a session ends after half an hour, belongs to one link, and is renewed while one reads", async () => {
  const first = await portal.makeCase("709");
  const second = await portal.makeCase("710");
  const client = portal.client();
  await client.enter(first.secret);
  expect((await client.get(`/p/${second.secret}`)).text).not.toContain("RE-710");
  portal.kulanz.advance({ minutes: 20 });
  expect((await client.get(`/p/${first.secret}`)).text).toContain("RE-709");
  portal.kulanz.advance({ minutes: 20 });
  expect((await client.get(`/p/${first.secret}`)).text).toContain("RE-709");
  portal.kulanz.advance({ minutes: 31 });
  expect((await client.get(`/p/${first.secret}`)).text).not.toContain("RE-709");
});

test("the cookie is for the portal alone and not readable by script", async () => {
  const { secret } = await portal.makeCase("711");
  const opened = await portal.client().post(`/p/${secret}`, { kind: "postcode", answer: "51147" });
  const [cookie = ""] = opened.headers.getSetCookie();
  for (const part of ["__Secure-kulanz_portal=", "Path=/p", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=1800"])
    expect(cookie).toContain(part);
  expect(opened.headers.get("referrer-policy")).toBe("same-origin");
  expect(opened.headers.get("cache-control")).toBe("no-store");
});

test("a link leads into its own tenant only", async () => {
  const other = await portal.kulanz.createTenant("Anderes Haus");
  const { secret } = await portal.makeCase("712");
  const rows = await portal.kulanz.database.tenant(other, (tx) => tx.rows(sql`select * from portal_link_token`));
  expect(rows).toEqual([]);
  const client = portal.client();
  await client.enter(secret);
  const [name, value = ""] = [...client.cookies].find(([one]) => one.includes("portal")) ?? ["", ""];
  client.cookies.set(name, value.replace(/^[^.]+/, other));
  expect((await client.get(`/p/${secret}`)).text).not.toContain("RE-712");
});

test("the representative who alone is written to uses the postcode on that letter", async () => {
  const { secret, customerId } = await portal.makeCase("713");
  await portal.act(async (act) =>
    expectOk(
      await addParty(act, customerId, {
        role: "representative",
        representativeKind: "guardian",
        identity: {
          name: "Betreuer",
          addresses: [{ street: "Am Wall 2", postcode: "28195", city: "Bremen", country: "DE" }],
        },
        validFrom: day("2026-01-01"),
        maySee: ["items"],
        writeOnlyTo: true,
      }),
    ),
  );
  expect((await portal.client().post(`/p/${secret}`, { kind: "postcode", answer: "28195" })).status).toBe(303);
});

test("the code of a letter is typed in any writing and leads to the door", async () => {
  const { link } = await portal.makeCase("714");
  const code = await link({ typed: true });
  expect(code).toHaveLength(12);
  const client = portal.client();
  expect((await client.get("/p")).text).toContain("Ihr Code aus dem Brief");
  const typed = `${code.slice(0, 4)} ${code.slice(4, 8)}-${code.slice(8)}`.toLowerCase();
  expect((await client.post("/p", { code: typed })).location).toBe(`/p/${code}`);
  const wrong = await client.post("/p", { code: "<b>zu kurz" });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("&lt;b&gt;zu kurz");
  expect((await client.get(`/p/${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`)).text).toContain(
    "Postleitzahl",
  );
});

test("the brand of the message is shown, not another of the house", async () => {
  await portal.act(async (act) =>
    expectOk(
      await publishBrand(act, {
        creditorId: portal.creditorId,
        code: "other",
        name: "Andere Marke",
        colour: "#0000ff",
        contact: {
          shortName: "Andere",
          team: { de: "Team", en: "team" },
          person: "Ada",
          personFirstName: "Ada",
          phone: "0221 1",
          phoneHours: { de: "immer", en: "always" },
          replyTo: "a@andere.example",
          sender: "a@andere.example",
        },
        toneCeiling: "firm",
      }),
    ),
  );
  const { secret } = await portal.makeCase("715");
  expect((await portal.client().get(`/p/${secret}`)).text).not.toContain("Andere Marke");
});
