//! Which of its tenants somebody is in: the one that it names, among those that it may. It authenticates nobody.

use super::{Login, Registry};
use crate::config::Owned;
use crate::policy::{Identity, Switching};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What somebody says of itself at a login, besides its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The tenant.
    pub tenant: Option<Arc<str>>,
    /// A token names it.
    pub vouched: bool,
    /// The nodes that its token limits it to, by level.
    pub nodes: BTreeMap<String, Vec<String>>,
    /// The role that its token gives it.
    pub role: Option<Arc<str>>,
    /// Where it has gone since.
    pub aim: Option<Aim>,
}

/// Whom somebody wants to be after its login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aim {
    /// The tenant.
    pub tenant: Arc<str>,
    /// A token says so.
    pub signed: bool,
    /// The nodes that the token limits it to, by level.
    pub nodes: BTreeMap<String, Vec<String>>,
    /// The role that the token gives it.
    pub role: Option<Arc<str>>,
}

/// Why a choice cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsettled {
    /// It is not among those that the user may name, or does not exist: the two are told alike. So is a role that is not its own.
    Foreign,
    /// The user has several tenants, or none of its own, and names none.
    Unnamed,
}

impl Registry {
    /// The user that a startup name means, and the tenant that it names: the whole name, or else the longest `user` of `user.tenant`
    /// that exists.
    #[must_use]
    pub fn named<'a>(&self, name: &'a str) -> (&'a str, Option<&'a str>) {
        // Names of users and tenants are at most 63 bytes: no longer one is looked for.
        if self.find(name).is_some() || name.len() > 127 {
            return (name, None);
        }
        let cuts = name.rmatch_indices('.').filter_map(|(at, dot)| Some((name.get(..at)?, name.get(at..)?.strip_prefix(dot)?)));
        cuts.into_iter().find(|(user, _)| self.find(user).is_some()).map_or((name, None), |(user, tenant)| (user, Some(tenant)))
    }

    /// A user as it is with this choice.
    ///
    /// # Errors
    /// [`Unsettled`].
    pub fn settle(&self, login: &Arc<Login>, choice: &Choice) -> Result<Arc<Login>, Unsettled> {
        if let Some(aim) = &choice.aim {
            let home = self.settle(login, &Choice { aim: None, ..choice.clone() })?;
            return self.aimed(&home, aim, choice);
        }
        let own = login.identity.tenant.as_ref().map(|tenant| &tenant.name);
        let Some(name) = choice.tenant.as_ref().or(own) else {
            let whole = login.identity.bypass || login.identity.switches || login.console.is_some();
            let plain = whole && choice.nodes.is_empty() && choice.role.is_none();
            return if plain { Ok(Arc::clone(login)) } else { Err(Unsettled::Unnamed) };
        };
        if Some(name) == own && choice.nodes.is_empty() && choice.role.is_none() {
            return Ok(Arc::clone(login));
        }
        let may = match &login.owned {
            Owned::These(names) => names.contains(name),
            Owned::Any => choice.vouched,
        };
        let home = self.homes.get(name).filter(|_| may).ok_or(Unsettled::Foreign)?;
        let role = self.cast(login.identity.role.as_ref(), choice.role.as_ref())?;
        let budget = home.budget(role.as_ref());
        let identity = Identity {
            user: Arc::clone(&login.identity.user),
            tenant: Some(Arc::clone(&home.tenant)),
            nodes: self.narrowed(&login.identity.nodes, &choice.nodes)?,
            bypass: false,
            switches: login.identity.switches,
            role,
        };
        Ok(Arc::new(Login {
            identity: Arc::new(identity),
            budget,
            barred: login.barred.clone().or_else(|| home.barred.clone()),
            console: login.console,
            proof: login.proof.clone(),
            certificate: login.certificate.clone(),
            owned: login.owned.clone(),
            choice: choice.clone(),
        }))
    }

    /// The rule by which somebody may switch; `None`: it may not.
    #[must_use]
    pub fn switching(&self, home: &Login) -> Option<&Switching> {
        let role = home.identity.role.as_deref().filter(|_| home.identity.switches)?;
        self.roles.get(role)?.switch.as_ref()
    }

    /// Somebody who logged in as `home`, after a switch.
    ///
    /// # Errors
    /// [`Unsettled`].
    pub fn switched(&self, home: &Login, aim: Aim) -> Result<Arc<Login>, Unsettled> {
        let login = self.logins.get(&home.identity.user).ok_or(Unsettled::Foreign)?;
        self.settle(login, &Choice { aim: Some(aim), ..home.choice.clone() })
    }

    /// What is left of `home` elsewhere: never more than it had there, were it its own tenant.
    fn aimed(&self, home: &Login, aim: &Aim, choice: &Choice) -> Result<Arc<Login>, Unsettled> {
        let rule = self.switching(home).filter(|rule| aim.signed || !rule.signed).ok_or(Unsettled::Foreign)?;
        let listed = rule.tenants.as_ref().is_none_or(|tenants| tenants.contains(&*aim.tenant));
        let owned = match &home.owned {
            Owned::These(names) => names.is_empty() || names.contains(&aim.tenant),
            Owned::Any => false,
        };
        let there = self.homes.get(&aim.tenant).filter(|_| listed && owned).ok_or(Unsettled::Foreign)?;
        let (own, chosen) = (home.identity.role.as_ref(), aim.role.as_ref());
        let may = match (own.and_then(|own| self.roles.get(&**own)), chosen) {
            (_, None) => true,
            (_, Some(_)) if own == chosen => true,
            (Some(whole), Some(chosen)) => self.roles.get(&**chosen).is_some_and(|role| whole.covers(role)),
            (None, Some(_)) => false,
        };
        if !may {
            return Err(Unsettled::Foreign);
        }
        let role = chosen.or(own).cloned();
        let budget = there.budget(role.as_ref());
        let identity = Identity {
            user: Arc::clone(&home.identity.user),
            tenant: Some(Arc::clone(&there.tenant)),
            nodes: self.narrowed(&home.identity.nodes, &aim.nodes)?,
            bypass: false,
            switches: true,
            role,
        };
        Ok(Arc::new(Login {
            identity: Arc::new(identity),
            budget,
            barred: home.barred.clone().or_else(|| there.barred.clone()),
            console: None,
            proof: home.proof.clone(),
            certificate: home.certificate.clone(),
            owned: home.owned.clone(),
            choice: choice.clone(),
        }))
    }

    /// The role of a user whose token may give it one: any that takes away, where the user has none; else its own and no other.
    fn cast(&self, own: Option<&Arc<str>>, chosen: Option<&Arc<str>>) -> Result<Option<Arc<str>>, Unsettled> {
        let Some(chosen) = chosen else { return Ok(own.cloned()) };
        let may = own.map_or_else(
            || self.roles.get(&**chosen).is_some_and(|role| !role.bypass && role.switch.is_none()),
            |own| own == chosen,
        );
        if may { Ok(Some(Arc::clone(chosen))) } else { Err(Unsettled::Foreign) }
    }

    /// The nodes that both allow. A level that no table has would limit in nothing, and no node at all is nothing to be in.
    fn narrowed(&self, own: &Nodes, chosen: &Nodes) -> Result<Nodes, Unsettled> {
        let mut nodes = own.clone();
        for (level, chosen) in chosen {
            let both: Vec<String> = match own.get(level) {
                Some(own) => chosen.iter().filter(|node| own.contains(node)).cloned().collect(),
                None => chosen.clone(),
            };
            if both.is_empty() || !self.levels.contains(level) {
                return Err(Unsettled::Foreign);
            }
            nodes.insert(level.clone(), both);
        }
        Ok(nodes)
    }
}

type Nodes = BTreeMap<String, Vec<String>>;
