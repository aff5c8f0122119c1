"""psycopg 3 through pgmoat: parameters in text and binary, server-side prepared statements, pipelines, transactions, errors.

Argument: the URL of a proxy, as tenant 1's user of the billing database. Exits 0 and prints `psycopg ok` when everything is as it should be.
"""

import datetime
import decimal
import sys

import psycopg
from psycopg.rows import dict_row


def eq(got, want):
    assert got == want, f"got {got!r}, want {want!r}"


def main(url):
    with psycopg.connect(url) as conn:
        cur = conn.execute("SELECT count(*) FROM properties")
        eq(cur.fetchone(), (5,))
        eq([c.name for c in conn.execute("SELECT id, name FROM properties LIMIT 1").description], ["id", "name"])

        for binary in (False, True):
            cur = conn.cursor(binary=binary)
            cur.execute("SELECT id, name, units, built, tags, extra FROM properties WHERE id = %s", (1002,))
            row = cur.fetchone()
            eq(row[0], 1002)
            eq(row[2], 2)
            eq(row[3], datetime.date(1992, 3, 11))
            eq(row[4], ["tag0", "CANARY_T1_tag"])
            eq(row[5], {"n": 2, "who": "CANARY_T1_json"})
            cur.execute("SELECT total FROM invoices WHERE id = %s", (1002,))
            eq(cur.fetchone(), (decimal.Decimal("1021.00"),))
            # Binary parameters: %b; text parameters: %t.
            cur.execute("SELECT name FROM properties WHERE id = %b AND units >= %t", (1003, 1))
            eq(cur.fetchone(), ("CANARY_T1_house3",))
            cur.execute("SELECT name FROM properties WHERE id = ANY(%s)", ([1001, 2001, 3001],))
            eq(cur.fetchall(), [("CANARY_T1_house1",)])
            cur.execute("SELECT label FROM api_keys WHERE tenant_uuid = %b", (__import__("uuid").UUID("2" * 32),))
            eq(cur.fetchall(), [])

        # Prepared on the server from the first execution on.
        for i in range(1, 6):
            cur = conn.execute("SELECT name FROM properties WHERE id = %s", (1000 + i,), prepare=True)
            eq(cur.fetchone(), (f"CANARY_T1_house{i}",))
        # And after five executions by psycopg itself.
        for i in range(12):
            eq(conn.execute("SELECT count(*) FROM meters WHERE property_id > %s", (i,)).fetchone(), (8,))
        conn.commit()

        with conn.transaction():
            conn.execute("INSERT INTO visits (tenant_id, who) VALUES (%s, %s)", (1, "first"))
            conn.execute("INSERT INTO visits (who) VALUES (%s)", ("stamped",))
            eq(conn.execute("SELECT count(*) FROM visits").fetchone(), (5,))
            try:
                with conn.transaction():
                    conn.execute("UPDATE visits SET who = 'lost'")
                    raise ZeroDivisionError
            except ZeroDivisionError:
                pass
            eq(conn.execute("SELECT count(*) FROM visits WHERE who = 'lost'").fetchone(), (0,))
        eq(conn.execute("SELECT tenant_id FROM visits WHERE who = 'stamped'").fetchone(), (1,))
        conn.commit()

        cur = conn.cursor()
        cur.executemany("INSERT INTO visits (tenant_id, who) VALUES (%s, %s)", [(1, f"many {i}") for i in range(20)])
        eq(cur.execute("SELECT count(*) FROM visits WHERE who LIKE 'many%%'").fetchone(), (20,))
        conn.commit()

        with conn.pipeline():
            cursors = [conn.execute("SELECT name FROM properties WHERE id = %s", (1000 + i,)) for i in range(1, 6)]
            update = conn.execute("UPDATE properties SET units = units + 1 RETURNING id")
        eq([c.fetchone()[0] for c in cursors], [f"CANARY_T1_house{i}" for i in range(1, 6)])
        eq(sorted(r[0] for r in update.fetchall()), [1001, 1002, 1003, 1004, 1005])
        conn.commit()

        # A refusal in a pipeline fails what comes after it, and the connection lives.
        try:
            with conn.pipeline():
                conn.execute("SELECT 1")
                conn.execute("UPDATE properties SET tenant_id = 2")
                conn.execute("SELECT 2")
            raise AssertionError("not refused")
        except psycopg.errors.InsufficientPrivilege:
            pass
        conn.rollback()
        for sql, params, error in [
            ("INSERT INTO visits (tenant_id, who) VALUES (%s, 'x')", (2,), psycopg.errors.InsufficientPrivilege),
            ("SELECT * FROM staff_names", None, psycopg.errors.UndefinedTable),
            ("SELECT pg_sleep(1)", None, psycopg.errors.InsufficientPrivilege),
            ("SELECT 1 / 0", None, psycopg.errors.DivisionByZero),
        ]:
            try:
                conn.execute(sql, params)
                raise AssertionError(f"no error: {sql}")
            except error:
                conn.rollback()

        rows = conn.cursor(row_factory=dict_row).execute("SELECT key, name FROM organisations").fetchall()
        eq(rows, [{"key": "alder", "name": "Org CANARY_T1_org"}])
        eq(conn.execute("SELECT count(*) FROM visits WHERE tenant_id <> 1").fetchone(), (0,))

    # Client-side cursors interpolate: the simple protocol with several statements.
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor, autocommit=True) as conn:
        eq(conn.execute("SELECT name FROM properties WHERE id = %s AND name <> %s", (1001, "it's \\ odd")).fetchone(), ("CANARY_T1_house1",))
        cur = conn.execute("SELECT 1; SELECT count(*) FROM meters")
        eq(cur.fetchone(), (1,))
        cur.nextset()
        eq(cur.fetchone(), (8,))
    print("psycopg ok")


main(sys.argv[1])
