//! What the rewriter leaves in place meets other tenants' rows: it must fail on no value. The rewriter is asked what it leaves in place,
//! and PostgreSQL evaluates that over the extremes of each type (`verdicts.txt`). It does not say what should be left in place.

use crate::billing;
use crate::cluster::cluster;
use crate::computations::{list, names};
use crate::wire::Wire;
use pgmoat::catalog::{Catalog, Column, Identity, Relation, RelationKind};
use pgmoat::policy::allowed::{array_of, function};
use pgmoat::rewrite::{Rewriter, Scope};
use std::collections::BTreeMap;

/// A type, its OID and its extremes as literals.
struct Kind {
    name: String,
    oid: u32,
    extremes: Vec<String>,
}

impl Kind {
    fn column(&self) -> String {
        format!("of_{}", self.name)
    }
}

/// The types that a tenant may name, each with its array, and their extremes.
fn kinds() -> Vec<Kind> {
    let extremes: BTreeMap<String, Vec<String>> = include_str!("verdicts.txt")
        .lines()
        .filter(|l| !l.starts_with("# "))
        .filter_map(|l| l.split_once('\t'))
        .map(|(name, values)| (name.to_owned(), values.split('\t').map(str::to_owned).collect()))
        .collect();
    let mut kinds = Vec::new();
    for row in list("types.txt") {
        let [name, group, oid] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        if group == "pseudo" || group == "null" || matches!(name, "unknown" | "record") {
            continue;
        }
        let oid = oid.parse().expect("an OID");
        let own = extremes.get(name).unwrap_or_else(|| panic!("no extremes of {name}"));
        kinds.push(Kind { name: name.to_owned(), oid, extremes: own.clone() });
        let Some(array) = array_of(oid) else { continue };
        let all = own.iter().map(|e| format!("CAST({e} AS \"{name}\")")).collect::<Vec<_>>().join(", ");
        let extremes = [
            "'{}'".to_owned(),
            "'{NULL}'".to_owned(),
            "'{{NULL},{NULL}}'".to_owned(),
            "'[5:6]={NULL,NULL}'".to_owned(),
            format!("ARRAY[{all}]"),
            format!("ARRAY[[{all}], [{all}]]"),
        ];
        kinds.push(Kind { name: format!("_{name}"), oid: array, extremes: extremes.into() });
    }
    kinds
}

