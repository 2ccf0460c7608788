-- ── entries once, whatever file brings them ────────────────────────────────────────────────────────────────────────

-- camt.053, camt.052, MT940, … : which kinds of statement speak of the same bookings is decided by it.
alter table statement add column kind text;

-- What tells whether an entry of another statement is this one: keyed hashes, bound to account, day and amount, so that
-- they link no two payments of one person. See src/books/banking/sameness.ts.
alter table bank_entry add column day_key bytea;      -- account, amount, currency, direction
alter table bank_entry add column evidence bytea;     -- reference, end-to-end id, account, text, name: six bytes each
alter table bank_entry add column batch_key bytea;    -- day_key of the batch entry this one is a detail of
-- A batch total whose details came in another file: they stand for it.
alter table bank_entry add column replaced boolean not null default false;
create index bank_entry_by_day_key on bank_entry (day_key, booked_on);
create index bank_entry_by_batch_key on bank_entry (batch_key, booked_on) where batch_key is not null;

-- ── refunds ────────────────────────────────────────────────────────────────────────────────────────────────────────

create table refund_file (
  tenant_id uuid not null references tenant,
  file_id uuid primary key,
  creditor_id uuid not null references creditor,
  account text not null,                        -- the creditor's own, that pays
  currency text not null,
  refunds integer not null,
  sum_minor bigint not null,
  execution_on date not null,
  created_by text not null,
  created_at timestamptz not null,
  fetched_by text,                              -- who took the file first
  fetched_at timestamptz
);
create index refund_file_of_tenant on refund_file (tenant_id, created_at);
comment on table refund_file is 'reference: payment files (pain.001) of approved refunds';
call make_tenant_table('refund_file', 'select, insert, update');

create table refund (
  customer_id uuid not null references customer,
  refund_id uuid not null,                      -- that of its task, which people decide
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  receivable_id uuid not null,                  -- the item that holds the money
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  account_sealed bytea not null,                -- where the money came from (records key)
  reason_sealed bytea,
  proposed_by text not null,
  proposed_at timestamptz not null,
  withdrawn_at timestamptz,
  file_id uuid references refund_file,
  booking_id uuid,                              -- its postings
  paid_on date,                                 -- the debit stands on a statement
  returned_on date,                             -- the payee's bank sent it back: it is a credit balance again
  primary key (customer_id, refund_id),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id),
  foreign key (customer_id, refund_id) references task (customer_id, task_id)
);
create index refund_of_tenant on refund (tenant_id, proposed_at);
create index refund_of_file on refund (file_id) where file_id is not null;
comment on table refund is 'customer: money to be given back to the account it came from';
call make_tenant_table('refund', 'select, insert, update');
