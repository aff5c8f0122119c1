-- barrier 1
SELECT * FROM invoices WHERE id = 5 AND 1 / id = 1
=> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 5 ) OFFSET 0) AS "invoices" where id = 5 and 1 / id = 1
$> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 5 ) OFFSET 0) AS "invoices" where id = 5 and 1 / id = 1

-- barrier 2
SELECT * FROM invoices i WHERE i.number::int = 3
=> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i where i.number::int = 3
$> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i where i.number::int = 3

-- barrier 3
SELECT * FROM invoices i WHERE i.number LIKE 'A%'
=> select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.number like 'A%' )
$> select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.number like 'A%' )

-- barrier 4
SELECT * FROM invoices i WHERE i.number LIKE 'A\%'
=> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i where i.number like E'A\\%'
$> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i where i.number like E'A\\%'

-- barrier 5
SELECT * FROM invoices i WHERE i.number LIKE $1
$> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND false OFFSET 0) i where i.number like $1

-- barrier 6
SELECT * FROM invoices i WHERE i.number ~ 'x'
=> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i where i.number ~ 'x'
$> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i where i.number ~ 'x'

-- barrier 7
SELECT * FROM invoices i WHERE i.status = 'open' AND i.issued_on > now() AND i.total > 10
=> select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.status = 'open' and i.issued_on > now() and i.total > 10 )
$> select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.status = 'open' and i.issued_on > now() and i.total > 10 )

-- barrier 8
SELECT * FROM invoices i LEFT JOIN properties p ON p.id = i.property_id AND 1 / p.id = 1 WHERE i.id = 3
=> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.id = 3 ) OFFSET 0) i left join (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) p on p.id = i.property_id and 1 / p.id = 1 where i.id = 3
$> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.id = 3 ) OFFSET 0) i left join (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) p on p.id = i.property_id and 1 / p.id = 1 where i.id = 3

-- barrier 9
SELECT * FROM invoices i HAVING sum(total) > 1
=> select * from "public"."invoices" i WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 having sum(total) > 1
$> select * from "public"."invoices" i WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 having sum(total) > 1

-- barrier 10
SELECT status FROM invoices i GROUP BY status HAVING status::int = 1
=> select status from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i group by status having status::int = 1
$> select status from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i group by status having status::int = 1

