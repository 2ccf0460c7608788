-- Citus: reference tables first, then what points to them. Printed by `kulanz scale-out --plan`; nothing runs it here.
select create_reference_table('strategy_version');
select create_reference_table('dunning_run');
select create_reference_table('dunning_run_slot');
select create_reference_table('template_version');
set citus.enable_unsafe_triggers = on; -- the checks of postings look at rows of one customer only
select create_distributed_table('decision', 'customer_id', colocate_with => 'customer');
select create_distributed_table('message', 'customer_id', colocate_with => 'customer');
select create_distributed_table('message_attempt', 'customer_id', colocate_with => 'customer');
select create_distributed_table('local_mail', 'customer_id', colocate_with => 'customer');
select create_distributed_table('portal_link', 'customer_id', colocate_with => 'customer');
select create_distributed_table('portal_visit', 'customer_id', colocate_with => 'customer');
select create_distributed_table('portal_link_token', 'token', colocate_with => 'none');
select create_distributed_table('portal_session', 'token', colocate_with => 'none');
