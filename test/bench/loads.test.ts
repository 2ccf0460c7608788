/** What the benches feed in: right by the contract's formula, readable by our own readers. */
import { isValidIBAN } from "ibantools";
import nodemailer from "nodemailer";
import { expect, test } from "vitest";
import {
  accountIsKnown,
  ibanOf,
  itemOf,
  mix,
  paymentOf,
  percentile,
  personOf,
  startMailSink,
  statementFrom,
} from "../../src/doors/bench/index.ts";

const ITEMS = 30_000;
const payments = Array.from({ length: 10_000 }, (_, k) => paymentOf(k + 1, ITEMS));

test("transaction k pays item 3k: in full with its number, by half, or in full without a number", () => {
  payments.forEach((payment, index) => {
    const item = 3 * (index + 1);
    const { customer, cents } = itemOf(item, ITEMS);
    const draw = mix(item, 3) % 10;
    expect(payment.item).toBe(item);
    expect(payment.iban).toBe(ibanOf(customer));
    expect(payment.cents).toBe(draw === 8 ? Math.floor(cents / 2) : cents);
    expect(payment.text).toBe(
      draw === 9 ? "Zahlung Danke" : `Zahlung RE-${String(item).padStart(7, "0")} Kd ${customer} Danke`,
    );
  });
  const share = (kind: string) => payments.filter((payment) => payment.kind === kind).length / payments.length;
  expect(share("full")).toBeCloseTo(0.8, 1);
  expect(share("half")).toBeCloseTo(0.1, 1);
  expect(share("without_number")).toBeCloseTo(0.1, 1);
});

test("accounts: valid, one a customer, seven of ten seen before", () => {
  const customers = Array.from({ length: 10_000 }, (_, k) => k + 1);
  const ibans = customers.map(ibanOf);
  expect(ibans.filter((iban) => !isValidIBAN(iban))).toEqual([]);
  expect(new Set(ibans).size).toBe(customers.length);
  expect(customers.filter(accountIsKnown).length / customers.length).toBeCloseTo(0.7, 1);
});

test("names are spread: few customers share one", () => {
  const names = Array.from({ length: 10_000 }, (_, k) => personOf(k + 1)).map((one) => `${one.firstName} ${one.name}`);
  expect(new Set(names).size).toBeGreaterThan(7_000);
});

test("a statement's balance is the sum of its entries, and it comes in pieces", async () => {
  const pieces: Buffer[] = [];
  for await (const piece of statementFrom(payments)) pieces.push(piece);
  const text = Buffer.concat(pieces).toString("utf8");
  expect(pieces.length).toBeGreaterThan(50);
  expect(text.match(/<Ntry>/g)).toHaveLength(payments.length);
  const sum = payments.reduce((total, { cents }) => total + cents, 0);
  expect(text).toContain(`<Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${(sum / 100).toFixed(2)}</Amt>`);
});

test("percentiles by nearest rank", () => {
  const values = Array.from({ length: 100 }, (_, k) => 100 - k);
  expect(percentile(values, 0.5)).toBe(50);
  expect(percentile(values, 0.99)).toBe(99);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("the mail sink takes mails of any content over one connection and counts them", async () => {
  const sink = await startMailSink();
  const transport = nodemailer.createTransport({ url: sink.url, pool: true, maxConnections: 1 } as never);
  try {
    for (const text of ["kurz", ".\r\nein Punkt allein\r\n.\r\n", "x\n".repeat(50_000)])
      await transport.sendMail({ from: "a@post.example", to: "b@post.example", subject: "Probe", text });
    expect(sink.mails).toBe(3);
    expect(sink.bytes).toBeGreaterThan(100_000);
  } finally {
    transport.close();
    await sink.close();
  }
});
