-- Rows of three tenants. Every text of tenant N carries CANARY_T<N>_; tenant 1's leaky columns never fail, the others' do.
TRUNCATE organisations, tariffs, properties, meters, readings, journal, invoices, invoice_lines, payments, documents, api_keys, categories, contacts, assets, visits, racks, devices,
  vehicles, receipts, stamps, reminders, scribbles, ticks, "Meter Notes", work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1 RESTART IDENTITY;
INSERT INTO organisations SELECT t, (ARRAY['alder','birch','cedar'])[t], repeat(t::text, 32)::uuid, 'Org CANARY_T'||t||'_org', 'CANARY_T'||t||'_secret'
  FROM generate_series(1,3) t;
INSERT INTO tariffs VALUES ('W1','water',1.2345),('W2','water',2.5),('P1','power',0.3111),('H1','heat',0.0987);
INSERT INTO properties (id, tenant_id, name, town, units, code, built, tags, extra)
  SELECT t*1000+i, t, 'CANARY_T'||t||'_house'||i, (ARRAY['Oak','Elm',NULL])[1+i%3], i, CASE t WHEN 1 THEN (i*7)::text ELSE 'CANARY_T'||t||'_code' END,
    date '1990-01-01' + i*400, ARRAY['tag'||i%2, 'CANARY_T'||t||'_tag'], jsonb_build_object('who', 'CANARY_T'||t||'_json', 'n', i)
  FROM generate_series(1,3) t, generate_series(1,5) i ORDER BY i, t;
INSERT INTO meters (id, tenant_id, property_id, serial_no, kind, divisor, tariff, secret)
  SELECT t*1000+i, t, t*1000+1+(i-1)%5, 'CANARY_T'||t||'_sn'||i, (ARRAY['water','power','heat'])[1+i%3], CASE t WHEN 1 THEN i ELSE 0 END,
    (ARRAY['W1','P1','H1',NULL])[1+i%4], 'CANARY_T'||t||'_meter'||i
  FROM generate_series(1,3) t, generate_series(1,8) i ORDER BY i, t;
INSERT INTO readings SELECT t, t*1000+m, date '2024-09-15' + n*60, t*100 + m + n*0.125, CASE WHEN n%2=0 THEN 'CANARY_T'||t||'_read'||n END
  FROM generate_series(1,3) t, generate_series(1,8) m, generate_series(1,9) n ORDER BY n, m, t;
INSERT INTO journal SELECT t, timestamptz '2025-01-01 00:00+00' + make_interval(mins => i), 'CANARY_T'||t||'_log'||i FROM generate_series(1,3) t, generate_series(1,4) i;
INSERT INTO invoices (id, tenant_id, property_id, number, status, total, due, memo)
  SELECT t*1000+i, t, t*1000+1+(i-1)%5, 'INV-'||i, (ARRAY['open','paid','void'])[1+i%3], t*1000+i*10.5, date '2025-01-31' + i*30, CASE WHEN i%4<>0 THEN 'CANARY_T'||t||'_memo'||i END
  FROM generate_series(1,3) t, generate_series(1,7) i ORDER BY i, t;
INSERT INTO invoice_lines (tenant_id, invoice_id, line, meter_id, text, qty, price)
  SELECT t, t*1000+i, l, CASE WHEN l<3 THEN t*1000+i END, 'CANARY_T'||t||'_line'||l, l, t+i*0.25 FROM generate_series(1,3) t, generate_series(1,7) i, generate_series(1,3) l;
INSERT INTO payments (id, tenant_id, invoice_id, amount, reference) OVERRIDING SYSTEM VALUE
  SELECT t*1000+i, t, t*1000+i, t*10+i, 'CANARY_T'||t||'_pay'||i FROM generate_series(1,3) t, generate_series(1,5) i;
INSERT INTO documents SELECT t*1000+i, (ARRAY['alder','birch','cedar'])[t], 'Doc '||i, 'body CANARY_T'||t||'_doc'||i, jsonb_build_object('k','CANARY_T'||t||'_jb','n',i,'list',jsonb_build_array(i,i+1))
  FROM generate_series(1,3) t, generate_series(1,3) i;
