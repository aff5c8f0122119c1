//! COPY data on its way in: what the server gets for what a client writes, however it is cut. It does not test who may copy what.

use pgmoat::copy::{Argument, Incoming, Options, Target, Trouble};
use pgmoat::policy::TenantType;
use proptest::prelude::*;
use std::sync::Arc;

/// Options by name.
fn options(list: &[(&str, &str)]) -> Options {
    let argument = |(name, value): &(&str, &str)| ((*name).to_owned(), Argument::Text((*value).to_owned()));
    Options::read(list.iter().map(argument).collect(), true).expect("valid options")
}

fn incoming(options: Options, tenant: Option<usize>, columns: &[&str]) -> Incoming {
    let columns = columns.iter().map(|c| (*c).to_owned()).collect();
    let target = Target { relation: "t".to_owned(), columns, tenant, slot: 0, nodes: Vec::new(), options };
    Incoming::new(Arc::new(target), &[TenantType::Int8.value("1").expect("a value")]).expect("it has the value")
}

/// The same for a user who is limited to nodes 11, 12 (the column `n`) and `east`, `x\ty` (the column `r`).
fn limited(options: Options, tenant: Option<usize>, columns: &[&str]) -> Incoming {
    let list = |kind: TenantType, nodes: &[&str]| {
        kind.list(&nodes.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).expect("nodes of the type")
    };
    let values = [
        TenantType::Int8.value("1").expect("a value"),
        list(TenantType::Int4, &["11", "12"]),
        list(TenantType::Text, &["east", "x\ty", ""]),
    ];
    let nodes = [("n", 1), ("r", 2)];
    let nodes = nodes.iter().filter_map(|(name, slot)| Some((columns.iter().position(|c| c == name)?, *slot))).collect();
    let columns = columns.iter().map(|c| (*c).to_owned()).collect();
    let target = Target { relation: "t".to_owned(), columns, tenant, slot: 0, nodes, options };
    Incoming::new(Arc::new(target), &values).expect("it has the values")
}

/// What the server gets, or the error.
fn copied(mut incoming: Incoming, data: &[u8], piece: usize) -> Result<Vec<u8>, Trouble> {
    let mut out = Vec::new();
    for piece in data.chunks(piece) {
        incoming.feed(piece, &mut out)?;
    }
    incoming.finish(&mut out)?;
    Ok(out)
}

fn told(trouble: Trouble) -> String {
    match trouble {
        Trouble::Wrong { code, message, hint: _ } => format!("{code} {message}"),
        Trouble::Refused(refusal) => format!("refused {}", refusal.code),
    }
}

/// Options, data, and what becomes of them.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

/// The tenant column is the first of two.
const CASES: &[Case<'_>] = &[
    (&[], "1\ta\n1\t\\N\n", "1\ta\n1\t\\N\n"),
    (&[], "1\ta", "1\ta\n"),
    (&[], "1\ta\r\n1\tb\r\n", "1\ta\n1\tb\n"),
    (&[], "1\ta\r1\tb\r", "1\ta\n1\tb\n"),
    (&[], "1\ta\n1\tb\r\n", "22P04 literal carriage return found in data"),
    (&[], "1\ta\r\n1\tb\n", "22P04 literal newline found in data"),
    (&[], "1\ta\\\nb\n", "1\ta\\nb\n"),
    (&[], "1\t\\x41\\101\\tz\\\\N\n", "1\tAA\\tz\\\\N\n"),
    (&[], "\\x31\t\\.x\n", "22P04 end-of-copy marker corrupt"),
    (&[], "\\061\ta\n", "1\ta\n"),
    (&[], "2\ta\n", "refused 42501"),
    (&[], "\\062\ta\n", "refused 42501"),
    (&[], "\\N\ta\n", "refused 42501"),
    (&[], "1\ta\n\\.\n2\tb\n", "1\ta\n"),
    (&[], "1\ta\n1\tb\\.\n2\tc\n", "1\ta\n1\tb\n"),
    (&[], "1\ta\r\n\\.\n", "22P04 end-of-copy marker does not match previous newline style"),
    (&[], "1\ta\tb\n", "1\ta\tb\n"),
    (&[], "1\n", "1\n"),
    (&[("delimiter", "|"), ("null", "N/A")], "1|N/A\n1|N/B\n1|\\N/A\n", "1\t\\N\n1\tN/B\n1\tN/A\n"),
    (&[("format", "csv")], "1,a\n1,\n1,\"\"\n", "1\ta\n1\t\\N\n1\t\n"),
    (&[("format", "csv")], "1,\"a\nb\"\n\"1\",\"\"\"\"\n", "1\ta\\nb\n1\t\"\n"),
    (&[("format", "csv")], "1,\"a\n", "22P04 unterminated CSV quoted field"),
    (&[("format", "csv")], "1,a\r\n1,\"\r\n\"\r\n", "1\ta\n1\t\\r\\n\n"),
    (&[("format", "csv")], "1,a\r\n1,b\n", "22P04 unquoted newline found in data"),
    (&[("format", "csv")], "1,a\n\\.\n2,b\n", "1\ta\n"),
    (&[("format", "csv")], "1,\\.\n", "1\t\\\\.\n"),
    (&[("format", "csv"), ("delimiter", ";"), ("quote", "'"), ("escape", "\\")], "'1';'it\\'s'\n", "1\tit's\n"),
    (&[("format", "csv")], "1,a\n\"2\",b\n", "refused 42501"),
    (&[("header", "true")], "any\nthing\n", "refused 42501"),
    (&[("header", "true")], "any\n1\tthing\n", "1\tthing\n"),
    (&[("header", "match")], "t\tb\n", "22P04 column name mismatch in header line field 2: got \"b\", expected \"a\""),
    (&[("header", "match")], "t\ta\n1\tx", "1\tx\n"),
];

