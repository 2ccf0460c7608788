import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import type { BankEntry, EntryView, Preferences } from "../src/api/contract.ts";
import { CUSTOMER, STATEMENT_OF_ACCOUNT } from "./customer.ts";
import { MESSAGES, messageFor } from "./messages.ts";
import { bankFacts, factsAnswer, type FactsState, freshFacts } from "./facts-answers.ts";
import { ENTRIES, job, JOBS, previewFor, STATEMENTS } from "./money.ts";
import { AUDIT, PREVIEW, PREVIEW_ROWS, runFor, RUNS, STRATEGY, TODAY_PAGE, USERS } from "./outreach.ts";
import { type Call, none, ok, page, type Reply, refuse, sum } from "./replies.ts";
import { ORDERS, RELATED } from "./sources.ts";
import { CREDITORS, CUSTOMERS, eur, ITEMS, NOW, said, TODAY, WORK } from "./people.ts";

/**
 * Serves the built console with answers in the shape of the contract, for screenshots and for tests of how pages look
 * and react. It keeps what acts change until it is closed. Sent with the strict policy the product uses.
 */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

interface State {
  signedIn: boolean;
  preferences: Preferences;
  entries: BankEntry[];
  decided: Set<string>;
  facts: FactsState;
}
function session(state: State) {
  const csrfToken = "csrf";
  if (!state.signedIn) return { signedIn: false, csrfToken };
  const user = USERS[0];
  return {
    signedIn: true,
    csrfToken,
    expiresAt: "2026-11-24T19:12:00Z",
    user: {
      id: "u1",
      name: user?.name,
      email: user?.email,
      role: "admin",
      limit: eur("1000.00"),
      preferences: state.preferences,
    },
    tenant: { id: "t1", name: "Stadtwerke Lindau am Wehr" },
    creditors: CREDITORS,
    businessDate: TODAY,
    now: NOW,
    version: "0.1.0",
  };
}

function bank(state: State, call: Call, parts: readonly string[]): Reply {
  const facts = bankFacts(state.facts, call, parts);
  if (facts !== undefined) return facts;
  if (parts[1] === "book-sure" || parts[1] === "reopen") {
    const { entryIds } = JSON.parse(call.body) as { entryIds: readonly string[] };
    const view = parts[1] === "reopen" ? "proposed" : "booked";
    state.entries = state.entries.map((one) => (entryIds.includes(one.id) ? { ...one, view } : one));
    return ok({ done: entryIds, left: [] });
  }
  if (parts[1] === "summary") {
    const count = (view: EntryView) => state.entries.filter((entry) => entry.view === view).length;
    return ok({
      counts: {
        proposed: count("proposed"),
        unmatched: count("unmatched"),
        booked: 1204 + count("booked"),
        returned: count("returned"),
      },
      statements: STATEMENTS.length,
      sinceDay: "2026-11-23",
      entriesSince: 1219,
      automaticSince: 1204,
      undoneSince: 0,
      learning: { decisions: 214, version: 3, since: "2026-11-02T06:00:00Z" },
    });
  }
  if (parts[1] === "statements") return page(call, STATEMENTS);
  const entry = state.entries.find((one) => one.id === parts[2]);
  if (parts[2] === undefined) {
    const view = call.query.get("view");
    return page(
      call,
      state.entries.filter((one) => one.view === view && (call.query.get("sure") ?? one.sure?.code) === one.sure?.code),
    );
  }
  if (entry === undefined) return refuse(404, "not_found");
  const put = (change: Partial<BankEntry>) => {
    state.entries = state.entries.map((one) => (one === entry ? { ...entry, ...change } : one));
  };
  if (parts[3] === "book") {
    if (entry.view === "booked") return refuse(409, "already_done");
    const customer = entry.proposals[0]?.customer ?? { id: "k0", number: "1", name: "" };
    put({
      view: "booked",
      customer,
      automatic: false,
      bookedBy: "Imke Dörrie",
      bookedAt: NOW,
      booked: [{ customer, number: "118204", amount: entry.amount }],
    });
    const learned = [{ accountId: "ac0", customer, said: said(`Konto gemerkt für ${customer.name}.`) }];
    return ok({ entryId: entry.id, booked: [], undoUntil: null, learned: Number(entry.score) > 85 ? learned : [] });
  }
  if (parts[3] === "leave-open") {
    put({ view: "unmatched" });
    return none;
  }
  if (parts[3] === "reopen") {
    put({ view: "proposed", booked: [], bookedBy: null, bookedAt: null });
    return ok(state.entries.find((one) => one.id === entry.id));
  }
  return ok(entry);
}

