//! Frames and messages: every truncation, every lie about a length, every byte too many. It does not test the session.

use pgmoat::error::Fault;
use pgmoat::wire::backend::{self, Authentication, Report, Transaction};
use pgmoat::wire::frontend::{self, Bind, Frontend};
use pgmoat::wire::startup::{self, Opening};
use pgmoat::wire::{Frame, Header, answer, request};

const LIMIT: usize = 1 << 20;

pub(crate) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = i32::try_from(body.len() + 4).expect("short");
    [&[tag], &length.to_be_bytes()[..], body].concat()
}

/// A well-formed body of every message of a client's whose form is checked, and whether it ends where its text does.
fn bodies() -> Vec<(u8, Vec<u8>)> {
    vec![
        (b'Q', b"SELECT 1\0".to_vec()),
        (b'P', b"name\0SELECT $1\0\x00\x02\x00\x00\x00\x14\x00\x00\x00\x19".to_vec()),
        (
            b'B',
            b"portal\0name\0\x00\x01\x00\x01\x00\x03\x00\x00\x00\x02ab\xff\xff\xff\xff\x00\x00\x00\x00\x00\x02\x00\x00\x00\x01"
                .to_vec(),
        ),
        (b'D', b"Sname\0".to_vec()),
        (b'D', b"P\0".to_vec()),
        (b'C', b"Pportal\0".to_vec()),
        (b'E', b"portal\0\x00\x00\x00\x05".to_vec()),
        (b'S', Vec::new()),
        (b'H', Vec::new()),
        (b'c', Vec::new()),
        (b'f', b"why\0".to_vec()),
        (b'X', Vec::new()),
    ]
}

fn read(bytes: &[u8]) -> Result<Option<String>, Fault> {
    let Some(frame) = frontend::next(bytes, LIMIT)? else { return Ok(None) };
    Frontend::read(&frame).map(|m| Some(format!("{m:?}")))
}

#[test]
fn well_formed_messages_are_read() {
    for (tag, body) in bodies() {
        assert!(matches!(read(&message(tag, &body)), Ok(Some(_))), "{}", char::from(tag));
    }
    assert!(matches!(read(&message(b'F', b"anything")), Ok(Some(_))), "its body is not looked at: it is refused anyway");
    assert!(matches!(read(&message(b'd', b"anything")), Ok(Some(_))));
}

#[test]
fn a_message_that_has_not_come_completely_is_waited_for() {
    for (tag, body) in bodies() {
        let whole = message(tag, &body);
        for end in 0..whole.len() {
            assert_eq!(read(&whole[..end]), Ok(None), "{} cut at {end}", char::from(tag));
        }
    }
}

#[test]
fn a_body_that_is_cut_is_a_fault() {
    for (tag, body) in bodies() {
        for end in 0..body.len() {
            let cut = message(tag, &body[..end]);
            assert!(matches!(read(&cut), Err(Fault::Malformed { message: _ })), "{} cut at {end}", char::from(tag));
        }
    }
}

#[test]
fn a_byte_too_many_is_a_fault() {
    for (tag, body) in bodies() {
        for extra in [&[0][..], b"x", b"SELECT 2\0"] {
            let long = message(tag, &[&body, extra].concat());
            assert!(matches!(read(&long), Err(Fault::Malformed { message: _ })), "{} with {extra:?}", char::from(tag));
        }
    }
}

#[test]
fn no_body_reaches_into_the_next_message() {
    // A text without its NUL, followed by a message that has one.
    let smuggled = [message(b'Q', b"SELECT 1"), message(b'Q', b"DROP TABLE t\0")].concat();
    assert_eq!(read(&smuggled), Err(Fault::Malformed { message: "Query" }));
    // A parameter that is longer than its message.
    let bind = [message(b'B', b"\0\0\0\0\0\x01\0\0\0\x20ab\0\0"), vec![b'x'; 64]].concat();
    assert_eq!(read(&bind), Err(Fault::Malformed { message: "Bind" }));
}

