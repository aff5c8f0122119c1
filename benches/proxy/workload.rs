//! What is run: the rows of the table, and for each contestant the statements that mean the same. It does not run them.

use crate::contestant::Contestant;
use crate::database::{ACCOUNTS, BRANCHES, READINGS};

/// How many clients at once.
const CLIENTS: [usize; 3] = [1, 16, 64];

/// What clients do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    /// One row by its key.
    Select,
    /// pgbench's transaction of five statements.
    Tpcb,
    /// A result of 100 rows.
    Hundred,
    /// A result of 10,000 rows.
    TenThousand,
    /// COPY of 20,000 rows to the client.
    CopyOut,
    /// COPY of 20,000 rows from the client.
    CopyIn,
}

/// How statements are sent, as pgbench calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Simple,
    Extended,
    Prepared,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) workload: Workload,
    pub(crate) mode: Mode,
    pub(crate) clients: usize,
}

impl Workload {
    pub(crate) const ALL: [Self; 6] = [Self::Select, Self::Tpcb, Self::Hundred, Self::TenThousand, Self::CopyOut, Self::CopyIn];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Tpcb => "tpcb",
            Self::Hundred => "rows100",
            Self::TenThousand => "rows10000",
            Self::CopyOut => "copy-out",
            Self::CopyIn => "copy-in",
        }
    }

    /// As people would say it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Select => "Point select",
            Self::Tpcb => "TPC-B-like",
            Self::Hundred => "100 rows",
            Self::TenThousand => "10,000 rows",
            Self::CopyOut => "COPY out",
            Self::CopyIn => "COPY in",
        }
    }

    pub(crate) fn is_copy(self) -> bool {
        matches!(self, Self::CopyOut | Self::CopyIn)
    }
}

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::Simple, Self::Extended, Self::Prepared];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Extended => "extended",
            Self::Prepared => "prepared",
        }
    }
}

impl Row {
    /// All rows, in the table's order.
    pub(crate) fn all() -> Vec<Self> {
        let modes = |w: Workload| Mode::ALL.into_iter().filter(move |m| !w.is_copy() || *m == Mode::Simple);
        let of = |w| modes(w).flat_map(move |mode| CLIENTS.map(|clients| Self { workload: w, mode, clients }));
        Workload::ALL.into_iter().flat_map(of).collect()
    }

    pub(crate) fn name(&self) -> String {
        format!("{}/{}/{}", self.workload.name(), self.mode.name(), self.clients)
    }

    /// Whether a contestant can run it.
    pub(crate) fn runs_on(&self, contestant: Contestant, bouncer_prepares: bool) -> bool {
        match contestant {
            Contestant::Direct | Contestant::Moat => true,
            Contestant::Bouncer => self.mode != Mode::Prepared || bouncer_prepares,
            // pgbench cannot prepare amid the transactions that set the tenant (see `load`); PostgreSQL refuses COPY FROM under row-level security.
            Contestant::BouncerRls => self.mode != Mode::Prepared && self.workload != Workload::CopyIn,
        }
    }
}

/// The tenant of these statements, where a contestant leaves it to the application.
fn condition(contestant: Contestant) -> &'static str {
    match contestant {
        Contestant::Direct | Contestant::Bouncer => "tenant_id = 1 AND ",
        Contestant::BouncerRls | Contestant::Moat => "",
    }
}

const SET_TENANT: &str = "SELECT set_config('app.tenant', '1', true);\n";

/// The script that pgbench runs.
pub(crate) fn script(workload: Workload, contestant: Contestant) -> String {
    let own = condition(contestant);
    let (column, value) = if contestant == Contestant::Moat { ("", "") } else { ("tenant_id, ", "1, ") };
    let confined = contestant == Contestant::BouncerRls;
    let readings = |rows: usize| {
        format!(
            "\\set id random(1, {})\n\\set last :id + {}\nSELECT id, meter, taken_at, value, note FROM readings WHERE {own}id BETWEEN :id AND :last;\n",
            READINGS - rows,
            rows - 1
        )
    };
    let alone = match workload {
        Workload::Select => {
            format!("\\set id random(1, {ACCOUNTS})\nSELECT id, owner, balance, note FROM accounts WHERE {own}id = :id;\n")
        }
        Workload::Hundred => readings(100),
        Workload::TenThousand => readings(10_000),
        Workload::Tpcb => {
            let set = if confined { SET_TENANT } else { "" };
            return format!(
                "\\set account random(1, {ACCOUNTS})\n\\set branch random(1, {BRANCHES})\n\\set teller random(1, {})\n\\set delta random(-5000, 5000)\n\
                 BEGIN;\n{set}UPDATE accounts SET balance = balance + :delta WHERE {own}id = :account;\n\
                 SELECT balance FROM accounts WHERE {own}id = :account;\nUPDATE tellers SET balance = balance + :delta WHERE {own}id = :teller;\n\
                 UPDATE branches SET balance = balance + :delta WHERE {own}id = :branch;\n\
                 INSERT INTO history ({column}teller, branch, account, delta, at) VALUES ({value}:teller, :branch, :account, :delta, CURRENT_TIMESTAMP);\nEND;\n",
                BRANCHES * 10
            );
        }
        Workload::CopyOut | Workload::CopyIn => unreachable!("pgbench has no COPY"),
    };
    if confined { format!("BEGIN;\n{SET_TENANT}{alone}END;\n") } else { alone }
}

/// The simple query of a COPY.
pub(crate) fn copy(workload: Workload, contestant: Contestant) -> String {
    let columns = "id, meter, taken_at, value, note";
    match (workload, contestant) {
        (Workload::CopyIn, Contestant::Moat) => format!("COPY imports ({columns}) FROM STDIN"),
        (Workload::CopyIn, _) => format!("COPY imports (tenant_id, {columns}) FROM STDIN"),
        (_, Contestant::Moat) => format!("COPY readings ({columns}) TO STDOUT"),
        (_, Contestant::BouncerRls) => format!("BEGIN; {SET_TENANT} COPY (SELECT {columns} FROM readings) TO STDOUT; COMMIT"),
        (_, Contestant::Direct | Contestant::Bouncer) => {
            format!("COPY (SELECT {columns} FROM readings WHERE tenant_id = 1) TO STDOUT")
        }
    }
}

/// What is sent for a COPY from the client: CopyData messages of a few rows each, as drivers send them, and CopyDone.
pub(crate) fn copy_data(contestant: Contestant) -> Vec<u8> {
    let tenant = if contestant == Contestant::Moat { "" } else { "1\t" };
    let rows: Vec<String> = (0..READINGS)
        .map(|i| format!("{tenant}{i}\tAC-{}\t2026-01-01 00:{:02}:00+00\t{}.125\tas expected\n", i % 300, i % 60, i))
        .collect();
    let mut out: Vec<u8> = rows.chunks(100).flat_map(|c| crate::wire::message(b'd', c.concat().as_bytes())).collect();
    out.extend(crate::wire::message(b'c', &[]));
    out
}