function worklist(state: State, call: Call, parts: readonly string[]): Reply {
  const item = WORK.find((one) => one.id === parts[1]);
  if (item !== undefined) {
    if (parts[2] === "decide") state.decided.add(item.id);
    if (parts[2] === "reopen") state.decided.delete(item.id);
    return ok(item);
  }
  const open = WORK.filter((one) => !state.decided.has(one.id));
  const counts: Record<string, number> = { now: open.length, later: 21 };
  for (const one of open) counts[one.kind] = (counts[one.kind] ?? 0) + 1;
  const kind = call.query.get("kind");
  const rows = open.filter((one) => kind === null || one.kind === kind);
  return page(call, rows, { counts, sums: sum(rows) });
}

function imports(call: Call, parts: readonly string[]): Reply {
  const file = /filename="([^"]*)"/.exec(call.body)?.[1] ?? "datei.xml";
  const mapping = /name="mapping"\r\n\r\n([^\r]*)/.exec(call.body)?.[1];
  const list = /name="list"\r\n\r\n(snapshot|delta)/.exec(call.body)?.[1] as "snapshot" | "delta" | undefined;
  if (parts[1] === "preview") return ok(previewFor(file, mapping ? JSON.parse(mapping) : null, list));
  if (call.method === "POST")
    return ok(
      job("j9", file, { state: "matching", progress: { done: 12, total: 21 }, result: null, matched: null }),
      202,
    );
  if (parts[1] !== undefined) return ok(job(parts[1], "auszug-231.xml"));
  return page(call, JOBS);
}

function customers(call: Call, parts: readonly string[]): Reply {
  const row = CUSTOMERS.find((one) => one.id === parts[1]);
  if (parts[1] === undefined) {
    const kind = call.query.get("kind");
    const rows = CUSTOMERS.filter((one) => kind === null || one.kind === kind);
    return page(call, rows, { sums: sum(rows) });
  }
  if (row === undefined) return refuse(404, "not_found");
  if (parts[2] === "items" && parts[3] !== undefined) {
    const item = ITEMS.find((one) => one.id === parts[3]);
    const posting = {
      id: "b1",
      valueOn: "2026-10-01",
      bookedAt: NOW,
      component: "principal",
      ground: null,
      reverses: null,
    };
    return ok({
      ...item,
      postings: [
        { ...posting, kind: "claim", amount: item?.original },
        { ...posting, id: "b2", kind: "payment", amount: eur("-60.00"), valueOn: "2026-10-20" },
        {
          ...posting,
          id: "b3",
          kind: "cost",
          component: "dunning_cost",
          amount: eur("1.10"),
          valueOn: "2026-11-12",
          ground: "§ 280 Abs. 1, 2, § 286 BGB",
        },
      ],
      claim: [
        { label: said("Rechnungsbetrag"), law: null, amount: item?.original },
        { label: said("Zahlung vom 20.10."), law: null, amount: eur("-60.00") },
        { label: said("Zinsen, 21 Tage, 6,52 %"), law: "§ 288 Abs. 1, § 247 BGB", amount: eur("0.71") },
        { label: said("Porto und Papier"), law: "§ 280 Abs. 1, 2, § 286 BGB", amount: eur("1.10") },
      ],
    });
  }
  if (parts[2] === "items") return page(call, ITEMS, { sums: sum(ITEMS) });
  if (parts[2] === "documents")
    return page(call, [
      {
        id: "d1",
        kind: "invoice",
        name: "Rechnung 118204.xml",
        mediaType: "application/xml",
        bytes: 48_211,
        at: NOW,
        itemId: "i1",
      },
    ]);
  if (parts[2] === "statement-of-account") return ok(STATEMENT_OF_ACCOUNT);
  if (parts[2] === "orders") return page(call, ORDERS);
  if (parts[2] === "related") return ok(RELATED);
  if (parts[2] === "holds") return ok(CUSTOMER.holds[0], 201);
  if (parts[2] === "notes") return ok({ id: "n2" }, 201);
  return ok({
    ...CUSTOMER,
    id: row.id,
    number: row.number,
    name: row.name,
    parties: CUSTOMER.parties.map((party, at) => (at === 0 ? { ...party, name: row.name } : party)),
  });
}

function runs(call: Call, parts: readonly string[]): Reply {
  if (parts[1] === undefined) return call.method === "POST" ? ok(runFor("r0"), 201) : page(call, RUNS);
  if (parts[1] === "preview" && parts[2] === "rows")
    return page(
      call,
      PREVIEW_ROWS.filter((row) => row.result === (call.query.get("result") ?? row.result)),
    );
  if (parts[1] === "preview") return ok(call.query.get("creditor") === null ? { ...PREVIEW, creditor: null } : PREVIEW);
  if (parts[2] === "recall") return ok({ recalled: 38, alreadyLeft: 1180 });
  if (parts[2] === "events") return refuse(404, "not_found");
  return ok(runFor(parts[1]));
}

