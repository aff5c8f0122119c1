//! System relations: each reference becomes a derived table that has the visible rows only, what is masked replaced, behind a fence.
//! It does not decide what is visible: `policy` does.

use super::plan::{Edit, Piece};
use super::scope::{Columns, Entry, OutColumn, Own};
use super::walk::Walk;
use crate::catalog::{Relation, SystemColumn};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::allowed::{family_of, visible_settings};
use crate::policy::catalogs::{Named, Shown, SystemRelation, system_relation};
use crate::policy::exposure::ObjectKind;
use crate::sql::{quote_ident, quote_literal};
use sqlparser::ast::{DataType, Expr, Ident, ObjectName, SelectItem};
use std::ops::Range;

/// The lowest OID of an object that did not come with PostgreSQL, as SQL.
const FIRST: &str = "16384::pg_catalog.oid";

impl Walk<'_, '_> {
    /// The schema of the system relation that a name means, if it means one: `pg_catalog` comes before the search path.
    pub(super) fn system_schema(&self, schema: Option<&str>, name: &str) -> Option<&'static str> {
        match schema {
            None => self.ground.catalog.system_relations.contains(name).then_some("pg_catalog"),
            Some("pg_catalog") => Some("pg_catalog"),
            Some("information_schema") => Some("information_schema"),
            Some(_) => None,
        }
    }

    /// A reference to a system relation in a FROM list.
    pub(super) fn system_reference(
        &mut self,
        schema: &'static str,
        name: &str,
        tokens: &Range<usize>,
        alias: Option<&str>,
        names: &[String],
    ) -> Result<(), Refusal> {
        let qualified = format!("{schema}.{name}");
        let catalog = self.ground.catalog;
        let found = system_relation(&qualified).zip(catalog.system_columns.get(&qualified));
        let Some((relation, columns)) = found else {
            return Err(Refusal::new(
                SqlState::INSUFFICIENT_PRIVILEGE,
                Rule::Relation,
                format!("permission denied for relation {name}"),
            )
            .with_hint(
                "It tells of more than one tenant, or is not known. The catalogs that psql and drivers read are available.",
            )
            .at(self.position(tokens.start))
            .about(name));
        };
        let (_, around) = self.around_name(tokens);
        let mut text = self.visible_rows(&qualified, relation, columns);
        if alias.is_none() {
            text.push_str(&format!(" AS {}", quote_ident(name)));
        }
        self.replace(around, vec![Piece::Text(text)]);
        self.catalogs = true;
        self.shared = true;
        if !self.relations.contains(&qualified) {
            self.relations.push(qualified);
        }
        let column = |c: &SystemColumn| OutColumn {
            name: c.name.clone(),
            family: family_of(shown_type(&c.type_name)),
            own: (c.type_name == "regproc").then_some(Own::Function),
        };
        let columns = Columns::Known(columns.iter().map(column).collect()).renamed(names);
        // Under other names no key is looked for.
        let key = if names.is_empty() { relation.key.as_slice() } else { &[] };
        self.enter(Entry { alias: alias.unwrap_or(name).to_owned(), columns, reference: None, base: false, system: false, key });
        Ok(())
    }

    /// `pg_catalog.pg_class.oid`: the derived table has no schema to name it by.
    pub(super) fn without_system_schema(&mut self, schema: &Ident) -> Result<(), Refusal> {
        if schema.value == "pg_catalog" || schema.value == "information_schema" {
            let token = self.token_of(schema)?;
            self.replace(token..token.saturating_add(2), Vec::new());
        }
        Ok(())
    }

    /// `public.t.c`: should `t` become a derived table, it has no schema to name it by either.
    pub(super) fn without_schema(&mut self, schema: &Ident, relation: &Ident) -> Result<(), Refusal> {
        self.without_system_schema(schema)?;
        let find =
            |level: &super::scope::Level| level.visible().find(|(_, e)| e.alias == relation.value).map(|(_, e)| e.reference);
        let entry = self.levels.iter().rev().filter(|l| !l.closed).find_map(find);
        let named = entry.flatten().filter(|reference| {
            let found = self.references.get(*reference);
            found.is_some_and(|r| r.alias.is_none() && r.relation.schema == schema.value && r.relation.name == relation.value)
        });
        if let Some(reference) = named {
            let token = self.token_of(schema)?;
            self.qualifiers.push((reference, token..token.saturating_add(2)));
        }
        Ok(())
    }

    /// The name of a relation whose whole row is meant, `t.*` or `public.t.*`.
    pub(super) fn row_name(&mut self, name: &ObjectName) -> Result<(), Refusal> {
        let parts = self.parts(name)?;
        match parts.as_slice() {
            [schema, relation] => self.without_schema(schema, relation),
            [] | [_] | [_, _, _, ..] => Ok(()),
        }
    }

    /// What a statement shows of a catalog's column of functions is their names, as PostgreSQL does; everywhere else it is their OIDs, because
    /// a name beside the column would be looked up.
    pub(super) fn show_functions(&mut self, projection: &[SelectItem]) -> Result<(), Refusal> {
        for item in projection {
            let (SelectItem::UnnamedExpr(shown) | SelectItem::ExprWithAlias { expr: shown, alias: _ }) = item else { continue };
            let function = match shown {
                Expr::Cast { kind: _, expr, data_type: DataType::Text | DataType::Varchar(None), format: None } => expr.as_ref(),
                other => other,
            };
            if self.own(function) != Some(Own::Function) {
                continue;
            }
            let last = match function {
                Expr::Identifier(ident) => Some(ident),
                Expr::CompoundIdentifier(parts) => parts.last(),
                _computed => None,
            };
            if let Some(last) = last {
                let behind = self.token_of(last)?.saturating_add(1);
                self.edits.push(Edit::before(behind, vec![Piece::Text("::pg_catalog.regproc".to_owned())]));
            }
        }
        Ok(())
    }

    /// The derived table. Its columns are those of the relation, in order, so that `*` means the same.
    fn visible_rows(&self, qualified: &str, relation: &SystemRelation, columns: &[SystemColumn]) -> String {
        let mut list = String::new();
        for (i, column) in columns.iter().enumerate() {
            let name = quote_ident(&column.name);
            let shown = match relation.shown(&column.name) {
                // A name that is compared with a column of a look-up type would be looked up.
                Shown::Itself if column.type_name == "regproc" => format!("r.{name}::pg_catalog.oid"),
                Shown::Itself => format!("r.{name}"),
                Shown::Instead(expression) => self.expanded(expression),
                Shown::Nothing => format!("CASE WHEN false THEN r.{name} END"),
            };
            let comma = if i == 0 { "" } else { ", " };
            list.push_str(&format!("{comma}{shown} AS {name}"));
        }
        let mut rows = self.expanded(relation.rows);
        if self.ground.policy.hides_columns() && !relation.hidden.is_empty() {
            rows = format!("({rows}) AND ({}) IS NOT TRUE", self.expanded(relation.hidden));
        }
        let select = format!("SELECT {list} FROM {qualified} AS r WHERE");
        // PostgreSQL looks through OFFSET 0 for statistics, but not through a set operation.
        let opaque = if self.ground.opaque { format!(" UNION ALL {select} false") } else { String::new() };
        let all = format!("{select} {rows}{opaque} OFFSET 0");
        if relation.once { format!("(WITH s AS MATERIALIZED ({all}) SELECT * FROM s)") } else { format!("({all})") }
    }

    /// An expression of the data file with its macros replaced.
    fn expanded(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('@') {
            out.push_str(before);
            let end = after.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(after.len());
            let (name, behind) = after.split_at(end);
            let (arguments, behind) = arguments(behind);
            out.push_str(&self.macro_text(name, &arguments));
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    fn macro_text(&self, name: &str, arguments: &[&str]) -> String {
        match (name, arguments) {
            ("role", []) => format!("{}::pg_catalog.oid", self.ground.catalog.objects.role),
            ("relations", [oid]) => self.visible(Named::Relation, oid),
            ("types", [oid]) => self.visible(Named::Type, oid),
            ("whole", [oid]) => self.visible(Named::Whole, oid),
            ("wholenamed", [schema, name]) => by_name("class", "rel", schema, name, &self.visible(Named::Whole, "c.oid")),
            ("attribute", [oid, name]) => {
                self.hidden_columns(name, |r| format!("{oid} OPERATOR(pg_catalog.=) {}::pg_catalog.oid", r.oid))
            }
            ("column", [schema, table, name]) => self.hidden_columns(name, |r| {
                let is = |what: &str, value: &str| {
                    format!("{what}::pg_catalog.text OPERATOR(pg_catalog.=) {}::pg_catalog.text", quote_literal(value))
                };
                format!("{} AND {}", is(schema, &r.schema), is(table, &r.name))
            }),
            ("constraints", [oid]) => self.visible(Named::Constraint, oid),
            ("functions", [oid]) => self.visible(Named::Function, oid),
            ("schemas", [oid]) => self.visible(Named::Schema, oid),
            ("members", [oid]) => self.visible(Named::Member, oid),
            ("databases", [oid]) => self.visible(Named::Database, oid),
            ("defaults", [oid]) => self.among(ObjectKind::Default, oid),
            ("object", [class, oid]) => self.object(class, oid),
            ("named", [schema, name]) => by_name("class", "rel", schema, name, &self.visible(Named::Relation, "c.oid")),
            ("view", [schema, name]) => by_name("class", "rel", schema, name, &self.visible(Named::View, "c.oid")),
            ("type", [schema, name]) => by_name("type", "typ", schema, name, &self.visible(Named::Type, "c.oid")),
            ("constraint", [schema, name]) => {
                let visible = self.visible(Named::Constraint, "c.oid");
                let of = |condition: &str| by_name("constraint", "con", schema, name, condition);
                format!("({} AND NOT {})", of(&visible), of(&format!("NOT {visible}")))
            }
            ("schema", [name]) => format!(
                "EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname::pg_catalog.text OPERATOR(pg_catalog.=) {name}::pg_catalog.text AND {})",
                self.visible(Named::Schema, "n.oid")
            ),
            ("settings", [name]) => self.known_setting(name),
            // The data file says something that is not understood: no row.
            _ => "false".to_owned(),
        }
    }

    /// The condition that this is the name of a setting that tenants may show.
    pub(super) fn known_setting(&self, name: &str) -> String {
        let names: Vec<String> = visible_settings().map(quote_literal).collect();
        format!("pg_catalog.lower({name}) OPERATOR(pg_catalog.=) ANY (ARRAY[{}]::pg_catalog.text[])", names.join(", "))
    }

    /// The condition that a column of this name is one that the role hides, where its relation fulfils `is`.
    fn hidden_columns(&self, name: &str, is: impl Fn(&Relation) -> String) -> String {
        let columns = |r: &Relation| {
            let hidden: Vec<String> = self.ground.policy.hides(r)?.iter().map(|c| quote_literal(c)).collect();
            let list = hidden.join(", ");
            Some(format!("({} AND {name}::pg_catalog.text OPERATOR(pg_catalog.=) ANY (ARRAY[{list}]::pg_catalog.text[]))", is(r)))
        };
        let all: Vec<String> = self.ground.catalog.relations().iter().filter_map(columns).collect();
        if all.is_empty() { "false".to_owned() } else { all.join(" OR ") }
    }

    /// The condition that an object address is visible.
    fn object(&self, class: &str, oid: &str) -> String {
        let kinds = [
            (1259, Named::Relation),
            (1247, Named::Type),
            (2606, Named::Constraint),
            (1255, Named::Function),
            (2615, Named::Schema),
        ];
        let mut text = format!("CASE {class}");
        for (catalog, kind) in kinds {
            text.push_str(&format!(" WHEN {catalog}::pg_catalog.oid THEN {}", self.visible(kind, oid)));
        }
        let defaults = self.among(ObjectKind::Default, oid);
        let members = self.visible(Named::Member, oid);
        format!("{text} WHEN 2604::pg_catalog.oid THEN {defaults} WHEN 3079::pg_catalog.oid THEN true ELSE {members} END")
    }

    /// The condition that the object of this kind with this OID is visible.
    pub(super) fn visible(&self, kind: Named, oid: &str) -> String {
        match kind {
            Named::Relation => self.among(ObjectKind::Relation, oid),
            Named::Whole => self.among(ObjectKind::Whole, oid),
            Named::View => self.among(ObjectKind::View, oid),
            Named::Type => self.among(ObjectKind::Type, oid),
            Named::Constraint => self.among(ObjectKind::Constraint, oid),
            Named::Function => self.among(ObjectKind::Function, oid),
            Named::Schema => self.among(ObjectKind::Schema, oid),
            Named::Member => self.among(ObjectKind::Member, oid),
            Named::Role => format!("{oid} OPERATOR(pg_catalog.=) {}::pg_catalog.oid", self.ground.catalog.objects.role),
            Named::Database => format!(
                "{oid} OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())"
            ),
            Named::Never => "false".to_owned(),
        }
    }

    fn among(&self, kind: ObjectKind, oid: &str) -> String {
        let array = self.ground.exposure.array(kind);
        format!("({oid} OPERATOR(pg_catalog.<) {FIRST} OR {oid} OPERATOR(pg_catalog.=) ANY ('{{{array}}}'::pg_catalog.oid[]))")
    }
}

/// The type that a column of a system relation shows.
fn shown_type(name: &str) -> &str {
    if name == "regproc" { "oid" } else { name }
}

/// The arguments in parentheses at the start of a text, and what is behind them.
fn arguments(text: &str) -> (Vec<&str>, &str) {
    let Some(inner) = text.strip_prefix('(') else { return (Vec::new(), text) };
    let mut depth = 0_usize;
    for (i, c) in inner.char_indices() {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' if depth == 0 => {
                let (list, behind) = inner.split_at(i);
                let list = if depth == 0 && !list.contains('(') { list.split(", ").collect() } else { vec![list] };
                return (list, behind.strip_prefix(')').unwrap_or(behind));
            }
            ')' => depth = depth.saturating_sub(1),
            _other => {}
        }
    }
    (Vec::new(), text)
}

/// The condition that a catalog has an object `c` of this name for which `visible` holds.
fn by_name(catalog: &str, prefix: &str, schema: &str, name: &str, visible: &str) -> String {
    format!(
        "EXISTS (SELECT FROM pg_catalog.pg_{catalog} c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.{prefix}namespace \
         WHERE n.nspname::pg_catalog.text OPERATOR(pg_catalog.=) {schema}::pg_catalog.text \
         AND c.{prefix}name::pg_catalog.text OPERATOR(pg_catalog.=) {name}::pg_catalog.text AND {visible})"
    )
}
