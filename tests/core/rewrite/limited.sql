-- one more predicate per level
SELECT serial FROM meters WHERE id = 1
=> select serial from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( id = 1 )
$> select serial from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( id = 1 )

-- the level's own table
SELECT p.name, m.serial FROM properties p LEFT JOIN meters m ON m.property_id = p.id
=> select p.name, m.serial from "public"."properties" p left join "public"."meters" m on ( m.property_id = p.id ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "p"."id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] )
$> select p.name, m.serial from "public"."properties" p left join "public"."meters" m on ( m.property_id = p.id ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "p"."id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] )

-- a condition that may fail
SELECT serial FROM meters WHERE kind = 'x' AND 1 / id > 0
=> select serial from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( kind = 'x' ) OFFSET 0) AS "meters" where kind = 'x' and 1 / id > 0
$> select serial from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( kind = 'x' ) OFFSET 0) AS "meters" where kind = 'x' and 1 / id > 0

-- LIKE with a parameter reads statistics
SELECT serial FROM meters WHERE serial LIKE $1
$> select serial from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND "meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $3::pg_catalog.int8[] ) UNION ALL SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND "meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $3::pg_catalog.int8[] ) AND false OFFSET 0) AS "meters" where serial like $1

-- a table that is silent about the level
SELECT note FROM readings
!! 42501 relation permission denied for relation readings

-- a table to which the level does not apply
SELECT id FROM invoice_lines
=> select id from "public"."invoice_lines" WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select id from "public"."invoice_lines" WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a shared table
SELECT code FROM tariffs
=> select code from "public"."tariffs"

-- a table that is reached through one with the level
SELECT note FROM payment_lines WHERE payment_id = 5
=> select note from "public"."payment_lines" where EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_1"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) ) AND ( payment_id = 5 )
$> select note from "public"."payment_lines" where EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_1"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) ) AND ( payment_id = 5 )

-- a view over a table with the level
SELECT number FROM open_invoices
=> select number from ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "i"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( i.status = 'open'::text ) ) AS "open_invoices"
$> select number from ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "i"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( i.status = 'open'::text ) ) AS "open_invoices"

-- update
UPDATE meters SET serial = 'x' WHERE id = 1
=> update "public"."meters" set serial = 'x' where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( id = 1 )
$> update "public"."meters" set serial = 'x' where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( id = 1 )

-- update with a condition that may fail
UPDATE meters SET serial = 'x' WHERE 1 / id > 0
=> update "public"."meters" set serial = 'x' where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) THEN ( 1 / id > 0 ) ELSE false END
$> update "public"."meters" set serial = 'x' where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) THEN ( 1 / id > 0 ) ELSE false END

-- to an own node
UPDATE meters SET property_id = 12 WHERE id = 1
=> update "public"."meters" set property_id = 12 where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( id = 1 )
$> update "public"."meters" set property_id = 12 where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( id = 1 )

-- to another node
UPDATE meters SET property_id = 13 WHERE id = 1
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- to what a parameter says
UPDATE payments SET property_id = $1 WHERE id = $2
$> update "public"."payments" set property_id = (CASE WHEN $1 ::pg_catalog.int8 OPERATOR(pg_catalog.=) ANY ( $3::pg_catalog.int8[] ) THEN $1 ::pg_catalog.int8 ELSE ( $3::pg_catalog.int8[] )[1] END) where "public"."payments"."tenant_id" OPERATOR(pg_catalog.=) $4::pg_catalog.int8 AND "public"."payments"."property_id" OPERATOR(pg_catalog.=) ANY ( $3::pg_catalog.int8[] ) AND ( id = $2 )

-- to nowhere
UPDATE payments SET property_id = NULL WHERE id = 1
!! 42501 tenant_column the row of relation "payments" must belong to one of the user's own nodes

-- to an expression
UPDATE payments SET property_id = property_id + 1
!! 42501 tenant_column the row of relation "payments" must belong to one of the user's own nodes

-- to what a sub-select finds
UPDATE payments SET property_id = (SELECT id FROM properties LIMIT 1)
!! 42501 tenant_column the row of relation "payments" must belong to one of the user's own nodes

-- to itself
UPDATE payments SET property_id = property_id, amount = 2
=> update "public"."payments" set property_id = property_id, amount = 2 WHERE "public"."payments"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."payments"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] )
$> update "public"."payments" set property_id = property_id, amount = 2 WHERE "public"."payments"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."payments"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] )

