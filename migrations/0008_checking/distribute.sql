select create_distributed_table('finding', 'customer_id', colocate_with => 'customer');
select create_distributed_table('customer_check', 'customer_id', colocate_with => 'customer');
