-- What two files of one person share, as keyed hashes: sound of the name with a postcode, address, e-mail, phone, account.
-- Files are compared where they meet on such a key; which of them really are one person is decided on the opened
-- identities. Rows that do not pair only count: how common a first name is, how many files share an account.
create table duplicate_key (
  token bigint not null,
  customer_id uuid not null,
  tenant_id uuid not null,
  pairs boolean not null,
  primary key (token, customer_id)
);
-- Without the tenant: where the planner knows no sizes yet it would read all of a tenant's keys for each look-up.
create index duplicate_key_of_customer on duplicate_key (customer_id);
comment on table duplicate_key is 'directory: keyed hashes on which files of one person meet';
call make_tenant_table('duplicate_key', 'select, insert, delete');

create table duplicate_state (
  customer_id uuid primary key references customer,
  tenant_id uuid not null references tenant,
  stamp bytea not null,                         -- hash of what was compared: another one means the file changed
  compared boolean not null default false
);
create index duplicate_state_waiting on duplicate_state (tenant_id, customer_id) where not compared;
comment on table duplicate_state is 'customer: what of a file was compared with the others';
call make_tenant_table('duplicate_state', 'select, insert, update, delete');

create table duplicate_proposal (
  customer_id uuid not null references customer, -- the lesser id of the two
  other_id uuid not null,
  tenant_id uuid not null references tenant,
  pair_id uuid not null,                        -- short handle for people and routes, made from both ids
  suggests text not null check (suggests in ('merge', 'household')),
  score smallint not null,                      -- of 100
  mark text not null check (mark in ('sure', 'likely', 'possible')),
  reasons jsonb not null,                       -- codes, strongest first; never a name
  state text not null default 'open' check (state in ('open', 'merged', 'household', 'different')),
  found_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  primary key (customer_id, other_id),
  check (customer_id < other_id)
);
create index duplicate_proposal_list on duplicate_proposal (tenant_id, state, suggests, score desc);
create index duplicate_proposal_other on duplicate_proposal (tenant_id, other_id);
create index duplicate_proposal_handle on duplicate_proposal (tenant_id, pair_id);
comment on table duplicate_proposal is 'customer: two files that may be one person, and what a person decided';
call make_tenant_table('duplicate_proposal', 'select, insert, update, delete');

create table customer_merge (
  customer_id uuid not null references customer, -- whose file stays
  merge_id uuid not null,
  tenant_id uuid not null references tenant,
  merged_id uuid not null,                      -- whose file leads there from now on
  business_date date not null,
  moved jsonb not null,                         -- ids, amounts and states as they were, for the undo; never a name
  merged_by text not null,
  merged_at timestamptz not null,
  undone_by text,
  undone_at timestamptz,
  primary key (customer_id, merge_id)
);
create index customer_merge_of_merged on customer_merge (tenant_id, merged_id);
comment on table customer_merge is 'customer: a merge of two files, with what moved';
call make_tenant_table('customer_merge', 'select, insert, update');

-- Whose an item, a movement, a look-up entry was before a merge.
alter table receivable add column moved_from uuid;
alter table posting add column moved_kind text;  -- of a transfer between two files: what kind of movement it carries on
alter table directory_entry add column origin_id uuid;
create index customer_merged on customer (tenant_id, merged_into) where merged_into is not null;
grant delete on customer_brand to kulanz_app;
grant update on portal_link_token to kulanz_app;
