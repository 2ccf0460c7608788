-- Citus, after schema.sql: where the tables of outreach lie. Reference tables first, then what points to them.

select create_reference_table('strategy_version');
select create_reference_table('dunning_run');
select create_reference_table('dunning_run_slot');
select create_reference_table('template_version');

-- Rows of a customer lie together.
select create_distributed_table('decision', 'customer_id', colocate_with => 'customer');
select create_distributed_table('message', 'customer_id', colocate_with => 'customer');
select create_distributed_table('message_attempt', 'customer_id', colocate_with => 'customer');
select create_distributed_table('local_mail', 'customer_id', colocate_with => 'customer');
select create_distributed_table('portal_link', 'customer_id', colocate_with => 'customer');
select create_distributed_table('portal_visit', 'customer_id', colocate_with => 'customer');

-- Found by the hash of the look-up value.
select create_distributed_table('portal_link_token', 'token', colocate_with => 'none');
select create_distributed_table('portal_session', 'token', colocate_with => 'none');
