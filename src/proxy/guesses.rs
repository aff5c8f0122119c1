//! How often somebody may give a wrong password: by address and user, and by address alone. It does not check passwords.
//!
//! A failure is counted when it has happened, so logins that succeed are never slowed by their number. Users that do not exist are
//! counted like others.

use crate::limits::Sources;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::time::Duration;

/// An address may fail so often at once for one user, and again each time this has passed.
const USER_STEP: Duration = Duration::from_secs(3);
const USER_BURST: u32 = 10;
/// And so often for all users together.
const ADDRESS_STEP: Duration = Duration::from_millis(100);
const ADDRESS_BURST: u32 = 300;

/// The failures of late.
#[derive(Debug)]
pub(super) struct Guesses {
    of_user: Sources,
    of_address: Sources,
    hasher: RandomState,
}

/// What of an address tells its holder apart: whoever has one address of an IPv6 network has all of it.
pub(super) fn holder(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or(address.to_bits() >> 64 << 64, |v4| v4.to_bits().into()),
    }
}

impl Guesses {
    pub(super) fn new() -> Self {
        Self {
            of_user: Sources::new(USER_STEP, USER_BURST),
            of_address: Sources::new(ADDRESS_STEP, ADDRESS_BURST),
            hasher: RandomState::new(),
        }
    }

    /// For how long nobody of this address is let in as this user; `None`: now.
    pub(super) fn wait(&self, address: IpAddr, user: &str, now: Duration) -> Option<Duration> {
        let (user, address) = self.sources(address, user);
        self.of_user.wait(user, now).into_iter().chain(self.of_address.wait(address, now)).max()
    }

    /// A wrong password.
    pub(super) fn count(&self, address: IpAddr, user: &str, now: Duration) {
        let (user, address) = self.sources(address, user);
        // What is over the limit is refused before its password is looked at: nothing more is to be counted.
        let (_, _) = (self.of_user.admit(user, now), self.of_address.admit(address, now));
    }

    fn sources(&self, address: IpAddr, user: &str) -> (u64, u64) {
        let holder = holder(address);
        (self.hasher.hash_one((holder, user)), self.hasher.hash_one(holder))
    }
}
