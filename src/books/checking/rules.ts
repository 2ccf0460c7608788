/**
 * What each rule looks at, as SQL over all items of many customers at once. `i` is an open invoice with what the rules
 * share (claimed sum, twins, creditor's today), `k` the rule as its creditor has set it. A rule gives its facts, or nothing.
 */
import { type Sql, sql } from "../../platform/database/index.ts";
import type { RuleKey, StatedRule } from "./model.ts";

export interface RuleSql {
  /** When the item fails. */
  readonly fails: Sql;
  /** jsonb of what shows it; stable, so that a dismissed finding stays dismissed. */
  readonly facts: Sql;
  /** More tables, after `item i`. */
  readonly joins?: Sql;
}

const NONE = sql`'{}'::jsonb`;
const IDENTITY = sql`join customer_check c on c.customer_id = i.customer_id`;

/** All but what the file states with the item. */
export const RULE_SQL: Readonly<Record<Exclude<RuleKey, StatedRule>, RuleSql>> = {
  amount_not_positive: { fails: sql`i.claimed <= 0`, facts: sql`jsonb_build_object('amountMinor', i.claimed::text)` },
  // The directory refuses the same number twice; this is the same number in another spelling.
  duplicate_number: {
    fails: sql`i.same_number <> i.receivable_id`,
    facts: sql`jsonb_build_object('twin', i.same_number)`,
  },
  duplicate_amount: {
    fails: sql`i.order_number is not null and i.same_amount <> i.receivable_id and i.same_number = i.receivable_id`,
    facts: sql`jsonb_build_object('twin', i.same_amount)`,
  },
  due_before_issue: {
    fails: sql`i.due_on < i.issued_on`,
    facts: sql`jsonb_build_object('dueOn', i.due_on, 'issuedOn', i.issued_on)`,
  },
  // Counted from the day it came in: an item may grow old here, but not come old.
  due_long_past: {
    fails: sql`i.due_on < i.taken_on - k.days`,
    facts: sql`jsonb_build_object('dueOn', i.due_on, 'days', k.days)`,
  },
  due_too_late: {
    fails: sql`i.due_on > i.issued_on + k.days`,
    facts: sql`jsonb_build_object('dueOn', i.due_on, 'issuedOn', i.issued_on, 'days', k.days)`,
  },
  customer_unknown: { joins: IDENTITY, fails: sql`c.nameless`, facts: NONE },
  address_incomplete: { joins: IDENTITY, fails: sql`not c.address_complete`, facts: NONE },
  wrong_customer_kind: {
    joins: IDENTITY,
    fails: sql`c.company_named and i.customer_kind = 'consumer'`,
    facts: sql`jsonb_build_object('stated', i.customer_kind)`,
  },
  customer_unreachable: {
    fails: sql`not exists (select from contact_point p where p.customer_id = i.customer_id and p.ended_at is null
                 and p.channel in ('email', 'letter') and p.consent <> 'withdrawn' and p.undeliverable_at is null)`,
    facts: NONE,
  },
  already_paid: {
    joins: sql`join inbox b on b.receivable_id = i.receivable_id and b.currency = i.currency and b.amount_minor = i.open_total`,
    fails: sql`true`,
    facts: sql`jsonb_build_object('entryId', b.entry_id, 'on', b.booked_on)`,
  },
  credit_on_account: {
    joins: sql`join account a on a.customer_id = i.customer_id and a.creditor_id = i.creditor_id and a.currency = i.currency`,
    fails: sql`a.credit >= i.open_total`,
    facts: NONE,
  },
  currency_without_account: {
    fails: sql`not exists (select from creditor_account a where a.creditor_id = i.creditor_id)
      or (i.currency <> 'EUR' and not exists (
            select from statement s where s.creditor_id = i.creditor_id and s.currency = i.currency))`,
    facts: sql`jsonb_build_object('currency', i.currency)`,
  },
  order_missing: { fails: sql`i.order_number is null`, facts: NONE },
  // § 286 III 1 half-sentence 2 BGB: without it only a dunning notice leads to default.
  notice_missing: {
    fails: sql`i.customer_kind = 'consumer' and not i.notice_30_days and not i.due_date_agreed
               and i.term_from_delivery is null`,
    facts: NONE,
  },
};
