-- Citus, after schema.sql: where the tables of platform lie. Reference tables first, then what points to them.

select create_reference_table('tenant');
select create_reference_table('app_user');
select create_reference_table('audit_entry');
select create_reference_table('audit_head');

-- Found by the hash of the look-up value.
select create_distributed_table('user_session', 'token', colocate_with => 'none');
select create_distributed_table('sign_in_link', 'token', colocate_with => 'none');
select create_distributed_table('api_key', 'token', colocate_with => 'none');
select create_distributed_table('directory_entry', 'token', colocate_with => 'none');
select create_distributed_table('search_token', 'token', colocate_with => 'none');
select create_distributed_table('idempotency_key', 'token', colocate_with => 'none');

-- Local to the coordinator: worker_alive, platform_setting, rate_limit.
