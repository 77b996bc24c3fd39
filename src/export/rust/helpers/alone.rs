//! The error of a detached task.
// imports: taskscope::runtime::Error, taskscope::runtime::ErrorGroup
/// The error of a task whose scope is only there for its children: without them, it is the task's own.
fn alone(group: ErrorGroup) -> Error {
    match group.entries() {
        [only] => only.error.clone(),
        _ => Error::Group(group),
    }
}
