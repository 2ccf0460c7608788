/** Why money came back, as German and Dutch statements say it. */
import type { ReturnReason } from "../statement.ts";

/** Business transaction codes (Geschäftsvorfallcodes) for returned direct debits (108, 109) and transfers (159). */
export const RETURN_CODES: ReadonlySet<string> = new Set(["108", "109", "159"]);

/**
 * Textschlüsselergänzung (`?34`) → ISO 20022 external return reason. Only those on which banks agree; any other number is
 * handed through as the bank's own.
 */
const REASONS: Readonly<Record<string, string>> = {
  "901": "AC01",
  "902": "AC04",
  "903": "AC06",
  "904": "AG01",
  "906": "AM04",
  "907": "AM05",
  "908": "BE04",
  "909": "MD01",
  "910": "MD02",
  "912": "MD06",
  "913": "MD07",
  "914": "MS03",
};

const CODE =
  /\b(AC0[1346]|AC13|AG0[12]|AM0[45]|BE0[145]|CNOR|DNOR|ED05|FF05|FOCR|MD0[1267]|MS0[23]|RC01|RR0[1-4]|SL01)\b/;

/** From the subfield's number, or a code standing in the text. Null when neither says anything. */
export function returnReason(extension: string | undefined, text: string): ReturnReason | null {
  const number = extension?.trim() ?? "";
  const named = CODE.exec(text.slice(0, 2_000))?.[1];
  const code = named ?? REASONS[number] ?? (/^9\d\d$/.test(number) ? number : null);
  const shown = text.trim();
  return code === null && shown === "" ? null : { code, text: shown === "" ? null : shown };
}
