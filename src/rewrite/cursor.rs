//! Cursors in SQL: DECLARE over a rewritten query, FETCH, MOVE, CLOSE. A cursor ends with its transaction, and until then the server
//! connection is its client's alone: names are sent as they are. It does not rewrite the query.

use super::cleared::Command;
use super::command::{Kindred, Reader, sort};
use super::plan::{Edit, Piece};
use super::statement::{Planner, Step};
use super::walk::plan;
use crate::error::{Refusal, Rule, SqlState};
use crate::sql::{Keyword, Kind, Tokens, parse, quote_ident};
use sqlparser::ast::{SetExpr, Statement};
use std::ops::Range;

impl Reader<'_> {
    /// `DECLARE name [BINARY] [INSENSITIVE] [[NO] SCROLL] CURSOR [WITHOUT HOLD] FOR query`.
    pub(super) fn declare(&mut self) -> Result<Kindred, Refusal> {
        let name = self.name()?;
        let mut head = format!("DECLARE {}", quote_ident(&name));
        loop {
            if self.skip(Keyword::No) {
                self.expect(Keyword::Scroll)?;
                head.push_str(" NO SCROLL");
                continue;
            }
            let option = [Keyword::Binary, Keyword::Asensitive, Keyword::Insensitive, Keyword::Scroll];
            let Some(word) = option.into_iter().find(|o| self.skip(*o)) else { break };
            head.push(' ');
            head.push_str(&word.as_str().to_ascii_uppercase());
        }
        self.expect(Keyword::Cursor)?;
        if self.skip(Keyword::With) {
            self.expect(Keyword::Hold)?;
            let message = "a cursor WITH HOLD is not supported through pgmoat";
            return Err(Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Statement, message)
                .with_hint("Fetch from it inside the transaction: the server connection is given to others afterwards."));
        }
        if self.skip(Keyword::Without) {
            self.expect(Keyword::Hold)?;
        }
        self.expect(Keyword::For)?;
        head.push_str(" CURSOR FOR");
        let query = matches!(self.peek(), Some(Keyword::Select | Keyword::With | Keyword::Values | Keyword::Table));
        if !query && !self.tokens.is_char(self.at, b'(') {
            return Err(self.error());
        }
        Ok(Kindred::Declare { name, head, inner: self.at..self.end })
    }

    /// `{FETCH | MOVE} [direction] [FROM | IN] name`.
    pub(super) fn fetch(&mut self, verb: &str) -> Result<Kindred, Refusal> {
        // A word of direction is a cursor's name when nothing follows it.
        let last = self.at.saturating_add(1) >= self.end;
        let direction = if last { String::new() } else { self.direction()? };
        if !self.skip(Keyword::From) {
            self.skip(Keyword::In);
        }
        let name = self.name()?;
        let text = format!("{verb} {direction}FROM {}", quote_ident(&name));
        if self.at_end() {
            Ok(Kindred::Plain { command: Command::Fetch { name: name.into() }, text: Some(text) })
        } else {
            Err(self.error())
        }
    }

    fn direction(&mut self) -> Result<String, Refusal> {
        let number = |i: usize| self.tokens.kind(i) == Some(Kind::Integer);
        let signed = |i: usize| number(i) || self.tokens.is_char(i, b'-') || self.tokens.is_char(i, b'+');
        let begin = self.at;
        let (here, next) = (signed(begin), signed(begin.saturating_add(1)));
        let (word, counted) = match self.peek() {
            Some(word @ (Keyword::Next | Keyword::Prior | Keyword::First | Keyword::Last | Keyword::All)) => (word, false),
            Some(word @ (Keyword::Absolute | Keyword::Relative)) => (word, true),
            Some(word @ (Keyword::Forward | Keyword::Backward)) => (word, next),
            Some(_) | None if here => return Ok(format!("{} ", self.signed()?)),
            Some(_) | None => return Ok(String::new()),
        };
        self.at = begin.saturating_add(1);
        let word_text = word.as_str().to_ascii_uppercase();
        if counted {
            return Ok(format!("{word_text} {} ", self.signed()?));
        }
        let all = matches!(word, Keyword::Forward | Keyword::Backward) && self.skip(Keyword::All);
        Ok(format!("{word_text}{} ", if all { " ALL" } else { "" }))
    }

    fn signed(&mut self) -> Result<String, Refusal> {
        let minus = self.skip_char(b'-');
        if !minus {
            self.skip_char(b'+');
        }
        if self.at_end() || self.tokens.kind(self.at) != Some(Kind::Integer) {
            return Err(self.error());
        }
        let number = self.tokens.value(self.at);
        self.at = self.at.saturating_add(1);
        Ok(format!("{}{number}", if minus { "-" } else { "" }))
    }

    /// `CLOSE {name | ALL}`.
    pub(super) fn close(&mut self) -> Result<Kindred, Refusal> {
        if self.skip(Keyword::All) {
            return self.passing("CLOSE ALL", &["CLOSE CURSOR ALL"]);
        }
        let name = self.name()?;
        let text = format!("CLOSE {}", quote_ident(&name));
        if self.at_end() {
            Ok(Kindred::Plain { command: Command::Close { name: name.into() }, text: Some(text) })
        } else {
            Err(self.error())
        }
    }
}

/// Whether a query locks each row that it yields against changes. A lock inside of it is on rows that it may not have come to.
fn locks(statement: &Statement, tokens: &Tokens<'_>, range: Range<usize>) -> bool {
    let Statement::Query(query) = statement else { return false };
    // What the parser reads as a lock of the next kind: the row's tenant may change under it.
    let key_share =
        |i: usize| tokens.keyword(i) == Some(Keyword::Key) && tokens.keyword(i.saturating_add(1)) == Some(Keyword::Share);
    !query.locks.is_empty() && matches!(query.body.as_ref(), SetExpr::Select(_)) && !range.into_iter().any(key_share)
}

impl Planner<'_> {
    /// Plans a DECLARE.
    pub(super) fn cursor(
        self,
        declared: &[u32],
        tokens: &Tokens<'_>,
        range: Range<usize>,
        (name, head): (String, String),
        inner: Range<usize>,
    ) -> Result<Step, Refusal> {
        if !matches!(sort(tokens, inner.clone())?, Kindred::Rows) {
            return Err(Refusal::new(SqlState::SYNTAX_ERROR, Rule::Syntax, "a cursor is declared for a query"));
        }
        let statement = parse(tokens, inner.clone(), self.bounds)?;
        let mut plan = plan(self.ground(declared), tokens, inner.clone(), &statement)?;
        // Rows of a derived table are locked inside of it: it may be ahead of the cursor.
        let locks = !plan.derived && locks(&statement, tokens, inner.clone());
        plan.edits.insert(0, Edit { start: range.start, end: inner.start, pieces: vec![Piece::Text(head)] });
        let command = Command::Declare { name: name.into(), locks };
        Ok(Step::of(plan.render(tokens, range), command, plan))
    }
}
