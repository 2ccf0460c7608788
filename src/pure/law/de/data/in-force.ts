/** Days from which new law holds that changes what Kulanz may do. */
export interface InForce {
  readonly name: "accessibility" | "ai_transparency" | "consumer_credit" | "scoring" | "ai_high_risk";
  readonly validFrom: string;
  readonly law: string;
  readonly source: string;
  /** `false`: read from secondary sources, the statute's own words were not. */
  readonly confirmed: boolean;
}
export const IN_FORCE: readonly InForce[] = [
  { name: "accessibility", validFrom: "2025-06-28", law: "BFSG", source: "§ 38 I BFSG", confirmed: true },
  {
    name: "ai_transparency",
    validFrom: "2026-08-02",
    law: "Art. 50 Regulation (EU) 2024/1689",
    source: "Art. 113 Regulation (EU) 2024/1689",
    confirmed: true,
  },
  {
    name: "consumer_credit",
    validFrom: "2026-11-20",
    law: "§§ 491, 506, 514 ff. BGB, Directive (EU) 2023/2225",
    source: "BGBl. 2026 I Nr. 139",
    confirmed: false,
  },
  {
    name: "scoring",
    validFrom: "2026-11-20",
    law: "§§ 30, 37a BDSG",
    source: "BGBl. 2026 I Nr. 139",
    confirmed: false,
  },
  {
    name: "ai_high_risk",
    validFrom: "2027-12-02",
    law: "Annex III 5 (b) Regulation (EU) 2024/1689",
    source: "Regulation (EU) 2026/1744",
    confirmed: true,
  },
];
