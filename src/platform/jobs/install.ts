import { Logger as WorkerLogger, runMigrations } from "graphile-worker";
import pg from "pg";
import type { Logger } from "../config/index.ts";
import { openPool } from "../database/index.ts";

/** The library's own lines quote payloads and errors; what matters is logged by us. */
export const quietLogger = new WorkerLogger(() => () => {});

/**
 * Payloads of one task, each with its key or null. `distinct on`: the same key twice in one call is an error of the
 * library; the later one counts. Jobs are due by the server's clock: `due` null means now.
 */
const functions = `
create or replace function public.enqueue(task text, payloads jsonb[], job_keys text[], due timestamptz) returns bigint
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    select count(*) from graphile_worker.add_jobs((
      select coalesce(array_agg(row(task, one.payload, null, due, 25, one.job_key, 0, null)::graphile_worker.job_spec),
                      '{}'::graphile_worker.job_spec[])
      from (select distinct on (coalesce(j.job_key, j.place::text || ':')) j.payload::json as payload, j.job_key
            from unnest(payloads, job_keys) with ordinality as j(payload, job_key, place)
            order by coalesce(j.job_key, j.place::text || ':'), j.place desc) one))
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
