//! The rewriter's output against PostgreSQL's parser, over the regression SQL with every table taken for a scoped one.
//!
//! Of each statement that the rewriter lets through: PostgreSQL parses what is emitted; its relations are those of the original; each
//! reference to a scoped table is filtered, by an analysis of PostgreSQL's own tree that shares nothing with the rewriter; and with
//! the filters taken out again the tree is the original's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pgmoat::catalog::{Catalog, Column, Identity as ColumnIdentity, Relation, RelationKind};
use pgmoat::error::{Rule, SqlState};
use pgmoat::policy::{Declaration, Identity, Policy, Tenant};
use pgmoat::rewrite::{Rewriter, Scope};
use pgmoat_parity::{Tree, is_data_plane, relations, statements, tree};

const TENANT_COLUMN: &str = "tenant_id";

fn column(name: &str, written: &str) -> Column {
    let (base, oid) = match written {
        "int4" | "int" | "integer" | "serial" => ("int4", 23),
        "int8" | "bigint" | "bigserial" => ("int8", 20),
        "int2" => ("int2", 21),
        "numeric" => ("numeric", 1700),
        "float8" => ("float8", 701),
        "float4" => ("float4", 700),
        "bool" => ("bool", 16),
        "date" => ("date", 1082),
        "timestamp" => ("timestamp", 1114),
        "timestamptz" => ("timestamptz", 1184),
        "varchar" => ("varchar", 1043),
        "bpchar" => ("bpchar", 1042),
        "jsonb" => ("jsonb", 3802),
        _other => ("text", 25),
    };
    Column {
        name: name.to_owned(),
        type_oid: oid,
        base_type: base.to_owned(),
        builtin_type: true,
        enumeration: false,
        formatted_type: base.to_owned(),
        not_null: false,
        has_default: false,
        identity: ColumnIdentity::None,
        generated: false,
        deterministic: true,
        plain_collation: true,
        generated_from: Vec::new(),
    }
}

/// Every table that the statements create, with the columns of all its definitions and a tenant column.
fn catalog(statements: &[String]) -> Catalog {
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for text in statements {
        if !text.to_ascii_lowercase().starts_with("create") {
            continue;
        }
        let Ok(parsed) = tree(text) else { continue };
        parsed.walk(&mut |node| {
            let (relation, elements) = match node.name() {
                "CreateStmt" => (node.field("relation"), node.field("table_elts").items()),
                "CreateTableAsStmt" => (node.field("into").field("rel"), &[][..]),
                _other => return,
            };
            let columns = tables.entry(relation.field("relname").word().to_owned()).or_default();
            for element in elements.iter().filter(|element| element.name() == "ColumnDef") {
                let name = element.field("colname").word().to_owned();
                if name != TENANT_COLUMN && columns.iter().all(|(known, _)| *known != name) {
                    let written =
                        element.field("type_name").field("names").names().last().copied().unwrap_or_default().to_owned();
                    columns.push((name, written));
                }
            }
        });
    }
    let relation = |(i, (name, columns)): (usize, (String, Vec<(String, String)>))| Relation {
        oid: 20_000 + i as u32,
        schema: "public".to_owned(),
        name,
        kind: RelationKind::Table,
        columns: std::iter::once(column(TENANT_COLUMN, "int8"))
            .chain(columns.iter().map(|(name, kind)| column(name, kind)))
            .collect(),
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
    };
    let mut catalog = Catalog::default().with_relations(tables.into_iter().enumerate().map(relation).collect());
    catalog.database = "regression".to_owned();
    catalog.server_version = 180_000;
    catalog.search_path = vec!["public".to_owned()];
    catalog
}

fn rewriter(catalog: Catalog) -> (Rewriter, Scope) {
    let declaration = Declaration { column: TENANT_COLUMN.to_owned(), ..Declaration::default() };
    let (policy, _) = Policy::new(declaration, &catalog);
    let attributes = BTreeMap::from([("id".to_owned(), "4711".to_owned())]);
    let tenant = Tenant { name: "acme".into(), attributes, settings: "{}".into(), plan: None };
    let identity = Identity {
        user: "acme_app".into(),
        tenant: Some(Arc::new(tenant)),
        nodes: BTreeMap::new(),
        bypass: false,
        switches: false,
        role: None,
    };
    let rewriter = Rewriter::new(Arc::new(policy), Arc::new(catalog));
    let scope = rewriter.scope(&identity).expect("the tenant has its attribute");
    (rewriter, scope)
}

