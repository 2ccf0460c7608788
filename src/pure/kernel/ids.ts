/**
 * Ids are UUIDs. New ones are version 7 (time first, so that rows of a day lie together);
 * deterministic ones are version 8, made from what they name, so that doing a thing twice names the same row.
 */
import { hash } from "node:crypto";
import type { Instant } from "./calendar.ts";

export type Uuid = string;
declare const idBrand: unique symbol;
export type Id<Name extends string> = Uuid & { readonly [idBrand]: Name };
export type TenantId = Id<"tenant">;
export type CustomerId = Id<"customer">;
export type CreditorId = Id<"creditor">;
export type BrandId = Id<"brand">;
export type ReceivableId = Id<"receivable">;
export type CaseId = Id<"case">;
export type MessageId = Id<"message">;
export type UserId = Id<"user">;

/** Fills a buffer with random bytes. `main.ts` alone makes a real one; tests hand in a seeded one (invariant 10). */
export type Chance = (bytes: number) => Uint8Array;

function format(bytes: Uint8Array, version: number): Uuid {
  const marked = Buffer.from(bytes);
  marked[6] = ((marked[6] ?? 0) & 0x0f) | (version << 4);
  marked[8] = ((marked[8] ?? 0) & 0x3f) | 0x80;
  const text = marked.toString("hex");
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20, 32)}`;
}

/** UUID version 7 (RFC 9562). */
export function newUuid(now: Instant, chance: Chance): Uuid {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes.set(chance(10), 6);
  return format(bytes, 7);
}

/** UUID version 8 (RFC 9562) from SHA-256 of the parts; equal parts give the equal id. */
export function deterministicUuid(...parts: readonly string[]): Uuid {
  const named = parts.map((part) => `${part.length}:${part}`).join("");
  return format(Buffer.from(hash("sha256", named, "hex").slice(0, 32), "hex"), 8);
}

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** A run's slots: customers are spread over 1,024 of them by the last two bytes of their id (random in both versions). */
export const SLOTS = 1024;
