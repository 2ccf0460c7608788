/**
 * The demo is killed again and again, program and PostgreSQL with `kill -9`, also while a mail is being handed over and
 * while a file is being taken in, and started again on the same folder. An SMTP server and a letter folder outside the
 * process count: nothing leaves twice, and every acknowledgement that was printed still holds.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { expect, test } from "vitest";
import { silentLogger } from "../../src/platform/config/index.ts";
import { startEmbedded } from "../../src/platform/database/index.ts";
import { expectOk, seededRandom } from "../../src/pure/kernel/index.ts";
import { startSmtpSink } from "../outreach/outreach.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SOAK = process.env["KULANZ_SOAK"] === "1";
/** Kills of each kind: at a moment by chance, inside sending, inside an import. */
const KILLS = SOAK ? { anywhere: 10, sending: 5, importing: 5 } : { anywhere: 1, sending: 1, importing: 1 };

type Kind = keyof typeof KILLS;

interface Ack {
  readonly kind: string;
  readonly id: string;
}

/** The port and password of the folder's server, once it is there. */
function serverOf(folder: string): { url: string; pid: number } | null {
  const pidFile = path.join(folder, "pg18/postmaster.pid");
  const secret = path.join(folder, "keys/postgres-password");
  if (!existsSync(pidFile) || !existsSync(secret)) return null;
  const [pid, , , port] = readFileSync(pidFile, "utf8").split("\n");
  // The file is written line by line.
  if (!Number(pid) || !Number(port)) return null;
  const password = encodeURIComponent(readFileSync(secret, "utf8").trim());
  return { url: `postgres://kulanz:${password}@127.0.0.1:${Number(port)}/kulanz`, pid: Number(pid) };
}

function children(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Program, PostgreSQL and all their children at once. */
function killAll(program: ChildProcess, folder: string): void {
  const server = serverOf(folder);
  const victims = [program.pid ?? 0, ...children(program.pid ?? 0)];
  if (server) victims.push(server.pid, ...children(server.pid));
  for (const pid of victims)
    if (pid > 1)
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone already.
      }
}

/** Waits until a statement of an import is running in an open transaction. */
async function untilImporting(folder: string, alive: () => boolean): Promise<boolean> {
  let client: pg.Client | null = null;
  try {
    while (alive()) {
      const server = serverOf(folder);
      if (!client && server) {
        const fresh = new pg.Client(server.url);
        fresh.on("error", () => {});
        client = await fresh.connect().then(
          () => fresh,
          () => null,
        );
      }
      if (!client) {
        await pause(20);
        continue;
      }
      const seen = await client
        .query(
          `select from pg_stat_activity where pid <> pg_backend_pid() and xact_start is not null
             and query ~* 'insert into (bank_entry|statement|import_file|receivable|posting|customer|contact_point|directory_entry)'`,
        )
        .catch(() => null);
      if (seen === null) client = null;
      else if ((seen.rowCount ?? 0) > 0) return true;
      await pause(1);
    }
    return false;
  } finally {
    await client?.end().catch(() => {});
  }
}

