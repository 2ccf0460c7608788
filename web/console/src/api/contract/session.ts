import type { CreditorRef, Day, Id, Instant, Language, Money, Role } from "./basics.ts";

export interface Preferences {
  readonly language: Language;
  readonly colourScheme: "auto" | "light" | "dark";
  /** Single-letter keys may be turned off (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

/** `GET /session` answers 200 in both cases; the csrf token also serves the sign-in itself. */
export type Session = SignedIn | SignedOut;
export interface SignedOut {
  readonly signedIn: false;
  readonly csrfToken: string;
}
export interface SignedIn {
  readonly signedIn: true;
  readonly csrfToken: string;
  readonly expiresAt: Instant;
  readonly user: {
    readonly id: Id;
    readonly name: string;
    readonly email: string;
    readonly role: Role;
    readonly limit: Money;
    readonly preferences: Preferences;
  };
  readonly tenant: { readonly id: Id; readonly name: string };
  readonly creditors: readonly CreditorRef[];
  /** Day the books stand at (the creditor's; a demo's clock may differ from the browser's). */
  readonly businessDate: Day;
  /** The server's clock. The console never uses the browser's for "today". */
  readonly now: Instant;
  readonly version: string;
}
export interface SignIn {
  readonly email: string;
  readonly password: string;
}
export interface SignInLink {
  readonly valid: boolean;
  readonly name: string | null;
  readonly email: string | null;
  readonly expiresAt: Instant | null;
}
export interface Counts {
  readonly worklist: number;
  readonly bankProposed: number;
  readonly bankUnmatched: number;
  /** Messages that lie in the local outbox or are parked. */
  readonly outbox: number;
}

export interface User {
  readonly id: Id;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly limit: Money;
  readonly createdAt: Instant;
  readonly lastSeenAt: Instant | null;
  readonly disabledAt: Instant | null;
  /** False until the sign-in link was used. */
  readonly hasPassword: boolean;
}
export interface NewUser {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly limit: Money;
  readonly language: Language;
}
export interface UserChange {
  readonly role?: Role;
  readonly limit?: Money;
  readonly disabled?: boolean;
}
/** Shown once. The address carries its secret behind `#`, so it reaches no log. */
export interface OneTimeLink {
  readonly url: string;
  readonly expiresAt: Instant;
}
export interface ApiKey {
  readonly id: Id;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}
export interface NewApiKey {
  readonly name: string;
  readonly role: Role;
  readonly expiresOn: Day | null;
}
export interface AuditEntry {
  readonly sequence: number;
  readonly at: Instant;
  /** `user:<id>`, `key:<id>`, `portal`, `system:<task>`. */
  readonly actor: string;
  readonly actorName: string | null;
  readonly act: string;
  readonly subject: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hash: string;
}
export interface AuditVerified {
  readonly intact: boolean;
  readonly entries: number;
  readonly head: string;
  /** First entry whose hash does not follow from the one before. */
  readonly brokenAt: number | null;
}
