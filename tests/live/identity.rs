//! Who somebody is: tenants that are named at the login, tokens of another service, client certificates.
//! What each reaches then is other tests' matter; here it is told by `tenant()` and a count.

use crate::cluster::wait_for;
use crate::proxy::{PASSWORD, Proxy, Setup, http_get};
use crate::wire::{Failure, Wire, tcp};
use crate::world::{TENANCY, World};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, PKCS_ED25519, SanType, SigningKey,
};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Users besides those of the world.
const USERS: &str = "
[[users]]
name = \"roamer\"
password = \"correct horse\"
tenants = [\"alder\", \"birch\"]
";

fn log_in(proxy: &Proxy, more: &[(&str, &str)], user: &str, password: &str) -> Result<Wire, (String, String)> {
    let mut parameters = vec![("user", user), ("database", proxy.database.as_str())];
    parameters.extend(more);
    match Wire::login(tcp(proxy.port).expect("tcp"), &parameters, Some(password)) {
        Ok(wire) => Ok(wire),
        Err(Failure::Refused(fields)) => Err((fields[&'C'].clone(), fields[&'M'].clone())),
        Err(Failure::Io(e)) => panic!("{e}"),
    }
}

/// The tenant that somebody is in, and how many properties it sees; or the error.
fn who(result: Result<Wire, (String, String)>) -> String {
    match result {
        Ok(mut wire) => {
            let row =
                wire.run("SELECT tenant(), count(*), count(*) FILTER (WHERE tenant_id <> tenant_id()) FROM properties").remove(0);
            row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join(" ")
        }
        Err((code, _)) => code,
    }
}

/// What psql prints of a login: the tenant and its properties, or the complaint.
pub(crate) fn psql(proxy: &Proxy, user: &str, password: &str, options: &str, environment: &[(&str, &str)]) -> String {
    let url = format!("host=127.0.0.1 port={} dbname={} user={user} {options}", proxy.port, proxy.database);
    let mut psql = Command::new("psql");
    psql.args(["-XAtw", "-c", "SELECT tenant(), count(*) FROM properties"]).arg(url).env("PGPASSWORD", password);
    let output = psql.envs(environment.iter().copied()).output().expect("psql runs");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)).trim().to_owned()
}

#[test]
fn a_tenant_is_named_at_the_login() {
    let world = World::new();
    let proxy = Proxy::start(&Setup::new(&world.real, &format!("{TENANCY}{USERS}")));
    let plain = |user: &str| who(log_in(&proxy, &[], user, PASSWORD));
    let with = |user: &str, name: &str, value: &str| who(log_in(&proxy, &[(name, value)], user, PASSWORD));
    assert_eq!(plain("alder_app"), "alder 5 0");
    assert_eq!(plain("alder_app.alder"), "alder 5 0");
    let birch = plain("birch_app");
    assert!(birch.starts_with("birch "), "{birch}");
    assert_eq!((plain("roamer.alder").as_str(), plain("roamer.birch")), ("alder 5 0", birch.clone()));
    assert_eq!(with("roamer", "options", "-c pgmoat.tenant=birch"), birch);
    assert_eq!(with("roamer", "options", "--pgmoat.tenant=alder"), "alder 5 0");
    assert_eq!(with("roamer", "pgmoat.tenant", "birch"), birch);
    assert_eq!(with("roamer.birch", "pgmoat.tenant", "birch"), birch);
    assert_eq!(psql(&proxy, "roamer.alder", PASSWORD, "", &[]), "alder|5");
    assert_eq!(psql(&proxy, "roamer", PASSWORD, "options='-c pgmoat.tenant=alder'", &[]), "alder|5");
    // The name is what counts, not how it looks.
    assert_eq!(plain("alder_east.alder").split_once(' ').map(|(t, _)| t.to_owned()), Some("alder".to_owned()));
    // Limits stay.
    assert_eq!(plain("alder_east.alder"), plain("alder_east"));
    let (code, message) = log_in(&proxy, &[], "roamer", PASSWORD).err().expect("no tenant");
    assert_eq!(code, "28000");
    assert!(message.contains("roamer.TENANT") && !message.contains("alder") && !message.contains("birch"), "{message}");
}

