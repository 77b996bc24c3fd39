//! Deadlines as text.
// imports: taskscope::runtime::TimeoutHandle
/// A deadline on one line.
fn deadline(handle: &TimeoutHandle) -> String {
    handle.deadline().map_or_else(|| "<deadline>".to_owned(), |at| format!("<deadline at {at}>"))
}
