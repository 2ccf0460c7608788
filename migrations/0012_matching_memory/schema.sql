-- ── less than the claim, and settled all the same ──────────────────────────────────────────────────────────────────

-- Discount for early payment: [{"days": from the issue date, "percent": "2.00", "base": minor units it is taken of}].
alter table receivable add column discount_terms jsonb;

-- What a payment may leave unpaid of the items it names: [{"item", "kind": discount | write_off, "minor", "ground"}].
-- Kept with the booking, so that allocating anew gives it again, or no longer.
alter table booking add column concessions jsonb;

-- ── who pays for whom ──────────────────────────────────────────────────────────────────────────────────────────────

create table known_account (
  customer_id uuid not null references customer,
  token bytea not null,                         -- keyed hash of the account number, as in the directory
  tenant_id uuid not null references tenant,
  account_sealed bytea not null,                -- contact key
  relation text not null check (relation in ('own', 'pays_for')),
  how text not null check (how in ('automatic', 'confirmed', 'by_hand', 'remembered')),
  weight real not null,                         -- payments, each worth half a year after year; as of weighed_on
  weighed_on date not null,
  payments integer not null default 0,
  last_paid_on date,
  learned_at timestamptz not null,
  learned_match uuid,                           -- the match that taught it first
  forgotten_at timestamptz,
  forgotten_by text,                            -- user:<id>, or system:fading, system:undone
  primary key (customer_id, token)
);
create index known_account_fading on known_account (tenant_id, weighed_on) where forgotten_at is null;
comment on table known_account is 'customer: accounts matching knows a customer by, and how well';
call make_tenant_table('known_account', 'select, insert, update, delete');

-- ── what decisions teach ───────────────────────────────────────────────────────────────────────────────────────────

create table match_example (
  creditor_id uuid not null references creditor,
  example_id uuid not null,
  tenant_id uuid not null references tenant,
  feature_version smallint not null,
  features real[] not null,                     -- evidence as numbers; whose it was stands nowhere
  was_right boolean not null,
  source text not null check (source in ('confirmed', 'passed_over', 'undone', 'reviewed')),
  learned_on date not null,
  primary key (creditor_id, example_id)
);
create index match_example_order on match_example (creditor_id, feature_version, learned_on, example_id);
comment on table match_example is 'reference: evidence of decided proposals and whether they were right';
call make_tenant_table('match_example', 'select, insert, delete');

create table match_model (
  creditor_id uuid not null references creditor,
  version integer not null,                     -- from 1; the model that ships is 0
  tenant_id uuid not null references tenant,
  feature_version smallint not null,
  weights double precision[] not null,
  calibration jsonb not null,
  examples integer not null,
  loss_before double precision not null,        -- mean log loss on the newest part, of the model in use and of this one
  loss_after double precision not null,
  promoted boolean not null,
  refused_why text,
  trained_at timestamptz not null,
  primary key (creditor_id, version)
);
comment on table match_model is 'reference: weights trained from a creditor''s decisions, used when promoted';
call make_tenant_table('match_model', 'select, insert');

-- ── review ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create table match_review (
  customer_id uuid not null references customer,
  match_id uuid not null,
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  month date not null,
  task_id uuid not null,
  verdict text check (verdict in ('right', 'wrong')),
  decided_by text,
  decided_at timestamptz,
  primary key (customer_id, match_id)
);
create index match_review_of_month on match_review (tenant_id, creditor_id, month);
create index match_review_handle on match_review (tenant_id, task_id);
comment on table match_review is 'customer: one automatic match of a month''s sample and what a person found';
call make_tenant_table('match_review', 'select, insert, update');
