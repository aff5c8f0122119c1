//! A sequence of choices: drawn from a seed the first time, replayed and made smaller when a failure is shrunk.
//! It knows nothing of SQL. Choice 0 must always be the simplest one.

/// The source of every decision of the generator.
#[derive(Clone, Debug)]
pub(crate) struct Choices {
    state: u64,
    /// What was drawn, or what is replayed.
    pub(crate) taken: Vec<u32>,
    position: usize,
    replay: bool,
}

impl Choices {
    /// Choices from a seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { state: seed ^ 0x9E37_79B9_7F4A_7C15, taken: Vec::new(), position: 0, replay: false }
    }

    /// The same choices again; past their end everything is 0.
    pub(crate) fn replayed(taken: Vec<u32>) -> Self {
        Self { state: 0, taken, position: 0, replay: true }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn draw(&mut self) -> u32 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((z ^ (z >> 31)) >> 32).expect("32 bits")
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = u32::try_from(n.max(1)).expect("a small bound");
        let value = if self.replay {
            self.taken.get(self.position).copied().unwrap_or(0) % n
        } else {
            let v = self.draw() % n;
            self.taken.push(v);
            v
        };
        self.position += 1;
        usize::try_from(value).expect("usize")
    }

    /// True in `percent` of 100 cases; false is the simple choice.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of a list.
    pub(crate) fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Smaller variants of a sequence: without a run of choices, or with choices lowered.
pub(crate) fn smaller(taken: &[u32]) -> Vec<Vec<u32>> {
    let mut variants = Vec::new();
    let mut run = taken.len() / 2;
    while run > 0 {
        let mut start = 0;
        while start < taken.len() {
            let mut v = taken.to_vec();
            v.drain(start..(start + run).min(taken.len()));
            variants.push(v);
            start += run;
        }
        run /= 2;
    }
    for i in 0..taken.len() {
        if taken[i] > 0 {
            let mut v = taken.to_vec();
            v[i] = 0;
            variants.push(v);
        }
    }
    variants
}
