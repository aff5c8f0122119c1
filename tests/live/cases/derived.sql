-- Where a relation is filtered as a derived table: its system columns, and what depends on its key.
--# the oldest rows of a batch by their places | both | same
DELETE FROM payments WHERE ctid IN (SELECT ctid FROM payments WHERE paid_at < now() - interval '30 days' ORDER BY id LIMIT 1)
--# the same of an array of places | both | same
DELETE FROM stamps WHERE ctid = ANY (ARRAY(SELECT ctid FROM stamps ORDER BY id LIMIT 1)) RETURNING id
--# one row by its place | both | same
UPDATE properties SET units = units + 1 WHERE ctid = (SELECT ctid FROM properties WHERE name ILIKE '%a%' ORDER BY id LIMIT 1) RETURNING id, units
--# one row by its place, locked | both | same
UPDATE properties SET units = 9 WHERE ctid = (SELECT ctid FROM properties WHERE 10 / units > 0 ORDER BY id LIMIT 1 FOR UPDATE) RETURNING id, units
--# rows by place and table | both | same
DELETE FROM stamps WHERE (ctid, tableoid) IN (SELECT ctid, tableoid FROM stamps WHERE 1 / id >= 0 ORDER BY id LIMIT 1)
--# all but the first of each kind | both | same
DELETE FROM documents WHERE ctid NOT IN (SELECT min(ctid) FROM documents GROUP BY tenant_key HAVING count(*) / 1 > 0) RETURNING tenant_key
--# places by the table's name | both | same
SELECT p.id, p.ctid IS NOT NULL, p.xmin IS NULL, p.tableoid::regclass::text FROM properties p WHERE 10 / units > 0
--# partitions by name behind a fence | both | same
SELECT tableoid::regclass::text, count(*) FROM readings WHERE 10 / value > 0 GROUP BY tableoid ORDER BY 1
--# places of both sides of a full join | both | same
SELECT i.id, y.id, i.ctid IS NULL, y.ctid IS NULL FROM invoices i FULL JOIN payments y ON y.invoice_id = i.id AND 1 / y.id >= 0
--# places where a name is in two tables | both | same
SELECT ctid FROM invoices i, payments y WHERE 1 / y.id > 0
--# places beside all columns | both | same
SELECT p.ctid IS NULL, p.*, * FROM properties p WHERE 10 / units > 0
--# places beside all columns of two tables | both | same
SELECT i.ctid IS NULL, * FROM invoices i JOIN payments y ON y.invoice_id = i.id WHERE 1 / y.id > 0
--# places beside a whole row | both | refused 0A000
SELECT p.ctid, to_jsonb(p) FROM properties p WHERE 10 / units > 0
--# places beside a natural join | both | refused 0A000
SELECT p.ctid FROM properties p NATURAL JOIN meters m WHERE 10 / units > 0
--# the place of an outer row | both | same
SELECT id FROM properties p WHERE EXISTS (SELECT FROM meters m WHERE m.property_id = p.id AND p.ctid IS NOT NULL AND 1 / m.divisor > 0)
--# a column of a sub-select that is called like a place | both | same
SELECT x.ctid FROM (SELECT id AS ctid FROM properties WHERE 10 / units > 0) x ORDER BY ctid
--# by key, with a pattern | both | same
SELECT p.id, p.name, count(i.id) FROM properties p LEFT JOIN invoices i ON i.property_id = p.id WHERE p.name ILIKE '%e%' GROUP BY p.id
--# by key, with the other table's condition | both | same
SELECT p.id, p.name, p.town, sum(i.total) FROM properties p JOIN invoices i ON i.property_id = p.id WHERE i.total * 2 > 10 GROUP BY p.id ORDER BY p.name, p.built
--# by key, a condition of the groups | both | same
SELECT p.name FROM properties p JOIN meters m ON m.property_id = p.id GROUP BY p.id HAVING 10 / count(*) > 1 AND p.units > 0
--# by key, all columns | both | same
SELECT p.*, count(*) FROM properties p JOIN meters m ON m.property_id = p.id WHERE 1 / m.divisor > 0 GROUP BY p.id
--# by place in the list and by alias | both | same
SELECT p.id AS number, m.id, p.name, m.serial_no FROM properties p JOIN meters m ON m.property_id = p.id WHERE 1 / m.divisor > 0 GROUP BY number, 2
--# by a key of several columns | both | same
SELECT r.tenant_id, r.meter_id, r.taken_on, r.note, r.value FROM readings r WHERE 10 / value > 0 GROUP BY (r.tenant_id, r.meter_id), r.taken_on
--# by a part of the key | both | refused 42803
SELECT r.meter_id, r.note FROM readings r WHERE 10 / value > 0 GROUP BY r.meter_id, r.taken_on
--# by key, whole rows | both | same
SELECT to_jsonb(y), count(*) FROM payments y WHERE 1 / y.id >= 0 GROUP BY y.id
--# by key, documents inside aggregates and beside them | both | same
SELECT d.id, d.title, json_agg(d.doc) FROM documents d WHERE d.title ~ '.' GROUP BY d.id
--# by key, of a sub-select in the list | both | same
SELECT p.id, (SELECT count(*) FROM invoices i WHERE i.property_id = p.id AND p.units > 0 AND 1 / i.id >= 0) FROM properties p GROUP BY p.id
--# by key, sets of groups | both | refused 42803
SELECT p.id, p.name, m.kind, count(*) FROM properties p JOIN meters m ON m.property_id = p.id WHERE 1 / m.divisor > 0 GROUP BY p.id, ROLLUP (m.kind)
--# by key, through another table | both | same
SELECT c.id, c.text, count(s.id) FROM receipts c LEFT JOIN stamps s ON s.receipt_id = c.id WHERE 1 / c.divisor > 0 GROUP BY c.id
--# by what other names make look like the key | both | refused 42803
SELECT p.id, p.tenant_id FROM properties p(name, tenant_id, id) WHERE 10 / units > 0 GROUP BY p.id
--# in a window over groups | both | same
SELECT p.id, rank() OVER (ORDER BY p.name, count(*)) FROM properties p JOIN meters m ON m.property_id = p.id WHERE 1 / m.divisor > 0 GROUP BY p.id
--# by key, sets of its columns | both | refused 42803
SELECT id, divisor, count(*) FROM meters WHERE 1 / divisor < 2 GROUP BY id, ROLLUP (divisor), kind, ROLLUP (secret) HAVING serial_no > ''
