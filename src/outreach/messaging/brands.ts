/**
 * A brand as messages and portal need it. Colours are computed once, when it is published; the logo is checked then.
 */
import { z } from "zod";
import type { Act } from "../../platform/access/index.ts";
import { type BrandId, type CreditorId, type Failure, fail, type Result } from "../../pure/kernel/index.ts";
import { type Brand, createBrand } from "../../books/customers/index.ts";
import { type BrandColours, brandColours } from "./rendering/brand-colours.ts";
import { logoProblem } from "./rendering/letter.ts";
import { compileMailLayout, type MailLayout } from "./rendering/mail-layout.ts";
import type { Language, Tone } from "./templates/index.ts";

const words = z.strictObject({ de: z.string().min(1), en: z.string().min(1) });

export const brandContactSchema = z.strictObject({
  /** At most 11 characters, also for SMS. */
  shortName: z.string().min(1).max(11),
  team: words,
  /** A real person who can be reached; signs the messages. */
  person: z.string().min(1).max(60),
  personFirstName: z.string().min(1).max(12),
  phone: z.string().min(3).max(16),
  phoneHours: words,
  replyTo: z.email(),
  /** `Moosgarten <service@moosgarten.example>` */
  sender: z.string().min(3).max(120),
  /** Host of the portal in letters and mails; without it, the installation's public address. */
  portalHost: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?$/)
    .optional(),
});
export type BrandContact = z.infer<typeof brandContactSchema>;

export interface BrandLook {
  /** As the brand gave it, `#rrggbb`. */
  readonly colour: string;
  readonly colours: BrandColours;
  /** SVG without anything that loads or runs. */
  readonly logo?: string;
  readonly claim?: string;
  /** Frame of e-mails by language, compiled when the brand was published. */
  readonly mail: Readonly<Record<Language, MailLayout>>;
}

export interface PublishedBrand extends Omit<Brand, "look" | "contact"> {
  readonly look: BrandLook;
  readonly contact: BrandContact;
}

export interface NewBrand {
  readonly creditorId: CreditorId;
  readonly code: string;
  readonly name: string;
  readonly colour: string;
  readonly logo?: string;
  readonly claim?: string;
  readonly contact: BrandContact;
  readonly toneCeiling: Tone;
}

/** Failures: `colour_invalid`, `logo_invalid`, `brand_contact_invalid`, `brand_code_taken`. */
export async function publishBrand(act: Act, brand: NewBrand): Promise<Result<BrandId, Failure>> {
  const colours = brandColours(brand.colour);
  if (!colours.ok) return colours;
  const problem = brand.logo === undefined ? null : logoProblem(brand.logo);
  if (problem !== null) return fail("invalid", "logo_invalid", problem, "logo");
  const contact = brandContactSchema.safeParse(brand.contact);
  if (!contact.success) {
    const issue = contact.error.issues[0];
    return fail(
      "invalid",
      "brand_contact_invalid",
      issue?.message ?? "The contact is not complete.",
      `contact.${issue?.path.join(".")}`,
    );
  }
  const frame = { name: brand.name, colours: colours.value };
  const german = await compileMailLayout(frame, "de");
  if (!german.ok) return german;
  const english = await compileMailLayout(frame, "en");
  if (!english.ok) return english;
  const look: BrandLook = {
    colour: brand.colour,
    colours: colours.value,
    mail: { de: german.value, en: english.value },
    ...(brand.logo !== undefined && { logo: brand.logo }),
    ...(brand.claim !== undefined && { claim: brand.claim }),
  };
  return createBrand(act, {
    creditorId: brand.creditorId,
    code: brand.code,
    name: brand.name,
    look: look as unknown as Readonly<Record<string, unknown>>,
    contact: contact.data,
    toneCeiling: brand.toneCeiling,
  });
}

/** A stored brand, as it was published. */
export function publishedBrand(brand: Brand): PublishedBrand {
  return { ...brand, look: brand.look as unknown as BrandLook, contact: brandContactSchema.parse(brand.contact) };
}