-- barrier 11
SELECT * FROM (SELECT number::int AS n FROM invoices) s WHERE n = 1
=> select * from (select number::int as n from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" ) s where n = 1
$> select * from (select number::int as n from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" ) s where n = 1

-- barrier 12
SELECT * FROM invoices WHERE id = (SELECT property_id FROM meters)
=> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where id = (select property_id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" )
$> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where id = (select property_id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" )

-- barrier 13
SELECT * FROM invoices WHERE total = (SELECT max(total) FROM invoices)
=> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( total = (select max(total) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) )
$> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( total = (select max(total) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) )

-- barrier 14
SELECT * FROM invoices WHERE id IN (SELECT serial::int FROM meters)
=> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where id in (select serial::int from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" )
$> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where id in (select serial::int from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" )

-- barrier 15
SELECT * FROM documents d WHERE d.doc ->> 'k' = 'v' AND d.tags && $1
$> select * from "public"."documents" d where "d"."tenant_key" OPERATOR(pg_catalog.=) $2::pg_catalog.text AND ( d.doc ->> 'k' = 'v' and d.tags && $1 )

-- barrier 16
SELECT * FROM invoices WHERE state = 'open'
=> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( state = 'open' )
$> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( state = 'open' )

-- barrier 17
SELECT * FROM invoices WHERE id = ANY($1) AND number = ANY(ARRAY['a', 'b'])
$> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( id = any ($1) and number = any (array['a', 'b']) )

-- barrier 18
SELECT * FROM invoices WHERE (id, number) IN ((1, 'a'), (2, 'b'))
=> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( (id, number) in ((1, 'a'), (2, 'b')) )
$> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( (id, number) in ((1, 'a'), (2, 'b')) )

-- barrier 19
SELECT * FROM invoices WHERE coalesce(status, 'x') = 'x' AND upper(number) = 'A' AND total BETWEEN 1 AND 2
=> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( coalesce (status, 'x') = 'x' and upper(number) = 'A' and total between 1 and 2 )
$> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( coalesce (status, 'x') = 'x' and upper(number) = 'A' and total between 1 and 2 )

-- barrier 20
SELECT * FROM invoices WHERE CASE WHEN id = 1 THEN true ELSE false END AND NOT (id = 2)
=> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( case when id = 1 then true else false end and not (id = 2) )
$> select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( case when id = 1 then true else false end and not (id = 2) )

-- barrier 21
UPDATE invoices SET notes = 'x' WHERE 1 / id = 1
=> update "public"."invoices" set notes = 'x' where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( 1 / id = 1 ) ELSE false END
$> update "public"."invoices" set notes = 'x' where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( 1 / id = 1 ) ELSE false END

-- barrier 22
DELETE FROM invoices WHERE number::int = 1 AND id = 7
=> delete from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN ( "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "_c3" ON true AND "_c3"."reply_to" OPERATOR(pg_catalog.=) "_c2"."id" WHERE ( "_c3"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( id = 7 ) AND CASE WHEN "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( number::int = 1 and id = 7 ) ELSE false END
$> delete from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN ( "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE THEN false WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" WHERE ( "_c1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c15_0')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" WHERE ( "_c2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_1')::pg_catalog.bool WHEN EXISTS (SELECT FROM (SELECT) AS "_c0" JOIN "public"."invoice_lines" AS "_c1" ON true AND "_c1"."invoice_id" OPERATOR(pg_catalog.=) "public"."invoices"."id" JOIN "public"."notes" AS "_c2" ON true AND "_c2"."line_id" OPERATOR(pg_catalog.=) "_c1"."id" JOIN "public"."notes" AS "_c3" ON true AND "_c3"."reply_to" OPERATOR(pg_catalog.=) "_c2"."id" WHERE ( "_c3"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) IS NOT TRUE) THEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_c24_0')::pg_catalog.bool ELSE true END AND ( id = 7 ) AND CASE WHEN "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( number::int = 1 and id = 7 ) ELSE false END

-- barrier 23
SELECT i FROM invoices i WHERE 1 / id = 1
!! 0A000 construct a whole-row reference to a relation that must be filtered as a derived table is not supported through pgmoat

-- barrier 24
SELECT * FROM open_invoices WHERE number::int = 1
=> select * from ( select i.tenant_id, i.id, i.number from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.status = 'open'::text ) OFFSET 0) i where i.status = 'open'::text ) AS "open_invoices" where number::int = 1
$> select * from ( select i.tenant_id, i.id, i.number from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.status = 'open'::text ) OFFSET 0) i where i.status = 'open'::text ) AS "open_invoices" where number::int = 1

-- barrier 25
SELECT * FROM invoices WHERE id = 201 AND EXISTS (SELECT 1 FROM tariffs LIMIT 1 / 0)
=> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 201 ) OFFSET 0) AS "invoices" where id = 201 and exists (select 1 from "public"."tariffs" limit 1 / 0)
$> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 201 ) OFFSET 0) AS "invoices" where id = 201 and exists (select 1 from "public"."tariffs" limit 1 / 0)

-- barrier 26
SELECT * FROM documents d WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(d.doc) e)
=> select * from (SELECT * FROM "public"."documents" AS "d" WHERE "d"."tenant_key" OPERATOR(pg_catalog.=) 'acme'::pg_catalog.text OFFSET 0) d where exists (select 1 from jsonb_array_elements(d.doc) e)
$> select * from (SELECT * FROM "public"."documents" AS "d" WHERE "d"."tenant_key" OPERATOR(pg_catalog.=) $1::pg_catalog.text OFFSET 0) d where exists (select 1 from jsonb_array_elements(d.doc) e)

-- barrier 27
SELECT * FROM invoices i WHERE EXISTS (SELECT 1 FROM tariffs GROUP BY 1 / i.id)
=> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i where exists (select 1 from "public"."tariffs" group by 1 / i.id)
$> select * from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i where exists (select 1 from "public"."tariffs" group by 1 / i.id)

-- barrier 28
SELECT * FROM invoices i WHERE EXISTS (SELECT 1 FROM tariffs t WHERE t.code = i.number ORDER BY t.code LIMIT 5)
=> select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( exists (select 1 from "public"."tariffs" t where t.code = i.number order by t.code limit 5) )
$> select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( exists (select 1 from "public"."tariffs" t where t.code = i.number order by t.code limit 5) )

-- barrier 29
SELECT * FROM invoices WHERE id = 201 AND length('abc', 'nonsense') > 0
=> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 201 ) OFFSET 0) AS "invoices" where id = 201 and length('abc', 'nonsense') > 0
$> select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 201 ) OFFSET 0) AS "invoices" where id = 201 and length('abc', 'nonsense') > 0

