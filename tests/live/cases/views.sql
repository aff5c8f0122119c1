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
