-- Citus: reference tables first, then what points to them. Printed by `kulanz scale-out --plan`; nothing runs it here.
select create_reference_table('tenant');
select create_reference_table('app_user');
select create_reference_table('audit_entry');
select create_reference_table('audit_head');
select create_distributed_table('user_session', 'token', colocate_with => 'none');
select create_distributed_table('sign_in_link', 'token', colocate_with => 'none');
select create_distributed_table('api_key', 'token', colocate_with => 'none');
select create_distributed_table('directory_entry', 'token', colocate_with => 'none');
select create_distributed_table('idempotency_key', 'token', colocate_with => 'none');
