//! The picture of the table: the ratio to the direct connection at 16 clients, a bar for each contestant. It measures nothing.

use crate::contestant::{Contestant, Field};
use crate::table::Measurement;
use std::fmt::Write as _;

/// The rows that are shown.
const CLIENTS: usize = 16;
const WIDTH: usize = 760;
/// Where bars begin.
const LEFT: usize = 190;
/// How long a bar of 1.0 is.
const UNIT: f64 = 330.0;
/// Longer bars are cut.
const MOST: f64 = 1.55;
const BAR: usize = 11;
const GAP: usize = 12;
const TOP: usize = 84;

/// Colours that can be read on white and on black.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#1f2328}.dim{fill:#59636e}.head{font-weight:600;font-size:14px}\
.axis{stroke:#59636e;stroke-width:1;stroke-dasharray:3 3}.bouncer{fill:#9aa4af}.rls{fill:#c9852f}.moat{fill:#1a7f5a}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9198a1}.axis{stroke:#9198a1}.bouncer{fill:#6e7681}.rls{fill:#d9963f}.moat{fill:#3fb68b}}";

fn class(contestant: Contestant) -> &'static str {
    match contestant {
        Contestant::Direct | Contestant::Bouncer => "bouncer",
        Contestant::BouncerRls => "rls",
        Contestant::Moat => "moat",
    }
}

/// A rectangle or a text at a place, as an integer of tenths would be too coarse to matter.
fn bar(out: &mut String, y: usize, ratio: f64, class: &str) {
    let length = ratio.min(MOST) * UNIT;
    let text = LEFT as f64 + length + 5.0;
    writeln!(out, "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{length:.1}\" height=\"{BAR}\" rx=\"2\" class=\"{class}\"/>")
        .expect("write");
    writeln!(out, "<text x=\"{text:.1}\" y=\"{}\" class=\"dim\" font-size=\"11\">{ratio:.2}</text>", y + BAR - 2).expect("write");
}

/// Draws it.
pub(crate) fn draw(measured: &[Measurement], field: &Field, machine: &str) -> String {
    let shown: Vec<&Measurement> = measured.iter().filter(|m| m.row.clients == CLIENTS).collect();
    let poolers = [Contestant::Moat, Contestant::Bouncer, Contestant::BouncerRls];
    let (mut bars, mut y) = (String::new(), TOP);
    for measurement in &shown {
        let row = measurement.row;
        let name = if row.workload.is_copy() {
            row.workload.title().to_owned()
        } else {
            format!("{}, {}", row.workload.title(), row.mode.name())
        };
        let cells: Vec<_> = poolers.iter().filter_map(|c| measurement.of(*c)).collect();
        let middle = y + cells.len() * (BAR + 2) / 2 + 3;
        writeln!(bars, "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{name}</text>", LEFT - 10).expect("write");
        for cell in cells {
            bar(&mut bars, y, cell.ratio, class(cell.contestant));
            y += BAR + 2;
        }
        y += GAP;
    }
    let (version, _) = field.bouncer();
    let one = LEFT as f64 + UNIT;
    let height = y + 16;
    let description: Vec<String> = shown
        .iter()
        .map(|m| {
            let ratios: Vec<String> =
                poolers.iter().filter_map(|c| m.of(*c)).map(|c| format!("{} {:.2}", c.contestant.name(), c.ratio)).collect();
            format!("{} {}: {}", m.row.workload.title(), m.row.mode.name(), ratios.join(", "))
        })
        .collect();
    let mut legend = String::new();
    for (contestant, x, text) in [
        (Contestant::Moat, LEFT, "pgmoat, every statement enforced".to_owned()),
        (Contestant::Bouncer, LEFT + 210, format!("PgBouncer {version}")),
        (Contestant::BouncerRls, LEFT + 330, "PgBouncer + row-level security".to_owned()),
    ] {
        let class = class(contestant);
        writeln!(legend, "<rect x=\"{x}\" y=\"38\" width=\"{BAR}\" height=\"{BAR}\" rx=\"2\" class=\"{class}\"/>")
            .expect("write");
        writeln!(legend, "<text x=\"{}\" y=\"48\">{text}</text>", x + BAR + 5).expect("write");
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"t d\">\n\
         <title id=\"t\">Throughput as a ratio to the direct connection, {CLIENTS} clients</title>\n<desc id=\"d\">{}</desc>\n<style>{STYLE}</style>\n\
         <text x=\"{LEFT}\" y=\"22\" class=\"head\">Throughput, direct connection = 1 ({CLIENTS} clients; longer is better)</text>\n{legend}\
         <line x1=\"{one}\" y1=\"{}\" x2=\"{one}\" y2=\"{}\" class=\"axis\"/>\n<text x=\"{one}\" y=\"70\" text-anchor=\"middle\" class=\"dim\">direct</text>\n\
         {bars}<text x=\"{LEFT}\" y=\"{}\" class=\"dim\" font-size=\"11\">{machine}; load, proxy and server on it</text>\n</svg>\n",
        description.join(". "),
        TOP - 10,
        y - GAP + 4,
        height - 6,
    )
}
