//! PostgreSQL's keywords (the union of releases 15 to 18) with their categories, as `src/include/parser/kwlist.h` lists them.
//! It does not know where the grammar accepts one: that is the parser's affair.

/// How PostgreSQL's grammar treats a keyword (manual, appendix C).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Usable as any name.
    Unreserved,
    /// Usable as a column or table name, not as a function or type name.
    ColumnName,
    /// Usable as a function or type name, not as a column or table name.
    TypeFunctionName,
    /// Usable as a label after AS only.
    Reserved,
}

/// Slots of the hash table; a power of two, about four times the keywords.
const SLOTS: usize = 2048;

/// One step of the case-folding hash (FNV-1a over ASCII-lower-cased bytes).
#[inline]
pub(crate) const fn hash_step(hash: u32, byte: u8) -> u32 {
    (hash ^ byte.to_ascii_lowercase() as u32).wrapping_mul(16_777_619)
}

/// Where the hash starts.
pub(crate) const HASH_START: u32 = 2_166_136_261;

/// The length of the longest keyword, in bytes.
pub(crate) const LONGEST: usize = longest();

macro_rules! keywords {
    ($($category:ident $bare:literal { $($variant:ident = $text:literal,)* })*) => {
        /// A keyword of PostgreSQL.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)] // each is the keyword it is named after
        pub enum Keyword { $($($variant,)*)* }

        impl Keyword {
            /// Every keyword, grouped by category.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)*)*];

            /// The keyword in lower case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($(Self::$variant => $text,)*)* }
            }

            /// The category that the newest release gives it.
            #[must_use]
            pub const fn category(self) -> Category {
                match self { $($(Self::$variant => Category::$category,)*)* }
            }

            /// Whether it may be a column label without AS (`SELECT a keyword`).
            #[must_use]
            pub const fn is_bare_label(self) -> bool {
                match self { $($(Self::$variant => $bare,)*)* }
            }
        }
    };
}

impl Keyword {
    /// The keyword that these lower-case bytes spell.
    #[must_use]
    pub fn lookup(lowercase: &[u8]) -> Option<Self> {
        let mut hash = HASH_START;
        for &byte in lowercase {
            hash = hash_step(hash, byte);
        }
        Self::lookup_hashed(lowercase, hash).filter(|keyword| keyword.as_str().as_bytes() == lowercase)
    }

    /// The keyword that these bytes spell in any case; `hash` is [`hash_step`] run over them.
    #[inline]
    pub(crate) fn lookup_hashed(word: &[u8], hash: u32) -> Option<Self> {
        if word.len() > LONGEST {
            return None;
        }
        let mut slot = hash as usize;
        loop {
            let index = TABLE.get(slot & (SLOTS - 1)).copied().unwrap_or(0);
            let keyword = *Self::ALL.get(usize::from(index).wrapping_sub(1))?;
            if keyword.as_str().as_bytes().eq_ignore_ascii_case(word) {
                return Some(keyword);
            }
            slot = slot.wrapping_add(1);
        }
    }

    /// Whether the word is neither a table name nor a column name unless it is quoted.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        match self.category() {
            Category::Reserved | Category::TypeFunctionName => true,
            Category::Unreserved | Category::ColumnName => false,
        }
    }
}

const fn longest() -> usize {
    let mut longest = 0;
    let mut i = 0;
    while i < Keyword::ALL.len() {
        let length = Keyword::ALL[i].as_str().len();
        if length > longest {
            longest = length;
        }
        i += 1;
    }
    longest
}

/// Open addressing: index into [`Keyword::ALL`] plus one; 0 is an empty slot. Filled by the compiler.
static TABLE: [u16; SLOTS] = fill();

