-- select 1
SELECT * FROM properties
=> select * from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 2
SELECT p.id, p.name FROM public.properties AS p WHERE p.city = 'Graz' OR true
=> select p.id, p.name from "public"."properties" as p where "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.city = 'Graz' or true )
$> select p.id, p.name from "public"."properties" as p where "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.city = 'Graz' or true )

-- select 3
SELECT id FROM properties WHERE id = 5 ORDER BY name LIMIT 3 OFFSET 1
=> select id from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 5 ) order by name limit 3 offset 1
$> select id from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 5 ) order by name limit 3 offset 1

-- select 4
SELECT "id" FROM "properties" WHERE "id" = $1
$> select "id" from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( "id" = $1 )

-- select 5
SELECT count(*) FROM PROPERTIES p GROUP BY p.city HAVING count(*) > 1
=> select count(*) from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by p.city having count(*) > 1
$> select count(*) from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 group by p.city having count(*) > 1

-- select 6
TABLE properties
=> SELECT * FROM "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> SELECT * FROM "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 7
TABLE tariffs
=> SELECT * FROM "public"."tariffs"

-- select 8
SELECT * FROM tariffs WHERE price > 1
=> select * from "public"."tariffs" where price > 1

-- select 9
SELECT 1
=> select 1

-- select 10
SELECT name FROM properties UNION ALL SELECT secret FROM organisations ORDER BY 1
=> select name from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 union all select secret from "public"."organisations" WHERE "public"."organisations"."id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 order by 1
$> select name from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 union all select secret from "public"."organisations" WHERE "public"."organisations"."id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 order by 1

-- select 11
SELECT name FROM properties WHERE id IN (SELECT property_id FROM meters WHERE kind = 'water')
=> select name from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id in (select property_id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( kind = 'water' ) ) )
$> select name from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id in (select property_id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( kind = 'water' ) ) )

-- select 12
SELECT (SELECT max(total) FROM invoices) AS m, ARRAY(SELECT id FROM meters)
=> select (select max(total) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) as m, array (select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )
$> select (select max(total) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) as m, array (select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )

-- select 13
SELECT p.name FROM properties p WHERE EXISTS (SELECT 1 FROM meters m WHERE m.property_id = p.id)
=> select p.name from "public"."properties" p where "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( exists (select 1 from "public"."meters" m where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.property_id = p.id ) ) )
$> select p.name from "public"."properties" p where "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( exists (select 1 from "public"."meters" m where "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m.property_id = p.id ) ) )

-- select 14
WITH x AS (SELECT id FROM invoices) SELECT * FROM x
=> with x as (select id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) select * from x
$> with x as (select id from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) select * from x

-- select 15
WITH invoices AS (SELECT * FROM invoices) SELECT * FROM invoices
=> with invoices as (select * from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) select * from invoices
$> with invoices as (select * from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) select * from invoices

-- select 16
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t, properties
=> with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select * from t, (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND false OFFSET 0) AS "properties"
$> with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select * from t, (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 UNION ALL SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND false OFFSET 0) AS "properties"

-- select 17
WITH meters AS (SELECT 1 AS id) SELECT * FROM public.meters
=> with meters as (select 1 as id) select * from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> with meters as (select 1 as id) select * from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 18
VALUES (1), ((SELECT max(id) FROM meters))
=> values (1), ((select max(id) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ))
$> values (1), ((select max(id) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ))

-- select 19
SELECT p.id FROM properties p FOR UPDATE OF p SKIP LOCKED
=> select p.id from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 for update of p skip locked
$> select p.id from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 for update of p skip locked

-- select 20
SELECT p.id FROM properties p FOR NO KEY UPDATE
=> select p.id from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 for no key update
$> select p.id from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 for no key update

-- select 21
SELECT * FROM ONLY properties
=> select * from ONLY "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from ONLY "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 22
SELECT * FROM ONLY (properties) WHERE id = 1
=> select * from ONLY "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 )
$> select * from ONLY "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 1 )

-- select 23
SELECT * FROM properties * WHERE id = 1
=> select * from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 )
$> select * from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = 1 )

-- select 24
SELECT * FROM properties AS p(a, b, c, d) WHERE p.a = 2
=> select * from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) as p(a, b, c, d) where p.a = 2
$> select * from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) as p(a, b, c, d) where p.a = 2

-- select 25
SELECT p FROM properties p
=> select p from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select p from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 26
SELECT to_jsonb(p) FROM properties p
=> select to_jsonb(p) from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select to_jsonb(p) from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 27
SELECT p.to_jsonb FROM properties p
=> select p.to_jsonb from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select p.to_jsonb from "public"."properties" p WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 28
SELECT p.leak FROM properties p
!! 42501 function permission denied for function leak

