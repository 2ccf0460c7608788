/**
 * Amounts free from garnishment (§ 850c ZPO, Pfändungsfreigrenzenbekanntmachung), cents, new each 1 July.
 * Source: the yearly announcement as published at gesetze-im-internet.de (state of 2026-08-19).
 */
export interface FreeAmounts {
  readonly base: bigint;
  readonly firstDependant: bigint;
  readonly furtherDependant: bigint;
  readonly fullyGarnishableAbove: bigint;
}
export interface GarnishmentPeriod {
  readonly validFrom: string;
  readonly validTo: string;
  readonly publication: string;
  readonly monthly: FreeAmounts;
  readonly weekly: FreeAmounts;
  readonly daily: FreeAmounts;
}

// biome-ignore format: one row a span of pay
export const GARNISHMENT_PERIODS: readonly GarnishmentPeriod[] = [
  {
    validFrom: "2021-07-01", validTo: "2022-06-30", publication: "BGBl. I 2021, 1099",
    monthly: { base: 125264n, firstDependant: 47144n, furtherDependant: 26265n, fullyGarnishableAbove: 384008n },
    weekly: { base: 28828n, firstDependant: 10850n, furtherDependant: 6045n, fullyGarnishableAbove: 88374n },
    daily: { base: 5766n, firstDependant: 2170n, furtherDependant: 1209n, fullyGarnishableAbove: 17675n },
  },
  {
    validFrom: "2022-07-01", validTo: "2023-06-30", publication: "BGBl. I 2022, 825",
    monthly: { base: 133016n, firstDependant: 50062n, furtherDependant: 27890n, fullyGarnishableAbove: 407772n },
    weekly: { base: 30612n, firstDependant: 11521n, furtherDependant: 6419n, fullyGarnishableAbove: 93843n },
    daily: { base: 6122n, firstDependant: 2304n, furtherDependant: 1284n, fullyGarnishableAbove: 18769n },
  },
  {
    validFrom: "2023-07-01", validTo: "2024-06-30", publication: "BGBl. 2023 I Nr. 79",
    monthly: { base: 140228n, firstDependant: 52776n, furtherDependant: 29402n, fullyGarnishableAbove: 429881n },
    weekly: { base: 32272n, firstDependant: 12146n, furtherDependant: 6767n, fullyGarnishableAbove: 98931n },
    daily: { base: 6454n, firstDependant: 2429n, furtherDependant: 1354n, fullyGarnishableAbove: 19787n },
  },
  {
    validFrom: "2024-07-01", validTo: "2025-06-30", publication: "BGBl. 2024 I Nr. 160",
    monthly: { base: 149175n, firstDependant: 56143n, furtherDependant: 31278n, fullyGarnishableAbove: 457310n },
    weekly: { base: 34331n, firstDependant: 12921n, furtherDependant: 7199n, fullyGarnishableAbove: 105243n },
    daily: { base: 6866n, firstDependant: 2584n, furtherDependant: 1440n, fullyGarnishableAbove: 21050n },
  },
  {
    validFrom: "2025-07-01", validTo: "2026-06-30", publication: "BGBl. 2025 I Nr. 110",
    monthly: { base: 155500n, firstDependant: 58523n, furtherDependant: 32604n, fullyGarnishableAbove: 476699n },
    weekly: { base: 35787n, firstDependant: 13469n, furtherDependant: 7504n, fullyGarnishableAbove: 109705n },
    daily: { base: 7157n, firstDependant: 2694n, furtherDependant: 1501n, fullyGarnishableAbove: 21942n },
  },
  {
    validFrom: "2026-07-01", validTo: "2027-06-30", publication: "BGBl. 2026 I Nr. 80 (Bek. v. 19.3.2026)",
    monthly: { base: 158740n, firstDependant: 59742n, furtherDependant: 33283n, fullyGarnishableAbove: 486630n },
    weekly: { base: 36533n, firstDependant: 13750n, furtherDependant: 7660n, fullyGarnishableAbove: 111990n },
    daily: { base: 7306n, firstDependant: 2750n, furtherDependant: 1532n, fullyGarnishableAbove: 22399n },
  },
];
