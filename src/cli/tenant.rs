//! `pgmoat tenant`: a tenant's life in the registry, from its making to its end. Running proxies hear of it by themselves.

use super::registry::{self, Opened};
use super::{Exit, Outside, Trouble, check, serve};
use crate::catalog::Catalog;
use crate::config::Settings;
use crate::limits::{Account, Day, Line, Meter, Period, Quota, Stock};
use crate::policy::{Access, Compared, Identity, Policy, Tenant};
use crate::rewrite::Rewriter;
use crate::tenants::{Listing, NewCredential, NewTenant, Setting, Snapshot, Status, TOKEN};
use clap::Subcommand;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a tenant, and its first user, whose password is shown once
    Create(Create),
    /// Say which there are
    List {
        /// The configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Say what is known of one, and what was changed
    Show {
        /// Its name
        name: String,
        /// The configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Say what each has used, today and this month (UTC), what it has, and how it stands with its quotas
    Usage {
        /// Its name; default: all
        name: Option<String>,
        /// The configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// End its sessions and let nobody of it log in, until it is resumed
    Suspend(Named),
    /// Serve it again
    Resume(Named),
    /// Serve it no more, and keep it
    Archive(Named),
    /// Take it out, with its users and tokens; its rows stay in their tables
    Delete(Named),
    /// Set what is said of it: plan=NAME, trial=14d, status=past_due, settings.NAME=VALUE (JSON, or else a text; empty: none)
    Set(Set),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// Its name
    name: String,
    #[command(flatten)]
    change: registry::Change,
}

#[derive(Debug, clap::Args)]
struct Set {
    /// Its name
    name: String,
    /// What is to be
    #[arg(required = true, value_name = "KEY=VALUE")]
    settings: Vec<String>,
    #[command(flatten)]
    change: registry::Change,
}

#[derive(Debug, clap::Args)]
struct Create {
    /// Its name
    name: String,
    /// What the tenant column holds in its rows
    #[arg(long)]
    id: String,
    /// Its first user
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Nodes that the user is limited to, as level=node,node
    #[arg(long, value_name = "LEVEL=NODES", requires = "user")]
    scope: Vec<String>,
    /// The user's role, one of [roles]; without it the user may do what the tenant may
    #[arg(long, value_name = "ROLE", requires = "user")]
    role: Option<String>,
    /// One of [plans]; without it there are no limits
    #[arg(long)]
    plan: Option<String>,
    /// Another value that tables compare, as name=value
    #[arg(long, value_name = "NAME=VALUE")]
    attribute: Vec<String>,
    /// It is on trial for so long, such as 14d
    #[arg(long, value_name = "DURATION")]
    trial: Option<String>,
    #[command(flatten)]
    change: registry::Change,
}

pub(super) fn run(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    let runtime = serve::runtime()?;
    match &arguments.verb {
        Verb::Create(create) => runtime.block_on(make(create, outside)),
        Verb::List { config } => {
            let head = ["tenant", "id", "status", "plan", "trial ends"];
            runtime.block_on(registry::list(config, outside, Listing::Tenants, None, &head))
        }
        Verb::Show { name, config } => runtime.block_on(registry::list(config, outside, Listing::Tenant, Some(name), &[])),
        Verb::Usage { name, config } => runtime.block_on(usage(config, outside, name.as_deref())),
        Verb::Suspend(named) => runtime.block_on(live(named, "suspend", Status::Suspended, outside)),
        Verb::Resume(named) => runtime.block_on(live(named, "resume", Status::Active, outside)),
        Verb::Archive(named) => runtime.block_on(live(named, "archive", Status::Archived, outside)),
        Verb::Delete(named) => runtime.block_on(delete(named, outside)),
        Verb::Set(set) => runtime.block_on(change(set, outside)),
    }
}

/// What tenants have used as the registry has it, and what their plans say of that; and whether a proxy has failed them within a minute.
async fn usage(config: &Path, outside: &Outside, name: Option<&str>) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(config, outside)?;
    let members = registry::members(&settings).await?;
    let today = Day::of(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default());
    let used = store.add_usage(&[], today, true).await.map_err(registry::refused)?;
    let stored = store.held(Stock::Storage, today).await.map_err(registry::refused)?;
    let failing = store.failing(today).await.map_err(registry::refused)?;
    let (budgets, users, none) = (members.budgets(), members.users(), Quota::default());
    let known: BTreeSet<&str> = used.keys().map(String::as_str).chain(budgets.keys().copied()).collect();
    let mut rows = Vec::new();
    for tenant in known.into_iter().filter(|tenant| name.is_none_or(|name| name == *tenant)) {
        let (meter, mut account) = (Meter::default(), Account::default());
        let (day, before) = used.get(tenant).copied().unwrap_or_default();
        account.turn(&meter, today);
        account.keep(day, Some(before));
        let held = [(Stock::Storage, stored.get(tenant)), (Stock::Users, users.get(tenant))];
        held.into_iter().for_each(|(stock, n)| n.into_iter().for_each(|n| account.hold(stock, *n)));
        let quota = budgets.get(tenant).map_or(&none, |budget| &budget.plan.quota);
        let lines: Vec<Line> = account.lines(&meter, quota).collect();
        let standing = lines.iter().map(|line| line.standing).max().unwrap_or_default().as_str();
        let health = if failing.contains(tenant) { "failing" } else { standing };
        let dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        rows.extend(lines.iter().map(|line| {
            let period = line.subject.period().map_or("now", Period::as_str);
            let ends = dash(line.ends.map(|day| day.to_string()));
            let (used, limit) = (line.used.to_string(), dash(line.limit.map(|n| n.to_string())));
            let told = [tenant, line.subject.what(), period, &used, &limit, line.standing.as_str(), &ends, health];
            told.map(str::to_owned).to_vec()
        }));
    }
    registry::show(&["tenant", "metric", "period", "used", "quota", "status", "resets", "health"], rows)
}

/// Brings a tenant to another stage of its life.
async fn live(named: &Named, verb: &str, status: Status, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&named.change.config, outside)?;
    elsewhere(&named.name, &settings)?;
    let author = named.change.author(outside);
    store.set(&author, verb, &named.name, &[Setting::Status(status)]).await.map_err(registry::refused)?;
    writeln!(std::io::stdout(), "tenant {} is {}", named.name, status.as_str())?;
    Ok(Exit::Done)
}

