//! A random schema, its rows and what the operator declares about it.
//! It does not make statements.

use super::choice::Choices;
use std::fmt::Write as _;

/// The type of a column or an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Int,
    Text,
    Num,
    Bool,
    Date,
}

/// What is known of a column's values in tenant 1's rows, and false in the others'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trait {
    None,
    /// Never 0: others have nothing but 0.
    Divisor,
    /// Always digits: others have words.
    Digits,
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) quality: Trait,
}

/// What kind of value the tenant column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tenancy {
    Number,
    Key,
    Uuid,
    /// Every tenant reads all rows.
    Shared,
    /// None: rows are known by the row of this table that they reference.
    Path(usize),
}

/// The nodes that the user of a limited schema is limited to. Of each table, but for those with a path, `k` names the node.
const NODES: [usize; 4] = [1, 2, 4, 7];

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) tenancy: Tenancy,
    pub(crate) columns: Vec<Column>,
    /// Whether the primary key is (tenant, id) rather than (id).
    pub(crate) composite: bool,
    /// Whether it is a view.
    pub(crate) view: bool,
}

/// Everything in one random database.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) tables: Vec<Table>,
    /// Whether tenant 1's user is limited to [`NODES`].
    pub(crate) limited: bool,
}

/// One row, as it is made for every run with the same seed.
struct Row {
    /// Whether it is the user's.
    own: bool,
    id: usize,
    cells: Vec<String>,
}

const POOL: [(&str, Type, Trait); 9] = [
    ("a", Type::Int, Trait::None),
    ("z", Type::Int, Trait::Divisor),
    ("c", Type::Text, Trait::Digits),
    ("s", Type::Text, Trait::None),
    ("m", Type::Num, Trait::None),
    ("b", Type::Bool, Trait::None),
    ("d", Type::Date, Trait::None),
    ("Odd Name", Type::Int, Trait::None),
    ("t", Type::Text, Trait::None),
];

impl Type {
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Text => "text",
            Self::Num => "numeric",
            Self::Bool => "boolean",
            Self::Date => "date",
        }
    }
}

impl Tenancy {
    /// The tenant column's name.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Number | Self::Shared => "tenant_id",
            Self::Key => "owner",
            Self::Uuid => "org",
            Self::Path(_) => "p",
        }
    }

    /// The tenant column's value for a tenant, as a literal.
    pub(crate) fn literal(self, tenant: u32) -> String {
        match self {
            Self::Number | Self::Shared | Self::Path(_) => tenant.to_string(),
            Self::Key => format!("'key{tenant}'"),
            Self::Uuid => format!("'{}'", uuid(tenant)),
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Number | Self::Shared => "bigint",
            Self::Path(_) => "int",
            Self::Key => "text",
            Self::Uuid => "uuid",
        }
    }
}

fn uuid(tenant: u32) -> String {
    let d = tenant.to_string();
    format!("{}-{}-{}-{}-{}", d.repeat(8), d.repeat(4), d.repeat(4), d.repeat(4), d.repeat(12))
}

