-- The rarer parts of PostgreSQL's grammar, and pgmoat's own functions. See cases.rs for the form of this file.
--# recursion with SEARCH and CYCLE | both | same
--= ordered
WITH RECURSIVE t(id, parent_id) AS (SELECT id, parent_id FROM categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.parent_id FROM categories c JOIN t ON c.parent_id = t.id) SEARCH DEPTH FIRST BY id SET o CYCLE id SET looped TO 'yes' DEFAULT 'no' USING path SELECT t.id, looped, path FROM t ORDER BY o
--# breadth first | both | same
WITH RECURSIVE t(id) AS (SELECT id FROM categories UNION ALL SELECT c.id FROM categories c JOIN t ON c.parent_id = t.id WHERE 1 / (c.id - c.id + 1) = 1) SEARCH BREADTH FIRST BY id SET o SELECT count(*), min(o::text) FROM t
--# alias of a USING list | both | same
SELECT j.tenant_id, p.name, m.serial_no FROM properties p JOIN meters m USING (tenant_id) AS j WHERE j.tenant_id < 100 AND p.id = m.property_id
--# alias of a USING list in an outer join | both | same
SELECT j.id, p.name, i.number FROM properties p LEFT JOIN invoices i USING (id) AS j
--# functions in one list | both | same
SELECT m.serial_no, r.* FROM meters m, ROWS FROM (generate_series(1, m.divisor + 1), unnest(ARRAY[m.id, m.property_id])) WITH ORDINALITY AS r(a, b, n)
--# functions with column definitions in one list | both | same
SELECT r.a, r.b, r.n FROM ROWS FROM (json_to_recordset((SELECT json_agg(json_build_object('a', id, 'b', name)) FROM properties)) AS (a int, b text), generate_series(1, 3)) AS r(a, b, n)
--# IN of VALUES | both | same
SELECT name FROM properties WHERE id IN (VALUES (1001), (2001), (3001))
--# IN of VALUES with sub-selects | both | same
SELECT name FROM properties WHERE id NOT IN (VALUES ((SELECT min(id) FROM properties)), (2001))
--# ANY of a set operation | both | same
SELECT name FROM properties WHERE id = ANY ((SELECT property_id FROM meters) EXCEPT (SELECT property_id FROM invoices))
--# ALL of VALUES | both | same
SELECT name FROM properties WHERE id <> ALL (VALUES (1001), (2002))
--# sub-selects in a list | both | same
SELECT name FROM properties WHERE id IN ((SELECT min(property_id) FROM meters), (SELECT max(property_id) FROM meters))
--# LIKE ANY | both | same
SELECT name FROM properties WHERE name LIKE ANY (ARRAY['A%', '%e%']) OR town NOT ILIKE ALL (ARRAY['x%', '%y'])
--# LIKE ANY of patterns that are wrong for others | both | same
SELECT name FROM properties WHERE name LIKE ANY (ARRAY[code, 'a%'])
--# arithmetic before ANY | both | same
SELECT name FROM properties WHERE id * ANY (ARRAY[1, 2])
--# operators in full | both | same
SELECT name FROM properties WHERE id OPERATOR(pg_catalog.=) ANY (ARRAY[1001, 2001]) AND units OPERATOR(pg_catalog.>=) 0
--# nested grouping sets | both | same
SELECT kind, tariff, count(*), sum(divisor), grouping(kind, tariff) FROM meters GROUP BY GROUPING SETS ((), kind, ROLLUP (tariff, kind), GROUPING SETS (CUBE (kind)))
--# distinct grouping sets | both | same
SELECT kind, tariff, count(*) FROM meters GROUP BY DISTINCT ROLLUP (kind, tariff), ROLLUP (kind)
--# cube | both | same
SELECT kind, tariff, count(*) FROM meters GROUP BY CUBE ((kind), tariff)
--# collation | both | same
SELECT COLLATION FOR (name), name::varchar COLLATE "C" < 'm' FROM properties
--# named arguments | both | same
SELECT make_interval(days => units, hours := 2) FROM properties WHERE make_interval(days => units) > interval '0'
--# frames of intervals | both | same
SELECT number, sum(total) OVER (ORDER BY due RANGE BETWEEN '10 days'::interval PRECEDING AND interval '1 day' FOLLOWING EXCLUDE TIES) FROM invoices
--# trim | both | same
SELECT trim(trailing FROM name), trim(FROM town), trim(both 'A' FROM name) FROM properties
--# star after a relation with an alias | both | same
SELECT a.label FROM assets* a WHERE a.id * 2 > 0
--# parts of columns assigned | both | same
UPDATE properties SET tags[1] = 'first', extra['colour'] = '"red"', extra['deep']['er'] = to_jsonb(name) WHERE units > 0 RETURNING id, tags, extra
--# parts of columns in a list | both | same
UPDATE properties SET (tags[2], units) = ROW ('second', units + 1) WHERE id > 0 RETURNING id, tags, units
--# parts of columns inserted | both | stamped
INSERT INTO properties (id, name, code, tags[1], tags[2], extra['a']) VALUES (1900, 'parts', '5', 'x', 'y', '1') RETURNING id, tags, extra
--= as
INSERT INTO properties (id, name, code, tags[1], tags[2], extra['a'], tenant_id) VALUES (1900, 'parts', '5', 'x', 'y', '1', 1) RETURNING id, tags, extra
--# whole rows that are cast | both | same
SELECT (p.*)::text, to_jsonb(p.*)::text FROM properties p
--# composite stars of functions | both | same
SELECT p.id, (jsonb_each(p.extra)).* FROM properties p
--# prefix operators | both | same
SELECT |/ units::float8, @ (-units), - id, ~ units FROM properties
--# overlaps, distinct, symmetric | both | same
SELECT number, (due, due + 1) OVERLAPS (date '2025-01-01', date '2026-01-01'), memo IS DISTINCT FROM number, total BETWEEN SYMMETRIC 500 AND 0 FROM invoices
--# rows compared | both | same
SELECT number FROM invoices WHERE (tenant_id, property_id) IN ((1, 1001), (2, 2001)) AND ROW (id, total) > (0, 0)
--# ties | both | same
SELECT kind FROM meters ORDER BY kind FETCH FIRST 1 ROW WITH TIES
--# empty select list | both | same
SELECT FROM properties
--# samples of everything | both | same
SELECT count(*), min(p.name) FROM properties p TABLESAMPLE SYSTEM (100) JOIN meters TABLESAMPLE bernoulli (100.0) REPEATABLE (7) ON meters.property_id = p.id WHERE 1 / p.units > -1
--# a sample of everything that is no table | both | refused 0A000
SELECT count(*) FROM open_invoices TABLESAMPLE SYSTEM (100)
--# a sample of a part | both | same
SELECT count(*) BETWEEN 0 AND (SELECT count(*) FROM meters) FROM meters m TABLESAMPLE SYSTEM (50.5)
--# a sample of nothing | both | same
SELECT count(*) FROM meters TABLESAMPLE BERNOULLI (0)
--# a sample of nothing on the nullable side | both | same
SELECT count(*), count(m.id) FROM properties p LEFT JOIN meters m TABLESAMPLE BERNOULLI (0) ON m.property_id = p.id
--# a sample behind a fence | both | same
SELECT count(*) FROM properties TABLESAMPLE SYSTEM (0) WHERE 1 / units > -1
--# a sample is drawn once, however often it is joined | both | same
SELECT coalesce(bool_and(n = 0 OR n = (SELECT count(*) FROM properties)), true) FROM (SELECT m.id, count(p.id) AS n FROM meters m TABLESAMPLE BERNOULLI (50) CROSS JOIN LATERAL (SELECT p.id FROM properties p WHERE p.id + m.id > 0) p GROUP BY m.id) x
--# a sample in a correlated sub-select is one | both | same
SELECT count(DISTINCT (SELECT count(*) FROM meters m TABLESAMPLE SYSTEM (40) WHERE m.id <> p.id OR true)) FROM properties p
--# a sample under a lock | both | refused 0A000
SELECT id FROM meters TABLESAMPLE SYSTEM (50) FOR UPDATE OF meters
--# a sample of a shared relation | both | same
SELECT count(*) FROM tariffs TABLESAMPLE BERNOULLI (30) REPEATABLE (7)
--# a sample that is to be repeated | both | refused 0A000
SELECT count(*) FROM meters TABLESAMPLE SYSTEM (50) REPEATABLE (3)
--# a sample of more than there is | both | refused 0A000
SELECT count(*) FROM meters TABLESAMPLE SYSTEM (101)
--# a sample of a parameter | extended | refused 0A000
--$ 100
SELECT count(*) FROM meters TABLESAMPLE SYSTEM ($1)
--# a sample of another method | both | refused
SELECT count(*) FROM meters TABLESAMPLE system_rows (100)
--# normalization | both | same
SELECT normalize(name, NFC), name IS NFC NORMALIZED FROM properties
--# XML | both | same-or-refused
SELECT xmlelement(NAME property, xmlattributes(id AS n, town), xmlforest(name, units AS u)) FROM properties ORDER BY id
--# XML aggregated | both | same-or-refused
SELECT xmlelement(NAME all_of_them, xmlagg(xmlelement(NAME p, name) ORDER BY id)) FROM properties
--# XML of values that are none for others | both | safe
SELECT name FROM properties WHERE xmlserialize(DOCUMENT xmlparse(DOCUMENT code) AS text) = 'x'
--# the own name and id | both | same
SELECT tenant(), tenant_id(), tenant_id()::text FROM properties WHERE tenant_id = tenant_id()
--= as
SELECT 'alder' AS tenant, 1::bigint AS tenant_id, (SELECT '1'::text AS tenant_id) FROM properties WHERE tenant_id = 1
--# the own id stamped | both | stamped
INSERT INTO assets (id, tenant_id, label) VALUES (1900, tenant_id(), tenant()) RETURNING *
--= as
INSERT INTO assets (id, tenant_id, label) VALUES (1900, 1, 'alder') RETURNING *
--# the own name behind a fence | both | same
SELECT label FROM assets WHERE label <> tenant() AND 1 / (id - id + 1) = 1
--= as
SELECT label FROM assets WHERE label <> 'alder' AND 1 / (id - id + 1) = 1
--# the own id with parameters | extended | same
--$ 1001
SELECT tenant_id(), name FROM properties WHERE id = $1 AND tenant_id = tenant_id()
--= as
SELECT 1::bigint AS tenant_id, name FROM properties WHERE id = $1 AND tenant_id = 1
--# nodes of a user without limits | both | same
SELECT property_ids() IS NULL
--= as
SELECT true AS "?column?"
--# the rewritten statement | both | safe
EXPLAIN (REWRITE) SELECT p.name, o.number FROM properties p JOIN open_invoices o ON o.property_id = p.id WHERE 1 / p.units > 0
--;
EXPLAIN (REWRITE) INSERT INTO payments (invoice_id, amount) VALUES (1001, 5)
--# nothing selected | both | same
SELECT
--;
SELECT WHERE true
--;
SELECT id FROM properties WHERE EXISTS (SELECT WHERE true)
--# a part of a text by a pattern | both | same
SELECT substring(name SIMILAR '_#"%#"%' ESCAPE '#'), substring(name FOR 2 FROM 3) FROM properties
--# rows of several relations are locked | both | same
SELECT p.id, m.id FROM properties p JOIN meters m ON m.property_id = p.id FOR UPDATE OF p, m
