//! A small utilities-billing catalog and its policy, made in code: for tests and benchmarks that need no server.
//! It does not claim to be complete: it has one relation of each sort that the rewriter treats differently.

use pgmoat::catalog::{
    Action, Catalog, Column, Constraint, ForeignKey, Identity as ColumnIdentity, Index, Objects, Relation, RelationKind,
    Signature, SystemColumn, TypeObject, Unique,
};
use pgmoat::policy::{Declaration, Identity, LevelColumn, Policy, Role, TableDeclaration, Tenant, Through, Verbs};
use pgmoat::rewrite::{Rewriter, Rewriters, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

fn column(spec: &str) -> Column {
    let (name, kind) = spec.split_once(' ').expect("`name type`");
    let builtin = kind != "invoice_status";
    let oid = match kind {
        "int8" => 20,
        "int4" => 23,
        "text" => 25,
        "bool" => 16,
        "numeric" => 1700,
        "date" => 1082,
        "timestamptz" => 1184,
        "uuid" => 2950,
        "jsonb" => 3802,
        "_text" => 1009,
        "invoice_status" => 20001,
        other => panic!("no type {other} in the fixture"),
    };
    Column {
        name: name.to_owned(),
        type_oid: oid,
        base_type: kind.to_owned(),
        builtin_type: builtin,
        enumeration: !builtin,
        formatted_type: kind.to_owned(),
        not_null: true,
        has_default: false,
        identity: ColumnIdentity::None,
        generated: false,
        deterministic: true,
        plain_collation: true,
        generated_from: Vec::new(),
    }
}

fn table(oid: u32, name: &str, columns: &[&str], key: &[&str]) -> Relation {
    let names = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    Relation {
        oid,
        schema: "public".to_owned(),
        name: name.to_owned(),
        kind: RelationKind::Table,
        columns: columns.iter().map(|c| column(c)).collect(),
        primary_key: names(key),
        uniques: if key.is_empty() {
            Vec::new()
        } else {
            vec![Unique { name: format!("{name}_pkey"), columns: names(key), constraint: true, partial: false, immediate: true }]
        },
        foreign_keys: Vec::new(),
        parents: Vec::new(),
        definition: None,
        owned_by: None,
        has_triggers: false,
        has_rules: false,
        changeable: true,
        has_options: false,
        has_exclusions: false,
    }
}

fn foreign_key(name: &str, columns: &[&str], references: u32, referenced: &[&str]) -> ForeignKey {
    let names = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    ForeignKey {
        name: name.to_owned(),
        columns: names(columns),
        references,
        referenced_columns: names(referenced),
        validated: true,
        on_delete: Action::None,
        on_update: Action::None,
    }
}

/// A few columns of a few system relations, one of them of a later version of the server.
fn system_columns() -> BTreeMap<String, Vec<SystemColumn>> {
    let columns = |specs: &[&str]| -> Vec<SystemColumn> {
        let column = |spec: &&str| {
            let (name, kind) = spec.split_once(' ').expect("`name type`");
            SystemColumn { name: name.to_owned(), type_name: kind.to_owned() }
        };
        specs.iter().map(column).collect()
    };
    BTreeMap::from([
        (
            "pg_catalog.pg_class".to_owned(),
            columns(&["oid oid", "relname name", "relowner oid", "reltuples float4", "relfuture int4"]),
        ),
        ("pg_catalog.pg_constraint".to_owned(), columns(&["oid oid", "conname name", "conrelid oid"])),
        ("pg_catalog.pg_type".to_owned(), columns(&["oid oid", "typname name", "typinput regproc"])),
        ("pg_catalog.pg_stats".to_owned(), columns(&["tablename name"])),
        ("information_schema.tables".to_owned(), columns(&["table_schema name", "table_name name"])),
    ])
}

/// An index and a constraint of a visible and of a hidden table each.
fn objects() -> Objects {
    let index = |oid: u32, name: &str, relation: u32| Index { oid, schema: "public".to_owned(), name: name.to_owned(), relation };
    let constraint = |oid: u32, relation: u32| Constraint { oid, relation, domain: 0, references: 0 };
    let status =
        TypeObject { oid: 20001, schema: "public".to_owned(), name: "invoice_status".to_owned(), relation: 0, parts: Vec::new() };
    Objects {
        role: 30000,
        role_name: "app".to_owned(),
        schemas: vec![(2200, "public".to_owned()), (20002, "secret".to_owned())],
        indexes: vec![index(20003, "meters_pkey", 12), index(20004, "operators_notes_pkey", 19)],
        types: vec![status],
        constraints: vec![constraint(20005, 12), constraint(20006, 19)],
        ..Objects::default()
    }
}

fn relations() -> Vec<Relation> {
    let mut invoices = table(
        14,
        "invoices",
        &[
            "tenant_id int8",
            "id int8",
            "property_id int8",
            "number text",
            "status text",
            "state invoice_status",
            "total numeric",
            "issued_on date",
            "notes text",
        ],
        &["tenant_id", "id"],
    );
    invoices.foreign_keys = vec![foreign_key("invoices_property", &["tenant_id", "property_id"], 11, &["tenant_id", "id"])];
    let mut lines = table(15, "invoice_lines", &["tenant_id int8", "id int8", "invoice_id int8", "amount numeric"], &["id"]);
    lines.foreign_keys =
        vec![ForeignKey { on_delete: Action::Cascade, ..foreign_key("lines_invoice", &["invoice_id"], 14, &["id"]) }];
    let mut notes =
        table(24, "notes", &["tenant_id int8", "id int8", "reply_to int8", "line_id int4", "code text", "text text"], &["id"]);
    notes.foreign_keys = vec![
        ForeignKey { on_delete: Action::SetNull, ..foreign_key("notes_reply_to", &["reply_to"], 24, &["id"]) },
        ForeignKey {
            on_delete: Action::Cascade,
            on_update: Action::Cascade,
            ..foreign_key("notes_line", &["line_id"], 15, &["id"])
        },
        foreign_key("notes_code", &["code"], 18, &["code"]),
    ];
    notes.uniques.push(Unique {
        name: "notes_text".to_owned(),
        columns: vec!["tenant_id".to_owned(), "text".to_owned()],
        constraint: true,
        partial: false,
        immediate: true,
    });
    let mut payments = table(21, "payments", &["tenant_id int8", "id int8", "property_id int8", "amount numeric"], &["id"]);
    payments.foreign_keys = vec![foreign_key("payments_property", &["tenant_id", "property_id"], 11, &["tenant_id", "id"])];
    let mut payment_lines =
        table(22, "payment_lines", &["id int8", "payment_id int8", "amount numeric", "note text", "n int4"], &["id"]);
    payment_lines.foreign_keys = vec![foreign_key("lines_payment", &["payment_id"], 21, &["id"])];
    let mut line_notes = table(23, "line_notes", &["id int8", "line_id int8", "note text"], &["id"]);
    line_notes.foreign_keys = vec![foreign_key("notes_line", &["line_id"], 22, &["id"])];
    let racks = table(25, "racks", &["tenant_id int8", "row int4", "slot int4", "label text"], &["row", "slot"]);
    let mut devices = table(
        26,
        "devices",
        &["tenant_id int8", "id int8", "rack_row int4", "rack_slot int4", "name text"],
        &["tenant_id", "id"],
    );
    devices.foreign_keys = vec![foreign_key("devices_rack", &["rack_row", "rack_slot"], 25, &["row", "slot"])];
    let mut view = table(20, "open_invoices", &["tenant_id int8", "id int8", "number text"], &[]);
    view.kind = RelationKind::View;
    view.definition = Some("SELECT i.tenant_id, i.id, i.number FROM public.invoices i WHERE i.status = 'open'::text;".to_owned());
    vec![
        table(10, "organisations", &["id int8", "name text", "secret text"], &["id"]),
        table(11, "properties", &["tenant_id int8", "id int8", "name text", "city text"], &["tenant_id", "id"]),
        table(12, "meters", &["tenant_id int8", "id int8", "property_id int8", "serial text", "kind text"], &["tenant_id", "id"]),
        table(
            13,
            "readings",
            &["tenant_id int8", "meter_id int8", "taken_at timestamptz", "value numeric", "note text"],
            &["tenant_id", "meter_id", "taken_at"],
        ),
        invoices,
        lines,
        table(16, "documents", &["tenant_key text", "id int4", "title text", "doc jsonb", "tags _text"], &["tenant_key", "id"]),
        table(17, "api_keys", &["tenant_uuid uuid", "id int4", "key text"], &["id"]),
        table(18, "tariffs", &["code text", "price numeric"], &["code"]),
        payments,
        payment_lines,
        line_notes,
        table(19, "operators_notes", &["id int8", "note text"], &["id"]),
        view,
        notes,
        racks,
        devices,
    ]
}

/// The catalog.
pub(crate) fn catalog() -> Catalog {
    let mut catalog = Catalog::default().with_relations(relations());
    catalog.database = "billing".to_owned();
    catalog.server_version = 150_018;
    catalog.search_path = vec!["public".to_owned()];
    catalog.timeouts = BTreeMap::from([("statement_timeout".to_owned(), 30_000)]);
    catalog.system_relations = ["pg_class", "pg_stats", "pg_constraint", "pg_type"].map(str::to_owned).into();
    catalog.system_columns = system_columns();
    catalog.objects = objects();
    catalog.system_functions = [
        "pg_sleep",
        "query_to_xml",
        "lower",
        "to_jsonb",
        "txid_current",
        "pg_read_file",
        "pg_relation_filenode",
        "pg_notify",
        "pg_control_init",
        "makeaclitem",
        "has_server_privilege",
        "lo_get",
        "lo_put",
        "pg_get_userbyid",
    ]
    .map(str::to_owned)
    .into();
    let in_public = |name: &str| (name.to_owned(), vec!["public".to_owned()]);
    catalog.user_functions =
        BTreeMap::from([in_public("add_tax"), in_public("leak"), in_public("similarity"), in_public("set_limit")]);
    catalog.signatures = signatures();
    let of_trgm = |name: &str| (format!("public.{name}"), "pg_trgm".to_owned());
    catalog.extension_functions = BTreeMap::from([of_trgm("similarity"), of_trgm("set_limit")]);
    let from = |name: &str, extension: &str| (name.to_owned(), BTreeSet::from([extension.to_owned()]));
    catalog.user_operators =
        BTreeMap::from([from("%", ""), from("<%", "pg_trgm"), from("<->", "pg_trgm"), from("<~", "pg_trgm")]);
    catalog.enum_types = BTreeMap::from([in_public("invoice_status")]);
    catalog.user_types = BTreeMap::from([in_public("invoice_status")]);
    catalog
}

/// Functions that tenants may not call: schema and name, OID, the types of the arguments, that of the result.
fn signatures() -> BTreeMap<String, Vec<Signature>> {
    let all: [(&str, &str, u32, &[&str], &str); 13] = [
        ("pg_catalog", "txid_current", 2943, &[], "int8"),
        ("public", "leak", 20006, &[], "int8"),
        ("pg_catalog", "pg_sleep", 2626, &["float8"], "void"),
        ("pg_catalog", "pg_read_file", 3826, &["text"], "text"),
        ("pg_catalog", "pg_relation_filenode", 2999, &["regclass"], "oid"),
        ("pg_catalog", "pg_notify", 3036, &["text", "text"], "void"),
        ("pg_catalog", "pg_control_init", 3444, &[], "record"),
        ("pg_catalog", "makeaclitem", 1365, &["oid", "oid", "text", "bool"], "aclitem"),
        ("pg_catalog", "has_server_privilege", 3005, &["text", "text"], "bool"),
        ("pg_catalog", "has_server_privilege", 3006, &["oid", "text"], "bool"),
        ("pg_catalog", "lo_get", 3458, &["oid"], "bytea"),
        ("pg_catalog", "lo_put", 3460, &["oid", "int8", "bytea"], "void"),
        ("pg_catalog", "pg_get_userbyid", 1642, &["oid"], "name"),
    ];
    let mut signatures: BTreeMap<String, Vec<Signature>> = BTreeMap::new();
    for (schema, name, oid, arguments, result) in all {
        signatures.entry(format!("{schema}.{name}")).or_default().push(Signature {
            oid,
            name: name.to_owned(),
            arguments: arguments.iter().map(|t| (*t).to_owned()).collect(),
            defaults: 0,
            variadic: name == "lo_put",
            result: result.to_owned(),
            scalar: true,
            volatile: name == "pg_notify",
            permitted: name != "pg_read_file",
        });
    }
    signatures
}

/// The declaration that goes with it.
pub(crate) fn declaration() -> Declaration {
    let column = |column: &str, value: &str| TableDeclaration {
        column: Some(column.to_owned()),
        value: Some(value.to_owned()),
        ..TableDeclaration::default()
    };
    let levels = |property: LevelColumn| TableDeclaration {
        scopes: BTreeMap::from([("property".to_owned(), property)]),
        ..TableDeclaration::default()
    };
    let by = |column: &str| levels(LevelColumn::Column(column.to_owned()));
    let through = |column: &str, relation: &str| TableDeclaration {
        through: Some(Through { column: column.to_owned(), relation: relation.to_owned(), references: "id".to_owned() }),
        ..TableDeclaration::default()
    };
    Declaration {
        column: "tenant_id".to_owned(),
        shared: vec!["public.tariffs".to_owned()],
        hidden: Vec::new(),
        functions: vec!["public.add_tax".to_owned()],
        tables: BTreeMap::from([
            ("public.organisations".to_owned(), column("id", "id")),
            ("public.documents".to_owned(), column("tenant_key", "key")),
            ("public.properties".to_owned(), by("id")),
            ("public.meters".to_owned(), by("property_id")),
            ("public.invoices".to_owned(), by("property_id")),
            ("public.payments".to_owned(), by("property_id")),
            ("public.invoice_lines".to_owned(), levels(LevelColumn::DoesNotApply)),
            ("public.payment_lines".to_owned(), through("payment_id", "public.payments")),
            ("public.line_notes".to_owned(), through("line_id", "public.payment_lines")),
            ("public.api_keys".to_owned(), column("tenant_uuid", "uuid")),
        ]),
        roles: roles(),
    }
}

/// A role that reads only, and one that has some relations with some verbs, and not all of their columns.
fn roles() -> BTreeMap<String, Role> {
    let (all, none) = (Verbs::ALL, Verbs::NONE);
    let relations = [
        ("properties", none),
        ("meters", Verbs { delete: false, ..all }),
        ("readings", Verbs { insert: true, ..none }),
        ("invoices", Verbs { update: true, ..none }),
        ("payment_lines", all),
        ("tariffs", all),
        ("documents", all),
        ("open_invoices", all),
    ];
    let relations = relations.into_iter().map(|(name, verbs)| (format!("public.{name}"), verbs)).collect();
    let hide = [
        ("meters", "serial"),
        ("readings", "note"),
        ("documents", "tenant_key"),
        ("documents", "doc"),
        ("tariffs", "price"),
        ("invoices", "property_id"),
    ];
    let mut hidden: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (relation, column) in hide {
        hidden.entry(format!("public.{relation}")).or_default().insert(column.to_owned());
    }
    let hider = Role { hide: hidden, ..Role::default() };
    let clerk = Role { relations: Some(relations), ..Role::default() };
    let reader = Role { verbs: none, ..Role::default() };
    let warden = Role { levels: BTreeSet::from(["property".to_owned()]), ..Role::default() };
    [("clerk", clerk), ("hider", hider), ("reader", reader), ("warden", warden)]
        .map(|(name, role)| (name.to_owned(), role))
        .into()
}

/// The rewriters over both.
pub(crate) fn rewriters() -> Rewriters {
    let catalog = catalog();
    let (policy, findings) = Policy::new(declaration(), &catalog);
    assert!(findings.is_empty(), "{findings:?}");
    Rewriters::new(policy, catalog, 0)
}

/// Somebody of the tenant `acme` (1).
pub(crate) fn identity(role: Option<&str>, nodes: BTreeMap<String, Vec<String>>) -> Identity {
    let attributes = [("id", "1"), ("key", "acme"), ("uuid", "11111111-1111-1111-1111-111111111111")];
    let tenant = Tenant {
        name: "acme".into(),
        attributes: attributes.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
        settings: r#"{"currency": "EUR"}"#.into(),
        plan: None,
    };
    Identity {
        user: "acme_app".into(),
        tenant: Some(Arc::new(tenant)),
        nodes,
        bypass: false,
        switches: false,
        role: role.map(Into::into),
    }
}

/// A rewriter over both, and the scope of the tenant `acme`.
pub(crate) fn rewriter() -> (Rewriter, Scope) {
    rewriter_for(BTreeMap::new())
}

/// The same for a user of that tenant who is limited to these nodes.
pub(crate) fn rewriter_for(nodes: BTreeMap<String, Vec<String>>) -> (Rewriter, Scope) {
    rewriter_over(catalog(), nodes)
}

/// The same over another catalog.
pub(crate) fn rewriter_over(catalog: Catalog, nodes: BTreeMap<String, Vec<String>>) -> (Rewriter, Scope) {
    let (policy, findings) = Policy::new(declaration(), &catalog);
    assert!(findings.is_empty(), "{findings:?}");
    let rewriter = Rewriter::new(Arc::new(policy), Arc::new(catalog));
    let scope = rewriter.scope(&identity(None, nodes)).expect("the tenant has every attribute");
    (rewriter, scope)
}