async fn delete(named: &Named, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&named.change.config, outside)?;
    elsewhere(&named.name, &settings)?;
    store.delete(&named.change.author(outside), &named.name).await.map_err(registry::refused)?;
    let name = &named.name;
    writeln!(std::io::stdout(), "tenant {name} is deleted from the registry; its rows are still in their tables")?;
    Ok(Exit::Done)
}

/// A tenant of the configuration is not the registry's to change.
fn elsewhere(name: &str, settings: &Settings) -> Result<(), Trouble> {
    if settings.tenants.contains_key(name) {
        return Err(Trouble::Usage(format!("tenant \"{name}\" stands in the configuration: change it there")));
    }
    Ok(())
}

async fn change(set: &Set, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&set.change.config, outside)?;
    elsewhere(&set.name, &settings)?;
    let wanted = set.settings.iter().map(|s| setting(s, &settings)).collect::<Result<Vec<_>, _>>()?;
    store.set(&set.change.author(outside), "set", &set.name, &wanted).await.map_err(registry::refused)?;
    writeln!(std::io::stdout(), "tenant {}: {}", set.name, set.settings.join(", "))?;
    Ok(Exit::Done)
}

/// One `key=value`.
fn setting(text: &str, settings: &Settings) -> Result<Setting, Trouble> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(Trouble::Usage(format!("`{text}` is not of the form key=value")));
    };
    let given = (!value.is_empty()).then_some(value);
    match key {
        "plan" => {
            planned(given, settings)?;
            Ok(Setting::Plan(given.map(str::to_owned)))
        }
        "trial" => Ok(Setting::Trial(seconds(value)?)),
        "status" => {
            let known = || Status::ALL.map(Status::as_str).join(", ");
            let status =
                Status::parse(value).ok_or_else(|| Trouble::Usage(format!("`{value}` is not a status; known: {}", known())))?;
            Ok(Setting::Status(status))
        }
        _ => match key.strip_prefix("settings.").filter(|name| !name.is_empty()) {
            Some(name) => {
                let json = |value: &str| match serde_json::from_str::<serde_json::Value>(value) {
                    Ok(json) => json.to_string(),
                    Err(_) => serde_json::Value::from(value).to_string(),
                };
                if name == "limits" {
                    crate::tenants::limits(given).map_err(|why| Trouble::Usage(format!("`{key}`: {why}")))?;
                }
                Ok(Setting::Free(name.to_owned(), given.map(json)))
            }
            None => Err(Trouble::Usage(format!("`{key}` cannot be set; known: plan, trial, status, settings.NAME"))),
        },
    }
}

