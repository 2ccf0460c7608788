select create_reference_table('refund_file');
select create_distributed_table('refund', 'customer_id', colocate_with => 'customer');
