-- Texts that two lexers may read differently.
--# comment start inside an operator | both | same-or-refused
SELECT id FROM properties WHERE units <>/*'*/ 5 UNION SELECT id FROM meters --'
--# star then minus minus | both | same
SELECT 2 *--1
3
--# nested comments | both | same
SELECT /* a /* b */ ' c */ count(*) FROM properties -- '
--# unterminated comment | both | same
SELECT 1 /* open
--# comment inside a string | both | same
SELECT '/*', count(*) FROM properties WHERE name <> '--' -- */
--# backslash in a plain string | both | same
SELECT '\' || name FROM properties WHERE name <> '\' OR tenant_id = 2 --'
--# backslash quote in an escape string | both | same
SELECT E'\'' || name FROM properties WHERE name <> E'\' OR true --'
--# doubled quotes | both | same
SELECT 'it''s', count(*) FROM properties WHERE name <> ''' OR true --'
--# escape string with hex and unicode | both | same
SELECT E'\x41\u0042\t', count(*) FROM meters
--# escape string with a bad unicode escape | both | same
SELECT E'\uD800'
--# unicode string | both | same
SELECT U&'\0041\+000042'
--# unicode string with uescape | both | same-or-refused
SELECT U&'!0041' UESCAPE '!'
--# unicode identifier | both | same
SELECT count(*) FROM U&"\0070roperties"
--# unicode identifier of a hidden table | both | refused 42P01
SELECT * FROM U&"\0073taff_names"
--# unicode identifier with uescape | both | same-or-refused
SELECT count(*) FROM U&"!0070roperties" UESCAPE '!'
--# dollar quotes | both | same
SELECT $$it's$$, $tag$ $$ -- $tag$, count(*) FROM properties
--# dollar quote that looks like a tag | both | same
SELECT $a$ $b$ '; DELETE FROM payments; -- $a$
--# identifier with dollars | both | same
SELECT count(*) AS a$$b FROM properties
--# unterminated dollar quote | both | same
SELECT $x$ oh
--# string continuation over a newline | both | same
SELECT 'a'
'b', count(*) FROM properties
--# string continuation with a comment between | both | same
SELECT 'a' -- comment
'b'
--# strings on one line are not joined | both | same
SELECT 'a' 'b'
--# bit and hex strings | both | same
SELECT B'101', X'1F', count(*) FROM properties
--# national string | both | same-or-refused
SELECT N'abc'
--# upper-case keywords and names | both | same
SELECT COUNT(*) FROM PROPERTIES WHERE NAME IS NOT NULL
--# quoted name in the wrong case | both | same
SELECT * FROM "Properties"
--# quoted lower-case name | both | same
SELECT "id", "name" FROM "properties" AS "P" WHERE "P"."units" > 1
--# quoted name with a quote in it | both | same
SELECT 1 AS "a""b", count(*) FROM properties
--# name of sixty-four bytes is cut | both | same-or-refused
SELECT count(*) FROM work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1x
--# quoted name of sixty-five bytes is cut | both | same-or-refused
SELECT count(*) FROM "work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1xy"
--# long alias is cut | both | same-or-refused
SELECT aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg.id FROM properties aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhh
--# long cte name is cut | both | same-or-refused
WITH work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1zzz AS (SELECT 1 AS n) SELECT count(*) FROM work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1
--# three-part name | simple | safe
SELECT count(*) FROM nowhere.public.properties
--# schema that does not exist | both | same
SELECT * FROM nowhere.properties
--# spaces around dots | both | same
SELECT count(*) FROM public . properties
--# comments around dots | both | same
SELECT count(*) FROM public/* x */./* y */properties
--# newlines and tabs everywhere | both | same
SELECT
	count(*)
FROM
	properties
--# carriage return ends a comment | simple | same
SELECT 1 -- x
--# no-break space is a name character | both | same
SELECT 1 FROM properties WHERE true
--# ideographic space | both | same-or-refused
SELECT　1
--# zero-width space | both | same-or-refused
SELECT 1 FROM​properties
--# non-ascii names | both | same
SELECT 1 AS größe, 'ß' AS "ÄÖ"
--# non-ascii is not folded | both | same
SELECT 1 AS ÄÖ
--# numbers | both | same
SELECT 1., .5, 1e3, 1.5e-3, 007, 9223372036854775808
--# number with junk | both | same
SELECT 123abc
--# hex number | both | same
SELECT 0x1F
--# underscored number | both | same
SELECT 1_000
--# number then dot dot | both | same
SELECT 1..2
--# double minus is a comment | both | same
SELECT 1 --1
--# minus minus apart | both | same
SELECT 1 - -1, - - 1, -(-1)
--# operators with trailing plus or minus | both | same-or-refused
SELECT 1 <-1, 2 >-3, 3=-3
--# operator spelled with a schema | both | same-or-refused
SELECT 1 OPERATOR(pg_catalog.+) 2
--# user operator | both | refused
SELECT id FROM properties WHERE id === 1001
--# user operator with a schema | both | refused
SELECT id FROM properties WHERE id OPERATOR(public.===) 1001
--# not equal spelled otherwise | both | same
SELECT id FROM properties WHERE id != 1001
--# colon casts | both | same
SELECT id::text::varchar(3), '1'::int FROM properties
--# at sign and hash operators | both | same
SELECT @ -5, 5 # 3, ~ 5, 2 ^ 3
--# cast to regclass | both | same-or-refused
SELECT 'properties'::regclass::text
--# cast to regclass of a hidden table | both | refused
SELECT 'staff_names'::regclass::oid
--# precedence of or after and | both | same
SELECT id FROM properties WHERE id = 1001 AND units = 1 OR units = 2 AND true OR tenant_id = 2
--# not and is | both | same
SELECT id FROM properties WHERE NOT town IS NULL AND NOT units = 3
--# between and and | both | same
SELECT id FROM properties WHERE units BETWEEN 1 AND 3 OR units NOT BETWEEN 5 AND 4 AND true
--# between symmetric | both | same-or-refused
SELECT id FROM properties WHERE units BETWEEN SYMMETRIC 5 AND 4
--# parentheses closing early | both | same
SELECT id FROM properties WHERE (units = 1) OR (tenant_id = 2)
--# attempt to close the filter | both | same
SELECT id FROM properties WHERE 1 = 1) OR (1 = 1
--# attempt to comment out the filter | both | same
SELECT id FROM properties WHERE true --
--# attempt to comment out the filter with a block | both | same
SELECT id FROM properties WHERE true /*
--# alias that looks like a clause | both | same
SELECT id AS "from properties; --" FROM properties
--# keyword as alias | both | same
SELECT id AS select, units AS "from" FROM properties
--# keyword as bare label | both | same
SELECT id tenant FROM properties
--# literal that looks like a parameter | both | same
SELECT '$1', count(*) FROM properties
--# parameter in a simple query | simple | same
SELECT $1
--# parameter number zero | both | same-or-refused
SELECT $0
--# parameter number too large | both | same-or-refused
SELECT $99999
--# parameter next to the hidden one | extended | same-or-refused
--$ 1 | 2
SELECT id FROM properties WHERE units = $1 OR units = $2 OR units = $3
--# psql variables are not SQL | both | same-or-refused
SELECT :x
--# backtick | both | same
SELECT `id` FROM properties
--# bracket name | both | same
SELECT [id] FROM properties
--# mysql comment | both | same
SELECT 1 # comment
--# syntax error | both | same
SELEC 1
--# another syntax error | both | same-or-refused
SELECT FROM WHERE
--# syntax error inside a sub-select | both | same
SELECT (SELECT FROM properties WHERE)
--# unterminated string | both | same
SELECT 'abc
--# unterminated quoted name | both | same
SELECT "abc
--# zero-length quoted name | both | same
SELECT 1 AS ""
--# other dialects: top | both | same-or-refused
SELECT TOP 1 id FROM properties
--# other dialects: qualify | both | same-or-refused
SELECT id FROM properties QUALIFY row_number() OVER () = 1
--# other dialects: limit comma | both | same-or-refused
SELECT id FROM properties LIMIT 1, 2
--# other dialects: replace into | both | same-or-refused
REPLACE INTO assets VALUES (1, 1, 'x')
--# other dialects: use | both | same-or-refused
USE postgres
--# other dialects: pivot | both | same-or-refused
SELECT * FROM properties PIVOT (sum(units) FOR town IN ('Oak'))
--# carriage return ends a comment for real | simple | same
SELECT 1 -- x
 + (SELECT count(*) FROM meters)