-- insert
INSERT INTO meters (id, property_id, serial) VALUES (1, 11, 'a'), (2, '12', 'b')
=> insert into "public"."meters" (id, property_id, serial , "tenant_id" ) values (1, 11, 'a' , '1'::pg_catalog.int8 ), (2, '12', 'b' , '1'::pg_catalog.int8 )
$> insert into "public"."meters" (id, property_id, serial , "tenant_id" ) values (1, 11, 'a' , $1::pg_catalog.int8 ), (2, '12', 'b' , $1::pg_catalog.int8 )

-- insert elsewhere
INSERT INTO meters (id, property_id, serial) VALUES (1, 11, 'a'), (2, 13, 'b')
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- insert a parameter
INSERT INTO meters (id, property_id, serial) VALUES ($1, $2, $3) RETURNING id
$> insert into "public"."meters" (id, property_id, serial , "tenant_id" ) values ($1, (CASE WHEN $2 ::pg_catalog.int8 OPERATOR(pg_catalog.=) ANY ( $4::pg_catalog.int8[] ) THEN $2 ::pg_catalog.int8 ELSE ( $4::pg_catalog.int8[] )[1] END) , $3 , $5::pg_catalog.int8 ) returning id

-- insert without the level's column
INSERT INTO meters (id, serial) VALUES (1, 'a')
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- insert a default
INSERT INTO meters (id, property_id, serial) VALUES (1, DEFAULT, 'a')
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- insert a NULL
INSERT INTO meters (id, property_id, serial) VALUES (1, NULL, 'a')
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- insert nothing but defaults
INSERT INTO meters DEFAULT VALUES
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- insert what was read
INSERT INTO payments (id, property_id) SELECT id, property_id FROM meters
=> insert into "public"."payments" (id, property_id , "tenant_id" ) select id, property_id , '1'::pg_catalog.int8 from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] )
$> insert into "public"."payments" (id, property_id , "tenant_id" ) select id, property_id , $1::pg_catalog.int8 from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] )

-- insert what was read from a table that is silent
INSERT INTO payments (id, property_id) SELECT id, tenant_id FROM invoice_lines
!! 42501 tenant_column the row of relation "payments" must belong to one of the user's own nodes

-- insert a constant for what was read
INSERT INTO payments (id, property_id) SELECT id, 11 FROM meters
=> insert into "public"."payments" (id, property_id , "tenant_id" ) select id, 11 , '1'::pg_catalog.int8 from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] )
$> insert into "public"."payments" (id, property_id , "tenant_id" ) select id, 11 , $1::pg_catalog.int8 from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] )

-- insert without a column list
INSERT INTO meters VALUES (1, 5, 12, 's', 'k')
=> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") values ( '1'::pg_catalog.int8 , 5, 12, 's', 'k')
$> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") values ( $1::pg_catalog.int8 , 5, 12, 's', 'k')

-- a conflict may be with another node's row
INSERT INTO meters (id, property_id, serial) VALUES (1, 11, 'a') ON CONFLICT (tenant_id, id) DO NOTHING
=> insert into "public"."meters" (id, property_id, serial , "tenant_id" ) values (1, 11, 'a' , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) DO UPDATE SET "tenant_id" = "public"."meters"."tenant_id" WHERE CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) THEN false ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u12_0')::pg_catalog.bool END
$> insert into "public"."meters" (id, property_id, serial , "tenant_id" ) values (1, 11, 'a' , $1::pg_catalog.int8 ) on conflict (tenant_id, id) DO UPDATE SET "tenant_id" = "public"."meters"."tenant_id" WHERE CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) THEN false ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u12_0')::pg_catalog.bool END

-- a new node
INSERT INTO properties (id, name) VALUES (14, 'x')
!! 42501 tenant_column the row of relation "properties" must belong to one of the user's own nodes

-- delete
DELETE FROM properties WHERE id = 11
=> delete from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."properties"."id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( id = 11 )
$> delete from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."properties"."id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( id = 11 )

-- locking
SELECT id FROM meters FOR UPDATE
=> select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) for update
$> select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) for update

