-- What a check before dunning found at an item. One row an item and rule: found again, it opens again; what a person
-- dismissed stays dismissed as long as the facts are the same.
create table finding (
  customer_id uuid not null references customer,
  receivable_id uuid not null,
  rule text not null,
  tenant_id uuid not null references tenant,
  finding_id uuid not null,                     -- made from the three before; its task has the same id
  severity text not null check (severity in ('hint', 'warning', 'blocking')), -- a hint makes no task
  facts jsonb not null default '{}',            -- ids, amounts, days, codes; never a name
  state text not null default 'open' check (state in ('open', 'dismissed', 'resolved')),
  stated boolean not null default false,        -- stated by the file it came with: no later check can find it anew
  found_at timestamptz not null,
  note_sealed bytea,                            -- why it was dismissed (records key)
  decided_by text,
  decided_at timestamptz,
  primary key (customer_id, receivable_id, rule),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id)
);
create index finding_open on finding (customer_id, receivable_id) where state = 'open';
create index finding_of_tenant on finding (tenant_id, finding_id);
comment on table finding is 'customer: what a check before dunning found at an item';
call make_tenant_table('finding', 'select, insert, update');

-- What the checks need of an identity, without the identity: read again only when the sealed document has changed.
create table customer_check (
  customer_id uuid primary key references customer,
  tenant_id uuid not null references tenant,
  identity_digest bytea not null,               -- of the sealed document
  nameless boolean not null,                    -- neither name nor company
  company_named boolean not null,               -- a company, or a legal form in the name
  address_complete boolean not null             -- street, postcode and town of the present address
);
comment on table customer_check is 'customer: whether a name and address are whole, for the checks';
call make_tenant_table('customer_check', 'select, insert, update');
