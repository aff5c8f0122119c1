//! The tour: what two tenants see of one database, what is refused, and what stays of it in the audit file.
//! Every answer is compared with that of a session that holds one tenant's rows only; the tour says where they differ.

use super::super::{Exit, Trouble};
use super::client::{Answer, ask, connect, side_by_side};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio_postgres::Client;

/// A tenant of the demo: its id, the user that the proxy knows, and that user's password.
pub(super) struct Guest {
    pub(super) tenant: &'static str,
    pub(super) id: u32,
    pub(super) user: &'static str,
    pub(super) password: &'static str,
}

/// The two tenants.
pub(super) const GUESTS: [Guest; 2] = [
    Guest { tenant: "acme", id: 1, user: "acme_app", password: "acme-demo" },
    Guest { tenant: "globex", id: 2, user: "globex_app", password: "globex-demo" },
];

/// The tables and views that belong to tenants, as the oracle needs them: without `organisations`, whose column is `id`.
const SCOPED: [&str; 8] =
    ["properties", "residents", "meters", "readings", "invoices", "invoice_lines", "payments", "invoice_balances"];

/// Where the tour goes.
pub(super) struct Places<'a> {
    /// The proxy's port on 127.0.0.1.
    pub(super) proxy: u16,
    /// PostgreSQL's port on 127.0.0.1.
    pub(super) server: u16,
    /// The password of PostgreSQL's superuser, for the oracle.
    pub(super) superuser: &'a str,
    /// The password of the role that the proxy uses, for the figure.
    pub(super) role: &'a str,
    /// The audit file.
    pub(super) audit: &'a Path,
}

struct Tour<'a> {
    places: &'a Places<'a>,
    /// Through the proxy, one a guest.
    guests: [Client; 2],
    /// Straight at the server, with one guest's rows only.
    oracles: [Client; 2],
    failures: usize,
}

/// A statement and what it must come to.
const SAME_FOR_BOTH: [(&str, &str); 4] = [
    ("Who am I? The tenants' own table.", "SELECT id, name, city, trade FROM organisations"),
    (
        "How much is there?",
        "SELECT count(*) AS readings, count(DISTINCT meter_id) AS meters, round(sum(consumption), 1) AS consumption\n\
         FROM readings",
    ),
    (
        "A join over four tables. It names no tenant, and ids start at 1 in both.",
        "SELECT p.street, m.serial, t.name AS tariff, sum(r.consumption) AS used, t.unit\n\
         FROM properties p JOIN meters m ON m.property_id = p.id JOIN readings r ON r.meter_id = m.id\n\
         JOIN tariffs t ON t.code = m.tariff_code\n\
         GROUP BY p.street, m.serial, t.name, t.unit ORDER BY used DESC, m.serial LIMIT 3",
    ),
    (
        "A view: who owes most?",
        "SELECT r.name, b.month, b.open\n\
         FROM invoice_balances b JOIN residents r ON r.id = b.resident_id\n\
         WHERE b.open > 0 ORDER BY b.open DESC, b.id LIMIT 3",
    ),
];

/// What acme must not do, and the SQLSTATEs that say so.
const REFUSED: [(&str, &str, &[&str]); 5] = [
    ("Give a meter away", "UPDATE meters SET organisation_id = 2 WHERE id = 7", &["42501"]),
    (
        "Write into globex's books",
        "INSERT INTO payments (organisation_id, invoice_id, paid_on, amount) VALUES (2, 1, '2026-10-01', 9.99)",
        &["42501"],
    ),
    ("Read a table that is nobody's", "SELECT note FROM operator_notes", &["42P01"]),
    ("Change what all tenants share", "UPDATE tariffs SET unit_price = 0", &["42501"]),
    ("Hold a connection for a minute", "SELECT pg_sleep(60)", &["42501", "0A000"]),
];

/// Shows it all.
pub(super) async fn run(places: &Places<'_>) -> Result<Exit, Trouble> {
    let mut tour = Tour::new(places).await?;
    for (title, sql) in SAME_FOR_BOTH {
        tour.same_for_both(title, sql).await?;
    }
    tour.reaching_across().await?;
    tour.stamped().await?;
    let seen = audit_lines(places.audit)?.len();
    tour.refused().await?;
    tour.audited(seen)?;
    tour.figure().await?;
    if tour.failures == 0 {
        return Ok(Exit::Done);
    }
    super::say(&format!("{} steps of the tour did not behave as told", tour.failures))?;
    Ok(Exit::Trouble)
}

