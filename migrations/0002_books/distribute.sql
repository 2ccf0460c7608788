-- Citus: reference tables first, then what points to them. Printed by `kulanz scale-out --plan`; nothing runs it here.
select create_reference_table('creditor');
select create_reference_table('creditor_account');
select create_reference_table('brand');
select create_reference_table('import_mapping');
set citus.enable_unsafe_triggers = on; -- the checks of postings look at rows of one customer only
select create_distributed_table('customer', 'customer_id');
select create_distributed_table('customer_key', 'customer_id', colocate_with => 'customer');
select create_distributed_table('customer_search', 'customer_id', colocate_with => 'customer');
select create_distributed_table('customer_brand', 'customer_id', colocate_with => 'customer');
select create_distributed_table('party', 'customer_id', colocate_with => 'customer');
select create_distributed_table('contact_point', 'customer_id', colocate_with => 'customer');
select create_distributed_table('note', 'customer_id', colocate_with => 'customer');
select create_distributed_table('dunning_case', 'customer_id', colocate_with => 'customer');
select create_distributed_table('receivable', 'customer_id', colocate_with => 'customer');
select create_distributed_table('receivable_document', 'customer_id', colocate_with => 'customer');
select create_distributed_table('posting', 'customer_id', colocate_with => 'customer');
select create_distributed_table('booking', 'customer_id', colocate_with => 'customer');
select create_distributed_table('hold', 'customer_id', colocate_with => 'customer');
select create_distributed_table('task', 'customer_id', colocate_with => 'customer');
select create_distributed_table('match', 'customer_id', colocate_with => 'customer');
select create_distributed_table('statement', 'fingerprint', colocate_with => 'none');
select create_distributed_table('bank_entry', 'fingerprint', colocate_with => 'none');
select create_distributed_table('import_file', 'fingerprint', colocate_with => 'none');
