create table strategy_version (
  tenant_id uuid not null references tenant,
  strategy_id uuid not null,
  version integer not null,
  creditor_id uuid references creditor,         -- null: for all creditors of the tenant
  document jsonb not null,
  published_at timestamptz,
  retired_at timestamptz,
  author text not null,
  created_at timestamptz not null,
  primary key (strategy_id, version)
);
create index strategy_in_force on strategy_version (tenant_id, creditor_id) where published_at is not null and retired_at is null;
comment on table strategy_version is 'reference: what a person decided about stages, versioned';
call make_tenant_table('strategy_version', 'select, insert, update');

create table dunning_run (
  tenant_id uuid not null references tenant,
  run_id uuid primary key,
  creditor_id uuid not null references creditor,
  business_date date not null,
  strategy_id uuid not null,
  strategy_version integer not null,
  seed bigint not null,
  slots_a_batch smallint not null,              -- fixed at the start, so that a resumed run cuts the same batches
  state text not null default 'running' check (state in ('running', 'done')),
  started_by text not null,
  started_at timestamptz not null,
  done_at timestamptz,
  unique (tenant_id, creditor_id, business_date)
);
comment on table dunning_run is 'reference: one dunning run a creditor and business date';
call make_tenant_table('dunning_run', 'select, insert, update');

create table dunning_run_slot (
  tenant_id uuid not null references tenant,
  run_id uuid not null references dunning_run,
  first_slot smallint not null,                 -- a batch: slots first_slot to last_slot
  last_slot smallint not null,
  done_at timestamptz not null,
  counts jsonb not null,                        -- customers, items, contact, wait, blocked, by blocker
  decisions_hash bytea not null,
  primary key (run_id, first_slot)
);
comment on table dunning_run_slot is 'reference: batches of a run that are done, written with their decisions';
call make_tenant_table('dunning_run_slot', 'select, insert');

create table decision (
  customer_id uuid not null references customer,
  trigger text not null,                        -- run:<run id>:<case id or -> or event:<id>
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  case_id uuid,
  run_id uuid,
  business_date date not null,
  decided_at timestamptz not null,
  outcome text not null check (outcome in ('contact', 'wait', 'blocked')),
  stage text,
  -- everything that decide saw, so that it replays (invariant 6)
  strategy_id uuid not null,
  strategy_version integer not null,
  model_version text,
  seed bigint not null,
  situation jsonb not null,
  advice jsonb not null,
  candidates jsonb not null,
  blockers jsonb not null,
  choice jsonb not null,
  next_on date,
  primary key (customer_id, trigger),
  foreign key (customer_id, case_id) references dunning_case (customer_id, case_id)
);
create index decision_of_run on decision (run_id, outcome);
comment on table decision is 'customer: what was decided, on what, and why';
call make_tenant_table('decision', 'select, insert');

create table template_version (
  tenant_id uuid not null references tenant,
  template_key text not null,                   -- e.g. reminder
  channel text not null,
  tone text not null,
  language text not null,
  version integer not null,
  source text not null,
  compiled jsonb not null,
  published_by text not null,
  published_at timestamptz not null,
  primary key (tenant_id, template_key, channel, tone, language, version)
);
comment on table template_version is 'reference: published texts, checked and compiled';
call make_tenant_table('template_version', 'select, insert');

create table message (
  customer_id uuid not null references customer,
  message_id uuid not null,                     -- made from customer, case, stage, round
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  brand_id uuid not null references brand,
  case_id uuid,
  decision_trigger text,
  kind text not null check (kind in ('ask', 'answer')),
  template_key text not null,
  template_version integer,
  stage text,
  round integer not null default 1,
  channel text not null check (channel in ('email', 'letter')),
  tone text not null,
  language text not null,
  contact_point_id uuid,
  receivable_ids uuid[] not null default '{}',  -- the items it is about
  item_stages jsonb not null default '{}',      -- stage of each item once it has left
  effect text not null default 'none' check (effect in ('none', 'default', 'announcement')),
  term_days smallint,                           -- time given from dispatch
  state text not null default 'queued' check (state in
    ('queued', 'leaving', 'left', 'failed', 'unknown', 'dropped', 'parked')),
  reason text,                                  -- why dropped, failed, parked
  needs_approval boolean not null default false,
  leave_after timestamptz not null,
  queued_at timestamptz not null,
  left_at timestamptz,
  total_minor bigint,                           -- claimed, at the moment of leaving
  currency text,
  payments_up_to date,
  term_on date,                                 -- until when nothing follows
  values_sealed bytea,                          -- what it was rendered from (records key)
  rendering_sealed bytea,                       -- what left: subject and text, or the letter's PDF (records key)
  evidence text not null default 'none' check (evidence in
    ('none', 'handed_over', 'accepted', 'portal_opened', 'registered', 'revoked')),
  evidence_at timestamptz,
  primary key (customer_id, message_id),
  foreign key (customer_id, case_id) references dunning_case (customer_id, case_id),
  foreign key (customer_id, decision_trigger) references decision (customer_id, trigger)
);
create unique index message_of_stage on message (customer_id, case_id, stage, round) where kind = 'ask';
create index message_waiting on message (tenant_id, leave_after) where state in ('queued', 'leaving');
create index message_parked on message (tenant_id) where state in ('unknown', 'parked');
create index message_by_day on message (tenant_id, left_at);
comment on table message is 'customer: the outbox: every message and how it ended';
call make_tenant_table('message', 'select, insert, update');

