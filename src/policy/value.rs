//! The tenant's value, as a typed parameter or literal: the one thing that differs between two tenants' statements.
//! It does not know which statements carry it.

use crate::catalog::Column;

/// Which value of the identity's a relation compares, and as which type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What is compared.
    pub of: Compared,
    /// The type it is compared as: the column's own, so that indexes serve and equality is the type's.
    pub kind: TenantType,
}

/// What of an identity's a column is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// An attribute of the tenant's; `id` unless declared.
    Attribute(String),
    /// The user's nodes of this level: a list.
    Level(String),
    /// The tenant's name. No column is compared with it; `tenant()` shows it.
    Name,
    /// The tenant's settings, a JSON object as text. No column is compared with it; `tenant_setting()` takes one out of it.
    Settings,
}

impl Slot {
    /// The qualified name of the type that its values have.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.of {
            Compared::Attribute(_) | Compared::Name | Compared::Settings => self.kind.name(),
            Compared::Level(_) => self.kind.array_name(),
        }
    }

    /// The OID of that type.
    #[must_use]
    pub fn type_oid(&self) -> u32 {
        match self.of {
            Compared::Attribute(_) | Compared::Name | Compared::Settings => self.kind.oid(),
            Compared::Level(_) => self.kind.array_oid(),
        }
    }
}

/// The types that a tenant column may have.
///
/// Others are refused: equality of a user's type may be anything, and nondeterministic collations make different texts equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantType {
    /// `smallint`.
    Int2,
    /// `integer`.
    Int4,
    /// `bigint`.
    Int8,
    /// `text` and `varchar`.
    Text,
    /// `uuid`.
    Uuid,
}

/// An identity's value for one slot: one value of the tenant's, or the list of the user's nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantValue {
    /// The value in text format.
    pub text: Box<str>,
    /// The value in binary format.
    pub binary: Box<[u8]>,
    /// The literal that stands for it in a text: quoted and typed.
    pub literal: Box<str>,
    /// Its type, of a list its elements'.
    pub kind: TenantType,
    /// The OID of its type, of a list the array type's.
    pub type_oid: u32,
    /// The values that a column may hold, in canonical form.
    own: Box<[Box<str>]>,
}

impl TenantValue {
    /// Whether it is a list of nodes.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.type_oid == self.kind.array_oid()
    }

    /// Whether this canonical text is the value, or one of the list.
    #[must_use]
    pub fn holds(&self, canonical: &str) -> bool {
        self.own.iter().any(|own| **own == *canonical)
    }

    /// Whether these bytes are the value, or one of the list, in the type's own binary format: as a column of the type is sent.
    #[must_use]
    pub fn holds_binary(&self, bytes: &[u8]) -> bool {
        let canonical = self.kind.from_binary(bytes).filter(|c| self.holds(c));
        canonical.and_then(|c| self.kind.binary(&c)).is_some_and(|own| *own == *bytes)
    }

    /// The most bytes that such a value has.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.own.iter().filter_map(|own| self.kind.binary(own)).map(|own| own.len()).max().unwrap_or(0)
    }
}

impl TenantType {
    /// The type of a tenant column; `None` where equality is not safely the built-in one.
    #[must_use]
    pub fn of(column: &Column) -> Option<Self> {
        if !column.builtin_type || !column.deterministic {
            return None;
        }
        match column.base_type.as_str() {
            "int2" => Some(Self::Int2),
            "int4" => Some(Self::Int4),
            "int8" => Some(Self::Int8),
            "text" | "varchar" => Some(Self::Text),
            "uuid" => Some(Self::Uuid),
            // The column's type is the catalog's, not the client's: every other type is simply not supported.
            _ => None,
        }
    }

