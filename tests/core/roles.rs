//! Roles over the billing catalog: who gets which rewriter, and that no role reaches more than none does. What becomes of statements is in
//! `rewrite/clerk.sql`.

use crate::billing::{self, identity, rewriters};
use pgmoat::catalog::{Catalog, Relation, RelationKind};
use pgmoat::policy::{Access, Policy, Role, Verbs};
use std::collections::BTreeMap;

/// What each of these becomes for somebody.
fn texts(role: Option<&str>, statements: &[&str]) -> Vec<Result<String, String>> {
    let (rewriters, who) = (rewriters(), identity(role, BTreeMap::new()));
    let rewriter = rewriters.of(&who).unwrap();
    let scope = rewriter.scope(&who).unwrap();
    let text = |sql: &&str| match rewriter.simple(sql, &scope) {
        Ok(batch) => Ok(batch.iter().map(|c| c.text().to_string()).collect()),
        Err(refusal) => Err(refusal.code.to_string()),
    };
    statements.iter().map(text).collect()
}

const STATEMENTS: [&str; 10] = [
    "SELECT id FROM meters WHERE serial = 'x'",
    "SELECT * FROM payments",
    "INSERT INTO meters (id) VALUES (1)",
    "UPDATE meters SET serial = 'x'",
    "DELETE FROM invoices",
    "SELECT id FROM invoices FOR UPDATE",
    "COPY meters (id) FROM STDIN",
    "SELECT add_tax(1)",
    "BEGIN",
    "SHOW timezone",
];

/// What a role lets through is what the server would get without it.
#[test]
fn a_role_takes_away_only() {
    let plain = texts(None, &STATEMENTS);
    for role in ["clerk", "reader"] {
        let narrowed = texts(Some(role), &STATEMENTS);
        for ((sql, plain), narrowed) in STATEMENTS.iter().zip(&plain).zip(&narrowed) {
            assert!(narrowed.is_err() || narrowed == plain, "{role}: {sql}: {narrowed:?}");
        }
    }
    let reader: Vec<bool> = texts(Some("reader"), &STATEMENTS).iter().map(Result::is_ok).collect();
    assert_eq!(reader, [true, true, false, false, false, false, false, false, true, true]);
}

/// A scope is of the rewriter of its role, and of no other; whoever has a role that is not there gets none.
#[test]
fn no_plan_serves_another_role() {
    let rewriters = rewriters();
    let roles = [None, Some("clerk"), Some("reader")];
    for of in roles {
        let rewriter = rewriters.of(&identity(of, BTreeMap::new())).unwrap();
        for role in roles {
            let scope = rewriter.scope(&identity(role, BTreeMap::new()));
            assert_eq!(scope.is_ok(), of == role, "{of:?} {role:?}");
        }
    }
    let refusal = rewriters.of(&identity(Some("nobody"), BTreeMap::new())).unwrap_err();
    assert_eq!(refusal.code.as_str(), "28000");
    // What one role's statements left in a cache is not found by another's.
    let ask = |role: &str, sql: &str| {
        let who = identity(Some(role), BTreeMap::new());
        let rewriter = rewriters.of(&who).unwrap();
        rewriter.simple(sql, &rewriter.scope(&who).unwrap()).is_ok()
    };
    for _ in 0..3 {
        assert!(ask("clerk", "UPDATE meters SET serial = 'x'") && !ask("reader", "UPDATE meters SET serial = 'x'"));
    }
}