impl<'a> Tour<'a> {
    async fn new(places: &'a Places<'a>) -> Result<Self, Trouble> {
        let guest = async |guest: &Guest| {
            connect(places.proxy, guest.user, guest.password, super::DATABASE)
                .await
                .map_err(Trouble::of(format!("{} cannot log in at the proxy", guest.user)))
        };
        let guests = [guest(&GUESTS[0]).await?, guest(&GUESTS[1]).await?];
        let oracles = [oracle(places, &GUESTS[0]).await?, oracle(places, &GUESTS[1]).await?];
        Ok(Self { places, guests, oracles, failures: 0 })
    }

    /// Says whether something is as it must be, and counts it when not.
    fn verdict(&mut self, good: bool, claim: &str) -> Result<(), Trouble> {
        self.failures += usize::from(!good);
        let mark = if good { "\u{2713}" } else { "\u{2717} NOT SO:" };
        writeln!(std::io::stdout(), "    {mark} {claim}")?;
        Ok(())
    }

    async fn same_for_both(&mut self, title: &str, sql: &str) -> Result<(), Trouble> {
        heading(title, sql)?;
        let (mut answers, mut wrong) = (Vec::new(), Vec::new());
        for ((guest, client), oracle) in GUESTS.iter().zip(&self.guests).zip(&self.oracles) {
            match ask(client, sql).await {
                Ok(answer) => {
                    let alone = ask(oracle, sql).await.map_err(Trouble::of("the server cannot answer"))?;
                    if answer != alone {
                        wrong.push(format!("{} gets what a database with its rows alone would not answer", guest.tenant));
                    }
                    answers.push(answer);
                }
                Err(e) => wrong.push(format!("{} gets {}", guest.tenant, told(&e))),
            }
        }
        if let [acme, globex] = &answers[..] {
            write!(std::io::stdout(), "{}", side_by_side((GUESTS[0].user, acme), (GUESTS[1].user, globex)))?;
            if acme == globex {
                wrong.push("both get the same".to_owned());
            }
        }
        match wrong.is_empty() {
            true => self.verdict(true, "each is what a database with that tenant's rows alone answers"),
            false => self.verdict(false, &wrong.join("; ")),
        }
    }

    async fn reaching_across(&mut self) -> Result<(), Trouble> {
        let sql = "SELECT count(*) AS found FROM meters WHERE organisation_id = 2 OR true AND serial LIKE 'GX-%'";
        heading("acme asks for globex's rows by name", sql)?;
        let answer = ask(&self.guests[0], sql).await;
        let none = matches!(&answer, Ok(a) if a.rows == [[Some("0".to_owned())]]);
        show(&answer)?;
        self.verdict(none, "for acme they do not exist")
    }

    async fn stamped(&mut self) -> Result<(), Trouble> {
        let sql = "INSERT INTO payments (invoice_id, paid_on, amount) VALUES (5, '2026-10-01', 12.34) RETURNING *";
        heading("An INSERT that names no tenant is stamped with the user's own", sql)?;
        for (at, guest) in GUESTS.iter().enumerate() {
            let answer = ask(&self.guests[at], sql).await;
            show(&answer)?;
            let own = guest.id.to_string();
            let stamped = matches!(&answer, Ok(a) if a.rows.len() == 1 && a.rows[0].first() == Some(&Some(own)));
            self.verdict(stamped, &format!("the row is {}'s", guest.tenant))?;
        }
        Ok(())
    }

    async fn refused(&mut self) -> Result<(), Trouble> {
        writeln!(std::io::stdout(), "\nWhat acme must not do")?;
        for (title, sql, codes) in REFUSED {
            writeln!(std::io::stdout(), "\n  {title}\n    acme_app=> {sql}")?;
            let begun = Instant::now();
            let answer = ask(&self.guests[0], sql).await;
            show(&answer)?;
            let code = answer.as_ref().err().and_then(|e| e.code()).map(|c| c.code().to_owned());
            let good = code.as_deref().is_some_and(|c| codes.contains(&c)) && begun.elapsed() < Duration::from_secs(10);
            self.verdict(good, "refused")?;
        }
        let sql = "SELECT count(*) FILTER (WHERE organisation_id = 2 AND amount = 9.99), \
                   (SELECT count(*) FROM public.meters WHERE organisation_id = 2 AND serial LIKE 'AC-%'), \
                   (SELECT count(*) FROM public.tariffs WHERE unit_price = 0) FROM public.payments";
        let touched = ask(&self.oracles[0], sql).await.map_err(Trouble::of("the server cannot answer"))?;
        let none = touched.rows == [vec![Some("0".to_owned()); 3]];
        writeln!(std::io::stdout())?;
        self.verdict(none, "the server's tables show that none of it happened")
    }

