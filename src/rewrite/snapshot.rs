//! Under which snapshot of the catalog something was made, and whether what a client has prepared would yield the same under another.
//! It does not prepare anything anew: sessions do.

use super::Rewriter;
use crate::catalog::{Catalog, Column};
use crate::sql::{Keyword, Kind, Tokens};
use std::sync::Arc;

/// A snapshot of the catalog, as far as others need to tell it from the next.
#[derive(Clone, Debug)]
pub struct Snapshot(Arc<Catalog>);

impl Rewriter {
    /// The snapshot that it clears statements under.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(Arc::clone(&self.catalog))
    }

    /// Whether this is its snapshot.
    #[must_use]
    pub fn is_of(&self, snapshot: &Snapshot) -> bool {
        Arc::ptr_eq(&self.catalog, &snapshot.0)
    }

    /// Whether a statement may yield other columns than under an older snapshot: a column of these relations that it names has another type,
    /// or it takes all columns, and they are others. That one is gone is for the server to say.
    #[must_use]
    pub fn yields_otherwise(&self, before: &Snapshot, text: &str, relations: &[String]) -> bool {
        if self.is_of(before) {
            return false;
        }
        let Ok(tokens) = Tokens::lex(text, &self.bounds) else { return true };
        // A star behind a word, a comma or a dot is no multiplication; the one of count(*) takes no columns.
        let takes_all = |i: usize| {
            let behind = i.checked_sub(1).filter(|_| tokens.is_char(i, b'*'));
            behind.is_some_and(|b| tokens.keyword(b).is_some() || tokens.is_char(b, b',') || tokens.is_char(b, b'.'))
                || matches!(tokens.keyword(i), Some(Keyword::Table | Keyword::Natural))
        };
        let all = (0..tokens.len()).any(takes_all);
        let is_named =
            |name: &str| (0..tokens.len()).any(|i| tokens.kind(i).is_some_and(Kind::is_name) && tokens.value(i) == name);
        relations.iter().any(|relation| {
            let (old, new) = (columns(&before.0, relation), columns(&self.catalog, relation));
            let retyped = |a: &Column| new.iter().any(|b| a.name == b.name && !is_same(a, b));
            let others = old.len() != new.len() || !old.iter().zip(new).all(|(a, b)| is_same(a, b));
            (all && others) || old.iter().any(|a| retyped(a) && is_named(&a.name))
        })
    }
}

fn columns<'c>(catalog: &'c Catalog, relation: &str) -> &'c [Column] {
    catalog.relations().iter().find(|r| r.qualified() == relation).map(|r| r.columns.as_slice()).unwrap_or_default()
}

fn is_same(a: &Column, b: &Column) -> bool {
    a.name == b.name && a.type_oid == b.type_oid && a.formatted_type == b.formatted_type
}
