import {
  type CSSVariablesResolver,
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import { theme } from "./theme.ts";

/** Section 2 of the design language: [light, dark]. */
const TOKENS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  canvas: ["#f6f4ef", "#131614"],
  surface: ["#fffefb", "#1b1f1d"],
  sunken: ["#eeebe3", "#0e100f"],
  line: ["#dedacf", "#303733"],
  edge: ["#857f70", "#7d867f"],
  ink: ["#1f2421", "#eeede6"],
  ink2: ["#4b524d", "#bcc1b9"],
  ink3: ["#656b65", "#989f97"],
  accent: ["#1e5b4b", "#85cbb3"],
  "accent-hover": ["#174a3d", "#a3dcc8"],
  "accent-soft": ["#e2eee8", "#1d332c"],
  "on-accent": ["#ffffff", "#0f1f1a"],
  good: ["#2a673d", "#8fcf9c"],
  "good-soft": ["#e4f0e3", "#1b3122"],
  notice: ["#7a4e00", "#ecc273"],
  "notice-soft": ["#fbefd5", "#35290f"],
  problem: ["#9a3a20", "#f3a78f"],
  "problem-soft": ["#fae6de", "#3b2119"],
  info: ["#2d5a86", "#99c2ea"],
  "info-soft": ["#e4edf5", "#1a2a3a"],
  focus: ["#1b4fd1", "#8fb4ff"],
  c1: ["#1f7a68", "#5fbfa6"],
  c2: ["#c9821b", "#e5ab4c"],
  c3: ["#24497f", "#5482cf"],
  c4: ["#b04a2b", "#d9714f"],
  c5: ["#a27fc0", "#d5bdec"],
  c0: ["#8f897b", "#767d77"],
  "age-1": ["#cfe3da", "#244a40"],
  "age-2": ["#9cc7b6", "#2f6b5c"],
  "age-3": ["#63a590", "#43907c"],
  "age-4": ["#2f7d69", "#6bb8a2"],
  "age-5": ["#154a3d", "#a9dfce"],
  float: [
    "0 1px 2px rgb(31 36 33 / .06), 0 8px 28px rgb(31 36 33 / .14)",
    "0 0 0 1px #303733, 0 8px 28px rgb(0 0 0 / .5)",
  ],
};

/** Mantine's own names, said in tokens. */
const MAPPED: Readonly<Record<string, string>> = {
  "--mantine-color-body": "var(--k-canvas)",
  "--mantine-color-default": "var(--k-surface)",
  "--mantine-color-default-hover": "var(--k-sunken)",
  "--mantine-color-default-color": "var(--k-ink)",
  "--mantine-color-default-border": "var(--k-edge)",
  "--mantine-color-text": "var(--k-ink)",
  "--mantine-color-bright": "var(--k-ink)",
  "--mantine-color-dimmed": "var(--k-ink2)",
  "--mantine-color-placeholder": "var(--k-ink3)",
  "--mantine-color-error": "var(--k-problem)",
  "--mantine-color-anchor": "var(--k-accent)",
  "--mantine-primary-color-filled": "var(--k-accent)",
  "--mantine-primary-color-filled-hover": "var(--k-accent-hover)",
  "--mantine-primary-color-contrast": "var(--k-on-accent)",
};

const scheme = (index: 0 | 1): Record<`--${string}`, string> => ({
  ...Object.fromEntries(Object.entries(TOKENS).map(([name, values]) => [`--k-${name}`, values[index]])),
  ...MAPPED,
});

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: scheme(0), dark: scheme(1) });

/** All custom properties of the theme as one style sheet. */
export function themeCss(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const standard = defaultCssVariablesResolver(merged);
  const own = cssVariables(merged);
  return convertCssVariables({
    variables: { ...standard.variables, ...own.variables },
    light: { ...standard.light, ...own.light, "--mantine-color-scheme": "light" },
    dark: { ...standard.dark, ...own.dark, "--mantine-color-scheme": "dark" },
  });
}
