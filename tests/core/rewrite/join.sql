-- join 1
SELECT * FROM properties p JOIN meters m ON m.property_id = p.id WHERE p.id = 1
=> select * from "public"."properties" p join "public"."meters" m on m.property_id = p.id where "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id = 1 )
$> select * from "public"."properties" p join "public"."meters" m on m.property_id = p.id where "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id = 1 )

-- join 2
SELECT * FROM properties p LEFT JOIN meters m ON m.property_id = p.id
=> select * from "public"."properties" p left join "public"."meters" m on ( m.property_id = p.id ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" p left join "public"."meters" m on ( m.property_id = p.id ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 3
SELECT * FROM properties p LEFT JOIN meters m ON m.property_id = p.id OR true LEFT JOIN readings r ON r.meter_id = m.id WHERE p.id = 1 OR p.id = 2
=> select * from "public"."properties" p left join "public"."meters" m on ( m.property_id = p.id or true ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 left join "public"."readings" r on ( r.meter_id = m.id ) AND "r"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 where "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id = 1 or p.id = 2 )
$> select * from "public"."properties" p left join "public"."meters" m on ( m.property_id = p.id or true ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 left join "public"."readings" r on ( r.meter_id = m.id ) AND "r"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 where "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id = 1 or p.id = 2 )

-- join 4
SELECT * FROM properties p RIGHT JOIN meters m ON m.property_id = p.id
=> select * from "public"."properties" p right join "public"."meters" m on ( m.property_id = p.id ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" p right join "public"."meters" m on ( m.property_id = p.id ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 5
SELECT * FROM properties p FULL JOIN meters m ON m.property_id = p.id
=> select * from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p full join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) m on m.property_id = p.id
$> select * from (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p full join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) m on m.property_id = p.id

-- join 6
SELECT * FROM properties p JOIN meters m USING (tenant_id)
=> select * from "public"."properties" p join "public"."meters" m using (tenant_id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" p join "public"."meters" m using (tenant_id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 7
SELECT * FROM properties p LEFT JOIN meters m USING (tenant_id, id)
=> select * from "public"."properties" p left join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) m using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" p left join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) m using (tenant_id, id) WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 8
SELECT * FROM properties NATURAL JOIN invoices
=> select * from "public"."properties" natural join "public"."invoices" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" natural join "public"."invoices" WHERE "public"."properties"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "public"."invoices"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 9
SELECT * FROM properties p CROSS JOIN meters m
=> select * from "public"."properties" p cross join "public"."meters" m WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" p cross join "public"."meters" m WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 10
SELECT * FROM properties p, meters m WHERE p.id = m.property_id
=> select * from "public"."properties" p, "public"."meters" m where "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( p.id = m.property_id )
$> select * from "public"."properties" p, "public"."meters" m where "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( p.id = m.property_id )

-- join 11
SELECT * FROM (properties p JOIN meters m ON m.property_id = p.id) LEFT JOIN readings r ON r.meter_id = m.id
=> select * from ( "public"."properties" p join "public"."meters" m on m.property_id = p.id) left join "public"."readings" r on ( r.meter_id = m.id ) AND "r"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from ( "public"."properties" p join "public"."meters" m on m.property_id = p.id) left join "public"."readings" r on ( r.meter_id = m.id ) AND "r"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 12
SELECT * FROM (properties p LEFT JOIN meters m ON m.property_id = p.id) AS j
=> select * from ( (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) p left join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) m on m.property_id = p.id) as j
$> select * from ( (SELECT * FROM "public"."properties" AS "p" WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) p left join (SELECT * FROM "public"."meters" AS "m" WHERE "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) m on m.property_id = p.id) as j

-- join 13
SELECT * FROM tariffs t LEFT JOIN (properties p JOIN meters m ON m.property_id = p.id) ON p.city = t.code
=> select * from "public"."tariffs" t left join ( "public"."properties" p join "public"."meters" m on m.property_id = p.id) on ( p.city = t.code ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."tariffs" t left join ( "public"."properties" p join "public"."meters" m on m.property_id = p.id) on ( p.city = t.code ) AND "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 14
SELECT * FROM properties p JOIN meters m JOIN readings r ON r.meter_id = m.id ON m.property_id = p.id
=> select * from "public"."properties" p join "public"."meters" m join "public"."readings" r on r.meter_id = m.id on m.property_id = p.id WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND "r"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
$> select * from "public"."properties" p join "public"."meters" m join "public"."readings" r on r.meter_id = m.id on m.property_id = p.id WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND "r"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8

-- join 15
SELECT * FROM tariffs t LEFT JOIN LATERAL (SELECT * FROM invoices i WHERE i.number = t.code LIMIT 1) x ON true
=> select * from "public"."tariffs" t left join lateral (select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.number = t.code ) limit 1) x on true
$> select * from "public"."tariffs" t left join lateral (select * from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( i.number = t.code ) limit 1) x on true

-- join 16
SELECT p.id, count(m.id) FROM properties p LEFT JOIN meters m ON left(m.serial, 1) = 'a' AND m.property_id = p.id GROUP BY p.tenant_id, p.id
=> select p.id, count(m.id) from "public"."properties" p left join "public"."meters" m on ( left (m.serial, 1) = 'a' and m.property_id = p.id ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 group by p.tenant_id, p.id
$> select p.id, count(m.id) from "public"."properties" p left join "public"."meters" m on ( left (m.serial, 1) = 'a' and m.property_id = p.id ) AND "m"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 WHERE "p"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 group by p.tenant_id, p.id