/// A tenant that exists and is another's, one that does not exist, a wrong password and an unknown user look alike.
#[test]
fn tenants_of_others_are_not_told_from_none() {
    let world = World::new();
    let proxy = Proxy::start(&Setup::new(&world.real, &format!("{TENANCY}{USERS}")));
    for (user, options) in [
        ("roamer.cedar", ""),
        ("roamer.nowhere", ""),
        ("roamer.", ""),
        ("alder_app.birch", ""),
        ("dba.alder", ""),
        ("nobody.alder", ""),
        ("roamer.alder.", ""),
        ("roamer.ALDER", ""),
        ("roamer", "-c pgmoat.tenant=cedar"),
        ("roamer", "-c pgmoat.tenant="),
        ("roamer.alder", "-c pgmoat.tenant=birch"),
        ("alder_app", "-c pgmoat.tenant=birch"),
    ] {
        let more = [("options", options)];
        let result = log_in(&proxy, if options.is_empty() { &[] } else { &more }, user, PASSWORD);
        let expected = ("28P01".to_owned(), format!("password authentication failed for user \"{user}\""));
        assert_eq!(result.map(|_| ()).expect_err("refused"), expected, "{user} {options}");
    }
    // What the audit log knows, the client does not.
    let failed: Vec<String> = proxy.audit().into_iter().filter(|r| r.contains("login_failed")).collect();
    assert!(failed.iter().any(|r| r.contains("\"roamer.cedar\"") && r.contains("not one of its own")), "{failed:?}");
    // Guesses at one user's password are counted together, whatever tenant is named with it.
    let codes: Vec<String> = (0..12).map(|n| who(log_in(&proxy, &[], &format!("cedar_app.t{n}"), "wrong"))).collect();
    assert!(codes[..9].iter().all(|c| c == "28P01") && codes[11] == "28000", "{codes:?}");
    assert_eq!(who(log_in(&proxy, &[], "cedar_app", PASSWORD)), "28000");
}

/// Somebody whose tokens the proxy believes.
pub(crate) struct Signer {
    key: KeyPair,
}

impl Signer {
    /// With a new key, which goes to `keys.pem` in this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let key = KeyPair::generate_for(&PKCS_ED25519).expect("key");
        std::fs::write(folder.join("keys.pem"), key.public_key_pem()).expect("write");
        Self { key }
    }

    /// Its key.
    pub(crate) fn private_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// A token with these claims besides `iss`, `aud` and `exp`, which they may replace.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.signed(&json!({"alg": "EdDSA", "typ": "JWT"}), claims)
    }

    fn signed(&self, header: &Value, claims: &Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let mut all = json!({"iss": "https://login.test", "aud": "moat", "exp": now + 600, "sub": "u-17"});
        let map = all.as_object_mut().expect("an object");
        map.extend(claims.as_object().expect("an object").clone());
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(&all));
        let signature = self.key.sign(signed.as_bytes()).expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// `[jwt]` with the keys in this folder, and users that show tokens.
