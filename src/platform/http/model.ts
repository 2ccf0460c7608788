/** What every door's requests carry, and the answer to a refusal: Problem Details for HTTP APIs (RFC 9457). */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Failure, FailureKind } from "../../pure/kernel/index.ts";

export interface HttpEnv {
  Variables: {
    /** Of this request, in logs and in `x-request-id`. */
    requestId: string;
    /** For the one inline `<style>` of a page; new for every request. */
    styleNonce: string;
    /** Set by `fail…` on the way out, for the access log. */
    failureCode?: string;
  };
}

const STATUS: Readonly<Record<FailureKind, ContentfulStatusCode>> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
};

/** The one place where a failure becomes a status. */
export const statusOf = (kind: FailureKind): ContentfulStatusCode => STATUS[kind];

const TITLES: Readonly<Record<FailureKind, string>> = {
  invalid: "The request breaks a rule",
  unauthenticated: "Please sign in",
  forbidden: "Not allowed",
  not_found: "Not found",
  conflict: "In conflict with what is stored",
  too_large: "Too large",
  rate_limited: "Too many requests",
  unavailable: "Not available at the moment",
};

/** One field of the request that needs the person. */
export interface ProblemField {
  /** `customer.email`, `rows.3.amount`. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export interface Problem {
  /** `urn:kulanz:problem:<code>`: names the rule, leads nowhere. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** `urn:uuid:<request id>`: what support asks for. */
  readonly instance: string;
  readonly code: string;
  readonly where?: string;
  readonly fields?: readonly ProblemField[];
}

function problemOf(failure: Failure, requestId: string, fields?: readonly ProblemField[]): Problem {
  return {
    type: `urn:kulanz:problem:${failure.code}`,
    title: TITLES[failure.kind],
    status: statusOf(failure.kind),
    detail: failure.message,
    instance: `urn:uuid:${requestId}`,
    code: failure.code,
    ...(failure.where !== undefined && { where: failure.where }),
    ...(fields && { fields }),
  };
}

/** Answers a failure. Typed as never, so that a typed route's answer stays what it is when nothing is refused. */
export function refuse(
  context: Context<HttpEnv>,
  failure: Failure,
  more: { readonly fields?: readonly ProblemField[]; readonly status?: ContentfulStatusCode } = {},
): never {
  context.set("failureCode", failure.code);
  const problem = problemOf(failure, context.get("requestId") ?? "", more.fields);
  const status = more.status ?? statusOf(failure.kind);
  return context.body(JSON.stringify({ ...problem, status }), status, {
    "content-type": "application/problem+json; charset=utf-8",
    "cache-control": "no-store",
  }) as never;
}
