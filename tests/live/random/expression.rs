//! Random scalar expressions over the columns in scope, typed so that they seldom fail on tenant 1's rows and often on the others'.
//! Queries inside expressions come from `query`.

use super::choice::Choices;
use super::schema::{Schema, Trait, Type, quoted};

/// A column that an expression may name.
#[derive(Clone, Debug)]
pub(crate) struct Visible {
    /// As written, for example `r1.k`.
    pub(crate) text: String,
    pub(crate) ty: Type,
    pub(crate) quality: Trait,
}

/// A named relation of a WITH list.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) columns: Vec<(String, Type, Trait)>,
}

/// The generator's state for one statement.
pub(crate) struct Generator<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) choices: Choices,
    /// WITH queries in scope, innermost last.
    pub(crate) named: Vec<Named>,
    /// Columns of enclosing queries.
    pub(crate) outer: Vec<Visible>,
    /// Values of `$1`, `$2` ...: only in the extended protocol.
    pub(crate) parameters: Vec<Option<String>>,
    pub(crate) extended: bool,
    pub(crate) aliases: usize,
    /// How much more may be nested.
    pub(crate) fuel: usize,
}

/// A generated statement. Parts between U+0001 and U+0002 are for the oracle alone, those between U+0003 and U+0004 for
/// [`Generated::unopposed`] alone.
#[derive(Clone, Debug)]
pub(crate) struct Generated {
    pub(crate) text: String,
    pub(crate) parameters: Vec<Option<String>>,
    pub(crate) extended: bool,
    /// Whether rows must come in the same order.
    pub(crate) ordered: bool,
    /// Whether it names another tenant in a write: anything but a refusal is wrong.
    pub(crate) crossing: bool,
    pub(crate) writes: bool,
    /// The choices that made it.
    pub(crate) taken: Vec<u32>,
}

impl Generated {
    /// What the proxy is sent.
    pub(crate) fn for_proxy(&self) -> String {
        self.without(&[('\u{1}', '\u{2}'), ('\u{3}', '\u{4}')])
    }

    /// What the oracle is sent.
    pub(crate) fn for_oracle(&self) -> String {
        self.without(&[('\u{3}', '\u{4}')])
    }

    /// The same INSERT of rows that are in nobody's way, where these may be in conflict: for the oracle.
    pub(crate) fn unopposed(&self) -> Option<String> {
        self.text.contains('\u{3}').then(|| self.without(&[]))
    }

    /// The text without what stands between these marks, and without marks.
    fn without(&self, marks: &[(char, char)]) -> String {
        let mut out = String::new();
        let mut end = None;
        for c in self.text.chars() {
            match end {
                Some(mark) if c == mark => end = None,
                Some(_) => {}
                None => match marks.iter().find(|(begin, _)| *begin == c) {
                    Some((_, mark)) => end = Some(*mark),
                    None if matches!(c, '\u{1}'..='\u{4}') => {}
                    None => out.push(c),
                },
            }
        }
        out
    }
}

impl<'a> Generator<'a> {
    pub(crate) fn new(schema: &'a Schema, mut choices: Choices) -> Self {
        let extended = choices.chance(50);
        Self { schema, choices, named: Vec::new(), outer: Vec::new(), parameters: Vec::new(), extended, aliases: 0, fuel: 14 }
    }

    /// A fresh alias.
    pub(crate) fn alias(&mut self) -> String {
        self.aliases += 1;
        match self.choices.below(8) {
            0..=5 => format!("r{}", self.aliases),
            6 => format!("\"R {}\"", self.aliases),
            _ => format!("tenant_id{}", self.aliases),
        }
    }

    /// Spends fuel on something nested; false when there is none left.
    pub(crate) fn nest(&mut self) -> bool {
        let may = self.fuel > 0;
        self.fuel = self.fuel.saturating_sub(1);
        may
    }

    fn constant(&mut self, ty: Type) -> String {
        match ty {
            Type::Int => self.choices.below(9).to_string(),
            Type::Text => ["CANARY_T1_1", "x", "7", "it''s", "%", "CANARY_T1_2", "--", "\\"][self.choices.below(8)].to_owned(),
            Type::Num => format!("{}.5", self.choices.below(30)),
            Type::Bool => ["true", "false"][self.choices.below(2)].to_owned(),
            Type::Date => format!("2025-0{}-15", 1 + self.choices.below(9)),
        }
    }