function messages(call: Call, parts: readonly string[]): Reply {
  if (parts[2] === "preview")
    return {
      status: 200,
      type: "text/html; charset=utf-8",
      body: "<!doctype html><title>Mail</title><p>Guten Tag Marlene Quast,<p>Offen sind noch 375,63 €.",
    };
  if (parts[2] === "letter.svg")
    return {
      status: 200,
      type: "image/svg+xml",
      body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><rect width="210" height="297" fill="#fff"/><text x="25" y="60" font-size="5">Marlene Quast</text></svg>',
    };
  if (parts[1] !== undefined) return ok(messageFor(parts[1]));
  const state = call.query.get("state");
  return page(
    call,
    MESSAGES.filter(
      (row) =>
        (state === null || row.state === state || (state === "parked" && row.state === "unknown")) &&
        (call.query.get("local") !== "yes" || row.local),
    ),
  );
}

function answer(state: State, call: Call): Reply {
  const parts = call.path.split("/");
  const route = `${call.method} /${call.path}`;
  if (route === "POST /session") {
    state.signedIn = call.body.includes("richtig");
    return state.signedIn ? ok(session(state)) : refuse(401, "wrong_credentials");
  }
  if (route === "POST /sign-in-links/inspect") {
    return ok(
      call.body.includes("abgelaufen")
        ? { valid: false, name: null, email: null, expiresAt: null }
        : { valid: true, name: "Noel Petrich", email: "petrich@stadtwerke.example", expiresAt: NOW },
    );
  }
  if (route === "POST /sign-in-links/use") {
    state.signedIn = true;
    return ok(session(state));
  }
  if (parts[0] === "session") {
    if (call.method === "DELETE") state.signedIn = false;
    return call.method === "DELETE" ? none : ok(session(state));
  }
  if (!state.signedIn) return refuse(401, "signed_out");
  if (route === "PATCH /me") {
    state.preferences = { ...state.preferences, ...JSON.parse(call.body) };
    return ok(state.preferences);
  }
  switch (parts[0]) {
    case "counts":
      return ok({
        worklist: WORK.length - state.decided.size,
        bankProposed: state.entries.filter((one) => one.view === "proposed").length,
        bankUnmatched: 3,
        outbox: 3,
      });
    case "today":
      return ok(TODAY_PAGE);
    case "worklist":
      return worklist(state, call, parts);
    case "customers":
      return customers(call, parts);
    case "bank":
      return bank(state, call, parts);
    case "imports":
      return imports(call, parts);
    case "runs":
      return runs(call, parts);
    case "print-batches":
      return parts.length > 1 ? refuse(404, "no_letters") : ok([{ day: "2026-11-23", letters: 3, files: 1 }]);
    case "messages":
      return messages(call, parts);
    case "strategies":
      return parts[1] === undefined
        ? page(call, [STRATEGY])
        : parts[2] === "stages"
          ? ok({ messageId: "m0", sentTo: "imke@stadtwerke.example" })
          : ok(STRATEGY);
    case "users":
      return call.method === "POST"
        ? ok(
            {
              user: USERS[2],
              link: { url: "https://kulanz.example/einrichten#geheim", expiresAt: "2026-11-25T07:12:00Z" },
            },
            201,
          )
        : page(call, USERS);
    case "api-keys":
      return page(call, [
        { id: "a1", name: "ERP", role: "agent", createdAt: NOW, lastUsedAt: null, expiresAt: null, revokedAt: null },
      ]);
    case "audit":
      return parts[1] === "verify"
        ? ok({ intact: true, entries: 4120, head: "9f2c41aa07be55d1", brokenAt: null })
        : page(call, AUDIT);
    default:
      return factsAnswer(state.facts, call, parts);
  }
}

function serveFile(folder: string, path: string, response: ServerResponse): void {
  const wanted = join(folder, normalize(path));
  const file =
    wanted.startsWith(folder) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(folder, "index.html");
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-security-policy": POLICY,
  });
  createReadStream(file).pipe(response);
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

export interface Fixture {
  readonly url: string;
  close(): Promise<void>;
}
/** `folder` is the built console. `signedIn` false starts at the door. */
export async function startFixture(
  folder: string,
  options: { signedIn?: boolean; preferences?: Partial<Preferences>; port?: number } = {},
): Promise<Fixture> {
  const state: State = {
    signedIn: options.signedIn ?? true,
    preferences: { language: "de", colourScheme: "auto", singleKeys: true, ...options.preferences },
    entries: ENTRIES.map((entry) => ({ ...entry })),
    decided: new Set(),
    facts: freshFacts(),
  };
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!url.pathname.startsWith("/api/v1/")) return serveFile(folder, url.pathname, response);
    void read(request).then((body) => {
      const reply = answer(state, {
        method: request.method ?? "GET",
        path: url.pathname.slice(8),
        query: url.searchParams,
        body,
      });
      const type = reply.type ?? "application/json";
      response.writeHead(reply.status, { "content-type": type });
      response.end(
        reply.body === undefined ? "" : type.endsWith("json") ? JSON.stringify(reply.body) : String(reply.body),
      );
    });
  });
  await new Promise<void>((done) => server.listen(options.port ?? 0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
