/**
 * Basiszinssatz (§ 247 BGB), per cent a year, by half-year: it changes on 1 January and 1 July.
 * Published by the Deutsche Bundesbank in the Bundesanzeiger. Values are text: never read as a binary float.
 */
export interface BaseRate {
  readonly validFrom: string;
  readonly validTo: string;
  readonly percent: string;
  /** Keys of `BASE_RATE_SOURCES`. */
  readonly sources: readonly string[];
  /** `false`: read from secondary sources only, to be compared with the Bundesbank's publication. */
  readonly confirmed: boolean;
}

export const BASE_RATE_SOURCES = {
  brau: "https://www.brauwirtschaft.de/Neuer_Basiszinssatz.htm",
  ameax: "ameax/bgb-interest, data/base_rates.json (Bundesbank series BBIN1 M.DE.BBK.BBKBAS2.EUR.ME, 2025-10-02)",
  sir: "siraleks/zinsrechner, basiszins_bundesbank.csv",
  fmn: "https://finanzmarktnachrichten.de/basiszinssatz-bleibt-ab-1-januar-2026-bei-127",
  jul26:
    "several public sources of July to September 2026 that cite bundesbank.de; no page of the Bundesbank itself was read",
} as const;

// biome-ignore format: one half-year a line
export const BASE_RATES: readonly BaseRate[] = [
  { validFrom: "2002-01-01", validTo: "2002-06-30", percent: "2.57", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2002-07-01", validTo: "2002-12-31", percent: "2.47", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2003-01-01", validTo: "2003-06-30", percent: "1.97", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2003-07-01", validTo: "2003-12-31", percent: "1.22", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2004-01-01", validTo: "2004-06-30", percent: "1.14", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2004-07-01", validTo: "2004-12-31", percent: "1.13", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2005-01-01", validTo: "2005-06-30", percent: "1.21", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2005-07-01", validTo: "2005-12-31", percent: "1.17", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2006-01-01", validTo: "2006-06-30", percent: "1.37", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2006-07-01", validTo: "2006-12-31", percent: "1.95", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2007-01-01", validTo: "2007-06-30", percent: "2.7", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2007-07-01", validTo: "2007-12-31", percent: "3.19", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2008-01-01", validTo: "2008-06-30", percent: "3.32", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2008-07-01", validTo: "2008-12-31", percent: "3.19", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2009-01-01", validTo: "2009-06-30", percent: "1.62", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2009-07-01", validTo: "2009-12-31", percent: "0.12", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2010-01-01", validTo: "2010-06-30", percent: "0.12", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2010-07-01", validTo: "2010-12-31", percent: "0.12", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2011-01-01", validTo: "2011-06-30", percent: "0.12", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2011-07-01", validTo: "2011-12-31", percent: "0.37", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2012-01-01", validTo: "2012-06-30", percent: "0.12", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2012-07-01", validTo: "2012-12-31", percent: "0.12", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2013-01-01", validTo: "2013-06-30", percent: "-0.13", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2013-07-01", validTo: "2013-12-31", percent: "-0.38", sources: ["brau", "ameax"], confirmed: true },
  { validFrom: "2014-01-01", validTo: "2014-06-30", percent: "-0.63", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2014-07-01", validTo: "2014-12-31", percent: "-0.73", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2015-01-01", validTo: "2015-06-30", percent: "-0.83", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2015-07-01", validTo: "2015-12-31", percent: "-0.83", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2016-01-01", validTo: "2016-06-30", percent: "-0.83", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2016-07-01", validTo: "2016-12-31", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2017-01-01", validTo: "2017-06-30", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2017-07-01", validTo: "2017-12-31", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2018-01-01", validTo: "2018-06-30", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2018-07-01", validTo: "2018-12-31", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2019-01-01", validTo: "2019-06-30", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2019-07-01", validTo: "2019-12-31", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2020-01-01", validTo: "2020-06-30", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2020-07-01", validTo: "2020-12-31", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2021-01-01", validTo: "2021-06-30", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2021-07-01", validTo: "2021-12-31", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2022-01-01", validTo: "2022-06-30", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2022-07-01", validTo: "2022-12-31", percent: "-0.88", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2023-01-01", validTo: "2023-06-30", percent: "1.62", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2023-07-01", validTo: "2023-12-31", percent: "3.12", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2024-01-01", validTo: "2024-06-30", percent: "3.62", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2024-07-01", validTo: "2024-12-31", percent: "3.37", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2025-01-01", validTo: "2025-06-30", percent: "2.27", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2025-07-01", validTo: "2025-12-31", percent: "1.27", sources: ["ameax", "sir"], confirmed: true },
  { validFrom: "2026-01-01", validTo: "2026-06-30", percent: "1.27", sources: ["fmn"], confirmed: true },
  { validFrom: "2026-07-01", validTo: "2026-12-31", percent: "1.52", sources: ["jul26"], confirmed: false },
];
