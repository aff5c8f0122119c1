-- visible rows only, masked columns replaced, later versions' columns NULL
SELECT relname FROM pg_catalog.pg_class c
=> select relname from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) c

-- unqualified, without an alias
SELECT * FROM pg_class WHERE relname = 'meters'
=> select * from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_class" where relname = 'meters'

-- names qualified by the schema lose it
SELECT pg_catalog.pg_class.relname FROM pg_catalog.pg_class
=> select pg_class.relname from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_class"

-- a pattern that reads statistics gets the opaque fence
SELECT relname FROM pg_class WHERE relname LIKE 'a\'
=> select relname from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) UNION ALL SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE false OFFSET 0) AS "pg_class" where relname like E'a\\'

-- a look-up column is a number
SELECT typinput FROM pg_type
=> select typinput ::pg_catalog.regproc from (SELECT r."oid" AS "oid", r."typname" AS "typname", r."typinput"::pg_catalog.oid AS "typinput" FROM pg_catalog.pg_type AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_type"

-- by names
SELECT table_name FROM information_schema.tables
=> select table_name from (SELECT r."table_schema" AS "table_schema", r."table_name" AS "table_name" FROM information_schema.tables AS r WHERE EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname::pg_catalog.text OPERATOR(pg_catalog.=) r.table_schema::pg_catalog.text AND c.relname::pg_catalog.text OPERATOR(pg_catalog.=) r.table_name::pg_catalog.text AND (c.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR c.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) OFFSET 0) AS "tables"

-- a view that is not on the list
SELECT * FROM pg_catalog.pg_stats
!! 42501 relation permission denied for relation pg_stats

-- a system relation that nobody knows
SELECT * FROM pg_catalog.pg_nothing
!! 42501 relation permission denied for relation pg_nothing

-- locking
SELECT relname FROM pg_class FOR UPDATE
!! 42501 relation permission denied to lock rows of a shared relation

-- writing
DELETE FROM pg_class
!! 42501 relation permission denied for relation pg_class

-- beside a tenant's table
SELECT serial, relname FROM meters, pg_class
!! 0A000 construct a catalog, or a function that looks objects up, beside a tenant's table is not supported through pgmoat

-- in a sub-select beside a tenant's table
SELECT serial, (SELECT count(*) FROM pg_class) FROM meters
!! 0A000 construct a catalog, or a function that looks objects up, beside a tenant's table is not supported through pgmoat

-- in a statement that writes
WITH c AS (SELECT relname FROM pg_class) INSERT INTO tariffs (code) SELECT relname FROM c
!! 42501 relation permission denied for relation tariffs

-- a look-up beside a tenant's table
SELECT pg_get_userbyid(id::oid) FROM meters
=> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x1642_0')::pg_catalog.bool THEN NULL::pg_catalog."name" WHEN ROW (id::oid ) IS NULL THEN NULL::pg_catalog."name" END) AS "pg_get_userbyid" from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x1642_0')::pg_catalog.bool THEN NULL::pg_catalog."name" WHEN ROW (id::oid ) IS NULL THEN NULL::pg_catalog."name" END) AS "pg_get_userbyid" from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a look-up by OID
SELECT pg_get_constraintdef(20006)
=> select pg_catalog."pg_get_constraintdef" ( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(NULL)::pg_catalog.oid END AS o FROM (SELECT ( 20006 )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) )

-- a look-up by OID, qualified
SELECT pg_catalog.pg_get_constraintdef(c.oid, true) FROM pg_constraint c
=> select pg_catalog.pg_get_constraintdef( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(NULL)::pg_catalog.oid END AS o FROM (SELECT ( c.oid )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) , true) from (SELECT r."oid" AS "oid", r."conname" AS "conname", r."conrelid" AS "conrelid" FROM pg_catalog.pg_constraint AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) c

