//! The isolation suite over case files: the proxy answers as the one-tenant database does, or refuses.

use crate::cases::{Tally, Target, check, read};
use crate::world::World;

/// A case file and its name.
macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("cases/", $name, ".sql")))
    };
}

const FILES: [(&str, &str); 12] = [
    file!("select"),
    file!("write"),
    file!("session"),
    file!("lexical"),
    file!("leaky"),
    file!("objects"),
    file!("catalogs"),
    file!("copy"),
    file!("through"),
    file!("views"),
    file!("syntax"),
    file!("derived"),
];

/// What a user asks who is limited to some nodes of the tenant's tree.
const LIMITED: [(&str, &str); 1] = [file!("limited")];

/// What a user asks whose role hides columns.
const HIDDEN: [(&str, &str); 1] = [file!("hidden")];

fn run(target: &Target<'_>, world: &mut World, files: &[(&str, &str)], step: usize) -> Tally {
    let mut tally = Tally::default();
    let only = std::env::var("PGMOAT_CASE").unwrap_or_default();
    for (name, text) in files {
        for case in read(name, text).iter().filter(|c| c.name().contains(&only)).step_by(step) {
            check(case, target, world, &mut tally);
        }
    }
    tally
}

#[test]
fn every_case_of_a_limited_user_answers_as_the_database_with_its_rows_or_is_refused() {
    let mut world = World::limited();
    let proxy = world.proxy();
    let tally = run(&Target::Proxy(&proxy), &mut world, &LIMITED, 1);
    let (same, refused, bad) = (tally.same, tally.refused, tally.failures.len());
    println!("limited cases: {same} the same, {refused} refused, {bad} wrong");
    assert!(tally.failures.is_empty(), "{bad} of {} cases are wrong:\n{}", same + refused + bad, tally.failures.join("\n"));
}

#[test]
fn every_case_of_a_user_whose_role_hides_columns_answers_as_the_database_without_them_or_is_refused() {
    let mut world = World::without_columns();
    let proxy = world.proxy();
    let tally = run(&Target::Proxy(&proxy), &mut world, &HIDDEN, 1);
    let (same, refused, bad) = (tally.same, tally.refused, tally.failures.len());
    println!("cases of hidden columns: {same} the same, {refused} refused, {bad} wrong");
    assert!(tally.failures.is_empty(), "{bad} of {} cases are wrong:\n{}", same + refused + bad, tally.failures.join("\n"));
}

#[test]
fn every_case_answers_as_the_one_tenant_database_or_is_refused() {
    let mut world = World::new();
    let proxy = world.proxy();
    let tally = run(&Target::Proxy(&proxy), &mut world, &FILES, 1);
    let (same, refused, bad) = (tally.same, tally.refused, tally.failures.len());
    println!("isolation cases: {same} the same, {refused} refused, {bad} wrong");
    assert!(tally.failures.is_empty(), "{bad} of {} cases are wrong:\n{}", same + refused + bad, tally.failures.join("\n"));
}

/// The suite itself must be able to fail: no proxy at all, and row-level security alone, do not pass it.
#[test]
fn the_suite_sees_what_nothing_and_row_level_security_let_through() {
    // A third of them, without the statements that would change roles, which the databases of this cluster share.
    let files: Vec<(&str, &str)> = FILES.into_iter().filter(|(name, _)| ["select", "write", "leaky"].contains(name)).collect();
    let direct = run(&Target::Direct("app"), &mut World::new(), &files, 3);
    println!("no proxy: {} of {} cases wrong", direct.failures.len(), direct.failures.len() + direct.same + direct.refused);
    let mut world = World::new();
    world.with_row_level_security();
    let rls = run(&Target::Direct("alder_rls"), &mut world, &files, 3);
    println!("row-level security: {} of {} cases wrong", rls.failures.len(), rls.failures.len() + rls.same + rls.refused);
    if std::env::var_os("PGMOAT_VERBOSE").is_some() {
        println!("{}\n----\n{}", direct.failures.join("\n"), rls.failures.join("\n"));
    }
    assert!(direct.failures.len() > 150, "only {} cases see that no proxy is there", direct.failures.len());
    assert!(rls.failures.len() < direct.failures.len() && rls.failures.len() > 10, "row-level security: {}", rls.failures.len());
}
