-- Transactions, settings, SQL-level prepared statements, cursors, batches, EXPLAIN.
--# begin and commit | both | same
BEGIN
--;
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'tx') RETURNING id
--;
COMMIT
--;
SELECT label FROM assets WHERE id = 1901
--# begin and rollback | both | same
BEGIN
--;
DELETE FROM payments
--;
ROLLBACK
--;
SELECT count(*) FROM payments
--# start transaction with modes | both | same
START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
--;
SELECT count(*) FROM properties
--;
DELETE FROM payments
--;
END
--# begin serializable | both | same
BEGIN ISOLATION LEVEL SERIALIZABLE
--;
SELECT count(*) FROM properties
--;
COMMIT WORK
--# set transaction | both | same-or-refused
BEGIN
--;
SET TRANSACTION READ ONLY
--;
DELETE FROM payments
--;
ROLLBACK
--# begin twice | both | same
BEGIN
--;
BEGIN
--;
COMMIT
--# commit without a transaction | both | same
COMMIT
--;
ROLLBACK
--;
END
--# abort | both | same
BEGIN
--;
ABORT
--# an error fails the transaction | both | same
BEGIN
--;
SELECT 1 / 0
--;
SELECT count(*) FROM properties
--;
COMMIT
--;
SELECT 1
--# a refusal fails the transaction | both | same
BEGIN
--;
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'lost')
--;
--! refused 42501
INSERT INTO assets (id, tenant_id, label) VALUES (1902, 2, 'x')
--;
--! same
SELECT count(*) FROM assets
--;
COMMIT
--;
SELECT count(*) FROM assets
--# savepoint after a refusal | both | same
BEGIN
--;
SAVEPOINT a
--;
--! refused 42501
UPDATE properties SET tenant_id = 3
--;
ROLLBACK TO a
--;
UPDATE properties SET units = 3 WHERE id = 1001 RETURNING units
--;
COMMIT
--# savepoints | both | same
BEGIN
--;
SAVEPOINT one
--;
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'a')
--;
SAVEPOINT two
--;
INSERT INTO assets (id, tenant_id, label) VALUES (1902, 1, 'b')
--;
ROLLBACK TO SAVEPOINT two
--;
RELEASE SAVEPOINT one
--;
COMMIT
--;
SELECT id FROM assets WHERE id > 1900
--# savepoint outside a transaction | both | same
SAVEPOINT a
--# rollback to nothing | both | same
BEGIN
--;
ROLLBACK TO nothing
--;
ROLLBACK
--# quoted savepoint | both | same
BEGIN
--;
SAVEPOINT "Mixed ""Name"
--;
ROLLBACK TO "Mixed ""Name"
--;
COMMIT
--# commit and chain | both | same-or-refused
BEGIN
--;
COMMIT AND CHAIN
--;
SELECT 1
--;
ROLLBACK
--# rollback and no chain | both | same-or-refused
BEGIN
--;
ROLLBACK AND NO CHAIN
--# two-phase commit | both | same
BEGIN
--;
--! refused
PREPARE TRANSACTION 'x'
--# commit prepared | both | refused
COMMIT PREPARED 'x'
--# empty statement | both | same

