-- ── creditors and brands ───────────────────────────────────────────────────────────────────────────────────────────

create table creditor (
  tenant_id uuid not null references tenant,
  creditor_id uuid primary key,
  name text not null,
  address jsonb not null default '{}',          -- street, postcode, city of the legal entity
  legal_footer text not null default '',
  country text not null default 'DE',
  state text,                                   -- federal state of the seat
  zone text not null default 'Europe/Berlin',   -- its business date
  deducts_input_tax boolean not null default true,
  leads text not null default 'kulanz' check (leads in ('erp', 'kulanz', 'portal')),
  sepa_id text,
  privacy_contact text not null default '',
  settings jsonb not null default '{}',         -- tolerance, match thresholds, fees, allocation order
  created_at timestamptz not null,
  closed_at timestamptz
);
comment on table creditor is 'reference: whose money';
call make_tenant_table('creditor', 'select, insert, update');

create table creditor_account (
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  iban text not null,
  bic text,
  account_holder text not null,
  is_default boolean not null default false,
  primary key (tenant_id, iban)
);
comment on table creditor_account is 'reference: accounts on which a creditor is paid';
call make_tenant_table('creditor_account', 'select, insert, update');

create table brand (
  tenant_id uuid not null references tenant,
  brand_id uuid primary key,
  creditor_id uuid not null references creditor,
  code text not null,                           -- how files name it
  name text not null,
  look jsonb not null,                          -- colour, computed palettes, logo (SVG), claim line
  contact jsonb not null,                       -- short name, team, contact person, phone, hours, reply-to, sender, portal host
  tone_ceiling text not null default 'firm' check (tone_ceiling in ('friendly', 'factual', 'firm')),
  created_at timestamptz not null,
  unique (tenant_id, code)
);
comment on table brand is 'reference: how a creditor appears to customers';
call make_tenant_table('brand', 'select, insert, update');

-- ── customers ──────────────────────────────────────────────────────────────────────────────────────────────────────

create table customer (
  customer_id uuid primary key,
  tenant_id uuid not null references tenant,
  slot smallint not null generated always as
    (((get_byte(uuid_send(customer_id), 14) << 8) + get_byte(uuid_send(customer_id), 15)) % 1024) stored,
  number text not null,                         -- as the creditor's books know it; unique by directory
  kind text not null check (kind in ('consumer', 'business')),
  language text not null default 'de',
  country text not null default 'DE',
  state text,                                   -- federal state: holidays and working days
  zone text not null default 'Europe/Berlin',   -- quiet hours
  customer_group text,                          -- set by the creditor (business customer, VIP)
  identity_sealed bytea not null,               -- one document: name, company, addresses with their times (contact key)
  restricted boolean not null default false,    -- protected file: only named users see it
  restricted_to uuid[] not null default '{}',
  merged_into uuid,
  parent_id uuid,
  personalisation_objected_at timestamptz,
  created_at timestamptz not null
);
create index customer_of_tenant on customer (tenant_id, customer_id);
create index customer_by_slot on customer (tenant_id, slot);
comment on table customer is 'customer: who owes';
call make_tenant_table('customer', 'select, insert, update');

create table customer_key (
  customer_id uuid not null references customer deferrable initially deferred, -- the key is there before what it seals
  purpose text not null check (purpose in ('contact', 'records')),
  tenant_id uuid not null references tenant,
  wrapped bytea,                                -- null once destroyed
  master_key_id text not null,
  destroyed_at timestamptz,
  primary key (customer_id, purpose)
);
create index customer_key_by_master on customer_key (master_key_id);
comment on table customer_key is 'customer: the two data keys, wrapped by the master key';
call make_tenant_table('customer_key', 'select, insert, update');

-- Search tokens of names, streets and towns: 64 bits of a keyed hash narrow a search that is then checked on the opened
-- identity. One row a customer and a GIN index: a million customers with 34 tokens each take 0.5 GiB, where one row a
-- token took 5.2 GiB and twice the time to write.
create table customer_search (
  customer_id uuid primary key references customer,
  tenant_id uuid not null references tenant,
  tokens bigint[] not null
);
create index customer_search_tokens on customer_search using gin (tokens);
comment on table customer_search is 'customer: keyed search tokens (words, beginnings, sound)';
call make_tenant_table('customer_search', 'select, insert, update, delete');

