//! Changes of the registry: each in one transaction with the record of who made it and why. It does not judge values: the caller has.

use super::snapshot::Status;
use super::store::{ONE_BY_ONE, Store, Trouble, formed, limited};
use deadpool_postgres::Transaction;
use std::collections::BTreeMap;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

const NOTE: &str =
    "INSERT INTO pgmoat.changes (who, why, verb, tenant, detail) VALUES (coalesce($1, current_user), $2, $3, $4, $5)";

/// Who makes a change, and why.
#[derive(Clone, Debug)]
pub struct Author {
    /// `None`: the database's role.
    pub who: Option<String>,
    /// The reason, if one was given.
    pub why: Option<String>,
}

/// A tenant to be.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// Its name.
    pub name: String,
    /// What the tenant column holds.
    pub id: String,
    /// Its other attributes.
    pub attributes: BTreeMap<String, String>,
    /// Its plan.
    pub plan: Option<String>,
    /// Where its life begins.
    pub status: Status,
    /// When its trial ends, in seconds from now.
    pub trial_seconds: Option<f64>,
}

/// A user or a token to be.
#[derive(Clone, Debug)]
pub struct NewCredential {
    /// What it logs in as.
    pub name: String,
    /// Its SCRAM verifier.
    pub verifier: String,
    /// The nodes that it is limited to.
    pub nodes: BTreeMap<String, Vec<String>>,
    /// Its role, which the configuration has.
    pub role: Option<String>,
}

impl NewCredential {
    fn told(&self) -> String {
        self.role.iter().fold(self.name.clone(), |name, role| format!("{name}, role {role}"))
    }
}

/// What of a tenant is to be set.
#[derive(Clone, Debug)]
pub enum Setting {
    /// Its plan; `None`: no limits.
    Plan(Option<String>),
    /// When its trial ends, in seconds from now.
    Trial(f64),
    /// One of its free settings, JSON; `None` takes it away.
    Free(String, Option<String>),
    /// Where it is in its life.
    Status(Status),
}

impl Setting {
    fn told(&self) -> String {
        match self {
            Self::Plan(plan) => format!("plan={}", plan.as_deref().unwrap_or_default()),
            Self::Trial(seconds) => format!("trial ends in {seconds} s"),
            Self::Free(name, value) => format!("settings.{name}={}", value.as_deref().unwrap_or_default()),
            Self::Status(status) => format!("status={}", status.as_str()),
        }
    }
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, Trouble> {
    serde_json::to_string(value).map_err(|e| Trouble::Strange(e.to_string()))
}

/// What is there already is told as such.
fn taken(e: tokio_postgres::Error, what: String) -> Trouble {
    if e.code() == Some(&SqlState::UNIQUE_VIOLATION) { Trouble::Taken(what) } else { e.into() }
}

fn one(rows: u64, noun: &'static str, name: &str) -> Result<(), Trouble> {
    if rows == 0 { Err(Trouble::Unknown { noun, name: name.to_owned() }) } else { Ok(()) }
}

/// The record of a change, in the change's own transaction.
pub(super) async fn note(
    transaction: &Transaction<'_>,
    author: &Author,
    verb: &str,
    tenant: Option<&str>,
    detail: &str,
) -> Result<(), Trouble> {
    transaction.execute(NOTE, &[&author.who, &author.why, &verb, &tenant, &detail]).await?;
    Ok(())
}

impl Store {
    async fn change(
        &self,
        author: &Author,
        verb: &str,
        tenant: &str,
        detail: String,
        work: impl AsyncFnOnce(&Transaction<'_>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        limited(async {
            let mut client = self.client().await?;
            formed(&client).await?;
            let transaction = client.transaction().await?;
            transaction.batch_execute(ONE_BY_ONE).await?;
            work(&transaction).await?;
            note(&transaction, author, verb, Some(tenant), &detail).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    /// Makes a tenant and its first user.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn create(&self, author: &Author, tenant: &NewTenant, user: Option<&NewCredential>) -> Result<(), Trouble> {
        let named = user.map(|u| format!(", user {}", u.told())).unwrap_or_default();
        let detail = format!(
            "id={}, status={}, plan={}{named}",
            tenant.id,
            tenant.status.as_str(),
            tenant.plan.as_deref().unwrap_or_default()
        );
        self.change(author, "create", &tenant.name, detail, async |transaction| {
            let insert = "INSERT INTO pgmoat.tenants (name, id, attributes, plan, status, trial_ends)
             VALUES ($1, $2, $3::text::jsonb, $4, $5, now() + $6::float8 * interval '1 s')";
            let attributes = text(&tenant.attributes)?;
            let status = tenant.status.as_str();
            let made = transaction
                .execute(insert, &[&tenant.name, &tenant.id, &attributes, &tenant.plan, &status, &tenant.trial_seconds])
                .await;
            made.map_err(|e| {
                taken(e, format!("there is a tenant \"{}\" already, or one with the id {}", tenant.name, tenant.id))
            })?;
            let Some(user) = user else { return Ok(()) };
            let insert =
                "INSERT INTO pgmoat.users (name, tenant, verifier, scopes, role) VALUES ($1, $2, $3, $4::text::jsonb, $5)";
            let nodes = text(&user.nodes)?;
            let made = transaction.execute(insert, &[&user.name, &tenant.name, &user.verifier, &nodes, &user.role]).await;
            made.map_err(|e| taken(e, format!("there is a user \"{}\" already", user.name)))?;
            Ok(())
        })
        .await
    }

    /// Sets what is given of a tenant; `verb` is what the record calls it.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn set(&self, author: &Author, verb: &str, tenant: &str, settings: &[Setting]) -> Result<(), Trouble> {
        let detail = settings.iter().map(Setting::told).collect::<Vec<_>>().join(", ");
        self.change(author, verb, tenant, detail, async |transaction| {
            for setting in settings {
                let done = match setting {
                    Setting::Plan(plan) => {
                        transaction.execute("UPDATE pgmoat.tenants SET plan = $2 WHERE name = $1", &[&tenant, plan]).await?
                    }
                    Setting::Trial(seconds) => {
                        let sql = "UPDATE pgmoat.tenants SET status = 'trial', trial_ends = now() + $2::float8 * interval '1 s' WHERE name = $1";
                        transaction.execute(sql, &[&tenant, seconds]).await?
                    }
                    Setting::Free(name, Some(value)) => {
                        let sql = "UPDATE pgmoat.tenants SET settings = settings || jsonb_build_object($2::text, $3::text::jsonb) WHERE name = $1";
                        transaction.execute(sql, &[&tenant, name, value]).await?
                    }
                    Setting::Free(name, None) => {
                        let sql = "UPDATE pgmoat.tenants SET settings = settings - $2::text WHERE name = $1";
                        transaction.execute(sql, &[&tenant, name]).await?
                    }
                    Setting::Status(status) => {
                        let sql = "UPDATE pgmoat.tenants SET status = $2 WHERE name = $1";
                        transaction.execute(sql, &[&tenant, &status.as_str()]).await?
                    }
                };
                one(done, "tenant", tenant)?;
            }
            Ok(())
        })
        .await
    }

