//! Where a token of what was printed stands in the text that it came from: an error's position, told in the client's own text.
//! It does not know what was spliced in; where that leaves a doubt it gives nothing.

use super::print::print_token;
use super::token::Bounds;
use super::tokens::Tokens;

/// The character (from 1) of `written` at which the token begins that begins at the character `position` of `printed`.
///
/// Splicing keeps the order of tokens. So the n-th token of a spelling is the n-th in both, if both have equally many of that spelling;
/// where more were spliced in, or some taken out, there is no answer. The character of a dotted name's part belongs to its spelling:
/// the `=` in `OPERATOR(pg_catalog.=)` is not a client's `=`.
#[must_use]
pub fn locate(written: &str, printed: &str, position: u32, bounds: &Bounds) -> Option<u32> {
    let before = usize::try_from(position).map_or(None, |p| p.checked_sub(1))?;
    let (offset, _) = printed.char_indices().nth(before)?;
    let (Ok(written), Ok(printed)) = (Tokens::lex(written, bounds), Tokens::lex(printed, bounds)) else { return None };
    let at = printed.as_slice().iter().position(|token| token.start as usize == offset)?;
    let sought = spelling(&printed, at);
    let same = |tokens: &Tokens<'_>| (0..tokens.len()).filter(|i| spelling(tokens, *i) == sought).collect::<Vec<usize>>();
    let (theirs, ours) = (same(&written), same(&printed));
    let nth = ours.iter().position(|i| *i == at).filter(|_| ours.len() == theirs.len())?;
    let token = written.get(*theirs.get(nth)?)?;
    let before = written.text().get(..token.start as usize)?;
    u32::try_from(before.chars().count()).map_or(None, |n| n.checked_add(1))
}

fn spelling(tokens: &Tokens<'_>, i: usize) -> String {
    let mut spelled = String::new();
    if i.checked_sub(1).is_some_and(|before| tokens.is_char(before, b'.')) {
        spelled.push('.');
    }
    print_token(tokens, i, &mut spelled);
    spelled
}

#[cfg(test)]
mod tests {
    use super::locate;
    use crate::sql::Bounds;

    /// Where the client hears of an error at `mark`, the n-th in what was printed.
    fn told(written: &str, printed: &str, mark: &str, nth: usize) -> Option<u32> {
        let (at, _) = printed.match_indices(mark).nth(nth).expect("the mark");
        let position = u32::try_from(printed[..at].chars().count() + 1).expect("short");
        locate(written, printed, position, &Bounds::default())
    }

    #[test]
    fn a_token_is_found_in_the_clients_text() {
        let written = "SELECT  'Ä',\n Nope FROM t";
        let printed =
            "select 'Ä', nope from \"public\".\"t\" where \"t\".\"tenant_id\" OPERATOR(pg_catalog.=) '7'::pg_catalog.int8";
        assert_eq!(told(written, printed, "nope", 0), Some(15));
        assert_eq!(told(written, printed, "'Ä'", 0), Some(9));
        // what was spliced in has no place there
        assert_eq!(told(written, printed, "'7'", 0), None);
        assert_eq!(told(written, printed, "\"t\"", 1), None);
        assert_eq!(told(written, printed, "=", 0), None);
        // nor has what is no token's beginning
        assert_eq!(told(written, printed, "ope", 0), None);
        for position in [0, 500] {
            assert_eq!(locate(written, printed, position, &Bounds::default()), None);
        }
    }

    #[test]
    fn the_nth_of_a_spelling_is_the_nth() {
        let (written, printed) = ("select a=1; select a = 'x'", "select a = 1;select a = 'x';");
        assert_eq!(told(written, printed, "=", 0), Some(9));
        assert_eq!(told(written, printed, "=", 1), Some(22));
        assert_eq!(told(written, printed, "select", 1), Some(13));
    }

    #[test]
    fn a_repeated_token_is_left_out() {
        let written = "select a from t where a > 1";
        let printed = "select a from (select * from t where a > 1 offset 0) t where a > 1";
        assert_eq!(told(written, printed, "a >", 0), None);
        assert_eq!(told(written, printed, "a >", 1), None);
    }
}
