/**
 * One customer's story over seven weeks of fake time, told through the public doors alone: the API as clerk and manager
 * use it, the mail as it left, the portal as Lena opens it, statements as the bank writes them.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Customer, ImportJob, List, Message, MessageRow, Run } from "../../web/console/src/api/contract.ts";
import { portalRoutes } from "../../src/doors/portal/index.ts";
import { createHttpApp } from "../../src/platform/http/index.ts";
import { letDueMessagesLeave } from "../../src/outreach/messaging/index.ts";
import { type ApiHouse, openApi } from "../api/api.ts";
import { camt053, OUR_IBAN } from "../books/banking-files.ts";
import { type Client, client, ORIGIN } from "../portal/portal.ts";

let house: ApiHouse;
// Keys, not sessions: weeks go by.
let clerk: string;
let manager: string;
let lena: Client;

beforeAll(async () => {
  house = await openApi();
  const { deps, outreach } = house;
  clerk = await house.key("agent");
  manager = await house.key("manager");
  const app = createHttpApp({ log: deps.log, now: deps.now, chance: deps.chance });
  app.route("/p", portalRoutes({ ...deps, settings: { publicUrl: ORIGIN } }));
  lena = client(app, "203.0.113.77");
  outreach.kulanz.setNow(new Date("2026-06-01T07:00:00Z"));
});
afterAll(() => house.drop());

const on = (date: string, hour = 9) =>
  house.outreach.kulanz.setNow(new Date(`${date}T${String(hour - 2).padStart(2, "0")}:00:00Z`));

async function hand(name: string, bytes: string | Buffer): Promise<ImportJob> {
  const form = new FormData();
  form.set("creditor", house.outreach.creditorId);
  form.set("file", new File([new Uint8Array(Buffer.from(bytes))], name));
  const sent = await house.call("POST /imports", { key: clerk, raw: form });
  expect(sent.status).toBe(202);
  const { id } = (await sent.json()) as ImportJob;
  for (let tries = 0; tries < 200; tries += 1) {
    const job = await house.get<ImportJob>(`GET /imports/${id}`, { key: clerk });
    if (job.state === "done" || job.state === "failed") return job;
    await new Promise((later) => setTimeout(later, 25));
  }
  throw new Error("the import did not end");
}

async function run(date: string): Promise<Run> {
  const started = await house.call("POST /runs", {
    key: manager,
    body: { creditorId: house.outreach.creditorId, date },
    headers: { "idempotency-key": `run-${date}` },
  });
  expect([200, 201, 202]).toContain(started.status);
  let state = (await started.json()) as Run;
  for (let tries = 0; tries < 200 && state.state !== "done"; tries += 1) {
    await new Promise((later) => setTimeout(later, 25));
    state = await house.get<Run>(`GET /runs/${state.id}`, { key: manager });
  }
  await letDueMessagesLeave(house.outreach.outbox, house.outreach.tenantId);
  return state;
}

const sent = async (): Promise<MessageRow[]> =>
  (await house.get<List<MessageRow>>("GET /messages?state=left", { key: clerk })).rows.slice();

async function customer(): Promise<Customer> {
  const found = await house.get<List<{ id: string }>>("GET /customers?q=Bergmann", { key: clerk });
  return house.get<Customer>(`GET /customers/${found.rows[0]?.id}`, { key: clerk });
}

const payment = (date: string, amount: string, text: string, number: number) =>
  hand(
    `auszug-${date}.xml`,
    camt053({
      id: `S${number}`,
      iban: OUR_IBAN,
      opening: number === 1 ? "0.00" : "100.00",
      date,
      payments: [{ amount, name: "Lena Bergmann", text, bankReference: `B${number}`, bookedOn: date }],
    }),
  );

test("Lena forgets an invoice, pays half, says she has paid, and is done in the end", async () => {
  // 1 June: the shop's list comes in; nothing is due yet.
  const items = await hand(
    "offene-posten.csv",
    [
      "customer_number;kind;first_name;name;street;postcode;city;country;state;email;language;brand;invoice_number;order_number;issue_date;due_date;amount;currency",
      "K-77;consumer;Lena;Bergmann;Lindenweg 4;50667;Köln;DE;NW;lena@kundin.example;de;blumenhof;RE-0007001;B-5512;2026-05-20;2026-06-03;200.00;EUR",
    ].join("\r\n"),
  );
  expect(items).toMatchObject({ state: "done" });
  expect(items.result?.status).toBe("ok");

  // 8 June: five days late. The run writes one friendly mail; the same run again writes none.
  on("2026-06-08");
  await run("2026-06-08");
  await run("2026-06-08");
  const [reminder, ...more] = await sent();
  expect(more).toEqual([]);
  expect(reminder).toMatchObject({ stage: "reminder", channel: "email" });
  const mail = await house.get<Message>(`GET /messages/${reminder?.id}`, { key: clerk });
  expect(mail.subject).not.toMatch(/Mahnung|Forderung|200/);
  const secret = /\/p\/([0-9A-Z]{26})/.exec(mail.text)?.[1] ?? "";

  // She opens the link. Nothing is told before she names her postcode.
  expect((await lena.get(`/p/${secret}`)).text).not.toContain("Bergmann");
  expect((await lena.enter(secret, "11111")).text).not.toContain("200,00");
  const home = await lena.enter(secret, "50667");
  expect(home.text).toContain("Lena Bergmann");
  expect(home.text).toMatch(/200,00/);
  expect((await lena.get(`/p/${secret}/pay`)).text).toContain("<svg");

  // 11 June: half of it arrives, with the invoice number written her own way. It books by itself.
  on("2026-06-12");
  const half = await payment("2026-06-11", "100.00", "Rechnung RE 0007001 erster Teil danke", 1);
  expect(half.matched).toMatchObject({ automatic: 1, proposed: 0, unmatched: 0 });
  expect((await lena.enter(secret, "50667")).text).toMatch(/100,00/);

  // 19 June: the promised days are over, the rest is asked for by a notice; the sum is the rest.
  on("2026-06-19");
  await run("2026-06-19");
  const notice = (await sent()).find((row) => row.stage === "dunning_notice");
  const words = (await house.get<Message>(`GET /messages/${notice?.id}`, { key: clerk })).text;
  expect(words).toMatch(/100,00/);
  expect(words).toMatch(/§\s286\sAbs\.\s1\sBGB/);

  // She clicks "I have paid": all rests, and the page says so. A second click changes nothing.
  await lena.enter(secret, "50667");
  const csrf = await lena.csrf(secret);
  const form = { csrf, paidOn: "18.06.2026", note: "" };
  const claimed = await lena.post(`/p/${secret}/paid`, form);
  await lena.post(`/p/${secret}/paid`, form);
  expect([200, 302, 303]).toContain(claimed.status);
  on("2026-06-25");
  await run("2026-06-25");
  const held = await customer();
  expect(held.blockers.length).toBeGreaterThan(0);
  expect((await sent()).filter((row) => row.stage === "final_notice")).toEqual([]);

  // 3 July: nothing came. She is asked once, friendly; nothing harder leaves meanwhile.
  on("2026-07-03");
  await run("2026-07-03");
  const question = (await sent()).find((row) => row.stage === "paid_question");
  expect(question).toBeDefined();

  // 6 July: the rest arrives. The case closes, the link is finished, and nobody writes any more.
  on("2026-07-07");
  const rest = await payment("2026-07-06", "100.00", "RE-0007001 Rest", 2);
  expect(rest.matched).toMatchObject({ automatic: 1 });
  const done = await customer();
  expect(done.open.every((sum) => sum.amount === "0.00")).toBe(true);
  expect((await lena.get(`/p/${secret}`)).text).not.toContain("Lena");
  const before = (await sent()).length;
  on("2026-07-21");
  await run("2026-07-21");
  expect(await sent()).toHaveLength(before);

  // What was done stands in an unbroken chain.
  const verified = await house.call("POST /audit/verify", { key: await house.key("auditor") });
  expect(verified.status).toBe(200);
});
