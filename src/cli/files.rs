//! What the command reads and writes, and what it says when that fails.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

/// Stands for standard input, or output, where a file is expected.
const STANDARD: &str = "-";

/// A file longer than this is no scenario; it is not read to its end, for it may have none. The parser's own
/// limit is lower, and says so with a place.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A text and what it is called in messages.
pub struct Source {
    /// As it was given on the command line.
    pub name: String,
    /// The text, without a byte-order mark.
    pub text: String,
}

/// Whether it stands for standard input and output.
pub fn is_standard(path: &Path) -> bool {
    path.to_str() == Some(STANDARD)
}

/// Reads a text. If it cannot be read, says why and gives none.
pub fn read(path: &Path) -> Option<Source> {
    let name = if is_standard(path) { "<stdin>".to_owned() } else { path.display().to_string() };
    match bytes(path).and_then(decode) {
        Ok(text) => Some(Source { name, text }),
        Err(reason) => {
            complain(&format!("cannot read `{name}`: {reason}"));
            None
        }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = if is_standard(path) {
        io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
    };
    match read {
        Err(error) => Err(explain(&error)),
        Ok(_) if bytes.len() as u64 > MAX_BYTES => {
            Err(format!("it is longer than {} MiB", MAX_BYTES / 1024 / 1024))
        }
        Ok(_) => Ok(bytes),
    }
}

fn decode(bytes: Vec<u8>) -> Result<String, String> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
        format!("it is not UTF-8: the first bad byte is in line {line}")
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

/// Writes to a file, or to standard output. If that fails, says why and gives false.
///
/// Whoever closes the pipe early has read enough: that is no failure.
pub fn put(path: Option<&Path>, text: &str) -> bool {
    let to_file = path.filter(|path| !is_standard(path));
    let (name, written) = match to_file {
        Some(path) => (path.display().to_string(), std::fs::write(path, text)),
        None => {
            let mut out = io::stdout().lock();
            ("<stdout>".to_owned(), out.write_all(text.as_bytes()).and_then(|()| out.flush()))
        }
    };
    match written {
        Err(error) if to_file.is_some() || error.kind() != ErrorKind::BrokenPipe => {
            complain(&format!("cannot write `{name}`: {}", explain(&error)));
            false
        }
        _ => true,
    }
}

/// Says what went wrong. If even that cannot be said, nobody listens.
pub fn complain(message: &str) {
    let _ = writeln!(io::stderr().lock(), "error: {message}");
}

/// The reason in words, without the number that the system gives it.
fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}
