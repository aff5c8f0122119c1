//! How a user proves who it is: `password`, `jwt`, `certificate`. Whether what is shown is right is not judged here.

use super::reader::Section;
use super::{CertificateName, Proof, Secret};

/// What stands elsewhere and is needed for some kinds of proof.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    /// There is a `[jwt]`.
    pub(super) jwt: bool,
    /// `[listen.tls]` has a `client_ca`.
    pub(super) client_ca: bool,
}

/// What a user has to show.
pub(super) fn read(section: &Section<'_>, user: Option<&str>, given: Given) -> Option<(Proof, Option<CertificateName>)> {
    let certificate = certificate(section, given);
    let by_token = section.boolean("jwt").unwrap_or(false);
    if by_token {
        token(section, given);
    }
    let is_given = |key: &str| section.place(key) != section.span;
    match (is_given("password"), by_token) {
        (true, true) => {
            let help = Some("remove one of the two".to_owned());
            section.reader.problem(
                section.place("jwt"),
                "a user has a password or shows tokens, not both",
                "beside a password",
                help,
            );
            None
        }
        (true, false) => Some((Proof::Password(password(section, user)?), certificate)),
        (false, true) => Some((Proof::Token, certificate)),
        (false, false) if is_given("certificate") => Some((Proof::Certificate, Some(certificate?))),
        (false, false) => {
            section
                .missing("password", "a SCRAM-SHA-256$ verifier, or a plain password; or else `jwt = true`, or a `certificate`");
            None
        }
    }
}

/// That tokens can be judged, and give no more than a tenant.
fn token(section: &Section<'_>, given: Given) {
    let place = section.place("jwt");
    if !given.jwt {
        let help = Some("add `[jwt]` with the issuer's `keys`".to_owned());
        section.reader.problem(place.clone(), "`jwt = true` without [jwt]", "whose tokens?", help);
    }
    let all = section.boolean("bypass").unwrap_or(false) || section.place("console") != section.span;
    if all {
        let help = Some("give such a user a password or a certificate of its own".to_owned());
        section.reader.problem(place, "tokens open neither `bypass` nor `console`", "any token of the issuer would", help);
    }
}

fn certificate(section: &Section<'_>, given: Given) -> Option<CertificateName> {
    let text = section.text("certificate")?;
    if !given.client_ca {
        let help = Some("add `client_ca` to [listen.tls]: the authority that signs clients' certificates".to_owned());
        section.reader.problem(text.span(), "`certificate` without a `client_ca`", "nobody is asked for one", help);
    }
    let name = CertificateName::parse(text.get_ref());
    if name.is_none() {
        let help = Some("the common name, or DNS:name, URI:uri, email:address of the alternative names".to_owned());
        section.reader.problem(text.span(), "not a certificate's name", "not a name", help);
    }
    name
}

fn password(section: &Section<'_>, user: Option<&str>) -> Option<Secret> {
    let password = section.text("password")?;
    let text = password.get_ref();
    if text.is_empty() {
        section.reader.problem(password.span(), "`password` is empty", "anybody could log in", None);
    } else if text.starts_with("SCRAM-") {
        if !is_verifier(text) {
            let help = Some(
                "the form is SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>, as in pg_authid.rolpassword".to_owned(),
            );
            section.reader.problem(password.span(), "not a SCRAM-SHA-256 verifier", "not a verifier", help);
        }
    } else if text.len() == 35 && text.starts_with("md5") && text[3..].bytes().all(|b| b.is_ascii_hexdigit()) {
        let help = Some("set the password anew with password_encryption = 'scram-sha-256' and copy that verifier".to_owned());
        section.reader.problem(password.span(), "MD5 password hashes are not supported", "an MD5 hash", help);
    } else if !section.raw("password").is_some_and(|raw| raw.contains("${")) {
        section.reader.warn(format!(
            "user `{}` has a plain password in the configuration: put a SCRAM-SHA-256$ verifier or ${{ENV}} there",
            user.unwrap_or("?")
        ));
    }
    Some(Secret::new(password.into_inner()))
}

/// `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` (PostgreSQL's pg_authid; RFC 5803).
fn is_verifier(text: &str) -> bool {
    let base64 = |part: &str| {
        let body = part.trim_end_matches('=');
        !body.is_empty()
            && part.len().is_multiple_of(4)
            && part.len() - body.len() <= 2
            && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
    };
    // 32 bytes, SHA-256's length, are 44 characters with one `=`.
    let key = |part: &str| base64(part) && part.len() == 44 && part.ends_with('=') && !part.ends_with("==");
    let parts: Option<_> = text.strip_prefix("SCRAM-SHA-256$").and_then(|rest| rest.split_once('$'));
    let Some(((iterations, salt), (stored, server))) =
        parts.and_then(|(first, second)| Some((first.split_once(':')?, second.split_once(':')?)))
    else {
        return false;
    };
    iterations.parse::<u32>().is_ok_and(|n| n > 0) && base64(salt) && key(stored) && key(server)
}
