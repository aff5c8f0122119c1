-- the own name and id
SELECT tenant(), tenant_id()
=> select 'acme'::pg_catalog.text AS "tenant" , '1'::pg_catalog.int8 AS "tenant_id"
$> select $1::pg_catalog.text AS "tenant" , $2::pg_catalog.int8 AS "tenant_id"

-- a cast keeps the column's name
SELECT tenant_id()::text, coalesce(tenant(), 'x'), (tenant()), tenant() || '!' AS greeting
=> select (SELECT '1'::pg_catalog.int8 AS "tenant_id") ::text, coalesce ( 'acme'::pg_catalog.text , 'x'), ( (SELECT 'acme'::pg_catalog.text AS "tenant") ), 'acme'::pg_catalog.text || '!' as greeting
$> select (SELECT $1::pg_catalog.int8 AS "tenant_id") ::text, coalesce ( $2::pg_catalog.text , 'x'), ( (SELECT $2::pg_catalog.text AS "tenant") ), $2::pg_catalog.text || '!' as greeting

-- in conditions
SELECT name FROM properties WHERE tenant_id = tenant_id() AND id > 1
=> select name from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( tenant_id = '1'::pg_catalog.int8 and id > 1 )
$> select name from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( tenant_id = $1::pg_catalog.int8 and id > 1 )

-- in a condition that may fail
SELECT name FROM properties WHERE name = tenant() AND 1 / id > 0
=> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where name = 'acme'::pg_catalog.text and 1 / id > 0
$> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where name = $2::pg_catalog.text and 1 / id > 0

-- in quotes, and in upper case
SELECT "tenant"(), TENANT_ID()
=> select 'acme'::pg_catalog.text AS "tenant" , '1'::pg_catalog.int8 AS "tenant_id"
$> select $1::pg_catalog.text AS "tenant" , $2::pg_catalog.int8 AS "tenant_id"

-- in groups and orders
SELECT tenant(), count(*) FROM properties GROUP BY tenant() ORDER BY tenant()
=> select 'acme'::pg_catalog.text AS "tenant" , count(*) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by 'acme'::pg_catalog.text order by 'acme'::pg_catalog.text
$> select $1::pg_catalog.text AS "tenant" , count(*) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 group by $1::pg_catalog.text order by $1::pg_catalog.text

-- with parameters of the client's
SELECT tenant_id() FROM properties WHERE id = $1 AND name = tenant()
$> select $2::pg_catalog.int8 AS "tenant_id" from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( id = $1 and name = $3::pg_catalog.text )

-- nodes of a user without limits
SELECT property_ids()
=> select NULL::pg_catalog.int8[] AS "property_ids"

-- nodes in a condition
SELECT name FROM properties WHERE id = ANY (property_ids())
=> select name from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = any ( NULL::pg_catalog.int8[] ) )
$> select name from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = any ( NULL::pg_catalog.int8[] ) )

-- the own id as the tenant column
INSERT INTO meters (tenant_id, id, serial) VALUES (tenant_id(), 1, tenant())
=> insert into "public"."meters" (tenant_id, id, serial) values ( '1'::pg_catalog.int8 , 1, 'acme'::pg_catalog.text )
$> insert into "public"."meters" (tenant_id, id, serial) values ( $1::pg_catalog.int8 , 1, $2::pg_catalog.text )

