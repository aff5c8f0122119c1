-- commands 1
BEGIN
=> begin

-- commands 2
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY
=> begin isolation level repeatable read, read only

-- commands 3
START TRANSACTION READ WRITE
=> start transaction read write

-- commands 4
COMMIT
=> commit

-- commands 5
END
=> end

-- commands 6
ROLLBACK
=> rollback

-- commands 7
ROLLBACK TO SAVEPOINT a
=> rollback to savepoint a

-- commands 8
COMMIT AND CHAIN
=> commit and chain

-- commands 9
SAVEPOINT "Weird Name"
=> savepoint "Weird Name"

-- commands 10
RELEASE a
=> release a

-- commands 11
PREPARE TRANSACTION 'x'
!! 42501 statement Two-phase commit is not allowed to tenants

-- commands 12
COMMIT PREPARED 'x'
!! 42501 statement Two-phase commit is not allowed to tenants

-- commands 13
SET TimeZone = 'Europe/Vienna'
=> SET "timezone" TO 'Europe/Vienna'

-- commands 14
SET TIME ZONE 'UTC'
=> SET "timezone" TO 'UTC'

-- commands 15
SET LOCAL statement_timeout TO 1000
=> SET LOCAL "statement_timeout" TO 1000

-- commands 16
SET SESSION application_name = 'x'
=> SET "application_name" TO 'x'

-- commands 17
SET client_encoding TO 'utf-8'
=> SET "client_encoding" TO 'utf-8'

-- commands 18
SET NAMES 'latin1'
!! 42501 setting parameter "client_encoding" cannot be changed

-- commands 19
SET search_path TO public
=> SET standard_conforming_strings TO on

-- commands 20
SET ROLE postgres
!! 42501 setting parameter "role" cannot be changed

-- commands 21
SET SESSION AUTHORIZATION DEFAULT
!! 42501 setting parameter "session_authorization" cannot be changed

-- commands 22
SET standard_conforming_strings = off
!! 42501 setting parameter "standard_conforming_strings" cannot be changed

-- commands 23
SET app.tenant = '2'
!! 42501 setting permission denied for parameter "app.tenant"

-- commands 24
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
=> set transaction isolation level serializable

-- commands 25
RESET timezone
=> RESET "timezone"

-- commands 26
RESET ALL
=> reset all

-- commands 27
SHOW server_version
=> SHOW "server_version"

-- commands 28
SHOW data_directory
!! 42501 setting permission denied for parameter "data_directory"

-- commands 29
SHOW ALL
!! 42501 setting permission denied for parameter "all"

-- commands 30
DEALLOCATE ALL
=> deallocate all

-- commands 31
DEALLOCATE p
=> deallocate p

-- commands 32
DISCARD ALL
=> discard all

-- commands 33
DISCARD TEMP
=> DISCARD TEMP

-- commands 34
PREPARE p (bigint, text) AS SELECT * FROM meters WHERE id = $1 AND serial = $2
=> select * from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 AND ( id = $1 and serial = $2 )
$> select * from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ( id = $1 and serial = $2 )

-- commands 35
PREPARE p (regclass) AS SELECT $1
!! 42501 type type regclass cannot be declared for a prepared statement

-- commands 36
EXECUTE p (1, lower('X'))
=>

-- commands 37
EXECUTE p (pg_sleep(1))
!! 42501 function permission denied for function pg_sleep

-- commands 38
EXPLAIN SELECT * FROM meters
!! 0A000 construct EXPLAIN of a statement on tenants' rows is not supported through pgmoat

-- commands 39
EXPLAIN ANALYZE SELECT * FROM meters
!! 0A000 construct EXPLAIN with ANALYZE is not supported through pgmoat

-- commands 40
EXPLAIN (VERBOSE, FORMAT json) SELECT * FROM meters WHERE id = 1
!! 0A000 construct EXPLAIN of a statement on tenants' rows is not supported through pgmoat

-- commands 41
EXPLAIN (BUFFERS) SELECT 1
!! 0A000 construct EXPLAIN with BUFFERS is not supported through pgmoat

