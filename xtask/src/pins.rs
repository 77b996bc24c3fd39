//! Every version that the set-up fixes. What comes from npm is fixed in `www/package-lock.json`.

/// A command that `cargo install` builds.
pub struct CargoTool {
    /// Name of the package.
    pub package: &'static str,
    /// Name of the command, whose `--version` prints the version.
    pub command: &'static str,
    /// The one version that will do.
    pub version: &'static str,
    /// Further arguments of `cargo install`.
    pub arguments: &'static [&'static str],
}

/// Must equal the version of `wasm-bindgen` in `Cargo.toml` and in `Trunk.toml`. Without `--locked`, because the
/// lock file that it ships names a version of a crate that was withdrawn.
pub const WASM_BINDGEN: CargoTool =
    CargoTool { package: "wasm-bindgen-cli", command: "wasm-bindgen", version: "0.2.130", arguments: &[] };

/// The last one for Rust 1.95. Its default features are for looking for newer versions of itself and for
/// fetching tools over TLS; the set-up does both.
pub const TRUNK: CargoTool = CargoTool {
    package: "trunk",
    command: "trunk",
    version: "0.21.14",
    arguments: &["--locked", "--no-default-features"],
};

/// Runs the tests that need a browser.
pub const WASM_PACK: CargoTool =
    CargoTool { package: "wasm-pack", command: "wasm-pack", version: "0.15.1", arguments: &["--locked"] };

/// Where Rust code for the page is compiled to.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The oldest Node whose test runner and `node:` modules the page tests use.
pub const NODE_MAJOR: u32 = 20;

/// Debian's names for the browser and its driver.
pub const DEBIAN_BROWSER: [&str; 2] = ["chromium", "chromium-driver"];
