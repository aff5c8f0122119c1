//! The protocol's states of one console connection: messages in, commands and answers out. It carries no command out and knows no socket.

use super::command::{self, Command, Show};
use super::{Answer, show, table};
use crate::config::Console;
use crate::error::{Fault, Refusal, Rule, SqlState};
use crate::wire::Frame;
use crate::wire::answer::{self, Report, Severity};
use crate::wire::backend::Transaction;
use crate::wire::frontend::{Frontend, Target};
use std::collections::{HashMap, VecDeque};

/// Most prepared statements, and portals, of one connection.
const NAMES: usize = 100;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is dealt with, but for the commands that [`Session::next`] tells.
    Done,
    /// The client said goodbye.
    Ended,
}

/// A console connection that is logged in.
#[derive(Debug)]
pub struct Session {
    role: Console,
    /// Commands that are still to be run.
    queue: VecDeque<Command>,
    /// They came in one simple query: columns are described with the rows, and ReadyForQuery follows the last.
    simple: bool,
    /// Messages up to the next Sync are skipped.
    skipping: bool,
    statements: HashMap<Box<[u8]>, Option<Command>>,
    portals: HashMap<Box<[u8]>, Option<Command>>,
}

impl Session {
    /// A session of who may do so much.
    #[must_use]
    pub fn new(role: Console) -> Self {
        Self { role, queue: VecDeque::new(), simple: false, skipping: false, statements: HashMap::new(), portals: HashMap::new() }
    }

    /// From now on the user may do so much.
    pub fn adopt(&mut self, role: Console) {
        self.role = role;
    }