-- commands 42
BEGIN; UPDATE meters SET kind = 'x'; COMMIT
=> begin
=> update "public"."meters" set kind = 'x' WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8
=> commit

-- commands 43
;

-- commands: session 1
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE
=> SET "default_transaction_isolation" TO 'serializable'

-- commands: session 2
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY, DEFERRABLE
!! 0A000 setting SET SESSION CHARACTERISTICS with several modes is not supported through pgmoat

-- commands: session 3
SET TIME ZONE LOCAL; SET datestyle TO DEFAULT; SET LOCAL datestyle TO DEFAULT
=> RESET "timezone"
=> RESET "datestyle"
=> SET LOCAL "datestyle" TO default

-- commands: session 4
SET search_path TO "$user", public
=> SET standard_conforming_strings TO on

-- commands: session 5
SET search_path TO public, other
!! 42501 setting parameter "search_path" cannot be changed

-- commands: session 6
SET client_min_messages = 'DEBUG5'
!! 42501 setting parameter "client_min_messages" cannot be changed

-- commands: session 7
SET transaction_isolation = 'serializable'; SET CONSTRAINTS ALL DEFERRED; UNLISTEN "Some"; DISCARD TEMPORARY
=> SET "transaction_isolation" TO 'serializable'
=> SET CONSTRAINTS ALL DEFERRED
=> UNLISTEN *
=> DISCARD TEMP

-- commands: session 8
SET CONSTRAINTS secret DEFERRED
!! 42704 setting constraint "secret" does not exist

-- commands: session 9
SET jit = 1
!! 42501 setting parameter "jit" cannot be changed

-- commands: session 10
RESET transaction_isolation
!! 42501 setting parameter "transaction_isolation" cannot be changed

-- commands: session 11
UNLISTEN
!! 42601 syntax syntax error at end of input

-- commands: cursor 1
DECLARE "My" NO SCROLL BINARY CURSOR WITHOUT HOLD FOR SELECT id FROM meters WHERE kind = 'x' AND id > $1
$> DECLARE "My" NO SCROLL BINARY CURSOR FOR select id from "public"."meters" where "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $2::pg_catalog.int8 AND ( kind = 'x' and id > $1 )

