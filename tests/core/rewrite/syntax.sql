-- a recursion with SEARCH and CYCLE
WITH RECURSIVE r(id) AS (SELECT id FROM meters UNION ALL SELECT m.id FROM meters m JOIN r ON m.id = r.id + 1) SEARCH DEPTH FIRST BY id SET o CYCLE id SET c USING p SELECT r.o, r.c, p FROM r ORDER BY o
=> with recursive r(id) as (select id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" union all select m.id from (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m join r on m.id = r.id + 1) search depth first by id set o cycle id set c using p select r.o, r.c, p from r order by o
$> with recursive r(id) as (select id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" union all select m.id from (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m join r on m.id = r.id + 1) search depth first by id set o cycle id set c using p select r.o, r.c, p from r order by o

-- SEARCH names columns only
WITH RECURSIVE r(id) AS (SELECT id FROM meters) SEARCH DEPTH FIRST BY (SELECT id FROM meters) SET o SELECT 1 FROM r
!! 42601 syntax syntax error at or near "SEARCH"

-- an alias of a USING list
SELECT j.id FROM properties p JOIN meters m USING (id) AS j WHERE j.id = 1
=> select j.id from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) p join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) m using (id) as j where j.id = 1
$> select j.id from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) p join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) m using (id) as j where j.id = 1

-- functions in one list
SELECT r.x FROM meters m, ROWS FROM (generate_series(1, m.id), unnest(ARRAY[1])) WITH ORDINALITY AS r(x, y)
=> select r.x from "public"."meters" m, rows from (generate_series(1, m.id), unnest(array[1])) with ordinality as r(x, y) WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select r.x from "public"."meters" m, rows from (generate_series(1, m.id), unnest(array[1])) with ordinality as r(x, y) WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a function in a list that is not allowed
SELECT * FROM ROWS FROM (pg_ls_dir('.'), generate_series(1, 2)) AS r(x, y)
!! 42501 function permission denied for function pg_ls_dir

-- a type in a list that is not allowed
SELECT * FROM ROWS FROM (json_to_recordset('[]') AS (a int, b regclass)) AS r
!! 0A000 construct a cast to a type that looks names up, in this place is not supported through pgmoat

-- a condition with VALUES
SELECT name FROM properties WHERE id IN (VALUES (1), (2))
=> select name from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id in (values (1), (2)) )
$> select name from "public"."properties" where "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id in (values (1), (2)) )

