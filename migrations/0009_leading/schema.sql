-- ── lists of open items ────────────────────────────────────────────────────────────────────────────────────────────

-- What the leading system says moves an item without being a payment, a credit note or a waiver of ours.
alter table posting drop constraint posting_kind_check;
alter table posting add constraint posting_kind_check check (kind in
  ('claim', 'payment', 'return', 'credit', 'discount', 'write_off', 'interest', 'cost', 'transfer', 'adjustment'));

create table open_item_list (
  tenant_id uuid not null references tenant,
  list_id uuid primary key,
  creditor_id uuid not null references creditor,
  file_fingerprint bytea not null,
  kind text not null check (kind in ('snapshot', 'delta')),
  as_of date not null,                          -- business date the list speaks of
  state text not null check (state in ('applied', 'waiting', 'closed', 'kept')),
  name_sealed bytea not null,                   -- of the file (tenant key)
  content_sealed bytea,                         -- the file itself while it waits for a person
  options jsonb not null default '{}',          -- how it was to be read
  items integer not null,
  open_before integer not null,                 -- items that were open before
  vanished integer not null,
  vanished_amounts jsonb not null default '[]', -- by currency, minor units as text
  share_limit real not null,
  created_by text not null,
  created_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  check (content_sealed is null or state = 'waiting')
);
create index open_item_list_of_creditor on open_item_list (tenant_id, creditor_id, as_of);
comment on table open_item_list is 'reference: lists of open items as a creditor''s ERP gave them';
call make_tenant_table('open_item_list', 'select, insert, update');

create table listed_item (
  customer_id uuid not null references customer,
  receivable_id uuid not null,
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  list_id uuid not null,
  listed_on date not null,
  listed_minor bigint not null,                 -- open there; below zero: a credit note; zero: gone
  currency text not null,
  primary key (customer_id, receivable_id),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id)
);
create index listed_item_of_creditor on listed_item (tenant_id, creditor_id, list_id);
comment on table listed_item is 'customer: what the last list said of an item';
call make_tenant_table('listed_item', 'select, insert, update');

create table vanished_item (
  customer_id uuid not null references customer,
  list_id uuid not null references open_item_list,
  receivable_id uuid not null,
  tenant_id uuid not null references tenant,
  open_minor bigint not null,
  currency text not null,
  last_seen_on date,
  state text not null check (state in ('waiting', 'closed', 'kept')),
  primary key (customer_id, list_id, receivable_id),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id)
);
create index vanished_item_of_list on vanished_item (tenant_id, list_id);
comment on table vanished_item is 'customer: items missing from a snapshot, and what became of them';
call make_tenant_table('vanished_item', 'select, insert, update');

create table receivable_change (
  customer_id uuid not null references customer,
  change_id uuid not null,
  tenant_id uuid not null references tenant,
  receivable_id uuid not null,
  field text not null check (field in ('due_on', 'amount', 'cancelled_by')),
  before text,
  after text not null,
  source_file bytea,                            -- fingerprint of the file that said so
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (customer_id, change_id),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id)
);
create index receivable_change_of_item on receivable_change (customer_id, receivable_id);
comment on table receivable_change is 'customer: what later files changed of an item';
call make_tenant_table('receivable_change', 'select, insert');

-- ── reconciliation ─────────────────────────────────────────────────────────────────────────────────────────────────

-- What a statement itself brought (overlapping ones bring less than they hold): the check whether all of it is there.
alter table statement add column brought integer;
alter table statement add column brought_minor bigint;
comment on column statement.brought_minor is 'signed sum of the entries it brought; null: from before this was kept';
create index bank_entry_of_statement on bank_entry (tenant_id, statement_fingerprint);

create table reconciliation (
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  day date not null,
  currency text not null,
  state text not null check (state in ('equal', 'different', 'waiting')),
  report jsonb not null,                        -- sums and steps; minor units as text
  differences integer not null,
  made_at timestamptz not null,
  primary key (creditor_id, day, currency)
);
comment on table reconciliation is 'reference: ERP, ledger and bank compared, a row a creditor, day and currency';
call make_tenant_table('reconciliation', 'select, insert, update, delete');

create table reconciliation_difference (
  tenant_id uuid not null references tenant,
  difference_id uuid primary key,               -- made from creditor, kind and place: the same one again is the same row
  creditor_id uuid not null references creditor,
  currency text not null,
  kind text not null,
  customer_id uuid,
  receivable_id uuid,
  theirs_minor bigint,
  ours_minor bigint,
  facts jsonb not null default '{}',            -- ids, numbers, days; never a name
  since date not null,
  seen_on date not null,
  state text not null default 'open' check (state in ('open', 'done')),
  task_id uuid,
  decided_by text,
  decided_at timestamptz,
  note_sealed bytea                             -- tenant key
);
create index reconciliation_difference_list on reconciliation_difference (tenant_id, state, since);
comment on table reconciliation_difference is 'reference: what did not agree, until it does or a person has decided';
call make_tenant_table('reconciliation_difference', 'select, insert, update');

