-- merge 1
MERGE INTO meters m USING (VALUES (1, 'a'), (2, 'b')) v(id, serial) ON m.id = v.id WHEN MATCHED THEN UPDATE SET serial = v.serial WHEN NOT MATCHED THEN INSERT (id, serial) VALUES (v.id, v.serial)
=> merge into "public"."meters" m using (values (1, 'a'), (2, 'b')) v(id, serial) on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = v.id ) when matched then update set serial = v.serial when not matched then insert (id, serial , "tenant_id" ) values (v.id, v.serial , '1'::pg_catalog.int8 )
$> merge into "public"."meters" m using (values (1, 'a'), (2, 'b')) v(id, serial) on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = v.id ) when matched then update set serial = v.serial when not matched then insert (id, serial , "tenant_id" ) values (v.id, v.serial , $1::pg_catalog.int8 )

-- merge 2: a source is filtered, and fenced where what looks at it may fail
MERGE INTO meters USING invoices i ON meters.id = i.id - 1000 WHEN MATCHED AND i.status = 'void' THEN DELETE WHEN MATCHED THEN UPDATE SET serial = i.number WHEN NOT MATCHED THEN DO NOTHING
=> merge into "public"."meters" using (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i on "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( meters.id = i.id - 1000 ) AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( meters.id = i.id - 1000 ) ELSE false END when matched and i.status = 'void' then delete when matched then update set serial = i.number when not matched then do nothing
$> merge into "public"."meters" using (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i on "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( meters.id = i.id - 1000 ) AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( meters.id = i.id - 1000 ) ELSE false END when matched and i.status = 'void' then delete when matched then update set serial = i.number when not matched then do nothing

-- merge 3: no part of the condition that looks at the target may fail
MERGE INTO meters m USING invoices i ON m.serial::int = i.id WHEN MATCHED THEN DELETE
=> merge into "public"."meters" m using (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( m.serial::int = i.id ) ELSE false END when matched then delete
$> merge into "public"."meters" m using (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( m.serial::int = i.id ) ELSE false END when matched then delete

-- merge 4
MERGE INTO meters m USING invoices i ON 1 / m.id = i.id WHEN MATCHED THEN DELETE
=> merge into "public"."meters" m using (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( 1 / m.id = i.id ) ELSE false END when matched then delete
$> merge into "public"."meters" m using (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( 1 / m.id = i.id ) ELSE false END when matched then delete

-- merge 5: every row of another tenant is not matched
MERGE INTO meters m USING invoices i ON m.id = i.id WHEN NOT MATCHED BY SOURCE THEN DELETE
!! 0A000 construct WHEN NOT MATCHED BY SOURCE is not supported through pgmoat

-- merge 6
MERGE INTO meters m USING (SELECT 1) v ON m.tenant_id = 1 WHEN MATCHED THEN UPDATE SET tenant_id = 2
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- merge 7
MERGE INTO meters m USING properties p ON m.id = p.id WHEN NOT MATCHED THEN INSERT (id, tenant_id) VALUES (p.id, 2)
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- merge 8
MERGE INTO meters m USING properties p ON m.id = p.id WHEN NOT MATCHED AND p.city = 'x' THEN INSERT (id, tenant_id, serial) VALUES (p.id, p.tenant_id, DEFAULT)
=> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = p.id ) when not matched and p.city = 'x' then insert (id, tenant_id, serial) values (p.id, CASE WHEN pg_catalog.replace((( p.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END , default)
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = p.id ) when not matched and p.city = 'x' then insert (id, tenant_id, serial) values (p.id, CASE WHEN pg_catalog.replace((( p.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END , default)

-- merge 9
MERGE INTO meters m USING properties p ON m.id = p.id WHEN NOT MATCHED THEN INSERT VALUES (1, p.id, 7, p.name, 'k')
=> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = p.id ) when not matched then insert ("tenant_id", "id", "property_id", "serial", "kind") values ( '1'::pg_catalog.int8 , p.id, 7, p.name, 'k')
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = p.id ) when not matched then insert ("tenant_id", "id", "property_id", "serial", "kind") values ( $1::pg_catalog.int8 , p.id, 7, p.name, 'k')

-- merge 10: references are looked at, and cascades
MERGE INTO invoice_lines l USING (SELECT id, id + 1 AS next FROM invoices) i ON l.invoice_id = i.id WHEN MATCHED AND l.amount > 5 THEN DELETE WHEN MATCHED THEN UPDATE SET invoice_id = i.next WHEN NOT MATCHED THEN INSERT (id, invoice_id) VALUES (i.id, i.id)
=> merge into "public"."invoice_lines" l using (select id, id + 1 as next from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) i on "l"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( l.invoice_id = i.id ) when matched and ( l.amount > 5 ) AND CASE WHEN ( "l"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."reply_to" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END then delete when matched then update set invoice_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT i.next  AS "v" OFFSET 0) AS "_v") when not matched then insert (id, invoice_id , "tenant_id" ) values (i.id, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT i.id  AS "v" OFFSET 0) AS "_v") , '1'::pg_catalog.int8 )
$> merge into "public"."invoice_lines" l using (select id, id + 1 as next from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) i on "l"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( l.invoice_id = i.id ) when matched and ( l.amount > 5 ) AND CASE WHEN ( "l"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."reply_to" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END then delete when matched then update set invoice_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT i.next  AS "v" OFFSET 0) AS "_v") when not matched then insert (id, invoice_id , "tenant_id" ) values (i.id, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT i.id  AS "v" OFFSET 0) AS "_v") , $1::pg_catalog.int8 )

-- merge 11
MERGE INTO invoice_lines USING (VALUES (1)) v(x) ON invoice_lines.id = v.x WHEN NOT MATCHED THEN INSERT (id, invoice_id) VALUES (v.x, 5)
=> merge into "public"."invoice_lines" using (values (1)) v(x) on "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( invoice_lines.id = v.x ) when not matched then insert (id, invoice_id , "tenant_id" ) values (v.x, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 5  AS "v" OFFSET 0) AS "_v") , '1'::pg_catalog.int8 )
$> merge into "public"."invoice_lines" using (values (1)) v(x) on "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( invoice_lines.id = v.x ) when not matched then insert (id, invoice_id , "tenant_id" ) values (v.x, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 5  AS "v" OFFSET 0) AS "_v") , $1::pg_catalog.int8 )

-- merge 12
WITH x AS (SELECT id FROM properties) MERGE INTO meters m USING x ON m.id = x.id WHEN MATCHED THEN DELETE
=> with x as (select id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) merge into "public"."meters" m using x on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = x.id ) when matched then delete
$> with x as (select id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) merge into "public"."meters" m using x on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = x.id ) when matched then delete

