-- copy 1
COPY meters TO STDOUT
=> COPY ( select "tenant_id", "id", "property_id", "serial", "kind" from ONLY "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) TO STDOUT

-- copy 2
COPY public."meters" (serial, "id") TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER ';', NULL E'a\\b', FORCE_QUOTE (serial))
=> COPY ( select "serial", "id" from ONLY "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) TO STDOUT WITH (FORMAT csv, DELIMITER ';', NULL E'a\\b', HEADER true, FORCE_QUOTE ("serial"))

-- copy 3
COPY tariffs TO STDOUT WITH DELIMITER AS '|' NULL AS '' CSV HEADER FORCE QUOTE *
=> COPY ( select "code", "price" from ONLY "public"."tariffs" ) TO STDOUT WITH (FORMAT csv, DELIMITER '|', NULL '', HEADER true, FORCE_QUOTE *)

-- copy 4
COPY BINARY tariffs (code) TO STDIN
=> COPY ( select "code" from ONLY "public"."tariffs" ) TO STDOUT WITH (FORMAT binary)

-- copy 5
COPY (SELECT m.id, 'x;y' FROM meters m WHERE m.kind = 'water' LIMIT 5) TO STDOUT
=> COPY ( select m.id, 'x;y' from "public"."meters" m where "m"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( m.kind = 'water' ) limit 5 ) TO STDOUT

-- copy 6
COPY (DELETE FROM meters WHERE id = 1 RETURNING *) TO STDOUT (FORMAT binary)
=> COPY ( delete from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = 1 ) returning * ) TO STDOUT WITH (FORMAT binary)

-- copy 7
COPY (WITH w AS (TABLE meters) SELECT * FROM w) TO STDOUT; SELECT 1
=> COPY ( with w as ( SELECT * FROM "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) select * from w ) TO STDOUT
=> select 1

-- copy 8
COPY open_invoices TO STDOUT
!! 42809 relation cannot copy from view "open_invoices"

-- copy 9
COPY (SELECT * FROM open_invoices) TO STDOUT
=> COPY ( select * from ( select i.tenant_id, i.id, i.number from "public"."invoices" i where "i"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( i.status = 'open'::text ) ) AS "open_invoices" ) TO STDOUT

-- copy 10
COPY operators_notes TO STDOUT
!! 42P01 hidden_relation relation "operators_notes" does not exist

-- copy 11
COPY pg_catalog.pg_class TO STDOUT
!! 42501 relation permission denied for relation pg_class

-- copy 12
COPY (SELECT * FROM operators_notes) TO STDOUT
!! 42P01 hidden_relation relation "operators_notes" does not exist

-- copy 13
COPY meters FROM STDIN
=> COPY "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") FROM STDIN WITH (FORMAT text)

-- copy 14
COPY meters (serial, id) FROM STDIN WITH (FORMAT csv, HEADER match, QUOTE '''')
=> COPY "public"."meters" ("tenant_id", "serial", "id") FROM STDIN WITH (FORMAT text)

-- copy 15
COPY meters (serial, "tenant_id") FROM STDIN BINARY
=> COPY "public"."meters" ("serial", "tenant_id") FROM STDIN WITH (FORMAT binary)

-- copy 16
COPY tariffs FROM STDIN
!! 42501 relation permission denied for relation tariffs

-- copy 17
COPY open_invoices FROM STDIN
!! 42809 construct cannot copy to view "open_invoices"

-- copy 18
COPY invoice_lines (invoice_id, amount) FROM STDIN
!! 0A000 construct COPY to column "invoice_id", which refers to "invoices", is not supported

-- copy 19
COPY meters FROM STDIN WHERE id > 1
!! 0A000 construct COPY FROM with WHERE is not supported through pgmoat

-- copy 20
COPY meters FROM STDIN (FREEZE)
!! 0A000 construct COPY with FREEZE is not supported through pgmoat

-- copy 21
COPY meters FROM STDIN (FREEZE off, ENCODING 'utf-8')
=> COPY "public"."meters" ("tenant_id", "id", "property_id", "serial", "kind") FROM STDIN WITH (FORMAT text)

-- copy 22
COPY meters FROM PROGRAM 'cat'
!! 42501 statement COPY from programs is not allowed to tenants

-- copy 23
COPY meters TO E'/tmp/\x41'
!! 42501 statement COPY to files of the server is not allowed to tenants

-- copy 24
COPY (SELECT $1) TO STDOUT
!! 42P02 syntax there is no parameter $1

-- copy 25
COPY (COPY meters TO STDOUT) TO STDOUT
!! 42601 syntax only statements that return rows can be copied

-- copy 26
COPY meters (id, id) FROM STDIN
!! 42701 syntax column "id" specified more than once

-- copy 27
COPY meters (nothing) TO STDOUT
!! 42703 syntax column "nothing" of relation "meters" does not exist

-- copy 28
COPY meters TO STDOUT (FORMAT csv, FORMAT text)
!! 42601 syntax conflicting or redundant options

-- copy 29
COPY meters TO STDOUT WITH
=> COPY ( select "tenant_id", "id", "property_id", "serial", "kind" from ONLY "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) TO STDOUT

-- copy 30
COPY meters TO STDOUT garbage
!! 42601 syntax syntax error at or near "garbage"

-- copy 31
COPY (SELECT 1) FROM STDIN
!! 42601 syntax syntax error at or near "FROM"

-- copy 32
COPY meters TO
!! 42601 syntax syntax error at end of input

-- copy 33
COPY
!! 42601 syntax syntax error at end of input

-- copy 34
COPY (SELECT 1 TO STDOUT
!! 42601 syntax syntax error at or near "("

-- copy 35
EXPLAIN COPY meters TO STDOUT
!! 42601 syntax this kind of statement cannot be explained

-- copy 36
PREPARE p AS COPY meters TO STDOUT
!! 42601 syntax only statements that return or change rows can be prepared

-- copy 37
COPY meters TO STDOUT (FORCE_QUOTE)
!! 22023 construct argument to option "force_quote" must be a list of column names

-- copy 38
COPY documents (tenant_key, id) FROM STDIN (DELIMITER ',', NULL 'x', HEADER 0)
=> COPY "public"."documents" ("tenant_key", "id") FROM STDIN WITH (FORMAT text)