    /// Every refusal since line `seen` is in the audit file, and the file's chain is whole.
    fn audited(&mut self, seen: usize) -> Result<(), Trouble> {
        let lines = audit_lines(self.places.audit)?;
        let refusals: Vec<&serde_json::Value> = lines.iter().skip(seen).filter(|l| l["event"] == "refusal").collect();
        let mut out = std::io::stdout();
        writeln!(out, "\nWhat stays of it: the audit record of the first refusal\n")?;
        if let Some(first) = refusals.first() {
            for key in crate::audit::KEYS {
                let value = &first[key];
                writeln!(out, "    {key:<9} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))?;
            }
        }
        let no_literals = !refusals.iter().any(|r| r.to_string().contains("9.99"));
        let complete = refusals.len() == REFUSED.len();
        let record_each =
            format!("{} refusals, {} records, durable before the client heard of it", REFUSED.len(), refusals.len());
        self.verdict(complete, &record_each)?;
        self.verdict(no_literals, "no literal of a statement is in them")?;
        let whole = crate::audit::verify(self.places.audit, &crate::audit::Expectation::default()).is_ok();
        self.verdict(whole, "the chain of hashes is whole (`pgmoat audit verify FILE`)")
    }

    /// How much the proxy adds to a point select; it is told, not judged.
    async fn figure(&mut self) -> Result<(), Trouble> {
        const ROUNDS: i64 = 2000;
        let direct = connect(self.places.server, super::ROLE, self.places.role, super::DATABASE).await;
        let direct = direct.map_err(Trouble::of("cannot log in at the server"))?;
        let through = median(&self.guests[0], "SELECT street FROM properties WHERE id = $1", ROUNDS).await;
        let straight = median(&direct, "SELECT street FROM properties WHERE organisation_id = 1 AND id = $1", ROUNDS).await;
        match (through, straight) {
            (Ok(through), Ok(straight)) => writeln!(
                std::io::stdout(),
                "\nWhat it costs: a prepared point select takes {} us through pgmoat, {} us straight (median of {ROUNDS}, one connection, this machine)",
                through.as_micros(),
                straight.as_micros()
            )?,
            (Err(e), _) | (_, Err(e)) => self.verdict(false, &format!("a prepared point select gets {}", told(&e)))?,
        }
        Ok(())
    }
}

/// A session at the server for which every scoped relation holds the guest's rows only: temporary views stand before the tables.
async fn oracle(places: &Places<'_>, guest: &Guest) -> Result<Client, Trouble> {
    let cannot = "cannot prepare the comparison at the server";
    let client = connect(places.server, "postgres", places.superuser, super::DATABASE).await.map_err(Trouble::of(cannot))?;
    let mut sql = format!("CREATE TEMP VIEW organisations AS SELECT * FROM public.organisations WHERE id = {};", guest.id);
    for relation in SCOPED {
        sql += &format!("CREATE TEMP VIEW {relation} AS SELECT * FROM public.{relation} WHERE organisation_id = {};", guest.id);
    }
    client.batch_execute(&sql).await.map_err(Trouble::of(cannot))?;
    Ok(client)
}

async fn median(client: &Client, sql: &str, rounds: i64) -> Result<Duration, tokio_postgres::Error> {
    let statement = client.prepare(sql).await?;
    let mut times = Vec::new();
    for round in 0..rounds {
        let begun = Instant::now();
        client.query(&statement, &[&(round % 60 + 1)]).await?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok(times[times.len() / 2])
}

fn heading(title: &str, sql: &str) -> Result<(), Trouble> {
    writeln!(std::io::stdout(), "\n{title}\n\n    {}\n", sql.replace('\n', "\n    "))?;
    Ok(())
}

fn show(answer: &Result<Answer, tokio_postgres::Error>) -> Result<(), Trouble> {
    let mut out = std::io::stdout();
    match answer {
        Ok(answer) if answer.columns.is_empty() => writeln!(out, "    {} rows affected", answer.affected)?,
        Ok(answer) => {
            for line in answer.table() {
                writeln!(out, "    {}", line.trim_end())?;
            }
        }
        Err(e) => writeln!(out, "    {}", told(e))?,
    }
    Ok(())
}

/// An error as psql would tell it, with its SQLSTATE.
fn told(e: &tokio_postgres::Error) -> String {
    match e.as_db_error() {
        None => e.to_string(),
        Some(db) => {
            let hint = db.hint().map(|h| format!("\n    HINT:  {h}")).unwrap_or_default();
            format!("{}:  {}: {}{hint}", db.severity(), db.code().code(), db.message())
        }
    }
}

fn audit_lines(path: &Path) -> Result<Vec<serde_json::Value>, Trouble> {
    let text = std::fs::read_to_string(path).map_err(Trouble::of("cannot read the audit file"))?;
    text.lines().map(|l| serde_json::from_str(l).map_err(Trouble::of("the audit file has a line that is not JSON"))).collect()
}
