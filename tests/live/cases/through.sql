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
--# insert for another tenant's parent | both | refused
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, 2001, 'x', '1')
--# insert for nobody | both | refused
INSERT INTO receipts (id, payment_id, text, code) VALUES (7001, NULL, 'x', '1')
--# insert without the foreign key | both | refused
INSERT INTO receipts (id, text, code) VALUES (7001, 'x', '1')
--# giving to another tenant's parent | both | refused
UPDATE receipts SET payment_id = 2001 WHERE id = 1001
--# giving to nobody | both | refused
UPDATE receipts SET payment_id = NULL WHERE id = 1001
--# what goes out by COPY | both | same
COPY receipts TO STDOUT
--;
COPY stamps TO STDOUT (FORMAT csv, HEADER)
--# COPY in of a table that is scoped through another | both | refused 0A000
COPY receipts FROM STDIN
