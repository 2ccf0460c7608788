/**
 * One brand colour in, five safe colours out, for light and for dark. Computed once, when a brand is published,
 * never in a page. For any `#rrggbb`: `on` reaches 4.5 on `fill`; `text` 4.8 and `edge` 3 on canvas, surface and `soft`
 * (WCAG 2.2 contrast). Lightness moves in OKLCH, so that the hue stays the brand's (matrices: Björn Ottosson, 2020).
 */
import { type Failure, fail, ok, type Result } from "../../../pure/kernel/index.ts";

/** `#rrggbb`, lower case. */
export type Hex = string;
export interface BrandPalette {
  readonly fill: Hex;
  /** Text on `fill`. */
  readonly on: Hex;
  /** Links and icons. */
  readonly text: Hex;
  /** Borders, progress; a filled button carries it too. */
  readonly edge: Hex;
  readonly soft: Hex;
}
export interface BrandColours {
  readonly light: BrandPalette;
  readonly dark: BrandPalette;
}

type Oklch = readonly [lightness: number, chroma: number, hue: number];

/** Grounds of the design: what a brand colour must be readable on. */
export const GROUNDS = {
  light: { canvas: "#f6f4ef", surface: "#fffefb", ink: "#1f2421" },
  dark: { canvas: "#131614", surface: "#1b1f1d", ink: "#141715" },
} as const;

const CHROMA_STEP = 0.004;
const LIGHTNESS_STEP = 0.005;

const toLinear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
const toGamma = (channel: number): number =>
  channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055; // prettier-ignore
const linear = (hex: Hex): [number, number, number] => [
  toLinear(Number.parseInt(hex.slice(1, 3), 16) / 255),
  toLinear(Number.parseInt(hex.slice(3, 5), 16) / 255),
  toLinear(Number.parseInt(hex.slice(5, 7), 16) / 255),
];

function luminance(hex: Hex): number {
  const [red, green, blue] = linear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2 contrast ratio, 1 to 21. */
export function contrast(a: Hex, b: Hex): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function toOklch(hex: Hex): Oklch {
  const [red, green, blue] = linear(hex);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return [lightness, Math.hypot(a, b), Math.atan2(b, a)];
}

function toRgb([lightness, chroma, hue]: Oklch): readonly [number, number, number] {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** Nearest colour that a screen can show: chroma gives way until it lies in sRGB. */
function toHex([lightness, chroma, hue]: Oklch): Hex {
  for (let c = chroma; ; c -= CHROMA_STEP) {
    const channels = toRgb([lightness, Math.max(c, 0), hue]);
    if (c > 0 && !channels.every((channel) => channel > -0.0005 && channel < 1.0005)) continue;
    const bytes = channels.map((channel) => Math.round(255 * toGamma(Math.min(1, Math.max(0, channel)))));
    return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }
}

/** Walks the lightness (−1 darker, +1 lighter) until every ground reaches the ratio. */
function reach([lightness, chroma, hue]: Oklch, grounds: readonly Hex[], ratio: number, direction: -1 | 1): Hex {
  for (let l = lightness; l >= 0 && l <= 1; l += direction * LIGHTNESS_STEP) {
    const hex = toHex([l, chroma, hue]);
    if (grounds.every((ground) => contrast(hex, ground) >= ratio)) return hex;
  }
  return direction < 0 ? "#000000" : "#ffffff";
}

function textOn(fill: Hex, ink: Hex): Hex {
  if (contrast("#ffffff", fill) >= 4.5) return "#ffffff";
  return contrast(ink, fill) >= 4.5 ? ink : "#000000";
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** The palette of a brand. Refuses what is not `#rrggbb` (`colour_invalid`). */
export function brandColours(colour: string): Result<BrandColours, Failure<"colour_invalid">> {
  if (!/^#[0-9a-f]{6}$/i.test(colour))
    return fail("invalid", "colour_invalid", "A brand colour is written as #rrggbb.", "colour");
  const fill = colour.toLowerCase();
  const [l, c, h] = toOklch(fill);
  const soft = toHex([0.955, Math.min(c, 0.02), h]);
  const softDark = toHex([0.285, Math.min(c, 0.045), h]);
  const fillDark = toHex([clamp(l, 0.52, 0.8), Math.min(c, 0.15), h]);
  const light = [GROUNDS.light.canvas, GROUNDS.light.surface, soft];
  const dark = [GROUNDS.dark.canvas, GROUNDS.dark.surface, softDark];
  return ok({
    light: {
      fill,
      on: textOn(fill, GROUNDS.light.ink),
      text: reach([Math.min(l, 0.6), c, h], light, 4.8, -1),
      edge: reach([l, c, h], light, 3, -1),
      soft,
    },
    dark: {
      fill: fillDark,
      on: textOn(fillDark, GROUNDS.dark.ink),
      text: reach([Math.max(l, 0.7), Math.min(c, 0.13), h], dark, 4.8, 1),
      edge: reach([l, Math.min(c, 0.15), h], dark, 3, 1),
      soft: softDark,
    },
  });
}