/// Who may say whose rows it is about is understood; who has not yet reaches nothing; and nothing of it is ever kept.
#[test]
fn switches_are_for_those_who_may() {
    let rewriters = rewriters();
    let set = ["SET pgmoat.tenant = 'globex'", "SET pgmoat.tenant TO globex", "RESET pgmoat.tenant", "SHOW pgmoat.context"];
    let ask = |identity: &pgmoat::policy::Identity, sql: &str| {
        let rewriter = rewriters.of(identity).unwrap();
        let scope = rewriter.scope(identity).unwrap();
        let extended = rewriter.extended(sql, &[], &scope).map(|_| ());
        rewriter.simple(sql, &scope).map(|batch| assert!(batch.iter().all(|c| !c.text().contains("globex")))).and(extended)
    };
    let extended = |identity: &pgmoat::policy::Identity, sql: &str| {
        let rewriter = rewriters.of(identity).unwrap();
        rewriter.extended(sql, &[], &rewriter.scope(identity).unwrap()).map(|_| ())
    };
    let plain = identity(None, BTreeMap::new());
    let mover = pgmoat::policy::Identity { switches: true, ..plain.clone() };
    let nobody = pgmoat::policy::Identity { tenant: None, ..mover.clone() };
    let boss = pgmoat::policy::Identity { tenant: None, bypass: true, ..plain.clone() };
    let mover_boss = pgmoat::policy::Identity { switches: true, ..boss.clone() };
    // By turns: what one was let do is not found by another.
    for _ in 0..3 {
        for sql in set {
            for who in [&mover, &nobody, &mover_boss] {
                assert_eq!(ask(who, sql), Ok(()), "{sql}");
            }
            for who in [&plain, &boss] {
                let refusal = ask(who, sql).unwrap_err();
                assert_eq!((refusal.code.as_str(), refusal.message.contains("permission denied for parameter")), ("42501", true));
            }
        }
        // Who bypasses would take it for a switch, and go on bypassing.
        for sql in
            ["SELECT set_config('pgmoat.tenant', 'globex', false)", "SELECT pg_catalog.SET_CONFIG( E' PGMOAT.x', $1, true)"]
        {
            assert_eq!(ask(&mover_boss, sql).unwrap_err().code.as_str(), "42501", "{sql}");
        }
        assert!(ask(&mover_boss, "SELECT set_config('mine.tenant', 'x', false)").is_ok());
        // Nor does the server hear of a token by the body of a DO, a role's settings, an EXPLAIN.
        for sql in [
            "DO $$ BEGIN SET pgmoat.context = 'eyJSECRET'; END $$",
            "DO $x$ BEGIN PERFORM set_config('pgmoat.context', 'eyJSECRET', false); END $x$",
            "DO 'BEGIN SET \"pgmoat\" . \"context\" TO eyJSECRET; END'",
            "ALTER ROLE app SET pgmoat.context TO 'eyJSECRET'",
            "ALTER DATABASE app SET PGMOAT.Tenant = 'globex'",
            "EXPLAIN SET pgmoat.context = 'eyJSECRET'",
            "SELECT current_setting('pgmoat.tenant')",
        ] {
            for who in [&mover_boss, &boss] {
                let refusal = ask(who, sql).unwrap_err();
                assert_eq!(refusal.code.as_str(), "42501", "{sql}");
                assert!(!format!("{refusal} {:?}", refusal.hint).contains("SECRET"), "{sql}: {refusal}");
            }
        }
        // A name that is not written out may be one of these, for who may switch.
        for sql in ["SELECT set_config($1, $2, false)", "SELECT set_config('pg' || 'moat.tenant', 'globex', false)"] {
            assert_eq!(extended(&mover_boss, sql).unwrap_err().code.as_str(), "0A000", "{sql}");
            assert!(extended(&boss, sql).is_ok(), "{sql}");
        }
        for sql in ["SELECT * FROM pgmoat.tenants", "SELECT 'pgmoat.tenants', 'pgmoat.contexts'", "SET mine.context = 'x'"] {
            assert!(ask(&mover_boss, sql).is_ok(), "{sql}");
        }
        for sql in ["SELECT 1", "BEGIN", "SHOW timezone", "SET timezone = 'UTC'"] {
            assert_eq!(ask(&nobody, sql), Ok(()), "{sql}");
        }
        for sql in [
            "SELECT id FROM meters",
            "SELECT * FROM tariffs",
            "SELECT tenant()",
            "SELECT oid FROM pg_class",
            "TABLE open_invoices",
        ] {
            assert_eq!(ask(&nobody, sql).unwrap_err().message, "no tenant is chosen", "{sql}");
            assert_eq!(ask(&mover, sql), Ok(()), "{sql}");
        }
    }
    for (sql, code) in [
        ("SET LOCAL pgmoat.tenant = 'globex'", "0A000"),
        ("SET pgmoat.tenant = 'a', 'b'", "42601"),
        ("SET pgmoat.tenant = 1", "42601"),
        ("SET pgmoat.context = eyJSECRET.eyJSECRET.SECRET", "42601"),
        ("SET pgmoat.context eyJSECRET", "42601"),
        ("SET pgmoat.context = SECRET", "42601"),
        ("RESET pgmoat.context SECRET", "42601"),
        ("SET pgmoat.reason = E'a\nb'", "42601"),
        ("SET pgmoat.context.SECRET = 'x'", "42501"),
        ("SET pgmoat.context.eyJSECRET.SECRET", "42501"),
        ("RESET pgmoat.context.SECRET", "42501"),
        ("SHOW pgmoat.context.SECRET", "42501"),
        ("SET pgmoat.other = 'x'", "42501"),
        ("SELECT set_config('pgmoat.tenant', 'globex', false)", "42501"),
        ("PREPARE p AS SET pgmoat.tenant = 'x'", "42601"),
    ] {
        let refusal = ask(&mover, sql).unwrap_err();
        assert_eq!(refusal.code.as_str(), code, "{sql}: {refusal}");
        assert!(!refusal.to_string().to_lowercase().contains("secret") && !refusal.hint.unwrap_or_default().contains("SECRET"));
    }
}

