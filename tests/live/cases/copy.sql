-- COPY in both directions: text, CSV, binary, and their options.
--# a table goes out | both | same
COPY properties TO STDOUT
--# a table's columns go out | both | same
COPY properties (name, id) TO STDOUT
--# a table goes out as csv | both | same
COPY invoices TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER ';', NULL 'none', QUOTE '''', ESCAPE '\', FORCE_QUOTE (memo, number))
--# every column quoted | both | same
COPY meters (id, tariff) TO STDOUT (FORMAT 'csv', FORCE_QUOTE *)
--# a table goes out in binary | both | same
COPY invoices TO STDOUT (FORMAT binary)
--# text options going out | both | same
COPY invoices (id, memo) TO STDOUT (DELIMITER '|', NULL '', HEADER true, ENCODING 'UTF-8')
--# the options of old | both | same
COPY invoices (id, memo) TO STDOUT WITH DELIMITER AS ',' NULL AS '(null)' CSV HEADER QUOTE AS '"' FORCE QUOTE memo
--# binary of old | both | same
COPY BINARY tariffs TO STDOUT
--# delimiters of old | both | same
COPY tariffs TO STDOUT USING DELIMITERS '!'
--# a shared table goes out | both | same
COPY tariffs (code, price) TO STDOUT
--# generated columns stay out | both | same
COPY invoice_lines TO STDOUT
--# a generated column by name | both | same
COPY invoice_lines (line, amount) TO STDOUT
--# a column twice | both | same
COPY properties (id, id) TO STDOUT
--# a column that is not there | both | same
COPY properties (id, nothing) TO STDOUT
--# a qualified table | both | same
COPY public."Meter Notes" ("Note Text", "select") TO STDOUT
--# a view cannot be copied | both | same
COPY open_invoices TO STDOUT
--# a partitioned table cannot be copied | both | same
COPY readings TO STDOUT
--# a partition can | both | same
COPY readings_2024 TO STDOUT
--# the parent without its children | both | same
COPY assets TO STDOUT
--# another tenant's partition is empty | both | same
COPY journal_2 TO STDOUT
--# a hidden table | both | refused 42P01
COPY staff_names TO STDOUT
--# a query goes out | both | same
COPY (SELECT p.id, count(i.id) FROM properties p LEFT JOIN invoices i ON i.property_id = p.id GROUP BY p.id ORDER BY p.id) TO STDOUT
--# a query over a view goes out as csv | both | same
COPY (SELECT * FROM open_invoices WHERE total > 10 ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)
--# a query with a common table expression goes out | both | same
COPY (WITH w AS (SELECT id FROM meters) SELECT count(*) FROM w) TO STDOUT
--# TABLE and VALUES go out | both | same
COPY (TABLE tariffs) TO STDOUT
--;
COPY (VALUES (1, 'a'), (2, NULL)) TO STDOUT (FORMAT binary)
--# a condition that may fail goes out | both | same
COPY (SELECT id FROM properties WHERE code::int > 0) TO STDOUT
--# a change with RETURNING goes out | both | same
COPY (DELETE FROM payments WHERE amount > 12 RETURNING id, amount) TO STDOUT
--# an insert with RETURNING goes out | both | same
COPY (INSERT INTO assets (id, tenant_id, label) VALUES (1950, 1, 'out') RETURNING *) TO STDOUT
--# an insert for another tenant goes nowhere | both | refused 42501
COPY (INSERT INTO assets (id, tenant_id, label) VALUES (1950, 2, 'out') RETURNING *) TO STDOUT
--# a change without RETURNING | both | same-or-refused
COPY (DELETE FROM payments) TO STDOUT
--# a parameter in COPY | extended | refused 42P02
--$ 1
COPY (SELECT $1::int) TO STDOUT
--# what is no query | both | refused 42601
COPY (SET application_name TO 'x') TO STDOUT
--# wrong options | both | same
COPY tariffs TO STDOUT (FORMAT csv, DELIMITER '""')
--;
COPY tariffs TO STDOUT (FORMAT text, QUOTE '"')
--;
COPY tariffs TO STDOUT (FORMAT csv, FORMAT csv)
--;
COPY tariffs TO STDOUT (FORMAT xml)
--;
COPY tariffs TO STDOUT (DELIMITER 'a')
--;
COPY tariffs TO STDOUT (COLOUR 'red')
--;
COPY tariffs TO STDOUT (FORMAT binary, HEADER)
--;
COPY tariffs TO STDOUT (FORMAT csv, FORCE_NULL (code))
--;
COPY tariffs TO STDOUT (HEADER match)
--;
COPY tariffs TO STDOUT (FORMAT csv, NULL 'a,b')
--;
COPY tariffs TO STDOUT (FORMAT csv, FORCE_QUOTE (nothing))
--# another encoding | both | refused 0A000
COPY tariffs TO STDOUT (ENCODING 'LATIN1')
--# files and programs | both | refused 42501
COPY properties TO '/tmp/stolen'
--;
COPY properties TO PROGRAM 'cat'
--;
COPY (SELECT 1) TO '/tmp/stolen' WITH (FORMAT csv)
--;
COPY properties FROM '/etc/passwd'
--;
COPY assets FROM PROGRAM 'id'
--# out of a failed transaction | both | same
BEGIN
--;
SELECT 1/0
--;
COPY properties TO STDOUT
--;
ROLLBACK
--# rows come in, the tenant column with them | both | same
--< 1901\t1\tone
--< 1902\t1\ttwo
COPY assets (id, tenant_id, label) FROM STDIN
--;
SELECT * FROM assets ORDER BY id
--# rows come in without a column list | both | same
--< 1901\t 1 \tone
--< 1902\t+1\t\N
--! same
COPY assets FROM STDIN
--# rows for another tenant | both | refused 42501
--< 1901\t1\tone
--< 1902\t2\ttwo
COPY assets (id, tenant_id, label) FROM STDIN
--# rows for another tenant by escapes | both | refused 42501
--< 1901\t\x32\tone
COPY assets (id, tenant_id, label) FROM STDIN
--;
--< 1901\t\062\tone
COPY assets (id, tenant_id, label) FROM STDIN
--;
--< 1901\t\N\tone
COPY assets (id, tenant_id, label) FROM STDIN
--;
--< "1901","2","one"
COPY assets (id, tenant_id, label) FROM STDIN (FORMAT csv)
--;
--< "1901",'',"one"
COPY assets (id, tenant_id, label) FROM STDIN (FORMAT csv, QUOTE '''')
--# rows for another tenant behind a quoted newline | both | refused 42501
--< 1901,1,"one
--< 1902,1,two"
--< 1903,2,three
COPY assets (id, tenant_id, label) FROM STDIN (FORMAT csv)
--# csv comes in | both | same
--< id,tenant_id,label
--< 1901,1,"a ""quoted"", text"
--< 1902,1,""
--< 1903,"1","two
--< lines"
COPY assets (id, tenant_id, label) FROM STDIN WITH (FORMAT csv, HEADER)
--;
SELECT * FROM assets ORDER BY id
--# csv with other quotes | both | same
--< 1901;1;'it\'s;fine'
--< 1902;1;'\\'
COPY assets (id, tenant_id, label) FROM STDIN (FORMAT csv, DELIMITER ';', QUOTE '''', ESCAPE '\')
--;
SELECT label FROM assets ORDER BY id
--# NULL and empty in csv | both | same
--< 1901,1,1001,A,,""
--< 1902,1,1001,B,"",
COPY invoices (id, tenant_id, property_id, number, memo, status) FROM STDIN (FORMAT csv, FORCE_NULL (memo), FORCE_NOT_NULL (status))
--;
SELECT id, memo, status FROM invoices ORDER BY id
--# header match | both | same
--< id\ttenant_id\tlabel
--< 1901\t1\tone
COPY assets (id, tenant_id, label) FROM STDIN (HEADER match)
--# header mismatch | both | same
--< id\ttenant_id\tname
--< 1901\t1\tone
COPY assets (id, tenant_id, label) FROM STDIN (HEADER match)
--;
--< id\ttenant_id
COPY assets (id, tenant_id, label) FROM STDIN (HEADER match)
--# escapes in text | both | same
--< 1901\t1\ta\\b\t
--! same
COPY assets (id, tenant_id, label) FROM STDIN
--;
--< 1901\t1\ta\\b\nc\xC3\xA4\134\q
COPY assets (id, tenant_id, label) FROM STDIN
--;
SELECT label FROM assets ORDER BY id
--# text that is not UTF-8 | both | same
--< 1901\t1\t\xff
COPY assets (id, tenant_id, label) FROM STDIN
--;
--< 1901\t1\t\0
COPY assets (id, tenant_id, label) FROM STDIN
--# NULL strings | both | same
--< 1901|1|1001|A|nix|nix!
--< 1902|1|1001|B|\nix|
COPY invoices (id, tenant_id, property_id, number, memo, status) FROM STDIN (DELIMITER '|', NULL 'nix')
--;
SELECT id, memo, status FROM invoices ORDER BY id
--# missing and extra data | both | same
--< 1901\t1
COPY assets (id, tenant_id, label) FROM STDIN
--;
--< 1901\t1\tone\tmore
COPY assets (id, tenant_id, label) FROM STDIN
--;
--< 
COPY assets (id, tenant_id, label) FROM STDIN
--# a value that is none | both | same
--< x\t1\tone
COPY assets (id, tenant_id, label) FROM STDIN
--# the end marker | both | same
--< 1901\t1\tone
--< \.
--< what follows it is nobody's
COPY assets (id, tenant_id, label) FROM STDIN
--# the end marker is data in csv | both | same
--< 1901,1,one
--< \.x,1,two
COPY assets (id, tenant_id, label) FROM STDIN (FORMAT csv)
--# a constraint fails | both | same
--< 1901\t1\tone
--< 1901\t1\tone again
COPY assets (id, tenant_id, label) FROM STDIN
--;
SELECT count(*) FROM assets
--# identity columns are given | both | same
--< 1901\t1\tguest
COPY visits (id, tenant_id, who) FROM STDIN
--# defaults are used | both | same
--< 1901\t1
COPY visits (id, tenant_id) FROM STDIN
--;
SELECT * FROM visits ORDER BY id
--# a partitioned table takes rows | both | same
--< 1\t1001\t2025-12-01\t12.5\tcopied
COPY readings FROM STDIN
--;
SELECT * FROM readings WHERE note = 'copied'
--# a tenant column of text | both | same
--< 901,alder,Title,Body,"{""a"": 1}"
COPY documents FROM STDIN (FORMAT csv)
--;
--< 902,birch,Title,Body,{}
--! refused 42501
COPY documents FROM STDIN (FORMAT csv)
--# a tenant column of uuid | both | same
--< 901\t{11111111111111111111111111111111}\tlabel\tkey
COPY api_keys FROM STDIN
--;
--< 902\t22222222-2222-2222-2222-222222222222\tlabel\tkey
--! refused 42501
COPY api_keys FROM STDIN
--# rows inside a transaction | both | same
BEGIN
--;
--< 1901\t1\tone
COPY assets (id, tenant_id, label) FROM STDIN
--;
SELECT count(*) FROM assets
--;
ROLLBACK
--;
SELECT count(*) FROM assets
--# a refusal fails the transaction | both | refused
--! same
BEGIN
--;
--< 1901\t2\tone
COPY assets (id, tenant_id, label) FROM STDIN
--;
--! same
SELECT 1
--;
--! same
ROLLBACK
--# several copies in one query | simple | same
--< 1901\t1\tone
COPY assets (id, tenant_id, label) FROM STDIN; COPY assets (id, label) TO STDOUT; SELECT count(*) FROM assets
--# a reference that crosses cannot be copied | both | refused 0A000
--< 1001\t5
COPY payments (invoice_id, amount) FROM STDIN
--# where nobody may write | both | refused 42501
--< Z\tz\t1
COPY tariffs FROM STDIN
--# into a view, as PostgreSQL says it | both | refused 42809
COPY open_invoices FROM STDIN
--;
COPY property_totals FROM STDIN
--# a hidden table takes nothing | both | refused 42P01
COPY staff_names FROM STDIN
--# what is not done | both | refused 0A000
COPY assets FROM STDIN WHERE tenant_id = 2
--;
COPY assets FROM STDIN (FREEZE)
--;
COPY assets FROM STDIN (ENCODING 'SJIS')
--# wrong options of data that comes in | both | same
COPY assets FROM STDIN (FORMAT csv, FORCE_QUOTE (label))
--;
COPY assets (id, label) FROM STDIN (FORMAT csv, FORCE_NULL (tenant_id))
--;
COPY assets FROM STDIN (FORMAT csv, FORCE_NULL (nothing))
--;
COPY assets FROM STDIN (HEADER maybe)
--;
COPY assets FROM STDIN (FORMAT csv, QUOTE '""')
