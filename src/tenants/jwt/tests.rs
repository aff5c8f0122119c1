//! Tokens that are good and tokens that are not, by the standards' examples and by keys made here. No login is tested.

use super::keys::{pem, set};
use super::{Claims, Issuer, Rejected};
use crate::config::{Jwt, JwtAlgorithm, JwtClaims};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, SigningKey};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// RFC 7515, appendices A.2 and A.3, and RFC 8037, appendix A.4.
const RSA: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const SIGNED: [(&str, &str, &str); 3] = [
    (
        r#"{"kty":"RSA","n":"{RSA}","e":"AQAB"}"#,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    ),
    (
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ),
    (
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    ),
];

/// The same RSA key.
const RSA_PEM: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj
NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz
P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo
9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB
EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX
FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp
oQIDAQAB
-----END PUBLIC KEY-----
";

fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

#[test]
fn signatures_of_the_standards() {
    for (jwk, message, signature) in SIGNED {
        let jwk = jwk.replace("{RSA}", RSA);
        let keys = set(format!("{{\"keys\": [{jwk}]}}").as_bytes()).expect("a set");
        let [key] = keys.as_slice() else { panic!("{jwk}") };
        let mut signature = decoded(signature);
        assert!(key.made(message.as_bytes(), &signature), "{jwk}");
        assert!(!key.made(&message.as_bytes()[1..], &signature), "{jwk}");
        signature[7] ^= 1;
        assert!(!key.made(message.as_bytes(), &signature), "{jwk}");
    }
    let keys = pem(RSA_PEM.as_bytes()).expect("PEM");
    assert!(keys.len() == 1 && keys[0].made(SIGNED[0].1.as_bytes(), &decoded(SIGNED[0].2)));
}

#[test]
fn what_is_no_public_key() {
    let private = KeyPair::generate_for(&PKCS_ED25519).expect("key").serialize_pem();
    assert!(pem(private.as_bytes()).expect_err("private").contains("private key"));
    let broken = RSA_PEM.replace("MIIBIj", "MIIBIk");
    assert!(pem(broken.as_bytes()).is_err());
    let with_d = r#"{"keys": [{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9"}]}"#;
    assert!(set(with_d.as_bytes()).expect_err("private").contains("private part"));
    // Those for something else are passed over, those that are wrong are not.
    let others = r#"{"keys": [{"kty":"oct","k":"c2VjcmV0"}, {"kty":"EC","crv":"P-384","x":"AA","y":"AA"},
        {"kty":"OKP","crv":"Ed25519","use":"enc","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    assert!(set(others.as_bytes()).expect("a set").is_empty());
    assert!(set(br#"{"keys": [{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]}"#).is_err());
}

const NOW: u64 = 1_800_000_000;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn rules(algorithms: &[JwtAlgorithm], keys: &std::path::Path) -> Jwt {
    Jwt {
        keys: keys.to_path_buf(),
        algorithms: algorithms.to_vec(),
        issuer: "https://login.test".to_owned(),
        audience: "moat".to_owned(),
        leeway: Duration::from_secs(30),
        end_at_expiry: false,
        claims: JwtClaims { tenant: "org".to_owned(), role: "role".to_owned(), scopes: "scopes".to_owned() },
    }
}

/// A key of each kind that can be made here, and who believes it.
fn issuer() -> (KeyPair, KeyPair, Issuer) {
    let ed = KeyPair::generate_for(&PKCS_ED25519).expect("key");
    let ec = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("key");
    let file = tempfile::NamedTempFile::new().expect("file");
    std::fs::write(file.path(), ed.public_key_pem() + &ec.public_key_pem()).expect("write");
    let issuer = Issuer::load(&rules(&[JwtAlgorithm::EdDsa, JwtAlgorithm::Es256], file.path())).expect("keys");
    (ed, ec, issuer)
}

fn token(key: &KeyPair, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = key.sign(signed.as_bytes()).expect("signed");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn good() -> Value {
    json!({"iss": "https://login.test", "aud": "moat", "exp": NOW + 60, "sub": "u-17", "org": "acme", "role": "auditor",
        "scopes": {"property": [11, "12"]}})
}

/// The good claims with others in the place of some; null takes one out.
fn but(changed: Value) -> Value {
    let mut claims = good();
    let all = claims.as_object_mut().expect("an object");
    for (name, value) in changed.as_object().expect("an object") {
        match value {
            Value::Null => drop(all.remove(name)),
            value => drop(all.insert(name.clone(), value.clone())),
        }
    }
    claims
}

#[test]
fn a_good_token_says_who_it_is() {
    let (ed, _, issuer) = issuer();
    let read = issuer.verify(&token(&ed, &json!({"alg": "EdDSA", "typ": "JWT"}), &good()), now()).expect("good");
    let scopes = [("property".to_owned(), vec!["11".to_owned(), "12".to_owned()])].into();
    let expiry = now() + Duration::from_secs(90);
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(read, Claims { tenant: text("acme"), role: text("auditor"), scopes, subject: text("u-17"), expiry });
}

#[test]
fn claims_are_judged() {
    let (ed, _, issuer) = issuer();
    let verdict = |changed: Value| issuer.verify(&token(&ed, &json!({"alg": "EdDSA"}), &but(changed)), now()).map(|_| ());
    for (changed, expected) in [
        (json!({}), Ok(())),
        (json!({"org": null, "role": null, "scopes": null, "sub": null}), Ok(())),
        (json!({"aud": ["x", "moat"]}), Ok(())),
        (json!({"exp": NOW as f64 + 0.5}), Ok(())),
        (json!({"exp": NOW - 29}), Ok(())),
        (json!({"exp": NOW - 30}), Err(Rejected::Expired)),
        (json!({"exp": null}), Err(Rejected::Claim("exp"))),
        (json!({"exp": (NOW + 60).to_string()}), Err(Rejected::Claim("exp"))),
        (json!({"exp": -1}), Err(Rejected::Claim("exp"))),
        (json!({"exp": 1e300}), Err(Rejected::Claim("exp"))),
        (json!({"nbf": NOW + 30}), Ok(())),
        (json!({"nbf": NOW + 31}), Err(Rejected::Early)),
        (json!({"nbf": "x"}), Err(Rejected::Claim("nbf"))),
        (json!({"iss": "https://login.test/"}), Err(Rejected::Issuer)),
        (json!({"iss": ["https://login.test"]}), Err(Rejected::Issuer)),
        (json!({"iss": null}), Err(Rejected::Issuer)),
        (json!({"aud": "moat2"}), Err(Rejected::Audience)),
        (json!({"aud": [["moat"]]}), Err(Rejected::Audience)),
        (json!({"aud": {"moat": 1}}), Err(Rejected::Audience)),
        (json!({"aud": null}), Err(Rejected::Audience)),
        (json!({"org": 1}), Err(Rejected::Claim("of the tenant"))),
        (json!({"org": ["acme"]}), Err(Rejected::Claim("of the tenant"))),
        (json!({"org": ""}), Err(Rejected::Claim("of the tenant"))),
        (json!({"role": true}), Err(Rejected::Claim("of the role"))),
        (json!({"sub": 7}), Err(Rejected::Claim("sub"))),
        (json!({"scopes": []}), Err(Rejected::Claim("of the scopes"))),
        (json!({"scopes": {"property": []}}), Err(Rejected::Claim("of the scopes"))),
        (json!({"scopes": {"property": 11}}), Err(Rejected::Claim("of the scopes"))),
        (json!({"scopes": {"property": [1.5]}}), Err(Rejected::Claim("of the scopes"))),
        (json!({"scopes": {"property": [null]}}), Err(Rejected::Claim("of the scopes"))),
    ] {
        assert_eq!(verdict(changed.clone()), expected, "{changed}");
    }
}

#[test]
fn headers_are_judged() {
    let (ed, ec, issuer) = issuer();
    let verdict = |key: &KeyPair, header: Value| issuer.verify(&token(key, &header, &good()), now()).map(|_| ());
    for (header, expected) in [
        (json!({"alg": "EdDSA", "typ": "at+JWT"}), Ok(())),
        (json!({"alg": "EdDSA", "kid": "any: a PEM file names none"}), Ok(())),
        (json!({"alg": "none"}), Err(Rejected::Algorithm)),
        (json!({"alg": "HS256"}), Err(Rejected::Algorithm)),
        (json!({"alg": "RS256"}), Err(Rejected::Algorithm)),
        (json!({"alg": "eddsa"}), Err(Rejected::Algorithm)),
        (json!({"alg": ["EdDSA"]}), Err(Rejected::Algorithm)),
        (json!({}), Err(Rejected::Algorithm)),
        (json!({"alg": "ES256"}), Err(Rejected::Signature)),
        (json!({"alg": "EdDSA", "typ": "logout+jwt"}), Err(Rejected::Header)),
        (json!({"alg": "EdDSA", "typ": 1}), Err(Rejected::Header)),
        (json!({"alg": "EdDSA", "crit": ["b64"], "b64": false}), Err(Rejected::Header)),
        (json!({"alg": "EdDSA", "kid": 1}), Err(Rejected::Header)),
    ] {
        assert_eq!(verdict(&ed, header.clone()), expected, "{header}");
    }
    // P-256 signatures are pairs of numbers here, not DER: what `rcgen` makes is DER.
    assert_eq!(verdict(&ec, json!({"alg": "ES256"})), Err(Rejected::Signature));
    let stranger = KeyPair::generate_for(&PKCS_ED25519).expect("key");
    // A key that comes with the token is no known key.
    let own =
        json!({"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(stranger.public_key_raw())}});
    assert_eq!(verdict(&stranger, own), Err(Rejected::Signature));
}

/// Each bit of a token counts, and so does how it is cut.
#[test]
fn changed_tokens_are_not_good() {
    let (ed, _, issuer) = issuer();
    let whole = token(&ed, &json!({"alg": "EdDSA"}), &good());
    assert!(issuer.verify(&whole, now()).is_ok());
    for at in 0..whole.len() {
        let mut bytes = whole.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).expect("ASCII");
        assert!(issuer.verify(&changed, now()).is_err(), "at {at}");
        assert!(issuer.verify(&whole[..at], now()).is_err(), "to {at}");
    }
    let more = [format!("{whole}."), format!("{whole}="), format!(".{whole}"), format!("{whole}.e30"), format!(" {whole}")];
    let cut = whole.rsplit_once('.').expect("parts").0;
    let none = ["", ".", "..", "a.b", cut, &format!("{cut}."), &"a".repeat(20_000)].map(str::to_owned);
    for wrong in more.iter().chain(&none) {
        assert!(issuer.verify(wrong, now()).is_err(), "{wrong:.80}");
    }
}

/// A key that has a name is meant by it only.
#[test]
fn keys_are_named() {
    let pairs = [("one", ()), ("two", ())].map(|(id, ())| (id, KeyPair::generate_for(&PKCS_ED25519).expect("key")));
    let jwk = |(id, key): &(&str, KeyPair)| json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "alg": "EdDSA", "x": URL_SAFE_NO_PAD.encode(key.public_key_raw())});
    let file = tempfile::NamedTempFile::new().expect("file");
    std::fs::write(file.path(), json!({"keys": pairs.iter().map(jwk).collect::<Vec<_>>()}).to_string()).expect("write");
    let issuer = Issuer::load(&rules(&[JwtAlgorithm::EdDsa], file.path())).expect("keys");
    let verdict = |header: Value| issuer.verify(&token(&pairs[1].1, &header, &good()), now()).map(|_| ());
    assert_eq!(verdict(json!({"alg": "EdDSA", "kid": "two"})), Ok(()));
    assert_eq!(verdict(json!({"alg": "EdDSA"})), Ok(()));
    assert_eq!(verdict(json!({"alg": "EdDSA", "kid": "one"})), Err(Rejected::Signature));
    assert_eq!(verdict(json!({"alg": "EdDSA", "kid": "three"})), Err(Rejected::Signature));
    let without = Issuer::load(&rules(&[JwtAlgorithm::EdDsa, JwtAlgorithm::Rs256], file.path())).expect_err("no RSA key");
    assert!(without.to_string().contains("no key for RS256"), "{without}");
}
