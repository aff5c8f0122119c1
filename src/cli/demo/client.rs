//! A plain PostgreSQL client over TCP, and its answers as tables. It has no way into the proxy but the one that everybody has.

use tokio_postgres::{Client, Config, Error, NoTls, SimpleQueryMessage};

/// Logs in at 127.0.0.1; the connection lives as long as the client.
pub(super) async fn connect(port: u16, user: &str, password: &str, database: &str) -> Result<Client, Error> {
    let mut config = Config::new();
    config.host("127.0.0.1").port(port).user(user).password(password).dbname(database).application_name("pgmoat demo");
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move {
        if let Err(e) = connection.await {
            tracing::debug!("a demo connection ended: {e}");
        }
    });
    Ok(client)
}

/// An answer in text form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The columns' names.
    pub(super) columns: Vec<String>,
    /// The rows; `None` is NULL.
    pub(super) rows: Vec<Vec<Option<String>>>,
    /// Rows affected, of a statement that returns none.
    pub(super) affected: u64,
}

/// Runs one statement by the simple protocol.
pub(super) async fn ask(client: &Client, sql: &str) -> Result<Answer, Error> {
    let mut answer = Answer::default();
    for message in client.simple_query(sql).await? {
        match message {
            SimpleQueryMessage::RowDescription(columns) => {
                answer.columns = columns.iter().map(|c| c.name().to_owned()).collect();
            }
            SimpleQueryMessage::Row(row) => {
                answer.rows.push((0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect());
            }
            SimpleQueryMessage::CommandComplete(count) => answer.affected = count,
            _ => {}
        }
    }
    Ok(answer)
}

impl Answer {
    /// The lines of a table: a head, a rule, the rows; numbers to the right. All lines are equally wide.
    pub(super) fn table(&self) -> Vec<String> {
        let cell = |v: &Option<String>| v.clone().unwrap_or_else(|| "NULL".to_owned());
        let rows: Vec<Vec<String>> = self.rows.iter().map(|r| r.iter().map(cell).collect()).collect();
        let width =
            |i: usize| rows.iter().map(|r| r[i].chars().count()).chain([self.columns[i].chars().count()]).max().unwrap_or(0);
        let numeric = |i: usize| !rows.is_empty() && rows.iter().all(|r| r[i].parse::<f64>().is_ok());
        let shape: Vec<(usize, bool)> = (0..self.columns.len()).map(|i| (width(i), numeric(i))).collect();
        let line = |cells: &[String]| {
            let padded = cells.iter().zip(&shape).map(|(cell, (width, right))| match right {
                true => format!("{cell:>width$}"),
                false => format!("{cell:<width$}"),
            });
            padded.collect::<Vec<_>>().join("  ")
        };
        let rule = shape.iter().map(|(width, _)| "\u{2500}".repeat(*width)).collect::<Vec<_>>().join("  ");
        [line(&self.columns), rule].into_iter().chain(rows.iter().map(|r| line(r))).collect()
    }
}

/// Two tables beside each other, each under its title.
pub(super) fn side_by_side(left: (&str, &Answer), right: (&str, &Answer)) -> String {
    let titled = |(title, answer): (&str, &Answer)| [title.to_owned()].into_iter().chain(answer.table()).collect::<Vec<_>>();
    let (left, right) = (titled(left), titled(right));
    let width = left.iter().map(|l| l.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for i in 0..left.len().max(right.len()) {
        let (l, r) = (left.get(i).map_or("", String::as_str), right.get(i).map_or("", String::as_str));
        text += format!("    {l:<width$}    \u{2502}  {r}").trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Answer, side_by_side};

    #[test]
    fn tables_are_aligned() {
        let answer = |rows: &[[Option<&str>; 2]]| Answer {
            columns: vec!["street".to_owned(), "used".to_owned()],
            rows: rows.iter().map(|r| r.iter().map(|c| c.map(str::to_owned)).collect()).collect(),
            affected: 0,
        };
        let (acme, globex) = (answer(&[[Some("Fischmarkt 7"), Some("12.5")], [None, Some("7")]]), answer(&[]));
        let expected = "    acme                  \u{2502}  globex\n    \
                        street        used    \u{2502}  street  used\n    \
                        ────────────  ────    \u{2502}  ──────  ────\n    \
                        Fischmarkt 7  12.5    \u{2502}\n    \
                        NULL             7    \u{2502}\n";
        assert_eq!(side_by_side(("acme", &acme), ("globex", &globex)), expected);
    }
}