-- an argument in an argument
SELECT pg_get_userbyid(pg_get_userbyid(1)::oid)
=> select pg_catalog."pg_get_userbyid" ( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regrole(s.x)::pg_catalog.oid END AS o FROM (SELECT ( pg_catalog."pg_get_userbyid" ( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regrole(s.x)::pg_catalog.oid END AS o FROM (SELECT ( 1 )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE g.o OPERATOR(pg_catalog.=) 30000::pg_catalog.oid) )::oid )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE g.o OPERATOR(pg_catalog.=) 30000::pg_catalog.oid) )

-- too many arguments
SELECT has_table_privilege('app', 'meters', 'select')
!! 42501 function permission denied for function has_table_privilege

-- an owner
SELECT pg_get_userbyid(relowner) FROM pg_class
=> select pg_catalog."pg_get_userbyid" ( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regrole(s.x)::pg_catalog.oid END AS o FROM (SELECT ( relowner )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE g.o OPERATOR(pg_catalog.=) 30000::pg_catalog.oid) ) from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_class"

-- a comment
SELECT obj_description(20004, 'pg_class')
=> select pg_catalog."obj_description" ( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( 20004 )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) , 'pg_class')

-- a comment of a computed class
SELECT obj_description(20004, relname) FROM pg_class
!! 0A000 construct obj_description without a literal catalog name is not supported through pgmoat

-- sizes beside catalogs are not known
SELECT pg_table_size(oid) FROM pg_class
=> select pg_catalog."pg_table_size" ( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(NULL)::pg_catalog.oid END AS o FROM (SELECT ( oid )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE false) ) from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_class"

-- sizes alone
SELECT pg_table_size('meters')
!! 42501 function permission denied for function pg_table_size

-- ancestors
SELECT relid FROM pg_partition_ancestors('meters')
=> select relid from pg_catalog.unnest(ARRAY(SELECT a.relid::pg_catalog.oid FROM pg_catalog."pg_partition_ancestors" ( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( 'meters' )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) )  AS a WHERE (a.relid::pg_catalog.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR a.relid::pg_catalog.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])))) AS pg_partition_ancestors(relid)

-- a visible name
SELECT conname FROM pg_constraint WHERE conrelid = 'meters'::regclass
=> select conname from (SELECT r."oid" AS "oid", r."conname" AS "conname", r."conrelid" AS "conrelid" FROM pg_catalog.pg_constraint AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_constraint" where conrelid = '"public"."meters"' ::regclass ::pg_catalog.oid

-- a visible name, quoted, qualified, in CAST
SELECT conname FROM pg_constraint WHERE conrelid = CAST('public."meters"' AS pg_catalog.regclass)
=> select conname from (SELECT r."oid" AS "oid", r."conname" AS "conname", r."conrelid" AS "conrelid" FROM pg_catalog.pg_constraint AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_constraint" where conrelid = cast ( '"public"."meters"' as pg_catalog.regclass) ::pg_catalog.oid

-- a visible name as a column
SELECT 'meters'::regclass
=> select (SELECT '"public"."meters"' ::regclass ::pg_catalog.text AS "regclass")

-- a visible name as a number
SELECT 'METERS'::regclass::oid
=> select '"public"."meters"' ::regclass::oid

-- an index
SELECT 'meters_pkey'::regclass
=> select (SELECT '"public"."meters_pkey"' ::regclass ::pg_catalog.text AS "regclass")

-- a hidden table
SELECT 'operators_notes'::regclass
!! 42P01 hidden_relation relation "operators_notes" does not exist

-- a hidden table's index
SELECT 'operators_notes_pkey'::regclass::oid
!! 42P01 hidden_relation relation "operators_notes_pkey" does not exist

-- a table that does not exist
SELECT 'nowhere'::regclass
!! 42P01 hidden_relation relation "nowhere" does not exist

-- a hidden schema
SELECT 'secret'::regnamespace
!! 3F000 hidden_relation schema "secret" does not exist

-- a type
SELECT 'invoice_status'::regtype, 'int4'::regtype, 'character varying[]'::regtype
=> select (SELECT '"public"."invoice_status"' ::regtype ::pg_catalog.text AS "regtype") , (SELECT '"pg_catalog"."int4"' ::regtype ::pg_catalog.text AS "regtype") , (SELECT 'character varying[]' ::regtype ::pg_catalog.text AS "regtype")

-- a guessed OID as text
SELECT '19'::regclass
=> select (SELECT g.o::pg_catalog.regclass AS "regclass" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( '19' )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) ::regclass ::pg_catalog.text

-- a guessed OID
SELECT 19::regclass::text
=> select (SELECT g.o::pg_catalog.regclass AS "text" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( 19 )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) ::regclass::text

-- a computed name
SELECT ('operators' || '_notes')::regclass
=> select (SELECT g.o::pg_catalog.regclass AS "regclass" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( ('operators' || '_notes') )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) ::regclass ::pg_catalog.text

-- a column
SELECT c.oid::regclass, c.oid::pg_catalog.regclass::text FROM pg_class c
=> select (SELECT g.o::pg_catalog.regclass AS "oid" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( c.oid )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) ::regclass ::pg_catalog.text , (SELECT g.o::pg_catalog.regclass AS "oid" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( c.oid )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) ::pg_catalog.regclass::text from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) c

-- a column in CAST
SELECT CAST(CAST(c.oid AS regclass) AS text) FROM pg_class c
=> select cast (cast ( (SELECT g.o::pg_catalog.regclass AS "oid" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( c.oid )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) as regclass) as text) from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) c