-- barrier 30
SELECT * FROM invoices i WHERE i.id IN (SELECT m.id FROM meters m JOIN readings r ON r.meter_id = m.id WHERE r.note = 'x')
=> select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.id in (select m.id from "public"."meters" m join "public"."readings" r on r.meter_id = m.id where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "r"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( r.note = 'x' ) ) )
$> select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.id in (select m.id from "public"."meters" m join "public"."readings" r on r.meter_id = m.id where "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "r"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( r.note = 'x' ) ) )

-- barrier 31
SELECT i.id, (SELECT 1 / count(*) FROM meters) FROM invoices i LEFT JOIN LATERAL jsonb_each('{}') e ON true
=> select i.id, (select 1 / count(*) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) from "public"."invoices" i left join lateral jsonb_each('{}') e on true WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select i.id, (select 1 / count(*) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) from "public"."invoices" i left join lateral jsonb_each('{}') e on true WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- barrier 32
WITH x AS MATERIALIZED (SELECT 1 / 0 AS n) SELECT * FROM invoices WHERE id = 201 AND EXISTS (SELECT 1 FROM x)
=> with x as materialized (select 1 / 0 as n) select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 201 ) OFFSET 0) AS "invoices" where id = 201 and exists (select 1 from x)
$> with x as materialized (select 1 / 0 as n) select * from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 201 ) OFFSET 0) AS "invoices" where id = 201 and exists (select 1 from x)

-- barrier 33
WITH x AS (SELECT id AS n FROM meters) SELECT * FROM invoices WHERE id = 201 AND EXISTS (SELECT 1 FROM x WHERE n = id)
=> with x as (select id as n from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 201 and exists (select 1 from x where n = id) )
$> with x as (select id as n from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) select * from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 201 and exists (select 1 from x where n = id) )

-- barrier 34
WITH x AS (SELECT sum(total) AS n FROM invoices) SELECT n FROM x, invoices WHERE id = 201
=> with x as (select sum(total) as n from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) select n from x, "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 201 )
$> with x as (select sum(total) as n from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) select n from x, "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 201 )

-- barrier 35
SELECT id FROM invoices WHERE number LIKE '%T2\'
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND false OFFSET 0) AS "invoices" where number like E'%T2\\'
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND false OFFSET 0) AS "invoices" where number like E'%T2\\'

-- barrier 36
SELECT id FROM invoices WHERE number OPERATOR(pg_catalog.~~) $1
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND false OFFSET 0) AS "invoices" where number operator (pg_catalog. ~~) $1

