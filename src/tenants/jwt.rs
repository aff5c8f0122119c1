//! Tokens that somebody else signed: whether one is good, and what it says of who shows it. It does not decide what that one may do.
//!
//! The signature is checked before anything is read of what it covers, and no token, nor a part of one, is ever told in an error.

mod keys;

pub use keys::KeyTrouble;

use crate::config;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keys::Key;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Longest token, bytes.
const LONGEST: usize = 16 * 1024;
/// What a header may say that it is about (RFC 8725, section 3.11): a token made for another purpose is none for this.
const TYPES: [&str; 3] = ["jwt", "at+jwt", "application/at+jwt"];

/// What a good token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The name of a tenant.
    pub tenant: Option<String>,
    /// The name of a role.
    pub role: Option<String>,
    /// The nodes that its holder is limited to, by level, as text; of the levels that are not here it reaches all.
    pub scopes: BTreeMap<String, Vec<String>>,
    /// Whom it was given to, as the issuer knows them.
    pub subject: Option<String>,
    /// Until when it is good, the leeway included.
    pub expiry: SystemTime,
}

/// Why a token is not good. It says nothing of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// It is not three parts of base64url with JSON objects in them.
    #[error("it is not a JWT")]
    Form,
    /// Its header asks for what is not understood: another type, critical extensions.
    #[error("its header is not understood")]
    Header,
    /// It is signed in a way that `[jwt] algorithms` does not name.
    #[error("its algorithm is not one of those allowed")]
    Algorithm,
    /// No key that is known made the signature.
    #[error("its signature is not by a known key")]
    Signature,
    /// It is too old.
    #[error("it has expired")]
    Expired,
    /// It is not good yet.
    #[error("it is not good yet")]
    Early,
    /// Somebody else issued it.
    #[error("it is of another issuer")]
    Issuer,
    /// It is meant for somebody else.
    #[error("it is for another audience")]
    Audience,
    /// A claim is missing or is not of its form.
    #[error("its claim {0} is missing or not of its form")]
    Claim(&'static str),
}

impl Rejected {
    /// Whether no known key has signed it: who sends many of these guesses.
    #[must_use]
    pub fn is_forged(&self) -> bool {
        match self {
            Self::Form | Self::Header | Self::Algorithm | Self::Signature => true,
            Self::Expired | Self::Early | Self::Issuer | Self::Audience | Self::Claim(_) => false,
        }
    }
}

/// Somebody whose tokens are believed.
#[derive(Clone, Debug)]
pub struct Issuer {
    keys: Vec<Key>,
    rules: config::Jwt,
}

impl Issuer {
    /// The issuer that the configuration names; reads its keys.
    ///
    /// # Errors
    /// [`KeyTrouble`] when there is not one key for each algorithm, or something in the file that cannot be used.
    pub fn load(rules: &config::Jwt) -> Result<Self, KeyTrouble> {
        Ok(Self { keys: keys::load(&rules.keys, &rules.algorithms)?, rules: rules.clone() })
    }

    /// Whether a session ends when its token does.
    #[must_use]
    pub fn end_at_expiry(&self) -> bool {
        self.rules.end_at_expiry
    }

