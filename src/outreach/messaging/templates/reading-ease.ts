/**
 * How easily a text reads, 0 (hard) to 100: for German after Amstad (1978), for English after Flesch (1948).
 * Syllables are counted by groups of vowels, which is near enough for a threshold.
 */
import type { Language } from "./formats.ts";

/** What the tone guide asks for: friendly texts; notices, which must quote the law. */
export const EASE_MIN: Readonly<Record<Language, { readonly plain: number; readonly notice: number }>> = {
  de: { plain: 55, notice: 45 },
  en: { plain: 60, notice: 50 },
};

function syllables(word: string, language: Language): number {
  const letters = word.toLowerCase();
  if (language === "de") return letters.match(/(?:ai|au|äu|ei|eu|ie|aa|ee|oo)|[aeiouyäöü]/g)?.length ?? 1;
  const groups = letters.replace(/(?<=[a-z]{2})(?:e|es|ed)$/, "").match(/[aeiouy]+/g)?.length ?? 0;
  return Math.max(groups, 1);
}

/** Null for a text too short to judge (under 30 words). */
export function readingEase(text: string, language: Language): number | null {
  const sentences = text.split(/[.!?:](?=\s|$)|\n+/).filter((sentence) => /\p{L}{2}/u.test(sentence));
  // Numbers, dates and references are looked at, not read.
  const words = text.match(/(?<![\p{L}\p{N}])\p{L}+(?:-\p{L}+)*(?![\p{N}])/gu) ?? [];
  if (words.length < 30 || sentences.length === 0) return null;
  const length = words.length / sentences.length;
  const weight = words.reduce((sum, word) => sum + syllables(word, language), 0) / words.length;
  return language === "de" ? 180 - length - 58.5 * weight : 206.835 - 1.015 * length - 84.6 * weight;
}
