//! The one table of commands: keys, the sheet of keys and the palette all come from it.

use super::keys::{Chord, Press};

/// Something a person can ask for by key, palette or button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Run again; in live mode, start a live run.
    Run,
    /// End a live run.
    Stop,
    /// Copy a link to what is on screen.
    Share,
    /// Copy the trace of the run.
    CopyRun,
    /// Open or close the sheet with the scenario in other forms.
    Export,
    /// Lay out the text.
    Format,
    /// Switch between virtual and live time.
    ToggleClock,
    /// Open or close the gallery.
    Gallery,
    /// Open or close the palette.
    Palette,
    /// Open or close the sheet of keys.
    Keys,
    /// The next of auto, light, dark.
    Theme,
    /// Put the cursor into the editor.
    FocusEditor,
    /// Put the focus on the timeline.
    FocusTimeline,
    /// Show the inspector.
    TabInspector,
    /// Show the log.
    TabLog,
    /// Show the error tree.
    TabErrors,
    /// Show the run as sentences.
    TabStory,
    /// Show less time, larger.
    ZoomIn,
    /// Show more time.
    ZoomOut,
    /// Earlier.
    PanLeft,
    /// Later.
    PanRight,
    /// Show the whole run.
    Fit,
    /// Show the selected thing, as large as the window.
    FitSelection,
    /// Select the lane above.
    RowUp,
    /// Select the lane below.
    RowDown,
    /// Select the bar before, in the same lane.
    BarLeft,
    /// Select the bar after, in the same lane.
    BarRight,
    /// Move the playhead to the event before.
    StepBack,
    /// Move the playhead to the next event.
    StepForward,
    /// Move the playhead back by a tenth of the window.
    LeapBack,
    /// Move the playhead on by a tenth of the window.
    LeapForward,
    /// Playhead to the beginning.
    Start,
    /// Playhead to the end.
    End,
    /// Let the playhead run, or hold it.
    Play,
    /// From what is selected to what caused it.
    Cause,
    /// From what is selected to what it caused.
    Effect,
    /// Put the cursor on the line of what is selected.
    GoToSource,
    /// Fold or unfold the selected scope.
    Fold,
    /// Close what is open; else drop the selection and the playhead.
    Clear,
}

/// Where a command's keys are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Anywhere on the page. Without Ctrl, Cmd or Alt: anywhere but in a field.
    Page,
    /// While the timeline has the focus.
    Timeline,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Which.
    pub command: Command,
    /// What it does, as it stands in the palette and in the sheet.
    pub title: &'static str,
    /// Where its keys are heard.
    pub place: Place,
    /// Its keys; the first is the one to print where there is room for one.
    pub keys: &'static [Chord],
}

const fn row(command: Command, title: &'static str, place: Place, keys: &'static [Chord]) -> Entry {
    Entry { command, title, place, keys }
}

/// Every command. Order is the order in the palette and in the sheet.
pub static COMMANDS: &[Entry] = {
    use Command as C;
    use Place::{Page, Timeline};
    &[
        row(C::Run, "Run", Page, &[Chord::name("Enter").command()]),
        row(C::Stop, "Stop the live run", Page, &[Chord::name("Backspace").command().shift()]),
        row(C::Share, "Copy a link to this", Page, &[Chord::place("KeyS").command()]),
        row(C::CopyRun, "Copy the run's events as JSON lines", Page, &[Chord::place("KeyJ").alt()]),
        row(
            C::Export,
            "Take the scenario home: as a program, as a chart",
            Page,
            &[Chord::place("KeyX").alt()],
        ),
        row(C::Format, "Format the text", Page, &[Chord::place("KeyF").alt().shift()]),
        row(C::ToggleClock, "Switch between virtual and live time", Page, &[Chord::place("KeyV").alt()]),
        row(C::Gallery, "Open the gallery", Page, &[Chord::place("KeyO").command()]),
        row(
            C::Palette,
            "Find a command",
            Page,
            &[Chord::place("KeyK").command(), Chord::place("KeyP").command().shift()],
        ),
        row(C::Keys, "Show all keys", Page, &[Chord::name("?")]),
        row(C::Theme, "Change the theme: automatic, light, dark", Page, &[Chord::place("KeyT").alt()]),
        row(C::FocusEditor, "Go to the editor", Page, &[Chord::place("KeyE").alt()]),
        row(C::FocusTimeline, "Go to the timeline", Page, &[Chord::place("KeyL").alt()]),
        row(C::TabInspector, "Show the inspector", Page, &[Chord::place("Digit1").alt()]),
        row(C::TabLog, "Show the log", Page, &[Chord::place("Digit2").alt()]),
        row(C::TabErrors, "Show the errors", Page, &[Chord::place("Digit3").alt()]),
        row(C::TabStory, "Show the story: the run in sentences", Page, &[Chord::place("Digit4").alt()]),
        row(C::ZoomIn, "Zoom in", Timeline, &[Chord::place("KeyW"), Chord::name("+"), Chord::name("=")]),
        row(C::ZoomOut, "Zoom out", Timeline, &[Chord::place("KeyS"), Chord::name("-")]),
        row(C::PanLeft, "Move to earlier", Timeline, &[Chord::place("KeyA")]),
        row(C::PanRight, "Move to later", Timeline, &[Chord::place("KeyD")]),
        row(C::Fit, "Show the whole run", Timeline, &[Chord::name("0")]),
        row(C::FitSelection, "Show the selected thing", Timeline, &[Chord::place("KeyF")]),
        row(C::RowUp, "Select the lane above", Timeline, &[Chord::name("ArrowUp")]),
        row(C::RowDown, "Select the lane below", Timeline, &[Chord::name("ArrowDown")]),
        row(
            C::BarLeft,
            "Select the bar before, in this lane",
            Timeline,
            &[Chord::name("ArrowLeft").shift(), Chord::name(",")],
        ),
        row(
            C::BarRight,
            "Select the bar after, in this lane",
            Timeline,
            &[Chord::name("ArrowRight").shift(), Chord::name(".")],
        ),
        row(C::StepBack, "Playhead to the event before", Timeline, &[Chord::name("ArrowLeft")]),
        row(C::StepForward, "Playhead to the next event", Timeline, &[Chord::name("ArrowRight")]),
        row(C::LeapBack, "Playhead back by a tenth", Timeline, &[Chord::name("PageUp")]),
        row(C::LeapForward, "Playhead on by a tenth", Timeline, &[Chord::name("PageDown")]),
        row(C::Start, "Playhead to the beginning", Timeline, &[Chord::name("Home")]),
        row(C::End, "Playhead to the end", Timeline, &[Chord::name("End")]),
        row(C::Play, "Play or hold", Timeline, &[Chord::name(" ")]),
        row(C::Cause, "Go to the cause", Timeline, &[Chord::name("]")]),
        row(C::Effect, "Go to the effect", Timeline, &[Chord::name("[")]),
        row(C::GoToSource, "Go to its line of text", Timeline, &[Chord::name("Enter")]),
        row(C::Fold, "Fold or unfold the scope", Timeline, &[Chord::place("KeyC")]),
        row(C::Clear, "Close, or clear the selection", Page, &[Chord::name("Escape")]),
    ]
};

