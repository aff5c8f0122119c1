-- write 1
INSERT INTO meters (id, property_id, serial, kind) VALUES (1, 2, 's', 'water'), (2, 2, 't', 'power')
=> insert into "public"."meters" (id, property_id, serial, kind , "tenant_id" ) values (1, 2, 's', 'water' , '1'::pg_catalog.int8 ), (2, 2, 't', 'power' , '1'::pg_catalog.int8 )
$> insert into "public"."meters" (id, property_id, serial, kind , "tenant_id" ) values (1, 2, 's', 'water' , $1::pg_catalog.int8 ), (2, 2, 't', 'power' , $1::pg_catalog.int8 )

-- write 2
INSERT INTO meters (tenant_id, id, serial, kind) VALUES (1, 1, 's', 'k')
=> insert into "public"."meters" (tenant_id, id, serial, kind) values ( '1'::pg_catalog.int8 , 1, 's', 'k')
$> insert into "public"."meters" (tenant_id, id, serial, kind) values ( $1::pg_catalog.int8 , 1, 's', 'k')

-- write 3
INSERT INTO meters (tenant_id, id, serial, kind) VALUES (2, 1, 's', 'k')
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 4
INSERT INTO meters (tenant_id, id, serial, kind) VALUES (1, 1, 's', 'k'), (2, 1, 's', 'k')
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 5
INSERT INTO meters (tenant_id, id) VALUES (1 + 1, 1)
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 6
INSERT INTO meters (tenant_id, id) VALUES ((SELECT 2), 1)
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 7
INSERT INTO meters (tenant_id, id) VALUES (DEFAULT, 1)
=> insert into "public"."meters" (tenant_id, id) values ( '1'::pg_catalog.int8 , 1)
$> insert into "public"."meters" (tenant_id, id) values ( $1::pg_catalog.int8 , 1)

-- write 8
INSERT INTO meters (tenant_id, id) VALUES ($1, $2)
$> insert into "public"."meters" (tenant_id, id) values ( (CASE WHEN $1 ::pg_catalog.int8 IS NULL THEN $3::pg_catalog.int8 ELSE $3::pg_catalog.int8 END) , $2)

-- write 9
INSERT INTO meters (id, serial) VALUES ($1, $2) RETURNING *
$> insert into "public"."meters" (id, serial , "tenant_id" ) values ($1, $2 , $3::pg_catalog.int8 ) returning *

-- write 10
INSERT INTO meters VALUES (1, 5, 6, 's', 'k')
=> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") values ( '1'::pg_catalog.int8 , 5, 6, 's', 'k')
$> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") values ( $1::pg_catalog.int8 , 5, 6, 's', 'k')

-- write 11
INSERT INTO meters VALUES (2, 5, 6, 's', 'k')
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 12
INSERT INTO meters DEFAULT VALUES
=> insert into "public"."meters" ("tenant_id") VALUES ( '1'::pg_catalog.int8 )
$> insert into "public"."meters" ("tenant_id") VALUES ( $1::pg_catalog.int8 )

-- write 13
INSERT INTO meters (id, serial) SELECT id, number FROM invoices WHERE id = 1
=> insert into "public"."meters" (id, serial , "tenant_id" ) select id, number , '1'::pg_catalog.int8 from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 )
$> insert into "public"."meters" (id, serial , "tenant_id" ) select id, number , $1::pg_catalog.int8 from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 1 )

-- write 14
INSERT INTO meters (id, serial) SELECT DISTINCT id, number FROM invoices ORDER BY 1 LIMIT 3
=> insert into "public"."meters" (id, serial , "tenant_id" ) select distinct id, number , '1'::pg_catalog.int8 from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 order by 1 limit 3
$> insert into "public"."meters" (id, serial , "tenant_id" ) select distinct id, number , $1::pg_catalog.int8 from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 order by 1 limit 3