-- commands: cursor 2
DECLARE c SCROLL INSENSITIVE CURSOR FOR (TABLE meters) ORDER BY 1 LIMIT 3
=> DECLARE "c" SCROLL INSENSITIVE CURSOR FOR ( SELECT * FROM "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) '1'::pg_catalog.int8 ) order by 1 limit 3
$> DECLARE "c" SCROLL INSENSITIVE CURSOR FOR ( SELECT * FROM "public"."meters" WHERE "public"."meters"."tenant_id" OPERATOR(pg_catalog.=) $1::pg_catalog.int8 ) order by 1 limit 3

-- commands: cursor 3
DECLARE c CURSOR WITH HOLD FOR SELECT 1
!! 0A000 statement a cursor WITH HOLD is not supported through pgmoat

-- commands: cursor 4
FETCH c; FETCH next FROM c; FETCH -5 IN c; FETCH forward 10 "My"; FETCH BACKWARD ALL c; FETCH ABSOLUTE +1 c; FETCH first; MOVE 3 c
=> FETCH FROM "c"
=> FETCH NEXT FROM "c"
=> FETCH -5 FROM "c"
=> FETCH FORWARD 10 FROM "My"
=> FETCH BACKWARD ALL FROM "c"
=> FETCH ABSOLUTE 1 FROM "c"
=> FETCH FROM "first"
=> MOVE 3 FROM "c"

-- commands: cursor 5
CLOSE c; CLOSE ALL
=> CLOSE "c"
=> CLOSE ALL

-- commands: cursor 6
FETCH 1.5 FROM c
!! 42601 syntax syntax error at or near a literal

-- commands: cursor 7
FETCH FORWARD 99999999999999999999; SELECT 1 FROM c
!! 42601 syntax syntax error at or near a literal

-- commands: cursor 8
DECLARE c CURSOR FOR INSERT INTO meters DEFAULT VALUES
!! 42601 syntax syntax error at or near "INSERT"

-- commands: cursor 9
UPDATE meters SET kind = 'x' WHERE CURRENT OF c
=> update "public"."meters" set kind = 'x' where current of c

-- commands: cursor 10
FETCH ALL FROM c d
!! 42601 syntax syntax error at or near "d"

-- commands: cursor 11
DECLARE c CURSOR FOR FETCH c
!! 42601 syntax syntax error at or near "FETCH"

-- commands: cursor 12
FETCH - FROM c
!! 42601 syntax syntax error at or near "FROM"

-- commands: timeout 1
SET statement_timeout TO '10s'
=> SET "statement_timeout" TO 10000

-- commands: timeout 2
SET statement_timeout = 0; SET LOCAL statement_timeout = '1 min'; SET lock_timeout TO 0; SET statement_timeout TO DEFAULT
=> SET "statement_timeout" TO 30000
=> SET LOCAL "statement_timeout" TO 30000
=> SET "lock_timeout" TO 0
=> RESET "statement_timeout"

-- commands: timeout 3
SET statement_timeout = '1.5h'
!! 0A000 setting this value of "statement_timeout" is not supported through pgmoat

-- commands: timeout 4
SET SESSION statement_timeout = -1
!! 0A000 setting this value of "statement_timeout" is not supported through pgmoat

-- commands: timeout 5
SET statement_timeout = +0
!! 0A000 setting this value of "statement_timeout" is not supported through pgmoat

-- commands: timeout 6
SET "statement_timeout" TO 0.0
!! 0A000 setting this value of "statement_timeout" is not supported through pgmoat

-- set_config alone is SET
SELECT set_config('TimeZone', 'UTC', false)
=> SELECT pg_catalog.set_config('timezone', 'UTC', false) AS "set_config"

-- set_config for the transaction, with a name
SELECT pg_catalog.set_config('application_name', 'it''s', true) AS name
=> SELECT pg_catalog.set_config('application_name', 'it''s', true) AS "name"

-- set_config of a timeout is no longer than the server's own
SELECT set_config('statement_timeout', '5s', false)
=> SELECT pg_catalog.set_config('statement_timeout', '5000', false) AS "set_config"

-- set_config as pgAdmin sends it
SELECT set_config('bytea_output', 'hex', false) FROM pg_show_all_settings() WHERE name = 'bytea_output'
=> SELECT pg_catalog.set_config('bytea_output', 'hex', false) AS "set_config"

-- set_config once for each row of another name
SELECT set_config('bytea_output', 'hex', false) FROM pg_settings WHERE name = 'DateStyle'
!! 42P01 hidden_relation relation "pg_settings" does not exist

-- set_config of the search path that is there anyway
SELECT set_config('search_path', '"$user", public', false)
=> SELECT '"$user", public'::pg_catalog.text AS "set_config"

-- set_config of another search path
SELECT set_config('search_path', '', false)
!! 42501 setting parameter "search_path" cannot be changed

-- set_config of what tenants may not set
SELECT set_config('role', 'postgres', false)
!! 42501 setting parameter "role" cannot be changed

-- set_config of a pinned setting
SELECT set_config('standard_conforming_strings', 'off', false)
!! 42501 setting parameter "standard_conforming_strings" cannot be changed

-- set_config of a computed name
SELECT set_config('Time' || 'Zone', 'UTC', false)
!! 42501 function permission denied for function set_config

-- set_config beside another column
SELECT 1, set_config('TimeZone', 'UTC', false)
!! 42501 function permission denied for function set_config

-- set_config once for each own row
SELECT set_config('TimeZone', 'UTC', false) FROM properties
!! 42501 function permission denied for function set_config

-- an interval as a time zone
SET TIME ZONE INTERVAL '+02:00' HOUR TO MINUTE
=> SET TIME ZONE interval '+02:00' hour to minute

-- a timeout of idle transactions
SET idle_in_transaction_session_timeout = '10min'
=> SET "idle_in_transaction_session_timeout" TO 600000

-- an argument of EXECUTE that reads a relation
EXECUTE q((SELECT name FROM properties WHERE id = 1))
!! 0A000 construct cannot use subquery in EXECUTE parameter
