/** `kulanz start` and `kulanz demo`: what stays running. */
import { setTimeout as pause } from "node:timers/promises";

import {
  createDemoClock,
  demoSignIns,
  demoStart,
  openDemoDay,
  readPlan,
  reportText,
  runDemo,
  setUpDemo,
} from "../demo/index.ts";
import { fail, ok, type Result } from "../../pure/kernel/index.ts";
import { type Command, type Invocation, type Output, progressOn, usage } from "./command.ts";
import { settingsOf, type Stop, type Surroundings, withProgram } from "./opening.ts";
import type { Program } from "./program.ts";

export function serviceCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "start",
      group: "start",
      summary: "Serve console, portal and API, and do the background work",
      usage: "[--data DIR] [--port N] [--role all|web|worker]",
      options: { data: { type: "string" }, port: { type: "string" }, role: { type: "string" } },
      run: (invocation) => startCommand(surroundings, invocation),
    },
    {
      name: "demo",
      group: "start",
      summary: "Play six weeks on the sample files, then serve the result",
      usage: "[--data DIR] [--port N] [--exit] [--json]",
      options: { data: { type: "string" }, port: { type: "string" }, exit: { type: "boolean" } },
      run: (invocation) => demoCommand(surroundings, invocation),
    },
  ];
}

async function startCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const role = invocation.text("role") ?? "all";
  if (!["all", "web", "worker"].includes(role)) return usage("A role is one of all, web, worker.", "--role");
  const settings = settingsOf(surroundings, invocation);
  if (!settings.ok) return settings;
  if (role !== "all" && settings.value.databaseUrl === undefined)
    return fail(
      "invalid",
      "database_url_missing",
      "The roles web and worker share a server: set DATABASE_URL.",
      "DATABASE_URL",
    );
  return withProgram(
    surroundings,
    invocation,
    { quietest: settings.value.logLevel, patient: true },
    async (program, stop) => {
      if (role !== "web") await program.startWorker();
      if (role !== "worker") {
        const port = await program.startWeb();
        if (!port.ok) return port;
        invocation.terminal.error(`Kulanz is ready: ${baseOf(program, port.value)}\n`);
      }
      await until(stop);
      return ok({ json: { stopped: true }, text: "" });
    },
  );
}

async function demoCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const plan = readPlan();
  const clock = createDemoClock(surroundings.now, demoStart(plan));
  return withProgram(
    surroundings,
    invocation,
    { now: clock.now, patient: true },
    async (program, stop): Promise<Result<Output>> => {
      const demo = { platform: program.platform, clock, outboxOf: program.outboxOf };
      const progress = progressOn(invocation.terminal, "six weeks");
      const report = await runDemo(demo, {
        onAck: (ack) => invocation.terminal.error(`${JSON.stringify({ ack })}\n`),
        onProgress: progress,
        stop,
      });
      if (!report.ok) return report;
      if (stop.aborted) return ok({ json: report.value, text: STOPPED });
      if (invocation.flag("exit")) return ok({ json: report.value, text: reportText(report.value) });

      await openDemoDay(demo, plan);
      const port = await program.startWeb();
      if (!port.ok) return port;
      await program.startWorker();
      const addresses = await addressesOf(program, port.value);
      const json = { ...report.value, ...addresses };
      invocation.terminal.out(
        invocation.json ? `${JSON.stringify(json)}\n` : `${reportText(report.value)}\n${welcome(addresses)}`,
      );
      await until(stop);
      return ok({ json: undefined, text: "" });
    },
  );
}

interface Addresses {
  readonly console: string;
  readonly portal: string;
  readonly signIn: readonly {
    readonly name: string;
    readonly role: string;
    readonly email: string;
    readonly link: string;
  }[];
}

/** Where a browser finds it; a port chosen by the system is in no setting. */
const baseOf = ({ settings }: Program, port: number): string =>
  settings.port === 0 ? `http://localhost:${port}` : settings.publicUrl;

async function addressesOf(program: Program, port: number): Promise<Addresses> {
  const base = baseOf(program, port);
  const house = await setUpDemo(program.platform);
  if (!house.ok) throw new Error(house.error.code);
  const signIn = (await demoSignIns(program.platform, house.value)).map(({ name, role, email, token }) => ({
    name,
    role,
    email,
    link: `${base}/einrichten#${token}`,
  }));
  return { console: `${base}/`, portal: `${base}/p`, signIn };
}

const welcome = ({ console: address, portal, signIn }: Addresses): string =>
  [
    `Console  ${address}`,
    `Portal   ${portal}  (personal links stand in the mails: Console → Messages → Local outbox)`,
    "",
    "Sign in with one of these one-time links; they let you choose a password:",
    ...signIn.map(({ name, role, link }) => `  ${role.padEnd(8)} ${name.padEnd(20)} ${link}`),
    "",
    "Stop with Ctrl C. Started again, the demo goes on where it was.",
    "",
  ].join("\n");

const STOPPED = "Stopped within the six weeks. Started again on the same folder, the demo goes on where it was.\n";

/** Until somebody stops the process; `close` then lets running work finish. */
async function until(stop: Stop): Promise<void> {
  // A timer keeps the process alive without a busy loop.
  while (!stop.aborted) await pause(60_000, undefined, { signal: stop }).catch(() => undefined);
}