    /// Takes a message, after whose commands [`Session::next`] is to be asked.
    ///
    /// # Errors
    /// [`Fault`] when the client broke the protocol.
    pub fn on_client(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) -> Result<Taken, Fault> {
        let message = Frontend::read(frame)?;
        if self.skipping && !matches!(message, Frontend::Sync | Frontend::Terminate) {
            return Ok(Taken::Done);
        }
        let refused = match message {
            Frontend::Query(text) => {
                self.query(text, out);
                return Ok(Taken::Done);
            }
            Frontend::Terminate => return Ok(Taken::Ended),
            Frontend::Sync => {
                self.skipping = false;
                answer::ready(out, Transaction::Idle);
                return Ok(Taken::Done);
            }
            // What there is to say is written after each message.
            Frontend::Flush | Frontend::CopyData | Frontend::CopyDone | Frontend::CopyFail(_) => Ok(()),
            Frontend::Parse(parse) => self.parse(parse.name, parse.text, parse.declared(), out),
            Frontend::Bind(bind) => {
                // Text is asked for by no format at all, or by zeros: a count comes first.
                let binary = bind.results.get(2..).is_some_and(|formats| formats.iter().any(|&b| b != 0));
                self.bind(bind.statement, bind.portal, bind.count, binary, out)
            }
            Frontend::Describe(target) => self.describe(target, out),
            Frontend::Execute { portal, rows } => self.execute(portal, rows, out),
            Frontend::Close(target) => {
                match target {
                    Target::Statement(name) => self.statements.remove(name),
                    Target::Portal(name) => self.portals.remove(name),
                };
                answer::close_complete(out);
                Ok(())
            }
            Frontend::FunctionCall => {
                let refusal =
                    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Message, "the console has no function call messages");
                report(&refusal, out);
                answer::ready(out, Transaction::Idle);
                return Ok(Taken::Done);
            }
        };
        if let Err(refusal) = refused {
            report(&refusal, out);
            self.skipping = true;
        }
        Ok(Taken::Done)
    }

    fn query(&mut self, text: &[u8], out: &mut Vec<u8>) {
        self.simple = true;
        match read(text) {
            Ok(commands) => {
                if commands.is_empty() {
                    answer::empty_query(out);
                }
                self.queue = commands.into();
            }
            Err(refusal) => report(&refusal, out),
        }
        self.end_query(out);
    }

    /// ReadyForQuery, when nothing of a simple query is left.
    fn end_query(&mut self, out: &mut Vec<u8>) {
        if self.simple && self.queue.is_empty() {
            self.simple = false;
            answer::ready(out, Transaction::Idle);
        }
    }

    fn parse(&mut self, name: &[u8], text: &[u8], declared: u16, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut commands = read(text)?.into_iter();
        let command = commands.next();
        if commands.next().is_some() || declared > 0 {
            return Err(unsupported("several commands in one statement, or parameters"));
        }
        keep(&mut self.statements, name, command)?;
        answer::parse_complete(out);
        Ok(())
    }

    fn bind(&mut self, statement: &[u8], portal: &[u8], count: u16, binary: bool, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let Some(command) = self.statements.get(statement) else { return Err(missing("prepared statement")) };
        if count > 0 || binary {
            return Err(unsupported("parameters, or results in binary format"));
        }
        keep(&mut self.portals, portal, command.clone())?;
        answer::bind_complete(out);
        Ok(())
    }

    fn describe(&self, target: Target<'_>, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let command = match target {
            Target::Statement(name) => {
                let command = self.statements.get(name).ok_or_else(|| missing("prepared statement"))?;
                answer::parameter_types(out, &[]);
                command
            }
            Target::Portal(name) => self.portals.get(name).ok_or_else(|| missing("portal"))?,
        };
        match command {
            Some(Command::Show(what)) if *what != Show::Help => table::describe(show::columns(*what), out),
            Some(Command::Show(_) | Command::Change(_)) | None => answer::no_data(out),
        }
        Ok(())
    }

    fn execute(&mut self, portal: &[u8], rows: i32, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let command = self.portals.get(portal).ok_or_else(|| missing("portal"))?;
        if rows > 0 {
            return Err(unsupported("a limit of rows"));
        }
        match command {
            Some(command) => self.queue.push_back(command.clone()),
            None => answer::empty_query(out),
        }
        Ok(())
    }

    /// The command that is to be run now; its answer is due before the next. What the user may not do has been answered, and is to be
    /// recorded before the answer leaves.
    pub fn next(&mut self, out: &mut Vec<u8>) -> Option<Result<Command, (Command, Refusal)>> {
        let command = self.queue.pop_front()?;
        let Command::Change(verb) = &command else { return Some(Ok(command)) };
        match self.role {
            Console::Admin => Some(Ok(command)),
            Console::Stats => {
                let message = format!("permission denied for {}", verb.tag());
                let refusal = Refusal::new(SqlState::INSUFFICIENT_PRIVILEGE, Rule::Statement, message)
                    .with_hint("This user may SHOW: what changes something takes console = \"admin\".");
                self.refuse(&refusal, out);
                Some(Err((command, refusal)))
            }
        }
    }

    /// Answers the command that was run.
    pub fn answer(&mut self, command: &Command, done: Result<Answer, Refusal>, out: &mut Vec<u8>) {
        match done {
            Ok(answered) => {
                match &answered {
                    Answer::Table(table) => {
                        if self.simple {
                            table::describe(table.columns, out);
                        }
                        table.write(out);
                    }
                    Answer::Help => answer::notice(out, "Console usage", &command::help()),
                    Answer::Done => {}
                }
                let tag = match command {
                    Command::Show(_) => "SHOW",
                    Command::Change(verb) => verb.tag(),
                };
                answer::command_complete(out, tag);
                self.end_query(out);
            }
            Err(refusal) => self.refuse(&refusal, out),
        }
    }

    /// What follows in the same query, or up to the next Sync, is not run.
    fn refuse(&mut self, refusal: &Refusal, out: &mut Vec<u8>) {
        report(refusal, out);
        self.queue.clear();
        self.skipping = !self.simple;
        self.end_query(out);
    }
}

fn read(text: &[u8]) -> Result<Vec<Command>, Refusal> {
    let refusal = |_| Refusal::new(SqlState::CHARACTER_NOT_IN_REPERTOIRE, Rule::Syntax, "the text is not UTF8");
    command::read(std::str::from_utf8(text).map_err(refusal)?)
}

fn keep(named: &mut HashMap<Box<[u8]>, Option<Command>>, name: &[u8], command: Option<Command>) -> Result<(), Refusal> {
    if named.len() >= NAMES && !named.contains_key(name) {
        let message = "too many prepared statements or portals in the console";
        return Err(Refusal::new(SqlState::PROGRAM_LIMIT_EXCEEDED, Rule::Bounds, message));
    }
    named.insert(name.into(), command);
    Ok(())
}

fn missing(what: &str) -> Refusal {
    Refusal::new(SqlState::INVALID_SQL_STATEMENT_NAME, Rule::Name, format!("there is no such {what}"))
}

fn unsupported(what: &str) -> Refusal {
    Refusal::new(SqlState::FEATURE_NOT_SUPPORTED, Rule::Message, format!("the console does not support {what}"))
        .with_hint("Use the simple query protocol.")
}

fn report(refusal: &Refusal, out: &mut Vec<u8>) {
    let hint = refusal.hint.as_deref();
    Report { severity: Severity::Error, code: refusal.code, message: &refusal.message, hint, position: None }.write(out);
}
