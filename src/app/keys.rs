//! Keys as a person presses them, and as they are printed on a key cap.

/// One key with its modifiers. `m` is Ctrl, or Cmd on a Mac.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    /// Which key.
    pub key: Key,
    /// With Ctrl, or Cmd on a Mac.
    pub command: bool,
    /// With Shift. Not asked for where the key's own character needs it, as `?` does.
    pub shift: bool,
    /// With Alt.
    pub alt: bool,
}

/// How a key is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// By its place on the keyboard (`KeyW`), the same whatever the layout writes there.
    Place(&'static str),
    /// By what it writes (`?`) or is called (`ArrowLeft`).
    Name(&'static str),
}

/// A key press as the browser reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Press {
    /// `KeyboardEvent.code`.
    pub code: String,
    /// `KeyboardEvent.key`.
    pub key: String,
    /// Ctrl or Cmd.
    pub command: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

impl Chord {
    /// The key at this place, alone.
    pub const fn place(code: &'static str) -> Chord {
        Chord { key: Key::Place(code), command: false, shift: false, alt: false }
    }

    /// The key that writes or is called this, alone.
    pub const fn name(name: &'static str) -> Chord {
        Chord { key: Key::Name(name), command: false, shift: false, alt: false }
    }

    /// The same with Ctrl, or Cmd on a Mac.
    pub const fn command(mut self) -> Chord {
        self.command = true;
        self
    }

    /// The same with Shift.
    pub const fn shift(mut self) -> Chord {
        self.shift = true;
        self
    }

    /// The same with Alt.
    pub const fn alt(mut self) -> Chord {
        self.alt = true;
        self
    }

    /// Whether `press` is this chord.
    pub fn matches(self, press: &Press) -> bool {
        let (same_key, writes) = match self.key {
            Key::Place(code) => (press.code == code, false),
            Key::Name(name) => (press.key == name, name.chars().count() == 1),
        };
        let shift = writes || self.shift == press.shift;
        same_key && shift && self.command == press.command && self.alt == press.alt
    }

    /// What to print on the key caps, in the order in which they are held.
    pub fn caps(self, mac: bool) -> Vec<&'static str> {
        let modifiers = [
            (self.command, if mac { "⌘" } else { "Ctrl" }),
            (self.alt, if mac { "⌥" } else { "Alt" }),
            (self.shift, "Shift"),
        ];
        let held = modifiers.into_iter().filter(|(held, _)| *held).map(|(_, cap)| cap);
        held.chain([self.key.cap()]).collect()
    }
}

impl Key {
    fn cap(self) -> &'static str {
        match self {
            Key::Place(code) => code.strip_prefix("Key").or(code.strip_prefix("Digit")).unwrap_or(code),
            Key::Name(name) => match name {
                "ArrowLeft" => "←",
                "ArrowRight" => "→",
                "ArrowUp" => "↑",
                "ArrowDown" => "↓",
                "Escape" => "Esc",
                " " => "Space",
                "PageUp" => "Page ↑",
                "PageDown" => "Page ↓",
                other => other,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: &str, key: &str) -> Press {
        Press { code: code.into(), key: key.into(), ..Press::default() }
    }

    #[test]
    fn a_place_holds_on_every_layout() {
        let zoom_in = Chord::place("KeyW");
        assert!(zoom_in.matches(&press("KeyW", "w")));
        assert!(zoom_in.matches(&press("KeyW", "z")), "AZERTY writes z there");
        assert!(!zoom_in.matches(&press("KeyZ", "w")));
        assert!(
            !zoom_in.matches(&Press { command: true, ..press("KeyW", "w") }),
            "the browser closes its tab"
        );
        assert!(!zoom_in.matches(&Press { shift: true, ..press("KeyW", "W") }));
    }

    #[test]
    fn a_character_does_not_ask_how_it_was_written() {
        let help = Chord::name("?");
        assert!(help.matches(&Press { shift: true, ..press("Slash", "?") }), "US");
        assert!(help.matches(&Press { shift: true, ..press("Minus", "?") }), "German");
        assert!(!help.matches(&press("Slash", "/")));
        let step = Chord::name("ArrowLeft");
        assert!(!step.matches(&Press { shift: true, ..press("ArrowLeft", "ArrowLeft") }), "a named key does");
    }

    #[test]
    fn caps_are_those_of_the_keyboard() {
        let palette = Chord::place("KeyP").command().shift();
        assert_eq!(palette.caps(false), ["Ctrl", "Shift", "P"]);
        assert_eq!(palette.caps(true), ["⌘", "Shift", "P"]);
        assert_eq!(Chord::name(" ").caps(true), ["Space"]);
    }
}
