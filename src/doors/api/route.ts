/** How a route is declared: who may, what comes in, what goes out, and one handler that calls one room. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import {
  type AccessEnv,
  actAs,
  authenticated,
  callerName,
  type Permission,
  permitted,
} from "../../platform/access/index.ts";
import { type HttpEnv, idempotent, rateLimited, refusals, refuse } from "../../platform/http/index.ts";
import { type Failure, fail, type Result } from "../../pure/kernel/index.ts";
import type { ApiDeps, Call } from "./model.ts";
import type { Language } from "./schema/basics.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";
/** `signed_in`: any role; the handler looks at the caller's own things only. */
export type Gatekeeper = Permission | "signed_in";

export interface Declared {
  readonly method: Method;
  readonly path: string;
  readonly permission: Gatekeeper | "anyone";
}

export interface Api {
  readonly app: OpenAPIHono<AccessEnv>;
  readonly deps: ApiDeps;
  /** Every route in the order of its declaration: the tests' table. */
  readonly declared: Declared[];
}

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> {
  readonly method: Method;
  /** OpenAPI notation: `/customers/{customerId}`. */
  readonly path: string;
  readonly permission: Gatekeeper;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** None: 204. */
  readonly answer?: A;
  readonly status?: 200 | 201 | 202;
  /** Answers 201 instead where it made something (`call.made()`). */
  readonly makes?: boolean;
}

/** Calls of one caller a minute; far above what a console with live progress needs. */
const CALLS_A_MINUTE = 1_200;
const nothing = z.strictObject({});

/** What stands in front of every route that needs a caller. */
export function guards({ deps }: Api, permission: Gatekeeper): MiddlewareHandler<AccessEnv>[] {
  const limit = rateLimited(deps.rateLimiter, { scope: "api", limit: CALLS_A_MINUTE, seconds: 60 }, (context) => {
    const { caller } = (context as unknown as Context<AccessEnv>).var;
    return `${caller.tenantId}:${callerName(caller)}`;
  });
  return [
    authenticated(deps.gate),
    limit as unknown as MiddlewareHandler<AccessEnv>,
    ...(permission === "signed_in" ? [] : [permitted(permission)]),
  ];
}

export function route<
  P extends z.ZodType = typeof nothing,
  Q extends z.ZodType = typeof nothing,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodUndefined,
>(
  api: Api,
  definition: Definition<P, Q, B, A>,
  handle: (call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>) => Promise<Result<z.infer<A>>>,
): void {
  const { method, path, permission, summary, params, body, answer, status = 200 } = definition;
  const { deps } = api;
  const writes = method !== "get";
  const once = idempotent({
    database: deps.platform.database,
    vault: deps.platform.vault,
    callerOf: (context) => {
      const { caller } = (context as unknown as Context<AccessEnv>).var;
      return { tenantId: caller.tenantId, name: callerName(caller) };
    },
  }) as unknown as MiddlewareHandler<AccessEnv>;
  const query = definition.query ?? nothing;
  const declared = createRoute({
    method,
    path,
    summary,
    tags: [path.split("/")[1] ?? ""],
    security: [{ session: [] }, { apiKey: [] }],
    middleware: [...guards(api, permission), ...(writes ? [once] : [])] as never,
    request: {
      ...(params && { params: params as never }),
      query: query as never,
      ...(writes && {
        headers: z.object({
          "idempotency-key": z.string().optional().openapi({ description: "The same key does the work once." }),
        }) as never,
      }),
      ...(body && { body: { required: true, content: { "application/json": { schema: body } } } }),
    },
    responses: {
      ...(answer
        ? Object.fromEntries(
            [status, ...(definition.makes ? [201] : [])].map((code) => [
              code,
              { description: "Done", content: { "application/json": { schema: answer } } },
            ]),
          )
        : { 204: { description: "Done" } }),
      ...refusals(400, 401, 403, ...(params ? [404] : []), ...(writes ? [409] : []), 422, 429),
    },
  });
  api.declared.push({ method, path, permission });
  const handler = async (context: Context<AccessEnv>): Promise<Response> => {
    const valid = (part: string): never => context.req.valid(part as never) as never;
    const call = callOf<z.infer<P>, z.infer<Q>, z.infer<B>>(api, context, {
      params: params ? valid("param") : (undefined as never),
      query: valid("query"),
      body: body ? valid("json") : (undefined as never),
    });
    if (body && context.req.header("content-type")?.includes("json") !== true)
      return refused(context, fail("invalid", "body_missing", "The request needs a body of JSON.").error);
    const result = await handle(call);
    if (!result.ok) return refused(context, result.error);
    if (!answer) return context.body(null, 204);
    if (deps.checkAnswers) answer.parse(result.value);
    return context.json(result.value as never, (madeSomething.has(call) ? 201 : status) as never);
  };
  api.app.openapi(declared as never, handler as never);
}

