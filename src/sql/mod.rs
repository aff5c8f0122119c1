//! PostgreSQL's lexical rules, the parser's feed, and canonical printing.
