//! `[jwt]`: whose tokens are taken for a password, and how they are judged. It reads no keys: the tenants' room does.

use super::reader::Section;
use std::path::PathBuf;
use std::time::Duration;

/// The most that clocks may be allowed to differ.
const MOST_LEEWAY: Duration = Duration::from_secs(300);

/// `[jwt]`.
#[derive(Clone, Debug)]
pub struct Jwt {
    /// File of public keys: PEM, or a JWK set.
    pub keys: PathBuf,
    /// How tokens may be signed; others are not looked at.
    pub algorithms: Vec<Algorithm>,
    /// The `iss` that a token must have.
    pub issuer: String,
    /// What its `aud` must be or hold.
    pub audience: String,
    /// How far clocks may differ: a token is good for so much longer than its `exp`, and from so much before its `nbf`; default 30 s.
    pub leeway: Duration,
    /// Whether a session ends when its token does; default no.
    pub end_at_expiry: bool,
    /// The names of the claims that are read.
    pub claims: Claims,
}

/// The names of claims.
#[derive(Clone, Debug)]
pub struct Claims {
    /// A text: the tenant's name; default `tenant`.
    pub tenant: String,
    /// A text: the role; default `role`.
    pub role: String,
    /// An object: of each level an array of nodes; default `scopes`.
    pub scopes: String,
}

/// How a token is signed (RFC 7518, section 3.1; RFC 8037). Shared secrets (HS256) and `none` are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519.
    EdDsa,
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 bits and more.
    Rs256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EdDsa, Self::Es256, Self::Rs256];

    /// What a token's header calls it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    /// The algorithm of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == name)
    }
}

/// Reads the section.
pub(super) fn read(top: &Section<'_>) -> Option<Jwt> {
    const KEYS: &[&str] = &["keys", "algorithms", "issuer", "audience", "leeway", "end_at_expiry", "claims"];
    let section = top.section("jwt", "[jwt]".to_owned(), KEYS)?;
    let needed = |key: &str, help: &str| {
        if section.place(key) == section.span {
            section.missing(key, help);
        }
        let text = section.text(key)?;
        if text.get_ref().is_empty() {
            section.reader.problem(text.span(), format!("`{key}` is empty"), "empty", Some(help.to_owned()));
            return None;
        }
        Some(text.into_inner())
    };
    let keys = needed("keys", "the path of a file with public keys: PEM, or a JWK set");
    let issuer = needed("issuer", "who signs: what `iss` says in its tokens");
    let audience = needed("audience", "whom tokens must be meant for: what `aud` says in those for this proxy");
    let algorithms = algorithms(&section);
    let leeway = section.duration("leeway").unwrap_or(Duration::from_secs(30));
    if leeway > MOST_LEEWAY {
        let help = Some(format!("at most {}", humantime::format_duration(MOST_LEEWAY)));
        section.reader.problem(section.place("leeway"), "`leeway` is too long", "tokens would outlive themselves", help);
    }
    let named = section.section("claims", "[jwt.claims]".to_owned(), &["tenant", "role", "scopes"]);
    let claim = |key: &str| named.as_ref().and_then(|n| n.text(key)).map_or_else(|| key.to_owned(), toml::Spanned::into_inner);
    Some(Jwt {
        keys: PathBuf::from(keys?),
        algorithms,
        issuer: issuer?,
        audience: audience?,
        leeway,
        end_at_expiry: section.boolean("end_at_expiry").unwrap_or(false),
        claims: Claims { tenant: claim("tenant"), role: claim("role"), scopes: claim("scopes") },
    })
}

fn algorithms(section: &Section<'_>) -> Vec<Algorithm> {
    let known = Algorithm::ALL.map(Algorithm::as_str);
    let mut algorithms = Vec::new();
    for name in section.texts("algorithms") {
        match Algorithm::parse(name.get_ref()) {
            Some(algorithm) => algorithms.push(algorithm),
            None => {
                let help = format!("known: {}", known.join(", "));
                let message = format!("tokens cannot be signed by `{}`", name.get_ref());
                section.reader.problem(name.span(), message, "not one of those known", Some(help));
            }
        }
    }
    if algorithms.is_empty() && section.texts("algorithms").is_empty() {
        section.missing("algorithms", &format!("those that the issuer uses, of {}", known.join(", ")));
    }
    algorithms
}