-- the own id as another type's tenant column
INSERT INTO documents (tenant_key, id) VALUES (tenant_id(), 1)
=> insert into "public"."documents" (tenant_key, id) values ( CASE WHEN pg_catalog.replace((( '1'::pg_catalog.int8 ) OPERATOR(pg_catalog.=) 'acme'::pg_catalog.text )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t16_0'))::pg_catalog.bool THEN 'acme'::pg_catalog.text END , 1)
$> insert into "public"."documents" (tenant_key, id) values ( CASE WHEN pg_catalog.replace((( $1::pg_catalog.int8 ) OPERATOR(pg_catalog.=) $2::pg_catalog.text )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t16_0'))::pg_catalog.bool THEN $2::pg_catalog.text END , 1)

-- the own id from a query
INSERT INTO meters (tenant_id, id) SELECT tenant_id(), id FROM properties
=> insert into "public"."meters" (tenant_id, id) select '1'::pg_catalog.int8 AS "tenant_id" , id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select $1::pg_catalog.int8 AS "tenant_id" , id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- an update to the own id
UPDATE meters SET tenant_id = tenant_id(), serial = tenant()
=> update "public"."meters" set tenant_id = '1'::pg_catalog.int8 , serial = 'acme'::pg_catalog.text WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."meters" set tenant_id = $1::pg_catalog.int8 , serial = $2::pg_catalog.text WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- no function in a schema
SELECT public.tenant_id()
!! 42501 function permission denied for function tenant_id

-- no function of pg_catalog
SELECT pg_catalog.tenant()
!! 42501 function permission denied for function tenant

-- arguments
SELECT tenant(1)
!! 42501 function permission denied for function tenant

-- a column of the name
SELECT tenant_id FROM properties
=> select tenant_id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select tenant_id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- not in FROM
SELECT * FROM tenant_id()
!! 42501 function permission denied for function tenant_id

-- not in the arguments of EXECUTE
EXECUTE p (tenant_id())
!! 42501 function permission denied for function tenant_id

-- as a window function
SELECT tenant() OVER () FROM properties
!! 42501 function permission denied for function tenant

-- the whole server's figures
SELECT pg_stat_get_buf_alloc(), pg_catalog.inet_server_addr()::text, pg_my_temp_schema() AS t FROM properties WHERE inet_client_addr() IS NULL
=> select 0::pg_catalog.int8 AS "pg_stat_get_buf_alloc" , (SELECT NULL::pg_catalog.inet AS "inet_server_addr") ::text, 0::pg_catalog.oid as t from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where NULL::pg_catalog.inet is null
$> select 0::pg_catalog.int8 AS "pg_stat_get_buf_alloc" , (SELECT NULL::pg_catalog.inet AS "inet_server_addr") ::text, 0::pg_catalog.oid as t from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where NULL::pg_catalog.inet is null

-- statistics by an argument
SELECT pg_stat_get_numscans(max(p.id)), pg_catalog.pg_stat_get_backend_pid((SELECT 1)) FROM properties p
=> select pg_catalog."pg_stat_get_numscans"(COALESCE(4294967295::pg_catalog.oid, max(p.id) )) , pg_catalog."pg_stat_get_backend_pid"(COALESCE('-1'::pg_catalog.int4, (select 1) )) from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select pg_catalog."pg_stat_get_numscans"(COALESCE(4294967295::pg_catalog.oid, max(p.id) )) , pg_catalog."pg_stat_get_backend_pid"(COALESCE('-1'::pg_catalog.int4, (select 1) )) from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- none of these are masked
SELECT pg_stat_get_activity(NULL)
!! 42501 function permission denied for function pg_stat_get_activity

-- the age of moments
SELECT age(now()), pg_catalog.age(now()), age(now(), now()), age('2001-01-01'), age(NULL)
=> select age (CURRENT_DATE, now()), pg_catalog.age (CURRENT_DATE, now()), age(now(), now()), age('2001-01-01'), age(null)

-- the age of what may be a transaction
SELECT age(xmin) FROM properties
=> select age (CURRENT_DATE, xmin) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select age (CURRENT_DATE, xmin) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a function that tenants may not call is refused where it is evaluated: PostgreSQL says what else is wrong
SELECT CASE WHEN false THEN pg_catalog.txid_current() END, leak() FROM properties WHERE name = txid_current()
=> select case when false then (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x2943_0')::pg_catalog.bool THEN NULL::pg_catalog."int8" END) end, (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x20006_0')::pg_catalog.bool THEN NULL::pg_catalog."int8" END) AS "leak" from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where name = (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x2943_0')::pg_catalog.bool THEN NULL::pg_catalog."int8" END)
$> select case when false then (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x2943_0')::pg_catalog.bool THEN NULL::pg_catalog."int8" END) end, (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x20006_0')::pg_catalog.bool THEN NULL::pg_catalog."int8" END) AS "leak" from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where name = (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x2943_0')::pg_catalog.bool THEN NULL::pg_catalog."int8" END)

-- not in FROM
SELECT * FROM txid_current()
!! 42501 function permission denied for function txid_current

-- as a window function it is refused before it runs
SELECT txid_current() OVER () FROM properties
!! 42501 function permission denied for function txid_current

-- with an argument it is another function
SELECT txid_current(1)
=> select (CASE WHEN ROW (1 ) IS NULL THEN 'pgmoat_00000000000000000000000000000000_x2943_0'::pg_catalog.bool END)

-- in the arguments of EXECUTE
EXECUTE p (txid_current())
!! 42501 function permission denied for function txid_current

-- a setting of the tenant's
SELECT tenant_setting('currency'), tenant_setting(E'cur\'x') AS x, (tenant_setting($$currency$$))
=> select pg_catalog.jsonb_extract_path_text(CAST( '{"currency": "EUR"}'::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) AS "tenant_setting" , pg_catalog.jsonb_extract_path_text(CAST( '{"currency": "EUR"}'::pg_catalog.text AS pg_catalog.jsonb), 'cur''x' ) as x, ( (SELECT pg_catalog.jsonb_extract_path_text(CAST( '{"currency": "EUR"}'::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) AS "tenant_setting") )
$> select pg_catalog.jsonb_extract_path_text(CAST( $1::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) AS "tenant_setting" , pg_catalog.jsonb_extract_path_text(CAST( $1::pg_catalog.text AS pg_catalog.jsonb), 'cur''x' ) as x, ( (SELECT pg_catalog.jsonb_extract_path_text(CAST( $1::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) AS "tenant_setting") )

-- in a condition it is as safe as a text, and the plan is every tenant's
SELECT id FROM properties WHERE name = tenant_setting('currency') AND id > 1
=> select id from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( name = pg_catalog.jsonb_extract_path_text(CAST( '{"currency": "EUR"}'::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) and id > 1 )
$> select id from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( name = pg_catalog.jsonb_extract_path_text(CAST( $2::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) and id > 1 )

-- beside parameters
SELECT tenant_setting('currency') || $1, tenant() FROM properties WHERE id = $2
$> select pg_catalog.jsonb_extract_path_text(CAST( $3::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) || $1, $4::pg_catalog.text AS "tenant" from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $5::pg_catalog.int8 AND ( id = $2 )

-- an argument that is computed
SELECT tenant_setting(name) FROM properties
!! 42501 function permission denied for function tenant_setting

-- a parameter for an argument
SELECT tenant_setting($1)
!! 42501 function permission denied for function tenant_setting

-- without an argument
SELECT tenant_setting()
!! 42501 function permission denied for function tenant_setting

-- with two
SELECT tenant_setting('a', 'b')
!! 42501 function permission denied for function tenant_setting

-- as a table
SELECT * FROM tenant_setting('currency')
!! 42501 function permission denied for function tenant_setting

-- in INSERT
INSERT INTO meters (tenant_id, id, serial) VALUES (tenant_id(), 1, tenant_setting('currency'))
=> insert into "public"."meters" (tenant_id, id, serial) values ( '1'::pg_catalog.int8 , 1, pg_catalog.jsonb_extract_path_text(CAST( '{"currency": "EUR"}'::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) )
$> insert into "public"."meters" (tenant_id, id, serial) values ( $1::pg_catalog.int8 , 1, pg_catalog.jsonb_extract_path_text(CAST( $2::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) )

-- in UPDATE
UPDATE meters SET serial = tenant_setting('currency') WHERE id = 1
=> update "public"."meters" set serial = pg_catalog.jsonb_extract_path_text(CAST( '{"currency": "EUR"}'::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 )
$> update "public"."meters" set serial = pg_catalog.jsonb_extract_path_text(CAST( $1::pg_catalog.text AS pg_catalog.jsonb), 'currency' ) where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( id = 1 )

-- a denied function with arguments: they stay, for their own errors, and are never evaluated
SELECT pg_sleep(1.5::float8), pg_read_file(CAST(name AS text)), pg_notify('c', $1) FROM properties
!! 0A000 construct a literal without a cast beside a NULL of such a type is not supported through pgmoat

-- an integer, a string, NULL and a parameter become what the only function takes
SELECT pg_sleep(1), pg_read_file('PG_VERSION'), lo_get(NULL)
!! 0A000 construct a literal without a cast beside a NULL of such a type is not supported through pgmoat

-- which of several is meant is certain by exact types
SELECT has_server_privilege(CAST(id AS oid), CAST('a' AS text)), has_server_privilege(name::text, name::text) FROM properties
=> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3006_0')::pg_catalog.bool THEN NULL::pg_catalog."bool" WHEN ROW (cast (id as oid), cast ('a' as text) ) IS NULL THEN NULL::pg_catalog."bool" END) AS "has_server_privilege" , (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3005_0')::pg_catalog.bool THEN NULL::pg_catalog."bool" WHEN ROW (name::text, name::text ) IS NULL THEN NULL::pg_catalog."bool" END) AS "has_server_privilege" from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3006_0')::pg_catalog.bool THEN NULL::pg_catalog."bool" WHEN ROW (cast (id as oid), cast ('a' as text) ) IS NULL THEN NULL::pg_catalog."bool" END) AS "has_server_privilege" , (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3005_0')::pg_catalog.bool THEN NULL::pg_catalog."bool" WHEN ROW (name::text, name::text ) IS NULL THEN NULL::pg_catalog."bool" END) AS "has_server_privilege" from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

--
SELECT has_server_privilege('a', 'b')
=> select (CASE WHEN ROW ('a', 'b' ) IS NULL THEN 'pgmoat_00000000000000000000000000000000_x3005_0'::pg_catalog.bool END)

-- a column's name is the function's behind a cast too
SELECT pg_read_file(CAST(name AS text))::varchar FROM properties
=> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3826_0')::pg_catalog.bool THEN NULL::pg_catalog."text" WHEN GREATEST(NULL::pg_catalog.gtsvector, CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3826_0')::pg_catalog.bool THEN NULL::pg_catalog.gtsvector END) IS NULL THEN NULL::pg_catalog."text" WHEN ROW (cast (name as text) ) IS NULL THEN NULL::pg_catalog."text" ELSE (SELECT NULL::pg_catalog."text" AS "pg_read_file") END) ::varchar from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3826_0')::pg_catalog.bool THEN NULL::pg_catalog."text" WHEN GREATEST(NULL::pg_catalog.gtsvector, CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3826_0')::pg_catalog.bool THEN NULL::pg_catalog.gtsvector END) IS NULL THEN NULL::pg_catalog."text" WHEN ROW (cast (name as text) ) IS NULL THEN NULL::pg_catalog."text" ELSE (SELECT NULL::pg_catalog."text" AS "pg_read_file") END) ::varchar from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a column's own type is not known: the call is refused
SELECT pg_read_file(name) FROM properties
=> select (CASE WHEN ROW (name ) IS NULL THEN 'pgmoat_00000000000000000000000000000000_x3826_0'::pg_catalog.bool END) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select (CASE WHEN ROW (name ) IS NULL THEN 'pgmoat_00000000000000000000000000000000_x3826_0'::pg_catalog.bool END) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- nor that of a string where it would be looked up
SELECT pg_relation_filenode('operator_notes')
=> select (CASE WHEN ROW ('operator_notes' ) IS NULL THEN 'pgmoat_00000000000000000000000000000000_x2999_0'::pg_catalog.bool END)

-- a function that takes any number of arguments
SELECT lo_put(1::oid, 2::int8, 'x'::bytea)
=> select (CASE WHEN ROW (1::oid, 2::int8, 'x'::bytea ) IS NULL THEN 'pgmoat_00000000000000000000000000000000_x3460_0'::pg_catalog.bool END)

-- an argument by name
SELECT pg_sleep(seconds => 1)
!! 42501 function permission denied for function pg_sleep

-- FILTER, OVER, DISTINCT, ORDER BY of a denied function
SELECT pg_sleep(DISTINCT 1)
!! 42501 function permission denied for function pg_sleep

-- what the arguments hold is confined and judged as elsewhere
SELECT pg_read_file(CAST((SELECT name FROM meters WHERE id = 1) AS text)), pg_sleep(CAST(leak() AS float8)), pg_read_file(CAST((SELECT note FROM operator_notes) AS text)) FROM properties
!! 42P01 hidden_relation relation "operator_notes" does not exist

-- a denied function of a denied function, and of one that is not known
SELECT pg_sleep(CAST(pg_sleep(1) AS float8)), pg_read_file(CAST(unheard_of(1) AS text))
!! 42501 function permission denied for function unheard_of

-- a record is no row with fields
SELECT pg_control_init(), (pg_control_init()).max_data_alignment
!! 42703 construct column "max_data_alignment" does not exist

-- privileges: NULLs alone, without a literal that would be read as one
SELECT makeaclitem(1::oid, 2::oid, CAST(name AS text), true) = CAST(NULL AS aclitem), NULL::aclitem[] FROM properties WHERE id = 7
=> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x1365_0')::pg_catalog.bool THEN NULL::pg_catalog."aclitem" WHEN ROW (1::oid, 2::oid, cast (name as text), true ) IS NULL THEN NULL::pg_catalog."aclitem" END) = cast (null as aclitem), null::aclitem[] from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 7 )
$> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x1365_0')::pg_catalog.bool THEN NULL::pg_catalog."aclitem" WHEN ROW (1::oid, 2::oid, cast (name as text), true ) IS NULL THEN NULL::pg_catalog."aclitem" END) = cast (null as aclitem), null::aclitem[] from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 7 )

--
SELECT CAST(NULL AS aclitem) = 'somebody=r/postgres'
!! 0A000 construct a literal without a cast beside a NULL of such a type is not supported through pgmoat

--
SELECT CAST(NULL AS aclitem) = $1
!! 0A000 construct a literal without a cast beside a NULL of such a type is not supported through pgmoat

--
SELECT COALESCE(CAST(NULL AS aclitem), CAST('somebody=r/postgres' AS aclitem))
!! 42501 type permission denied for type aclitem

--
SELECT CAST(name AS aclitem) FROM properties
!! 42501 type permission denied for type aclitem

-- what looks an object up beside a tenant's table is refused where it is evaluated
SELECT CASE WHEN id < 0 THEN pg_get_userbyid(10::oid) END FROM properties
=> select case when id < 0 then (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x1642_0')::pg_catalog.bool THEN NULL::pg_catalog."name" WHEN ROW (10::oid ) IS NULL THEN NULL::pg_catalog."name" END) end from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select case when id < 0 then (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x1642_0')::pg_catalog.bool THEN NULL::pg_catalog."name" WHEN ROW (10::oid ) IS NULL THEN NULL::pg_catalog."name" END) end from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

--
SELECT name, pg_get_userbyid(id) FROM properties
!! 0A000 construct a catalog, or a function that looks objects up, beside a tenant's table is not supported through pgmoat

-- NULLs of types that tenants may not name, and what yields them
SELECT CAST(CASE WHEN id > 1 THEN CAST(NULL AS pg_snapshot) ELSE CAST(NULL AS pg_snapshot) END AS pg_snapshot), CAST(NULLIF(NULL::pg_catalog.void, COALESCE(NULL::void, NULL::void)) AS void), CAST(makeaclitem(1::oid, 2::oid, CAST(name AS text), true) AS aclitem) FROM properties
=> select cast (case when id > 1 then cast (null as pg_snapshot) else cast (null as pg_snapshot) end as pg_snapshot), cast (nullif (null::pg_catalog.void, coalesce (null::void, null::void)) as void), cast ( (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x1365_0')::pg_catalog.bool THEN NULL::pg_catalog."aclitem" WHEN ROW (1::oid, 2::oid, cast (name as text), true ) IS NULL THEN NULL::pg_catalog."aclitem" ELSE (SELECT NULL::pg_catalog."aclitem" AS "makeaclitem") END) as aclitem) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select cast (case when id > 1 then cast (null as pg_snapshot) else cast (null as pg_snapshot) end as pg_snapshot), cast (nullif (null::pg_catalog.void, coalesce (null::void, null::void)) as void), cast ( (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x1365_0')::pg_catalog.bool THEN NULL::pg_catalog."aclitem" WHEN ROW (1::oid, 2::oid, cast (name as text), true ) IS NULL THEN NULL::pg_catalog."aclitem" ELSE (SELECT NULL::pg_catalog."aclitem" AS "makeaclitem") END) as aclitem) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

--
SELECT CAST('1:1:' AS pg_snapshot)
!! 42501 type permission denied for type pg_snapshot

--
SELECT NULL::pg_snapshot = '1:1:' || name FROM properties
!! 0A000 construct a literal without a cast beside a NULL of such a type is not supported through pgmoat

--
SELECT NULL::regoper, NULL::gtsvector
!! 42501 type permission denied for type regoper

-- what is explained is not run, and what ends it would not be understood
EXPLAIN SELECT pg_read_file(name) FROM properties
!! 42501 function permission denied for function pg_read_file

--
EXPLAIN SELECT pg_read_file(CAST(name AS text)) FROM properties
!! 0A000 construct EXPLAIN of a statement on tenants' rows is not supported through pgmoat

--
EXPLAIN (REWRITE) SELECT pg_read_file(name) FROM properties
!! 42501 function permission denied for function pg_read_file
