/**
 * `kulanz bench letters` and `kulanz bench mails`: queued reminders leave through the real outbox, with the real printer
 * into files and by real SMTP to a server on loopback. Beside it stands what the machine needs for the last step alone.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectOk, type TenantId } from "../../pure/kernel/index.ts";
import type { Platform } from "../../platform/access/index.ts";
import {
  type ChannelAdapter,
  createComposer,
  createLetterPrinter,
  letDueMessagesLeave,
  letterFolder,
  type LetterPrinter,
  type Outbox,
  type Parcel,
  smtpChannel,
} from "../../outreach/messaging/index.ts";
import { runDunning } from "../../outreach/dunning/index.ts";
import { BENCH_ACTOR, BENCH_DAY, furnish, reminderBy, takeOverdueCustomers } from "./house.ts";
import { peakMemory } from "./memory.ts";

export interface SendingBench {
  readonly count: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly bytesEach: number;
  /** Seconds for as many repetitions of the last step alone, without database: the page set, or the mail handed over. */
  readonly floor: { readonly lastStepAlone: number };
  readonly rssMaxMiB: number;
}

export interface SendingOptions {
  readonly platform: Platform;
  readonly count: number;
  readonly outboxOf: (tenantId: TenantId) => Outbox;
  readonly progress: (step: string) => void;
}

const secondsSince = (begun: number): number => Number(((performance.now() - begun) / 1000).toFixed(3));

/** Customers who owe, a run that queues a reminder each, and the outbox; timed is what the outbox does. */
async function letRemindersLeave(
  { platform, count, outboxOf, progress }: SendingOptions,
  channel: "email" | "letter",
  equip: (outbox: Outbox, tenantId: TenantId) => Outbox,
): Promise<number> {
  progress("customers and items");
  const owner = await furnish(platform, `Bench ${channel}`, reminderBy(channel));
  await takeOverdueCustomers(platform, owner, count);
  progress("run");
  const run = expectOk(
    await runDunning(platform, owner.tenantId, BENCH_ACTOR, { creditorId: owner.creditorId, businessDate: BENCH_DAY }),
  );
  if (run.messages !== count) throw new Error(`${run.messages} of ${count} messages were queued`);
  progress("outbox");
  const outbox = equip(outboxOf(owner.tenantId), owner.tenantId);
  const begun = performance.now();
  const endings = await letDueMessagesLeave(outbox, owner.tenantId);
  const seconds = secondsSince(begun);
  if (endings.left !== count) throw new Error(`${endings.left} of ${count} messages left: ${JSON.stringify(endings)}`);
  return seconds;
}

export async function benchLetters(options: SendingOptions): Promise<SendingBench> {
  const { platform, count, progress } = options;
  const folder = await mkdtemp(join(tmpdir(), "kulanz-bench-letters-"));
  const printer = createLetterPrinter();
  type Letter = Parameters<LetterPrinter["renderLetters"]>[0][number];
  const printed: Letter[] = [];
  let bytes = 0;
  const watched: LetterPrinter = {
    ...printer,
    renderLetters: (letters, createdAt) => {
      printed.push(...letters);
      return printer.renderLetters(letters, createdAt);
    },
  };
  try {
    const seconds = await letRemindersLeave(options, "letter", (outbox, tenantId) => ({
      ...outbox,
      channels: { ...outbox.channels, letter: watching(letterFolder(folder), (size) => (bytes += size)) },
      composer: createComposer({ platform, tenantId, printer: watched, publicUrl: () => "https://pay.bench.example" }),
    }));
    progress("printing alone");
    const begun = performance.now();
    for (const result of await printer.renderLetters(printed, new Date(0))) expectOk(result);
    const lastStepAlone = secondsSince(begun);
    return await figures(count, seconds, bytes, lastStepAlone);
  } finally {
    printer.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export async function benchMails(options: SendingOptions): Promise<SendingBench> {
  const { count, progress } = options;
  const sink = await startMailSink();
  const smtp = smtpChannel(sink.url);
  const parcels: Parcel[] = [];
  try {
    const seconds = await letRemindersLeave(options, "email", (outbox) => ({
      ...outbox,
      channels: {
        ...outbox.channels,
        email: watching(smtp, (_, parcel) => parcels.length === 0 && parcels.push(parcel)),
      },
    }));
    if (sink.mails !== count) throw new Error(`${sink.mails} of ${count} mails arrived`);
    const { bytes } = sink;
    const [parcel] = parcels;
    if (!parcel) throw new Error("no mail was sent");
    progress("handing over alone");
    const begun = performance.now();
    for (let sent = 0; sent < count; sent += 1) {
      const outcome = await smtp.send(parcel);
      if (outcome.kind !== "left") throw new Error(`a mail was not taken: ${outcome.reason}`);
    }
    return await figures(count, seconds, bytes, secondsSince(begun));
  } finally {
    smtp.close();
    await sink.close();
  }
}

const figures = async (
  count: number,
  seconds: number,
  bytes: number,
  lastStepAlone: number,
): Promise<SendingBench> => ({
  count,
  seconds,
  perSecond: Number((count / seconds).toFixed(1)),
  bytesEach: Math.round(bytes / count),
  floor: { lastStepAlone },
  rssMaxMiB: await peakMemory(),
});

const watching = (adapter: ChannelAdapter, see: (bytes: number, parcel: Parcel) => void): ChannelAdapter => ({
  repeatable: adapter.repeatable,
  send: (parcel) => {
    see(Buffer.byteLength(parcel.rendering.pdf ?? "", "base64"), parcel);
    return adapter.send(parcel);
  },
});

export interface MailSink {
  readonly url: string;
  readonly mails: number;
  readonly bytes: number;
  close(): Promise<void>;
}

/** A server that takes every mail and forgets it (RFC 5321, the commands a client of ours sends). */
export async function startMailSink(): Promise<MailSink> {
  const counts = { mails: 0, bytes: 0 };
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let waiting = "";
    let inText = false;
    socket.setEncoding("latin1");
    socket.write("220 bench.example ready\r\n");
    socket.on("data", (data: Buffer | string) => {
      waiting += data.toString();
      for (;;) {
        const end = waiting.indexOf(inText ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const part = waiting.slice(0, end);
        waiting = waiting.slice(end + (inText ? 5 : 2));
        if (inText) {
          counts.mails += 1;
          counts.bytes += part.length;
          inText = false;
          socket.write("250 taken\r\n");
          continue;
        }
        const command = part.slice(0, 4).toUpperCase();
        inText = command === "DATA";
        socket.write(inText ? "354 go ahead\r\n" : command === "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
        if (command === "QUIT") socket.end();
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  return {
    url: `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    get mails() {
      return counts.mails;
    },
    get bytes() {
      return counts.bytes;
    },
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}
