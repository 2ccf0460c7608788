/** Room `insight`: read models for people, each one set-based statement. No names: the doors open them. */
export * from "./bank.ts";
export * from "./customers.ts";
export * from "./items.ts";
export * from "./morning.ts";
export * from "./outreach.ts";
export * from "./overdue.ts";
export * from "./page.ts";
export * from "./timeline.ts";
export * from "./work.ts";
