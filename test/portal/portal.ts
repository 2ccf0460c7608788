/** A customer with an open case, a link to it, and a client that keeps cookies: what tests of the portal need. */
import type { Act } from "../../src/platform/access/index.ts";
import { createHttpApp, createRateLimiter } from "../../src/platform/http/index.ts";
import { type CustomerInput, takeCustomers } from "../../src/books/customers/index.ts";
import { attachDocument, bookPayment, casesOf, keepCases } from "../../src/books/receivables/index.ts";
import { createPortalLink, queueMessages } from "../../src/outreach/messaging/index.ts";
import { portalRoutes } from "../../src/doors/portal/index.ts";
import {
  type BrandId,
  type CaseId,
  type CustomerId,
  deterministicUuid,
  EUR,
  type MessageId,
  type ReceivableId,
} from "../../src/pure/kernel/index.ts";
import { customerInput, day, makeItem } from "../books/books.ts";
import { openOutreach, type Outreach } from "../outreach/outreach.ts";

export interface Portal extends Outreach {
  readonly app: ReturnType<typeof createHttpApp>;
  /** A customer with two overdue invoices (48.90 with 10.00 paid, and 1204.50) and one not due yet. */
  makeCase(
    number: string,
    more?: Partial<CustomerInput>,
    options?: { one?: boolean; brandId?: BrandId },
  ): Promise<OpenCase>;
  client(address?: string): Client;
}

export interface OpenCase {
  readonly customerId: CustomerId;
  readonly caseId: CaseId;
  readonly items: readonly ReceivableId[];
  readonly messageId: MessageId;
  /** Of a link that lives for 90 days. */
  readonly secret: string;
  link(options?: { days?: number; typed?: boolean }): Promise<string>;
}

export interface Client {
  get(path: string): Promise<Answer>;
  post(
    path: string,
    fields: Record<string, string> | readonly (readonly [string, string])[],
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Opens the door by postcode; the home page. */
  enter(secret: string, postcode?: string): Promise<Answer>;
  /** Token of the forms, from a page behind the door. */
  csrf(secret: string): Promise<string>;
  readonly cookies: Map<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly location: string | null;
}

export const ORIGIN = "https://zahlen.blumenhof.example";
let addresses = 0;

export async function openPortal(options: { readonly publicUrl?: string } = {}): Promise<Portal> {
  const outreach = await openOutreach();
  const { kulanz, platform } = outreach;
  kulanz.setNow(new Date("2026-06-01T09:00:00Z"));
  const { log, now, chance } = kulanz;
  const app = createHttpApp({ log, now, chance });
  const rateLimiter = createRateLimiter(kulanz.database, kulanz.vault);
  const settings = { publicUrl: options.publicUrl ?? ORIGIN, smtp: false };
  app.route("/p", portalRoutes({ platform, chance, log, rateLimiter, settings }));
  return {
    ...outreach,
    app,
    makeCase: (number, more, which) =>
      outreach
        .act((act) =>
          makeCase(
            { ...outreach, brandId: which?.brandId ?? outreach.brandId },
            act,
            number,
            more,
            which?.one ?? false,
          ),
        )
        .then((made) => ({
          ...made,
          link: ({ days = 90, typed = false } = {}) =>
            outreach.act((act) =>
              createPortalLink(act, {
                customerId: made.customerId,
                caseId: made.caseId,
                messageId: made.messageId,
                expiresAt: new Date(now().getTime() + days * 86_400_000),
                typed,
              }),
            ),
        })),
    client: (address) => client(app, address ?? `203.0.113.${(addresses += 1)}`),
  };
}

async function makeCase(
  outreach: Outreach,
  act: Act,
  number: string,
  more: Partial<CustomerInput> = {},
  one: boolean,
): Promise<Omit<OpenCase, "link">> {
  const input: CustomerInput = {
    ...customerInput(outreach, number, {
      addresses: [
        { street: "Alte Gasse 1", postcode: "39104", city: "Magdeburg", country: "DE", until: day("2025-12-31") },
        { street: "Heidestraße 17", postcode: "51147", city: "Köln", country: "DE", since: day("2026-01-01") },
      ],
    }),
    state: "NW",
    email: `kundin${number}@post.example`,
    ...more,
  };
  const customerId = (await takeCustomers(act, [input])).get(number)?.customerId;
  if (!customerId) throw new Error("the customer was not taken");
  const first = await makeItem(act, outreach, customerId, `RE-${number}-1`, 4890n, {
    orderNumber: `B-${number}`,
    dueOn: day("2026-05-10"),
    issuedOn: day("2026-04-26"),
  });
  const items = [first];
  if (!one) {
    items.push(
      await makeItem(act, outreach, customerId, `RE-${number}-2`, 120450n, {
        dueOn: day("2026-05-20"),
        issuedOn: day("2026-05-06"),
      }),
    );
    await makeItem(act, outreach, customerId, `RE-${number}-3`, 3000n, {
      dueOn: day("2026-06-20"),
      issuedOn: day("2026-05-30"),
    });
  }
  await attachDocument(act, {
    customerId,
    receivableId: first,
    kind: "original_invoice",
    mediaType: "application/pdf",
    bytes: Buffer.from("%PDF-1.7 test"),
  });
  await keepCases(act, [customerId], day("2026-06-01"));
  await bookPayment(act, {
    customerId,
    creditorId: outreach.creditorId,
    amountMinor: 1000n,
    currency: EUR,
    valueOn: day("2026-05-18"),
    designated: [first],
  });
  const kase = (await casesOf(act, [customerId]))[0];
  if (!kase) throw new Error("no case was opened");
  const messageId = deterministicUuid("test message", customerId) as MessageId;
  await queueMessages(act, [
    {
      messageId,
      customerId,
      creditorId: outreach.creditorId,
      brandId: outreach.brandId,
      caseId: kase.caseId,
      kind: "ask",
      templateKey: "reminder",
      stage: "reminder",
      round: 1,
      channel: "email",
      tone: "friendly",
      receivableIds: items,
      itemStages: {},
      effect: "none",
      termDays: 7,
      needsApproval: false,
      leaveAfter: act.tx.now,
    },
  ]);
  const secret = await createPortalLink(act, {
    customerId,
    caseId: kase.caseId,
    messageId,
    expiresAt: new Date(act.tx.now.getTime() + 90 * 86_400_000),
    typed: false,
  });
  return { customerId, caseId: kase.caseId, items, messageId, secret };
}

export function client(app: Portal["app"], address: string): Client {
  const cookies = new Map<string, string>();
  const call = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const connection = { incoming: { socket: { remoteAddress: address, remotePort: 1, remoteFamily: "IPv4" } } };
    const response = await app.request(`${ORIGIN}${path}`, { ...init, headers }, connection);
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return {
      status: response.status,
      text: await response.text(),
      headers: response.headers,
      location: response.headers.get("location"),
    };
  };
  const self: Client = {
    cookies,
    get: (path) => call(path),
    post: (path, fields, headers = {}) =>
      call(path, {
        method: "POST",
        headers: { origin: ORIGIN, "content-type": "application/x-www-form-urlencoded", ...headers },
        body: new URLSearchParams(fields as Record<string, string>).toString(),
      }),
    enter: async (secret, postcode = "51147") => {
      await self.post(`/p/${secret}`, { kind: "postcode", answer: postcode });
      return self.get(`/p/${secret}`);
    },
    csrf: async (secret) => /name="csrf" value="([^"]+)"/.exec((await self.get(`/p/${secret}/paid`)).text)?.[1] ?? "",
  };
  return self;
}
