//! The browser of the tests: found, or installed where that is allowed, or else explained.

use crate::pins::DEBIAN_BROWSER;
use crate::run::{Result, command, find, output, run};
use std::path::{Path, PathBuf};

/// The browser that the page tests drive, and the driver that wasm-pack talks to.
pub struct Browser {
    /// Chromium or Chrome.
    pub program: PathBuf,
    /// Its chromedriver.
    pub driver: PathBuf,
}

/// Names of the browser on a search path, preferred first.
const PROGRAMS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// Where macOS keeps it.
const MAC_PROGRAM: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Finds both, installing Debian's packages if one is missing and this user may.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = look()? {
        return Ok(browser);
    }
    if !install() {
        return Err(format!("{EXPLANATION}\n   Then run this again."));
    }
    look()?.ok_or_else(|| format!("the packages are installed, yet the browser is not found. {EXPLANATION}"))
}

const EXPLANATION: &str =
    "Chromium (or Chrome) and its chromedriver of the same version are needed on the search path.
   Debian, Ubuntu:  apt-get install chromium chromium-driver
   Fedora:          dnf install chromium chromedriver
   macOS:           brew install --cask google-chrome chromedriver
   The variables TASKSCOPE_BROWSER and CHROMEDRIVER name them elsewhere.";

fn look() -> Result<Option<Browser>> {
    let program = named("TASKSCOPE_BROWSER")?.or_else(|| find(&PROGRAMS)).or_else(|| existing(MAC_PROGRAM));
    let driver = named("CHROMEDRIVER")?.or_else(|| find(&["chromedriver"]));
    let (Some(program), Some(driver)) = (program, driver) else {
        return Ok(None);
    };
    // A driver refuses a browser of another version, with an error that does not say so.
    if let (Some(browser), Some(its_driver)) = (major(&program), major(&driver))
        && browser != its_driver
    {
        let paths = format!("{} is {browser}, {} is {its_driver}", program.display(), driver.display());
        return Err(format!("the browser and its driver differ in version: {paths}"));
    }
    Ok(Some(Browser { program, driver }))
}

fn named(variable: &str) -> Result<Option<PathBuf>> {
    match std::env::var(variable) {
        Ok(path) => match existing(&path) {
            Some(path) => Ok(Some(path)),
            None => Err(format!("{variable} names {path}, which is not there")),
        },
        Err(_) => Ok(None),
    }
}

fn existing(path: &str) -> Option<PathBuf> {
    Some(PathBuf::from(path)).filter(|path| path.is_file())
}

/// The first part of the version that a program prints, as in `Chromium 156.0.8078.79`.
fn major(program: &Path) -> Option<u32> {
    let line = output(program, &["--version"])?;
    line.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

/// Installs Debian's packages, as root or with a sudo that asks for nothing. Whether that went well.
fn install() -> bool {
    if find(&["apt-get"]).is_none() {
        return false;
    }
    let is_root = find(&["id"]).and_then(|id| output(&id, &["-u"])).is_some_and(|user| user.trim() == "0");
    let prefix: &[&str] = match find(&["sudo"]) {
        _ if is_root => &[],
        Some(sudo) if output(&sudo, &["-n", "true"]).is_some() => &["sudo", "-n"],
        _ => return false,
    };
    println!("   installing {}", DEBIAN_BROWSER.join(" and "));
    let apt_get = |arguments: &[&str]| {
        let words: Vec<&str> = prefix.iter().chain(&["apt-get", "-qq"]).chain(arguments).copied().collect();
        run(command(words[0], &words[1..]).env("DEBIAN_FRONTEND", "noninteractive")).is_ok()
    };
    let install: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].into_iter().chain(DEBIAN_BROWSER).collect();
    // The list of packages may be fresh enough; where it is not, it is fetched and the same is tried again.
    apt_get(&install) || (apt_get(&["update"]) && apt_get(&install))
}