export function callOf<P, Q, B>(
  { deps }: Pick<Api, "deps">,
  context: Context<AccessEnv>,
  parts: { params: P; query: Q; body: B },
): Call<P, Q, B> {
  const caller = context.get("caller");
  const call: Call<P, Q, B> = {
    deps,
    caller,
    language: languageOf(context),
    ...parts,
    context,
    made: () => void madeSomething.add(call),
    act: (work) => actAs(deps.platform, caller, work),
  };
  return call;
}

const madeSomething = new WeakSet<object>();

/** German unless the caller prefers English. */
export function languageOf(context: { readonly req: { header(name: string): string | undefined } }): Language {
  const wished = (context.req.header("accept-language") ?? "").toLowerCase();
  const [first = ""] = wished.split(",").map((part) => part.trim().slice(0, 2)).filter((one) => one === "de" || one === "en"); // biome-ignore format: one step
  return first === "en" ? "en" : "de";
}

/** Codes the console knows as "somebody was faster: read again". */
const OVERTAKEN: ReadonlySet<string> = new Set([
  "task_decided",
  "difference_decided",
  "list_decided",
  "entry_already_booked",
  "entry_not_booked",
  "line_decided",
  "line_not_decided",
  "payout_decided",
  "payout_not_booked",
  "hold_not_found",
  "message_settled",
  "booking_already_reversed",
]);

/** Answers a failure; what another person did a moment ago gets one code the console reads again on. */
export function refused(context: Context<AccessEnv>, failure: Failure): Response {
  const told: Failure = OVERTAKEN.has(failure.code)
    ? { ...failure, kind: "conflict", code: "already_done", where: failure.code }
    : failure;
  return refuse(context as unknown as Context<HttpEnv>, told) as Response;
}

/** A route that answers with something else than JSON (files, events); same guards, told in the description. */
export function fileRoute<P extends z.ZodType, Q extends z.ZodType = typeof nothing>(
  api: Api,
  definition: {
    readonly method?: "get" | "post";
    readonly path: string;
    readonly permission: Gatekeeper;
    readonly summary: string;
    readonly params?: P;
    readonly query?: Q;
    /** Media types of the answer. */
    readonly gives: readonly string[];
    readonly status?: 200 | 202;
    /** For uploads. */
    readonly takes?: Readonly<Record<string, z.ZodType>>;
    readonly answer?: z.ZodType;
  },
  handle: (call: Call<z.infer<P>, z.infer<Q>, undefined>) => Promise<Result<Response>>,
  ...more: MiddlewareHandler<AccessEnv>[]
): void {
  const { method = "get", path, permission, summary, params, gives, takes, answer, status = 200 } = definition;
  const query = (definition.query ?? nothing) as z.ZodType;
  api.declared.push({ method, path, permission });
  api.app.openAPIRegistry.registerPath({
    method,
    path,
    summary,
    tags: [path.split("/")[1] ?? ""],
    security: [{ session: [] }, { apiKey: [] }],
    request: {
      ...(params && { params: params as never }),
      query: query as never,
      ...(takes && {
        body: {
          required: true,
          content: Object.fromEntries(Object.entries(takes).map(([type, schema]) => [type, { schema }])),
        },
      }),
    },
    responses: {
      [status]: {
        description: "Done",
        content: Object.fromEntries(gives.map((type) => [type, { schema: answer ?? z.string() }])),
      },
      ...refusals(401, 403, ...(params ? [404] : []), ...(takes ? [413] : []), 422, 429),
    },
  });
  const handler = async (context: Context<AccessEnv>): Promise<Response> => {
    const read = {
      params: (params ?? nothing).safeParse(context.req.param()),
      query: query.safeParse(context.req.query()),
    };
    for (const part of [read.params, read.query])
      if (!part.success) {
        const fields = part.error.issues.map((issue) => ({
          field: issue.path.map(String).join("."),
          code: issue.code,
          message: issue.message,
        }));
        const { error } = fail(
          "invalid",
          "input_invalid",
          "The request has fields that can't be accepted.",
          fields[0]?.field,
        );
        return refuse(context as unknown as Context<HttpEnv>, error, { fields }) as Response;
      }
    const parts = { params: read.params.data as never, query: read.query.data as never, body: undefined };
    const result = await handle(callOf(api, context, parts));
    return result.ok ? result.value : refused(context, result.error);
  };
  const pattern = path.replace(/\{(\w+)\}/g, ":$1");
  for (const guard of [...guards(api, permission), ...more]) api.app.on([method.toUpperCase()], [pattern], guard);
  api.app.on([method.toUpperCase()], [pattern], handler as never);
}
