//! Loads the catalog snapshot from a server, in one repeatable-read transaction. It does not judge what it finds: the policy does.

use super::{Dialler, Trouble};
use crate::catalog::{Action, Catalog, Column, ForeignKey, Identity, Relation, RelationKind, Signature, Unique};
use crate::config::Secret;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use tokio_postgres::{Client, Config, NoTls, Row, config};

/// How long loading may take.
const LOAD_LIMIT: Duration = Duration::from_secs(60);

const SNAPSHOT: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

const SERVER: &str =
    "SELECT current_database()::text, current_setting('server_version_num')::int4, current_schemas(false)::text[],
  current_setting('server_encoding')::text";

/// Without a search path every name in a view's definition comes out qualified.
const TIMEOUTS: &str = "SELECT name::text, reset_val::int8 FROM pg_catalog.pg_settings
 WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') AND reset_val::int8 > 0";
const NO_PATH: &str = "SET LOCAL search_path = ''";

const RELATIONS: &str = "SELECT c.oid, n.nspname::text, c.relname::text, c.relkind::text,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END,
  ARRAY(SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
  CASE WHEN c.relkind = 'S' THEN (SELECT d.refobjid FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i') LIMIT 1) END,
  EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
  EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'),
  c.relkind = 'v' AND c.reloptions IS NOT NULL,
  pg_catalog.has_table_privilege(c.oid, 'DELETE') OR pg_catalog.has_any_column_privilege(c.oid, 'UPDATE'),
  EXISTS (SELECT FROM pg_catalog.pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'x')
 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
 ORDER BY c.oid";

const COLUMNS: &str =
    "SELECT a.attrelid, a.attname::text, a.atttypid, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
  CASE WHEN a.atthasdef THEN a.attgenerated = '' ELSE t.typdefault IS NOT NULL END, a.attidentity::text, a.attgenerated <> '', coalesce(l.collisdeterministic, true),
  a.attcollation IN (0, 100),
  ARRAY(SELECT DISTINCT b.attname::text FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend d
      ON (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid)
      OR (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = f.adrelid AND d.objsubid = f.adnum)
    JOIN pg_catalog.pg_attribute b ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = b.attrelid
      AND d.refobjsubid = b.attnum
    WHERE a.attgenerated <> '' AND f.adrelid = a.attrelid AND f.adnum = a.attnum AND b.attrelid = a.attrelid AND b.attnum <> a.attnum),
  a.attgenerated = 'v'
 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
 WHERE a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
 ORDER BY a.attrelid, a.attnum";

const TYPES: &str = "SELECT t.oid, t.typname::text, n.nspname::text, t.typtype::text, t.typbasetype,
  t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
 FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace";

const UNIQUES: &str = "SELECT i.indrelid, ic.relname::text, i.indisprimary, i.indpred IS NOT NULL,
  EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')),
  ARRAY(SELECT coalesce(a.attname::text, '') FROM generate_series(0, i.indnkeyatts - 1) AS s(k)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[s.k] AND i.indkey[s.k] <> 0 ORDER BY s.k),
  i.indimmediate AND i.indisvalid
 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
 WHERE i.indisunique ORDER BY i.indexrelid";

/// A key on a partitioned table has one more row for each partition of it: those are left out.
const FOREIGN_KEYS: &str = "SELECT k.conrelid, k.conname::text, k.confrelid,
  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(n, o)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.o),
  ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(n, o)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.o),
  k.convalidated, k.confdeltype::text, k.confupdtype::text
 FROM pg_catalog.pg_constraint k
 WHERE k.contype = 'f' AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint up WHERE up.oid = k.conparentid AND up.conrelid = k.conrelid)
 ORDER BY k.oid";

const SYSTEM_RELATIONS: &str = "SELECT DISTINCT c.relname::text FROM pg_catalog.pg_class c
 WHERE c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND c.relkind IN ('r', 'v', 'm', 'f', 'p')";

