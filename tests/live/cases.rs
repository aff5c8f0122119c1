//! The case files of the isolation suite: statements as data, run on a target and on the oracle, and judged by law 1.
//! It does not start anything but what a case names.
//!
//! A case starts with `--# name | simple, extended or both | expectation`; its statements are separated by lines `--;`.
//! Lines before a statement: `--$ a | b` text parameters (extended protocol), `--! expectation` for this statement alone,
//! `--~ text` a text that must not arrive in this case, `--< text` COPY data, `--= ordered`: rows are compared in order.
//! A line `--* 3 (1, {n})` stands for `(1, 1), (1, 2), (1, 3)`.
//! A line `--= as` ends the statement; what follows is what the oracle is asked instead (the tenant column written out).
//! Expectations: `same` (`stamped` is the same, said of such pairs), `refused [SQLSTATE]`, `same-or-refused`, `safe` (any answer without a canary and without damage).

use crate::reply::{Order, Reply, difference};
use crate::wire::{self, Wire};
use crate::world::{FOREIGN, World};

/// What a statement must end in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Expect {
    Same,
    Refused(Option<String>),
    SameOrRefused,
    Safe,
}

#[derive(Clone, Debug)]
struct Statement {
    sql: String,
    expect: Expect,
    parameters: Vec<Option<String>>,
    order: Order,
    copy: Option<Vec<u8>>,
    /// What the oracle is asked instead: the same statement with the tenant column written out.
    twin: Option<String>,
}

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    name: String,
    extended: bool,
    /// Whether the statement is sent twice before, in transactions that are rolled back: the third time it is a prepared one.
    promoted: bool,
    statements: Vec<Statement>,
    absent: Vec<String>,
}

impl Case {
    /// File and name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// What is under test.
pub(crate) enum Target<'a> {
    /// pgmoat, as tenant 1's user.
    Proxy(&'a crate::proxy::Proxy),
    /// A server, as this role: for the suite's own test.
    Direct(&'a str),
}

/// How many cases ended how.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) same: usize,
    pub(crate) refused: usize,
    pub(crate) failures: Vec<String>,
}

fn expectation(text: &str, place: &str) -> Expect {
    match text.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["same" | "stamped"] => Expect::Same,
        ["same-or-refused"] => Expect::SameOrRefused,
        ["safe"] => Expect::Safe,
        ["refused"] => Expect::Refused(None),
        ["refused", code] => Expect::Refused(Some((*code).to_owned())),
        _ => panic!("{place}: unknown expectation {text:?}"),
    }
}

/// Reads a case file; a case for both protocols gives two, and a simple one of a single statement one more, promoted.
pub(crate) fn read(file: &str, text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let text = text.lines().map(rows).collect::<Vec<_>>().join("\n");
    for block in text.split("\n--# ").skip(1) {
        let (head, body) = block.split_once('\n').unwrap_or((block, ""));
        let parts: Vec<&str> = head.split('|').map(str::trim).collect();
        let [name, protocol, expect] = parts.as_slice() else { panic!("{file}: bad head {head:?}") };
        let place = format!("{file}/{name}");
        let default = expectation(expect, &place);
        let mut absent = Vec::new();
        let statements: Vec<Statement> = body.split("\n--;\n").map(|s| statement(s, &default, &mut absent, &place)).collect();
        let extended: &[bool] = match *protocol {
            "simple" => &[false],
            "extended" => &[true],
            "both" => &[false, true],
            other => panic!("{place}: unknown protocol {other:?}"),
        };
        let single = statements.len() == 1 && statements.iter().all(|s| s.copy.is_none());
        let promoted = (extended.contains(&false) && single).then_some((false, true, " (promoted)"));
        let plain = extended.iter().map(|&e| (e, false, if e { " (extended)" } else { "" }));
        for (extended, promoted, suffix) in plain.chain(promoted) {
            cases.push(Case {
                name: format!("{place}{suffix}"),
                extended,
                promoted,
                statements: statements.clone(),
                absent: absent.clone(),
            });
        }
    }
    assert!(!cases.is_empty(), "{file}: no case");
    cases
}

/// The rows that a line `--* number template` stands for; any other line itself.
fn rows(line: &str) -> String {
    let Some((number, template)) = line.strip_prefix("--* ").and_then(|l| l.split_once(' ')) else { return line.to_owned() };
    let (template, comma) = template.strip_suffix(',').map_or((template, ""), |t| (t, ","));
    let number: usize = number.parse().unwrap_or_else(|e| panic!("{line}: {e}"));
    (1..=number).map(|n| template.replace("{n}", &n.to_string())).collect::<Vec<_>>().join(", ") + comma
}

fn statement(text: &str, default: &Expect, absent: &mut Vec<String>, place: &str) -> Statement {
    let mut made = Statement {
        sql: String::new(),
        expect: default.clone(),
        parameters: Vec::new(),
        order: Order::Free,
        copy: None,
        twin: None,
    };
    let mut lines = Vec::new();
    let (text, twin) = text.split_once("\n--= as\n").map_or((text, None), |(s, t)| (s, Some(t.trim_end().to_owned())));
    made.twin = twin;
    for line in text.lines() {
        match line.split_at_checked(4) {
            Some(("--! ", rest)) => made.expect = expectation(rest, place),
            Some(("--~ ", rest)) => absent.push(rest.to_owned()),
            Some(("--= ", _)) => made.order = Order::Kept,
            Some(("--$ ", rest)) => {
                made.parameters = rest.split('|').map(str::trim).map(|v| (v != "NULL").then(|| v.to_owned())).collect();
            }
            Some(("--< ", rest)) => {
                let data = made.copy.get_or_insert_default();
                data.extend(rest.replace("\\t", "\t").bytes());
                data.push(b'\n');
            }
            Some(_) | None => lines.push(line),
        }
    }
    made.sql = lines.join("\n").trim_end().replace("\\u{0}", "\0");
    made
}

