-- Leaves tenant 1's rows only: what the illusion of law 1 must look like.
SET session_replication_role = replica;
DELETE FROM organisations WHERE id <> 1;
DELETE FROM properties WHERE tenant_id <> 1;
DELETE FROM meters WHERE tenant_id <> 1;
DELETE FROM readings WHERE tenant_id <> 1;
DELETE FROM journal WHERE tenant_id <> 1;
DELETE FROM invoices WHERE tenant_id <> 1;
DELETE FROM invoice_lines WHERE tenant_id <> 1;
DELETE FROM payments WHERE tenant_id <> 1;
DELETE FROM documents WHERE tenant_key <> 'alder';
DELETE FROM api_keys WHERE tenant_uuid <> '11111111-1111-1111-1111-111111111111';
DELETE FROM categories WHERE tenant_id <> 1;
DELETE FROM visits WHERE tenant_id <> 1;
DELETE FROM assets WHERE tenant_id <> 1;
DELETE FROM "Meter Notes" WHERE tenant_id <> 1;
DELETE FROM work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1 WHERE tenant_id <> 1;
RESET session_replication_role;
