//! The public keys of an issuer: a PEM file or a JWK set, and which of them made a signature. It reads no token.

use crate::config::JwtAlgorithm as Algorithm;
use crate::tenants::der::element;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use rustls::pki_types::alg_id;
use rustls::pki_types::pem::{PemObject, SectionKind};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the keys of [jwt], {}: {reason}", path.display())]
pub struct KeyTrouble {
    path: PathBuf,
    reason: String,
}

/// A public key.
#[derive(Clone, Debug)]
pub(super) struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    /// As `ring` takes it: 32 bytes, an uncompressed point, or RSAPublicKey in DER.
    Plain(Vec<u8>),
    /// The modulus and the exponent of an RSA key.
    Parts(RsaPublicKeyComponents<Vec<u8>>),
}

impl Key {
    pub(super) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithm == algorithm
    }

    /// Whether it may be the one that a token names: a key without a name may be any.
    pub(super) fn may_be(&self, wanted: Option<&str>) -> bool {
        match (&self.id, wanted) {
            (Some(id), Some(wanted)) => id == wanted,
            (None, _) | (_, None) => true,
        }
    }

    /// Whether it made the signature.
    pub(super) fn made(&self, message: &[u8], of: &[u8]) -> bool {
        let rsa = &signature::RSA_PKCS1_2048_8192_SHA256;
        let algorithm: &dyn VerificationAlgorithm = match self.algorithm {
            Algorithm::EdDsa => &signature::ED25519,
            Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
            Algorithm::Rs256 => rsa,
        };
        match &self.material {
            Material::Plain(key) => UnparsedPublicKey::new(algorithm, key).verify(message, of).is_ok(),
            Material::Parts(key) => key.verify(rsa, message, of).is_ok(),
        }
    }
}

/// The keys of a file that are for one of the algorithms: at least one for each.
pub(super) fn load(path: &Path, algorithms: &[Algorithm]) -> Result<Vec<Key>, KeyTrouble> {
    let trouble = |reason: String| KeyTrouble { path: path.to_path_buf(), reason };
    let bytes = std::fs::read(path).map_err(|e| trouble(e.to_string()))?;
    let is_json = bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    let mut keys = if is_json { set(&bytes) } else { pem(&bytes) }.map_err(trouble)?;
    keys.retain(|key| algorithms.contains(&key.algorithm));
    match algorithms.iter().find(|a| !keys.iter().any(|key| key.is_for(**a))) {
        Some(without) => Err(trouble(format!("there is no key for {}", without.as_str()))),
        None => Ok(keys),
    }
}

pub(super) fn pem(bytes: &[u8]) -> Result<Vec<Key>, String> {
    let mut keys = Vec::new();
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(bytes) {
        match section.map_err(|e| format!("not PEM: {e}"))? {
            (SectionKind::PublicKey, der) => keys.push(subject_public_key(&der).ok_or(
                "a public key in it is none of Ed25519, P-256 and RSA, or is not in the form that begins with BEGIN PUBLIC KEY",
            )?),
            (SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey, _) => {
                return Err("a private key is in it: it belongs to the issuer, the public key here".to_owned());
            }
            (other, _) => return Err(format!("what is in it is not a public key but {other:?}")),
        }
    }
    Ok(keys)
}

/// SubjectPublicKeyInfo (RFC 5280, section 4.1): which algorithm, and a bit string that is the key.
fn subject_public_key(der: &[u8]) -> Option<Key> {
    let (0x30, info, []) = element(der)? else { return None };
    let (0x30, algorithm, rest) = element(info)? else { return None };
    let (0x03, bits, []) = element(rest)? else { return None };
    let (0, key) = bits.split_first().map(|(unused, key)| (*unused, key))? else { return None };
    let algorithm = match algorithm {
        a if a == alg_id::ED25519.as_ref() => Algorithm::EdDsa,
        a if a == alg_id::ECDSA_P256.as_ref() => Algorithm::Es256,
        a if a == alg_id::RSA_ENCRYPTION.as_ref() => Algorithm::Rs256,
        _other => return None,
    };
    Some(Key { id: None, algorithm, material: Material::Plain(key.to_vec()) })
}

/// A JWK set (RFC 7517, section 5).
#[derive(Deserialize)]
struct Set {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    /// The private part, which is in no public key.
    d: Option<serde::de::IgnoredAny>,
}

pub(super) fn set(bytes: &[u8]) -> Result<Vec<Key>, String> {
    // What serde says of a wrong value would show it.
    let set: Set =
        serde_json::from_slice(bytes).map_err(|e| format!("not a JWK set: line {}, column {}", e.line(), e.column()))?;
    let mut keys = Vec::new();
    for jwk in set.keys {
        let named = jwk.kid.clone().unwrap_or_else(|| "without a kid".to_owned());
        if jwk.d.is_some() {
            return Err(format!("the key {named:?} has its private part in it: it belongs to the issuer"));
        }
        // Sets hold keys for other purposes as well.
        if jwk.purpose.as_deref().is_some_and(|purpose| purpose != "sig") {
            continue;
        }
        let (algorithm, material) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("OKP", Some("Ed25519")) => (Algorithm::EdDsa, bytes_of(jwk.x, 32..=32).map(Material::Plain)),
            ("EC", Some("P-256")) => (Algorithm::Es256, point(jwk.x, jwk.y).map(Material::Plain)),
            ("RSA", None) => (Algorithm::Rs256, parts(jwk.n, jwk.e).map(Material::Parts)),
            _other => continue,
        };
        if jwk.alg.as_deref().is_some_and(|alg| alg != algorithm.as_str()) {
            continue;
        }
        let material = material.ok_or_else(|| format!("the key {named:?} cannot be read"))?;
        keys.push(Key { id: jwk.kid, algorithm, material });
    }
    Ok(keys)
}

fn bytes_of(text: Option<String>, length: std::ops::RangeInclusive<usize>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok().filter(|bytes| length.contains(&bytes.len()))
}

fn point(x: Option<String>, y: Option<String>) -> Option<Vec<u8>> {
    Some([vec![4], bytes_of(x, 32..=32)?, bytes_of(y, 32..=32)?].concat())
}

fn parts(n: Option<String>, e: Option<String>) -> Option<RsaPublicKeyComponents<Vec<u8>>> {
    Some(RsaPublicKeyComponents { n: bytes_of(n, 256..=1024)?, e: bytes_of(e, 1..=8)? })
}