/// Whatever stands behind `pgmoat.context` is taken out of audit records, in quotes or not.
#[test]
fn tokens_are_taken_out_of_records() {
    for sql in [
        "SET pgmoat.context = 'SECRET'",
        "set  PgMoat . Context to SECRET.SECRET",
        "SET SESSION \"pgmoat\".\"context\" = $$SECRET$$",
        "SELECT 1; SET pgmoat.context SECRET, SECRET(SECRET)",
        "SET pgmoat.context.SECRET = 'SECRET'",
        "SHOW pgmoat.context.SECRET",
        "SET pgmoat./**/context=SECRET-SECRET",
    ] {
        let mut out = String::new();
        pgmoat::sql::redact(&pgmoat::sql::Tokens::lex(sql, &pgmoat::sql::Bounds::default()).unwrap(), &mut out);
        assert!(!out.to_lowercase().contains("secret") && out.contains("context"), "{out}");
    }
    let mut out = String::new();
    let text = "SET pgmoat.context = a.b; SELECT context FROM t";
    pgmoat::sql::redact(&pgmoat::sql::Tokens::lex(text, &pgmoat::sql::Bounds::default()).unwrap(), &mut out);
    assert!(out.ends_with("; select context from t"), "{out}");
}

/// What became of the tables of the fixture, and what the role of the hidden columns has of them then.
fn hider(change: impl Fn(&mut Vec<Relation>)) -> (Catalog, Policy) {
    let mut relations = billing::catalog().relations().to_vec();
    change(&mut relations);
    let catalog = Catalog::default().with_relations(relations);
    let (policy, _findings) = Policy::new(billing::declaration(), &catalog);
    let policy = policy.narrowed("hider", &catalog).unwrap();
    (catalog, policy)
}

/// A relation of its own making, of these columns.
fn another(relations: &mut Vec<Relation>, oid: u32, name: &str, of: &str, change: impl FnOnce(&mut Relation)) {
    let mut made = relations.iter().find(|r| r.name == of).unwrap().clone();
    (made.oid, made.name) = (oid, name.to_owned());
    change(&mut made);
    relations.push(made);
}

