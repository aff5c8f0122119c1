//! Random INSERT, UPDATE and DELETE, some of them reaching for another tenant.
//! What they read comes from `query` and `expression`.

use super::expression::{Generated, Generator, Visible};
use super::schema::{Column, Table, Tenancy, Trait, Type, quoted};

impl Generator<'_> {
    /// A whole statement that writes.
    pub(crate) fn writing(mut self) -> Generated {
        let schema = self.schema;
        let scoped: Vec<&Table> = schema.tables.iter().filter(|t| !t.view && t.tenancy != Tenancy::Shared).collect();
        let table = (*self.choices.of(&scoped)).clone();
        let with = if self.choices.chance(20) { self.with_list() } else { String::new() };
        let (body, crossing, returned) = match self.choices.below(3) {
            0 => self.update(&table),
            1 => self.delete(&table),
            _ => self.insert(&table),
        };
        let text = match returned {
            // A data-modifying WITH query, read once.
            Some(n) if with.is_empty() && self.choices.chance(20) => {
                let list: Vec<String> = (1..=n).map(|i| format!("max(c{i}::text)")).collect();
                format!("WITH changed AS ({body}) SELECT count(*), {} FROM changed", list.join(", "))
            }
            _ => format!("{with}{body}"),
        };
        Generated {
            text,
            parameters: self.parameters,
            extended: self.extended,
            ordered: false,
            crossing,
            writes: true,
            taken: self.choices.taken,
        }
    }

    /// A value that keeps the promises of the column.
    fn value(&mut self, table: &Table, column: &Column, scope: &[Visible]) -> String {
        if self.names_node(table, column) {
            let node = self.schema.node(true, &mut self.choices);
            if self.extended && self.choices.chance(50) {
                self.parameters.push(Some(node));
                return format!("${}", self.parameters.len());
            }
            return node;
        }
        match column.quality {
            Trait::Divisor => (1 + self.choices.below(5)).to_string(),
            Trait::Digits => format!("'{}'", self.choices.below(40)),
            Trait::None if self.choices.chance(50) => self.expression(scope, column.ty),
            Trait::None => self.literal(column.ty),
        }
    }

    /// Whether a limited user must give one of the own nodes for this column.
    fn names_node(&self, table: &Table, column: &Column) -> bool {
        self.schema.limited && column.name == "k" && !matches!(table.tenancy, Tenancy::Path(_))
    }

    /// The row that a row of a table with a path is to reference: an own one mostly.
    fn parent(&mut self, parent: usize) -> String {
        let schema = self.schema;
        // Without an own row it must not be NULL, which only pgmoat refuses.
        match self.choices.below(10) {
            0..=5 => {
                format!(
                    "coalesce((SELECT {}(id) FROM {}), 999)",
                    ["max", "min"][self.choices.below(2)],
                    quoted(&schema.tables[parent].name)
                )
            }
            6..=8 => (1000 + self.choices.below(5)).to_string(),
            _ => (2000 + self.choices.below(5)).to_string(),
        }
    }

    fn target(table: &Table, alias: &str) -> Vec<Visible> {
        let mut columns: Vec<(String, Type, Trait)> = table.columns.iter().map(|c| (c.name.clone(), c.ty, c.quality)).collect();
        if table.tenancy == Tenancy::Number {
            columns.push(("tenant_id".to_owned(), Type::Int, Trait::None));
        }
        Self::named_columns(alias, &columns)
    }

    /// `RETURNING ...` over the target alone, since which source row was used is not determined.
    fn returning(&mut self, alias: &str, scope: &[Visible]) -> (String, Option<usize>) {
        if !self.choices.chance(55) {
            return (String::new(), None);
        }
        if self.choices.chance(20) {
            return (format!(" RETURNING {alias}.*"), None);
        }
        let types = self.types();
        let list: Vec<String> =
            types.iter().enumerate().map(|(i, t)| format!("{} AS c{}", self.expression(scope, *t), i + 1)).collect();
        (format!(" RETURNING {}", list.join(", ")), Some(types.len()))
    }

    fn update(&mut self, table: &Table) -> (String, bool, Option<usize>) {
        let alias = self.alias();
        let scope = Self::target(table, &alias);
        let changeable: Vec<Column> = table.columns.iter().filter(|c| c.name != "id").cloned().collect();
        let mut taken = std::collections::BTreeSet::new();
        let mut set = Vec::new();
        for _ in 0..=self.choices.below(2) {
            let column = self.choices.of(&changeable).clone();
            if taken.insert(column.name.clone()) {
                let value = self.value(table, &column, &scope);
                set.push(format!("{} = {value}", quoted(&column.name)));
            }
        }
        let path = if let Tenancy::Path(parent) = table.tenancy { Some(parent) } else { None };
        let crossing = path.is_none() && self.choices.chance(3);
        if let Some(parent) = path.filter(|_| self.choices.chance(30)) {
            set.push(format!("p = {}", self.parent(parent)));
        } else if crossing && self.schema.limited && !taken.contains("k") {
            set.push(format!("k = {}", self.schema.node(false, &mut self.choices)));
        } else if crossing {
            set.push(format!("{} = {}", table.tenancy.column(), table.tenancy.literal(2)));
        }
        let (from, all) = if self.choices.chance(30) {
            let items = 1 + self.choices.below(2);
            let (from, more, condition) = self.from(items);
            let all = [scope.clone(), more].concat();
            let own = self.predicate(&all);
            let condition = if condition.is_empty() { format!(" WHERE {own}") } else { format!("{condition} AND ({own})") };
            (format!(" FROM {from}{condition}"), true)
        } else {
            (String::new(), false)
        };
        let condition =
            if !all && self.choices.chance(80) { format!(" WHERE {}", self.predicate(&scope)) } else { String::new() };
        let (returning, n) = self.returning(&alias, &scope);
        (format!("UPDATE {} AS {alias} SET {}{from}{condition}{returning}", quoted(&table.name), set.join(", ")), crossing, n)
    }

    fn delete(&mut self, table: &Table) -> (String, bool, Option<usize>) {
        let alias = self.alias();
        let scope = Self::target(table, &alias);
        let tail = if self.choices.chance(30) {
            let (from, more, condition) = self.from(1);
            let all = [scope.clone(), more].concat();
            let own = self.predicate(&all);
            let condition = if condition.is_empty() { format!(" WHERE {own}") } else { format!("{condition} AND ({own})") };
            format!(" USING {from}{condition}")
        } else {
            format!(" WHERE {}", self.predicate(&scope))
        };
        let (returning, n) = self.returning(&alias, &scope);
        (format!("DELETE FROM {} AS {alias}{tail}{returning}", quoted(&table.name)), false, n)
    }

    fn insert(&mut self, table: &Table) -> (String, bool, Option<usize>) {
        let alias = self.alias();
        let scope = Self::target(table, &alias);
        // Columns with promises are always given; the others may be left out.
        let mut columns = Vec::new();
        for column in &table.columns {
            if column.name == "id" || self.names_node(table, column) || column.quality != Trait::None || self.choices.chance(70) {
                columns.push(column.clone());
            }
        }
        let path = if let Tenancy::Path(parent) = table.tenancy { Some(self.parent(parent)) } else { None };
        let stamped = path.is_none() && self.choices.chance(40);
        let crossing = path.is_none() && !stamped && self.choices.chance(5);
        let owner = path.unwrap_or_else(|| table.tenancy.literal(if crossing { 2 } else { 1 }));
        let first = self.choices.below(40) + 1000;
        let rows: Vec<String> = (0..=self.choices.below(3))
            .map(|row| {
                let cells: Vec<String> = columns
                    .iter()
                    .map(|c| if c.name == "id" { format!("{}\u{3}000\u{4}", first + row * 2) } else { self.value(table, c, &[]) })
                    .collect();
                format!("({}{})", cells.join(", "), Self::only_oracle(stamped, &format!(", {owner}")))
            })
            .collect();
        let names: Vec<String> = columns.iter().map(|c| quoted(&c.name)).collect();
        let list = format!("({}{})", names.join(", "), Self::only_oracle(stamped, &format!(", {}", table.tenancy.column())));
        let source = if self.choices.chance(25) {
            self.selected(table, &columns, stamped, &owner)
        } else {
            format!("VALUES {}", rows.join(", "))
        };
        let conflict = self.conflict(table, &alias, &scope);
        let (returning, n) = self.returning(&alias, &scope);
        (format!("INSERT INTO {} AS {alias} {list} {source}{conflict}{returning}", quoted(&table.name)), crossing, n)
    }

    /// The rows of a query, with ids far from those that are there.
    fn selected(&mut self, table: &Table, columns: &[Column], stamped: bool, owner: &str) -> String {
        let (from, visible, condition) = self.from(1);
        let offset = 5000 + self.choices.below(50) * 100;
        let cells: Vec<String> = columns
            .iter()
            .map(|c| match c.name.as_str() {
                "id" => format!("{offset} + row_number() OVER ()"),
                _ if self.names_node(table, c) => self.value(table, c, &[]),
                _ => match c.quality {
                    // Which row gets which number is not determined: all rows are alike.
                    Trait::None => self.literal(c.ty),
                    Trait::Divisor | Trait::Digits => self.value(table, c, &visible),
                },
            })
            .collect();
        format!("SELECT {}{} FROM {from}{condition}", cells.join(", "), Self::only_oracle(stamped, &format!(", {owner}")))
    }

    fn only_oracle(hidden: bool, text: &str) -> String {
        if hidden { format!("\u{1}{text}\u{2}") } else { text.to_owned() }
    }

    fn conflict(&mut self, table: &Table, alias: &str, scope: &[Visible]) -> String {
        // To a limited user the row in conflict may be another node's: refused.
        if !self.choices.chance(if self.schema.limited { 5 } else { 35 }) {
            return String::new();
        }
        let key = if table.composite { format!("({}, id)", table.tenancy.column()) } else { "(id)".to_owned() };
        if self.choices.chance(30) {
            return format!(" ON CONFLICT {key} DO NOTHING");
        }
        let changeable = |c: &&Column| c.name != "id" && c.name != "k" && c.quality == Trait::None;
        let Some(column) = table.columns.iter().find(changeable) else {
            return String::new();
        };
        let value = if self.choices.chance(50) {
            format!("excluded.{}", quoted(&column.name))
        } else {
            format!("coalesce({alias}.{}, excluded.{})", quoted(&column.name), quoted(&column.name))
        };
        let condition = if self.choices.chance(25) { format!(" WHERE {}", self.predicate(scope)) } else { String::new() };
        format!(" ON CONFLICT {key} DO UPDATE SET {} = {value}{condition}", quoted(&column.name))
    }
}