-- a cast beside a literal is a text
SELECT 1 FROM pg_class c WHERE c.oid::regclass = 'operators_notes'
=> select 1 from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) c where (SELECT g.o::pg_catalog.regclass AS "oid" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( c.oid )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) ::regclass ::pg_catalog.text = 'operators_notes'

-- a parameter
SELECT 1 FROM pg_constraint WHERE conrelid = $1::regclass
$> select 1 from (SELECT r."oid" AS "oid", r."conname" AS "conname", r."conrelid" AS "conrelid" FROM pg_catalog.pg_constraint AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_constraint" where conrelid = (SELECT g.o::pg_catalog.regclass AS "regclass" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( $1 )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) ::regclass ::pg_catalog.oid

-- a function that yields a look-up type
SELECT to_regclass('operators_notes'), to_regclass($1)
$> select (SELECT g.o::pg_catalog.regclass::pg_catalog.text AS "to_regclass" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( ('operators_notes') )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) , (SELECT g.o::pg_catalog.regclass::pg_catalog.text AS "to_regclass" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( ($1) )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])))

-- the same, compared
SELECT 1 FROM pg_class WHERE oid = to_regclass('operators_notes')
=> select 1 from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) AS "pg_class" where oid = (SELECT g.o AS "to_regclass" FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( ('operators_notes') )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])))

-- an operand that is not certain
SELECT CASE WHEN true THEN 19 END::regclass
!! 0A000 construct a cast of this expression to a type that looks names up is not supported through pgmoat

-- a typed literal
SELECT regclass 'meters'
!! 0A000 construct a cast to a type that looks names up, in this place is not supported through pgmoat

-- an array of look-ups
SELECT '{meters}'::regclass[]
!! 42501 type permission denied for type regclass

-- a setting
SELECT current_setting('server_version_num')
=> select pg_catalog."current_setting" ('server_version_num')

-- a setting that is not shown
SELECT current_setting('data_directory')
!! 42501 setting permission denied to examine this setting

-- a computed setting
SELECT current_setting('data' || '_directory')
=> select pg_catalog."current_setting" ( (SELECT s.x FROM (SELECT ( 'data' || '_directory' )::pg_catalog.text AS x OFFSET 0) AS s WHERE pg_catalog.lower(s.x) OPERATOR(pg_catalog.=) ANY (ARRAY['application_name', 'bytea_output', 'client_encoding', 'client_min_messages', 'datestyle', 'default_transaction_isolation', 'default_transaction_read_only', 'escape_string_warning', 'extra_float_digits', 'idle_in_transaction_session_timeout', 'integer_datetimes', 'jit', 'intervalstyle', 'is_superuser', 'lc_collate', 'lc_ctype', 'lc_messages', 'lc_monetary', 'lc_numeric', 'lc_time', 'lock_timeout', 'max_identifier_length', 'search_path', 'server_encoding', 'server_version', 'server_version_num', 'session_authorization', 'standard_conforming_strings', 'statement_timeout', 'synchronous_commit', 'timezone', 'transaction_isolation', 'transaction_read_only', 'transaction_deferrable', 'xmloption', 'session_replication_role', 'row_security', 'work_mem', 'quote_all_identifiers', 'transform_null_equals', 'backslash_quote', 'array_nulls', 'plan_cache_mode', 'default_transaction_deferrable', 'max_connections', 'role', 'in_hot_standby', 'max_index_keys', 'max_function_args', 'block_size', 'default_table_access_method', 'default_tablespace', 'default_text_search_config', 'default_toast_compression']::pg_catalog.text[])) )

