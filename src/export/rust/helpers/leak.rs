//! What lives as long as the program.
/// Lives as long as the program, so that cleanups may use it whoever they outlive.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
