/**
 * HTTP API under `/api/v1`: exactly the console's contract. Thin: parse, ask one room, present. Who may call a route stands
 * in its declaration; there is no route without one.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AccessEnv } from "../../platform/access/index.ts";
import { newApp } from "../../platform/http/index.ts";
import type { ApiDeps } from "./model.ts";
import type { Api, Declared } from "./route.ts";
import { bankRoutes } from "./routes/bank.ts";
import { bankTogetherRoutes } from "./routes/matching/together.ts";
import { bankLearnedRoutes } from "./routes/matching/learned.ts";
import { payoutRoutes } from "./routes/matching/payouts.ts";
import { paidTwiceRoutes } from "./routes/matching/twice.ts";
import { checkingRoutes } from "./routes/checks/findings.ts";
import { customerActRoutes } from "./routes/customer-acts.ts";
import { customerRoutes } from "./routes/customers.ts";
import { duplicateRoutes } from "./routes/duplicates.ts";
import { importRoutes } from "./routes/imports.ts";
import { handBackRoutes } from "./routes/leading/hand-back.ts";
import { reconciliationRoutes } from "./routes/leading/reconciliation.ts";
import { sourceRoutes } from "./routes/leading/sources.ts";
import { messageRoutes } from "./routes/outreach/messages.ts";
import { morningRoutes } from "./routes/morning.ts";
import { orderRoutes } from "./routes/checks/orders.ts";
import { peopleRoutes } from "./routes/people.ts";
import { printBatchRoutes } from "./routes/outreach/print-batches.ts";
import { refundRoutes } from "./routes/refunds/refunds.ts";
import { runRoutes } from "./routes/outreach/runs.ts";
import { sessionRoutes } from "./routes/session.ts";
import { statementRoutes } from "./routes/statement.ts";
import { strategyRoutes } from "./routes/outreach/strategies.ts";
import { worklistRoutes } from "./routes/worklist.ts";

export type { ApiDeps } from "./model.ts";
export type { Declared } from "./route.ts";
export { statementOf } from "./present/statement.ts";

/** The API with the table of its routes (path in OpenAPI notation, and who may call it). */
export function apiWithTable(deps: ApiDeps): {
  readonly app: OpenAPIHono<AccessEnv>;
  readonly declared: readonly Declared[];
} {
  const app = newApp<AccessEnv>();
  const api: Api = { app, deps, declared: [] };
  app.openAPIRegistry.registerComponent("securitySchemes", "session", { type: "apiKey", in: "cookie", name: "kulanz" });
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", { type: "http", scheme: "bearer" });
  sessionRoutes(api);
  morningRoutes(api);
  worklistRoutes(api);
  customerRoutes(api);
  customerActRoutes(api);
  statementRoutes(api);
  duplicateRoutes(api);
  bankRoutes(api);
  bankTogetherRoutes(api);
  paidTwiceRoutes(api);
  payoutRoutes(api);
  bankLearnedRoutes(api);
  importRoutes(api);
  runRoutes(api);
  messageRoutes(api);
  printBatchRoutes(api);
  strategyRoutes(api);
  orderRoutes(api);
  checkingRoutes(api);
  refundRoutes(api);
  reconciliationRoutes(api);
  handBackRoutes(api);
  sourceRoutes(api);
  peopleRoutes(api);
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "Kulanz",
      version: "1",
      description:
        "Amounts are decimal strings with their currency; days are `YYYY-MM-DD`, moments ISO 8601 in UTC. Refusals are `application/problem+json` (RFC 9457). Unsafe calls take `Idempotency-Key`; those of a browser session also `x-csrf-token`.",
    },
    servers: [{ url: "/api/v1" }],
  });
  return { app, declared: api.declared };
}

export const apiRoutes = (deps: ApiDeps): OpenAPIHono<AccessEnv> => apiWithTable(deps).app;
