-- ── money a bank announces ─────────────────────────────────────────────────────────────────────────────────────────

-- What a report of the day tells before it is booked. Nothing is ever posted for a row of this table: it holds the
-- dunning of what it is surely for until the booking comes, or for some bank days.
create table announced_entry (
  fingerprint bytea primary key,                -- SHA-256 of tenant, file and place in it
  tenant_id uuid not null references tenant,
  announced_id uuid not null,                   -- short handle, made from the fingerprint
  creditor_id uuid not null references creditor,
  statement_fingerprint bytea not null,         -- whose key seals the payload
  file_fingerprint bytea not null,
  entry_number integer not null,                -- position in the file, from 1
  transaction_number integer not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  expected_on date not null,                    -- value date, else booking date, as the bank states it
  day_key bytea not null,                       -- as in bank_entry: account, amount, currency, direction
  evidence bytea not null,                      -- as in bank_entry
  kind text,                                    -- camt.052, MT942, …
  payload_sealed bytea,                         -- payer and text; null once it was judged
  state text not null default 'new' check (state in ('new', 'held', 'unsure', 'came', 'lapsed')),
  entry_fingerprint bytea,                      -- the booked entry that it became
  customer_id uuid,                             -- whose items it holds
  hold_ids uuid[] not null default '{}',
  announced_at timestamptz not null
);
create index announced_entry_open on announced_entry (tenant_id, expected_on) where state in ('new', 'held', 'unsure');
create index announced_entry_by_day_key on announced_entry (day_key, expected_on);
comment on table announced_entry is 'fingerprint: money a bank announced and has not booked yet';
call make_tenant_table('announced_entry', 'select, insert, update');

-- ── the monthly sample ─────────────────────────────────────────────────────────────────────────────────────────────

-- From it and the month's automatic matches, sorted by id, anybody finds the same sample. Null: drawn before it was kept.
alter table match_review_month add column seed bigint;

-- ── money for a case that is with somebody else ────────────────────────────────────────────────────────────────────

alter table task drop constraint task_kind_check;
alter table task add constraint task_kind_check check (kind in
  ('callback', 'dispute', 'claimed_paid', 'parked_message', 'hand_over', 'write_off', 'overpayment', 'unreachable',
   'finding', 'credit_note_overdue', 'vanished_item', 'difference', 'refund', 'duplicate_payment', 'match_review',
   'tell_partner'));