create table message_attempt (
  customer_id uuid not null references customer,
  message_id uuid not null,
  attempt integer not null,
  tenant_id uuid not null references tenant,
  worker text not null,                         -- process that tried; its advisory lock tells whether it lives
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('left', 'failed', 'unknown')),
  provider_reference text,
  primary key (customer_id, message_id, attempt),
  foreign key (customer_id, message_id) references message (customer_id, message_id)
);
create index message_attempt_open on message_attempt (tenant_id, worker) where ended_at is null;
comment on table message_attempt is 'customer: each attempt to let a message leave, committed before it';
call make_tenant_table('message_attempt', 'select, insert, update');

create table local_mail (
  customer_id uuid not null references customer,
  message_id uuid not null,
  tenant_id uuid not null references tenant,
  mail_sealed bytea not null,                   -- the whole mail (records key)
  created_at timestamptz not null,
  primary key (customer_id, message_id)
);
comment on table local_mail is 'customer: mails of an installation without SMTP server, shown in the console';
call make_tenant_table('local_mail', 'select, insert');

create table portal_link (
  customer_id uuid not null references customer,
  link_id uuid not null,
  tenant_id uuid not null references tenant,
  case_id uuid not null,
  message_id uuid,
  expires_at timestamptz not null,
  tries integer not null default 0,             -- wrong second factors since the last right one
  locked_at timestamptz,
  last_opened_at timestamptz,
  created_at timestamptz not null,
  primary key (customer_id, link_id),
  foreign key (customer_id, case_id) references dunning_case (customer_id, case_id),
  foreign key (customer_id, message_id) references message (customer_id, message_id)
);
comment on table portal_link is 'customer: unguessable, expiring way to the pay page';
call make_tenant_table('portal_link', 'select, insert, update');

-- The link's secret is found by its hash; the row points to the customer and the link (directory_entry kind portal_link
-- would need the tenant's key, which is not known yet).
create table portal_link_token (
  token bytea primary key,                      -- SHA-256 of the secret
  tenant_id uuid not null references tenant,
  customer_id uuid not null,
  link_id uuid not null
);
comment on table portal_link_token is 'directory: portal links by hash of their secret';
call make_tenant_table('portal_link_token', 'select, insert, delete');

create table portal_session (
  token bytea primary key,                      -- SHA-256 of the cookie's secret
  tenant_id uuid not null references tenant,
  customer_id uuid not null,
  link_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table portal_session is 'directory: opened portal doors, by hash of their secret';
call make_tenant_table('portal_session', 'select, insert, delete');

create table portal_visit (
  customer_id uuid not null references customer,
  visit_id uuid not null,
  tenant_id uuid not null references tenant,
  link_id uuid not null,
  at timestamptz not null,
  act text not null,                            -- opened, door_wrong, paid_claimed, callback, dispute, giro_shown
  primary key (customer_id, visit_id),
  foreign key (customer_id, link_id) references portal_link (customer_id, link_id)
);
comment on table portal_visit is 'customer: what was done in the portal (evidence of arrival, reactions)';
call make_tenant_table('portal_visit', 'select, insert');

create function tenant_of_portal_link(token bytea) returns uuid language sql stable security definer set search_path = public, pg_temp
  as $$ select t.tenant_id from public.portal_link_token t where t.token = tenant_of_portal_link.token $$;
revoke all on function tenant_of_portal_link(bytea) from public;
grant execute on function tenant_of_portal_link(bytea) to kulanz_system;