-- barrier 37
UPDATE invoices SET notes = notes WHERE number LIKE '%T2\'
!! 0A000 construct LIKE with this pattern in UPDATE, DELETE, MERGE or ON CONFLICT is not supported through pgmoat

-- barrier 38
SELECT s.id FROM (SELECT id, number COLLATE "C" AS e, status COLLATE "POSIX" AS n FROM invoices) s WHERE s.e < s.n
=> select s.id from (select id, number collate "C" as e, status collate "POSIX" as n from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND false OFFSET 0) AS "invoices" ) s where s.e < s.n
$> select s.id from (select id, number collate "C" as e, status collate "POSIX" as n from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND false OFFSET 0) AS "invoices" ) s where s.e < s.n

-- barrier 39
SELECT (SELECT i.number FROM invoices i GROUP BY i.number HAVING i.number ~~ max('x' || left(o.name, 0)) LIMIT 1) FROM properties o LIMIT 1
=> select (select i.number from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND false OFFSET 0) i group by i.number having i.number ~~ max('x' || left (o.name, 0)) limit 1) from (SELECT * FROM "public"."properties" AS "o" WHERE "o"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "o" WHERE "o"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND false OFFSET 0) o limit 1
$> select (select i.number from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND false OFFSET 0) i group by i.number having i.number ~~ max('x' || left (o.name, 0)) limit 1) from (SELECT * FROM "public"."properties" AS "o" WHERE "o"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "o" WHERE "o"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND false OFFSET 0) o limit 1

-- barrier 40
SELECT i.status, count(*) FROM invoices i GROUP BY i.status HAVING sum(i.total) > 3 AND count(*) > 1
=> select i.status, count(*) from "public"."invoices" i WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by i.status having sum(i.total) > 3 and count(*) > 1
$> select i.status, count(*) from "public"."invoices" i WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 group by i.status having sum(i.total) > 3 and count(*) > 1

-- a column named by schema and table where the table is behind a fence
SELECT "public"."meters"."id" FROM "public"."meters" WHERE "public"."meters"."id" = 7 AND 1 / "public"."meters"."id" > 0 ORDER BY public.meters.serial
=> select "meters"."id" from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( "meters"."id" = 7 ) OFFSET 0) AS "meters" where "meters"."id" = 7 and 1 / "meters"."id" > 0 order by meters.serial
$> select "meters"."id" from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( "meters"."id" = 7 ) OFFSET 0) AS "meters" where "meters"."id" = 7 and 1 / "meters"."id" > 0 order by meters.serial

-- the same of two tables, one of them under an alias
SELECT public.meters.*, i.id FROM public.meters LEFT JOIN public.invoices i ON i.id = public.meters.id WHERE 1 / public.meters.id > 0
=> select meters.*, i.id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" left join (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i on i.id = meters.id where 1 / meters.id > 0
$> select meters.*, i.id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" left join (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i on i.id = meters.id where 1 / meters.id > 0

-- the same of a view's rows, and in a sub-select
SELECT (SELECT max(public.meters.id) FROM tariffs WHERE public.meters.serial::int > 1) FROM public.meters GROUP BY public.meters.id, public.meters.serial
=> select (select max( meters.id) from "public"."tariffs" where meters.serial::int > 1) from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" group by meters.id, meters.serial
$> select (select max( meters.id) from "public"."tariffs" where meters.serial::int > 1) from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" group by meters.id, meters.serial

-- barrier 41
SELECT x.id FROM (SELECT id, numrange(total, total) AS r FROM invoices) x WHERE x.r && numrange(1, 2)
=> select x.id from (select id, numrange(total, total) as r from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND false OFFSET 0) AS "invoices" ) x where x.r && numrange(1, 2)
$> select x.id from (select id, numrange(total, total) as r from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 UNION ALL SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND false OFFSET 0) AS "invoices" ) x where x.r && numrange(1, 2)

