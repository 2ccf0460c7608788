import { Readable } from "node:stream";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { ChannelAdapter, Parcel, SendOutcome } from "../model.ts";

const CONNECTIONS_KEPT = 5;
const IDLE_MS = 20_000;

interface Line {
  readonly connection: SMTPConnection;
  /** Set once the server or the network ended it. */
  dead: boolean;
  idle?: NodeJS.Timeout;
}

/**
 * E-mail over SMTP. SMTP cannot be asked whether a message arrived, so an attempt that broke off after its text was
 * handed over is unclear and never repeated by itself. The library's pool sends a message again when a connection breaks
 * and names the same command for both cases, so connections are kept here: the text is a stream, and only when the
 * server has asked for it (354) is it read.
 */
export function smtpChannel(url: string): ChannelAdapter & { close(): void } {
  const address = new URL(url);
  const secure = address.protocol === "smtps:";
  const options = {
    host: address.hostname,
    port: Number(address.port || (secure ? 465 : 587)),
    secure,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
  };
  const login =
    address.username === ""
      ? null
      : { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) };
  const kept: Line[] = [];

  const hangUp = (line: Line): void => {
    line.dead = true;
    clearTimeout(line.idle);
    line.connection.close();
  };

  async function open(): Promise<Line> {
    const connection = new SMTPConnection(options);
    const line: Line = { connection, dead: false };
    await new Promise<void>((done, failed) => {
      connection.once("error", failed);
      connection.connect((error) => (error ? failed(error) : done()));
    });
    connection.on("error", () => (line.dead = true));
    connection.on("end", () => (line.dead = true));
    if (login)
      await new Promise<void>((done, failed) =>
        connection.login({ credentials: login }, (error) => (error ? failed(error) : done())),
      );
    return line;
  }

  function keep(line: Line): void {
    if (line.dead || kept.length >= CONNECTIONS_KEPT) return hangUp(line);
    line.idle = setTimeout(() => {
      kept.splice(kept.indexOf(line), 1);
      hangUp(line);
    }, IDLE_MS);
    line.idle.unref();
    kept.push(line);
  }

  function take(): Line | undefined {
    for (let line = kept.pop(); line !== undefined; line = kept.pop()) {
      clearTimeout(line.idle);
      if (!line.dead) return line;
    }
    return undefined;
  }

  async function attempt(line: Line, mail: Built): Promise<SendOutcome> {
    let handedOver = false;
    const text = Readable.from(
      (function* () {
        handedOver = true;
        yield mail.bytes;
      })(),
    );
    let broken: ((error: Error) => void) | undefined;
    try {
      await new Promise<void>((done, failed) => {
        broken = failed;
        line.connection.once("error", failed);
        line.connection.send(mail.envelope, text, (error) => (error ? failed(error) : done()));
      });
      line.connection.off("error", broken as never);
      keep(line);
      return { kind: "left", evidence: "accepted", reference: mail.messageId };
    } catch (error) {
      hangUp(line);
      const { responseCode, code, command } = error as { responseCode?: number; code?: string; command?: string };
      // The server answered: it did not take the message.
      if (responseCode !== undefined)
        return {
          kind: "refused",
          reason: `smtp_${responseCode}`,
          permanent: responseCode >= 500,
          address: responseCode >= 500 && command === "RCPT TO",
        };
      if (!handedOver) return { kind: "refused", reason: `smtp_${code ?? "connection"}`, permanent: false };
      return { kind: "unclear", reason: `smtp_${code ?? "broken_off"}` };
    }
  }

  return {
    repeatable: false,
    async send(parcel): Promise<SendOutcome> {
      const mail = await build(parcel);
      if (mail === null) return { kind: "refused", reason: "mail_without_address", permanent: true };
      const used = take();
      if (used) {
        const outcome = await attempt(used, mail);
        // A kept connection may have been closed by the server meanwhile; nothing was handed over then.
        if (outcome.kind !== "refused" || !/^smtp_(E|connection)/.test(outcome.reason)) return outcome;
      }
      try {
        return await attempt(await open(), mail);
      } catch (error) {
        const { responseCode, code } = error as { responseCode?: number; code?: string };
        // No connection or no login: a setting or a network to be mended, not the message's fault.
        return { kind: "refused", reason: `smtp_${responseCode ?? code ?? "connection"}`, permanent: false };
      }
    },
    close() {
      for (const line of kept.splice(0)) hangUp(line);
    },
  };
}

interface Built {
  readonly envelope: { readonly from: string; readonly to: string };
  readonly bytes: Buffer;
  readonly messageId: string;
}

async function build({ messageId, rendering, from, replyTo }: Parcel): Promise<Built | null> {
  if (rendering.to === undefined || from === undefined) return null;
  const sender = /<([^>]+)>/.exec(from)?.[1] ?? from;
  const id = `<${messageId}@${sender.slice(sender.indexOf("@") + 1)}>`;
  const node = new MailComposer({
    from,
    to: rendering.to,
    ...(replyTo !== undefined && { replyTo }),
    subject: rendering.subject,
    text: rendering.text,
    ...(rendering.html !== undefined && { html: rendering.html }),
    ...(rendering.original !== undefined && {
      attachments: [
        { filename: "Originaltext.txt", content: rendering.original, contentType: "text/plain; charset=utf-8" },
      ],
    }),
    messageId: id,
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF" },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return { envelope: { from: sender, to: rendering.to }, bytes: await node.build(), messageId: id };
}
