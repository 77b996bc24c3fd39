//! Builds the page in release form, and weighs what a reader downloads first.

use crate::run::{Result, command, root, run};
use crate::steps::Steps;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Builds the page into `dist`.
pub fn build(steps: &mut Steps) -> Result<()> {
    steps.step("release build of the page", build_now)
}

/// The same, for a list of steps that names it otherwise.
pub fn build_now() -> Result<()> {
    // Every tool is there already, in its version.
    run(command("trunk", &["build", "--release"])
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .env_remove("NO_COLOR"))
}

/// One line on the bytes of the first load and of what comes later, gzipped.
pub fn weight() -> Result<String> {
    let mut parts = [
        ("wasm", 0),
        ("script", 0),
        ("style", 0),
        ("page", 0),
        ("editor", 0),
        ("worker", 0),
        ("importer", 0),
        ("database", 0),
        ("exporter", 0),
    ];
    for path in files(&root().join("dist"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let kind = match path.extension().and_then(|ending| ending.to_str()) {
            _ if name.starts_with("taskscope-worker") => "worker",
            _ if name.starts_with("taskscope-importer") => "importer",
            _ if name.starts_with("taskscope-exporter") => "exporter",
            _ if name == "editor.js" => "editor",
            _ if name == "database.js" || name == "sqlite3.wasm" => "database",
            Some("wasm") => "wasm",
            Some("js") => "script",
            Some("css") => "style",
            Some("html") => "page",
            _ => continue,
        };
        let size = packed(&path)?;
        parts.iter_mut().filter(|(part, _)| *part == kind).for_each(|(_, sum)| *sum += size);
    }
    let shown = |of: &[(&str, usize)]| {
        let kilobytes = |(part, size): &(&str, usize)| format!("{part} {:.1} kB", *size as f64 / 1000.0);
        of.iter().map(kilobytes).collect::<Vec<_>>().join(", ")
    };
    let (first, later) = parts.split_at(4);
    let sum = first.iter().map(|(_, size)| size).sum::<usize>() as f64 / 1000.0;
    Ok(format!("first load, gzipped: {}, together {sum:.1} kB; later: {}", shown(first), shown(later)))
}

/// Every file in `folder`, however deep: wasm-bindgen puts our own scripts into folders.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let trouble = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn packed(path: &Path) -> Result<usize> {
    let trouble = |error: std::io::Error| format!("cannot weigh {}: {error}", path.display());
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&fs::read(path).map_err(trouble)?).map_err(trouble)?;
    Ok(encoder.finish().map_err(trouble)?.len())
}