-- barrier 42
SELECT x.id FROM (SELECT id, numrange(total, total) AS r FROM invoices) x WHERE x.r BETWEEN numrange(1, 2) AND numrange(3, 4) FOR UPDATE
!! 0A000 construct an operator that may raise an error when it is planned beside FOR UPDATE or its like is not supported through pgmoat

-- barrier 43
SELECT id FROM invoices WHERE number ~ '^A' AND total + 1 > 2
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where number ~ '^A' and total + 1 > 2
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where number ~ '^A' and total + 1 > 2

-- a text can grow to more than there may be, which is an error that a foreign row would raise
SELECT id FROM invoices WHERE starts_with(number, 'A') AND concat($1::text, $1::text, number) IS NULL
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( starts_with(number, 'A') ) OFFSET 0) AS "invoices" where starts_with(number, 'A') and concat($1::text, $1::text, number) is null

-- the same of an operator, and of what writes more than it reads
SELECT id FROM invoices WHERE $1 || number = 'x' OR quote_literal(quote_ident(translate(number, 'a', 'b'))) = 'y'
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 OFFSET 0) AS "invoices" where $1 || number = 'x' or quote_literal(quote_ident(translate(number, 'a', 'b'))) = 'y'

-- one parameter many times is more than was sent
SELECT id FROM invoices WHERE number IN ($1, $1, $1) OR status = ANY (ARRAY[$2::text, $2::text])
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 OFFSET 0) AS "invoices" where number in ($1, $1, $1) or status = any (array[$2::text, $2::text])

-- each parameter once is not
SELECT id FROM invoices WHERE number IN ($1, $2, $3) OR status = ANY (ARRAY[$4::text, $5::text])
$> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $6::pg_catalog.int8 AND ( number in ($1, $2, $3) or status = any (array[$4::text, $5::text]) )

