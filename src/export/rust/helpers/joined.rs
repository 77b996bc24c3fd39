//! Parts of errors.
// imports: taskscope::runtime::Error, taskscope::runtime::Leaf
/// Something of an error; of a group, that of each of its leaves.
fn joined(error: &Error, part: impl Fn(&Leaf) -> String) -> String {
    error.leaves().map(part).collect::<Vec<_>>().join("; ")
}
