//! What a server answered, and whether two answers are the same by law 1 of the design.
//! It does not read from sockets.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::ErrorKind;

/// A row in wire format; `None` is NULL.
pub(crate) type Row = Vec<Option<Vec<u8>>>;

/// A column of a RowDescription, without its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) type_oid: u32,
    pub(crate) modifier: i32,
    pub(crate) format: i16,
}

/// The answer to one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It ran.
    Done { columns: Option<Vec<Column>>, rows: Vec<Row>, tag: String },
    /// There was no statement.
    Empty,
    /// It failed: the fields of the ErrorResponse.
    Error(BTreeMap<char, String>),
}

/// Everything up to a ReadyForQuery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) notices: Vec<BTreeMap<char, String>>,
    pub(crate) parameter_types: Vec<Vec<u32>>,
    /// The transaction status; `None` when the connection ended first.
    pub(crate) status: Option<u8>,
    /// How the connection ended, if it did.
    pub(crate) broken: Option<ErrorKind>,
}

/// SQLSTATEs by which pgmoat refuses a statement (design, section 5).
pub(crate) const REFUSALS: [&str; 5] = ["42501", "0A000", "42P01", "54000", "54001"];

impl Reply {
    /// The fields of the error, if there was one.
    pub(crate) fn error(&self) -> Option<&BTreeMap<char, String>> {
        self.outcomes.iter().find_map(|o| match o {
            Outcome::Error(f) => Some(f),
            Outcome::Done { .. } | Outcome::Empty => None,
        })
    }

    /// The SQLSTATE of the error, or `00000`.
    pub(crate) fn sqlstate(&self) -> &str {
        self.error().and_then(|f| f.get(&'C')).map_or("00000", String::as_str)
    }

    /// The same, without the places of errors: for answers to texts that differ.
    pub(crate) fn without_positions(mut self) -> Self {
        for outcome in &mut self.outcomes {
            if let Outcome::Error(fields) = outcome {
                fields.remove(&'P');
            }
        }
        self
    }

    /// The rows of the last statement that ran, as texts.
    pub(crate) fn last_rows(&self) -> Vec<Vec<Option<String>>> {
        let text = |v: &Option<Vec<u8>>| v.as_ref().map(|b| String::from_utf8_lossy(b).into_owned());
        self.outcomes
            .iter()
            .rev()
            .find_map(|o| match o {
                Outcome::Done { rows, .. } => Some(rows.iter().map(|r| r.iter().map(text).collect()).collect()),
                Outcome::Empty | Outcome::Error(_) => None,
            })
            .unwrap_or_default()
    }

    /// Whether it can be pgmoat's refusal.
    pub(crate) fn is_refusal(&self) -> bool {
        REFUSALS.contains(&self.sqlstate())
    }

    /// Whether pgmoat's parser could not read the statement.
    pub(crate) fn is_unread(&self) -> bool {
        self.sqlstate() == "42601"
    }

    /// A short text for failure messages.
    pub(crate) fn summary(&self) -> String {
        let mut out = String::new();
        for outcome in &self.outcomes {
            match outcome {
                Outcome::Done { columns, rows, tag } => {
                    let names: Vec<String> = columns.iter().flatten().map(|c| format!("{}:{}", c.name, c.type_oid)).collect();
                    write!(out, "[{tag}] ({}) ", names.join(", ")).expect("write");
                    for row in rows.iter().take(12) {
                        let cells: Vec<String> = row.iter().map(cell).collect();
                        write!(out, "<{}> ", cells.join(" | ")).expect("write");
                    }
                    if rows.len() > 12 {
                        write!(out, "... {} rows ", rows.len()).expect("write");
                    }
                }
                Outcome::Empty => out.push_str("[empty] "),
                Outcome::Error(f) => write!(out, "[error {f:?}] ").expect("write"),
            }
        }
        let status = self.status.map_or('-', char::from);
        write!(out, "status {status}").expect("write");
        if let Some(kind) = self.broken {
            write!(out, ", connection ended: {kind:?}").expect("write");
        }
        out
    }
}

fn cell(value: &Option<Vec<u8>>) -> String {
    value.as_ref().map_or_else(|| "NULL".to_owned(), |v| String::from_utf8_lossy(v).into_owned())
}

/// How strictly rows are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// As they came.
    Kept,
    /// As a multiset.
    Free,
}

