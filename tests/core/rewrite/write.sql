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
=> insert into "public"."meters" (tenant_id, id) values ( CASE WHEN pg_catalog.replace((( 1 + 1 ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END , 1)
$> insert into "public"."meters" (tenant_id, id) values ( CASE WHEN pg_catalog.replace((( 1 + 1 ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END , 1)

-- write 6
INSERT INTO meters (tenant_id, id) VALUES ((SELECT 2), 1)
=> insert into "public"."meters" (tenant_id, id) values ( CASE WHEN pg_catalog.replace((( (select 2) ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END , 1)
$> insert into "public"."meters" (tenant_id, id) values ( CASE WHEN pg_catalog.replace((( (select 2) ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END , 1)

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
=> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , id, property_id, number, status from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , id, property_id, number, status from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 18
INSERT INTO meters SELECT id, id, property_id, number, status FROM invoices
=> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") select CASE WHEN pg_catalog.replace((( id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS id , id, property_id, number, status from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") select CASE WHEN pg_catalog.replace((( id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS id , id, property_id, number, status from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

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
=> insert into "public"."documents" (tenant_key, id, title) values ( CASE WHEN pg_catalog.replace((( 'acme'::varchar (2) ) OPERATOR(pg_catalog.=) 'acme'::pg_catalog.text )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t16_0'))::pg_catalog.bool THEN 'acme'::pg_catalog.text END , 1, 't')
$> insert into "public"."documents" (tenant_key, id, title) values ( CASE WHEN pg_catalog.replace((( 'acme'::varchar (2) ) OPERATOR(pg_catalog.=) $1::pg_catalog.text )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t16_0'))::pg_catalog.bool THEN $1::pg_catalog.text END , 1, 't')

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
=> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") , '1'::pg_catalog.int8 )
$> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") , $1::pg_catalog.int8 )

-- write 28
INSERT INTO invoice_lines (id, invoice_id) VALUES (1, NULL)
=> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values (1, null , '1'::pg_catalog.int8 )
$> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values (1, null , $1::pg_catalog.int8 )

-- write 29
INSERT INTO tariffs VALUES ('x', 1)
!! 42501 relation permission denied for relation tariffs

-- write 30
INSERT INTO open_invoices (id) VALUES (1)
=> insert into "public"."invoices" AS "open_invoices" (id , "tenant_id" ) values (1 , '1'::pg_catalog.int8 )
$> insert into "public"."invoices" AS "open_invoices" (id , "tenant_id" ) values (1 , $1::pg_catalog.int8 )

-- write 31
INSERT INTO meters AS m (id, serial) VALUES (1, 's') ON CONFLICT (tenant_id, id) DO UPDATE SET serial = excluded.serial WHERE m.kind = 'x' OR true RETURNING m.serial
=> insert into "public"."meters" as m(id, serial , "tenant_id" ) values (1, 's' , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) do update set serial = excluded.serial where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.kind = 'x' or true ) returning m.serial
$> insert into "public"."meters" as m(id, serial , "tenant_id" ) values (1, 's' , $1::pg_catalog.int8 ) on conflict (tenant_id, id) do update set serial = excluded.serial where "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.kind = 'x' or true ) returning m.serial

-- write 32
INSERT INTO meters (id, serial) VALUES (1, 's') ON CONFLICT (tenant_id, id) DO UPDATE SET serial = excluded.serial, tenant_id = excluded.tenant_id
=> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) do update set serial = excluded.serial, tenant_id = CASE WHEN pg_catalog.replace((( excluded.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (id, serial , "tenant_id" ) values (1, 's' , $1::pg_catalog.int8 ) on conflict (tenant_id, id) do update set serial = excluded.serial, tenant_id = CASE WHEN pg_catalog.replace((( excluded.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

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
=> insert into "public"."api_keys" (id, key , "tenant_uuid" ) values (1, 's' , '11111111-1111-1111-1111-111111111111'::pg_catalog.uuid ) on conflict (id) do update set key = 'x' WHERE CASE WHEN "public"."api_keys"."tenant_uuid" OPERATOR(pg_catalog.=) '11111111-1111-1111-1111-111111111111'::pg_catalog.uuid THEN true ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u17_0')::pg_catalog.bool END
$> insert into "public"."api_keys" (id, key , "tenant_uuid" ) values (1, 's' , $1::pg_catalog.uuid ) on conflict (id) do update set key = 'x' WHERE CASE WHEN "public"."api_keys"."tenant_uuid" OPERATOR(pg_catalog.=) $1::pg_catalog.uuid THEN true ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u17_0')::pg_catalog.bool END

-- write 37
INSERT INTO api_keys (id, key) VALUES (1, 's') ON CONFLICT DO NOTHING
=> insert into "public"."api_keys" (id, key , "tenant_uuid" ) values (1, 's' , '11111111-1111-1111-1111-111111111111'::pg_catalog.uuid ) on conflict ("id") DO UPDATE SET "tenant_uuid" = "public"."api_keys"."tenant_uuid" WHERE CASE WHEN "public"."api_keys"."tenant_uuid" OPERATOR(pg_catalog.=) '11111111-1111-1111-1111-111111111111'::pg_catalog.uuid THEN false ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u17_0')::pg_catalog.bool END
$> insert into "public"."api_keys" (id, key , "tenant_uuid" ) values (1, 's' , $1::pg_catalog.uuid ) on conflict ("id") DO UPDATE SET "tenant_uuid" = "public"."api_keys"."tenant_uuid" WHERE CASE WHEN "public"."api_keys"."tenant_uuid" OPERATOR(pg_catalog.=) $1::pg_catalog.uuid THEN false ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u17_0')::pg_catalog.bool END

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
=> update "public"."meters" set tenant_id = CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."meters" set tenant_id = CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 49
UPDATE meters SET "tenant_id" = tenant_id + 1
=> update "public"."meters" set "tenant_id" = CASE WHEN pg_catalog.replace((( tenant_id + 1 ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."meters" set "tenant_id" = CASE WHEN pg_catalog.replace((( tenant_id + 1 ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

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
=> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id = m.id ) when matched then delete
$> merge into "public"."meters" m using (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p on "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id = m.id ) when matched then delete

-- write 58
INSERT INTO meters (id, tenant_id, property_id) SELECT (x).*, 1 FROM (SELECT p FROM properties p) AS s(x)
!! 0A000 construct INSERT INTO "meters" from a query whose columns are not known by name is not supported through pgmoat

-- write 59
INSERT INTO meters SELECT (p).* FROM properties p
!! 0A000 construct INSERT INTO "meters" from a query whose columns are not known by name is not supported through pgmoat

-- write 60
INSERT INTO meters (id, serial) SELECT (s.p).id, 'x' FROM (SELECT p FROM properties p) s
=> insert into "public"."meters" (id, serial , "tenant_id" ) select (s.p).id, 'x' , '1'::pg_catalog.int8 from (select p from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) s
$> insert into "public"."meters" (id, serial , "tenant_id" ) select (s.p).id, 'x' , $1::pg_catalog.int8 from (select p from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) s

-- write 61
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM properties c RIGHT JOIN (VALUES (2::bigint)) v(tenant_id) USING (tenant_id)
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from (SELECT * FROM "public"."properties" AS "c" WHERE "c"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) c right join (values (2::bigint)) v(tenant_id) using (tenant_id)
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from (SELECT * FROM "public"."properties" AS "c" WHERE "c"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) c right join (values (2::bigint)) v(tenant_id) using (tenant_id)

-- write 62
UPDATE meters SET tenant_id = k FROM (SELECT DISTINCT tenant_id AS k FROM properties) d RIGHT JOIN (VALUES (2)) v(k) USING (k) WHERE id = 11
=> update "public"."meters" set tenant_id = CASE WHEN pg_catalog.replace((( k ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END from (select distinct tenant_id as k from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) d right join (values (2)) v(k) using (k) where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 11 )
$> update "public"."meters" set tenant_id = CASE WHEN pg_catalog.replace((( k ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END from (select distinct tenant_id as k from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) d right join (values (2)) v(k) using (k) where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 11 )

-- write 63
INSERT INTO meters (id, tenant_id, property_id) SELECT u.*, c.tenant_id FROM unnest(ARRAY[9999], ARRAY[2]) u, (SELECT tenant_id FROM properties LIMIT 1) c
!! 0A000 construct INSERT INTO "meters" from a query whose columns are not known by name is not supported through pgmoat

-- write 64
INSERT INTO meters (tenant_id, id) SELECT x.tenant_id, 1 FROM properties c, LATERAL (SELECT tenant_id FROM jsonb_populate_record(c, '{"tenant_id": 2}') r) x LIMIT 1
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( x.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from "public"."properties" c, lateral (select tenant_id from jsonb_populate_record(c, '{"tenant_id": 2}') r) x WHERE "c"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 limit 1
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( x.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from "public"."properties" c, lateral (select tenant_id from jsonb_populate_record(c, '{"tenant_id": 2}') r) x WHERE "c"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 limit 1

-- write 65
INSERT INTO meters (tenant_id, id) SELECT p.tenant_id, 1 FROM tariffs t LEFT JOIN properties p ON true
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( p.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from "public"."tariffs" t left join "public"."properties" p on ( true ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( p.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from "public"."tariffs" t left join "public"."properties" p on ( true ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 66
INSERT INTO meters (tenant_id, id) SELECT p.tenant_id, p.id FROM properties p JOIN invoices i USING (tenant_id, id)
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( p.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , p.id from "public"."properties" p join "public"."invoices" i using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( p.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , p.id from "public"."properties" p join "public"."invoices" i using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

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
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( x.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from "public"."tariffs" t left join (select tenant_id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) x on true
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( x.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from "public"."tariffs" t left join (select tenant_id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) x on true

-- write 73
WITH x AS (SELECT tenant_id FROM properties) INSERT INTO meters (tenant_id, id) SELECT x.tenant_id, 1 FROM x RIGHT JOIN tariffs t ON true
=> with x as (select tenant_id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( x.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from x right join "public"."tariffs" t on true
$> with x as (select tenant_id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( x.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from x right join "public"."tariffs" t on true

-- write 74
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM (properties p JOIN invoices i USING (tenant_id, id)) RIGHT JOIN tariffs t ON t.code = p.name
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from ( "public"."properties" p join "public"."invoices" i using (tenant_id, id)) right join "public"."tariffs" t on ( t.code = p.name ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from ( "public"."properties" p join "public"."invoices" i using (tenant_id, id)) right join "public"."tariffs" t on ( t.code = p.name ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 75
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM tariffs t LEFT JOIN (properties p JOIN invoices i USING (tenant_id, id)) ON true
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from "public"."tariffs" t left join ( "public"."properties" p join "public"."invoices" i using (tenant_id, id)) on ( true ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from "public"."tariffs" t left join ( "public"."properties" p join "public"."invoices" i using (tenant_id, id)) on ( true ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- write 76
INSERT INTO meters (tenant_id, id) SELECT s.tenant_id, 1 FROM (SELECT o.tenant_id FROM tariffs LEFT JOIN open_invoices o ON true) s
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( s.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from (select o.tenant_id from "public"."tariffs" left join ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.status = 'open'::text ) ) o on true) s
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( s.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from (select o.tenant_id from "public"."tariffs" left join ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.status = 'open'::text ) ) o on true) s

-- write 77
INSERT INTO meters (tenant_id, id) SELECT tenant_id, max(id) FROM properties GROUP BY ROLLUP (tenant_id)
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , max(id) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by rollup (tenant_id)
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , max(id) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 group by rollup (tenant_id)

-- write 78
INSERT INTO meters (tenant_id, id) SELECT g.tenant_id, 1 FROM (SELECT tenant_id FROM properties GROUP BY GROUPING SETS ((tenant_id), ())) g
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( g.tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from (select tenant_id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by grouping sets ((tenant_id), ())) g
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( g.tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from (select tenant_id from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 group by grouping sets ((tenant_id), ())) g

-- write 79
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM properties UNION ALL SELECT NULL, 2 FROM properties
!! 42501 tenant_column the tenant column of relation "meters" must hold the own tenant's value

-- write 80
INSERT INTO meters (tenant_id, id) SELECT tenant_id, 1 FROM properties p LEFT JOIN (SELECT tenant_id, id FROM invoices) i USING (tenant_id, id)
=> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , 1 from "public"."properties" p left join (select tenant_id, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) i using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."meters" (tenant_id, id) select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , 1 from "public"."properties" p left join (select tenant_id, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) i using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- reference 1
INSERT INTO invoice_lines (id, invoice_id, amount) VALUES (1, 2, 3), (2, DEFAULT, 4), (3, NULL, 5), (4, (SELECT max(id) FROM invoices), 6)
=> insert into "public"."invoice_lines" (id, invoice_id, amount , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") , 3 , '1'::pg_catalog.int8 ), (2, default, 4 , '1'::pg_catalog.int8 ), (3, null, 5 , '1'::pg_catalog.int8 ), (4, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT (select max(id) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )  AS "v" OFFSET 0) AS "_v") , 6 , '1'::pg_catalog.int8 )
$> insert into "public"."invoice_lines" (id, invoice_id, amount , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") , 3 , $1::pg_catalog.int8 ), (2, default, 4 , $1::pg_catalog.int8 ), (3, null, 5 , $1::pg_catalog.int8 ), (4, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT (select max(id) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )  AS "v" OFFSET 0) AS "_v") , 6 , $1::pg_catalog.int8 )

-- reference 2: a parameter and an untyped literal keep their types
INSERT INTO invoice_lines (id, invoice_id) VALUES ($1, $2), ($3, '5'), ($4, 1 + $5)
$> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values ($1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $6::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $6::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT $2 ::pg_catalog."int8" AS "v" OFFSET 0) AS "_v") , $6::pg_catalog.int8 ), ($3, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $6::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $6::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT '5' ::pg_catalog."int8" AS "v" OFFSET 0) AS "_v") , $6::pg_catalog.int8 ), ($4, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $6::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $6::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 1 + $5  AS "v" OFFSET 0) AS "_v") , $6::pg_catalog.int8 )

-- reference 3: rows of one statement may refer to one another
INSERT INTO notes (id, reply_to) VALUES (1, NULL), (2, 1), ($1, 2)
$> insert into "public"."notes" (id, reply_to , "tenant_id" ) values (1, null , $2::pg_catalog.int8 ), (2, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) AND "_v"."v"::int8 OPERATOR(pg_catalog.<>) 1 ::int8 AND "_v"."v"::int8 OPERATOR(pg_catalog.<>) 2 ::int8 AND "_v"."v"::int8 OPERATOR(pg_catalog.<>) $1 ::int8 THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f24_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 1  AS "v" OFFSET 0) AS "_v") , $2::pg_catalog.int8 ), ($1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) AND "_v"."v"::int8 OPERATOR(pg_catalog.<>) 1 ::int8 AND "_v"."v"::int8 OPERATOR(pg_catalog.<>) 2 ::int8 AND "_v"."v"::int8 OPERATOR(pg_catalog.<>) $1 ::int8 THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f24_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") , $2::pg_catalog.int8 )

-- reference 4: not where a row may be left out
INSERT INTO notes (id, reply_to) VALUES (1, NULL), (2, 1) ON CONFLICT (tenant_id, text) DO NOTHING
=> insert into "public"."notes" (id, reply_to , "tenant_id" ) values (1, null , '1'::pg_catalog.int8 ), (2, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f24_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 1  AS "v" OFFSET 0) AS "_v") , '1'::pg_catalog.int8 ) on conflict (tenant_id, text) do nothing
$> insert into "public"."notes" (id, reply_to , "tenant_id" ) values (1, null , $1::pg_catalog.int8 ), (2, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f24_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 1  AS "v" OFFSET 0) AS "_v") , $1::pg_catalog.int8 ) on conflict (tenant_id, text) do nothing

-- reference 5: shared rows may be referred to by all
INSERT INTO notes (id, code) VALUES (1, 'A')
=> insert into "public"."notes" (id, code , "tenant_id" ) values (1, 'A' , '1'::pg_catalog.int8 )
$> insert into "public"."notes" (id, code , "tenant_id" ) values (1, 'A' , $1::pg_catalog.int8 )

-- reference 6: the key of an own row needs no guard
INSERT INTO invoice_lines (id, invoice_id) SELECT id + 100, id FROM invoices
=> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , '1'::pg_catalog.int8 FROM (SELECT * FROM ( select id + 100, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2")
$> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , $1::pg_catalog.int8 FROM (SELECT * FROM ( select id + 100, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2")

-- reference 7
INSERT INTO invoice_lines (id, invoice_id, amount) SELECT id, id + 1, 5 FROM invoices ORDER BY id LIMIT 3 ON CONFLICT DO NOTHING RETURNING id
=> insert into "public"."invoice_lines" (id, invoice_id, amount , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , "_s"."3" , '1'::pg_catalog.int8 FROM (SELECT * FROM ( select id, id + 1, 5 from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 order by id limit 3 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3") on conflict ("id") DO UPDATE SET "tenant_id" = "public"."invoice_lines"."tenant_id" WHERE CASE WHEN "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN false ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u15_0')::pg_catalog.bool END returning id
$> insert into "public"."invoice_lines" (id, invoice_id, amount , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , "_s"."3" , $1::pg_catalog.int8 FROM (SELECT * FROM ( select id, id + 1, 5 from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 order by id limit 3 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3") on conflict ("id") DO UPDATE SET "tenant_id" = "public"."invoice_lines"."tenant_id" WHERE CASE WHEN "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN false ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u15_0')::pg_catalog.bool END returning id

-- reference 8
INSERT INTO invoice_lines (id, invoice_id, amount) SELECT $1, '7', NULL FROM invoices
$> insert into "public"."invoice_lines" (id, invoice_id, amount , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , "_s"."3" , $2::pg_catalog.int8 FROM (SELECT * FROM ( select $1 ::pg_catalog."int8" , '7' ::pg_catalog."int8" , null ::pg_catalog."numeric" from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")

-- reference 9
INSERT INTO invoice_lines (tenant_id, id, invoice_id) SELECT tenant_id, id, property_id FROM invoices UNION ALL SELECT 1, 2, 3
=> insert into "public"."invoice_lines" (tenant_id, id, invoice_id) SELECT "_s"."1" , "_s"."2" , CASE WHEN "_s"."3" IS NULL THEN "_s"."3" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."3"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."3"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."3" END ELSE "_s"."3" END FROM (SELECT * FROM ( select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t15_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END AS tenant_id , id, property_id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 union all select 1, 2, 3 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")
$> insert into "public"."invoice_lines" (tenant_id, id, invoice_id) SELECT "_s"."1" , "_s"."2" , CASE WHEN "_s"."3" IS NULL THEN "_s"."3" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."3"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."3"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."3" END ELSE "_s"."3" END FROM (SELECT * FROM ( select CASE WHEN pg_catalog.replace((( tenant_id ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t15_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END AS tenant_id , id, property_id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 union all select 1, 2, 3 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")

-- reference 10
WITH i AS (INSERT INTO invoices (id) VALUES (7) RETURNING id) INSERT INTO invoice_lines (id, invoice_id) SELECT 1, id FROM i
=> with i as (insert into "public"."invoices" (id , "tenant_id" ) values (7 , '1'::pg_catalog.int8 ) returning id) insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) select 1, id , '1'::pg_catalog.int8 from i
$> with i as (insert into "public"."invoices" (id , "tenant_id" ) values (7 , $1::pg_catalog.int8 ) returning id) insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) select 1, id , $1::pg_catalog.int8 from i

-- reference 11
INSERT INTO invoice_lines SELECT * FROM invoice_lines
=> insert into "public"."invoice_lines" ("tenant_id", "id", "invoice_id", "amount") SELECT "_s"."1" , "_s"."2" , CASE WHEN "_s"."3" IS NULL THEN "_s"."3" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."3"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."3"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."3" END ELSE "_s"."3" END , "_s"."4" FROM (SELECT * FROM ( select * from "public"."invoice_lines" WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3", "4")
$> insert into "public"."invoice_lines" ("tenant_id", "id", "invoice_id", "amount") SELECT "_s"."1" , "_s"."2" , CASE WHEN "_s"."3" IS NULL THEN "_s"."3" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."3"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."3"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."3" END ELSE "_s"."3" END , "_s"."4" FROM (SELECT * FROM ( select * from "public"."invoice_lines" WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3", "4")

-- reference 12
UPDATE invoice_lines SET amount = 5, invoice_id = $1 WHERE id = 3
$> update "public"."invoice_lines" set amount = 5, invoice_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT $1 ::pg_catalog."int8" AS "v" OFFSET 0) AS "_v") where "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( id = 3 )

-- reference 13
UPDATE invoice_lines l SET (invoice_id, amount) = (7, 5), id = 4 FROM invoices i WHERE i.id = l.invoice_id
=> update "public"."invoice_lines" l set (invoice_id, amount) = ( (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 7  AS "v" OFFSET 0) AS "_v") , 5), id = 4 from "public"."invoices" i where "l"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "l"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool ELSE true END AND "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.id = l.invoice_id )
$> update "public"."invoice_lines" l set (invoice_id, amount) = ( (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 7  AS "v" OFFSET 0) AS "_v") , 5), id = 4 from "public"."invoices" i where "l"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "l"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool ELSE true END AND "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.id = l.invoice_id )

-- reference 14
UPDATE invoice_lines SET (amount, invoice_id) = (SELECT total, id FROM invoices LIMIT 1)
=> update "public"."invoice_lines" set (amount, invoice_id) = ( SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END FROM (SELECT * FROM ( select total, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 limit 1 ) AS "_s" OFFSET 0) AS "_s"("1", "2") ) WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."invoice_lines" set (amount, invoice_id) = ( SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END FROM (SELECT * FROM ( select total, id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 limit 1 ) AS "_s" OFFSET 0) AS "_s"("1", "2") ) WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- reference 15
UPDATE invoice_lines SET (amount, invoice_id) = (SELECT total, id + 1 FROM invoices WHERE id = 3) WHERE id = 1
=> update "public"."invoice_lines" set (amount, invoice_id) = ( SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END FROM (SELECT * FROM ( select total, id + 1 from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 3 ) ) AS "_s" OFFSET 0) AS "_s"("1", "2") ) where "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 )
$> update "public"."invoice_lines" set (amount, invoice_id) = ( SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_s"."2"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END FROM (SELECT * FROM ( select total, id + 1 from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 3 ) ) AS "_s" OFFSET 0) AS "_s"("1", "2") ) where "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 1 )

-- reference 16
UPDATE invoice_lines SET invoice_id = NULL
=> update "public"."invoice_lines" set invoice_id = null WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."invoice_lines" set invoice_id = null WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- reference 17
INSERT INTO invoice_lines (id, invoice_id) VALUES (1, 2) ON CONFLICT (id, tenant_id) DO UPDATE SET invoice_id = excluded.invoice_id, amount = excluded.id
=> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") , '1'::pg_catalog.int8 ) on conflict (id, tenant_id) do update set invoice_id = excluded.invoice_id, amount = excluded.id WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."invoice_lines" (id, invoice_id , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."invoices" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f15_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") , $1::pg_catalog.int8 ) on conflict (id, tenant_id) do update set invoice_id = excluded.invoice_id, amount = excluded.id WHERE "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- reference 18
INSERT INTO notes (id, reply_to) VALUES (1, NULL) ON CONFLICT (tenant_id, text) DO UPDATE SET reply_to = excluded.id, text = 'x'
=> insert into "public"."notes" (id, reply_to , "tenant_id" ) values (1, null , '1'::pg_catalog.int8 ) on conflict (tenant_id, text) do update set reply_to = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f24_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT excluded.id  AS "v" OFFSET 0) AS "_v") , text = 'x' WHERE "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."notes" (id, reply_to , "tenant_id" ) values (1, null , $1::pg_catalog.int8 ) on conflict (tenant_id, text) do update set reply_to = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."notes" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f24_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT excluded.id  AS "v" OFFSET 0) AS "_v") , text = 'x' WHERE "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- cascade 1
DELETE FROM invoices WHERE id = 5
=> delete from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "_c3" ON true AND "_c3"."reply_to" OPERATOR(pg_catalog.=) "_c2"."id" WHERE ( "_c3"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( id = 5 )
$> delete from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "_c3" ON true AND "_c3"."reply_to" OPERATOR(pg_catalog.=) "_c2"."id" WHERE ( "_c3"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( id = 5 )

-- cascade 2
DELETE FROM invoice_lines l USING invoices i WHERE l.invoice_id = i.id AND 1 / l.amount > 1
=> delete from "public"."invoice_lines" l using (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i where "l"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "l"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."reply_to" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( l.invoice_id = i.id ) AND CASE WHEN "l"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( l.invoice_id = i.id and 1 / l.amount > 1 ) ELSE false END
$> delete from "public"."invoice_lines" l using (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i where "l"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "l"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "l"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."reply_to" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( l.invoice_id = i.id ) AND CASE WHEN "l"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( l.invoice_id = i.id and 1 / l.amount > 1 ) ELSE false END

-- cascade 3: only what the cascade follows
UPDATE invoice_lines SET id = 5 WHERE id = 6
=> update "public"."invoice_lines" set id = 5 where "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "public"."invoice_lines"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool ELSE true END AND ( id = 6 )
$> update "public"."invoice_lines" set id = 5 where "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "public"."invoice_lines"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool ELSE true END AND ( id = 6 )

-- cascade 4
DELETE FROM notes WHERE id = 5
=> delete from "public"."notes" where "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."reply_to" OPERATOR(pg_catalog.=) "public"."notes"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( id = 5 )
$> delete from "public"."notes" where "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."reply_to" OPERATOR(pg_catalog.=) "public"."notes"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( id = 5 )

-- cascade 5: no name of a guard is the user's alias
DELETE FROM invoices AS "_c1" WHERE id = 5
=> delete from "public"."invoices" as "_c1" where "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "c0" JOIN "public"."invoice_lines" AS "c1" ON true AND "c1"."invoice_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "c0" JOIN "public"."invoice_lines" AS "c1" ON true AND "c1"."invoice_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "c2" ON true AND "c2"."line_id" OPERATOR(pg_catalog.=) "c1"."id" WHERE ( "c2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "c0" JOIN "public"."invoice_lines" AS "c1" ON true AND "c1"."invoice_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "c2" ON true AND "c2"."line_id" OPERATOR(pg_catalog.=) "c1"."id" JOIN "public"."notes" AS "c3" ON true AND "c3"."reply_to" OPERATOR(pg_catalog.=) "c2"."id" WHERE ( "c3"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( id = 5 )
$> delete from "public"."invoices" as "_c1" where "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "c0" JOIN "public"."invoice_lines" AS "c1" ON true AND "c1"."invoice_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "c0" JOIN "public"."invoice_lines" AS "c1" ON true AND "c1"."invoice_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "c2" ON true AND "c2"."line_id" OPERATOR(pg_catalog.=) "c1"."id" WHERE ( "c2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "c0" JOIN "public"."invoice_lines" AS "c1" ON true AND "c1"."invoice_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "c2" ON true AND "c2"."line_id" OPERATOR(pg_catalog.=) "c1"."id" JOIN "public"."notes" AS "c3" ON true AND "c3"."reply_to" OPERATOR(pg_catalog.=) "c2"."id" WHERE ( "c3"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( id = 5 )

-- a key of all tenants that cascades, and a condition
INSERT INTO invoice_lines (id, amount) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET id = 7 WHERE invoice_lines.amount > 0 RETURNING id
=> insert into "public"."invoice_lines" (id, amount , "tenant_id" ) values (1, 2 , '1'::pg_catalog.int8 ) on conflict (id) do update set id = 7 where CASE WHEN "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( CASE WHEN ( "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "public"."invoice_lines"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool ELSE true END AND ( invoice_lines.amount > 0 ) ) ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u15_0')::pg_catalog.bool END returning id
$> insert into "public"."invoice_lines" (id, amount , "tenant_id" ) values (1, 2 , $1::pg_catalog.int8 ) on conflict (id) do update set id = 7 where CASE WHEN "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( CASE WHEN ( "public"."invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."notes" AS "_c1" ON true AND "_c1"."line_id" OPERATOR(pg_catalog.=) "public"."invoice_lines"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool ELSE true END AND ( invoice_lines.amount > 0 ) ) ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u15_0')::pg_catalog.bool END returning id

-- conflict 1: on a key that others' rows may have
INSERT INTO notes (id, text) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET text = excluded.text WHERE notes.code = 'x' RETURNING *
=> insert into "public"."notes" (id, text , "tenant_id" ) values (1, 'a' , '1'::pg_catalog.int8 ) on conflict (id) do update set text = excluded.text where CASE WHEN "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( notes.code = 'x' ) ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u24_0')::pg_catalog.bool END returning *
$> insert into "public"."notes" (id, text , "tenant_id" ) values (1, 'a' , $1::pg_catalog.int8 ) on conflict (id) do update set text = excluded.text where CASE WHEN "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( notes.code = 'x' ) ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u24_0')::pg_catalog.bool END returning *

-- conflict 2
INSERT INTO notes AS n (id, text) VALUES (1, 'a') ON CONFLICT ON CONSTRAINT notes_pkey DO UPDATE SET text = n.text || excluded.text
=> insert into "public"."notes" as n(id, text , "tenant_id" ) values (1, 'a' , '1'::pg_catalog.int8 ) on conflict on constraint notes_pkey do update set text = n.text || excluded.text WHERE CASE WHEN "n"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN true ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u24_0')::pg_catalog.bool END
$> insert into "public"."notes" as n(id, text , "tenant_id" ) values (1, 'a' , $1::pg_catalog.int8 ) on conflict on constraint notes_pkey do update set text = n.text || excluded.text WHERE CASE WHEN "n"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN true ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u24_0')::pg_catalog.bool END

-- conflict 3: an update that never happens tells whose the row is
INSERT INTO notes (id, text) VALUES (1, 'a') ON CONFLICT (id) DO NOTHING RETURNING id
=> insert into "public"."notes" (id, text , "tenant_id" ) values (1, 'a' , '1'::pg_catalog.int8 ) on conflict (id) DO UPDATE SET "tenant_id" = "public"."notes"."tenant_id" WHERE CASE WHEN "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN false ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u24_0')::pg_catalog.bool END returning id
$> insert into "public"."notes" (id, text , "tenant_id" ) values (1, 'a' , $1::pg_catalog.int8 ) on conflict (id) DO UPDATE SET "tenant_id" = "public"."notes"."tenant_id" WHERE CASE WHEN "public"."notes"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN false ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u24_0')::pg_catalog.bool END returning id

-- conflict 4: which of two keys it is on cannot be told
INSERT INTO notes (id, text) VALUES (1, 'a') ON CONFLICT DO NOTHING
!! 0A000 construct this ON CONFLICT on "notes" is not supported through pgmoat

-- conflict 5: no such key
INSERT INTO notes (id, text) VALUES (1, 'a') ON CONFLICT (code) DO NOTHING
!! 0A000 construct this ON CONFLICT on "notes" is not supported through pgmoat

-- update through a view
UPDATE open_invoices SET number = 'n' WHERE id = 3
=> update "public"."invoices" AS "open_invoices" set number = 'n' where "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( "open_invoices"."status" = 'open' :: text ) AND ( id = 3 )
$> update "public"."invoices" AS "open_invoices" set number = 'n' where "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( "open_invoices"."status" = 'open' :: text ) AND ( id = 3 )

-- update through a view, with an alias, a failing condition and all of its columns
UPDATE open_invoices AS o SET number = 'n' WHERE 1 / o.id > 0 RETURNING *
=> update "public"."invoices" as o set number = 'n' where "o"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( "o"."status" = 'open' :: text ) AND CASE WHEN "o"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( 1 / o.id > 0 ) ELSE false END returning "o"."tenant_id", "o"."id", "o"."number"
$> update "public"."invoices" as o set number = 'n' where "o"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( "o"."status" = 'open' :: text ) AND CASE WHEN "o"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( 1 / o.id > 0 ) ELSE false END returning "o"."tenant_id", "o"."id", "o"."number"

-- delete through a view
DELETE FROM open_invoices WHERE number = 'n' RETURNING id, open_invoices.number
=> delete from "public"."invoices" AS "open_invoices" where "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "_c3" ON true AND "_c3"."reply_to" OPERATOR(pg_catalog.=) "_c2"."id" WHERE ( "_c3"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( "open_invoices"."status" = 'open' :: text ) AND ( number = 'n' ) returning id, open_invoices.number
$> delete from "public"."invoices" AS "open_invoices" where "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "_c3" ON true AND "_c3"."reply_to" OPERATOR(pg_catalog.=) "_c2"."id" WHERE ( "_c3"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( "open_invoices"."status" = 'open' :: text ) AND ( number = 'n' ) returning id, open_invoices.number

-- through a view, a parameter
UPDATE open_invoices SET number = $1 WHERE id = $2
$> update "public"."invoices" AS "open_invoices" set number = $1 where "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND ( "open_invoices"."status" = 'open' :: text ) AND ( id = $2 )

-- through a view, another tenant's value
UPDATE open_invoices SET tenant_id = 2
!! 42501 tenant_column the tenant column of relation "invoices" must hold the own tenant's value

-- through a view, a column that only the table has
UPDATE open_invoices SET number = 'n' WHERE status = 'paid'
!! 42703 construct column "status" does not exist

-- through a view, a column that only the table has is assigned
UPDATE open_invoices SET status = 'paid'
!! 42703 construct column "status" does not exist

-- through a view, a column that only the table has, quoted
DELETE FROM open_invoices RETURNING open_invoices."status"
!! 42703 construct column open_invoices.status does not exist

-- through a view, a column that only the table has, in a sub-select
UPDATE open_invoices SET number = (SELECT status FROM meters LIMIT 1)
!! 0A000 construct the name of a column that the table has and its view has not, beside a write to the view is not supported through pgmoat

-- through a view, a system column
DELETE FROM open_invoices RETURNING ctid
!! 42703 construct column "ctid" does not exist

-- through a view, the whole row
UPDATE open_invoices SET number = 'n' RETURNING open_invoices
!! 0A000 construct the whole row of a view that is written to is not supported through pgmoat

-- through a view, the whole row by its star
UPDATE open_invoices v SET number = 'n' RETURNING v.*
!! 0A000 construct the whole row of a view that is written to is not supported through pgmoat

-- through a view, the view read beside
UPDATE open_invoices SET number = o.number FROM open_invoices o WHERE o.id = open_invoices.id
!! 0A000 construct the whole row of a view that is written to is not supported through pgmoat

-- through a view, another table beside
UPDATE open_invoices SET number = m.serial FROM meters m WHERE m.id = open_invoices.id RETURNING number
=> update "public"."invoices" AS "open_invoices" set number = m.serial from "public"."meters" m where "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( "open_invoices"."status" = 'open' :: text ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = open_invoices.id ) returning number
$> update "public"."invoices" AS "open_invoices" set number = m.serial from "public"."meters" m where "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( "open_invoices"."status" = 'open' :: text ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = open_invoices.id ) returning number

-- through a view, everything of several relations
UPDATE open_invoices SET number = m.serial FROM meters m WHERE m.id = open_invoices.id RETURNING *
!! 0A000 construct RETURNING * of a view and other relations is not supported through pgmoat

-- through a view, ONLY
DELETE FROM ONLY open_invoices
!! 0A000 construct writing through view "open_invoices" is not supported through pgmoat: ONLY or * beside its name

-- through a view, in a CTE
WITH x AS (DELETE FROM open_invoices RETURNING *) SELECT number FROM x
=> with x as (delete from "public"."invoices" AS "open_invoices" WHERE "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "_c3" ON true AND "_c3"."reply_to" OPERATOR(pg_catalog.=) "_c2"."id" WHERE ( "_c3"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( "open_invoices"."status" = 'open' :: text ) returning "open_invoices"."tenant_id", "open_invoices"."id", "open_invoices"."number" ) select number from x
$> with x as (delete from "public"."invoices" AS "open_invoices" WHERE "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "open_invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "open_invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "_c3" ON true AND "_c3"."reply_to" OPERATOR(pg_catalog.=) "_c2"."id" WHERE ( "_c3"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( "open_invoices"."status" = 'open' :: text ) returning "open_invoices"."tenant_id", "open_invoices"."id", "open_invoices"."number" ) select number from x

-- insert through a view
INSERT INTO open_invoices (id, number) VALUES (1, 'n')
=> insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) values (1, 'n' , '1'::pg_catalog.int8 )
$> insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) values (1, 'n' , $1::pg_catalog.int8 )

-- merge through a view
MERGE INTO open_invoices o USING meters m ON m.id = o.id WHEN MATCHED THEN DELETE
!! 0A000 construct cannot execute MERGE on relation "open_invoices"

-- through a view: its own columns, in its order
INSERT INTO open_invoices VALUES (1, 7, 'n')
=> insert into "public"."invoices" AS "open_invoices" ("tenant_id", "id", "number") values ( '1'::pg_catalog.int8 , 7, 'n')
$> insert into "public"."invoices" AS "open_invoices" ("tenant_id", "id", "number") values ( $1::pg_catalog.int8 , 7, 'n')

-- through a view: fewer
INSERT INTO open_invoices VALUES (1, 7), (1, 8)
=> insert into "public"."invoices" AS "open_invoices" ("tenant_id", "id") values ( '1'::pg_catalog.int8 , 7), ( '1'::pg_catalog.int8 , 8)
$> insert into "public"."invoices" AS "open_invoices" ("tenant_id", "id") values ( $1::pg_catalog.int8 , 7), ( $1::pg_catalog.int8 , 8)

-- through a view: more
INSERT INTO open_invoices VALUES (1, 7, 'n', 5)
!! 42601 syntax INSERT has more expressions than target columns

-- through a view: a column that it has not
INSERT INTO open_invoices (id, property_id) VALUES (1, 11)
!! 42703 syntax column "property_id" of relation "open_invoices" does not exist

-- through a view: the tenant column stamped
INSERT INTO open_invoices AS o (id, number) VALUES (1, $1) RETURNING o.id, number
$> insert into "public"."invoices" as o(id, number , "tenant_id" ) values (1, $1 , $2::pg_catalog.int8 ) returning o.id, number

-- through a view: another tenant
INSERT INTO open_invoices (id, tenant_id) VALUES (1, 2)
!! 42501 tenant_column the tenant column of relation "invoices" must hold the own tenant's value

-- through a view: what it shows
INSERT INTO open_invoices (id, number) VALUES (1, 'n') RETURNING *
=> insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) values (1, 'n' , '1'::pg_catalog.int8 ) returning "open_invoices"."tenant_id", "open_invoices"."id", "open_invoices"."number"
$> insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) values (1, 'n' , $1::pg_catalog.int8 ) returning "open_invoices"."tenant_id", "open_invoices"."id", "open_invoices"."number"

-- through a view: what it hides
INSERT INTO open_invoices (id, number) VALUES (1, 'n') RETURNING status
!! 42703 construct column "status" does not exist

-- through a view: the row of its table
INSERT INTO open_invoices (id, number) VALUES (1, 'n') RETURNING open_invoices
!! 0A000 construct the whole row of a view that is written to is not supported through pgmoat

-- through a view: from a query that names what it hides
INSERT INTO open_invoices (id, number) SELECT id, status FROM invoices WHERE total > 5
=> insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) select id, status , '1'::pg_catalog.int8 from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( total > 5 )
$> insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) select id, status , $1::pg_catalog.int8 from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( total > 5 )

-- through a view: defaults
INSERT INTO open_invoices DEFAULT VALUES RETURNING id
=> insert into "public"."invoices" AS "open_invoices" ("tenant_id") VALUES ( '1'::pg_catalog.int8 ) returning id
$> insert into "public"."invoices" AS "open_invoices" ("tenant_id") VALUES ( $1::pg_catalog.int8 ) returning id

-- through a view: in a CTE
WITH x AS (INSERT INTO open_invoices (id, number) VALUES (1, 'n') RETURNING *) SELECT x.number, i.status FROM x JOIN invoices i USING (id)
=> with x as (insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) values (1, 'n' , '1'::pg_catalog.int8 ) returning "open_invoices"."tenant_id", "open_invoices"."id", "open_invoices"."number" ) select x.number, i.status from x join "public"."invoices" i using (id) WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> with x as (insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) values (1, 'n' , $1::pg_catalog.int8 ) returning "open_invoices"."tenant_id", "open_invoices"."id", "open_invoices"."number" ) select x.number, i.status from x join "public"."invoices" i using (id) WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- through a view: conflict
INSERT INTO open_invoices AS o (id, number) VALUES (1, 'n') ON CONFLICT (tenant_id, id) DO UPDATE SET number = excluded.number || o.number WHERE excluded.id > 5 RETURNING *
=> insert into "public"."invoices" as o(id, number , "tenant_id" ) values (1, 'n' , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) do update set number = excluded.number || o.number where "o"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( excluded.id > 5 ) returning "o"."tenant_id", "o"."id", "o"."number"
$> insert into "public"."invoices" as o(id, number , "tenant_id" ) values (1, 'n' , $1::pg_catalog.int8 ) on conflict (tenant_id, id) do update set number = excluded.number || o.number where "o"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( excluded.id > 5 ) returning "o"."tenant_id", "o"."id", "o"."number"

-- through a view: conflict, nothing
INSERT INTO open_invoices (id, number) VALUES (1, 'n') ON CONFLICT DO NOTHING
=> insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) values (1, 'n' , '1'::pg_catalog.int8 ) on conflict do nothing
$> insert into "public"."invoices" AS "open_invoices" (id, number , "tenant_id" ) values (1, 'n' , $1::pg_catalog.int8 ) on conflict do nothing

-- through a view: conflict on what it hides
INSERT INTO open_invoices (id, number) VALUES (1, 'n') ON CONFLICT (tenant_id, id) DO UPDATE SET number = excluded.status
!! 42703 construct column excluded.status does not exist

-- through a view: conflict that sets what it hides
INSERT INTO open_invoices (id, number) VALUES (1, 'n') ON CONFLICT (tenant_id, id) DO UPDATE SET status = 'x'
!! 42703 construct column "status" does not exist

-- through a view: conflict with the row of its table
INSERT INTO open_invoices (id, number) VALUES (1, 'n') ON CONFLICT (tenant_id, id) DO UPDATE SET number = excluded::text
!! 0A000 construct the whole row of a view that is written to is not supported through pgmoat

-- through a view: conflict on a constraint
INSERT INTO open_invoices (id, number) VALUES (1, 'n') ON CONFLICT ON CONSTRAINT invoices_pkey DO NOTHING
!! 42704 construct constraint "invoices_pkey" of a table in a write to its view does not exist

-- through a view: explained
EXPLAIN (REWRITE) INSERT INTO open_invoices (id, number) VALUES (1, 'n')
!! 0A000 construct EXPLAIN (REWRITE) of a write through a view is not supported through pgmoat

-- a key of several columns
INSERT INTO devices (id, rack_row, rack_slot, name) VALUES (1, 11, 2, 'x'), (2, $1, $2, 'y')
$> insert into "public"."devices" (id, rack_row, rack_slot, name , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( 2 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( 2 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( 2 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 11  AS "v" OFFSET 0) AS "_v") , (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( 11 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( 11 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( 11 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") , 'x' , $3::pg_catalog.int8 ), (2, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( $2 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( $2 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( $2 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT $1 ::pg_catalog."int4" AS "v" OFFSET 0) AS "_v") , (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( $1 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( $1 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( $1 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT $2 ::pg_catalog."int4" AS "v" OFFSET 0) AS "_v") , 'y' , $3::pg_catalog.int8 )

-- a key of several columns: one is not given
INSERT INTO devices (id, rack_row) VALUES (1, 11)
=> insert into "public"."devices" (id, rack_row , "tenant_id" ) values (1, 11 , '1'::pg_catalog.int8 )
$> insert into "public"."devices" (id, rack_row , "tenant_id" ) values (1, 11 , $1::pg_catalog.int8 )

-- a key of several columns: one is NULL
INSERT INTO devices (id, rack_row, rack_slot) VALUES (1, 11, NULL), (2, NULL, 1)
=> insert into "public"."devices" (id, rack_row, rack_slot , "tenant_id" ) values (1, 11, null , '1'::pg_catalog.int8 ), (2, null, 1 , '1'::pg_catalog.int8 )
$> insert into "public"."devices" (id, rack_row, rack_slot , "tenant_id" ) values (1, 11, null , $1::pg_catalog.int8 ), (2, null, 1 , $1::pg_catalog.int8 )

-- a key of several columns: computed
INSERT INTO devices (id, rack_row, rack_slot) VALUES (1, 11, 1 + 1)
!! 0A000 construct writing column "rack_row" of "devices" is not supported through pgmoat

-- a key of several columns: the default
INSERT INTO devices (id, rack_row, rack_slot) VALUES (1, 11, DEFAULT)
!! 0A000 construct writing column "rack_row" of "devices" is not supported through pgmoat

-- a key of several columns: from a query
INSERT INTO devices (id, rack_row, rack_slot) SELECT slot, row + 1, slot FROM racks
=> insert into "public"."devices" (id, rack_row, rack_slot , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN ( "_s"."3" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."3" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."3" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , CASE WHEN "_s"."3" IS NULL THEN "_s"."3" WHEN ( "_s"."2" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."3"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."3"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."3" END ELSE "_s"."3" END , '1'::pg_catalog.int8 FROM (SELECT * FROM ( select slot, row + 1, slot from "public"."racks" WHERE "public"."racks"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")
$> insert into "public"."devices" (id, rack_row, rack_slot , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN ( "_s"."3" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."3" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."3" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , CASE WHEN "_s"."3" IS NULL THEN "_s"."3" WHEN ( "_s"."2" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."3"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."3"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."3" END ELSE "_s"."3" END , $1::pg_catalog.int8 FROM (SELECT * FROM ( select slot, row + 1, slot from "public"."racks" WHERE "public"."racks"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")

-- a key of several columns: from a query, of its columns
INSERT INTO devices (id, rack_row, rack_slot) SELECT slot, row, slot FROM racks
=> insert into "public"."devices" (id, rack_row, rack_slot , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN ( "_s"."3" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."3" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."3" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , CASE WHEN "_s"."3" IS NULL THEN "_s"."3" WHEN ( "_s"."2" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."3"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."3"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."3" END ELSE "_s"."3" END , '1'::pg_catalog.int8 FROM (SELECT * FROM ( select slot, row, slot from "public"."racks" WHERE "public"."racks"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")
$> insert into "public"."devices" (id, rack_row, rack_slot , "tenant_id" ) SELECT "_s"."1" , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN ( "_s"."3" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."3" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."3" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END , CASE WHEN "_s"."3" IS NULL THEN "_s"."3" WHEN ( "_s"."2" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."3"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."3"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."3" END ELSE "_s"."3" END , $1::pg_catalog.int8 FROM (SELECT * FROM ( select slot, row, slot from "public"."racks" WHERE "public"."racks"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")

-- a key of several columns: from a query, one of them
INSERT INTO devices (id, rack_row) SELECT slot, row FROM racks
=> insert into "public"."devices" (id, rack_row , "tenant_id" ) select slot, row , '1'::pg_catalog.int8 from "public"."racks" WHERE "public"."racks"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."devices" (id, rack_row , "tenant_id" ) select slot, row , $1::pg_catalog.int8 from "public"."racks" WHERE "public"."racks"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a key of several columns: changed
UPDATE devices SET rack_row = rack_row + 10
=> update "public"."devices" set rack_row = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( "public"."devices"."rack_slot" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "public"."devices"."rack_slot" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "public"."devices"."rack_slot" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT rack_row + 10  AS "v" OFFSET 0) AS "_v") WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."devices" set rack_row = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( "public"."devices"."rack_slot" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "public"."devices"."rack_slot" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "public"."devices"."rack_slot" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT rack_row + 10  AS "v" OFFSET 0) AS "_v") WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a key of several columns: changed together
UPDATE devices d SET rack_row = 12, rack_slot = $1 WHERE id = 1
$> update "public"."devices" d set rack_row = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( $1 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( $1 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( $1 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 12  AS "v" OFFSET 0) AS "_v") , rack_slot = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( 12 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( 12 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( 12 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT $1 ::pg_catalog."int4" AS "v" OFFSET 0) AS "_v") where "d"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( id = 1 )

-- a key of several columns: one to NULL
UPDATE devices SET rack_row = NULL, rack_slot = 5
=> update "public"."devices" set rack_row = null, rack_slot = 5 WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."devices" set rack_row = null, rack_slot = 5 WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a key of several columns: computed together
UPDATE devices SET rack_row = rack_row + 1, rack_slot = rack_slot + 1
!! 0A000 construct writing column "rack_row" of "devices" is not supported through pgmoat

-- a key of several columns: a row
UPDATE devices SET (rack_row, rack_slot) = (SELECT row, slot FROM racks LIMIT 1)
=> update "public"."devices" set (rack_row, rack_slot) = ( SELECT CASE WHEN "_s"."1" IS NULL THEN "_s"."1" WHEN ( "_s"."2" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."1"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."1"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."1" END ELSE "_s"."1" END , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN ( "_s"."1" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."1" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."1" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END FROM (SELECT * FROM ( select row, slot from "public"."racks" WHERE "public"."racks"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 limit 1 ) AS "_s" OFFSET 0) AS "_s"("1", "2") ) WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."devices" set (rack_row, rack_slot) = ( SELECT CASE WHEN "_s"."1" IS NULL THEN "_s"."1" WHEN ( "_s"."2" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."1"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_s"."1"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "_s"."2" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."1" END ELSE "_s"."1" END , CASE WHEN "_s"."2" IS NULL THEN "_s"."2" WHEN ( "_s"."1" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."1" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_s"."2"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "_s"."1" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_s"."2" END ELSE "_s"."2" END FROM (SELECT * FROM ( select row, slot from "public"."racks" WHERE "public"."racks"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 limit 1 ) AS "_s" OFFSET 0) AS "_s"("1", "2") ) WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a key of several columns: one of a row
UPDATE devices SET (rack_row, name) = (SELECT row, label FROM racks LIMIT 1)
!! 0A000 construct writing column "rack_row" of "devices" is not supported through pgmoat

-- a key of several columns: a conflict
INSERT INTO devices (id, rack_row, rack_slot) VALUES (1, 11, 1) ON CONFLICT (tenant_id, id) DO UPDATE SET rack_row = excluded.rack_row
=> insert into "public"."devices" (id, rack_row, rack_slot , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( 1 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( 1 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( 1 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 11  AS "v" OFFSET 0) AS "_v") , (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( 11 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( 11 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( 11 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 1  AS "v" OFFSET 0) AS "_v") , '1'::pg_catalog.int8 ) on conflict (tenant_id, id) do update set rack_row = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( "public"."devices"."rack_slot" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "public"."devices"."rack_slot" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "public"."devices"."rack_slot" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT excluded.rack_row  AS "v" OFFSET 0) AS "_v") WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."devices" (id, rack_row, rack_slot , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( 1 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( 1 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( 1 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 11  AS "v" OFFSET 0) AS "_v") , (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( 11 )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( 11 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( 11 )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 1  AS "v" OFFSET 0) AS "_v") , $1::pg_catalog.int8 ) on conflict (tenant_id, id) do update set rack_row = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( "public"."devices"."rack_slot" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "public"."devices"."rack_slot" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( "public"."devices"."rack_slot" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT excluded.rack_row  AS "v" OFFSET 0) AS "_v") WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a key of several columns: merged
MERGE INTO devices d USING racks r ON d.rack_row = r.row WHEN MATCHED THEN UPDATE SET rack_slot = r.slot WHEN NOT MATCHED THEN INSERT (id, rack_row, rack_slot) VALUES (1, r.row, r.slot)
=> merge into "public"."devices" d using (SELECT * FROM "public"."racks" AS "r" WHERE "r"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) r on "d"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( d.rack_row = r.row ) when matched then update set rack_slot = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( "d"."rack_row" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "d"."rack_row" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "d"."rack_row" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT r.slot  AS "v" OFFSET 0) AS "_v") when not matched then insert (id, rack_row, rack_slot , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( r.slot )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( r.slot )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( r.slot )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT r.row  AS "v" OFFSET 0) AS "_v") , (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( r.row )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( r.row )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( r.row )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT r.slot  AS "v" OFFSET 0) AS "_v") , '1'::pg_catalog.int8 )
$> merge into "public"."devices" d using (SELECT * FROM "public"."racks" AS "r" WHERE "r"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) r on "d"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( d.rack_row = r.row ) when matched then update set rack_slot = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( "d"."rack_row" )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "d"."rack_row" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( "d"."rack_row" )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT r.slot  AS "v" OFFSET 0) AS "_v") when not matched then insert (id, rack_row, rack_slot , "tenant_id" ) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( r.slot )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( r.slot )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."row" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."slot" OPERATOR(pg_catalog.=) ( r.slot )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT r.row  AS "v" OFFSET 0) AS "_v") , (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN ( r.row )::int4 IS NOT NULL AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( r.row )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 FOR KEY SHARE) AND NOT EXISTS ( SELECT FROM ONLY "public"."racks" AS "_p" WHERE "_p"."slot" OPERATOR(pg_catalog.=) "_v"."v"::int4 AND "_p"."row" OPERATOR(pg_catalog.=) ( r.row )::int4 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "_p".xmax OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f26_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT r.slot  AS "v" OFFSET 0) AS "_v") , $1::pg_catalog.int8 )

-- a key of several columns: our aliases
UPDATE devices _p SET rack_row = 12
!! 0A000 construct writing column "rack_row" of "devices" is not supported through pgmoat

-- a key of several columns: copied
COPY devices FROM STDIN
!! 0A000 construct COPY to column "rack_row", which refers to "racks", is not supported

-- a key of several columns: other columns
UPDATE devices SET name = 'x'
=> update "public"."devices" set name = 'x' WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."devices" set name = 'x' WHERE "public"."devices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a pattern that is a parameter is looked at when it is bound
UPDATE meters SET kind = 'x' WHERE serial LIKE $1
$> update "public"."meters" set kind = 'x' where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 THEN ( serial like $1 ) ELSE false END

-- a pattern in lower case
DELETE FROM meters WHERE lower(serial) LIKE lower($1) ESCAPE '\'
$> delete from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 THEN ( lower(serial) like lower($1) escape E'\\' ) ELSE false END

-- a pattern between others
DELETE FROM meters WHERE serial ILIKE '%' || $1 || '%'
$> delete from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 THEN ( serial ilike '%' || $1 || '%' ) ELSE false END

-- a pattern in which nothing is escaped
DELETE FROM meters WHERE serial LIKE $1 || kind ESCAPE ''
$> delete from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 THEN ( serial like $1 || kind escape '' ) ELSE false END

-- a pattern that something else decides the type of
DELETE FROM meters WHERE kind = $1 AND serial LIKE $1
!! 0A000 construct LIKE with this pattern in UPDATE, DELETE, MERGE or ON CONFLICT is not supported through pgmoat

-- a pattern that may end anywhere
DELETE FROM meters WHERE serial LIKE '%' || $1
!! 0A000 construct LIKE with this pattern in UPDATE, DELETE, MERGE or ON CONFLICT is not supported through pgmoat

-- a pattern with an escape of its own
DELETE FROM meters WHERE serial LIKE $1 ESCAPE '!'
!! 0A000 construct LIKE with this pattern in UPDATE, DELETE, MERGE or ON CONFLICT is not supported through pgmoat

-- a pattern that is cut
DELETE FROM meters WHERE serial LIKE $1::varchar(3)
!! 0A000 construct LIKE with this pattern in UPDATE, DELETE, MERGE or ON CONFLICT is not supported through pgmoat

-- a pattern that is a parameter, beside a lock
SELECT id FROM meters WHERE serial ILIKE $1 FOR UPDATE SKIP LOCKED
$> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND CASE WHEN "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 THEN ( serial ilike $1 ) ELSE false END for update skip locked

-- a pattern that may end anywhere, beside a lock
SELECT id FROM meters WHERE serial ILIKE '%' || $1 FOR UPDATE
!! 0A000 construct LIKE with this pattern beside FOR UPDATE or its like is not supported through pgmoat

-- NULL for the tenant column is PostgreSQL's to refuse
INSERT INTO properties (tenant_id, name) VALUES (NULL, 'a'), (CAST(NULL AS bigint), 'b')
=> insert into "public"."properties" (tenant_id, name) values (null, 'a'), (cast (null as bigint), 'b')

--
UPDATE properties SET tenant_id = NULL
=> update "public"."properties" set tenant_id = null WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> update "public"."properties" set tenant_id = null WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- rows of arrays, the tenant column among them
INSERT INTO meters (id, tenant_id, property_id, serial) SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::text[])
$> insert into "public"."meters" (id, tenant_id, property_id, serial) SELECT "_s"."1" , CASE WHEN pg_catalog.replace((( "_s"."2" ) OPERATOR(pg_catalog.=) $5::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $5::pg_catalog.int8 END , "_s"."3" , "_s"."4" FROM (SELECT * FROM ( select * from unnest($1::int8[], $2::int8[], $3::int8[], $4::text[]) ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3", "4")

-- rows of VALUES, the tenant column among them
INSERT INTO meters (id, tenant_id, serial) SELECT v.* FROM (VALUES (1, 1, 'a'), (2, 2, 'b')) v WHERE NOT EXISTS (SELECT FROM meters m WHERE m.id = v.column1)
=> insert into "public"."meters" (id, tenant_id, serial) SELECT "_s"."1" , CASE WHEN pg_catalog.replace((( "_s"."2" ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END , "_s"."3" FROM (SELECT * FROM ( select v.* from (values (1, 1, 'a'), (2, 2, 'b')) v where not exists (select from "public"."meters" m where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.id = v.column1 ) ) ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")
$> insert into "public"."meters" (id, tenant_id, serial) SELECT "_s"."1" , CASE WHEN pg_catalog.replace((( "_s"."2" ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END , "_s"."3" FROM (SELECT * FROM ( select v.* from (values (1, 1, 'a'), (2, 2, 'b')) v where not exists (select from "public"."meters" m where "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.id = v.column1 ) ) ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")

-- rows of a document
INSERT INTO meters (id, property_id, serial) SELECT * FROM json_to_recordset($1::json) AS x(id int8, property_id int8, serial text)
$> insert into "public"."meters" (id, property_id, serial , "tenant_id" ) select * , $2::pg_catalog.int8 from json_to_recordset($1::json) as x(id int8, property_id int8, serial text)

-- rows of two queries
INSERT INTO meters (id, tenant_id, serial) SELECT * FROM (VALUES (1, 1, 'a')) v UNION ALL SELECT 2, 1, 'b'
=> insert into "public"."meters" (id, tenant_id, serial) SELECT "_s"."1" , CASE WHEN pg_catalog.replace((( "_s"."2" ) OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN '1'::pg_catalog.int8 END , "_s"."3" FROM (SELECT * FROM ( select * from (values (1, 1, 'a')) v union all select 2, 1, 'b' ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")
$> insert into "public"."meters" (id, tenant_id, serial) SELECT "_s"."1" , CASE WHEN pg_catalog.replace((( "_s"."2" ) OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )::pg_catalog.text, 'false', pg_catalog.concat('pgmoat_00000000000000000000000000000000_t12_0'))::pg_catalog.bool THEN $1::pg_catalog.int8 END , "_s"."3" FROM (SELECT * FROM ( select * from (values (1, 1, 'a')) v union all select 2, 1, 'b' ) AS "_s" OFFSET 0) AS "_s"("1", "2", "3")

-- rows of arrays of which some are of rows
INSERT INTO meters (id, tenant_id, serial) SELECT * FROM unnest($1::meters[], $2::int8[])
!! 42501 type permission denied for type meters

-- what a sub-select yields that locks rows may be another value each time: it is not looked at beside a key's other column
UPDATE devices SET rack_row = s.r, rack_slot = s.s FROM (SELECT (SELECT id FROM meters ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) AS r, 1 AS s) AS s
!! 0A000 construct writing column "rack_row" of "devices" is not supported through pgmoat
