//! What a shared variable holds.
// imports: std::cell::RefCell
/// What a shared variable holds now.
fn read<T: Clone>(variable: &RefCell<T>) -> T {
    variable.borrow().clone()
}