/// A name as it is written in SQL.
pub(crate) fn quoted(name: &str) -> String {
    if name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

impl Schema {
    /// A schema of three to five scoped tables, two that are scoped through others, a shared one and a view.
    pub(crate) fn random(choices: &mut Choices) -> Self {
        let mut tables: Vec<Table> = (0..3 + choices.below(3))
            .map(|i| {
                let tenancy = [Tenancy::Number, Tenancy::Number, Tenancy::Number, Tenancy::Key, Tenancy::Uuid][choices.below(5)];
                let name = if choices.chance(15) { format!("Table {i}") } else { format!("t{i}") };
                Table { name, tenancy, columns: columns(choices), composite: choices.chance(50), view: false }
            })
            .collect();
        let first = tables[0].clone();
        // What a key is to must be unique by itself.
        let parent = choices.below(tables.len());
        tables[parent].composite = false;
        for (name, parent) in [("lines", parent), ("notes", tables.len())] {
            let tenancy = Tenancy::Path(parent);
            tables.push(Table { name: name.to_owned(), tenancy, columns: columns(choices), composite: false, view: false });
        }
        tables.push(Table {
            name: "shared".to_owned(),
            tenancy: Tenancy::Shared,
            columns: columns(choices),
            composite: false,
            view: false,
        });
        // A view keeps all columns but not the tenant column; it is expanded or refused.
        tables.push(Table { name: "v".to_owned(), view: true, ..first });
        Self { tables, limited: choices.chance(50) }
    }

    /// The statements that make it; to be run by a superuser.
    pub(crate) fn ddl(&self) -> String {
        let mut out = String::new();
        for table in &self.tables {
            let name = quoted(&table.name);
            if table.view {
                let list: Vec<String> = table.columns.iter().map(|c| quoted(&c.name)).collect();
                let base = quoted(&self.tables[0].name);
                writeln!(out, "CREATE VIEW {name} AS SELECT {} FROM {base} WHERE k IS NOT NULL;", list.join(", "))
                    .expect("write");
                continue;
            }
            let mut parts: Vec<String> = Vec::new();
            if table.tenancy != Tenancy::Shared {
                let rest = match table.tenancy {
                    Tenancy::Path(parent) => format!("REFERENCES {} (id)", quoted(&self.tables[parent].name)),
                    Tenancy::Number | Tenancy::Key | Tenancy::Uuid | Tenancy::Shared => "NOT NULL".to_owned(),
                };
                parts.push(format!("{} {} {rest}", table.tenancy.column(), table.tenancy.sql()));
            }
            parts.extend(table.columns.iter().map(|c| format!("{} {}", quoted(&c.name), c.ty.sql())));
            let key = if table.composite { format!("{}, id", table.tenancy.column()) } else { "id".to_owned() };
            parts.push(format!("PRIMARY KEY ({key})"));
            writeln!(out, "CREATE TABLE {name} ({});", parts.join(", ")).expect("write");
        }
        out.push_str("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app; REVOKE INSERT, UPDATE, DELETE ON shared FROM app;");
        out
    }

    /// Replaces all rows: everybody's, or the user's alone. The same choices give the user the same rows.
    pub(crate) fn rows(&self, seed: u64, alone: bool) -> String {
        let names: Vec<String> = self.tables.iter().filter(|t| !t.view).map(|t| quoted(&t.name)).collect();
        let mut out = format!("TRUNCATE {};", names.join(", "));
        let mut made: Vec<Vec<Row>> = Vec::new();
        for (n, table) in self.tables.iter().enumerate() {
            let tenants: &[u32] = match (table.view, table.tenancy) {
                (true, _) => &[],
                (false, Tenancy::Shared) => &[0],
                (false, Tenancy::Number | Tenancy::Key | Tenancy::Uuid | Tenancy::Path(_)) => &[1, 2, 3],
            };
            let mut rows = Vec::new();
            for tenant in tenants {
                let mut choices = Choices::seeded(
                    seed.wrapping_mul(31).wrapping_add(u64::try_from(n).expect("small") * 7 + u64::from(*tenant)),
                );
                for row in 0..5 + choices.below(5) {
                    rows.push(self.row(table, *tenant, row, &made, &mut choices));
                }
            }
            let lines: Vec<String> =
                rows.iter().filter(|r| r.own || !alone).map(|r| format!("({})", r.cells.join(", "))).collect();
            if !lines.is_empty() {
                writeln!(out, "INSERT INTO {} VALUES {};", quoted(&table.name), lines.join(", ")).expect("write");
            }
            made.push(rows);
        }
        out
    }

    fn row(&self, table: &Table, tenant: u32, row: usize, made: &[Vec<Row>], choices: &mut Choices) -> Row {
        let node = (!choices.chance(15)).then(|| choices.below(8));
        let mut own = tenant <= 1;
        let mut cells = Vec::new();
        match table.tenancy {
            Tenancy::Shared => {}
            Tenancy::Path(parent) => {
                let parents: Vec<&Row> =
                    made[parent].iter().filter(|r| r.id / 1000 == usize::try_from(tenant).expect("small")).collect();
                // One in ten is nobody's.
                let parent = (!choices.chance(10)).then(|| *choices.of(&parents));
                own = parent.is_some_and(|p| p.own);
                cells.push(parent.map_or("NULL".to_owned(), |p| p.id.to_string()));
            }
            Tenancy::Number | Tenancy::Key | Tenancy::Uuid => {
                own &= !self.limited || node.is_some_and(|k| NODES.contains(&k));
                cells.push(table.tenancy.literal(tenant));
            }
        }
        // What is not the user's has ids that no statement of the user's takes: a key that another row has is an error that shows.
        let id = usize::try_from(tenant).expect("small") * 1000 + row + if own { 0 } else { 500 };
        for column in &table.columns {
            cells.push(match column.name.as_str() {
                "id" => id.to_string(),
                "k" => node.map_or("NULL".to_owned(), |k| k.to_string()),
                _ => cell(column, tenant, own, choices),
            });
        }
        Row { own, id, cells }
    }

    /// A value of the column that names the node: one of the user's, or another.
    pub(crate) fn node(&self, own: bool, choices: &mut Choices) -> String {
        if own { choices.of(&NODES).to_string() } else { "3".to_owned() }
    }

    /// The condition of the user's rows.
    fn own(&self, table: &Table) -> String {
        let column = table.tenancy.column();
        match table.tenancy {
            Tenancy::Shared => "false".to_owned(),
            Tenancy::Path(parent) => {
                let parent = &self.tables[parent];
                format!("{column} IN (SELECT id FROM {} WHERE {})", quoted(&parent.name), self.own(parent))
            }
            Tenancy::Number | Tenancy::Key | Tenancy::Uuid => {
                let tenant = format!("{column} = {}", table.tenancy.literal(1));
                if self.limited {
                    let nodes: Vec<String> = NODES.iter().map(usize::to_string).collect();
                    format!("{tenant} AND k IN ({})", nodes.join(", "))
                } else {
                    tenant
                }
            }
        }
    }

    /// `[tenancy]` and the tenants.
    pub(crate) fn tenancy(&self) -> String {
        let mut out = String::from("[tenancy]\ncolumn = \"tenant_id\"\nshared = [\"public.shared\"]\n");
        for table in self.tables.iter().filter(|t| !t.view) {
            let value = match table.tenancy {
                Tenancy::Shared => continue,
                Tenancy::Number => {
                    write!(out, "[tenancy.tables.\"public.{}\"]\nscopes = {{ node = \"k\" }}\n", table.name).expect("write");
                    continue;
                }
                Tenancy::Key => "key",
                Tenancy::Uuid => "uuid",
                Tenancy::Path(parent) => {
                    let references = format!("public.{}.id", self.tables[parent].name);
                    let through = format!("through = {{ column = \"p\", references = \"{references}\" }}");
                    write!(out, "[tenancy.tables.\"public.{}\"]\n{through}\n", table.name).expect("write");
                    continue;
                }
            };
            write!(
                out,
                "[tenancy.tables.\"public.{}\"]\ncolumn = \"{}\"\nvalue = \"{value}\"\nscopes = {{ node = \"k\" }}\n",
                table.name,
                table.tenancy.column()
            )
            .expect("write");
        }
        for t in 1..=3 {
            write!(
                out,
                "[[tenants]]\nname = \"tenant{t}\"\nid = {t}\nattributes = {{ key = \"key{t}\", uuid = \"{}\" }}\n",
                uuid(t)
            )
            .expect("write");
            write!(out, "[[users]]\nname = \"user{t}\"\npassword = \"correct horse\"\ntenant = \"tenant{t}\"\n").expect("write");
            if self.limited {
                writeln!(out, "scopes = {{ node = {NODES:?} }}").expect("write");
            }
        }
        out
    }

    /// A query of one row per table: a hash of tenant 1's rows, and one of all others.
    pub(crate) fn fingerprint(&self) -> String {
        let parts: Vec<String> = self
            .tables
            .iter()
            .filter(|t| !t.view)
            .map(|t| {
                let own = self.own(t);
                let hash = |p: &str| format!("md5(string_agg(x::text, '|' ORDER BY x::text) FILTER (WHERE {p}))");
                format!(
                    "SELECT '{}', {}, {} FROM {} x",
                    t.name,
                    hash(&own),
                    hash(&format!("({own}) IS NOT TRUE")),
                    quoted(&t.name)
                )
            })
            .collect();
        format!("{} ORDER BY 1", parts.join(" UNION ALL "))
    }
}

fn columns(choices: &mut Choices) -> Vec<Column> {
    let mut out = vec![
        Column { name: "id".to_owned(), ty: Type::Int, quality: Trait::None },
        Column { name: "k".to_owned(), ty: Type::Int, quality: Trait::None },
    ];
    for (name, ty, quality) in POOL {
        // Leaky columns are what the suite is for: most tables have them.
        if choices.chance(if quality == Trait::None { 55 } else { 85 }) {
            out.push(Column { name: name.to_owned(), ty, quality });
        }
    }
    out
}

fn cell(column: &Column, tenant: u32, own: bool, choices: &mut Choices) -> String {
    // To a limited user the rest of the own tenant is another.
    let tenant = if tenant == 1 && !own { 2 } else { tenant };
    match (column.quality, column.ty) {
        (Trait::Divisor, _) => {
            if own {
                (choices.below(6) + 1).to_string()
            } else {
                "0".to_owned()
            }
        }
        (Trait::Digits, _) => {
            if own {
                format!("'{}'", choices.below(40))
            } else {
                format!("'CANARY_T{tenant}_word'")
            }
        }
        (Trait::None, _) if choices.chance(15) => "NULL".to_owned(),
        (Trait::None, Type::Int) => choices.below(8).to_string(),
        (Trait::None, Type::Text) => format!("'CANARY_T{tenant}_{}'", choices.below(6)),
        // One digit behind the point, as in all literals: which of 1.5 and 1.50 stands for both in a group is for the planner to choose.
        (Trait::None, Type::Num) => format!("{}.{}", choices.below(50), choices.below(10)),
        (Trait::None, Type::Bool) => {
            if choices.chance(50) {
                "true".to_owned()
            } else {
                "false".to_owned()
            }
        }
        (Trait::None, Type::Date) => format!("'2025-{:02}-{:02}'", 1 + choices.below(12), 1 + choices.below(28)),
    }
}
