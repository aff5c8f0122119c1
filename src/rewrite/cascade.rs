//! What a write changes besides what it names: the rows that foreign keys lead to, and the columns that are computed from others. No rows
//! but own ones may be reached, and none may come to be another's or to refer to another's. The values that are named are `guard`'s.

use super::change::Target;
use super::filter::{Filter, Form, all_of};
use super::guard::{carried, is_inherited};
use super::marker::Kept;
use super::plan::Piece;
use super::walk::{Walk, quoted};
use crate::catalog::{Action, ForeignKey, Identity, Relation};
use crate::error::{Refusal, Rule, SqlState};
use crate::policy::Access;
use crate::sql::quote_ident;

/// How many rows that cascades lead to are looked at, at most, for one statement.
const CASCADES: usize = 64;

/// A relation that cascades lead to, and the key that led there.
struct Step {
    oid: u32,
    key: usize,
    /// Whether the key is to the relation itself, and its rows are all that it leads to: children, their children and so on.
    whole: bool,
    /// How the names of all steps begin.
    stem: &'static str,
    /// As an item of FROM.
    join: String,
}

impl<'a> Walk<'a, '_> {
    /// What must hold of a row of the target so that deleting it (`changed`: none), or changing these columns, reaches own rows only.
    ///
    /// # Errors
    /// 0A000 when there is too much to look at.
    pub(super) fn cascades(&self, target: &Target<'a>, changed: Option<&[String]>) -> Result<Option<Vec<Piece>>, Refusal> {
        let mut pieces = Vec::new();
        let mut paths = 0;
        // Begins otherwise than the user's alias of the target, which the first step names.
        let stem = if target.qualifier.starts_with("\"_") { "c" } else { "_c" };
        for root in self.ground.catalog.with_descendants(target.relation) {
            let mut path =
                vec![Step { oid: root.oid, key: usize::MAX, whole: false, stem, join: format!("(SELECT) AS \"{stem}0\"") }];
            self.cascade(root, changed, &target.qualifier, &mut path, &mut paths, &mut pieces)?;
        }
        if pieces.is_empty() {
            return Ok(None);
        }
        let mut case = vec![Piece::Text("CASE WHEN (".to_owned())];
        case.extend(all_of(target.predicates()));
        case.push(Piece::Text(") IS NOT TRUE THEN false".to_owned()));
        case.extend(pieces);
        case.push(Piece::Text("ELSE true END".to_owned()));
        Ok(Some(case))
    }

    /// Follows the cascades from a relation, one `WHEN EXISTS` for each relation that they reach.
    fn cascade(
        &self,
        relation: &'a Relation,
        changed: Option<&[String]>,
        qualifier: &str,
        path: &mut Vec<Step>,
        paths: &mut usize,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), Refusal> {
        let before = Filter::of(&self.ground, relation, self.ground.policy.scoping(relation)).unwrap_or_default();
        for (holder, index, key) in self.ground.catalog.referring_to(relation) {
            let action = if changed.is_some() { key.on_update } else { key.on_delete };
            let moved = changed.is_none_or(|c| c.iter().any(|c| key.referenced_columns.contains(c)));
            // What does nothing fails, or needs nothing done.
            if action == Action::None || !moved || is_inherited(self.ground.catalog, holder, key) {
                continue;
            }
            let itself = holder.oid == relation.oid;
            let last = path.last();
            // The rows that the path stands at are those that this key leads to, however far.
            if itself && last.is_some_and(|step| step.whole && step.key == index) {
                continue;
            }
            *paths = paths.saturating_add(1);
            if *paths > CASCADES {
                return Err(self.construct("a DELETE or UPDATE that cascades to so many relations", None));
            }
            let on = match action {
                Action::Cascade if changed.is_none() => None,
                Action::Cascade | Action::SetNull | Action::SetDefault => Some(key.columns.as_slice()),
                Action::None => continue,
            };
            if on.is_some() {
                self.follows(holder, key, action, changed, before.as_ref())?;
            }
            let stem = last.map_or("_c", |step| step.stem);
            let alias = format!("\"{stem}{}\"", path.len());
            let whole =
                itself && action == Action::Cascade && on.is_none_or(|c| c.iter().any(|c| key.referenced_columns.contains(c)));
            let join = if whole { descendants(holder, key, &alias, qualifier) } else { children(holder, key, &alias, qualifier) };
            let again = path.iter().any(|step| step.oid == holder.oid);
            let twice = itself && last.is_some_and(|step| step.whole);
            path.push(Step { oid: holder.oid, key: index, whole, stem, join });
            self.reached(holder, index, key, before.as_ref(), &alias, path, pieces)?;
            if (again && !itself || whole && twice) && on.is_none() {
                return Err(self.construct("a DELETE whose cascades go in a circle through several foreign keys", None));
            }
            if whole || !again {
                self.cascade(holder, on, &alias, path, paths, pieces)?;
            }
            path.pop();
        }
        Ok(())
    }

    /// What becomes of the columns of a key whose rows follow a change, and of those that are computed from them. By another key or
    /// another column the row could come to be another tenant's, or to refer to another's: no value of theirs is looked at.
    ///
    /// # Errors
    /// 0A000 where that may be.
    fn follows(
        &self,
        holder: &'a Relation,
        key: &ForeignKey,
        action: Action,
        changed: Option<&[String]>,
        before: Option<&Filter>,
    ) -> Result<(), Refusal> {
        let follows = |p: &String| action != Action::Cascade || changed.is_none_or(|c| c.contains(p));
        let pairs = key.columns.iter().zip(&key.referenced_columns);
        let set: Vec<String> = pairs.filter(|(_, p)| follows(p)).map(|(c, _)| c.clone()).collect();
        // A partition may have keys of its own.
        for relation in self.ground.catalog.with_descendants(holder) {
            for column in &set {
                let tells = match action {
                    Action::None | Action::SetNull => false,
                    Action::Cascade => self.tells(relation, column, Some((key, before))),
                    Action::SetDefault => {
                        let default = relation.column(column).is_none_or(|c| c.has_default || c.identity != Identity::None);
                        default && self.tells(relation, column, None)
                    }
                };
                if tells {
                    return Err(untold(relation, column, "that a foreign key's action sets"));
                }
            }
            self.computes(relation, &set)?;
        }
        Ok(())
    }

    /// The columns that are computed from those that a statement changes.
    ///
    /// # Errors
    /// 0A000 where one of them says whose the row is, or to whose row it refers.
    pub(super) fn generates(&self, target: &Target<'a>, changed: &[String]) -> Result<(), Refusal> {
        let mut relations = self.ground.catalog.with_descendants(target.relation).into_iter();
        relations.try_for_each(|relation| self.computes(relation, changed))
    }

    fn computes(&self, relation: &'a Relation, changed: &[String]) -> Result<(), Refusal> {
        let mut computed = relation.columns.iter().filter(|c| c.generated_from.iter().any(|from| changed.contains(from)));
        match computed.find(|c| self.tells(relation, &c.name, None)) {
            Some(column) => Err(untold(relation, &column.name, "that is generated")),
            None => Ok(()),
        }
    }

    /// Whether a column's value says whose its row is, or names a row of which it must be known whose that is. `by` is the key whose row the
    /// column follows, and the filter of that row, which is an own one.
    fn tells(&self, relation: &'a Relation, column: &str, by: Option<(&ForeignKey, Option<&Filter>)>) -> bool {
        let access = self.ground.policy.scoping(relation);
        let Ok(filter) = Filter::of(&self.ground, relation, access) else { return true };
        let followed = |slot: usize| by.is_some_and(|(key, before)| before.is_some_and(|b| carries(key, b, column, slot)));
        let of_path = |path: &str| match (access, by) {
            (Access::Through(hop), Some((key, _))) => hop.parent != key.references || key.columns != [path],
            (_, _) => true,
        };
        let own = filter.as_ref().is_some_and(|f| {
            f.own().any(|(c, slot)| c == column && !followed(slot)) || f.path_column().is_some_and(|c| c == column && of_path(c))
        });
        let is_same = |by: &ForeignKey, key: &ForeignKey| {
            (by.references, &by.columns, &by.referenced_columns) == (key.references, &key.columns, &key.referenced_columns)
        };
        let is_other = |key: &ForeignKey| !by.is_some_and(|(by, _)| is_same(by, key)) && key.columns.iter().any(|c| c == column);
        own || relation.foreign_keys.iter().any(|key| is_other(key) && self.is_looked_at(key, filter.as_ref()))
    }

    /// Whether it must be known whose row a key's value names.
    fn is_looked_at(&self, key: &ForeignKey, own: Option<&Filter>) -> bool {
        let Some(parent) = self.ground.catalog.by_oid(key.references) else { return true };
        let access = self.ground.policy.scoping(parent);
        match access {
            Access::Scoped { column: _, slot: _ } | Access::Through(_) => match (Filter::of(&self.ground, parent, access), own) {
                (Ok(Some(theirs)), Some(own)) => {
                    let carried = carried(key, own, &theirs);
                    theirs.has_path() || theirs.own().any(|(p, _)| !carried.contains(&p))
                }
                (Ok(_) | Err(_), _) => true,
            },
            Access::Shared => false,
            Access::Hidden => !own.is_some_and(|own| own.tenant.iter().any(|(tenant, _)| key.columns.contains(tenant))),
            Access::View | Access::Refused(_) => true,
        }
    }

    /// Whether a row that a path leads to is not an own one.
    #[expect(clippy::too_many_arguments, reason = "the key, its place, and the path to it")]
    fn reached(
        &self,
        holder: &'a Relation,
        index: usize,
        key: &ForeignKey,
        before: Option<&Filter>,
        alias: &str,
        path: &[Step],
        pieces: &mut Vec<Piece>,
    ) -> Result<(), Refusal> {
        let access = self.ground.policy.scoping(holder);
        let filter = Filter::of(&self.ground, holder, access);
        let filter =
            filter.map_err(|_| self.construct("a cascade to a relation whose rows are not known to be the user's", None))?;
        let Some(filter) = filter else { return Ok(()) };
        // Its rows are known by this very reference, or have the own values of the row before.
        let through = matches!(access, Access::Through(path) if path.parent == key.references && key.columns == [path.column.as_str()])
            && filter.own().next().is_none();
        if through || (!filter.has_path() && before.is_some_and(|b| filter.own().all(|(p, s)| carries(key, b, p, s)))) {
            return Ok(());
        }
        let joins: Vec<&str> = path.iter().map(|step| step.join.as_str()).collect();
        pieces.push(Piece::Text(format!("WHEN EXISTS (SELECT FROM {} WHERE (", joins.join(" JOIN "))));
        pieces.extend(all_of(filter.predicates(alias, path.first().map_or("_c", |step| step.stem), Form::Scan)));
        let raise = self.ground.marker.raise(Kept::Cascade(holder, index));
        pieces.push(Piece::Text(format!(") IS NOT TRUE) THEN {raise}")));
        Ok(())
    }
}