-- Customers that have, of every group, at least one token. Under row security an index can't answer `&&` (it is not
-- leakproof), so this runs as the owner and keeps the tenant itself.
create function customers_by_tokens(wanted bigint[], group_of integer[], at_most integer) returns setof uuid
  language plpgsql stable security definer set search_path = public, pg_temp
  set synchronize_seqscans = off                -- the same question brings up the same customers
  as $$
declare
  conditions text;
begin
  select string_agg(format('tokens && %L::bigint[]', g.tokens), ' and ') into conditions
    from (select array_agg(w.token) as tokens from unnest(wanted, group_of) as w (token, group_number)
          group by w.group_number) as g;
  if conditions is null then return; end if;
  return query execute format(
    'select customer_id from public.customer_search where tenant_id = public.kulanz_tenant() and %s limit %s',
    conditions, at_most);
end $$;
revoke all on function customers_by_tokens(bigint[], integer[], integer) from public;
grant execute on function customers_by_tokens(bigint[], integer[], integer) to kulanz_app;

create table customer_brand (
  customer_id uuid not null references customer,
  brand_id uuid not null references brand,
  tenant_id uuid not null references tenant,
  known_since date not null,
  primary key (customer_id, brand_id)
);
comment on table customer_brand is 'customer: the brands a customer knows';
call make_tenant_table('customer_brand', 'select, insert');

create table party (
  customer_id uuid not null references customer,
  party_id uuid not null,
  tenant_id uuid not null references tenant,
  role text not null check (role in ('payer', 'delivery', 'representative')),
  representative_kind text check (representative_kind in
    ('lawyer', 'debt_adviser', 'guardian', 'parent', 'heir', 'administrator')),
  identity_sealed bytea not null,               -- name, address (contact key)
  proof text,                                   -- kind of proof seen (power of attorney, certificate), never its text
  valid_from date not null,
  valid_until date,
  may_see text[] not null default '{}',         -- items, documents, messages
  write_only_to boolean not null default false, -- automatic contact goes to nobody else
  created_at timestamptz not null,
  primary key (customer_id, party_id),
  check ((role = 'representative') = (representative_kind is not null))
);
comment on table party is 'customer: payer, delivery address, representative';
call make_tenant_table('party', 'select, insert, update');

create table contact_point (
  customer_id uuid not null references customer,
  contact_point_id uuid not null,
  tenant_id uuid not null references tenant,
  party_id uuid,                                -- null: the customer's own
  channel text not null check (channel in ('email', 'letter', 'phone', 'sms')),
  value_sealed bytea not null,                  -- address, number (contact key)
  verified_at timestamptz,
  verification text,                            -- how it was verified
  consent text not null default 'contract' check (consent in ('contract', 'given', 'withdrawn')),
  consent_source text,
  consent_at timestamptz,
  undeliverable_at timestamptz,                 -- bounced, returned
  ended_at timestamptz,
  created_at timestamptz not null,
  primary key (customer_id, contact_point_id),
  foreign key (customer_id, party_id) references party (customer_id, party_id)
);
comment on table contact_point is 'customer: where a customer can be reached, with verification and consent';
call make_tenant_table('contact_point', 'select, insert, update');

create table note (
  customer_id uuid not null references customer,
  note_id uuid not null,
  tenant_id uuid not null references tenant,
  author text not null,
  text_sealed bytea not null,                   -- records key
  created_at timestamptz not null,
  primary key (customer_id, note_id)
);
comment on table note is 'customer: what a colleague wrote down';
call make_tenant_table('note', 'select, insert');

-- ── receivables ────────────────────────────────────────────────────────────────────────────────────────────────────

create table dunning_case (
  customer_id uuid not null references customer,
  case_id uuid not null,
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  currency text not null,
  number bigint not null,                       -- short number people can say; random, unique by directory
  state text not null default 'open' check (state in ('open', 'closed', 'handed_over')),
  stage text,                                   -- last stage reached
  stage_on date,                                -- business date of that stage
  round integer not null default 1,             -- starts again when a closed case reopens
  opened_on date not null,
  closed_on date,
  primary key (customer_id, case_id)
);
create unique index dunning_case_one_open on dunning_case (customer_id, creditor_id, currency) where state = 'open';
create index dunning_case_of_tenant on dunning_case (tenant_id, state);
comment on table dunning_case is 'customer: one customer, creditor and currency on the way to being paid (case)';
call make_tenant_table('dunning_case', 'select, insert, update');

