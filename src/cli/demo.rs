//! `pgmoat demo`: a private PostgreSQL with two tenants, the proxy before it, and a tour of what it keeps apart.
//! Nothing of it outlives the process, and the proxy in it is the one that `serve` runs.

mod client;
mod cluster;
mod package;
mod tour;

use super::{Exit, Outside, Trouble, serve};
use cluster::{Cluster, Workspace};
use ring::rand::{SecureRandom, SystemRandom};
use std::io::Write;
use tour::{GUESTS, Places};

const DATABASE: &str = "billing";
/// The role that the proxy uses: it owns nothing.
const ROLE: &str = "pgmoat";
const SCHEMA: &str = include_str!("demo/billing.sql");

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// End after the tour; the exit code is 1 if a step did not behave as told
    #[arg(long)]
    tour: bool,
}

pub(super) fn run(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    serve::runtime()?.block_on(async {
        // The whole demo is dropped when a signal comes, and with it the cluster and its directory.
        let mut ended = serve::Ended::listen()?;
        tokio::select! {
            exit = demo(arguments, outside) => exit,
            () = ended.wait() => {
                say("stopping")?;
                Ok(if arguments.tour { Exit::Trouble } else { Exit::Done })
            }
        }
    })
}

/// A line of progress.
fn say(text: &str) -> Result<(), Trouble> {
    writeln!(std::io::stdout(), "-- {text}")?;
    Ok(())
}

async fn demo(arguments: &Arguments, outside: &Outside) -> Result<Exit, Trouble> {
    let workspace = Workspace::new(outside)?;
    let bin = match package::find(outside).await? {
        Some(bin) => bin,
        None => package::install(workspace.root()).await?,
    };
    say(&format!("a private PostgreSQL of {}", bin.display()))?;
    let cluster = Cluster::create(workspace, bin, secret()?).await?;
    let role_password = secret()?;
    say("a billing database with two tenants, acme and globex")?;
    load(&cluster, &role_password).await?;

    let directory = cluster.workspace.path().to_path_buf();
    let audit = directory.join("audit.jsonl");
    // The usual ports, or any where somebody has them.
    let usual = config(&cluster, &role_password, &audit, (6432, 6480));
    let any = config(&cluster, &role_password, &audit, (0, 0));
    let config = cluster.workspace.write("pgmoat.toml", &usual)?;
    let proxy = match serve::start(&config, outside, None).await {
        Ok(proxy) => proxy,
        Err(_) => serve::start(&cluster.workspace.write("pgmoat.toml", &any)?, outside, None).await?,
    };
    say(&format!("pgmoat at {}, before PostgreSQL at 127.0.0.1:{}", proxy.address, cluster.port))?;

    let places = Places {
        proxy: proxy.address.port(),
        server: cluster.port,
        superuser: &cluster.password,
        role: &role_password,
        audit: &audit,
    };
    let exit = tour::run(&places).await?;
    if !arguments.tour {
        invitation(&proxy, &config)?;
        proxy.broken().await?;
        return Ok(Exit::Trouble);
    }
    proxy.stop().await?;
    Ok(exit)
}

/// 128 random bits in hex.
fn secret() -> Result<String, Trouble> {
    let mut bytes = [0_u8; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Trouble::plain("the system gives no random bytes"))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

async fn load(cluster: &Cluster, role_password: &str) -> Result<(), Trouble> {
    let cannot = || Trouble::of("cannot load the billing database");
    let admin = client::connect(cluster.port, "postgres", &cluster.password, "postgres").await.map_err(cannot())?;
    let roles = format!(
        "CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{role_password}';\
         CREATE ROLE billing_owner NOLOGIN"
    );
    admin.batch_execute(&roles).await.map_err(cannot())?;
    admin.batch_execute(&format!("CREATE DATABASE {DATABASE} OWNER billing_owner")).await.map_err(cannot())?;
    admin.batch_execute(&format!("REVOKE TEMPORARY ON DATABASE {DATABASE} FROM PUBLIC")).await.map_err(cannot())?;
    let admin = client::connect(cluster.port, "postgres", &cluster.password, DATABASE).await.map_err(cannot())?;
    admin.batch_execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC").await.map_err(cannot())?;
    admin.batch_execute(&format!("SET ROLE billing_owner; {SCHEMA}")).await.map_err(cannot())
}

/// The configuration, with these ports for clients and for HTTP.
fn config(cluster: &Cluster, role_password: &str, audit: &std::path::Path, (clients, http): (u16, u16)) -> String {
    let mut text = format!(
        "[listen]\naddress = \"127.0.0.1:{clients}\"\n\n[http]\naddress = \"127.0.0.1:{http}\"\n\n\
         [upstream]\nurl = \"postgres://{ROLE}:{role_password}@127.0.0.1:{}/{DATABASE}\"\npool_size = 10\n\n\
         [tenancy]\ncolumn = \"organisation_id\"\nshared = [\"public.tariffs\"]\n\n\
         [tenancy.tables.\"public.organisations\"]\ncolumn = \"id\"\n\n",
        cluster.port
    );
    for guest in &GUESTS {
        let verifier = postgres_protocol::password::scram_sha_256(guest.password.as_bytes());
        text += &format!("[[tenants]]\nname = \"{}\"\nid = {}\n\n", guest.tenant, guest.id);
        text += &format!("[[users]]\nname = \"{}\"\npassword = \"{verifier}\"\ntenant = \"{}\"\n\n", guest.user, guest.tenant);
    }
    text += &format!("[audit]\npath = \"{}\"\n", audit.display());
    text
}

fn invitation(proxy: &serve::Proxy, config: &std::path::Path) -> Result<(), Trouble> {
    let mut out = std::io::stdout();
    writeln!(out, "\nTry it:\n")?;
    for guest in &GUESTS {
        writeln!(out, "    psql \"postgres://{}:{}@{}/{DATABASE}\"", guest.user, guest.password, proxy.address)?;
    }
    writeln!(out, "    pgmoat explain --config {} --user acme_app \"SELECT * FROM meters\"", config.display())?;
    writeln!(out, "    pgmoat check --config {}", config.display())?;
    if let Some(http) = proxy.http {
        writeln!(out, "    curl http://{http}/metrics")?;
    }
    writeln!(out, "\nCtrl-C ends it all and leaves nothing behind.")?;
    Ok(())
}
