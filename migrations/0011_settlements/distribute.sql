select create_reference_table('payout');
select create_reference_table('payout_line');
select create_reference_table('hand_back_fee');
select create_reference_table('payment_advice');
