.PHONY: help demo test bench fuzz lint prepare
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 10

demo:  ## a private PostgreSQL with two tenants, the proxy before it, and a tour; Ctrl-C ends it
	cargo run --release -- demo

test: prepare  ## every test, with its own private PostgreSQL
	cargo test --workspace --no-fail-fast

bench: prepare  ## the figures beside direct and PgBouncer, and the rewriter's; ARGS="--rounds 5 --seconds 3 select/simple" for some, or longer
	@tests/prepare pgbouncer
	$(if $(ARGS),,cargo bench --bench rewrite -- --warm-up-time 0.2 --measurement-time 0.5)
	ulimit -n $$(ulimit -Hn) || true; cargo bench --bench proxy -- $(ARGS)

fuzz:  ## made-up input for everything that reads any: a minute for each reader
	PGMOAT_FUZZ_SECONDS=$${PGMOAT_FUZZ_SECONDS:-60} PGMOAT_SEED=$${PGMOAT_SEED:-$$(date +%s)} cargo test --release --test fuzz

lint:  ## format, clippy for the full crate and the core alone, and that the core is pure
	cargo fmt --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --no-default-features -- -D warnings
	@tree=$$(cargo tree -e normal --no-default-features --prefix none) || exit 1; \
	if echo "$$tree" | grep -E '^(tokio|mio|axum|rustls|ring|rand|tracing|serde)[a-z_-]* v'; then \
		echo "the core depends on the outside world: see above"; exit 1; \
	else \
		echo "the core is pure: no runtime, no sockets, no log in its tree"; \
	fi

prepare:
	@tests/prepare
