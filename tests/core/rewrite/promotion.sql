-- Literals of a condition
SELECT id, total FROM invoices WHERE id = 17 AND status = 'open' AND total > 10.50
=> select id, total from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 17 and status = 'open' and total > 10.50 )
$> select id, total from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 17 and status = 'open' and total > 10.50 )
p> select id, total from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $4::pg_catalog.int8 AND ( id = $1 and status = $2 and total > $3 ) | [23, 0, 1700, 20] | ["17", "open", "10.50"]

-- A number too long for four bytes, and for eight
SELECT id FROM invoices WHERE id = 9000000000 OR total = 99999999999999999999
=> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 9000000000 or total = 99999999999999999999 )
$> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 9000000000 or total = 99999999999999999999 )
p> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND ( id = $1 or total = $2 ) | [20, 1700, 20] | ["9000000000", "99999999999999999999"]

-- Between, lists, brackets, NOT
SELECT id FROM meters WHERE NOT (id BETWEEN 5 AND 9 OR serial IN ('a', 'b')) AND 3 < id
=> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( not (id between 5 and 9 or serial in ('a', 'b')) and 3 < id )
$> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( not (id between 5 and 9 or serial in ('a', 'b')) and 3 < id )
p> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $6::pg_catalog.int8 AND ( not (id between $1 and $2 or serial in ($3, $4)) and $5 < id ) | [23, 23, 0, 0, 23, 20] | ["5", "9", "a", "b", "3"]

-- A long list stays
SELECT id FROM meters WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9)
=> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id in (1, 2, 3, 4, 5, 6, 7, 8, 9) )
$> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id in (1, 2, 3, 4, 5, 6, 7, 8, 9) )
p> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id in (1, 2, 3, 4, 5, 6, 7, 8, 9) ) | [20] | []

-- Patterns, limits, select lists, functions and casts stay
SELECT id, 7 FROM meters WHERE serial LIKE 'a%' AND length(serial) = 4 AND id = '5'::bigint LIMIT 21
=> select id, 7 from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( serial like 'a%' and length(serial) = 4 and id = '5'::bigint ) limit 21
$> select id, 7 from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( serial like 'a%' and length(serial) = 4 and id = '5'::bigint ) limit 21
p> select id, 7 from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( serial like 'a%' and length(serial) = 4 and id = '5'::bigint ) limit 21 | [20] | []

-- GROUP BY and HAVING stay
SELECT kind = 'water', count(*) FROM meters WHERE id > 3 GROUP BY kind = 'water' HAVING count(*) > 2
=> select kind = 'water', count(*) from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id > 3 ) group by kind = 'water' having count(*) > 2
$> select kind = 'water', count(*) from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id > 3 ) group by kind = 'water' having count(*) > 2
p> select kind = 'water', count(*) from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( id > $1 ) group by kind = 'water' having count(*) > 2 | [23, 20] | ["3"]

-- Assignments
UPDATE meters SET serial = 'x', kind = upper('y') WHERE id = 4
=> update "public"."meters" set serial = 'x', kind = upper('y') where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 4 )
$> update "public"."meters" set serial = 'x', kind = upper('y') where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 4 )
p> update "public"."meters" set serial = $1, kind = upper('y') where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND ( id = $2 ) | [0, 23, 20] | ["x", "4"]

-- Sums, with a sign
UPDATE invoices SET total = total + -5 WHERE id = 4
=> update "public"."invoices" set total = total + - 5 where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 4 )
$> update "public"."invoices" set total = total + - 5 where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 4 )
p> update "public"."invoices" set total = total + - $1 where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND ( id = $2 ) | [23, 23, 20] | ["5", "4"]

-- The lowest integer
SELECT id FROM meters WHERE id = -2147483648
=> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = - 2147483648 )
$> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = - 2147483648 )
p> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = - 2147483648 ) | [20] | []