-- merge 13
EXPLAIN MERGE INTO meters m USING (properties p JOIN invoices i ON p.id = i.property_id) ON m.id = p.id WHEN MATCHED THEN UPDATE SET kind = i.number, serial = (SELECT max(number) FROM invoices WHERE property_id = m.property_id)
!! 0A000 construct EXPLAIN of a statement on tenants' rows is not supported through pgmoat

-- merge 14
MERGE INTO tariffs t USING properties p ON t.code = p.name WHEN MATCHED THEN DELETE
!! 42501 relation permission denied for relation tariffs

-- merge 15
MERGE INTO payment_lines l USING properties p ON l.id = p.id WHEN MATCHED THEN DELETE
=> merge into "public"."payment_lines" l using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p on (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND ( l.id = p.id ) when matched then delete
$> merge into "public"."payment_lines" l using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p on (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND ( l.id = p.id ) when matched then delete

-- merge 16
MERGE INTO meters m USING operators_notes n ON m.id = n.id WHEN MATCHED THEN DELETE
!! 42P01 hidden_relation relation "operators_notes" does not exist

-- merge 17
MERGE INTO meters m USING properties p ON m.id = $1 AND m.kind LIKE $2 WHEN MATCHED THEN DELETE
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 OFFSET 0) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND ( m.id = $1 ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 THEN ( m.id = $1 and m.kind like $2 ) ELSE false END when matched then delete

-- merge 18
MERGE INTO meters m USING properties p ON m.id = $1 AND (p.name || $2 = m.kind OR NOT m.serial <> p.city) WHEN MATCHED AND m.serial::int > 4 THEN UPDATE SET (kind, serial) = (p.name, DEFAULT)
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 OFFSET 0) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND ( m.id = $1 ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 THEN ( m.id = $1 and (p.name || $2 = m.kind or not m.serial <> p.city) ) ELSE false END when matched and m.serial::int > 4 then update set (kind, serial) = (p.name, default)

-- merge 19
MERGE INTO meters m USING properties p ON m.id = p.id WHEN MATCHED THEN DELETE RETURNING *
!! 0A000 construct this clause of MERGE is not supported through pgmoat

-- merge 20
MERGE INTO ONLY meters AS m USING LATERAL (SELECT m.id) s ON true WHEN MATCHED THEN DELETE
!! 42P01 construct missing FROM-clause entry for table "m"

-- a condition that may fail, on the target's own rows
MERGE INTO meters m USING properties p ON m.property_id = p.id AND (m.id = 0 OR (1 / p.id) IS NULL) WHEN MATCHED THEN DELETE
=> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) p on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.property_id = p.id ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( m.property_id = p.id and (m.id = 0 or (1 / p.id) is null) ) ELSE false END when matched then delete
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.property_id = p.id ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( m.property_id = p.id and (m.id = 0 or (1 / p.id) is null) ) ELSE false END when matched then delete

-- a key that is converted
MERGE INTO meters m USING (VALUES ('1', 'a')) s(id, serial) ON m.id = s.id::int WHEN MATCHED THEN UPDATE SET serial = s.serial
=> merge into "public"."meters" m using (values ('1', 'a')) s(id, serial) on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = s.id::int ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( m.id = s.id::int ) ELSE false END when matched then update set serial = s.serial
$> merge into "public"."meters" m using (values ('1', 'a')) s(id, serial) on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = s.id::int ) AND CASE WHEN "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( m.id = s.id::int ) ELSE false END when matched then update set serial = s.serial

-- a condition with a value that pgmoat knows
UPDATE meters SET kind = 'x' WHERE serial = tenant() AND 1 / id > 0
=> update "public"."meters" set kind = 'x' where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( serial = 'acme'::pg_catalog.text and 1 / id > 0 ) ELSE false END
$> update "public"."meters" set kind = 'x' where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( serial = $2::pg_catalog.text and 1 / id > 0 ) ELSE false END
