-- What `pgmoat init` makes first: version 1 of the registry. registry_2.sql makes the next of it.
CREATE SCHEMA pgmoat;
CREATE TABLE pgmoat.version (version int4 NOT NULL);
INSERT INTO pgmoat.version VALUES (1);
CREATE TABLE pgmoat.tenants (
  name text PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9_.@-]{1,63}$'),
  id text NOT NULL UNIQUE CHECK (id <> ''),
  attributes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object'),
  plan text,
  status text NOT NULL CHECK (status IN ('trial', 'active', 'past_due', 'suspended', 'archived')),
  trial_ends timestamptz,
  settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  created timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE pgmoat.users (
  name text PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9_.@-]{1,63}$' AND name !~ '^token-'),
  tenant text NOT NULL REFERENCES pgmoat.tenants ON DELETE CASCADE,
  verifier text NOT NULL CHECK (verifier LIKE 'SCRAM-SHA-256$%'),
  scopes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(scopes) = 'object'),
  created timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE pgmoat.tokens (
  id text PRIMARY KEY CHECK (id ~ '^token-[0-9a-f]{1,57}$'),
  tenant text NOT NULL REFERENCES pgmoat.tenants ON DELETE CASCADE,
  label text,
  verifier text NOT NULL CHECK (verifier LIKE 'SCRAM-SHA-256$%'),
  scopes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(scopes) = 'object'),
  expires timestamptz,
  revoked timestamptz,
  created timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE pgmoat.changes (
  number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  who text NOT NULL,
  why text,
  verb text NOT NULL,
  tenant text NOT NULL,
  detail text NOT NULL
);
CREATE FUNCTION pgmoat.tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_catalog.pg_notify('pgmoat_registry', '');
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgmoat.tenants FOR EACH STATEMENT EXECUTE FUNCTION pgmoat.tell();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgmoat.users FOR EACH STATEMENT EXECUTE FUNCTION pgmoat.tell();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgmoat.tokens FOR EACH STATEMENT EXECUTE FUNCTION pgmoat.tell();