-- select 29
SELECT p.nonsense FROM properties p
!! 42703 construct column p.nonsense does not exist

-- select 30
SELECT d.title FROM documents d WHERE d.doc @> '{"a": 1}'
=> select d.title from "public"."documents" d where "d"."tenant_key" OPERATOR(pg_catalog.=) 'acme'::pg_catalog.text AND ( d.doc @> '{"a": 1}' )
$> select d.title from "public"."documents" d where "d"."tenant_key" OPERATOR(pg_catalog.=) $1::pg_catalog.text AND ( d.doc @> '{"a": 1}' )

-- select 31
SELECT key FROM api_keys
=> select key from "public"."api_keys" WHERE "public"."api_keys"."tenant_uuid" OPERATOR(pg_catalog.=) '11111111-1111-1111-1111-111111111111'::pg_catalog.uuid
$> select key from "public"."api_keys" WHERE "public"."api_keys"."tenant_uuid" OPERATOR(pg_catalog.=) $1::pg_catalog.uuid

-- select 32
SELECT a.key, d.title FROM api_keys a, documents d
=> select a.key, d.title from "public"."api_keys" a, "public"."documents" d WHERE "a"."tenant_uuid" OPERATOR(pg_catalog.=) '11111111-1111-1111-1111-111111111111'::pg_catalog.uuid AND "d"."tenant_key" OPERATOR(pg_catalog.=) 'acme'::pg_catalog.text
$> select a.key, d.title from "public"."api_keys" a, "public"."documents" d WHERE "a"."tenant_uuid" OPERATOR(pg_catalog.=) $1::pg_catalog.uuid AND "d"."tenant_key" OPERATOR(pg_catalog.=) $2::pg_catalog.text

-- select 33
SELECT * FROM open_invoices o WHERE o.number = 'x'
=> select * from ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.status = 'open'::text ) ) o where o.number = 'x'
$> select * from ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.status = 'open'::text ) ) o where o.number = 'x'

