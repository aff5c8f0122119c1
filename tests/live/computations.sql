-- The functions of pg_catalog that are computations over their arguments and nothing else; `{types}` are the types that tenants may name.
-- src/policy/computations.txt says why each of these conditions is there.
WITH listed AS (SELECT oid FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace
    AND (typname = ANY ('{{types}}'::text[]) OR typname LIKE '\_%' AND substr(typname, 2) = ANY ('{{types}}'::text[]))),
  judged AS (SELECT p.proname,
      p.prokind = 'f' AND NOT p.proretset AND p.provariadic = 0 AND p.proacl IS NULL AND p.prosupport = 0
      AND (l.lanname IN ('internal', 'c') OR p.prosqlbody IS NOT NULL)
      AND p.prorettype IN (SELECT oid FROM listed)
      AND p.pronargs > 0 AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) AS a WHERE a NOT IN (SELECT oid FROM listed))
      AND p.proname !~ '(typmod|like|regex|^similar_|^xmlvalidate$|_validator$|^pg_walfile|^pg_indexam|equalimage$|^reg)'
      AND (p.provolatile = 'i'
        OR p.provolatile = 's' AND EXISTS (SELECT FROM pg_operator o WHERE o.oprcode = p.oid AND o.oprnamespace = p.pronamespace)
        OR p.provolatile = 's' AND EXISTS (SELECT FROM pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typsend)
          AND t.typtype = 'b' AND t.typelem = 0 AND t.oid IN (SELECT oid FROM listed) AND t.typname !~ '^reg'))
      AND NOT EXISTS (SELECT FROM pg_type t WHERE t.typtype = 'p' AND t.typname <> 'cstring' AND p.oid IN (t.typinput, t.typoutput)) AS pure
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'pg_catalog'::regnamespace)
SELECT proname::text FROM judged GROUP BY 1 HAVING bool_and(pure) ORDER BY 1
