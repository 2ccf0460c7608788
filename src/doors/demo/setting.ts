/**
 * Who plays in the demo: one tenant, two creditors, three brands, one user a role. All of it is made up; accounts are the
 * published example accounts of bank documentation, domains end in `.example`, telephone numbers come from the ranges
 * the Bundesnetzagentur keeps free for films.
 */
import type { CreditorInput } from "../../books/customers/index.ts";
import type { NewBrand } from "../../outreach/messaging/index.ts";
import type { Role } from "../../platform/access/index.ts";

export type CreditorKey = "garden" | "utility";

export interface DemoBrand extends Omit<NewBrand, "creditorId" | "logo"> {
  /** File below `samples/`. */
  readonly logo: string;
}

export interface DemoCreditor extends CreditorInput {
  readonly key: CreditorKey;
  readonly vatId: string;
  readonly phone: string;
  readonly email: string;
  readonly brands: readonly DemoBrand[];
}

export const DEMO_TENANT = {
  /** Fixed, so that starting again on the same data finds the tenant. */
  tenantId: "0d3e0000-0000-8000-8000-000000000001",
  name: "Quellental Service GmbH",
} as const;

export const DEMO_CREDITORS: readonly DemoCreditor[] = [
  {
    key: "garden",
    name: "Wurzelfroh Gartenbedarf GmbH",
    address: { street: "Am Krautgarten 12", postcode: "31899", city: "Quellingen" },
    legalFooter:
      "Wurzelfroh Gartenbedarf GmbH · Am Krautgarten 12 · 31899 Quellingen · Amtsgericht Quellingen HRB 20481 · Geschäftsführung: Dr. Henrike Aldag · USt-IdNr. DE999999999",
    country: "DE",
    state: "NI",
    zone: "Europe/Berlin",
    deductsInputTax: true,
    leads: "kulanz",
    sepaId: "DE98WFG09999999999",
    privacyContact: "datenschutz@wurzelfroh.example",
    settings: { agencyName: "Brückenpfad Inkasso GmbH" },
    accounts: [
      {
        iban: "DE02120300000000202051",
        bic: "BYLADEM1001",
        accountHolder: "Wurzelfroh Gartenbedarf GmbH",
        isDefault: true,
      },
    ],
    vatId: "DE999999999",
    phone: "030 23125-400",
    email: "rechnung@wurzelfroh.example",
    brands: [
      {
        code: "WURZELFROH",
        name: "Wurzelfroh",
        colour: "#2f6b3a",
        claim: "Alles, was Wurzeln schlägt",
        logo: "brands/wurzelfroh.svg",
        contact: {
          shortName: "Wurzelfroh",
          team: { de: "Kundenservice Wurzelfroh", en: "Wurzelfroh customer service" },
          person: "Tomke Albers",
          personFirstName: "Tomke",
          phone: "030 23125-401",
          phoneHours: { de: "Mo–Fr 9–17 Uhr", en: "Mon–Fri 9 am to 5 pm" },
          replyTo: "service@wurzelfroh.example",
          sender: "Wurzelfroh <service@wurzelfroh.example>",
        },
        toneCeiling: "firm",
      },
      {
        code: "HUMMELGARTEN",
        name: "Hummelgarten",
        // Bright yellow: the hardest colour for text and buttons.
        colour: "#ffd60a",
        claim: "Stauden für Biene & Balkon",
        logo: "brands/hummelgarten.svg",
        contact: {
          shortName: "Hummelgart.",
          team: { de: "Hummelgarten-Team", en: "the Hummelgarten team" },
          person: "Yasemin Okur",
          personFirstName: "Yasemin",
          phone: "030 23125-402",
          phoneHours: { de: "Mo–Fr 10–16 Uhr", en: "Mon–Fri 10 am to 4 pm" },
          replyTo: "hallo@hummelgarten.example",
          sender: "Hummelgarten <hallo@hummelgarten.example>",
        },
        toneCeiling: "factual",
      },
    ],
  },
  {
    key: "utility",
    name: "Stadtwerke Quellingen GmbH",
    address: { street: "Wasserturmplatz 3", postcode: "31899", city: "Quellingen" },
    legalFooter:
      "Stadtwerke Quellingen GmbH · Wasserturmplatz 3 · 31899 Quellingen · Amtsgericht Quellingen HRB 10077 · Geschäftsführung: Ruprecht Sandmeier · Vorsitz des Aufsichtsrats: Bürgermeisterin Ava Lindqvist",
    country: "DE",
    state: "NI",
    zone: "Europe/Berlin",
    deductsInputTax: true,
    leads: "kulanz",
    sepaId: "DE98SWQ09999999999",
    privacyContact: "datenschutz@stadtwerke-quellingen.example",
    settings: { agencyName: "Brückenpfad Inkasso GmbH" },
    accounts: [
      {
        iban: "DE89370400440532013000",
        bic: "COBADEFFXXX",
        accountHolder: "Stadtwerke Quellingen GmbH",
        isDefault: true,
      },
    ],
    vatId: "DE999999998",
    phone: "030 23125-700",
    email: "abrechnung@stadtwerke-quellingen.example",
    brands: [
      {
        code: "SWQ",
        name: "Stadtwerke Quellingen",
        colour: "#0a6a8c",
        claim: "Strom, Wasser, Wärme",
        logo: "brands/stadtwerke-quellingen.svg",
        contact: {
          shortName: "SWQ",
          team: { de: "Kundenzentrum der Stadtwerke Quellingen", en: "Stadtwerke Quellingen customer centre" },
          person: "Bente Morgenroth",
          personFirstName: "Bente",
          phone: "030 23125-701",
          phoneHours: { de: "Mo–Do 8–18 Uhr, Fr 8–14 Uhr", en: "Mon–Thu 8 am to 6 pm, Fri 8 am to 2 pm" },
          replyTo: "kundenzentrum@stadtwerke-quellingen.example",
          sender: "Stadtwerke Quellingen <kundenzentrum@stadtwerke-quellingen.example>",
        },
        toneCeiling: "firm",
      },
    ],
  },
];

export interface DemoUser {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Minor units of EUR. */
  readonly limitMinor: bigint;
}

export const DEMO_USERS: readonly DemoUser[] = [
  { name: "Ragna Thielmann", email: "admin@quellental.example", role: "admin", limitMinor: 0n },
  { name: "Jonte Feddersen", email: "leitung@quellental.example", role: "manager", limitMinor: 500_000n },
  { name: "Marisol Kroll", email: "team@quellental.example", role: "agent", limitMinor: 5_000n },
  { name: "Ingvild Prante", email: "revision@quellental.example", role: "auditor", limitMinor: 0n },
];