-- select 34
SELECT * FROM generate_series(1, 3) g, LATERAL (SELECT * FROM meters m WHERE m.id = g) x
=> select * from generate_series(1, 3) g, lateral (select * from (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m where m.id = g) x
$> select * from generate_series(1, 3) g, lateral (select * from (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m where m.id = g) x

-- select 35
SELECT ctid, tableoid FROM properties WHERE ctid = '(0,1)'
=> select ctid, tableoid from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( ctid = '(0,1)' )
$> select ctid, tableoid from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( ctid = '(0,1)' )

-- select 36
SELECT add_tax(total), lower(notes) FROM invoices
=> select "public"."add_tax" (total), lower(notes) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select "public"."add_tax" (total), lower(notes) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 37
SELECT public.add_tax(total) FROM invoices
=> select public.add_tax(total) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select public.add_tax(total) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 38
SELECT x AS where, y AS "from" FROM (SELECT id AS x, city AS y FROM properties) s WHERE x IS DISTINCT FROM 3
=> select x as where, y as "from" from (select id as x, city as y from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) s where x is distinct from 3
$> select x as where, y as "from" from (select id as x, city as y from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) s where x is distinct from 3

-- select 39
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM invoices
=> select percentile_cont(0.5) within group (order by total) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select percentile_cont(0.5) within group (order by total) from "public"."invoices" WHERE "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- select 40
SELECT billing.public.meters.id FROM billing.public.meters
!! 0A000 construct a name of four parts is not supported through pgmoat

-- computations behind operators, casts and aggregates
SELECT int8mul(units, 2), box_in('(1,1),(0,0)'), date_larger(current_date, now()::date), interval_pl_timestamptz('1 day', now()) FROM properties
=> select int8mul(units, 2), box_in('(1,1),(0,0)'), date_larger(current_date, now()::date), interval_pl_timestamptz('1 day', now()) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select int8mul(units, 2), box_in('(1,1),(0,0)'), date_larger(current_date, now()::date), interval_pl_timestamptz('1 day', now()) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a computation may raise an error
SELECT id FROM properties WHERE int4div(1, id) = 0
=> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where int4div(1, id) = 0
$> select id from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where int4div(1, id) = 0

-- pseudo-types
SELECT NULL::anyrange, cast(coalesce(cast(NULL AS anyarray), NULL) AS pg_catalog.anyarray), '1/2'::pg_lsn, '(0,1)'::tid, 'simple'::regconfig
=> select null::anyrange, cast (coalesce (cast (null as anyarray), null) as pg_catalog.anyarray), '1/2'::pg_lsn, '(0,1)'::tid, 'simple'::regconfig

-- a transaction's number
SELECT '3'::xid
=> select '3'::xid

-- NULL, and beside it a literal that would be a transaction's number
SELECT age(coalesce(NULL::xid, '3'))
=> select age (CURRENT_DATE, coalesce (null::xid, '3'))

-- NULL, and beside it a literal that would be an item of an access list
SELECT coalesce(NULL::aclitem, 'a=r/b')
!! 0A000 construct a literal without a cast beside a NULL of such a type is not supported through pgmoat

-- items of an access list
SELECT ARRAY['a=r/b']::aclitem[], NULL::_aclitem
!! 42501 type permission denied for type aclitem

-- a text of C's
SELECT int4in('5'::cstring), int4in(textout('5'))
=> select int4in('5'::cstring), int4in(textout('5'))

-- an argument of internal functions
SELECT NULL::internal
!! 42501 type permission denied for type internal

-- the input function of any type
SELECT array_in('{customers}', 2205, -1)
!! 42501 function permission denied for function array_in

-- functions of an extension
SELECT similarity(name, 'x'), public.similarity('a', name) FROM properties
=> select "public"."similarity" (name, 'x'), public.similarity('a', name) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select "public"."similarity" (name, 'x'), public.similarity('a', name) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a function of an extension that is not listed
SELECT set_limit(0.5)
!! 42501 function permission denied for function set_limit

-- operators of an extension
SELECT name <-> 'x' FROM properties WHERE name <% 'x'
=> select name <-> 'x' from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where name <% 'x'
$> select name <-> 'x' from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where name <% 'x'

-- an operator of an extension that is not listed
SELECT name <~ 'x' FROM properties
!! 42501 operator permission denied for operator <~

-- an operator of an extension that is not listed, of numbers
SELECT id <~ 1, 1 <~ 2 FROM properties
!! 42501 operator permission denied for operator <~

-- an operator that another schema has too
SELECT name % 'x' FROM properties
!! 42501 operator permission denied for operator %

-- the type of a type's name
SELECT pg_typeof((pg_typeof(0)))
!! 0A000 construct pg_typeof() of pg_typeof() is not supported through pgmoat

-- the value of an element beside its number
SELECT e.value, e.ordinality FROM invoices i, jsonb_array_elements('[1]') WITH ORDINALITY e
=> select e.value, e.ordinality from "public"."invoices" i, jsonb_array_elements('[1]') with ordinality e WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select e.value, e.ordinality from "public"."invoices" i, jsonb_array_elements('[1]') with ordinality e WHERE "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- the fields of what a function yields
SELECT (jsonb_each('{"a": 1}')).key, (pg_catalog.json_each_text('{}')).value
=> select (jsonb_each('{"a": 1}')).key, (pg_catalog.json_each_text('{}')).value

-- a field that it has not
SELECT (jsonb_each('{"a": 1}')).pg_sleep
!! 42501 function permission denied for function pg_sleep

-- the fields of rows that are columns
WITH x AS (SELECT m AS r FROM meters m) SELECT (r).id, (x.r).serial FROM x
=> with x as (select m as r from "public"."meters" m WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) select (r).id, (x.r).serial from x
$> with x as (select m as r from "public"."meters" m WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) select (r).id, (x.r).serial from x

-- a field that such a row has not
WITH x AS (SELECT m AS r FROM meters m) SELECT (r).pg_sleep FROM x
!! 42501 function permission denied for function pg_sleep

-- an element of a column named like its relation
SELECT m.m[1] FROM regexp_matches('ab', '(a)(b)') m
=> select m.m[1] from regexp_matches('ab', '(a)(b)') m

-- whole rows that are there
SELECT p.id FROM properties p LEFT JOIN meters m ON m.property_id = p.id WHERE m IS NULL
=> select p.id from "public"."properties" p left join "public"."meters" m on ( m.property_id = p.id ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 where "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m is null )
$> select p.id from "public"."properties" p left join "public"."meters" m on ( m.property_id = p.id ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 where "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( m is null )

-- a row of NULLs of a relation's type
SELECT * FROM jsonb_populate_record(NULL::properties, '{"id": 1}')
=> select * from jsonb_populate_record(null:: "public"."properties" , '{"id": 1}')

-- of a hidden relation
SELECT * FROM jsonb_populate_record(NULL::staff_names, '{"id": 1}')
!! 42501 type permission denied for type staff_names

-- a relation's type of anything else
SELECT '(1,2)'::properties
!! 42501 type permission denied for type properties
