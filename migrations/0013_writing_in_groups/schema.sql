-- ── the tenant, read once a statement ──────────────────────────────────────────────────────────────────────────────

-- A policy that calls `kulanz_tenant()` reads and parses the setting for every row it looks at: of a look-up of a
-- thousand rows that was more than half. The sub-select is an InitPlan: once a statement. The call behind it is never
-- reached, but the planner estimates with it, so that a statement without a tenant is an error on an empty table, too
-- (a sub-select alone is not run when there is no row).
create or replace procedure make_tenant_table(target regclass, rights text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy tenant on %s using (%2$s) with check (%2$s)', target,
                 'tenant_id = coalesce((select kulanz_tenant()), kulanz_tenant())');
  execute format('grant %s on %s to kulanz_app', rights, target);
end $$;
do $$
declare
  secured regclass;
begin
  for secured in select p.polrelid from pg_policy p where p.polname = 'tenant' order by 1 loop
    execute format('alter policy tenant on %s using (%2$s) with check (%2$s)', secured,
                   'tenant_id = coalesce((select kulanz_tenant()), kulanz_tenant())');
  end loop;
end $$;

-- ── the balance, checked by the statement ──────────────────────────────────────────────────────────────────────────

-- A group of payments is one statement, so its items are checked by one query at its end instead of by two triggers a
-- payment at the commit. What does not balance there may still be made good in the same transaction: it is written once
-- more as it is, and that puts it before the deferred constraint trigger, which lets nothing commit that differs
-- (invariant 2).
drop trigger posting_keeps_balance on posting;
drop trigger receivable_keeps_balance on receivable;
create constraint trigger receivable_keeps_balance
  after update of open_principal, open_interest, open_dunning_cost, open_collection_cost on receivable
  deferrable initially deferred for each row
  when (old.open_principal = new.open_principal and old.open_interest = new.open_interest
        and old.open_dunning_cost = new.open_dunning_cost and old.open_collection_cost = new.open_collection_cost)
  execute function check_open_amounts();

-- Puts an item before that trigger. One that can't be written (another tenant's, by row security) is refused at once.
create function check_at_commit(customer uuid, item uuid) returns void language plpgsql as $$
begin
  update receivable r set open_principal = r.open_principal where r.customer_id = customer and r.receivable_id = item;
  if not found then
    raise exception 'balance of receivable % differs from its postings', item using errcode = 'check_violation';
  end if;
end $$;

-- `limit 1`: item by item through the indexes, for however many rows the plan was made; a connection keeps it.
create function check_balances(customers uuid[], items uuid[]) returns void language plpgsql as $$
begin
  perform check_at_commit(k.customer_id, k.receivable_id)
  from unnest(customers, items) as k (customer_id, receivable_id)
  left join lateral (
    select (r.open_principal, r.open_interest, r.open_dunning_cost, r.open_collection_cost, 0) = (
             select coalesce(sum(p.amount_minor) filter (where p.component = 'principal'), 0),
                    coalesce(sum(p.amount_minor) filter (where p.component = 'interest'), 0),
                    coalesce(sum(p.amount_minor) filter (where p.component = 'dunning_cost'), 0),
                    coalesce(sum(p.amount_minor) filter (where p.component = 'collection_cost'), 0),
                    count(*) filter (where p.currency <> r.currency)
             from posting p where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id) as holds
    from receivable r where r.customer_id = k.customer_id and r.receivable_id = k.receivable_id limit 1) b on true
  where b.holds is not true;
end $$;

create function check_posted_items() returns trigger language plpgsql as $$
begin
  perform check_balances(array_agg(k.customer_id), array_agg(k.receivable_id))
  from (select distinct w.customer_id, w.receivable_id from written w) k;
  return null;
end $$;
create trigger posting_keeps_balance after insert on posting
  referencing new table as written for each statement execute function check_posted_items();

create function check_new_items() returns trigger language plpgsql as $$
begin
  perform check_balances(array_agg(w.customer_id), array_agg(w.receivable_id)) from written w
  where (w.open_principal, w.open_interest, w.open_dunning_cost, w.open_collection_cost) <> (0, 0, 0, 0);
  return null;