INSERT INTO api_keys SELECT t*1000+i, repeat(t::text, 32)::uuid, 'label'||i, 'CANARY_T'||t||'_key'||i FROM generate_series(1,3) t, generate_series(1,2) i;
INSERT INTO categories SELECT t*1000+i, t, CASE WHEN i>1 THEN t*1000+i/2 END, 'CANARY_T'||t||'_cat'||i FROM generate_series(1,3) t, generate_series(1,6) i;
INSERT INTO contacts SELECT t*1000+i, t, 'CANARY_T'||t||'_Mail'||i||'@Example.org', hstore('who', 'CANARY_T'||t||'_who'), ('top.CANARY_T'||t||'.n'||i)::ltree FROM generate_series(1,3) t, generate_series(1,3) i;
INSERT INTO racks SELECT t, t*10+i, s, 'CANARY_T'||t||'_rack' FROM generate_series(1,3) t, generate_series(1,2) i, generate_series(1,3) s;
INSERT INTO devices SELECT t*1000+i, t, CASE WHEN i < 4 THEN t*10+1+i%2 END, i, 'CANARY_T'||t||'_device'||i FROM generate_series(1,3) t, generate_series(1,4) i;
-- No oid: no object has a number below zero.
INSERT INTO assets VALUES (-2, 2, 'CANARY_T2_asset0');
INSERT INTO assets SELECT t*1000+i, t, 'CANARY_T'||t||'_asset'||i FROM generate_series(1,3) t, generate_series(1,2) i;
INSERT INTO vehicles SELECT t*1000+500, t, 'CANARY_T'||t||'_van', 'CANARY_T'||t||'_plate' FROM generate_series(1,3) t;
INSERT INTO "Meter Notes" SELECT t*1000+i, t, 'CANARY_T'||t||'_note'||i, i FROM generate_series(1,3) t, generate_series(1,2) i;
INSERT INTO work_orders_with_a_name_that_is_exactly_sixty_three_bytes_long1 SELECT t*1000, t, 'CANARY_T'||t||'_order' FROM generate_series(1,3) t;
INSERT INTO visits (id, tenant_id, who) OVERRIDING SYSTEM VALUE SELECT t*1000+i, t, 'CANARY_T'||t||'_guest'||i FROM generate_series(1,3) t, generate_series(1,3) i;
INSERT INTO receipts SELECT t*1000+i, t*1000+1+i%4, 'CANARY_T'||t||'_receipt'||i, CASE t WHEN 1 THEN i ELSE 0 END, CASE t WHEN 1 THEN i::text ELSE 'CANARY_T'||t||'_rc' END
  FROM generate_series(1,3) t, generate_series(1,6) i ORDER BY i, t;
INSERT INTO receipts VALUES (9001, NULL, 'CANARY_T2_lost', 0, 'CANARY_T2_rc');
INSERT INTO stamps SELECT t*1000+i, t*1000+1+i%5, 'CANARY_T'||t||'_stamp'||i, CASE t WHEN 1 THEN i ELSE 0 END FROM generate_series(1,3) t, generate_series(1,7) i ORDER BY i, t;
INSERT INTO reminders SELECT t*1000+i, t*1000+1+i%7, 'CANARY_T'||t||'_reminder'||i, CASE t WHEN 1 THEN i ELSE 0 END FROM generate_series(1,3) t, generate_series(1,9) i ORDER BY i, t;
INSERT INTO scribbles SELECT t*1000, t*1000+1, 'CANARY_T'||t||'_scribble' FROM generate_series(1,3) t;
INSERT INTO ticks SELECT t, CASE WHEN i < 8 THEN t*1000 + 1 + i%4 END, 'CANARY_T'||t||'_'||i, i FROM generate_series(1,3) t, generate_series(1,4) i;
INSERT INTO ticks SELECT t, CASE WHEN i < 4 THEN t*1000 + 1 + i END, 'a', i FROM generate_series(1,3) t, generate_series(0,5) i;
