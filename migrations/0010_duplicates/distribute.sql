-- Citus: printed by `kulanz scale-out --plan`; nothing runs it here.
select create_distributed_table('duplicate_state', 'customer_id', colocate_with => 'customer');
select create_distributed_table('duplicate_proposal', 'customer_id', colocate_with => 'customer');
select create_distributed_table('customer_merge', 'customer_id', colocate_with => 'customer');
select create_distributed_table('duplicate_key', 'token', colocate_with => 'none');
