//! The value of a number: an integer, a float, or a duration in whole microseconds.

use crate::lang::message::NumberFault;
use crate::lang::plan::Literal;

/// The units of a duration, in microseconds.
pub const UNITS: [(&str, i64); 4] = [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("min", 60_000_000)];

/// Reads `12`, `1.5`, `250ms`, `1_000`.
pub fn read(text: &str) -> Result<Literal, NumberFault> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    // `5_s` reads as digits and unit; the stray line between them does no harm.
    let digits = digits.replace('_', "");
    let scale = match unit {
        "" => None,
        _ => match UNITS.iter().find(|known| known.0 == unit) {
            Some(known) => Some(known.1),
            None => return Err(NumberFault::Unit(unit.to_owned())),
        },
    };
    match scale {
        Some(scale) => duration(&digits, scale).map(Literal::Duration),
        None if digits.contains('.') => match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Literal::Float(value)),
            _ => Err(NumberFault::TooLarge),
        },
        None => digits.parse().map(Literal::Int).map_err(|_| NumberFault::TooLarge),
    }
}

/// Exact: a float would make 0.1 of a minute something else.
fn duration(digits: &str, scale: i64) -> Result<i64, NumberFault> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: i64 = whole.parse().map_err(|_| NumberFault::TooLarge)?;
    let whole = whole.checked_mul(scale).ok_or(NumberFault::TooLarge)?;
    // More digits than these are finer than a microsecond of a minute.
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 9 {
        return Err(NumberFault::TooFine);
    }
    let power = 10_i64.pow(fraction.len() as u32);
    let part: i64 =
        if fraction.is_empty() { 0 } else { fraction.parse().map_err(|_| NumberFault::TooLarge)? };
    let part = part.checked_mul(scale).ok_or(NumberFault::TooLarge)?;
    if part % power != 0 {
        return Err(NumberFault::TooFine);
    }
    whole.checked_add(part / power).ok_or(NumberFault::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_and_durations_exactly() {
        let cases = [
            ("0", Ok(Literal::Int(0))),
            ("1_000", Ok(Literal::Int(1000))),
            ("9223372036854775807", Ok(Literal::Int(i64::MAX))),
            ("9223372036854775808", Err(NumberFault::TooLarge)),
            ("1.50", Ok(Literal::Float(1.5))),
            ("40us", Ok(Literal::Duration(40))),
            ("250ms", Ok(Literal::Duration(250_000))),
            ("1.2s", Ok(Literal::Duration(1_200_000))),
            ("0.1min", Ok(Literal::Duration(6_000_000))),
            ("1.5us", Err(NumberFault::TooFine)),
            ("0.0000000001min", Err(NumberFault::TooFine)),
            ("999999999999999999s", Err(NumberFault::TooLarge)),
            ("5sec", Err(NumberFault::Unit("sec".to_owned()))),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
