-- SELECT in every shape. See cases.rs for the form of this file.
--# all rows | both | same
SELECT * FROM properties
--# in order | both | same
--= ordered
SELECT id, name FROM properties ORDER BY id DESC
--# count | both | same
SELECT count(*), sum(units), min(name), max(name) FROM properties
--# where on own id | both | same
SELECT name FROM properties WHERE id = 1002
--# where on foreign id | both | same
SELECT name FROM properties WHERE id = 2002
--# disjunction | both | same
SELECT name FROM properties WHERE id = 2002 OR true
--# disjunction without parentheses | both | same
SELECT name FROM properties WHERE tenant_id = 2 OR tenant_id = 3 OR 1 = 1
--# not the own tenant | both | same
SELECT * FROM properties WHERE NOT tenant_id = 1
--# tenant column in the list | both | same
SELECT tenant_id, count(*) FROM meters GROUP BY tenant_id
--# schema-qualified | both | same
SELECT name FROM public.properties
--# alias | both | same
SELECT p.name, p.tenant_id FROM properties p WHERE p.units > 2
--# alias with as | both | same
SELECT x.* FROM properties AS x
--# alias of another table's name | both | same
SELECT meters.name FROM properties AS meters
--# column aliases | both | same
SELECT a, b, tenant_id FROM properties AS p(a, b)
--# column aliases that swap the tenant column | both | same
SELECT tenant_id, id FROM properties AS p(tenant_id, id)
--# column aliases that hide the tenant column | both | same
SELECT c1, c2, c3 FROM meters AS m(c1, c2, c3) WHERE c2 = 2
--# output column named tenant_id | both | same
SELECT units AS tenant_id FROM properties WHERE tenant_id = 1
--# order by an output alias named tenant_id | both | same
SELECT id AS tenant_id FROM properties ORDER BY tenant_id
--# text tenant column | both | same
SELECT * FROM documents
--# text tenant column with a foreign key in where | both | same
SELECT * FROM documents WHERE tenant_key = 'birch'
--# uuid tenant column | both | same
SELECT * FROM api_keys
--# uuid tenant column, foreign uuid spelled in braces | both | same
SELECT * FROM api_keys WHERE tenant_uuid = '{22222222-2222-2222-2222-222222222222}'
--# table scoped by another column | both | same
SELECT * FROM organisations
--# table scoped by another column, foreign id | both | same
SELECT * FROM organisations WHERE id IN (2, 3)
--# shared table | both | same
SELECT * FROM tariffs
--# mixed case | both | same
SELECT * FROM "Meter Notes"
--# mixed case columns | both | same
SELECT "Id", "Note Text", "select" FROM "Meter Notes" AS "N" WHERE "N"."select" >= 1
--# long name | both | same
SELECT * FROM work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1
--# partitioned table | both | same
SELECT * FROM readings
--# partition by its own name | both | same
SELECT * FROM readings_2024
--# default partition | both | same
SELECT * FROM readings_rest
--# partition of another tenant | both | same
SELECT * FROM journal_2
--# partition of the own tenant | both | same
SELECT * FROM journal_1
--# inheritance parent | both | same
SELECT * FROM assets
--# inheritance child | both | same
SELECT * FROM vehicles
--# only | both | same
SELECT * FROM ONLY assets
--# only with parentheses | both | same
SELECT * FROM ONLY (assets)
--# star after the name | both | same-or-refused
SELECT * FROM assets *
--# view | both | same
SELECT * FROM open_invoices
--# view with a join and grouping | both | same
SELECT * FROM property_totals
--# view without the tenant column | both | same
SELECT * FROM serials
--# view joined to a table | both | same
SELECT v.number, p.name FROM open_invoices v JOIN properties p ON p.id = v.property_id
--# view with an alias | both | same
SELECT s.serial_no FROM serials AS s WHERE s.kind = 'water'
--# materialized view | both | refused
SELECT * FROM revenue
--# hidden table | both | refused 42P01
SELECT * FROM staff_names
--# hidden table, qualified | both | refused 42P01
SELECT * FROM public.staff_names
--# table that does not exist | both | same
SELECT * FROM no_such_table
--# column that does not exist | both | same
SELECT nothing FROM properties
--# inner join | both | same
SELECT p.name, m.serial_no FROM properties p JOIN meters m ON m.property_id = p.id
--# join on the tenant column alone | both | same
SELECT p.name, m.serial_no FROM properties p JOIN meters m ON m.tenant_id = p.tenant_id
--# comma join | both | same
SELECT p.name, m.serial_no FROM properties p, meters m
--# comma join with where | both | same
SELECT p.name, m.serial_no FROM properties p, meters m WHERE p.id = m.property_id AND m.kind = 'water'
--# cross join | both | same
SELECT count(*) FROM properties CROSS JOIN meters
--# left join | both | same
SELECT p.name, m.serial_no FROM properties p LEFT JOIN meters m ON m.property_id = p.id AND m.kind = 'power'
--# left join on nothing | both | same
SELECT p.name, m.serial_no FROM properties p LEFT JOIN meters m ON false
--# left join, anti | both | same
SELECT p.name FROM properties p LEFT JOIN invoices i ON i.property_id = p.id AND i.status = 'void' WHERE i.id IS NULL
--# left join on everything | both | same
SELECT p.id, m.id FROM properties p LEFT JOIN meters m ON true
--# right join | both | same
SELECT p.name, i.number FROM invoices i RIGHT JOIN properties p ON i.property_id = p.id AND i.status = 'paid'
--# full join | both | same
SELECT p.name, i.number FROM properties p FULL JOIN invoices i ON i.property_id = p.id AND i.status = 'open'
--# full join on false | both | same-or-refused
SELECT p.id, i.id FROM properties p FULL JOIN invoices i ON p.id = i.id
--# full join using | both | same
SELECT id, p.name, m.serial_no FROM properties p FULL JOIN meters m USING (id)
--# left join using | both | same
SELECT id, p.name, m.serial_no FROM properties p LEFT JOIN meters m USING (id)
--# right join using | both | same
SELECT id, p.name, m.serial_no FROM properties p RIGHT JOIN meters m USING (id)
--# inner join using two columns | both | same
SELECT tenant_id, id FROM properties JOIN meters USING (tenant_id, id)
--# join using the tenant column | both | same
SELECT tenant_id, p.id, m.id FROM properties p JOIN meters m USING (tenant_id)
--# left join using the tenant column | both | same
SELECT tenant_id, p.id, m.id FROM properties p LEFT JOIN meters m USING (tenant_id)
--# full join using the tenant column | both | same
SELECT tenant_id, p.id, m.id FROM properties p FULL JOIN meters m USING (tenant_id)
--# using with an alias | both | same-or-refused
SELECT j.id FROM properties JOIN meters USING (id) AS j
--# nested joins using one column on both sides | both | same
SELECT id, p.name, m.serial_no FROM properties p JOIN (meters m LEFT JOIN invoices i USING (id)) USING (id)
--# both sides merged, and merged again | both | same
SELECT id, p.name FROM (properties p FULL JOIN assets a USING (id)) FULL JOIN (meters m FULL JOIN invoices i USING (id)) USING (id)
--# columns by the alias of a join | both | same
SELECT x.name, x.serial_no FROM (properties p JOIN meters m ON m.property_id = p.id) AS x WHERE x.serial_no > 'a'
--# columns by the alias of a join and a list | both | same
SELECT x.a, x.name, town FROM (properties p JOIN meters m ON m.property_id = p.id) AS x(a) WHERE a > 1001
--# columns by the alias of a join using a column | both | same
SELECT x.property_id, x.kind, number FROM (meters m JOIN invoices i USING (property_id)) AS x WHERE x.property_id > 1001
--# a merged name of one item of a list is not in another | both | same
SELECT v.id, m.kind FROM (properties p JOIN assets a USING (id)) AS j(k), meters m, (VALUES ('x')) v(id) WHERE v.id = 'x' AND m.kind > 'a'
--# no system column by the alias of a join | both | same
SELECT x.ctid FROM (properties p JOIN meters m ON m.property_id = p.id) AS x
--# a join condition sees the query outside, not what stands before it in its list | both | same
SELECT id FROM meters c WHERE EXISTS (SELECT FROM properties c, tariffs a JOIN tariffs b ON c.kind = b.kind WHERE c.id > 1000)
--# a join condition that would fail for another tenant's meter, by the name of a sibling | both | same-or-refused
SELECT id FROM meters c WHERE EXISTS (SELECT FROM (VALUES (1.5)) c(divisor), tariffs a JOIN tariffs b ON c.divisor + 2147483646 > 0)
--# natural join | both | same
SELECT * FROM categories NATURAL JOIN assets
--# natural left join | both | same
SELECT * FROM assets NATURAL LEFT JOIN "Meter Notes"
--# natural full join | both | same
SELECT count(*) FROM assets NATURAL FULL JOIN vehicles
--# star over joins | both | same
SELECT * FROM properties p JOIN meters m ON m.property_id = p.id LEFT JOIN readings r ON r.meter_id = m.id AND r.taken_on > '2025-06-01'
--# qualified star | both | same
SELECT m.*, p.name FROM properties p JOIN meters m ON m.property_id = p.id
--# nested join in parentheses | both | same
SELECT p.name, m.serial_no, i.number FROM properties p LEFT JOIN (meters m JOIN invoices i ON i.property_id = m.property_id) ON m.property_id = p.id
--# nested join with an alias | both | same-or-refused
SELECT j.name FROM (properties p JOIN tariffs t ON true) AS j(a, b, name)
--# left join chain | both | same
SELECT p.name, m.serial_no, r.value FROM properties p LEFT JOIN meters m ON m.property_id = p.id LEFT JOIN readings r ON r.meter_id = m.id AND r.taken_on = '2024-11-14'
--# right then left | both | same
SELECT a.id, b.id, c.id FROM meters a RIGHT JOIN properties b ON a.property_id = b.id LEFT JOIN invoices c ON c.property_id = b.id AND c.status = 'open'
--# full join chain | both | same
SELECT a.id, b.id, c.id FROM properties a FULL JOIN meters b ON a.id = b.id FULL JOIN invoices c ON c.id = b.id
--# join with a shared table | both | same
SELECT m.serial_no, t.price FROM meters m LEFT JOIN tariffs t ON t.code = m.tariff
--# shared table left of a scoped one | both | same
SELECT t.code, m.serial_no FROM tariffs t LEFT JOIN meters m ON m.tariff = t.code
--# self join | both | same
SELECT a.name, b.name FROM categories a LEFT JOIN categories b ON b.id = a.parent_id
--# self join on tenant inequality | both | same
SELECT a.id, b.id FROM properties a JOIN properties b ON a.tenant_id <> b.tenant_id
--# sub-select in from | both | same
SELECT s.n FROM (SELECT name AS n, tenant_id FROM properties) s WHERE s.tenant_id <> 1 OR true
--# sub-select twice nested | both | same
SELECT * FROM (SELECT * FROM (SELECT id, name FROM properties) a) b
--# lateral | both | same
SELECT p.name, l.serial_no FROM properties p, LATERAL (SELECT serial_no FROM meters m WHERE m.property_id = p.id) l
--# lateral left join with limit | both | same
SELECT p.name, l.total FROM properties p LEFT JOIN LATERAL (SELECT total FROM invoices i WHERE i.property_id = p.id ORDER BY total DESC LIMIT 1) l ON true
--# lateral that ignores its outer row | both | same
SELECT p.id, l.c FROM properties p CROSS JOIN LATERAL (SELECT count(*) AS c FROM meters) l
--# scalar sub-select in the list | both | same
SELECT p.name, (SELECT count(*) FROM meters m WHERE m.property_id = p.id) FROM properties p
--# scalar sub-select alone | both | same
SELECT (SELECT count(*) FROM invoices), (SELECT max(secret) FROM organisations)
--# exists | both | same
SELECT name FROM properties p WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.property_id = p.id AND i.status = 'paid')
--# not exists | both | same
SELECT name FROM properties p WHERE NOT EXISTS (SELECT FROM meters m WHERE m.property_id = p.id AND m.kind = 'heat')
--# exists over all | both | same
SELECT EXISTS (SELECT 1 FROM invoices WHERE number = 'INV-1' AND id > 2000)
--# in sub-select | both | same
SELECT name FROM properties WHERE id IN (SELECT property_id FROM invoices WHERE total > 1020)
--# not in sub-select | both | same
SELECT name FROM properties WHERE id NOT IN (SELECT property_id FROM invoices)
--# row in sub-select | both | same
SELECT name FROM properties WHERE (tenant_id, id) IN (SELECT tenant_id, property_id FROM meters)
--# any sub-select | both | same
SELECT number FROM invoices WHERE total >= ANY (SELECT total FROM invoices)
--# all sub-select | both | same
SELECT number FROM invoices WHERE total >= ALL (SELECT total FROM invoices)
--# equals any array sub-select | both | same
SELECT name FROM properties WHERE id = ANY (ARRAY(SELECT property_id FROM meters))
--# array sub-select | both | same
SELECT cardinality(ARRAY(SELECT id FROM meters))
--# sub-select in case | both | same
SELECT CASE WHEN (SELECT count(*) FROM meters) > 8 THEN 'many' ELSE 'few' END
--# sub-select in coalesce | both | same
SELECT coalesce((SELECT max(total) FROM invoices WHERE status = 'none'), (SELECT min(total) FROM invoices))
--# sub-select in limit | both | same
--= ordered
SELECT id FROM invoices ORDER BY id LIMIT (SELECT count(*) - 3 FROM invoices)
--# sub-select in offset | both | same
--= ordered
SELECT id FROM invoices ORDER BY id OFFSET (SELECT count(*) - 3 FROM invoices)
--# sub-select in order by | both | same
SELECT id FROM properties p ORDER BY (SELECT count(*) FROM invoices i WHERE i.property_id = p.id), id
--# sub-select in group by | both | same
SELECT count(*) FROM properties p GROUP BY (SELECT count(*) FROM invoices i WHERE i.property_id = p.id)
--# sub-select in having | both | same
SELECT kind FROM meters GROUP BY kind HAVING count(*) >= (SELECT count(*) / 3 FROM meters)
--# sub-select in a filter | both | same
SELECT count(*) FILTER (WHERE m.property_id IN (SELECT id FROM properties WHERE units > 2)) FROM meters m
--# sub-select in a window | both | same
SELECT id, sum(total) OVER (PARTITION BY (SELECT count(*) FROM meters) ORDER BY id) FROM invoices
--# sub-select in a named window | both | same
SELECT id, sum(total) OVER w FROM invoices WINDOW w AS (PARTITION BY property_id = (SELECT min(id) FROM properties) ORDER BY id)
--# sub-select in an aggregate's order | both | same
SELECT string_agg(number, ',' ORDER BY (SELECT count(*) FROM meters), id) FROM invoices
--# sub-select in distinct on | both | same
SELECT DISTINCT ON ((SELECT max(id) FROM properties)) number FROM invoices ORDER BY (SELECT max(id) FROM properties), id
--# sub-select in a join condition | both | same
SELECT p.id, m.id FROM properties p JOIN meters m ON m.property_id = p.id AND m.id < (SELECT max(id) FROM meters)
--# sub-select in between | both | same
SELECT id FROM invoices WHERE total BETWEEN (SELECT min(total) FROM invoices) AND (SELECT avg(total) FROM invoices)
--# sub-select in a function argument | both | same
SELECT length((SELECT max(name) FROM properties))
--# sub-select in an array constructor | both | same
SELECT ARRAY[(SELECT min(id) FROM meters), (SELECT max(id) FROM meters)]
--# sub-select in a row | both | same
SELECT ROW((SELECT min(id) FROM meters), 2) = ROW(1001::bigint, 2)
--# sub-select in a cast | both | same
SELECT (SELECT count(*) FROM properties)::text
--# row comparison with a sub-select | both | same
SELECT id FROM properties WHERE (units, id) > (SELECT 3, 1001)
--# correlated twice | both | same
SELECT p.id, (SELECT count(*) FROM meters m WHERE m.property_id = p.id AND EXISTS (SELECT 1 FROM readings r WHERE r.meter_id = m.id AND r.value > 102)) FROM properties p
--# values | both | same
VALUES (1, 'a'), (2, 'b')
--# values with a sub-select | both | same
VALUES ((SELECT count(*) FROM properties)), ((SELECT count(*) FROM meters))
--# values in from | both | same
SELECT v.a, p.name FROM (VALUES (1001), (2001), (3001)) AS v(a) LEFT JOIN properties p ON p.id = v.a
--# table command | both | same
TABLE properties
--# table command, qualified | both | same
TABLE public.meters
--# table command, quoted | both | same
TABLE "Meter Notes"
--# table command with only | both | same-or-refused
TABLE ONLY assets
--# table command in a set operation | both | same
TABLE properties UNION ALL TABLE properties
--# table command in a sub-select | both | same
SELECT count(*) FROM (TABLE meters) t
--# table command of a hidden table | both | refused 42P01
TABLE staff_names
--# union | both | same
SELECT name FROM properties UNION SELECT secret FROM meters
--# union all | both | same
SELECT id FROM properties UNION ALL SELECT id FROM meters UNION ALL SELECT id FROM invoices
--# intersect | both | same
SELECT property_id FROM meters INTERSECT SELECT property_id FROM invoices
--# except | both | same
SELECT id FROM properties EXCEPT SELECT property_id FROM invoices WHERE status = 'open'
--# except all | both | same
SELECT property_id FROM meters EXCEPT ALL SELECT id FROM properties
--# nested set operations | both | same
(SELECT id FROM properties UNION SELECT id FROM meters) EXCEPT (SELECT id FROM invoices INTERSECT SELECT id FROM meters)
--# set operation with order and limit | both | same
--= ordered
SELECT id FROM properties UNION SELECT id FROM invoices ORDER BY id DESC LIMIT 3
--# set operation with a sub-select arm that has limit | both | same
SELECT id FROM properties UNION ALL (SELECT id FROM meters ORDER BY id LIMIT 1)
--# union with values | both | same
SELECT id FROM properties UNION VALUES (2001), (2002)
--# cte | both | same
WITH p AS (SELECT * FROM properties) SELECT name FROM p
--# two ctes | both | same
WITH a AS (SELECT id FROM properties), b AS (SELECT property_id FROM meters WHERE property_id IN (SELECT id FROM a)) SELECT count(*) FROM b
--# cte that shadows a table | both | same
WITH properties AS (SELECT id, name, 'mine' AS tag FROM properties) SELECT * FROM properties
--# cte named as a table but unrelated | both | same
WITH meters AS (SELECT 1 AS one) SELECT * FROM meters
--# qualified name beside a shadowing cte | both | same
WITH meters AS (SELECT 1 AS one) SELECT count(*) FROM public.meters
--# cte scope ends | both | same
SELECT * FROM (WITH meters AS (SELECT 1 AS one) SELECT one FROM meters) x, (SELECT count(*) FROM meters) y
--# cte not visible to an earlier sibling | both | same
WITH a AS (SELECT count(*) AS c FROM meters), meters AS (SELECT 1 AS one) SELECT * FROM a, meters
--# quoted cte is another name | both | same
WITH "Properties" AS (SELECT 1 AS one) SELECT count(*) FROM properties
--# inner cte shadows an outer one | both | same
WITH x AS (SELECT 1 AS n) SELECT * FROM (WITH x AS (SELECT count(*) AS n FROM meters) SELECT * FROM x) a, x
--# cte materialized | both | same
WITH p AS MATERIALIZED (SELECT * FROM properties) SELECT count(*) FROM p WHERE tenant_id = 2
--# cte not materialized | both | same
WITH p AS NOT MATERIALIZED (SELECT * FROM properties) SELECT count(*) FROM p WHERE id > 0
--# cte column names | both | same
WITH p(tenant_id, x) AS (SELECT id, tenant_id FROM properties) SELECT tenant_id, x FROM p
--# recursive cte | both | same
WITH RECURSIVE t AS (SELECT id, parent_id, 1 AS depth FROM categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.parent_id, t.depth + 1 FROM categories c JOIN t ON c.parent_id = t.id) SELECT * FROM t
--# recursive cte named as its table | both | same
WITH RECURSIVE categories AS (SELECT id, 1 AS d FROM public.categories WHERE parent_id IS NULL UNION ALL SELECT c.id, p.d + 1 FROM public.categories c JOIN categories p ON c.parent_id = p.id) SELECT * FROM categories
--# recursive numbers | both | same
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT n.i, (SELECT count(*) FROM properties WHERE units <= n.i) FROM n
--# recursive with a forward reference | both | same-or-refused
WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT count(*) AS c FROM meters) SELECT * FROM a
--# recursive search clause | both | same-or-refused
WITH RECURSIVE t(id) AS (SELECT id FROM categories WHERE parent_id IS NULL UNION ALL SELECT c.id FROM categories c JOIN t ON c.parent_id = t.id) SEARCH DEPTH FIRST BY id SET o SELECT id FROM t
--# recursive cycle clause | both | same-or-refused
WITH RECURSIVE t(id) AS (SELECT id FROM categories WHERE parent_id IS NULL UNION ALL SELECT c.id FROM categories c JOIN t ON c.parent_id = t.id) CYCLE id SET looped USING path SELECT id, looped FROM t
--# cte in a sub-select | both | same
SELECT (WITH m AS (SELECT count(*) AS c FROM meters) SELECT c FROM m)
--# cte in an exists | both | same
SELECT name FROM properties p WHERE EXISTS (WITH m AS (SELECT property_id FROM meters) SELECT 1 FROM m WHERE m.property_id = p.id)
--# distinct | both | same
SELECT DISTINCT town FROM properties
--# distinct on | both | same
--= ordered
SELECT DISTINCT ON (status) status, number FROM invoices ORDER BY status, id DESC
--# group by primary key | both | same
SELECT p.id, p.name, count(m.id) FROM properties p LEFT JOIN meters m ON m.property_id = p.id GROUP BY p.id
--# grouping sets | both | same
SELECT status, property_id, sum(total), grouping(status, property_id) FROM invoices GROUP BY GROUPING SETS ((status), (property_id), ())
--# rollup | both | same
SELECT status, count(*) FROM invoices GROUP BY ROLLUP (status)
--# cube | both | same
SELECT kind, tariff, count(*) FROM meters GROUP BY CUBE (kind, tariff)
--# having | both | same
SELECT kind, count(*) FROM meters GROUP BY kind HAVING count(*) > 2
--# window | both | same
SELECT id, rank() OVER (ORDER BY total DESC), count(*) OVER () FROM invoices
--# window frame | both | same
SELECT id, sum(total) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM invoices
--# lag and lead | both | same
SELECT id, lag(total) OVER (ORDER BY id), lead(total) OVER (ORDER BY id) FROM invoices
--# aggregate with filter | both | same
SELECT count(*) FILTER (WHERE status = 'open'), count(*) FROM invoices
--# ordered aggregate | both | same
SELECT string_agg(name, ',' ORDER BY id DESC), array_agg(id ORDER BY id) FROM properties
--# within group | both | same
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM invoices
--# limit and offset | both | same
--= ordered
SELECT id FROM meters ORDER BY id LIMIT 2 OFFSET 1
--# fetch first | both | same
--= ordered
SELECT id FROM meters ORDER BY id FETCH FIRST 2 ROWS ONLY
--# with ties | both | same
SELECT kind FROM meters ORDER BY kind FETCH FIRST 1 ROW WITH TIES
--# no rows wanted | both | same
SELECT * FROM meters LIMIT 0
--# empty select list | both | same
SELECT FROM properties
--# for update | both | same
SELECT id FROM properties WHERE units > 3 FOR UPDATE
--# for update of | both | same
SELECT p.id FROM properties p JOIN meters m ON m.property_id = p.id FOR UPDATE OF p
--# for no key update | both | same
SELECT id FROM properties FOR NO KEY UPDATE
--# for share nowait | both | same
SELECT id FROM properties FOR SHARE NOWAIT
--# for key share skip locked | both | same
SELECT id FROM properties FOR KEY SHARE SKIP LOCKED
--# for update over a left join | both | same
SELECT p.id FROM properties p LEFT JOIN meters m ON m.property_id = p.id FOR UPDATE OF p
--# whole row as text | both | same-or-refused
SELECT p::text FROM properties p
--# whole row to json | both | same-or-refused
SELECT row_to_json(p) FROM properties p
--# whole row to_jsonb | both | same-or-refused
SELECT to_jsonb(m) FROM meters m
--# function notation for a column | both | same-or-refused
SELECT name(p) FROM properties p
--# attribute notation for a function | both | same-or-refused
SELECT (p).name, p.to_jsonb FROM properties p
--# whole row is null | both | same-or-refused
SELECT p.id, m IS NULL FROM properties p LEFT JOIN meters m ON m.id = p.id + 5
--# count of a whole row | both | same-or-refused
SELECT count(p) FROM properties p
--# composite expansion | both | same-or-refused
SELECT (p).* FROM properties p
--# system columns | both | same-or-refused
SELECT tableoid::regclass::text, id FROM properties
--# ctid | both | safe
SELECT ctid, id FROM properties
--# json aggregation | both | same
SELECT jsonb_agg(name ORDER BY id) FROM properties
--# json operators | both | same
SELECT extra->>'who', extra->'n' FROM properties WHERE extra @> '{"n": 2}'
--# arrays | both | same
SELECT name, tags[1], array_length(tags, 1) FROM properties WHERE 'tag1' = ANY (tags)
--# unnest lateral | both | same
SELECT p.id, t.tag FROM properties p, unnest(p.tags) AS t(tag)
--# generate_series | both | same
SELECT g, (SELECT count(*) FROM invoices WHERE id <= 1000 + g) FROM generate_series(1, 7) g
--# generate_series joined | both | same
SELECT g.i, p.name FROM generate_series(1001, 2005) AS g(i) JOIN properties p ON p.id = g.i
--# with ordinality | both | same
SELECT p.id, u.t, u.n FROM properties p CROSS JOIN LATERAL unnest(p.tags) WITH ORDINALITY AS u(t, n)
--# rows from | both | same-or-refused
SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) AS r(a, b)
--# tablesample | both | same-or-refused
SELECT id FROM properties TABLESAMPLE BERNOULLI (100)
--# case | both | same
SELECT id, CASE status WHEN 'open' THEN 1 WHEN 'paid' THEN 2 ELSE 0 END FROM invoices
--# date and interval arithmetic | both | same
SELECT id, due + interval '1 month', extract(year FROM due), date_trunc('month', due) FROM invoices
--# like | both | same
SELECT name FROM properties WHERE name LIKE '%house1' OR name ILIKE '%HOUSE2'
--# similar to | both | same-or-refused
SELECT name FROM properties WHERE name SIMILAR TO '%house[12]'
--# is distinct from | both | same
SELECT id FROM properties WHERE town IS DISTINCT FROM 'Oak'
--# collate | both | same
SELECT name FROM properties ORDER BY name COLLATE "C"
--# at time zone | both | same
SELECT paid_at AT TIME ZONE 'Europe/Berlin' FROM payments
--# cast forms | both | same
SELECT id::text, CAST(units AS numeric(10,2)), date '2025-01-01', interval '2 days' FROM properties
--# user function that is allowed | both | same
SELECT number, public.add_vat(total) FROM invoices
--# user function unqualified | both | same
SELECT add_vat(100)
--# parameters | extended | same
--$ 1003 | CANARY_T1_house3
SELECT name FROM properties WHERE id = $1 OR name = $2
--# parameter holding a foreign id | extended | same
--$ 2003
SELECT name FROM properties WHERE id = $1
--# parameter holding null | extended | same
--$ NULL
SELECT name FROM properties WHERE town = $1 OR $1 IS NULL
--# parameter used twice and out of order | extended | same
--$ 2 | 1001
SELECT id FROM properties WHERE id >= $2 AND units >= $1 AND $1::int > 0
--# parameter in limit | extended | same
--= ordered
--$ 2
SELECT id FROM meters ORDER BY id LIMIT $1
--# parameter with a cast | extended | same
--$ 2025-03-01
SELECT count(*) FROM readings WHERE taken_on >= $1::date
--# parameter as an array | extended | same
--$ {1001,1002,2001}
SELECT name FROM properties WHERE id = ANY ($1)
--# skipped parameter number | extended | same
--$ 1 | 2
SELECT id FROM properties WHERE units = $2
--# parameter in sub-select and list | extended | same
--$ 1002
SELECT $1::bigint, (SELECT name FROM properties WHERE id = $1) FROM meters WHERE property_id = $1
--# parameter in an outer join's condition | extended | same
--$ power
SELECT p.id, m.id FROM properties p LEFT JOIN meters m ON m.property_id = p.id AND m.kind = $1
--# wrong number of parameters | extended | same
--$ 1 | 2 | 3
SELECT id FROM properties WHERE id = $1
--# parameter of a wrong form | extended | same
--$ not-a-number
SELECT id FROM properties WHERE id = $1
--# computations behind operators, casts and aggregates | both | same
SELECT int8mul(units, 2), box_in('(1,1),(0,0)'), date_larger(built, '2001-02-03'), int4_sum(5, units), float8_stddev_pop('{3,6,14}'), int8send(id), textcat(name, code) FROM properties
--# a computation that may raise an error on others' rows | both | same
SELECT id FROM meters WHERE int4div(1, divisor) > -1
--# pseudo-types and more types | both | same
SELECT NULL::anyrange, cast(coalesce(cast(NULL AS anyarray), NULL) AS anyarray), '1/2'::pg_lsn, '(0,1)'::tid, 'simple'::regconfig, '5'::xid8, '1 2'::oidvector, '{[1,2]}'::int4multirange, int4in('5'::cstring)
--# an argument that is no range | both | same
SELECT NULL::anyrange && NULL::anyrange
--# a count of all tenants' transactions | both | refused 42883
SELECT age('3'::xid)
--# the same beside NULL | both | refused 42883
SELECT age(coalesce(NULL::xid, '3'))
--# a role's name | both | refused 42501
SELECT 'alder_rls=r/app'::aclitem
--# a role's name by its number | both | refused
SELECT acldefault('r', 10)
--# a look-up by an input function | both | refused 42501
SELECT array_in('{staff_names}', 2205, -1)
--# a look-up by the input function of a row | both | refused 42501
SELECT regclassin('staff_names')
--# similarity | both | same
SELECT name, similarity(name, 'alder'), show_trgm(town), name <-> 'Elm', show_limit() FROM properties
--# conditions of similarity | both | same
SELECT name FROM properties WHERE name % 'Alder House' OR 'house' <% name OR name <<% 'x' OR word_similarity('a', name) > 0.5
--# the limit of similarity | both | refused 42501
SELECT set_limit(0.9)
--# statistics of statements | both | same
SELECT s.*, i.dealloc FROM pg_stat_statements s, public.pg_stat_statements_info i WHERE false
--# statistics of statements have no row | both | same
SELECT count(*) FROM pg_stat_statements WHERE calls < 0
--= as
SELECT 0::bigint AS count
--# statistics of statements beside own rows | both | same
SELECT m.id, s.query FROM meters m LEFT JOIN pg_stat_statements s ON s.calls = m.id AND false
--# statistics of statements, by their function | both | refused
SELECT * FROM pg_stat_statements(true)
--# resetting statistics of statements | both | refused 42501
SELECT pg_stat_statements_reset()
--# writing to statistics of statements | both | refused
DELETE FROM pg_stat_statements
--# elements beside their numbers | both | same
SELECT p.id, e.value, e.ordinality FROM properties p, jsonb_array_elements('[1, 2]') WITH ORDINALITY e
--# fields of a function's row | both | same
SELECT id, (jsonb_each(doc)).key, (jsonb_each_text(doc)).value FROM documents
--# fields of rows that are columns | both | same
WITH x AS (SELECT p AS r FROM properties p) SELECT (r).id, (x.r).name FROM x
--# whole rows that are there | both | same
SELECT p.id FROM properties p LEFT JOIN payments y ON y.invoice_id = p.id WHERE y IS NULL OR p IS NOT NULL
--# rows of a relation's type | both | same
SELECT * FROM jsonb_populate_recordset(NULL::properties, '[{"id": 5, "name": "x"}]')
--# rows of a hidden relation's type | both | refused
SELECT * FROM jsonb_populate_recordset(NULL::staff_names, '[{"id": 5}]')
--# the size of a value | both | same
SELECT pg_column_size(name), pg_column_size(1) FROM properties
--# the time with a precision | both | same
SELECT current_timestamp(0) = date_trunc('second', current_timestamp(0)), current_time(2) IS NULL, localtime(0) IS NULL, localtimestamp(2) IS NULL FROM properties
--# a type of an extension in conditions | both | same
SELECT id, email, extra -> 'who', path FROM contacts WHERE email = 'canary_t1_mail2@example.ORG' OR path ~ '*.n3' OR extra ? 'none' ORDER BY id
--# operators that an extension has too | both | same
SELECT id, lower(name), name ~ 'house1$', extra ->> 'n', extra -> 'n', tags || 'x'::text, built - 1, units * 2 + 1 FROM properties WHERE lower(name) LIKE lower('Canary%') AND length(name) > 3 AND extra ->> 'n' > '1' AND extra ? 'who' AND units * 2 > 3 ORDER BY id
--# functions that an extension has too | both | same
SELECT max(name), min(town), replace(max(name), 'house', 'x'), split_part(max(name), '_', 2), strpos(max(name), 'T1') FROM properties HAVING max(units) > 1
--# casts to types of extensions | both | same
SELECT 'A'::citext = 'a', 'a=>1'::hstore -> 'a', 'x.y'::ltree @> 'x.y.z', id::regclass::text IS NULL FROM (SELECT 0::oid AS id) s
--# functions of extensions | both | same
SELECT nlevel(path), akeys(extra), hstore_to_jsonb(extra), subpath(path, 1) FROM contacts ORDER BY id
--# an upsert by a type of an extension | both | same
INSERT INTO contacts (id, tenant_id, email) VALUES (1901, 1, 'canary_T1_MAIL1@example.org') ON CONFLICT (tenant_id, email) DO UPDATE SET extra = 'n=>1' RETURNING id, extra
--# a change by a type of an extension | both | same
UPDATE contacts SET path = path || 'z', extra = extra || 'k=>2' WHERE email LIKE 'CANARY_t1_%1@%' AND path <@ 'top' RETURNING id, path
--# a join condition that names what stands before it in the list | both | same
SELECT p.id FROM properties p, meters m JOIN invoices i ON p.id = i.property_id
