/**
 * Books with a published strategy and an outbox whose channels only write down what they were given. Texts are one
 * line: how they are rendered has tests of its own, and invariant 13 uses the real ones.
 */
import { takeCustomers } from "../../src/books/customers/index.ts";
import { publishStrategy, runDunning, STANDARD_STRATEGY } from "../../src/outreach/dunning/index.ts";
import {
  type ChannelAdapter,
  type Composer,
  letDueMessagesLeave,
  type Outbox,
  type Parcel,
} from "../../src/outreach/messaging/index.ts";
import { type CustomerId, expectOk, ok, type PlainDate } from "../../src/pure/kernel/index.ts";
import { type Books, customerInput, openBooks, SYSTEM } from "../books/books.ts";
import type { TestDatabaseOptions } from "../support/database.ts";

export interface Setting extends Books {
  /** What the channels were given, in this order. */
  readonly sent: Parcel[];
  readonly outbox: Outbox;
  makeReachable(number: string, more?: { readonly email?: string; readonly zone?: string }): Promise<CustomerId>;
  run(businessDate: PlainDate): Promise<{ contact: number; messages: number }>;
  leave(): ReturnType<typeof letDueMessagesLeave>;
}

const composer: Composer = {
  prepare: (_act, message, items) =>
    Promise.resolve(
      ok({
        values: { numbers: items.map((item) => item.number) },
        templateVersion: 1,
        contactPointId: null,
        totalMinor: items.reduce((sum, item) => sum + item.openTotal, 0n),
        currency: "EUR",
        paymentsUpTo: null,
        termOn: null,
        from: "service@blumenhof.example",
        ...(message.channel === "email" && { replyTo: "service@blumenhof.example" }),
      }),
    ),
  render: (message) =>
    Promise.resolve(
      ok({
        subject: "Your order",
        text: message.messageId,
        to: "somebody@kunde.example",
        ...(message.channel === "letter" && { pdf: Buffer.from("%PDF-").toString("base64") }),
      }),
    ),
};

export async function openSetting(
  options: TestDatabaseOptions & { readonly settings?: Readonly<Record<string, unknown>> } = {},
): Promise<Setting> {
  // A hand-over is proposed only where the final notice could announce it.
  const books = await openBooks({ ...options, settings: { agencyName: "Beispiel Inkasso GmbH", ...options.settings } });
  await books.act(async (act) => expectOk(await publishStrategy(act, null, STANDARD_STRATEGY)));
  const sent: Parcel[] = [];
  const writingDown = (repeatable: boolean): ChannelAdapter => ({
    repeatable,
    send: (parcel) => {
      sent.push(parcel);
      return Promise.resolve({ kind: "left", evidence: "accepted" });
    },
  });
  const outbox: Outbox = {
    platform: books.platform,
    worker: "00000000-0000-4000-8000-000000000001",
    isAlive: () => Promise.resolve(false),
    channels: { email: writingDown(false), letter: writingDown(true) },
    composer,
  };
  return {
    ...books,
    sent,
    outbox,
    makeReachable: async (number, more = {}) => {
      const email = more.email ?? `k${number}@kunde.example`;
      const input = customerInput(books, number, {}, { email, state: "NW" });
      const taken = (await books.act((act) => takeCustomers(act, [input]))).get(number);
      if (!taken) throw new Error("the customer was not taken");
      return taken.customerId;
    },
    run: async (businessDate) =>
      expectOk(
        await runDunning(books.platform, books.tenantId, SYSTEM, { creditorId: books.creditorId, businessDate }),
      ),
    leave: () => letDueMessagesLeave(outbox, books.tenantId),
  };
}