end $$;
create trigger receivable_begins_balanced after insert on receivable
  referencing new table as written for each statement execute function check_new_items();

-- `except` and no join: a plan made for one row would compare every row with every other.
create function check_changed_items() returns trigger language plpgsql as $$
begin
  perform check_balances(array_agg(k.customer_id), array_agg(k.receivable_id))
  from (select w.customer_id, w.receivable_id, w.open_principal, w.open_interest, w.open_dunning_cost, w.open_collection_cost
        from written w
        except
        select b.customer_id, b.receivable_id, b.open_principal, b.open_interest, b.open_dunning_cost, b.open_collection_cost
        from before b) k;
  return null;
end $$;
create trigger receivable_stays_balanced after update on receivable
  referencing old table as before new table as written for each statement execute function check_changed_items();

-- ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- The tenant of these rows is the transaction's (policy `tenant`), as in 0005; and their customer, whose key stays, is of
-- one that exists.
alter table receivable drop constraint receivable_tenant_id_fkey;
alter table dunning_case drop constraint dunning_case_tenant_id_fkey;
alter table customer_key drop constraint customer_key_tenant_id_fkey;
alter table customer_search drop constraint customer_search_tenant_id_fkey;
alter table customer_brand drop constraint customer_brand_tenant_id_fkey;
alter table contact_point drop constraint contact_point_tenant_id_fkey;
alter table known_account drop constraint known_account_tenant_id_fkey;

-- A thousand bookings are of one creditor, and the key locked its row once each, for two groups at a time through a list
-- of lockers: 12 µs, as long as writing the row. Looked up once a statement instead. No creditor with a booking can be
-- deleted: the items it moved keep their key.
alter table booking drop constraint booking_creditor_id_fkey;
create function check_creditors() returns trigger language plpgsql as $$
begin
  if exists (select from (select distinct w.creditor_id from written w) w
             where not exists (select from creditor c where c.creditor_id = w.creditor_id)) then
    raise exception 'a row names a creditor that does not exist' using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
create trigger booking_has_creditor after insert on booking
  referencing new table as written for each statement execute function check_creditors();
create trigger booking_keeps_creditor after update on booking
  referencing new table as written for each statement execute function check_creditors();

-- ── an index that another stands in for ────────────────────────────────────────────────────────────────────────────

-- The items of a case are among its customer's, whom the primary key finds. Without it an item that joins a case, and one
-- that a message told of, stay on their page and write no index.
drop index receivable_of_case;

-- ── statistics ─────────────────────────────────────────────────────────────────────────────────────────────────────

-- Of these columns a statement hands over a thousand values at once, and the planner compares each of them with each
-- value that statistics call frequent: a hundred of them took it longer than the statement.
alter table customer_key alter column customer_id set statistics 10;
alter table receivable alter column customer_id set statistics 10;
alter table posting alter column customer_id set statistics 10;
alter table booking alter column customer_id set statistics 10;
alter table dunning_case alter column customer_id set statistics 10;
alter table directory_entry alter column token set statistics 10;

-- A database that was filled a moment ago has no statistics until autovacuum comes round (a minute), and then every
-- look-up of a long import may read whole tables. Takes the statistics of tables that have grown fourfold since they were
-- taken last, so a load of n rows pays for log n of them. In a transaction of its own, since what it found counts from
-- the commit on. Returns the number of tables; one that somebody else works on is left out.
create function keep_statistics() returns integer language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  one regclass;
  taken integer := 0;
begin
  for one in
    select c.oid from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and pg_relation_size(c.oid) / current_setting('block_size')::integer >= greatest(64, 4 * c.relpages)
    order by c.oid
  loop
    execute format('analyze (skip_locked) %s', one);
    taken := taken + 1;
  end loop;
  return taken;
end $$;
revoke all on function keep_statistics() from public;
grant execute on function keep_statistics() to kulanz_app;