-- the user's nodes
SELECT property_ids(), tenant_id()
=> select '{"11","12"}'::pg_catalog.int8[] AS "property_ids" , '1'::pg_catalog.int8 AS "tenant_id"
$> select $1::pg_catalog.int8[] AS "property_ids" , $2::pg_catalog.int8 AS "tenant_id"

-- the user's nodes in a condition
SELECT serial FROM meters WHERE property_id = ANY (property_ids())
=> select serial from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( property_id = any ( '{"11","12"}'::pg_catalog.int8[] ) )
$> select serial from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."meters"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( property_id = any ( $2::pg_catalog.int8[] ) )

-- a list is no node
INSERT INTO meters (id, property_id) VALUES (1, property_ids())
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- copy in
COPY meters (id, property_id, serial) FROM STDIN
=> COPY "public"."meters" ("tenant_id", "id", "property_id", "serial") FROM STDIN WITH (FORMAT text)

-- copy in without a column list
COPY payments FROM STDIN (FORMAT binary)
=> COPY "public"."payments" ("tenant_id", "id", "property_id", "amount") FROM STDIN WITH (FORMAT binary)

-- copy in without the level's column
COPY meters (id, serial) FROM STDIN
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- copy in where the level does not apply, by a key that must be looked up
COPY invoice_lines (id, invoice_id) FROM STDIN
!! 0A000 construct COPY to column "invoice_id", which refers to "invoices", is not supported

-- copy in where the level does not apply
COPY invoice_lines (id, amount) FROM STDIN
=> COPY "public"."invoice_lines" ("tenant_id", "id", "amount") FROM STDIN WITH (FORMAT text)

-- copy into a table that is silent about the level
COPY readings FROM STDIN
!! 42501 relation permission denied for relation readings

-- copy into a table that is reached through one with the level
COPY payment_lines FROM STDIN
!! 0A000 construct COPY FROM for a relation that is scoped through another is not supported through pgmoat

-- merge
MERGE INTO meters m USING properties p ON m.property_id = p.id WHEN MATCHED AND m.kind = 'x' THEN DELETE WHEN MATCHED THEN UPDATE SET serial = p.name, property_id = p.id WHEN NOT MATCHED THEN INSERT (id, property_id, serial) VALUES (p.id, p.id, p.name)
=> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "p"."id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( m.property_id = p.id ) when matched and m.kind = 'x' then delete when matched then update set serial = p.name, property_id = p.id when not matched then insert (id, property_id, serial , "tenant_id" ) values (p.id, p.id, p.name , '1'::pg_catalog.int8 )
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "p"."id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( m.property_id = p.id ) when matched and m.kind = 'x' then delete when matched then update set serial = p.name, property_id = p.id when not matched then insert (id, property_id, serial , "tenant_id" ) values (p.id, p.id, p.name , $1::pg_catalog.int8 )

-- merge what another node would have
MERGE INTO meters m USING (VALUES (1, 'a')) v(id, s) ON m.id = v.id WHEN NOT MATCHED THEN INSERT (id, property_id, serial) VALUES (v.id, 13, v.s)
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- merge what the source says
MERGE INTO meters m USING (VALUES (1, 13)) v(id, p) ON m.id = v.id WHEN NOT MATCHED THEN INSERT (id, property_id) VALUES (v.id, v.p)
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- merge without the level's column
MERGE INTO meters m USING (VALUES (1, 'a')) v(id, s) ON m.id = v.id WHEN NOT MATCHED THEN INSERT (id, serial) VALUES (v.id, v.s)
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- merge the default
MERGE INTO meters m USING (VALUES (1, 'a')) v(id, s) ON m.id = v.id WHEN NOT MATCHED THEN INSERT (id, property_id) VALUES (v.id, DEFAULT)
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- merge without a column list
MERGE INTO meters m USING (VALUES (1, 'a')) v(id, s) ON m.id = v.id WHEN NOT MATCHED THEN INSERT VALUES (1, v.id, 12, v.s)
=> merge into "public"."meters" m using (values (1, 'a')) v(id, s) on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND ( m.id = v.id ) when not matched then insert ("tenant_id", "id", "property_id", "serial") values ( '1'::pg_catalog.int8 , v.id, 12, v.s)
$> merge into "public"."meters" m using (values (1, 'a')) v(id, s) on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND ( m.id = v.id ) when not matched then insert ("tenant_id", "id", "property_id", "serial") values ( $1::pg_catalog.int8 , v.id, 12, v.s)