create table receivable (
  customer_id uuid not null references customer,
  receivable_id uuid not null,
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  brand_id uuid not null references brand,
  case_id uuid,                                 -- set when it first falls due unpaid
  item_kind text not null check (item_kind in ('invoice', 'credit_note', 'on_account')),
  number text not null,                         -- invoice number
  order_number text,
  payment_reference text not null,              -- structured reference (RF, ISO 11649) customers are asked to use
  claim_kind text not null,                     -- sale, service, rent, … (law needs it)
  payment_claim boolean not null default true,  -- Entgeltforderung (§ 288 II BGB)
  customer_kind text not null check (customer_kind in ('consumer', 'business')),
  currency text not null,
  issued_on date not null,
  arose_on date not null,
  due_on date not null,
  due_date_agreed boolean not null default false,
  notice_30_days boolean not null default false,
  assigned_on date,                             -- assigned to a third party: never dunned
  direct_debit boolean not null default false,
  -- open amounts, minor units; kept by the statement that inserts postings, checked by a deferred trigger
  open_principal bigint not null default 0,
  open_interest bigint not null default 0,
  open_dunning_cost bigint not null default 0,
  open_collection_cost bigint not null default 0,
  open_total bigint not null generated always as
    (open_principal + open_interest + open_dunning_cost + open_collection_cost) stored,
  default_since date,                           -- first day of default once it has begun
  default_ground text,
  stage text,                                   -- last stage this item was told of
  stage_on date,
  settled_on date,
  source_file bytea,                            -- fingerprint of the file it came with
  created_at timestamptz not null,
  primary key (customer_id, receivable_id),
  foreign key (customer_id, case_id) references dunning_case (customer_id, case_id)
);
create index receivable_open on receivable (tenant_id, creditor_id, due_on) where open_total <> 0;
create index receivable_of_case on receivable (customer_id, case_id);
create index receivable_by_amount on receivable (tenant_id, open_total) where open_total <> 0;
comment on table receivable is 'customer: one invoice, credit note or money on account';
call make_tenant_table('receivable', 'select, insert, update');

create table receivable_document (
  customer_id uuid not null references customer,
  document_id uuid not null,
  tenant_id uuid not null references tenant,
  receivable_id uuid not null,
  kind text not null check (kind in ('original_invoice')),
  media_type text not null,
  bytes_sealed bytea not null,                  -- records key
  created_at timestamptz not null,
  primary key (customer_id, document_id),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id)
);
comment on table receivable_document is 'customer: original invoice, sealed';
call make_tenant_table('receivable_document', 'select, insert');

create table posting (
  customer_id uuid not null references customer,
  posting_id uuid not null,
  tenant_id uuid not null references tenant,
  receivable_id uuid not null,
  booking_id uuid not null,                     -- postings of one act share it
  kind text not null check (kind in
    ('claim', 'payment', 'return', 'credit', 'discount', 'write_off', 'interest', 'cost', 'transfer')),
  component text not null check (component in ('principal', 'interest', 'dunning_cost', 'collection_cost')),
  amount_minor bigint not null check (amount_minor <> 0), -- positive: owed more; negative: owed less
  currency text not null,
  value_on date not null,
  booked_at timestamptz not null,
  reverses uuid,                                -- the posting this one undoes
  ground text,                                  -- paragraph or rule a charge rests on
  actor text not null,
  primary key (customer_id, posting_id),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id),
  foreign key (customer_id, reverses) references posting (customer_id, posting_id)
);
create index posting_of_receivable on posting (customer_id, receivable_id, value_on);
create index posting_of_booking on posting (customer_id, booking_id);
create unique index posting_reversed_once on posting (customer_id, reverses) where reverses is not null;
create index posting_by_day on posting (tenant_id, booked_at);
comment on table posting is 'customer: append-only movements of a receivable by component';
call make_tenant_table('posting', 'select, insert');

-- One act of booking money. What a payment was meant for is kept, so that a payment with an earlier value date can
-- have the later ones allocated anew (invariant 2). Postings carry its id, their reversals and re-postings too: the sum
-- over a booking's postings is what it does now.
create table booking (
  customer_id uuid not null references customer,
  booking_id uuid not null,
  tenant_id uuid not null references tenant,
  kind text not null check (kind in ('payment', 'return', 'settlement')),
  creditor_id uuid not null references creditor,
  currency text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  value_on date not null,
  designated uuid[] not null default '{}',      -- receivables the customer named (§ 366 I BGB), in the order named
  returns uuid,                                 -- the payment that went back
  actor text not null,
  booked_at timestamptz not null,
  withdrawn_at timestamptz,                     -- corrected: it never was
  primary key (customer_id, booking_id),
  foreign key (customer_id, returns) references booking (customer_id, booking_id),
  check ((kind = 'return') = (returns is not null))
);
create unique index booking_returned_once on booking (customer_id, returns) where returns is not null and withdrawn_at is null;
create index booking_of_account on booking (customer_id, creditor_id, currency, value_on) where withdrawn_at is null;
comment on table booking is 'customer: payments, returns and settlements in the order of their value dates';
call make_tenant_table('booking', 'select, insert, update');