    /// Takes a tenant out, with its users and tokens.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn delete(&self, author: &Author, tenant: &str) -> Result<(), Trouble> {
        self.change(author, "delete", tenant, "with its users and tokens".to_owned(), async |transaction| {
            one(transaction.execute("DELETE FROM pgmoat.tenants WHERE name = $1", &[&tenant]).await?, "tenant", tenant)
        })
        .await
    }

    /// Makes a user of a tenant, of which there may be `most`.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn enrol(&self, author: &Author, tenant: &str, user: &NewCredential, most: Option<u64>) -> Result<(), Trouble> {
        self.change(author, "create user", tenant, user.told(), async |transaction| {
            let count = "SELECT count(*) FROM pgmoat.users WHERE tenant = $1";
            let there: i64 = transaction.query_one(count, &[&tenant]).await?.try_get(0)?;
            if let Some(most) = most.filter(|most| u64::try_from(there).unwrap_or(0) >= *most) {
                return Err(Trouble::Full(format!("tenant \"{tenant}\" has {there} users: its quota is {most}")));
            }
            let insert = "INSERT INTO pgmoat.users (name, tenant, verifier, scopes, role)
             SELECT $1, name, $3, $4::text::jsonb, $5 FROM pgmoat.tenants WHERE name = $2";
            let nodes = text(&user.nodes)?;
            let made = transaction.execute(insert, &[&user.name, &tenant, &user.verifier, &nodes, &user.role]).await;
            let made = made.map_err(|e| taken(e, format!("there is a user \"{}\" already", user.name)))?;
            one(made, "tenant", tenant)
        })
        .await
    }

    /// Gives a user another role, or none.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn cast(&self, author: &Author, user: &str, role: Option<&str>) -> Result<(), Trouble> {
        let tenant = self.tenant_of("SELECT tenant FROM pgmoat.users WHERE name = $1", "user", user).await?;
        let detail = format!("{user}, {}", role.map_or_else(|| "no role".to_owned(), |role| format!("role {role}")));
        self.change(author, "set user", &tenant, detail, async |transaction| {
            let sql = "UPDATE pgmoat.users SET role = $2 WHERE name = $1";
            one(transaction.execute(sql, &[&user, &role]).await?, "user", user)
        })
        .await
    }

    /// Takes a user out.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn expel(&self, author: &Author, user: &str) -> Result<(), Trouble> {
        let tenant = self.tenant_of("SELECT tenant FROM pgmoat.users WHERE name = $1", "user", user).await?;
        self.change(author, "delete user", &tenant, user.to_owned(), async |transaction| {
            one(transaction.execute("DELETE FROM pgmoat.users WHERE name = $1", &[&user]).await?, "user", user)
        })
        .await
    }

    /// The tenant that a query gives for a name.
    async fn tenant_of(&self, sql: &str, noun: &'static str, name: &str) -> Result<String, Trouble> {
        let row = limited(async { Ok(self.client().await?.query_opt(sql, &[&name]).await?) }).await?;
        Ok(row.ok_or_else(|| Trouble::Unknown { noun, name: name.to_owned() })?.try_get(0)?)
    }

    /// Makes a token of a tenant.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn issue(
        &self,
        author: &Author,
        tenant: &str,
        token: &NewCredential,
        label: Option<&str>,
        seconds: Option<f64>,
    ) -> Result<(), Trouble> {
        let detail = format!("{}{}", token.told(), label.map(|l| format!(", for {l}")).unwrap_or_default());
        self.change(author, "issue token", tenant, detail, async |transaction| {
            let insert = "INSERT INTO pgmoat.tokens (id, tenant, label, verifier, scopes, expires, role)
             SELECT $1, name, $3, $4, $5::text::jsonb, now() + $6::float8 * interval '1 s', $7 FROM pgmoat.tenants WHERE name = $2";
            let nodes = text(&token.nodes)?;
            let values: [&(dyn ToSql + Sync); 7] = [&token.name, &tenant, &label, &token.verifier, &nodes, &seconds, &token.role];
            let made = transaction.execute(insert, &values).await?;
            one(made, "tenant", tenant)
        })
        .await
    }

    /// Revokes a token; it stays on the list.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn revoke(&self, author: &Author, token: &str) -> Result<(), Trouble> {
        let noun = "token that is not revoked";
        let tenant = self.tenant_of("SELECT tenant FROM pgmoat.tokens WHERE id = $1 AND revoked IS NULL", noun, token).await?;
        self.change(author, "revoke token", &tenant, token.to_owned(), async |transaction| {
            let sql = "UPDATE pgmoat.tokens SET revoked = now() WHERE id = $1 AND revoked IS NULL";
            one(transaction.execute(sql, &[&token]).await?, noun, token)
        })
        .await
    }

    /// One line of text for each tenant, or each user or token (of `tenant`, if it is given), or what is known of one tenant: see the queries.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn list(&self, what: Listing, of: Option<&str>) -> Result<Vec<Vec<String>>, Trouble> {
        limited(async {
            let client = self.client().await?;
            formed(&client).await?;
            let rows = client.query(what.query(), &[&of]).await?;
            let cells = |row: &tokio_postgres::Row| (0..row.len()).map(|n| Ok(row.try_get(n)?)).collect();
            rows.iter().map(cells).collect()
        })
        .await
    }
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Name, id, status, plan, the end of its trial.
    Tenants,
    /// Name, tenant, role, scopes, when it was made.
    Users,
    /// Id, tenant, label, role, scopes, when it expires, its state.
    Tokens,
    /// What is known of a tenant: a name and a value.
    Tenant,
}

