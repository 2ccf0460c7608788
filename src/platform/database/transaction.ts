import type { Instant, TenantId, Uuid } from "../../pure/kernel/index.ts";
import type { Sql } from "./sql.ts";

/** One database transaction. int8 arrives as bigint, date as PlainDate text, timestamptz as Date, numeric as text. */
export interface Transaction {
  rows<Row extends object>(query: Sql): Promise<Row[]>;
  /** The only row, or undefined; more than one is a bug and throws. */
  one<Row extends object>(query: Sql): Promise<Row | undefined>;
  /** Number of rows written. */
  execute(query: Sql): Promise<number>;
  /**
   * A write nobody waits for: statements keep their order, and the server works on it while the next one is prepared. What
   * it throws comes out of the next statement that is awaited, or of the commit; so for bulk writes that are not expected
   * to fail. What is sent is held until the server took it: await something now and then.
   */
  send(query: Sql): void;
  /** The moment handed in for this transaction (invariant 10); never the database's clock. */
  readonly now: Instant;
  newId<Name extends Uuid>(): Name;
  /** Runs after the commit and never when the transaction rolls back: acknowledgements, wake-ups. */
  afterCommit(notify: () => void): void;
}

/** A transaction in which row security shows and takes one tenant's rows only (invariant 8). */
export interface TenantTransaction extends Transaction {
  readonly tenantId: TenantId;
}

export interface Database {
  /** Role `kulanz_app`, `kulanz.tenant` set. Commits when `work` resolves, rolls back when it throws. */
  tenant<T>(tenantId: TenantId, work: (tx: TenantTransaction) => Promise<T>): Promise<T>;
  /** Role `kulanz_system`: platform tables and the four look-ups, no tenant rows. */
  system<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Role `kulanz_owner`: migrations, first set-up, job schema. Not for requests. */
  owner<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
