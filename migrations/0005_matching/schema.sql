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

-- ── what matching weighs and learns ────────────────────────────────────────────────────────────────────────────────

-- Skonto: [{"days": 10, "percent": "2"}], counted from the day of issue.
alter table receivable add column discount_terms jsonb;

create table payer_memory (
  token bytea not null,                         -- keyed hash of the account money came from
  customer_id uuid not null,
  tenant_id uuid not null,
  weight real not null check (weight > 0),      -- as of seen_on; halves every year
  seen_on date not null,
  primary key (token, customer_id)
);
create index payer_memory_of_customer on payer_memory (tenant_id, customer_id);
comment on table payer_memory is 'directory: for whom an account has paid, learned from confirmed matches, with forgetting';
call make_tenant_table('payer_memory', 'select, insert, update, delete');

create table match_example (
  customer_id uuid not null references customer,
  example_id uuid not null,
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  features real[] not null,                     -- evidence of a candidate, in the order of the model's features
  feature_version integer not null,
  was_right boolean not null,                   -- what a person decided
  created_at timestamptz not null,
  primary key (customer_id, example_id)
);
comment on table match_example is 'customer: proposals that people confirmed or corrected, as numbers without a name';
call make_tenant_table('match_example', 'select, insert');

create table match_model (
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  version integer not null,
  model jsonb not null,                         -- weights and calibration
  examples integer not null,
  loss double precision not null,               -- mean log loss on the examples held out
  loss_before double precision not null,        -- of the model in use until then, on the same
  promoted boolean not null,                    -- at least as good: in use
  trained_at timestamptz not null,
  primary key (creditor_id, version)
);
comment on table match_model is 'reference: models of a creditor, trained from what people decided';
call make_tenant_table('match_model', 'select, insert');

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
