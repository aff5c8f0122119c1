-- What `pgmoat init` makes of version 1 of the registry, with all that is in it: version 2, in which users and tokens have roles.
ALTER TABLE pgmoat.users ADD COLUMN role text CHECK (role <> '');
ALTER TABLE pgmoat.tokens ADD COLUMN role text CHECK (role <> '');
-- Changes of the registry itself are no tenant's.
ALTER TABLE pgmoat.changes ALTER COLUMN tenant DROP NOT NULL;
UPDATE pgmoat.version SET version = 2;