-- write 15
INSERT INTO meters (id, serial) SELECT id, number FROM invoices UNION SELECT 1, 'x'
=> insert into "public"."meters" (id, serial , "tenant_id" ) select id, number , '1'::pg_catalog.int8 from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 union select 1, 'x' , '1'::pg_catalog.int8
$> insert into "public"."meters" (id, serial , "tenant_id" ) select id, number , $1::pg_catalog.int8 from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 union select 1, 'x' , $1::pg_catalog.int8

-- write 16
INSERT INTO meters SELECT * FROM meters
=> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") select * from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") select * from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 17
INSERT INTO meters SELECT tenant_id, id, property_id, number, status FROM invoices
=> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") select tenant_id, id, property_id, number, status from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") select tenant_id, id, property_id, number, status from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 18
INSERT INTO meters SELECT id, id, property_id, number, status FROM invoices
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 19
INSERT INTO meters (tenant_id, id) SELECT 1, id FROM invoices
=> insert into "public"."meters" (tenant_id, id) select 1, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select 1, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 20
INSERT INTO meters (tenant_id, id) SELECT 2, id FROM invoices
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 21
INSERT INTO documents (tenant_key, id, title) VALUES ('acme', 1, 't')
=> insert into "public"."documents" (tenant_key, id, title) values ( 'acme'::pg_catalog.text , 1, 't')
$> insert into "public"."documents" (tenant_key, id, title) values ( $1::pg_catalog.text , 1, 't')

-- write 22
INSERT INTO documents (tenant_key, id, title) VALUES (E'glob\x65x', 1, 't')
!! 42501 tenant_column the tenant column of relation "documents" must hold the own tenant's value

-- write 23
INSERT INTO documents (tenant_key, id, title) VALUES ('acme'::varchar(2), 1, 't')
!! 42501 tenant_column the tenant column of relation "documents" must hold the own tenant's value

-- write 24
INSERT INTO api_keys VALUES ('{11111111111111111111111111111111}', 1, 'k')
=> insert into "public"."api_keys" ("tenant_uuid", "id", "key") values ( '11111111-1111-1111-1111-111111111111'::pg_catalog.uuid , 1, 'k')
$> insert into "public"."api_keys" ("tenant_uuid", "id", "key") values ( $1::pg_catalog.uuid , 1, 'k')

-- write 25
INSERT INTO api_keys VALUES ('{22222222222222222222222222222222}', 1, 'k')
!! 42501 tenant_column the tenant column of relation "api_keys" must hold the own tenant's value

-- write 26
INSERT INTO invoices (id, property_id, number) VALUES (1, 2, 'n')
=> insert into "public"."invoices" (id, property_id, number , "tenant_id" ) values (1, 2, 'n' , '1'::pg_catalog.int8 )
$> insert into "public"."invoices" (id, property_id, number , "tenant_id" ) values (1, 2, 'n' , $1::pg_catalog.int8 )

-- write 27
INSERT INTO invoice_lines (id, invoice_id) VALUES (1, 2)
!! 0A000 construct column "invoice_id" references "invoices" by a key without the tenant column

-- write 28
INSERT INTO invoice_lines (id, invoice_id) VALUES (1, NULL)
=> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values (1, null , '1'::pg_catalog.int8 )
$> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values (1, null , $1::pg_catalog.int8 )

-- write 29
INSERT INTO tariffs VALUES ('x', 1)
!! 42501 relation permission denied for relation tariffs

-- write 30
INSERT INTO open_invoices (id) VALUES (1)
!! 42501 relation permission denied for relation open_invoices

-- write 31
INSERT INTO meters AS m (id, serial) VALUES (1, 's') ON CONFLICT (tenant_id, id) DO UPDATE SET serial = excluded.serial WHERE m.kind = 'x' OR true RETURNING m.serial
=> insert into "public"."meters" as m(id, serial , "tenant_id" ) values (1, 's' , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) do update set serial = excluded.serial where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.kind = 'x' or true ) returning m.serial
$> insert into "public"."meters" as m(id, serial , "tenant_id" ) values (1, 's' , $1::pg_catalog.int8 ) on conflict (tenant_id, id) do update set serial = excluded.serial where "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.kind = 'x' or true ) returning m.serial

