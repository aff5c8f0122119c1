-- Views, partitions, inheritance and what else is a relation but no plain table.
--# nested | both | same
SELECT * FROM nested
--# three deep | both | same
SELECT * FROM deep
--# joined with itself | both | same
SELECT a.number, b.name FROM nested a LEFT JOIN nested b ON b.id = a.id + 1
--# set operations | both | same
SELECT * FROM either
--# aggregates | both | same
SELECT * FROM kinds
--# with a CTE | both | same
SELECT * FROM counted
--# recursive | both | same
SELECT * FROM tree
--# DISTINCT ON | both | same
SELECT * FROM latest
--# LATERAL | both | same
SELECT * FROM firsts
--# full join USING | both | same
SELECT * FROM fulls
--# natural join | both | same
SELECT * FROM natural_join
--# sub-selects | both | same
SELECT * FROM correlated
--# a column that is called like the tenant's and is another | both | same
SELECT * FROM misnamed WHERE tenant_id > 1
--# names that need quotes | both | same
SELECT "The Text", "from" FROM "Odd View"
--# security barrier | both | same
SELECT * FROM barred
--# casts in the view, divisions outside | both | same
SELECT id FROM barred WHERE 100 / code > 3
--# expressions | both | same
SELECT * FROM cased
--# grouping sets | both | same
SELECT * FROM grouped
--# shared beside own | both | same
SELECT * FROM tariffed
--# values | both | same
SELECT * FROM constants WHERE a > 1
--# a partition of another tenant | both | same
SELECT * FROM own_partition
--# ONLY in a view | both | same
SELECT * FROM only_assets
--# locking in a view | both | same-or-refused
SELECT * FROM locked
--# FOR UPDATE of a view | both | same-or-refused
SELECT id FROM open_invoices FOR UPDATE
--# a condition that fails elsewhere, over a view | both | same
SELECT serial_no FROM firsts WHERE 1 / (id - 2001) < 1
--# a view as a row | both | same-or-refused
SELECT v FROM nested v
--# a view's alias list | both | same
SELECT a, c FROM nested AS v (a, b, c)
--# a view in a sub-select | both | same
SELECT id FROM meters WHERE property_id IN (SELECT id FROM firsts)
--# a hidden table in it | both | refused
SELECT * FROM no_staffed
--# a function in it | both | refused
SELECT * FROM no_function
--# TABLESAMPLE of everything in it | both | same-or-refused
SELECT * FROM no_sample
--# a view in it that is refused | both | refused
SELECT * FROM no_nested
--# a hidden materialized view in it | both | refused
SELECT * FROM no_matview
--# a materialized view with the tenant column | both | same
SELECT * FROM sums
--# a view over it | both | same
SELECT * FROM of_sums
--# writing to it | both | refused
DELETE FROM sums
--# a foreign table | both | refused 42501
SELECT * FROM far
--# partitions of partitions | both | same
SELECT * FROM ticks
--# a partition that is partitioned | both | same
SELECT * FROM ticks_a
--# a partition of a partition | both | same
SELECT * FROM ticks_a_low
--# ONLY a partitioned table | both | same
SELECT * FROM ONLY ticks
--# ONLY a partitioned partition | both | same
SELECT count(*) FROM ONLY ticks_a
--# with a star | both | same
SELECT count(*) FROM ticks_a *
--# with a star and an alias | both | same
SELECT count(a.label) FROM assets * AS a
--# the child of an inheriting table | both | same
SELECT label, plate FROM vehicles
--# where a row is | both | same
SELECT tableoid::regclass::text, count(*) FROM assets GROUP BY 1
--! same-or-refused
--# update a partition of a partition | both | same
UPDATE ticks_a_low SET property_id = 7 WHERE at > 0
--# update that moves rows between partitions | both | same
UPDATE ticks SET at = at + 10 WHERE kind = 'a'
--# delete from a partitioned partition | both | same
DELETE FROM ticks_a WHERE at < 4 RETURNING *
--# delete with a star | both | same-or-refused
DELETE FROM assets * WHERE label LIKE '%asset1'
--# insert into a partition of a partition | both | same
INSERT INTO ticks_a_low (kind, at) VALUES ('a', 1)
--= as
INSERT INTO ticks_a_low (kind, at, tenant_id) VALUES ('a', 1, 1)
--# write view: update | both | same
UPDATE open_invoices SET memo = 'seen' WHERE total > 0 RETURNING *
--# write view: update with a condition that fails elsewhere | both | same
UPDATE open_invoices AS o SET memo = 'x' WHERE 100 / o.total > 0 RETURNING o.id, memo
--# write view: without the tenant column | both | same
UPDATE serials SET kind = kind || '!' RETURNING *
--# write view: delete what it shows only | both | same
DELETE FROM open_invoices RETURNING number
--# write view: another table beside | both | same
UPDATE serials SET kind = i.number FROM open_invoices i WHERE i.id > 1001 AND serial_no LIKE '%sn1' RETURNING serial_no
--# write view: in a CTE | both | same
WITH w AS (UPDATE serials SET kind = 'k' RETURNING *) SELECT kind, count(*) FROM w GROUP BY kind
--# write view: to another tenant | both | refused 42501
UPDATE open_invoices SET tenant_id = 2
--# write view: to the property of another | both | same
UPDATE open_invoices SET property_id = 2001
--# write view: a column of the table | both | refused 42703
UPDATE serials SET kind = 'x' WHERE property_id = 1001
--# write view: the tenant column where it has none | both | refused 42703
UPDATE serials SET tenant_id = 1
--# write view: the row of the table | both | refused 0A000
UPDATE serials SET kind = 'x' RETURNING serials
--# write view: a security barrier | both | refused 0A000
UPDATE barred SET code = 1
--# write view: a check option | both | refused 0A000
UPDATE checked_meters SET divisor = 0
--# write view: a default of its own | both | refused 0A000
UPDATE defaulted SET kind = DEFAULT
--# write view: instead of | both | refused 0A000
DELETE FROM instead_of
--# write view: a list of constants | both | same
UPDATE metered_kinds SET divisor = 9 RETURNING *
--# write view: renamed columns | both | refused 0A000
UPDATE misnamed SET id = 1
--# write view: a failing condition of its own | both | refused 0A000
DELETE FROM divided
--# write view: grouped | both | refused 55000
UPDATE kinds SET n = 1
--# write view: joined | both | refused 55000
DELETE FROM nested
--# write view: union | both | refused 55000
DELETE FROM texts
--# write view: distinct | both | refused 55000
UPDATE latest SET value = 1
--# write view: insert | both | same
INSERT INTO open_invoices (property_id, number, total) VALUES (1001, 'V-1', 5), (1002, 'V-2', DEFAULT) RETURNING *
--= as
INSERT INTO open_invoices (property_id, number, total, tenant_id) VALUES (1001, 'V-1', 5, 1), (1002, 'V-2', DEFAULT, 1) RETURNING *
--# write view: insert without a column list | both | same
INSERT INTO open_invoices VALUES (7001, 1, 1001, 'V-1') RETURNING id, open_invoices.memo
--# write view: insert too much | both | same
INSERT INTO open_invoices VALUES (7001, 1, 1001, 'V-1', 5, 'memo', 'open')
--# write view: insert where it has no tenant column, nor what else there must be | both | same
INSERT INTO metered_kinds (kind, divisor, id) VALUES ('k', 3, 7001)
--= as
INSERT INTO meters (kind, divisor, id, tenant_id) VALUES ('k', 3, 7001, 1)
--# write view: insert of what was read | both | same
INSERT INTO open_invoices (tenant_id, property_id, number, memo) SELECT tenant_id, property_id, serial_no, kind FROM meters WHERE tariff IS NOT NULL RETURNING number
--# write view: insert of defaults | both | same
INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (1, 1001, DEFAULT)
--# write view: insert of a key that is there | both | same
INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1')
--# write view: insert for the property of another | both | same
INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (1, 2001, 'V-1')
--# write view: insert for another tenant | both | refused 42501
INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (2, 2001, 'V-1')
--# write view: insert of a column that it has not | both | same
INSERT INTO open_invoices (tenant_id, property_id, number, status) VALUES (1, 1001, 'V-1', 'paid')
--# write view: insert by parameters | extended | same
--$ 1001 | V-1
INSERT INTO open_invoices AS v (tenant_id, property_id, number) VALUES (1, $1, $2) RETURNING v.number, v.total
--# write view: insert returning what it hides | both | same
INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (1, 1001, 'V-1') RETURNING status
--# write view: insert in a CTE | both | same
WITH w AS (INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (1, 1001, 'V-1') RETURNING *) SELECT w.number, m.status FROM w, invoices m WHERE m.id = 1001
--# write view: conflict | both | same
INSERT INTO open_invoices AS o (tenant_id, property_id, number, memo) VALUES (1, 1001, 'INV-2', 'a'), (1, 1002, 'INV-3', 'b'), (1, 1003, 'V-1', 'c') ON CONFLICT (tenant_id, number) DO UPDATE SET memo = excluded.memo || o.number WHERE o.property_id > 1001 RETURNING *
--# write view: conflict, nothing | both | same
INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-2'), (1, 1001, 'V-1') ON CONFLICT (tenant_id, number) DO NOTHING RETURNING number
--# write view: conflict by what it hides | both | refused 42703
INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-2') ON CONFLICT (tenant_id, number) DO UPDATE SET memo = excluded.status
--# write view: conflict on a constraint | both | refused 42704
INSERT INTO open_invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-2') ON CONFLICT ON CONSTRAINT invoices_tenant_id_number_key DO NOTHING
--# write view: conflict with another tenant's row | both | refused 23505
INSERT INTO open_invoices (id, tenant_id, property_id, number) VALUES (2001, 1, 1001, 'V-1') ON CONFLICT (id) DO UPDATE SET memo = 'taken' RETURNING *
--# write view: insert, a check option | both | refused 0A000
INSERT INTO checked_meters (id, divisor) VALUES (7001, 0)
--# write view: insert, a default of its own | both | refused 0A000
INSERT INTO defaulted (id) VALUES (7001)
--# write view: insert, instead of | both | refused 0A000
INSERT INTO instead_of (id) VALUES (7001)
--# write view: insert, renamed columns | both | refused 0A000
INSERT INTO misnamed (id) VALUES (1)
--# write view: insert, grouped | both | refused 55000
INSERT INTO kinds (n) VALUES (1)
--# write view: insert, joined | both | refused 55000
INSERT INTO nested (id) VALUES (1)
--# write view: insert, over what is hidden | both | refused
INSERT INTO no_matview (name) VALUES ('x')
--# write view: merge | both | refused 0A000
MERGE INTO open_invoices o USING properties p ON p.id = o.property_id WHEN MATCHED THEN DELETE
--# write view: copy | both | refused 42809
COPY open_invoices FROM STDIN
--# a view that cannot be confined does not say what is in it | both | refused 42501
--! refused
--~ staff_names
SELECT * FROM no_staffed
--# a view over a column of names | both | refused
SELECT * FROM no_watched
--# locking the rows of a view over a shared relation | both | refused 42501
SELECT * FROM tariffed FOR UPDATE
--# locking the rows of a view over a shared relation, by name | both | refused 42501
SELECT v.id FROM tariffed AS v FOR SHARE OF v
--# locking the rows of a view of own rows | both | same
SELECT * FROM locked FOR UPDATE
