//! What a hand does on the timeline, from the pointer's going down to its coming up. Knows no DOM.

use crate::app::{Action, Hit, Motion, TimeScale};
use crate::geom::Point;
use crate::time::Time;

/// Pixels that a pointer may tremble without dragging.
const SLACK_PX: f64 = 4.0;
/// How near the playhead a press on the ruler takes hold of it.
const GRIP_PX: f64 = 6.0;

/// A gesture.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Gesture {
    /// No pointer is down.
    #[default]
    None,
    /// A pointer went down and has not moved.
    Pressed {
        /// Which pointer.
        pointer: i32,
        /// Where.
        at: Point,
        /// On what.
        on: Option<Hit>,
        /// What a drag would do.
        drag: Drag,
    },
    /// A pointer drags.
    Dragging {
        /// Which pointer.
        pointer: i32,
        /// Where it was last.
        last: Point,
        /// What it does.
        drag: Drag,
    },
    /// Two fingers.
    Pinching {
        /// The fingers and where they are.
        fingers: [(i32, Point); 2],
    },
}

/// What a drag does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drag {
    /// Marks a stretch of time from this instant.
    Mark(Time),
    /// Moves the playhead.
    Scrub,
    /// Moves the window.
    Pan,
}

/// How a pointer went down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Press {
    /// Which pointer.
    pub pointer: i32,
    /// Where.
    pub at: Point,
    /// On what.
    pub on: Option<Hit>,
    /// With a finger.
    pub touch: bool,
    /// With Shift held.
    pub shift: bool,
}

impl Gesture {
    /// A pointer went down.
    pub fn press(&mut self, press: Press, scale: TimeScale, playhead: Option<Time>) {
        let Press { pointer, at, on, touch, shift } = press;
        if let (true, Some((first, place))) = (touch, self.finger()) {
            *self = Gesture::Pinching { fingers: [(first, place), (pointer, at)] };
            return;
        }
        let near = playhead.is_some_and(|playhead| (scale.x(playhead) - at.x).abs() <= GRIP_PX);
        let drag = match on {
            Some(Hit::Ruler(_)) if near => Drag::Scrub,
            Some(Hit::Ruler(time)) => Drag::Mark(rounded(time, scale)),
            Some(Hit::Lane(_, time)) if !touch && !shift => Drag::Mark(rounded(time, scale)),
            _ => Drag::Pan,
        };
        let on = match on {
            Some(Hit::Ruler(time)) => Some(Hit::Ruler(rounded(time, scale))),
            on => on,
        };
        *self = Gesture::Pressed { pointer, at, on, drag };
    }

    fn finger(&self) -> Option<(i32, Point)> {
        match self {
            Gesture::Pressed { pointer, at, .. } => Some((*pointer, *at)),
            Gesture::Dragging { pointer, last, .. } => Some((*pointer, *last)),
            _ => None,
        }
    }

    /// A pointer moved. `width` is that of the lanes.
    pub fn move_to(&mut self, pointer: i32, to: Point, scale: TimeScale, width: f64) -> Vec<Action> {
        match self {
            Gesture::Pressed { pointer: pressed, at, drag, .. } if *pressed == pointer => {
                if (to.x - at.x).hypot(to.y - at.y) < SLACK_PX {
                    return Vec::new();
                }
                let (last, drag) = (*at, *drag);
                *self = Gesture::Dragging { pointer, last, drag };
                self.move_to(pointer, to, scale, width)
            }
            Gesture::Dragging { pointer: dragging, last, drag } if *dragging == pointer => {
                let before = std::mem::replace(last, to);
                dragged(*drag, before, to, scale, width)
            }
            Gesture::Pinching { fingers } => pinched(fingers, pointer, to, scale, width),
            _ => Vec::new(),
        }
    }

    /// A pointer came up.
    pub fn release(&mut self, pointer: i32) -> Vec<Action> {
        match std::mem::take(self) {
            Gesture::Pressed { pointer: pressed, on, .. } if pressed == pointer => clicked(on),
            Gesture::Pinching { fingers } => {
                // The finger that stays goes on to pan.
                let stays = fingers.into_iter().find(|(finger, _)| *finger != pointer);
                if let Some((pointer, last)) = stays {
                    *self = Gesture::Dragging { pointer, last, drag: Drag::Pan };
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a pointer drags, so that what it passes over is not pointed at.
    pub fn is_dragging(&self) -> bool {
        !matches!(self, Gesture::None | Gesture::Pressed { .. })
    }
}

/// To the digit that a pixel can tell: `0.241 s` and not `0.241477 s`.
fn rounded(time: Time, scale: TimeScale) -> Time {
    let step = 10u64.pow(scale.us_per_px.max(1.0).log10().floor() as u32);
    Time::from_us((time.as_us() + step / 2) / step * step)
}

fn clicked(on: Option<Hit>) -> Vec<Action> {
    match on {
        Some(Hit::Fold(lane)) => vec![Action::Fold(lane)],
        Some(Hit::Ruler(time)) => vec![Action::Range(None), Action::Seek(Some(time))],
        Some(Hit::Lane(..)) | None => vec![Action::Range(None), Action::Select(None)],
        hit => vec![Action::Select(hit)],
    }
}

fn dragged(drag: Drag, from: Point, to: Point, scale: TimeScale, width: f64) -> Vec<Action> {
    let time = rounded(scale.time(to.x), scale);
    match drag {
        Drag::Mark(anchor) => vec![Action::Range(Some((anchor.min(time), anchor.max(time))))],
        Drag::Scrub => vec![Action::Seek(Some(time))],
        Drag::Pan => vec![
            Action::Move(Motion::Pan((from.x - to.x) / width.max(1.0))),
            Action::Move(Motion::Scroll(from.y - to.y)),
        ],
    }
}

fn pinched(
    fingers: &mut [(i32, Point); 2],
    pointer: i32,
    to: Point,
    scale: TimeScale,
    width: f64,
) -> Vec<Action> {
    let [(_, a), (_, b)] = *fingers;
    for finger in fingers.iter_mut().filter(|finger| finger.0 == pointer) {
        finger.1 = to;
    }
    let [(_, c), (_, d)] = *fingers;
    // Fingers one above the other say nothing about time; 20 px keep the factor sane.
    let apart = |a: Point, b: Point| (a.x - b.x).abs().max(20.0);
    let (before, after) = ((a.x + b.x) / 2.0, (c.x + d.x) / 2.0);
    vec![
        Action::Move(Motion::Zoom { factor: apart(a, b) / apart(c, d), about_us: Some(scale.us(before)) }),
        Action::Move(Motion::Pan((before - after) / width.max(1.0))),
    ]
}
