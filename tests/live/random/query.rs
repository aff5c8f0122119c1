//! Random SELECTs: FROM lists with every join, grouping, set operations, WITH.
//! Scalars come from `expression`.

use super::expression::{Generated, Generator, Named, Visible};
use super::schema::{Table, Tenancy, Trait, Type, quoted};

const TYPES: [Type; 5] = [Type::Int, Type::Text, Type::Num, Type::Bool, Type::Date];

/// Something that stands in a FROM list.
struct Item {
    text: String,
    columns: Vec<Visible>,
    /// The column names by which USING may merge it; empty for anything but a plain table.
    plain: bool,
    lateral: bool,
}

impl Generator<'_> {
    /// A random number of random types.
    pub(crate) fn types(&mut self) -> Vec<Type> {
        (0..=self.choices.below(4)).map(|_| TYPES[self.choices.below(5)]).collect()
    }

    /// A whole statement that reads.
    pub(crate) fn reading(mut self) -> Generated {
        let types = self.types();
        let with = self.with_list();
        let (mut text, ordered) = self.select(&types, true);
        if ordered && self.choices.chance(50) {
            text.push_str(&format!(" LIMIT {}", 1 + self.choices.below(6)));
            if self.choices.chance(30) {
                text.push_str(" OFFSET 1");
            }
        }
        Generated {
            text: format!("{with}{text}"),
            parameters: self.parameters,
            extended: self.extended,
            ordered,
            crossing: false,
            writes: false,
            taken: self.choices.taken,
        }
    }

    /// `WITH ...` or nothing; what it names is in scope afterwards.
    pub(crate) fn with_list(&mut self) -> String {
        if !self.choices.chance(25) {
            return String::new();
        }
        let recursive = self.choices.chance(25);
        let mut parts = Vec::new();
        if recursive {
            let base = self.table();
            let name = "walk".to_owned();
            let rel = quoted(&base.name);
            parts.push(format!("walk(id, depth) AS (SELECT id, 1 FROM {rel} WHERE k IS NOT NULL UNION ALL SELECT w.id, w.depth + 1 FROM walk w JOIN {rel} x ON x.id = w.id AND w.depth < 3)"));
            self.named.push(Named {
                name,
                columns: vec![("id".to_owned(), Type::Int, Trait::None), ("depth".to_owned(), Type::Int, Trait::None)],
            });
        }
        for i in 0..=self.choices.below(2) {
            let types = self.types();
            let (body, _) = self.select(&types, false);
            let name = if self.choices.chance(35) { self.table().name } else { format!("w{i}") };
            if self.named.iter().any(|n| n.name == name) || (recursive && !name.starts_with('w')) {
                continue;
            }
            let list: Vec<String> = (1..=types.len()).map(|n| format!("c{n}")).collect();
            let hint = ["", "", "MATERIALIZED ", "NOT MATERIALIZED "][self.choices.below(4)];
            parts.push(format!("{}({}) AS {hint}({body})", quoted(&name), list.join(", ")));
            let columns = list.into_iter().zip(types).map(|(n, ty)| (n, ty, Trait::None)).collect();
            self.named.push(Named { name, columns });
        }
        if parts.is_empty() {
            String::new()
        } else {
            format!("WITH {}{} ", if recursive { "RECURSIVE " } else { "" }, parts.join(", "))
        }
    }

    /// Any table that tenants may read.
    pub(crate) fn table(&mut self) -> Table {
        let schema = self.schema;
        self.choices.of(&schema.tables).clone()
    }

    /// A select with output columns of these types named c1, c2 ...; whether it has a total order (only where `top`).
    pub(crate) fn select(&mut self, types: &[Type], top: bool) -> (String, bool) {
        let depth = self.named.len();
        let mut text = self.arm(types);
        let mut combined = false;
        while self.choices.chance(12) && self.nest() {
            let op = ["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL"][self.choices.below(5)];
            let other = self.arm(types);
            text = if self.choices.chance(30) { format!("({text}) {op} ({other})") } else { format!("{text} {op} {other}") };
            combined = true;
        }
        self.named.truncate(depth);
        let ordered = top && !text.contains(".*") && self.choices.chance(35);
        if ordered {
            let keys: Vec<String> =
                (1..=types.len()).map(|n| format!("{n}{}", ["", " DESC", " NULLS FIRST"][self.choices.below(3)])).collect();
            text.push_str(&format!(" ORDER BY {}", keys.join(", ")));
        } else if top
            && !combined
            && !text.contains("DISTINCT")
            && !text.contains("GROUP BY")
            && !text.contains("count(")
            && self.choices.chance(6)
        {
            text.push_str([" FOR UPDATE", " FOR SHARE", " FOR NO KEY UPDATE"][self.choices.below(3)]);
        }
        (text, ordered)
    }

    /// One arm of a set operation.
    fn arm(&mut self, types: &[Type]) -> String {
        if self.choices.chance(3) {
            let row: Vec<String> = types.iter().map(|t| self.literal(*t)).collect();
            return format!(
                "VALUES ({})",
                row.iter().zip(types).map(|(v, t)| format!("{v}::{}", t.sql())).collect::<Vec<_>>().join(", ")
            );
        }
        let items = [1, 1, 2, 2, 3, 4][self.choices.below(6)];
        let (from, scope, condition) = self.from(items);
        match self.choices.below(10) {
            0..=6 => {
                let distinct = if self.choices.chance(10) { "DISTINCT " } else { "" };
                let list: Vec<String> =
                    types.iter().enumerate().map(|(i, t)| format!("{} AS c{}", self.output(&scope, *t), i + 1)).collect();
                format!("SELECT {distinct}{} FROM {from}{condition}", list.join(", "))
            }
            7 | 8 => self.grouped(types, &from, &scope, &condition),
            _ => self.windowed(types, &from, &scope, &condition),
        }
    }

    /// An output expression with a definite type.
    fn output(&mut self, scope: &[Visible], ty: Type) -> String {
        let e = self.expression(scope, ty);
        // Set operations and CTE columns need one type: what may be bigint or unknown is cast.
        format!("({e})::{}", ty.sql())
    }

    fn grouped(&mut self, types: &[Type], from: &str, scope: &[Visible], condition: &str) -> String {
        let mut groups = Vec::new();
        let mut list = Vec::new();
        for (i, ty) in types.iter().enumerate() {
            let column = scope.iter().find(|v| v.ty == *ty).map(|v| v.text.clone());
            let output = match (self.choices.below(3), column) {
                (0, Some(c)) => {
                    groups.push(c.clone());
                    format!("{c}::{}", ty.sql())
                }
                (_, column) => self.aggregate(*ty, column, scope),
            };
            list.push(format!("{output} AS c{}", i + 1));
        }
        let having = match self.choices.chance(20) {
            true => format!(" HAVING count(*) {} {}", ["=", ">", "<>"][self.choices.below(3)], self.choices.below(5)),
            false => String::new(),
        };
        let by = match (groups.is_empty(), self.choices.below(4)) {
            (true, _) => String::new(),
            (false, 0..=2) => format!(" GROUP BY {}", groups.join(", ")),
            (false, _) => format!(" GROUP BY ROLLUP ({})", groups.join(", ")),
        };
        format!("SELECT {} FROM {from}{condition}{by}{having}", list.join(", "))
    }

    fn aggregate(&mut self, ty: Type, column: Option<String>, scope: &[Visible]) -> String {
        let x = column.unwrap_or_else(|| self.literal(ty));
        let filter = if self.choices.chance(20) { format!(" FILTER (WHERE {})", self.predicate(scope)) } else { String::new() };
        match ty {
            Type::Int => format!(
                "({}{filter})::int",
                ["count(*)".to_owned(), format!("sum({x})"), format!("max({x})")][self.choices.below(3)]
            ),
            Type::Num => format!("sum({x}){filter}"),
            Type::Text => match self.choices.below(2) {
                0 => format!("max({x}){filter}"),
                _ => format!("string_agg({x}, ',' ORDER BY {x}){filter}"),
            },
            Type::Bool => format!("bool_and({x}){filter}"),
            Type::Date => format!("min({x}){filter}"),
        }
    }

    fn windowed(&mut self, types: &[Type], from: &str, scope: &[Visible], condition: &str) -> String {
        let list: Vec<String> = types
            .iter()
            .enumerate()
            .map(|(i, ty)| {
                let key = scope.get(self.choices.below(scope.len())).map_or_else(|| "1".to_owned(), |v| v.text.clone());
                let e = match ty {
                    Type::Int => {
                        let f = ["rank()", "dense_rank()", "count(*)"][self.choices.below(3)];
                        format!("({f} OVER (ORDER BY {key}))::int")
                    }
                    Type::Num => format!("sum({}) OVER (PARTITION BY {key})", self.expression(scope, Type::Num)),
                    Type::Text | Type::Bool | Type::Date => self.output(scope, *ty),
                };
                format!("{e} AS c{}", i + 1)
            })
            .collect();
        format!("SELECT {} FROM {from}{condition}", list.join(", "))
    }

    /// A FROM list of `n` items, what it makes visible, and a WHERE clause (or nothing).
    pub(crate) fn from(&mut self, n: usize) -> (String, Vec<Visible>, String) {
        let first = self.item(&[]);
        let (mut text, mut scope) = (first.text, first.columns);
        let mut plain = first.plain;
        for i in 1..n {
            let right = self.item(&scope);
            let kinds = if right.lateral { 3 } else { 6 };
            let both = [scope.clone(), right.columns.clone()].concat();
            let kind = self.choices.below(kinds);
            if plain && right.plain && i == 1 && !right.lateral && self.choices.chance(22) {
                let join = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"][self.choices.below(4)];
                text = match self.choices.below(4) {
                    0 => format!("{text} NATURAL {join} {}", right.text),
                    1 => format!("{text} {join} {} USING (id, k)", right.text),
                    _ => format!("{text} {join} {} USING (k)", right.text),
                };
                scope = both;
                continue;
            }
            let on = self.condition(&scope, &right.columns, kind == 4, &both);
            text = match kind {
                0 => format!("{text} JOIN {} ON {on}", right.text),
                1 => format!("{text} LEFT JOIN {} ON {on}", right.text),
                2 => format!("{text} CROSS JOIN {}", right.text),
                3 => format!("{text} RIGHT JOIN {} ON {on}", right.text),
                4 => format!("{text} FULL JOIN {} ON {on}", right.text),
                _ => format!("{text}, {}", right.text),
            };
            plain = false;
            scope = both;
        }
        let condition = if self.choices.chance(60) { format!(" WHERE {}", self.predicate(&scope)) } else { String::new() };
        (text, scope, condition)
    }

    /// A join condition; for FULL JOIN only an equality, which PostgreSQL asks for.
    fn condition(&mut self, left: &[Visible], right: &[Visible], full: bool, both: &[Visible]) -> String {
        let ints =
            |side: &[Visible]| -> Vec<String> { side.iter().filter(|v| v.ty == Type::Int).map(|v| v.text.clone()).collect() };
        let (l, r) = (ints(left), ints(right));
        if l.is_empty() || r.is_empty() {
            return if full { "true".to_owned() } else { self.predicate(both) };
        }
        let equal = format!("{} = {}", self.choices.of(&l).clone(), self.choices.of(&r).clone());
        match self.choices.below(4) {
            3 if !full => self.predicate(both),
            2 if !full => format!("{equal} AND {}", self.predicate(both)),
            _ => equal,
        }
    }

    fn item(&mut self, left: &[Visible]) -> Item {
        match self.choices.below(12) {
            0..=6 => self.plain_table(),
            7 if !self.named.is_empty() => {
                let named = self.choices.of(&self.named.clone()).clone();
                let alias = self.alias();
                let columns = Self::named_columns(&alias, &named.columns);
                Item { text: format!("{} {alias}", quoted(&named.name)), columns, plain: false, lateral: false }
            }
            8 | 9 if self.nest() => {
                let types = self.types();
                let lateral = !left.is_empty() && self.choices.chance(35);
                let hidden = std::mem::take(&mut self.outer);
                let body = if lateral { self.inner(left, &types) } else { self.inner(&[], &types) };
                self.outer = hidden;
                let alias = self.alias();
                let list: Vec<(String, Type, Trait)> =
                    types.iter().enumerate().map(|(i, t)| (format!("c{}", i + 1), *t, Trait::None)).collect();
                let columns = Self::named_columns(&alias, &list);
                Item {
                    text: format!("{}({body}) AS {alias}", if lateral { "LATERAL " } else { "" }),
                    columns,
                    plain: false,
                    lateral,
                }
            }
            10 => {
                let alias = self.alias();
                let n = self.choices.below(5);
                let columns = vec![Visible { text: format!("{alias}.n"), ty: Type::Int, quality: Trait::None }];
                match self.choices.below(3) {
                    0 => Item { text: format!("generate_series(0, {n}) AS {alias}(n)"), columns, plain: false, lateral: false },
                    _ => {
                        Item { text: format!("(VALUES (1), ({n}), (1003)) AS {alias}(n)"), columns, plain: false, lateral: false }
                    }
                }
            }
            _ => self.plain_table(),
        }
    }

    fn plain_table(&mut self) -> Item {
        let table = self.table();
        let shadowed = self.named.iter().any(|n| n.name == table.name);
        let name =
            if shadowed || self.choices.chance(15) { format!("public.{}", quoted(&table.name)) } else { quoted(&table.name) };
        let alias = self.alias();
        let mut columns: Vec<(String, Type, Trait)> = table.columns.iter().map(|c| (c.name.clone(), c.ty, c.quality)).collect();
        let mut text = match self.choices.below(6) {
            0 => format!("{name} {alias}"),
            1..=4 => format!("{name} AS {alias}"),
            _ => format!("ONLY {name} AS {alias}"),
        };
        let mut plain = true;
        if !table.view && table.tenancy == Tenancy::Number {
            columns.push(("tenant_id".to_owned(), Type::Int, Trait::None));
        } else if !table.view && matches!(table.tenancy, Tenancy::Path(_)) {
            columns.push(("p".to_owned(), Type::Int, Trait::None));
        } else if !table.view && table.tenancy == Tenancy::Key {
            columns.push(("owner".to_owned(), Type::Text, Trait::None));
        }
        // A column alias list renames from the left; the tenant column comes first in every scoped table.
        if self.choices.chance(6) {
            let first = if table.view || table.tenancy == Tenancy::Shared { None } else { Some("renamed") };
            let list: Vec<String> = first.into_iter().map(str::to_owned).chain(["tenant_id".to_owned()]).collect();
            text = format!("{text}({})", list.join(", "));
            columns.retain(|c| c.0 != "tenant_id" && c.0 != "owner");
            if let Some(id) = columns.first_mut() {
                id.0 = "tenant_id".to_owned();
            }
            plain = false;
        }
        let columns = Self::named_columns(&alias, &columns);
        Item { text, columns, plain, lateral: false }
    }
}
