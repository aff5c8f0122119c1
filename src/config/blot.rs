//! Takes the secrets out of a configuration text before it is shown. It keeps every byte's place, so that spans still fit.

/// Keys whose values are, or may hold, secrets.
const SECRET: [&str; 3] = ["password", "webhook", "header"];

/// The text with what follows such a key on its line, or one that might have been meant so, and passwords in URLs, overwritten by `*`.
///
/// It works on the text alone, since a text that is not TOML must be shown too; it rather takes too much than too little.
pub(super) fn blot(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut start = 0;
    // The closing quotes of a password that goes over several lines.
    let mut until: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        if let Some(quotes) = until {
            cover(&mut bytes[start..start + line.len()]);
            until = until.filter(|_| !line.contains(quotes));
        } else if let Some(at) = after_secret(line) {
            cover(&mut bytes[start + at..start + line.len()]);
            until = ["\"\"\"", "\'\'\'"].into_iter().find(|quotes| line[at..].matches(quotes).count() == 1);
        }
        if let Some((from, to)) = url_password(line) {
            cover(&mut bytes[start + from..start + to]);
        }
        start += line.len();
    }
    // Only whole characters are replaced by ASCII, so this is lossless; lossy is the way without a panic.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where the value of the first such key begins, or of one that is called nearly so.
fn after_secret(line: &str) -> Option<usize> {
    let is_meant = |key: &str| {
        let key = key.trim_end().trim_end_matches(['"', '\'']).to_ascii_lowercase();
        let word = key.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next().unwrap_or_default();
        SECRET.iter().any(|secret| key.contains(secret))
            || ["pass", "pwd", "secret"].iter().any(|part| word.contains(part) && word != "bypass")
            || strsim::jaro_winkler(word, "password") >= 0.8
    };
    line.match_indices('=').find(|(at, _)| is_meant(&line[..*at])).map(|(at, _)| at + 1)
}

fn cover(bytes: &mut [u8]) {
    for b in bytes {
        if !b.is_ascii_whitespace() && *b != b'"' && *b != b'\'' {
            *b = b'*';
        }
    }
}

/// The place of `secret` in `scheme://user:secret@host`: up to the line's last `@`, since a password may hold one.
fn url_password(line: &str) -> Option<(usize, usize)> {
    let authority = line.find("://")? + 3;
    let colon = authority + line[authority..].find(':')? + 1;
    let at = line.rfind('@')?;
    (colon < at).then_some((colon, at))
}

#[cfg(test)]
mod tests {
    use super::blot;

    #[test]
    fn secrets_go_and_places_stay() {
        for (text, shown) in [
            ("password = \"hunter2\"\nname = \"x\"\n", "password = \"*******\"\nname = \"x\"\n"),
            ("u = { name = \"x\", password = \"p\u{e9}q\" }", "u = { name = \"x\", password = \"****\" *"),
            ("url = \"postgres://app:s3:c@ret@h/db\"", "url = \"postgres://app:********@h/db\""),
            ("password = \'\'\'\nab\ncd\'\'\'\nx = 1", "password = \'\'\'\n**\n**\'\'\'\nx = 1"),
            ("header = 'A: b'\nwebhook = \"https://x/y\"", "header = '** *'\nwebhook = \"***********\""),
            ("password", "password"),
            ("passwort = \"p\"\nPASSWD=\"p\"\n", "passwort = \"*\"\nPASSWD=\"*\"\n"),
            ("{ name = \"x\", \"pasword\" = \"p\" }", "{ name = \"x\", \"pasword\" = \"*\" *"),
            ("app_secret = \"p\"", "app_secret = \"*\""),
            ("path = \"p\"", "path = \"p\""),
        ] {
            assert_eq!(blot(text), shown);
            assert_eq!(blot(text).len(), text.len());
        }
    }
}