/// A duration from now on, in seconds.
pub(super) fn seconds(text: &str) -> Result<f64, Trouble> {
    let parsed: Result<Duration, _> = humantime::parse_duration(text);
    parsed.map(|d| d.as_secs_f64()).map_err(|e| Trouble::Usage(format!("`{text}` is not a duration such as 14d or 12h: {e}")))
}

pub(super) fn checked_name(noun: &str, name: &str) -> Result<(), Trouble> {
    let simple = |c: char| c.is_ascii_alphanumeric() || "_-.@".contains(c);
    if name.is_empty() || name.len() > 63 || !name.chars().all(simple) || name.starts_with(TOKEN) {
        let message =
            format!("`{name}` cannot be the name of a {noun}: 1 to 63 of A-Z a-z 0-9 _ - . @, not beginning with {TOKEN}");
        return Err(Trouble::Usage(message));
    }
    Ok(())
}

/// That the plan is one of those configured.
fn planned(plan: Option<&str>, settings: &Settings) -> Result<(), Trouble> {
    match plan {
        Some(plan) if !settings.plans.contains_key(plan) => {
            let known: Vec<&str> = settings.plans.keys().map(String::as_str).collect();
            Err(Trouble::Usage(format!("there is no plan `{plan}` in the configuration; known: {}", known.join(", "))))
        }
        Some(_) | None => Ok(()),
    }
}

/// What of a tenant that is to be made can be judged by the arguments and the configuration alone.
fn judged(create: &Create, settings: &Settings) -> Result<(NewTenant, Option<(NewCredential, String)>), Trouble> {
    checked_name("tenant", &create.name)?;
    planned(create.plan.as_deref(), settings)?;
    if settings.tenants.contains_key(&create.name) {
        return Err(Trouble::Usage(format!("the configuration has a tenant \"{}\" already", create.name)));
    }
    let mut attributes = BTreeMap::new();
    for attribute in &create.attribute {
        let Some((name, value)) = attribute.split_once('=').filter(|(n, v)| !n.is_empty() && *n != "id" && !v.is_empty()) else {
            return Err(Trouble::Usage(format!("`{attribute}` is not of the form name=value")));
        };
        attributes.insert(name.to_owned(), value.to_owned());
    }
    let user = match &create.user {
        Some(user) => {
            checked_name("user", user)?;
            if settings.users.contains_key(user) {
                return Err(Trouble::Usage(format!("the configuration has a user \"{user}\" already")));
            }
            let secret = registry::secret()?;
            let nodes = registry::nodes(&create.scope, settings)?;
            registry::cast(create.role.as_deref(), &nodes, settings)?;
            let (verifier, role) = (registry::verifier(&secret), create.role.clone());
            Some((NewCredential { name: user.clone(), verifier, nodes, role }, secret))
        }
        None => None,
    };
    let trial_seconds = create.trial.as_deref().map(seconds).transpose()?;
    let tenant = NewTenant {
        name: create.name.clone(),
        id: create.id.clone(),
        attributes,
        plan: create.plan.clone(),
        status: if trial_seconds.is_some() { Status::Trial } else { Status::Active },
        trial_seconds,
    };
    Ok((tenant, user))
}

