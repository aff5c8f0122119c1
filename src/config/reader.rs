//! Reads a TOML tree key by key and collects everything that is wrong on the way. It does not know what the keys mean.

use super::trouble::Problem;
use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Gives the value of an environment variable; only `main` has a real one.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Where problems and warnings of one file are collected.
pub(super) struct Reader<'a> {
    lookup: Lookup<'a>,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<String>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lookup: Lookup<'a>) -> Self {
        Self { lookup, problems: RefCell::default(), warnings: RefCell::default() }
    }

    pub(super) fn finish(self) -> (Vec<Problem>, Vec<String>) {
        (self.problems.into_inner(), self.warnings.into_inner())
    }

    /// Notes a problem: a sentence, what stands under the snippet, and what to do.
    pub(super) fn problem(&self, span: Range<usize>, message: impl Into<String>, label: impl Into<String>, help: Option<String>) {
        self.problems.borrow_mut().push(Problem { message: message.into(), label: label.into(), help, span });
    }

    pub(super) fn warn(&self, message: String) {
        self.warnings.borrow_mut().push(message);
    }

    /// Replaces `${NAME}` by the environment's value.
    fn expand(&self, text: &str, span: &Range<usize>) -> String {
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                self.problem(span.clone(), "`${` without `}`", "not closed", Some("write `${NAME}`".to_owned()));
                return out;
            };
            match (self.lookup)(name) {
                Some(value) => out.push_str(&value),
                None => {
                    self.problem(span.clone(), format!("the environment variable `{name}` is not set"), "used here", None);
                }
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

/// A table of the file and the keys that it may have.
pub(super) struct Section<'a> {
    pub(super) reader: &'a Reader<'a>,
    table: &'a DeTable<'a>,
    /// Where it is.
    pub(super) span: Range<usize>,
    /// As messages name it, for example `[listen.tls]`.
    pub(super) name: String,
}

/// `did you mean` the candidate that is nearest to `word`, if any is near.
pub(super) fn suggest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    let scored = candidates.into_iter().map(|c| (strsim::jaro_winkler(word, c), c));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.8).then(|| format!("did you mean `{}`?", best.1))
}

