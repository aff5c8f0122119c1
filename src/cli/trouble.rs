//! Why a verb could not do its work, and how that is told on standard error.

use super::Exit;
use crate::config::ConfigTrouble;
use std::error::Error;
use std::fmt;
use std::io::{IsTerminal, Write};

/// Why a verb could not do its work.
#[derive(Debug)]
pub enum Trouble {
    /// The configuration cannot be used.
    Config(ConfigTrouble),
    /// The arguments cannot be used: one sentence.
    Usage(String),
    /// Something failed: what was tried, and what came of it.
    Failed {
        /// What was tried, as in "cannot {..}".
        what: String,
        /// What came of it.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
}

impl Trouble {
    /// Something failed without a deeper reason: the sentence says it all.
    pub(super) fn plain(what: impl Into<String>) -> Self {
        Self::Failed { what: what.into(), source: None }
    }

    /// For `map_err`: says what was tried.
    pub(super) fn of<E: Error + Send + Sync + 'static>(what: impl Into<String>) -> impl FnOnce(E) -> Self {
        let what = what.into();
        move |e| Self::Failed { what, source: Some(Box::new(e)) }
    }

    /// Tells it on standard error.
    pub(super) fn report(&self) -> Exit {
        let mut stderr = std::io::stderr();
        let (text, exit) = match self {
            Self::Config(ConfigTrouble::Problems(problems)) => (problems.render(stderr.is_terminal()), Exit::Usage),
            Self::Config(ConfigTrouble::Read { .. }) | Self::Usage(_) => (format!("error: {self}\n"), Exit::Usage),
            Self::Failed { .. } => (format!("error: {self}\n"), Exit::Trouble),
        };
        // Nothing is left to tell where standard error is closed.
        drop(stderr.write_all(text.as_bytes()));
        exit
    }
}

impl From<ConfigTrouble> for Trouble {
    fn from(trouble: ConfigTrouble) -> Self {
        Self::Config(trouble)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(e: std::io::Error) -> Self {
        Self::of("cannot write the output")(e)
    }
}

/// The whole chain of reasons on one line; a reason that the one before it already tells is left out.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut told, mut next): (String, Option<&(dyn Error + 'static)>) = match self {
            Self::Config(e) => (e.to_string(), e.source()),
            Self::Usage(text) => (text.clone(), None),
            Self::Failed { what, source } => (what.clone(), source.as_deref().map(|e| e as _)),
        };
        while let Some(reason) = next {
            let text = reason.to_string();
            if !told.contains(&text) {
                told = format!("{told}: {text}");
            }
            next = reason.source();
        }
        f.write_str(&told)
    }
}

impl Error for Trouble {}
