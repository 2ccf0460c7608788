select create_distributed_table('customer_order', 'customer_id', colocate_with => 'customer');
select create_distributed_table('order_event', 'customer_id', colocate_with => 'customer');
select create_distributed_table('order_event_waiting', 'token', colocate_with => 'none');
