//! Asks the server what the proxy's role may do beyond reading and writing rows, and what runs there with other rights than its own.
//! It only asks: what the tables' structure allows is in the catalog snapshot.

use super::catalog::with_client;
use super::{Dialler, Trouble};
use tokio_postgres::Client;

const PRIVILEGE: &str = include_str!("privilege.sql");

/// One sentence for each privilege too many, SECURITY DEFINER function, and default that calls a function of the user's.
///
/// # Errors
/// [`Trouble`] when the server cannot be reached or asked.
pub async fn excess(dialler: &Dialler) -> Result<Vec<String>, Trouble> {
    with_client(dialler, async |client: Client| {
        let mut sentences = Vec::new();
        for row in client.query(PRIVILEGE, &[]).await? {
            let (subject, sentence): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            sentences.push(format!("{subject}: {sentence}"));
        }
        Ok(sentences)
    })
    .await
}
