-- everything: what the role hides is left out
SELECT * FROM meters
=> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters"
$> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters"

-- with a condition, which is repeated inside
SELECT * FROM meters WHERE id = 5
=> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters" where id = 5
$> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters" where id = 5

-- a hidden column is nobody's: the server says so
SELECT serial FROM meters
=> select serial from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters"
$> select serial from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters"

-- in a condition: it is not repeated inside
SELECT id FROM meters WHERE serial = 'x'
=> select id from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" where serial = 'x'
$> select id from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" where serial = 'x'

-- qualified
SELECT m.serial FROM meters m
!! 42703 construct column m.serial does not exist

-- in a correlated sub-select
SELECT (SELECT serial) FROM meters
=> select (select serial) from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters"
$> select (select serial) from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters"

-- USING
SELECT id FROM meters m JOIN line_notes n USING (serial)
=> select id from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m join (SELECT * FROM "public"."line_notes" AS "n" WHERE EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "n"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) ) OFFSET 0) n using (serial)
$> select id from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m join (SELECT * FROM "public"."line_notes" AS "n" WHERE EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "n"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) ) OFFSET 0) n using (serial)

-- NATURAL
SELECT * FROM meters NATURAL JOIN properties
=> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters" natural join "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters" natural join "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- an alias list renames what is left
SELECT c FROM meters AS m (a, b, c)
=> select c from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) as m(a, b, c)
$> select c from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) as m(a, b, c)

-- whole rows as arguments are of what is left
SELECT row_to_json(m), to_jsonb(m.*) FROM meters m
=> select row_to_json(m), to_jsonb(m.*) from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) m
$> select row_to_json(m), to_jsonb(m.*) from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) m

-- whole rows as such are of another type
SELECT m FROM meters m
!! 0A000 construct a whole-row reference to a relation that must be filtered as a derived table is not supported through pgmoat

-- and their fields
SELECT (m).serial FROM meters m
!! 42703 construct column "serial" does not exist

-- functional notation
SELECT serial(m) FROM meters m
!! 42501 function permission denied for function serial

