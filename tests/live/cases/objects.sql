-- Functions, catalogs, sequences, large objects, COPY, limits.
--# query to xml | both | refused
SELECT query_to_xml('SELECT * FROM public.meters', true, false, '')
--# table to xml | both | refused
SELECT table_to_xml('public.meters', true, false, '')
--# schema to xml | both | refused
SELECT schema_to_xml('public', true, false, '')
--# database to xml | both | refused
SELECT database_to_xml(true, false, '')
--# cursor to xml | both | refused
SELECT cursor_to_xml('c', 10, true, false, '')
--# ts_stat | both | refused
SELECT * FROM ts_stat('SELECT to_tsvector(secret) FROM public.meters')
--# ts_rewrite with a query | both | refused
SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')
--# ts_rewrite with three queries is another function | both | same-or-refused
SELECT ts_rewrite('a & b'::tsquery, 'a'::tsquery, 'c'::tsquery)
--# reading a file | both | refused
SELECT pg_read_file('PG_VERSION')
--# listing a directory | both | refused
SELECT pg_ls_dir('.')
--# large object create | both | refused
SELECT lo_create(0)
--# large object from bytes | both | refused
SELECT lo_from_bytea(0, 'x')
--# large object get | both | refused
SELECT lo_get(1)
--# large object import | both | refused
SELECT lo_import('/etc/passwd')
--# sleeping | both | refused
SELECT pg_sleep(0)
--# notifying by function | both | refused
SELECT pg_notify('a', 'b')
--# terminating a backend | both | refused
SELECT pg_terminate_backend(0)
--# cancelling a backend | both | refused
SELECT pg_cancel_backend(0)
--# reloading the configuration | both | refused
SELECT pg_reload_conf()
--# snapshot export | both | refused
SELECT pg_export_snapshot()
--# replication slot | both | refused
SELECT pg_create_logical_replication_slot('s', 'test_decoding')
--# transaction ids | both | refused
SELECT txid_current(), pg_current_xact_id()
--# wal position | both | refused
SELECT pg_current_wal_lsn()
--# relation size | both | refused
SELECT pg_relation_size('public.meters')
--# total size | both | refused
SELECT pg_total_relation_size('meters')
--# database size | both | refused
SELECT pg_database_size(current_database())
--# statistics reset | both | refused
SELECT pg_stat_reset()
--# live tuples | both | same
SELECT pg_stat_get_live_tuples(16385), pg_stat_get_dead_tuples($x$16385$x$) AS dead
--= as
SELECT pg_stat_get_live_tuples(4294967295), pg_stat_get_dead_tuples(4294967295) AS dead
--# statistics by what is in a table, beside an aggregate | both | same
SELECT pg_catalog.pg_stat_get_numscans(max(id)), count(*) FROM meters WHERE pg_stat_get_tuples_inserted(id) = 0
--= as
SELECT pg_stat_get_numscans(4294967295), count(*) FROM meters
--# the argument of a masked function is not evaluated | both | same
SELECT pg_stat_get_last_vacuum_time((1 / (id - id))::bigint) FROM meters
--= as
SELECT pg_stat_get_last_vacuum_time(4294967295) FROM meters
--# statistics of what all databases share | both | same
SELECT pg_stat_get_db_blocks_hit(0), pg_stat_get_backend_pid(1), pg_stat_get_backend_activity(1)
--= as
SELECT 0::bigint AS pg_stat_get_db_blocks_hit, NULL::int AS pg_stat_get_backend_pid, '<backend information not available>' AS pg_stat_get_backend_activity
--# statistics by a row | both | refused 42501
SELECT m.pg_stat_get_live_tuples FROM meters m
--# statistics with two arguments | both | refused 0A000
SELECT pg_stat_get_live_tuples(1, 2)
--# the whole server's figures | both | same
SELECT pg_stat_get_buf_alloc(), pg_catalog.pg_stat_get_checkpoint_write_time() + 1 AS w, pg_my_temp_schema(), pg_notification_queue_usage(), pg_last_xact_replay_timestamp()
--= as
SELECT 0::bigint AS pg_stat_get_buf_alloc, 1::float8 AS w, 0::oid AS pg_my_temp_schema, 0::float8 AS pg_notification_queue_usage, NULL::timestamptz AS pg_last_xact_replay_timestamp
--# the network behind the proxy | both | same
SELECT inet_server_addr(), inet_client_port()::text, (SELECT inet_client_addr()), inet_server_port() FROM properties WHERE inet_client_addr() IS NULL
--= as
SELECT NULL::inet AS inet_server_addr, NULL::text AS inet_client_port, NULL::inet AS inet_client_addr, NULL::int AS inet_server_port FROM properties
--# the network behind the proxy as a relation | both | refused
SELECT * FROM inet_server_addr()
--# what the server is | both | same
SELECT pg_jit_available(), pg_postmaster_start_time() < now(), pg_conf_load_time() < now()
--# ages of moments | both | same
SELECT age(due), age(due::timestamp), pg_catalog.age(due::timestamptz), age($x$2020-01-01$x$::date) FROM invoices
--# an age of what has no type | both | same
SELECT age('2001-01-01')
--# ages as a relation | both | same
SELECT i.id, a FROM invoices i, age(i.due) a
--# the age of a row's transaction | both | refused 42883
SELECT age(xmin) FROM meters
--# the age of a row's transaction as a relation | both | refused 42883
SELECT a FROM meters m, LATERAL age(m.xmin) a
--# a row's transaction as a number | both | same
SELECT count(xmin::text::xid), bool_and(xmin = ANY (ARRAY[xmin, NULL]::xid[])) FROM meters
--# view definition | both | refused
--! same-or-refused
SELECT pg_get_viewdef('public.serials'::regclass)
--# user function, set-returning | both | refused
SELECT * FROM every_meter()
--# user function in the list | both | refused
SELECT every_meter()
--# user function that runs a text | both | refused
SELECT * FROM run_text('SELECT secret FROM meters')
--# user function by qualified name | both | refused
SELECT public.peek(1, 1)
--# function that does not exist | both | same-or-refused
SELECT no_such_function(1)
--# function hidden in an expression | both | refused
SELECT coalesce(NULL, (SELECT max(x) FROM run_text('SELECT secret FROM public.meters') x))
--# function hidden in order by | both | refused
SELECT id FROM properties ORDER BY pg_read_file('PG_VERSION')
--# function hidden in a window | both | refused
SELECT rank() OVER (ORDER BY pg_relation_size('meters')) FROM properties
--# function hidden in values | both | refused
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, pg_read_file('PG_VERSION'))
--# function hidden in returning | both | refused
UPDATE properties SET units = 1 RETURNING lo_create(0)
--# function hidden in on conflict | both | refused
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT (tenant_id, number) DO UPDATE SET memo = pg_read_file('PG_VERSION')
--# function hidden in limit | both | refused
SELECT id FROM properties LIMIT pg_relation_size('meters')
--# function hidden in a filter | both | refused
SELECT count(*) FILTER (WHERE pg_sleep(0) IS NULL) FROM properties
--# function hidden in lateral | both | refused
SELECT * FROM properties p, LATERAL run_text('SELECT ''x''') r
--# function hidden in group by | both | refused
SELECT count(*) FROM properties GROUP BY pg_read_file('PG_VERSION')
--# function hidden in a join condition | both | refused
SELECT count(*) FROM properties p JOIN meters m ON lo_create(0) > 0
--# function hidden in tablesample | both | refused
SELECT id FROM properties TABLESAMPLE SYSTEM (pg_relation_size('meters'))
--# function quoted | both | refused
SELECT "pg_read_file"('PG_VERSION')
--# function with a schema and case | both | refused
SELECT PG_CATALOG.Pg_Read_File('PG_VERSION')
--# function by unicode name | both | refused
SELECT U&"pg_read\005Ffile"('PG_VERSION')
--# variadic call | both | same-or-refused
SELECT concat_ws(',', VARIADIC ARRAY['a', 'b'])
--# named argument call | both | same-or-refused
SELECT make_interval(days => 3)
--# ordinary functions | both | same
SELECT upper(name), lower(kind), length(secret), round(price, 2) FROM properties p, meters m, tariffs t WHERE m.property_id = p.id AND t.code = m.tariff
--# string functions | both | same
SELECT replace(name, 'house', 'home'), split_part(name, '_', 2), substr(name, 3), trim(name), position('T' IN name), overlay(name PLACING 'x' FROM 1 FOR 2), strpos(name, 'h') FROM properties
--# date functions | both | same
SELECT age(due, '2025-01-01'), to_char(due, 'YYYY-MM'), extract(epoch FROM due) FROM invoices
--# math functions | both | same
SELECT abs(-units), ceil(units / 2.0), floor(units / 2.0), power(units, 2), mod(units, 2) FROM properties
--# json functions | both | same
SELECT jsonb_build_object('a', units), jsonb_object_keys(extra) FROM properties
--# json set-returning | both | same
SELECT d.id, e.value FROM documents d, jsonb_array_elements(d.doc->'list') AS e(value)
--# json path | both | same-or-refused
SELECT jsonb_path_query(doc, '$.list[*]') FROM documents
--# regular expression functions | both | same
SELECT regexp_replace(name, '[0-9]+', '#'), name ~ 'house[12]' FROM properties
--# full-text | both | same
SELECT id FROM documents WHERE to_tsvector('simple', body) @@ plainto_tsquery('simple', 'body')
--# statistical aggregates | both | same
SELECT avg(units), stddev(units), bool_and(units > 0), every(units > 0) FROM properties
--# greatest and least | both | same
SELECT greatest(units, 3), least(units, 3) FROM properties
--# grouping by extract | both | same
SELECT extract(year FROM taken_on), sum(value) FROM readings GROUP BY 1
--# current user | both | safe
SELECT current_user, session_user
--# current database | both | safe
SELECT current_database(), current_schema
--# version | both | same-or-refused
SELECT version()
--# backend pid | both | safe
SELECT pg_backend_pid()
--# now | both | safe
SELECT now() IS NOT NULL, current_date IS NOT NULL
--# random uuid | both | safe
SELECT gen_random_uuid() IS NOT NULL
--# nextval of a table's sequence | both | same-or-refused
SELECT nextval('invoices_id_seq')
--# nextval by qualified name | both | same-or-refused
SELECT nextval('public.invoices_id_seq'::regclass)
--# currval after insert | both | same-or-refused
BEGIN
--;
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'S-1')
--;
SELECT currval('invoices_id_seq')
--;
ROLLBACK
--# lastval | both | refused
SELECT lastval()
--# setval | both | refused
SELECT setval('invoices_id_seq', 1)
--# reading a sequence | both | refused
SELECT last_value FROM invoices_id_seq
--# pg_sequences | both | refused
--! safe
SELECT schemaname FROM pg_sequences WHERE last_value > 89999
--# pg_stats | both | refused
SELECT most_common_vals FROM pg_stats WHERE tablename = 'meters'
--# pg_statistic | both | refused
SELECT stavalues1 FROM pg_statistic
--# pg_stat_activity | both | refused
SELECT query FROM pg_stat_activity
--# pg_prepared_statements | both | refused
SELECT statement FROM pg_prepared_statements
--# pg_cursors | both | refused
SELECT statement FROM pg_cursors
--# pg_locks | both | refused
SELECT count(*) FROM pg_locks
--# pg_stat_user_tables | both | refused
SELECT n_live_tup FROM pg_stat_user_tables
--# pg_stat_database | both | refused
SELECT tup_inserted FROM pg_stat_database
--# pg_authid | both | refused
SELECT rolpassword FROM pg_authid
--# pg_shadow | both | refused
SELECT passwd FROM pg_shadow
--# pg_largeobject | both | refused
SELECT data FROM pg_largeobject
--# pg_file_settings | both | refused
SELECT * FROM pg_file_settings
--# pg_hba_file_rules | both | refused
SELECT * FROM pg_hba_file_rules
--# pg_proc source | both | safe
--~ SECURITY DEFINER
SELECT prosrc FROM pg_proc WHERE proname = 'every_meter'
--# pg_class estimates | both | safe
SELECT relname FROM pg_class WHERE reltuples = 24
--# pg_class names hidden objects | both | safe
--~ staff_names
SELECT relname FROM pg_class WHERE relname LIKE 'staff%'
--# information_schema of hidden objects | both | safe
--~ staff_names
SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'staff%'
--# partition bounds | both | safe
--~ FOR VALUES
SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'journal_2'
--# attmissingval | both | safe
SELECT attmissingval FROM pg_attribute WHERE attmissingval IS NOT NULL
--# toast table | both | refused
SELECT * FROM pg_toast.pg_toast_2618
--# pg_catalog spelled out | both | refused
SELECT * FROM pg_catalog.pg_stat_activity
--# catalog in a sub-select | both | refused
SELECT (SELECT max(query) FROM pg_stat_activity)
--# catalog in a cte | both | refused
WITH a AS (SELECT query FROM pg_stat_activity) SELECT * FROM a
--# catalog in update from | both | refused
UPDATE properties SET town = a.query FROM pg_stat_activity a
--# catalog in insert select | both | refused
INSERT INTO assets (id, tenant_id, label) SELECT 1901, 1, query FROM pg_stat_activity LIMIT 1
--# catalog by table command | both | refused
TABLE pg_shadow
--# catalog write | both | refused
DELETE FROM pg_class
--# cast to an enum of the database | both | same-or-refused
SELECT 'low'::mood
--# cast to a row type | both | same-or-refused
SELECT (ROW(1, 2, 'x')::assets).label
--# cast to a table's array type | both | same-or-refused
SELECT NULL::meters[] IS NULL
--# copy out of a table | simple | same-or-refused
COPY properties TO STDOUT
--# copy out of a query | simple | same-or-refused
COPY (SELECT id, name FROM properties) TO STDOUT
--# copy out as csv | simple | same-or-refused
COPY (SELECT id, name FROM properties ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)
--# copy out of a partition | simple | same-or-refused
COPY readings_2024 TO STDOUT
--# copy out of another tenant's partition | simple | same-or-refused
COPY journal_2 TO STDOUT
--# copy out of a hidden table | simple | refused
COPY staff_names TO STDOUT
--# copy of a writing query | simple | same-or-refused
COPY (DELETE FROM payments RETURNING *) TO STDOUT
--# copy to a file | simple | refused
COPY properties TO '/tmp/stolen'
--# copy to a program | simple | refused
COPY properties TO PROGRAM 'cat'
--# copy from a file | simple | refused
COPY properties FROM '/etc/passwd'
--# copy in own rows | simple | same-or-refused
--< 1901\t1\tcopied
COPY assets (id, tenant_id, label) FROM STDIN
--# copy in foreign rows | simple | refused
--< 1901\t2\tcopied
COPY assets (id, tenant_id, label) FROM STDIN
--# copy in foreign rows by escape | simple | refused
--< 1901\t\x32\tcopied
COPY assets (id, tenant_id, label) FROM STDIN
--# copy in without columns | simple | refused
--! safe
--< 1901\t2\tcopied
COPY assets FROM STDIN
--# copy in with where | simple | refused
--< 1901\t2\tcopied
COPY assets (id, tenant_id, label) FROM STDIN WHERE tenant_id = 2
--# copy in to a shared table | simple | refused
--< Z\tz\t1
COPY tariffs FROM STDIN
--# deep parentheses | both | same-or-refused
SELECT ((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))
--# long in list | both | same
SELECT id FROM properties WHERE id IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,1001,1002,2001,2002)
--# recursion without end | both | safe
WITH RECURSIVE n AS (SELECT 1 AS i UNION SELECT (i + 1) % 100 FROM n) SELECT count(*) FROM n
--# helper tenant_id | both | safe
SELECT tenant_id()
--# helper tenant | both | safe
SELECT tenant()
--# exists probe for a foreign id | both | same
SELECT count(*) FROM meters WHERE serial_no = 'CANARY_T' || '2_sn1'
--# probe by least greatest | both | same
SELECT max(greatest(id, 0)), min(id) FROM meters
--# probe by not exists | both | same
SELECT NOT EXISTS (SELECT 1 FROM invoices i WHERE i.id = 3003)
--# probe by count distinct | both | same
SELECT count(DISTINCT tenant_id), count(DISTINCT code) FROM properties
--# probe by window over everything | both | same
SELECT id, count(*) OVER (), dense_rank() OVER (ORDER BY id) FROM meters
--# probe by grouping sets | both | same
SELECT tenant_id, count(*) FROM readings GROUP BY GROUPING SETS ((tenant_id), ())
--# probe by full join of shared and scoped | both | same
SELECT t.code, m.id FROM tariffs t FULL JOIN meters m ON m.tariff = t.code
--# probe by except from numbers | both | same
SELECT i FROM generate_series(995, 1010) i EXCEPT SELECT id FROM properties
--# probe by a view over a partition | both | same
SELECT sum(value) FROM readings WHERE meter_id = 2001
--# a column of names is not compared with a literal | both | refused 42501
SELECT id FROM watched WHERE what = 'staff_names'
--# a column of names is not written | both | refused 42501
INSERT INTO watched (id, what) VALUES (1901, 16384)
--# an array of names | both | refused 42501
INSERT INTO watched_types (id, whats) VALUES (1901, '{staff_names}') RETURNING whats
--# copy of names | both | refused 42501
COPY watched TO STDOUT
--# a text search configuration is no secret | both | same
INSERT INTO indexed_words (id, tenant_id, language) VALUES (1901, 1, 'german') RETURNING language
--# a literal beside the name of an own relation is not looked up | both | safe
SELECT id FROM properties WHERE tableoid::regclass = 'staff_names'
--;
SELECT id FROM properties WHERE tableoid::regclass = 'properties' ORDER BY id
--# nor beside a column that is made of it | both | safe
SELECT 1 FROM (SELECT tableoid::regclass AS r FROM properties) s WHERE r = 'staff_names'
--;
WITH w AS (SELECT CAST(tableoid AS regclass) AS r FROM properties) SELECT count(*) FROM w WHERE r IN ('staff_names', 'meters')
--# the names of own relations compare | both | safe
SELECT count(*) FROM assets WHERE tableoid::regclass = 'assets'::regclass
--;
SELECT count(*) FROM assets WHERE tableoid = 'assets'::regclass
--# a denied function that is not evaluated | both | same
SELECT CASE WHEN id < 0 THEN pg_current_wal_lsn() END, txid_current_if_assigned() FROM meters WHERE id < 0
--# a denied function that only another tenant's row would evaluate | both | same
SELECT id FROM meters WHERE CASE WHEN tenant_id <> 1 THEN pg_export_snapshot() IS NULL ELSE true END ORDER BY id
--# a denied function that another tenant's row would evaluate behind a join | both | same
SELECT count(*) FROM meters m LEFT JOIN properties p ON p.id = m.property_id AND (p.tenant_id = 1 OR pg_current_wal_lsn() IS NULL)
--# a denied function that is evaluated on an own row | both | refused
SELECT id FROM meters WHERE CASE WHEN tenant_id = 1 THEN pg_export_snapshot() IS NULL ELSE true END
--# what is wrong with the types is said first | both | same
SELECT pg_current_wal_lsn() + true
--# the column is named by the denied function | both | same
SELECT pg_current_wal_lsn(), (pg_current_wal_lsn())::text, txid_current() AS t WHERE false
--# a denied function in a write that finds no row | both | same
UPDATE meters SET property_id = txid_current() WHERE id < 0
--# a denied function in a write | both | refused
UPDATE meters SET property_id = txid_current()
--# a denied function that the role may not call either | both | refused
SELECT pg_reload_conf() WHERE false
--# a denied function with arguments that is not evaluated | both | same
SELECT id, CASE WHEN id < 0 THEN lo_get(CAST(id AS oid)) END, CASE WHEN id < 0 THEN pg_sleep(CAST(id AS float8)) END FROM meters ORDER BY id
--# a denied function with arguments that only another tenant's row would evaluate | both | same
SELECT id FROM meters WHERE CASE WHEN tenant_id <> 1 THEN pg_export_snapshot() = lo_get(CAST(id AS oid))::text ELSE true END ORDER BY id
--# a denied function with arguments that is evaluated | both | refused
SELECT lo_get(CAST(id AS oid)) FROM meters
--# a denied function with a literal | both | refused
SELECT pg_sleep(0)
--# what is wrong with the arguments of a denied function is said first | both | same
SELECT lo_get(CAST(1 AS oid)), pg_sleep(CAST(1 + true AS float8))
--# what is wrong with the result of a denied function is said first | both | same
SELECT lo_get(CAST(1 AS oid)) + 1
--# a column is named by a denied function with arguments | both | same
SELECT lo_get(CAST(id AS oid)), lo_get(CAST(id AS oid))::text, pg_sleep(CAST(id AS float8)) AS s FROM meters WHERE id < 0
--# aggregates in the arguments of a denied function | both | same
SELECT CASE WHEN count(*) < 0 THEN pg_sleep(CAST(max(id) AS float8)) END, count(*) FROM meters
--# a denied function of what is grouped | both | same
SELECT pg_sleep(CAST(id AS float8)) FROM meters WHERE id < 0 GROUP BY pg_sleep(CAST(id AS float8)), id
--# a denied function that yields a record | both | same
SELECT id, CASE WHEN id < 0 THEN pg_control_init() END FROM meters ORDER BY id
--# a denied function that yields a record, evaluated | both | refused
SELECT pg_control_init()
--# what the role may not call is looked at before the first row | both | refused
SELECT pg_read_file(CAST('PG_VERSION' AS text)) FROM meters WHERE id < 0
--# what the role may not call and the planner takes away is not | both | same
SELECT id, CASE WHEN false THEN pg_read_file(CAST('PG_VERSION' AS text)) END FROM meters ORDER BY id
--# what is wrong with the types is said before what the role may not call | both | same
SELECT pg_switch_wal() + true, pg_read_file(CAST('PG_VERSION' AS text))
--# a volatile function that nothing comes of is evaluated all the same | both | refused
SELECT 1 FROM (SELECT pg_export_snapshot() AS x OFFSET 0) AS s
--# a look-up beside a tenant's table that is not evaluated | both | same
SELECT id, CASE WHEN id < 0 THEN pg_get_userbyid(CAST(10 AS oid)) END FROM meters ORDER BY id
--# a look-up beside a tenant's table that is evaluated | both | refused
SELECT pg_get_userbyid(CAST(id AS oid)) FROM meters
--# a look-up with another number of arguments | both | refused
SELECT has_table_privilege(CAST('postgres' AS name), CAST('meters' AS text), CAST('select' AS text))
--# NULLs of types that look roles up | both | same
SELECT id, CAST(NULL AS aclitem) = CAST(NULL AS aclitem), CAST(COALESCE(CAST(NULL AS aclitem), CAST(NULL AS aclitem)) AS aclitem), NULL::_aclitem FROM meters ORDER BY id
--# a literal beside a NULL that would look it up | both | refused
SELECT CAST(NULL AS aclitem) = 'postgres=r/postgres'
--# a literal that would become a role | both | refused
SELECT COALESCE(CAST(NULL AS aclitem), 'nobody=r/nobody')
--# NULLs of types of no use | both | same
SELECT CAST(NULL AS pg_snapshot), CAST(NULL AS void), CAST(CASE WHEN id > 0 THEN CAST(NULL AS pg_node_tree) ELSE CAST(NULL AS pg_node_tree) END AS pg_node_tree) FROM meters
--# what is read before a denied call that may mean several functions is said first | both | same
SELECT 1 + true, pg_read_file(serial_no) FROM meters
--# what is read in the arguments of such a call is said first | both | same
SELECT pg_read_file(serial_no || (1 + true)) FROM meters
--# such a call ends the statement before it runs | both | refused 42501
SELECT CASE WHEN false THEN pg_read_file(serial_no) END FROM meters WHERE id < 0
--# the client's own text, not the one that is sent | both | same
SELECT current_query() AS said, name  FROM properties /* of 1 */ WHERE pg_catalog.current_query() LIKE '%of 1%'
--# the text that a query runs in is not its own in COPY | both | refused 42501
COPY (SELECT current_query() FROM properties) TO STDOUT
--# NULLs of types that look names up, beside a table | both | same
SELECT count(*), CAST(CAST(NULL AS regclass) AS regclass) IS NULL AS a, NULL::pg_catalog.regtype::oid AS b, pg_get_indexdef(CAST((NULL) AS regclass)) AS c FROM properties
--# what is no NULL is looked up | both | refused 0A000
SELECT count(*), CAST(NULL AS text)::regclass FROM properties
--# a NULL that looks names up is a column of that name | both | same
SELECT NULL::regclass
--= as
SELECT NULL::text AS regclass
--# a number and a name as an object of the same shape | both | same
SELECT '1'::regclass::text AS x
--;
SELECT 'no_such_thing'::regclass::text AS x
--# a number and a type's name of the same shape | both | same
SELECT '23'::regtype::text AS x
--;
SELECT 'no_such_thing'::regtype::text AS x