const EXTENSION_VIEWS: &str = "SELECT c.oid, e.extname::text FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'
  AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
 JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
 WHERE c.relkind = 'v'";

const EXTENSION_TYPES: &str = "SELECT t.typname::text, n.nspname::text, e.extname::text FROM pg_catalog.pg_type t
 JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
 JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e'
  AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
 JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
 WHERE t.typtype = 'b'";

/// The functions, and the extension that all of a name are of.
const FUNCTIONS: &str = "SELECT p.proname::text, n.nspname::text,
  CASE WHEN bool_and(e.extname IS NOT NULL) AND min(e.extname::text) = max(e.extname::text) THEN min(e.extname::text) END
 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e'
  AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
 LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
 GROUP BY p.proname, n.nspname";

/// All functions with the types of their arguments; a type that is not of `pg_catalog` is told as an empty name.
const SIGNATURES: &str = "SELECT n.nspname::text, p.proname::text, p.oid,
  ARRAY(SELECT CASE WHEN t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN t.typname::text ELSE '' END
    FROM unnest(p.proargtypes) WITH ORDINALITY AS a(type, place) JOIN pg_catalog.pg_type t ON t.oid = a.type ORDER BY a.place),
  p.pronargdefaults::int4, p.provariadic <> 0,
  CASE WHEN r.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN r.typname::text ELSE '' END,
  p.prokind = 'f' AND NOT p.proretset, p.provolatile = 'v', pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_type r ON r.oid = p.prorettype
 ORDER BY p.oid";

const OPERATORS: &str = "SELECT DISTINCT o.oprname::text, coalesce(e.extname::text, '') FROM pg_catalog.pg_operator o
 LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND d.objid = o.oid AND d.deptype = 'e'
  AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
 LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
 WHERE o.oprnamespace <> 'pg_catalog'::pg_catalog.regnamespace";

const OWN_OPERATORS: &str = "SELECT DISTINCT o.oprname::text FROM pg_catalog.pg_operator o WHERE o.oid >= 16384 AND NOT EXISTS
 (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND d.objid = o.oid AND d.deptype = 'e')";

/// Temporary relations come and go without meaning anything here; TRUNCATE and its like change rows of `pg_class` too.
const FINGERPRINT: &str = "WITH n AS (SELECT oid, xmin FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'),
 c AS (SELECT oid, pg_catalog.hashtextextended(pg_catalog.concat_ws(':', oid, relname, relnamespace, relkind, reltype,
   relhasrules, relhastriggers, relispartition, relrowsecurity, reloptions, relacl), 0) AS hash FROM pg_catalog.pg_class WHERE relkind <> 't' AND relkind <> 'i' AND relnamespace IN (SELECT oid FROM n))
 SELECT pg_catalog.md5(pg_catalog.concat_ws(',',
  (SELECT pg_catalog.concat_ws(':', count(*), sum(oid::int8), sum(xmin::text::int8)) FROM n),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(hash)) FROM c),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(attrelid::int8 * attnum), sum(a.xmin::text::int8))
    FROM pg_catalog.pg_attribute a JOIN c ON c.oid = a.attrelid WHERE a.attnum > 0),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(indexrelid::int8), sum(i.xmin::text::int8))
    FROM pg_catalog.pg_index i JOIN c ON c.oid = i.indrelid),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(inhrelid::int8 * inhparent::int8), sum(xmin::text::int8)) FROM pg_catalog.pg_inherits),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(oid::int8), sum(xmin::text::int8)) FROM pg_catalog.pg_proc),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(k.oid::int8), sum(k.xmin::text::int8))
    FROM pg_catalog.pg_constraint k JOIN n ON n.oid = k.connamespace),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(r.oid::int8), sum(r.xmin::text::int8))
    FROM pg_catalog.pg_rewrite r JOIN c ON c.oid = r.ev_class),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(t.oid::int8), sum(t.xmin::text::int8))
    FROM pg_catalog.pg_type t JOIN n ON n.oid = t.typnamespace),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(oid::int8), sum(xmin::text::int8)) FROM pg_catalog.pg_operator),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(oid::int8), sum(xmin::text::int8)) FROM pg_catalog.pg_cast),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(t.oid::int8), sum(t.xmin::text::int8))
    FROM pg_catalog.pg_trigger t JOIN c ON c.oid = t.tgrelid),
  (SELECT pg_catalog.concat_ws(':', count(*), sum(roleid::int8 * member::int8), sum(xmin::text::int8)) FROM pg_catalog.pg_auth_members)))";

