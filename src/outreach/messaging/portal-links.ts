/**
 * The way from a message to the pay page: an unguessable, expiring secret. The database knows its hash only; the secret
 * itself stands in the message. Nothing personal is shown before a second factor (see doors/portal).
 */
import { createHash } from "node:crypto";
import type { Act, Platform } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import type { CaseId, CustomerId, Instant, MessageId, TenantId, Uuid } from "../../pure/kernel/index.ts";

/** Crockford's base 32: no letter that is read as a figure. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 130 bits for links that are clicked, 60 for codes that are typed; the door allows five tries and is rate limited. */
const LINK_LENGTH = 26;
const CODE_LENGTH = 12;
export const PORTAL_TRIES = 5;

export interface PortalLinkInput {
  readonly customerId: CustomerId;
  readonly caseId: CaseId;
  readonly messageId?: MessageId;
  readonly expiresAt: Instant;
  /** A short code that a person types from a letter. */
  readonly typed: boolean;
}

export interface PortalLink {
  readonly tenantId: TenantId;
  readonly customerId: CustomerId;
  readonly linkId: Uuid;
  readonly caseId: CaseId;
  readonly messageId: MessageId | null;
  readonly caseState: "open" | "closed" | "handed_over";
  readonly expiresAt: Instant;
  readonly tries: number;
  readonly lockedAt: Instant | null;
}

export async function createPortalLink(act: Act, input: PortalLinkInput): Promise<string> {
  const length = input.typed ? CODE_LENGTH : LINK_LENGTH;
  const secret = Array.from(act.vault.chance(length), (byte) => ALPHABET[byte % 32]).join("");
  const linkId = act.tx.newId();
  await act.tx.execute(sql`
    insert into portal_link (customer_id, link_id, tenant_id, case_id, message_id, expires_at, created_at)
    values (${input.customerId}, ${linkId}, ${act.tx.tenantId}, ${input.caseId}, ${input.messageId ?? null},
            ${input.expiresAt}, ${act.tx.now})`);
  await act.tx.execute(sql`
    insert into portal_link_token (token, tenant_id, customer_id, link_id)
    values (${tokenOf(secret)}, ${act.tx.tenantId}, ${input.customerId}, ${linkId})`);
  return secret;
}

/** As it was typed or clicked: letters that look like figures are read as such, spaces and hyphens don't count. */
export function normaliseSecret(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1").slice(0, 64);
}

const tokenOf = (secret: string): Buffer => createHash("sha256").update(normaliseSecret(secret)).digest();

/** The tenant a link belongs to; the only thing that is told before row security is set (invariant 8). */
export async function tenantOfPortalLink(platform: Platform, secret: string): Promise<TenantId | undefined> {
  const row = await platform.database.system((tx) =>
    tx.one<{ tenant: TenantId | null }>(sql`select tenant_of_portal_link(${tokenOf(secret)}) as tenant`),
  );
  return row?.tenant ?? undefined;
}

export async function portalLink(act: Act, secret: string): Promise<PortalLink | undefined> {
  return act.tx.one<PortalLink>(sql`
    select l.tenant_id as "tenantId", l.customer_id as "customerId", l.link_id as "linkId", l.case_id as "caseId",
           l.message_id as "messageId", d.state as "caseState", l.expires_at as "expiresAt", l.tries, l.locked_at as "lockedAt"
      from portal_link_token t
      join portal_link l on l.customer_id = t.customer_id and l.link_id = t.link_id
      join dunning_case d on d.customer_id = l.customer_id and d.case_id = l.case_id
     where t.token = ${tokenOf(secret)}`);
}

/** So long a link that is over still tells that it is over; then it is unknown. */
const REMEMBERED_DAYS = 90;
/** A sweep that did not run for so long still finds what it missed. */
const SWEPT_DAYS = 60;

/** Forgets the secrets of links that ended long ago; the links themselves stay as proof. Returns their number. */
export async function forgetOldLinks({ tx }: Pick<Act, "tx">): Promise<number> {
  const daysAgo = (days: number): Instant => new Date(tx.now.getTime() - days * 86_400_000);
  // Two statements: link and token lie on different nodes.
  const ended = await tx.rows<{ link_id: Uuid }>(sql`
    select link_id from portal_link
     where tenant_id = ${tx.tenantId} and expires_at <= ${daysAgo(REMEMBERED_DAYS)}
       and expires_at > ${daysAgo(REMEMBERED_DAYS + SWEPT_DAYS)}`);
  if (ended.length === 0) return 0;
  return tx.execute(sql`
    delete from portal_link_token
     where tenant_id = ${tx.tenantId} and link_id = any(${ended.map(({ link_id: id }) => id)}::uuid[])`);
}

/**
 * A try at the second factor: a right one opens the link and proves that the message arrived, a wrong one counts, and
 * the fifth locks the link. Returns how many tries are left.
 */
export async function recordTry(act: Act, link: PortalLink, right: boolean): Promise<number> {
  await act.tx.one(sql`select from customer where customer_id = ${link.customerId} for update`);
  const row = await act.tx.one<{ tries: number }>(sql`
    update portal_link set
           tries = case when ${right} then 0 else tries + 1 end,
           locked_at = case when not ${right} and tries + 1 >= ${PORTAL_TRIES}::integer then ${act.tx.now}::timestamptz else locked_at end,
           last_opened_at = case when ${right} then ${act.tx.now}::timestamptz else last_opened_at end
     where customer_id = ${link.customerId} and link_id = ${link.linkId} and locked_at is null
    returning tries`);
  if (right && link.messageId !== null)
    await act.tx.execute(sql`
      update message set evidence = 'portal_opened', evidence_at = ${act.tx.now}
       where customer_id = ${link.customerId} and message_id = ${link.messageId}
         and evidence in ('none', 'handed_over', 'accepted')`);
  await recordVisit(act, link, right ? "opened" : "door_wrong");
  return Math.max(0, PORTAL_TRIES - (row?.tries ?? PORTAL_TRIES));
}

export type PortalAct =
  | "opened"
  | "door_wrong"
  | "giro_shown"
  | "paid_claimed"
  | "callback"
  | "dispute"
  | "preferences";

/** Reactions are learned from acts in the portal, not from tracking. */
export async function recordVisit(act: Act, link: PortalLink, what: PortalAct): Promise<void> {
  await act.tx.execute(sql`
    insert into portal_visit (customer_id, visit_id, tenant_id, link_id, at, act)
    values (${link.customerId}, ${act.tx.newId()}, ${act.tx.tenantId}, ${link.linkId}, ${act.tx.now}, ${what})`);
}
