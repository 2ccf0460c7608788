import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { brandColours, contrast, GROUNDS } from "../../src/outreach/messaging/rendering/brand-colours.ts";
import { packageRoot } from "../../src/platform/config/index.ts";

const hex = (value: number): string => `#${value.toString(16).padStart(6, "0")}`;
/** Every 16 levels a channel: 4,096 colours; a ninth of them unless the long test is asked for. */
const SWEEP = Array.from({ length: 4096 }, (_, index) =>
  hex((index >> 8) * 0x110000 + ((index >> 4) & 15) * 0x1100 + (index & 15) * 0x11),
); // prettier-ignore
const STEP = process.env["KULANZ_SOAK"] ? 1 : 9;

function worst(colour: string): { on: number; text: number; edge: number } {
  const made = brandColours(colour);
  if (!made.ok) throw new Error(made.error.message);
  const ratios = (["light", "dark"] as const).map((mode) => {
    const { fill, on, text, edge, soft } = made.value[mode];
    const grounds = [GROUNDS[mode].canvas, GROUNDS[mode].surface, soft];
    const least = (of: string): number => Math.min(...grounds.map((ground) => contrast(of, ground)));
    return { on: contrast(on, fill), text: least(text), edge: least(edge) };
  });
  const least = (key: "on" | "text" | "edge"): number => Math.min(...ratios.map((ratio) => ratio[key]));
  return { on: least("on"), text: least("text"), edge: least("edge") };
}

test("any brand colour gives readable text, links and borders, in light and dark", () => {
  const colours = [
    "#ffffff",
    "#000000",
    "#ffff00",
    "#ff0000",
    "#ffcc00",
    "#7a2e6b",
    ...SWEEP.filter((_, index) => index % STEP === 0),
  ]; // prettier-ignore
  for (const colour of colours) {
    const { on, text, edge } = worst(colour);
    expect(on, `${colour} on`).toBeGreaterThanOrEqual(4.5);
    expect(text, `${colour} text`).toBeGreaterThanOrEqual(4.8);
    expect(edge, `${colour} edge`).toBeGreaterThanOrEqual(3);
  }
});

test("colours off the grid too", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const { on, text, edge } = worst(hex(value));
      expect(Math.min(on - 4.5, text - 4.8, edge - 3)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 150 },
  );
});

test("a brand keeps its own colour in light; what is no colour is refused", () => {
  expect(brandColours("#7A2E6B")).toMatchObject({ ok: true, value: { light: { fill: "#7a2e6b", on: "#ffffff" } } });
  for (const wrong of ["red", "#fff", "#12345g", "7a2e6b", "#7a2e6b; background: url(x)"])
    expect(brandColours(wrong)).toMatchObject({ ok: false, error: { code: "colour_invalid" } });
});

const model = join(process.env["KULANZ_SHARED"] ?? join(packageRoot, "../shared"), "design/brand-colour.mjs");
test.skipIf(!existsSync(model))("the same palettes as the design's model", async () => {
  const { brand } = (await import(model)) as { brand: (hex: string, light: object, dark: object) => object };
  for (const colour of SWEEP.filter((_, index) => index % 41 === 0))
    expect(brandColours(colour)).toEqual({ ok: true, value: brand(colour, GROUNDS.light, GROUNDS.dark) });
});