impl Listing {
    fn query(self) -> &'static str {
        match self {
            Self::Tenants => {
                "SELECT name, id, CASE WHEN status = 'trial' AND trial_ends <= now() THEN 'trial (expired)' ELSE status END,
                  coalesce(plan, '-'), coalesce(trial_ends::timestamptz(0)::text, '-')
                 FROM pgmoat.tenants WHERE $1::text IS NULL OR name = $1 ORDER BY name"
            }
            Self::Users => {
                "SELECT name, tenant, coalesce(role, '-'), scopes::text, created::timestamptz(0)::text
                 FROM pgmoat.users WHERE $1::text IS NULL OR tenant = $1 ORDER BY tenant, name"
            }
            Self::Tokens => {
                "SELECT id, tenant, coalesce(label, '-'), coalesce(role, '-'), scopes::text, coalesce(expires::timestamptz(0)::text, 'never'),
                  CASE WHEN revoked IS NOT NULL THEN 'revoked' WHEN expires <= now() THEN 'expired' ELSE 'good' END
                 FROM pgmoat.tokens WHERE $1::text IS NULL OR tenant = $1 ORDER BY tenant, created, id"
            }
            Self::Tenant => {
                "SELECT kind, said FROM pgmoat.tenants t CROSS JOIN LATERAL (
                  SELECT 1 AS place, NULL::timestamptz AS at, kind, said FROM (VALUES ('name', name), ('id', id), ('attributes', attributes::text),
                    ('status', status), ('trial ends', trial_ends::text), ('plan', plan), ('settings', settings::text), ('created', created::text)) v(kind, said)
                  UNION ALL SELECT 2, created, 'user', concat_ws(' ', name, 'role=' || role, scopes::text) FROM pgmoat.users WHERE tenant = t.name
                  UNION ALL SELECT 3, at, 'change', concat_ws(' ', at::timestamptz(0)::text, who || ':', verb || ':', detail, '(' || why || ')')
                    FROM pgmoat.changes WHERE tenant = t.name) lines
                 WHERE t.name = $1 AND said IS NOT NULL ORDER BY place, at"
            }
        }
    }
}