/// The refusal of a change that makes another one, of a value that nobody has looked at.
fn untold(relation: &Relation, column: &str, what: &str) -> Refusal {
    let message = format!("this change is not supported through pgmoat: it changes \"{column}\" of \"{}\"", relation.name);
    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Construct, message)
        .with_hint(format!(
            "It is a column {what}, and it says whose the row is or to whose row it refers: the value cannot be looked at first."
        ))
        .about(relation.qualified())
}

/// The rows that refer to a row by a key.
fn children(holder: &Relation, key: &ForeignKey, alias: &str, qualifier: &str) -> String {
    let mut join = format!("{} AS {alias} ON true", quoted(holder));
    for (column, referenced) in key.columns.iter().zip(&key.referenced_columns) {
        let pair = (quote_ident(column), quote_ident(referenced));
        join.push_str(&format!(" AND {alias}.{} OPERATOR(pg_catalog.=) {qualifier}.{}", pair.0, pair.1));
    }
    join
}

/// The rows that refer to a row by a key of their relation to itself, those that refer to these, and so on. The same rows may come back:
/// UNION ends circles.
fn descendants(holder: &Relation, key: &ForeignKey, alias: &str, qualifier: &str) -> String {
    let names =
        |of: &str| key.referenced_columns.iter().map(|c| format!("{of}.{}", quote_ident(c))).collect::<Vec<_>>().join(", ");
    let numbers = (1..=key.columns.len()).map(|n| format!("\"{n}\"")).collect::<Vec<_>>();
    let on = |of: &str| {
        let pair = |(column, n): (&String, &String)| format!("{of}.{} OPERATOR(pg_catalog.=) \"_k\".{n}", quote_ident(column));
        key.columns.iter().zip(&numbers).map(pair).collect::<Vec<_>>().join(" AND ")
    };
    let table = quoted(holder);
    format!(
        "LATERAL (WITH RECURSIVE \"_k\"({}) AS (SELECT {} UNION SELECT {} FROM \"_k\" JOIN {table} AS \"_n\" ON {}) \
         SELECT \"_m\".* FROM \"_k\" JOIN {table} AS \"_m\" ON {}) AS {alias} ON true",
        numbers.join(", "),
        names(qualifier),
        names("\"_n\""),
        on("\"_n\""),
        on("\"_m\""),
    )
}

/// Whether a key gives a referring row's column the own value that the row it refers to has.
fn carries(key: &ForeignKey, parents: &Filter, column: &str, slot: usize) -> bool {
    let mut pairs = key.columns.iter().zip(&key.referenced_columns);
    pairs.any(|(c, p)| c == column && parents.own().any(|(parent, s)| parent == p && s == slot))
}
