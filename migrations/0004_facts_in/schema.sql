-- Kinds of work that come with facts: what an import, a bank file or an order leaves for a person.
alter table task drop constraint task_kind_check;
alter table task add constraint task_kind_check check (kind in
  ('callback', 'dispute', 'claimed_paid', 'parked_message', 'hand_over', 'write_off', 'overpayment', 'unreachable',
   'finding', 'credit_note_overdue', 'vanished_item', 'difference', 'refund', 'duplicate_payment', 'match_review'));