async fn make(create: &Create, outside: &Outside) -> Result<Exit, Trouble> {
    let Opened { settings, store } = registry::open(&create.change.config, outside)?;
    let (tenant, user) = judged(create, &settings)?;
    let known = store.load().await.map_err(registry::refused)?;
    let (catalog, weak) = check::read(&settings.upstream).await?;
    let told = fits(&tenant, user.as_ref().map(|u| &u.0), &settings, &known, catalog)?;
    store.create(&create.change.author(outside), &tenant, user.as_ref().map(|u| &u.0)).await.map_err(registry::refused)?;
    let mut text = format!("tenant {} is {}\n{told}", tenant.name, tenant.status.as_str());
    for weakness in weak {
        text += &format!("warning: {weakness}\n");
    }
    if let Some((user, secret)) = user {
        text += &format!("user {}; its password is shown this once\n", user.name);
        text += &format!("DATABASE_URL={}\n", registry::database_url(&settings, &user.name, &secret));
    }
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

/// That the tenant's values are of their columns' types and nobody else's, and what of the schema is its own: as `check` sees it.
fn fits(
    tenant: &NewTenant,
    user: Option<&NewCredential>,
    settings: &Settings,
    known: &Snapshot,
    catalog: Catalog,
) -> Result<String, Trouble> {
    let (policy, findings) = Policy::new(settings.tenancy.clone(), &catalog);
    if let Some(fatal) = findings.iter().find(|f| f.fatal) {
        return Err(Trouble::plain(format!("the schema does not fit the configuration: {}: {}", fatal.subject, fatal.message)));
    }
    let mut attributes = tenant.attributes.clone();
    attributes.insert("id".to_owned(), tenant.id.clone());
    let own = Tenant { name: tenant.name.as_str().into(), attributes, settings: "{}".into(), plan: None };
    for slot in policy.slots() {
        let Compared::Attribute(attribute) = &slot.of else { continue };
        let value = |tenant: &Tenant| tenant.attributes.get(attribute).and_then(|v| slot.kind.canonical(v));
        let others = settings.tenants.values().chain(known.tenants.values().map(|e| &e.tenant));
        for other in others.filter(|o| o.name != own.name) {
            if value(&own).is_some() && value(&own) == value(other) {
                let message = format!("tenant \"{}\" has the same {attribute}: each would see the other's rows", other.name);
                return Err(Trouble::Usage(message));
            }
        }
    }
    let nodes = user.map(|u| u.nodes.clone()).unwrap_or_default();
    let name = user.map_or(tenant.name.as_str(), |u| u.name.as_str());
    let identity = Identity { user: name.into(), tenant: Some(Arc::new(own)), nodes, bypass: false, switches: false, role: None };
    let rewriter = Rewriter::new(Arc::new(policy), Arc::new(catalog));
    rewriter.scope(&identity).map_err(|refusal| Trouble::Usage(refusal.message))?;
    let (catalog, policy) = (rewriter.catalog(), rewriter.policy());
    let count =
        |is: fn(&Access) -> bool| catalog.relations().iter().filter(|r| check::is_listed(r) && is(policy.access(r))).count();
    let scoped = count(|a| matches!(a, Access::Scoped { column: _, slot: _ } | Access::Through(_)));
    let refused = count(|a| matches!(a, Access::Refused(_)));
    let hidden = count(|a| matches!(a, Access::Hidden));
    Ok(format!("schema: {scoped} tables scoped, {refused} refused, {hidden} hidden (`pgmoat check` lists them)\n"))
}
