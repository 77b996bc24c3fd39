//! Serves the built page on a local port.

use crate::run::Result;
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use tiny_http::{Header, Request, Response, Server};

/// Where the page is served unless another port is asked for or this one is taken.
const USUAL_PORT: u16 = 8080;
/// Enough for the handful of files that one page asks for at once.
const THREADS: usize = 4;

/// Serves `folder` until the process is ended.
pub fn forever(folder: &Path, port: Option<u16>) -> Result<()> {
    let listen = |port: u16| Server::http(("127.0.0.1", port));
    let server = match port {
        Some(port) => listen(port).map_err(|error| format!("cannot serve on port {port}: {error}"))?,
        None => listen(USUAL_PORT)
            .or_else(|_| listen(0)) // any free one
            .map_err(|error| format!("cannot serve on a local port: {error}"))?,
    };
    println!("\nThe playground is at http://{}/ (Ctrl-C ends it)", server.server_addr());
    let server = Arc::new(server);
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let (server, folder) = (Arc::clone(&server), folder.to_owned());
            thread::spawn(move || server.incoming_requests().for_each(|request| answer(request, &folder)))
        })
        .collect();
    for thread in threads {
        thread.join().map_err(|_| "the server stopped".to_owned())?;
    }
    Ok(())
}

fn answer(request: Request, folder: &Path) {
    let path = resolve(request.url());
    let found = path.and_then(|path| {
        let path = folder.join(path);
        File::open(&path).ok().map(|file| (file, path))
    });
    // A reader who left does not need the answer.
    let _ = match found {
        Some((file, path)) => request.respond(
            Response::from_file(file)
                .with_header(header("Content-Type", content_type(&path)))
                // Built anew at any time: ask each time.
                .with_header(header("Cache-Control", "no-cache")),
        ),
        None => request.respond(Response::from_string("not found\n").with_status_code(404)),
    };
}

/// The file inside the folder that `url` asks for. A path without an ending is a place inside the application.
fn resolve(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let path = Path::new(path);
    // Nothing above or beside the folder is served.
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    Some(if path.extension().is_none() { PathBuf::from("index.html") } else { path.to_owned() })
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("txt" | "scope") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("header names and values here are plain words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_files_and_places_but_nothing_outside() {
        let cases = [
            ("/", Some("index.html")),
            ("/embed?theme=dark", Some("index.html")),
            ("/app-1a2b_bg.wasm", Some("app-1a2b_bg.wasm")),
            ("/api/user.json?x=1", Some("api/user.json")),
            ("/../Cargo.toml", None),
            ("/api/../../Cargo.toml", None),
        ];
        for (url, file) in cases {
            assert_eq!(resolve(url), file.map(PathBuf::from), "{url}");
        }
    }
}