--# only a comment | both | same
-- nothing here
--# only semicolons | simple | same
;;;
--# batch | simple | same
SELECT 1; SELECT count(*) FROM properties; SELECT name FROM organisations
--# batch with an error in the middle | simple | same
SELECT 1; SELECT 1 / 0; SELECT 2
--# batch is one transaction | simple | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'a'); SELECT 1 / 0
--;
SELECT count(*) FROM assets
--# batch with a refusal | simple | refused 42501
DELETE FROM payments; INSERT INTO assets (id, tenant_id, label) VALUES (1901, 2, 'a')
--;
--! same
SELECT count(*) FROM payments
--# batch with a transaction | simple | same
BEGIN; UPDATE properties SET units = 2; COMMIT; SELECT sum(units) FROM properties
--# batch that leaves a transaction open | simple | same
BEGIN; UPDATE properties SET units = 2
--;
ROLLBACK
--;
SELECT sum(units) FROM properties
--# batch that commits before setting | simple | refused
SELECT 1; COMMIT; SET ROLE NONE; SELECT * FROM properties
--# batch that hides a statement behind a comment | simple | same
SELECT 1 /* ; DELETE FROM payments; */ ; SELECT 2 -- ; DELETE FROM payments
--# trailing semicolon | both | same
SELECT count(*) FROM properties;
--# two statements in one parse | extended | same
SELECT 1; SELECT 2
--# writes in a batch | simple | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'a'); UPDATE assets SET label = 'b' WHERE id = 1901; DELETE FROM payments WHERE id = 1001; SELECT * FROM assets
--# set and show an allowed setting | both | same
SET application_name = 'tests'
--;
SHOW application_name
--;
RESET application_name
--;
SELECT 1
--# set time zone | both | same
SET TIME ZONE 'Europe/Berlin'
--;
SELECT paid_at FROM payments ORDER BY id
--;
SET TIME ZONE DEFAULT
--# set timezone | both | same
SET timezone TO 'UTC'
--;
SHOW timezone
--# set datestyle | both | same
SET DateStyle = 'German'
--;
SELECT due FROM invoices
--;
SET LOCAL DateStyle = 'ISO'
--# set local ends with the transaction | both | same
BEGIN
--;
SET LOCAL timezone = 'Asia/Tokyo'
--;
SELECT paid_at FROM payments
--;
COMMIT
--;
SELECT paid_at FROM payments
--# a rolled back set is undone | both | same
BEGIN
--;
SET timezone = 'Asia/Tokyo'
--;
ROLLBACK
--;
SHOW timezone
--# show server version | both | same
SHOW server_version
--# show all | both | same-or-refused
SHOW ALL
--# show transaction isolation | both | same
SHOW TRANSACTION ISOLATION LEVEL
--# show search_path | both | safe
SHOW search_path
--# set search_path | both | refused
SET search_path = pg_temp, public
--# set local search_path | both | refused
SET LOCAL search_path TO other
--# set schema | both | refused
SET SCHEMA 'pg_catalog'
--# set role | both | refused
SET ROLE postgres
--# set role none | both | refused
SET ROLE NONE
--# reset role | both | refused
RESET ROLE
--# set session authorization | both | refused
SET SESSION AUTHORIZATION postgres
--# reset session authorization | both | refused
RESET SESSION AUTHORIZATION
--# set row_security | both | refused
SET row_security = off
--# set session_replication_role | both | refused
SET session_replication_role = replica
--# set standard_conforming_strings | both | refused
SET standard_conforming_strings = off
--# set client_encoding | both | refused
SET client_encoding = 'SJIS'
--# set names | both | refused
SET NAMES 'LATIN1'
--# set names utf8 | both | same-or-refused
SET client_encoding = 'UTF8'
--# set backslash_quote | both | refused
SET backslash_quote = on
--# set transform_null_equals | both | refused
SET transform_null_equals = on
--# set a custom setting | both | refused
SET app.tenant = '2'
--# set client_min_messages | both | refused
SET client_min_messages = debug5
--# set default_transaction_read_only | both | refused
--! same-or-refused
SET default_transaction_read_only = off
--# set session characteristics | both | same
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY
--# set an unknown setting | both | refused
--! safe
SET no_such_setting = 1
--# reset all | both | same-or-refused
RESET ALL
--# discard all | both | same-or-refused
DISCARD ALL
--# discard temp | both | same-or-refused
DISCARD TEMP
--# set_config | both | refused
SELECT set_config('search_path', 'pg_temp', false)
--# set_config with a computed name | both | refused
SELECT set_config('ro' || 'le', 'postgres', false)
--# current_setting of a custom setting | both | same
SELECT current_setting('app.tenant', true)
--# update pg_settings | both | refused
UPDATE pg_settings SET setting = 'postgres' WHERE name = 'role'
--# prepare and execute | both | same
PREPARE q AS SELECT name FROM properties WHERE units > 2
--;
EXECUTE q
--;
DEALLOCATE q
--;
EXECUTE q
--# prepare with types | both | same
PREPARE q (bigint, text) AS SELECT name FROM properties WHERE id = $1 OR town = $2
--;
EXECUTE q (1001, 'Elm')
--;
EXECUTE q (2001, 'nowhere')
--;
EXECUTE q (1 + 1000, 'O' || 'ak')
--;
DEALLOCATE PREPARE q
--# prepare a write | both | same
PREPARE w (int) AS UPDATE properties SET units = $1 WHERE id = 1002 RETURNING units
--;
EXECUTE w (12)
--# prepare an insert of the tenant | both | same
PREPARE w (bigint, bigint) AS INSERT INTO assets (id, tenant_id, label) VALUES ($1, $2, 'p') RETURNING *
--;
--! same-or-refused
EXECUTE w (1901, 1)
--;
--! refused
EXECUTE w (1902, 2)
--;
--! refused
EXECUTE w (1902, NULL)
--;
--! same
SELECT count(*) FROM assets
--# execute with the wrong count | both | same
PREPARE q (int) AS SELECT $1
--;
EXECUTE q (1, 2)
--# prepare a stamped insert | both | same
PREPARE w (bigint, text) AS INSERT INTO assets (id, label, tenant_id) VALUES ($1, $2, 1) RETURNING *
--;
EXECUTE w (1901, 'a')
--;
EXECUTE w (1902, 'b')
--# execute with a sub-select | both | same-or-refused
PREPARE q (bigint) AS SELECT name FROM properties WHERE id >= $1
--;
EXECUTE q ((SELECT min(id) FROM properties))
--# execute what was not prepared | both | same
EXECUTE nothing
--# prepare twice | both | same
PREPARE q AS SELECT 1
--;
PREPARE q AS SELECT 2
--;
EXECUTE q
--# deallocate all | both | same
PREPARE q AS SELECT 1
--;
DEALLOCATE ALL
--;
EXECUTE q
--# prepare of a refused statement | both | refused
PREPARE q AS SELECT * FROM revenue
--# prepare of a hidden table | both | refused 42P01
PREPARE q AS SELECT * FROM staff_names
--# prepare across transactions | both | same
BEGIN
--;
PREPARE q AS SELECT count(*) FROM properties
--;
ROLLBACK
--;
EXECUTE q
--# explain execute | both | same-or-refused
PREPARE q AS SELECT 1
--;
--! safe
EXPLAIN (COSTS OFF) EXECUTE q
--# create table as execute | both | same
PREPARE q AS SELECT * FROM properties
--;
--! refused
CREATE TABLE copy AS EXECUTE q
--# explain | both | refused 0A000
EXPLAIN SELECT * FROM meters
--# explain without costs | both | refused 0A000
EXPLAIN (COSTS OFF) SELECT * FROM meters WHERE kind = 'water'
--# explain a view | both | refused 0A000
EXPLAIN SELECT * FROM open_invoices
--# explain a write | both | refused 0A000
EXPLAIN DELETE FROM meters WHERE kind = 'water'
--# explain what has no tenant's row | both | same
EXPLAIN (COSTS OFF) SELECT 1
--# explain a shared relation | both | same
EXPLAIN (COSTS OFF) SELECT code FROM tariffs WHERE code = 'W1'
--# explain a prepared statement | both | same-or-refused
PREPARE q AS SELECT id FROM meters WHERE kind = 'water'
--;
--! refused 0A000
EXPLAIN EXECUTE q
--# explain analyze | both | refused 0A000
EXPLAIN ANALYZE SELECT * FROM meters WHERE kind = 'water'
--# explain analyze a write | both | refused
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) DELETE FROM payments WHERE tenant_id = 2 RETURNING id
--# explain verbose | both | refused 0A000
EXPLAIN (VERBOSE, COSTS OFF) SELECT m.id FROM meters m
--# explain json | both | refused 0A000
EXPLAIN (FORMAT JSON) SELECT * FROM readings
--# explain buffers | both | refused 0A000
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM readings
--# explain a hidden table | both | refused 42P01
EXPLAIN SELECT * FROM staff_names
--# explain create table as | both | refused
EXPLAIN ANALYZE CREATE TABLE stolen AS SELECT * FROM meters
--# explain an insert of another tenant | both | refused 0A000
EXPLAIN INSERT INTO assets (id, tenant_id, label) VALUES (1901, 2, 'x')
--# explain analyze of an insert of another tenant | both | refused
EXPLAIN ANALYZE INSERT INTO assets (id, tenant_id, label) VALUES (1901, 2, 'x')
--# cursor | both | same-or-refused
BEGIN
--;
--! same-or-refused
DECLARE c CURSOR FOR SELECT name FROM properties ORDER BY id
--;
--! safe
FETCH ALL FROM c
--;
--! safe
ROLLBACK
--# cursor with hold | both | same-or-refused
--! safe
DECLARE c CURSOR WITH HOLD FOR SELECT name FROM properties
--;
--! safe
FETCH ALL FROM c
--;
--! safe
CLOSE ALL
--# fetch from nothing | both | same-or-refused
FETCH ALL FROM nothing
--# listen | both | same-or-refused
LISTEN channel
--# notify | both | same-or-refused
NOTIFY channel, 'payload'
--# unlisten | both | same-or-refused
UNLISTEN *
--# temporary table | both | refused
CREATE TEMP TABLE properties (id int)
--# create table as | both | refused
CREATE TABLE stolen AS SELECT * FROM properties
--# select into | both | refused
SELECT * INTO stolen FROM properties
--# select into temp | both | refused
SELECT * INTO TEMP properties FROM meters
--# advisory lock | both | refused
SELECT pg_advisory_lock(1)
--# advisory transaction lock | both | same-or-refused
SELECT pg_advisory_xact_lock(1)
--# do block | both | refused
DO $$ BEGIN DELETE FROM payments; END $$
--# call a procedure | both | refused
CALL touch()
--# call a procedure in pg_catalog style | both | refused
CALL public.touch()
--# load a library | both | refused
LOAD 'auto_explain'
--# checkpoint | both | refused
CHECKPOINT
--# vacuum | both | refused
VACUUM properties
--# analyze | both | refused
ANALYZE properties
--# reindex | both | refused
REINDEX TABLE properties
--# cluster | both | refused
CLUSTER properties
--# comment | both | refused
COMMENT ON TABLE properties IS 'x'
--# security label | both | refused
SECURITY LABEL ON TABLE properties IS 'x'
--# grant | both | refused
GRANT SELECT ON properties TO PUBLIC
--# revoke | both | refused
REVOKE ALL ON properties FROM app
--# create table | both | refused
CREATE TABLE t (id int, tenant_id bigint)
--# create view | both | refused
CREATE VIEW v AS SELECT * FROM properties
--# create or replace function | both | refused
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.meters'
--# create index | both | refused
CREATE INDEX ON properties (name)
--# create schema | both | refused
CREATE SCHEMA s
--# create extension | both | refused
CREATE EXTENSION dblink
--# create role | both | refused
CREATE ROLE r
--# create trigger | both | refused
CREATE TRIGGER t AFTER INSERT ON properties EXECUTE FUNCTION suppress_redundant_updates_trigger()
--# create policy | both | refused
CREATE POLICY p ON properties USING (true)
--# create rule | both | refused
CREATE RULE r AS ON INSERT TO assets DO INSTEAD NOTHING
--# create sequence | both | refused
CREATE SEQUENCE s
--# create type | both | refused
CREATE TYPE t AS (a int)
--# create domain | both | refused
CREATE DOMAIN d AS int CHECK (value > 0)
--# create cast | both | refused
CREATE CAST (text AS int) WITH INOUT
--# create statistics | both | refused
CREATE STATISTICS s ON name, town FROM properties
--# create publication | both | refused
CREATE PUBLICATION p FOR ALL TABLES
--# create subscription | both | refused
CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p
--# create foreign table | both | refused
CREATE FOREIGN TABLE f (a int) SERVER s
--# create event trigger | both | refused
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()
--# create database | both | refused
CREATE DATABASE d
--# alter table | both | refused
ALTER TABLE properties ADD CHECK (code::int > 0)
--# alter table rename | both | refused
ALTER TABLE properties RENAME COLUMN tenant_id TO t
--# alter role | both | refused
ALTER ROLE app SET search_path = 'x'
--# alter database | both | refused
ALTER DATABASE postgres SET row_security = off
--# alter system | both | refused
ALTER SYSTEM SET fsync = on
--# alter default privileges | both | refused
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC
--# alter view | both | refused
ALTER VIEW serials RENAME TO s
--# drop table | both | refused
DROP TABLE payments
--# drop view | both | refused
DROP VIEW serials
--# drop owned | both | refused
DROP OWNED BY app
--# drop schema | both | refused
DROP SCHEMA public CASCADE
--# reassign owned | both | refused
REASSIGN OWNED BY app TO postgres
--# refresh materialized view | both | refused
REFRESH MATERIALIZED VIEW revenue
--# import foreign schema | both | refused
IMPORT FOREIGN SCHEMA public FROM SERVER s INTO public

