/**
 * Passwords: argon2id, 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet); about 40 ms of one core.
 * Rules after NIST SP 800-63B: length counts, composition does not, spaces and all of Unicode are allowed.
 */
import { hash, verify } from "@node-rs/argon2";
import { type Chance, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const SHORTEST = 12;
const LONGEST = 200;

/** Failures `password_too_short`, `password_too_long`, `password_too_simple`. `known`: words a guesser has (name, e-mail). */
export function checkPassword(
  password: string,
  known: readonly string[] = [],
): Result<string, Failure<"password_too_short" | "password_too_long" | "password_too_simple">> {
  const text = password.normalize("NFKC");
  const length = [...text].length;
  if (length < SHORTEST)
    return fail("invalid", "password_too_short", `A password has at least ${SHORTEST} characters; a sentence is easy to remember.`, "password"); // biome-ignore format: one sentence
  if (length > LONGEST)
    return fail("invalid", "password_too_long", `A password has at most ${LONGEST} characters.`, "password");
  const lower = text.toLowerCase();
  const rest = known.reduce((left, word) => (word.length < 4 ? left : left.replaceAll(word.toLowerCase(), "")), lower);
  if (new Set(lower).size < 5 || [...rest].length < 6)
    return fail("invalid", "password_too_simple", "This password is too easy to guess.", "password");
  return ok(text);
}

export function hashPassword(password: string, chance: Chance): Promise<string> {
  return hash(password.normalize("NFKC"), { ...COST, salt: chance(16) });
}

/** Hash of nothing anybody knows, in the cost of the real ones: unknown users take as long as known ones. */
let nobody: Promise<string> | undefined;

/** `stored` undefined or null (unknown user, no password yet) takes the same time and is false. */
export async function verifyPassword(
  stored: string | null | undefined,
  password: string,
  chance: Chance,
): Promise<boolean> {
  if (stored === null || stored === undefined) nobody ??= hashPassword(Buffer.from(chance(32)).toString("hex"), chance);
  const known = stored ?? (await nobody) ?? "";
  // A longer one was never set; hashing megabytes would be work an attacker gives us for free.
  if (password.length > 4 * LONGEST) return false;
  const same = await verify(known, password.normalize("NFKC"));
  return same && typeof stored === "string";
}
