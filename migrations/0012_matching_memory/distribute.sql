select create_distributed_table('known_account', 'customer_id', colocate_with => 'customer');
select create_distributed_table('match_review', 'customer_id', colocate_with => 'customer');
select create_reference_table('match_example');
select create_reference_table('match_model');
