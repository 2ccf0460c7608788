import type { Language, Problem, Routes } from "./contract.ts";

/** Everything the console sends goes through here: session, csrf token, language, problems as one kind of error. */

const BASE = "/api/v1";

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

interface Connection {
  csrfToken: string;
  language: Language;
  onSignedOut: () => void;
}
/** Set by the session; one a page. */
export const connection: Connection = { csrfToken: "", language: "de", onSignedOut: () => {} };

type PathNames<R> = R extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never;
type Options<R extends keyof Routes> = {
  readonly signal?: AbortSignal | undefined;
} & ([PathNames<R>] extends [never] ? object : { readonly path: Readonly<Record<PathNames<R>, string>> }) &
  (Routes[R] extends { query: infer Query } ? { readonly query?: Query } : object) &
  (Routes[R] extends { body: infer Body } ? { readonly body: Body } : object);

export type Answer<R extends keyof Routes> = Routes[R]["answer"];

export function search(query: Readonly<Record<string, unknown>> | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** Address of a route that answers with a file, for links and frames. */
export function fileAddress(path: string, query?: Readonly<Record<string, unknown>>): string {
  return `${BASE}${path}${search(query)}`;
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<Problem>;
    if (typeof body.code === "string")
      return { type: "", title: "", status: response.status, detail: "", ...body } as Problem;
  } catch {
    // not JSON: a proxy or a broken server
  }
  return { type: "", title: response.statusText, status: response.status, code: "no_answer", detail: "" };
}

async function send(address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ProblemError({ type: "", title: "", status: 0, code: "no_connection", detail: "" });
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 401 && problem.code !== "wrong_credentials") connection.onSignedOut();
  throw new ProblemError(problem);
}

function headersFor(method: string): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json", "accept-language": connection.language };
  if (method !== "GET") {
    headers["x-csrf-token"] = connection.csrfToken;
    headers["idempotency-key"] = crypto.randomUUID();
  }
  return headers;
}

/** Calls a route of the contract. Throws `ProblemError` for every refusal. */
export async function call<R extends keyof Routes>(route: R, options: Options<R>): Promise<Answer<R>> {
  const given = options as {
    path?: Record<string, string>;
    query?: Record<string, unknown>;
    body?: unknown;
    signal?: AbortSignal;
  };
  const [method = "GET", template = ""] = route.split(" ");
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? ""));
  const headers = headersFor(method);
  const init: RequestInit = { method, headers, ...(given.signal ? { signal: given.signal } : {}) };
  if (given.body instanceof FormData) {
    init.body = given.body;
  } else if (given.body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(given.body);
  }
  const response = await send(`${BASE}${path}${search(given.query)}`, init);
  return (response.status === 204 ? undefined : await response.json()) as Answer<R>;
}

/** Sends a form with its progress in bytes (fetch can't tell it). */
export function upload<R extends "POST /imports" | "POST /imports/preview">(
  route: R,
  form: FormData,
  onProgress: (sent: number, total: number) => void,
): Promise<Answer<R>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${BASE}${route.slice(5)}`);
    for (const [name, value] of Object.entries(headersFor("POST"))) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded, event.total));
    const refuse = (problem: Partial<Problem>) =>
      reject(
        new ProblemError({ type: "", title: "", status: request.status, code: "no_answer", detail: "", ...problem }),
      );
    request.addEventListener("error", () => refuse({ code: "no_connection" }));
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as Answer<R>);
      else {
        if (request.status === 401) connection.onSignedOut();
        refuse((request.response as Partial<Problem> | null) ?? {});
      }
    });
    request.send(form);
  });
}

/**
 * Follows a resource until it is done: server events where they come through, polling every second where they don't.
 * Returns the function that stops it.
 */
export function follow<T>(
  events: string,
  poll: () => Promise<T>,
  isDone: (value: T) => boolean,
  onValue: (value: T) => void,
): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const source = new EventSource(`${BASE}${events}`);
  const stop = () => {
    stopped = true;
    source.close();
    clearTimeout(timer);
  };
  const take = (value: T) => {
    if (stopped) return;
    onValue(value);
    if (isDone(value)) stop();
  };
  const again = () => {
    if (stopped) return;
    poll().then(
      (value) => {
        take(value);
        timer = setTimeout(again, 1000);
      },
      () => {
        timer = setTimeout(again, 3000);
      },
    );
  };
  for (const name of ["progress", "done"]) {
    source.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data) as T));
  }
  source.addEventListener("error", () => {
    source.close();
    again();
  });
  return stop;
}
