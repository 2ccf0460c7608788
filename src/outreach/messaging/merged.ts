/** What messages and portal links do when two files become one, and when that is taken back. */
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { type CaseId, fail, type Instant, ok, type Uuid } from "../../pure/kernel/index.ts";
import type { MergeFollower } from "../../books/duplicates/index.ts";

interface Remembered {
  /** Links that lead to the survivor now. */
  readonly led: readonly Uuid[];
  /** Links of cases that are over: dead, with the end they had. */
  readonly ended: readonly { readonly linkId: Uuid; readonly expiresAt: string }[];
}

/** An opened door of a merged file shuts: whoever stands in it knocks again. */
const shutDoors = ({ tx }: Act, customerIds: readonly string[], linkIds: readonly Uuid[]): Promise<number> =>
  tx.execute(sql`
    delete from portal_session
    where tenant_id = ${tx.tenantId} and customer_id = any(${customerIds}::uuid[]) and link_id = any(${linkIds}::uuid[])`);

/**
 * Messages that wait for the merged file are dropped (the survivor's next run decides anew), its portal links lead to the
 * survivor's case or end. Failure `message_leaving`: one is on its way out at this moment.
 */
export const messagingFollower: MergeFollower = {
  name: "messaging",
  async merged(act, { survivorId, mergedId, cases }) {
    const { tx } = act;
    const leaving = await tx.one(sql`
      select message_id from message where customer_id = ${mergedId} and state = 'leaving' limit 1`);
    if (leaving)
      return fail(
        "conflict",
        "message_leaving",
        "A message to one of them is just leaving. Try again in a minute.",
        mergedId,
      );
    await tx.execute(sql`
      update message set state = 'dropped', reason = 'customer_merged' where customer_id = ${mergedId} and state = 'queued'`);
    const links = await tx.rows<{ link_id: Uuid; case_id: CaseId; expires_at: Instant }>(sql`
      select link_id, case_id, expires_at from portal_link where customer_id = ${mergedId} and expires_at > ${tx.now} order by link_id`);
    const led = links.filter((link) => cases.has(link.case_id));
    for (const link of led)
      await tx.execute(sql`
        insert into portal_link (customer_id, link_id, tenant_id, case_id, expires_at, tries, locked_at, last_opened_at, created_at)
        select ${survivorId}::uuid, l.link_id, l.tenant_id, ${cases.get(link.case_id)}::uuid, l.expires_at, l.tries, l.locked_at,
               l.last_opened_at, l.created_at
        from portal_link l where l.customer_id = ${mergedId} and l.link_id = ${link.link_id}
        on conflict (customer_id, link_id) do update set expires_at = excluded.expires_at, case_id = excluded.case_id`);
    await tx.execute(sql`
      update portal_link_token set customer_id = ${survivorId}
      where tenant_id = ${tx.tenantId} and customer_id = ${mergedId} and link_id = any(${led.map((link) => link.link_id)}::uuid[])`);
    const ended = links.filter((link) => !cases.has(link.case_id));
    await tx.execute(sql`
      update portal_link set expires_at = ${tx.now}
      where customer_id = ${mergedId} and link_id = any(${ended.map((link) => link.link_id)}::uuid[])`);
    await shutDoors(
      act,
      [mergedId],
      links.map((link) => link.link_id),
    );
    const remembered: Remembered = {
      led: led.map((link) => link.link_id),
      ended: ended.map((link) => ({ linkId: link.link_id, expiresAt: link.expires_at.toISOString() })),
    };
    return ok(remembered);
  },
  async undone(act, { survivorId, mergedId }, value) {
    const { tx } = act;
    const { led, ended } = value as Remembered;
    await tx.execute(sql`
      update portal_link_token set customer_id = ${mergedId}
      where tenant_id = ${tx.tenantId} and customer_id = ${survivorId} and link_id = any(${led}::uuid[])`);
    await tx.execute(sql`
      update portal_link set expires_at = ${tx.now} where customer_id = ${survivorId} and link_id = any(${led}::uuid[])`);
    for (const { linkId, expiresAt } of ended)
      await tx.execute(sql`
        update portal_link set expires_at = ${expiresAt}::timestamptz where customer_id = ${mergedId} and link_id = ${linkId}`);
    await shutDoors(act, [survivorId], led);
  },
};