impl<'a> Section<'a> {
    /// A table; keys that are not `known` are problems.
    pub(super) fn new(reader: &'a Reader<'a>, table: &'a DeTable<'a>, span: Range<usize>, name: String, known: &[&str]) -> Self {
        for key in table.keys() {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                let place = if name.is_empty() { "the top level".to_owned() } else { name.clone() };
                let help = suggest(word, known.iter().copied()).unwrap_or_else(|| format!("known keys: {}", known.join(", ")));
                reader.problem(key.span(), format!("unknown key `{word}` in {place}"), "unknown key", Some(help));
            }
        }
        Self { reader, table, span, name }
    }

    fn wrong_type(&self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) {
        let found = value.get_ref().type_str();
        self.reader.problem(value.span(), format!("`{key}` must be {wanted}"), found, None);
    }

    /// The entries of a table whose keys are the user's own.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Spanned<String>, &'a Spanned<DeValue<'a>>)> {
        self.table.iter().map(|(k, v)| (Spanned::new(k.span(), k.get_ref().to_string()), v))
    }

    /// Where the value of a key is, or else the table.
    pub(super) fn place(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// Notes that a key is missing.
    pub(super) fn missing(&self, key: &str, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.reader.problem(self.span.clone(), format!("`{key}` is missing in {}", self.name), "here", help);
    }

    /// Whether the value of a key is a table.
    pub(super) fn is_table(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().as_table().is_some())
    }

    /// A string, `${ENV}` expanded.
    pub(super) fn text(&self, key: &str) -> Option<Spanned<String>> {
        let value = self.table.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(value, key, "a string");
            return None;
        };
        Some(Spanned::new(value.span(), self.reader.expand(text, &value.span())))
    }

    /// The string as the file has it, before expansion.
    pub(super) fn raw(&self, key: &str) -> Option<&'a str> {
        self.table.get(key).and_then(|v| v.get_ref().as_str())
    }

    /// An integer within bounds.
    pub(super) fn integer(&self, key: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let value = self.table.get(key)?;
        let Some(number) = integer_of(value.get_ref()) else {
            self.wrong_type(value, key, "an integer");
            return None;
        };
        if !bounds.contains(&number) {
            let wanted = format!("`{key}` must be between {} and {}", bounds.start(), bounds.end());
            self.reader.problem(value.span(), wanted, "out of bounds", None);
            return None;
        }
        Some(number)
    }

    /// An integer within bounds, as the type that the settings have.
    pub(super) fn number<T: TryFrom<i64>>(&self, key: &str, bounds: RangeInclusive<i64>) -> Option<T> {
        self.integer(key, bounds).and_then(|n| T::try_from(n).ok())
    }

    pub(super) fn boolean(&self, key: &str) -> Option<bool> {
        let value = self.table.get(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong_type(value, key, "true or false");
        }
        found
    }

    /// A duration: a string such as "30s" or "500ms", or whole seconds; up to a day.
    pub(super) fn duration(&self, key: &str) -> Option<Duration> {
        let value = self.table.get(key)?;
        let found = match value.get_ref() {
            DeValue::String(text) => humantime::parse_duration(&self.reader.expand(text, &value.span())).ok(),
            other => integer_of(other).and_then(|n| u64::try_from(n).ok()).map(Duration::from_secs),
        };
        let found = found.filter(|d| *d <= Duration::from_secs(86_400));
        if found.is_none() {
            let help = "a string such as \"30s\", \"500ms\" or \"5m\", or whole seconds; at most a day".to_owned();
            self.reader.problem(value.span(), format!("`{key}` must be a duration"), "not a duration", Some(help));
        }
        found
    }

    /// A string or an integer, as text: what an identifier may be.
    pub(super) fn scalar(&self, key: &str) -> Option<Spanned<String>> {
        let value = self.table.get(key)?;
        scalar_of(self.reader, key, value)
    }

    /// An array of strings.
    pub(super) fn texts(&self, key: &str) -> Vec<Spanned<String>> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, key, "an array of strings");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push(Spanned::new(item.span(), self.reader.expand(text, &item.span()))),
                None => self.wrong_type(item, key, "an array of strings"),
            }
        }
        texts
    }

    /// A table under a key. With `known` empty its keys are the user's own.
    pub(super) fn section(&self, key: &str, name: String, known: &[&str]) -> Option<Section<'a>> {
        self.table.get(key).and_then(|value| section_of(self.reader, key, value, name, known))
    }

    /// The tables of an array of tables.
    pub(super) fn sections(&self, key: &str, known: &[&str]) -> Vec<Section<'a>> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            let help = Some(format!("write `[[{key}]]` above each"));
            self.reader.problem(value.span(), format!("`{key}` must be an array of tables"), "not an array", help);
            return Vec::new();
        };
        array.iter().filter_map(|item| section_of(self.reader, key, item, format!("[[{key}]]"), known)).collect()
    }
}

/// A table value as a section; with `known` empty its keys are the user's own.
pub(super) fn section_of<'a>(
    reader: &'a Reader<'a>,
    key: &str,
    value: &'a Spanned<DeValue<'a>>,
    name: String,
    known: &[&str],
) -> Option<Section<'a>> {
    let Some(table) = value.get_ref().as_table() else {
        let found = value.get_ref().type_str();
        reader.problem(value.span(), format!("`{key}` must be a table"), found, None);
        return None;
    };
    if known.is_empty() {
        return Some(Section { reader, table, span: value.span(), name });
    }
    Some(Section::new(reader, table, value.span(), name, known))
}

/// A string or an integer, as text.
pub(super) fn scalar_of(reader: &Reader<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Spanned<String>> {
    let text = match value.get_ref() {
        DeValue::String(text) => Some(reader.expand(text, &value.span())),
        other => integer_of(other).map(|n| n.to_string()),
    };
    match text {
        Some(text) if !text.is_empty() && !text.contains('\0') => Some(Spanned::new(value.span(), text)),
        _ => {
            let found = value.get_ref().type_str();
            let message = format!("`{key}` must be an integer or a string that is not empty");
            reader.problem(value.span(), message, found, None);
            None
        }
    }
}

fn integer_of(value: &DeValue<'_>) -> Option<i64> {
    value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok())
}
