-- Row security: each policy reads the transaction's tenant. With none set, current_setting raises an error
-- (or the cast of '' does), so a forgotten tenant is loud instead of empty (invariant 8).
create function kulanz_tenant() returns uuid language sql stable parallel safe
  as $$ select current_setting('kulanz.tenant')::uuid $$;

-- Makes a table a tenant's: policy and the application's rights. Not forced for the owner: the look-up functions
-- below and the backup run as kulanz_owner, which serves no request.
create procedure make_tenant_table(target regclass, rights text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy tenant on %s using (tenant_id = kulanz_tenant()) with check (tenant_id = kulanz_tenant())', target);
  execute format('grant %s on %s to kulanz_app', rights, target);
end $$;

create table tenant (
  tenant_id uuid primary key,
  name text not null,
  created_at timestamptz not null,
  -- HMAC key of all look-up tokens of this tenant, wrapped by the master key
  lookup_key_wrapped bytea not null,
  -- data key for texts that belong to the tenant itself (staff names), wrapped by the master key
  data_key_wrapped bytea not null,
  master_key_id text not null,
  settings jsonb not null default '{}'
);
comment on table tenant is 'reference: the organisation that works with Kulanz, the wall of row security';
call make_tenant_table('tenant', 'select, update');

create table app_user (
  tenant_id uuid not null references tenant,
  user_id uuid primary key,
  identity_sealed bytea not null,               -- name and e-mail, under the tenant's data key
  login_token bytea not null unique,            -- HMAC of the normalised e-mail under the platform's look-up key
  role text not null check (role in ('admin', 'manager', 'agent', 'auditor')),
  limit_minor bigint not null default 0,        -- may decide up to this amount alone (invariant 12)
  limit_currency text not null default 'EUR',
  password_hash text,                           -- argon2id (PHC string); null until the sign-in link was used
  preferences jsonb not null default '{}',      -- language, colour scheme, keys
  created_at timestamptz not null,
  disabled_at timestamptz
);
comment on table app_user is 'reference: people who work in a tenant';
call make_tenant_table('app_user', 'select, insert, update');

create table user_session (
  token bytea primary key,                      -- SHA-256 of the cookie's secret
  tenant_id uuid not null,
  user_id uuid not null,
  csrf_token bytea not null,                    -- SHA-256
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table user_session is 'directory: signed-in browsers, by hash of their secret';
call make_tenant_table('user_session', 'select, insert, update, delete');

create table sign_in_link (
  token bytea primary key,                      -- SHA-256 of the link's secret
  tenant_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
comment on table sign_in_link is 'directory: one-time links to set a password, by hash of their secret';
call make_tenant_table('sign_in_link', 'select, insert, update');

create table api_key (
  token bytea primary key,                      -- SHA-256 of the key's secret
  tenant_id uuid not null,
  api_key_id uuid not null,
  name text not null,
  role text not null check (role in ('admin', 'manager', 'agent', 'auditor')),
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
comment on table api_key is 'directory: keys of integrators, by hash of their secret';
call make_tenant_table('api_key', 'select, insert, update');

-- Who has this reference, IBAN, e-mail, token? The token is HMAC-SHA-256 (first 16 bytes) of kind and normalised
-- value under the tenant's look-up key, so neither the value nor equality across tenants can be read from it.
create table directory_entry (
  token bytea not null,
  kind text not null,
  tenant_id uuid not null,
  customer_id uuid not null,
  object_id uuid not null,                      -- what exactly is meant: the customer, a receivable, a contact point
  only_one boolean not null default false,      -- a second entry of this token is refused
  primary key (token, customer_id, object_id)
);
create unique index directory_only_one on directory_entry (token) where only_one;
create index directory_of_customer on directory_entry (tenant_id, customer_id);
comment on table directory_entry is 'directory: keyed hash of a look-up value to the row that has it';
call make_tenant_table('directory_entry', 'select, insert, update, delete');

create table idempotency_key (
  token bytea primary key,                      -- HMAC of route and Idempotency-Key
  tenant_id uuid not null,
  request_hash bytea not null,
  status smallint,
  response_sealed bytea,                        -- under the tenant's data key
  created_at timestamptz not null
);
comment on table idempotency_key is 'directory: answers already given to a call, by hash of its key';
call make_tenant_table('idempotency_key', 'select, insert, update, delete');

-- One hash chain a tenant: acts of people, and one entry a committed batch. Ids only, no texts.
create table audit_entry (
  tenant_id uuid not null references tenant,
  sequence bigint not null,
  at timestamptz not null,
  actor text not null,                          -- user:<id>, key:<id>, portal, system:<task>
  act text not null,                            -- e.g. customer.searched, run.batch, match.booked
  subject text,                                 -- id of what was acted on
  details jsonb not null default '{}',
  previous_hash bytea not null,
  hash bytea not null,
  primary key (tenant_id, sequence)
);
comment on table audit_entry is 'reference: what was done, by whom, chained by hashes';
call make_tenant_table('audit_entry', 'select, insert');

-- Head of the chain; its row lock puts the entries of a tenant in order.
create table audit_head (
  tenant_id uuid primary key references tenant,
  sequence bigint not null,
  hash bytea not null
);
comment on table audit_head is 'reference: last entry of a tenant''s audit chain';
call make_tenant_table('audit_head', 'select, insert, update');

-- A process that works holds a session advisory lock on its key as long as it lives (see platform/jobs).
create table worker_alive (
  worker text primary key,
  lock_key bigint not null,
  since timestamptz not null
);
comment on table worker_alive is 'platform: worker processes and the advisory lock that proves they live';
grant select, insert, delete on worker_alive to kulanz_app, kulanz_system;

create table platform_setting (
  name text primary key,
  value jsonb not null
);
comment on table platform_setting is 'platform: facts of this installation (master key check value, erasures to replay)';
grant select, insert, update on platform_setting to kulanz_system;

-- Exact counts for rate limits, keyed by a hash under the platform's look-up key. Unlogged: a crash may forget them.
create unlogged table rate_limit (
  token bytea primary key,
  taken integer not null,
  resets_at timestamptz not null
);
comment on table rate_limit is 'platform: tries counted for rate limits';
grant select, insert, update, delete on rate_limit to kulanz_system;

-- Look-ups before a tenant is known. Each returns the tenant only; the search path is fixed.
create function tenant_of_login(token bytea) returns uuid language sql stable security definer set search_path = public, pg_temp
  as $$ select u.tenant_id from public.app_user u where u.login_token = token $$;
create function tenant_of_api_key(token bytea) returns uuid language sql stable security definer set search_path = public, pg_temp
  as $$ select k.tenant_id from public.api_key k where k.token = tenant_of_api_key.token $$;
create function tenants() returns setof uuid language sql stable security definer set search_path = public, pg_temp
  as $$ select tenant_id from public.tenant order by created_at, tenant_id $$;
revoke all on function tenant_of_login(bytea), tenant_of_api_key(bytea), tenants() from public;
grant execute on function tenant_of_login(bytea), tenant_of_api_key(bytea) to kulanz_system;
grant execute on function tenants() to kulanz_system;