/// Reads everything.
///
/// # Errors
/// [`Trouble`] when the server cannot be reached, or its catalogs say something unknown.
pub async fn load(dialler: &Dialler) -> Result<Catalog, Trouble> {
    tokio::time::timeout(LOAD_LIMIT, with_client(dialler, read)).await.map_err(|_| Trouble::Timeout(LOAD_LIMIT))?
}

/// A value that changes when the catalog does (and may change when it does not). It is much cheaper than [`load`].
///
/// # Errors
/// [`Trouble`] when the server cannot be reached.
pub async fn fingerprint(dialler: &Dialler) -> Result<String, Trouble> {
    let read = async |client: Client| Ok(client.query_one(FINGERPRINT, &[]).await?.try_get(0)?);
    tokio::time::timeout(LOAD_LIMIT, with_client(dialler, read)).await.map_err(|_| Trouble::Timeout(LOAD_LIMIT))?
}

pub(super) async fn with_client<T>(
    dialler: &Dialler,
    work: impl AsyncFnOnce(Client) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let upstream = dialler.upstream();
    let mut config = Config::new();
    config.user(&upstream.user).dbname(&upstream.database).application_name("pgmoat catalog");
    // TLS was done when dialling.
    config.ssl_mode(config::SslMode::Disable);
    if let Some(password) = upstream.password.as_ref().map(Secret::expose) {
        config.password(password);
    }
    let stream = dialler.dial().await?;
    let (client, connection) = config.connect_raw(stream, NoTls).await?;
    // The connection moves while the work waits; it ends with the client.
    tokio::pin!(connection);
    let work = work(client);
    tokio::pin!(work);
    tokio::select! {
        result = &mut work => result,
        ended = &mut connection => match ended {
            Ok(()) => Err(Trouble::Closed),
            Err(e) => Err(e.into()),
        },
    }
}