/// The command of a key press. `on_timeline`: the timeline has the focus;
/// `in_field`: a field for text has it, where a plain key is a letter.
pub fn find(press: &Press, on_timeline: bool, in_field: bool) -> Option<Command> {
    let heard = |entry: &&Entry| match entry.place {
        Place::Timeline => on_timeline && !in_field,
        // Escape writes nothing anywhere.
        Place::Page => !in_field || press.command || press.alt || press.key == "Escape",
    };
    // The timeline is asked first: there, S is a zoom although Ctrl+S shares.
    let of = |place| COMMANDS.iter().filter(move |entry| entry.place == place);
    of(Place::Timeline)
        .chain(of(Place::Page))
        .filter(heard)
        .find(|entry| entry.keys.iter().any(|chord| chord.matches(press)))
        .map(|entry| entry.command)
}

/// The rows whose title holds every word of `query`, in the table's order.
pub fn search(query: &str) -> Vec<&'static Entry> {
    let query = query.to_ascii_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let fits = |entry: &&Entry| {
        let title = entry.title.to_ascii_lowercase();
        words.iter().all(|word| title.contains(word))
    };
    COMMANDS.iter().filter(fits).collect()
}

/// The row of a command.
pub fn entry(command: Command) -> Option<&'static Entry> {
    COMMANDS.iter().find(|entry| entry.command == command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: &str, key: &str, command: bool) -> Press {
        Press { code: code.into(), key: key.into(), command, ..Press::default() }
    }

    #[test]
    fn no_two_commands_share_a_key_in_one_place() {
        for (at, one) in COMMANDS.iter().enumerate() {
            assert!(!one.keys.is_empty(), "{:?} has no key", one.command);
            assert_eq!(COMMANDS.iter().filter(|other| other.command == one.command).count(), 1);
            for other in COMMANDS.iter().skip(at + 1).filter(|other| other.place == one.place) {
                for chord in one.keys {
                    assert!(
                        !other.keys.contains(chord),
                        "{:?} and {:?}: {chord:?}",
                        one.command,
                        other.command
                    );
                }
            }
        }
    }

    #[test]
    fn a_plain_key_is_heard_only_where_it_belongs() {
        let w = press("KeyW", "w", false);
        assert_eq!(find(&w, true, false), Some(Command::ZoomIn));
        assert_eq!(find(&w, false, false), None, "not on the rest of the page");
        assert_eq!(find(&w, true, true), None, "nor in a field on it");
        let help = Press { shift: true, ..press("Slash", "?", false) };
        assert_eq!(find(&help, false, false), Some(Command::Keys));
        assert_eq!(find(&help, false, true), None, "a question mark in the editor is text");
        assert_eq!(
            find(&press("Escape", "Escape", false), false, true),
            Some(Command::Clear),
            "out of a search"
        );
        let run = press("Enter", "Enter", true);
        assert_eq!(find(&run, false, true), Some(Command::Run), "from the editor too");
    }

    #[test]
    fn the_browsers_own_keys_stay_its_own() {
        for code in ["KeyR", "KeyT", "KeyW", "KeyN", "KeyL", "KeyF"] {
            assert_eq!(find(&press(code, &code[3..].to_lowercase(), true), true, false), None, "Ctrl+{code}");
        }
    }

    #[test]
    fn the_palette_finds_by_words_in_any_order() {
        let found: Vec<Command> = search("link COPY").iter().map(|entry| entry.command).collect();
        assert_eq!(found, [Command::Share]);
        assert_eq!(search("").len(), COMMANDS.len());
        assert!(search("no such thing").is_empty());
    }
}
