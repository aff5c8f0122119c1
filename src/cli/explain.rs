//! `pgmoat explain`: what the server would get for a user's statement, and why; or the refusal. It runs nothing.

use super::{Exit, Outside, Trouble, check, registry, serve};
use crate::catalog::Catalog;
use crate::config;
use crate::error::Refusal;
use crate::policy::{Identity, Policy};
use crate::rewrite::{Rewriter, Rewriters};
use crate::tenants::{Choice, Login, Registry, Unsettled};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Whose statement it is: a user, or user.tenant of one that has several
    #[arg(long, value_name = "NAME")]
    user: String,
    /// The statement, or several with semicolons between them
    sql: String,
}

pub(super) fn run(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    let settings = config::load(&arguments.config, &outside.variable)?.settings;
    let runtime = serve::runtime()?;
    let members = runtime.block_on(registry::members(&settings))?;
    let user = named(&arguments.user, &members)?;
    let (catalog, _) = runtime.block_on(check::read(&settings.upstream))?;
    let (policy, findings) = Policy::new(settings.tenancy.clone(), &catalog);
    if let Some(fatal) = findings.iter().find(|f| f.fatal) {
        return Err(Trouble::Usage(format!("{}: {}", fatal.subject, fatal.message)));
    }
    let rewriters = Rewriters::new(policy, catalog, 0);
    match rewriters.of(&user.identity).and_then(|rewriter| explain(rewriter, &user.identity, &arguments.sql)) {
        Ok(text) => {
            std::io::stdout().write_all(text.as_bytes())?;
            Ok(Exit::Done)
        }
        Err(refusal) => {
            std::io::stdout().write_all(told(&refusal, &arguments.sql).as_bytes())?;
            Ok(Exit::Refused)
        }
    }
}

/// The user that is meant, in the tenant that is named with it.
fn named(user: &str, members: &Registry) -> Result<Arc<Login>, Trouble> {
    let (name, tenant) = members.named(user);
    let Some(login) = members.find(name) else {
        let mut names: Vec<&str> = members.logins().map(|login| &*login.identity.user).collect();
        names.sort_unstable();
        return Err(Trouble::Usage(format!("there is no user `{user}`; there are: {}", names.join(", "))));
    };
    // Nobody logs in: whoever asks may ask for any tenant that a token could name.
    let choice = Choice { tenant: tenant.map(Arc::from), vouched: true, ..Choice::default() };
    members.settle(login, &choice).map_err(|why| {
        Trouble::Usage(match why {
            Unsettled::Foreign => format!("user `{name}` has no tenant `{}`", tenant.unwrap_or_default()),
            Unsettled::Unnamed => format!("user `{name}` has to name a tenant: {name}.TENANT"),
        })
    })
}

/// Each statement as the server would get it, then what each relation in it is to the tenant, and what was done.
fn explain(rewriter: &Rewriter, identity: &Identity, sql: &str) -> Result<String, Refusal> {
    let scope = rewriter.scope(identity)?;
    let mut text = String::new();
    for explained in rewriter.explain(sql, &scope)? {
        text += &format!("{};\n", explained.text);
        for name in explained.relations {
            text += &format!("-- {name}: {}\n", judged(rewriter.catalog(), rewriter.policy(), &name));
        }
        for note in explained.notes {
            text += &format!("-- {note}\n");
        }
    }
    Ok(text)
}

fn judged(catalog: &Catalog, policy: &Policy, name: &str) -> String {
    let relation = name.split_once('.').and_then(|(schema, relation)| catalog.find(Some(schema), relation));
    relation.map_or_else(
        || "outside the tenants' schemas".to_owned(),
        |relation| {
            let (kind, detail) = check::judgement(relation, catalog, policy);
            format!("{kind}, {detail}").trim_end_matches([' ', ',']).to_owned()
        },
    )
}

/// A refusal as psql would show it, with the rule.
fn told(refusal: &Refusal, sql: &str) -> String {
    let mut text = format!("ERROR:  {}: {}\n", refusal.code, refusal.message);
    if let Some(position) = refusal.position {
        let before = sql.get(..position as usize).unwrap_or(sql);
        let (line, start) = (before.matches('\n').count() + 1, before.rfind('\n').map_or(0, |at| at + 1));
        let label = format!("LINE {line}: ");
        let shown = sql[start..].lines().next().unwrap_or_default();
        text += &format!("{label}{shown}\n{:>1$}\n", '^', label.len() + before[start..].chars().count() + 1);
    }
    if let Some(hint) = &refusal.hint {
        text += &format!("HINT:  {hint}\n");
    }
    text + &format!("RULE:  {}\n", refusal.rule.as_str())
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::error::{Refusal, Rule, SqlState};

    #[test]
    fn a_refusal_points_at_its_place() {
        let refusal =
            Refusal::new(SqlState::UNDEFINED_TABLE, Rule::HiddenRelation, "relation \"x\" does not exist").at(17).with_hint("do");
        let expected =
            "ERROR:  42P01: relation \"x\" does not exist\nLINE 2: FROM x\n             ^\nHINT:  do\nRULE:  hidden_relation\n";
        assert_eq!(told(&refusal, "SELECT 'é'\nFROM x"), expected);
    }
}