/// The parts of a conjunction, outermost brackets taken off.
fn conjuncts(condition: &Tree) -> Vec<&Tree> {
    if condition.name() == "BoolExpr" && condition.field("boolop").word() == "AndExpr" {
        return condition.field("args").items().iter().flat_map(conjuncts).collect();
    }
    if condition.is_none() { Vec::new() } else { vec![condition] }
}

/// Which table a condition filters by the tenant, if it is `x.tenant_id = 4711`: the names before the column.
fn filtered(condition: &Tree) -> Option<Vec<&str>> {
    let equals = condition.name() == "AExpr"
        && condition.field("kind").word() == "AexprOp"
        && condition.field("name").names() == ["pg_catalog", "="];
    let value = condition.field("rexpr").field("arg").field("val").field("sval").word() == "4711";
    let mut names = condition.field("lexpr").field("fields").names();
    (equals && value && names.pop() == Some(TENANT_COLUMN)).then_some(names)
}

/// Looks for references to tables that nothing filters.
struct Audit<'t> {
    ctes: BTreeSet<&'t str>,
    unfiltered: Vec<String>,
}

impl<'t> Audit<'t> {
    fn of(statement: &'t Tree) -> Vec<String> {
        let mut audit = Self { ctes: BTreeSet::new(), unfiltered: Vec::new() };
        let mut seen = 0;
        statement.walk(&mut |node| {
            if node.name() == "CommonTableExpr" {
                audit.ctes.insert(node.field("ctename").word());
            }
        });
        statement.walk(&mut |node| match node.name() {
            "SelectStmt" => seen += audit.sources(node.field("from_clause"), node.field("where_clause")),
            "UpdateStmt" => {
                seen += audit.sources(node.field("from_clause"), node.field("where_clause"));
                seen += audit.item(node.field("relation"), &conjuncts(node.field("where_clause")));
            }
            "DeleteStmt" => {
                seen += audit.sources(node.field("using_clause"), node.field("where_clause"));
                seen += audit.item(node.field("relation"), &conjuncts(node.field("where_clause")));
            }
            "InsertStmt" => {
                let stamped = node.field("cols").items().iter().any(|column| column.field("name").word() == TENANT_COLUMN);
                let known = node.field("relation").field("schemaname").word() == "public";
                if !stamped || !known {
                    audit.unfiltered.push(format!("INSERT INTO {}", node.field("relation").field("relname").word()));
                }
                seen += 1;
            }
            "MergeStmt" => seen += audit.merge(node),
            _other => {}
        });
        // FOR UPDATE OF names relations again; no other place may have one
        let mut all = 0;
        let mut locked = 0;
        statement.walk(&mut |node| {
            all += usize::from(node.name() == "RangeVar");
            locked += if node.name() == "LockingClause" { node.field("locked_rels").items().len() } else { 0 };
        });
        if all != seen + locked {
            audit.unfiltered.push(format!("{all} references, of which {seen} were looked at and {locked} are locks"));
        }
        audit.unfiltered
    }

    /// Judges a MERGE; gives the number of references in it outside sub-selects. A row of the target that its ON does not match is not
    /// reached, unless by NOT MATCHED BY SOURCE; ON removes no row of the source.
    fn merge(&mut self, merge: &Tree) -> usize {
        for when in merge.field("merge_when_clauses").items() {
            let stamped = when.field("target_list").items().iter().any(|column| column.field("name").word() == TENANT_COLUMN);
            let kind = (when.field("match_kind").word(), when.field("command_type").word());
            match kind {
                ("MergeWhenMatched", "CmdUpdate" | "CmdDelete" | "CmdNothing") if !stamped => {}
                ("MergeWhenNotMatchedByTarget", "CmdNothing") => {}
                ("MergeWhenNotMatchedByTarget", "CmdInsert") if stamped => {}
                (_, _) => self.unfiltered.push(format!("MERGE with {kind:?}, the tenant column set: {stamped}")),
            }
        }
        let on = conjuncts(merge.field("join_condition"));
        self.item(merge.field("relation"), &on) + self.item(merge.field("source_relation"), &[])
    }

    fn sources(&mut self, from: &Tree, condition: &Tree) -> usize {
        let filters = conjuncts(condition);
        from.items().iter().map(|item| self.item(item, &filters)).sum()
    }