/// A column that is hidden and no longer there may be there under another name: then nothing of its relation shows.
#[test]
fn a_hidden_column_that_was_renamed_takes_its_relation_with_it() {
    let (catalog, policy) = hider(|relations| {
        let meters = relations.iter_mut().find(|r| r.name == "meters").unwrap();
        meters.columns.iter_mut().find(|c| c.name == "serial").unwrap().name = "hush".to_owned();
        another(relations, 90, "meters_old", "meters", |child| child.parents = vec![12]);
    });
    for name in ["meters", "meters_old"] {
        assert!(matches!(policy.access(catalog.find(Some("public"), name).unwrap()), Access::Hidden), "{name}");
    }
    assert!(!matches!(policy.access(catalog.find(Some("public"), "readings").unwrap()), Access::Hidden));
}

/// What is computed from a hidden column is hidden with it.
#[test]
fn a_column_that_is_generated_from_a_hidden_one_is_hidden() {
    let (catalog, policy) = hider(|relations| {
        let meters = relations.iter_mut().find(|r| r.name == "meters").unwrap();
        let mut made = meters.columns.first().unwrap().clone();
        (made.name, made.generated, made.generated_from) = ("loud".to_owned(), true, vec!["serial".to_owned()]);
        meters.columns.push(made);
    });
    let hidden = policy.hides(catalog.find(Some("public"), "meters").unwrap()).unwrap();
    assert!(hidden.contains("serial") && hidden.contains("loud"), "{hidden:?}");
}

/// A relation that is hidden and no longer there may be there under another name: while nobody can tell which, nothing shows.
#[test]
fn a_hidden_relation_that_was_renamed_takes_everything_with_it() {
    let rename = |relations: &mut Vec<Relation>| {
        relations.iter_mut().find(|r| r.name == "documents").unwrap().name = "papers".to_owned();
    };
    let (catalog, policy) = hider(rename);
    assert!(catalog.relations().iter().all(|r| matches!(policy.access(r), Access::Hidden)));
    let (catalog, policy) = hider(|_| {});
    assert!(!matches!(policy.access(catalog.find(Some("public"), "meters").unwrap()), Access::Hidden));
}

/// Nobody starts with a name in `hide` that is not there; of `relations` it is told. What may have been meant is named.
#[test]
fn mistyped_names_are_named_with_what_may_be_meant() {
    let catalog = billing::catalog();
    let mut declaration = billing::declaration();
    let hide = [("public.metres", None), ("public.meters", Some("seriall")), ("public.unheard_of_altogether", None)];
    for (relation, column) in hide {
        let columns = column.into_iter().map(str::to_owned).collect();
        let role = Role { hide: BTreeMap::from([(relation.to_owned(), columns)]), ..Role::default() };
        declaration.roles.insert(format!("of_{relation}"), role);
    }
    let listed = BTreeMap::from([("public.propertie".to_owned(), Verbs::ALL)]);
    declaration.roles.insert("listing".to_owned(), Role { relations: Some(listed), ..Role::default() });
    let (_policy, findings) = Policy::new(declaration, &catalog);
    for (fatal, message) in [
        (true, "`hide`: relation public.metres does not exist: did you mean public.meters?"),
        (true, "`hide`: column seriall of public.meters does not exist: did you mean serial?"),
        (true, "`hide`: relation public.unheard_of_altogether does not exist"),
        (false, "`relations`: relation public.propertie does not exist: did you mean public.properties?"),
    ] {
        assert!(findings.iter().any(|f| f.fatal == fatal && f.message == message), "{message}: {findings:?}");
    }
}