create function posting_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'postings are append-only: a correction is a reversal' using errcode = 'restrict_violation';
end $$;
create trigger posting_append_only before update or delete on posting for each row execute function posting_is_append_only();

-- The stored balance must equal the postings when the transaction commits (invariant 2).
create function check_open_amounts() returns trigger language plpgsql as $$
declare
  stored record;
  summed record;
begin
  select open_principal, open_interest, open_dunning_cost, open_collection_cost, currency into stored
    from receivable r where r.customer_id = new.customer_id and r.receivable_id = new.receivable_id;
  select coalesce(sum(amount_minor) filter (where component = 'principal'), 0) as principal,
         coalesce(sum(amount_minor) filter (where component = 'interest'), 0) as interest,
         coalesce(sum(amount_minor) filter (where component = 'dunning_cost'), 0) as dunning_cost,
         coalesce(sum(amount_minor) filter (where component = 'collection_cost'), 0) as collection_cost,
         count(*) filter (where p.currency <> stored.currency) as foreign_currency
    into summed from posting p where p.customer_id = new.customer_id and p.receivable_id = new.receivable_id;
  if stored.open_principal is distinct from summed.principal or stored.open_interest is distinct from summed.interest
     or stored.open_dunning_cost is distinct from summed.dunning_cost
     or stored.open_collection_cost is distinct from summed.collection_cost or summed.foreign_currency > 0 then
    raise exception 'balance of receivable % differs from its postings', new.receivable_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger posting_keeps_balance after insert on posting
  deferrable initially deferred for each row execute function check_open_amounts();
create constraint trigger receivable_keeps_balance
  after insert or update of open_principal, open_interest, open_dunning_cost, open_collection_cost on receivable
  deferrable initially deferred for each row execute function check_open_amounts();

create table hold (
  customer_id uuid not null references customer,
  hold_id uuid not null,
  tenant_id uuid not null references tenant,
  case_id uuid,                                 -- null with receivable_id null: the whole customer
  receivable_id uuid,
  ground text not null,                         -- claimed_paid, dispute, callback, insolvency, deceased, minor, …
  author text not null,
  starts_on date not null,
  ends_on date,                                 -- null: stands on the review list
  comment_sealed bytea,                         -- records key
  created_at timestamptz not null,
  lifted_at timestamptz,
  lifted_by text,
  primary key (customer_id, hold_id),
  foreign key (customer_id, case_id) references dunning_case (customer_id, case_id),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id)
);
create index hold_without_end on hold (tenant_id) where ends_on is null and lifted_at is null;
comment on table hold is 'customer: why nothing may be sent now';
call make_tenant_table('hold', 'select, insert, update');

-- What waits for a person: calls wished, disputes, questions after a hold, proposals that people decide (invariant 12).
create table task (
  customer_id uuid not null references customer,
  task_id uuid not null,
  tenant_id uuid not null references tenant,
  case_id uuid,
  receivable_id uuid,
  kind text not null check (kind in
    ('callback', 'dispute', 'claimed_paid', 'parked_message', 'hand_over', 'write_off', 'overpayment', 'unreachable')),
  state text not null default 'open' check (state in ('open', 'done', 'approved', 'refused')),
  amount_minor bigint,
  currency text,
  text_sealed bytea,                            -- the customer's words, a colleague's reason (records key)
  facts jsonb not null default '{}',            -- ids, dates, codes; never a name
  due_on date not null,
  created_by text not null,
  created_at timestamptz not null,
  first_approved_by text,                       -- four eyes
  decided_by text,
  decided_at timestamptz,
  primary key (customer_id, task_id),
  foreign key (customer_id, case_id) references dunning_case (customer_id, case_id),
  foreign key (customer_id, receivable_id) references receivable (customer_id, receivable_id)
);
create index task_open on task (tenant_id, due_on) where state = 'open';
comment on table task is 'customer: waits for a person, proposals included';
call make_tenant_table('task', 'select, insert, update');