async fn read(client: Client) -> Result<Catalog, Trouble> {
    client.batch_execute(SNAPSHOT).await?;
    let server = client.query_one(SERVER, &[]).await?;
    client.batch_execute(NO_PATH).await?;
    let types = Types::read(&client).await?;
    let mut relations = Vec::new();
    let mut places = HashMap::new();
    for row in client.query(RELATIONS, &[]).await? {
        let relation = relation(&row)?;
        places.insert(relation.oid, relations.len());
        relations.push(relation);
    }
    for row in client.query(COLUMNS, &[]).await? {
        let Some(relation) = at(&mut relations, &places, row.try_get(0)?) else { continue };
        relation.columns.push(column(&row, &types)?);
    }
    for row in client.query(UNIQUES, &[]).await? {
        let Some(relation) = at(&mut relations, &places, row.try_get(0)?) else { continue };
        let columns: Vec<String> = row.try_get(5)?;
        if row.try_get(2)? {
            relation.primary_key.clone_from(&columns);
        }
        relation.uniques.push(Unique {
            name: row.try_get(1)?,
            columns,
            constraint: row.try_get(4)?,
            partial: row.try_get(3)?,
            immediate: row.try_get(6)?,
        });
    }
    for row in client.query(FOREIGN_KEYS, &[]).await? {
        let Some(relation) = at(&mut relations, &places, row.try_get(0)?) else { continue };
        relation.foreign_keys.push(ForeignKey {
            name: row.try_get(1)?,
            columns: row.try_get(3)?,
            references: row.try_get(2)?,
            referenced_columns: row.try_get(4)?,
            validated: row.try_get(5)?,
            on_delete: action(&row, 6)?,
            on_update: action(&row, 7)?,
        });
    }
    // PostgreSQL cuts names off by the bytes that they have there.
    let encoding: String = server.try_get(3)?;
    if encoding != "UTF8" {
        return Err(Trouble::Strange(format!("the database is in {encoding}, and pgmoat serves those in UTF8 only")));
    }
    let version: i32 = server.try_get(1)?;
    let mut catalog = Catalog::default();
    catalog.database = server.try_get(0)?;
    catalog.server_version = u32::try_from(version).map_err(|_| Trouble::Strange(format!("server version {version}")))?;
    catalog.search_path = server.try_get(2)?;
    for row in client.query(TIMEOUTS, &[]).await? {
        let (name, limit): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        catalog.timeouts.insert(name, u64::try_from(limit).unwrap_or(0));
    }
    catalog.system_relations = names(&client, SYSTEM_RELATIONS).await?;
    catalog.own_operators = names(&client, OWN_OPERATORS).await?;
    for row in client.query(OPERATORS, &[]).await? {
        let (name, extension): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        catalog.user_operators.entry(name).or_default().insert(extension);
    }
    for row in client.query(EXTENSION_VIEWS, &[]).await? {
        catalog.extension_views.insert(row.try_get(0)?, row.try_get(1)?);
    }
    for row in client.query(EXTENSION_TYPES, &[]).await? {
        let found = (row.try_get(1)?, row.try_get(2)?);
        catalog.extension_types.entry(row.try_get(0)?).or_default().push(found);
    }
    for row in client.query(FUNCTIONS, &[]).await? {
        let (name, schema): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        if schema == "pg_catalog" {
            catalog.system_functions.insert(name);
        } else {
            let extension: Option<String> = row.try_get(2)?;
            catalog.extension_functions.extend(extension.map(|extension| (format!("{schema}.{name}"), extension)));
            catalog.user_functions.entry(name).or_default().push(schema);
        }
    }
    for row in client.query(SIGNATURES, &[]).await? {
        let (schema, signature) = signature(&row)?;
        catalog.signatures.entry(format!("{schema}.{}", signature.name)).or_default().push(signature);
    }
    types.name(&mut catalog);
    super::objects::read(&client, &mut catalog).await?;
    Ok(catalog.with_relations(relations))
}

/// A function, and the schema that it is in.
fn signature(row: &Row) -> Result<(String, Signature), Trouble> {
    let defaults: i32 = row.try_get(4)?;
    let signature = Signature {
        name: row.try_get(1)?,
        oid: row.try_get(2)?,
        arguments: row.try_get(3)?,
        defaults: usize::try_from(defaults).unwrap_or(usize::MAX),
        variadic: row.try_get(5)?,
        result: row.try_get(6)?,
        scalar: row.try_get(7)?,
        volatile: row.try_get(8)?,
        permitted: row.try_get(9)?,
    };
    Ok((row.try_get(0)?, signature))
}

fn action(row: &Row, place: usize) -> Result<Action, Trouble> {
    let action: String = row.try_get(place)?;
    match action.as_str() {
        "a" | "r" => Ok(Action::None),
        "c" => Ok(Action::Cascade),
        "n" => Ok(Action::SetNull),
        "d" => Ok(Action::SetDefault),
        unknown => Err(Trouble::Strange(format!("foreign key action {unknown:?}"))),
    }
}

fn at<'a>(relations: &'a mut [Relation], places: &HashMap<u32, usize>, oid: u32) -> Option<&'a mut Relation> {
    places.get(&oid).and_then(|&i| relations.get_mut(i))
}

