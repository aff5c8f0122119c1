//! PostgreSQL's parse tree as a plain tree of named nodes, read from libpg_query's own description of it, so that no kind of node can be
//! forgotten when it is walked. It does not know what the nodes mean, but for the wrappers that it takes off.

/// A node, a list, or a word (a number, a flag, a text in quotes, None).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// A node with its fields, places in the source left out.
    Node(String, Vec<(String, Tree)>),
    /// A list.
    List(Vec<Tree>),
    /// Anything without parts.
    Word(String),
}

static NONE: Tree = Tree::Word(String::new());

impl Tree {
    /// Reads what `{:?}` wrote.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut reader = Reader { rest: text };
        reader.value()
    }

    /// The node's name, or nothing.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Node(name, _) => name,
            Self::List(_) | Self::Word(_) => "",
        }
    }

    /// A field; None's word if there is no such field.
    #[must_use]
    pub fn field(&self, wanted: &str) -> &Self {
        let fields = match self {
            Self::Node(_, fields) => fields.as_slice(),
            Self::List(_) | Self::Word(_) => &[],
        };
        fields.iter().find(|(name, _)| name == wanted).map_or(&NONE, |(_, value)| value)
    }

    /// A field, to be changed.
    pub fn field_mut(&mut self, wanted: &str) -> Option<&mut Self> {
        match self {
            Self::Node(_, fields) => fields.iter_mut().find(|(name, _)| name == wanted).map(|(_, value)| value),
            Self::List(_) | Self::Word(_) => None,
        }
    }

    /// The parts of a list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Node(..) | Self::Word(_) => &[],
        }
    }

    /// A word's text, without its quotes.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Word(word) => word.trim_matches('"'),
            Self::Node(..) | Self::List(_) => "",
        }
    }

    /// Whether nothing is there.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Word(word) if word.is_empty() || word == "None")
    }

    /// Calls `see` for this and everything inside, outermost first.
    pub fn walk<'t>(&'t self, see: &mut dyn FnMut(&'t Self)) {
        see(self);
        match self {
            Self::Node(_, fields) => fields.iter().for_each(|(_, value)| value.walk(see)),
            Self::List(items) => items.iter().for_each(|item| item.walk(see)),
            Self::Word(_) => {}
        }
    }

    /// The texts of a list of String nodes, as of a ColumnRef's fields or an operator's name; `*` for a star.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.items()
            .iter()
            .map(|item| if item.name() == "AStar" || item.word() == "AStar" { "*" } else { item.field("sval").word() })
            .collect()
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', ',']);
    }

    fn takes(&mut self, c: char) -> bool {
        self.skip();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> Tree {
        if self.takes('[') {
            let mut items = Vec::new();
            while !self.takes(']') {
                items.push(self.value());
            }
            return Tree::List(items);
        }
        if self.rest.starts_with('"') {
            return Tree::Word(self.quoted());
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        assert!(!word.is_empty(), "cannot read {:?}", &rest[..rest.len().min(60)]);
        let word = word.to_owned();
        self.rest = rest;
        if self.rest.starts_with('(') && self.takes('(') {
            // `Some(x)` and `Kind(Kind { .. })` are x
            let inner = self.value();
            assert!(self.takes(')'), "one value in brackets");
            return inner;
        }
        if !self.rest.starts_with(" {") {
            return Tree::Word(word);
        }
        assert!(self.takes('{'));
        let mut fields = Vec::new();
        while !self.takes('}') {
            let colon = self.rest.find(": ").expect("a field");
            let name = self.rest[..colon].to_owned();
            self.rest = &self.rest[colon + 2..];
            let value = self.value();
            let place = ["location", "stmt_len", "list_start", "list_end"].iter().any(|end| name.ends_with(end));
            if !place {
                fields.push((name, value));
            }
        }
        if word == "Node" {
            return fields.into_iter().next().map_or(Tree::Word(String::new()), |(_, value)| value);
        }
        Tree::Node(word, fields)
    }

    /// A text with its quotes; what is escaped in it stays so.
    fn quoted(&mut self) -> String {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                '"' if !escaped => {
                    let (text, rest) = self.rest.split_at(at + 1);
                    let text = text.to_owned();
                    self.rest = rest;
                    return text;
                }
                _any_other => escaped = c == '\\' && !escaped,
            }
        }
        panic!("a text without an end");
    }
}
