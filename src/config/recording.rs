//! `[audit]` and `[[alerts]]`: what is recorded where, and who is told when it is too much. It opens no file and no connection.

use super::check::path;
use super::reader::{Section, suggest};
use super::{Audit, OnFailure};
use crate::alerts::{Occurrence, Rule, Target, TargetTrouble};
use crate::audit::SyslogAddress;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use toml::Spanned;

pub(super) fn audit(top: &Section<'_>, registry: bool) -> Audit {
    const KEYS: &[&str] =
        &["path", "rotate_size", "signing_key", "checkpoint_every", "logins", "on_failure", "name", "stdout", "syslog", "table"];
    let mut audit = Audit {
        path: PathBuf::from("audit.jsonl"),
        rotate_size: 1 << 30,
        signing_key: None,
        checkpoint_every: 1000,
        logins: true,
        on_failure: OnFailure::Refuse,
        name: "pgmoat".to_owned(),
        stdout: false,
        syslog: None,
        table: false,
    };
    let Some(section) = top.section("audit", "[audit]".to_owned(), KEYS) else { return audit };
    audit.path = path(&section, "path").unwrap_or(audit.path);
    audit.rotate_size = section.number("rotate_size", 0..=1 << 50).unwrap_or(audit.rotate_size);
    audit.signing_key = path(&section, "signing_key");
    audit.checkpoint_every = section.number("checkpoint_every", 1..=1_000_000_000).unwrap_or(audit.checkpoint_every);
    audit.logins = section.boolean("logins").unwrap_or(audit.logins);
    audit.name = section.scalar("name").map_or(audit.name, Spanned::into_inner);
    audit.stdout = section.boolean("stdout").unwrap_or(audit.stdout);
    audit.syslog = section.text("syslog").and_then(|text| syslog(&section, &text));
    audit.table = section.boolean("table").unwrap_or(audit.table);
    if audit.table && !registry {
        let help =
            Some("the table is in the registry's database: add `[registry]` with a `url`, and run `pgmoat init`".to_owned());
        section.reader.problem(section.place("table"), "`table` without `[registry]`", "in which database?", help);
    }
    if let Some(text) = section.text("on_failure") {
        match text.get_ref().as_str() {
            "refuse" => {}
            "degrade" => {
                audit.on_failure = OnFailure::Degrade;
                section.reader.warn("refusals and crossings go unrecorded where the audit file cannot be written".to_owned());
            }
            other => {
                let help = suggest(other, ["refuse", "degrade"]).or_else(|| Some("\"refuse\" or \"degrade\"".to_owned()));
                section.reader.problem(text.span(), "`on_failure` is not one of those known", "neither refuse nor degrade", help);
            }
        }
    }
    audit
}

/// `unix:/dev/log`, `udp:127.0.0.1:514`.
fn syslog(section: &Section<'_>, text: &Spanned<String>) -> Option<SyslogAddress> {
    let address = match text.get_ref().split_once(':') {
        Some(("unix", path)) if !path.is_empty() => Some(SyslogAddress::Unix(PathBuf::from(path))),
        Some(("udp", address)) => address.parse().ok().map(SyslogAddress::Udp),
        Some(_) | None => None,
    };
    if address.is_none() {
        let help = Some("for example \"unix:/dev/log\" or \"udp:127.0.0.1:514\"".to_owned());
        section.reader.problem(text.span(), "`syslog` is not an address of a syslog", "not understood", help);
    }
    address
}

pub(super) fn alerts(top: &Section<'_>) -> Vec<Rule> {
    const KEYS: &[&str] = &["on", "count", "within", "quiet", "webhook", "header", "ca"];
    top.sections("alerts", KEYS).iter().filter_map(rule).collect()
}

fn rule(section: &Section<'_>) -> Option<Rule> {
    let names = Occurrence::ALL.map(|(name, _)| name);
    let on = match section.text("on") {
        Some(text) => {
            let known = Occurrence::ALL.into_iter().find(|(name, _)| name == text.get_ref()).map(|(_, on)| on);
            if known.is_none() {
                let help = suggest(text.get_ref(), names).or_else(|| Some(format!("one of {}", names.join(", "))));
                section.reader.problem(text.span(), "`on` is not one of those known", "nothing that is counted", help);
            }
            known
        }
        None => {
            section.missing("on", &format!("one of {}", names.join(", ")));
            None
        }
    };
    let count = section.number("count", 1..=1000).unwrap_or(1);
    let within = section.duration("within").unwrap_or(Duration::from_secs(60));
    let quiet = section.duration("quiet").unwrap_or(Duration::from_secs(600));
    let target = target(section);
    Some(Rule { on: on?, count, within, quiet, target: Arc::new(target?) })
}

fn target(section: &Section<'_>) -> Option<Target> {
    let Some(webhook) = section.text("webhook") else {
        section.missing("webhook", "a URL that takes a JSON object by POST");
        return None;
    };
    let header = section.text("header");
    let ca = path(section, "ca");
    match Target::parse(webhook.get_ref(), header.as_ref().map(|h| h.get_ref().as_str()), ca.as_deref()) {
        Ok(target) => {
            if target.is_exposed() {
                section.reader.warn(format!("alerts to {target} go in plain: use https"));
            }
            Some(target)
        }
        Err(trouble) => {
            let key = if matches!(trouble, TargetTrouble::Header) { "header" } else { "webhook" };
            section.reader.problem(section.place(key), trouble.to_string(), "this one", None);
            None
        }
    }
}