async fn names(client: &Client, query: &str) -> Result<BTreeSet<String>, Trouble> {
    client.query(query, &[]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn relation(row: &Row) -> Result<Relation, Trouble> {
    let kind: String = row.try_get(3)?;
    Ok(Relation {
        oid: row.try_get(0)?,
        schema: row.try_get(1)?,
        name: row.try_get(2)?,
        kind: match kind.as_str() {
            "r" => RelationKind::Table,
            "p" => RelationKind::Partitioned,
            "v" => RelationKind::View,
            "m" => RelationKind::MaterializedView,
            "f" => RelationKind::Foreign,
            "S" => RelationKind::Sequence,
            "c" => RelationKind::Composite,
            unknown => return Err(Trouble::Strange(format!("relation kind {unknown:?}"))),
        },
        columns: Vec::new(),
        primary_key: Vec::new(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        parents: row.try_get(5)?,
        definition: row.try_get(4)?,
        owned_by: row.try_get(6)?,
        has_triggers: row.try_get(7)?,
        has_rules: row.try_get(8)?,
        has_options: row.try_get(9)?,
        changeable: row.try_get(10)?,
        has_exclusions: row.try_get(11)?,
    })
}

fn column(row: &Row, types: &Types) -> Result<Column, Trouble> {
    let type_oid = row.try_get(2)?;
    let own = types.get(type_oid)?;
    let base = types.base(type_oid)?;
    let identity: String = row.try_get(6)?;
    let is_virtual: bool = row.try_get(11)?;
    Ok(Column {
        name: row.try_get(1)?,
        type_oid,
        // What PostgreSQL computes when it is read may raise an error on any row, whatever its type is.
        base_type: if is_virtual { String::new() } else { base.name.clone() },
        builtin_type: own.schema == "pg_catalog" && !is_virtual,
        enumeration: base.kind == "e",
        formatted_type: row.try_get(3)?,
        not_null: row.try_get(4)?,
        has_default: row.try_get(5)?,
        identity: match identity.as_str() {
            "" => Identity::None,
            "a" => Identity::Always,
            "d" => Identity::ByDefault,
            unknown => return Err(Trouble::Strange(format!("identity {unknown:?}"))),
        },
        generated: row.try_get(7)?,
        deterministic: row.try_get(8)?,
        plain_collation: row.try_get(9)?,
        generated_from: row.try_get(10)?,
    })
}

/// Every type of the database, by OID.
struct Types(BTreeMap<u32, Type>);

struct Type {
    name: String,
    schema: String,
    kind: String,
    base: u32,
    of_rows: bool,
}

impl Types {
    async fn read(client: &Client) -> Result<Self, Trouble> {
        let mut types = BTreeMap::new();
        for row in client.query(TYPES, &[]).await? {
            let found = Type {
                name: row.try_get(1)?,
                schema: row.try_get(2)?,
                kind: row.try_get(3)?,
                base: row.try_get(4)?,
                of_rows: row.try_get(5)?,
            };
            types.insert(row.try_get(0)?, found);
        }
        Ok(Self(types))
    }

    fn get(&self, oid: u32) -> Result<&Type, Trouble> {
        self.0.get(&oid).ok_or_else(|| Trouble::Strange(format!("type {oid} does not exist")))
    }

    /// The type under a domain, and the domains under that.
    fn base(&self, oid: u32) -> Result<&Type, Trouble> {
        let mut found = self.get(oid)?;
        // A domain's base is older than the domain: the chain ends.
        for _ in 0..self.0.len() {
            if found.kind != "d" {
                return Ok(found);
            }
            found = self.get(found.base)?;
        }
        Err(Trouble::Strange(format!("type {oid} is its own base")))
    }

    fn name(self, catalog: &mut Catalog) {
        for found in self.0.into_values().filter(|t| t.schema != "pg_catalog" && !t.of_rows) {
            if found.kind == "e" {
                catalog.enum_types.entry(found.name.clone()).or_default().push(found.schema.clone());
            }
            catalog.user_types.entry(found.name).or_default().push(found.schema);
        }
    }
}
