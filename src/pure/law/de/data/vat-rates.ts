/** Value-added tax, general rate (§ 12 I UStG), per cent, by the day the service ended (§ 27 I UStG). */
export interface VatRate {
  readonly validFrom: string;
  readonly percent: bigint;
  readonly source: string;
}
export const VAT_RATES: readonly VatRate[] = [
  { validFrom: "2007-01-01", percent: 19n, source: "§ 12 I UStG (HBeglG 2006)" },
  { validFrom: "2020-07-01", percent: 16n, source: "§ 28 I UStG (Zweites Corona-Steuerhilfegesetz)" },
  { validFrom: "2021-01-01", percent: 19n, source: "§ 12 I UStG" },
];
