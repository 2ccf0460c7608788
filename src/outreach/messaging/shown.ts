/** A message as it left, opened for people: text, mail, letter. */
import { type Act, withAct } from "../../platform/access/index.ts";
import { type Failure, fail, ok, type Result, type TenantId, type UserId } from "../../pure/kernel/index.ts";
import { brands } from "../../books/customers/index.ts";
import { publishedBrand } from "./brands.ts";
import { createComposer, type ComposerParts } from "./composing/composer.ts";
import { latestVersion, publishedTexts } from "./composing/published-texts.ts";
import type { Message, MessageRef, Rendering } from "./model.ts";
import { decodePrepared, type Outbox, type Prepared } from "./outbox.ts";
import type { LetterData } from "./rendering/letter.ts";
import { composeMail } from "./rendering/mail.ts";
import { sealedParts } from "./store.ts";
import { type Language, plainText, renderText, sampleValues } from "./templates/index.ts";

export interface OpenedMessage {
  /** Null: it has not left. */
  readonly rendering: Rendering | null;
  /** Null: nothing was gathered for it yet. */
  readonly prepared: Prepared | null;
  /** Lines of the letter's window, or the e-mail address. */
  readonly recipient: readonly string[];
}

/** Failures `message_not_found`, `erased`. */
export async function openMessage(act: Act, ref: MessageRef): Promise<Result<OpenedMessage>> {
  const parts = await sealedParts(act, ref);
  if (!parts) return fail("not_found", "message_not_found", "There is no such message.", ref.messageId);
  const seal = await act.vault.forCustomer(act.tx, ref.customerId);
  const rendering = parts.rendering && seal.openText("records", "message_rendering", parts.rendering);
  const values = parts.values && seal.openText("records", "message_values", parts.values);
  if (rendering && !rendering.ok) return rendering;
  if (values && !values.ok) return values;
  const prepared = values ? decodePrepared(values.value) : null;
  const left = rendering ? (JSON.parse(rendering.value) as Rendering) : null;
  const to = (prepared?.values as { gathered?: { to?: { email?: string; address?: readonly string[] } } } | undefined)
    ?.gathered?.to;
  const email = left?.to ?? to?.email;
  return ok({ rendering: left, prepared, recipient: to?.address ?? (email === undefined ? [] : [email]) });
}

/**
 * The letter's first page as SVG, set again from what it was made of. Failures: `letter_not_found` (an e-mail, or nothing
 * was gathered yet) and those of the printer.
 */
export async function letterPicture(
  parts: ComposerParts,
  message: Message,
  prepared: Prepared | null,
): Promise<Result<string, Failure>> {
  if (message.channel !== "letter" || !prepared)
    return fail("not_found", "letter_not_found", "There is no letter to look at.", message.messageId);
  const pages: LetterData[] = [];
  const keep = (letters: readonly LetterData[]): Uint8Array => {
    pages.push(...letters);
    return new Uint8Array();
  };
  // The composer is asked for its pages only: nothing is printed.
  const printer = {
    ...parts.printer,
    renderLetters: (letters: readonly LetterData[]) => Promise.resolve([ok(keep(letters))]),
    renderBatch: (letters: readonly LetterData[]) => Promise.resolve(ok(keep(letters))),
  };
  const rendered = await createComposer({ ...parts, printer }).render(message, prepared);
  if (!rendered.ok) return rendered;
  const [first] = pages;
  return first ? parts.printer.preview(first) : fail("not_found", "letter_not_found", "There is no letter to look at.");
}

export interface TestMessage {
  readonly brandId?: string;
  readonly stage: string;
  readonly tone: string;
  readonly language: Language;
  /** Of the signed-in person: a test goes to oneself. */
  readonly to: string;
  readonly userId: UserId;
}

/**
 * A stage's e-mail with made-up values to oneself; it stands in no customer's file. Failures: `texts_not_published`,
 * `text_unknown` (no e-mail of this stage), `brand_missing`, `test_not_sent`, those of `renderText`.
 */
export async function sendTestMessage(
  outbox: Outbox,
  tenantId: TenantId,
  test: TestMessage,
): Promise<Result<{ readonly messageId: string }, Failure>> {
  const actor = { kind: "user", id: test.userId } as const;
  const made = await withAct(
    outbox.platform,
    tenantId,
    actor,
    async (
      act,
    ): Promise<
      Result<{ rendering: Rendering; from: string; replyTo: string; brandId: string; messageId: string }, Failure>
    > => {
      const version = await latestVersion(act, test.language);
      if (version === null)
        return fail("conflict", "texts_not_published", "No texts are published for this tenant yet.", "texts");
      const catalogue = await publishedTexts(act, test.language, version);
      const tones = [test.tone, "friendly", "factual", "firm"];
      const key = tones.map((tone) => `${test.stage}.email.${tone}`).find((one) => catalogue.texts.has(one));
      if (key === undefined) return fail("not_found", "text_unknown", "There is no e-mail of this stage.", "stage");
      const found = (await brands(act)).find((one) => test.brandId === undefined || one.brandId === test.brandId);
      if (!found) return fail("conflict", "brand_missing", "There is no brand to write for.", "brand");
      const brand = publishedBrand(found);
      const values = sampleValues(test.language);
      const rendered = renderText(catalogue, key, values);
      if (!rendered.ok) return rendered;
      const mail = composeMail(catalogue, brand.look.mail[test.language], rendered.value, values);
      return ok({
        rendering: {
          subject: mail.subject,
          text: mail.text || plainText(rendered.value),
          html: mail.html,
          to: test.to,
        },
        from: brand.contact.sender,
        replyTo: brand.contact.replyTo,
        brandId: brand.brandId,
        messageId: act.tx.newId(),
      });
    },
  );
  if (!made.ok) return made;
  const { rendering, from, replyTo, brandId, messageId } = made.value;
  const sent = await outbox.channels.email.send({
    messageId: messageId as never,
    // Nobody's: a test belongs to no customer.
    customerId: messageId as never,
    brandId: brandId as never,
    rendering,
    from,
    replyTo,
    leavesOn: "1970-01-01" as never,
  });
  return sent.kind === "left"
    ? ok({ messageId })
    : fail("unavailable", "test_not_sent", "The test message was not taken.");
}