--# what drivers send when a connection comes back | simple | same
SET application_name TO 'app'; SET timezone TO 'Asia/Tokyo'
--;
SELECT pg_advisory_unlock_all(); UNLISTEN *; RESET ALL
--;
SHOW timezone
--;
DISCARD ALL
--# reset in the extended protocol | both | same
SET timezone TO 'Asia/Tokyo'
--;
RESET ALL
--;
SHOW timezone
--;
DISCARD PLANS
--;
DISCARD SEQUENCES
--;
DISCARD TEMPORARY
--;
UNLISTEN somewhere
--;
SELECT pg_advisory_unlock_all()
--# what asyncpg sends when a connection goes back to its pool | simple | same
BEGIN; DECLARE c CURSOR FOR SELECT 1; SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL; COMMIT
--;
SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL
--# close all, deallocate all | both | same
PREPARE q AS SELECT 1
--;
CLOSE ALL
--;
EXECUTE q
--;
DEALLOCATE PREPARE ALL
--;
EXECUTE q
--;
DEALLOCATE ALL
--# advisory locks of every kind | both | refused 42501
SELECT pg_try_advisory_lock(1, 2)
--;
SELECT pg_try_advisory_xact_lock_shared(1)
--;
SELECT pg_advisory_unlock(1)
--# what drivers set when a connection is made | both | same
SET client_min_messages TO warning
--;
SET standard_conforming_strings = on
--;
SET SESSION timezone TO 'UTC'
--;
SET intervalstyle = iso_8601
--;
SHOW max_identifier_length
--;
SHOW TIME ZONE
--;
SHOW transaction isolation level
--;
SET extra_float_digits = 3
--;
SET client_encoding TO 'UNICODE'
--;
SET NAMES 'utf8'
--;
SET escape_string_warning TO off
--;
SET jit = off
--;
SET search_path = "$user", public
--;
SET search_path TO 'public'
--;
SELECT id FROM properties
--# defaults of transactions | both | same
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ
--;
SHOW transaction_isolation
--;
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY
--;
DELETE FROM payments
--;
SET default_transaction_read_only TO off
--;
BEGIN
--;
SET transaction_isolation TO 'serializable'
--;
SHOW transaction_isolation
--;
SET CONSTRAINTS ALL DEFERRED
--;
SET CONSTRAINTS ALL IMMEDIATE
--;
COMMIT
--;
SHOW default_transaction_isolation
--;
SHOW transaction_isolation
--# back to the default by SET | both | same
SET timezone TO 'Asia/Tokyo'
--;
SET TIME ZONE LOCAL
--;
SHOW timezone
--;
SET datestyle TO 'SQL'
--;
SET datestyle TO DEFAULT
--;
SHOW datestyle
--;
SET client_min_messages TO DEFAULT
--# messages that tell more than errors | both | refused 42501
SET client_min_messages TO debug1
--;
SET client_min_messages TO 'log'
--;
SET jit TO on
--;
SET search_path TO pg_temp, public
--;
SET search_path TO ''
--# a constraint that does not exist | both | refused 42704
SET CONSTRAINTS no_such_fkey DEFERRED
--# a constraint that cannot be deferred | both | refused 42809
SET CONSTRAINTS payments_invoice_id_fkey, public.meters_serial_no_key DEFERRED
--# a constraint by name | both | same
BEGIN
--;
SET CONSTRAINTS public.receipts_payment_id_fkey DEFERRED
--;
UPDATE receipts SET payment_id = payment_id
--;
SET CONSTRAINTS "receipts_payment_id_fkey" IMMEDIATE
--;
COMMIT
--# channels | both | refused 0A000
LISTEN news
--;
NOTIFY news, 'x'
--;
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE
--# a cursor | both | same
BEGIN
--;
DECLARE c SCROLL CURSOR FOR SELECT id, name FROM properties ORDER BY id
--;
FETCH c
--;
FETCH NEXT FROM c
--;
FETCH FORWARD 2 IN c
--;
FETCH PRIOR c
--;
FETCH -2 FROM c
--;
FETCH ABSOLUTE 4 c
--;
FETCH RELATIVE -1 FROM c
--;
FETCH LAST FROM c
--;
FETCH FIRST FROM c
--;
MOVE FORWARD ALL IN c
--;
FETCH BACKWARD ALL FROM c
--;
FETCH ALL c
--;
CLOSE c
--;
FETCH c
--;
ROLLBACK
--# a cursor with a condition that may fail | both | same
BEGIN
--;
DECLARE "My Cursor" NO SCROLL CURSOR WITHOUT HOLD FOR SELECT id FROM properties WHERE code::int > 7 ORDER BY id
--;
FETCH ALL FROM "My Cursor"
--;
FETCH PRIOR FROM "My Cursor"
--;
ROLLBACK
--# a cursor with parameters | extended | same
BEGIN
--;
--$ 1002
DECLARE p CURSOR FOR SELECT id, $1::int FROM properties WHERE id >= $1::int ORDER BY id
--;
FETCH 2 FROM p
--;
COMMIT
--;
FETCH p
--# names are used again for other columns | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT 1
--;
FETCH 5 FROM c
--;
COMMIT
--;
BEGIN
--;
DECLARE c CURSOR FOR SELECT 'a'::text, id FROM meters ORDER BY id
--;
FETCH 5 FROM c
--;
CLOSE ALL
--;
FETCH 5 FROM c
--;
ROLLBACK
--# cursors and savepoints | both | same
BEGIN
--;
SAVEPOINT s
--;
DECLARE c CURSOR FOR VALUES (1), (2)
--;
ROLLBACK TO s
--;
FETCH c
--;
ROLLBACK
--# a cursor outside of a transaction | both | same
DECLARE c CURSOR FOR SELECT 1
--# a cursor in a query of several statements | simple | same
DECLARE c BINARY CURSOR FOR SELECT id FROM properties ORDER BY id; FETCH 2 FROM c; MOVE 1 IN c; FETCH c; CLOSE c
--;
CLOSE ALL
--;
FETCH c
--# a cursor that locks | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM meters WHERE kind = 'water' ORDER BY id FOR UPDATE
--;
FETCH 1 FROM c
--;
ROLLBACK
--# a cursor over another tenant's | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT * FROM meters WHERE tenant_id = 2
--;
FETCH ALL c
--;
ROLLBACK
--# a cursor over a hidden table | both | refused 42P01
DECLARE c CURSOR FOR SELECT * FROM staff_names
--# cursors that outlive the transaction | both | refused 0A000
DECLARE c CURSOR WITH HOLD FOR SELECT 1
--;
UPDATE meters SET kind = 'x' WHERE CURRENT OF c
--;
DELETE FROM meters WHERE CURRENT OF c
--# the row of a cursor that holds it | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id, units FROM properties ORDER BY id FOR UPDATE
--;
FETCH 2 FROM c
--;
UPDATE properties SET units = units + 40 WHERE CURRENT OF c RETURNING id, units
--;
FETCH NEXT FROM c
--;
UPDATE properties AS p SET units = (SELECT count(*) FROM meters m WHERE m.property_id = p.id) WHERE CURRENT OF c
--;
SELECT id, units FROM properties ORDER BY id
--;
ROLLBACK
--# the row of a cursor with a condition and an alias | both | same
BEGIN
--;
DECLARE "My c" CURSOR FOR SELECT id FROM properties AS p WHERE units > 1 ORDER BY name FOR NO KEY UPDATE
--;
FETCH "My c"
--;
UPDATE properties SET units = 41, tenant_id = tenant_id WHERE CURRENT OF "My c"
--;
SELECT id, units FROM properties ORDER BY id
--;
ROLLBACK
--# the row of a cursor whose condition may raise an error | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties WHERE code::int > 0 ORDER BY id FOR NO KEY UPDATE
--;
FETCH c
--;
UPDATE properties SET units = 41 WHERE CURRENT OF c RETURNING id
--;
ROLLBACK
--# the row of a cursor whose condition may raise an error on a row that another sub-select reads: locked behind the fence | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties WHERE code::int > 0 AND id IN (SELECT property_id FROM meters) ORDER BY id FOR NO KEY UPDATE
--;
FETCH c
--;
--! refused 0A000
UPDATE properties SET units = 41 WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# a row is deleted by its cursor | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT * FROM "Meter Notes" ORDER BY "Id" FOR SHARE
--;
FETCH c
--;
DELETE FROM "Meter Notes" WHERE CURRENT OF c RETURNING *
--;
DELETE FROM "Meter Notes" WHERE CURRENT OF c
--;
SELECT count(*) FROM "Meter Notes"
--;
ROLLBACK
--# a row of a partition by its cursor | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT * FROM journal ORDER BY at, line FOR UPDATE
--;
FETCH c
--;
--! refused 0A000
DELETE FROM journal WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# the row that a cursor has locked is of another table | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT p.id FROM properties p JOIN meters m ON m.property_id = p.id ORDER BY p.id, m.id FOR UPDATE OF m
--;
FETCH c
--;
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
ROLLBACK
--# before the first row of a cursor | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties FOR UPDATE
--;
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
ROLLBACK
--# the row of a cursor that does not hold it | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id
--;
FETCH c
--;
--! refused 0A000
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# the row of a cursor that holds its key only | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id FOR KEY SHARE
--;
FETCH c
--;
--! refused 0A000
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# the rows that a cursor has locked inside | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM (SELECT id FROM properties ORDER BY id FOR UPDATE) AS p
--;
FETCH c
--;
--! refused 0A000
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# another cursor of the same name | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id FOR UPDATE
--;
CLOSE c
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id
--;
FETCH c
--;
--! refused 0A000
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# a cursor that was there before the one that failed | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id
--;
SAVEPOINT s
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id FOR UPDATE
--;
ROLLBACK TO s
--;
FETCH c
--;
--! refused 0A000
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# a row whose lock went with a savepoint | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id FOR UPDATE
--;
SAVEPOINT s
--;
FETCH c
--;
ROLLBACK TO s
--;
--! refused 0A000
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# a row whose savepoint is released | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id FOR UPDATE
--;
SAVEPOINT s
--;
FETCH c
--;
RELEASE s
--;
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
ROLLBACK
--# a row of a cursor beside other relations | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id FOR UPDATE
--;
FETCH c
--;
--! refused 0A000
UPDATE properties SET units = 1 FROM meters WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# a row of a cursor, prepared | both | refused 0A000
PREPARE p AS UPDATE properties SET units = 1 WHERE CURRENT OF c
--# a row of a cursor in a query | both | refused 0A000
SELECT id FROM properties WHERE CURRENT OF c
--# the transaction's end ends what cursors hold | both | same
BEGIN
--;
DECLARE c CURSOR FOR SELECT id FROM properties ORDER BY id FOR UPDATE
--;
COMMIT
--;
BEGIN
--;
--! refused 0A000
UPDATE properties SET units = 1 WHERE CURRENT OF c
--;
--! safe
ROLLBACK
--# a cursor for a change | both | refused 42601
DECLARE c CURSOR FOR DELETE FROM payments RETURNING *
--;
FETCH
--;
DECLARE c CURSOR
--# set_config is SET | both | same
SELECT set_config('TimeZone', 'Asia/Tokyo', false)
--;
SHOW TimeZone
--;
SELECT '2025-01-01 00:00+00'::timestamptz::text
--# set_config is taken back with its transaction | both | same
BEGIN
--;
SELECT set_config('TimeZone', 'Asia/Tokyo', false)
--;
ROLLBACK
--;
SELECT '2025-01-01 00:00+00'::timestamptz::text
--# set_config for the transaction | both | same
BEGIN
--;
SELECT set_config('TimeZone', 'Asia/Tokyo', true) AS zone
--;
SELECT '2025-01-01 00:00+00'::timestamptz::text
--;
COMMIT
--;
SELECT '2025-01-01 00:00+00'::timestamptz::text
--# set_config as pgAdmin sends it | both | same
SELECT set_config('bytea_output', 'escape', false) FROM pg_settings WHERE name = 'bytea_output'
--;
SELECT '\x41'::bytea::text
--# set_config of a role | both | refused
SELECT set_config('role', 'postgres', false)
--# an interval as a time zone | both | same
SET TIME ZONE INTERVAL '+02:00' HOUR TO MINUTE
--;
SELECT '2025-01-01 00:00+00'::timestamptz::text
--# custom settings beside own rows | both | same
SELECT coalesce(current_setting('app.tenant', true), 'none'), current_setting('app.tenant', true) FROM properties
--# how soon a commit is on disk | simple | same
BEGIN
--;
SET LOCAL synchronous_commit = off
--;
SHOW synchronous_commit
--;
COMMIT
--;
SHOW synchronous_commit
--# an unknown way of committing | simple | refused
SET synchronous_commit = remote_apply
