//! The names of a client's certificate. It verifies none: TLS has, before anything here is asked.

use super::der::element;
use crate::config::{AlternativeName, CertificateName};
use x509_certificate::X509Certificate;

/// id-ce-subjectAltName, 2.5.29.17.
const ALTERNATIVE_NAMES: [u8; 3] = [0x55, 0x1d, 0x11];

/// Whether a certificate, in DER, has the name. A subject with several common names has none.
#[must_use]
pub fn is_called(certificate: &[u8], name: &CertificateName) -> bool {
    let Ok(certificate) = X509Certificate::from_der(certificate) else { return false };
    match name {
        CertificateName::Common(name) => {
            let mut names = certificate.subject_name().iter_common_name();
            let (Some(first), None) = (names.next(), names.next()) else { return false };
            first.to_string().is_ok_and(|first| first == *name)
        }
        CertificateName::Alternative(kind, name) => {
            let mut extensions = certificate.iter_extensions().filter(|e| e.id.as_ref() == ALTERNATIVE_NAMES);
            extensions.any(|extension| has(&extension.value.to_bytes(), *kind, name))
        }
    }
}

/// Whether GeneralNames (RFC 5280, section 4.2.1.6) hold the name. What cannot be read to its end holds none.
fn has(names: &[u8], kind: AlternativeName, wanted: &str) -> bool {
    let tag = match kind {
        AlternativeName::Email => 0x81,
        AlternativeName::Dns => 0x82,
        AlternativeName::Uri => 0x86,
    };
    let Some((0x30, mut names, [])) = element(names) else { return false };
    let mut found = false;
    while !names.is_empty() {
        let Some((this, name, rest)) = element(names) else { return false };
        found |= this == tag && name == wanted.as_bytes();
        names = rest;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{CertificateName, is_called};
    use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SanType, string::Ia5String};

    #[test]
    fn names_of_each_kind() {
        let text = |text: &str| Ia5String::try_from(text).expect("ASCII");
        let mut made = CertificateParams::default();
        made.distinguished_name = DistinguishedName::new();
        made.distinguished_name.push(DnType::CommonName, "billing");
        made.distinguished_name.push(DnType::OrganizationName, "acme");
        made.subject_alt_names = vec![
            SanType::DnsName(text("billing.test")),
            SanType::URI(text("spiffe://test/billing")),
            SanType::Rfc822Name(text("ops@billing.test")),
            SanType::IpAddress([127, 0, 0, 1].into()),
        ];
        let der = made.self_signed(&KeyPair::generate().expect("key")).expect("certificate").der().to_vec();
        let called = |name: &str| is_called(&der, &CertificateName::parse(name).expect("a name"));
        for name in ["billing", "DNS:billing.test", "URI:spiffe://test/billing", "email:ops@billing.test"] {
            assert!(called(name), "{name}");
        }
        for name in [
            "acme",
            "Billing",
            "billing.test",
            "DNS:billing",
            "DNS:billing.tes",
            "DNS:ops@billing.test",
            "URI:billing",
            "email:x",
        ] {
            assert!(!called(name), "{name}");
        }
        assert!(!is_called(&der[1..], &CertificateName::parse("billing").expect("a name")));
        assert!(["", "DNS:", "a\0b"].iter().all(|name| CertificateName::parse(name).is_none()));
    }

    #[test]
    fn no_name_is_none() {
        let mut made = CertificateParams::default();
        made.distinguished_name = DistinguishedName::new();
        let der = made.self_signed(&KeyPair::generate().expect("key")).expect("certificate").der().to_vec();
        assert!(!is_called(&der, &CertificateName::Common("rcgen self signed cert".to_owned())));
        assert!(!is_called(&der, &CertificateName::Common(String::new())));
    }
}
