/** Which SWIFT message a text is, from its fields: file names and envelopes are missing as often as not. */
const FIELD = /^[^\S\n]{0,4}(?:\{4:)?:(\d{2}[A-Za-z]?|NS):/gm;
const SIGNIFICANT = /^(20|21|25P?|28C?|34F|60[FM]|61|62[FM]|86|90[CD]|NS)$/;

/**
 * `MT940`, `MT942`, or the kind of payment message that has no entries (`MT101`, `MT103`, `MT900`, `MT910`); null when
 * the text is none of them. `head` is the beginning of the file.
 */
export function mtFormat(head: string): string | null {
  const named = /\{2:[IO](94[02]|9[01]0|10[13])/.exec(head)?.[1];
  const tags = new Set<string>();
  // oxlint-disable-next-line no-control-regex -- envelopes frame messages with control characters
  for (const match of head.replace(/[\u0000-\u0009\u000b-\u001f\ufeff]|@@/g, "\n").matchAll(FIELD))
    tags.add((match[1] ?? "").toUpperCase());
  if (![...tags].some((tag) => SIGNIFICANT.test(tag))) return null;
  if (named !== undefined) return `MT${named}`;
  const has = (...wanted: readonly string[]): boolean => wanted.some((tag) => tags.has(tag));
  if (has("60F", "60M", "62F", "62M")) return "MT940";
  if (has("28D")) return "MT101";
  if (has("23B")) return "MT103";
  if (has("32A")) return has("50A", "50F", "50K", "52A", "52D") ? "MT910" : "MT900";
  return has("34F", "13D", "90C", "90D") ? "MT942" : "MT940";
}