    /// Judges one FROM item; gives the number of references in it.
    fn item(&mut self, item: &Tree, filters: &[&Tree]) -> usize {
        match item.name() {
            "RangeVar" => {
                self.reference(item, filters);
                1
            }
            "JoinExpr" => {
                let own = conjuncts(item.field("quals"));
                let both: Vec<&Tree> = filters.iter().copied().chain(own).collect();
                // a condition of ON removes rows of the side that may be replaced by nulls, never of the other
                let (left, right) = match item.field("jointype").word() {
                    "JoinInner" => (both.as_slice(), both.as_slice()),
                    "JoinLeft" => (filters, both.as_slice()),
                    "JoinRight" => (both.as_slice(), filters),
                    _full => (filters, filters),
                };
                self.item(item.field("larg"), left) + self.item(item.field("rarg"), right)
            }
            "RangeTableSample" => self.item(item.field("relation"), filters),
            // sub-selects and functions are met by the walk
            _other => 0,
        }
    }

    fn reference(&mut self, relation: &Tree, filters: &[&Tree]) {
        let (schema, name) = (relation.field("schemaname").word(), relation.field("relname").word());
        if schema.is_empty() && self.ctes.contains(name) {
            return;
        }
        let alias = relation.field("alias").field("aliasname").word();
        let hit = |names: Vec<&str>| if alias.is_empty() { names == [name] || names == [schema, name] } else { names == [alias] };
        let plain = relation.field("alias").field("colnames").items().is_empty();
        if schema != "public" || !plain || !filters.iter().filter_map(|filter| filtered(filter)).any(hit) {
            self.unfiltered.push(format!("{schema}.{name} {alias}"));
        }
    }
}

/// Where a statement has the conditions that filter.
const CONDITIONS: [&str; 3] = ["where_clause", "quals", "join_condition"];

/// Whether an expression's type looks names up: `pg_typeof(..)`, `tableoid::regclass`.
fn looks_up(expression: &Tree) -> bool {
    let named = expression.field("arg").field("fields").names().last() == Some(&"tableoid");
    let cast = expression.field("type_name").field("names").names().last() == Some(&"regclass");
    expression.field("funcname").names().last() == Some(&"pg_typeof") || (named && cast)
}

/// The tree without tenant filters: both the original and what was emitted are brought to this form.
fn plain(node: &Tree, outside: &BTreeSet<String>) -> Tree {
    let Tree::Node(name, fields) = node else {
        return match node {
            Tree::List(items) => Tree::List(items.iter().map(|item| plain(item, outside)).collect()),
            other => other.clone(),
        };
    };
    // what a fence may repeat inside: the conditions of the statement around it
    let mut conditions = BTreeSet::new();
    if matches!(name.as_str(), "SelectStmt" | "UpdateStmt" | "DeleteStmt" | "MergeStmt") {
        node.walk(&mut |inner| {
            for clause in CONDITIONS {
                conditions
                    .extend(conjuncts(inner.field(clause)).into_iter().map(|c| format!("{:?}", plain(c, &BTreeSet::new()))));
            }
        });
    }
    let outside = if conditions.is_empty() { outside } else { &conditions };
    if name == "BoolExpr" && node.field("boolop").word() == "AndExpr" {
        return conjunction(conjuncts(node), outside);
    }
    if name == "RangeSubselect"
        && let Some(relation) = fence(node, outside)
    {
        return plain(&relation, outside);
    }
    // what yields a type that looks names up is given as its text
    if name == "TypeCast"
        && node.field("type_name").field("names").names() == ["pg_catalog", "text"]
        && looks_up(node.field("arg"))
    {
        return plain(node.field("arg"), outside);
    }
    // a sample of everything is none
    if name == "RangeTableSample"
        && let [all] = node.field("args").items()
        && format!("{:?}", all.field("val")).contains("\"100\"")
    {
        return plain(node.field("relation"), outside);
    }
    let fields = fields.iter().map(|(field, value)| {
        let conditional = CONDITIONS.contains(&field.as_str());
        (field.clone(), if conditional { conjunction(conjuncts(value), outside) } else { plain(value, outside) })
    });
    let mut out = Tree::Node(name.clone(), fields.collect());
    if name == "ExplainStmt" {
        // the rewriter writes the options anew, and always asks for no costs
        *out.field_mut("options").expect("a field of ExplainStmt") = Tree::List(Vec::new());
    }
    if name == "FuncCall"
        && let Some(Tree::List(names)) = out.field_mut("funcname")
        && names.len() == 2
        && names.first().is_some_and(|schema| schema.field("sval").word() == "pg_catalog")
    {
        // a function may be named in full; which one it is does not change, as pg_catalog comes first
        names.remove(0);
    }
    if name == "TypeName"
        && let Some(Tree::List(names)) = out.field_mut("names")
        && names.len() == 2
        && names.first().is_some_and(|schema| schema.field("sval").word() == "public")
    {
        // the row type of a relation is named in full
        names.remove(0);
    }
    if name == "RangeVar" {
        let label = node.field("relname").clone();
        let nothing = || Tree::Word("\"\"".to_owned());
        for field in ["catalogname", "schemaname"] {
            *out.field_mut(field).expect("a field of RangeVar") = nothing();
        }
        let alias = out.field_mut("alias").expect("a field of RangeVar");
        if alias.is_none() {
            *alias = Tree::Node(
                "Alias".to_owned(),
                vec![("aliasname".to_owned(), label), ("colnames".to_owned(), Tree::List(Vec::new()))],
            );
        }
    }
    out
}