    /// What a token says, if it is good at the moment `now`.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn verify(&self, token: &str, now: SystemTime) -> Result<Claims, Rejected> {
        if token.len() > LONGEST {
            return Err(Rejected::Form);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Rejected::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(Rejected::Form)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Rejected::Form)?;
        self.signed(&object(header)?, signed.as_bytes(), &signature)?;
        let claims = object(payload)?;
        let expiry = self.in_time(&claims, now)?;
        if claims.get("iss").and_then(Value::as_str) != Some(&self.rules.issuer) {
            return Err(Rejected::Issuer);
        }
        let meant = match claims.get("aud") {
            Some(Value::String(one)) => *one == self.rules.audience,
            Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(&self.rules.audience)),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => false,
        };
        if !meant {
            return Err(Rejected::Audience);
        }
        let names = &self.rules.claims;
        Ok(Claims {
            tenant: text(&claims, &names.tenant, "of the tenant")?,
            role: text(&claims, &names.role, "of the role")?,
            scopes: scopes(&claims, &names.scopes)?,
            subject: text(&claims, "sub", "sub")?,
            expiry,
        })
    }

    /// That one of the keys made the signature, by an algorithm that is allowed.
    fn signed(&self, header: &Map<String, Value>, signed: &[u8], signature: &[u8]) -> Result<(), Rejected> {
        let named = header.get("alg").and_then(Value::as_str).ok_or(Rejected::Algorithm)?;
        let algorithm = self.rules.algorithms.iter().find(|a| a.as_str() == named).ok_or(Rejected::Algorithm)?;
        let typed = match header.get("typ") {
            Some(typ) => typ.as_str().is_some_and(|typ| TYPES.iter().any(|t| typ.eq_ignore_ascii_case(t))),
            None => true,
        };
        // Both change what is signed or how it is to be read.
        if !typed || header.contains_key("crit") || header.contains_key("b64") {
            return Err(Rejected::Header);
        }
        let wanted = match header.get("kid") {
            Some(Value::String(id)) => Some(id.as_str()),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                return Err(Rejected::Header);
            }
            None => None,
        };
        let mut keys = self.keys.iter().filter(|key| key.is_for(*algorithm) && key.may_be(wanted));
        if keys.any(|key| key.made(signed, signature)) { Ok(()) } else { Err(Rejected::Signature) }
    }

    /// Until when it is good.
    fn in_time(&self, claims: &Map<String, Value>, now: SystemTime) -> Result<SystemTime, Rejected> {
        let expiry = moment(claims, "exp")?.ok_or(Rejected::Claim("exp"))?;
        let expiry = expiry.checked_add(self.rules.leeway).ok_or(Rejected::Claim("exp"))?;
        if expiry <= now {
            return Err(Rejected::Expired);
        }
        match moment(claims, "nbf")? {
            Some(begin) if now.checked_add(self.rules.leeway).is_none_or(|now| now < begin) => Err(Rejected::Early),
            Some(_) | None => Ok(expiry),
        }
    }
}

/// A part that is a JSON object.
fn object(part: &str) -> Result<Map<String, Value>, Rejected> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Rejected::Form)?;
    serde_json::from_slice(&bytes).map_err(|_| Rejected::Form)
}

/// A claim that is seconds since 1970.
fn moment(claims: &Map<String, Value>, name: &'static str) -> Result<Option<SystemTime>, Rejected> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let moment = value.as_f64().and_then(|s| Duration::try_from_secs_f64(s).ok()).and_then(|d| UNIX_EPOCH.checked_add(d));
    moment.map(Some).ok_or(Rejected::Claim(name))
}

/// A claim that is a text; one that is something else is not taken for a missing one.
fn text(claims: &Map<String, Value>, name: &str, told: &'static str) -> Result<Option<String>, Rejected> {
    match claims.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(Rejected::Claim(told)),
        None => Ok(None),
    }
}

/// The nodes of each level: arrays that are not empty, of texts and whole numbers.
fn scopes(claims: &Map<String, Value>, name: &str) -> Result<BTreeMap<String, Vec<String>>, Rejected> {
    const WRONG: Rejected = Rejected::Claim("of the scopes");
    let Some(value) = claims.get(name) else { return Ok(BTreeMap::new()) };
    let node = |node: &Value| match node {
        Value::String(text) if !text.is_empty() && !text.contains('\0') => Ok(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(number.to_string()),
        Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(WRONG),
    };
    let level = |(level, nodes): (&String, &Value)| {
        let nodes = nodes.as_array().filter(|n| !n.is_empty()).ok_or(WRONG)?;
        Ok((level.clone(), nodes.iter().map(node).collect::<Result<_, _>>()?))
    };
    value.as_object().ok_or(WRONG)?.iter().map(level).collect()
}

#[cfg(test)]
mod tests;
