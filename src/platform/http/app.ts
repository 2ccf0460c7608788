import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, Env, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { type Chance, type Clock, type Failure, FailureError, newUuid } from "../../pure/kernel/index.ts";
import type { Logger } from "../config/index.ts";
import { type HttpEnv, type ProblemField, refuse } from "./model.ts";
import { securityHeaders } from "./security.ts";

/** One answered request, for metrics. The route is the pattern (`/customers/:id`), never the address. */
export interface Observation {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface HttpAppOptions {
  readonly log: Logger;
  readonly now: Clock;
  readonly chance: Chance;
  /** Largest body in bytes (1 MiB); a route that takes more says so with `allowBody`. */
  readonly bodyLimit?: number;
  /** Paths (prefixes) that set their own limit with `allowBody`. */
  readonly largeBodies?: readonly string[];
  /** Over https: tells browsers to stay there. */
  readonly https?: boolean;
  readonly observe?: (observation: Observation) => void;
}

const MIB = 1024 * 1024;

/**
 * An app with everything a door needs before its first route: request id, access log, security headers, body limit,
 * and problem+json for failures, refused input, unknown routes and bugs. Doors add routes or mount their own apps.
 */
export function createHttpApp<E extends HttpEnv = HttpEnv>(options: HttpAppOptions): OpenAPIHono<E> {
  const app = newApp<E>();
  app.use(observed(options) as unknown as MiddlewareHandler<E>);
  app.use(securityHeaders(options) as unknown as MiddlewareHandler<E>);
  const limit = allowBody(options.bodyLimit ?? MIB);
  app.use(async (context, next) => {
    const large = options.largeBodies?.some((path) => context.req.path.startsWith(path));
    return large ? next() : limit(context as unknown as Context<HttpEnv>, next);
  });
  app.notFound((context) => refuse(context as unknown as Context<HttpEnv>, notFound(context.req.method)));
  app.onError((error, context) => onError(error, context as unknown as Context<HttpEnv>, options.log));
  return app;
}

/** An empty app whose input checks answer as all others do; for routers that are mounted into `createHttpApp`. */
export function newApp<E extends Env = HttpEnv>(): OpenAPIHono<E> {
  return new OpenAPIHono<E>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const fields = result.error.issues.map(
        (issue): ProblemField => ({
          field: issue.path.map(String).join("."),
          code: issue.code,
          message: issue.message,
        }),
      );
      const failure: Failure = {
        kind: "invalid",
        code: "input_invalid",
        message: "The request has fields that can't be accepted.",
        where: fields[0]?.field || result.target,
      };
      return refuse(context as unknown as Context<HttpEnv>, failure, { fields });
    },
  });
}

/** Body limit of one route, in bytes. Counts what arrives, so a missing or false `content-length` changes nothing. */
export function allowBody(bytes: number): MiddlewareHandler<HttpEnv> {
  return bodyLimit({
    maxSize: bytes,
    onError: (context) =>
      refuse(context as unknown as Context<HttpEnv>, {
        kind: "too_large",
        code: "body_too_large",
        message: `A request here may have at most ${bytes} bytes.`,
      }),
  });
}

const notFound = (method: string): Failure => ({
  kind: "not_found",
  code: "route_unknown",
  message: method === "GET" ? "There is nothing at this address." : "There is nothing at this address for this method.",
});

const HTTP_KINDS: Readonly<Record<number, Failure["kind"]>> = {
  400: "invalid",
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  413: "too_large",
  429: "rate_limited",
};

function onError(error: Error, context: Context<HttpEnv>, log: Logger): Response {
  if (error instanceof FailureError) return refuse(context, error.failure);
  if (error instanceof HTTPException && error.status < 500) {
    // Thrown by Hono itself: JSON that can't be read, a content type that is not the route's.
    return refuse(
      context,
      {
        kind: HTTP_KINDS[error.status] ?? "invalid",
        code: error.status === 400 ? "body_malformed" : "request_refused",
        message: error.status === 400 ? "The body of the request can't be read." : "The request was refused.",
      },
      { status: error.status },
    );
  }
  log.error("request_failed", { request: context.get("requestId"), route: routeOf(context), error });
  return refuse(
    context,
    {
      kind: "unavailable",
      code: "internal_error",
      message:
        "Something went wrong on our side. Nothing was changed. Please name the number of this request when you ask.",
    },
    { status: 500 },
  );
}

const METHODS = new Set(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]);

/** Pattern of the route that answered; addresses can carry what a log must not. */
function routeOf(context: Context<HttpEnv>): string {
  const path = context.req.routePath;
  return path === "/*" || path === "*" ? "unknown" : path;
}

function observed({ log, now, chance, observe }: HttpAppOptions): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const started = performance.now();
    const requestId = newUuid(now(), chance);
    context.set("requestId", requestId);
    await next();
    context.res.headers.set("x-request-id", requestId);
    const seconds = (performance.now() - started) / 1000;
    const method = METHODS.has(context.req.method) ? context.req.method : "other";
    const { status } = context.res;
    const route = status === 404 && context.get("failureCode") === "route_unknown" ? "unknown" : routeOf(context);
    log.info("request", {
      request: requestId,
      method,
      route,
      status,
      code: context.get("failureCode"),
      duration_ms: Math.round(seconds * 1000),
    });
    observe?.({ method, route, status, seconds });
  };
}
