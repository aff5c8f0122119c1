//! Loads the indexes, constraints, types, functions and dependencies of a database into the catalog snapshot, in its loader's transaction.
//! It does not judge which of them tenants may see: the policy does.

use super::Trouble;
use crate::catalog::{Address, Cast, Catalog, Class, Constraint, FunctionObject, Index, SystemColumn, TypeObject};
use tokio_postgres::{Client, Row};

const ROLE: &str = "SELECT r.oid, r.rolname::text FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";

const SCHEMAS: &str = "SELECT n.oid, n.nspname::text FROM pg_catalog.pg_namespace n";

const INDEXES: &str = "SELECT i.indexrelid, n.nspname::text, c.relname::text, i.indrelid FROM pg_catalog.pg_index i
 JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE i.indexrelid >= 16384";

const CONSTRAINTS: &str =
    "SELECT k.oid, k.conrelid, k.contypid, k.confrelid FROM pg_catalog.pg_constraint k WHERE k.oid >= 16384";

const DEFAULTS: &str = "SELECT d.oid, d.adrelid FROM pg_catalog.pg_attrdef d WHERE d.oid >= 16384";

const TYPES: &str = "SELECT t.oid, n.nspname::text, t.typname::text, t.typrelid,
  ARRAY[t.typelem, t.typbasetype] || ARRAY(SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid))
 FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.oid >= 16384";

const FUNCTIONS: &str = "SELECT p.oid, n.nspname::text, p.proname::text
 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384";

const MEMBERS: &str = "SELECT d.classid::pg_catalog.regclass::text, d.objid FROM pg_catalog.pg_depend d
 WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e' AND d.objid >= 16384";

const DEPENDENCIES: &str =
    "SELECT DISTINCT d.classid::pg_catalog.regclass::text, d.objid, d.refclassid::pg_catalog.regclass::text, d.refobjid
 FROM pg_catalog.pg_depend d
 WHERE d.classid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_attrdef'::pg_catalog.regclass,
    'pg_catalog.pg_constraint'::pg_catalog.regclass)
  AND d.refclassid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
  AND d.objid >= 16384 AND d.refobjid >= 16384
 UNION SELECT d.classid::pg_catalog.regclass::text, d.objid, 'pg_proc', o.oprcode::pg_catalog.oid
 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_operator o
  ON d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND d.refobjid = o.oid
 WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND o.oprcode >= 16384
 UNION SELECT 'pg_type', t.oid, 'pg_proc', coalesce(o.oprcode::pg_catalog.oid, d.refobjid)
 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_type t ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid
 LEFT JOIN pg_catalog.pg_operator o ON d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND d.refobjid = o.oid
 WHERE t.typtype = 'd' AND t.typdefault IS NOT NULL
  AND d.refclassid IN ('pg_catalog.pg_operator'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
  AND coalesce(o.oprcode::pg_catalog.oid, d.refobjid) >= 16384";

const CASTS: &str = "SELECT n.nspname::text, f.proname::text, s.typrelid <> 0, k.castcontext <> 'e', t.typname::text
 FROM pg_catalog.pg_cast k JOIN pg_catalog.pg_proc f ON f.oid = k.castfunc JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
 JOIN pg_catalog.pg_type s ON s.oid = k.castsource JOIN pg_catalog.pg_type t ON t.oid = k.casttarget
 WHERE k.oid >= 16384 AND k.castmethod = 'f' AND NOT EXISTS (SELECT FROM pg_catalog.pg_range g WHERE g.rngmultitypid = k.casttarget) AND NOT EXISTS
 (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND d.objid = k.oid AND d.deptype = 'e')";

const SYSTEM_COLUMNS: &str =
    "SELECT n.nspname::text || '.' || c.relname::text, a.attname::text, coalesce(b.typname, t.typname)::text
 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
 WHERE a.attnum > 0 AND NOT a.attisdropped AND n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v')
 ORDER BY a.attrelid, a.attnum";

/// Reads the objects that are no relations. The search path must be empty, so that every name comes out qualified.
pub(super) async fn read(client: &Client, catalog: &mut Catalog) -> Result<(), Trouble> {
    let objects = &mut catalog.objects;
    let role = client.query_one(ROLE, &[]).await?;
    (objects.role, objects.role_name) = (role.try_get(0)?, role.try_get(1)?);
    objects.schemas = rows(client, SCHEMAS, |r| Ok((r.try_get(0)?, r.try_get(1)?))).await?;
    objects.indexes = rows(client, INDEXES, |r| {
        Ok(Index { oid: r.try_get(0)?, schema: r.try_get(1)?, name: r.try_get(2)?, relation: r.try_get(3)? })
    })
    .await?;
    objects.constraints = rows(client, CONSTRAINTS, |r| {
        Ok(Constraint { oid: r.try_get(0)?, relation: r.try_get(1)?, domain: r.try_get(2)?, references: r.try_get(3)? })
    })
    .await?;
    objects.defaults = rows(client, DEFAULTS, |r| Ok((r.try_get(0)?, r.try_get(1)?))).await?;
    objects.types = rows(client, TYPES, |r| {
        Ok(TypeObject {
            oid: r.try_get(0)?,
            schema: r.try_get(1)?,
            name: r.try_get(2)?,
            relation: r.try_get(3)?,
            parts: r.try_get(4)?,
        })
    })
    .await?;
    objects.functions =
        rows(client, FUNCTIONS, |r| Ok(FunctionObject { oid: r.try_get(0)?, schema: r.try_get(1)?, name: r.try_get(2)? }))
            .await?;
    catalog.casts = rows(client, CASTS, |r| {
        Ok(Cast {
            schema: r.try_get(0)?,
            function: r.try_get(1)?,
            of_row: r.try_get(2)?,
            implicit: r.try_get(3)?,
            target: r.try_get(4)?,
        })
    })
    .await?;
    let objects = &mut catalog.objects;
    objects.members = rows(client, MEMBERS, |r| address(r, 0)).await?;
    objects.dependencies = rows(client, DEPENDENCIES, |r| Ok((address(r, 0)?, address(r, 2)?))).await?;
    for row in client.query(SYSTEM_COLUMNS, &[]).await? {
        let column = SystemColumn { name: row.try_get(1)?, type_name: row.try_get(2)? };
        catalog.system_columns.entry(row.try_get(0)?).or_default().push(column);
    }
    Ok(())
}

async fn rows<T>(client: &Client, query: &str, read: impl Fn(&Row) -> Result<T, Trouble>) -> Result<Vec<T>, Trouble> {
    client.query(query, &[]).await?.iter().map(read).collect()
}

/// An object address: the catalog's name in one column, the OID in the next.
fn address(row: &Row, column: usize) -> Result<Address, Trouble> {
    let catalog: String = row.try_get(column)?;
    let class = match catalog.strip_prefix("pg_catalog.").unwrap_or(&catalog) {
        "pg_class" => Class::Relation,
        "pg_attrdef" => Class::Default,
        "pg_constraint" => Class::Constraint,
        "pg_type" => Class::Type,
        "pg_proc" => Class::Function,
        // Of other catalogs only that it is a member of an extension counts.
        _ => Class::Other,
    };
    Ok(Address { class, oid: row.try_get(column.saturating_add(1))? })
}
