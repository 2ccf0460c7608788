export * from "./address.ts";
export * from "./app.ts";
export * from "./idempotency.ts";
export * from "./model.ts";
export * from "./openapi.ts";
export * from "./rate_limit.ts";
export * from "./security.ts";
export * from "./server.ts";