-- system columns
SELECT ctid, xmin, tableoid FROM meters
=> select ctid, xmin, tableoid from (SELECT "tenant_id", "id", "property_id", "kind", "meters".ctid, "meters".tableoid, "meters".xmin FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters"
$> select ctid, xmin, tableoid from (SELECT "tenant_id", "id", "property_id", "kind", "meters".ctid, "meters".tableoid, "meters".xmin FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters"

-- TABLE
TABLE meters
=> SELECT * FROM (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters"
$> SELECT * FROM (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters"

-- ONLY
SELECT * FROM ONLY meters
=> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM ONLY "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters"
$> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM ONLY "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters"

-- the nullable side of a join
SELECT p.id, m.* FROM properties p LEFT JOIN meters m ON m.property_id = p.id
=> select p.id, m.* from "public"."properties" p left join (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) m on m.property_id = p.id WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select p.id, m.* from "public"."properties" p left join (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) m on m.property_id = p.id WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- behind a fence
SELECT * FROM meters WHERE 1 / id > 0
=> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" where 1 / id > 0
$> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" where 1 / id > 0

-- a sample
SELECT * FROM meters TABLESAMPLE bernoulli (10)
!! 0A000 construct this form of TABLESAMPLE is not supported through pgmoat

-- the tenant column may be hidden
SELECT * FROM documents
=> select * from (SELECT "id", "title", "tags" FROM "public"."documents" AS "documents" WHERE "documents"."tenant_key" OPERATOR(pg_catalog.=) 'acme'::pg_catalog.text ) AS "documents"
$> select * from (SELECT "id", "title", "tags" FROM "public"."documents" AS "documents" WHERE "documents"."tenant_key" OPERATOR(pg_catalog.=) $1::pg_catalog.text ) AS "documents"

-- a shared relation
SELECT * FROM tariffs
=> select * from (SELECT "code" FROM "public"."tariffs") AS "tariffs"

-- with an alias
SELECT t.* FROM tariffs t WHERE t.code = 'x'
=> select t.* from (SELECT "code" FROM "public"."tariffs") t where t.code = 'x'

-- its hidden column
SELECT price FROM tariffs
=> select price from (SELECT "code" FROM "public"."tariffs") AS "tariffs"

-- a view that stands on what is left
SELECT * FROM open_invoices
=> select * from ( select i.tenant_id, i.id, i.number from (SELECT "tenant_id", "id", "number", "status", "state", "total", "issued_on", "notes" FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) i where i.status = 'open'::text ) AS "open_invoices"
$> select * from ( select i.tenant_id, i.id, i.number from (SELECT "tenant_id", "id", "number", "status", "state", "total", "issued_on", "notes" FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) i where i.status = 'open'::text ) AS "open_invoices"

-- COPY out
COPY meters TO STDOUT
=> COPY ( select "tenant_id", "id", "property_id", "kind" from (SELECT "tenant_id", "id", "property_id", "kind" FROM ONLY "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters" ) TO STDOUT

-- COPY out by name
COPY meters (id, serial) TO STDOUT
!! 42703 syntax column "serial" of relation "meters" does not exist

-- COPY out with a hidden column forced
COPY meters TO STDOUT (FORMAT csv, FORCE_QUOTE (serial))
!! 42703 syntax column "serial" of relation "meters" does not exist

-- COPY in
COPY readings FROM STDIN
!! 42501 role permission denied for relation readings: role "hider" may not INSERT

-- COPY in by name
COPY readings (meter_id, note) FROM STDIN
!! 42501 role permission denied for relation readings: role "hider" may not INSERT

-- what a row needs and the role has not
COPY meters (id) FROM STDIN
!! 42501 role permission denied for relation meters: role "hider" may not INSERT

-- the same
INSERT INTO meters (id) VALUES (1)
!! 42501 role permission denied for relation meters: role "hider" may not INSERT

-- the tenant column is filled in
INSERT INTO properties (id) VALUES (1)
=> insert into "public"."properties" (id , "tenant_id" ) values (1 , '1'::pg_catalog.int8 )
$> insert into "public"."properties" (id , "tenant_id" ) values (1 , $1::pg_catalog.int8 )

-- a row that lacks nothing
UPDATE meters SET kind = 'x' WHERE id = 1
=> update "public"."meters" AS "meters" set kind = 'x' where "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 )
$> update "public"."meters" AS "meters" set kind = 'x' where "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 1 )

-- its hidden column is assigned
UPDATE meters SET serial = 'x'
!! 42703 construct column "serial" does not exist

-- in a list
UPDATE meters SET (kind, serial) = ('x', 'y')
!! 42703 construct column "serial" does not exist

-- it is read
UPDATE meters SET kind = serial
!! 42703 construct column "serial" does not exist

-- in the condition
DELETE FROM meters WHERE serial = 'x'
!! 42703 construct column "serial" does not exist

-- it is returned
DELETE FROM meters RETURNING serial
!! 42703 construct column "serial" does not exist

-- all that is left is returned
DELETE FROM meters RETURNING *
=> delete from "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 returning "meters"."tenant_id", "meters"."id", "meters"."property_id", "meters"."kind"
$> delete from "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 returning "meters"."tenant_id", "meters"."id", "meters"."property_id", "meters"."kind"

-- all of it is not
UPDATE meters SET kind = 'x' RETURNING meters.*
!! 0A000 construct the whole row that is written to is not supported through pgmoat

-- nor as a row
UPDATE meters AS m SET kind = 'x' RETURNING row_to_json(m)
!! 0A000 construct the whole row that is written to is not supported through pgmoat

-- nor in a sub-select
DELETE FROM meters RETURNING (SELECT meters)
!! 0A000 construct the whole row that is written to is not supported through pgmoat

-- nor from beside another relation
UPDATE meters m SET kind = p.name FROM properties p WHERE p.id = m.property_id RETURNING *
!! 0A000 construct RETURNING * of a view and other relations is not supported through pgmoat

-- another relation's column of the name
UPDATE readings r SET value = 1 FROM line_notes n WHERE n.note = 'x' RETURNING r.meter_id
=> update "public"."readings" r set value = 1 from "public"."line_notes" n where "r"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "n"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) ) AND ( n.note = 'x' ) returning r.meter_id
$> update "public"."readings" r set value = 1 from "public"."line_notes" n where "r"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "n"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) ) AND ( n.note = 'x' ) returning r.meter_id

-- the same name without its relation
UPDATE readings r SET value = 1 FROM line_notes n WHERE note = 'x'
!! 0A000 construct the name "note" in this place of a write is not supported through pgmoat

-- the source of an update hides as well
UPDATE properties p SET name = m.serial FROM meters m WHERE m.property_id = p.id
!! 42703 construct column m.serial does not exist

-- MERGE
MERGE INTO meters m USING properties p ON m.id = p.id WHEN MATCHED THEN UPDATE SET kind = 'x'
!! 0A000 construct MERGE into a relation of which the role hides columns is not supported through pgmoat

-- the source of MERGE
MERGE INTO properties p USING meters m ON m.id = p.id WHEN MATCHED THEN UPDATE SET name = m.kind
=> merge into "public"."properties" p using (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) m on "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = p.id ) when matched then update set name = m.kind
$> merge into "public"."properties" p using (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) m on "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = p.id ) when matched then update set name = m.kind

-- the source of INSERT
INSERT INTO properties (id, name) SELECT id, serial FROM meters
=> insert into "public"."properties" (id, name , "tenant_id" ) select id, serial , '1'::pg_catalog.int8 from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters"
$> insert into "public"."properties" (id, name , "tenant_id" ) select id, serial , $1::pg_catalog.int8 from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters"

-- its row type
SELECT NULL::meters
!! 42501 type permission denied for type meters

-- EXPLAIN shows what stands in the plan
EXPLAIN SELECT * FROM meters
!! 0A000 construct EXPLAIN of a statement on tenants' rows is not supported through pgmoat

-- EXPLAIN VERBOSE shows all columns
EXPLAIN VERBOSE SELECT * FROM meters
!! 0A000 role EXPLAIN with VERBOSE or REWRITE is not supported for a relation of which the role hides columns

-- so may EXPLAIN (REWRITE)
EXPLAIN (REWRITE) SELECT * FROM meters
!! 0A000 role EXPLAIN with VERBOSE or REWRITE is not supported for a relation of which the role hides columns

-- of what hides nothing
EXPLAIN (REWRITE) SELECT * FROM properties
=> select * from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- its name
SELECT 'meters'::regclass
=> select (SELECT '"public"."meters"' ::regclass ::pg_catalog.text AS "regclass")

-- PREPARE
PREPARE p AS SELECT * FROM meters
=> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "meters"
$> select * from (SELECT "tenant_id", "id", "property_id", "kind" FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "meters"
