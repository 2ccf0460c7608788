/** A creditor that can write to its customers: brand, texts and strategy published, an outbox with real channels. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { SMTPServer } from "smtp-server";
import { takeCustomers } from "../../src/books/customers/index.ts";
import {
  createComposer,
  createLetterPrinter,
  letterFolder,
  localOutbox,
  type Outbox,
  publishBrand,
  publishTexts,
  shippedTexts,
  smtpChannel,
} from "../../src/outreach/messaging/index.ts";
import { publishStrategy, STANDARD_STRATEGY } from "../../src/outreach/dunning/index.ts";
import { type BrandId, type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { type Books, customerInput, openBooks } from "../books/books.ts";

export interface Outreach extends Books {
  /** A brand with look and contact, unlike the bare one of `Books`. */
  readonly brandId: BrandId;
  readonly outbox: Outbox;
  readonly letters: string;
  makeReachable(
    number: string,
    more?: { email?: string; language?: "de" | "en"; firstName?: string },
  ): Promise<CustomerId>;
}

export async function openOutreach(
  options: { readonly smtpUrl?: string; readonly seed?: number } = {},
): Promise<Outreach> {
  const books = await openBooks({
    settings: { agencyName: "Beispiel Inkasso GmbH" },
    ...(options.seed !== undefined && { seed: options.seed }),
  });
  const letters = await mkdtemp(path.join(tmpdir(), "kulanz-letters-"));
  const printer = createLetterPrinter();
  const brandId = await books.act(async (act) => {
    expectOk(await publishTexts(act, "de", shippedTexts("de")));
    expectOk(await publishTexts(act, "en", shippedTexts("en")));
    expectOk(await publishStrategy(act, null, STANDARD_STRATEGY));
    return expectOk(
      await publishBrand(act, {
        creditorId: books.creditorId,
        code: "blumenhof",
        name: "Blumenhof",
        colour: "#7a2f6f",
        claim: "Alles für den Garten",
        contact: {
          shortName: "Blumenhof",
          team: { de: "Kundenservice Blumenhof", en: "Blumenhof customer service" },
          person: "Mia Beispiel",
          personFirstName: "Mia",
          phone: "0221 12345-60",
          phoneHours: { de: "Mo–Fr 9–17 Uhr", en: "Mon–Fri 9 am to 5 pm" },
          replyTo: "service@blumenhof.example",
          sender: "Blumenhof <service@blumenhof.example>",
        },
        toneCeiling: "firm",
      }),
    );
  });
  const smtp = options.smtpUrl === undefined ? null : smtpChannel(options.smtpUrl);
  const { platform, tenantId } = books;
  return {
    ...books,
    brandId,
    letters,
    outbox: {
      platform,
      worker: "00000000-0000-4000-8000-000000000001",
      isAlive: () => Promise.resolve(false),
      channels: { email: smtp ?? localOutbox(platform, tenantId), letter: letterFolder(letters) },
      composer: createComposer({ platform, tenantId, printer, publicUrl: () => "https://zahlen.blumenhof.example" }),
    },
    makeReachable: async (number, more = {}) => {
      const input = customerInput(
        { brandId },
        number,
        { firstName: more.firstName ?? "Erika" },
        { language: more.language ?? "de", state: "NW", ...(more.email !== undefined && { email: more.email }) },
      );
      const taken = (await books.act((act) => takeCustomers(act, [input]))).get(number);
      if (!taken) throw new Error("the customer was not taken");
      return taken.customerId;
    },
    drop: async () => {
      smtp?.close();
      printer.close();
      await books.drop();
    },
  };
}

export interface SmtpSink {
  readonly url: string;
  readonly mails: string[];
  /** What the server does when a message has been received whole. */
  onMessage: (raw: string) => "accept" | "reject_later" | "reject_for_good" | "break_off";
  close(): Promise<void>;
}

export async function startSmtpSink(): Promise<SmtpSink> {
  const sink: { -readonly [K in keyof SmtpSink]: SmtpSink[K] } = {
    url: "",
    mails: [],
    onMessage: () => "accept",
    close: () => Promise.resolve(),
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString("utf8");
        const verdict = sink.onMessage(raw);
        if (verdict === "accept") sink.mails.push(raw);
        if (verdict === "break_off") {
          sink.mails.push(raw);
          (server.connections as Set<{ _socket: { destroy(): void } }>).forEach((connection) =>
            connection._socket.destroy(),
          );
          return;
        }
        const code = verdict === "reject_later" ? 451 : 550;
        done(verdict === "accept" ? null : Object.assign(new Error("not now"), { responseCode: code }));
      });
      void session;
    },
  });
  server.on("error", () => {});
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.server.address();
  sink.url = `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  sink.close = () => new Promise((closed) => server.close(() => closed()));
  return sink;
}
