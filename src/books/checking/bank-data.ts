/** How old the bank data of a creditor is: who may have paid is not asked before we can know. */
import type { CreditorId, PlainDate } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { creditor } from "../customers/index.ts";

export interface BankData {
  /** Last day that the statements of every fed account reach to; null: the account in use was never fed. */
  readonly until: PlainDate | null;
  /** Days it may be old (`creditor.settings.bankDataMaxAgeDays`); dunning waits beyond. Calendar days: mind long weekends. */
  readonly maxAgeDays: number;
}

/**
 * Undefined: nothing is set, and dunning does not wait. It is off unless set, because a creditor whose ERP matches
 * payments itself never sends us statements. The oldest account counts: the default one, and every other that was ever fed.
 */
export async function bankData(act: Act, creditorId: CreditorId): Promise<BankData | undefined> {
  const maxAgeDays = (await creditor(act, creditorId)).settings["bankDataMaxAgeDays"];
  if (typeof maxAgeDays !== "number" || !Number.isInteger(maxAgeDays) || maxAgeDays < 1) return undefined;
  const row = await act.tx.one<{ until: PlainDate | null; unfed: boolean | null }>(sql`
    select min(s.until) as until, bool_or(a.is_default and s.until is null) as unfed
      from (select iban as account, is_default from creditor_account where creditor_id = ${creditorId}
            union select distinct account, false from statement
             where tenant_id = ${act.tx.tenantId} and creditor_id = ${creditorId}
               and account not in (select iban from creditor_account where creditor_id = ${creditorId})) a
      left join (select account, max(closed_on) as until from statement
                  where tenant_id = ${act.tx.tenantId} and creditor_id = ${creditorId} group by account) s
        on s.account = a.account`);
  return { until: row?.unfed ? null : (row?.until ?? null), maxAgeDays };
}
