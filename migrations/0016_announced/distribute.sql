select create_distributed_table('announced_entry', 'fingerprint', colocate_with => 'none');
