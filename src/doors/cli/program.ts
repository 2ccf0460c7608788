import type { Platform } from "../../platform/access/index.ts";
import type { Logger, Settings } from "../../platform/config/index.ts";
import type { Liveness } from "../../platform/jobs/index.ts";
import type { Chance, Clock, Result, TenantId } from "../../pure/kernel/index.ts";
import type { Acknowledgement, Outbox, PrintParts } from "../../outreach/messaging/index.ts";

/** The running program, put together in `main.ts`; what commands need of it. */
export interface Program {
  readonly settings: Settings;
  readonly log: Logger;
  readonly now: Clock;
  readonly chance: Chance;
  readonly platform: Platform;
  /** Of the database, with the login's password. */
  readonly databaseUrl: string;
  /** `DIR/keys`, where a master key file of ours lies; null when it is given by setting. */
  readonly keysFolder: string | null;
  readonly liveness: Liveness;
  outboxOf(tenantId: TenantId): Outbox;
  /** What the print batches of a tenant are made with. */
  printOf(tenantId: TenantId): PrintParts;
  /** Serves console, portal and API; returns the port. */
  startWeb(port?: number): Promise<Result<number>>;
  startWorker(): Promise<void>;
  /** Stops what was started, in order; safe to call twice. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Work beside a product that runs on the same data folder, instead of being refused. */
  readonly beside?: boolean;
  readonly settings: Settings;
  readonly log: Logger;
  /** Another clock than the real one: `run --date`, the demo. */
  readonly now?: Clock;
  readonly acknowledge?: (acknowledgement: Acknowledgement) => void;
}

export type OpenProgram = (options: OpenOptions) => Promise<Result<Program>>;

export interface Store {
  readonly url: string;
  close(): Promise<void>;
}
export type OpenStore = (options: Pick<OpenOptions, "settings" | "log">) => Promise<Result<Store>>;
