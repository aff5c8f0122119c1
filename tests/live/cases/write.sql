-- INSERT, UPDATE, DELETE, MERGE in every form; each case ends with both databases compared row by row.
--# insert with the own tenant | both | same
INSERT INTO properties (tenant_id, name, code) VALUES (1, 'new', '5') RETURNING id, tenant_id, name
--# insert without the tenant column | both | stamped
INSERT INTO assets (id, label) VALUES (1900, 'x') RETURNING id, tenant_id, label
--= as
INSERT INTO assets (id, tenant_id, label) VALUES (1900, 1, 'x') RETURNING id, tenant_id, label
--# several rows without the tenant column | both | stamped
INSERT INTO assets (label, id) VALUES ('x', 1900), ('y', 1901)
--= as
INSERT INTO assets (label, id, tenant_id) VALUES ('x', 1900, 1), ('y', 1901, 1)
--# select without the tenant column | both | stamped
INSERT INTO assets (id, label) SELECT id + 900, label FROM assets
--= as
INSERT INTO assets (id, label, tenant_id) SELECT id + 900, label, 1 FROM assets
--# text tenant column left out | both | stamped
INSERT INTO documents (id, title, body, doc) VALUES (1901, 't', 'b', '{}') RETURNING *
--= as
INSERT INTO documents (id, title, body, doc, tenant_key) VALUES (1901, 't', 'b', '{}', 'alder') RETURNING *
--# uuid tenant column left out | both | stamped
INSERT INTO api_keys (id, label, key) VALUES (1901, 'l', 'k') RETURNING *
--= as
INSERT INTO api_keys (id, label, key, tenant_uuid) VALUES (1901, 'l', 'k', '11111111-1111-1111-1111-111111111111') RETURNING *
--# tenant column left out, with parameters | extended | stamped
--$ 1901 | label
INSERT INTO assets (id, label) VALUES ($1, $2) RETURNING *
--= as
INSERT INTO assets (id, label, tenant_id) VALUES ($1, $2, 1) RETURNING *
--# tenant column left out, upsert | both | stamped
INSERT INTO invoices (property_id, number, total) VALUES (1001, 'INV-2', 5) ON CONFLICT (tenant_id, number) DO UPDATE SET total = excluded.total RETURNING id, total
--= as
INSERT INTO invoices (property_id, number, total, tenant_id) VALUES (1001, 'INV-2', 5, 1) ON CONFLICT (tenant_id, number) DO UPDATE SET total = excluded.total RETURNING id, total
--# insert of another tenant | both | refused 42501
INSERT INTO properties (tenant_id, name, code) VALUES (2, 'evil', '5')
--# insert of several rows, one foreign | both | refused 42501
INSERT INTO properties (tenant_id, name, code) VALUES (1, 'a', '1'), (2, 'b', '2'), (1, 'c', '3')
--# a merged tenant column of a join's right side is not the one outside of it | both | refused
INSERT INTO assets (id, tenant_id, label) SELECT 1977, tenant_id, 'x' FROM (VALUES (2::bigint)) v(tenant_id) LEFT JOIN (categories a JOIN categories b USING (tenant_id)) USING (tenant_id)
--# nor under a full join | both | refused
INSERT INTO assets (id, tenant_id, label) SELECT 1977, tenant_id, 'x' FROM (VALUES (2::bigint)) v(tenant_id) FULL JOIN (categories a JOIN categories b USING (tenant_id)) USING (tenant_id) WHERE a.id IS NULL
--# an alias hides the tenant column that its join has merged | both | refused
INSERT INTO assets (id, tenant_id, label) SELECT 1977, tenant_id, 'x' FROM (categories a JOIN categories b USING (tenant_id)) AS x(own), (VALUES (2::bigint)) v(tenant_id) WHERE x.own = 1 LIMIT 1
--# the merged tenant column of nested joins is the own | both | same-or-refused
INSERT INTO assets (id, tenant_id, label) SELECT DISTINCT 1977, tenant_id, 'x' FROM assets v LEFT JOIN (categories a JOIN categories b USING (tenant_id)) USING (tenant_id)
--# the own tenant column of two arms, sorted by its name | both | same
INSERT INTO assets (id, tenant_id, label) SELECT id + 900, tenant_id, label FROM assets UNION SELECT id + 800, tenant_id, 'x' FROM assets ORDER BY tenant_id, id LIMIT 3
--# the own tenant column, distinct and grouped | both | same
INSERT INTO assets (id, tenant_id, label) SELECT DISTINCT 1977, c.tenant_id, 'x' FROM categories c ORDER BY c.tenant_id
--# the own tenant column, grouped | both | same
INSERT INTO assets (id, tenant_id, label) SELECT 1900 + count(*), tenant_id, max(name) FROM categories GROUP BY tenant_id ORDER BY tenant_id
--# the own tenant column of a write from a join | both | same
UPDATE meters m SET tenant_id = p.tenant_id, kind = p.name FROM properties p WHERE p.id = m.property_id AND m.id < 1003
--# insert of several own rows | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'a'), (1902, 1, 'b'), (1903, 1, 'c') RETURNING *
--# insert of several rows whose keys refer to each other | both | same-or-refused
INSERT INTO categories (id, tenant_id, parent_id, name) VALUES (1901, 1, NULL, 'a'), (1902, 1, 1901, 'b') RETURNING *
--# insert without a column list | both | same
INSERT INTO documents VALUES (1901, 'alder', 't', 'b', '{"n": 1}') RETURNING *
--# insert without a column list, with a key | both | same-or-refused
INSERT INTO categories VALUES (1901, 1, 1001, 'plain')
--# insert without a column list, foreign | both | refused 42501
INSERT INTO categories VALUES (1901, 2, NULL, 'plain')
--# insert without a column list, fewer values | both | same
INSERT INTO "Meter Notes" VALUES (1901, 1, 'fewer')
--# insert with a quoted tenant column | both | refused 42501
INSERT INTO assets (id, "tenant_id", label) VALUES (1901, 3, 'x')
--# insert with an escaped tenant column | both | refused
INSERT INTO assets (id, U&"tenant\005Fid", label) VALUES (1901, 3, 'x')
--# insert with an upper-case tenant column | both | refused 42501
INSERT INTO assets (ID, TENANT_ID, LABEL) VALUES (1901, 3, 'x')
--# insert of the tenant as text literal | both | refused 42501
INSERT INTO assets (id, tenant_id, label) VALUES (1901, '2', 'x')
--# insert of the own tenant as text literal | both | same-or-refused
INSERT INTO assets (id, tenant_id, label) VALUES (1901, '1', 'x') RETURNING tenant_id
--# insert of the tenant as an expression, foreign | both | refused 42501
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1 + 1, 'x')
--# insert of the tenant as an expression, own | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 2 - 1, 'x')
--# insert of the tenant from a sub-select | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, (SELECT max(id) FROM organisations), 'x') RETURNING *
--# insert of the tenant as default | both | stamped
INSERT INTO assets (id, tenant_id, label) VALUES (1901, DEFAULT, 'x') RETURNING tenant_id
--= as
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'x') RETURNING tenant_id
--# insert of a null tenant | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, NULL, 'x')
--# insert default values | both | same-or-refused
INSERT INTO assets DEFAULT VALUES
--# insert select of own rows | both | same
INSERT INTO categories (id, tenant_id, name) SELECT id + 800, tenant_id, name FROM categories
--# insert select of rows that bring the tenant along, as libraries write many rows | both | same
INSERT INTO assets (id, tenant_id, label) SELECT p0::INTEGER, p1::BIGINT, p2::VARCHAR FROM (VALUES (1901, 1, 'x', 0), (1902, 1, 'y', 1)) AS many(p0, p1, p2, counter) ORDER BY counter RETURNING id, tenant_id AS owner, label
--# insert select of rows that bring another tenant along | both | refused 42501
INSERT INTO assets (id, tenant_id, label) SELECT p0::INTEGER, p1::BIGINT AS t, p2 FROM (VALUES (1901, 1, 'x'), (1902, 2, 'y')) AS many(p0, p1, p2)
--# insert select of a tenant that is NULL | both | same
INSERT INTO assets (id, tenant_id, label) SELECT 1901, nullif(m.id, m.id), 'x' FROM meters m
--# insert select of a grouped tenant | both | same
INSERT INTO assets (id, tenant_id, label) SELECT max(a.id) + 900, a.tenant_id + 0, 'x' FROM assets a GROUP BY a.tenant_id + 0 HAVING count(*) > 0
--# insert select that names another tenant | both | refused 42501
INSERT INTO categories (id, tenant_id, name) SELECT id + 800, 2, name FROM categories
--# insert select of a foreign tenant computed | both | refused 42501
INSERT INTO categories (id, tenant_id, name) SELECT id + 800, tenant_id + 1, name FROM categories
--# insert select star | both | same-or-refused
INSERT INTO categories SELECT id + 800, tenant_id, NULL, name FROM categories
--# insert select from a shared table | both | same
INSERT INTO assets (id, tenant_id, label) SELECT 1900 + row_number() OVER (ORDER BY code), 1, code FROM tariffs
--# insert select union | both | same
INSERT INTO assets (id, tenant_id, label) SELECT 1901, 1, 'a' UNION ALL SELECT 1902, 1, 'b'
--# insert select union with a foreign arm | both | refused 42501
INSERT INTO assets (id, tenant_id, label) SELECT 1901, 1, 'a' UNION ALL SELECT 1902, 2, 'b'
--# insert table command | both | same-or-refused
INSERT INTO assets TABLE assets
--# insert with a cte | both | same
WITH x AS (SELECT id, tenant_id, label FROM assets) INSERT INTO assets (id, tenant_id, label) SELECT id + 900, tenant_id, label || '!' FROM x RETURNING id
--# insert with a cte of the target's name | both | same
WITH assets AS (SELECT 1901 AS i) INSERT INTO public.assets (id, tenant_id, label) SELECT i, 1, 'from cte' FROM assets
--# insert with an alias | both | same
INSERT INTO assets AS a (id, tenant_id, label) VALUES (1901, 1, 'x') RETURNING a.id, a.label
--# insert returning a sub-select | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'x') RETURNING (SELECT count(*) FROM meters), label
--# insert returning star | both | same
INSERT INTO "Meter Notes" ("Id", "tenant_id", "Note Text") VALUES (1901, 1, 'it''s') RETURNING *
--# insert into a text-tenant table | both | same
INSERT INTO documents (id, tenant_key, title, body, doc) VALUES (1901, 'alder', 't', 'b', '{}') RETURNING *
--# insert into a text-tenant table, foreign | both | refused 42501
INSERT INTO documents (id, tenant_key, title, body, doc) VALUES (1901, 'birch', 't', 'b', '{}')
--# insert into a text-tenant table, foreign by escape | both | refused
INSERT INTO documents (id, tenant_key, title, body, doc) VALUES (1901, E'birc\x68', 't', 'b', '{}')
--# insert into a uuid-tenant table | both | same
INSERT INTO api_keys (id, tenant_uuid, label, key) VALUES (1901, '11111111-1111-1111-1111-111111111111', 'l', 'k')
--# insert into a uuid-tenant table, own uuid in braces | both | same-or-refused
INSERT INTO api_keys (id, tenant_uuid, label, key) VALUES (1901, '{11111111-1111-1111-1111-111111111111}', 'l', 'k')
--# insert into a uuid-tenant table, foreign in braces | both | refused 42501
INSERT INTO api_keys (id, tenant_uuid, label, key) VALUES (1901, '{22222222222222222222222222222222}', 'l', 'k')
--# insert an organisation | both | refused 42501
INSERT INTO organisations VALUES (4, 'new', '44444444-4444-4444-4444-444444444444', 'n', 's')
--# insert into a partitioned table | both | same
INSERT INTO readings (tenant_id, meter_id, taken_on, value) VALUES (1, 1001, '2026-02-01', 7) RETURNING *
--# insert into a partition | both | same
INSERT INTO readings_2024 (tenant_id, meter_id, taken_on, value) VALUES (1, 1001, '2024-01-05', 7)
--# insert into the partition of another tenant | both | same-or-refused
INSERT INTO journal_2 (tenant_id, at, line) VALUES (1, '2025-01-01', 'x')
--# insert foreign into the partition of another tenant | both | refused 42501
INSERT INTO journal_2 (tenant_id, at, line) VALUES (2, '2025-01-01', 'x')
--# insert through a view | both | same-or-refused
INSERT INTO open_invoices (tenant_id, property_id, number, total) VALUES (1, 1001, 'V-1', 5)
--# insert through a view, foreign | both | refused
INSERT INTO open_invoices (tenant_id, property_id, number, total) VALUES (2, 2001, 'V-1', 5)
--# insert into a shared table | both | refused 42501
INSERT INTO tariffs VALUES ('Z9', 'gas', 1)
--# insert into a hidden table | both | refused 42P01
INSERT INTO staff_names VALUES (9, 'x')
--# insert a generated column | both | same
INSERT INTO invoice_lines (tenant_id, invoice_id, line, text, qty, price) VALUES (1, 1001, 9, 'x', 3, 2.50) RETURNING amount
--# insert into a generated column | both | same
INSERT INTO invoice_lines (tenant_id, invoice_id, line, text, amount) VALUES (1, 1001, 9, 'x', 1)
--# insert overriding system value | both | same-or-refused
INSERT INTO payments (id, tenant_id, invoice_id, amount) OVERRIDING SYSTEM VALUE VALUES (1901, 1, 1001, 5) RETURNING id
--# insert overriding user value | both | same-or-refused
INSERT INTO payments (id, tenant_id, invoice_id, amount) OVERRIDING USER VALUE VALUES (1901, 1, 1001, 5) RETURNING id
--# insert into an always-identity column | both | same-or-refused
INSERT INTO payments (id, tenant_id, invoice_id, amount) VALUES (1901, 1, 1001, 5)
--# overriding system value | both | same
INSERT INTO visits (id, tenant_id, who) OVERRIDING SYSTEM VALUE VALUES (1901, 1, 'x') RETURNING id
--# overriding user value | both | same
INSERT INTO visits (id, tenant_id, who) OVERRIDING USER VALUE VALUES (1901, 1, 'x') RETURNING id
--# a value for an always-identity column | both | same
INSERT INTO visits (id, tenant_id, who) VALUES (1901, 1, 'x')
--# overriding user value with a select | both | same
INSERT INTO visits OVERRIDING USER VALUE SELECT 5, 1, 'x' RETURNING id, tenant_id
--# an always-identity column left out | both | same
INSERT INTO visits (tenant_id, who) VALUES (1, 'x'), (1, 'y') RETURNING id
--# everything defaulted but the tenant | both | stamped
INSERT INTO visits DEFAULT VALUES RETURNING *
--= as
INSERT INTO visits (tenant_id) VALUES (1) RETURNING *
--# insert with defaults in values | both | same
INSERT INTO invoices (id, tenant_id, property_id, number, status, total) VALUES (DEFAULT, 1, 1001, 'D-1', DEFAULT, DEFAULT) RETURNING id, status, total
--# insert a duplicate of the own key | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1001, 1, 'dup'), (1001, 1, 'dup')
--# insert a duplicate of the own unique pair | both | same
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1')
--# insert a key that another tenant has | both | safe
--~ Key (
--~ Failing row
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (1, 1001, 'CANARY_T' || '2_sn1', 'water')
--# insert a reference to the own parent | both | same-or-refused
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 1002, 7.5) RETURNING id, amount
--# insert a reference to another tenant's parent | both | same-or-refused
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 2002, 7.5)
--# insert a reference to no parent | both | same-or-refused
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 555555, 7.5)
--# a foreign and an absent parent read the same | simple | same-or-refused
INSERT INTO categories (id, tenant_id, parent_id, name) VALUES (1901, 1, 2001, 'x')
--# insert select of references to another tenant's parents | both | same-or-refused
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, id + 1000, 1 FROM invoices
--# insert against a composite reference | both | same-or-refused
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (1, 2001, 'new', 'water')
--# update all | both | same
UPDATE properties SET units = units + 1
--# update with returning | both | same
UPDATE properties SET units = 9 WHERE id = 1001 RETURNING id, units, name
--# update of a foreign row | both | same
UPDATE properties SET units = 9 WHERE id = 2001 RETURNING *
--# update with a disjunction | both | same
UPDATE properties SET units = 9 WHERE id = 2001 OR true
--# update of another tenant's rows by column | both | same
UPDATE properties SET units = 9 WHERE tenant_id = 2
--# update with an alias | both | same
UPDATE properties AS p SET units = p.units * 2 WHERE p.units < 3 RETURNING p.*
--# update from | both | same
UPDATE invoices SET memo = p.name FROM properties p WHERE p.id = invoices.property_id AND p.units > 3
--# update from with a foreign match | both | same
UPDATE invoices i SET memo = m.secret FROM meters m WHERE m.id = i.id + 1000
--# update from several | both | same
UPDATE meters m SET secret = p.name || i.number FROM properties p LEFT JOIN invoices i ON i.property_id = p.id AND i.id < 1006 WHERE m.property_id = p.id AND i.id IS NOT NULL AND i.id - 1000 = m.id - 1000
--# update from a sub-select | both | same
UPDATE properties p SET units = s.c::int FROM (SELECT property_id, count(*) AS c FROM invoices GROUP BY property_id) s WHERE s.property_id = p.id
--# update from values | both | same
UPDATE properties p SET units = v.u FROM (VALUES (1001, 50), (2001, 60)) AS v(i, u) WHERE p.id = v.i
--# update from itself | both | same
UPDATE categories c SET name = p.name || '/' || c.name FROM categories p WHERE c.parent_id = p.id
--# update set from a sub-select | both | same
UPDATE properties SET units = (SELECT count(*)::int FROM meters WHERE meters.property_id = properties.id)
--# update set several from a sub-select | both | same
UPDATE properties SET (units, town) = (SELECT count(*)::int, max(kind) FROM meters WHERE meters.property_id = properties.id)
--# update set row | both | same
UPDATE properties SET (units, town) = ROW (3, 'Ash') WHERE id = 1002
--# update set default | both | same
UPDATE properties SET units = DEFAULT WHERE id = 1003
--# update where exists | both | same
UPDATE properties p SET town = 'Fir' WHERE EXISTS (SELECT 1 FROM meters m WHERE m.property_id = p.id AND m.kind = 'heat')
--# update where in | both | same
UPDATE invoices SET status = 'void' WHERE property_id IN (SELECT id FROM properties WHERE town IS NULL)
--# update with a cte | both | same
WITH big AS (SELECT id FROM invoices WHERE total > 1040) UPDATE invoices SET memo = 'big' FROM big WHERE big.id = invoices.id RETURNING invoices.id
--# update only | both | same
UPDATE ONLY assets SET label = 'only'
--# update a parent and its children | both | same
UPDATE assets SET label = label || '+'
--# update a partitioned table | both | same
UPDATE readings SET value = value + 1 WHERE taken_on < '2025-03-01'
--# update that moves a row between partitions | both | same
UPDATE readings SET taken_on = taken_on + 500 WHERE taken_on = '2024-11-14' RETURNING meter_id, taken_on
--# update a foreign partition | both | same
UPDATE journal_2 SET line = 'mine'
--# update the tenant column | both | refused 42501
UPDATE properties SET tenant_id = 2 WHERE id = 1001
--# update the tenant column to the own value | both | same-or-refused
UPDATE properties SET tenant_id = 1 WHERE id = 1001
--# update the tenant column, quoted | both | refused
UPDATE properties SET "tenant_id" = 3
--# update the tenant column in a list | both | refused
UPDATE properties SET (name, tenant_id) = ('x', 2) WHERE id = 1001
--# update the tenant column in a list from a sub-select | both | refused
UPDATE properties SET (name, tenant_id) = (SELECT 'x', 2) WHERE id = 1001
--# update the tenant column by an expression | both | refused
UPDATE categories SET tenant_id = tenant_id + 1
--# update the tenant column by an expression that comes out as the own value | both | same
UPDATE categories SET tenant_id = tenant_id + 0, name = name || '!'
--# update the tenant column from a sub-select | both | same
UPDATE categories SET (tenant_id, name) = ((SELECT max(tenant_id) FROM properties), 'x')
--# update the tenant column by an expression that is foreign on no row | both | same
UPDATE categories SET tenant_id = tenant_id + 1 WHERE false
--# a conflict sets the tenant column by an expression | both | refused 42501
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT (tenant_id, number) DO UPDATE SET tenant_id = excluded.tenant_id + 1
--# a conflict with another tenant's row, and nothing to change | both | refused 23505
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (2001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO UPDATE SET kind = 'x' WHERE false
--# a conflict with an own row, and nothing to change | both | same
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (1001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO UPDATE SET kind = 'x' WHERE NULL::bool
--# a conflict on a key of all tenants, changed by a condition | both | same
INSERT INTO meters AS m (id, tenant_id, property_id, serial_no, kind) VALUES (1001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO UPDATE SET kind = excluded.kind || '!' WHERE m.kind <> excluded.kind OR m.id = 1001
--# a merge sets the tenant column by an expression | both | refused 42501
MERGE INTO assets a USING (VALUES (1001)) v(id) ON a.id = v.id WHEN MATCHED THEN UPDATE SET tenant_id = a.tenant_id + 1
--# a conflict on what has no index | both | refused 42809
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (1, 1, 1001, 'n', 'water') ON CONFLICT ON CONSTRAINT meters_tenant_id_property_id_fkey DO NOTHING
--# a pattern in a column | both | same
UPDATE properties SET units = 9 WHERE name NOT LIKE town OR name LIKE NULL
--# update the tenant column to default | both | refused
UPDATE categories SET tenant_id = DEFAULT
--# update the tenant column of a text-tenant table | both | refused
UPDATE documents SET tenant_key = 'birch'
--# update the tenant column of organisations | both | refused
UPDATE organisations SET id = 2
--# update an organisation | both | same
UPDATE organisations SET name = 'renamed' RETURNING id, name
--# update a reference to another tenant's parent | both | same-or-refused
UPDATE payments SET invoice_id = 2001 WHERE id = 1001
--# update a self reference to another tenant's parent | both | same-or-refused
UPDATE categories SET parent_id = 2001 WHERE id = 1003
--# update a reference to the own parent | both | same-or-refused
UPDATE payments SET invoice_id = 1004 WHERE id = 1001
--# update a shared table | both | refused 42501
UPDATE tariffs SET price = 0
--# update a hidden table | both | refused 42P01
UPDATE staff_names SET name = 'x'
--# update from a hidden table | both | refused 42P01
UPDATE properties p SET town = s.name FROM staff_names s WHERE s.id = p.id
--# update through a view | both | same
UPDATE open_invoices SET memo = 'seen'
--# update an array element | both | same-or-refused
UPDATE properties SET tags[1] = 'first' WHERE id = 1001
--# update json | both | same
UPDATE properties SET extra = jsonb_set(extra, '{n}', '77') WHERE id = 1001 RETURNING extra
--# update where current of nothing | both | same-or-refused
UPDATE properties SET units = 1 WHERE CURRENT OF nothing
--# update that violates the own unique key | both | same
UPDATE properties SET name = 'same' WHERE id < 1003
--# update to a key that another tenant has | both | safe
--~ Key (
UPDATE meters SET serial_no = 'CANARY_T' || '2_sn1' WHERE id = 1001
--# delete all of a leaf table | both | same
DELETE FROM payments
--# delete with returning | both | same
DELETE FROM payments WHERE amount > 12 RETURNING *
--# delete a foreign row | both | same
DELETE FROM payments WHERE id = 2001
--# delete with a disjunction | both | same
DELETE FROM payments WHERE id = 2001 OR 1 = 1
--# delete using | both | same
DELETE FROM payments USING invoices i WHERE i.id = payments.invoice_id AND i.status = 'open'
--# delete using two | both | same
DELETE FROM invoice_lines l USING invoices i, properties p WHERE i.id = l.invoice_id AND p.id = i.property_id AND p.units > 3 RETURNING l.line, p.name
--# delete using a left join | both | same
DELETE FROM payments y USING invoices i LEFT JOIN properties p ON p.id = i.property_id AND p.town = 'Oak' WHERE i.id = y.invoice_id AND p.id IS NULL
--# delete using itself | both | same
DELETE FROM "Meter Notes" a USING "Meter Notes" b WHERE a."Id" < b."Id"
--# delete with exists | both | same
DELETE FROM readings r WHERE NOT EXISTS (SELECT 1 FROM meters m WHERE m.id = r.meter_id AND m.kind = 'water')
--# delete with a cte | both | same
WITH old AS (SELECT id FROM payments ORDER BY id LIMIT 2) DELETE FROM payments WHERE id IN (SELECT id FROM old) RETURNING id
--# delete only | both | same
DELETE FROM ONLY assets
--# delete a parent and its children | both | same
DELETE FROM assets
--# delete a foreign partition | both | same
DELETE FROM journal_2
--# delete that cascades to own rows | both | same
DELETE FROM invoices WHERE id = 1003
--# delete a parent that own rows hold | both | same
DELETE FROM properties WHERE id = 1001
--# delete from a shared table | both | refused 42501
DELETE FROM tariffs
--# delete from a hidden table | both | refused 42P01
DELETE FROM staff_names
--# delete from a view | both | same
DELETE FROM open_invoices WHERE id = 1003
--# delete using a hidden table | both | refused 42P01
DELETE FROM payments USING staff_names
--# on conflict do nothing, no target | both | same-or-refused
INSERT INTO assets (id, tenant_id, label) VALUES (1001, 1, 'x') ON CONFLICT DO NOTHING
--# on conflict do nothing with the tenant in the target | both | same
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT (tenant_id, number) DO NOTHING RETURNING id
--# on conflict do update with the tenant in the target | both | same
INSERT INTO invoices (tenant_id, property_id, number, total) VALUES (1, 1001, 'INV-2', 5) ON CONFLICT (tenant_id, number) DO UPDATE SET total = invoices.total + excluded.total RETURNING id, total
--# on conflict do update with where | both | same
INSERT INTO invoices (tenant_id, property_id, number, total) VALUES (1, 1001, 'INV-2', 5) ON CONFLICT (tenant_id, number) DO UPDATE SET total = 0 WHERE invoices.status = 'void' RETURNING id
--# on conflict with an alias | both | same
INSERT INTO invoices AS i (tenant_id, property_id, number) VALUES (1, 1001, 'INV-3') ON CONFLICT (tenant_id, number) DO UPDATE SET memo = i.memo || '!' RETURNING i.memo
--# on conflict that sets the tenant | both | refused
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT (tenant_id, number) DO UPDATE SET tenant_id = 2
--# on conflict with excluded tenant | both | same-or-refused
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT (tenant_id, number) DO UPDATE SET tenant_id = excluded.tenant_id
--# on conflict with a sub-select | both | same
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT (tenant_id, number) DO UPDATE SET memo = (SELECT max(name) FROM properties)
--# on conflict by a constraint's name | both | same-or-refused
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1') ON CONFLICT ON CONSTRAINT invoices_tenant_id_number_key DO UPDATE SET memo = 'c'
--# on conflict by a global constraint's name with a foreign row | both | safe
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (1, 1001, 'CANARY_T' || '2_sn1', 'water') ON CONFLICT ON CONSTRAINT meters_serial_no_key DO UPDATE SET secret = 'taken' RETURNING *
--# on conflict on a global key with an own row | both | same-or-refused
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (1001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO UPDATE SET kind = 'heat' RETURNING id, kind
--# on conflict on a global key with a foreign row | both | safe
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (2001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO UPDATE SET kind = 'heat' RETURNING *
--# on conflict on a global key with a foreign row reads secrets | both | safe
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (2001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO UPDATE SET kind = meters.secret RETURNING kind
--# on conflict do nothing on a global key with a foreign row | both | safe
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (2001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO NOTHING RETURNING id
--# upsert of several rows | both | same
INSERT INTO invoices (tenant_id, property_id, number, total) VALUES (1, 1001, 'INV-1', 1), (1, 1001, 'NEW-1', 2) ON CONFLICT (tenant_id, number) DO UPDATE SET total = excluded.total RETURNING number, total
--# upsert from a select | both | same
INSERT INTO invoices (tenant_id, property_id, number, total) SELECT tenant_id, property_id, number, 1 FROM invoices ON CONFLICT (tenant_id, number) DO UPDATE SET total = excluded.total
--# data-modifying cte, delete | both | same
WITH gone AS (DELETE FROM payments RETURNING *) SELECT count(*), sum(amount) FROM gone
--# data-modifying cte, update | both | same
WITH u AS (UPDATE invoices SET status = 'paid' WHERE status = 'open' RETURNING id) SELECT id FROM u
--# data-modifying cte, insert | both | same
WITH i AS (INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'cte') RETURNING id) SELECT id, (SELECT count(*) FROM assets) FROM i
--# data-modifying cte, foreign insert | both | refused 42501
WITH i AS (INSERT INTO assets (id, tenant_id, label) VALUES (1901, 2, 'cte') RETURNING id) SELECT id FROM i
--# data-modifying cte, foreign update target | both | same
WITH u AS (UPDATE meters SET secret = 'x' WHERE tenant_id = 2 RETURNING id) SELECT count(*) FROM u
--# data-modifying cte without returning | both | same
WITH d AS (DELETE FROM payments) SELECT 1
--# moving rows between tables | both | same
WITH gone AS (DELETE FROM "Meter Notes" RETURNING *) INSERT INTO assets (id, tenant_id, label) SELECT "Id" + 400, "tenant_id", "Note Text" FROM gone RETURNING id, label
--# moving rows to another tenant | both | refused 42501
WITH gone AS (DELETE FROM "Meter Notes" RETURNING *) INSERT INTO assets (id, tenant_id, label) SELECT "Id" + 400, 2, "Note Text" FROM gone
--# two writes in one statement | both | same
WITH a AS (UPDATE invoices SET memo = 'a' RETURNING id), b AS (DELETE FROM payments WHERE invoice_id IN (SELECT id FROM a) RETURNING id) SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)
--# setting the tenant in a cte | both | refused
WITH u AS (UPDATE meters SET tenant_id = 2 RETURNING id) SELECT * FROM u
--# merge, update and insert | both | same-or-refused
MERGE INTO assets a USING (VALUES (1001, 'm'), (1901, 'n')) v(i, l) ON a.id = v.i WHEN MATCHED THEN UPDATE SET label = v.l WHEN NOT MATCHED THEN INSERT (id, tenant_id, label) VALUES (v.i, 1, v.l)
--# merge, foreign insert | both | refused
MERGE INTO assets a USING (VALUES (1901, 'n')) v(i, l) ON a.id = v.i WHEN NOT MATCHED THEN INSERT (id, tenant_id, label) VALUES (v.i, 2, v.l)
--# merge, foreign target | both | safe
MERGE INTO assets a USING (VALUES (2001, 'm')) v(i, l) ON a.id = v.i WHEN MATCHED THEN UPDATE SET label = v.l
--# merge, foreign delete | both | safe
MERGE INTO payments a USING invoices v ON a.tenant_id = 2 WHEN MATCHED THEN DELETE
--# merge that sets the tenant | both | refused
MERGE INTO assets a USING (VALUES (1001)) v(i) ON a.id = v.i WHEN MATCHED THEN UPDATE SET tenant_id = 2
--# merge from a hidden table | both | refused
MERGE INTO assets a USING staff_names s ON s.id = a.id WHEN MATCHED THEN DELETE
--# parameters in insert | extended | same
--$ 1901 | 1 | label
INSERT INTO assets (id, tenant_id, label) VALUES ($1, $2, $3) RETURNING *
--# foreign tenant as a parameter | extended | refused 42501
--$ 1901 | 2 | label
INSERT INTO assets (id, tenant_id, label) VALUES ($1, $2, $3)
--# null tenant as a parameter | extended | refused 42501
--$ 1901 | NULL | label
INSERT INTO assets (id, tenant_id, label) VALUES ($1, $2, $3)
--# tenant parameter used elsewhere too | extended | refused 42501
--$ 2
INSERT INTO assets (id, tenant_id, label) VALUES (1900 + $1::int, $1, 'x')
--# foreign tenant as a parameter among several rows | extended | refused 42501
--$ 1901 | 1 | 1902 | 2
INSERT INTO assets (id, tenant_id, label) VALUES ($1, $2, 'a'), ($3, $4, 'b')
--# foreign text tenant as a parameter | extended | refused 42501
--$ birch
INSERT INTO documents (id, tenant_key, title, body, doc) VALUES (1901, $1, 't', 'b', '{}')
--# own text tenant as a parameter | extended | same
--$ alder
INSERT INTO documents (id, tenant_key, title, body, doc) VALUES (1901, $1, 't', 'b', '{}') RETURNING tenant_key
--# parameters in update | extended | same
--$ Birch Road | 1002
UPDATE properties SET town = $1 WHERE id = $2 RETURNING town
--# tenant column as a parameter in update | extended | refused 42501
--$ 2
UPDATE properties SET tenant_id = $1
--# parameters in delete | extended | same
--$ 1003
DELETE FROM payments WHERE id = $1 RETURNING id
--# parameters in upsert | extended | same
--$ 1 | INV-5 | 12.5
INSERT INTO invoices (tenant_id, property_id, number, total) VALUES ($1, 1001, $2, $3) ON CONFLICT (tenant_id, number) DO UPDATE SET total = $3 RETURNING number, total
--# foreign parent as a parameter | extended | same-or-refused
--$ 2001
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, $1, 1)
--# insert select with parameters | extended | same
--$ 100 | void
INSERT INTO assets (id, tenant_id, label) SELECT id + $1::bigint, tenant_id, number FROM invoices WHERE status = $2 RETURNING id
--# truncate | both | refused
TRUNCATE payments
--# truncate several with cascade | both | refused
TRUNCATE invoices, properties CASCADE
--# lock table | both | refused
LOCK TABLE properties IN ACCESS EXCLUSIVE MODE
--# reference to an own row by a key without the tenant | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 1002, 7.5), (1, '1003', 8), (1, (SELECT min(id) FROM invoices), 9) RETURNING invoice_id, amount
--# reference to another tenant's row by a key without the tenant | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 2002, 7.5)
--# reference to no row | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 1002, 1), (1, 555555, 7.5)
--# references as parameters | extended | same
--$ 1002 | 1003
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, $1, 1), (1, $2, 2) RETURNING invoice_id
--# foreign reference as a parameter | extended | same
--$ 2002
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, $1, 1)
--# null reference as a parameter | extended | same
--$ NULL
INSERT INTO categories (id, tenant_id, parent_id, name) VALUES (1901, 1, $1, 'x') RETURNING parent_id
--# a reference that does not fit its type | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 'x', 1)
--# a reference that is rounded | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 1002.4, 1) RETURNING invoice_id
--# a reference of another type | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, '1002'::text, 1
--# a missing reference | both | same
INSERT INTO payments (tenant_id, amount) VALUES (1, 1)
--# a default reference | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, DEFAULT, 1)
--# references from a query | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, id, total FROM invoices WHERE id < 1004
--# computed references from a query | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, 1000 + n, n FROM generate_series(1, 3) n ORDER BY n LIMIT 2
--# computed foreign references from a query | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT tenant_id, id + 1000, 1 FROM invoices
--# references from a query with untyped values | extended | same
--$ 1002 | 5
INSERT INTO payments (tenant_id, invoice_id, amount, paid_at) SELECT 1, $1, $2, '2025-01-01 00:00+00' FROM invoices LIMIT 2
--# untyped values of a query whose rows are compared are texts | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT DISTINCT 1, '1002', 5 FROM invoices
--# a reference from a query with a name | both | same
INSERT INTO categories (id, parent_id, tenant_id, name) SELECT 1900 + id, NULL AS parent, 1, 'n' FROM (VALUES (1), (2)) v(id) WHERE id > 1
--# references from a set operation | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, 1001, 1 UNION ALL SELECT 1, 1002, 2 ORDER BY 3
--# foreign references from a set operation | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, 1001, 1 UNION ALL SELECT 1, 2001, 2
--# references from a query with a cte inside | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) WITH x AS (SELECT max(id) AS m FROM invoices) SELECT 1, m - 1, 5 FROM x
--# a parent and its child in one statement | both | same
WITH i AS (INSERT INTO invoices (tenant_id, id, property_id, number) VALUES (1, 1950, 1001, 'N-1') RETURNING id)
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, id, 3 FROM i RETURNING invoice_id
--# a parent and its child by a sub-select | both | same
WITH i AS (INSERT INTO invoices (tenant_id, id, property_id, number) VALUES (1, 1950, 1001, 'N-1') RETURNING id)
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, (SELECT id FROM i), 3), (1, ((SELECT i.id FROM i LIMIT 1)), 4) RETURNING invoice_id
--# a new parent for a child by a sub-select | both | same
WITH i AS (INSERT INTO invoices (tenant_id, id, property_id, number) VALUES (1, 1950, 1001, 'N-1') RETURNING id)
UPDATE payments SET invoice_id = (SELECT id FROM i) WHERE id = 1001 RETURNING invoice_id
--# a child beside a change of its parent, which comes first | both | same
WITH p AS (INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 1001, 5)) UPDATE invoices SET status = 'paid' WHERE id = 1001 RETURNING status
--# a child beside a change of its parent, which comes after it | both | same
WITH p AS (INSERT INTO payments (tenant_id, invoice_id, amount) VALUES (1, 1001, 5) RETURNING amount) UPDATE invoices SET total = (SELECT amount FROM p) WHERE id = 1001 RETURNING total
--# a child of a parent that the statement has changed | both | same
WITH u AS (UPDATE invoices SET status = 'paid' WHERE id = 1001 RETURNING total) INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, 1001, 3 FROM u RETURNING invoice_id
--# another tenant's child beside a change of a row | both | same
WITH u AS (UPDATE invoices SET status = 'paid' WHERE id = 1001 RETURNING total) INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, 2001, 3 FROM u
--# a sub-select of another key than the parent's | both | same
WITH i AS (INSERT INTO invoices (tenant_id, id, property_id, number) VALUES (1, 1950, 1004, 'N-1') RETURNING property_id)
UPDATE payments SET invoice_id = (SELECT property_id FROM i) WHERE id = 1001 RETURNING invoice_id
--# a sub-select of a column that is no key | both | same
UPDATE payments SET invoice_id = (SELECT min(property_id) + 1000 FROM invoices) WHERE id = 1001
--# a sub-select of an own row's key | both | same
UPDATE payments SET invoice_id = (SELECT id FROM invoices WHERE number = 'INV-7') WHERE id = 1001 RETURNING invoice_id
--# a sub-select without a row | both | same
UPDATE payments SET invoice_id = (SELECT id FROM invoices WHERE id = 2001) WHERE id = 1001
--# rows of one statement that refer to one another | both | same
INSERT INTO categories (id, tenant_id, parent_id, name) VALUES (1901, 1, 1902, 'a'), (1902, 1, NULL, 'b'), (1903, 1, 1901, 'c')
--# a row that refers to itself | both | same
INSERT INTO categories (id, tenant_id, parent_id, name) VALUES (1901, 1, 1901, 'a')
--# a row of one statement that refers to another tenant's | both | same
INSERT INTO categories (id, tenant_id, parent_id, name) VALUES (1901, 1, NULL, 'a'), (1902, 1, 2001, 'b')
--# reference that changes | both | same
UPDATE payments SET invoice_id = 1004, amount = 9 WHERE id = 1001 RETURNING invoice_id
--# reference that changes to another tenant's row | both | same
UPDATE payments SET amount = 9, invoice_id = 2004 WHERE id = 1001
--# reference that changes to no row | both | same
UPDATE payments SET invoice_id = 999999 WHERE id = 1001
--# reference that would change, of no row | both | same
UPDATE payments SET invoice_id = 2004 WHERE id = 999999
--# reference that changes, with parameters | extended | same
--$ 1004 | 1001
UPDATE payments SET invoice_id = $1 WHERE id = $2 RETURNING invoice_id
--# foreign reference among several columns | both | same
UPDATE payments SET (amount, invoice_id) = (9, 2004)
--# own reference among several columns | both | same
UPDATE payments SET (amount, invoice_id) = (9, 1004) RETURNING id, invoice_id
--# foreign reference from a sub-select of several columns | both | same
UPDATE payments SET (amount, invoice_id) = (SELECT total, id + 1000 FROM invoices WHERE invoices.id = payments.invoice_id)
--# own reference from a sub-select of several columns | both | same
UPDATE payments SET (amount, invoice_id) = (SELECT total, id FROM invoices WHERE invoices.id = payments.invoice_id) RETURNING id, invoice_id
--# reference from a joined row | both | same
UPDATE payments SET invoice_id = i.id FROM invoices i WHERE i.id = payments.invoice_id RETURNING payments.id, invoice_id
--# foreign reference computed from a joined row | both | same
UPDATE payments SET invoice_id = i.id + 1000 FROM invoices i WHERE i.id = payments.invoice_id
--# reference that is set to nothing | both | same
UPDATE categories SET parent_id = NULL RETURNING id, parent_id
--# reference that is set to its default | both | same
UPDATE categories SET parent_id = DEFAULT WHERE id = 1002 RETURNING id, parent_id
--# reference in a conflict | both | same
INSERT INTO invoices (tenant_id, property_id, number, total) VALUES (1, 1001, 'INV-2', 5) ON CONFLICT (tenant_id, number) DO UPDATE SET property_id = 1002 RETURNING property_id
--# reference with a volatile value | both | safe
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, 1001 + floor(random() * 5)::int, 1 FROM generate_series(1, 50)
--# a delete that cascades to own rows | both | same
DELETE FROM invoices WHERE id = 1001 RETURNING id
--# a delete that cascades, by a condition that may fail | both | same
DELETE FROM invoices WHERE 1000 / (id - 900) > 9
--# a delete of everything with cascades | both | same
DELETE FROM invoices
--# upsert on a global key, own row | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1001, 1, 'x') ON CONFLICT (id) DO UPDATE SET label = assets.label || excluded.label RETURNING *
--# upsert on a global key, no row | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'x') ON CONFLICT (id) DO UPDATE SET label = 'updated' RETURNING *
--# upsert on a global key, another tenant's row | both | refused 23505
INSERT INTO assets (id, tenant_id, label) VALUES (2001, 1, 'x') ON CONFLICT (id) DO UPDATE SET label = 'hijacked' RETURNING *
--# upsert on a global key, another tenant's row, by a condition that may fail on it | both | refused 23505
INSERT INTO properties (id, tenant_id, name, code) VALUES (2001, 1, 'x', '5') ON CONFLICT (id) DO UPDATE SET units = 9 WHERE properties.code::int > 0
--# upsert on a global key, among own rows | both | refused 23505
INSERT INTO assets (id, tenant_id, label) VALUES (1001, 1, 'x'), (2001, 1, 'x') ON CONFLICT (id) DO UPDATE SET label = excluded.label
--# upsert by a constraint's name, own row | both | same
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (1, 1001, (SELECT serial_no FROM meters WHERE id = 1001), 'heat') ON CONFLICT ON CONSTRAINT meters_serial_no_key DO UPDATE SET kind = excluded.kind WHERE meters.kind <> excluded.kind RETURNING id, kind
--# upsert by a constraint's name, another tenant's row | both | refused 23505
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (1, 1001, 'CANARY_T' || '2_sn1', 'heat') ON CONFLICT ON CONSTRAINT meters_serial_no_key DO UPDATE SET kind = 'x' RETURNING secret
--# do nothing on a global key, own row | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1001, 1, 'x') ON CONFLICT (id) DO NOTHING RETURNING *
--# do nothing on a global key, own rows and new ones | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1001, 1, 'x'), (1901, 1, 'y'), (1902, 1, 'z') ON CONFLICT (id) DO NOTHING RETURNING *
--# do nothing on a global key, another tenant's row | both | refused 23505
INSERT INTO assets (id, tenant_id, label) VALUES (2001, 1, 'x') ON CONFLICT (id) DO NOTHING
--# do nothing without a key, own row | both | same
INSERT INTO documents (id, tenant_key, title, body, doc) VALUES (1001, 'alder', 't', 'b', '{}'), (1901, 'alder', 't', 'b', '{}') ON CONFLICT DO NOTHING RETURNING id
--# do nothing without a key, another tenant's row | both | refused 23505
INSERT INTO documents (id, tenant_key, title, body, doc) VALUES (2001, 'alder', 't', 'b', '{}') ON CONFLICT DO NOTHING
--# do nothing without a key, by a relation that numbers its rows | both | same
INSERT INTO invoices (tenant_id, property_id, number) VALUES (1, 1001, 'INV-1'), (1, 1001, 'N-1') ON CONFLICT DO NOTHING RETURNING number
--# do nothing without a key, of several | both | refused 0A000
INSERT INTO invoices (id, tenant_id, property_id, number) VALUES (2001, 1, 1001, 'N-1') ON CONFLICT DO NOTHING
--# upsert with parameters, another tenant's row | extended | refused 23505
--$ 2001 | x
INSERT INTO assets (id, tenant_id, label) VALUES ($1, 1, $2) ON CONFLICT (id) DO UPDATE SET label = $2
--# an error inside a transaction leaves it failed | both | same
BEGIN
--;
--! refused 23505
INSERT INTO assets (id, tenant_id, label) VALUES (2001, 1, 'x') ON CONFLICT (id) DO NOTHING
--;
--! refused 25P02
SELECT 1
--;
ROLLBACK
--# merge of own and new rows | both | stamped
MERGE INTO assets a USING (VALUES (1001, 'x'), (1902, 'y')) v(id, label) ON a.id = v.id WHEN MATCHED THEN UPDATE SET label = v.label WHEN NOT MATCHED THEN INSERT (id, label) VALUES (v.id, v.label)
--= as
MERGE INTO assets a USING (VALUES (1001, 'x'), (1902, 'y')) v(id, label) ON a.id = v.id WHEN MATCHED THEN UPDATE SET label = v.label WHEN NOT MATCHED THEN INSERT (id, label, tenant_id) VALUES (v.id, v.label, 1)
--# merge matches own rows only | both | same
MERGE INTO assets a USING generate_series(1, 9999) g ON a.id = g WHEN MATCHED THEN UPDATE SET label = 'merged'
--# merge deletes own rows only | both | same
MERGE INTO assets a USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE
--# merge of a key that another tenant has | both | refused 23505
MERGE INTO assets a USING (VALUES (2001)) v(id) ON a.id = v.id WHEN MATCHED THEN UPDATE SET label = 'hijacked' WHEN NOT MATCHED THEN INSERT (id, tenant_id, label) VALUES (v.id, 1, 'x')
--# merge from a relation by a condition that may fail | both | same
MERGE INTO properties p USING invoices i ON p.id = i.id - 0 WHEN MATCHED AND i.status = 'void' THEN DO NOTHING WHEN MATCHED THEN UPDATE SET town = i.number, units = p.code::int
--# merge by a condition on the target that may fail | both | same-or-refused
MERGE INTO properties p USING invoices i ON p.code::int = i.id WHEN MATCHED THEN UPDATE SET town = 'x'
--# merge by a condition on matched rows that may fail | both | same
MERGE INTO properties p USING (VALUES (1)) v(x) ON true WHEN MATCHED AND p.code::int > 14 THEN UPDATE SET units = v.x WHEN MATCHED THEN DO NOTHING
--# merge with references | both | same
MERGE INTO categories c USING (VALUES (1002, 1003), (1902, 1001)) v(id, parent) ON c.id = v.id WHEN MATCHED THEN UPDATE SET parent_id = v.parent WHEN NOT MATCHED THEN INSERT (id, tenant_id, parent_id, name) VALUES (v.id, 1, v.parent, 'new')
--# merge with a foreign reference | both | same
MERGE INTO categories c USING (VALUES (1002, 2003)) v(id, parent) ON c.id = v.id WHEN MATCHED THEN UPDATE SET parent_id = v.parent
--# merge with a foreign reference in a new row | both | same
MERGE INTO categories c USING (VALUES (1902, 2003)) v(id, parent) ON c.id = v.id WHEN NOT MATCHED THEN INSERT (id, tenant_id, parent_id, name) VALUES (v.id, 1, v.parent, 'new')
--# merge of rows that cascade | both | same
MERGE INTO invoices i USING (VALUES (1001), (1002)) v(id) ON i.id = v.id WHEN MATCHED AND i.id > 1001 THEN DELETE WHEN MATCHED THEN UPDATE SET memo = 'kept'
--# merge with a query and a sub-select | both | same
WITH x AS (SELECT property_id, count(*) AS n FROM meters GROUP BY property_id) MERGE INTO properties p USING x ON p.id = x.property_id WHEN MATCHED AND x.n > 1 THEN UPDATE SET units = x.n, town = (SELECT max(number) FROM invoices i WHERE i.property_id = p.id) WHEN NOT MATCHED THEN DO NOTHING
--# merge with parameters | extended | same
--$ 1001 | label
MERGE INTO assets a USING (SELECT $1::bigint AS id, $2::text AS label) v ON a.id = v.id WHEN MATCHED THEN UPDATE SET label = v.label WHEN NOT MATCHED THEN INSERT (id, tenant_id, label) VALUES (v.id, 1, v.label)
--# merge from a joined source | both | same
MERGE INTO meters m USING (properties p LEFT JOIN invoices i ON i.property_id = p.id AND i.id < 1003) ON m.property_id = p.id AND m.id < 1006 WHEN MATCHED THEN UPDATE SET kind = coalesce(i.number, 'none')
--# merge that gives a tenant away | both | refused 42501
MERGE INTO assets a USING (VALUES (1001)) v(id) ON a.id = v.id WHEN MATCHED THEN UPDATE SET tenant_id = 2
--# merge that inserts for another tenant | both | refused 42501
MERGE INTO assets a USING (VALUES (1999, 2)) v(id, t) ON a.id = v.id WHEN NOT MATCHED THEN INSERT (id, tenant_id, label) VALUES (v.id, v.t, 'x')
--# merge into a partitioned relation | both | same
MERGE INTO readings r USING (VALUES (1001, '2026-05-05'::date, 1.5)) v(m, d, x) ON r.meter_id = v.m AND r.taken_on = v.d WHEN MATCHED THEN UPDATE SET value = v.x WHEN NOT MATCHED THEN INSERT (tenant_id, meter_id, taken_on, value) VALUES (1, v.m, v.d, v.x)
--# a key of several columns: own | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES (1901, 1, 11, 2, 'x'), (1902, 1, NULL, 9, 'x'), (1903, 1, 21, NULL, 'x') RETURNING *
--# a key of several columns: another tenant's | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES (1901, 1, 11, 1, 'x'), (1902, 1, 21, 1, 'x')
--# a key of several columns: of two rows | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES (1901, 1, 11, 7, 'x')
--# a key of several columns: one is not given | both | same
INSERT INTO devices (id, tenant_id, rack_row, name) VALUES (1901, 1, 21, 'x') RETURNING *
--# a key of several columns: parameters | extended | same
--$ 1901 | 12 | 3
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES ($1, 1, $2, $3, 'x') RETURNING *
--# a key of several columns: another tenant's by parameters | extended | same
--$ 1901 | 22 | 3
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES ($1, 1, $2, $3, 'x')
--# a key of several columns: one parameter is NULL | extended | same
--$ 1901 | 22 | NULL
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES ($1, 1, $2, $3, 'x') RETURNING *
--# a key of several columns: from a query | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) SELECT "row" * 100 + slot, tenant_id, "row", slot, label FROM racks RETURNING *
--# a key of several columns: another tenant's from a query | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) SELECT "row" * 100 + slot, tenant_id, "row" + 10, slot, label FROM racks
--# a key of several columns: one from a query | both | same
INSERT INTO devices (id, tenant_id, rack_row, name) SELECT "row" * 100 + slot, tenant_id, "row" + 10, label FROM racks
--# a key of several columns: changed | both | same
UPDATE devices SET rack_row = 23 - rack_row WHERE rack_slot > 1 RETURNING *
--# a key of several columns: changed to another tenant's | both | same
UPDATE devices SET rack_row = rack_row + 10
--# a key of several columns: changed in both | both | same
UPDATE devices d SET rack_row = 11, rack_slot = 3 RETURNING *
--# a key of several columns: changed in both to another tenant's | both | same
UPDATE devices d SET rack_row = 31, rack_slot = 3 WHERE id = 1004
--# a key of several columns: changed where it refers to nothing | both | same
UPDATE devices d SET rack_row = 31, rack_slot = NULL
--# a key of several columns: a row of a sub-select | both | same
UPDATE devices SET (rack_row, rack_slot) = (SELECT "row", slot FROM racks WHERE slot = 4 - devices.rack_slot AND "row" = 11)
--# a key of several columns: another tenant's, of a row of a sub-select | both | same
UPDATE devices SET (rack_row, rack_slot) = (SELECT "row" + 10, slot FROM racks WHERE slot = 1 AND "row" = 11)
--# a key of several columns: computed together | both | refused 0A000
UPDATE devices SET rack_row = rack_row + 10, rack_slot = rack_slot + 0
--# a key of several columns: merged | both | same
MERGE INTO devices d USING racks r ON d.rack_row = r."row" AND d.rack_slot = r.slot WHEN MATCHED THEN UPDATE SET rack_row = 23 - r."row" WHEN NOT MATCHED THEN INSERT (id, tenant_id, rack_row, rack_slot, name) VALUES (r."row" * 100 + r.slot, 1, r."row", r.slot, 'x')
--# a key of several columns: another tenant's merged | both | same
MERGE INTO devices d USING racks r ON d.rack_row = r."row" AND d.rack_slot = r.slot WHEN NOT MATCHED THEN INSERT (id, tenant_id, rack_row, rack_slot, name) VALUES (r."row" * 100 + r.slot, 1, 21, r.slot, 'x')
--# a key of several columns: the parent goes | both | same
DELETE FROM racks WHERE slot = 1
--# a key of several columns: copied | both | refused 0A000
COPY devices FROM STDIN
--# on conflict do nothing on the one key that is not drawn from a sequence | both | same
INSERT INTO meters (tenant_id, property_id, serial_no, kind) SELECT tenant_id, property_id, serial_no, kind FROM meters ON CONFLICT DO NOTHING
--;
SELECT count(*) FROM meters
--# on conflict do nothing with the number chosen | both | refused
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) SELECT id, tenant_id, property_id, serial_no, kind FROM meters ON CONFLICT DO NOTHING
--# a pattern beside a lock | both | same
SELECT id FROM meters WHERE serial_no ILIKE '%' || '1' || '%' FOR UPDATE
--# NULL for the tenant column | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1900, NULL, 'x')
--# NULL of its type for the tenant column, after another column that may not be NULL | both | same
INSERT INTO meters (property_id, serial_no, kind, tenant_id) VALUES (NULL, 'new', 'water', CAST(NULL AS bigint))
--# a computed NULL for the tenant column | both | same
INSERT INTO meters (tenant_id, property_id, serial_no, kind) SELECT max(tenant_id), 1001, 'new', 'water' FROM meters WHERE id < 0
--# a computed own value for the tenant column | both | same
INSERT INTO meters (tenant_id, property_id, serial_no, kind) SELECT max(tenant_id), 1001, 'new', 'water' FROM meters RETURNING tenant_id, serial_no
--# a computed foreign value for the tenant column | both | refused 42501
INSERT INTO meters (tenant_id, property_id, serial_no, kind) SELECT max(tenant_id) + 1, 1001, 'new', 'water' FROM meters
--# a computed foreign value in another row than the own | both | refused 42501
INSERT INTO meters (tenant_id, property_id, serial_no, kind) VALUES (length('a'), 1001, 'new', 'water'), (length('ab'), 1001, 'newer', 'water')
--# NULL set for the tenant column | both | same
UPDATE meters SET tenant_id = NULL
--# NULL set for the tenant column where there is no row | both | same
UPDATE meters SET tenant_id = CAST(NULL AS bigint) WHERE id < 0
--# NULL set for the tenant column in a conflict with an own row | both | same
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (1001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO UPDATE SET tenant_id = NULL
--# NULL set for the tenant column in a conflict with another tenant's row | both | safe
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) VALUES (2001, 1, 1001, 'other', 'water') ON CONFLICT (id) DO UPDATE SET tenant_id = NULL
--# rows of arrays | extended | same
--$ {1900,1901} | {1,1} | {1001,1002} | {x,y} | {heat,heat}
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])
--# rows of arrays, one for another tenant | extended | refused 42501
--$ {1900,1901} | {1,2}
INSERT INTO assets (id, tenant_id, label) SELECT *, 'x' FROM unnest($1::bigint[], $2::bigint[])
--# rows of arrays, one for nobody | extended | same
--$ {1900,1901} | {1,NULL}
INSERT INTO assets (id, tenant_id, label) SELECT *, 'x' FROM unnest($1::bigint[], $2::bigint[])
--# rows of VALUES where none is | both | same
INSERT INTO assets (id, tenant_id, label) SELECT * FROM (VALUES (1900, 1, 'a'), (1901, 1, 'b')) v WHERE NOT EXISTS (SELECT FROM assets a WHERE a.id = v.column1) RETURNING id
--# rows of VALUES, one for another tenant | both | refused 42501
INSERT INTO assets (id, tenant_id, label) SELECT v.* FROM (VALUES (1900, 1, 'a'), (1901, 2, 'b')) v
--# rows of a document with keys to other rows | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT * FROM jsonb_to_recordset('[{"t": 1, "i": 1001, "a": 5}]') AS x(t bigint, i bigint, a numeric)
--# rows of a document with keys to others' rows | both | refused 23503
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT * FROM jsonb_to_recordset('[{"t": 1, "i": 2001, "a": 5}]') AS x(t bigint, i bigint, a numeric)
--# rows of two queries | both | same
INSERT INTO assets (id, tenant_id, label) SELECT * FROM (VALUES (1900, 1, 'a')) v UNION ALL SELECT 1901, 1, 'b'
--# rows of two queries, one for another tenant | both | refused 42501
INSERT INTO assets (id, tenant_id, label) SELECT * FROM (VALUES (1900, 1, 'a')) v UNION ALL SELECT 1901, 2, 'b'
--# a pattern that is put together | extended | same
--$ water
UPDATE meters SET divisor = 7 WHERE kind LIKE concat('%', $1::text, '%') OR kind LIKE ANY (ARRAY['he%', 'wa%'])
--# many rows, of which few are looked up each by itself | both | same
INSERT INTO payments (tenant_id, invoice_id, amount, reference, paid_at) VALUES
--* 8 (1, 1001, {n}.5, 'r{n}', '2025-01-01')
RETURNING invoice_id, amount, reference, paid_at
--# more rows, which are looked up as one query's | both | same
INSERT INTO payments (tenant_id, invoice_id, amount, reference, paid_at) VALUES
--* 9 (1, 1001, {n}.5, 'r{n}', '2025-01-01')
RETURNING invoice_id, amount, reference, paid_at
--# many rows of literals of each kind | both | same
INSERT INTO payments (tenant_id, invoice_id, amount, reference, paid_at) VALUES
--* 60 (1, '1001', {n}, NULL, '2025-01-01'),
--* 60 ('1', 1002, -{n}.125, 'r{n}', timestamptz '2025-01-{n} 10:00+02'),
(1, (1003), '7.005', E'a\'b', '2025-01-01 00:00'::timestamptz), (1, 1003, NULL, $$x$$, NULL)
--# many rows, the numbers chosen | both | same
INSERT INTO payments OVERRIDING SYSTEM VALUE VALUES
--* 70 (1{n}000, 1, 1002, {n}, '2025-01-01', 'r{n}')
RETURNING *
--# many rows without the tenant column | both | stamped
INSERT INTO payments (invoice_id, amount) VALUES
--* 100 (1002, {n})
RETURNING tenant_id, amount
--= as
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES
--* 100 (1, 1002, {n})
RETURNING tenant_id, amount
--# many rows of parameters | extended | same
--$ 1001 | 12.345 | ref | 1
INSERT INTO payments (invoice_id, amount, reference, tenant_id) VALUES
--* 70 ($1, $2, $3, $4)
RETURNING invoice_id, amount, reference
--# many rows, one of which refers to another tenant's | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES
--* 80 (1, 1001, {n}),
(1, 2001, 0)
--# many rows, one of which refers to none | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES
(1, 7777, 0),
--* 80 (1, 1001, {n})
--# many rows, one of which is another tenant's | both | refused 42501
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES
--* 80 (1, 1001, {n}),
(2, 1001, 0)
--# many rows, one of which has a value that is none of the type | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES
--* 80 (1, 1001, {n}),
(1, 1001, 'x')
--# many rows, one of which is too long | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) VALUES
--* 80 (1, 1001, {n}),
(1, 1001, 123456789012)
--# many rows, one of which takes a default or is computed | both | same
INSERT INTO payments (tenant_id, invoice_id, amount, paid_at) VALUES
--* 80 (1, 1001, {n} + 1, DEFAULT),
(1, 1000 + 2, 0, timestamptz '2025-01-01' + interval '1 day')
--# many rows of a key of several columns | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES
--* 70 ({n}, 1, 11, 2, 'd{n}'),
(500, 1, NULL, 2, 'none'), (501, 1, 12, NULL, 'none'), (502, 1, '12', '3', 'own') RETURNING *
--# many rows of a key of several columns, one of which is another tenant's | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES
--* 70 ({n}, 1, 11, 2, 'd{n}'),
(500, 1, 21, 2, 'd')
--# many rows that some are there of | both | same
INSERT INTO categories (id, tenant_id, parent_id, name) VALUES
--* 70 (100{n}, 1, 1001, 'c{n}')
ON CONFLICT (id) DO UPDATE SET name = excluded.name || '!' RETURNING id, name
--# many rows that are theirs by a key | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES
--* 70 ({n}, 1001, 'r{n}', {n})
RETURNING *
--# many rows that are theirs by a key, one of which is another tenant's | both | same
INSERT INTO receipts (id, payment_id, text, code) VALUES
--* 70 ({n}, 1001, 'r{n}', 'c'),
(71, 2001, 'x', 'c')
--# many rows that are theirs by a key, one of which has none | both | refused
INSERT INTO receipts (id, payment_id, text, code) VALUES
--* 70 ({n}, 1001, 'r{n}', 'c'),
(71, NULL, 'x', 'c')
--# many rows in a common table expression | both | same
WITH new AS (INSERT INTO payments (tenant_id, invoice_id, amount) VALUES
--* 70 (1, 1001, {n})
RETURNING amount) SELECT count(*), sum(amount) FROM new
--# many rows that are theirs by an invoice | both | same
INSERT INTO reminders (id, invoice_id, text) VALUES
--* 70 ({n}, '1001', 'r{n}')
--# a computed value for the tenant column beside a key that is looked up | both | refused 42501
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT units + 1, 1001, 5 FROM properties
--# another's value for the tenant column by a sub-select, beside a key that is looked up | both | refused 42501
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT (SELECT 2), 1001, 5
--# values for the tenant column of an array, beside a key that is looked up | both | refused 42501
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT x, 1001, 5 FROM unnest(ARRAY[1, 2]) x
--# a division for the tenant column, beside a key that is looked up | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1 / (id - id), 1001, 5 FROM properties
--# the own value for the tenant column, beside a key that is looked up | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT x, 1001, 5 FROM unnest(ARRAY[1, 1]) x RETURNING tenant_id, invoice_id
--# NULL for the tenant column, beside a key that is looked up | both | same
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT nullif(x, 1), 1001, 5 FROM unnest(ARRAY[1]) x
--# a union with another's value for the tenant column, beside a key that is looked up | both | refused 42501
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, 1001, 5 UNION ALL SELECT 2, 1001, 6
--# keys by chance, in each row others | simple | same
BEGIN
--;
INSERT INTO payments (tenant_id, invoice_id, amount) SELECT 1, 1001, g FROM generate_series(1, 200) g
--;
UPDATE payments SET invoice_id = 1001 + floor(random() * 5)::int
--;
SELECT count(DISTINCT invoice_id) FROM payments
--;
UPDATE payments AS p SET (amount, invoice_id) = (0, CASE WHEN random() < 0.5 THEN 1001 ELSE 1002 END)
--;
SELECT count(DISTINCT invoice_id) FROM payments
--;
MERGE INTO payments p USING generate_series(1, 200) g ON g = p.id AND false WHEN NOT MATCHED THEN INSERT (tenant_id, invoice_id, amount) VALUES (1, 1003 + floor(random() * 5)::int, g)
--;
SELECT count(DISTINCT invoice_id) FROM payments
--;
MERGE INTO payments p USING (SELECT g, g AS v FROM generate_series(1, 200) g) v ON v.g = p.id AND false WHEN NOT MATCHED THEN INSERT (tenant_id, invoice_id, amount) VALUES (1, 1001 + floor(random() * 5)::int, 12345)
--;
SELECT count(DISTINCT invoice_id) FROM payments WHERE amount = 12345
--;
INSERT INTO receipts (id, payment_id, text, code) SELECT g, 1001, 'r', 'c' FROM generate_series(1, 200) g ON CONFLICT (id) DO NOTHING
--;
INSERT INTO receipts (id, payment_id, text, code) SELECT g, 1001, 'r', 'c' FROM generate_series(1, 200) g ON CONFLICT (id) DO UPDATE SET payment_id = 1001 + floor(random() * 5)::int
--;
SELECT count(DISTINCT payment_id) FROM receipts
--;
ROLLBACK
--# rows of a document, as they are | both | same
INSERT INTO assets SELECT * FROM jsonb_populate_recordset(NULL::assets, '[{"id": 1901, "tenant_id": 1, "label": "a"}, {"id": 1902, "tenant_id": 1, "label": "b"}]') RETURNING *
--# rows of a document, one of which is another tenant's | both | refused 42501
INSERT INTO assets SELECT * FROM jsonb_populate_recordset(NULL::assets, '[{"id": 1901, "tenant_id": 1, "label": "a"}, {"id": 1902, "tenant_id": 2, "label": "b"}]')
--# rows of a document, whose keys are looked up | both | same
INSERT INTO payments OVERRIDING SYSTEM VALUE SELECT r.* FROM json_populate_recordset(NULL::public.payments, '[{"id": 19001, "tenant_id": 1, "invoice_id": 1001, "amount": 5, "paid_at": "2025-01-01"}]') AS r RETURNING invoice_id, amount
--# rows of a document, one of which refers to another tenant's | both | same
INSERT INTO payments OVERRIDING SYSTEM VALUE SELECT r.* FROM json_populate_recordset(NULL::public.payments, '[{"id": 19001, "tenant_id": 1, "invoice_id": 2001, "amount": 5, "paid_at": "2025-01-01"}]') AS r
--# a document's fields by their names, and a row of it | both | same
SELECT a.label, a, count(*) OVER () FROM jsonb_populate_record(NULL::assets, '{"id": 7, "label": "x"}') a WHERE a.id > 1 AND a.tenant_id IS NULL
--# a document's fields under other names | both | same
SELECT x, y FROM jsonb_populate_recordset(NULL::assets, '[{"id": 7}]') a(x, y) ORDER BY x
--# more values than columns | both | same
INSERT INTO assets (id, label) VALUES (1901, 'a', 1)
--# more columns than values | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1)
--# more columns than a query has | both | same
INSERT INTO assets (id, tenant_id, label) SELECT id, 1 FROM assets
--# fewer columns than a query has | both | same
INSERT INTO assets (id, tenant_id) SELECT id, 1, label FROM assets
--# rows of several lengths | both | same
INSERT INTO assets (id, tenant_id, label) VALUES (1901, 1, 'a'), (1902, 1)
--# many rows that refer to one another | both | same
INSERT INTO categories (id, tenant_id, parent_id, name) VALUES (10000, 1, 1001, 'first'),
--* 60 (100{n}, 1, 10000, 'c{n}')
RETURNING id, parent_id
--# a key of several columns from a sub-select: it might be another each time | both | refused 0A000
UPDATE devices SET rack_row = f.a, rack_slot = f.b FROM (SELECT (SELECT CASE WHEN count(*) > 2 THEN 11 ELSE 12 END FROM tariffs TABLESAMPLE BERNOULLI (50)) AS a, 2 AS b) f WHERE devices.id = 1001
--# a key of several columns from another table | both | same
UPDATE devices SET rack_row = r."row", rack_slot = r.slot FROM racks r WHERE r."row" = 12 AND r.slot = 1 AND devices.id = 1001 RETURNING rack_row, rack_slot
--# a key of several columns as a row from a sub-select | both | same
UPDATE devices SET (rack_row, rack_slot) = (SELECT f.a, f.b FROM (SELECT 12 AS a, 2 AS b) f) WHERE id = 1001 RETURNING rack_row, rack_slot
--# a key of several columns from the row that was there already | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES (1001, 1, 12, 3, 'x') ON CONFLICT (id) DO UPDATE SET rack_row = excluded.rack_row, rack_slot = excluded.rack_slot RETURNING rack_row, rack_slot, name
--# a key of several columns of another tenant's from the row that was there already | both | same
INSERT INTO devices (id, tenant_id, rack_row, rack_slot, name) VALUES (1001, 1, 22, 3, 'x') ON CONFLICT (id) DO UPDATE SET rack_row = excluded.rack_row, rack_slot = excluded.rack_slot
--# a key of several columns from a sub-select of the name of that row | both | refused 0A000
UPDATE devices SET rack_row = excluded.a, rack_slot = excluded.b FROM (SELECT 12 AS a, 2 AS b) AS excluded WHERE devices.id = 1001
--# a key of several columns from VALUES | both | same
UPDATE devices SET rack_row = v.r, rack_slot = v.s FROM (VALUES (1001, 12, 3)) AS v(id, r, s) WHERE devices.id = v.id RETURNING rack_row, rack_slot
--# a key of several columns of another tenant's from VALUES | both | same
MERGE INTO devices d USING (VALUES (1001, 22, 3)) AS v(id, r, s) ON d.id = v.id WHEN MATCHED THEN UPDATE SET rack_row = v.r, rack_slot = v.s
--# a key of several columns from VALUES that hold a sub-select | both | refused 0A000
UPDATE devices SET rack_row = v.r, rack_slot = v.s FROM (VALUES (1001, (SELECT 12), 3)) AS v(id, r, s) WHERE devices.id = v.id
