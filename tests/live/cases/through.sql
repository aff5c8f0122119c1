-- Tables without a tenant column: theirs by a foreign key, in one step or two.
--# all of them | both | same
SELECT * FROM receipts
--# two steps | both | same
SELECT s.* FROM stamps s ORDER BY s.id
--# counting | both | same
SELECT count(*), sum(divisor), max(text) FROM receipts
--# one by its key | both | same
SELECT text FROM receipts WHERE id = 1001
--# another tenant's by its key | both | same
SELECT text FROM receipts WHERE id = 2001
--# whose parent is not there | both | same
SELECT text FROM receipts WHERE payment_id IS NULL
--# by the foreign key of another tenant | both | same
SELECT text FROM receipts WHERE payment_id = 2001
--# joined with the parent | both | same
SELECT p.id, r.text FROM payments p JOIN receipts r ON r.payment_id = p.id WHERE p.amount > 11
--# on the nullable side | both | same
SELECT p.id, r.text FROM payments p LEFT JOIN receipts r ON r.payment_id = p.id
--# on the preserved side | both | same
SELECT r.id, s.stamp FROM receipts r LEFT JOIN stamps s ON s.receipt_id = r.id AND s.divisor > 2
--# right join | both | same
SELECT r.id, s.stamp FROM receipts r RIGHT JOIN stamps s ON s.receipt_id = r.id
--# full join | both | same
SELECT r.id, s.id FROM receipts r FULL JOIN stamps s ON s.receipt_id = r.id AND s.divisor = 1
--# joined with all | both | same
SELECT count(*) FROM receipts, stamps
--# USING | both | same
SELECT id, text, stamp FROM receipts JOIN stamps USING (id)
--# NATURAL | both | same
SELECT * FROM receipts NATURAL FULL JOIN stamps
--# column aliases | both | same
SELECT a, b FROM receipts AS r (a, b)
--# grouped by the primary key | both | same
SELECT r.id, r.text, count(s.id) FROM receipts r LEFT JOIN stamps s ON s.receipt_id = r.id GROUP BY r.id
--# in a condition | both | same
SELECT id FROM payments p WHERE EXISTS (SELECT FROM receipts r WHERE r.payment_id = p.id AND r.divisor > 3)
--# not in | both | same
SELECT id FROM payments WHERE id NOT IN (SELECT payment_id FROM receipts)
--# CTE | both | same
WITH r AS (SELECT * FROM receipts), s AS (SELECT * FROM stamps) SELECT r.text, s.stamp FROM r JOIN s ON s.receipt_id = r.id
--# recursive CTE | both | same
WITH RECURSIVE r (id, n) AS (SELECT id, 1 FROM receipts WHERE id = 1001 UNION ALL SELECT s.id, n + 1 FROM r JOIN receipts s ON s.id = r.id + 1) SELECT * FROM r
--# set operation | both | same
SELECT text FROM receipts UNION SELECT stamp FROM stamps EXCEPT SELECT text FROM reminders
--# an alias that looks like ours | both | same
SELECT _1.text, m1.stamp FROM receipts _1 JOIN stamps m1 ON m1.receipt_id = _1.id
--# an alias that is the parent's name | both | same
SELECT payments.text FROM receipts payments
--# whole rows | both | same
SELECT r, to_jsonb(r) FROM receipts r WHERE id < 1003
--# ONLY | both | same
SELECT count(*) FROM ONLY receipts
--# TABLE | both | same
TABLE stamps
--# locking | both | same
SELECT r.id FROM receipts r JOIN payments p ON p.id = r.payment_id ORDER BY r.id FOR UPDATE OF r
--# locking all | both | same
SELECT id FROM stamps WHERE divisor > 1 FOR SHARE
--# a view over paths | both | same
SELECT * FROM stamped
--# a view over paths, joined | both | same
SELECT p.reference, v.share FROM payments p LEFT JOIN stamped v ON v.id = p.id
--# a view of two arms | both | same
SELECT count(*), min(text) FROM texts
--# dividing by what is zero elsewhere | both | same
SELECT text FROM receipts WHERE 12 / divisor > 2
--# casting what is no number elsewhere | both | same
SELECT text FROM receipts WHERE code::int > 2
--# casting behind an index | both | same
SELECT text FROM receipts WHERE text = 'CANARY_T2_receipt1' AND code::int > 2
--# casting two steps away | both | same
SELECT s.stamp FROM stamps s JOIN receipts r ON r.id = s.receipt_id WHERE r.code::int + 6 / s.divisor > 4
--# dividing in the select list | both | same
SELECT id, 12 / divisor FROM receipts
--# dividing in a sub-select on the nullable side | both | same
SELECT p.id, s.x FROM payments p LEFT JOIN (SELECT 12 / divisor AS x, payment_id FROM receipts) s ON s.payment_id = p.id
--# dividing in a sub-select of a sub-select | both | same
SELECT q.x FROM invoices i LEFT JOIN (SELECT p.invoice_id, s.x FROM payments p LEFT JOIN (SELECT 12 / divisor AS x, payment_id FROM receipts) s ON s.payment_id = p.id) q ON q.invoice_id = i.id
--# dividing in ORDER BY | both | same
SELECT id FROM receipts ORDER BY 12 / divisor, id
--# dividing in GROUP BY | both | same
SELECT 12 / divisor, count(*) FROM receipts GROUP BY 1
--# dividing in HAVING | both | same
SELECT divisor, count(*) FROM receipts GROUP BY divisor HAVING 12 / divisor > 1
--# dividing in ON | both | same
SELECT p.id, r.id FROM payments p JOIN receipts r ON r.payment_id = p.id AND 12 / r.divisor > 1
--# dividing in a full join | both | same
SELECT p.id, r.id FROM payments p FULL JOIN receipts r ON r.payment_id = p.id AND r.id = 1001 WHERE coalesce(12 / r.divisor, 0) >= 0
--# dividing in a condition's sub-select | both | same
SELECT id FROM payments p WHERE (SELECT max(12 / r.divisor) FROM receipts r WHERE r.payment_id = p.id) > 2
--# dividing in a set operation | both | same
SELECT 12 / divisor FROM receipts UNION SELECT 12 / divisor FROM stamps
--# LIKE with a parameter | extended | same
--$ CANARY_T1_r%
SELECT text FROM receipts WHERE text LIKE $1
--# update | both | same
UPDATE receipts SET text = 'CANARY_T1_new' WHERE divisor > 2
--# update all | both | same
UPDATE stamps SET stamp = 'CANARY_T1_' || id RETURNING *
--# update another tenant's | both | same
UPDATE receipts SET text = 'x' WHERE id = 2001
--# update nobody's | both | same
UPDATE receipts SET text = 'x' WHERE payment_id IS NULL RETURNING id
--# update with a condition that fails elsewhere | both | same
UPDATE receipts SET text = 'CANARY_T1_x' WHERE 12 / divisor > 2 RETURNING id, text
--# update with safe and failing conditions | both | same
UPDATE receipts SET divisor = 7 WHERE id > 1002 AND code::int < 6
--# update from the parent | both | same
UPDATE receipts r SET text = p.reference FROM payments p WHERE p.id = r.payment_id AND p.amount > 12
--# update from the parent with a condition that fails elsewhere | both | same
UPDATE receipts r SET text = p.reference FROM payments p WHERE p.id = r.payment_id AND 12 / r.divisor > 1
--# update with an expression that fails elsewhere | both | same
UPDATE receipts SET divisor = 12 / divisor WHERE id < 1004
--# update by a sub-select | both | same
UPDATE stamps SET stamp = (SELECT min(text) FROM receipts r WHERE r.id = receipt_id) WHERE receipt_id IN (SELECT id FROM receipts WHERE code::int > 1)
--# delete | both | same
DELETE FROM stamps WHERE divisor > 3
--# delete all | both | same
DELETE FROM receipts
--# delete with a condition that fails elsewhere | both | same
DELETE FROM stamps WHERE 12 / divisor = 3 RETURNING *
--# delete using the parent | both | same
DELETE FROM stamps s USING receipts r WHERE r.id = s.receipt_id AND r.code::int > 3
--# delete in a CTE | both | same
WITH gone AS (DELETE FROM stamps WHERE id = 1001 RETURNING *) SELECT * FROM gone
--# an inner transaction | simple | same
BEGIN
--;
UPDATE receipts SET text = 'CANARY_T1_tx' WHERE id = 1002
--;
SELECT text FROM receipts WHERE id = 1002
--;
ROLLBACK
--# without a foreign key it is refused | both | refused 42501
SELECT * FROM scribbles
--# insert | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, 1001, 'x', '1'), (7002, 1002, 'y', '2') RETURNING *
--# insert without a column list | both | same
INSERT INTO stamps VALUES (7001, 1001, 'x', 1)
--# insert by parameters | extended | same
--$ 7001 | 1001
INSERT INTO receipts (id, payment_id, text, code) VALUES ($1, $2, 'x', '1')
--# insert and read it again | simple | same
BEGIN
--;
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, 1001, 'x', '1')
--;
INSERT INTO stamps (id, receipt_id, stamp) VALUES (7001, 7001, 'x')
--;
SELECT * FROM stamps JOIN receipts r ON r.id = receipt_id WHERE r.id = 7001
--;
COMMIT
--# insert for another tenant's parent | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, 2001, 'x', '1')
--# insert for another tenant's parent two steps away | both | same
INSERT INTO stamps (id, receipt_id, stamp) VALUES (7001, 2001, 'x')
--# insert for a parent that is nobody's | both | same
INSERT INTO stamps (id, receipt_id, stamp) VALUES (7001, 9001, 'x')
--# insert for a parent that is not there | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, 7001, 'x', '1')
--# insert for another tenant's parent by a parameter | extended | same
--$ 7001 | 2001
INSERT INTO receipts (id, payment_id, text, code) VALUES ($1, $2, 'x', '1')
--# insert for a parent that a sub-select finds | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, (SELECT max(id) FROM payments), 'x', '1')
--# insert for a parent that is computed | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, 1000 + 1, 'x', '1')
--# insert for another tenant's parent that is computed | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, 1000 * 2 + 1, 'x', '1')
--# insert of what was read | both | same
INSERT INTO receipts (id, payment_id, text, code) SELECT id + 6000, id, reference, '1' FROM payments
--# insert of what was read, with a constant | both | same
INSERT INTO receipts (id, payment_id, text, code) SELECT id + 6000, 1002, reference, '1' FROM payments WHERE id = 1001
--# insert of what was read, with another tenant's parent | both | same
INSERT INTO receipts (id, payment_id, text, code) SELECT id + 6000, id + 1000, reference, '1' FROM payments WHERE id = 1001
--# insert from an outer join | both | refused 23503
INSERT INTO receipts (id, payment_id, text, code) SELECT 7001, p.id, 'x', '1' FROM (SELECT 1) x LEFT JOIN payments p ON p.id = 5
--# insert the parent in the same statement | both | same-or-refused
WITH p AS (INSERT INTO payments (id, invoice_id, amount) OVERRIDING SYSTEM VALUE VALUES (7001, 1001, 5) RETURNING id) INSERT INTO receipts (id, payment_id, text, code) SELECT 7001, id, 'x', '1' FROM p
--= as
WITH p AS (INSERT INTO payments (id, invoice_id, amount, tenant_id) OVERRIDING SYSTEM VALUE VALUES (7001, 1001, 5, 1) RETURNING id) INSERT INTO receipts (id, payment_id, text, code) SELECT 7001, id, 'x', '1' FROM p
--# insert for nobody | both | refused 42501
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, NULL, 'x', '1')
--# insert for nobody by a parameter | extended | refused 23503
--$ 7001 | NULL
INSERT INTO receipts (id, payment_id, text, code) VALUES ($1, $2, 'x', '1')
--# insert for nobody by an expression | both | refused 23503
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, (SELECT id FROM payments WHERE id = 5), 'x', '1')
--# insert for the default | both | refused 42501
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, DEFAULT, 'x', '1')
--# insert without the foreign key | both | refused 42501
INSERT INTO receipts (id, text, code) VALUES (7001, 'x', '1')
--# insert of defaults | both | refused 42501
INSERT INTO receipts DEFAULT VALUES
--# a key that is there | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES (1001, 1001, 'x', '1')
--# conflict with an own row: nothing | both | same-or-refused
INSERT INTO receipts (id, payment_id, text, code) VALUES (1001, 1001, 'x', '1') ON CONFLICT (id) DO NOTHING
--# conflict with an own row: update | both | same-or-refused
INSERT INTO receipts (id, payment_id, text, code) VALUES (1001, 1001, 'CANARY_T1_x', '1') ON CONFLICT (id) DO UPDATE SET text = excluded.text, payment_id = excluded.payment_id RETURNING *
--# conflict with another tenant's row: nothing | both | refused 23505
INSERT INTO receipts (id, payment_id, text, code) VALUES (2001, 1001, 'x', '1') ON CONFLICT (id) DO NOTHING
--# conflict with another tenant's row: update | both | refused 23505
INSERT INTO receipts (id, payment_id, text, code) VALUES (2001, 1001, 'x', '1') ON CONFLICT (id) DO UPDATE SET text = 'taken' RETURNING *
--# conflict with nobody's row: update | both | refused 23505
INSERT INTO receipts (id, payment_id, text, code) VALUES (9001, 1001, 'x', '1') ON CONFLICT (id) DO UPDATE SET payment_id = excluded.payment_id
--# giving to another own parent | both | same
UPDATE receipts SET payment_id = 1005 WHERE id = 1001 RETURNING *
--# giving to another own parent, by what it refers to | both | same
UPDATE stamps SET receipt_id = (SELECT max(id) FROM receipts) WHERE id < 1003
--# giving to another tenant's parent | both | same
UPDATE receipts SET payment_id = 2001 WHERE id = 1001
--# giving to another tenant's parent by arithmetic | both | same
UPDATE receipts SET payment_id = payment_id + 1000
--# giving to another tenant's parent in a row | both | same
UPDATE receipts SET (payment_id, text) = (2001, 'x') WHERE id = 1001
--# giving to what a row of a sub-select says | both | same
UPDATE reminders SET (invoice_id, text) = (SELECT id, number FROM invoices WHERE id = 1003) WHERE id = 1001
--# giving to another tenant's, as a row of a sub-select says | both | same
UPDATE reminders SET (invoice_id, text) = (SELECT id + 1000, number FROM invoices WHERE id = 1003) WHERE id = 1001
--# giving to nobody in a row of a sub-select | both | refused 0A000
UPDATE receipts SET (payment_id) = (SELECT id FROM payments WHERE id = 5) WHERE id = 1001
--# giving to nobody | both | refused 42501
UPDATE receipts SET payment_id = NULL WHERE id = 1001
--# what goes out by COPY | both | same
COPY receipts TO STDOUT
--;
COPY stamps TO STDOUT (FORMAT csv, HEADER)
--# COPY in of a table that is scoped through another | both | refused 0A000
COPY receipts FROM STDIN
--# merge | both | same
MERGE INTO receipts r USING payments p ON r.payment_id = p.id AND r.divisor > 2 WHEN MATCHED THEN UPDATE SET text = p.reference WHEN NOT MATCHED THEN INSERT (id, payment_id, text, code) VALUES (p.id + 6000, p.id, 'CANARY_T1_x', '1')
--# merge, two steps | both | same
MERGE INTO stamps s USING receipts r ON s.receipt_id = r.id WHEN MATCHED AND r.code::int > 3 THEN DELETE WHEN MATCHED THEN UPDATE SET stamp = r.text WHEN NOT MATCHED THEN INSERT VALUES (r.id + 6000, r.id, r.text, 7)
--# merge, an alias that looks like ours | both | same
MERGE INTO receipts _1 USING payments m1 ON _1.payment_id = m1.id WHEN MATCHED THEN DELETE
--# merge with a condition that fails elsewhere | both | same
MERGE INTO receipts r USING payments p ON r.payment_id = p.id WHEN MATCHED AND 12 / r.divisor > 2 THEN UPDATE SET divisor = 12 / r.divisor
--# merge on a condition that fails elsewhere | both | same
MERGE INTO receipts r USING payments p ON r.payment_id = p.id AND 12 / r.divisor > 2 WHEN MATCHED THEN DELETE
--# merge from a table with a condition that fails elsewhere | both | same
MERGE INTO payments p USING receipts r ON p.id = r.payment_id AND 12 / r.divisor > 2 AND r.code::int > 1 WHEN MATCHED THEN UPDATE SET reference = r.text
--# merge of rows of another tenant and of nobody | both | same
MERGE INTO receipts r USING (VALUES (9001), (2001), (1002)) v(id) ON r.id = v.id WHEN MATCHED THEN DELETE
--# merge of all | both | same
MERGE INTO stamps s USING (SELECT 1) v(x) ON true WHEN MATCHED THEN UPDATE SET divisor = v.x
--# merge for another tenant's parent | both | same
MERGE INTO receipts r USING (VALUES (7001)) v(id) ON r.id = v.id WHEN NOT MATCHED THEN INSERT (id, payment_id, text, code) VALUES (v.id, 2001, 'x', '1')
--# merge for another tenant's parent by a parameter | extended | same
--$ 2001
MERGE INTO receipts r USING (VALUES (7001)) v(id) ON r.id = v.id WHEN NOT MATCHED THEN INSERT (id, payment_id, text, code) VALUES (v.id, $1, 'x', '1')
--# merge that gives to another tenant's parent | both | same
MERGE INTO receipts r USING payments p ON r.payment_id = p.id WHEN MATCHED THEN UPDATE SET payment_id = p.id + 1000
--# merge that gives to another own parent | both | same
MERGE INTO receipts r USING payments p ON r.payment_id = p.id WHEN MATCHED THEN UPDATE SET payment_id = 1001
--# merge for nobody | both | refused 42501
MERGE INTO receipts r USING payments p ON r.payment_id = p.id WHEN NOT MATCHED THEN INSERT (id, text, code) VALUES (p.id, 'x', '1')
--;
MERGE INTO receipts r USING payments p ON r.payment_id = p.id WHEN NOT MATCHED THEN INSERT (id, payment_id, text, code) VALUES (p.id, NULL, 'x', '1')
--;
MERGE INTO receipts r USING payments p ON r.payment_id = p.id WHEN MATCHED THEN UPDATE SET payment_id = NULL
--# merge for nobody by an expression | both | refused 23503
MERGE INTO receipts r USING payments p ON r.payment_id = p.id WHEN MATCHED THEN UPDATE SET payment_id = nullif(r.payment_id, 1001)
--# giving to nobody by an expression | both | refused 23503
UPDATE receipts SET payment_id = nullif(payment_id, 1001)
--# deleting a parent takes the rows along | both | same
DELETE FROM payments WHERE id = 1002
