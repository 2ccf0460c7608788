import { createTransport } from "nodemailer";
import type { ChannelAdapter, SendOutcome } from "../model.ts";

/** Commands before which nothing of the message has been handed over: a failure there is safe to repeat later. */
const BEFORE_MESSAGE = new Set(["CONN", "EHLO", "HELO", "STARTTLS", "AUTH", "MAIL FROM", "RCPT TO"]);

/**
 * E-mail over SMTP. SMTP cannot be asked whether a message arrived, so an attempt that broke off after the text was
 * sent is unclear and never repeated by itself.
 */
export function smtpChannel(url: string): ChannelAdapter & { close(): void } {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    repeatable: false,
    async send({ messageId, rendering, from, replyTo }): Promise<SendOutcome> {
      if (rendering.to === undefined || from === undefined)
        return { kind: "refused", reason: "mail_without_address", permanent: true };
      try {
        const info = await transport.sendMail({
          from,
          to: rendering.to,
          ...(replyTo !== undefined && { replyTo }),
          subject: rendering.subject,
          text: rendering.text,
          ...(rendering.html !== undefined && { html: rendering.html }),
          messageId: `<${messageId}@${from.replace(/^.*@/, "").replace(/>.*$/, "")}>`,
          headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF" },
        });
        return { kind: "left", evidence: "accepted", reference: info.messageId };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    close: () => transport.close(),
  };
}

function outcomeOf(error: unknown): SendOutcome {
  const { responseCode, command, code } = error as { responseCode?: number; command?: string; code?: string };
  // The server answered: it did not take the message.
  if (responseCode !== undefined)
    return { kind: "refused", reason: `smtp_${responseCode}`, permanent: responseCode >= 500 };
  if (command !== undefined && BEFORE_MESSAGE.has(command))
    return { kind: "refused", reason: `smtp_${code ?? "connection"}`, permanent: false };
  return { kind: "unclear", reason: `smtp_${code ?? "broken_off"}` };
}