-- merge a parameter
MERGE INTO payments m USING (VALUES (1)) v(id) ON m.id = v.id WHEN MATCHED THEN UPDATE SET property_id = $1 WHEN NOT MATCHED THEN INSERT (id, property_id) VALUES (v.id, $2)
$> merge into "public"."payments" m using (values (1)) v(id) on "m"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( $4::pg_catalog.int8[] ) AND ( m.id = v.id ) when matched then update set property_id = (CASE WHEN $1 ::pg_catalog.int8 OPERATOR(pg_catalog.=) ANY ( $4::pg_catalog.int8[] ) THEN $1 ::pg_catalog.int8 ELSE ( $4::pg_catalog.int8[] )[1] END) when not matched then insert (id, property_id , "tenant_id" ) values (v.id, (CASE WHEN $2 ::pg_catalog.int8 OPERATOR(pg_catalog.=) ANY ( $4::pg_catalog.int8[] ) THEN $2 ::pg_catalog.int8 ELSE ( $4::pg_catalog.int8[] )[1] END) , $3::pg_catalog.int8 )

-- merge that moves a row out
MERGE INTO meters m USING properties p ON m.property_id = p.id WHEN MATCHED THEN UPDATE SET property_id = 13
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- merge that moves a row by an expression
MERGE INTO meters m USING properties p ON m.property_id = p.id WHEN MATCHED THEN UPDATE SET property_id = p.id + 1
!! 42501 tenant_column the row of relation "meters" must belong to one of the user's own nodes

-- merge with a source that is silent about the level
MERGE INTO meters m USING readings r ON m.id = r.meter_id WHEN MATCHED THEN DELETE
!! 42501 relation permission denied for relation readings

-- merge with the nullable side of a join as a node
MERGE INTO payments m USING (tariffs t LEFT JOIN properties p ON p.name = t.code) ON m.id = 1 WHEN NOT MATCHED THEN INSERT (id, property_id) VALUES (1, p.id)
!! 42501 tenant_column the row of relation "payments" must belong to one of the user's own nodes

-- merge with a condition that may fail on the target
MERGE INTO meters m USING properties p ON 1 / m.id > p.id WHEN MATCHED THEN DELETE
=> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "p"."id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) OFFSET 0) p on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) THEN ( 1 / m.id > p.id ) ELSE false END when matched then delete
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "p"."id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) OFFSET 0) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) THEN ( 1 / m.id > p.id ) ELSE false END when matched then delete

-- merge with a condition that may fail on the source
MERGE INTO meters m USING properties p ON m.id = 1 / p.id WHEN MATCHED THEN DELETE
=> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "p"."id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) OFFSET 0) p on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) THEN ( m.id = 1 / p.id ) ELSE false END when matched then delete
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "p"."id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) OFFSET 0) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) THEN ( m.id = 1 / p.id ) ELSE false END when matched then delete

-- merge into a table that is reached through one with the level
MERGE INTO payment_lines l USING payments p ON l.payment_id = p.id WHEN MATCHED AND 1 / l.n > 0 THEN UPDATE SET payment_id = p.id, note = 'x' WHEN NOT MATCHED THEN INSERT (id, payment_id) VALUES (p.id, p.id)
=> merge into "public"."payment_lines" l using (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "p"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) ) p on (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_1"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) )) IS TRUE AND ( l.payment_id = p.id ) when matched and 1 / l.n > 0 then update set payment_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT p.id  AS "v" OFFSET 0) AS "_v") , note = 'x' when not matched then insert (id, payment_id) values (p.id, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p"."property_id" OPERATOR(pg_catalog.=) ANY ( '{"11","12"}'::pg_catalog.int8[] ) AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT p.id  AS "v" OFFSET 0) AS "_v") )
$> merge into "public"."payment_lines" l using (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "p"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) ) p on (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_1"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) )) IS TRUE AND ( l.payment_id = p.id ) when matched and 1 / l.n > 0 then update set payment_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT p.id  AS "v" OFFSET 0) AS "_v") , note = 'x' when not matched then insert (id, payment_id) values (p.id, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p"."property_id" OPERATOR(pg_catalog.=) ANY ( $2::pg_catalog.int8[] ) AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT p.id  AS "v" OFFSET 0) AS "_v") )