    /// The type's qualified name, as a cast names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int2 => "pg_catalog.int2",
            Self::Int4 => "pg_catalog.int4",
            Self::Int8 => "pg_catalog.int8",
            Self::Text => "pg_catalog.text",
            Self::Uuid => "pg_catalog.uuid",
        }
    }

    /// The qualified name of its array type.
    #[must_use]
    pub fn array_name(self) -> &'static str {
        match self {
            Self::Int2 => "pg_catalog.int2[]",
            Self::Int4 => "pg_catalog.int4[]",
            Self::Int8 => "pg_catalog.int8[]",
            Self::Text => "pg_catalog.text[]",
            Self::Uuid => "pg_catalog.uuid[]",
        }
    }

    /// The OID of its array type.
    #[must_use]
    pub fn array_oid(self) -> u32 {
        match self {
            Self::Int2 => 1005,
            Self::Int4 => 1007,
            Self::Int8 => 1016,
            Self::Text => 1009,
            Self::Uuid => 2951,
        }
    }

    /// Whether it is one of the integer types.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int2 | Self::Int4 | Self::Int8)
    }

    /// The type's OID.
    #[must_use]
    pub fn oid(self) -> u32 {
        match self {
            Self::Int2 => 21,
            Self::Int4 => 23,
            Self::Int8 => 20,
            Self::Text => 25,
            Self::Uuid => 2950,
        }
    }

    /// The canonical text of a value that a client or the configuration wrote, if it is one of this type.
    ///
    /// As the type's input function reads it: white space around numbers, braces and missing hyphens in UUIDs.
    #[must_use]
    pub fn canonical(self, written: &str) -> Option<String> {
        let number = written.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
        match self {
            Self::Int2 => number.parse::<i16>().map(|n| n.to_string()).ok(),
            Self::Int4 => number.parse::<i32>().map(|n| n.to_string()).ok(),
            Self::Int8 => number.parse::<i64>().map(|n| n.to_string()).ok(),
            Self::Text => (!written.contains('\0')).then(|| written.to_owned()),
            Self::Uuid => uuid(written).map(|bytes| hyphenate(&bytes)),
        }
    }

    /// The canonical text of a value in binary format.
    ///
    /// An integer is read by its width: a client may declare a smaller or larger type, which the server converts. A UUID may come as
    /// the text that it is cast from; no text of a UUID is sixteen bytes long.
    #[must_use]
    pub fn from_binary(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Int2 | Self::Int4 | Self::Int8 => {
                let wide = |n: i64| self.canonical(&n.to_string());
                match bytes.len() {
                    2 => bytes.try_into().map(i16::from_be_bytes).map_or(None, |n| wide(n.into())),
                    4 => bytes.try_into().map(i32::from_be_bytes).map_or(None, |n| wide(n.into())),
                    8 => bytes.try_into().map(i64::from_be_bytes).map_or(None, wide),
                    _ => None,
                }
            }
            Self::Text => std::str::from_utf8(bytes).map_or(None, |t| self.canonical(t)),
            Self::Uuid => match bytes.try_into() {
                Ok(sixteen) => Some(hyphenate(&sixteen)),
                Err(_) => std::str::from_utf8(bytes).map_or(None, |t| self.canonical(t)),
            },
        }
    }

    /// A tenant's value of this type; `None` where the attribute's text is not one.
    #[must_use]
    pub fn value(self, attribute: &str) -> Option<TenantValue> {
        let text = self.canonical(attribute)?;
        let binary = self.binary(&text)?;
        let literal = format!("{}::{}", crate::sql::quote_literal(&text), self.name());
        let own = [text.clone().into()].into();
        Some(TenantValue { text: text.into(), binary, literal: literal.into(), kind: self, type_oid: self.oid(), own })
    }

    /// A canonical text in binary format.
    fn binary(self, text: &str) -> Option<Box<[u8]>> {
        Some(match self {
            Self::Int2 => text.parse::<i16>().ok()?.to_be_bytes().into(),
            Self::Int4 => text.parse::<i32>().ok()?.to_be_bytes().into(),
            Self::Int8 => text.parse::<i64>().ok()?.to_be_bytes().into(),
            Self::Text => text.as_bytes().into(),
            Self::Uuid => uuid(text)?.into(),
        })
    }

    /// A list of nodes of this type; `None` where one of them is not of it.
    #[must_use]
    pub fn list(self, nodes: &[String]) -> Option<TenantValue> {
        let own: Box<[Box<str>]> = nodes.iter().map(|n| self.canonical(n).map(Into::into)).collect::<Option<_>>()?;
        // PostgreSQL manual, section 8.15.6: every element quoted, so that none is read as NULL or as a delimiter.
        let quoted = own.iter().map(|n| format!("\"{}\"", n.replace('\\', "\\\\").replace('"', "\\\"")));
        let text = format!("{{{}}}", quoted.collect::<Vec<_>>().join(","));
        // `array_recv`: dimensions, a flag for NULLs, the element type; of each dimension its length and lower bound; then the elements.
        let count = u32::try_from(own.len()).ok()?;
        let mut binary: Vec<u8> = [u32::from(count > 0), 0, self.oid()].into_iter().flat_map(u32::to_be_bytes).collect();
        if count > 0 {
            binary.extend([count, 1].into_iter().flat_map(u32::to_be_bytes));
        }
        for node in &own {
            let element = self.binary(node)?;
            binary.extend(u32::try_from(element.len()).ok()?.to_be_bytes());
            binary.extend(element);
        }
        let literal = format!("{}::{}", crate::sql::quote_literal(&text), self.array_name());
        let type_oid = self.array_oid();
        Some(TenantValue { text: text.into(), binary: binary.into(), literal: literal.into(), kind: self, type_oid, own })
    }
}

