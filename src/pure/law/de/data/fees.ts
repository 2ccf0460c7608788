/**
 * Value fees as the law builds them: a first step and what each further started step adds (cents).
 * RVG: lawyers, § 13 and Anlage 2. GKG: courts, § 34 and Anlage 2. Old law stays for old mandates (§ 60 RVG)
 * and for proceedings already pending (§ 71 GKG).
 */
export interface FeeSchedule {
  readonly validFrom: string;
  readonly law: string;
  readonly source: string;
  /** Fee of a value up to 500 euros. */
  readonly upTo500: bigint;
  readonly steps: readonly { readonly upTo: bigint; readonly perStarted: bigint; readonly add: bigint }[];
  readonly above: { readonly perStarted: bigint; readonly add: bigint };
}

/** An amount that holds from a day on, until a later entry replaces it. */
export interface DatedAmount {
  readonly validFrom: string;
  readonly amount: bigint;
}

export const RVG_SCHEDULES: readonly FeeSchedule[] = [
  {
    validFrom: "2013-08-01",
    law: "2. KostRMoG",
    source: "https://gesetze-in-app.de/RVG/13",
    upTo500: 4500n,
    steps: [
      { upTo: 200000n, perStarted: 50000n, add: 3500n },
      { upTo: 1000000n, perStarted: 100000n, add: 5100n },
      { upTo: 2500000n, perStarted: 300000n, add: 4600n },
      { upTo: 5000000n, perStarted: 500000n, add: 7500n },
      { upTo: 20000000n, perStarted: 1500000n, add: 8500n },
      { upTo: 50000000n, perStarted: 3000000n, add: 12000n },
    ],
    above: { perStarted: 5000000n, add: 15000n },
  },
  {
    validFrom: "2021-01-01",
    law: "KostRÄG 2021",
    source:
      "https://www.buzer.de/gesetz/6775/al0-39965.htm and https://www.buzer.de/gesetz/6775/al211830-0.htm (old column)",
    upTo500: 4900n,
    steps: [
      { upTo: 200000n, perStarted: 50000n, add: 3900n },
      { upTo: 1000000n, perStarted: 100000n, add: 5600n },
      { upTo: 2500000n, perStarted: 300000n, add: 5200n },
      { upTo: 5000000n, perStarted: 500000n, add: 8100n },
      { upTo: 20000000n, perStarted: 1500000n, add: 9400n },
      { upTo: 50000000n, perStarted: 3000000n, add: 13200n },
    ],
    above: { perStarted: 5000000n, add: 16500n },
  },
  {
    validFrom: "2025-06-01",
    law: "KostBRÄG 2025 (G v. 7.4.2025, BGBl. 2025 I Nr. 109)",
    source:
      "gesetze-im-internet.de (state of 2026-08-19), RVG § 13 + Anlage 2 (BGBl. 2025 I Nr. 109 S. 30); https://www.buzer.de/gesetz/6775/al211830-0.htm",
    upTo500: 5150n,
    steps: [
      { upTo: 200000n, perStarted: 50000n, add: 4150n },
      { upTo: 1000000n, perStarted: 100000n, add: 5950n },
      { upTo: 2500000n, perStarted: 300000n, add: 5500n },
      { upTo: 5000000n, perStarted: 500000n, add: 8600n },
      { upTo: 20000000n, perStarted: 1500000n, add: 9950n },
      { upTo: 50000000n, perStarted: 3000000n, add: 14000n },
    ],
    above: { perStarted: 5000000n, add: 17500n },
  },
];

/** § 13 III RVG. */
export const RVG_MINIMUM_FEE = 1500n;

/** § 13 II RVG: 1.0 fee (VV 2300 alone) for collecting an undisputed claim of up to 50 euros. */
export const SMALL_CLAIM_LIMIT = 5000n;
export const SMALL_CLAIM_FEES: readonly DatedAmount[] = [
  { validFrom: "2021-10-01", amount: 3000n },
  { validFrom: "2025-06-01", amount: 3150n },
];

export const GKG_SCHEDULES: readonly FeeSchedule[] = [
  {
    validFrom: "2013-08-01",
    law: "2. KostRMoG",
    source: "http://norm.bverwg.de/jur.php?gkg_2004,34",
    upTo500: 3500n,
    steps: [
      { upTo: 200000n, perStarted: 50000n, add: 1800n },
      { upTo: 1000000n, perStarted: 100000n, add: 1900n },
      { upTo: 2500000n, perStarted: 300000n, add: 2600n },
      { upTo: 5000000n, perStarted: 500000n, add: 3500n },
      { upTo: 20000000n, perStarted: 1500000n, add: 12000n },
      { upTo: 50000000n, perStarted: 3000000n, add: 17900n },
    ],
    above: { perStarted: 5000000n, add: 18000n },
  },
  {
    validFrom: "2021-01-01",
    law: "KostRÄG 2021",
    source: "http://hb583.domainkunden.de/gesetze.aspx?gesetz=34-GKG",
    upTo500: 3800n,
    steps: [
      { upTo: 200000n, perStarted: 50000n, add: 2000n },
      { upTo: 1000000n, perStarted: 100000n, add: 2100n },
      { upTo: 2500000n, perStarted: 300000n, add: 2900n },
      { upTo: 5000000n, perStarted: 500000n, add: 3800n },
      { upTo: 20000000n, perStarted: 1500000n, add: 13200n },
      { upTo: 50000000n, perStarted: 3000000n, add: 19800n },
    ],
    above: { perStarted: 5000000n, add: 19800n },
  },
  {
    validFrom: "2025-06-01",
    law: "KostBRÄG 2025 (BGBl. 2025 I Nr. 109)",
    source: "gesetze-im-internet.de (state of 2026-08-19), GKG § 34 + Anlage 2 (BGBl. 2025 I Nr. 109 S. 11)",
    upTo500: 4000n,
    steps: [
      { upTo: 200000n, perStarted: 50000n, add: 2100n },
      { upTo: 1000000n, perStarted: 100000n, add: 2250n },
      { upTo: 2500000n, perStarted: 300000n, add: 3050n },
      { upTo: 5000000n, perStarted: 500000n, add: 4050n },
      { upTo: 20000000n, perStarted: 1500000n, add: 14000n },
      { upTo: 50000000n, perStarted: 3000000n, add: 21000n },
    ],
    above: { perStarted: 5000000n, add: 21000n },
  },
];

/**
 * KV 1100 GKG, least fee of the Mahnbescheid. 32.00: collectia.de; 36.00: whk-controlling.de;
 * 38.00: two public repositories, the statute's own text was not read.
 */
export const KV_1100_MINIMUM: readonly DatedAmount[] = [
  { validFrom: "2013-08-01", amount: 3200n },
  { validFrom: "2021-01-01", amount: 3600n },
  { validFrom: "2025-06-01", amount: 3800n },
];
