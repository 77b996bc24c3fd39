//! How a block ended.
/// How an asynchronous block ended: with a value, or on its way further out.
#[allow(dead_code)]
enum Flow<T, R> {
    Value(T),
    Break,
    Continue,
    Return(R),
}
