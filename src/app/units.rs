//! The one conversion between bytes, as Rust counts, and UTF-16 code units, as a browser's editor does.

/// The two counts of one text, side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// After each character that takes more bytes than units: bytes and units so far.
    /// Between two of them both counts run alike.
    steps: Vec<(u32, u32)>,
}

impl Units {
    /// Reads `text` once. Plain ASCII costs nothing after that.
    pub fn new(text: &str) -> Units {
        let mut steps = Vec::new();
        if text.is_ascii() {
            return Units { steps };
        }
        let (mut bytes, mut units) = (0, 0);
        for c in text.chars() {
            bytes += c.len_utf8() as u32;
            units += c.len_utf16() as u32;
            if !c.is_ascii() {
                steps.push((bytes, units));
            }
        }
        Units { steps }
    }

    /// A byte offset in units. Inside a character: somewhere in it.
    pub fn to_units(&self, byte: u32) -> u32 {
        let at = self.steps.partition_point(|(bytes, _)| *bytes <= byte);
        let (bytes, units) = at.checked_sub(1).and_then(|at| self.steps.get(at)).copied().unwrap_or_default();
        let ahead = units + (byte - bytes);
        // Within the next character the bytes run ahead of its units.
        self.steps.get(at).map_or(ahead, |(_, next)| ahead.min(*next))
    }

    /// An offset in units in bytes. Between the two units of one character: its end or before it.
    pub fn to_bytes(&self, unit: u32) -> u32 {
        let at = self.steps.partition_point(|(_, units)| *units <= unit);
        let (bytes, units) = at.checked_sub(1).and_then(|at| self.steps.get(at)).copied().unwrap_or_default();
        bytes + (unit - units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_boundary_converts_both_ways() {
        for text in ["", "plain", "é", "a⏸b", "🦀🦀x", "x🦀é\n⏸ end"] {
            let units = Units::new(text);
            for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let expected = text[..byte].encode_utf16().count() as u32;
                assert_eq!(units.to_units(byte as u32), expected, "{text:?} at byte {byte}");
                assert_eq!(units.to_bytes(expected), byte as u32, "{text:?} at unit {expected}");
            }
        }
    }

    #[test]
    fn what_lies_inside_a_character_stays_in_it() {
        let units = Units::new("🦀x");
        assert!((0..=2).contains(&units.to_units(1)));
        assert!((0..=4).contains(&units.to_bytes(1)));
        assert_eq!(units.to_units(99), 97, "past the end both run on alike");
    }
}
