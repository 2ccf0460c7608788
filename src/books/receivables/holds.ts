/** Holds: why nothing may be sent now. */
import {
  type CaseId,
  type CustomerId,
  type Failure,
  fail,
  type Instant,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { type Sql, sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { lockCustomer } from "../customers/index.ts";
import type { Hold, HoldGround } from "./model.ts";
import { present } from "./store.ts";

export interface HoldInput {
  readonly customerId: CustomerId;
  readonly caseId?: CaseId;
  readonly receivableId?: ReceivableId;
  readonly ground: HoldGround;
  readonly startsOn: PlainDate;
  /** Without an end it stands on the review list. */
  readonly endsOn?: PlainDate;
  readonly comment?: string;
}

interface HoldRow {
  readonly customer_id: CustomerId;
  readonly hold_id: Uuid;
  readonly case_id: CaseId | null;
  readonly receivable_id: ReceivableId | null;
  readonly ground: HoldGround;
  readonly author: string;
  readonly starts_on: PlainDate;
  readonly ends_on: PlainDate | null;
  readonly comment_sealed: Buffer | null;
  readonly created_at: Instant;
  readonly lifted_at: Instant | null;
  readonly lifted_by: string | null;
}

/** Failure `hold_reversed`: it would end before it starts. */
export async function placeHold(act: Act, hold: HoldInput): Promise<Result<Uuid, Failure>> {
  const { tx, vault, actor } = act;
  if (hold.endsOn !== undefined && hold.endsOn < hold.startsOn)
    return fail("invalid", "hold_reversed", "A hold can't end before it starts.", "endsOn");
  await lockCustomer(act, hold.customerId);
  const holdId = tx.newId<Uuid>();
  const comment = hold.comment?.trim();
  const sealed = comment ? (await vault.forCustomer(tx, hold.customerId)).seal("records", "hold", comment) : null;
  await tx.execute(sql`
    insert into hold (customer_id, hold_id, tenant_id, case_id, receivable_id, ground, author, starts_on, ends_on,
                      comment_sealed, created_at)
    values (${hold.customerId}, ${holdId}, ${tx.tenantId}, ${hold.caseId ?? null}, ${hold.receivableId ?? null},
            ${hold.ground}, ${actorName(actor)}, ${hold.startsOn}::date, ${hold.endsOn ?? null}::date, ${sealed}, ${tx.now})`);
  await touch(tx, hold.customerId);
  return ok(holdId);
}

/** Failure `hold_not_found`: there is none of this id that is not lifted yet. */
export async function liftHold(act: Act, customerId: CustomerId, holdId: Uuid): Promise<Result<true, Failure>> {
  await lockCustomer(act, customerId);
  const written = await act.tx.execute(sql`
    update hold set lifted_at = ${act.tx.now}, lifted_by = ${actorName(act.actor)}
    where customer_id = ${customerId} and hold_id = ${holdId} and lifted_at is null`);
  if (written === 0)
    return fail("not_found", "hold_not_found", "There is no such hold, or it was lifted before.", holdId);
  await touch(act.tx, customerId);
  return ok(true);
}

async function readHolds(act: Act, condition: Sql, comments: boolean): Promise<(Hold & { customerId: CustomerId })[]> {
  const rows = await act.tx.rows<HoldRow>(sql`
    select h.customer_id, h.hold_id, h.case_id, h.receivable_id, h.ground, h.author, h.starts_on, h.ends_on,
           h.comment_sealed, h.created_at, h.lifted_at, h.lifted_by
    from hold h where h.tenant_id = ${act.tx.tenantId} and ${condition} order by h.created_at, h.hold_id`);
  const commented = comments ? rows.filter((row) => row.comment_sealed !== null) : [];
  const seals = await act.vault.forCustomers(act.tx, [...new Set(commented.map((row) => row.customer_id))]);
  return rows.map((row) => {
    const opened = row.comment_sealed && seals.get(row.customer_id)?.openText("records", "hold", row.comment_sealed);
    return {
      customerId: row.customer_id,
      holdId: row.hold_id,
      ground: row.ground,
      author: row.author,
      startsOn: row.starts_on,
      createdAt: row.created_at,
      ...(opened?.ok ? { comment: opened.value } : {}),
      ...(present({
        caseId: row.case_id,
        receivableId: row.receivable_id,
        endsOn: row.ends_on,
        liftedAt: row.lifted_at,
        liftedBy: row.lifted_by,
      }) as Partial<Hold>),
    };
  });
}

/**
 * Holds of customers that are not lifted, one statement; `holdIsActive` says which count on a day. `all`: lifted ones
 * too, with comments opened (for the file of one customer).
 */
export async function holdsOf(
  act: Act,
  customerIds: readonly CustomerId[],
  which: "standing" | "all" = "standing",
): Promise<Map<CustomerId, Hold[]>> {
  const condition = which === "all" ? sql`true` : sql`h.lifted_at is null`;
  const holds = new Map<CustomerId, Hold[]>(customerIds.map((id) => [id, []]));
  for (const { customerId, ...hold } of await readHolds(
    act,
    sql`h.customer_id = any(${customerIds}::uuid[]) and ${condition}`,
    which === "all",
  ))
    holds.get(customerId)?.push(hold);
  return holds;
}

/** Holds without an end: a person looks at them again and again. */
export const holdsToReview = (act: Act): Promise<(Hold & { customerId: CustomerId })[]> =>
  readHolds(act, sql`h.ends_on is null and h.lifted_at is null`, true);
