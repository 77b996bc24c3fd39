//! What each code of a diagnostic means, at length: one page of Markdown each, in `explain/`.
//!
//! A page has a title, what the code says, an example that provokes it, what happens when it runs, what to do, the
//! example put right, and for a warning the scenario of the gallery that shows the harm. The command has all pages in it;
//! the page on the web fetches one when it is asked for.

/// Every page, by code.
pub static PAGES: &[(&str, &str)] = &[
    ("E001", include_str!("explain/E001.md")),
    ("E002", include_str!("explain/E002.md")),
    ("E003", include_str!("explain/E003.md")),
    ("E004", include_str!("explain/E004.md")),
    ("E005", include_str!("explain/E005.md")),
    ("E006", include_str!("explain/E006.md")),
    ("E007", include_str!("explain/E007.md")),
    ("E008", include_str!("explain/E008.md")),
    ("E010", include_str!("explain/E010.md")),
    ("E011", include_str!("explain/E011.md")),
    ("E012", include_str!("explain/E012.md")),
    ("E013", include_str!("explain/E013.md")),
    ("E014", include_str!("explain/E014.md")),
    ("E015", include_str!("explain/E015.md")),
    ("E016", include_str!("explain/E016.md")),
    ("E017", include_str!("explain/E017.md")),
    ("E018", include_str!("explain/E018.md")),
    ("E019", include_str!("explain/E019.md")),
    ("E020", include_str!("explain/E020.md")),
    ("E021", include_str!("explain/E021.md")),
    ("E022", include_str!("explain/E022.md")),
    ("E023", include_str!("explain/E023.md")),
    ("E024", include_str!("explain/E024.md")),
    ("E025", include_str!("explain/E025.md")),
    ("E026", include_str!("explain/E026.md")),
    ("E027", include_str!("explain/E027.md")),
    ("E028", include_str!("explain/E028.md")),
    ("E029", include_str!("explain/E029.md")),
    ("E030", include_str!("explain/E030.md")),
    ("E031", include_str!("explain/E031.md")),
    ("E032", include_str!("explain/E032.md")),
    ("E033", include_str!("explain/E033.md")),
    ("E034", include_str!("explain/E034.md")),
    ("E035", include_str!("explain/E035.md")),
    ("E036", include_str!("explain/E036.md")),
    ("E037", include_str!("explain/E037.md")),
    ("E040", include_str!("explain/E040.md")),
    ("E041", include_str!("explain/E041.md")),
    ("E042", include_str!("explain/E042.md")),
    ("E043", include_str!("explain/E043.md")),
    ("E044", include_str!("explain/E044.md")),
    ("E045", include_str!("explain/E045.md")),
    ("E046", include_str!("explain/E046.md")),
    ("E047", include_str!("explain/E047.md")),
    ("W01", include_str!("explain/W01.md")),
    ("W02", include_str!("explain/W02.md")),
    ("W03", include_str!("explain/W03.md")),
    ("W04", include_str!("explain/W04.md")),
    ("W05", include_str!("explain/W05.md")),
    ("W06", include_str!("explain/W06.md")),
    ("W07", include_str!("explain/W07.md")),
    ("W08", include_str!("explain/W08.md")),
    ("W09", include_str!("explain/W09.md")),
    ("W10", include_str!("explain/W10.md")),
    ("W11", include_str!("explain/W11.md")),
    ("W12", include_str!("explain/W12.md")),
    ("W13", include_str!("explain/W13.md")),
];

/// The page about `code`, in whatever case it is written; None for a code that there is none of.
///
/// # Examples
///
/// ```
/// use taskscope::lang::explain::{explain, read};
///
/// let page = read(explain("w03").unwrap());
/// assert_eq!((page.code, page.title), ("W03".to_owned(), "work that blocks the event loop".to_owned()));
/// assert_eq!(explain("W99"), None);
/// ```
pub fn explain(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|page| page.0.eq_ignore_ascii_case(code)).map(|page| page.1)
}

/// A page, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// `W03`.
    pub code: String,
    /// Lower case, without a stop.
    pub title: String,
    /// What follows the title.
    pub blocks: Vec<Block>,
}

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph; code in it stands between backticks.
    Text(String),
    /// A heading.
    Heading(String),
    /// A scenario.
    Example {
        /// Its text.
        text: String,
        /// How often it is meant to stand there: 1, but where only a long text provokes the code.
        times: usize,
    },
    /// The id of a scenario of the gallery.
    Gallery(String),
}

/// Takes a page apart. Never fails: what has no form is a paragraph.
pub fn read(page: &str) -> Page {
    let (mut out, mut text) = (Page::default(), String::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let mark = ["# ", "## ", "```scope", "Gallery: "].into_iter().find(|mark| line.starts_with(mark));
        if line.is_empty() || mark.is_some() {
            if !text.is_empty() {
                out.blocks.push(Block::Text(std::mem::take(&mut text)));
            }
        } else {
            text.push_str(if text.is_empty() { "" } else { " " });
            text.push_str(line);
        }
        let Some(rest) = mark.and_then(|mark| line.strip_prefix(mark)) else { continue };
        match mark {
            Some("# ") => {
                let (code, title) = rest.split_once(": ").unwrap_or(("", rest));
                (out.code, out.title) = (code.to_owned(), title.to_owned());
            }
            Some("## ") => out.blocks.push(Block::Heading(rest.to_owned())),
            Some("Gallery: ") => out.blocks.push(Block::Gallery(rest.to_owned())),
            _ => {
                let times = rest.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or(1);
                let text = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n"));
                out.blocks.push(Block::Example { text: text.collect(), times });
            }
        }
    }
    if !text.is_empty() {
        out.blocks.push(Block::Text(text));
    }
    out
}
