/** A PostgreSQL server for tests: making the template database and copying it. */
import pg from "pg";
import { silentLogger } from "../../src/platform/config/index.ts";
import { migrate } from "../../src/platform/database/index.ts";
import { installJobs } from "../../src/platform/jobs/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";

export interface TestServer {
  /** Login that may create databases and roles. */
  readonly url: string;
  /** Databases of this run begin with it. */
  readonly prefix: string;
}

export const databaseUrl = (url: string, database: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
};

/** One statement as the login, outside of any transaction. */
export async function administer(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

const templateOf = (server: TestServer): string => `${server.prefix}_template`;

/** An empty database at the program's level, from which each test file gets its copy. */
export async function makeTemplate(server: TestServer): Promise<void> {
  await administer(server.url, `create database ${templateOf(server)}`);
  const url = databaseUrl(server.url, templateOf(server));
  const now = () => new Date("2026-01-01T00:00:00Z");
  expectOk(await migrate({ url, now, log: silentLogger }));
  await installJobs({ url, log: silentLogger });
}

/** Copies the template. */
export async function copyTemplate(server: TestServer, name: string): Promise<string> {
  await administer(server.url, `create database ${name} template ${templateOf(server)}`);
  const url = databaseUrl(server.url, name);
  // Rights on a database itself are not copied with it.
  await administer(url, `grant create, temporary on database ${name} to kulanz_owner`);
  return url;
}

/** Drops a test's database. Connections that are still open after some seconds are a leak, and an error. */
export async function dropCopy(server: TestServer, name: string): Promise<void> {
  try {
    await administer(server.url, `drop database ${name}`);
  } catch (error) {
    await administer(server.url, `drop database if exists ${name} with (force)`);
    throw new Error(`test database not closed: ${(error as Error).message}`);
  }
}
