//! Parameter types: which ones a client may declare, and the OIDs of the names that SQL's PREPARE declares.
//! It does not know types of the database's own.

/// First OID that is not PostgreSQL's own (`FirstNormalObjectId`).
const FIRST_USER_OID: u32 = 16_384;

/// Types whose text form looks names up in the catalogs, and their array types: input of one tells whether an object exists.
const NAMING: [u32; 22] = [
    24, 2202, 2203, 2204, 2205, 2206, 4096, 4089, 3734, 3769, 4191, // regproc .. regcollation
    1008, 2207, 2208, 2209, 2210, 2211, 4097, 4090, 3735, 3770, 4192, // their arrays
];

/// Whether a tenant may declare a parameter of this type (0: left to the server).
#[must_use]
pub(super) fn declarable(oid: u32) -> bool {
    oid < FIRST_USER_OID && !NAMING.contains(&oid)
}

/// Names (in `pg_catalog`), OID, OID of the array type.
const BUILTIN: [(&str, u32, u32); 31] = [
    ("bool", 16, 1000),
    ("bytea", 17, 1001),
    ("char", 18, 1002),
    ("name", 19, 1003),
    ("int8", 20, 1016),
    ("int2", 21, 1005),
    ("int4", 23, 1007),
    ("text", 25, 1009),
    ("oid", 26, 1028),
    ("json", 114, 199),
    ("xml", 142, 143),
    ("point", 600, 1017),
    ("float4", 700, 1021),
    ("float8", 701, 1022),
    ("unknown", 0, 1009),
    ("money", 790, 791),
    ("inet", 869, 1041),
    ("cidr", 650, 651),
    ("bpchar", 1042, 1014),
    ("varchar", 1043, 1015),
    ("date", 1082, 1182),
    ("time", 1083, 1183),
    ("timestamp", 1114, 1115),
    ("timestamptz", 1184, 1185),
    ("interval", 1186, 1187),
    ("timetz", 1266, 1270),
    ("bit", 1560, 1561),
    ("varbit", 1562, 1563),
    ("numeric", 1700, 1231),
    ("uuid", 2950, 2951),
    ("jsonb", 3802, 3807),
];

/// The OID of a type as the rewriter prints it (`pg_catalog.int8`, `"pg_catalog"."varchar"(10)`, `pg_catalog.text[]`).
#[must_use]
pub(super) fn oid(printed: &str) -> Option<u32> {
    let plain: String = printed.chars().filter(|c| *c != '"' && *c != ' ').collect();
    let (plain, array) = match plain.split_once('[') {
        Some((element, _)) => (element, true),
        None => (plain.as_str(), false),
    };
    let name = plain.strip_prefix("pg_catalog.").unwrap_or(plain);
    let name = name.split_once('(').map_or(name, |(name, _)| name);
    BUILTIN.iter().find(|(n, _, _)| *n == name).map(|&(_, scalar, of_array)| if array { of_array } else { scalar })
}
