//! What `pgmoat check` and `pgmoat explain` say of the billing database. They change nothing, and no case here asks them to.

use crate::cluster::cluster;
use crate::proxy::{PASSWORD, Proxy, Setup};
use crate::wire::Wire;
use crate::world::{TENANCY, World};
use std::path::Path;
use std::process::Command;

fn verb(arguments: &[&str], config: &Path) -> (Option<i32>, String) {
    let (verb, rest) = arguments.split_first().expect("a verb");
    let output =
        Command::new(env!("CARGO_BIN_EXE_pgmoat")).args([verb, "--config"]).arg(config).args(rest).output().expect("pgmoat runs");
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

/// The words of each relation's line.
const LINES: [(&str, &str, &str); 17] = [
    ("scoped", "public.meters", "by tenant_id = the tenant's id, property by property_id"),
    ("scoped", "public.documents", "by tenant_key = the tenant's key, whatever the property"),
    ("scoped", "public.payments", "by tenant_id = the tenant's id, refused to users limited in property"),
    ("scoped", "public.receipts", "through payment_id = public.payments.id, property as there"),
    ("scoped", "public.stamps", "through receipt_id = public.receipts.id, property as there"),
    ("scoped", "public.ticks_a_low", "by tenant_id = the tenant's id, property by property_id"),
    ("scoped", "public.sums", "by tenant_id = the tenant's id, refused to users limited in property"),
    ("refused", "public.scribbles", "there is no foreign key that it is reached through"),
    ("refused", "public.far", "foreign tables must be declared in [tenancy.tables]"),
    (
        "view",
        "public.deep",
        "replaced by its definition, over public.nested, public.open_invoices, public.invoices, public.properties",
    ),
    ("view", "public.constants", "replaced by its definition, over no relation"),
    ("refused", "public.no_function", "permission denied for view no_function: permission denied for function every_meter"),
    ("refused", "public.no_staffed", "permission denied for view no_staffed: relation \"public.staff_names\" does not exist"),
    ("refused", "public.watched", "a column of it has a type that looks names up"),
    ("refused", "public.watched_types", "a column of it has a type that looks names up"),
    ("scoped", "public.indexed_words", "by tenant_id = the tenant's id, refused to users limited in property"),
    ("hidden", "public.staff_names", ""),
];

/// Where texts have other bytes, names would be cut off at other places.
#[test]
fn a_database_in_another_encoding_is_not_served() {
    let world = World::new();
    let mut admin = Wire::connect(cluster().port, "postgres", "postgres", None).expect("the server");
    admin.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    let folder = tempfile::tempdir().expect("folder");
    let config = folder.path().join("pgmoat.toml");
    let text = std::fs::read_to_string(world.proxy().config()).expect("the configuration");
    std::fs::write(&config, text.replace(&world.real, "latin")).expect("write");
    let output =
        Command::new(env!("CARGO_BIN_EXE_pgmoat")).args(["check", "--config"]).arg(&config).output().expect("pgmoat runs");
    let (code, said) = (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(code != Some(0) && said.contains("the database is in LATIN1"), "{said}");
}

#[test]
fn check_says_whose_the_rows_are_and_why_not() {
    let world = World::new();
    let proxy = world.proxy();
    let (code, text) = verb(&["check"], &proxy.config());
    assert_eq!(code, Some(0), "{text}");
    let found: Vec<Vec<&str>> = text.lines().map(|l| l.split_whitespace().collect()).collect();
    for (kind, name, detail) in LINES {
        let wanted: Vec<&str> = [kind, name].into_iter().chain(detail.split_whitespace()).collect();
        assert!(found.contains(&wanted), "no line {wanted:?} in\n{text}");
    }
    assert!(text.contains("levels below the tenant\n  property: limited to nodes: alder_east (1001, 1002)"), "{text}");
    assert!(text.contains("public.receipts: the unique key receipts_pkey lacks payment_id"), "{text}");
    assert!(!text.contains("receipts_payment_id_fkey"), "{text}");
    let key = "public.meters: the unique key meters_tenant_id_id_key without property_id: a user who is limited in property";
    assert!(text.contains(key), "{text}");
    assert!(
        text.contains("public.scribbles: `through` cannot be kept, so the table is refused: there is no validated foreign key"),
        "{text}"
    );
}

#[test]
fn explain_shows_what_a_limited_user_is_limited_to() {
    let world = World::new();
    let proxy = world.proxy();
    let ask = |user: &str, sql: &str| verb(&["explain", "--user", user, sql], &proxy.config());
    let (code, text) = ask("alder_east", "SELECT id FROM meters");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("\"property_id\" OPERATOR(pg_catalog.=) ANY ( '{\"1001\",\"1002\"}'::pg_catalog.int8[] )"), "{text}");
    assert!(text.contains("-- meters: predicate in place, the user's nodes by property_id"), "{text}");
    let (code, text) = ask("alder_app", "SELECT id FROM meters");
    assert_eq!((code, text.contains("ANY")), (Some(0), false), "{text}");
    let (code, text) = ask("alder_east", "SELECT id FROM payments");
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("limited in level \"property\"") && text.contains("scopes = { property = \"...\" }"), "{text}");
    let (code, text) = ask("alder_app", "SELECT id FROM stamps");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("-- public.stamps: scoped, through receipt_id = public.receipts.id"), "{text}");
}

#[test]
fn nodes_of_another_type_than_their_column_let_nobody_in() {
    let world = World::new();
    let tenancy = TENANCY.replace("property = [1001, 1002]", "property = [\"north\"]");
    let proxy = Proxy::start(&Setup::new(&world.real, &tenancy));
    let (_, text) = verb(&["check"], &proxy.config());
    let wanted = "users that cannot log in\n  alder_east: tenant \"alder\" or user \"alder_east\" has no value for \"property\" of type pg_catalog.int8";
    assert!(text.contains(wanted), "{text}");
    assert!(Wire::connect(proxy.port, "alder_east", &proxy.database, Some(PASSWORD)).is_err());
    assert_eq!(proxy.client("alder_app").run("SELECT count(*) FROM properties"), [[Some("5".to_owned())]]);
}