-- write 32
INSERT INTO meters (id, serial) VALUES (1, 's') ON CONFLICT (tenant_id, id) DO UPDATE SET serial = excluded.serial, tenant_id = excluded.tenant_id
=> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) do update set serial = excluded.serial, tenant_id = excluded.tenant_id WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , $1::pg_catalog.int8 ) on conflict (tenant_id, id) do update set serial = excluded.serial, tenant_id = excluded.tenant_id WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 33
INSERT INTO meters (id, serial) VALUES (1, 's') ON CONFLICT (tenant_id, id) DO NOTHING
=> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) do nothing
$> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , $1::pg_catalog.int8 ) on conflict (tenant_id, id) do nothing

-- write 34
INSERT INTO meters (id, serial) VALUES (1, 's') ON CONFLICT DO NOTHING
=> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , '1'::pg_catalog.int8 ) on conflict do nothing
$> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , $1::pg_catalog.int8 ) on conflict do nothing

-- write 35
INSERT INTO meters (id, serial) VALUES (1, 's') ON CONFLICT ON CONSTRAINT meters_pkey DO NOTHING
=> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , '1'::pg_catalog.int8 ) on conflict on constraint meters_pkey do nothing
$> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , $1::pg_catalog.int8 ) on conflict on constraint meters_pkey do nothing

-- write 36
INSERT INTO api_keys (id, key) VALUES (1, 's') ON CONFLICT (id) DO UPDATE SET key = 'x'
!! 0A000 construct ON CONFLICT on a key of "api_keys" without the tenant column is not supported

-- write 37
INSERT INTO api_keys (id, key) VALUES (1, 's') ON CONFLICT DO NOTHING
!! 0A000 construct ON CONFLICT on a key of "api_keys" without the tenant column is not supported

-- write 38
INSERT INTO meters (id, serial) SELECT id, number FROM invoices i JOIN properties p ON p.id = i.property_id ON CONFLICT DO NOTHING
=> insert into "public"."meters" (id, serial , "tenant_id" ) select id, number , '1'::pg_catalog.int8 from "public"."invoices" i join "public"."properties" p on p.id = i.property_id WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 on conflict do nothing
$> insert into "public"."meters" (id, serial , "tenant_id" ) select id, number , $1::pg_catalog.int8 from "public"."invoices" i join "public"."properties" p on p.id = i.property_id WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 on conflict do nothing

-- write 39
INSERT INTO meters (id, serial) OVERRIDING SYSTEM VALUE VALUES (1, 's')
=> insert into "public"."meters" (id, serial , "tenant_id" ) overriding system value values (1, 's' , '1'::pg_catalog.int8 )
$> insert into "public"."meters" (id, serial , "tenant_id" ) overriding system value values (1, 's' , $1::pg_catalog.int8 )

-- write 40
UPDATE meters SET kind = 'x'
=> update "public"."meters" set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."meters" set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 41
UPDATE meters AS m SET kind = 'x', serial = (SELECT max(number) FROM invoices) WHERE m.id = 1 OR true RETURNING *
=> update "public"."meters" as m set kind = 'x', serial = (select max(number) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = 1 or true ) returning *
$> update "public"."meters" as m set kind = 'x', serial = (select max(number) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) where "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = 1 or true ) returning *

-- write 42
UPDATE meters SET kind = p.name FROM properties p WHERE p.id = meters.property_id
=> update "public"."meters" set kind = p.name from "public"."properties" p where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id = meters.property_id )
$> update "public"."meters" set kind = p.name from "public"."properties" p where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id = meters.property_id )

