import { type Platform, withAct } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import type { TenantId } from "../../../pure/kernel/index.ts";
import type { ChannelAdapter } from "../model.ts";

/** Where no SMTP server is set, mails stay here and the console shows them. One row a message: repeating is safe. */
export function localOutbox(platform: Platform, tenantId: TenantId): ChannelAdapter {
  return {
    repeatable: true,
    async send({ customerId, messageId, rendering, from, replyTo }) {
      const kept = await withAct(platform, tenantId, { kind: "system", id: "local_outbox" }, async (act) => {
        // A test message is nobody's file: without a mail server there is no place for it.
        if (!(await act.tx.one(sql`select from customer where customer_id = ${customerId}`))) return false;
        const seal = await act.vault.forCustomer(act.tx, customerId);
        const mail = seal.seal("records", "local_mail", JSON.stringify({ from, replyTo, ...rendering }));
        await act.tx.execute(sql`
          insert into local_mail (customer_id, message_id, tenant_id, mail_sealed, created_at)
          values (${customerId}, ${messageId}, ${tenantId}, ${mail}, ${act.tx.now}) on conflict do nothing`);
        return true;
      });
      if (!kept) return { kind: "refused", reason: "no_mail_server", permanent: true };
      return { kind: "left", evidence: "handed_over" };
    },
  };
}
