//! Signatures of places in the chain (Ed25519, RFC 8032): whoever can write the file but has no key cannot make up another past.
//! It does not decide when one is made.

use super::AuditTrouble;
use super::parts::folder;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The lines around a key (RFC 7468, section 10).
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----\n";
const END: &str = "-----END PRIVATE KEY-----\n";
/// Characters of a line in between.
const WIDTH: usize = 64;

/// Signs.
pub struct Signer(Ed25519KeyPair);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(***)")
    }
}

/// Checks what a [`Signer`] signed.
#[derive(Clone, Debug)]
pub struct PublicKey(UnparsedPublicKey<Vec<u8>>);

/// What a signature is about. The text that is signed begins with it: one is never taken for the other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About {
    /// A checkpoint in the chain: its own number, and the hash of the line before it.
    Checkpoint,
    /// The end of the chain: the last record's number, and its line's hash.
    Head,
}

fn text(about: About, sequence: u64, hash: &str) -> String {
    let about = match about {
        About::Checkpoint => "checkpoint",
        About::Head => "head",
    };
    format!("pgmoat audit {about}\n{sequence}\n{hash}")
}

impl Signer {
    /// Reads a key as [`generate`] writes it.
    ///
    /// # Errors
    /// [`AuditTrouble::Key`] when there is none.
    pub fn load(path: &Path) -> Result<Self, AuditTrouble> {
        let bad = |message: &'static str| AuditTrouble::Key { path: path.to_path_buf(), message };
        let key = PrivatePkcs8KeyDer::from_pem_file(path).map_err(|_| bad("it is not a PEM file with a PRIVATE KEY"))?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der());
        pair.map(Self).map_err(|_| bad("it is not an Ed25519 key"))
    }

    /// The signature, base64.
    pub(crate) fn sign(&self, about: About, sequence: u64, hash: &str) -> String {
        STANDARD.encode(self.0.sign(text(about, sequence, hash).as_bytes()))
    }
}

impl PublicKey {
    /// Reads the one line of base64 that [`generate`] writes.
    ///
    /// # Errors
    /// [`AuditTrouble::Key`] when there is none.
    pub fn load(path: &Path) -> Result<Self, AuditTrouble> {
        let bad = |message: &'static str| AuditTrouble::Key { path: path.to_path_buf(), message };
        let text = std::fs::read_to_string(path).map_err(|_| bad("it cannot be read"))?;
        let bytes = STANDARD.decode(text.trim()).map_err(|_| bad("it is not base64"))?;
        if bytes.len() != 32 {
            return Err(bad("an Ed25519 public key has 32 bytes"));
        }
        Ok(Self(UnparsedPublicKey::new(&ED25519, bytes)))
    }

    pub(crate) fn accepts(&self, about: About, sequence: u64, hash: &str, signature: &str) -> bool {
        let signature = STANDARD.decode(signature).unwrap_or_default();
        self.0.verify(text(about, sequence, hash).as_bytes(), &signature).is_ok()
    }
}

/// Makes a key in `path` (PEM, PKCS #8, mode 0600) and its public half in `path` with `.pub` behind it; neither may be there yet.
///
/// # Errors
/// [`AuditTrouble::Open`] when a file cannot be made; [`AuditTrouble::Key`] when the system has no random numbers.
pub fn generate(path: &Path) -> Result<PathBuf, AuditTrouble> {
    let none = |_| AuditTrouble::Key { path: path.to_path_buf(), message: "the system gives no random numbers" };
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(none)?;
    let pair = Ed25519KeyPair::from_pkcs8(document.as_ref())
        .map_err(|_| AuditTrouble::Key { path: path.to_path_buf(), message: "the new key cannot be read back" })?;
    let mut pem = BEGIN.to_owned();
    let body = STANDARD.encode(document.as_ref());
    for (index, character) in body.chars().enumerate() {
        if index > 0 && index % WIDTH == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push('\n');
    pem.push_str(END);
    create(path, 0o600, &pem)?;
    let public = super::parts::beside(path, ".pub");
    create(&public, 0o644, &format!("{}\n", STANDARD.encode(pair.public_key().as_ref())))?;
    Ok(public)
}

fn create(path: &Path, mode: u32, text: &str) -> Result<(), AuditTrouble> {
    let failed = |e: io::Error| AuditTrouble::Open { path: path.to_path_buf(), source: Arc::new(e) };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    File::open(folder(path)).and_then(|d| d.sync_all()).map_err(failed)
}