const fn fill() -> [u16; SLOTS] {
    let mut table = [0_u16; SLOTS];
    let mut i = 0;
    while i < Keyword::ALL.len() {
        let text = Keyword::ALL[i].as_str().as_bytes();
        let mut hash = HASH_START;
        let mut k = 0;
        while k < text.len() {
            hash = hash_step(hash, text[k]);
            k += 1;
        }
        let mut slot = hash as usize & (SLOTS - 1);
        while table[slot] != 0 {
            slot = (slot + 1) & (SLOTS - 1);
        }
        table[slot] = i as u16 + 1;
        i += 1;
    }
    table
}

keywords! {
    Unreserved true {
        Abort = "abort", Absent = "absent", Absolute = "absolute", Access = "access", Action = "action", Add = "add",
        Admin = "admin", After = "after", Aggregate = "aggregate", Also = "also", Alter = "alter", Always = "always",
        Asensitive = "asensitive", Assertion = "assertion", Assignment = "assignment", At = "at", Atomic = "atomic",
        Attach = "attach", Attribute = "attribute", Backward = "backward", Before = "before", Begin = "begin",
        Breadth = "breadth", By = "by", Cache = "cache", Call = "call", Called = "called", Cascade = "cascade",
        Cascaded = "cascaded", Catalog = "catalog", Chain = "chain", Characteristics = "characteristics",
        Checkpoint = "checkpoint", Class = "class", Close = "close", Cluster = "cluster", Columns = "columns",
        Comment = "comment", Comments = "comments", Commit = "commit", Committed = "committed", Compression = "compression",
        Conditional = "conditional", Configuration = "configuration", Conflict = "conflict", Connection = "connection",
        Constraints = "constraints", Content = "content", Continue = "continue", Conversion = "conversion", Copy = "copy",
        Cost = "cost", Csv = "csv", Cube = "cube", Current = "current", Cursor = "cursor", Cycle = "cycle", Data = "data",
        Database = "database", Deallocate = "deallocate", Declare = "declare", Defaults = "defaults", Deferred = "deferred",
        Definer = "definer", Delete = "delete", Delimiter = "delimiter", Delimiters = "delimiters", Depends = "depends",
        Depth = "depth", Detach = "detach", Dictionary = "dictionary", Disable = "disable", Discard = "discard",
        Document = "document", Domain = "domain", Double = "double", Drop = "drop", Each = "each", Empty = "empty",
        Enable = "enable", Encoding = "encoding", Encrypted = "encrypted", Enforced = "enforced", Enum = "enum",
        Error = "error", Escape = "escape", Event = "event", Exclude = "exclude", Excluding = "excluding",
        Exclusive = "exclusive", Execute = "execute", Explain = "explain", Expression = "expression", Extension = "extension",
        External = "external", Family = "family", Finalize = "finalize", First = "first", Following = "following",
        Force = "force", Format = "format", Forward = "forward", Function = "function", Functions = "functions",
        Generated = "generated", Global = "global", Granted = "granted", Groups = "groups", Handler = "handler",
        Header = "header", Hold = "hold", Identity = "identity", If = "if", Immediate = "immediate", Immutable = "immutable",
        Implicit = "implicit", Import = "import", Include = "include", Including = "including", Increment = "increment",
        Indent = "indent", Index = "index", Indexes = "indexes", Inherit = "inherit", Inherits = "inherits", Inline = "inline",
        Input = "input", Insensitive = "insensitive", Insert = "insert", Instead = "instead", Invoker = "invoker",
        Isolation = "isolation", Keep = "keep", Key = "key", Keys = "keys", Label = "label", Language = "language",
        Large = "large", Last = "last", Leakproof = "leakproof", Level = "level", Listen = "listen", Load = "load",
        Local = "local", Location = "location", Lock = "lock", Locked = "locked", Logged = "logged", Mapping = "mapping",
        Match = "match", Matched = "matched", Materialized = "materialized", Maxvalue = "maxvalue", Merge = "merge",
        Method = "method", Minvalue = "minvalue", Mode = "mode", Move = "move", Name = "name", Names = "names",
        Nested = "nested", New = "new", Next = "next", Nfc = "nfc", Nfd = "nfd", Nfkc = "nfkc", Nfkd = "nfkd", No = "no",
        Normalized = "normalized", Nothing = "nothing", Notify = "notify", Nowait = "nowait", Nulls = "nulls",
        Object = "object", Objects = "objects", Of = "of", Off = "off", Oids = "oids", Old = "old", Omit = "omit",
        Operator = "operator", Option = "option", Options = "options", Ordinality = "ordinality", Others = "others",
        Overriding = "overriding", Owned = "owned", Owner = "owner", Parallel = "parallel", Parameter = "parameter",
        Parser = "parser", Partial = "partial", Partition = "partition", Passing = "passing", Password = "password",
        Path = "path", Period = "period", Plan = "plan", Plans = "plans", Policy = "policy", Preceding = "preceding",
        Prepare = "prepare", Prepared = "prepared", Preserve = "preserve", Prior = "prior", Privileges = "privileges",
        Procedural = "procedural", Procedure = "procedure", Procedures = "procedures", Program = "program",
        Publication = "publication", Quote = "quote", Quotes = "quotes", Range = "range", Read = "read", Reassign = "reassign",
        Recheck = "recheck", Recursive = "recursive", Ref = "ref", Referencing = "referencing", Refresh = "refresh",
        Reindex = "reindex", Relative = "relative", Release = "release", Rename = "rename", Repeatable = "repeatable",
        Replace = "replace", Replica = "replica", Reset = "reset", Restart = "restart", Restrict = "restrict",
        Return = "return", Returns = "returns", Revoke = "revoke", Role = "role", Rollback = "rollback", Rollup = "rollup",
        Routine = "routine", Routines = "routines", Rows = "rows", Rule = "rule", Savepoint = "savepoint", Scalar = "scalar",
        Schema = "schema", Schemas = "schemas", Scroll = "scroll", Search = "search", Security = "security",
        Sequence = "sequence", Sequences = "sequences", Serializable = "serializable", Server = "server", Session = "session",
        Set = "set", Sets = "sets", Share = "share", Show = "show", Simple = "simple", Skip = "skip", Snapshot = "snapshot",
        Source = "source", Sql = "sql", Stable = "stable", Standalone = "standalone", Start = "start", Statement = "statement",
        Statistics = "statistics", Stdin = "stdin", Stdout = "stdout", Storage = "storage", Stored = "stored",
        Strict = "strict", String = "string", Strip = "strip", Subscription = "subscription", Support = "support",
        Sysid = "sysid", System = "system", Tables = "tables", Tablespace = "tablespace", Target = "target", Temp = "temp",
        Template = "template", Temporary = "temporary", Text = "text", Ties = "ties", Transaction = "transaction",
        Transform = "transform", Trigger = "trigger", Truncate = "truncate", Trusted = "trusted", Type = "type",
        Types = "types", Uescape = "uescape", Unbounded = "unbounded", Uncommitted = "uncommitted",
        Unconditional = "unconditional", Unencrypted = "unencrypted", Unknown = "unknown", Unlisten = "unlisten",
        Unlogged = "unlogged", Until = "until", Update = "update", Vacuum = "vacuum", Valid = "valid", Validate = "validate",
        Validator = "validator", Value = "value", Version = "version", View = "view", Views = "views", Virtual = "virtual",
        Volatile = "volatile", Whitespace = "whitespace", Work = "work", Wrapper = "wrapper", Write = "write", Xml = "xml",
        Yes = "yes", Zone = "zone",
    }
    ColumnName true {
        Between = "between", Bigint = "bigint", Bit = "bit", Boolean = "boolean", Coalesce = "coalesce", Dec = "dec",
        Decimal = "decimal", Exists = "exists", Extract = "extract", Float = "float", Greatest = "greatest",
        Grouping = "grouping", Inout = "inout", Int = "int", Integer = "integer", Interval = "interval", Json = "json",
        JsonArray = "json_array", JsonArrayagg = "json_arrayagg", JsonExists = "json_exists", JsonObject = "json_object",
        JsonObjectagg = "json_objectagg", JsonQuery = "json_query", JsonScalar = "json_scalar",
        JsonSerialize = "json_serialize", JsonTable = "json_table", JsonValue = "json_value", Least = "least",
        MergeAction = "merge_action", National = "national", Nchar = "nchar", None = "none", Normalize = "normalize",
        Nullif = "nullif", Numeric = "numeric", Out = "out", Overlay = "overlay", Position = "position", Real = "real",
        Row = "row", Setof = "setof", Smallint = "smallint", Substring = "substring", Time = "time", Timestamp = "timestamp",
        Treat = "treat", Trim = "trim", Values = "values", Varchar = "varchar", Xmlattributes = "xmlattributes",
        Xmlconcat = "xmlconcat", Xmlelement = "xmlelement", Xmlexists = "xmlexists", Xmlforest = "xmlforest",
        Xmlnamespaces = "xmlnamespaces", Xmlparse = "xmlparse", Xmlpi = "xmlpi", Xmlroot = "xmlroot",
        Xmlserialize = "xmlserialize", Xmltable = "xmltable",
    }
    TypeFunctionName true {
        Authorization = "authorization", Binary = "binary", Collation = "collation", Concurrently = "concurrently",
        Cross = "cross", CurrentSchema = "current_schema", Freeze = "freeze", Full = "full", Ilike = "ilike", Inner = "inner",
        Is = "is", Join = "join", Left = "left", Like = "like", Natural = "natural", Outer = "outer", Right = "right",
        Similar = "similar", Tablesample = "tablesample", Verbose = "verbose",
    }
    Reserved true {
        All = "all", Analyse = "analyse", Analyze = "analyze", And = "and", Any = "any", Asc = "asc", Asymmetric = "asymmetric",
        Both = "both", Case = "case", Cast = "cast", Check = "check", Collate = "collate", Column = "column",
        Constraint = "constraint", CurrentCatalog = "current_catalog", CurrentDate = "current_date",
        CurrentRole = "current_role", CurrentTime = "current_time", CurrentTimestamp = "current_timestamp",
        CurrentUser = "current_user", Default = "default", Deferrable = "deferrable", Desc = "desc", Distinct = "distinct",
        Do = "do", Else = "else", End = "end", False = "false", Foreign = "foreign", In = "in", Initially = "initially",
        Lateral = "lateral", Leading = "leading", Localtime = "localtime", Localtimestamp = "localtimestamp", Not = "not",
        Null = "null", Only = "only", Or = "or", Placing = "placing", Primary = "primary", References = "references",
        Select = "select", SessionUser = "session_user", Some = "some", Symmetric = "symmetric", SystemUser = "system_user",
        Table = "table", Then = "then", Trailing = "trailing", True = "true", Unique = "unique", User = "user", Using = "using",
        Variadic = "variadic", When = "when",
    }
    Unreserved false {
        Day = "day", Filter = "filter", Hour = "hour", Minute = "minute", Month = "month", Over = "over", Second = "second",
        Varying = "varying", Within = "within", Without = "without", Year = "year",
    }
    ColumnName false {
        Char = "char", Character = "character", Precision = "precision",
    }
    TypeFunctionName false {
        Isnull = "isnull", Notnull = "notnull", Overlaps = "overlaps",
    }
    Reserved false {
        Array = "array", As = "as", Create = "create", Except = "except", Fetch = "fetch", For = "for", From = "from",
        Grant = "grant", Group = "group", Having = "having", Intersect = "intersect", Into = "into", Limit = "limit",
        Offset = "offset", On = "on", Order = "order", Returning = "returning", To = "to", Union = "union", Where = "where",
        Window = "window", With = "with",
    }
}
