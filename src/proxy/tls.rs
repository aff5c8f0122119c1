//! TLS towards clients. It does not decide whether a client needs it.

use crate::config::ListenTls;
use crate::upstream;
use pgwire::api::auth::sasl::scram::ScramServerAuth;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// What TLS to clients needs.
pub(super) struct ClientTls {
    pub(super) acceptor: TlsAcceptor,
    /// The SCRAM server that knows the certificate: it can bind to the channel. `None` where the certificate's signature has no hash for that.
    pub(super) bound: Option<ScramServerAuth>,
}

impl std::fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientTls")
    }
}

pub(super) fn load(listen: &ListenTls) -> Result<ClientTls, upstream::Trouble> {
    let bad =
        |path: &std::path::Path, reason: String| upstream::Trouble::Certificates { path: path.display().to_string(), reason };
    let chain = upstream::certificates(&listen.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&listen.key).map_err(|e| bad(&listen.key, e.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let builder = match &listen.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let roots = Arc::new(upstream::authorities(path)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
            let verifier = if listen.client_required { verifier } else { verifier.allow_unauthenticated() };
            builder.with_client_cert_verifier(verifier.build().map_err(|e| bad(path, e.to_string()))?)
        }
    };
    let mut config = builder.with_single_cert(chain, key)?;
    if listen.client_ca.is_none() {
        // Sessions are resumed by tickets that the client keeps, under keys that change every some hours. No early data: it can be replayed.
        config.ticketer = rustls::crypto::ring::Ticketer::new()?;
    } else {
        // A certificate that was revoked or has expired must not live on in a resumed session.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    // For clients that start with TLS at once (libpq's sslnegotiation=direct).
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    let pem = std::fs::read(&listen.certificate).map_err(|e| bad(&listen.certificate, e.to_string()))?;
    let mut bound = ScramServerAuth::new();
    let bound = bound.configure_certificate(&pem).is_ok().then_some(bound);
    Ok(ClientTls { acceptor: TlsAcceptor::from(Arc::new(config)), bound })
}