-- write 43
UPDATE meters SET tenant_id = 2
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 44
UPDATE meters SET tenant_id = 1
=> update "public"."meters" set tenant_id = 1 WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."meters" set tenant_id = 1 WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 45
UPDATE meters SET (kind, tenant_id) = ('x', 2)
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 46
UPDATE meters SET (kind, tenant_id) = (SELECT 'x', 2)
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 47
UPDATE meters SET tenant_id = DEFAULT
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 48
UPDATE meters SET tenant_id = tenant_id
=> update "public"."meters" set tenant_id = tenant_id WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."meters" set tenant_id = tenant_id WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 49
UPDATE meters SET "tenant_id" = tenant_id + 1
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 50
UPDATE ONLY meters SET kind = 'x'
=> update ONLY "public"."meters" set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update ONLY "public"."meters" set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 51
UPDATE tariffs SET price = 0
!! 42501 relation permission denied for relation tariffs

-- write 52
DELETE FROM meters
=> delete from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> delete from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 53
DELETE FROM meters m USING properties p WHERE p.id = m.property_id RETURNING m.id
=> delete from "public"."meters" m using "public"."properties" p where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id = m.property_id ) returning m.id
$> delete from "public"."meters" m using "public"."properties" p where "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id = m.property_id ) returning m.id

-- write 54
WITH u AS (UPDATE meters SET kind = 'x' RETURNING id) SELECT * FROM u
=> with u as (update "public"."meters" set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 returning id) select * from u
$> with u as (update "public"."meters" set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 returning id) select * from u

-- write 55
WITH d AS (DELETE FROM meters WHERE id = 1 RETURNING *) INSERT INTO properties (id, name) SELECT id, serial FROM d
=> with d as (delete from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 ) returning *) insert into "public"."properties" (id, name , "tenant_id" ) select id, serial , '1'::pg_catalog.int8 from d
$> with d as (delete from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 1 ) returning *) insert into "public"."properties" (id, name , "tenant_id" ) select id, serial , $1::pg_catalog.int8 from d

-- write 56
WITH x AS (SELECT 1) UPDATE meters SET kind = 'pwn'
=> with x as (select 1) update "public"."meters" set kind = 'pwn' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> with x as (select 1) update "public"."meters" set kind = 'pwn' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 57
MERGE INTO meters m USING properties p ON p.id = m.id WHEN MATCHED THEN DELETE
!! 42501 statement MERGE is not allowed to tenants

-- write 58
INSERT INTO meters (id, tenant_id, property_id) SELECT (x).*, 1 FROM (SELECT p FROM properties p) AS s(x)
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 59
INSERT INTO meters SELECT (p).* FROM properties p
!! 0A000 construct INSERT INTO "meters" without a column list from this query is not supported through pgmoat

-- write 60
INSERT INTO meters (id, serial) SELECT (s.p).id, 'x' FROM (SELECT p FROM properties p) s
!! 42703 construct column "id" does not exist

