-- Catalogs: what psql, ORMs and drivers ask, and what must not show. The oracle has no staff_names and no revenue.
--# a table list with kinds and comments | both | same
SELECT c.relname, CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END, obj_description(c.oid, 'pg_class') FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v') AND n.nspname NOT IN ('pg_catalog', 'pg_toast') AND pg_catalog.pg_table_is_visible(c.oid) AND c.relname IN ('properties', 'meters', 'journal', 'readings_2024', 'assets', 'open_invoices', 'tariffs', 'staff_names', 'revenue')
--# columns of a table with defaults and collations | both | same
SELECT a.attname AS column_name, NOT (a.attnotnull OR (t.typtype = 'd' AND t.typnotnull)) AS is_nullable, pg_get_expr(ad.adbin, ad.adrelid) AS column_default, CASE WHEN collname = 'default' THEN NULL ELSE collname END AS collation, a.attidentity != '' AS is_autofield, col_description(a.attrelid, a.attnum) AS column_comment FROM pg_attribute a LEFT JOIN pg_attrdef ad ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum LEFT JOIN pg_collation co ON a.attcollation = co.oid JOIN pg_type t ON a.atttypid = t.oid JOIN pg_class c ON a.attrelid = c.oid JOIN pg_namespace n ON c.relnamespace = n.oid WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v') AND c.relname = 'meters' AND n.nspname NOT IN ('pg_catalog', 'pg_toast') AND pg_catalog.pg_table_is_visible(c.oid)
--# constraints with their columns in order | both | same
SELECT c.conname, array(SELECT attname FROM unnest(c.conkey) WITH ORDINALITY cols(colid, arridx) JOIN pg_attribute AS ca ON cols.colid = ca.attnum WHERE ca.attrelid = c.conrelid ORDER BY cols.arridx), c.contype, (SELECT fkc.relname || '.' || fka.attname FROM pg_attribute AS fka JOIN pg_class AS fkc ON fka.attrelid = fkc.oid WHERE fka.attrelid = c.confrelid AND fka.attnum = c.confkey[1]), cl.reloptions FROM pg_constraint AS c JOIN pg_class AS cl ON c.conrelid = cl.oid WHERE cl.relname = 'meters' AND pg_catalog.pg_table_is_visible(cl.oid)
--# indexes with expressions and orderings | both | same
SELECT indexname, array_agg(attname ORDER BY arridx), indisunique, indisprimary, array_agg(ordering ORDER BY arridx), amname, exprdef, s2.attoptions FROM (SELECT c2.relname as indexname, idx.*, attr.attname, am.amname, CASE WHEN idx.indexprs IS NOT NULL THEN pg_get_indexdef(idx.indexrelid) END AS exprdef, CASE am.amname WHEN 'btree' THEN CASE (option & 1) WHEN 1 THEN 'DESC' ELSE 'ASC' END END as ordering, c2.reloptions as attoptions FROM (SELECT * FROM pg_index i, unnest(i.indkey, i.indoption) WITH ORDINALITY koi(key, option, arridx)) idx LEFT JOIN pg_class c ON idx.indrelid = c.oid LEFT JOIN pg_class c2 ON idx.indexrelid = c2.oid LEFT JOIN pg_am am ON c2.relam = am.oid LEFT JOIN pg_attribute attr ON attr.attrelid = c.oid AND attr.attnum = idx.key WHERE c.relname = 'meters' AND pg_catalog.pg_table_is_visible(c.oid)) s2 GROUP BY indexname, indisunique, indisprimary, amname, exprdef, attoptions
--# sequences that columns own | both | same
SELECT s.relname AS sequence_name, a.attname AS colname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass JOIN pg_attribute a ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum JOIN pg_class tbl ON tbl.oid = d.refobjid AND tbl.relname = 'meters' AND pg_catalog.pg_table_is_visible(tbl.oid) WHERE s.relkind = 'S'
--# columns by a name cast to regclass | both | same
SELECT a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod, c.collname, col_description(a.attrelid, a.attnum) AS comment, attidentity AS identity, attgenerated as attgenerated FROM pg_attribute a LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum LEFT JOIN pg_type t ON a.atttypid = t.oid LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation WHERE a.attrelid = '"meters"'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
--# a primary key by subscripts | both | same
SELECT a.attname FROM ( SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx FROM pg_index WHERE indrelid = '"meters"'::regclass AND indisprimary ) i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[i.idx] ORDER BY i.idx
--# indexes by definition | both | same
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), pg_catalog.obj_description(i.oid, 'pg_class') AS comment, d.indisvalid, ARRAY( SELECT pg_get_indexdef(d.indexrelid, k + 1, true) FROM generate_subscripts(d.indkey, 1) AS k ORDER BY k ) AS columns FROM pg_class t INNER JOIN pg_index d ON t.oid = d.indrelid INNER JOIN pg_class i ON d.indexrelid = i.oid LEFT JOIN pg_namespace n ON n.oid = t.relnamespace WHERE i.relkind IN ('i', 'I') AND d.indisprimary = 'f' AND t.relname = 'meters' AND n.nspname = ANY (current_schemas(false)) ORDER BY i.relname
--# tables for DatabaseMetaData | both | same
SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME, CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema' WHEN true THEN CASE WHEN n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' THEN CASE c.relkind WHEN 'r' THEN 'SYSTEM TABLE' WHEN 'v' THEN 'SYSTEM VIEW' WHEN 'i' THEN 'SYSTEM INDEX' ELSE NULL END ELSE NULL END WHEN false THEN CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'PARTITIONED TABLE' WHEN 'v' THEN 'VIEW' ELSE NULL END ELSE NULL END AS TABLE_TYPE, d.description AS REMARKS, '' as TYPE_CAT, '' as TYPE_SCHEM, '' as TYPE_NAME, '' AS SELF_REFERENCING_COL_NAME, '' AS REF_GENERATION FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0 and d.classoid = 'pg_class'::regclass) WHERE c.relnamespace = n.oid AND c.relname LIKE 'm%' AND (false OR ( c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ) ) ORDER BY TABLE_TYPE,TABLE_SCHEM,TABLE_NAME
--# columns for DatabaseMetaData | both | same
SELECT * FROM (SELECT n.nspname,c.relname,a.attname,a.atttypid,a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS attnotnull,a.atttypmod,a.attlen,t.typtypmod,row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS attnum, nullif(a.attidentity, '') as attidentity,nullif(a.attgenerated, '') as attgenerated,pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS adsrc,dsc.description,t.typbasetype,t.typtype FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (a.attrelid=c.oid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid=def.adrelid AND a.attnum = def.adnum) LEFT JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid) LEFT JOIN pg_catalog.pg_class dc ON (dc.oid=dsc.classoid AND dc.relname='pg_class') LEFT JOIN pg_catalog.pg_namespace dn ON (dc.relnamespace=dn.oid AND dn.nspname='pg_catalog') WHERE c.relkind in ('r','p','v','f','m') and a.attnum > 0 AND NOT a.attisdropped AND c.relname LIKE 'meters') c WHERE true ORDER BY nspname,c.relname,attnum
--# primary keys for DatabaseMetaData | both | same
SELECT result.TABLE_CAT, result.TABLE_SCHEM, result.TABLE_NAME, result.COLUMN_NAME, result.KEY_SEQ, result.PK_NAME FROM (SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, ct.relname AS TABLE_NAME, a.attname AS COLUMN_NAME, (information_schema._pg_expandarray(i.indkey)).n AS KEY_SEQ, ci.relname AS PK_NAME, information_schema._pg_expandarray(i.indkey) AS KEYS, a.attnum AS A_ATTNUM FROM pg_catalog.pg_class ct JOIN pg_catalog.pg_attribute a ON (ct.oid = a.attrelid) JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid) JOIN pg_catalog.pg_index i ON ( a.attrelid = i.indrelid) JOIN pg_catalog.pg_class ci ON (ci.oid = i.indexrelid) WHERE true AND ct.relname = 'meters' AND i.indisprimary ) result where result.A_ATTNUM = (result.KEYS).x ORDER BY result.table_name, result.pk_name, result.key_seq
--# imported keys for DatabaseMetaData | both | same
SELECT NULL::text AS "PKTABLE_CAT", pkn.nspname AS "PKTABLE_SCHEM", pkc.relname AS "PKTABLE_NAME", pka.attname AS "PKCOLUMN_NAME", fkn.nspname AS "FKTABLE_SCHEM", fkc.relname AS "FKTABLE_NAME", fka.attname AS "FKCOLUMN_NAME", pos.n AS "KEY_SEQ", CASE con.confupdtype WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3 ELSE NULL END AS "UPDATE_RULE", con.conname AS "FK_NAME", pkic.relname AS "PK_NAME" FROM pg_catalog.pg_namespace pkn, pg_catalog.pg_class pkc, pg_catalog.pg_attribute pka, pg_catalog.pg_namespace fkn, pg_catalog.pg_class fkc, pg_catalog.pg_attribute fka, pg_catalog.pg_constraint con, pg_catalog.generate_series(1, 32) pos(n), pg_catalog.pg_class pkic WHERE pkn.oid = pkc.relnamespace AND pkc.oid = pka.attrelid AND pka.attnum = con.confkey[pos.n] AND con.confrelid = pkc.oid AND fkn.oid = fkc.relnamespace AND fkc.oid = fka.attrelid AND fka.attnum = con.conkey[pos.n] AND con.conrelid = fkc.oid AND con.contype = 'f' AND (pkic.relkind = 'i' OR pkic.relkind = 'I') AND pkic.oid = con.conindid AND fkc.relname = 'meters' ORDER BY pkn.nspname,pkc.relname, con.conname,pos.n
--# foreign keys with the referenced table by name | both | same
SELECT t2.oid::regclass::text AS to_table, c.conname, c.confdeltype, c.conkey FROM pg_constraint c JOIN pg_class t1 ON c.conrelid = t1.oid JOIN pg_class t2 ON c.confrelid = t2.oid JOIN pg_namespace n ON c.connamespace = n.oid WHERE c.contype = 'f' AND t1.relname = 'meters' AND n.nspname = ANY (current_schemas(false))
--# definitions of constraints | both | same
SELECT conname, pg_get_constraintdef(oid, true) FROM pg_constraint WHERE conrelid = 'public.invoices'::regclass
--# enum labels of a type by name | both | same
SELECT t.typname, t.oid::regtype::text, array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.oid = to_regtype('mood') GROUP BY t.typname, t.oid
--# array types | both | same
SELECT typname, oid, typelem FROM pg_type WHERE typinput = 'array_in'::regproc AND typelem IN (20, 23, 25)
--# array types by signature | both | same
SELECT typname FROM pg_type WHERE typinput = 'array_in(cstring,oid,integer)'::regprocedure AND typelem IN (20, 23, 25)
--# functions by name | both | same
SELECT t.typname, t.typelem, t.typinput, r.rngsubtype, t.typbasetype AS base, t.typoutput AS out FROM pg_type AS t LEFT JOIN pg_range AS r ON t.oid = r.rngtypid WHERE t.typname IN ('int8', '_text', 'date', 'numrange') ORDER BY t.typname
--# functions by name, from a sub-select | both | same
SELECT s.f, s.f = 'array_in'::regproc AS is_array FROM (SELECT typinput AS f, typname AS n FROM pg_catalog.pg_type) s JOIN pg_proc p ON p.oid = s.f WHERE s.n IN ('int4', '_int4') ORDER BY s.n
--# a name beside a function's column is not looked up | both | safe
SELECT count(*) FROM pg_type WHERE typinput = 'no_such_function'
--# a table by a qualified column name | both | same
SELECT pg_catalog.pg_class.relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_catalog.pg_namespace.oid = pg_catalog.pg_class.relnamespace WHERE pg_catalog.pg_class.relkind = ANY (ARRAY['r', 'p']) AND pg_catalog.pg_table_is_visible(pg_catalog.pg_class.oid) AND pg_catalog.pg_namespace.nspname <> 'pg_catalog' AND pg_catalog.pg_class.relname IN ('properties', 'meters', 'journal', 'readings_2024', 'assets', 'open_invoices', 'tariffs', 'staff_names', 'revenue')
--# identity options by way of a computed name | both | same
SELECT a.attname, (SELECT s.seqincrement FROM pg_catalog.pg_sequence s WHERE s.seqrelid = CAST(CAST(pg_catalog.pg_get_serial_sequence(CAST(CAST(a.attrelid AS REGCLASS) AS TEXT), a.attname) AS REGCLASS) AS OID)) FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'visits'::regclass AND a.attnum > 0
--# inherited and partitioned tables | both | same
SELECT i.inhrelid::regclass::text, i.inhparent::regclass::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE c.relkind IN ('r', 'p')
--# tables of the information schema | both | same
SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_name IN ('properties', 'meters', 'journal', 'readings_2024', 'assets', 'open_invoices', 'tariffs', 'staff_names', 'revenue')
--# columns of the information schema | both | same
SELECT table_name, column_name, ordinal_position, data_type, is_nullable, character_maximum_length, udt_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN ('properties', 'meters', 'journal', 'readings_2024', 'assets', 'open_invoices', 'tariffs', 'staff_names', 'revenue')
--# foreign keys of the information schema | both | same
SELECT tc.table_name, kcu.column_name, ccu.table_name AS foreign_table, ccu.column_name AS foreign_column FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu ON tc.constraint_name = kcu.constraint_name AND tc.table_schema = kcu.table_schema JOIN information_schema.constraint_column_usage ccu ON ccu.constraint_name = tc.constraint_name AND ccu.table_schema = tc.table_schema WHERE tc.constraint_type = 'FOREIGN KEY'
--# views of the information schema | both | same
SELECT table_name FROM information_schema.views WHERE table_name IN ('open_invoices', 'property_totals', 'serials')
--# a view's definition | both | same
SELECT pg_get_viewdef('open_invoices'::regclass, true)
--# a name as it is read | both | same
SELECT 'properties'::regclass::text, '"Meter Notes"'::regclass::text, 'public.meters_pkey'::regclass::text
--# names that are looked up without an error | both | same
SELECT to_regclass('properties') IS NOT NULL, to_regclass('nowhere') IS NULL, to_regtype('mood') IS NOT NULL
--# privileges by name and by OID | both | same
SELECT has_table_privilege('tariffs', 'select'), has_table_privilege(c.oid, 'insert'), has_schema_privilege('public', 'usage') FROM pg_class c WHERE c.relname = 'tariffs'
--# settings | both | same
SELECT name, setting FROM pg_settings WHERE name IN ('server_encoding', 'integer_datetimes', 'server_version_num')
--# one setting | both | same
SELECT current_setting('server_version_num')
--# the type of an expression | both | same
SELECT pg_typeof(1)
--# the database | both | same
SELECT count(*) FROM pg_database
--! safe
SELECT datname FROM pg_database WHERE datname = 'postgres'
--# a comment on a column | both | same
SELECT col_description('meters'::regclass, 1), obj_description('meters'::regclass, 'pg_class')
--# a parameter cast to regclass | extended | safe
--$ meters
SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p'
--# every name of the relations | both | safe
--~ staff
--~ revenue
SELECT relname, relnamespace::regnamespace FROM pg_class
--# every column name | both | safe
--~ staff
SELECT attrelid::regclass, attname FROM pg_attribute
--# every constraint and index | both | safe
--~ staff
--~ revenue
SELECT conname, conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint
--;
SELECT pg_get_indexdef(indexrelid) FROM pg_index
--# every function | both | safe
--~ every_meter
--~ run_text
--~ SECURITY DEFINER
SELECT proname, prosrc FROM pg_proc
--# every type | both | safe
--~ staff
--~ revenue
SELECT typname, format_type(oid, NULL) FROM pg_type
--# every dependency | both | safe
--~ staff
SELECT classid::regclass, objid, refobjid FROM pg_depend
--;
SELECT objid::regclass::text FROM pg_depend WHERE classid = 'pg_class'::regclass
--# every name of the information schema | both | safe
--~ staff
--~ revenue
--~ every_meter
SELECT table_name FROM information_schema.tables
--;
SELECT table_name, column_name FROM information_schema.columns
--;
SELECT table_name, constraint_name FROM information_schema.table_constraints
--;
SELECT routine_name FROM information_schema.routines
--;
SELECT table_name, privilege_type FROM information_schema.table_privileges
--# every name of the short views | both | safe
--~ staff
--~ revenue
SELECT tablename FROM pg_tables
--;
SELECT indexname, indexdef FROM pg_indexes
--;
SELECT matviewname, definition FROM pg_matviews
--;
SELECT viewname, definition FROM pg_views
--# other roles and databases | both | safe
--~ auth_scram
--~ alder_rls
--~ template1
SELECT rolname, rolpassword FROM pg_roles
--;
SELECT usename FROM pg_user
--;
SELECT datname FROM pg_database
--;
SELECT pg_get_userbyid(g::oid), g::oid::regrole::text FROM generate_series(1, 40000, 7) g WHERE pg_get_userbyid(g::oid) IS NOT NULL
--# settings that are not shown | both | same
SELECT name FROM pg_settings WHERE name IN ('nothing_of_the_kind')
--;
--! safe
--~ hba
SELECT name, setting FROM pg_settings WHERE name LIKE '%file%' OR name LIKE '%directory%'
--# guessed OIDs | both | safe
--~ staff
--~ revenue
--~ every_meter
SELECT g::oid::regclass, format_type(g::oid, NULL), pg_get_constraintdef(g::oid), pg_get_viewdef(g::oid), pg_get_indexdef(g::oid), g::oid::regproc, g::oid::regtype, obj_description(g::oid, 'pg_class') FROM generate_series(16384, 18000) g
--# guessed OIDs one by one in text | both | safe
--~ staff
SELECT (g::text)::regclass::text, g::text::regtype::text FROM generate_series(16384, 17500) g
--# guessed OIDs by way of a volatile value | both | safe
--~ staff
--~ revenue
SELECT (16384 + (random() * 1200)::int)::oid::regclass::text FROM generate_series(1, 4000)
--# a hidden name | both | refused 42P01
SELECT 'staff_names'::regclass
--# a hidden name compared | both | refused 42P01
SELECT 1 FROM pg_class WHERE oid = 'public.staff_names'::regclass
--# a hidden name quoted in CAST | both | refused 42P01
SELECT CAST('"staff_names"' AS regclass)
--# hidden names as text | both | same
SELECT to_regclass('staff_names'), to_regclass('revenue'), to_regtype('staff_names'), has_table_privilege('staff_names', 'select'), ('staff' || '_names')::regclass::text AS computed
--= as
SELECT NULL::text AS to_regclass, NULL::text AS to_regclass, NULL::text AS to_regtype, NULL::bool AS has_table_privilege, NULL::text AS computed
--# a literal beside a name is not looked up | both | same
SELECT count(*) FROM pg_class c WHERE c.oid::regclass = 'staff_names'
--= as
SELECT count(*) FROM pg_class WHERE false
--# a literal beside a name that does not exist | both | same
SELECT count(*) FROM pg_class c WHERE c.oid::regclass = 'nowhere_to_be_found'
--= as
SELECT count(*) FROM pg_class WHERE false
--# a literal beside a type's name is not looked up | both | same
SELECT coalesce(pg_typeof(1), 'staff_names') IS NULL, coalesce(pg_typeof(1), 'nowhere_to_be_found') IS NULL
--= as
SELECT false, false
--# an error on a hidden row | both | same
SELECT count(*) FROM pg_class WHERE 1 / (CASE WHEN relname = 'staff_names' THEN 0 ELSE 1 END) = 1 AND relname = 'meters'
--# an error on a hidden column | both | same
SELECT count(*) FROM pg_attribute WHERE (CASE WHEN attrelid::regclass::text = 'staff_names' THEN attname::text ELSE '1' END)::int = 1 AND false
--# sizes and estimates | both | safe
SELECT relname FROM pg_class WHERE relname = 'meters' AND (reltuples > 0 OR relpages > 0 OR pg_table_size(oid) IS NOT NULL)
--# a catalog beside a table | both | refused
SELECT p.id, c.relname FROM properties p, pg_class c
--# a catalog beside a view of a table | both | refused
SELECT (SELECT count(*) FROM pg_class), number FROM open_invoices
--# changing a catalog | both | refused
UPDATE pg_settings SET setting = 'off' WHERE name = 'row_security'
--# statistics of a column | both | refused
SELECT * FROM pg_stats_ext
--# privileges of another role | both | refused
SELECT has_table_privilege('postgres', 'meters', 'select')
--# a sequence's place | both | safe
SELECT last_value FROM pg_sequences WHERE last_value IS NOT NULL
--# the source of a function | both | safe
--~ add_vat
SELECT pg_get_functiondef('add_vat'::regproc)
--# a setting by a computed name | both | same
SELECT current_setting('server_' || 'version_num'), current_setting('no' || '.such', true)
--# what asyncpg sends around its own queries | simple | same
SELECT current_setting('jit') IS NULL AS cur, set_config('jit', 'off', false) AS new
--# names of functions as texts | both | same
SELECT t.typname, t.typinput::text, t.typsend::text FROM pg_type t WHERE t.typname IN ('bool', 'int4range') ORDER BY 1
--# keys of partitions | both | same
SELECT c.conname, c.conrelid::regclass::text FROM pg_constraint c WHERE c.conrelid = 'readings_2024'::regclass AND c.contype = 'p'
--# indexes of partitions | both | same
SELECT indexname FROM pg_indexes WHERE tablename = 'readings_2024' ORDER BY 1
--# a comment by its OID alone | both | same
SELECT obj_description('properties'::regclass) IS NULL
--# relations by their statistics | both | refused
SELECT st.relname FROM pg_catalog.pg_statio_all_tables AS st WHERE st.relname IN ('properties', 'invoices') ORDER BY 1
--# the elements of arrays, as ORMs ask for them | both | same
SELECT c.column_name, c.data_type, e.data_type AS element FROM information_schema.columns c LEFT JOIN information_schema.element_types e ON (c.table_catalog, c.table_schema, c.table_name, 'TABLE', c.dtd_identifier) = (e.object_catalog, e.object_schema, e.object_name, e.object_type, e.collection_type_identifier) WHERE c.table_schema = 'public' AND c.table_name IN ('properties', 'meters') ORDER BY c.table_name, c.ordinal_position
--# columns that depend on a catalog's key | both | same
SELECT c.oid > 0, c.relname, c.relkind, n.nspname, count(a.attname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE n.nspname = 'public' AND c.relname IN ('properties', 'meters', 'readings') GROUP BY c.oid, n.oid ORDER BY c.relname
--# an enum's labels by its type's key | both | same
SELECT t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.oid HAVING t.typname <> 'x' ORDER BY t.typname
--# an index's columns by its key | both | same
SELECT i.indrelid::regclass::text, i.indisunique, i.indisprimary, array_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_index i JOIN pg_attribute a ON a.attrelid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid WHERE c.relname = 'meters' GROUP BY i.indexrelid, c.relname ORDER BY 1, 2, 3, 4
--# a constraint's columns by its key, a column of it sorted by | both | same
SELECT con.conname, con.contype, array_agg(a.attname ORDER BY a.attnum) FROM pg_constraint con JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = ANY (con.conkey) WHERE con.conrelid = 'meters'::regclass GROUP BY con.oid ORDER BY con.conname
--# a column that depends on no key | both | same
SELECT c.relname, c.relkind FROM pg_class c GROUP BY c.relname
--# what a cast of a cast to a look-up type is called | both | same
SELECT '23'::regtype::oid, '23'::regtype::int, ('23')::regtype::pg_catalog.text, 23::regtype::oid::bigint
--# a function by the types of its arguments | both | same
SELECT has_function_privilege('add_vat(numeric)', 'EXECUTE'), pg_get_function_result('add_vat(numeric)'::regprocedure), pg_get_function_arguments('add_vat'::regproc), pg_get_function_result('substr(text,integer)'::regprocedure)
--# the own user's privileges by name | both | same
SELECT has_table_privilege(current_user, 'meters', 'SELECT'), has_schema_privilege(session_user, 'public', 'USAGE'), has_column_privilege(user, 'meters', 'id', 'UPDATE')
--# a relation's index by a cast | both | same
SELECT pg_get_indexdef('meters_pkey'::regclass), obj_description('meters'::regclass), pg_table_is_visible('meters'::regclass)