-- nor are rows
SELECT id FROM meters m WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.number IN (m.serial, m.serial))
=> select id from (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m where exists (select 1 from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i where i.number in (m.serial, m.serial))
$> select id from (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m where exists (select 1 from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i where i.number in (m.serial, m.serial))

-- arrays of stored texts, and of stored numbers
SELECT id FROM invoices WHERE number = ANY (ARRAY[status, number]) OR id = ANY (ARRAY[property_id, tenant_id])
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where number = any (array[status, number]) or id = any (array[property_id, tenant_id])
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where number = any (array[status, number]) or id = any (array[property_id, tenant_id])

-- other letters of the row's own text
SELECT id FROM invoices WHERE lower(number) = 'a' AND status ILIKE '%b%'
=> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( lower(number) = 'a' and status ilike '%b%' )
$> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( lower(number) = 'a' and status ilike '%b%' )

-- other letters of another row's text
SELECT i.id FROM invoices i, meters m WHERE starts_with(lower(m.serial), i.number)
=> select i.id from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i, (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m where starts_with(lower(m.serial), i.number)
$> select i.id from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i, (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m where starts_with(lower(m.serial), i.number)

-- the same where they are computed first
SELECT i.id FROM invoices i JOIN (SELECT upper(serial) AS s FROM meters) m ON m.s = i.number
=> select i.id from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i join (select upper(serial) as s from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" ) m on m.s = i.number
$> select i.id from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i join (select upper(serial) as s from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" ) m on m.s = i.number

-- the same of an outer row
SELECT m.id FROM meters m WHERE EXISTS (SELECT 1 FROM invoices i WHERE m.serial ILIKE 'a' OR i.number = 'b')
=> select m.id from (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m where exists (select 1 from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i where m.serial ilike 'a' or i.number = 'b')
$> select m.id from (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m where exists (select 1 from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i where m.serial ilike 'a' or i.number = 'b')

-- the same of a sub-select
SELECT id FROM invoices WHERE lower(number) = (SELECT serial FROM meters LIMIT 1)
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where lower(number) = (select serial from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" limit 1)
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where lower(number) = (select serial from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" limit 1)

-- a system column of a relation inside of a join that has a name
SELECT * FROM (invoices i JOIN meters m ON i.ctid <> m.ctid) AS j
!! 0A000 construct a system column beside the whole row of a relation that must be filtered as a derived table is not supported through pgmoat

-- a document that is put together may be too deep, or too long as a text
SELECT id FROM properties WHERE (CASE WHEN id > 1 THEN '[]'::jsonb ELSE '[1]'::jsonb END) @> '[1]'
=> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND false OFFSET 0) AS "properties" where (case when id > 1 then '[]'::jsonb else '[1]'::jsonb end) @> '[1]'
$> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND false OFFSET 0) AS "properties" where (case when id > 1 then '[]'::jsonb else '[1]'::jsonb end) @> '[1]'

-- the same of a part of it
SELECT id FROM properties WHERE coalesce('[1]'::jsonb, '[]') ->> 0 IS NULL
=> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where coalesce ('[1]'::jsonb, '[]') ->> 0 is null
$> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where coalesce ('[1]'::jsonb, '[]') ->> 0 is null

-- a parameter of two types
SELECT $1::oid, id FROM properties WHERE id = $1
$> select $1::oid, id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 OFFSET 0) AS "properties" where id = $1

-- a type that is made of a number when a row is seen
SELECT id FROM invoices WHERE CASE WHEN id = 5 THEN 99999999999999999999::money IS NULL ELSE false END
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where case when id = 5 then 99999999999999999999::money is null else false end
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where case when id = 5 then 99999999999999999999::money is null else false end

-- eight times as many bits as there are bytes, which may be too many for an int4
SELECT id FROM invoices WHERE bit_length(number) > 5
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where bit_length(number) > 5
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where bit_length(number) > 5

-- letters are taken off by a list that is as long as the text
SELECT id FROM invoices WHERE ltrim(number, 'abc') = 'x'
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where ltrim(number, 'abc') = 'x'
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where ltrim(number, 'abc') = 'x'

-- a text of the author's, however long
SELECT id FROM invoices WHERE lower((SELECT name FROM properties WHERE id = 1)) = number
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where lower((select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 ) OFFSET 0) AS "properties" where id = 1)) = number
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where lower((select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 1 ) OFFSET 0) AS "properties" where id = 1)) = number

-- a text that may be a parameter, however long
SELECT id FROM invoices WHERE lower(coalesce(number, $1)) = number
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 OFFSET 0) AS "invoices" where lower(coalesce (number, $1)) = number

-- a text of the row's, cut and in other letters
SELECT id FROM invoices WHERE lower(ltrim(left(number, 5))) = $1
$> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( lower(ltrim(left (number, 5))) = $1 )

-- a count of what may fail
SELECT id FROM invoices WHERE (SELECT count(1 / (p.id + invoices.id)) FROM properties p WHERE p.id = 1) >= 0
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where (select count(1 / (p.id + invoices.id)) from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id = 1 ) OFFSET 0) p where p.id = 1) >= 0
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where (select count(1 / (p.id + invoices.id)) from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id = 1 ) OFFSET 0) p where p.id = 1) >= 0

-- a count of what cannot
SELECT id FROM invoices WHERE (SELECT count(p.id) FROM properties p WHERE p.id = 1) >= 0
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where (select count(p.id) from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id = 1 ) OFFSET 0) p where p.id = 1) >= 0
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where (select count(p.id) from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id = 1 ) OFFSET 0) p where p.id = 1) >= 0

-- a parameter that is an oid elsewhere, compared by CASE
SELECT $1::oid, id FROM invoices WHERE CASE id WHEN $1 THEN true ELSE false END
$> select $1::oid, id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 OFFSET 0) AS "invoices" where case id when $1 then true else false end

