-- a table that is reached through another
SELECT note FROM payment_lines WHERE payment_id = 5
=> select note from "public"."payment_lines" where EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AND ( payment_id = 5 )
$> select note from "public"."payment_lines" where EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AND ( payment_id = 5 )

-- an alias that begins with an underscore
SELECT _1.note FROM payment_lines _1 WHERE _1.payment_id = 5
=> select _1.note from "public"."payment_lines" _1 where EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AND ( _1.payment_id = 5 )
$> select _1.note from "public"."payment_lines" _1 where EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AND ( _1.payment_id = 5 )

-- two steps
SELECT id FROM line_notes n
=> select id from "public"."line_notes" n WHERE EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "n"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) )
$> select id from "public"."line_notes" n WHERE EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "n"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) )

-- a sum may fail: the rows are filtered by their own scan
SELECT sum(amount) FROM payment_lines
=> select sum(amount) from "public"."payment_lines" WHERE (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE
$> select sum(amount) from "public"."payment_lines" WHERE (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE

-- an outer join
SELECT p.id, l.note FROM payments p LEFT JOIN payment_lines l ON l.payment_id = p.id
=> select p.id, l.note from "public"."payments" p left join "public"."payment_lines" l on ( l.payment_id = p.id ) AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select p.id, l.note from "public"."payments" p left join "public"."payment_lines" l on ( l.payment_id = p.id ) AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- a full join
SELECT p.id, l.note FROM payments p FULL JOIN payment_lines l ON l.payment_id = p.id
=> select p.id, l.note from (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p full join (SELECT * FROM "public"."payment_lines" AS "l" WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) ) l on l.payment_id = p.id
$> select p.id, l.note from (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p full join (SELECT * FROM "public"."payment_lines" AS "l" WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) ) l on l.payment_id = p.id

-- a condition that may fail
SELECT id FROM payment_lines l WHERE note = 'x' AND 1 / n > 0
=> select id from (SELECT * FROM "public"."payment_lines" AS "l" WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AND ( note = 'x' ) OFFSET 0) l where note = 'x' and 1 / n > 0
$> select id from (SELECT * FROM "public"."payment_lines" AS "l" WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AND ( note = 'x' ) OFFSET 0) l where note = 'x' and 1 / n > 0

-- a computed column of a sub-select on a nullable side may be computed before a join
SELECT s.x FROM payments p LEFT JOIN (SELECT 1 / n AS x, payment_id FROM payment_lines) s ON s.payment_id = p.id
=> select s.x from "public"."payments" p left join (select 1 / n as x, payment_id from "public"."payment_lines" WHERE (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE ) s on s.payment_id = p.id WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select s.x from "public"."payments" p left join (select 1 / n as x, payment_id from "public"."payment_lines" WHERE (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE ) s on s.payment_id = p.id WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- locking
SELECT l.id FROM payment_lines l JOIN payments p ON p.id = l.payment_id FOR UPDATE OF l
=> select l.id from "public"."payment_lines" l join "public"."payments" p on p.id = l.payment_id WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 for update of l
$> select l.id from "public"."payment_lines" l join "public"."payments" p on p.id = l.payment_id WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 for update of l

-- groups by the primary key
SELECT l.id, l.note, count(*) FROM payment_lines l GROUP BY l.id
=> select l.id, l.note, count(*) from "public"."payment_lines" l WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) group by l.id
$> select l.id, l.note, count(*) from "public"."payment_lines" l WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) group by l.id

-- update
UPDATE payment_lines SET note = 'x' WHERE id = 3
=> update "public"."payment_lines" set note = 'x' where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND ( id = 3 )
$> update "public"."payment_lines" set note = 'x' where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND ( id = 3 )

-- update with a condition that may fail
UPDATE payment_lines SET note = 'x' WHERE 1 / n > 0 RETURNING *
=> update "public"."payment_lines" set note = 'x' where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE THEN ( 1 / n > 0 ) ELSE false END returning *
$> update "public"."payment_lines" set note = 'x' where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE THEN ( 1 / n > 0 ) ELSE false END returning *

-- delete with a condition that may fail, and another relation
DELETE FROM payment_lines l USING payments p WHERE p.id = l.payment_id AND 1 / l.n > 0
=> delete from "public"."payment_lines" l using (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) p where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND ( p.id = l.payment_id ) AND CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE THEN ( p.id = l.payment_id and 1 / l.n > 0 ) ELSE false END
$> delete from "public"."payment_lines" l using (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) p where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND ( p.id = l.payment_id ) AND CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE THEN ( p.id = l.payment_id and 1 / l.n > 0 ) ELSE false END

-- delete everything
DELETE FROM payment_lines
=> delete from "public"."payment_lines" WHERE (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE
$> delete from "public"."payment_lines" WHERE (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE

-- another parent
UPDATE payment_lines SET payment_id = 6 WHERE id = 3
=> update "public"."payment_lines" set payment_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 6  AS "v" OFFSET 0) AS "_v") where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND ( id = 3 )
$> update "public"."payment_lines" set payment_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 6  AS "v" OFFSET 0) AS "_v") where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND ( id = 3 )

