//! Letters of texts.
// imports: taskscope::runtime::Result
// needs: position
/// The letter with this number; numbers below zero count from the end.
fn letter(text: &str, at: i64) -> Result<String> {
    let position = position(at, text.chars().count())?;
    Ok(text.chars().skip(position).take(1).collect())
}
