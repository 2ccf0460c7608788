import { afterAll, beforeAll, expect, test } from "vitest";
import { changeCreditorSettings } from "../../src/books/customers/index.ts";
import { claimOn, setDefault } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { deterministicUuid, EUR, type MessageId, money } from "../../src/pure/kernel/index.ts";
import {
  createPortalLink,
  formatAmount,
  letDueMessagesLeave,
  queueMessages,
} from "../../src/outreach/messaging/index.ts";
import { day } from "../books/books.ts";
import { openPortal, type Portal } from "./portal.ts";

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.drop());

test("names, numbers and brands are escaped everywhere", async () => {
  const made = await portal.makeCase("810", {
    identity: {
      firstName: '<img src=x onerror="alert(1)">',
      name: 'O\'Neil & "Söhne"',
      addresses: [{ street: "A", postcode: "51147", city: "Köln", country: "DE" }],
    },
  });
  const client = portal.client();
  const home = await client.enter(made.secret);
  expect(home.text).not.toContain("<img src=x");
  expect(home.text).toContain("&lt;img src=x");
  const odd = await client.get(`/p/${made.secret}/pay?item=%22%3E%3Cscript%3E`);
  expect(odd.status).toBe(200);
  expect(odd.text).not.toContain('"><script>');
  expect((await client.get(`/p/${made.secret}/done/%3Cscript%3E`)).status).toBe(303);
});

test("the original invoice is the customer's own only", async () => {
  const made = await portal.makeCase("811");
  const other = await portal.makeCase("812");
  const client = portal.client();
  const home = await client.enter(made.secret);
  const path = /\/p\/[^"]+\/document\/[^"]+/.exec(home.text)?.[0] ?? "";
  const got = await client.get(path);
  expect([got.status, got.headers.get("content-type"), got.text]).toEqual([200, "application/pdf", "%PDF-1.7 test"]);
  const stranger = portal.client();
  await stranger.enter(other.secret);
  const id = path.split("/").at(-1) ?? "";
  expect((await stranger.get(`/p/${other.secret}/document/${id}`)).status).toBe(404);
  expect((await client.get(`/p/${made.secret}/document/nothing`)).status).toBe(404);
});

test("the language is the customer's, and switches by a link", async () => {
  const made = await portal.makeCase("813", { language: "en" });
  const client = portal.client();
  expect((await client.get(`/p/${made.secret}`)).text).toContain('<html lang="en">');
  const home = await client.enter(made.secret);
  expect(home.text).toContain("€1,243.40");
  const switched = await client.get(`/p/${made.secret}?language=de`);
  expect([switched.status, switched.location]).toEqual([303, `/p/${made.secret}`]);
  const german = await client.get(`/p/${made.secret}`);
  expect(german.text).toContain('<html lang="de">');
  expect(german.text).toContain("Offen sind noch");
});

test("every cent has a reason: interest with rate, days and paragraph, contained in the sum and in the code", async () => {
  const made = await portal.makeCase("818", {}, { one: true });
  await portal.act(async (act) => {
    await changeCreditorSettings(act, portal.creditorId, { interest: "always" });
    const [receivableId] = made.items;
    if (receivableId)
      await setDefault(act, [
        { customerId: made.customerId, receivableId, since: day("2026-05-11"), ground: "§ 286 Abs. 2 Nr. 1 BGB" },
      ]);
  });
  const client = portal.client();
  const home = (await client.enter(made.secret)).text;
  const pay = (await client.get(`/p/${made.secret}/pay`)).text;
  await portal.act((act) => changeCreditorSettings(act, portal.creditorId, { interest: "when_claimed" }));
  const claim = await portal.act((act) => claimOn(act, made.customerId, day("2026-06-01"), undefined, "always"));
  const [only] = [...claim.values()];
  const [charge] = only?.charges ?? [];
  expect(charge?.amountMinor).toBeGreaterThan(0n);
  expect(home).toContain("Verzugszinsen");
  expect(charge?.paragraph).toContain("§ 288 I BGB");
  expect(home).toContain("§ 288 Abs. 1 BGB".replaceAll(" ", "\u00a0"));
  expect(home).toContain(`im Jahr, ${charge?.days} Tage`);
  const total = formatAmount(money(only?.totalMinor ?? 0n, EUR), "de");
  expect(home).toContain(total);
  expect(pay).toContain(`GiroCode über ${total}`);
});

test("the German original of an English notice is there to read, of a German one there is none", async () => {
  const made = await portal.makeCase("819", { language: "en" });
  const messageId = deterministicUuid("test notice", made.customerId) as MessageId;
  await portal.act((act) =>
    queueMessages(act, [
      {
        messageId,
        customerId: made.customerId,
        creditorId: portal.creditorId,
        brandId: portal.brandId,
        caseId: made.caseId,
        kind: "ask",
        templateKey: "dunning_notice",
        stage: "dunning_notice",
        round: 1,
        channel: "email",
        tone: "factual",
        receivableIds: made.items,
        itemStages: {},
        effect: "default",
        termDays: 10,
        needsApproval: false,
        leaveAfter: portal.kulanz.now(),
      },
    ]),
  );
  // The reminder of the same day would stand in its way.
  await portal.kulanz.database.tenant(portal.tenantId, (tx) =>
    tx.execute(
      sql`update message set state = 'dropped' where customer_id = ${made.customerId} and message_id = ${made.messageId}`,
    ),
  );
  await letDueMessagesLeave(portal.outbox, portal.tenantId, 1);
  const secret = await portal.act((act) =>
    createPortalLink(act, {
      customerId: made.customerId,
      caseId: made.caseId,
      messageId,
      expiresAt: new Date("2027-01-01T00:00:00Z"),
      typed: false,
    }),
  );
  const client = portal.client();
  await client.enter(secret);
  const original = (await client.get(`/p/${secret}/original`)).text;
  expect(original).toContain('<section lang="de">');
  expect(original).toContain("Rechtlich ist dies eine Mahnung");
  const german = await portal.makeCase("820");
  const other = portal.client();
  await other.enter(german.secret);
  expect((await other.get(`/p/${german.secret}/original`)).text).toContain(
    "Zu dieser Nachricht gibt es keinen anderen Text.",
  );
});
