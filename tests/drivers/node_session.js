// node-postgres through pgmoat: simple, parameterised and named statements, transactions, a pool, errors.
// Argument: the URL of a proxy, as tenant 1's user of the billing database. Prints `node ok` when everything is as it should be.
"use strict";
const assert = require("node:assert/strict");
const { Client, Pool } = require("pg");

async function main(url) {
  const client = new Client({ connectionString: url });
  await client.connect();
  let r = await client.query("SELECT count(*)::int AS n FROM properties");
  assert.deepEqual(r.rows, [{ n: 5 }]);
  assert.deepEqual(r.fields.map((f) => [f.name, f.dataTypeID]), [["n", 23]]);
  r = await client.query("SELECT name, built, tags, extra FROM properties WHERE id = $1 AND units > $2", [1002, 0]);
  assert.equal(r.rows[0].name, "CANARY_T1_house2");
  assert.deepEqual(r.rows[0].tags, ["tag0", "CANARY_T1_tag"]);
  assert.equal(r.rows[0].extra.n, 2);
  r = await client.query("SELECT name FROM properties WHERE id = ANY($1::bigint[])", [[1001, 2001]]);
  assert.deepEqual(r.rows, [{ name: "CANARY_T1_house1" }]);
  for (let i = 1; i <= 5; i++) {
    r = await client.query({ name: "by-id", text: "SELECT id, name FROM properties WHERE id = $1", values: [1000 + i] });
    assert.deepEqual(r.rows, [{ id: String(1000 + i), name: `CANARY_T1_house${i}` }]);
  }
  r = await client.query({ name: "by-id", text: "SELECT id, name FROM properties WHERE id = $1", values: [2001] });
  assert.equal(r.rowCount, 0);
  r = await client.query({ text: "SELECT id, serial_no FROM meters ORDER BY id LIMIT 2", rowMode: "array" });
  assert.deepEqual(r.rows, [["1001", "CANARY_T1_sn1"], ["1002", "CANARY_T1_sn2"]]);

  await client.query("BEGIN");
  r = await client.query("INSERT INTO visits (who) VALUES ($1), ($2) RETURNING tenant_id", ["a", "it's b"]);
  assert.deepEqual(r.rows, [{ tenant_id: "1" }, { tenant_id: "1" }]);
  await assert.rejects(client.query("INSERT INTO visits (tenant_id, who) VALUES ($1, 'x')", [2]), { code: "42501" });
  await assert.rejects(client.query("SELECT 1"), { code: "25P02" });
  await client.query("ROLLBACK");
  r = await client.query("SELECT count(*)::int AS n FROM visits");
  assert.deepEqual(r.rows, [{ n: 3 }]);

  await assert.rejects(client.query("SELECT * FROM staff_names"), { code: "42P01" });
  await assert.rejects(client.query("SELECT 1 / $1::int", [0]), { code: "22012" });
  r = await client.query("SELECT 1 AS a; SELECT count(*)::int AS b FROM meters");
  assert.deepEqual(r.map((x) => x.rows[0]), [{ a: 1 }, { b: 8 }]);
  await client.query("UPDATE properties SET town = $1 WHERE id = $2", [null, 1001]);
  r = await client.query("SELECT town FROM properties WHERE id = 1001");
  assert.equal(r.rows[0].town, null);
  await client.end();

  const pool = new Pool({ connectionString: url, max: 5 });
  const all = await Promise.all(Array.from({ length: 60 }, (_, i) =>
    pool.query({ name: `n${i % 3}`, text: `SELECT count(*)::int AS n, ${i % 3} AS k FROM meters WHERE id > $1`, values: [i] })));
  all.forEach((x, i) => assert.deepEqual(x.rows, [{ n: 8, k: i % 3 }]));
  await pool.end();
  console.log("node ok");
}

main(process.argv[2]).catch((e) => { console.error(e); process.exit(1); });
