import { Logger as WorkerLogger, runMigrations } from "graphile-worker";
import pg from "pg";
import type { Logger } from "../config/index.ts";
import { openPool } from "../database/index.ts";

/** The library's own lines quote payloads and errors; what matters is logged by us. */
export const quietLogger = new WorkerLogger(() => () => {});

/**
 * Payloads of one task, each with its key or null. `distinct on`: the same key twice in one call is an error of the
 * library; the later one counts. Jobs are due by the server's clock: `due` null means now.
 *
 * A job that waits already, due and never tried, is what would be written, so it stays as it is: writing it anew takes
 * four index entries, and customers are touched often before somebody works. Its lock keeps it from being taken before
 * this transaction has ended (the library takes jobs by `for update skip locked`), so whoever takes it sees our changes.
 */
const functions = `
create or replace function public.enqueue(task text, payloads jsonb[], job_keys text[], due timestamptz) returns bigint
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    with given as materialized (
      select distinct on (coalesce(j.job_key, j.place::text || ':')) j.payload, j.job_key
      from unnest(payloads, job_keys) with ordinality as j(payload, job_key, place)
      order by coalesce(j.job_key, j.place::text || ':'), j.place desc
    ), due_already as materialized (
      select w.key, w.payload::jsonb as payload, w.task_id from graphile_worker._private_jobs w
      where due is null and w.key = any(job_keys) and w.is_available and w.attempts = 0 and w.run_at <= now()
      for key share
    ), waiting as materialized (
      select g.job_key from given g join due_already w on w.key = g.job_key and w.payload = g.payload
      join graphile_worker._private_tasks t on t.id = w.task_id and t.identifier = task
    ), fresh as (
      select array_agg(row(task, g.payload::json, null, due, 25, g.job_key, 0, null)::graphile_worker.job_spec) as specs
      from given g where g.job_key is null or g.job_key not in (select w.job_key from waiting w)
    )
    select (select count(*) from waiting) + (
      select count(*) from fresh f cross join lateral graphile_worker.add_jobs(f.specs) where f.specs is not null)
  $$;
create or replace function public.enqueue(task text, payload jsonb, job_key text, run_at timestamptz) returns bigint
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$ select public.enqueue(task, array[payload], array[job_key], run_at) $$;
revoke all on function public.enqueue(text, jsonb[], text[], timestamptz), public.enqueue(text, jsonb, text, timestamptz) from public;
grant execute on function public.enqueue(text, jsonb[], text[], timestamptz), public.enqueue(text, jsonb, text, timestamptz)
  to kulanz_app, kulanz_system;
`;

/** Brings the job schema (owned by kulanz_owner) and the enqueuing functions up; after `migrate`, at every start. */
export async function installJobs(options: { readonly url: string; readonly log: Logger }): Promise<void> {
  const pool = openPool(options, "kulanz_owner", 2, pg.types);
  try {
    const client = await pool.connect();
    try {
      // Two processes that start together: `create schema if not exists` is not safe against itself.
      await client.query("select pg_advisory_lock(hashtextextended('kulanz.jobs', 0))");
      await runMigrations({ pgPool: pool, logger: quietLogger });
      await client.query(functions);
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}
