select create_distributed_table('payer_memory', 'token', colocate_with => 'none');
select create_distributed_table('match_example', 'customer_id', colocate_with => 'customer');
select create_reference_table('match_model');
select create_reference_table('match_review_month');