#[test]
fn data_is_written_anew() {
    for (list, data, expected) in CASES {
        for piece in [1, 2, 3, 1000] {
            let incoming = incoming(options(list), Some(0), &["t", "a"]);
            let got = match copied(incoming, data.as_bytes(), piece) {
                Ok(out) => String::from_utf8(out).expect("text"),
                Err(trouble) => told(trouble),
            };
            assert_eq!(got, *expected, "{data:?} with {list:?} in pieces of {piece}");
        }
    }
}

fn binary(rows: &[&[Option<&[u8]>]]) -> Vec<u8> {
    let mut out = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\x03abc".to_vec();
    for row in rows {
        out.extend(i16::try_from(row.len()).expect("few").to_be_bytes());
        for field in *row {
            out.extend(field.map_or(-1, |f| i32::try_from(f.len()).expect("short")).to_be_bytes());
            out.extend(field.unwrap_or_default());
        }
    }
    out.extend((-1_i16).to_be_bytes());
    out
}

#[test]
fn binary_rows_are_stamped() {
    let (own, other) = (1_i64.to_be_bytes(), 2_i64.to_be_bytes());
    let ask = |tenant, data: &[u8], piece| {
        let columns: &[&str] = if tenant == Some(0) { &["t", "a"] } else { &["a"] };
        copied(incoming(options(&[("format", "binary")]), tenant, columns), data, piece).map_err(told)
    };
    for piece in [1, 5, 1000] {
        let given = binary(&[&[Some(&own), Some(b"x")], &[Some(&own), None]]);
        let mut expected = given.clone();
        expected.splice(15..22, [0; 4]);
        assert_eq!(ask(Some(0), &given, piece), Ok(expected.clone()));
        assert_eq!(ask(None, &binary(&[&[Some(b"x")], &[None]]), piece), Ok(expected));
        let refused = Err("refused 42501".to_owned());
        assert_eq!(ask(Some(0), &binary(&[&[Some(&other), None]]), piece), refused);
        assert_eq!(ask(Some(0), &binary(&[&[None, None]]), piece), refused);
        assert_eq!(ask(Some(0), &binary(&[&[Some(&own[4..]), None]]), piece), refused);
        for (wrong, message) in [
            (binary(&[&[Some(&own)]]), "row field count is 1, expected 2"),
            (joined(&given, b"x"), "received copy data after EOF marker"),
            (given[..given.len() - 4].to_vec(), "unexpected EOF in COPY data"),
            (b"PGCOPX\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec(), "COPY file signature not recognized"),
        ] {
            assert_eq!(ask(Some(0), &wrong, piece), Err(format!("22P04 {message}")));
        }
    }
}

/// Data of a limited user for the columns `a`, `n` and `r`, and what becomes of it.
const LIMITED: &[Case<'_>] = &[
    (&[], "x\t11\teast\n", "1\tx\t11\teast\n"),
    (&[], "x\t +12 \tx\\ty\n", "1\tx\t12\tx\\ty\n"),
    (&[], "x\t\\x31\\062\t\n", "1\tx\t12\t\n"),
    (&[], "x\t11\teast\nx\t13\teast\n", "refused 42501"),
    (&[], "x\t1\teast\n", "refused 42501"),
    (&[], "x\t11\tEast\n", "refused 42501"),
    (&[], "x\t\\N\teast\n", "refused 42501"),
    (&[], "x\t11\t\\N\n", "refused 42501"),
    (&[], "x\t\n", "refused 42501"),
    (&[], "x\n", "1\tx\n"),
    (&[], "x\t11\teast\tmore\n", "1\tx\t11\teast\tmore\n"),
    (&[("format", "csv")], "x,\"11\",\"east\"\n", "1\tx\t11\teast\n"),
    (&[("format", "csv")], "x,11,\"\"\n", "1\tx\t11\t\n"),
    (&[("format", "csv")], "x,11,\n", "refused 42501"),
    (&[("format", "csv")], "\"x\n1,11,east\",13,east\n", "refused 42501"),
    (&[("format", "csv"), ("null", "11")], "x,11,east\n", "refused 42501"),
    (&[("header", "true")], "x\t13\twest\nx\t11\teast\n", "1\tx\t11\teast\n"),
];

#[test]
fn rows_of_a_limited_user_name_own_nodes() {
    for (list, data, expected) in LIMITED {
        for piece in [1, 2, 1000] {
            let got = match copied(limited(options(list), None, &["a", "n", "r"]), data.as_bytes(), piece) {
                Ok(out) => String::from_utf8(out).expect("text"),
                Err(trouble) => told(trouble),
            };
            assert_eq!(got, *expected, "{data:?} with {list:?} in pieces of {piece}");
        }
    }
}

#[test]
fn binary_rows_of_a_limited_user_name_own_nodes() {
    let ask = |row: &[Option<&[u8]>], piece| {
        let incoming = limited(options(&[("format", "binary")]), Some(0), &["t", "n", "r", "a"]);
        copied(incoming, &binary(&[row]), piece).map_err(told)
    };
    let (own, one, other) = (1_i64.to_be_bytes(), 12_i32.to_be_bytes(), 13_i32.to_be_bytes());
    let wide = 12_i64.to_be_bytes();
    for piece in [1, 5, 1000] {
        for region in [&b"east"[..], b"x\ty", b""] {
            let row: [Option<&[u8]>; 4] = [Some(&own), Some(&one), Some(region), None];
            let mut expected = binary(&[&row]);
            expected.splice(15..22, [0; 4]);
            assert_eq!(ask(&row, piece), Ok(expected));
        }
        let refused: [[Option<&[u8]>; 4]; 9] = [
            [Some(&own), Some(&other), Some(b"east"), None],
            [Some(&own), Some(&wide), Some(b"east"), None],
            [Some(&own), Some(b""), Some(b"east"), None],
            [Some(&own), None, Some(b"east"), None],
            [Some(&own), Some(&one), None, None],
            [Some(&own), Some(&one), Some(b"eas"), None],
            [Some(&own), Some(&one), Some(b"east or west"), None],
            [Some(&own), Some(&one), Some(b"\xff"), None],
            [Some(&wide), Some(&one), Some(b"east"), None],
        ];
        for row in refused {
            assert_eq!(ask(&row, piece), Err("refused 42501".to_owned()), "{row:?}");
        }
    }
}

fn joined(a: &[u8], b: &[u8]) -> Vec<u8> {
    [a, b].concat()
}

/// Text data of PostgreSQL's defaults, read simply: every row and field as the server will see it.
fn read(data: &[u8]) -> Vec<Vec<Option<Vec<u8>>>> {
    let lines = data.split(|b| *b == b'\n');
    let mut rows: Vec<_> = lines.map(|l| l.split(|b| *b == b'\t').map(field).collect()).collect();
    rows.pop();
    rows
}

fn field(raw: &[u8]) -> Option<Vec<u8>> {
    if raw == b"\\N" {
        return None;
    }
    let (mut out, mut rest) = (Vec::new(), raw.iter());
    while let Some(&byte) = rest.next() {
        out.push(if byte != b'\\' {
            byte
        } else {
            match rest.next().expect("an escape is two bytes") {
                b't' => b'\t',
                b'n' => b'\n',
                b'r' => b'\r',
                b'\\' => b'\\',
                other => panic!("escape {other}"),
            }
        });
    }
    Some(out)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever comes in and however it is cut: every row that goes out has the own value, and cutting changes nothing.
    #[test]
    fn every_row_has_the_own_value(
        data in prop::collection::vec(prop::sample::select(&b"11112\t\t,,\"\"'\\\\\\.\n\n\r0xN;a"[..]), 0..60),
        format in prop::sample::select(&[0, 1, 2][..]),
        added in any::<bool>(),
        piece in 1_usize..9,
    ) {
        let list: &[(&str, &str)] = match format {
            0 => &[],
            1 => &[("format", "csv")],
            _ => &[("format", "csv"), ("quote", "'"), ("escape", "\\"), ("delimiter", ";")],
        };
        let start = |piece| {
            let (tenant, columns): (_, &[&str]) = if added { (None, &["a", "b"]) } else { (Some(0), &["t", "a"]) };
            copied(incoming(options(list), tenant, columns), &data, piece)
        };
        let whole = start(1000);
        prop_assert_eq!(&whole, &start(piece));
        if let Ok(out) = whole {
            for row in read(&out) {
                prop_assert_eq!(row[0].as_deref(), Some(&b"1"[..]));
            }
        }
    }
}
