-- What a person decides of a payout and its lines, and payouts that no bank entry comes for.

alter table payout add column stated boolean not null default false;
comment on column payout.stated is 'the file states the amount apart from the lines';
alter table payout drop constraint payout_state_check, drop constraint payout_check;
alter table payout add constraint payout_state_check check (state in ('waiting', 'partial', 'settled', 'set_aside'));
-- A payout of nothing has no entry; its match rows have its own fingerprint for one.
alter table payout add constraint payout_entry_check check (
  case when amount_minor = 0 then entry_fingerprint is null
       else (state in ('waiting', 'set_aside')) = (entry_fingerprint is null) end);

alter table payout_line drop constraint payout_line_state_check;
alter table payout_line add constraint payout_line_state_check check (state in ('open', 'booked', 'fee', 'set_aside'));

-- A payout's fees may change after they were handed back: then the difference follows as a line of its own.
alter table hand_back_fee add column posting_id uuid;
update hand_back_fee set posting_id = encode(substr(payout_fingerprint, 1, 16), 'hex')::uuid;
alter table hand_back_fee alter column posting_id set not null;
alter table hand_back_fee drop constraint hand_back_fee_pkey;
alter table hand_back_fee add primary key (payout_fingerprint, posting_id);