/// The first difference between what the proxy and what the oracle answered.
pub(crate) fn difference(proxy: &Reply, oracle: &Reply, order: Order) -> Option<String> {
    if proxy.outcomes.len() != oracle.outcomes.len() {
        return Some(format!("{} outcomes instead of {}", proxy.outcomes.len(), oracle.outcomes.len()));
    }
    let differing = proxy.outcomes.iter().zip(&oracle.outcomes).find_map(|(p, o)| outcome_difference(p, o, order));
    if differing.is_some() {
        return differing;
    }
    if proxy.status != oracle.status {
        return Some(format!(
            "transaction status {:?} instead of {:?}",
            proxy.status.map(char::from),
            oracle.status.map(char::from)
        ));
    }
    // An error may come at an earlier message than from PostgreSQL.
    if proxy.parameter_types != oracle.parameter_types && oracle.error().is_none() {
        return Some(format!("parameter types {:?} instead of {:?}", proxy.parameter_types, oracle.parameter_types));
    }
    let notices = |r: &Reply| -> Vec<(Option<String>, Option<String>)> {
        // 42622, "identifier will be truncated": the server gets the name already cut, and so has nothing to say.
        let told = r.notices.iter().filter(|n| n.get(&'C').is_none_or(|c| c != "42622"));
        told.map(|n| (n.get(&'C').cloned(), n.get(&'M').cloned())).collect()
    };
    (notices(proxy) != notices(oracle)).then(|| format!("notices {:?} instead of {:?}", notices(proxy), notices(oracle)))
}

fn outcome_difference(proxy: &Outcome, oracle: &Outcome, order: Order) -> Option<String> {
    match (proxy, oracle) {
        (Outcome::Done { columns: pc, rows: pr, tag: pt }, Outcome::Done { columns: oc, rows: or, tag: ot }) => {
            if pc != oc {
                return Some(format!("columns {pc:?} instead of {oc:?}"));
            }
            if pt != ot {
                return Some(format!("command tag {pt:?} instead of {ot:?}"));
            }
            let (mut pr, mut or) = (pr.clone(), or.clone());
            if order == Order::Free {
                pr.sort();
                or.sort();
            }
            let first = pr.iter().zip(&or).find(|(p, o)| p != o);
            let show = |r: &Row| r.iter().map(cell).collect::<Vec<_>>().join(" | ");
            match first {
                Some((p, o)) => Some(format!("row <{}> instead of <{}>", show(p), show(o))),
                None => (pr.len() != or.len()).then(|| format!("{} rows instead of {}", pr.len(), or.len())),
            }
        }
        (Outcome::Empty, Outcome::Empty) => None,
        (Outcome::Error(p), Outcome::Error(o)) => error_difference(p, o),
        (p, o) => Some(format!("{} instead of {}", kind(p), kind(o))),
    }
}

fn kind(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { tag, .. } => format!("{tag:?}"),
        Outcome::Empty => "nothing".to_owned(),
        Outcome::Error(f) => format!("error {f:?}"),
    }
}

/// Severity, SQLSTATE and message must be equal; the position equal or absent; detail and hint equal or absent.
///
/// A syntax error is told by pgmoat's own lexer and parser, so its words and place may differ.
fn error_difference(proxy: &BTreeMap<char, String>, oracle: &BTreeMap<char, String>) -> Option<String> {
    let syntax = |f: &BTreeMap<char, String>| f.get(&'C').is_some_and(|c| c == "42601");
    if syntax(proxy) && syntax(oracle) {
        return None;
    }
    for field in ['S', 'C', 'M'] {
        if proxy.get(&field) != oracle.get(&field) {
            return Some(format!("error {proxy:?} instead of {oracle:?}"));
        }
    }
    for field in ['P', 'D', 'H'] {
        if proxy.contains_key(&field) && proxy.get(&field) != oracle.get(&field) {
            return Some(format!("error field {field}: {:?} instead of {:?}", proxy.get(&field), oracle.get(&field)));
        }
    }
    ['q', 'W', 's', 't', 'c', 'n', 'd']
        .iter()
        .find(|f| proxy.contains_key(f) && proxy.get(f) != oracle.get(f))
        .map(|f| format!("error field {f}: {:?} instead of {:?}", proxy.get(f), oracle.get(f)))
}
