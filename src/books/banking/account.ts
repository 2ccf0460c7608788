/** One name for an account, however a file writes it. */
import { iban } from "../../pure/formats/index.ts";

/** `Bankleitzahl/Kontonummer` as MT940 gives it → the German IBAN (ISO 13616, check digits by ISO 7064). */
export function canonicalAccount(written: string): string | undefined {
  const match = /^(\d{8})\s*[/ ]\s*(\d{1,10})(?:\s*[A-Z]{3})?$/.exec(written.trim());
  if (!match) return undefined;
  const account = `${match[1]}${(match[2] ?? "").padStart(10, "0")}`;
  const remainder = BigInt(`${account}131400`) % 97n;
  const built = iban(`DE${(98n - remainder).toString().padStart(2, "0")}${account}`);
  return built.ok ? built.value : undefined;
}
