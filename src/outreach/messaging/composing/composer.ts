/**
 * From a queued message to what leaves: values from the books (in the leaving transaction), then text, frame and paper.
 * An English notice with effect in law carries its German original: in law the German text counts.
 */
import { type Act, type Platform, withAct } from "../../../platform/access/index.ts";
import { type Failure, fail, formatMinor, ok, type Result, type TenantId } from "../../../pure/kernel/index.ts";
import { writeGiro } from "../../../pure/formats/index.ts";
import { brands, openIdentities } from "../../../books/customers/index.ts";
import { publishedBrand, type PublishedBrand } from "../brands.ts";
import type { Message, Rendering } from "../model.ts";
import type { Composer, Prepared } from "../outbox.ts";
import { createPortalLink } from "../portal-links.ts";
import { latestVersion, publishedTexts } from "./published-texts.ts";
import { composeLetter, type LetterData } from "../rendering/letter.ts";
import type { LetterPrinter } from "../rendering/letter-printer.ts";
import { composeMail } from "../rendering/mail.ts";
import { type Catalogue, type Language, type MessageValues, plainText, renderText } from "../templates/index.ts";
import { type Gathered, gather } from "./values.ts";

const LINK_DAYS = 90;

export interface ComposerParts {
  readonly platform: Platform;
  readonly tenantId: TenantId;
  readonly printer: LetterPrinter;
  /** `https://pay.example`; a port chosen at start is known late. */
  readonly publicUrl: () => string;
}

interface Content {
  readonly gathered: Omit<Gathered, "brand">;
  /** Versions of the published texts by language. */
  readonly versions: Readonly<Record<Language, number>>;
  /** Values of the German original, where one goes along. */
  readonly german?: MessageValues;
}

export function createComposer(parts: ComposerParts): Composer {
  return {
    async prepare(act, message, items, customer) {
      const versions = { de: await latestVersion(act, "de"), en: await latestVersion(act, "en") };
      const version = versions[message.language];
      if (versions.de === null || versions.en === null || version === null)
        return fail("conflict", "texts_not_published", "No texts are published for this tenant yet.", "texts");
      const identity = (await openIdentities(act, [customer.customerId])).get(customer.customerId);
      if (!identity || message.caseId === null)
        return fail("not_found", "recipient_erased", "The customer's contact data are no longer kept.", "customer");
      const typed = message.channel === "letter";
      const secret = await createPortalLink(act, {
        customerId: customer.customerId,
        caseId: message.caseId,
        messageId: message.messageId,
        expiresAt: new Date(act.tx.now.getTime() + LINK_DAYS * 86_400_000),
        typed,
      });
      const portal = await portalAddress(act, message, parts.publicUrl(), typed ? grouped(secret) : secret);
      const context = { message, items, customer, identity, portal };
      const gathered = await gather(act, context);
      const withOriginal = gathered.values.law?.germanOriginal === true;
      const german = withOriginal
        ? (await gather(act, { ...context, message: { ...message, language: "de" } })).values
        : undefined;
      const missing = missingAddress(message, gathered);
      if (missing) return { ok: false, error: missing };
      const { brand, ...rest } = gathered;
      const content: Content = {
        gathered: rest,
        versions: { de: versions.de, en: versions.en },
        ...(german && { german }),
      };
      const prepared: Prepared = {
        values: content,
        templateVersion: version,
        contactPointId: gathered.to.contactPointId,
        totalMinor: gathered.totalMinor,
        currency: gathered.currency,
        paymentsUpTo: gathered.paymentsUpTo,
        termOn: gathered.termOn,
        from: brand.contact.sender,
        replyTo: brand.contact.replyTo,
      };
      // A text that would not render is found before the message is marked as leaving.
      const catalogue = await publishedTexts(act, message.language, version);
      const tried = renderText(catalogue, textKey(catalogue, message), gathered.values);
      return tried.ok ? ok(prepared) : tried;
    },

    async render(message, prepared) {
      const content = prepared.values as Content;
      const loaded = await withAct(parts.platform, parts.tenantId, { kind: "system", id: "composer" }, async (act) => ({
        catalogue: await publishedTexts(act, message.language, content.versions[message.language]),
        german: content.german && (await publishedTexts(act, "de", content.versions.de)),
        brand: (await brands(act)).find((one) => one.brandId === message.brandId),
      }));
      if (!loaded.brand) throw new Error("a message without its brand");
      const brand = publishedBrand(loaded.brand);
      const original =
        loaded.german && content.german ? { catalogue: loaded.german, values: content.german } : undefined;
      return message.channel === "email"
        ? mail(message, brand, loaded.catalogue, content, original)
        : letter(parts.printer, message, brand, loaded.catalogue, content, original);
    },
  };
}