-- insert
INSERT INTO payment_lines (id, payment_id, amount) VALUES (1, 5, 2.5)
=> insert into "public"."payment_lines" (id, payment_id, amount) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 5  AS "v" OFFSET 0) AS "_v") , 2.5)
$> insert into "public"."payment_lines" (id, payment_id, amount) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 5  AS "v" OFFSET 0) AS "_v") , 2.5)

-- a reference to a row that is reached through another
INSERT INTO line_notes (id, line_id) VALUES (1, 5)
=> insert into "public"."line_notes" (id, line_id) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND (EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_p"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f23_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 5  AS "v" OFFSET 0) AS "_v") )
$> insert into "public"."line_notes" (id, line_id) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND (EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_p"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f23_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 5  AS "v" OFFSET 0) AS "_v") )

-- insert what was read
INSERT INTO payment_lines (id, payment_id) SELECT id + 1, id FROM payments
=> insert into "public"."payment_lines" (id, payment_id) select id + 1, id from "public"."payments" WHERE "public"."payments"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> insert into "public"."payment_lines" (id, payment_id) select id + 1, id from "public"."payments" WHERE "public"."payments"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- insert for nobody
INSERT INTO payment_lines (id, payment_id) VALUES (1, NULL)
!! 42501 tenant_column the row of relation "payment_lines" must reference an own row by column "payment_id"

-- insert for nobody, left out
INSERT INTO payment_lines (id, note) VALUES (1, 'x')
!! 42501 tenant_column the row of relation "payment_lines" must reference an own row by column "payment_id"

-- insert without a column list
INSERT INTO line_notes VALUES (1, $1, 'x')
$> insert into "public"."line_notes" ("id", "line_id", "note") values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND (EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_p"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 )) IS TRUE ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f23_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT $1 ::pg_catalog."int8" AS "v" OFFSET 0) AS "_v") , 'x')

-- conflict
INSERT INTO payment_lines (id, payment_id) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET note = 'x'
=> insert into "public"."payment_lines" (id, payment_id) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") ) on conflict (id) do update set note = 'x' WHERE CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE THEN true ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u22_0')::pg_catalog.bool END
$> insert into "public"."payment_lines" (id, payment_id) values (1, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT 2  AS "v" OFFSET 0) AS "_v") ) on conflict (id) do update set note = 'x' WHERE CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE THEN true ELSE pg_catalog.concat('pgmoat_00000000000000000000000000000000_u22_0')::pg_catalog.bool END

-- ONLY
SELECT id FROM ONLY payment_lines WHERE id = 1
=> select id from ONLY "public"."payment_lines" where EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) AND ( id = 1 )
$> select id from ONLY "public"."payment_lines" where EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) AND ( id = 1 )

-- what is safe of a condition is repeated outside of the gate
UPDATE payment_lines SET note = 'x' WHERE id = 3 AND 1 / n > 0 AND note IN (SELECT note FROM line_notes)
=> update "public"."payment_lines" set note = 'x' where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND ( id = 3 ) AND CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE THEN ( id = 3 and 1 / n > 0 and note in (select note from (SELECT * FROM "public"."line_notes" AS "line_notes" WHERE EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "line_notes"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) ) OFFSET 0) AS "line_notes" ) ) ELSE false END
$> update "public"."payment_lines" set note = 'x' where (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND ( id = 3 ) AND CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "public"."payment_lines"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE THEN ( id = 3 and 1 / n > 0 and note in (select note from (SELECT * FROM "public"."line_notes" AS "line_notes" WHERE EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "line_notes"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) ) OFFSET 0) AS "line_notes" ) ) ELSE false END

-- merge
MERGE INTO payment_lines l USING (VALUES (1, 5)) v(id, p) ON l.id = v.id WHEN MATCHED AND l.n > 0 THEN UPDATE SET payment_id = v.p, note = 'x' WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, payment_id, note) VALUES (v.id, v.p, 'y')
=> merge into "public"."payment_lines" l using (values (1, 5)) v(id, p) on (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND ( l.id = v.id ) when matched and l.n > 0 then update set payment_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT v.p  AS "v" OFFSET 0) AS "_v") , note = 'x' when matched then delete when not matched then insert (id, payment_id, note) values (v.id, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT v.p  AS "v" OFFSET 0) AS "_v") , 'y')
$> merge into "public"."payment_lines" l using (values (1, 5)) v(id, p) on (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND ( l.id = v.id ) when matched and l.n > 0 then update set payment_id = (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT v.p  AS "v" OFFSET 0) AS "_v") , note = 'x' when matched then delete when not matched then insert (id, payment_id, note) values (v.id, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payments" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND "_p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f22_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT v.p  AS "v" OFFSET 0) AS "_v") , 'y')