-- a condition with a set operation
SELECT name FROM properties WHERE id = ANY ((SELECT property_id FROM meters) UNION SELECT 1)
=> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where id = any ((select property_id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" ) union select 1)
$> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where id = any ((select property_id from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" ) union select 1)

-- a condition with two sub-selects
SELECT name FROM properties WHERE id IN ((SELECT min(property_id) FROM meters), (SELECT 1))
=> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where id in ((select min(property_id) from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "meters" ), (select 1))
$> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where id in ((select min(property_id) from (SELECT * FROM "public"."meters" AS "meters" WHERE "meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "meters" ), (select 1))

-- LIKE ANY
SELECT name FROM properties WHERE name LIKE ANY (ARRAY['a%', 'b%'])
=> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where name like any (array['a%', 'b%'])
$> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where name like any (array['a%', 'b%'])

-- an operator in full before ANY
SELECT name FROM properties WHERE id OPERATOR(pg_catalog.=) ANY (ARRAY[1, 2])
=> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where id operator (pg_catalog. =) any (array[1, 2])
$> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where id operator (pg_catalog. =) any (array[1, 2])

-- another schema's operator before ANY
SELECT name FROM properties WHERE id OPERATOR(public.=) ANY (ARRAY[1, 2])
!! 42501 operator permission denied for operator =

-- nested grouping sets
SELECT count(*) FROM meters GROUP BY GROUPING SETS ((), property_id, ROLLUP (id, property_id))
=> select count(*) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by grouping sets ((), property_id, rollup (id, property_id))
$> select count(*) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 group by grouping sets ((), property_id, rollup (id, property_id))

-- a call inside grouping sets
SELECT count(*) FROM meters GROUP BY GROUPING SETS (ROLLUP (pg_sleep(1)))
=> select count(*) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by grouping sets (rollup ( (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x2626_0')::pg_catalog.bool THEN NULL::pg_catalog."void" WHEN ROW ( CAST( 1 AS pg_catalog."float8") ) IS NULL THEN NULL::pg_catalog."void" END) ))
$> select count(*) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 group by grouping sets (rollup ( (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x2626_0')::pg_catalog.bool THEN NULL::pg_catalog."void" WHEN ROW ( CAST( 1 AS pg_catalog."float8") ) IS NULL THEN NULL::pg_catalog."void" END) ))

-- GROUP BY DISTINCT
SELECT count(*) FROM meters GROUP BY DISTINCT ROLLUP (id), ROLLUP (property_id)
=> select count(*) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by distinct rollup (id), rollup (property_id)
$> select count(*) from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 group by distinct rollup (id), rollup (property_id)

-- XML of own rows
SELECT xmlelement(NAME property, xmlattributes(id AS n), xmlforest(name, units AS u)) FROM properties
=> select xmlelement (name property, xmlattributes (id as n), xmlforest (name, units as u)) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select xmlelement (name property, xmlattributes (id as n), xmlforest (name, units as u)) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- XML around a call that is not allowed
SELECT xmlelement(NAME a, pg_read_file('x'))
=> select xmlelement (name a, (CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3826_0')::pg_catalog.bool THEN NULL::pg_catalog."text" WHEN GREATEST(NULL::pg_catalog.gtsvector, CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_x3826_0')::pg_catalog.bool THEN NULL::pg_catalog.gtsvector END) IS NULL THEN NULL::pg_catalog."text" WHEN ROW ( CAST( 'x' AS pg_catalog."text") ) IS NULL THEN NULL::pg_catalog."text" END) )

-- XML around a relation that is hidden
SELECT xmlforest((SELECT count(*) FROM secrets) AS a)
!! 42P01 hidden_relation relation "secrets" does not exist

-- a type in XMLSERIALIZE that is not allowed
SELECT xmlserialize(CONTENT xmlcomment('a') AS regclass)
!! 0A000 construct a cast to a type that looks names up, in this place is not supported through pgmoat

-- XML in a condition may fail
SELECT name FROM properties WHERE xmlexists('//a' PASSING xmlparse(CONTENT name))
=> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where xmlexists ('//a' passing xmlparse (content name))
$> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where xmlexists ('//a' passing xmlparse (content name))

-- an XML document in a condition may fail
SELECT name FROM properties WHERE name::xml IS DOCUMENT
=> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where name::xml is document
$> select name from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where name::xml is document

-- constructors of SQL/JSON
SELECT json_object('id' : id, 'name' VALUE name ABSENT ON NULL RETURNING jsonb), json_array(SELECT id FROM meters) FROM properties
=> select json_object ('id' : id, 'name' value name absent on null returning jsonb), json_array (select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select json_object ('id' : id, 'name' value name absent on null returning jsonb), json_array (select id from "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a function that has the name of a constructor only
SELECT json_array(1, 2)
!! 42501 function permission denied for function json_array

-- IS JSON
SELECT name IS JSON OBJECT FROM properties
=> select name is json object from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select name is json object from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- collation for
SELECT COLLATION FOR (name) FROM properties
=> select collation for (name) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select collation for (name) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- named arguments
SELECT make_interval(days => units::int), make_interval(hours := 2) FROM properties
=> select make_interval(days => units::int), make_interval(hours := 2) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select make_interval(days => units::int), make_interval(hours := 2) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- an expression in a named argument
SELECT make_interval(days => (SELECT count(*)::int FROM secrets))
!! 42P01 hidden_relation relation "secrets" does not exist

-- prefix operators of PostgreSQL
SELECT @@ '((0,0),1)'::circle, @-@ '[(0,0),(1,1)]'::path
=> select @@ '((0,0),1)'::circle, @-@ '[(0,0),(1,1)]'::path

-- a prefix operator that PostgreSQL does not have
SELECT !=- 10
!! 42501 operator permission denied for operator in this place

-- the rest of RANGE frames
SELECT sum(units) OVER (ORDER BY id RANGE BETWEEN '1'::bigint PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM properties
=> select sum(units) over (order by id range between '1'::bigint preceding and current row exclude ties) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select sum(units) over (order by id range between '1'::bigint preceding and current row exclude ties) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a star after a relation with an alias
SELECT p.name FROM properties* p WHERE p.id * p.id > 1
=> select p.name from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) p where p.id * p.id > 1
$> select p.name from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) p where p.id * p.id > 1

-- an expression as a conflict target
INSERT INTO properties (id, name) VALUES (1, 'a') ON CONFLICT (tenant_id, lower(name)) WHERE units > abs(1) DO NOTHING
=> insert into "public"."properties" (id, name , "tenant_id" ) values (1, 'a' , '1'::pg_catalog.int8 ) on conflict (tenant_id, lower(name)) where units > abs(1) do nothing
$> insert into "public"."properties" (id, name , "tenant_id" ) values (1, 'a' , $1::pg_catalog.int8 ) on conflict (tenant_id, lower(name)) where units > abs(1) do nothing

-- a call in a conflict target
INSERT INTO properties (id, name) VALUES (1, 'a') ON CONFLICT (tenant_id, pg_sleep(1)) DO NOTHING
!! 0A000 construct a literal without a cast beside a NULL of such a type is not supported through pgmoat

-- a call in the predicate of a conflict target
INSERT INTO properties (id, name) VALUES (1, 'a') ON CONFLICT (tenant_id) WHERE pg_sleep(1) IS NULL DO NOTHING
!! 0A000 construct a literal without a cast beside a NULL of such a type is not supported through pgmoat

-- an expression in place of the tenant column
INSERT INTO properties (id, name) VALUES (1, 'a') ON CONFLICT ((tenant_id)) DO NOTHING
!! 0A000 construct this ON CONFLICT on "properties" is not supported through pgmoat

-- the tenant column in parts
UPDATE properties SET tenant_id[1] = 2
!! 42501 tenant_column the tenant column of relation "properties" must hold the own tenant's value

-- the tenant column's field in a list
UPDATE properties SET (name, tenant_id.x) = ('a', 2)
!! 42501 tenant_column the tenant column of relation "properties" must hold the own tenant's value

-- a cursor's row
DELETE FROM properties WHERE CURRENT OF c
=> delete from "public"."properties" where current of c

-- a cursor's row and more
DELETE FROM properties WHERE CURRENT OF c OR true
!! 0A000 construct WHERE CURRENT OF beside another condition, or of anything but UPDATE and DELETE, is not supported through pgmoat

-- a sample of everything
SELECT count(*) FROM properties p TABLESAMPLE SYSTEM (100) REPEATABLE (3) WHERE p.id > 1
=> select count(*) from "public"."properties" p where "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id > 1 )
$> select count(*) from "public"."properties" p where "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id > 1 )

-- a sample of everything behind a fence
SELECT count(*) FROM properties TABLESAMPLE BERNOULLI (100) WHERE 1 / id > 0
=> select count(*) from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) AS "properties" where 1 / id > 0
$> select count(*) from (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) AS "properties" where 1 / id > 0

-- a sample of a part
SELECT count(*) FROM properties TABLESAMPLE SYSTEM (10)
=> select count(*) from (WITH s AS MATERIALIZED (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND (pg_catalog.random() OPERATOR(pg_catalog.*) '100'::pg_catalog.float8) OPERATOR(pg_catalog.<) '10'::pg_catalog.float8 ) SELECT * FROM s) AS "properties"
$> select count(*) from (WITH s AS MATERIALIZED (SELECT * FROM "public"."properties" AS "properties" WHERE "properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND (pg_catalog.random() OPERATOR(pg_catalog.*) '100'::pg_catalog.float8) OPERATOR(pg_catalog.<) '10'::pg_catalog.float8 ) SELECT * FROM s) AS "properties"

-- a sample on the nullable side, behind a fence
SELECT p.id, m.id FROM properties p LEFT JOIN meters AS m TABLESAMPLE BERNOULLI (2.5) ON m.property_id = p.id WHERE 1 / p.id > 0
=> select p.id, m.id from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) p left join (WITH s AS MATERIALIZED (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND (pg_catalog.random() OPERATOR(pg_catalog.*) '100'::pg_catalog.float8) OPERATOR(pg_catalog.<) '2.5'::pg_catalog.float8 OFFSET 0) SELECT * FROM s) as m on m.property_id = p.id where 1 / p.id > 0
$> select p.id, m.id from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) p left join (WITH s AS MATERIALIZED (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND (pg_catalog.random() OPERATOR(pg_catalog.*) '100'::pg_catalog.float8) OPERATOR(pg_catalog.<) '2.5'::pg_catalog.float8 OFFSET 0) SELECT * FROM s) as m on m.property_id = p.id where 1 / p.id > 0

-- a sample under a lock
SELECT id FROM properties TABLESAMPLE SYSTEM (10) FOR UPDATE OF properties
!! 0A000 construct FOR UPDATE or its like beside TABLESAMPLE is not supported through pgmoat

-- a sample of a shared relation
SELECT count(*) FROM tariffs TABLESAMPLE SYSTEM (10) REPEATABLE (3)
=> select count(*) from "public"."tariffs" tablesample system (10) repeatable (3)

-- a sample of a computed share
SELECT count(*) FROM properties TABLESAMPLE SYSTEM (10 + 5)
!! 0A000 construct this form of TABLESAMPLE is not supported through pgmoat

-- a sample of a shared relation, of a computed share
SELECT count(*) FROM tariffs TABLESAMPLE SYSTEM (length(current_user))
!! 0A000 construct this form of TABLESAMPLE is not supported through pgmoat

-- a sample that is to be repeated
SELECT count(*) FROM properties TABLESAMPLE SYSTEM (10) REPEATABLE (3)
!! 0A000 construct this form of TABLESAMPLE is not supported through pgmoat

-- nothing selected
SELECT
=> select

-- nothing selected on a condition
SELECT WHERE EXISTS (SELECT WHERE true)
=> select where exists (select where true)

-- a part of a text by a pattern
SELECT substring(name SIMILAR '%#"a#"%' ESCAPE '#') FROM properties
=> select substring (name similar '%#"a#"%' escape '#') from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select substring (name similar '%#"a#"%' escape '#') from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a part of a text, the length first
SELECT substring(name FOR 2 FROM 3), substring(name FROM 2 FOR 3), substring(name FOR 2) FROM properties
=> select substring (name for 2 from 3), substring (name from 2 for 3), substring (name for 2) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select substring (name for 2 from 3), substring (name from 2 for 3), substring (name for 2) from "public"."properties" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- rows of several relations are locked
SELECT p.id FROM properties p JOIN meters m ON m.property_id = p.id FOR NO KEY UPDATE OF p, m SKIP LOCKED
=> select p.id from "public"."properties" p join "public"."meters" m on m.property_id = p.id WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 for no key update of p, m skip locked
$> select p.id from "public"."properties" p join "public"."meters" m on m.property_id = p.id WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 for no key update of p, m skip locked

-- rows of a shared relation among them
SELECT p.id FROM properties p, tariffs c FOR UPDATE OF p, c
!! 42501 relation permission denied to lock rows of a shared relation

-- ONLY is no name of a type
SELECT null::only meters
!! 42501 type permission denied for type only