    /// A literal, or a parameter in the extended protocol.
    pub(crate) fn literal(&mut self, ty: Type) -> String {
        let text = self.constant(ty);
        if self.extended && self.choices.chance(40) {
            let null = self.choices.chance(5);
            self.parameters.push((!null).then(|| text.replace("''", "'")));
            return format!("${}::{}", self.parameters.len(), ty.sql());
        }
        match ty {
            Type::Int | Type::Num | Type::Bool => text,
            Type::Text if text.contains('\\') => format!("E'{}'", text.replace('\\', "\\\\")),
            Type::Text if !text.contains('\'') && self.choices.chance(8) => format!("$q${text}$q$"),
            Type::Text => format!("'{text}'"),
            Type::Date => format!("date '{text}'"),
        }
    }

    fn column(&mut self, scope: &[Visible], ty: Type, quality: Option<Trait>) -> Option<String> {
        let fits = |v: &&Visible| v.ty == ty && quality.is_none_or(|q| v.quality == q);
        let mut found: Vec<String> = scope.iter().filter(fits).map(|v| v.text.clone()).collect();
        if found.is_empty() || self.choices.chance(12) {
            found.extend(self.outer.iter().filter(fits).map(|v| v.text.clone()));
        }
        (!found.is_empty()).then(|| self.choices.of(&found).clone())
    }

    /// An expression of a type.
    pub(crate) fn expression(&mut self, scope: &[Visible], ty: Type) -> String {
        if !self.nest() || self.choices.below(3) == 0 {
            return self.column(scope, ty, None).unwrap_or_else(|| self.literal(ty));
        }
        match ty {
            Type::Int => self.int(scope),
            Type::Text => self.text(scope),
            Type::Num => match self.choices.below(4) {
                0 => format!("({} + {})", self.expression(scope, Type::Num), self.literal(Type::Num)),
                1 => format!("{}::numeric", self.expression(scope, Type::Int)),
                2 => format!("round({}, 1)", self.expression(scope, Type::Num)),
                _ => self.scalar(Type::Num),
            },
            Type::Bool => format!("({})", self.predicate(scope)),
            Type::Date => match self.choices.below(3) {
                0 => format!("({} + {})", self.expression(scope, Type::Date), self.choices.below(40)),
                1 => format!("least({}, {})", self.expression(scope, Type::Date), self.literal(Type::Date)),
                _ => self.scalar(Type::Date),
            },
        }
    }

    fn int(&mut self, scope: &[Visible]) -> String {
        match self.choices.below(11) {
            0 => format!("({} + {})", self.expression(scope, Type::Int), self.expression(scope, Type::Int)),
            1 => format!("({} * {})", self.expression(scope, Type::Int), self.choices.below(4)),
            2 | 3 => match self.column(scope, Type::Int, Some(Trait::Divisor)) {
                Some(z) => format!("({} {} {z})", self.expression(scope, Type::Int), ["/", "%"][self.choices.below(2)]),
                None => self.literal(Type::Int),
            },
            4 | 5 => match self.column(scope, Type::Text, Some(Trait::Digits)) {
                Some(c) => [format!("{c}::int"), format!("CAST({c} AS integer)"), format!("({c})::numeric::int")]
                    [self.choices.below(3)]
                .clone(),
                None => self.literal(Type::Int),
            },
            6 => format!("length({})", self.expression(scope, Type::Text)),
            7 => format!("coalesce({}, {})", self.expression(scope, Type::Int), self.literal(Type::Int)),
            8 => {
                let (p, a, b) = (self.predicate(scope), self.expression(scope, Type::Int), self.expression(scope, Type::Int));
                format!("CASE WHEN {p} THEN {a} ELSE {b} END")
            }
            9 => self.scalar(Type::Int),
            _ => format!("(- {})", self.expression(scope, Type::Int)),
        }
    }

    fn text(&mut self, scope: &[Visible]) -> String {
        match self.choices.below(7) {
            0 => format!("({} || {})", self.expression(scope, Type::Text), self.expression(scope, Type::Text)),
            1 => format!("upper({})", self.expression(scope, Type::Text)),
            2 => format!("{}::text", self.expression(scope, Type::Int)),
            3 => format!("substr({}, 1, {})", self.expression(scope, Type::Text), 1 + self.choices.below(12)),
            4 => self.scalar(Type::Text),
            5 => format!("nullif({}, {})", self.expression(scope, Type::Text), self.literal(Type::Text)),
            _ => format!("concat({}, {})", self.expression(scope, Type::Text), self.expression(scope, Type::Int)),
        }
    }