interface Original {
  readonly catalogue: Catalogue;
  readonly values: MessageValues;
}

/** `reminder.email.friendly`; an answer that exists in one tone only is taken in that one. */
function textKey(catalogue: Catalogue, message: Message): string {
  const key = `${message.templateKey}.${message.channel}.${message.tone}`;
  if (catalogue.texts.has(key)) return key;
  const other = (["friendly", "factual"] as const).find((tone) =>
    catalogue.texts.has(`${message.templateKey}.${message.channel}.${tone}`),
  );
  return other ? `${message.templateKey}.${message.channel}.${other}` : key;
}

function mail(
  message: Message,
  brand: PublishedBrand,
  catalogue: Catalogue,
  { gathered }: Content,
  original: Original | undefined,
): Result<Rendering> {
  const rendered = renderText(catalogue, textKey(catalogue, message), gathered.values);
  if (!rendered.ok) return rendered;
  const layout = brand.look.mail[message.language];
  const { subject, text, html } = composeMail(catalogue, layout, rendered.value, gathered.values);
  const german = original && renderText(original.catalogue, textKey(original.catalogue, message), original.values);
  if (german && !german.ok) return german;
  return ok({
    subject,
    text,
    html,
    ...(gathered.to.email !== undefined && { to: gathered.to.email }),
    ...(german && { original: `${german.value.head["subject"] ?? ""}\n\n${plainText(german.value)}\n` }),
  });
}

async function letter(
  printer: LetterPrinter,
  message: Message,
  brand: PublishedBrand,
  catalogue: Catalogue,
  content: Content,
  original: Original | undefined,
): Promise<Result<Rendering>> {
  const pages: LetterData[] = [];
  let text = "";
  let subject = "";
  const versions = [{ catalogue, values: content.gathered.values }, ...(original ? [original] : [])];
  for (const version of versions) {
    const rendered = renderText(version.catalogue, textKey(version.catalogue, message), version.values);
    if (!rendered.ok) return rendered;
    const data = composeLetter(version.catalogue, rendered.value, version.values, frameOf(brand, content));
    if (!data.ok) return data;
    pages.push(data.value);
    text += `${plainText(rendered.value)}\n`;
    subject ||= rendered.value.head["subject"] ?? "";
  }
  // Midnight of the letter's day: printing it again gives the same bytes.
  const createdAt = new Date(`${content.gathered.businessDate}T00:00:00Z`);
  const first = pages[0];
  if (!first) throw new Error("a letter without a page");
  const pdf =
    pages.length === 1
      ? ((await printer.renderLetters([first], createdAt))[0] ??
        fail("unavailable", "letter_not_printed", "Nothing was printed."))
      : await printer.renderBatch(pages, createdAt);
  if (!pdf.ok) return pdf;
  return ok({ subject, text, pdf: Buffer.from(pdf.value).toString("base64") });
}

function frameOf(brand: PublishedBrand, { gathered }: Content): Parameters<typeof composeLetter>[3] {
  const giro =
    gathered.giro &&
    writeGiro({
      name: gathered.giro.name,
      iban: gathered.giro.iban,
      amount: formatMinor(gathered.giro.minor, gathered.currency),
      reference: gathered.giro.reference,
    });
  return {
    brand: {
      name: brand.name,
      claim: brand.look.claim,
      colour: brand.look.colours.light.text,
      rule: brand.look.colours.light.edge,
      logo: brand.look.logo,
    },
    returnLine: [brand.name, gathered.creditorAddress].filter(Boolean).join(" · "),
    address: gathered.to.address ?? [],
    date: gathered.businessDate,
    giroCode: giro?.ok ? giro.value.payload : null,
  };
}

async function portalAddress(act: Act, message: Message, publicUrl: string, secret: string) {
  const found = (await brands(act)).find((one) => one.brandId === message.brandId);
  const host = found && publishedBrand(found).contact.portalHost;
  const address = `${host === undefined ? publicUrl : `https://${host}`}/p/${secret}`;
  return { address, short: address.replace(/^https?:\/\//, "") };
}

const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, "$1-");

function missingAddress(message: Message, gathered: Gathered): Failure | undefined {
  if (message.channel === "email" && gathered.to.email === undefined)
    return {
      kind: "conflict",
      code: "address_missing",
      message: "There is no e-mail address to write to.",
      where: "email",
    };
  if (message.channel === "letter" && (gathered.to.address?.length ?? 0) < 3)
    return {
      kind: "conflict",
      code: "address_missing",
      message: "There is no postal address to write to.",
      where: "letter",
    };
  return undefined;
}
