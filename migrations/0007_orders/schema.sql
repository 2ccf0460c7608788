-- An order as the shop knows it, and what happened to it. The state is not stored: it is what the events say in the order
-- of their days, whatever order they arrived in.
create table customer_order (
  customer_id uuid not null references customer,
  order_id uuid not null,
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  number text not null,                         -- as the shop writes it
  number_key text not null,                     -- letters and digits alone, upper case
  created_at timestamptz not null,
  primary key (customer_id, order_id)
);
create unique index customer_order_number on customer_order (customer_id, creditor_id, number_key);
create index customer_order_of_tenant on customer_order (tenant_id, customer_id);
comment on table customer_order is 'customer: one order of a customer at a creditor';
call make_tenant_table('customer_order', 'select, insert');

create table order_event (
  customer_id uuid not null references customer,
  order_id uuid not null,
  event_key bytea not null,                     -- keyed hash of the sender's event id, else of the content: once only
  tenant_id uuid not null references tenant,
  kind text not null check (kind in
    ('ordered', 'shipped', 'delivered', 'return_announced', 'returned', 'refused', 'cancelled', 'withdrawn')),
  happened_on date not null,
  happened_at timestamptz,                      -- where the sender knows the moment
  amount_minor bigint check (amount_minor > 0), -- of what came back; null: all of it
  currency text,
  reference text,                               -- a code: return, parcel, invoice number; never free text
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (customer_id, order_id, event_key),
  foreign key (customer_id, order_id) references customer_order (customer_id, order_id),
  check ((amount_minor is null) = (currency is null))
);
comment on table order_event is 'customer: what happened to an order; append-only';
call make_tenant_table('order_event', 'select, insert');

-- Events of orders nobody knows yet. The token is the one under which an item's order number is found in the directory, so
-- that attaching is a join on it.
create table order_event_waiting (
  token bytea not null,
  event_key bytea not null,
  tenant_id uuid not null references tenant,
  creditor_id uuid not null references creditor,
  order_number text not null,
  kind text not null,
  happened_on date not null,
  happened_at timestamptz,
  amount_minor bigint,
  currency text,
  reference text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (token, event_key)
);
create index order_event_waiting_of_tenant on order_event_waiting (tenant_id, recorded_at);
comment on table order_event_waiting is 'directory: order events that wait for their order, by its look-up value';
call make_tenant_table('order_event_waiting', 'select, insert, delete');

alter table receivable add column term_from_delivery smallint check (term_from_delivery between 0 and 365);
alter table receivable add column delivered_on date;
comment on column receivable.term_from_delivery is 'days to pay from delivery (§ 286 II Nr. 2 BGB); null: the due date stands by itself';
comment on column receivable.delivered_on is 'the delivery its due date was counted from';
create index receivable_term_from_delivery on receivable (customer_id) where term_from_delivery is not null and delivered_on is null;
