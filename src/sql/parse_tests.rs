//! The parser's feed: each lowering rule, and the ways around isolation that the parser's own tokenizer had.
//! The parser's Display is used here to see the tree, and nowhere else.

use sqlparser::ast::{BinaryOperator, Expr, ObjectNamePart, SelectItem, SetExpr, Statement, TableFactor, Value};

use super::*;
use crate::error::{Rule, SqlState};

fn parse_text(text: &str) -> Result<Statement, crate::error::Refusal> {
    let bounds = Bounds::default();
    let tokens = Tokens::lex(text, &bounds)?;
    let statements = split(&tokens);
    assert_eq!(statements.len(), 1, "{text}");
    parse(&tokens, statements[0].clone(), &bounds)
}

/// The tree, as the parser would print it.
#[track_caller]
fn check(text: &str, tree: &str) {
    match parse_text(text) {
        Ok(statement) => assert_eq!(statement.to_string(), tree, "parsing {text}"),
        Err(refusal) => panic!("{text}: {refusal}"),
    }
}

#[track_caller]
fn check_refused(text: &str, message: &str, position: Option<u32>) {
    match parse_text(text) {
        Ok(statement) => panic!("{text} was parsed as {statement}"),
        Err(refusal) => assert_eq!((refusal.message.as_str(), refusal.position), (message, position), "parsing {text}"),
    }
}

/// The names of the relations in FROM of a plain SELECT, each with what its tokens spell.
fn from(text: &str) -> Vec<(String, String)> {
    let bounds = Bounds::default();
    let tokens = Tokens::lex(text, &bounds).unwrap();
    let Statement::Query(query) = parse(&tokens, 0..tokens.len(), &bounds).unwrap() else { panic!("{text}") };
    let mut bodies = vec![*query.body];
    let mut found = Vec::new();
    while let Some(body) = bodies.pop() {
        match body {
            SetExpr::Select(select) => {
                for table in select.from {
                    let joined = table.joins.into_iter().map(|join| join.relation);
                    for factor in std::iter::once(table.relation).chain(joined) {
                        let TableFactor::Table { name, .. } = factor else { continue };
                        let Some(ObjectNamePart::Identifier(ident)) = name.0.last() else { continue };
                        let index = index_of(ident.span).expect("an index");
                        found.push((ident.value.clone(), tokens.value(index).into_owned()));
                    }
                }
            }
            SetExpr::SetOperation { left, right, .. } => bodies.extend([*right, *left]),
            SetExpr::Query(query) => bodies.push(*query.body),
            other => panic!("{text}: {other:?}"),
        }
    }
    found
}

#[track_caller]
fn check_from(text: &str, names: &[&str]) {
    let expected: Vec<_> = names.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect();
    assert_eq!(from(text), expected, "{text}");
}

#[test]
fn every_relation_leads_back_to_its_token() {
    check_from("select * from a join B on true, \"C\" c2, s.d", &["a", "b", "C", "d"]);
    check_from("select * from ONLY a join only (s.b) on true, only c", &["a", "b", "c"]);
    check_from("select * from a *, b where true", &["a", "b"]);
    check_from("TABLE a union all (table only b) except select 1 from c", &["a", "b", "c"]);
    check_from("select * from U&\"\\0061b\"", &["ab"]);
    check_from(&format!("select * from \"{}\"", "v".repeat(70)), &[&"v".repeat(63)]);
}

#[test]
fn statements_are_split_outside_brackets() {
    let tokens = Tokens::lex(";;select 1; select (2;3) ;; commit;", &Bounds::default()).unwrap();
    assert_eq!(split(&tokens), [2..4, 5..11, 13..14]);
    assert!(split(&Tokens::lex(" -- nothing\n;", &Bounds::default()).unwrap()).is_empty());
}

/// The only item of a SELECT's list, and the rest of the SELECT.
fn item(text: &str) -> Expr {
    let Statement::Query(query) = parse_text(text).unwrap() else { panic!("{text}") };
    let SetExpr::Select(select) = *query.body else { panic!("{text}") };
    match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(expr)] => expr.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