fn ask(wire: &mut Wire, statement: &Statement, extended: bool) -> Reply {
    let sent = if extended {
        let values: Vec<Option<&str>> = statement.parameters.iter().map(Option::as_deref).collect();
        let mut bytes = wire::parse("", &statement.sql, &[]);
        bytes.extend(wire::describe(b'S', ""));
        bytes.extend(wire::bind("", "", &values));
        bytes.extend(wire::describe(b'P', ""));
        bytes.extend(wire::execute("", 0));
        bytes.extend(wire::sync());
        wire.send(&bytes)
    } else {
        wire.send(&wire::query(&statement.sql))
    };
    match sent {
        Ok(()) => wire.collect(statement.copy.as_deref(), extended),
        Err(e) => Reply { broken: Some(e.kind()), ..Reply::default() },
    }
}

/// Twice without effect: a statement that comes for the third time is not read as text any more.
fn rehearse(client: &mut Wire, case: &Case) {
    for statement in case.statements.iter().cycle().take(2) {
        client.query("BEGIN");
        let reply = ask(client, statement, false);
        if reply.broken.is_some() {
            return;
        }
        client.query("ROLLBACK");
    }
}

/// Runs a case on the target and on the oracle.
pub(crate) fn check(case: &Case, target: &Target<'_>, world: &mut World, tally: &mut Tally) {
    let started = std::time::Instant::now();
    world.align_sequences();
    let mut client = match target {
        Target::Proxy(proxy) => proxy.client(world.user),
        Target::Direct(role) => Wire::connect(crate::cluster::cluster().port, role, &world.real, None).expect("connects"),
    };
    let mut forbidden: Vec<&str> = FOREIGN.to_vec();
    forbidden.extend(case.absent.iter().map(String::as_str));
    client.forbid(&forbidden);
    let mut oracle = world.ask_oracle();
    if case.promoted {
        rehearse(&mut client, case);
        world.align_sequences();
    }
    let mut problems = Vec::new();
    let mut refused = false;
    for statement in &case.statements {
        let got = ask(&mut client, statement, case.extended);
        let problem = judge(statement, &got, &mut oracle, case.extended, &mut refused);
        let stop = problem.is_some() || got.broken.is_some();
        problems.extend(problem.map(|p| format!("{p}\n      statement: {}", statement.sql)));
        if stop {
            break;
        }
    }
    problems.extend(client.leaks.iter().map(|l| format!("LEAK {l}")));
    drop(client);
    drop(oracle);
    problems.extend(world.settle(case.statements.iter().all(|s| s.expect != Expect::Safe)));
    if started.elapsed().as_secs() >= 3 {
        println!("slow: {} took {:?}", case.name, started.elapsed());
    }
    if !problems.is_empty() {
        tally.failures.push(format!("{}:\n    {}", case.name, problems.join("\n    ")));
    } else if refused {
        tally.refused += 1;
    } else {
        tally.same += 1;
    }
}

fn judge(statement: &Statement, got: &Reply, oracle: &mut Wire, extended: bool, refused: &mut bool) -> Option<String> {
    // A refused statement never ran; in the oracle an error of the same weight takes its place.
    let mut stand_in = |refused: &mut bool| {
        *refused = true;
        oracle.query("refused");
    };
    if got.broken.is_some() {
        return Some(format!("the connection ended: {}", got.summary()));
    }
    match &statement.expect {
        Expect::Refused(code) => {
            let fits = code.as_ref().map_or_else(|| got.is_refusal(), |c| got.sqlstate() == c);
            if !fits {
                return Some(format!("expected a refusal {code:?}, got {}", got.summary()));
            }
            stand_in(refused);
            hint_missing(got)
        }
        Expect::Safe => {
            ask(oracle, statement, extended);
            None
        }
        Expect::Same | Expect::SameOrRefused => {
            let may_refuse = statement.expect == Expect::SameOrRefused;
            if may_refuse && (got.is_refusal() || got.is_unread()) && hint_missing(got).is_none() {
                // PostgreSQL may say the same by itself; then this is no refusal, but the effect on the session is equal.
                stand_in(refused);
                return None;
            }
            let asked =
                statement.twin.as_ref().map_or_else(|| statement.clone(), |t| Statement { sql: t.clone(), ..statement.clone() });
            let want = ask(oracle, &asked, extended);
            let got = &if statement.twin.is_some() { got.clone().without_positions() } else { got.clone() };
            difference(got, &want, statement.order)
                .map(|d| format!("{d}\n      expected: {}\n      got:      {}", want.summary(), got.summary()))
        }
    }
}

/// "Not provably safe" must name the construct in a hint (design, section 5).
fn hint_missing(reply: &Reply) -> Option<String> {
    let lacks = reply.sqlstate() == "0A000" && reply.error().is_some_and(|f| !f.contains_key(&'H'));
    lacks.then(|| format!("0A000 without a hint: {}", reply.summary()))
}
