-- refused 1
SELECT * FROM operators_notes
!! 42P01 hidden_relation relation "operators_notes" does not exist

-- refused 2
SELECT * FROM nowhere
!! 42P01 hidden_relation relation "nowhere" does not exist

-- refused 3
SELECT * FROM pg_stats
!! 42501 relation permission denied for relation pg_stats

-- refused 6
SELECT * FROM other.public.meters
!! 0A000 relation cross-database references are not implemented

-- refused 7
SELECT pg_sleep(1)
=> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x2626_0')::pg_catalog.bool THEN NULL::pg_catalog."void" WHEN ROW ( CAST( 1 AS pg_catalog."float8") ) IS NULL THEN NULL::pg_catalog."void" END) AS "pg_sleep"

-- refused 8
SELECT query_to_xml('select 1', true, false, '')
!! 42501 function permission denied for function query_to_xml

-- refused 9
SELECT leak(1)
=> select (CASE WHEN ROW (1 ) IS NULL THEN 'pgmoat_00000000000000000000000000000000_x20006_0'::pg_catalog.bool END)

-- refused 10
SELECT public.leak(1)
=> select (CASE WHEN ROW (1 ) IS NULL THEN 'pgmoat_00000000000000000000000000000000_x20006_0'::pg_catalog.bool END)

-- refused 12
SELECT 1 INTO TEMP t
!! 0A000 construct SELECT INTO is not supported through pgmoat

-- refused 13
CREATE TABLE x AS SELECT 1
!! 42501 statement CREATE TABLE is not allowed to tenants

-- refused 14
DROP TABLE meters
!! 42501 statement DROP TABLE is not allowed to tenants

-- refused 15
TRUNCATE meters
!! 42501 statement TRUNCATE is not allowed to tenants

-- refused 16
LOCK TABLE meters
!! 42501 statement LOCK TABLE is not allowed to tenants

-- refused 17
COPY meters TO '/tmp/meters'
!! 42501 statement COPY to files of the server is not allowed to tenants

-- refused 18
DO $$ BEGIN END $$
!! 42501 statement DO is not allowed to tenants

-- refused 19
CALL f()
!! 42501 statement CALL is not allowed to tenants

-- refused 20
GRANT ALL ON meters TO public
!! 42501 statement GRANT is not allowed to tenants

-- refused 21
LISTEN x
!! 0A000 statement LISTEN is not supported through pgmoat

-- refused 22
VACUUM meters
!! 42501 statement VACUUM is not allowed to tenants

-- refused 23
SELECT FROM WHERE
!! 0A000 construct the layout of this SELECT is not supported through pgmoat

-- refused 24
SELECT * FROM meters WHERE id = 'unfinished
!! 42601 syntax unterminated quoted string at or near "'"

-- refused 25
SELECT x <>/*'*/ 5 UNION SELECT secret FROM organisations --'
=> select x <> 5 union select secret from "public"."organisations" WHERE "public"."organisations"."id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select x <> 5 union select secret from "public"."organisations" WHERE "public"."organisations"."id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- refused 26
SELECT 5 % 2, name FROM properties WHERE id % 2 = 0
=> select 5 % 2, name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where id % 2 = 0
$> select 5 % 2, name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where id % 2 = 0

-- refused 27
SELECT name % 'x' FROM properties
!! 42501 operator permission denied for operator %

-- refused 28
SELECT * FROM meters TABLESAMPLE SYSTEM (50) REPEATABLE (1)
!! 0A000 construct this form of TABLESAMPLE is not supported through pgmoat

-- refused 29
SELECT id === 1 FROM properties
!! 42501 operator permission denied for operator ===

-- refused 30
SELECT id OPERATOR(public.===) 1 FROM properties
!! 42501 operator permission denied for operator ===

-- refused 31
SELECT * FROM tariffs FOR UPDATE
!! 42501 relation permission denied to lock rows of a shared relation

-- refused 32
SELECT * FROM (SELECT * FROM tariffs) t FOR SHARE
!! 42501 relation permission denied to lock rows of a shared relation

-- refused 33
SELECT p.id FROM properties p, tariffs t FOR UPDATE OF p
=> select p.id from "public"."properties" p, "public"."tariffs" t WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 for update of p
$> select p.id from "public"."properties" p, "public"."tariffs" t WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 for update of p
