//! What is wrong with a configuration file, shown with its line and a suggestion. It does not find anything wrong itself.

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, NamedSource, SourceCode, SourceSpan,
    SpanContents,
};
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigTrouble {
    /// The file cannot be read.
    #[error("cannot read the configuration file {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file says something that it should not, or leaves something out.
    #[error(transparent)]
    Problems(#[from] Problems),
}

/// Everything that is wrong with one file, in the order of its lines.
#[derive(Debug)]
pub struct Problems {
    name: String,
    source: WholeLines,
    problems: Vec<Problem>,
}

/// A text of which reports show the whole lines of a span, and no others.
#[derive(Debug)]
struct WholeLines(NamedSource<String>);

impl SourceCode for WholeLines {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.0.inner();
        let (from, to) = (span.offset().min(text.len()), (span.offset() + span.len()).min(text.len()));
        let start = text[..from].rfind('\n').map_or(0, |at| at + 1);
        let end = text[to..].find('\n').map_or(text.len(), |at| to + at);
        self.0.read_span(&SourceSpan::from(start..end), before, after)
    }
}

/// One thing that is wrong.
#[derive(Debug)]
pub struct Problem {
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
    pub(super) span: Range<usize>,
}

impl Problems {
    /// Binds the problems to the text that they are in; passwords in it are blotted out first.
    pub(super) fn new(name: &str, text: &str, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|p| p.span.start);
        Self { name: name.to_owned(), source: WholeLines(NamedSource::new(name, super::blot::blot(text))), problems }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.problems.len()
    }

    /// The messages alone, one a problem.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.problems.iter().map(|p| p.message.as_str())
    }

    /// The report for a terminal of 100 columns, in colour or plain.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false).with_context_lines(0);
        let mut report = String::new();
        match handler.render_report(&mut report, self) {
            Ok(()) => report,
            Err(fmt::Error) => self.messages().map(|m| format!("{m}\n")).collect(),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => write!(f, "{} has a problem", self.name),
            n => write!(f, "{} has {n} problems", self.name),
        }
    }
}

impl std::error::Error for Problems {}

impl Diagnostic for Problems {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.problems.iter().map(|p| p as &dyn Diagnostic)))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = SourceSpan::from(self.span.clone());
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some(self.label.clone()), span))))
    }
}
