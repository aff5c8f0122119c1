//! Which role a user or token of the registry may have. The registry has its name only: what it is stands in the configuration. It narrows
//! nothing: [`crate::policy`] does.

use crate::config::Settings;
use crate::policy::Role;
use std::collections::BTreeMap;

/// Why somebody of the registry may not have a role. Such a user or token is not served: a role takes away, and without it there would be
/// more than was meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Miscast {
    /// The configuration does not have it.
    #[error("there is no role \"{0}\" in the configuration")]
    Unknown(String),
    /// It bypasses. As in the configuration nobody both has a tenant and bypasses, and all of the registry have one.
    #[error("role \"{0}\" bypasses, and whoever is in the registry belongs to a tenant: such a user stands in [[users]]")]
    Bypass(String),
    /// Its users must be limited in a level, and this one is not.
    #[error("role \"{role}\" is for those who are limited in level \"{level}\"")]
    Unlimited {
        /// The role.
        role: String,
        /// The level.
        level: String,
    },
}

/// The role of this name, for somebody of the registry who is limited to these nodes. A role that may switch is one like any other: its
/// users reach no tenants but their own, so that what is left for them to change by a token are role and nodes.
///
/// # Errors
/// [`Miscast`].
pub fn castable<'a>(settings: &'a Settings, name: &str, nodes: &BTreeMap<String, Vec<String>>) -> Result<&'a Role, Miscast> {
    let role = settings.tenancy.roles.get(name).ok_or_else(|| Miscast::Unknown(name.to_owned()))?;
    if role.bypass {
        return Err(Miscast::Bypass(name.to_owned()));
    }
    match role.levels.iter().find(|level| !nodes.contains_key(*level)) {
        Some(level) => Err(Miscast::Unlimited { role: name.to_owned(), level: level.clone() }),
        None => Ok(role),
    }
}
