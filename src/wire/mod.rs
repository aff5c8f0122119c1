//! Frames and messages of the PostgreSQL protocol 3.x.
