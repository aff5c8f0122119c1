//! What is done with made-up input, and what must hold of it whatever it is. It does not make the input.

use crate::billing;
use crate::choice::Choices;
use crate::input::{Seeds, byte, bytes, damage, message};
use pgmoat::copy::{Argument, Incoming, Options, Target};
use pgmoat::policy::{TenantType, TenantValue};
use pgmoat::rewrite::{Rewriter, Scope};
use pgmoat::session::{Backend, Session, Settings, Taken};
use pgmoat::sql::{Bounds, Keyword, Kind, Tokens, print_range, shape};
use pgmoat::wire::frontend::{self, Frontend};
use pgmoat::wire::startup::{self, Opening};
use pgmoat::wire::{Frame, backend};
use std::cell::OnceCell;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

const LIMIT: usize = 1 << 20;

thread_local! {
    static REWRITER: OnceCell<(Arc<Rewriter>, Scope)> = const { OnceCell::new() };
}

fn rewriter() -> (Arc<Rewriter>, Scope) {
    REWRITER.with(|cell| {
        let (rewriter, scope) = cell.get_or_init(|| {
            let (rewriter, scope) = billing::rewriter();
            (Arc::new(rewriter), scope)
        });
        (Arc::clone(rewriter), scope.clone())
    })
}

/// A client's message, well formed or nearly.
fn client_message(seeds: &Seeds, choices: &mut Choices) -> Vec<u8> {
    const NAMES: [&str; 4] = ["", "a", "b", "C_1"];
    let text = |choices: &mut Choices| seeds.text(choices).replace('\0', " ");
    let name = |choices: &mut Choices| choices.of(&NAMES).to_owned();
    let values = |choices: &mut Choices| {
        let n = choices.below(3);
        let mut body = vec![0, 0, 0, u8::try_from(n).expect("few")];
        for _ in 0..n {
            let value = bytes(choices, 6);
            body.extend(u32::try_from(value.len()).expect("short").to_be_bytes());
            body.extend(value);
        }
        body.extend([0, 0]);
        body
    };
    let (tag, mut body) = match choices.below(14) {
        0..=2 => (b'Q', format!("{}\0", text(choices)).into_bytes()),
        3 | 4 => (b'P', format!("{}\0{}\0\0\0", name(choices), text(choices)).into_bytes()),
        5 => (b'B', [format!("{}\0{}\0", name(choices), name(choices)).into_bytes(), values(choices)].concat()),
        6 => (b'E', format!("{}\0\0\0\0\0", name(choices)).into_bytes()),
        7 => (b'D', format!("{}{}\0", choices.of::<&str>(&["S", "P"]), name(choices)).into_bytes()),
        8 => (b'C', format!("{}{}\0", choices.of::<&str>(&["S", "P"]), name(choices)).into_bytes()),
        9 => (b'S', Vec::new()),
        10 => (b'H', Vec::new()),
        11 => (*choices.of(b"dcf"), bytes(choices, 40)),
        12 => (
            b'Q',
            format!(
                "{}\0",
                choices.of::<&str>(&["begin", "commit", "rollback", "set datestyle to 'ISO'", "copy meters from stdin"])
            )
            .into_bytes(),
        ),
        _ => (byte(choices), bytes(choices, 20)),
    };
    if choices.chance(5) {
        damage(&mut body, choices);
    }
    let mut whole = message(tag, &body);
    if choices.chance(3) {
        damage(&mut whole, choices);
    }
    whole
}

/// Frames: cut anywhere, the same frames come out, or the same fault.
pub(crate) fn frames(seeds: &Seeds, choices: &mut Choices) {
    let stream: Vec<u8> = (0..=choices.below(3)).flat_map(|_| client_message(seeds, choices)).collect();
    let mut rest = stream.as_slice();
    while let Ok(Some(frame)) = frontend::next(rest, LIMIT) {
        let total = frame.whole.len();
        assert!(total <= rest.len() && total >= 5);
        for cut in [0, 1, 4, 5, total / 2, total - 1] {
            match frontend::next(&rest[..cut.min(total - 1)], LIMIT) {
                Ok(None) => {}
                other => panic!("a part of a frame is {other:?}"),
            }
        }
        if let Ok(Frontend::Bind(bind)) = Frontend::read(&frame) {
            assert_eq!(bind.parameters().count(), usize::from(bind.count));
        }
        rest = &rest[total..];
    }
}

/// Opening packets.
pub(crate) fn startup(_seeds: &Seeds, choices: &mut Choices) {
    let mut body = match choices.below(4) {
        0 => [&80_877_103_u32.to_be_bytes()[..]].concat(),
        1 => [&80_877_102_u32.to_be_bytes()[..], &bytes(choices, 40)].concat(),
        _ => {
            let mut body = 196_608_u32.to_be_bytes().to_vec();
            for _ in 0..choices.below(6) {
                body.extend(
                    choices.of::<&str>(&["user\0", "database\0", "options\0", "_pq_.x\0", "client_encoding\0", "\0"]).bytes(),
                );
                body.extend(bytes(choices, 12).into_iter().filter(|b| *b != 0));
                body.push(0);
            }
            body.push(0);
            body
        }
    };
    damage(&mut body, choices);
    let packet = [&u32::try_from(body.len() + 4).expect("short").to_be_bytes()[..], &body].concat();
    if let Ok(Some(length)) = startup::length(&packet) {
        assert_eq!(length, packet.len());
    }
    black_box(Opening::read(&packet).ok());
    let lied = bytes(choices, 30);
    black_box((startup::length(&lied).ok(), Opening::read(&lied).ok()));
}

