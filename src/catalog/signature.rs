//! The functions that a name may call, with the types of their arguments, and which of them a call is certain to mean.
//! It does not judge who may call them: [`crate::policy`] does.

use super::Catalog;

/// A function, aggregate, window function or procedure: what tells the calls of one name apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// `pg_proc.oid`.
    pub oid: u32,
    /// Its name, without the schema.
    pub name: String,
    /// The types of its arguments, by `pg_type.typname`; empty where one is not of `pg_catalog`.
    pub arguments: Vec<String>,
    /// How many of the last arguments have defaults.
    pub defaults: usize,
    /// Whether the last argument stands for any number of them.
    pub variadic: bool,
    /// The type of its result, as its arguments' are told.
    pub result: String,
    /// Whether it is an ordinary function that yields one value.
    pub scalar: bool,
    /// Whether it is volatile: then PostgreSQL evaluates it even where nothing comes of its value.
    pub volatile: bool,
    /// Whether the role of the server connections may call it.
    pub permitted: bool,
}

impl Signature {
    /// Whether a call with so many arguments may mean it.
    fn takes(&self, count: usize) -> bool {
        let least = self.arguments.len().saturating_sub(self.defaults);
        count >= least && (self.variadic || count <= self.arguments.len())
    }
}

impl Catalog {
    /// The functions that a call of this name with so many arguments may mean, each with as many of its own. None where another schema has
    /// one of the name too, or where one of them takes its arguments in another way: it is not certain then which is called.
    #[must_use]
    pub fn candidates(&self, schema: Option<&str>, name: &str, count: usize) -> Vec<&Signature> {
        let candidates: Vec<&Signature> = self.named(schema, name).iter().filter(|s| s.takes(count)).collect();
        if candidates.iter().any(|s| s.variadic || s.arguments.len() != count) { Vec::new() } else { candidates }
    }

    /// All functions of this name, if one schema only has some.
    #[must_use]
    pub fn named(&self, schema: Option<&str>, name: &str) -> &[Signature] {
        let system = self.system_functions.contains(name).then_some("pg_catalog");
        let user = self.user_functions.get(name).into_iter().flatten().map(String::as_str);
        let mut homes = user.chain(system);
        let Some(home) = homes.next().filter(|home| schema.is_none_or(|s| s == *home)) else { return &[] };
        let reached = home == "pg_catalog" || schema.is_some() || self.search_path.iter().any(|s| s == home);
        if homes.next().is_some() || !reached {
            return &[];
        }
        self.signatures.get(&format!("{home}.{name}")).map(Vec::as_slice).unwrap_or_default()
    }

    /// The name of the function with this OID.
    #[must_use]
    pub fn function_name(&self, oid: u32) -> Option<&str> {
        self.signatures.values().flatten().find(|s| s.oid == oid).map(|s| s.name.as_str())
    }
}
