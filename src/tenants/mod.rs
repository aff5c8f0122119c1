//! The tenants room.