fn is_filter(condition: &Tree) -> bool {
    filtered(condition).is_some()
}

/// The conditions of a gate, `CASE WHEN filter THEN conditions ELSE false END`.
fn gate(condition: &Tree) -> Option<&Tree> {
    let whole = condition.name() == "CaseExpr" && condition.field("arg").is_none() && is_false(condition.field("defresult"));
    match condition.field("args").items() {
        [only] if whole && conjuncts(only.field("expr")).into_iter().all(is_filter) => Some(only.field("result")),
        _ => None,
    }
}

/// The constant FALSE.
fn is_false(condition: &Tree) -> bool {
    condition.name() == "AConst" && condition.field("val").field("boolval").word() == "false"
}

fn conjunction(parts: Vec<&Tree>, outside: &BTreeSet<String>) -> Tree {
    let (gates, rest): (Vec<&Tree>, Vec<&Tree>) = parts.into_iter().partition(|part| gate(part).is_some());
    let gated = gates.into_iter().filter_map(gate).flat_map(conjuncts).map(|part| plain(part, outside));
    let mut parts: Vec<Tree> = gated.collect();
    // Beside a gate stand the filter, and some of the gate's conditions again.
    for part in rest.into_iter().filter(|part| !is_filter(part)).map(|part| plain(part, outside)) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    match parts.len() {
        0 => Tree::Word("None".to_owned()),
        1 => parts.remove(0),
        _several => Tree::Node("And".to_owned(), vec![("args".to_owned(), Tree::List(parts))]),
    }
}

/// The relation that a fence `(SELECT * FROM t AS a WHERE filter AND repeated conditions OFFSET 0) AS a` stands for.
fn fence(node: &Tree, outside: &BTreeSet<String>) -> Option<Tree> {
    let whole = node.field("subquery");
    // Before an operator that reads statistics the fence is a union with an arm that is empty: `FROM` the same relation, `WHERE` the same
    // filter `AND false`. Its left arm is the relation.
    let query = if whole.field("larg").is_none() { whole } else { whole.field("larg") };
    if query != whole {
        let empty = whole.field("rarg");
        let both = |field: &str| query.field(field) == empty.field(field);
        let union = whole.field("op").word() == "SetopUnion" && whole.field("all").word() == "true";
        let conditions = conjuncts(empty.field("where_clause"));
        let none = conditions.iter().any(|c| is_false(c)) && conditions.iter().all(|c| is_false(c) || is_filter(c));
        if !union || !none || !both("target_list") || !both("from_clause") || whole.field("limit_offset").is_none() {
            return None;
        }
    }
    let star = |target: &Tree| target.field("val").field("fields").names() == ["*"];
    let [target, system @ ..] = query.field("target_list").items() else { return None };
    let [relation] = query.field("from_clause").items() else { return None };
    let conditions = conjuncts(query.field("where_clause"));
    let repeated = |c: &&&Tree| !is_filter(c) && !outside.contains(&format!("{:?}", plain(c, &BTreeSet::new())));
    let ours = conditions.iter().any(|c| is_filter(c)) && conditions.iter().find(repeated).is_none();
    let alias = relation.field("alias").field("aliasname").word();
    // The system columns that the statement names of it, which `*` does not hold.
    let more = system.iter().all(|target| match target.field("val").field("fields").names().as_slice() {
        [of, name] => *of == alias && ["ctid", "tableoid", "xmin", "cmin", "xmax", "cmax"].contains(name),
        _other => false,
    });
    let same_name = !alias.is_empty() && node.field("alias").field("aliasname").word() == alias;
    let nothing_else = ["distinct_clause", "group_clause", "window_clause", "values_lists", "sort_clause", "locking_clause"]
        .iter()
        .all(|clause| query.field(clause).items().is_empty())
        && ["having_clause", "limit_count", "with_clause", "larg"].iter().all(|clause| query.field(clause).is_none());
    if !star(target) || !more || relation.name() != "RangeVar" || !ours || !same_name || !nothing_else {
        return None;
    }
    let mut relation = relation.clone();
    *relation.field_mut("alias")? = node.field("alias").clone();
    Some(relation)
}

