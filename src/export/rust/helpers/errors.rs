//! Types of errors.
/// An error that is a kind and a message, for each name.
macro_rules! errors {
    ($($kind:ident),*) => { $(
        #[derive(Debug)]
        struct $kind(String);

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::error::Error for $kind {}

        impl From<&str> for $kind {
            fn from(message: &str) -> $kind {
                $kind(message.to_owned())
            }
        }
    )* };
}
