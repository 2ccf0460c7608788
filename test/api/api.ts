/** The API in front of a tenant that can write to its customers, with signed-in people of every role. */
import {
  addUser,
  applySignInLink,
  createApiKey,
  type Role,
  SESSION_RULES,
  type SignedIn,
  withAct,
} from "../../src/platform/access/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import { createHttpApp, createRateLimiter } from "../../src/platform/http/index.ts";
import { type ApiDeps, apiWithTable, type Declared } from "../../src/doors/api/index.ts";
import { createLetterPrinter } from "../../src/outreach/messaging/index.ts";
import { EUR, expectOk, money, type TenantId } from "../../src/pure/kernel/index.ts";
import { SYSTEM } from "../books/books.ts";
import { openOutreach, type Outreach } from "../outreach/outreach.ts";

export const PUBLIC_URL = "http://kulanz.example";
const PASSWORD = "vier Kraniche am Hafen";

export interface Person extends SignedIn {
  readonly email: string;
}

export interface CallOptions {
  readonly as?: Person;
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly raw?: string | Uint8Array | FormData | ReadableStream;
}

export interface ApiHouse {
  readonly outreach: Outreach;
  readonly deps: ApiDeps;
  readonly table: readonly Declared[];
  person(role: Role, options?: { limit?: bigint; tenantId?: TenantId }): Promise<Person>;
  key(role: Role, tenantId?: TenantId): Promise<string>;
  /** `"GET /customers?q=…"` below `/api/v1`. */
  call(route: string, options?: CallOptions): Promise<Response>;
  /** The JSON of a call that must succeed. */
  get<T>(route: string, options?: CallOptions): Promise<T>;
  drop(): Promise<void>;
}

let people = 0;

export async function openApi(options: { smtp?: boolean } = {}): Promise<ApiHouse> {
  const outreach = await openOutreach();
  const { platform, kulanz, tenantId } = outreach;
  const printer = createLetterPrinter();
  const gate = { platform, rules: SESSION_RULES, publicUrl: PUBLIC_URL };
  const deps: ApiDeps = {
    platform,
    gate,
    outboxOf: () => outreach.outbox,
    now: kulanz.now,
    chance: kulanz.chance,
    log: silentLogger,
    printer,
    rateLimiter: createRateLimiter(platform.database, platform.vault),
    settings: { publicUrl: PUBLIC_URL, smtp: options.smtp ?? false },
    checkAnswers: true,
  };
  const app = createHttpApp({
    log: silentLogger,
    now: kulanz.now,
    chance: kulanz.chance,
    largeBodies: ["/api/v1/imports"],
  });
  const { app: api, declared } = apiWithTable(deps);
  app.route("/api/v1", api as never);

  const call = async (route: string, { as, key, body, headers = {}, raw }: CallOptions = {}): Promise<Response> => {
    const [method = "GET", path = "/"] = route.split(" ");
    return app.request(`${PUBLIC_URL}/api/v1${path}`, {
      method,
      headers: {
        ...(as && { cookie: `kulanz=${as.cookie}` }),
        ...(as && method !== "GET" && { "x-csrf-token": as.csrfToken }),
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        "accept-language": "en",
        ...headers,
      },
      ...(raw !== undefined && { body: raw, duplex: "half" }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    } as RequestInit);
  };
  return {
    outreach,
    deps,
    table: declared,
    async person(role, { limit = 0n, tenantId: of = tenantId } = {}) {
      people += 1;
      const email = `person${people}@beispiel.example`;
      const { link } = expectOk(
        await withAct(platform, of, SYSTEM, (act) =>
          addUser(act, { name: `${role} ${people}`, email, role, limit: money(limit, EUR) }),
        ),
      );
      const signedIn = expectOk(await applySignInLink(platform, link.token, PASSWORD, SESSION_RULES));
      return { ...signedIn, email };
    },
    async key(role, of = tenantId) {
      return expectOk(await withAct(platform, of, SYSTEM, (act) => createApiKey(act, { name: "ERP", role }))).secret;
    },
    call,
    async get<T>(route: string, more?: CallOptions): Promise<T> {
      const answer = await call(route, more);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${route}: ${answer.status} ${text}`);
      return JSON.parse(text) as T;
    },
    async drop() {
      printer.close();
      await outreach.drop();
    },
  };
}

/** Status and code of a refusal. */
export const refusal = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
];
