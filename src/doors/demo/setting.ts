/**
 * Who plays in the demo: one tenant, two creditors, three brands, one user a role. All of it is made up; accounts are the
 * published example accounts of bank documentation, domains end in `.example`, telephone numbers come from the ranges
 * the Bundesnetzagentur keeps free for films.
 */
import type { BrandInput, CreditorInput } from "../../books/customers/index.ts";
import type { Role } from "../../platform/access/index.ts";

export type CreditorKey = "garden" | "utility";

export interface DemoBrand extends Omit<BrandInput, "creditorId" | "look"> {
  readonly colour: string;
  readonly claim: string;
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
          team: "Kundenservice Wurzelfroh",
          contactName: "Tomke Albers",
          phone: "030 23125-401",
          phoneHours: "Mo–Fr 9–17 Uhr",
          replyTo: "service@wurzelfroh.example",
          sender: "service@wurzelfroh.example",
          portalHost: "zahlen.wurzelfroh.example",
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
          shortName: "Hummelgarten",
          team: "Hummelgarten-Team",
          contactName: "Yasemin Okur",
          phone: "030 23125-402",
          phoneHours: "Mo–Fr 10–16 Uhr",
          replyTo: "hallo@hummelgarten.example",
          sender: "hallo@hummelgarten.example",
          portalHost: "zahlen.hummelgarten.example",
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
          shortName: "SW Quellingen",
          team: "Kundenzentrum der Stadtwerke Quellingen",
          contactName: "Bente Morgenroth",
          phone: "030 23125-701",
          phoneHours: "Mo–Do 8–18 Uhr, Fr 8–14 Uhr",
          replyTo: "kundenzentrum@stadtwerke-quellingen.example",
          sender: "kundenzentrum@stadtwerke-quellingen.example",
          portalHost: "zahlen.stadtwerke-quellingen.example",
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