test(
  "killed at seeded moments, nothing leaves twice and what was acknowledged holds",
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "kulanz-kill-"));
    const letters = path.join(folder, "letters-out");
    const sink = await startSmtpSink();
    const random = seededRandom(20261122);
    const plan: Kind[] = (Object.keys(KILLS) as Kind[]).flatMap((kind) => Array<Kind>(KILLS[kind]).fill(kind));
    for (let i = plan.length - 1; i > 0; i -= 1) {
      const j = random.integer(i + 1);
      [plan[i], plan[j]] = [plan[j] as Kind, plan[i] as Kind];
    }
    const acks = new Map<string, Ack>();
    const killed: Record<Kind, number> = { anywhere: 0, sending: 0, importing: 0 };

    /** One life of the program; killed as planned, or run to its end. */
    const live = async (kind: Kind | null): Promise<number | null> => {
      const program = spawn(
        process.execPath,
        [
          "--import",
          path.join(ROOT, "test/support/typescript.js"),
          path.join(ROOT, "src/main.ts"),
          "demo",
          "--data",
          folder,
          "--exit",
          "--json",
        ],
        {
          cwd: ROOT,
          env: { ...process.env, KULANZ_SMTP_URL: sink.url, KULANZ_LETTER_DIR: letters, KULANZ_LOG_LEVEL: "error" },
          stdio: ["ignore", "ignore", "pipe"],
        },
      );
      let over = false;
      let acksSeen = 0;
      let mailsSeen = 0;
      let words = "";
      // Late enough that something new was done in this life, at a moment by chance.
      const after = 2 + random.integer(SOAK ? 40 : 60);
      const kill = (as: Kind): void => {
        if (over) return;
        over = true;
        killed[as] += 1;
        killAll(program, folder);
      };
      sink.onMessage = () => {
        mailsSeen += 1;
        if (kind === "sending" && mailsSeen === after) {
          // Half of them when the mail is taken but not confirmed, half when it is not taken at all.
          const taken = random.integer(2) === 0;
          kill("sending");
          return taken ? "break_off" : "reject_later";
        }
        return "accept";
      };
      if (kind === "importing") {
        const skip = random.integer(3);
        void (async () => {
          for (let n = 0; n <= skip; n += 1) if (!(await untilImporting(folder, () => !over))) return;
          kill("importing");
        })();
      }
      let rest = "";
      program.stderr?.on("data", (chunk: Buffer) => {
        const lines = (rest + chunk.toString("utf8")).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          if (!line.startsWith('{"ack"')) {
            if (!line.startsWith("six weeks")) words += `${line}\n`;
            continue;
          }
          const { ack } = JSON.parse(line) as { ack: Ack };
          acks.set(`${ack.kind}:${ack.id}`, ack);
          acksSeen += 1;
          if (kind === "anywhere" && acksSeen === after) setTimeout(() => kill("anywhere"), random.integer(120));
        }
      });
      const code = await new Promise<number | null>((ended) => program.once("close", (exit) => ended(exit)));
      over = true;
      if (code !== null && code !== 0) throw new Error(`the demo ended with ${code}: ${words.slice(-2000)}`);
      return code;
    };

    try {
      for (const kind of plan) await live(kind);
      expect(await live(null)).toBe(0);
      expect(killed.sending).toBeGreaterThanOrEqual(KILLS.sending);
      expect(killed.importing).toBeGreaterThanOrEqual(KILLS.importing);

      const server = expectOk(
        await startEmbedded({ folder, chance: (bytes) => randomBytes(bytes), log: silentLogger }),
      );
      const client = new pg.Client(server.url);
      await client.connect();
      try {
        const rows = async <T extends object>(query: string): Promise<T[]> => (await client.query<T>(query)).rows;
        const messages = await rows<{ id: string; channel: string; state: string }>(
          `select message_id as id, channel, state from message`,
        );
        const stateOf = new Map(messages.map((message) => [message.id, message]));

        // Every message ended; none is lost between states.
        expect(
          messages.filter(({ state }) => !["left", "failed", "dropped", "parked", "unknown", "queued"].includes(state)),
        ).toEqual([]);
        // Acknowledgements hold.
        const matches = new Set(
          (
            await rows<{ id: string }>(
              `select match_id as id from match union select booking_id from match union select entry_id from bank_entry`,
            )
          ).map(({ id }) => id),
        );
        const imports = new Set(
          (await rows<{ id: string }>(`select import_id as id from import_file`)).map(({ id }) => id),
        );
        expect(acks.size).toBeGreaterThan(100);
        for (const { kind, id } of acks.values()) {
          if (kind === "message left") expect(stateOf.get(id)?.state, `${kind} ${id}`).toBe("left");
          if (kind === "payment booked") expect(matches.has(id), `${kind} ${id}`).toBe(true);
          if (kind === "statement imported") expect(imports.has(id), `${kind} ${id}`).toBe(true);
        }
        // Mails: at most once each; what the books call left arrived.
        const arrived = sink.mails.map((raw) => /^message-id:\s*<([0-9a-f-]{36})@/im.exec(raw)?.[1] ?? "");
        expect(new Set(arrived).size).toBe(arrived.length);
        const leftMails = messages
          .filter(({ channel, state }) => channel === "email" && state === "left")
          .map(({ id }) => id);
        expect(leftMails.filter((id) => !arrived.includes(id))).toEqual([]);
        for (const id of arrived) expect(["left", "unknown"]).toContain(stateOf.get(id)?.state);
        // Letters: one file each, whole.
        const files = (await readdir(letters, { recursive: true })).filter(
          (name) => /[0-9a-f-]{36}\.pdf$/.test(name) && !/druckstapel/.test(name),
        );
        const laid = files.map((name) => path.basename(name, ".pdf"));
        expect(new Set(laid).size).toBe(laid.length);
        const leftLetters = messages
          .filter(({ channel, state }) => channel === "letter" && state === "left")
          .map(({ id }) => id);
        expect([...laid].sort()).toEqual([...leftLetters].sort());
        for (const file of files)
          expect(readFileSync(path.join(letters, file)).subarray(-7).toString()).toContain("%%EOF");
        // The books agree with themselves.
        expect(
          await rows(`select r.receivable_id from receivable r join lateral (
             select coalesce(sum(amount_minor), 0) as total from posting p
              where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id) p on true where p.total <> r.open_total`),
        ).toEqual([]);
      } finally {
        await client.end();
        await server.stop();
      }
    } finally {
      await sink.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  SOAK ? 1_200_000 : 300_000,
);
