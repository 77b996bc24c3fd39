//! How wide a text is, without asking a font: a scene must be the same everywhere.

/// How wide `text` is at `size`, within a few per cent for the usual sans; rather too wide than too narrow.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// As much of `text` as fits into `room_px`, with an ellipsis where it was cut; none if fewer than
/// `least` characters would be left.
pub fn fit(text: &str, size: f64, room_px: f64, least: usize) -> Option<String> {
    if width(text, size) <= room_px {
        return Some(text.to_owned());
    }
    let mut room = room_px / size - advance('…');
    let mut kept = 0;
    let mut end = 0;
    for (at, char) in text.char_indices() {
        room -= advance(char);
        if room < 0.0 {
            break;
        }
        kept += 1;
        end = at + char.len_utf8();
    }
    (kept >= least).then(|| format!("{}…", text.get(..end).unwrap_or_default().trim_end()))
}

/// The width of a character in ems, after Helvetica and its kin, with a tenth more for the broader system faces.
fn advance(char: char) -> f64 {
    let ems = match char {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' => 0.26,
        'f' | 't' | 'r' | 'I' | ' ' | '(' | ')' | '[' | ']' | '/' | '-' | '“' | '”' => 0.34,
        'm' | 'M' | 'W' | '%' | '@' => 0.88,
        'w' | 'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'R' | 'U' => 0.74,
        'A' | 'B' | 'E' | 'F' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' | 'Z' | '&' => 0.67,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 0.52,
        '…' => 1.0,
        _ if char.is_ascii() => 0.58,
        // Scripts whose characters stand on a square.
        _ if ('\u{1100}'..='\u{11ff}').contains(&char) || char >= '\u{2e80}' => 1.05,
        _ => 0.65,
    };
    ems * 1.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_with_an_ellipsis() {
        assert_eq!(fit("orders", 12.0, 100.0, 5), Some("orders".to_owned()));
        assert_eq!(fit("fetch the whole catalogue", 12.0, 60.0, 5), Some("fetch t…".to_owned()));
        assert_eq!(fit("fetch the whole catalogue", 12.0, 30.0, 5), None, "too little to read");
        assert_eq!(fit("漢字漢字漢字", 12.0, 45.0, 2), Some("漢字…".to_owned()));
        assert_eq!(fit("", 12.0, 0.0, 5), Some(String::new()));
    }
}