/// Where columns are hidden no write lets a name through that is not known: it may be a hidden column's by now.
#[test]
fn writes_name_known_columns_only() {
    let hider = |sql: &'static str| texts(Some("hider"), &[sql]).remove(0);
    for sql in [
        "UPDATE meters SET kind = 'x' RETURNING hush",
        "UPDATE meters SET kind = 'x' RETURNING meters.hush",
        "UPDATE meters SET kind = hush",
        "UPDATE meters SET hush = 'x'",
        "UPDATE meters SET (kind, hush) = ('x', 'y')",
        "UPDATE meters m SET kind = 'x' WHERE m.hush = 'a'",
        "DELETE FROM meters WHERE hush = 'a'",
        "DELETE FROM meters WHERE id = (SELECT max(p.id) FROM properties p WHERE p.name = hush)",
        "INSERT INTO tariffs (hush) VALUES ('x')",
    ] {
        assert!(hider(sql).is_err(), "{sql}: {:?}", hider(sql));
        if sql.starts_with("UPDATE meters SET kind = 'x' RETURNING hush") {
            assert_eq!(hider(sql), Err("42703".to_owned()));
        }
    }
    for sql in [
        "UPDATE meters SET kind = 'x' WHERE id = 1 RETURNING id, kind AS hush",
        "UPDATE meters SET kind = DEFAULT RETURNING current_date",
        "WITH w AS (UPDATE meters SET kind = 'x' RETURNING id) SELECT id AS hush FROM w ORDER BY hush",
    ] {
        assert!(hider(sql).is_ok(), "{sql}: {:?}", hider(sql));
    }
}

/// A column is hidden of all that it is read through: of what its relation inherits from, or is a partition of, and of its siblings.
#[test]
fn a_column_that_a_partition_hides_does_not_show_in_its_table() {
    let (catalog, policy) = hider(|relations| {
        another(relations, 90, "all_readings", "readings", |parent| parent.columns.retain(|c| c.name != "value"));
        another(relations, 91, "sibling", "readings", |sibling| sibling.parents = vec![90]);
        relations.iter_mut().find(|r| r.name == "readings").unwrap().parents = vec![90];
    });
    for name in ["readings", "all_readings", "sibling"] {
        let hidden = policy.hides(catalog.find(Some("public"), name).unwrap());
        assert_eq!(hidden.map(|names| names.iter().map(String::as_str).collect::<Vec<_>>()), Some(vec!["note"]), "{name}");
    }
}

/// The rows of a materialized view were read without the role: of what stands on anything that is hidden, by way of others too, none show.
#[test]
fn a_materialized_view_of_what_is_hidden_does_not_show() {
    let (catalog, policy) = hider(|relations| {
        for (oid, name, kind, definition) in [
            (90, "of_meters", RelationKind::MaterializedView, "SELECT m.h FROM public.meters m(a, b, c, d, h)"),
            (91, "of_properties", RelationKind::MaterializedView, "SELECT tenant_id, id FROM public.properties"),
            (92, "of_view", RelationKind::MaterializedView, "SELECT * FROM \"public\".\"of_view_of_meters\""),
            (93, "of_view_of_meters", RelationKind::View, "SELECT * FROM public.of_meters"),
            (94, "not_read", RelationKind::MaterializedView, "SELECT 'open"),
        ] {
            another(relations, oid, name, "properties", |made| {
                (made.kind, made.definition) = (kind, Some(definition.to_owned()))
            });
        }
    });
    let shows = |name: &str| !matches!(policy.access(catalog.find(Some("public"), name).unwrap()), Access::Hidden);
    assert_eq!(["of_meters", "of_properties", "of_view", "not_read"].map(shows), [false, true, false, false]);
}

/// Users of a role with levels are limited in them, or let in not at all.
#[test]
fn a_role_may_ask_for_limits() {
    let rewriters = rewriters();
    let scope = |nodes: BTreeMap<String, Vec<String>>| {
        let who = identity(Some("warden"), nodes);
        rewriters.of(&who).unwrap().scope(&who).map(|_| ()).map_err(|refusal| refusal.code.to_string())
    };
    assert_eq!(scope(BTreeMap::new()), Err("28000".to_owned()));
    assert_eq!(scope(BTreeMap::from([("property".to_owned(), vec!["11".to_owned()])])), Ok(()));
}
