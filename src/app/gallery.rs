//! The gallery: scenarios that carry one pattern each, read from their own first lines.
//!
//! Every file begins with comment lines that say how to present it:
//! `# title:`, `# pattern:` and `# look:`, the last one sentence.

use super::gallery_table::FILES;

/// A scenario of the gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file's name without its ending; stands in links as `#ex/<id>`.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// The pattern it carries; entries of one pattern stand together.
    pub pattern: &'static str,
    /// One sentence: what to look at.
    pub look: &'static str,
    /// The whole file, header lines included.
    pub text: &'static str,
}

/// Every entry, in the order of the files.
pub fn entries() -> Vec<Entry> {
    FILES.iter().map(|(id, text)| read(id, text)).collect()
}

/// The entry with this id.
pub fn find(id: &str) -> Option<Entry> {
    FILES.iter().find(|(known, _)| *known == id).map(|(id, text)| read(id, text))
}

/// The entries that hold every word of `query` in title, pattern or sentence, grouped by
/// pattern; groups stand in the order of their first entries.
pub fn groups(query: &str) -> Vec<(&'static str, Vec<Entry>)> {
    let query = query.to_ascii_lowercase();
    let fits = |entry: &Entry| {
        let about = format!("{} {} {}", entry.title, entry.pattern, entry.look).to_ascii_lowercase();
        query.split_whitespace().all(|word| about.contains(word))
    };
    let mut groups: Vec<(&'static str, Vec<Entry>)> = Vec::new();
    for entry in entries().into_iter().filter(fits) {
        match groups.iter_mut().find(|(pattern, _)| *pattern == entry.pattern) {
            Some((_, group)) => group.push(entry),
            None => groups.push((entry.pattern, vec![entry])),
        }
    }
    groups
}

/// What a text says of itself in its first lines; empty where it says nothing.
pub fn header<'a>(text: &'a str, key: &str) -> &'a str {
    let comments = text.lines().map_while(|line| line.strip_prefix('#'));
    let value = |line: &'a str| line.trim().strip_prefix(key)?.strip_prefix(':');
    comments.filter_map(value).next().map(str::trim).unwrap_or_default()
}

fn read(id: &'static str, text: &'static str) -> Entry {
    let title = header(text, "title");
    Entry {
        id,
        title: if title.is_empty() { id } else { title },
        pattern: header(text, "pattern"),
        look: header(text, "look"),
        text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_first_lines_say_how_to_present_it() {
        let text = "# title: Order board\n#look:  what happens to user \n\n# pattern: too late\nscope a { }";
        assert_eq!(header(text, "title"), "Order board");
        assert_eq!(header(text, "look"), "what happens to user");
        assert_eq!(header(text, "pattern"), "", "the header ends at the first other line");
        assert_eq!(header("", "title"), "");
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_table_and_complete() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/www/gallery");
        let names = std::fs::read_dir(folder).map(|files| {
            files.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect::<Vec<_>>()
        });
        let on_disk: BTreeSet<String> = names
            .unwrap_or_default()
            .iter()
            .filter_map(|name| name.strip_suffix(".scope"))
            .map(str::to_string)
            .collect();
        let in_table: BTreeSet<String> = FILES.iter().map(|(id, _)| id.to_string()).collect();
        assert_eq!(in_table, on_disk);
        for entry in entries() {
            for said in [entry.title, entry.pattern, entry.look] {
                assert!(!said.is_empty(), "{}: a header line is missing", entry.id);
            }
            assert!(entry.look.ends_with('.'), "{}: one sentence", entry.id);
        }
    }

    #[test]
    fn search_keeps_the_groups_and_their_order() {
        let all: usize = groups("").iter().map(|(_, group)| group.len()).sum();
        assert_eq!(all, entries().len());
        assert!(groups("nothing of the kind").is_empty());
    }
}