/// The functions that tell of the whole server, and what tenants are told instead.
const MASKED: &str = include_str!("../../../src/policy/masked.txt");

/// How a guarded look-up begins in what is emitted.
const GUARD: &str = "(SELECT g.o";

fn compare(text: &str, emitted: &str) -> Result<(), String> {
    let theirs = tree(emitted).map_err(|message| format!("PostgreSQL refuses it: {message}"))?;
    let unfiltered = Audit::of(&theirs);
    if !unfiltered.is_empty() {
        return Err(format!("not filtered: {unfiltered:?}"));
    }
    let (before, after) = (relations(text)?, relations(emitted)?);
    if before != after {
        return Err(format!("relations {before:?} became {after:?}"));
    }
    // a stamped INSERT has more columns than the original, and with them another tree; so has what looks a name or OID up, which
    // is guarded by a sub-select of its own; what is answered here is not asked for; and a `*` beside a system column is written out
    let written = text.to_ascii_lowercase();
    let answered = MASKED.lines().filter_map(|line| line.split_once('\t')).any(|(name, _)| written.contains(name));
    let written_out = written.contains('*') && emitted.contains("(SELECT *, ");
    if written_out || written.contains("insert") || emitted.contains(GUARD) || answered || written.contains("current_setting") {
        return Ok(());
    }
    let (before, after) = (plain(&tree(text)?, &BTreeSet::new()), plain(&theirs, &BTreeSet::new()));
    match difference(&before, &after) {
        None => Ok(()),
        Some((a, b)) => Err(format!("another tree:\n    {a:.300}\n    {b:.300}", a = format!("{a:?}"), b = format!("{b:?}"))),
    }
}

/// The first parts in which two trees differ.
fn difference<'t>(a: &'t Tree, b: &'t Tree) -> Option<(&'t Tree, &'t Tree)> {
    if a == b {
        return None;
    }
    let inner = match (a, b) {
        (Tree::Node(x, xs), Tree::Node(y, ys)) if x == y => xs.iter().zip(ys).find_map(|((_, x), (_, y))| difference(x, y)),
        (Tree::List(xs), Tree::List(ys)) if xs.len() == ys.len() => xs.iter().zip(ys).find_map(|(x, y)| difference(x, y)),
        (_, _) => None,
    };
    inner.or(Some((a, b)))
}

/// Why the pipeline does not take a statement that PostgreSQL's parser accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// The text is not read.
    NotRead,
    /// It is read, and a construct in it is not known to be confined to one tenant.
    NotConfined,
    /// Understood, and refused on purpose: by the kind of statement, or the function, operator, type, relation or setting in it; or an
    /// error that PostgreSQL has too, of a name or a count.
    Policy,
}

fn cause(refusal: &pgmoat::error::Refusal) -> Cause {
    // decided, with reasons in the code: figures and samples of all tenants' rows, and keys that all tenants share
    // (the tables of this test have no keys, so no ON CONFLICT names one); what names roles or crosses transactions; what has no tuples
    let decided = [
        "EXPLAIN with ",
        "EXPLAIN of a statement on tenants' rows",
        "TABLESAMPLE",
        "this ON CONFLICT on ",
        "SELECT INTO",
        "COPY ",
        "a cursor WITH HOLD",
        "WHERE CURRENT OF",
    ];
    let look_up = refusal.message.contains(" with this number of arguments ") || refusal.message.contains("looks names up");
    match (refusal.rule, refusal.code) {
        (Rule::Syntax, _) if refusal.message.starts_with("syntax error") => Cause::NotRead,
        (_, SqlState::FEATURE_NOT_SUPPORTED) if !look_up && !decided.iter().any(|start| refusal.message.starts_with(start)) => {
            Cause::NotConfined
        }
        (Rule::Bounds, _) => Cause::NotRead,
        (_, _) => Cause::Policy,
    }
}

