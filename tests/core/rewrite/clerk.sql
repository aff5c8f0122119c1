-- a relation of the role
SELECT id FROM meters
=> select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a relation that the role has not: as if it did not exist
SELECT id FROM invoice_lines
!! 42P01 hidden_relation relation "invoice_lines" does not exist

-- the same in a sub-select
SELECT id FROM meters WHERE id IN (SELECT id FROM api_keys)
!! 42P01 hidden_relation relation "api_keys" does not exist

-- the same, qualified
TABLE public.payments
!! 42P01 hidden_relation relation "public.payments" does not exist

-- the row that says whose a row is may be of a relation that the role has not
SELECT id FROM payment_lines
=> select id from "public"."payment_lines" WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )
$> select id from "public"."payment_lines" WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )

-- so may the row that is referred to
UPDATE payment_lines SET payment_id = 5 WHERE id = 1
=> update "public"."payment_lines" set payment_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 5  AS "v" OFFSET 0) AS "_v") where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND ( id = 1 )
$> update "public"."payment_lines" set payment_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 5  AS "v" OFFSET 0) AS "_v") where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND ( id = 1 )

-- a shared relation of the role
SELECT code FROM tariffs
=> select code from "public"."tariffs"

-- a shared relation stays read only
DELETE FROM tariffs
!! 42501 relation permission denied for relation tariffs

-- a view of the role over what the role has
SELECT id FROM open_invoices
=> select id from ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.status = 'open'::text ) ) AS "open_invoices"
$> select id from ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.status = 'open'::text ) ) AS "open_invoices"

-- verbs that the role has
INSERT INTO meters (id, serial) VALUES (1, 'a')
=> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 'a' , '1'::pg_catalog.int8 )
$> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 'a' , $1::pg_catalog.int8 )

-- update
UPDATE invoices SET number = 'x' WHERE id = 1
=> update "public"."invoices" set number = 'x' where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 )
$> update "public"."invoices" set number = 'x' where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 1 )

-- verbs that it has not
INSERT INTO properties (id) VALUES (1)
!! 42501 role permission denied for relation properties: role "clerk" may not INSERT

-- update
UPDATE readings SET note = 'x'
!! 42501 role permission denied for relation readings: role "clerk" may not UPDATE

-- delete
DELETE FROM meters WHERE id = 1
!! 42501 role permission denied for relation meters: role "clerk" may not DELETE

-- the same in a common table expression
WITH gone AS (DELETE FROM invoices RETURNING id) SELECT id FROM gone
!! 42501 role permission denied for relation invoices: role "clerk" may not DELETE

-- the same in a second one
WITH a AS (SELECT 1), b AS (UPDATE properties SET name = 'x' RETURNING id) SELECT * FROM b
!! 42501 role permission denied for relation properties: role "clerk" may not UPDATE

-- insert and update: a conflict updates
INSERT INTO readings (meter_id) VALUES (1) ON CONFLICT (tenant_id, meter_id, taken_at) DO UPDATE SET note = 'x'
!! 42501 role permission denied for relation readings: role "clerk" may not UPDATE

-- a conflict that does nothing is no update
INSERT INTO readings (meter_id) VALUES (1) ON CONFLICT (tenant_id, meter_id, taken_at) DO NOTHING
=> insert into "public"."readings" (meter_id , "tenant_id" ) values (1 , '1'::pg_catalog.int8 ) on conflict (tenant_id, meter_id, taken_at) do nothing
$> insert into "public"."readings" (meter_id , "tenant_id" ) values (1 , $1::pg_catalog.int8 ) on conflict (tenant_id, meter_id, taken_at) do nothing

-- each WHEN of a MERGE by itself
MERGE INTO meters m USING properties p ON m.id = p.id WHEN MATCHED THEN UPDATE SET serial = p.name WHEN NOT MATCHED THEN INSERT (id) VALUES (p.id)
=> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = p.id ) when matched then update set serial = p.name when not matched then insert (id , "tenant_id" ) values (p.id , '1'::pg_catalog.int8 )
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = p.id ) when matched then update set serial = p.name when not matched then insert (id , "tenant_id" ) values (p.id , $1::pg_catalog.int8 )

-- MERGE that deletes
MERGE INTO meters m USING properties p ON m.id = p.id WHEN MATCHED THEN DELETE
!! 42501 role permission denied for relation meters: role "clerk" may not DELETE

-- MERGE that inserts
MERGE INTO invoices i USING properties p ON i.id = p.id WHEN NOT MATCHED THEN INSERT (id) VALUES (p.id)
!! 42501 role permission denied for relation invoices: role "clerk" may not INSERT

-- MERGE that updates
MERGE INTO readings r USING properties p ON r.meter_id = p.id WHEN MATCHED THEN UPDATE SET note = 'x'
!! 42501 role permission denied for relation readings: role "clerk" may not UPDATE

-- rows are locked as if they were changed
SELECT id FROM properties FOR UPDATE
!! 42501 role permission denied for relation properties: role "clerk" may not UPDATE

-- also for sharing
SELECT id FROM properties FOR KEY SHARE
!! 42501 role permission denied for relation properties: role "clerk" may not UPDATE

-- a lock on one that may be changed, beside one that may not
SELECT m.id FROM meters m JOIN properties p ON p.id = m.property_id FOR UPDATE OF m
!! 42501 role permission denied for relation properties: role "clerk" may not UPDATE

-- what may be changed may be locked
SELECT id FROM meters FOR UPDATE
=> select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 for update
$> select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 for update

-- COPY in
COPY properties (id, name) FROM STDIN
!! 42501 role permission denied for relation properties: role "clerk" may not INSERT

-- COPY in where rows may be inserted
COPY readings (meter_id, taken_at) FROM STDIN
=> COPY "public"."readings" ("tenant_id", "meter_id", "taken_at") FROM STDIN WITH (FORMAT text)

-- COPY out of what is not there
COPY payments TO STDOUT
!! 42P01 hidden_relation relation "payments" does not exist

-- a write through a view is one to its table too
INSERT INTO open_invoices (id, number) VALUES (1, 'x')
!! 42501 role permission denied for relation invoices: role "clerk" may not INSERT

-- functions of users are not the role's unless it names them
SELECT add_tax(1)
!! 42501 function permission denied for function add_tax

-- an object that the role has not is not looked up
SELECT 'public.api_keys'::regclass
!! 42P01 hidden_relation relation "public.api_keys" does not exist

-- EXPLAIN (REWRITE)
EXPLAIN (REWRITE) DELETE FROM meters
!! 42501 role permission denied for relation meters: role "clerk" may not DELETE
