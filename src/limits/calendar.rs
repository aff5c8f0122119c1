//! Days and months in UTC, counted from 1970. It has no clock.

use std::time::Duration;

const DAY: u64 = 86_400;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(u64);

impl Day {
    /// The day of a moment, given as the time since 1970.
    #[must_use]
    pub fn of(moment: Duration) -> Self {
        Self(moment.as_secs() / DAY)
    }

    /// When it begins, since 1970.
    #[must_use]
    pub fn begins(self) -> Duration {
        Duration::from_secs(self.0.saturating_mul(DAY))
    }

    /// The day after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Year, month and day of the month (the algorithm `civil_from_days` of Howard Hinnant's "chrono-compatible low-level date algorithms").
    fn civil(self) -> (u64, u64, u64) {
        let z = self.0.saturating_add(719_468);
        let (era, of_era) = (z / 146_097, z % 146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year + era * 400 + u64::from(month <= 2), month, day)
    }

    /// The first day of its month.
    #[must_use]
    pub fn month(self) -> Self {
        Self(self.0.saturating_sub(self.civil().2 - 1))
    }

    /// The first day of the month after its.
    #[must_use]
    pub fn next_month(self) -> Self {
        // No month is longer than 31 days, and none is shorter than 28.
        Self(self.month().0.saturating_add(31)).month()
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}