pub(crate) fn jwt(folder: &Path, more: &str) -> String {
    format!(
        "{TENANCY}{USERS}
[[users]]
name = \"web\"
jwt = true
[[users]]
name = \"web_alder\"
jwt = true
tenant = \"alder\"
scopes = {{ property = [1001, 1002] }}
[[users]]
name = \"web_two\"
jwt = true
tenants = [\"alder\", \"birch\"]
[jwt]
keys = \"{}\"
algorithms = [\"EdDSA\"]
issuer = \"https://login.test\"
audience = \"moat\"
{more}",
        folder.join("keys.pem").display()
    )
}

#[test]
fn a_token_stands_for_a_password() {
    let (world, folder) = (World::new(), tempfile::tempdir().expect("folder"));
    let signer = Signer::new(folder.path());
    let proxy = Proxy::start(&Setup::new(&world.real, &jwt(folder.path(), "")));
    let ask = |user: &str, claims: Value| who(log_in(&proxy, &[], user, &signer.token(&claims)));
    let alder = json!({"tenant": "alder"});
    assert_eq!(ask("web", alder.clone()), "alder 5 0");
    assert!(ask("web", json!({"tenant": "birch"})).starts_with("birch "));
    assert_eq!(ask("web.alder", alder.clone()), "alder 5 0");
    assert_eq!(psql(&proxy, "web", &signer.token(&alder), "", &[]), "alder|5");
    // What a user is limited to and what its token is limited to: both.
    assert_eq!(ask("web_alder", json!({})), "alder 2 0");
    assert_eq!(ask("web_alder", json!({"scopes": {"property": [1002, 1003]}})), "alder 1 0");
    assert_eq!(ask("web", json!({"tenant": "alder", "scopes": {"property": ["1001"]}})), "alder 1 0");
    assert_eq!(ask("web_two", alder.clone()), "alder 5 0");
    assert_eq!(ask("web_two.alder", json!({})), "alder 5 0");
    assert_eq!(ask("web_two", json!({})), "28000");
    for (user, claims) in [
        ("web.alder", json!({})),
        ("web", json!({"tenant": "nowhere"})),
        ("web.birch", alder.clone()),
        ("web", json!({"tenant": "Alder"})),
        ("web_alder", json!({"tenant": "birch"})),
        ("web_alder", json!({"scopes": {"property": [1003]}})),
        ("web_two", json!({"tenant": "cedar"})),
        ("web", json!({"tenant": "alder", "scopes": {"district": [1]}})),
        ("web", json!({"tenant": "alder", "scopes": {"property": []}})),
        ("web", json!({"tenant": "alder", "exp": 1_000_000_000})),
        ("web", json!({"tenant": "alder", "nbf": 4_000_000_000_u64})),
        ("web", json!({"tenant": "alder", "iss": "https://login.test.evil"})),
        ("web", json!({"tenant": "alder", "aud": "other"})),
        ("web", json!({"tenant": "alder", "exp": null})),
        // A role that nobody knows might be meant to limit.
        ("web", json!({"tenant": "alder", "role": "auditor"})),
        // A token is no password, and the other way round.
        ("alder_app", alder.clone()),
    ] {
        assert_eq!(ask(user, claims.clone()), "28P01", "{user} {claims}");
    }
    assert_eq!(ask("web", json!({})), "28000");
    let forged = [
        PASSWORD.to_owned(),
        String::new(),
        signer.signed(&json!({"alg": "none"}), &alder),
        signer.signed(&json!({"alg": "HS256"}), &alder),
        signer.token(&alder) + "A",
        signer.token(&alder).rsplit_once('.').expect("parts").0.to_owned() + ".",
        Signer::new(tempfile::tempdir().expect("folder").path()).token(&alder),
    ];
    for token in &forged {
        assert_eq!(who(log_in(&proxy, &[], "web", token)), "28P01", "{token}");
    }
    // Failures are many where tokens expire: nobody is kept out for them.
    let expired = json!({"tenant": "alder", "exp": 1});
    (0..12).for_each(|_| assert_eq!(ask("web_alder", expired.clone()), "28P01"));
    assert_eq!(ask("web_alder", json!({})), "alder 2 0");
    // What nobody signed is a guess, like a wrong password: at last nothing is looked at for a while.
    let codes: Vec<String> = (0..12).map(|_| who(log_in(&proxy, &[], "web_two", &forged[6]))).collect();
    assert!(codes[..10].iter().all(|c| c == "28P01") && codes[11] == "28000", "{codes:?}");
    assert_eq!(ask("web_two", alder.clone()), "28000");
    assert_eq!(ask("web_alder", json!({})), "alder 2 0", "another user");
    // The record says whom the token was given to, and of a failure why.
    let audit = proxy.audit().join("\n");
    assert!(audit.contains("it has expired") && audit.contains("its signature is not by a known key"), "{audit}");
    wait_for("the record of a login", Duration::from_secs(10), || proxy.audit().join("\n").contains("by a token for u-17"));
    let everything = [proxy.audit().join("\n"), proxy.log()].concat();
    assert!(!everything.contains("eyJ"), "a token in {everything}");
}

#[test]
fn keys_change_and_tokens_end() {
    let (world, folder) = (World::new(), tempfile::tempdir().expect("folder"));
    let old = Signer::new(folder.path());
    let proxy = Proxy::start(&Setup::new(&world.real, &jwt(folder.path(), "end_at_expiry = true\nleeway = \"0s\"\n")));
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let short = json!({"tenant": "alder", "exp": now() + 3});
    let mut wire = log_in(&proxy, &[], "web", &old.token(&short)).expect("logs in");
    let mut lasting = log_in(&proxy, &[], "web", &old.token(&json!({"tenant": "alder"}))).expect("logs in");
    assert_eq!(wire.run("SELECT count(*) FROM properties"), [[Some("5".to_owned())]]);
    // Whoever is idle hears it too.
    let last = loop {
        let frame = wire.frame().expect("a last word");
        if frame.tag == b'E' {
            break crate::wire::fields(&frame.body);
        }
    };
    assert_eq!((last[&'C'].as_str(), last[&'M'].as_str()), ("57P01", "terminating connection: its token has expired"));
    assert_eq!(lasting.run("SELECT count(*) FROM properties"), [[Some("5".to_owned())]]);
    // Another key: the old one is not believed any more, and who is there stays.
    let new = Signer::new(folder.path());
    proxy.signal("HUP");
    let alder = json!({"tenant": "alder"});
    // Not by trying: what the known keys have not signed counts as guesses.
    wait_for("the new key", Duration::from_secs(20), || proxy.audit().iter().any(|r| r.contains("\"event\":\"reload\"")));
    assert_eq!(who(log_in(&proxy, &[], "web", &new.token(&alder))), "alder 5 0");
    assert_eq!(who(log_in(&proxy, &[], "web", &old.token(&alder))), "28P01");
    assert_eq!(lasting.run("SELECT count(*) FROM properties"), [[Some("5".to_owned())]]);
    // A file that cannot be used changes nothing.
    std::fs::write(folder.path().join("keys.pem"), "no key").expect("write");
    proxy.signal("HUP");
    wait_for("the complaint", Duration::from_secs(20), || proxy.log().contains("the keys of [jwt]"));
    assert_eq!(who(log_in(&proxy, &[], "web", &new.token(&alder))), "alder 5 0");
    assert!(http_get(proxy.http, "/readyz").is_some());
}

/// An authority, and certificates that it signs, in a folder.
pub(crate) struct Authority {
    folder: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// With a new key, in a new folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let key = KeyPair::generate().expect("key");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "test authority");
        let certificate = params.clone().self_signed(&key).expect("certificate");
        std::fs::write(folder.path().join("ca.pem"), certificate.pem()).expect("write");
        Self { folder, issuer: Issuer::new(params, key) }
    }

    /// A certificate of this common name and these DNS names, and its key; gives libpq's options for it.
    pub(crate) fn sign(&self, common: &str, dns: &[&str]) -> String {
        let key = KeyPair::generate().expect("key");
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, common);
        params.subject_alt_names = dns.iter().map(|d| SanType::DnsName((*d).try_into().expect("a name"))).collect();
        let certificate = params.signed_by(&key, &self.issuer).expect("certificate");
        let (shown, secret) = (self.file(&format!("{common}.pem")), self.file(&format!("{common}.key")));
        std::fs::write(&shown, certificate.pem()).expect("write");
        std::fs::write(&secret, key.serialize_pem()).expect("write");
        std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("permissions");
        format!("sslmode=require sslcert={shown} sslkey={secret}")
    }

    /// The path of one of its files.
    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// `[listen.tls]` that believes it.
    pub(crate) fn listen(&self, more: &str) -> String {
        self.sign("proxy", &["localhost"]);
        let [certificate, key, ca] = ["proxy.pem", "proxy.key", "ca.pem"].map(|name| self.file(name));
        format!("[listen.tls]\ncertificate = \"{certificate}\"\nkey = \"{key}\"\nclient_ca = \"{ca}\"\n{more}")
    }
}