#[test]
fn lengths_are_judged_before_anything_is_waited_for() {
    for length in [i32::MIN, -1, 0, 3] {
        let bytes = [&[b'Q'][..], &length.to_be_bytes()].concat();
        assert_eq!(read(&bytes), Err(Fault::Length { tag: 'Q', length: i64::from(length), limit: LIMIT }));
    }
    let over = i32::try_from(LIMIT + 1).expect("small");
    for length in [over, i32::MAX] {
        let bytes = [&[b'Q'][..], &length.to_be_bytes()].concat();
        assert_eq!(read(&bytes), Err(Fault::Length { tag: 'Q', length: i64::from(length), limit: LIMIT }));
    }
    let just = [&[b'Q'][..], &i32::try_from(LIMIT).expect("small").to_be_bytes()].concat();
    assert_eq!(read(&just), Ok(None));
    // A message that only names something has no business being large.
    let large = [&[b'S'][..], &10_001_i32.to_be_bytes()].concat();
    assert_eq!(read(&large), Err(Fault::Length { tag: 'S', length: 10_001, limit: 10_000 }));
}

#[test]
fn a_type_that_does_not_exist_is_a_fault_at_its_first_byte() {
    let known = b"QPBFdDCESHcfX";
    for tag in (0..=u8::MAX).filter(|t| !known.contains(t)) {
        assert_eq!(read(&[tag]), Err(Fault::Unexpected { tag, state: "reading a command" }));
    }
}

#[test]
fn counts_and_lengths_inside_a_bind_are_judged() {
    let cases: [(&str, &[u8]); 6] = [
        ("more formats than bytes", b"\0\0\x7f\xff\0\0\0\0"),
        ("more parameters than bytes", b"\0\0\0\0\xff\xff\0\0"),
        ("a length of -2", b"\0\0\0\0\0\x01\xff\xff\xff\xfe\0\0"),
        ("the smallest length", b"\0\0\0\0\0\x01\x80\0\0\0\0\0"),
        ("the largest length", b"\0\0\0\0\0\x01\x7f\xff\xff\xff\0\0"),
        ("more result formats than bytes", b"\0\0\0\0\0\0\x7f\xff"),
    ];
    for (name, body) in cases {
        assert_eq!(read(&message(b'B', body)), Err(Fault::Malformed { message: "Bind" }), "{name}");
    }
}

