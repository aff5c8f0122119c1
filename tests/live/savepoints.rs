//! Settings changed in transactions with savepoints, at random: what is in effect, here and on the next connection, is what PostgreSQL says.
//! It tests no statement but those of settings and transactions.

use crate::interleave::Dice;
use crate::proxy::{Proxy, Setup};
use crate::reply::{Order, difference};
use crate::wire::{bind, execute, parse, sync};
use crate::world::{TENANCY, World};

/// The seed of every run; a failure names its conversation.
const SEED: u64 = 0x5A7E_9017;
const CONVERSATIONS: usize = 80;
const STEPS: usize = 40;

fn statement(dice: &mut Dice) -> String {
    let name = ["a", "b", "\"A\""][dice.below(3)];
    let (setting, values) = [
        ("TimeZone", ["Asia/Tokyo", "Europe/Paris", "America/New_York"]),
        ("DateStyle", ["German", "SQL, DMY", "ISO, MDY"]),
        ("application_name", ["one", "two", "three"]),
    ][dice.below(3)];
    let value = values[dice.below(3)];
    match dice.below(30) {
        0..=3 => "BEGIN".to_owned(),
        4 => "COMMIT".to_owned(),
        5 => "ROLLBACK".to_owned(),
        6 => ["COMMIT AND CHAIN", "ROLLBACK AND CHAIN", "SELECT 1 / 0"][dice.below(3)].to_owned(),
        7..=10 => format!("SAVEPOINT {name}"),
        11 | 12 => format!("RELEASE {name}"),
        13..=15 => format!("ROLLBACK TO {name}"),
        16..=20 => format!("SET {setting} = '{value}'"),
        21..=23 => format!("SET LOCAL {setting} = '{value}'"),
        24 => format!("RESET {setting}"),
        25 => format!("SET {setting} TO DEFAULT"),
        26 => "RESET ALL".to_owned(),
        27 => format!("SHOW {setting}"),
        _ => "SELECT '2024-03-02'::date, '2024-01-02 03:04+00'::timestamptz".to_owned(),
    }
}

#[test]
fn settings_follow_savepoints() {
    let world = World::new();
    let proxy = Proxy::start(&Setup { pool_size: 1, ..Setup::new(&world.real, TENANCY) });
    let mut dice = Dice(SEED);
    let mut undone = 0;
    for conversation in 0..CONVERSATIONS {
        let (mut client, mut oracle) = (proxy.client("alder_app"), world.ask_oracle());
        let extended = conversation % 2 == 1;
        let mut said = Vec::new();
        for _ in 0..STEPS {
            let all: Vec<String> = (0..=dice.below(3)).map(|_| statement(&mut dice)).collect();
            let bytes = if extended {
                let one = |sql: &String| [parse("", sql, &[]), bind("", "", &[]), execute("", 0)].concat();
                [all.iter().map(one).collect::<Vec<_>>().concat(), sync()].concat()
            } else {
                crate::wire::query(&all.join("; "))
            };
            said.push(all.join("; "));
            let (got, want) = (client.exchange(&bytes), oracle.exchange(&bytes));
            let different = difference(&got, &want, Order::Kept);
            assert_eq!(
                different,
                None,
                "conversation {conversation}: {} instead of {} after\n{}",
                got.summary(),
                want.summary(),
                said.join("\n")
            );
            undone += usize::from(all.iter().any(|sql| sql.starts_with("ROLLBACK TO")) && got.error().is_none());
            if got.status == Some(b'I') && dice.below(3) == 0 {
                // Another client takes the one connection, with settings of its own.
                let mut other = proxy.client("birch_app");
                assert_eq!(other.run("SHOW TimeZone"), [[Some("UTC".to_owned())]]);
            }
        }
    }
    assert!(undone > 15, "only {undone} savepoints were gone back to");
}