-- the name of an own row's relation is a text: a literal beside it is not looked up
SELECT tableoid::regclass, tableoid::regclass::text, 1 FROM properties WHERE tableoid::regclass = 'operators_notes'
=> select tableoid::regclass ::pg_catalog.text , tableoid::regclass::text, 1 from (SELECT *, "properties".tableoid FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where tableoid::regclass ::pg_catalog.text = 'operators_notes'
$> select tableoid::regclass ::pg_catalog.text , tableoid::regclass::text, 1 from (SELECT *, "properties".tableoid FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where tableoid::regclass ::pg_catalog.text = 'operators_notes'

-- nor beside a column that is made of it
SELECT 1 FROM (SELECT CAST(tableoid AS regclass) AS r FROM properties) s WHERE r = 'operators_notes'
=> select 1 from (select cast (tableoid as regclass) ::pg_catalog.text as r from (SELECT *, "properties".tableoid FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" ) s where r = 'operators_notes'
$> select 1 from (select cast (tableoid as regclass) ::pg_catalog.text as r from (SELECT *, "properties".tableoid FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" ) s where r = 'operators_notes'

-- a setting that nobody knows
SELECT coalesce(current_setting('app.tenant', true), 'none') FROM properties
=> select coalesce ( (SELECT NULL::pg_catalog.text AS current_setting) , 'none') from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select coalesce ( (SELECT NULL::pg_catalog.text AS current_setting) , 'none') from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a setting that nobody knows, which must be there
SELECT current_setting('app.tenant')
!! 42704 setting unrecognized configuration parameter "app.tenant"

-- a setting that is not shown, if it is there
SELECT current_setting('data_directory', true)
!! 42501 setting permission denied to examine this setting

-- whether plans are compiled is left as it is
SELECT current_setting('jit') AS cur, set_config('jit', 'off', false) AS new
=> select pg_catalog."current_setting" ('jit') as cur, (SELECT ( 'off' )::pg_catalog.text AS set_config) as new

-- with a parameter
SELECT set_config('jit', $1, false)
$> select (SELECT ( $1 )::pg_catalog.text AS set_config)

-- another setting in its place
SELECT current_setting('jit'), set_config('role', 'postgres', false)
!! 42501 function permission denied for function set_config

-- the name of a function as a text
SELECT t.typinput::text, typoutput::varchar AS o FROM pg_type t
=> select t.typinput ::pg_catalog.regproc ::text, typoutput::varchar as o from (SELECT r."oid" AS "oid", r."typname" AS "typname", r."typinput"::pg_catalog.oid AS "typinput" FROM pg_catalog.pg_type AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) t

-- a relation's comment by its OID alone
SELECT obj_description(c.oid) FROM pg_class c
=> select pg_catalog."obj_description" ( (SELECT g.o FROM (SELECT CASE WHEN s.x OPERATOR(pg_catalog.~) '^[0-9]+$' THEN s.x::pg_catalog.oid WHEN s.x OPERATOR(pg_catalog.=) '-' THEN 0::pg_catalog.oid ELSE pg_catalog.to_regclass(s.x)::pg_catalog.oid END AS o FROM (SELECT ( c.oid )::pg_catalog.text AS x OFFSET 0) AS s OFFSET 0) AS g WHERE (g.o OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR g.o OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[]))) , 'pg_class' ) from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) c
