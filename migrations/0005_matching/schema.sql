-- ── speed ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- New entries in the order they are matched: without it every group sorted all that is left.
create index bank_entry_new on bank_entry (tenant_id, booked_on, is_return, entry_number, transaction_number, fingerprint)
  where status = 'new';

-- Locks customers in the order of their ids, each by a statement of its own: two writers of many customers meet them in
-- the same order, and every statement stays with one customer (so it is routed where customers are sharded). Returns
-- those it got; without waiting, customers that another transaction holds are left out.
create function lock_customers(ids uuid[], waiting boolean) returns setof uuid language plpgsql as $$
declare
  one uuid;
begin
  for one in select distinct i.id from unnest(ids) as i (id) order by i.id loop
    if waiting then
      perform from customer c where c.customer_id = one for no key update;
    else
      perform from customer c where c.customer_id = one for no key update skip locked;
    end if;
    if found then return next one; end if;
  end loop;
end $$;
revoke all on function lock_customers(uuid[], boolean) from public;
grant execute on function lock_customers(uuid[], boolean) to kulanz_app;

-- The same check as before in one statement instead of two.
create or replace function check_open_amounts() returns trigger language plpgsql as $$
begin
  if not exists (
    select from receivable r
    where r.customer_id = new.customer_id and r.receivable_id = new.receivable_id
      and (r.open_principal, r.open_interest, r.open_dunning_cost, r.open_collection_cost, 0) = (
        select coalesce(sum(p.amount_minor) filter (where p.component = 'principal'), 0),
               coalesce(sum(p.amount_minor) filter (where p.component = 'interest'), 0),
               coalesce(sum(p.amount_minor) filter (where p.component = 'dunning_cost'), 0),
               coalesce(sum(p.amount_minor) filter (where p.component = 'collection_cost'), 0),
               count(*) filter (where p.currency <> r.currency)
        from posting p where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id)) then
    raise exception 'balance of receivable % differs from its postings', new.receivable_id using errcode = 'check_violation';
  end if;
  return null;
end $$;

-- Keys that other keys and row security imply: the tenant of these rows is the transaction's (policy `tenant`), a posting's
-- customer is its receivable's. Each cost a look-up and a lock on the same row of `tenant` for every row written.
alter table posting drop constraint posting_tenant_id_fkey, drop constraint posting_customer_id_fkey;
alter table booking drop constraint booking_tenant_id_fkey;
alter table match drop constraint match_tenant_id_fkey;

-- ── review ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create table match_review_month (
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  month date not null,                          -- its first day
  matches integer not null,                     -- automatic ones of that month
  drawn integer not null,
  drawn_at timestamptz not null,
  primary key (creditor_id, month)
);
comment on table match_review_month is 'reference: months whose sample of automatic matches was put up for review';
call make_tenant_table('match_review_month', 'select, insert');
