/**
 * `kulanz bench portal`: a customer's page behind the door, opened again and again over HTTP on loopback, beside the same
 * server's `/healthz`. The load comes from this process, so it shares its thread with the server: figures are a lower bound.
 */
import { Agent, request } from "node:http";
import { expectOk } from "../../pure/kernel/index.ts";
import { type Platform, withAct } from "../../platform/access/index.ts";
import { casesOf, keepCases } from "../../books/receivables/index.ts";
import { createPortalLink } from "../../outreach/messaging/index.ts";
import type { Result } from "../../pure/kernel/index.ts";
import { BENCH_ACTOR, BENCH_DAY, furnish, reminderBy, takeOverdueCustomers } from "./house.ts";
import { peakMemory } from "./memory.ts";

/** Requests that are under way at once. */
const CONCURRENCY = 8;
const ROUNDS = 5;
const CUSTOMERS = 200;
/** The portal lets one address open 600 pages in ten minutes, so the load comes from many (127.0.0.0/8 is all loopback). */
const PAGES_AN_ADDRESS = 500;

export interface Latencies {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface PortalBench {
  readonly seconds: number;
  readonly concurrency: number;
  readonly requests: number;
  /** Medians of five rounds. */
  readonly pagesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** `/healthz` of the same server under the same load. */
  readonly floor: Latencies;
  readonly rssMaxMiB: number;
}

export interface PortalOptions {
  readonly platform: Platform;
  /** Of load, in five rounds; the floor takes a fifth more. */
  readonly seconds: number;
  readonly startWeb: () => Promise<Result<number>>;
  readonly progress: (step: string) => void;
}

interface Door {
  readonly path: string;
  readonly cookie: string;
}

export async function benchPortal({ platform, seconds, startWeb, progress }: PortalOptions): Promise<PortalBench> {
  progress("customers and links");
  const secrets = await makeLinks(platform);
  const port = expectOk(await startWeb());
  const load = createLoad(port);
  try {
    const doors: Door[] = [];
    for (const secret of secrets) doors.push(await openDoor(load, secret));
    progress("warm-up");
    await pages(load, doors, Math.min(1, seconds / ROUNDS));
    const rounds: Latencies[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      progress(`round ${round} of ${ROUNDS}`);
      rounds.push(await pages(load, doors, seconds / ROUNDS));
    }
    progress("floor");
    const floor = await during(seconds / ROUNDS, async () => {
      const { status } = await load.send("GET", "/healthz", {});
      if (status !== 200) throw new Error(`/healthz answered ${status}`);
    });
    return {
      seconds,
      concurrency: CONCURRENCY,
      requests: rounds.reduce((sum, { requests }) => sum + requests, 0),
      pagesPerSecond: middle(rounds.map(({ perSecond }) => perSecond)),
      p50Ms: middle(rounds.map(({ p50Ms }) => p50Ms)),
      p99Ms: middle(rounds.map(({ p99Ms }) => p99Ms)),
      floor,
      rssMaxMiB: await peakMemory(),
    };
  } finally {
    load.close();
  }
}

const pages = (load: Load, doors: readonly Door[], seconds: number): Promise<Latencies> => {
  let next = 0;
  return during(seconds, async () => {
    const door = doors[next++ % doors.length];
    if (!door) throw new Error("no door is open");
    const { status, body } = await load.send("GET", door.path, { cookie: door.cookie });
    if (status !== 200 || !body.includes("RE-")) throw new Error(`a page answered ${status} or showed no item`);
  });
};

async function makeLinks(platform: Platform): Promise<string[]> {
  const owner = await furnish(platform, "Bench portal", reminderBy("email"));
  const customers = [...(await takeOverdueCustomers(platform, owner, CUSTOMERS)).values()];
  return withAct(platform, owner.tenantId, BENCH_ACTOR, async (act) => {
    await keepCases(act, customers, BENCH_DAY);
    const expiresAt = new Date(act.tx.now.getTime() + 86_400_000);
    const secrets: string[] = [];
    for (const { customerId, caseId } of await casesOf(act, customers))
      secrets.push(await createPortalLink(act, { customerId, caseId, expiresAt, typed: false }));
    return secrets;
  });
}

async function openDoor(load: Load, secret: string): Promise<Door> {
  const path = `/p/${secret}`;
  const { status, cookies } = await load.send("POST", path, {}, "kind=postcode&answer=50667");
  const cookie = cookies.map((one) => one.split(";")[0]).join("; ");
  if (status !== 303 || cookie === "") throw new Error(`the portal's door answered ${status}`);
  return { path, cookie };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[];
}
interface Load {
  send(method: string, path: string, headers: Readonly<Record<string, string>>, form?: string): Promise<Answer>;
  close(): void;
}

/** Connections that are kept, from an address that changes before the portal has had enough of it. */
function createLoad(port: number): Load {
  let agent = new Agent({ keepAlive: true });
  const retired: Agent[] = [];
  let sent = 0;
  return {
    send(method, path, headers, form) {
      if (sent > 0 && sent % PAGES_AN_ADDRESS === 0) {
        retired.push(agent);
        agent = new Agent({ keepAlive: true });
      }
      const block = Math.floor(sent / PAGES_AN_ADDRESS);
      sent += 1;
      const localAddress = `127.1.${Math.floor(block / 250) % 250}.${1 + (block % 250)}`;
      return new Promise((resolve, reject) => {
        const call = request(
          {
            host: "127.0.0.1",
            port,
            method,
            path,
            agent,
            localAddress,
            headers: { ...headers, ...(form !== undefined && { "content-type": "application/x-www-form-urlencoded" }) },
          },
          (answer) => {
            answer.setEncoding("utf8");
            let body = "";
            answer.on("data", (part: string) => (body += part));
            answer.on("error", reject);
            answer.on("end", () =>
              resolve({ status: answer.statusCode ?? 0, body, cookies: answer.headers["set-cookie"] ?? [] }),
            );
          },
        );
        call.on("error", reject);
        call.end(form);
      });
    },
    close() {
      for (const one of [...retired, agent]) one.destroy();
    },
  };
}

/** A closed loop: each of the callers waits for its answer before it asks again. */
async function during(seconds: number, work: () => Promise<void>): Promise<Latencies> {
  const taken: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1000;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (performance.now() < end) {
        const from = performance.now();
        await work();
        taken.push(performance.now() - from);
      }
    }),
  );
  const elapsed = (performance.now() - begun) / 1000;
  return {
    requests: taken.length,
    perSecond: Number((taken.length / elapsed).toFixed(1)),
    p50Ms: percentile(taken, 0.5),
    p99Ms: percentile(taken, 0.99),
  };
}

/** Nearest rank: the smallest value that at least this share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN).toFixed(2));
}

const middle = (values: readonly number[]): number => percentile(values, 0.5);