-- Rows that are locked: the condition stands behind a gate, so that no more of them are locked than it lets through.
SELECT id FROM invoices WHERE status = 'open' AND 100 / total > 1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
=> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( status = 'open' ) AND CASE WHEN "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( status = 'open' and 100 / total > 1 ) ELSE false END order by id limit 1 for update skip locked
$> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( status = 'open' ) AND CASE WHEN "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( status = 'open' and 100 / total > 1 ) ELSE false END order by id limit 1 for update skip locked

-- the same in a common table expression, as work is taken from a queue
WITH next AS (SELECT id FROM invoices i WHERE 100 / i.total > 1 ORDER BY id LIMIT 1 FOR NO KEY UPDATE) UPDATE invoices SET status = 'sent' FROM next WHERE invoices.id = next.id
=> with next as (select id from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND CASE WHEN "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( 100 / i.total > 1 ) ELSE false END order by id limit 1 for no key update) update "public"."invoices" set status = 'sent' from next where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( invoices.id = next.id )
$> with next as (select id from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND CASE WHEN "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( 100 / i.total > 1 ) ELSE false END order by id limit 1 for no key update) update "public"."invoices" set status = 'sent' from next where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( invoices.id = next.id )

-- PostgreSQL would put the outer condition beside the inner one.
SELECT x.id FROM (SELECT id, total FROM invoices WHERE 100 / total > 1 FOR UPDATE) x WHERE 1 / x.total > 0
=> select x.id from (select id, total from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where 100 / total > 1 for update) x where 1 / x.total > 0
$> select x.id from (select id, total from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where 100 / total > 1 for update) x where 1 / x.total > 0

-- A sub-select behind a gate would be run for each row.
SELECT id FROM invoices WHERE 100 / total > 1 AND id IN (SELECT invoice_id FROM invoice_lines) FOR UPDATE
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" where 100 / total > 1 and id in (select invoice_id from (SELECT * FROM "public"."invoice_lines" AS "invoice_lines" WHERE "invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoice_lines" ) for update
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" where 100 / total > 1 and id in (select invoice_id from (SELECT * FROM "public"."invoice_lines" AS "invoice_lines" WHERE "invoice_lines"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoice_lines" ) for update

-- of several relations each is filtered first
SELECT p.id FROM properties p JOIN meters m ON m.property_id = p.id WHERE 10 / m.id > 0 FOR UPDATE OF p
=> select p.id from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) p join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m on m.property_id = p.id where 10 / m.id > 0 for update of p
$> select p.id from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) p join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m on m.property_id = p.id where 10 / m.id > 0 for update of p

-- jsonpaths in an array: each is evaluated on statistics as one by itself is
SELECT id FROM properties WHERE extra @? ANY (ARRAY['$.a ? (@ > 1)'::jsonpath])
=> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND false OFFSET 0) AS "properties" where extra @? any (array['$.a ? (@ > 1)'::jsonpath])
$> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND false OFFSET 0) AS "properties" where extra @? any (array['$.a ? (@ > 1)'::jsonpath])

-- the same of a parameter
SELECT id FROM properties WHERE NOT extra @@ ALL (ARRAY[NULL, $1::jsonpath])
$> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND false OFFSET 0) AS "properties" where not extra @@ all (array[null, $1::jsonpath])

-- the same beside a lock
SELECT id FROM properties WHERE extra @? ANY (ARRAY[ARRAY['$.a'::jsonpath]]) FOR UPDATE
!! 0A000 construct an operator that may raise an error when it is planned beside FOR UPDATE or its like is not supported through pgmoat

-- a sub-select that locks runs only for an own row
SELECT id FROM invoices WHERE number = 'INV-9' AND total >= (SELECT total FROM invoices c WHERE c.id = 20 LIMIT 1 FOR UPDATE)
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( number = 'INV-9' ) OFFSET 0) AS "invoices" where number = 'INV-9' and total >= (select total from "public"."invoices" c where "c"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( c.id = 20 ) limit 1 for update)
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( number = 'INV-9' ) OFFSET 0) AS "invoices" where number = 'INV-9' and total >= (select total from "public"."invoices" c where "c"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( c.id = 20 ) limit 1 for update)

