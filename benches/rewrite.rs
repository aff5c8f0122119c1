//! How long the core takes for a statement: lexing, shape, cold and remembered rewriting, over ten kinds of statement.
//! It does not touch a server; `benches/proxy.rs` measures a whole query.

#[allow(dead_code)]
#[path = "../tests/core/billing.rs"]
mod billing;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use pgmoat::sql::{Bounds, Tokens, shape};
use std::hint::black_box;

/// The binary's own allocator, so that what is measured is what is served.
#[cfg(feature = "shell")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The ten: name, text, and the same statement with other literals.
fn statements() -> Vec<(&'static str, String, String)> {
    let rows = |from: usize| (from..from + 10).map(|i| format!("({i}, {i}, 'SN-{i}', 'water')")).collect::<Vec<_>>().join(", ");
    // As long as the statement it stands for: 472 bytes.
    let columns: Vec<String> =
        (0..5).flat_map(|_| ["id", "number", "status", "total"]).map(|c| format!("\"invoices\".\"{c}\"")).collect();
    let orm = |id: usize| format!("SELECT {} FROM \"invoices\" WHERE \"invoices\".\"id\" = {id} LIMIT 21", columns.join(", "));
    let both = |name, f: &dyn Fn(usize) -> String| (name, f(1), f(7001));
    vec![
        both("pgbench select", &|n| format!("SELECT total FROM invoices WHERE id = {n};")),
        both("pgbench update", &|n| format!("UPDATE invoices SET total = total + {n} WHERE id = {n};")),
        both("pgbench insert", &|n| {
            format!("INSERT INTO readings (meter_id, taken_at, value, note) VALUES ({n}, CURRENT_TIMESTAMP, {n}, 'x');")
        }),
        both("begin", &|_| "BEGIN".to_owned()),
        both("point select", &|n| {
            format!(
                "SELECT i.id, i.number, i.total, i.status FROM invoices i WHERE i.id = {n} AND i.status = 'open{n}' AND i.total > 10.5 LIMIT 1"
            )
        }),
        both("3-table join", &|n| {
            format!(
                "SELECT p.city, m.kind, count(*) AS n, sum(r.value) AS total, max(r.taken_at) AS last FROM properties p JOIN meters m ON m.property_id = p.id \
                 LEFT JOIN readings r ON r.meter_id = m.id AND r.value > {n} WHERE p.city = 'Graz{n}' AND m.kind IN ('water', 'power') GROUP BY p.city, m.kind \
                 HAVING count(*) > 3 ORDER BY total DESC LIMIT 10"
            )
        }),
        both("insert 10 rows", &|n| format!("INSERT INTO meters (id, property_id, serial, kind) VALUES {}", rows(n))),
        both("orm 20 columns", &orm),
        both("cte + exists", &|n| {
            format!(
                "WITH recent AS (SELECT id, property_id, total FROM invoices WHERE total > {n}) SELECT p.name, r.total FROM properties p \
                 JOIN recent r ON r.property_id = p.id WHERE EXISTS (SELECT 1 FROM meters m WHERE m.property_id = p.id AND m.kind = 'k{n}')"
            )
        }),
        both("upsert", &|n| {
            format!(
                "INSERT INTO meters (id, serial) VALUES ({n}, 's{n}') ON CONFLICT (tenant_id, id) DO UPDATE SET serial = excluded.serial RETURNING id"
            )
        }),
    ]
}

fn rewriting(c: &mut Criterion) {
    let statements = statements();
    let bounds = Bounds::default();
    let (rewriter, scope) = billing::rewriter();
    for (name, text, other) in &statements {
        for text in [text, other] {
            rewriter.simple(text, &scope).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        }
    }
    let mut each = |kind: &str, f: &mut dyn FnMut(&str)| {
        c.bench_function(&format!("{kind}/mean of ten"), |b| b.iter(|| statements.iter().for_each(|(_, text, _)| f(text))));
        for (name, text, _) in &statements {
            c.bench_function(&format!("{kind}/{name}"), |b| b.iter(|| f(text)));
        }
    };
    each("lex", &mut |text| {
        black_box(Tokens::lex(black_box(text), &bounds).ok());
    });
    let mut key = Vec::with_capacity(4096);
    each("lex and shape", &mut |text| {
        if let Ok(tokens) = Tokens::lex(black_box(text), &bounds) {
            key.clear();
            shape(&tokens, &mut key);
            black_box(&key);
        }
    });
    each("cold", &mut |text| {
        black_box(rewriter.cold(black_box(text), &scope).ok());
    });
    for (_, text, _) in &statements {
        for _ in 0..3 {
            drop(rewriter.simple(text, &scope));
        }
    }
    each("same text", &mut |text| {
        black_box(rewriter.simple(black_box(text), &scope).ok());
    });
}

/// Every text is new, every shape is known.
fn known_shape(c: &mut Criterion) {
    let statements = statements();
    let (rewriter, scope) = billing::rewriter();
    let mut n = 0_u64;
    for (name, text, _) in &statements {
        drop(rewriter.simple(text, &scope));
        c.bench_function(&format!("known shape/{name}"), |b| {
            b.iter_batched(
                || {
                    n += 1;
                    // The first literal takes a value that no earlier text had.
                    text.replacen("10.5", &format!("{n}.5"), 1)
                        .replacen("= 1", &format!("= {n}"), 1)
                        .replacen("> 1", &format!("> {n}"), 1)
                        .replacen("(1, ", &format!("({n}, "), 1)
                },
                |text| black_box(rewriter.simple(&text, &scope).ok()),
                BatchSize::SmallInput,
            );
        });
    }
}

criterion_group!(benches, rewriting, known_shape);
criterion_main!(benches);