-- ── banking and matching ───────────────────────────────────────────────────────────────────────────────────────────

create table statement (
  fingerprint bytea primary key,                -- SHA-256 of tenant, account, number, dates, balances
  tenant_id uuid not null references tenant,
  file_fingerprint bytea not null,
  creditor_id uuid not null references creditor,
  account text not null,                        -- the creditor's IBAN
  number text,
  currency text not null,
  opening_minor bigint,
  closing_minor bigint,
  opened_on date,
  closed_on date,
  reconciles boolean,
  entries integer not null,
  data_key_wrapped bytea not null,              -- seals payer data until the match
  master_key_id text not null,
  imported_at timestamptz not null
);
create index statement_of_tenant on statement (tenant_id, account, closed_on);
comment on table statement is 'fingerprint: one bank statement as the bank wrote it';
call make_tenant_table('statement', 'select, insert, update');

create table bank_entry (
  fingerprint bytea primary key,                -- SHA-256 of tenant, account, bank reference or content, occurrence
  tenant_id uuid not null references tenant,
  entry_id uuid not null,                       -- short handle for people and routes, made from the fingerprint
  statement_fingerprint bytea not null,
  file_fingerprint bytea not null,
  creditor_id uuid not null references creditor,
  entry_number integer not null,                -- position in the file, from 1
  transaction_number integer not null,          -- position in a batch entry, from 1; 0 when the entry has no details
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  direction text not null check (direction in ('credit', 'debit')),
  is_return boolean not null default false,
  booked_on date not null,
  value_on date not null,
  payload_sealed bytea,                         -- payer, account, remittance text, references; null once re-sealed at the match
  status text not null default 'new' check (status in ('new', 'booked', 'proposed', 'unmatched', 'set_aside')),
  customer_id uuid,                             -- whose match row it has
  score smallint,                               -- of 100, best candidate
  proposals jsonb not null default '[]',        -- at most three: ids, amounts, score, reason codes
  imported_at timestamptz not null
);
create index bank_entry_of_file on bank_entry (file_fingerprint, entry_number, transaction_number);
create index bank_entry_open on bank_entry (tenant_id, booked_on) where status in ('new', 'proposed', 'unmatched');
create index bank_entry_handle on bank_entry (tenant_id, entry_id);
comment on table bank_entry is 'fingerprint: one transaction of a statement';
call make_tenant_table('bank_entry', 'select, insert, update');

create table match (
  customer_id uuid not null references customer,
  match_id uuid not null,
  tenant_id uuid not null references tenant,
  entry_fingerprint bytea not null,
  booking_id uuid not null,                     -- its postings
  amount_minor bigint not null,
  currency text not null,
  score smallint not null,
  reasons jsonb not null,                       -- codes with values, shown in words
  decided_by text not null,                     -- system:matching or user:<id>
  payload_sealed bytea not null,                -- payer data, re-sealed with the customer's records key
  state text not null default 'booked' check (state in ('booked', 'reversed')),
  created_at timestamptz not null,
  reversed_at timestamptz,
  primary key (customer_id, match_id)
);
create unique index match_of_entry on match (customer_id, entry_fingerprint) where state = 'booked';
comment on table match is 'customer: which entry paid what, with score and reasons';
call make_tenant_table('match', 'select, insert, update');

-- ── intake ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create table import_file (
  fingerprint bytea primary key,                -- HMAC of the content under the tenant's look-up key
  tenant_id uuid not null references tenant,
  import_id uuid not null,
  name_sealed bytea not null,                   -- file names may name people (tenant key)
  format text not null,
  size_bytes bigint not null,
  report jsonb not null,                        -- counts, sums, warnings; never a name
  imported_by text not null,
  imported_at timestamptz not null
);
create index import_file_of_tenant on import_file (tenant_id, imported_at);
comment on table import_file is 'fingerprint: a file that was taken in, once';
call make_tenant_table('import_file', 'select, insert, update');

create table import_mapping (
  tenant_id uuid not null references tenant,
  header_hash bytea not null,                   -- SHA-256 of the normalised header line
  mapping jsonb not null,
  confirmed_by text not null,
  confirmed_at timestamptz not null,
  primary key (tenant_id, header_hash)
);
comment on table import_mapping is 'reference: which column means what, remembered by header';
call make_tenant_table('import_mapping', 'select, insert, update');