fn bind(body: &[u8], test: impl FnOnce(&Bind<'_>)) {
    let bytes = message(b'B', body);
    let frame = Frame::read(&bytes, LIMIT).expect("in bounds").expect("whole");
    match Frontend::read(&frame) {
        Ok(Frontend::Bind(bind)) => test(&bind),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bind_tells_its_parameters_and_their_formats() {
    let body = b"p\0s\0\x00\x02\x00\x01\x00\x00\x00\x02\x00\x00\x00\x02ab\xff\xff\xff\xff\x00\x00";
    bind(body, |b| {
        assert_eq!(b.parameters().collect::<Vec<_>>(), [Some(&b"ab"[..]), None]);
        assert_eq!((b.format(0), b.format(1), b.format(2)), (1, 0, 0));
    });
    bind(b"p\0s\0\x00\x01\x00\x01\x00\x00\x00\x00", |b| assert_eq!((b.format(0), b.format(7)), (1, 1), "one format is for all"));
}

/// What a server reads of a rewritten Bind.
fn rewritten(body: &[u8], own: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    bind(body, |b| {
        let own = |binary: bool| own.iter().map(move |(text, bin)| if binary { bin.as_bytes() } else { text.as_bytes() });
        request::bind(&mut out, b.portal, "server_1", b, own).expect("short");
    });
    assert_eq!(Header::read(&out, LIMIT).map(|h| h.map(Header::total)), Ok(Some(out.len())), "the length is right");
    out
}

#[test]
fn own_parameters_follow_the_clients_in_the_right_format() {
    let own = [("17", "BINARY17")];
    // No formats: all are text.
    let none = rewritten(b"p\0s\0\x00\x00\x00\x01\x00\x00\x00\x01x\x00\x00", &own);
    assert_eq!(none[5..], *b"p\0server_1\0\x00\x00\x00\x02\x00\x00\x00\x01x\x00\x00\x00\x0217\x00\x00");
    // One for all, text.
    let text = rewritten(b"p\0s\0\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01x\x00\x00", &own);
    assert_eq!(text[5..], *b"p\0server_1\0\x00\x01\x00\x00\x00\x02\x00\x00\x00\x01x\x00\x00\x00\x0217\x00\x00");
    // One for all, binary.
    let binary = rewritten(b"p\0s\0\x00\x01\x00\x01\x00\x01\x00\x00\x00\x01x\x00\x01\x00\x01", &own);
    assert_eq!(binary[5..], *b"p\0server_1\0\x00\x01\x00\x01\x00\x02\x00\x00\x00\x01x\x00\x00\x00\x08BINARY17\x00\x01\x00\x01");
    // A list: ours are appended to it, as text.
    let list = rewritten(b"p\0s\0\x00\x02\x00\x01\x00\x00\x00\x02\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00", &own);
    assert_eq!(
        list[5..],
        *b"p\0server_1\0\x00\x03\x00\x01\x00\x00\x00\x00\x00\x03\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x0217\x00\x00"
    );
    // No parameters of the client's, but a format for all of them.
    let bare = rewritten(b"p\0s\0\x00\x01\x00\x01\x00\x00\x00\x00", &own);
    assert_eq!(bare[5..], *b"p\0server_1\0\x00\x01\x00\x01\x00\x01\x00\x00\x00\x08BINARY17\x00\x00");
}

#[test]
fn what_is_sent_to_a_server_holds_no_early_end() {
    let mut out = b"before".to_vec();
    assert!(request::query(&mut out, ["SELECT 1\0; DROP", " TABLE t"].into_iter()).is_err());
    assert!(request::parse(&mut out, "a\0b", std::iter::once("SELECT 1"), &[]).is_err());
    assert!(request::describe_portal(&mut out, b"a\0b").is_err());
    assert_eq!(out, b"before", "nothing of a message that fails is left");
    request::query(&mut out, ["SELECT 1", ";"].into_iter()).expect("short");
    assert_eq!(out[6..], *b"Q\0\0\0\x0eSELECT 1;\0");
}

#[test]
fn more_than_65535_parameters_do_not_wrap() {
    let mut body = b"p\0s\0\x00\x00\xff\xff".to_vec();
    body.extend(std::iter::repeat_n(0xff, 4 * 65_535));
    body.extend([0, 0]);
    bind(&body, |b| {
        let mut out = Vec::new();
        assert!(request::bind(&mut out, b"", "s", b, |_| std::iter::once(&b"1"[..])).is_err());
        assert!(out.is_empty());
    });
}

fn packet(code: i32, rest: &[u8]) -> Vec<u8> {
    let length = i32::try_from(rest.len() + 8).expect("short");
    [&length.to_be_bytes()[..], &code.to_be_bytes(), rest].concat()
}

#[test]
fn opening_packets_are_read_exactly() {
    assert_eq!(Opening::read(&packet(80_877_103, b"")), Ok(Opening::Tls));
    assert_eq!(Opening::read(&packet(80_877_104, b"")), Ok(Opening::Gss));
    let cancel = packet(80_877_102, b"\0\0\0\x07secret");
    assert_eq!(Opening::read(&cancel), Ok(Opening::Cancel { process: 7, secret: b"secret" }));
    let start = packet(0x3_0000, b"user\0me\0database\0db\0\0");
    let parameters = vec![("user", "me"), ("database", "db")];
    assert_eq!(Opening::read(&start), Ok(Opening::Startup { major: 3, minor: 0, parameters }));
    for bad in [
        packet(80_877_103, b"x"),
        packet(80_877_104, b"x"),
        packet(80_877_102, b"\0\0\0\x07abc"),
        packet(80_877_102, &[0; 261]),
        packet(80_877_105, b""),
        packet(0x3_0000, b""),
        packet(0x3_0000, b"user\0me\0"),
        packet(0x3_0000, b"user\0me"),
        packet(0x3_0000, b"user\0\0\0x"),
        packet(0x3_0000, b"user\0\xff\xfe\0\0"),
        packet(0x3_0000, &[&b"a\0b\0".repeat(65)[..], b"\0"].concat()),
    ] {
        assert!(matches!(Opening::read(&bad), Err(Fault::Malformed { message: _ })), "{bad:?}");
    }
    for end in 8..start.len() {
        assert!(Opening::read(&packet(0x3_0000, &start[8..end])).is_err(), "cut at {end}");
    }
}

#[test]
fn the_length_of_an_opening_packet_is_judged_first() {
    for length in [i32::MIN, -1, 0, 4, 7, 10_001, i32::MAX] {
        assert!(
            matches!(startup::length(&length.to_be_bytes()), Err(Fault::Length { tag: ' ', length: _, limit: 10_000 })),
            "{length}"
        );
    }
    assert_eq!(startup::length(&10_000_i32.to_be_bytes()), Ok(Some(10_000)));
    assert_eq!(startup::length(&[0, 0, 0]), Ok(None));
}

#[test]
fn a_servers_messages_are_read_within_their_bounds() {
    assert_eq!(backend::ready(b"T"), Ok(Transaction::Open));
    assert!(backend::ready(b"").is_err() && backend::ready(b"X").is_err() && backend::ready(b"II").is_err());
    assert_eq!(backend::command_tag(b"INSERT 0 1\0"), Ok("INSERT 0 1"));
    assert!(backend::command_tag(b"INSERT 0 1").is_err() && backend::command_tag(b"A\0B\0").is_err());
    assert!(backend::parameter_status(b"name\0").is_err() && backend::parameter_status(b"name\0value\0x").is_err());
    assert!(backend::key_data(b"\0\0\0\x01abc").is_err() && backend::key_data(&[0; 261]).is_err());
    assert!(backend::parameter_types(b"\0\x02\0\0\0\x14").is_err());
    let error = b"SFEHLER\0VERROR\0C22P02\0Mno\0DKey (x)=(secret)\0\0";
    let report = Report::read(error).expect("well formed");
    assert_eq!((report.severity, report.code, report.message), (&b"ERROR"[..], &b"22P02"[..], &b"no"[..]));
    for end in 0..error.len() {
        assert!(Report::read(&error[..end]).is_err(), "cut at {end}");
    }
    assert!(Report::read(b"\0").is_ok(), "an error without any field is an error still");
    assert_eq!(backend::authentication(b"\0\0\0\x05abcd"), Ok(Authentication::Md5(*b"abcd")));
    for bad in [&b""[..], b"\0\0\0\0x", b"\0\0\0\x05abc", b"\0\0\0\x0aSCRAM-SHA-256", b"\0\0\0\x07"] {
        assert!(backend::authentication(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_reduced_report_keeps_the_message_and_what_a_constraint_is_called() {
    let reduced = |code: &str| {
        let body = format!(
            "SERROR\0VERROR\0C{code}\0Mduplicate key\0DKey (id)=(77) already exists.\0spublic\0torders\0norders_pkey\0Fnbtinsert.c\0\0"
        );
        let mut out = Vec::new();
        answer::reduced(&mut out, b'E', &Report::read(body.as_bytes()).expect("well formed"), None);
        assert_eq!(Header::read(&out, LIMIT).map(|h| h.map(Header::total)), Ok(Some(out.len())));
        String::from_utf8(out.split_off(5)).expect("texts")
    };
    assert_eq!(reduced("23505"), "SERROR\0VERROR\0C23505\0Mduplicate key\0spublic\0torders\0norders_pkey\0\0");
    assert_eq!(reduced("22P02"), "SERROR\0VERROR\0C22P02\0Mduplicate key\0\0");
}

proptest::proptest! {
    /// Whatever a client sends, reading it ends in a message, a fault or a wait, and a message lies within what was sent.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..80), tag in 0_usize..13, short in 0_u8..60) {
        let tag = b"QPBFdDCESHcfX"[tag];
        let framed = [&[tag, 0, 0, 0, short][..], &bytes].concat();
        for input in [&bytes, &framed] {
            if let Ok(Some(frame)) = frontend::next(input, LIMIT) {
                proptest::prop_assert!(frame.whole.len() <= input.len());
                if let Ok(Frontend::Bind(bind)) = Frontend::read(&frame) {
                    proptest::prop_assert_eq!(bind.parameters().count(), usize::from(bind.count));
                }
            }
            let _read: Result<Opening<'_>, Fault> = Opening::read(input);
            let _read: Result<Report<'_>, Fault> = Report::read(input);
        }
    }
}