-- write 61
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM properties c RIGHT JOIN (VALUES (2::bigint)) v(tenant_id) USING (tenant_id)
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 62
UPDATE meters SET tenant_id = k FROM (SELECT DISTINCT tenant_id AS k FROM properties) d RIGHT JOIN (VALUES (2)) v(k) USING (k) WHERE id = 11
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 63
INSERT INTO meters (id, tenant_id, property_id) SELECT u.*, c.tenant_id FROM unnest(ARRAY[9999], ARRAY[2]) u, (SELECT tenant_id FROM properties LIMIT 1) c
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 64
INSERT INTO meters (tenant_id, id) SELECT x.tenant_id, 1 FROM properties c, LATERAL (SELECT tenant_id FROM jsonb_populate_record(c, '{"tenant_id": 2}') r) x LIMIT 1
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 65
INSERT INTO meters (tenant_id, id) SELECT p.tenant_id, 1 FROM tariffs t LEFT JOIN properties p ON true
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 66
INSERT INTO meters (tenant_id, id) SELECT p.tenant_id, p.id FROM properties p JOIN invoices i USING (tenant_id, id)
=> insert into "public"."meters" (tenant_id, id) select p.tenant_id, p.id from "public"."properties" p join "public"."invoices" i using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select p.tenant_id, p.id from "public"."properties" p join "public"."invoices" i using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 67
UPDATE meters SET kind = p.name FROM tariffs t LEFT JOIN properties p ON p.name = t.code
=> update "public"."meters" set kind = p.name from "public"."tariffs" t left join "public"."properties" p on ( p.name = t.code ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."meters" set kind = p.name from "public"."tariffs" t left join "public"."properties" p on ( p.name = t.code ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 68
WITH a AS (INSERT INTO meters (id) VALUES (1) ON CONFLICT (tenant_id, id) DO UPDATE SET kind = 'x' RETURNING id) INSERT INTO properties (id) SELECT id FROM a ON CONFLICT (tenant_id, id) DO UPDATE SET name = 'y'
=> with a as (insert into "public"."meters" (id , "tenant_id" ) values (1 , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) do update set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 returning id) insert into "public"."properties" (id , "tenant_id" ) select id , '1'::pg_catalog.int8 from a on conflict (tenant_id, id) do update set name = 'y' WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> with a as (insert into "public"."meters" (id , "tenant_id" ) values (1 , $1::pg_catalog.int8 ) on conflict (tenant_id, id) do update set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 returning id) insert into "public"."properties" (id , "tenant_id" ) select id , $1::pg_catalog.int8 from a on conflict (tenant_id, id) do update set name = 'y' WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 69: a parameter that the parser is not shown is the client's all the same
UPDATE documents SET tags[$1] = 'x'
$> update "public"."documents" set tags[$1] = 'x' WHERE "public"."documents"."tenant_key" OPERATOR(pg_catalog.=) $2::pg_catalog.text

-- write 70
UPDATE documents SET tags[$2] = 'x' WHERE id = $1
$> update "public"."documents" set tags[$2] = 'x' where "public"."documents"."tenant_key" OPERATOR(pg_catalog.=) $3::pg_catalog.text AND ( id = $1 )

-- write 71
INSERT INTO meters (id, serial) VALUES (1, 's') ON CONFLICT (tenant_id, id) WHERE kind = $1 DO NOTHING
$> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , $2::pg_catalog.int8 ) on conflict (tenant_id, id) where kind = $1 do nothing

-- write 72: a NULL has no tenant, whatever stands on the nullable side of a join
INSERT INTO meters (tenant_id, id) SELECT x.tenant_id, 1 FROM tariffs t LEFT JOIN (SELECT tenant_id FROM properties) x ON true
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 73
WITH x AS (SELECT tenant_id FROM properties) INSERT INTO meters (tenant_id, id) SELECT x.tenant_id, 1 FROM x RIGHT JOIN tariffs t ON true
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 74
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM (properties p JOIN invoices i USING (tenant_id, id)) RIGHT JOIN tariffs t ON t.code = p.name
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 75
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM tariffs t LEFT JOIN (properties p JOIN invoices i USING (tenant_id, id)) ON true
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 76
INSERT INTO meters (tenant_id, id) SELECT s.tenant_id, 1 FROM (SELECT o.tenant_id FROM tariffs LEFT JOIN open_invoices o ON true) s
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 77
INSERT INTO meters (tenant_id, id) SELECT tenant_id, max(id) FROM properties GROUP BY ROLLUP (tenant_id)
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 78
INSERT INTO meters (tenant_id, id) SELECT g.tenant_id, 1 FROM (SELECT tenant_id FROM properties GROUP BY GROUPING SETS ((tenant_id), ())) g
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 79
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM properties UNION ALL SELECT NULL, 2 FROM properties
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 80
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM properties p LEFT JOIN (SELECT tenant_id, id FROM invoices) i USING (tenant_id, id)
=> insert into "public"."meters" (tenant_id, id) select tenant_id, 1 from "public"."properties" p left join (select tenant_id, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) i using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select tenant_id, 1 from "public"."properties" p left join (select tenant_id, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) i using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8
