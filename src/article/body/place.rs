//! What a piece of text stands in: a small set of flags.

use std::fmt;
use std::ops::BitOr;

/// A set of surroundings, as in "in a list item and in a link".
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Place(u16);

impl Place {
    /// The top level of the article: no surroundings at all.
    pub const TOP: Self = Self(0);
    /// A heading.
    pub const HEADING: Self = Self(1);
    /// A list item.
    pub const LIST: Self = Self(1 << 1);
    /// A block quote.
    pub const QUOTE: Self = Self(1 << 2);
    /// A table cell.
    pub const TABLE: Self = Self(1 << 3);
    /// A footnote's definition.
    pub const FOOTNOTE: Self = Self(1 << 4);
    /// The text of a link.
    pub const LINK: Self = Self(1 << 5);
    /// Emphasis: `*…*`.
    pub const EMPHASIS: Self = Self(1 << 6);
    /// Strong emphasis: `**…**`.
    pub const STRONG: Self = Self(1 << 7);
    /// Struck text: `~~…~~`.
    pub const STRIKE: Self = Self(1 << 8);
    /// A block of raw HTML.
    pub const HTML: Self = Self(1 << 9);

    /// A callout, a tab or another block that is set apart; known of headings only.
    pub const ASIDE: Self = Self(1 << 10);

    /// How many flags there are.
    const COUNT: usize = 11;

    const NAMES: [&'static str; Self::COUNT] = [
        "heading", "list", "quote", "table", "footnote", "link", "emphasis", "strong", "strike", "html",
        "aside",
    ];

    /// Whether all of `other` is in this set.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of `other` is in this set.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Place {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Self::NAMES.iter().enumerate().filter(|(bit, _)| self.0 & (1 << bit) != 0);
        formatter.debug_set().entries(names.map(|(_, name)| name)).finish()
    }
}

/// The surroundings of the place that the parser has reached; counted, because they nest.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    depth: [u32; Place::COUNT],
    place: Place,
}

impl Nesting {
    /// The surroundings as a set.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Goes into one more of this flag.
    pub(super) fn enter(&mut self, flag: Place) {
        self.depth[flag.0.trailing_zeros() as usize] += 1;
        self.place = self.place | flag;
    }

    /// Leaves the innermost of this flag.
    pub(super) fn leave(&mut self, flag: Place) {
        let depth = &mut self.depth[flag.0.trailing_zeros() as usize];
        *depth = depth.saturating_sub(1);
        if *depth == 0 {
            self.place.0 &= !flag.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_lasts_until_the_outermost_is_left() {
        let mut nesting = Nesting::default();
        nesting.enter(Place::QUOTE);
        nesting.enter(Place::QUOTE);
        nesting.enter(Place::LINK);
        nesting.leave(Place::QUOTE);
        assert_eq!(nesting.place(), Place::QUOTE | Place::LINK);
        nesting.leave(Place::QUOTE);
        assert_eq!(nesting.place(), Place::LINK);
        assert_eq!(format!("{:?}", nesting.place()), "{\"link\"}");
    }
}
