#!/bin/sh
# The role that pgmoat logs in as: it may log in, and gets its rights on rows from billing.sql. Nothing else.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$PGMOAT_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE pgmoat LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
REVOKE TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