/// What a server says: it is input too.
pub(crate) fn answers(_seeds: &Seeds, choices: &mut Choices) {
    let mut body = match choices.below(3) {
        0 => b"SERROR\0VERROR\0C23505\0Mduplicate key\0DKey (id)=(1)\0tmeters\0\0".to_vec(),
        1 => [&[0, 2][..], &bytes(choices, 12)].concat(),
        _ => bytes(choices, 60),
    };
    damage(&mut body, choices);
    black_box(backend::Report::read(&body).ok());
    black_box(backend::ready(&body).ok());
    black_box(backend::command_tag(&body).ok());
    black_box(backend::parameter_status(&body).ok());
    black_box(backend::key_data(&body).ok());
    black_box(backend::parameter_types(&body).ok());
    black_box(backend::authentication(&body).ok());
}

/// Text: tokens cover it in order, and what is printed of them lexes to the same shape.
pub(crate) fn lexer(seeds: &Seeds, choices: &mut Choices) {
    let text = if choices.chance(20) { String::from_utf8_lossy(&bytes(choices, 200)).into_owned() } else { seeds.text(choices) };
    let Ok(tokens) = Tokens::lex(&text, &Bounds::default()) else { return };
    let mut at = 0;
    for token in tokens.as_slice() {
        let (start, end) = (token.start as usize, token.end as usize);
        assert!(at <= start && start < end && end <= text.len() && text.is_char_boundary(start) && text.is_char_boundary(end));
        at = end;
    }
    let (mut printed, mut before, mut after) = (String::new(), Vec::new(), Vec::new());
    print_range(&tokens, 0..tokens.len(), &mut printed);
    let again = Tokens::lex(&printed, &Bounds::default()).unwrap_or_else(|e| panic!("{e:?}: {printed:?} of {text:?}"));
    shape(&tokens, &mut before);
    shape(&again, &mut after);
    let national = text.contains(['n', 'N']) && text.contains('\\');
    assert!(before == after || national, "{text:?} is printed as {printed:?}");
}

/// Statements: the same text gives the same answer, remembered or not, and what is emitted lexes.
pub(crate) fn statements(seeds: &Seeds, choices: &mut Choices) {
    let text = &seeds.text(choices);
    let (rewriter, scope) = rewriter();
    let first = rewriter.simple(text, &scope);
    for _ in 0..2 {
        let again = rewriter.simple(text, &scope);
        match (&first, &again) {
            (Ok(a), Ok(b)) => {
                assert!(a.iter().map(|c| c.text()).eq(b.iter().map(|c| c.text())), "another answer to {text:?}");
                for cleared in a.iter() {
                    // Each relation has got a condition: chains of UNION are longer than the client's, and brackets go deeper.
                    let room = Bounds { max_chain: 1 << 20, max_depth: 1 << 12, ..Bounds::default() };
                    let Ok(tokens) = Tokens::lex(cleared.text(), &room) else {
                        assert!(cleared.text().len() > 60_000, "{:?} of {text:?}", cleared.text());
                        continue;
                    };
                    let named = |i: usize, name: &str| tokens.kind(i) == Some(Kind::QuotedIdent) && tokens.value(i) == name;
                    // Behind these it is the type of its rows, and nothing is read.
                    let typed = |i: usize| {
                        i.checked_sub(1)
                            .is_some_and(|b| tokens.kind(b) == Some(Kind::TypeCast) || tokens.keyword(b) == Some(Keyword::As))
                    };
                    let scoped = (0..tokens.len()).any(|i| {
                        named(i, "public")
                            && !typed(i)
                            && ["invoices", "meters", "readings"].iter().any(|table| named(i + 2, table))
                    });
                    // A cursor's row is named by nothing else; the session looks at the cursor.
                    let scoped = scoped && cleared.cursors().is_empty();
                    assert!(!scoped || cleared.text().contains("tenant_id"), "no tenant in {:?}", cleared.text());
                }
            }
            (Err(a), Err(b)) => assert_eq!(a, b, "{text:?}"),
            (a, b) => panic!("{a:?} and then {b:?} for {text:?}"),
        }
    }
    black_box(rewriter.extended(text, &[], &scope).ok());
}

