/** The real server with the built console in front of it, a signed-in person, and files put in. */
import { expect } from "vitest";
import { apiWithTable } from "../../src/doors/api/index.ts";
import { consoleRoutes } from "../../src/doors/console/index.ts";
import { type Role } from "../../src/platform/access/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import { createHttpApp, startHttpServer } from "../../src/platform/http/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import type { ImportJob } from "../../web/console/src/api/contract.ts";
import { type ApiHouse, openApi, type Person } from "../api/api.ts";

export interface ConsoleHouse {
  readonly api: ApiHouse;
  readonly person: Person;
  readonly url: string;
  importFile(name: string, content: string): Promise<void>;
  drop(): Promise<void>;
}

/** `folder` is the built console. */
export async function openConsole(folder: string, role: Role): Promise<ConsoleHouse> {
  const api = await openApi();
  const person = await api.person(role, { limit: 1_000_00n });
  const { kulanz } = api.outreach;
  const app = createHttpApp({ log: silentLogger, now: kulanz.now, chance: kulanz.chance });
  app.route("/api/v1", apiWithTable(api.deps).app as never);
  app.route("/", consoleRoutes({ folder }) as never);
  const server = expectOk(await startHttpServer({ fetch: app.fetch as never, port: 0, log: silentLogger }));
  return {
    api,
    person,
    url: `http://127.0.0.1:${server.port}`,
    async importFile(name, content) {
      const form = new FormData();
      form.set("file", new File([content], name));
      const started = await api.call("POST /imports", { as: person, raw: form });
      expect(started.status, await started.clone().text()).toBe(202);
      const { id } = (await started.json()) as ImportJob;
      await (await api.call(`GET /imports/${id}/events`, { as: person })).text();
    },
    async drop() {
      await server.stop(500);
      await api.drop();
    },
  };
}
