//! Statement + catalog + policy -> plan or refusal.
