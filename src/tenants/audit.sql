-- The audit records of all proxies that write them here, made by `pgmoat init`: rows are added, and never changed.
CREATE TABLE pgmoat.audit (
  log text NOT NULL,
  sequence int8 NOT NULL,
  time timestamptz NOT NULL,
  event text NOT NULL,
  tenant text,
  "user" text,
  sqlstate text,
  rule text,
  record json NOT NULL,
  PRIMARY KEY (log, sequence)
);
COMMENT ON COLUMN pgmoat.audit.record IS 'the line of the audit file, byte by byte: its hash is in the next one';
CREATE INDEX ON pgmoat.audit (time);
CREATE INDEX ON pgmoat.audit (tenant, time);
CREATE FUNCTION pgmoat.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit records are not changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON pgmoat.audit FOR EACH STATEMENT EXECUTE FUNCTION pgmoat.keep();
