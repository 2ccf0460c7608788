-- ── payouts of payment providers and marketplaces ──────────────────────────────────────────────────────────────────

create table payout (
  fingerprint bytea primary key,                -- SHA-256 of tenant, creditor, provider, reference (else day and amount), currency
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  file_fingerprint bytea not null,
  provider text not null,                       -- id of the mapping
  provider_name text not null,
  reference text,                               -- the provider's own number of the payout; no person's
  paid_on date,
  currency text not null,
  amount_minor bigint not null,                 -- what is credited to the bank account; below zero: collected
  reconciles boolean not null,                  -- the lines add up to it
  entry_fingerprint bytea,                      -- the bank entry it came with
  entry_value_on date,
  state text not null default 'waiting' check (state in ('waiting', 'partial', 'settled')),
  imported_at timestamptz not null,
  check ((state = 'waiting') = (entry_fingerprint is null))
);
create unique index payout_of_entry on payout (entry_fingerprint) where entry_fingerprint is not null;
create index payout_waiting on payout (tenant_id, creditor_id, currency, amount_minor) where state = 'waiting';
create index payout_of_tenant on payout (tenant_id, state, paid_on);
comment on table payout is 'reference: what a payment provider paid out at once';
call make_tenant_table('payout', 'select, insert, update');

create table payout_line (
  payout_fingerprint bytea not null references payout,
  line_number integer not null,                 -- from 1, in the order of the file
  tenant_id uuid not null references tenant,
  kind text not null check (kind in ('payment', 'refund', 'chargeback', 'fee', 'payout', 'other')),
  gross_minor bigint not null,                  -- what the customer paid; below zero: got back
  fee_minor bigint not null,                    -- below zero: what the provider kept
  net_minor bigint not null,
  done_on date,
  reference_key bytea,                          -- keyed hash of the provider's number of the transaction
  original_key bytea,                           -- … of the one it takes back
  text_sealed bytea,                            -- numbers of order, invoice, transaction (tenant key); null once booked
  state text not null default 'open' check (state in ('open', 'booked', 'fee')),
  reason text,                                  -- why it is open still
  customer_id uuid,                             -- whose match row it has
  match_id uuid,
  primary key (payout_fingerprint, line_number),
  check (gross_minor + fee_minor = net_minor),
  check ((state = 'booked') = (match_id is not null))
);
create index payout_line_reference on payout_line (tenant_id, reference_key) where reference_key is not null;
comment on table payout_line is 'reference: a payment, refund, chargeback or fee of a payout';
call make_tenant_table('payout_line', 'select, insert, update, delete');

-- A match that is one line of a payout; its entry has as many as lines were booked.
alter table match add column payout_line integer;
drop index match_of_entry;
create unique index match_of_entry on match (customer_id, entry_fingerprint) where state = 'booked' and payout_line is null;
create index match_of_entry_any on match (customer_id, entry_fingerprint);
create index match_of_payout on match (tenant_id, entry_fingerprint) where payout_line is not null;

-- What of an entry lines of a payout account for, fees included; null: it is no payout. With the rest it is open.
alter table bank_entry add column settled_minor bigint;

-- The provider's fees are handed back with the other postings, one line a payout.
create table hand_back_fee (
  payout_fingerprint bytea primary key references payout,
  tenant_id uuid not null references tenant,
  batch_id uuid not null references hand_back_batch,
  line_number integer not null,
  text text not null,                           -- provider and payout reference
  amount_minor bigint not null,
  currency text not null,
  value_on date not null,
  account text not null,
  contra_account text not null,
  tax_key text not null
);
create index hand_back_fee_of_batch on hand_back_fee (tenant_id, batch_id, line_number);
comment on table hand_back_fee is 'reference: a provider''s fees of a payout as they were handed back';
call make_tenant_table('hand_back_fee', 'select, insert');

-- ── payment advices ────────────────────────────────────────────────────────────────────────────────────────────────

create table payment_advice (
  fingerprint bytea primary key,                -- SHA-256 of tenant, creditor, number or content
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  file_fingerprint bytea not null,
  number text,                                  -- of the advice, as its writer counts
  paid_on date,
  currency text not null,
  total_minor bigint not null,
  reconciles boolean not null,                  -- the lines add up to it
  content_sealed bytea not null,                -- payer and lines: documents, amounts, deductions (tenant key)
  entry_fingerprint bytea,                      -- the bank entry that it explained
  imported_at timestamptz not null
);
create index payment_advice_waiting on payment_advice (tenant_id, creditor_id, currency, total_minor) where entry_fingerprint is null;
comment on table payment_advice is 'reference: what a payer said a payment is for';
call make_tenant_table('payment_advice', 'select, insert, update');
