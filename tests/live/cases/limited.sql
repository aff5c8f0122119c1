-- A user of tenant 1 who is limited to properties 1001 and 1002: two of five.
--# properties | both | same
SELECT * FROM properties
--# another property by its key | both | same
SELECT name FROM properties WHERE id = 1003
--# meters | both | same
SELECT id, serial_no, property_id FROM meters
--# counting | both | same
SELECT count(*), max(total) FROM invoices
--# joined | both | same
SELECT p.name, m.serial_no, i.number FROM properties p JOIN meters m ON m.property_id = p.id LEFT JOIN invoices i ON i.property_id = p.id
--# full join | both | same
SELECT p.id, m.id FROM properties p FULL JOIN meters m ON m.property_id = p.id AND m.kind = 'water'
--# USING | both | same
SELECT id, serial_no, number FROM meters JOIN invoices USING (id, tenant_id, property_id)
--# naming another node | both | same
SELECT id FROM meters WHERE property_id IN (1003, 1004) OR property_id = 1005
--# everything but | both | same
SELECT id FROM meters WHERE NOT property_id = 1001
--# dividing by what is zero for another node | both | same
SELECT id FROM meters WHERE 12 / (property_id - 1003) <> 0
--# dividing in the select list | both | same
SELECT 12 / (property_id - 1003) FROM meters
--# dividing in a sub-select on the nullable side | both | same
SELECT p.id, s.x FROM properties p LEFT JOIN (SELECT 12 / (property_id - 1003) AS x, property_id FROM meters) s ON s.property_id = p.id
--# dividing behind an index | both | same
SELECT id FROM meters WHERE secret = 'CANARY_T1_meter3' AND 12 / (property_id - 1003) <> 0
--# dividing in an update | both | same
UPDATE meters SET kind = 'CANARY_T1_x' WHERE 12 / (property_id - 1003) <> 0
--# dividing in a delete | both | same
DELETE FROM reminders WHERE 12 / (invoice_id - 1003) <> 0
--# dividing in an update from | both | same
UPDATE meters m SET kind = p.name FROM properties p WHERE p.id = m.property_id AND 12 / (m.property_id - 1003) <> 0
--# casting to a number what is none for other tenants | both | same
SELECT id FROM properties WHERE code::int > 7
--# through a limited parent | both | same
SELECT * FROM reminders
--# through a limited parent, dividing | both | same
SELECT id, 12 / divisor FROM reminders WHERE 12 / (invoice_id - 1003) <> 0
--# a view | both | same
SELECT * FROM open_invoices
--# a view with an aggregate | both | same
SELECT * FROM property_totals
--# what the level does not apply to | both | same
SELECT id, title FROM documents
--# shared | both | same
SELECT * FROM tariffs
--# silent about the level | both | refused 42501
SELECT * FROM payments
--# through a silent parent | both | refused 42501
SELECT * FROM receipts
--# a partition of a silent table | both | refused 42501
SELECT * FROM readings_2024
--# a view over a silent table | both | refused
SELECT * FROM stamped
--# a silent table in a sub-select | both | refused 42501
SELECT id FROM meters WHERE EXISTS (SELECT FROM readings)
--# writing to a silent table | both | refused 42501
UPDATE payments SET amount = 1
--# locking | both | same
SELECT id FROM meters ORDER BY id FOR UPDATE
--# update | both | same
UPDATE meters SET kind = 'CANARY_T1_new'
--# update another node's | both | same
UPDATE meters SET kind = 'x' WHERE property_id = 1003 RETURNING id
--# moving to an own node | both | same
UPDATE meters SET property_id = 1002 WHERE property_id = 1001 RETURNING id
--# moving to another node | both | refused 42501
UPDATE meters SET property_id = 1003 WHERE property_id = 1001
--# moving to another node by an expression | both | refused 42501
UPDATE meters SET property_id = property_id + 2 WHERE property_id = 1001
--# moving to what a parameter says | extended | same
--$ 1002 | 1001
UPDATE meters SET property_id = $1 WHERE id = $2
--# moving to another node by a parameter | extended | refused 42501
--$ 1003 | 1001
UPDATE meters SET property_id = $1 WHERE id = $2
--# insert | both | same
INSERT INTO meters (id, property_id, serial_no, kind) VALUES (7001, 1001, 'a', 'b') RETURNING *
--= as
INSERT INTO meters (id, property_id, serial_no, kind, tenant_id) VALUES (7001, 1001, 'a', 'b', 1) RETURNING *
--# insert by parameters | extended | same
--$ 7001 | 1002
INSERT INTO meters (id, property_id, serial_no, kind) VALUES ($1, $2, 'a', 'b') RETURNING *
--= as
INSERT INTO meters (id, property_id, serial_no, kind, tenant_id) VALUES ($1, $2, 'a', 'b', 1) RETURNING *
--# insert into another node | both | refused 42501
INSERT INTO meters (id, property_id, serial_no, kind) VALUES (7001, 1003, 'a', 'b')
--# insert into another node by a parameter | extended | refused 42501
--$ 7001 | 1003
INSERT INTO meters (id, property_id, serial_no, kind) VALUES ($1, $2, 'a', 'b')
--# insert into no node by a parameter | extended | refused 42501
--$ 7001 | NULL
INSERT INTO meters (id, property_id, serial_no, kind) VALUES ($1, $2, 'a', 'b')
--# insert into no node | both | refused 42501
INSERT INTO invoices (id, number) VALUES (7001, 'a')
--# insert of what was read | both | same
INSERT INTO invoices (id, property_id, number) SELECT id + 7000, property_id, serial_no FROM meters
--= as
INSERT INTO invoices (id, property_id, number, tenant_id) SELECT id + 7000, property_id, serial_no, 1 FROM meters
--# delete | both | same
DELETE FROM meters
--# delete another node's | both | same
DELETE FROM meters WHERE property_id = 1004
--# partitions of partitions | both | same
SELECT * FROM ticks
--# a partition by its name | both | same
SELECT * FROM ticks_a_low WHERE 12 / (property_id - 1003) <> 0
--# update that moves rows between partitions | both | same
UPDATE ticks SET at = at + 10 WHERE kind = 'a' RETURNING *
--# insert into a partition without the level | both | refused 42501
INSERT INTO ticks_a_low (kind, at) VALUES ('a', 1)
--# insert into a partition of no node | both | refused 42501
INSERT INTO ticks_a_low (kind, at, property_id) VALUES ('a', 1, 1003)
--# a materialized view that is silent | both | refused 42501
SELECT * FROM sums
--# nested views | both | same
SELECT * FROM nested
--# views with sub-selects | both | same
SELECT * FROM correlated
--# a view of everything | both | same
SELECT * FROM either
--# a view that casts | both | same
SELECT * FROM barred
--# what goes out by COPY | both | same
COPY meters TO STDOUT
--;
COPY (SELECT id FROM invoices ORDER BY id) TO STDOUT (FORMAT csv)
--# COPY in | both | same
--< 1\t1001\tA
--< 1\t 1002\tB
COPY invoices (tenant_id, property_id, number) FROM STDIN
--;
SELECT * FROM invoices ORDER BY id
--# COPY in as csv | both | same
--< 7001,1,"1002",s1,"a
--< b"
--< 7002,1,1001,s2,c
COPY meters (id, tenant_id, property_id, serial_no, kind) FROM STDIN (FORMAT csv)
--;
SELECT * FROM meters ORDER BY id
--# COPY in of a value that is none | both | refused 42501
--< 1\tx\tA
COPY invoices (tenant_id, property_id, number) FROM STDIN
--# COPY in of too few fields | both | same
--< 1
COPY invoices (tenant_id, property_id, number) FROM STDIN
--# COPY in for another node | both | refused 42501
--< 1001\tA
--< 1003\tB
COPY invoices (property_id, number) FROM STDIN
--;
--< \x31003\tB
COPY invoices (property_id, number) FROM STDIN
--;
--< 1003,B
COPY invoices (property_id, number) FROM STDIN (FORMAT csv)
--# COPY in for no node | both | refused 42501
--< 1\t\N\tA
COPY ticks (tenant_id, property_id, kind, at) FROM STDIN
--# COPY in without the level | both | refused 42501
COPY invoices (number) FROM STDIN
--;
COPY ticks (kind, at) FROM STDIN
--# COPY in where the level does not apply | both | same
--< 7001\talder\tt\tb\t{}
COPY documents (id, tenant_key, title, body, doc) FROM STDIN
--# COPY in of a silent table | both | refused 42501
COPY payments FROM STDIN
--# COPY in of a table that is scoped through another | both | refused 0A000
COPY reminders FROM STDIN
--# merge | both | same
MERGE INTO meters m USING properties p ON m.property_id = p.id AND m.kind = 'heat' WHEN MATCHED THEN UPDATE SET secret = p.name WHEN NOT MATCHED THEN INSERT (id, tenant_id, property_id, serial_no, kind) VALUES (p.id + 6000, 1, p.id, p.name || 'x', 'k')
--# merge with all that there is | both | same
MERGE INTO invoices i USING (SELECT count(*) AS n FROM meters) c ON i.total > 0 WHEN MATCHED THEN UPDATE SET memo = c.n::text
--# merge another node's row | both | same
MERGE INTO meters m USING (VALUES (1003), (1001)) v(id) ON m.id = v.id WHEN MATCHED THEN DELETE
--# merge dividing by what is zero for another node | both | same
MERGE INTO meters m USING properties p ON m.property_id = p.id WHEN MATCHED AND 12 / (m.property_id - 1003) <> 0 THEN UPDATE SET kind = 'CANARY_T1_x' WHEN MATCHED THEN DELETE
--# merge into another node | both | refused 42501
MERGE INTO meters m USING (VALUES (1003)) v(id) ON m.id = v.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, property_id, serial_no, kind) VALUES (v.id + 6000, 1003, 'x', 'k')
--# merge into another node by what the source says | both | refused 42501
MERGE INTO meters m USING (VALUES (7001, 1003)) v(id, p) ON m.id = v.id WHEN NOT MATCHED THEN INSERT (id, property_id, serial_no, kind) VALUES (v.id, v.p, 'x', 'k')
--# merge into no node | both | refused 42501
MERGE INTO ticks t USING (VALUES (7)) v(at) ON t.at = v.at WHEN NOT MATCHED THEN INSERT (kind, at) VALUES ('a', v.at)
--# merge that moves a row to another node | both | refused 42501
MERGE INTO meters m USING properties p ON m.property_id = p.id WHEN MATCHED THEN UPDATE SET property_id = 1003
--# merge that moves a row to an own node | both | same
MERGE INTO meters m USING properties p ON m.property_id = p.id WHEN MATCHED THEN UPDATE SET property_id = 1002
--# merge by parameters | extended | same
--$ 1002 | 1001 | 7001
MERGE INTO meters m USING properties p ON m.property_id = p.id AND m.id = $2 WHEN MATCHED THEN UPDATE SET property_id = $1 WHEN NOT MATCHED THEN INSERT (id, tenant_id, property_id, serial_no, kind) VALUES ($3, 1, $1, 'x', 'k')
--# merge by parameters into another node | extended | refused 42501
--$ 1003 | 1001
MERGE INTO meters m USING properties p ON m.property_id = p.id AND m.id = $2 WHEN MATCHED THEN UPDATE SET property_id = $1
--# merge through a limited parent | both | same
MERGE INTO reminders r USING invoices i ON r.invoice_id = i.id WHEN MATCHED AND 12 / (r.invoice_id - 1003) <> 0 THEN UPDATE SET text = i.number WHEN NOT MATCHED THEN INSERT (id, invoice_id, text) VALUES (i.id + 6000, i.id, 'CANARY_T1_x')
--# merge by another node's invoice | both | same
MERGE INTO reminders r USING (VALUES (7001)) v(id) ON r.id = v.id WHEN NOT MATCHED THEN INSERT (id, invoice_id, text) VALUES (v.id, 1003, 'x')
--# merge another node's reminders | both | same
MERGE INTO reminders r USING (SELECT generate_series(1001, 1009) AS id) v ON r.id = v.id WHEN MATCHED THEN DELETE
--# merge of a silent table | both | refused 42501
MERGE INTO payments p USING invoices i ON p.invoice_id = i.id WHEN MATCHED THEN DELETE
--# insert by an own invoice | both | same
INSERT INTO reminders (id, invoice_id, text) VALUES (7001, 1001, 'x') RETURNING *
--# insert by another node's invoice | both | same
INSERT INTO reminders (id, invoice_id, text) VALUES (7001, 1003, 'x')
--# insert by what was read | both | same
INSERT INTO reminders (id, invoice_id, text) SELECT id + 7000, id, number FROM invoices
--# giving to another node's invoice | both | same
UPDATE reminders SET invoice_id = invoice_id + 2
--# one shape again and again, then another node in it | simple | same
UPDATE meters SET property_id = 1001 WHERE id = 1001
--;
UPDATE meters SET property_id = 1002 WHERE id = 1001
--;
UPDATE meters SET property_id = 1001 WHERE id = 1001
--;
UPDATE meters SET property_id = 1001 WHERE id = 1001
--;
--! refused 42501
UPDATE meters SET property_id = 1003 WHERE id = 1001
--;
--! refused 42501
UPDATE meters SET property_id = 1003 WHERE id = 1001
--;
INSERT INTO reminders (id, invoice_id, text) VALUES (7001, 1001, 'x')
--;
INSERT INTO reminders (id, invoice_id, text) VALUES (7002, 1002, 'x')
--;
INSERT INTO reminders (id, invoice_id, text) VALUES (7003, 1003, 'x')
--;
SELECT id FROM meters WHERE property_id = 1003
--;
SELECT id FROM meters WHERE property_id = 1001
--;
SELECT id FROM meters WHERE property_id = 1003
--# one shape again and again, prepared in SQL | simple | same-or-refused
PREPARE q (bigint) AS SELECT id FROM meters WHERE property_id = $1
--;
EXECUTE q (1001)
--;
EXECUTE q (1003)
