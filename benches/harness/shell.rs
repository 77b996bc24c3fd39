//! Where the words of the command line come from and where the report goes: a terminal, or the page that
//! `browser.mjs` opens.

use super::options::Options;
use super::report::run;

/// What a program's `main` gives back.
#[cfg(not(target_arch = "wasm32"))]
pub type Outcome = std::process::ExitCode;
/// What a program's `main` gives back: the page hears of a failure otherwise.
#[cfg(target_arch = "wasm32")]
pub type Outcome = ();

/// Measures what the command line asks for.
#[cfg(not(target_arch = "wasm32"))]
pub fn main() -> Outcome {
    use futures::FutureExt;

    match Options::read(std::env::args().skip(1)) {
        Ok(options) => {
            // Not `block_on`: some of the peers are driven by it, and it refuses to be nested.
            run(&options, &mut |part| println!("{part}"))
                .now_or_never()
                .expect("nothing waits outside a page");
            Outcome::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            Outcome::FAILURE
        }
    }
}

/// Measures what the page asks for.
#[cfg(target_arch = "wasm32")]
pub fn main() -> Outcome {
    std::panic::set_hook(Box::new(|panic| page::fail(&panic.to_string())));
    wasm_bindgen_futures::spawn_local(async {
        match Options::read(page::words()) {
            Ok(options) => {
                run(&options, &mut page::print).await;
                page::done();
            }
            Err(message) => page::fail(&message),
        }
    });
}

#[cfg(target_arch = "wasm32")]
mod page {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = bench)]
        pub fn words() -> Vec<String>;
        #[wasm_bindgen(js_namespace = bench)]
        pub fn print(text: &str);
        #[wasm_bindgen(js_namespace = bench)]
        pub fn done();
        #[wasm_bindgen(js_namespace = bench)]
        pub fn fail(message: &str);
    }
}