/// A table with a column of each type.
fn relation(kinds: &[Kind]) -> Relation {
    let column = |name: String, kind: &str, oid: u32| Column {
        name,
        type_oid: oid,
        base_type: kind.to_owned(),
        builtin_type: true,
        enumeration: false,
        formatted_type: kind.to_owned(),
        not_null: false,
        has_default: false,
        identity: Identity::None,
        generated: false,
        deterministic: true,
        plain_collation: true,
        generated_from: Vec::new(),
    };
    let tenant = column("tenant_id".to_owned(), "int8", 20);
    Relation {
        oid: 16_000,
        schema: "public".to_owned(),
        name: "extremes".to_owned(),
        kind: RelationKind::Table,
        columns: std::iter::once(tenant).chain(kinds.iter().map(|k| column(k.column(), &k.name, k.oid))).collect(),
        primary_key: Vec::new(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        parents: Vec::new(),
        definition: None,
        owned_by: None,
        has_triggers: false,
        has_rules: false,
        changeable: true,
        has_options: false,
        has_exclusions: false,
    }
}

/// What asks the rewriter and the server.
struct Trial {
    rewriter: Rewriter,
    scope: Scope,
    server: Wire,
    asked: usize,
    kept: usize,
    wrong: Vec<String>,
}

impl Trial {
    fn new(kinds: &[Kind]) -> Self {
        let catalog: Catalog = billing::catalog();
        let relations = catalog.relations().iter().cloned().chain([relation(kinds)]).collect();
        let (rewriter, scope) = billing::rewriter_over(catalog.with_relations(relations), BTreeMap::new());
        let database = cluster().database("verdicts", "template1");
        let mut server = cluster().superuser(&database);
        let columns: Vec<String> = kinds.iter().map(|k| format!("{} \"{}\"", k.column(), k.name)).collect();
        server.run(&format!("CREATE TABLE extremes (tenant_id int8, {})", columns.join(", ")));
        server.run("CREATE TABLE nothing (LIKE extremes)");
        let rows = kinds.iter().map(|k| k.extremes.len()).max().unwrap_or_default();
        for row in 0..=rows {
            let values: Vec<&str> = kinds.iter().map(|k| k.extremes.get(row).map_or("NULL", String::as_str)).collect();
            server.run(&format!("INSERT INTO extremes VALUES (2, {})", values.join(", ")));
        }
        Self { rewriter, scope, server, asked: 0, kept: 0, wrong: Vec::new() }
    }

    /// Whether the rewriter leaves it in place.
    fn keeps(&mut self, expression: &str) -> bool {
        self.asked += 1;
        let sql = format!("SELECT 1 FROM extremes a, extremes b WHERE ({expression}) IS NOT NULL");
        self.rewriter.simple(&sql, &self.scope).is_ok_and(|batch| batch.iter().all(|c| !c.text().contains("OFFSET 0")))
    }

    /// What is left in place fails on no row; where it fails without any, its values are not in it.
    fn judge(&mut self, expression: &str) -> bool {
        if !self.keeps(expression) {
            return false;
        }
        self.kept += 1;
        let mut over = |table: &str| {
            let reply = self.server.query(&format!("SELECT count({expression}) FROM {table} a, {table} b"));
            reply.error().is_some().then(|| reply.summary())
        };
        match over("extremes") {
            None => true,
            Some(error) if over("nothing").is_none() => {
                self.wrong.push(format!("{expression}: {error}"));
                false
            }
            Some(_) => false,
        }
    }

    fn end(self, least: usize) {
        assert!(self.kept > least, "only {} of {} were left in place", self.kept, self.asked);
        assert!(self.wrong.is_empty(), "of {} left in place, {} fail:\n{}", self.kept, self.wrong.len(), self.wrong.join("\n"));
    }
}

/// What stands beside a column.
const LITERALS: [&str; 6] = ["'x'", "'{}'", "1", "2.5", "1e400", "NULL"];

/// Constructs of one value (`@`).
const ONE: [&str; 18] = [
    "@",
    "NOT @",
    "- @",
    "@ IS TRUE",
    "@ IS NULL",
    "@ IS NOT UNKNOWN",
    "CASE WHEN @ THEN 1 ELSE 2 END",
    "CASE WHEN @ IS NULL THEN 1e40 ELSE 2 END",
    "coalesce(@)",
    "@::text",
    "@::varchar",
    "@::varchar(3)",
    "@::char(3)",
    "@::numeric(5, 2)",
    "@::timestamp(2)",
    "(@)[1]",
    "ARRAY[@]",
    "(SELECT @)",
];

/// Constructs of two (`@` and `~`).
const TWO: [&str; 30] = [
    "@ = ~",
    "@ <> ~",
    "@ < ~",
    "@ >= ~",
    "@ IS DISTINCT FROM ~",
    "@ BETWEEN ~ AND ~",
    "@ IN (~)",
    "@ IN (~, ~)",
    "@ NOT IN (~, @, NULL)",
    "(@, 1) IN ((~, 1), (~, 2))",
    "@ IN (SELECT ~)",
    "@ = ANY (~)",
    "@ = ANY (ARRAY[~])",
    "@ <> ALL (ARRAY[~, @])",
    "@ || ~",
    "@ -> ~",
    "@ ->> ~",
    "@ && ~",
    "@ @> ~",
    "@ LIKE ~",
    "@ ILIKE ~",
    "@ AND ~",
    "coalesce(@, ~)",
    "greatest(@, ~)",
    "nullif(@, ~)",
    "CASE @ WHEN ~ THEN 1 END",
    "CASE WHEN @ = ~ THEN @ ELSE ~ END",
    "CASE WHEN @ IS NULL THEN @ ELSE ~ END",
    "CASE WHEN a.of_bool THEN @ WHEN b.of_bool THEN ~ END IS NULL",
    "ARRAY[@, ~]",
];

fn fill(construct: &str, first: &str, second: &str) -> String {
    construct.replace('@', first).replace('~', second)
}

/// A construct whose operator has a place holder's character.
fn operator(name: &str, first: &str, second: &str) -> String {
    format!("{first} {name} {second}")
}

#[test]
fn what_is_left_in_place_fails_on_no_value() {
    let kinds = kinds();
    let mut trial = Trial::new(&kinds);
    let columns: Vec<(String, String)> =
        kinds.iter().map(|k| (format!("a.{}", k.column()), format!("b.{}", k.column()))).collect();
    let safe: Vec<String> =
        names("functions.txt", |_| true).filter(|name| function(name).is_some_and(|f| f.error_safe.is_some())).collect();
    let operators: Vec<String> = names("operators.txt", |_| true).collect();
    for (a, b) in &columns {
        for construct in ONE {
            trial.judge(&fill(construct, a, b));
        }
        for target in &kinds {
            trial.judge(&format!("{a}::\"{}\"", target.name));
        }
        for literal in LITERALS {
            for construct in TWO {
                trial.judge(&fill(construct, a, literal));
                trial.judge(&fill(construct, literal, a));
            }
        }
        for name in &operators {
            trial.judge(&operator(name, a, b));
            for literal in ["'x'", "'{}'", "1"] {
                trial.judge(&operator(name, a, literal));
            }
        }
        for (_, b) in &columns {
            // What neither compares nor is alike has no construct that is kept.
            let any = ["@ = ~", "@ = ANY (~)", "coalesce(@, ~)"].iter().any(|construct| trial.keeps(&fill(construct, a, b)));
            for construct in TWO.iter().filter(|_| any) {
                trial.judge(&fill(construct, a, b));
            }
        }
    }
    let arguments = [
        "a.of_text",
        "a.of_bpchar",
        "a.of_name",
        "a.of_char",
        "a.of_int8",
        "a.of_bytea",
        "a.of_jsonb",
        "a.of_numeric",
        "'x'",
        "-1",
        "NULL",
    ];
    for name in &safe {
        trial.judge(&format!("{name}()"));
        for first in arguments {
            trial.judge(&format!("{name}({first})"));
            for second in arguments {
                trial.judge(&format!("{name}({first}, {second})"));
                trial.judge(&format!("{name}({first}, {second}, b.of_text)"));
            }
        }
    }
    println!("{} of {} left in place", trial.kept, trial.asked);
    trial.end(1000);
}
