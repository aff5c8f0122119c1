-- Expressions that fail on other tenants' rows but never on tenant 1's: an error is a leak.
--# cast in where | both | same
SELECT id FROM properties WHERE code::int > 0
--# cast in where by function syntax | both | same
SELECT id FROM properties WHERE CAST(code AS integer) >= 7
--# cast in the list | both | same
SELECT id, code::int FROM properties
--# division | both | same
SELECT id FROM meters WHERE 100 / divisor > 10
--# division in the list | both | same
SELECT id, 100 / divisor FROM meters
--# modulo | both | same
SELECT id FROM meters WHERE 100 % divisor >= 0
--# division guarded by tenant written by the client | both | same
SELECT id FROM meters WHERE tenant_id = 2 AND 1 / divisor > 0
--# index condition and privilege function | both | refused
SELECT id FROM meters WHERE secret = 'CANARY_T' || '2_meter1' AND has_table_privilege(secret, 'select')
--# privilege function as qual | both | refused
SELECT id FROM meters WHERE has_schema_privilege(secret, 'usage')
--# row_security_active | both | refused
SELECT id FROM meters WHERE row_security_active(secret)
--# regex from a column | both | same-or-refused
SELECT id FROM properties WHERE 'x' ~ code
--# like from a column | both | same-or-refused
SELECT id FROM properties WHERE 'x' LIKE code
--# boolean cast of a text | both | same-or-refused
SELECT id FROM properties WHERE NOT (CASE code WHEN '' THEN code::bool ELSE false END)
--# cast in a join condition | both | same
SELECT p.id, m.id FROM properties p JOIN meters m ON m.property_id = p.id AND p.code::int >= m.divisor
--# cast in a left join condition | both | same
SELECT p.id, m.id FROM properties p LEFT JOIN meters m ON m.property_id = p.id AND 10 / m.divisor > 1
--# cast in a full join condition | both | same
SELECT p.id, m.id FROM properties p FULL JOIN meters m ON m.property_id = p.id AND m.divisor = p.units
--# cast in an outer qual over a sub-select | both | same
SELECT * FROM (SELECT id, code FROM properties) s WHERE s.code::int < 30
--# cast in an outer qual over a cte | both | same
WITH s AS (SELECT id, code FROM properties) SELECT * FROM s WHERE code::int < 30
--# cast in a correlated sub-select | both | same
SELECT m.id FROM meters m WHERE EXISTS (SELECT 1 FROM properties p WHERE p.id = m.property_id AND p.code::int > 10)
--# cast in an in sub-select | both | same
SELECT id FROM meters WHERE property_id IN (SELECT id FROM properties WHERE code::int > 10)
--# cast in an uncorrelated sub-select | both | same
SELECT (SELECT sum(code::int) FROM properties)
--# cast in an aggregate | both | same
SELECT sum(code::int), max(100 / units) FROM properties
--# cast in an aggregate's filter | both | same
SELECT count(*) FILTER (WHERE code::int > 10) FROM properties
--# cast in having | both | same
SELECT code FROM properties GROUP BY code HAVING code::int > 10
--# cast in group by | both | same
SELECT count(*) FROM properties GROUP BY code::int
--# cast in order by | both | same
--= ordered
SELECT id FROM properties ORDER BY code::int DESC
--# cast in a window | both | same
SELECT id, sum(code::int) OVER (ORDER BY code::int) FROM properties
--# cast in distinct on | both | same
SELECT DISTINCT ON (code::int) id FROM properties ORDER BY code::int, id
--# cast in limit | both | same
SELECT count(*) FROM (SELECT id FROM properties LIMIT (SELECT max(code::int) FROM properties)) x
--# cast in lateral | both | same
SELECT p.id, l.x FROM properties p, LATERAL (SELECT p.code::int + m.divisor AS x FROM meters m WHERE m.property_id = p.id AND 10 / m.divisor >= 1) l
--# cast in case | both | same
SELECT CASE WHEN code::int > 10 THEN 'big' ELSE 'small' END FROM properties
--# cast in coalesce and nullif | both | same
SELECT coalesce(nullif(code, '7')::int, 0) FROM properties
--# cast in a set operation arm | both | same
SELECT id FROM properties WHERE code::int > 10 UNION SELECT id FROM meters WHERE 10 / divisor > 1
--# cast of a date | both | same
SELECT id FROM properties WHERE ('2025-01-' || lpad(code, 2, '0'))::date > '2025-01-10' AND units < 4
--# numeric overflow | both | same
SELECT id FROM invoices WHERE (total * 1000)::int > 0 AND id < 1003
--# repeat with a size from a column | both | same-or-refused
SELECT length(repeat('x', divisor)) FROM meters
--# chr from a column | both | same-or-refused
SELECT chr(divisor + 64) FROM meters
--# substring with a length from a column | both | same
SELECT substring(secret FROM 1 FOR divisor) FROM meters
--# logarithm | both | same
SELECT id, ln(divisor) FROM meters WHERE ln(divisor) >= 0
--# square root of a difference | both | same
SELECT id FROM meters WHERE sqrt(divisor - 0.5) > 0
--# json cast | both | same-or-refused
SELECT id FROM properties WHERE (code::json) IS NOT NULL
--# array subscript from a cast | both | same
SELECT id, tags[code::int - 6] FROM properties
--# scalar sub-select that returns one row only for one tenant | both | same
SELECT (SELECT name FROM organisations)
--# scalar sub-select that fails for several own rows | both | same
SELECT (SELECT name FROM properties)
--# cast in update's where | both | same
UPDATE properties SET town = 'leak' WHERE code::int > 10 RETURNING id
--# division in update's set | both | same
UPDATE meters SET divisor = 100 / divisor RETURNING id, divisor
--# cast in update from | both | same
UPDATE invoices i SET memo = 'x' FROM properties p WHERE p.id = i.property_id AND p.code::int > 10
--# cast in the joined part of update from | both | same
UPDATE invoices i SET memo = 'x' FROM properties p JOIN meters m ON m.property_id = p.id AND 10 / m.divisor > 1 WHERE p.id = i.property_id
--# cast in update's sub-select | both | same
UPDATE properties p SET units = (SELECT max(10 / m.divisor) FROM meters m WHERE m.property_id = p.id) WHERE p.id < 1004
--# cast in delete | both | same
DELETE FROM "Meter Notes" WHERE 10 / "select" > 5 RETURNING "Id"
--# cast in delete using | both | same
DELETE FROM payments USING meters m WHERE m.id = payments.invoice_id AND 10 / m.divisor > 1
--# cast in delete's exists | both | same
DELETE FROM payments y WHERE EXISTS (SELECT 1 FROM invoices i JOIN properties p ON p.id = i.property_id WHERE i.id = y.invoice_id AND p.code::int > 7)
--# cast in insert select | both | same
INSERT INTO assets (id, tenant_id, label) SELECT 1900 + code::int, tenant_id, 'x' FROM properties WHERE code::int < 30
--# cast in returning | both | same
UPDATE properties SET units = 1 RETURNING code::int
--# cast in on conflict's where | both | same
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT (tenant_id, number) DO UPDATE SET memo = 'x' WHERE 100 / invoices.property_id >= 0
--# cast over a view | both | same
SELECT * FROM property_totals WHERE 100 / n > 0
--# cast over the text-tenant table | both | same
SELECT id FROM documents WHERE (doc->>'n')::int > 1 AND substr(title, 5)::int > 0
--# tenant column in a leaky expression | both | same
SELECT id FROM properties WHERE 1 / (2 - tenant_id) = 1
--# tenant column in a leaky expression, join | both | same
SELECT p.id FROM properties p JOIN meters m ON m.property_id = p.id AND 1 / (2 - m.tenant_id) = 1
--# division by a count | both | same
SELECT 1 / (SELECT count(*) FROM meters WHERE tenant_id = 2)
--# parameters beside a cast | extended | same
--$ 10
SELECT id FROM properties WHERE code::int > $1
--# parameters in a division | extended | same
--$ 100 | 1
SELECT id FROM meters WHERE $1::int / divisor > $2::int
--# columns named by schema and table behind a fence | both | same
SELECT "public"."meters"."id" FROM "public"."meters" WHERE 10 / "public"."meters"."id" >= 0 AND "public"."meters"."id" > 0 ORDER BY "public"."meters"."id"
--# an error that costs nothing, in update | both | same
UPDATE meters SET divisor = divisor WHERE id = 2001 AND ARRAY[ARRAY[secret], ARRAY[secret, secret]] IS NOT NULL
--# an error that costs nothing, in delete | both | same
DELETE FROM meters WHERE id = 2001 AND (ARRAY[ARRAY[secret], ARRAY[secret, secret]])[1][1] IS NULL
--# an error that costs nothing, in a CASE of delete | both | same
DELETE FROM meters WHERE id = 2001 AND CASE WHEN id > 0 THEN ARRAY[ARRAY[secret], ARRAY[secret, secret]] IS NULL END
--# an error that costs nothing, in an EXISTS of delete | both | same
DELETE FROM meters WHERE id = 2001 AND EXISTS (SELECT 1 WHERE ARRAY[ARRAY[secret], ARRAY[secret, secret]] IS NULL)
--# an error that costs nothing, in delete using | both | same
DELETE FROM meters USING properties p WHERE p.id = meters.property_id AND meters.id > 2000 AND ARRAY[ARRAY[meters.secret], ARRAY[p.name, p.name]] IS NOT NULL
--# an error that costs nothing, in delete using values | both | same
DELETE FROM meters USING (VALUES (2001)) v(i) WHERE meters.id = v.i AND ARRAY[ARRAY[secret], ARRAY[secret, secret]] IS NOT NULL
--# an error that costs nothing, in update from a sub-select | both | same
UPDATE meters m SET divisor = 1 FROM (SELECT id FROM properties) p WHERE p.id = m.property_id AND m.id > 2000 AND ARRAY[ARRAY[m.secret], ARRAY[m.secret, m.secret]] IS NOT NULL RETURNING m.id
--# an error that costs nothing, in select | both | same
SELECT id FROM meters WHERE id = 2001 AND ARRAY[ARRAY[secret], ARRAY[secret, secret]] IS NOT NULL
--# an error that costs nothing, in merge | both | same-or-refused
MERGE INTO meters m USING properties p ON m.property_id = p.id AND m.id = 2001 AND ARRAY[ARRAY[m.secret], ARRAY[m.secret, m.secret]] IS NOT NULL WHEN MATCHED THEN DELETE
--# an error that costs nothing, in an arm of merge | both | same-or-refused
MERGE INTO meters m USING (VALUES (2001)) v(i) ON m.id = v.i WHEN MATCHED AND ARRAY[ARRAY[m.secret], ARRAY[m.secret, m.secret]] IS NOT NULL THEN DELETE
--# an error that costs nothing, in on conflict | both | same-or-refused
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT (tenant_id, number) DO UPDATE SET memo = 'x' WHERE invoices.id > 2000 AND ARRAY[ARRAY[invoices.memo], ARRAY['a', 'b']] IS NOT NULL
--# conditions that cannot fail beside one that can | both | same
UPDATE meters SET divisor = divisor WHERE id IN (1001, 2001) AND secret IS NOT NULL AND 10 / divisor > 0 AND property_id = ANY ('{1001,1002}') RETURNING id
--# a pattern that fails on a value, by the function | both | refused 42501
SELECT id FROM meters WHERE like(secret, 'CANARY_T2%\')
--# a pattern that fails on a value | both | same
SELECT id FROM meters WHERE secret LIKE 'CANARY_T2%\'
--# a pattern that is right, in a write | simple | same
UPDATE meters SET kind = 'x' WHERE serial_no LIKE '%' || '1' || '%' RETURNING id
--# a pattern that may be wrong for others, in a write | both | refused
UPDATE meters SET kind = 'x' WHERE secret LIKE 'CANARY\_T2%' || right('a\', 1)
--# a number among alternatives, converted as a whole | both | same
SELECT id FROM meters WHERE (CASE WHEN tenant_id = 1 THEN NULL::int ELSE 1e40 END)::bigint IS NULL
--# a number among alternatives, beside a float | both | same
SELECT id FROM meters WHERE coalesce(NULL::float8, CASE WHEN tenant_id = 1 THEN 1 ELSE 1e400 END) IS NOT NULL
--# a date that is no timestamp | both | same
SELECT id FROM meters WHERE coalesce(NULL::timestamptz, CASE WHEN tenant_id = 1 THEN date '2020-01-01' ELSE date '5874897-01-01' END) IS NOT NULL
--# a number among alternatives, in update | both | same
UPDATE meters SET divisor = divisor WHERE id = 2001 AND (CASE WHEN id IS NULL THEN NULL::int ELSE 1e40 END)::bigint IS NULL
--# a number among alternatives, in update beside a float | both | same
UPDATE meters SET divisor = divisor WHERE id >= 2001 AND id <= 2001 AND coalesce(NULL::float8, CASE WHEN id IS NULL THEN 1 ELSE 1e400 END) IS NOT NULL
--# a number among alternatives, in delete | both | same
DELETE FROM meters WHERE id = 2001 AND coalesce(NULL::timestamptz, CASE WHEN id IS NULL THEN date '2020-01-01' ELSE date '5874897-01-01' END) IS NOT NULL
--# a number of a sub-select | both | same
SELECT id FROM meters WHERE id = 2001 AND coalesce(NULL::float8, (SELECT 1e400 WHERE id > 0)) IS NOT NULL
--# a number of a derived table | both | same
SELECT m.id FROM meters m, (SELECT CASE WHEN now() IS NULL THEN 1 ELSE 1e400 END AS n) s WHERE m.id = 2001 AND coalesce(NULL::float8, s.n) IS NOT NULL
--# a number compared by CASE | both | same
SELECT id FROM meters WHERE id = 2001 AND CASE CASE WHEN id IS NULL THEN 1 ELSE 1e400 END WHEN NULL::float8 THEN true ELSE false END
--# a number in an array | both | same
SELECT id FROM meters WHERE id = 2001 AND NULL::float8 <> ALL (ARRAY[CASE WHEN id IS NULL THEN 1 ELSE 1e400 END])
--# a parameter that another use gives its type | extended | same
--$ 1e400
SELECT id FROM meters WHERE id = 2001 AND (id::numeric <> $1 OR id::float8 = $1)
--# a parameter that is cast and has another type | extended | same
--$ x
SELECT id FROM meters WHERE secret <> $1 AND id = 2001 AND (CASE WHEN id IS NULL THEN true ELSE $1::timestamptz IS NULL END)
--# arrays of two sizes in one, beside a tenant who is found through another table | both | same
SELECT id FROM receipts WHERE 'x' <> ALL (ARRAY['{a}'::text[], CASE WHEN id >= 2000 THEN '{a,b}'::text[] ELSE '{b}'::text[] END])
--# arrays of two sizes in one, in a write | both | same
UPDATE receipts SET code = code WHERE 'x' <> ALL (ARRAY['{a}'::text[], CASE WHEN id >= 2000 THEN '{a,b}'::text[] ELSE '{b}'::text[] END])
--# a jsonpath that fails on a value, when it is planned | both | same
SELECT id FROM properties WHERE extra @@ '$.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()'
--# a jsonpath that fails on a value, by the operator's full name | both | same
SELECT id FROM properties WHERE extra OPERATOR(pg_catalog.@?) '$ ? (@.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime())'
--# a jsonpath that fails on a value, over a derived table | both | same
SELECT x.i FROM (SELECT id AS i, extra AS e FROM properties) x JOIN meters m ON m.property_id = x.i AND x.e @@ '$.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()'
--# a jsonpath that fails on a value, in another table's update | both | same
UPDATE meters SET divisor = divisor FROM properties p WHERE p.id = property_id AND p.extra @@ '$.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()'
--# a jsonpath that fails on a value, in update | both | same
UPDATE properties SET units = units WHERE extra @@ '$.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()'
--# a jsonpath that fails on a value, in delete's sub-select | both | same
DELETE FROM visits WHERE EXISTS (SELECT FROM properties p WHERE p.extra @@ '$.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()')
--# a jsonpath that fails on a value, beside a lock | both | same-or-refused
SELECT id FROM properties WHERE extra @@ '$.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()' FOR UPDATE
--# a jsonpath that fails on a value, in merge | both | same-or-refused
MERGE INTO meters m USING (SELECT id, extra FROM properties) p ON m.property_id = p.id AND p.extra @@ '$.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()' WHEN MATCHED THEN UPDATE SET divisor = m.divisor
--# a jsonpath that is a parameter, when it is planned | extended | same
--$ $.who starts with "CANARY_T2" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()
SELECT id FROM properties WHERE extra @@ $1
--# a document that contains another, beside a lock | both | same
SELECT id FROM properties WHERE extra @> jsonb_build_object('n', 2) FOR UPDATE
--# a jsonpath that fails on own values | both | same
SELECT id FROM properties WHERE extra @@ '$.who starts with "CANARY_T1" && "2020-01-01".datetime() < "2021-01-01 00:00:00+00".datetime()'
--# a merge whose condition may fail for nothing but its source | both | same
MERGE INTO meters m USING properties p ON m.property_id = p.id AND m.secret LIKE 'CANARY_T2%' AND (m.id = 0 OR (1 / (p.units - p.units)) IS NULL) WHEN MATCHED THEN DO NOTHING
--# a merge by a converted key | both | same
MERGE INTO properties p USING (VALUES ('1001', 3), ('1002', 4)) s(id, units) ON p.id = s.id::int AND 10 / s.units > 0 WHEN MATCHED THEN UPDATE SET units = s.units
--# a merge by a computed column of the target | both | same
MERGE INTO meters m USING properties p ON 12 / m.divisor = p.units WHEN MATCHED THEN DO NOTHING
--# a repeated condition with a value of pgmoat's | both | same
UPDATE meters SET kind = 'x' WHERE tenant_id = tenant_id() AND 12 / divisor > 2
--= as
UPDATE meters SET kind = 'x' WHERE 12 / divisor > 2
--# one text many times in a list | both | same
PREPARE p(text) AS SELECT id FROM meters WHERE serial_no IN ($1, $1, $1) OR kind = ANY (ARRAY[serial_no, kind]) ORDER BY id
--;
EXECUTE p('x')
--# a number beside an oid, which it is made one of | both | same
SELECT id FROM assets WHERE id <> 1::oid ORDER BY id
--# a number beside the table's oid | both | same
SELECT id FROM assets WHERE label LIKE 'CANARY_T2%' AND id = tableoid
--# a number beside several oids | both | same
SELECT id FROM assets WHERE label LIKE 'CANARY_T2%' AND (id IN (1::oid, 2::oid) OR id = ANY ('{1,2}'::oid[]))
--# a number beside an oid, in a write | both | same
UPDATE assets SET label = label WHERE label LIKE 'CANARY_T2%' AND id = 1::oid
--# a number or an oid | both | same
DELETE FROM assets WHERE label LIKE 'CANARY_T2%' AND coalesce(id, tableoid) IS NULL
--# a number that is made money for each row, beside a tenant who is found through another table | both | same
SELECT id FROM receipts WHERE CASE WHEN divisor = 0 THEN 99999999999999999999::money = 1::money ELSE false END
--# a number that is made money for each row, in update | both | same
UPDATE receipts SET code = code WHERE CASE WHEN divisor = 0 THEN 99999999999999999999::money = 1::money ELSE false END
--# a number that is made money for each row, where the tenant is a column | both | same
SELECT id FROM meters WHERE CASE WHEN tariff IS NULL AND divisor = 0 THEN 99999999999999999999::money IS NULL ELSE false END
--# a count of what may fail | both | same
SELECT id FROM receipts WHERE divisor = 0 AND (SELECT count(1 / (c.parent_id - c.parent_id + receipts.divisor)) FROM categories c WHERE c.id = 1002) >= 0
--# a count of what may fail, asked for its row | both | same
SELECT id FROM receipts WHERE EXISTS (SELECT count(1 / (c.parent_id - c.parent_id + receipts.divisor)) FROM categories c WHERE c.id = 1002)
--# a count of what may fail, on groups | both | same
SELECT id FROM receipts WHERE EXISTS (SELECT 1 FROM categories c WHERE c.id = 1002 HAVING count(1 / (c.parent_id - c.parent_id + receipts.divisor)) > 0)
--# a count of what may fail, in a delete | both | same
DELETE FROM receipts WHERE divisor = 0 AND (SELECT count(1 / (c.parent_id - c.parent_id + receipts.divisor)) FROM categories c WHERE c.id = 1002) >= 0
--# a division beside a lock | both | same
SELECT id FROM meters WHERE 100 / divisor > 10 ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED
--# a division of no literal beside a lock, of the cheapest kind | both | same
SELECT id FROM meters WHERE 1 / divisor = 1 AND kind = 'water' FOR NO KEY UPDATE
--# a division beside a lock, in a common table expression | both | same
WITH next AS (SELECT id FROM meters WHERE 100 / divisor > 10 ORDER BY id LIMIT 1 FOR UPDATE) UPDATE meters m SET kind = 'taken' FROM next WHERE m.id = next.id RETURNING m.id, m.kind
--# a division beside a lock, in a sub-select | both | same
UPDATE meters SET kind = 'taken' WHERE id IN (SELECT id FROM meters WHERE 100 / divisor > 10 ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id, kind
--# a division beside a lock, and one outside | both | same
SELECT x.id FROM (SELECT id, divisor FROM meters WHERE 100 / divisor > 10 FOR UPDATE) x WHERE 1 / x.divisor > 0
--# a division beside a lock, and one outside of its limit | both | same
SELECT x.id FROM (SELECT id, divisor FROM meters WHERE 100 / divisor > 10 ORDER BY id LIMIT 3 FOR UPDATE) x WHERE 1 / x.divisor > 0
--# rows beside a lock that are known by what they refer to | both | same
SELECT id FROM receipts WHERE 10 / divisor > 1 AND code::int > 0 ORDER BY id FOR SHARE
--# a cast beside a lock, under an alias | both | same
SELECT r.id, r.ctid IS NULL FROM receipts AS r WHERE r.code::int BETWEEN 2 AND 4 ORDER BY r.id FOR UPDATE OF r
--# a cast beside a lock, of a parameter | extended | same
--$ 2
SELECT id FROM properties WHERE code::int > $1 ORDER BY id FOR UPDATE
--# a cast beside a lock, of a hierarchy | both | same
SELECT id FROM assets WHERE 10 / (id - 2001) < 10 ORDER BY id FOR UPDATE
--# a cast beside a lock, and a sub-select | both | same
SELECT id FROM properties p WHERE p.code::int > 0 AND EXISTS (SELECT FROM meters m WHERE m.property_id = p.id AND 10 / m.divisor > 0) ORDER BY id FOR UPDATE
