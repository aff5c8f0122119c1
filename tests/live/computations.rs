//! The list of computations against the server's own catalog: what is on it is what the conditions of `computations.sql` let through.
//! It does not call them.

use crate::cluster::cluster;
use crate::wire::Wire;
use std::collections::BTreeSet;
use std::path::Path;

/// A data file of the policy without its comments.
pub(crate) fn list(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/policy").join(name);
    let text = std::fs::read_to_string(path).expect("a data file");
    text.lines().filter(|l| !l.starts_with("# ")).map(str::to_owned).collect()
}

/// The names in the first column of a data file, of the rows whose second column is to be kept.
pub(crate) fn names(file: &str, keep: impl Fn(&str) -> bool) -> impl Iterator<Item = String> {
    let rows = list(file).into_iter().map(|l| l.split('\t').map(str::to_owned).collect::<Vec<_>>());
    rows.filter(move |row| keep(&row[1])).map(|row| row[0].clone())
}

/// The functions of the server's catalog that are on these lists and of which a condition on `pg_proc` holds.
fn listed_where(lists: &[&str], condition: &str) -> Vec<String> {
    let mut server = Wire::connect(cluster().port, "postgres", "postgres", None).expect("the server");
    let listed: Vec<String> = lists.iter().flat_map(|list| names(list, |_| true)).collect();
    let sql = format!(
        "SELECT DISTINCT proname::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND {condition} \
         AND proname = ANY ('{{{}}}'::text[]) ORDER BY 1",
        listed.join(",")
    );
    server.run(&sql).into_iter().map(|row| row[0].clone().expect("a name")).collect()
}

#[test]
fn a_listed_computation_reads_its_arguments_and_nothing_else() {
    let types: Vec<String> = names("types.txt", |group| group != "null").collect();
    let mut server = Wire::connect(cluster().port, "postgres", "postgres", None).expect("the server");
    let mut column =
        |sql: &str| -> BTreeSet<String> { server.run(sql).into_iter().map(|row| row[0].clone().expect("a name")).collect() };
    let derived = column(&include_str!("computations.sql").replace("{types}", &types.join(",")));
    let known = column("SELECT DISTINCT proname::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace");
    let listed: BTreeSet<String> =
        list("computations.txt").iter().flat_map(|l| l.split_whitespace()).map(str::to_owned).collect();
    let wrong: Vec<&String> = listed.iter().filter(|n| known.contains(*n) && !derived.contains(*n)).collect();
    assert!(wrong.is_empty(), "listed, and more than computations: {wrong:?}");
    let reviewed: BTreeSet<String> = names("functions.txt", |_| true).chain(names("catalog_functions.txt", |_| true)).collect();
    let version = column("SHOW server_version_num");
    if version.first().is_some_and(|v| v.starts_with("15")) {
        let missing: Vec<&String> = derived.iter().filter(|n| !listed.contains(*n) && !reviewed.contains(*n)).collect();
        assert!(missing.is_empty(), "computations that are on no list: {missing:?}");
    }
}

/// What is on the reviewed list and may do more than compute was looked at one by one: a new name shows here.
#[test]
fn what_is_volatile_on_the_reviewed_list_is_known() {
    let volatile = listed_where(&["functions.txt"], "provolatile = 'v'");
    let known = [
        "clock_timestamp",
        "gen_random_uuid",
        "pg_advisory_unlock_all",
        "pg_conf_load_time",
        "pg_get_wal_replay_pause_state",
        "pg_is_in_recovery",
        "pg_is_wal_replay_paused",
        "pg_jit_available",
        "pg_stat_clear_snapshot",
        "pg_stat_force_next_flush",
        "random",
        "timeofday",
    ];
    let unknown: Vec<&String> = volatile.iter().filter(|n| !known.contains(&n.as_str())).collect();
    assert!(unknown.is_empty(), "volatile and not known: {unknown:?}");
}

/// A planner support function may call what it supports on the statistics, which are of all tenants' rows: these were looked at one by one.
#[test]
fn what_the_planner_may_call_is_known() {
    let supported = listed_where(&["functions.txt", "catalog_functions.txt", "masked.txt"], "prosupport <> 0");
    // Numbers of rows, changes of modifiers, and a prefix, which fails on no value.
    let known = [
        "count",
        "dense_rank",
        "generate_series",
        "interval",
        "numeric",
        "rank",
        "row_number",
        "starts_with",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
        "unnest",
        "varbit",
        "varchar",
    ];
    let unknown: Vec<&String> = supported.iter().filter(|n| !known.contains(&n.as_str())).collect();
    assert!(unknown.is_empty(), "supported by the planner and not known: {unknown:?}");
}