const CERTIFIED: &str = "
[[users]]
name = \"robot\"
certificate = \"billing\"
tenant = \"alder\"
[[users]]
name = \"both\"
certificate = \"DNS:both.test\"
password = \"correct horse\"
tenants = [\"alder\", \"birch\"]
";

#[test]
fn a_certificate_says_who_it_is() {
    let (world, authority, stranger) = (World::new(), Authority::new(), Authority::new());
    let listen = authority.listen("client_required = false\n");
    let proxy = Proxy::start(&Setup { listen, ..Setup::new(&world.real, &format!("{TENANCY}{CERTIFIED}")) });
    let [billing, other, both] = [("billing", "x.test"), ("other", "billing"), ("second", "both.test")]
        .map(|(common, dns)| authority.sign(common, &[dns]));
    let none = "sslmode=require sslcert=none";
    let ask = |user: &str, password: &str, options: &str| psql(&proxy, user, password, options, &[]);
    assert_eq!(ask("robot", "", &billing), "alder|5");
    assert_eq!(ask("robot.alder", "", &billing), "alder|5");
    assert_eq!(ask("both.alder", PASSWORD, &both), "alder|5");
    assert_eq!(ask("alder_app", PASSWORD, none), "alder|5");
    assert_eq!(ask("alder_app", PASSWORD, &other), "alder|5");
    // Without the certificate such a user looks like one that does not exist, whatever the password.
    for (user, password, options) in [
        ("robot", PASSWORD, none),
        ("robot", PASSWORD, other.as_str()),
        ("robot.birch", PASSWORD, &billing),
        ("both.alder", PASSWORD, none),
        ("both.alder", PASSWORD, &billing),
        ("both.alder", "wrong", &both),
        ("both.cedar", PASSWORD, &both),
        ("nobody", PASSWORD, &billing),
    ] {
        let said = ask(user, password, options);
        assert!(said.ends_with(&format!("FATAL:  password authentication failed for user \"{user}\"")), "{user}: {said}");
    }
    // One of another authority is not looked at, and the connection ends.
    let forged = ask("robot", "", &stranger.sign("billing", &["x.test"]));
    assert!(!forged.contains("alder") && !forged.contains("password authentication"), "{forged}");
    let audit = proxy.audit().join("\n");
    assert!(audit.contains("its client certificate is missing, or has another name"), "{audit}");
}

/// As ever: where certificates are required, nobody comes without one.
#[test]
fn certificates_are_required_unless_it_is_said() {
    let (world, authority) = (World::new(), Authority::new());
    let proxy = Proxy::start(&Setup { listen: authority.listen(""), ..Setup::new(&world.real, TENANCY) });
    let without = psql(&proxy, "alder_app", PASSWORD, "sslmode=require sslcert=none", &[]);
    assert!(!without.contains("alder|5"), "{without}");
    assert_eq!(psql(&proxy, "alder_app", PASSWORD, &authority.sign("anybody", &["x.test"]), &[]), "alder|5");
}