-- merge, two steps
MERGE INTO line_notes n USING payment_lines l ON n.line_id = l.id WHEN MATCHED AND 1 / l.n > 0 THEN UPDATE SET note = l.note WHEN NOT MATCHED THEN INSERT VALUES (l.id, l.id, l.note)
=> merge into "public"."line_notes" n using (SELECT * FROM "public"."payment_lines" AS "l" WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) ) l on (EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "n"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) )) IS TRUE AND ( n.line_id = l.id ) when matched and 1 / l.n > 0 then update set note = l.note when not matched then insert ("id", "line_id", "note") values (l.id, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND (EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_p"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f23_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT l.id  AS "v" OFFSET 0) AS "_v") , l.note)
$> merge into "public"."line_notes" n using (SELECT * FROM "public"."payment_lines" AS "l" WHERE EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) ) l on (EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "n"."line_id" AND EXISTS (SELECT FROM ONLY "public"."payments" AS "_2" WHERE "_2"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "_2"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) )) IS TRUE AND ( n.line_id = l.id ) when matched and 1 / l.n > 0 then update set note = l.note when not matched then insert ("id", "line_id", "note") values (l.id, (SELECT CASE WHEN "_v"."v" IS NULL THEN "_v"."v" WHEN NOT EXISTS (SELECT FROM ONLY "public"."payment_lines" AS "_p" WHERE "_p"."id" OPERATOR(pg_catalog.=) "_v"."v"::int8 AND (EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_p"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE ) THEN CASE WHEN pg_catalog.concat('pgmoat_00000000000000000000000000000000_f23_0')::pg_catalog.bool THEN "_v"."v" END ELSE "_v"."v" END FROM (SELECT l.id  AS "v" OFFSET 0) AS "_v") , l.note)

-- merge, with our alias
MERGE INTO payment_lines _1 USING payments p ON _1.payment_id = p.id WHEN MATCHED THEN DELETE
=> merge into "public"."payment_lines" _1 using (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p on (EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND ( _1.payment_id = p.id ) when matched then delete
$> merge into "public"."payment_lines" _1 using (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p on (EXISTS (SELECT FROM ONLY "public"."payments" AS "m1" WHERE "m1"."id" OPERATOR(pg_catalog.=) "_1"."payment_id" AND "m1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND ( _1.payment_id = p.id ) when matched then delete

-- merge for nobody
MERGE INTO payment_lines l USING payments p ON l.payment_id = p.id WHEN NOT MATCHED THEN INSERT (id) VALUES (p.id)
!! 42501 tenant_column the row of relation "payment_lines" must reference an own row by column "payment_id"

-- merge for NULL
MERGE INTO payment_lines l USING payments p ON l.payment_id = p.id WHEN NOT MATCHED THEN INSERT (id, payment_id) VALUES (p.id, NULL)
!! 42501 tenant_column the row of relation "payment_lines" must reference an own row by column "payment_id"

-- merge for the default
MERGE INTO payment_lines l USING payments p ON l.payment_id = p.id WHEN NOT MATCHED THEN INSERT (id, payment_id) VALUES (p.id, DEFAULT)
!! 42501 tenant_column the row of relation "payment_lines" must reference an own row by column "payment_id"

-- merge that gives to nobody
MERGE INTO payment_lines l USING payments p ON l.payment_id = p.id WHEN MATCHED THEN UPDATE SET payment_id = NULL
!! 42501 tenant_column the row of relation "payment_lines" must reference an own row by column "payment_id"

-- merge with a condition that may fail on the target
MERGE INTO payment_lines l USING payments p ON 1 / l.n > p.id WHEN MATCHED THEN DELETE
=> merge into "public"."payment_lines" l using (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 OFFSET 0) p on (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE AND CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 )) IS TRUE THEN ( 1 / l.n > p.id ) ELSE false END when matched then delete
$> merge into "public"."payment_lines" l using (SELECT * FROM "public"."payments" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 OFFSET 0) p on (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE AND CASE WHEN (EXISTS (SELECT FROM ONLY "public"."payments" AS "_1" WHERE "_1"."id" OPERATOR(pg_catalog.=) "l"."payment_id" AND "_1"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 )) IS TRUE THEN ( 1 / l.n > p.id ) ELSE false END when matched then delete