-- of values of several types a set operation makes one, which may fail
SELECT id FROM invoices WHERE number = 'INV-9' AND id >= (SELECT count(*) FROM (SELECT total FROM invoices UNION SELECT 1.0::float8) s)
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( number = 'INV-9' ) OFFSET 0) AS "invoices" where number = 'INV-9' and id >= (select count(*) from (select total from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "invoices" union select 1.0::float8) s)
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( number = 'INV-9' ) OFFSET 0) AS "invoices" where number = 'INV-9' and id >= (select count(*) from (select total from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "invoices" union select 1.0::float8) s)

-- so does an outer join of columns
SELECT id FROM invoices WHERE number = 'INV-9' AND id >= (SELECT count(*) FROM (SELECT current_date AS d) a FULL JOIN (SELECT localtimestamp AS d) b USING (d))
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( number = 'INV-9' ) OFFSET 0) AS "invoices" where number = 'INV-9' and id >= (select count(*) from (select current_date as d) a full join (select localtimestamp as d) b using (d))
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( number = 'INV-9' ) OFFSET 0) AS "invoices" where number = 'INV-9' and id >= (select count(*) from (select current_date as d) a full join (select localtimestamp as d) b using (d))

-- a precision that a parameter may not have
SELECT id FROM invoices WHERE number = $1 AND (id > 0 OR $2::numeric(3,1) IS NULL)
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $3::pg_catalog.int8 AND ( number = $1 ) OFFSET 0) AS "invoices" where number = $1 and (id > 0 or $2::numeric (3, 1) is null)

-- a sub-select without a comparison costs nothing
SELECT id FROM invoices WHERE number = 'INV-9' AND (paid OR EXISTS (SELECT FROM properties))
=> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( number = 'INV-9' ) OFFSET 0) AS "invoices" where number = 'INV-9' and (paid or exists (select from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" ))
$> select id from (SELECT * FROM "public"."invoices" AS "invoices" WHERE "invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( number = 'INV-9' ) OFFSET 0) AS "invoices" where number = 'INV-9' and (paid or exists (select from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" ))

-- one that depends on the row is dearer than any comparison
SELECT id FROM invoices i WHERE total >= (SELECT count(*) FROM meters m WHERE m.property_id = i.property_id)
=> select id from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( total >= (select count(*) from "public"."meters" m where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.property_id = i.property_id ) ) )
$> select id from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( total >= (select count(*) from "public"."meters" m where "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.property_id = i.property_id ) ) )

-- a list that is not in a sub-select
SELECT id FROM invoices WHERE id NOT IN (SELECT id FROM meters)
=> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id not in (select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) )
$> select id from "public"."invoices" where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id not in (select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) )

-- a target beside a sub-select
UPDATE invoices SET total = 0 WHERE number = 'INV-9' AND id >= (SELECT count(*) FROM meters)
=> update "public"."invoices" set total = 0 where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( number = 'INV-9' ) AND CASE WHEN "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 THEN ( number = 'INV-9' and id >= (select count(*) from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" ) ) ELSE false END
$> update "public"."invoices" set total = 0 where "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( number = 'INV-9' ) AND CASE WHEN "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 THEN ( number = 'INV-9' and id >= (select count(*) from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" ) ) ELSE false END

-- a sub-select in a join's condition
SELECT i.id FROM invoices i JOIN meters m ON m.property_id = i.property_id AND i.id >= (SELECT count(*) FROM properties)
=> select i.id from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) i join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m on m.property_id = i.property_id and i.id >= (select count(*) from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" )
$> select i.id from (SELECT * FROM "public"."invoices" AS "i" WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) i join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m on m.property_id = i.property_id and i.id >= (select count(*) from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" )