/// The sixteen bytes of a UUID as PostgreSQL's input function reads it: optional braces, a hyphen allowed after every four digits.
fn uuid(written: &str) -> Option<[u8; 16]> {
    let inner = match written.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => written,
    };
    let mut digits = Vec::with_capacity(32);
    for c in inner.chars() {
        if c == '-' {
            if digits.is_empty() || digits.len() % 4 != 0 || digits.len() >= 32 {
                return None;
            }
        } else {
            digits.push(u8::try_from(c.to_digit(16)?).ok()?);
        }
    }
    let bytes: Vec<u8> =
        digits.chunks_exact(2).filter_map(|pair| pair.first().zip(pair.get(1))).map(|(h, l)| h << 4 | l).collect();
    if digits.len() == 32 { bytes.try_into().ok() } else { None }
}

fn hyphenate(bytes: &[u8; 16]) -> String {
    let mut out = String::with_capacity(36);
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        for nibble in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_values_are_read_by_their_width() {
        for bytes in [&7_i16.to_be_bytes()[..], &7_i32.to_be_bytes(), &7_i64.to_be_bytes()] {
            assert_eq!(TenantType::Int8.from_binary(bytes).as_deref(), Some("7"));
        }
        assert_eq!(TenantType::Int8.from_binary(&[7]), None);
        assert_eq!(TenantType::Int2.from_binary(&70_000_i32.to_be_bytes()), None);
        assert_eq!(TenantType::Uuid.from_binary(&[0x11; 16]).as_deref(), Some("11111111-1111-1111-1111-111111111111"));
    }

    #[test]
    fn lists_have_every_form() {
        let list = TenantType::Int8.list(&["11".to_owned(), " 12".to_owned()]).unwrap();
        assert_eq!(&*list.literal, r#"'{"11","12"}'::pg_catalog.int8[]"#);
        assert!(list.holds("12") && !list.holds("1"));
        let expected = [1_u32, 0, 20, 2, 1, 8, 0, 11, 8, 0, 12].into_iter().flat_map(u32::to_be_bytes).collect::<Vec<_>>();
        assert_eq!(*list.binary, *expected);
        assert_eq!(&*TenantType::Text.list(&[r#"a"\,}"#.to_owned()]).unwrap().text, r#"{"a\"\\,}"}"#);
        assert_eq!(&*TenantType::Int8.list(&[]).unwrap().binary, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20]);
        assert_eq!(TenantType::Int8.list(&["x".to_owned()]), None);
    }

    #[test]
    fn values_are_read_as_the_server_reads_them() {
        assert_eq!(TenantType::Int8.canonical(" 1\n").as_deref(), Some("1"));
        assert_eq!(TenantType::Int8.canonical("+1").as_deref(), Some("1"));
        assert_eq!(TenantType::Int8.canonical("0x1"), None, "an error in PostgreSQL 15: not the own value");
        assert_eq!(TenantType::Int2.canonical("70000"), None);
        assert_eq!(TenantType::Text.canonical("ACME").as_deref(), Some("ACME"));
        let u = "11111111-2222-3333-4444-555555555555";
        for written in [u, "{11111111222233334444555555555555}", "1111-1111-2222-3333-4444-5555-5555-5555", &u.to_uppercase()] {
            assert_eq!(TenantType::Uuid.canonical(written).as_deref(), Some(u), "{written}");
        }
        for wrong in [
            "1",
            "-11111111222233334444555555555555",
            "{11111111-2222-3333-4444-555555555555",
            "111-11111-2222-3333-4444-555555555555",
        ] {
            assert_eq!(TenantType::Uuid.canonical(wrong), None, "{wrong}");
        }
    }
}
