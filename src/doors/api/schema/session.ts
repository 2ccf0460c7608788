import { z } from "@hono/zod-openapi";
import { creditorRef, day, id, instant, language, money, role } from "./basics.ts";

export const preferences = z.strictObject({
  language,
  colourScheme: z.enum(["auto", "light", "dark"]),
  singleKeys: z.boolean(),
});
export const signedOut = z.strictObject({ signedIn: z.literal(false), csrfToken: z.string() });
export const signedIn = z
  .strictObject({
    signedIn: z.literal(true),
    csrfToken: z.string(),
    expiresAt: instant,
    user: z.strictObject({ id, name: z.string(), email: z.string(), role, limit: money, preferences }),
    tenant: z.strictObject({ id, name: z.string() }),
    creditors: z.array(creditorRef),
    businessDate: day,
    now: instant,
    version: z.string(),
  })
  .openapi("SignedIn");
export const session = z.union([signedIn, signedOut]);
export const signIn = z.strictObject({ email: z.string().min(1).max(300), password: z.string().min(1).max(1000) });
export const signInLink = z.strictObject({
  valid: z.boolean(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  expiresAt: instant.nullable(),
});
export const linkToken = z.strictObject({ token: z.string().max(200) });
export const linkUse = z.strictObject({ token: z.string().max(200), password: z.string().min(1).max(1000) });
export const newPassword = z.strictObject({
  current: z.string().min(1).max(1000),
  next: z.string().min(1).max(1000),
});
export const counts = z.strictObject({
  worklist: z.number().int(),
  bankProposed: z.number().int(),
  bankUnmatched: z.number().int(),
  outbox: z.number().int(),
});

export const user = z
  .strictObject({
    id,
    name: z.string(),
    email: z.string(),
    role,
    limit: money,
    createdAt: instant,
    lastSeenAt: instant.nullable(),
    disabledAt: instant.nullable(),
    hasPassword: z.boolean(),
  })
  .openapi("User");
export const newUser = z.strictObject({
  name: z.string().min(1).max(200),
  email: z.string().min(3).max(300),
  role,
  limit: money,
  language,
});
export const userChange = z.strictObject({
  role: role.optional(),
  limit: money.optional(),
  disabled: z.boolean().optional(),
});
export const oneTimeLink = z.strictObject({ url: z.string(), expiresAt: instant }).openapi("OneTimeLink");
export const userMade = z.strictObject({ user, link: oneTimeLink });
export const apiKey = z
  .strictObject({
    id,
    name: z.string(),
    role,
    createdAt: instant,
    lastUsedAt: instant.nullable(),
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .openapi("ApiKey");
export const newApiKey = z.strictObject({ name: z.string().min(1).max(100), role, expiresOn: day.nullable() });
export const keyMade = z.strictObject({ key: apiKey, secret: z.string() });
export const auditEntry = z
  .strictObject({
    sequence: z.number().int(),
    at: instant,
    actor: z.string(),
    actorName: z.string().nullable(),
    act: z.string(),
    subject: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .openapi("AuditEntry");
export const auditVerified = z.strictObject({
  intact: z.boolean(),
  entries: z.number().int(),
  head: z.string(),
  brokenAt: z.number().int().nullable(),
});
