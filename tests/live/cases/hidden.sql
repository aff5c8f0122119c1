-- A user whose role hides columns; the oracle has none of them. What changes rows is rolled back: the seed has the columns.
--# everything | both | same
SELECT * FROM meters
--# by a key | both | same
SELECT * FROM meters WHERE id = 3
--# in a condition beside others | both | same
SELECT id FROM meters WHERE kind = 'water' AND secret = 'CANARY_T1_meter3'
--# naming one | both | same
SELECT secret FROM meters
--# qualified | both | same
SELECT m.secret FROM meters m
--# qualified by the schema | both | refused 42703
SELECT public.meters.secret FROM public.meters
--# in capitals and quotes | both | same
SELECT "secret" FROM METERS
--# in a Unicode name | both | same
SELECT U&"s\0065cret" FROM meters
--# in an aggregate | both | same
SELECT count(*), max(secret) FROM meters
--# counting | both | same
SELECT count(*) FROM meters
--# in ORDER BY | both | same
SELECT id FROM meters ORDER BY secret
--# in GROUP BY | both | same
SELECT count(*) FROM meters GROUP BY secret
--# in HAVING | both | same
SELECT kind FROM meters GROUP BY kind HAVING max(secret) > ''
--# in a window | both | same
SELECT rank() OVER (ORDER BY secret) FROM meters
--# in a sub-select of it | both | same
SELECT x FROM (SELECT secret AS x FROM meters) s
--# in a correlated sub-select | both | same
SELECT (SELECT secret) FROM meters
--# correlated with a relation that has one of the name | both | same
SELECT o.name, (SELECT max(m.id) FROM meters m WHERE secret IS NOT NULL) FROM organisations o
--# in a common table expression | both | same
WITH m AS (SELECT * FROM meters) SELECT * FROM m
--# naming one in a common table expression | both | same
WITH m AS (SELECT * FROM meters) SELECT secret FROM m
--# TABLE | both | same
TABLE readings
--# of one partition | both | same
SELECT * FROM readings_2024
--# naming one of a partition | both | same
SELECT note FROM readings_2025
--# USING | both | same
SELECT id FROM meters JOIN organisations USING (secret)
--# NATURAL | both | same
SELECT m.id, count(*) FROM meters m NATURAL JOIN invoices i GROUP BY m.id
--# a join | both | same
SELECT m.*, r.* FROM meters m JOIN readings r ON r.meter_id = m.id
--# the nullable side | both | same
SELECT p.id, i.* FROM properties p LEFT JOIN invoices i ON i.property_id = p.id
--# a full join | both | same
SELECT * FROM (SELECT id, kind FROM meters) m FULL JOIN invoices i ON i.id = m.id
--# an alias list | both | same
SELECT a, b, c, d FROM meters AS m (a, b, c, d)
--# an alias list that is too long | both | same
SELECT 1 FROM readings AS r (a, b, c, d, e)
--# a row as JSON | both | same
SELECT row_to_json(m) FROM meters m
--# rows as JSON | both | same
SELECT jsonb_agg(i ORDER BY i.id) FROM invoices i
--# keys of a row | both | same
SELECT DISTINCT jsonb_object_keys(to_jsonb(m)) FROM meters m
--# a row's field from JSON | both | same
SELECT to_jsonb(m) ->> 'secret' FROM meters m
--# a row as text | both | same-or-refused
SELECT m::text FROM meters m
--# a row | both | same-or-refused
SELECT m FROM meters m
--# a field of a row | both | refused 42703
SELECT (m).secret FROM meters m
--# all fields of a row | both | same-or-refused
SELECT (m).* FROM meters m
--# a row constructor | both | same
SELECT ROW(m.*) FROM meters m
--# a row that is compared | both | same-or-refused
SELECT count(*) FROM meters m WHERE m IS NOT NULL
--# functional notation | both | same-or-refused
SELECT secret(m) FROM meters m
--# populating a record | both | same-or-refused
SELECT * FROM jsonb_populate_record(NULL::meters, '{"secret": "x"}')
--# DISTINCT ON | both | same
SELECT DISTINCT ON (kind) * FROM meters ORDER BY kind, id
--# set operations | both | same
SELECT * FROM readings_2024 UNION SELECT * FROM readings_2025
--# behind a fence | both | same
SELECT * FROM meters WHERE 12 / divisor > 1
--# for update | both | same
SELECT id FROM meters WHERE id = 1 FOR UPDATE
--# a lateral | both | same
SELECT p.id, x.* FROM properties p, LATERAL (SELECT * FROM meters m WHERE m.property_id = p.id ORDER BY id LIMIT 1) x
--# the tenant column | both | same
SELECT * FROM documents
--# naming the tenant column | both | same
SELECT tenant_key FROM documents
--# a shared relation | both | same
SELECT * FROM tariffs
--# naming one of a shared relation | both | same
SELECT t.price FROM tariffs t
--# joined with a shared relation | both | same
SELECT m.id, t.* FROM meters m LEFT JOIN tariffs t ON t.code = m.tariff
--# one that rows are known by | both | same
SELECT * FROM receipts
--# naming it | both | same
SELECT payment_id FROM receipts
--# a view on what is left | both | same
SELECT * FROM serials
--# a view that names one | both | refused
SELECT id FROM open_invoices
--# a view on such a view | both | refused
SELECT number FROM nested
--# columns hidden of a view | both | same
SELECT * FROM metered_kinds
--# naming one of a view | both | same
SELECT id FROM metered_kinds
--# writing to such a view | both | refused
UPDATE metered_kinds SET kind = 'x'
--# COPY out | simple | same
COPY meters TO STDOUT
--# COPY out by name | simple | same
COPY meters (id, secret) TO STDOUT
--# COPY of a query | simple | same
COPY (SELECT * FROM readings) TO STDOUT
--# a parameter beside it | extended | same
--$ CANARY_T1_meter3
SELECT id FROM meters WHERE secret = $1
--# insert without a list | both | same
BEGIN
--;
INSERT INTO properties VALUES (80001, 1, 'CANARY_T1_new', 'town', 2, 'code') RETURNING *
--;
ROLLBACK
--# insert with too many values | both | same-or-refused
INSERT INTO readings VALUES (1, 1, '2024-05-05', 1.5, 'CANARY_T1_note')
--# insert that lacks what has a default | both | same
BEGIN
--;
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (1, 1001, 'CANARY_T1_serial', 'water') RETURNING *
--;
SELECT * FROM meters WHERE serial_no = 'CANARY_T1_serial'
--;
ROLLBACK
--# insert that names one | both | same
INSERT INTO meters (tenant_id, property_id, serial_no, kind, secret) VALUES (1, 1001, 'x', 'water', 'y')
--# insert that returns one | both | same-or-refused
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (1, 1001, 'x', 'water') RETURNING secret
--# insert that returns one behind a query | both | same-or-refused
INSERT INTO meters (tenant_id, property_id, serial_no, kind) SELECT 1, 1001, 'x', 'water' RETURNING meters.secret
--# insert of defaults that returns one | both | same-or-refused
INSERT INTO visits DEFAULT VALUES RETURNING who
--# insert that returns its row | both | refused
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (1, 1001, 'x', 'water') RETURNING meters
--# insert in a common table expression | both | refused 0A000
WITH i AS (INSERT INTO visits (tenant_id) VALUES (1) RETURNING who) SELECT 1 FROM i
--# insert that lacks what has none | both | refused 42501
INSERT INTO receipts (id, text) VALUES (1, 'x')
--# conflict on one | both | refused 42703
INSERT INTO visits (tenant_id) VALUES (1) ON CONFLICT (who) DO NOTHING
--# conflict that reads one | both | same-or-refused
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (1, 1, 1001, 'x', 'water') ON CONFLICT (tenant_id, id) DO UPDATE SET kind = meters.secret
--# conflict that reads one of what was not inserted | both | same-or-refused
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (1, 1, 1001, 'x', 'water') ON CONFLICT (tenant_id, id) DO UPDATE SET kind = excluded.secret
--# conflict in another way | both | same
BEGIN
--;
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (1, 1, 1001, 'CANARY_T1_x', 'water') ON CONFLICT (tenant_id, id) DO UPDATE SET kind = excluded.serial_no RETURNING id, kind
--;
ROLLBACK
--# update | both | same
BEGIN
--;
UPDATE meters SET kind = 'CANARY_T1_x' WHERE id < 3 RETURNING *
--;
ROLLBACK
--# update of one | both | refused 42703
UPDATE meters SET secret = 'x'
--# update by one | both | same
UPDATE meters SET kind = secret
--# update by one, qualified | both | same-or-refused
UPDATE meters m SET kind = m.secret
--# update where one | both | same
UPDATE meters SET kind = 'x' WHERE secret LIKE 'CANARY%'
--# update by a sub-select of it | both | same
UPDATE invoices SET status = (SELECT m.secret FROM meters m LIMIT 1)
--# update from it | both | same
UPDATE invoices i SET status = m.secret FROM meters m WHERE m.property_id = i.property_id
--# update that returns all of two | both | refused
UPDATE meters m SET kind = p.name FROM properties p WHERE p.id = m.property_id RETURNING *
--# update that returns its row as JSON | both | refused
UPDATE meters m SET kind = 'x' RETURNING to_json(m)
--# delete | both | same
BEGIN
--;
DELETE FROM readings WHERE meter_id = 1 RETURNING *
--;
ROLLBACK
--# delete where one | both | same
DELETE FROM meters WHERE secret = 'x'
--# delete using | both | same
BEGIN
--;
DELETE FROM readings r USING meters m WHERE m.id = r.meter_id AND m.kind = 'water' RETURNING r.meter_id, m.kind
--;
ROLLBACK
--# delete that returns one of another | both | same
DELETE FROM readings r USING meters m WHERE m.id = r.meter_id RETURNING m.secret
--# by its tenant column, which is hidden | both | same
UPDATE documents SET title = 'x' WHERE tenant_key = 'alder'
--# a row of it | both | same
BEGIN
--;
UPDATE documents SET title = 'CANARY_T1_x' RETURNING *
--;
ROLLBACK
--# MERGE | both | refused
MERGE INTO meters m USING properties p ON m.id = p.id WHEN MATCHED THEN UPDATE SET kind = secret
--# MERGE from it | both | refused 0A000
MERGE INTO properties p USING meters m ON m.id = p.id WHEN MATCHED THEN UPDATE SET name = m.secret
--# PREPARE | simple | same
PREPARE p AS SELECT * FROM meters WHERE id = $1
--;
EXECUTE p (2)
--;
PREPARE q AS SELECT secret FROM meters
--# a cursor | simple | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT * FROM meters ORDER BY id
--;
FETCH 2 FROM c
--;
ROLLBACK
--# EXPLAIN VERBOSE | both | refused
EXPLAIN (VERBOSE) SELECT id FROM meters
--# EXPLAIN VERBOSE of a prepared statement | simple | same
PREPARE p AS SELECT id FROM meters
--;
--! refused 0A000
EXPLAIN (VERBOSE) EXECUTE p
--# its columns | both | same
SELECT table_name, column_name, ordinal_position, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN ('meters', 'readings', 'readings_2024', 'invoices', 'tariffs', 'properties', 'documents', 'receipts', 'visits', 'metered_kinds', 'organisations', 'serials')
--# columns of a name | both | same
SELECT table_name FROM information_schema.columns WHERE column_name IN ('secret', 'note', 'memo', 'price', 'extra', 'tenant_key', 'who')
--# its columns in the catalogs | both | same
SELECT attname, attnum, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute WHERE attrelid = 'meters'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
--# of a partition | both | same
SELECT attname, attnum FROM pg_attribute WHERE attrelid = 'readings_2024'::regclass AND attnum > 0 AND NOT attisdropped
--# of a view | both | same
SELECT attname FROM pg_attribute WHERE attrelid = 'metered_kinds'::regclass AND attnum > 0
--# one of them by name | both | same
SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE attname = 'secret' AND relname = 'meters'
--# privileges on its columns | both | safe
SELECT column_name FROM information_schema.column_privileges WHERE column_name = 'secret' AND table_name = 'meters'
--# its relation | both | same
SELECT relname, relkind FROM pg_class WHERE relname IN ('meters', 'readings', 'tariffs')
--# whether there is a privilege on it: as of no relation | both | safe
SELECT has_column_privilege('meters', 'secret', 'select'), has_column_privilege('meters'::regclass, 8::smallint, 'select'), col_description('meters'::regclass, 8)
--# its index | both | same-or-refused
SELECT pg_get_indexdef('meters_secret'::regclass)
--# its indexes | both | safe
SELECT indexname FROM pg_indexes WHERE tablename = 'meters' AND indexdef LIKE '%secret%'
--# its defaults | both | safe
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'meters'::regclass
--# its row type | both | same-or-refused
SELECT NULL::meters
--# a relation that lists it by number | both | safe
SELECT conkey FROM pg_constraint WHERE conrelid = 'meters'::regclass
--# a row by its place | both | refused 0A000
UPDATE meters SET divisor = 9 WHERE ctid = (SELECT ctid FROM meters ORDER BY id LIMIT 1) RETURNING id, divisor
--# the place of a row | both | same
SELECT id FROM meters m WHERE ctid = (SELECT min(ctid) FROM meters WHERE id = m.id)
--# groups by key | both | same
SELECT m.id, m.kind, count(*) FROM meters m LEFT JOIN readings r ON r.meter_id = m.id GROUP BY m.id