/// COPY data: cut anywhere, the same rows reach the server.
pub(crate) fn copy(_seeds: &Seeds, choices: &mut Choices) {
    let text = |s: &str| Argument::Text(s.to_owned());
    let mut list = vec![("format".to_owned(), text(choices.of::<&str>(&["text", "csv", "binary"])))];
    if choices.chance(30) {
        list.push(("delimiter".to_owned(), text(choices.of::<&str>(&[";", "|", "\t", "."]))));
    }
    if choices.chance(30) {
        list.push(("header".to_owned(), text(choices.of::<&str>(&["true", "match"]))));
    }
    let Ok(options) = Options::read(list, true) else { return };
    let columns: Vec<String> = ["tenant_id", "id", "serial"].iter().map(|c| (*c).to_owned()).collect();
    let tenant = choices.chance(50).then_some(0);
    let nodes = if choices.chance(50) { vec![(1, 1)] } else { Vec::new() };
    let target = Arc::new(Target { relation: "meters".to_owned(), columns, tenant, slot: 0, nodes, options });
    let Some(own) = own_values() else { panic!("a tenant value and nodes") };
    let mut data = match choices.below(4) {
        0 => b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\0\x03\0\0\0\x01\x31\0\0\0\x01\x32\xff\xff\xff\xff\xff\xff".to_vec(),
        1 => b"1\t2\ta\\tb\n1\t3\t\\N\n\\.\n".to_vec(),
        2 => b"tenant_id,id,serial\r\n1,2,\"a\"\"b\nc\"\r\n1,3,\r\n".to_vec(),
        _ => bytes(choices, 80),
    };
    damage(&mut data, choices);
    let whole = fed(&target, &own, &[&data]);
    let cut = choices.below(data.len() + 1);
    let (a, b) = data.split_at(cut);
    assert_eq!(whole, fed(&target, &own, &[a, b]), "cut at {cut}: {data:?}");
    let single: Vec<&[u8]> = data.chunks(1).collect();
    assert_eq!(whole, fed(&target, &own, &single), "byte by byte: {data:?}");
}

fn own_values() -> Option<[TenantValue; 2]> {
    Some([TenantType::Int8.value("1")?, TenantType::Int8.list(&["2".to_owned(), "3".to_owned()])?])
}

fn fed(target: &Arc<Target>, own: &[TenantValue], pieces: &[&[u8]]) -> Option<Vec<u8>> {
    let mut incoming = Incoming::new(Arc::clone(target), own)?;
    let mut out = Vec::new();
    for piece in pieces {
        incoming.feed(piece, &mut out).ok()?;
    }
    incoming.finish(&mut out).ok()?;
    Some(out)
}

/// A server's message that fits nothing in particular.
fn server_message(choices: &mut Choices) -> Vec<u8> {
    match choices.below(12) {
        0 => message(b'1', b""),
        1 => message(b'2', b""),
        2 => message(b'3', b""),
        3 => message(b'T', b"\0\0"),
        4 => message(b'n', b""),
        5 => message(b'D', b"\0\0"),
        6 => message(
            b'C',
            choices.of::<&[u8]>(&[&b"SELECT 1\0"[..], b"SET\0", b"BEGIN\0", b"COMMIT\0", b"ROLLBACK\0", b"COPY 1\0"]),
        ),
        7 => message(b'Z', &[*choices.of(b"IIITE")]),
        8 => message(b'E', b"SERROR\0VERROR\0C22012\0Mno\0\0"),
        9 => message(b't', b"\0\x01\0\0\0\x14"),
        10 => message(*choices.of(b"GH"), b"\0\0\0"),
        _ => message(byte(choices), &bytes(choices, 12)),
    }
}

/// A session between a client and a server that both say anything: it ends with a fault, or goes on; nothing that was not cleared is sent.
pub(crate) fn session(seeds: &Seeds, choices: &mut Choices) {
    let (rewriter, scope) = rewriter();
    let mut session = Session::new(rewriter, scope, None, Settings::default(), Vec::new());
    let mut server: Option<Backend> = None;
    let mut out = Vec::new();
    for _ in 0..choices.below(14) {
        if choices.chance(50) {
            let sent = client_message(seeds, choices);
            let Ok(Some(frame)) = Frame::read(&sent, LIMIT) else { continue };
            loop {
                match session.on_client(&frame, server.as_mut(), Duration::ZERO, &mut out) {
                    Ok(Taken::NeedsServer) => {
                        assert!(server.is_none(), "it has one");
                        let mut fresh = Backend::new(7);
                        if session.attach(&mut fresh).is_err() {
                            return;
                        }
                        server = Some(fresh);
                    }
                    // Taken in part: the rest goes on when the server has taken what waits.
                    Ok(Taken::Done | Taken::Hold | Taken::Full | Taken::Switch) => break,
                    Ok(Taken::Ended) | Err(_) => return,
                }
            }
        } else if let Some(backend) = &mut server {
            let said: Vec<u8> = (0..=choices.below(3)).flat_map(|_| server_message(choices)).collect();
            match session.on_server(&said, backend, &mut out) {
                Ok(taken) => assert!(taken <= said.len()),
                Err(_) => return,
            }
        }
        if let Some(backend) = &mut server {
            let n = backend.outbox().unwritten().len();
            backend.outbox().wrote(n);
            if backend.is_clean() && session.is_idle() && choices.chance(50) {
                server = None;
            }
        }
        drop(session.take_records());
    }
}