-- Cells
INSERT INTO meters (id, serial, kind) VALUES (1, 'a', lower('B')), (2, NULL, DEFAULT)
=> insert into "public"."meters" (id, serial, kind , "tenant_id" ) values (1, 'a', lower('B') , '1'::pg_catalog.int8 ), (2, null, default , '1'::pg_catalog.int8 )
$> insert into "public"."meters" (id, serial, kind , "tenant_id" ) values (1, 'a', lower('B') , $1::pg_catalog.int8 ), (2, null, default , $1::pg_catalog.int8 )
p> insert into "public"."meters" (id, serial, kind , "tenant_id" ) values ($1, $2, lower('B') , $4::pg_catalog.int8 ), ($3, null, default , $4::pg_catalog.int8 ) | [23, 0, 23, 20] | ["1", "a", "2"]

-- The tenant column is no parameter
INSERT INTO meters (tenant_id, id, serial) VALUES (1, 1, 'a')
=> insert into "public"."meters" (tenant_id, id, serial) values ( '1'::pg_catalog.int8 , 1, 'a')
$> insert into "public"."meters" (tenant_id, id, serial) values ( $1::pg_catalog.int8 , 1, 'a')
p> insert into "public"."meters" (tenant_id, id, serial) values ( $3::pg_catalog.int8 , $1, $2) | [23, 0, 20] | ["1", "a"]

-- Behind a fence a literal stands twice and is one parameter
SELECT id FROM meters WHERE id = 5 AND serial::int = 3
=> select id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 5 ) OFFSET 0) AS "meters" where id = 5 and serial::int = 3
$> select id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 5 ) OFFSET 0) AS "meters" where id = 5 and serial::int = 3
p> select id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( id = $1 ) OFFSET 0) AS "meters" where id = $1 and serial::int = 3 | [23, 20] | ["5"]

-- Numbers that not all servers read
SELECT id FROM meters WHERE id = 0x10
=> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 0x10 )
$> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 0x10 )
p> none

-- Several statements are not promoted one by one
SELECT id FROM meters WHERE id = 1; SELECT id FROM meters WHERE id = 2
=> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 )
=> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 2 )
p> select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( id = $1 ) | [23, 20] | ["1"]

-- Neither is EXPLAIN
EXPLAIN (COSTS OFF) SELECT id FROM meters WHERE id = 1
!! 0A000 construct EXPLAIN of a statement on tenants' rows is not supported through pgmoat

-- Nor what ends a transaction
COMMIT
=> commit
p> none

-- A number that may not fit into a float
SELECT x.f FROM (SELECT id::float8 AS f FROM invoices) x WHERE x.f = 1.5 AND x.f > 7
=> select x.f from (select id::float8 as f from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) x where x.f = 1.5 and x.f > 7
$> select x.f from (select id::float8 as f from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) x where x.f = 1.5 and x.f > 7
p> select x.f from (select id::float8 as f from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 ) x where x.f = 1.5 and x.f > $1 | [23, 20] | ["7"]

-- A number that may not fit into an oid
SELECT c.relname FROM pg_class c WHERE c.oid = 9000000000 AND c.oid <> 7
=> select c.relname from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{..}'::pg_catalog.oid[])) OFFSET 0) c where c.oid = 9000000000 and c.oid <> 7
p> select c.relname from (SELECT r."oid" AS "oid", r."relname" AS "relname", 30000::pg_catalog.oid AS "relowner", (-1)::pg_catalog.float4 AS "reltuples", CASE WHEN false THEN r."relfuture" END AS "relfuture" FROM pg_catalog.pg_class AS r WHERE (r.oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid OR r.oid OPERATOR(pg_catalog.=) ANY ('{10,11,12,13,14,15,16,17,18,20,21,22,23,24,25,26,20003}'::pg_catalog.oid[])) OFFSET 0) c where c.oid = 9000000000 and c.oid <> 7 | [] | []