-- ── hand-back ──────────────────────────────────────────────────────────────────────────────────────────────────────

create table hand_back_batch (
  tenant_id uuid not null references tenant,
  batch_id uuid primary key,
  creditor_id uuid not null references creditor,
  number integer not null,
  fingerprint bytea not null,                   -- SHA-256 of its lines
  lines integer not null,
  first_day date not null,
  last_day date not null,
  created_by text not null,
  created_at timestamptz not null,
  fetched_at timestamptz,
  taken_at timestamptz,                         -- the ERP has it
  taken_by text,
  unique (creditor_id, number)
);
comment on table hand_back_batch is 'reference: postings of ours handed back to the ERP together';
call make_tenant_table('hand_back_batch', 'select, insert, update');

create table hand_back_line (
  customer_id uuid not null references customer,
  posting_id uuid not null,                     -- the key: a posting is handed back once
  tenant_id uuid not null references tenant,
  batch_id uuid not null references hand_back_batch,
  line_number integer,                          -- null: it and its reversal came to nothing within the batch
  receivable_id uuid not null,
  customer_number text not null,
  number text not null,                         -- of the invoice
  kind text not null,
  component text not null,
  amount_minor bigint not null,
  currency text not null,
  value_on date not null,
  account text not null,
  contra_account text not null,
  tax_key text not null,
  text text not null,                           -- made of the kind and the invoice number
  primary key (customer_id, posting_id),
  foreign key (customer_id, posting_id) references posting (customer_id, posting_id)
);
create index hand_back_line_of_batch on hand_back_line (tenant_id, batch_id, line_number);
comment on table hand_back_line is 'customer: a posting as it was handed back';
call make_tenant_table('hand_back_line', 'select, insert');

-- ── where files come from ──────────────────────────────────────────────────────────────────────────────────────────

create table file_source (
  tenant_id uuid not null references tenant,
  source_id uuid primary key,
  creditor_id uuid references creditor,
  name text not null,
  kind text not null check (kind in ('folder', 'sftp')),
  settings jsonb not null,                      -- place, pattern, what happens afterwards; never a secret
  secret_sealed bytea,                          -- private key or password (tenant key)
  enabled boolean not null default true,
  last_tried_at timestamptz,
  last_success_at timestamptz,
  last_error jsonb,                             -- code and message, without credentials
  failures integer not null default 0,
  created_by text not null,
  created_at timestamptz not null,
  unique (tenant_id, name)
);
comment on table file_source is 'reference: folders and servers files are fetched from';
call make_tenant_table('file_source', 'select, insert, update, delete');

create table fetched_file (
  fingerprint bytea primary key,                -- SHA-256 of tenant, source, name, size, time of change
  tenant_id uuid not null references tenant,
  source_id uuid not null references file_source on delete cascade,
  name_sealed bytea not null,                   -- tenant key
  import_id uuid,
  state text not null check (state in ('taken', 'known', 'refused')),
  error_code text,
  fetched_at timestamptz not null
);
create index fetched_file_of_source on fetched_file (tenant_id, source_id, fetched_at);
comment on table fetched_file is 'fingerprint: a file a source gave, once';
call make_tenant_table('fetched_file', 'select, insert, update');

create table file_alarm (
  tenant_id uuid not null references tenant,
  alarm_id uuid primary key,                    -- made from kind and place
  kind text not null check (kind in
    ('missing_statement', 'statement_gap', 'statement_broken', 'refused_file', 'source_failed', 'snapshot_stopped')),
  creditor_id uuid references creditor,
  source_id uuid references file_source on delete cascade,
  account text,
  day date,
  facts jsonb not null default '{}',            -- codes, days, amounts; never a file name
  raised_at timestamptz not null,
  resolved_at timestamptz
);
create index file_alarm_open on file_alarm (tenant_id, raised_at) where resolved_at is null;
comment on table file_alarm is 'reference: files that should be there and are not, or could not be taken in';
call make_tenant_table('file_alarm', 'select, insert, update, delete');

create table statement_day_excused (
  tenant_id uuid not null references tenant,
  account text not null,
  day date not null,
  excused_by text not null,
  excused_at timestamptz not null,
  primary key (tenant_id, account, day)
);
comment on table statement_day_excused is 'reference: days on which no statement comes, said by a person';
call make_tenant_table('statement_day_excused', 'select, insert, delete');