    /// A condition.
    pub(crate) fn predicate(&mut self, scope: &[Visible]) -> String {
        if !self.nest() {
            return ["true", "1 = 1"][self.choices.below(2)].to_owned();
        }
        let ty = [Type::Int, Type::Int, Type::Text, Type::Num, Type::Date][self.choices.below(5)];
        match self.choices.below(15) {
            0..=3 => {
                let op = ["=", "<", ">=", "<>", "<=", "IS DISTINCT FROM"][self.choices.below(6)];
                format!("{} {op} {}", self.expression(scope, ty), self.expression(scope, ty))
            }
            4 => format!("{} IS {}NULL", self.expression(scope, ty), ["", "NOT "][self.choices.below(2)]),
            5 => format!("({}) AND ({})", self.predicate(scope), self.predicate(scope)),
            6 => format!("{} OR {}", self.predicate(scope), self.predicate(scope)),
            7 => format!("NOT ({})", self.predicate(scope)),
            8 => {
                let list: Vec<String> = (0..=self.choices.below(3)).map(|_| self.literal(ty)).collect();
                format!("{} IN ({})", self.expression(scope, ty), list.join(", "))
            }
            9 => {
                let (left, inner) = (self.expression(scope, ty), self.inner(scope, &[ty]));
                format!("{left} {} ({inner})", ["IN", "NOT IN", "= ANY", ">= ALL"][self.choices.below(4)])
            }
            10 => {
                let inner = self.inner(scope, &[Type::Int]);
                format!("{}EXISTS ({inner})", ["", "NOT "][self.choices.below(2)])
            }
            11 => format!(
                "{} LIKE '{}'",
                self.expression(scope, Type::Text),
                ["%1", "CANARY%", "%", "_ANARY!_T%"][self.choices.below(4)]
            ),
            12 => format!(
                "{} BETWEEN {} AND {}",
                self.expression(scope, ty),
                self.expression(scope, ty),
                self.expression(scope, ty)
            ),
            13 => self.tenant_probe(scope),
            _ => match self.column(scope, Type::Bool, None) {
                Some(b) => b,
                None => "true".to_owned(),
            },
        }
    }

    /// A condition on a tenant column, as an attacker would write it.
    fn tenant_probe(&mut self, scope: &[Visible]) -> String {
        let named = |suffix: &str| -> Vec<&Visible> { scope.iter().filter(|v| v.text.ends_with(suffix)).collect() };
        let (numbers, keys) = (named(".tenant_id"), named(".owner"));
        if let Some(v) = keys.first().filter(|_| numbers.is_empty() || self.choices.chance(50)) {
            return [format!("{} = 'key2'", v.text), format!("{} <> 'key1'", v.text)][self.choices.below(2)].clone();
        }
        let Some(v) = numbers.first() else { return "true".to_owned() };
        let probe = ["= 2", "<> 1", "IS NOT NULL", "IN (1, 2, 3)", "= 1", "> 1 OR true"][self.choices.below(6)];
        format!("{} {probe}", v.text)
    }

    /// A sub-select that sees `scope` as its outside.
    pub(crate) fn inner(&mut self, scope: &[Visible], types: &[Type]) -> String {
        let depth = self.outer.len();
        self.outer.extend(scope.iter().cloned());
        let (sql, _) = self.select(types, false);
        self.outer.truncate(depth);
        sql
    }

    /// A sub-select of one value: always an aggregate, so that it has one row.
    fn scalar(&mut self, ty: Type) -> String {
        if self.fuel < 3 {
            return self.literal(ty);
        }
        let (from, scope, condition) = self.from(1);
        let argument = self.column(&scope, ty, None).unwrap_or_else(|| self.literal(ty));
        let aggregate = match ty {
            Type::Int => ["count(*)".to_owned(), format!("max({argument})"), format!("count(DISTINCT {argument})")]
                [self.choices.below(3)]
            .clone(),
            Type::Num => format!("sum({argument})"),
            Type::Text | Type::Date => format!("{}({argument})", ["min", "max"][self.choices.below(2)]),
            Type::Bool => format!("bool_or({argument})"),
        };
        format!("(SELECT {aggregate} FROM {from}{condition})")
    }

    /// The name of a visible column as an expression would write it.
    pub(crate) fn named_columns(alias: &str, columns: &[(String, Type, Trait)]) -> Vec<Visible> {
        columns.iter().map(|(n, ty, q)| Visible { text: format!("{alias}.{}", quoted(n)), ty: *ty, quality: *q }).collect()
    }
}
