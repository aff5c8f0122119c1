-- What the role of this session may do beyond reading and writing rows, and what runs with other rights than its own.
-- One row a finding: what it is about, and a sentence.
SELECT 'role ' || current_user, text FROM (
    SELECT unnest(ARRAY[
        CASE WHEN rolsuper THEN 'is a superuser: nothing in the server limits it' END,
        CASE WHEN rolbypassrls THEN 'has BYPASSRLS: row-level security does not hold for it' END,
        CASE WHEN rolreplication THEN 'has REPLICATION: it may copy the whole cluster' END,
        CASE WHEN rolcreaterole THEN 'has CREATEROLE' END,
        CASE WHEN rolcreatedb THEN 'has CREATEDB' END]) AS text
    FROM pg_catalog.pg_roles WHERE rolname = current_user) attributes WHERE text IS NOT NULL
UNION ALL
SELECT 'role ' || current_user, 'is a member of ' || r.rolname
    FROM pg_catalog.pg_roles r
    WHERE r.rolname LIKE 'pg\_%' AND pg_catalog.pg_has_role(r.oid, 'MEMBER')
        AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
UNION ALL
SELECT 'database ' || pg_catalog.current_database(), 'the role may ' || p || ' there'
    FROM pg_catalog.unnest(ARRAY['CREATE', 'TEMPORARY']) p
    WHERE pg_catalog.has_database_privilege(pg_catalog.current_database(), p)
UNION ALL
SELECT 'schema ' || n.nspname, 'the role may CREATE there'
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' AND pg_catalog.has_schema_privilege(n.oid, 'CREATE')
UNION ALL
SELECT n.nspname || '.' || c.relname, 'the role owns it, or is a member of its owner'
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
        AND pg_catalog.pg_has_role(c.relowner, 'MEMBER')
UNION ALL
SELECT n.nspname || '.' || p.proname, 'a SECURITY DEFINER function that the role may call'
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND n.nspname <> 'pg_catalog' AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
UNION ALL
SELECT DISTINCT n.nspname || '.' || c.relname, 'the default of ' || a.attname || ' calls ' || p.proname || ', which pgmoat cannot see through'
    FROM pg_catalog.pg_attrdef d
    JOIN pg_catalog.pg_depend on_function ON on_function.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        AND on_function.objid = d.oid AND on_function.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    JOIN pg_catalog.pg_proc p ON p.oid = on_function.refobjid
    JOIN pg_catalog.pg_namespace of_function ON of_function.oid = p.pronamespace AND of_function.nspname <> 'pg_catalog'
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    JOIN pg_catalog.pg_class c ON c.oid = d.adrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
ORDER BY 1, 2