/// What the whole pipeline does not understand, by cause: the lexer, the feed, the parser and the walk, with every table a scoped one.
#[test]
fn the_pipeline_understands_the_data_plane() {
    let statements = statements();
    let (rewriter, scope) = rewriter(catalog(&statements));
    let (mut all, mut understood, mut passed) = (0, 0, 0);
    let mut causes: BTreeMap<(Cause, String), Vec<&str>> = BTreeMap::new();
    for text in statements.iter().filter(|text| is_data_plane(text)) {
        all += 1;
        match rewriter.extended(text, &[], &scope) {
            Ok(_) => {
                passed += 1;
                understood += 1;
            }
            Err(refusal) => {
                let cause = cause(&refusal);
                understood += usize::from(cause == Cause::Policy);
                let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
                causes.entry((cause, format!("{first}: {}", refusal.message))).or_default().push(text);
            }
        }
    }
    let percent = |part: usize| 100.0 * f64::from(part as u32) / f64::from(all);
    println!(
        "pipeline: of {all} statements {understood} are understood, {:.2} %; {passed} pass policy, too",
        percent(understood)
    );
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|((cause, _), texts)| (*cause, std::cmp::Reverse(texts.len())));
    for ((cause, message), texts) in causes.iter().filter(|((cause, _), _)| *cause != Cause::Policy) {
        let example: String =
            texts.iter().min_by_key(|text| text.len()).map(|text| text.chars().take(150).collect()).unwrap_or_default();
        println!("{:>5} {cause:?} {message}   {}", texts.len(), example.replace('\n', " "));
    }
    for ((_, message), texts) in causes.iter().filter(|((cause, _), _)| *cause == Cause::Policy).take(40) {
        println!("{:>5} refused on purpose: {message}", texts.len());
    }
    assert!(all > 18_000, "only {all} statements");
    assert!(understood as f64 >= 0.993 * f64::from(all), "only {understood} of {all} are understood");
}

#[test]
fn what_is_emitted_is_the_original_filtered() {
    let statements = statements();
    let (rewriter, scope) = rewriter(catalog(&statements));
    let (mut passed, mut commands, mut with_tables, mut opaque) = (0, 0, 0, 0);
    let mut refusals: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let kinds = ["select", "with", "values", "table", "(", "insert", "update", "delete", "merge", "explain"];
    let mut asked = 0;
    for text in &statements {
        let first: String =
            text.trim_start().chars().take_while(|c| c.is_alphabetic() || *c == '(').collect::<String>().to_ascii_lowercase();
        if !kinds.iter().any(|kind| first == *kind || (*kind == "(" && first.starts_with('('))) {
            continue;
        }
        asked += 1;
        match rewriter.simple(text, &scope) {
            Ok(cleared) => {
                let [cleared] = &*cleared else { panic!("one statement: {text}") };
                if cleared.text().is_empty() {
                    // a command that the session answers: EXPLAIN EXECUTE
                    commands += 1;
                    continue;
                }
                passed += 1;
                with_tables += usize::from(!cleared.relations().is_empty());
                opaque += usize::from(cleared.text().contains("AND false OFFSET 0)"));
                // No predicate can stand beside WHERE CURRENT OF: the session looks at the cursor.
                let filtered = cleared.cursors().is_empty();
                if let Err(reason) = if filtered { compare(text, cleared.text()) } else { Ok(()) } {
                    wrong.push(format!("{text}\n  emitted {}\n  {reason}", cleared.text()));
                }
            }
            Err(refusal) => {
                let entry = refusals.entry(refusal.message).or_insert_with(|| (0, text.chars().take(120).collect()));
                entry.0 += 1;
            }
        }
    }
    println!(
        "rewriting: {asked} statements, {passed} pass, {with_tables} of them with tables; {commands} are commands; {} are wrong",
        wrong.len()
    );
    let mut refusals: Vec<_> = refusals.into_iter().collect();
    refusals.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (message, (count, example)) in refusals.iter().take(40) {
        println!("{count:>6} {message}   {}", example.replace('\n', " "));
    }
    assert!(wrong.is_empty(), "{}", wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n"));
    assert!(opaque > 0, "no statement hides statistics");
    assert!(with_tables > 2_000, "only {with_tables} statements with tables pass");
}