/// A string value of the tree.
fn string(expr: &Expr) -> &str {
    let expr = if let Expr::Cast { expr, .. } = expr { expr } else { expr };
    let Expr::Value(value) = expr else { panic!("{expr:?}") };
    match &value.value {
        Value::SingleQuotedString(text) | Value::NationalStringLiteral(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn s1_literals_and_names_are_decoded_once_and_printed_by_us() {
    for (text, value) in [
        ("select '\\'' OR tenant_id = 2 --'", "\\' OR tenant_id = 2 --"),
        ("select E'\\\\\\' OR tenant_id = 2 --'", "\\' OR tenant_id = 2 --"),
        ("select n'\\''; DROP TABLE victims; --'", "\\'; DROP TABLE victims; --"),
        ("select 'a\'\'\'\'b'", "a''b"),
        ("select $$'; drop$$", "'; drop"),
    ] {
        assert_eq!(string(&item(text)), value, "{text}");
        let tokens = Tokens::lex(text, &Bounds::default()).unwrap();
        let mut printed = String::new();
        print_range(&tokens, 0..tokens.len(), &mut printed);
        assert_eq!(string(&item(&printed)), value, "{text} printed as {printed}");
    }
    let Expr::Identifier(ident) = item("select \"x\\\"\", victims --\"") else { panic!() };
    assert_eq!(ident.value, "x\\\", victims --");
}

#[test]
fn s2_comment_starts_end_operators() {
    for operator in [
        "<", ">", "<=", ">=", "<>", "!=", "=", "-", "+", "*", "/", "%", "^", "~", "~*", "!~", "|", "||", "&", "&&", "#", "#-",
        "->", "->>", "#>", "#>>", "@>", "<@", "@@", "<<", ">>", "?", "?|", "|/",
    ] {
        let text = format!("select 1 from a where x {operator}/*'*/ 5 union select secret from victims --'");
        match Tokens::lex(&text, &Bounds::default()).and_then(|tokens| parse(&tokens, 0..tokens.len(), &Bounds::default())) {
            Ok(_) => check_from(&text, &["a", "victims"]),
            Err(refusal) => assert_eq!(refusal.rule, Rule::Syntax, "{text}"),
        }
        let text = format!("select 1 from a where x {operator}--'\n 5 union select secret from victims");
        if parse_text(&text).is_ok() {
            check_from(&text, &["a", "victims"]);
        }
    }
    check_from("select 1 from a where x <>/*'*/ 5 union select secret from victims --'", &["a", "victims"]);
}

#[test]
fn s3_a_trailing_sign_is_no_part_of_a_comparison() {
    check("select a>=-1 between 1 and 1", "SELECT a >= -1 BETWEEN 1 AND 1");
    check("select true<>-1", "SELECT true <> -1");
}

#[test]
fn s4_only_is_never_a_relation() {
    check_from("select * from only victims", &["victims"]);
    check_from("select * from only (victims) v", &["victims"]);
    check("update only t set a = 1", "UPDATE t SET a = 1");
    check("delete from only (t) using only u where true", "DELETE FROM t USING u WHERE true");
    check("select 1 fetch first 2 rows only", "SELECT 1 FETCH FIRST 2 ROWS ONLY");
    check("start transaction read only", "START TRANSACTION READ ONLY");
    check_from("select * from \"only\"", &["only"]);
}

#[test]
fn s5_numbers_are_one_token() {
    for number in ["0b101", "0o17", "0x1F", "1_000", "1.5e-3"] {
        let Expr::Value(value) = item(&format!("select {number}")) else { panic!("{number}") };
        assert_eq!(value.value, Value::Number(number.to_owned(), false));
    }
    check_refused("select 1b", "trailing junk after numeric literal", Some(7));
}

#[test]
fn s6_no_string_becomes_an_alias() {
    check(
        "select txid_snapshot '1:2:', public.t 'x', date '2020-01-01', \"T\" 'y'",
        "SELECT '1:2:'::txid_snapshot, 'x'::public.t, '2020-01-01'::DATE, 'y'::\"T\"",
    );
    check("select 'a'\n'b'", "SELECT 'ab'");
    check_refused("select 'a' 'b'", "syntax error at or near a literal", Some(11));
    check_refused("select 1 'b'", "syntax error at or near a literal", Some(9));
    check_refused("select f(1) 'b'", "syntax error at or near a literal", Some(12));
    check_refused("select a as 'b'", "syntax error at or near a literal", Some(12));
    check(
        "select x like 'a' escape 'b', now() at time zone 'utc', timestamp '2020-01-01'",
        "SELECT x LIKE 'a' ESCAPE 'b', now() AT TIME ZONE 'utc', TIMESTAMP '2020-01-01'",
    );
}

#[test]
fn s7_interval_precision_is_read() {
    check("select interval(2) '1 day'", "SELECT INTERVAL '1 day'");
    check("select interval '1' day, \"interval\" from t", "SELECT INTERVAL '1' DAY, \"interval\" FROM t");
}

#[test]
fn s8_names_fold_and_are_cut_as_by_postgresql() {
    let long = "w".repeat(70);
    check_from(&format!("select * from ÀB, {long}, \"{long}\", Ab"), &["Àb", &long[..63], &long[..63], "ab"]);
    check_from("select * from \"a\"\"b\"", &["a\"b"]);
}

#[test]
fn words_of_other_products_are_names() {
    check("select 1 xor, 2 qualify from t pivot", "SELECT 1 AS xor, 2 AS qualify FROM t pivot");
    check_from("select * from t semi join victims on true", &["t", "victims"]);
    check_from("select * from t asof join victims on true", &["t", "victims"]);
    check("select top, regexp, unnest(a), ceil(b) from t", "SELECT top, regexp, unnest(a), ceil(b) FROM t");
    check_refused("select a regexp b", "syntax error at or near \"b\"", Some(16));
    check_refused("describe t", "syntax error at or near \"describe\"", Some(0));
    assert!(matches!(item("select a == b"), Expr::BinaryOp { op: BinaryOperator::Custom(_), .. }), "an operator of the user's");
}

#[test]
fn precedence_is_that_of_gram_y() {
    let grouped = |text: &str| match item(text) {
        Expr::BinaryOp { left, op, right } => format!("({left}) {op} ({right})"),
        Expr::UnaryOp { op, expr } => format!("{op} ({expr})"),
        other => other.to_string(),
    };
    assert_eq!(grouped("select a = b ~ c"), "(a) = (b ~ c)");
    assert_eq!(grouped("select - a ^ b"), "(-a) ^ (b)");
    assert_eq!(grouped("select - a::int"), "- (a::INT)");
    assert_eq!(grouped("select @ a + b"), "@ (a + b)");
    assert_eq!(grouped("select a operator(pg_catalog.+) b = c"), "(a OPERATOR(pg_catalog.+) b) = (c)");
    assert_eq!(grouped("select a || b = c and d"), "(a || b = c) AND (d)");
}

#[test]
fn other_lowerings() {
    check("select a isnull or b notnull from t where (a) isnull", "SELECT a IS NULL OR b IS NOT NULL FROM t WHERE (a) IS NULL");
    check("select f(variadic a), g(b, variadic array[1])", "SELECT f(a), g(b, ARRAY[1])");
    check("select (c).*, (f(x)).* from t", "SELECT (c), (f(x)) FROM t");
    check("update t set a[1] = 2, b[$1:n][2] = 3 where c[1] = 4", "UPDATE t SET a = 2, b = 3 WHERE c[1] = 4");
    check_refused("update t set a[(select x from victims)] = 2", "syntax error at or near \"[\"", Some(14));
    check(
        "select sum(a) over (order by b rows 1 preceding exclude current row)",
        "SELECT sum(a) OVER (ORDER BY b ROWS 1 PRECEDING)",
    );
    check(
        "select sum(a) over (order by b groups between 1 preceding and 2 following exclude no others)",
        "SELECT sum(a) OVER (ORDER BY b GROUPS BETWEEN 1 PRECEDING AND 2 FOLLOWING)",
    );
    check(
        "select * from jsonb_to_record(x) as (a int, b text)",
        "SELECT * FROM jsonb_to_record(x) AS jsonb_to_record (a INT, b TEXT)",
    );
    check("select 1 from t where a between symmetric 2 and 1", "SELECT 1 FROM t WHERE a BETWEEN 2 AND 1");
    check("select a::text collate \"C\" = b", "SELECT a::TEXT COLLATE \"C\" = b");
    check("begin isolation level serializable, read only, deferrable", "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY");
    check("start transaction not deferrable", "START TRANSACTION");
    check("fetch c", "FETCH NEXT FROM c");
    check("fetch from c", "FETCH NEXT FROM c");
    check("move forward all in c", "FETCH FORWARD ALL FROM c");
    check("fetch backward c", "FETCH PRIOR FROM c");
    check("fetch 5 from \"C\"", "FETCH 5 FROM \"C\"");
    check("select * from t * where a * b > 1", "SELECT * FROM t WHERE a * b > 1");
    check("with x as (table t) insert into u table x", "WITH x AS (SELECT * FROM t) INSERT INTO u SELECT * FROM x");
    check("select U&'d!0061' uescape '!', 2", "SELECT 'da', 2");
}

#[test]
fn errors_have_postgresqls_words() {
    check_refused("selec 1", "syntax error at or near \"selec\"", Some(0));
    check_refused("select 1 from", "syntax error at end of input", None);
    check_refused("select 1 2", "syntax error at or near a literal", Some(9));
    check_refused("select a, from t", "syntax error at or near \"from\"", Some(10));
    check_refused("select 1..2", "syntax error at or near \"..\"", Some(8));
    check_refused("select \\ ", "syntax error at or near \"\\\"", Some(7));
    let deep = format!("select {}1{}", "(select ".repeat(60), ")".repeat(60));
    assert_eq!(parse_text(&deep).unwrap_err().code, SqlState::STATEMENT_TOO_COMPLEX);
}

#[test]
fn lock_strengths_lose_key() {
    check("select 1 from t for no key update of t nowait", "SELECT 1 FROM t FOR UPDATE OF t NOWAIT");
    check("select 1 from t for key share skip locked", "SELECT 1 FROM t FOR SHARE SKIP LOCKED");
}

#[test]
fn overriding_is_dropped() {
    check("insert into t (a) overriding system value values (1)", "INSERT INTO t (a) VALUES (1)");
    check("insert into t overriding user value select 1", "INSERT INTO t SELECT 1");
}

#[test]
fn conflict_targets_become_plain_columns() {
    check(
        "insert into t values (1) on conflict (a collate \"C\" text_ops, b) where a > 0 and b is null do nothing",
        "INSERT INTO t VALUES (1) ON CONFLICT(a, b) DO NOTHING",
    );
    check(
        "insert into t values (1) on conflict (a) do update set b = 1",
        "INSERT INTO t VALUES (1) ON CONFLICT(a) DO UPDATE SET b = 1",
    );
    check(
        "insert into t values (1) on conflict (a, lower(b) collate \"C\", (c || d) text_ops) where coalesce(a, 1) > 0 do nothing",
        "INSERT INTO t VALUES (1) ON CONFLICT(a, \"\", \"\") DO NOTHING",
    );
    for (text, token, at) in [
        ("insert into t values (1) on conflict (lower((select 1 from victims))) do nothing", "(", 43),
        ("insert into t values (1) on conflict (a) where b in (select 1 from victims) do nothing", "where", 41),
    ] {
        check_refused(text, &format!("syntax error at or near \"{token}\""), Some(at));
    }
}

#[test]
fn parts_of_columns_are_their_columns_where_they_are_assigned() {
    check("update t set a[1].f = 1, b.g = 2, c['x'][null] = 3", "UPDATE t SET a = 1, b = 2, c = 3");
    check("update t set (a.f, b[1:2]) = (1, 2), (c[1]) = row(3)", "UPDATE t SET (a, b) = (1, 2), (c) = row(3)");
    check("insert into t (a[1], b.f[2]) values (1, 2)", "INSERT INTO t (a, b) VALUES (1, 2)");
    check("insert into t as x (a[1:2]) select 1", "INSERT INTO t AS x (a) SELECT 1");
    check_refused("update t set a[f(1)].b = 1", "syntax error at or near \"[\"", Some(14));
    // fields and subscripts elsewhere stay
    check("update t set a = b[1] where c.d[2] = (e).f", "UPDATE t SET a = b[1] WHERE c.d[2] = (e).f");
}

#[test]
fn search_and_cycle_are_dropped_and_told() {
    let text = "with recursive r(a, b) as (select 1, 2 union all select * from r) search depth first by a, b set o \
                cycle a set c to 'y'::text default null using p select o, c, p from r";
    // a cast is no literal of the grammar
    assert!(parse_text(text).is_err());
    let text = text.replace("::text", "");
    check(&text, "WITH RECURSIVE r (a, b) AS (SELECT 1, 2 UNION ALL SELECT * FROM r) SELECT o, c, p FROM r");
    let tokens = Tokens::lex(&text, &Bounds::default()).unwrap();
    let close = (0..tokens.len()).find(|&at| tokens.keyword(at) == Some(Keyword::Search)).unwrap() - 1;
    assert_eq!(recursion_columns(&tokens, close, tokens.len()), ["o", "c", "p"]);
    check("select 1 as search, cycle from t", "SELECT 1 AS search, cycle FROM t");
}

#[test]
fn aliases_of_joins_are_dropped_and_told() {
    check("select j.a from t join u using (a, b) as j, v", "SELECT j.a FROM t JOIN u USING(a, b), v");
    let tokens = Tokens::lex("select 1 from t join u using (a) as j", &Bounds::default()).unwrap();
    assert_eq!(using_alias(&tokens, 9, tokens.len()), Some(11));
    check("delete from t using (select 1 from u) as x", "DELETE FROM t USING (SELECT 1 FROM u) AS x");
}

#[test]
fn functions_in_one_list_stay_functions() {
    check(
        "select * from rows from (f(1), g(2) as (a int, b numeric(3,1) collate \"C\")) with ordinality as r(x)",
        "SELECT * FROM rows(f(1), g(2), NULL::INT, NULL::NUMERIC(3,1)) WITH ORDINALITY AS r (x)",
    );
    check_refused("select * from rows from (f(1) as (a))", "syntax error at or near \"(\"", Some(33));
    check(
        "select sum(x) over (rows between 1 preceding and current row) from t",
        "SELECT sum(x) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
    );
}

#[test]
fn grouping_sets_nest() {
    check(
        "select 1 from t group by distinct a, grouping sets ((a, b), (), rollup (c, (d, e)), grouping sets (cube (f), ()))",
        "SELECT 1 FROM t GROUP BY a, GROUPING SETS ((a, b), (), (row(c, (d, e))), (row(row(f), row())))",
    );
    check(
        "select cube(1, 2), rollup(3) from t group by all rollup (a), cube (b)",
        "SELECT cube(1, 2), rollup(3) FROM t GROUP BY ROLLUP (a), CUBE (b)",
    );
}

#[test]
fn queries_in_brackets_are_queries() {
    let victims = |text: &str| assert_eq!(parse_text(text).unwrap().to_string().matches("victims").count(), 1, "{text}");
    victims("select 1 where a in (values (1), ((select 1 from victims)))");
    victims("select 1 where a = any (values ((select 1 from victims)))");
    victims("select 1 where a <> all (((select 1 from victims) union select 2))");
    victims("select ((select 2) union select a from victims)");
    victims("select 1 where a in ((select 1), (select 2 from victims))");
    victims("select 1 where a not in (((select 2 from victims)))");
    victims("select 33 * any ((select b from victims))");
    victims("select a operator(pg_catalog.=) any (select b from victims)");
    check("select a like any (array['x']), a not ilike all ($1)", "SELECT a ~~ ANY(ARRAY['x']), a !~~* ALL($1)");
    check("select a in ((1), 2), values from t", "SELECT a IN ((1), 2), values FROM t");
}

#[test]
fn xml_is_read() {
    check(
        "select xmlelement(name a, xmlattributes(b as c, d), e, xmlforest(f as g)), xmlpi(name h, i), xmlparse(content j strip whitespace)",
        "SELECT xmlelement(b, d, e, xmlforest(f)), xmlpi(i), xmlparse(j)",
    );
    check(
        "select xmlroot(a, version no value, standalone yes), xmlserialize(document b as text indent), xmlexists(c passing by ref d)",
        "SELECT xmlroot(a), xmlserialize(CAST(b AS TEXT)), xmlexists(c, d)",
    );
    check("select a is document, b is not document and c", "SELECT is document(a), is document(b) AND c");
    check("select collation for (a || 'b')", "SELECT collation for(a || 'b')");
    check("select \"xmlpi\"(a), xmlpi from t", "SELECT \"xmlpi\"(a), xmlpi FROM t");
}

#[test]
fn sql_json_is_read() {
    check(
        "select json_object('a' : b format json, c value d absent on null with unique keys returning text), json_array(e null on null)",
        "SELECT sql json('a', b, c, d, CAST(NULL AS TEXT)), sql json(e)",
    );
    check(
        "select json_array(select a from t), json_objectagg(k : v) filter (where f)",
        "SELECT sql json((SELECT a FROM t)), sql json(k, v) FILTER (WHERE f)",
    );
    check("select json_object('{a,1}'), json_object(a, b)", "SELECT json_object('{a,1}'), json_object(a, b)");
}

#[test]
fn rows_and_bounds_have_their_types() {
    check("select f(t.*::u), t.* from t", "SELECT f(row(t.*)::u), t.* FROM t");
    check(
        "select sum(a) over (order by b range between '1 day'::interval preceding and '2' following) from t where b between 'x' and 'y'",
        "SELECT sum(a) OVER (ORDER BY b RANGE BETWEEN E'1 day'::INTERVAL PRECEDING AND E'2' FOLLOWING) FROM t WHERE b BETWEEN 'x' AND 'y'",
    );
    check(
        "select trim(trailing from a), trim(from b), trim(both 'x' from c)",
        "SELECT TRIM(TRAILING a), TRIM(b), TRIM(BOTH 'x' FROM c)",
    );
    check("select f(a => 1, b := 2)", "SELECT f(a => 1, b := 2)");
}

#[test]
fn a_star_after_a_relation_is_no_product() {
    check("select p.a from person* p where p.b * c > 1", "SELECT p.a FROM person p WHERE p.b * c > 1");
    check("select extract(year from a * b), substring(a from b * c)", "SELECT EXTRACT(YEAR FROM a * b), SUBSTRING(a FROM b * c)");
    check("select a is distinct from b * c", "SELECT a IS DISTINCT FROM b * c");
}

#[test]
fn a_cursors_row_is_told() {
    check("delete from t where current of c", "DELETE FROM t WHERE true");
    check("select current from t where current", "SELECT current FROM t WHERE current");
}

/// Whatever passes the bounds is parsed and dropped on a stack of 2 MiB, also without optimisation.
#[test]
fn the_bounds_keep_the_stack() {
    let bounds = Bounds::default();
    let nested = [
        ("select (", "1", ")"),
        ("", "select 1", ""),
        ("select * from (", "select 1", ") x"),
        ("select 1 where exists (", "select 1", ")"),
        ("with x as (", "select 1", ") select 1"),
        ("explain ", "select 1", ""),
        ("select f(", "1", ")"),
        ("select case when true then (", "1", ") end"),
        ("select not ", "true", ""),
        ("prepare x as ", "select 1", ""),
        ("create view v as ", "select 1", ""),
    ];
    let chains = [" + 1", " and true", " or (a = 1 and b = 2)", " union select 1", "::int", " is null", "[1]", " collate c"];
    let inner = ["not ", "- ", "(", "f(", "array[", "1 in (", "case when true then ", "x.y(", "row("];
    let mut texts = Vec::new();
    for (before, middle, after) in nested {
        for n in [20, 31, 32, 62, 63, 64] {
            texts.push(format!("{}{middle}{}", before.repeat(n), after.repeat(n)));
        }
    }
    for chain in chains {
        texts.push(format!("select 1{}", chain.repeat(480)));
    }
    for open in inner {
        let close = match open {
            "not " | "- " => "",
            "array[" => "]",
            "case when true then " => " end",
            _bracket => ")",
        };
        for n in [30, 62, 63, 64, 400] {
            texts.push(format!("select {}1{}", open.repeat(n), close.repeat(n)));
            texts.push(format!("select {}1", open.repeat(n)));
        }
    }
    for n in [62, 63, 64, 65, 250, 300, 2000] {
        for join in ["join currencies b ", "left join b ", "full outer join b ", "inner join lateral f(1) "] {
            texts.push(format!("select 1 from a {}{}", join.repeat(n), "on true ".repeat(n)));
            texts.push(format!("select 1 from a {}", join.repeat(n)));
            texts.push(format!("select 1 from a {}", format!("{join} on true ").repeat(n)));
        }
        // names that are spelled like conditions
        for join in ["join on ", "join x.on ", "join x as using ", "join lateral on(1) ", "left join using x "] {
            texts.push(format!("select 1 from a {}", join.repeat(n)));
        }
        texts.push(format!("select 1 from {}", "(a join b join ".repeat(n)));
        texts.push(format!("select 1 from {}", "a join b join (select 1 from ".repeat(n)));
    }
    let work = move || {
        let mut parsed = 0;
        for text in &texts {
            if let Ok(tokens) = Tokens::lex(text, &bounds) {
                parsed += usize::from(parse(&tokens, 0..tokens.len(), &bounds).is_ok());
            }
        }
        parsed
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap();
    let parsed = thread.join().unwrap();
    assert!(parsed > 30, "most of these are statements, and {parsed} were parsed");
}

/// A join that waits for its condition is a level; a chain of joins that have theirs is not.
#[test]
fn joins_are_bounded() {
    let pending = |n: usize| format!("select 1 from a {}{}", "join b ".repeat(n), "on true ".repeat(n));
    let chained = |n: usize| format!("select 1 from a {}", "left join b using (x) ".repeat(n));
    let natural = |n: usize| format!("select 1 from a {}", "natural join b ".repeat(n));
    let crossed = |n: usize| format!("select 1 from a {}", "cross join b ".repeat(n));
    for text in [pending(64), chained(300), natural(16), crossed(300), format!("{};{}", chained(300), chained(300))] {
        assert!(Tokens::lex(&text, &Bounds::default()).is_ok(), "{}", text.len());
    }
    for text in [pending(60), chained(300), natural(16), crossed(300)] {
        assert!(parse_text(&text).is_ok(), "{}", text.len());
    }
    check_refused(&pending(65), "statement is nested deeper than 64 levels", Some(464));
    check_refused(&chained(301), "statement has more than 300 joins", Some(6621));
    check_refused(&natural(17), "statement has more than 16 natural joins", Some(256));
    check_refused(&crossed(301), "statement has more than 300 joins", Some(3922));
    for text in [pending(250), chained(301), natural(17)] {
        let refusal = parse_text(&text).unwrap_err();
        assert_eq!((refusal.code, refusal.rule), (SqlState::STATEMENT_TOO_COMPLEX, Rule::Bounds));
    }
}

/// Each dot of a name or of a row costs more than the one before.
#[test]
fn dotted_chains_are_bounded() {
    for start in ["c", "(c)", "$1", "'x'"] {
        let dotted = |n: usize| format!("select {start}{} from c", ".a".repeat(n));
        assert!(Tokens::lex(&dotted(32), &Bounds::default()).is_ok(), "{start}");
        let refusal = parse_text(&dotted(33)).unwrap_err();
        assert_eq!((refusal.code, refusal.message.as_str()), (SqlState::STATEMENT_TOO_COMPLEX, "name has more than 32 dots"));
    }
    let refusal = parse_text(&format!("select c{} from c", ".(a)".repeat(501))).unwrap_err();
    assert_eq!(refusal.message, "statement chains more than 500 operators");
    // names that stand side by side are none
    assert!(parse_text(&format!("select {} from a", vec!["a.b.c"; 1600].join(", "))).is_ok());
    assert!(parse_text(&format!("select 1 from a where b in ({})", vec!["a.b"; 20_000].join(", "))).is_ok());
    assert!(parse_text(&format!("insert into a (b, c) values {}", vec!["(1, 'x')"; 10_000].join(", "))).is_ok());
}

/// Where two readings of a bracket are possible the parser tries both, on every level: what it may try is bounded.
#[test]
fn brackets_of_two_readings_are_refused_in_time() {
    let forms =
        ["( K IN ", "K IN ( ", "K ( ", "K ( a ) IN ( ", "K a IN ( ", "a FROM ( K ", "position ( K ", "K * FROM ( ", "CASE K ( "];
    for keyword in Keyword::ALL {
        for form in forms {
            let open = form.replace('K', keyword.as_str()).repeat(28);
            let closed = ")".repeat(28);
            // What is understood and what is not: that it comes back is the matter.
            for text in [format!("select {open}"), format!("select {open} 1 {closed}"), format!("select {open} a ;b {closed}")] {
                parse_text(&text).map_or_else(drop, drop);
            }
        }
    }
    let merges = format!("SELECT ( {}MERGE ;IN ( MERGE INTO p)", "MERGE IN ( ".repeat(33));
    assert!(parse_text(&merges).is_err());
}
