/** What a statement itself brought: the check, later, whether all of it is still there. */
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";

/** After a file was stored, in its transaction: number and signed sum of the entries it brought, by statement. */
export async function keepBrought({ tx }: Act, fileFingerprint: Buffer): Promise<void> {
  await tx.execute(sql`
    update statement s set brought = coalesce(s.brought, 0) + x.brought, brought_minor = coalesce(s.brought_minor, 0) + x.minor
    from (select e.statement_fingerprint, count(*)::integer as brought,
                 sum(case e.direction when 'credit' then e.amount_minor else -e.amount_minor end)::bigint as minor
          from bank_entry e where e.file_fingerprint = ${fileFingerprint} and e.tenant_id = ${tx.tenantId}
          group by e.statement_fingerprint) x
    where s.fingerprint = x.statement_fingerprint and s.tenant_id = ${tx.tenantId}`);
  await tx.execute(sql`
    update statement set brought = 0, brought_minor = 0
    where file_fingerprint = ${fileFingerprint} and tenant_id = ${tx.tenantId} and brought is null`);
}
