//! The timeline's pane: minimap, ruler and lanes on canvases, and the hands on them.

mod draw;
mod gesture;
mod tip;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, PointerEvent, ResizeObserver, WheelEvent};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

use crate::app::{Action, Frame as PictureFrame, Hit, Motion, Picture, TimeScale, commands::Command};
use crate::geom::Point;
use crate::render::{RULER_PX, gutter_px, minimap_time};

use super::frame::Frame;
use super::listener::Listener;
use draw::Canvases;
use gesture::{Gesture, Press};
use tip::Tip;

/// What the timeline needs.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What it shows.
    pub picture: Picture,
    /// Where to say what was done.
    pub send: Callback<Action>,
}

/// The timeline.
pub struct Timeline {
    stage: NodeRef,
    canvases: Canvases,
    frame: PictureFrame,
    gesture: Gesture,
    /// Where the pointer is, for the tooltip.
    pointer: Point,
    /// A tooltip that a click fixed in its place.
    pinned: Option<(Hit, Point)>,
    /// Wheel movements that wait for the next frame: several may come between two.
    wheel: Vec<Motion>,
    wheel_frame: Option<Frame>,
    minimap_pointer: Option<i32>,
    /// What must be painted after this rendering.
    paint: Paint,
    resize: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
    _wheel_listener: Option<Listener>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Paint {
    #[default]
    Nothing,
    Overlay,
    All,
}

/// What the pane hears.
pub enum Message {
    /// Its size changed.
    Resized,
    /// A wheel turned.
    Wheel(WheelEvent),
    /// The frame after it.
    WheelFrame,
    /// A pointer went down.
    Down(PointerEvent),
    /// A pointer moved.
    Moved(PointerEvent),
    /// A pointer came up.
    Up(PointerEvent),
    /// The pointer left.
    Left,
    /// A pointer on the minimap.
    Minimap(PointerEvent),
    /// The pointer on the minimap came up.
    MinimapUp,
    /// Twice in one place.
    Twice,
    /// The fixed tooltip is to go.
    Unpin,
}

impl Component for Timeline {
    type Message = Message;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Timeline {
        Timeline {
            stage: NodeRef::default(),
            canvases: Canvases::default(),
            frame: PictureFrame::default(),
            gesture: Gesture::None,
            pointer: Point::default(),
            pinned: None,
            wheel: Vec::new(),
            wheel_frame: None,
            minimap_pointer: None,
            paint: Paint::All,
            resize: None,
            _wheel_listener: None,
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        let (picture, send) = (&context.props().picture, &context.props().send);
        match message {
            Message::Resized => return self.measure(picture, send),
            Message::Wheel(event) => self.turn(context, &event),
            Message::WheelFrame => {
                self.wheel_frame = None;
                std::mem::take(&mut self.wheel)
                    .into_iter()
                    .for_each(|motion| send.emit(Action::Move(motion)));
            }
            Message::Down(event) => self.down(picture, &event),
            Message::Moved(event) => return self.moved(picture, send, &event),
            Message::Up(event) => return self.up(send, &event),
            Message::Left if picture.hover.is_some() => send.emit(Action::Hover(None)),
            Message::Left => {}
            Message::Minimap(event) => self.on_minimap(picture, send, &event),
            Message::MinimapUp => self.minimap_pointer = None,
            Message::Twice => send.emit(Action::Do(Command::FitSelection)),
            Message::Unpin => {
                self.pinned = None;
                return true;
            }
        }
        false
    }

    fn changed(&mut self, context: &Context<Self>, before: &Props) -> bool {
        let picture = &context.props().picture;
        let all = !picture.same_data(&before.picture);
        self.paint = self.paint.max(if all { Paint::All } else { Paint::Overlay });
        if all || picture.selected != before.picture.selected {
            self.pinned = self.pinned.filter(|(hit, _)| !all && picture.selected == Some(*hit));
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let picture = &context.props().picture;
        let link = context.link();
        html! {
            <section class={yew::classes!("pane", "timeline", picture.stale.then_some("stale"))} tabindex="0"
                aria-label="Timeline" aria-describedby="timeline-says" data-stale={picture.stale.to_string()}>
                <canvas class="minimap" ref={self.canvases.minimap.clone()} aria-hidden="true"
                    onpointerdown={link.callback(Message::Minimap)} onpointermove={link.callback(Message::Minimap)}
                    onpointerup={link.callback(|_| Message::MinimapUp)} onpointercancel={link.callback(|_| Message::MinimapUp)} />
                <div class="stage" ref={self.stage.clone()} onpointerdown={link.callback(Message::Down)}
                    onpointermove={link.callback(Message::Moved)} onpointerup={link.callback(Message::Up)}
                    onpointercancel={link.callback(Message::Up)} onpointerleave={link.callback(|_| Message::Left)}
                    ondblclick={link.callback(|_| Message::Twice)}>
                    <canvas ref={self.canvases.data.clone()} aria-hidden="true" />
                    <canvas ref={self.canvases.overlay.clone()} aria-hidden="true" />
                    { self.range(picture) }
                    if picture.run.is_none() {
                        <div class="empty"><h3>{ "No run yet" }</h3><p>{ "The timeline appears as soon as the text can run. The problems are listed under the editor." }</p></div>
                    }
                    { self.tip(context) }
                </div>
                if !picture.notice.is_empty() {
                    <p class="notice">{ picture.notice }</p>
                }
                <p class="unseen" id="timeline-says" role="status">{ says(picture) }</p>
            </section>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        if first {
            self.attach(context);
        }
        let picture = &context.props().picture;
        self.frame.gutter = gutter(picture, self.frame.width);
        match std::mem::take(&mut self.paint) {
            Paint::All => self.canvases.paint_all(picture, self.frame),
            Paint::Overlay => self.canvases.paint_overlay(picture, self.frame),
            Paint::Nothing => {}
        }
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some((observer, _)) = self.resize.take() {
            observer.disconnect();
        }
    }
}

impl Timeline {
    fn attach(&mut self, context: &Context<Self>) {
        let Some(stage) = self.stage.cast::<Element>() else { return };
        let (wheel, resized) =
            (context.link().callback(Message::Wheel), context.link().callback(|()| Message::Resized));
        self._wheel_listener = Some(Listener::new(&stage, "wheel", move |event| {
            if let Ok(event) = event.dyn_into() {
                wheel.emit(event);
            }
        }));
        let callback = Closure::<dyn FnMut()>::new(move || resized.emit(()));
        // Every browser that runs wasm has the observer; without it the first size stays.
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&stage);
            self.resize = Some((observer, callback));
        }
        context.link().send_message(Message::Resized);
    }

    fn measure(&mut self, picture: &Picture, send: &Callback<Action>) -> bool {
        let Some(stage) = self.stage.cast::<Element>() else { return false };
        let (width, height) = (f64::from(stage.client_width()), f64::from(stage.client_height()));
        if (width, height) == (self.frame.width, self.frame.height) {
            return false;
        }
        self.frame = PictureFrame { width, height, gutter: gutter(picture, width), ruler: RULER_PX };
        self.paint = Paint::All;
        send.emit(Action::Resize { width, height: height - RULER_PX });
        true
    }

    fn scale(&self, picture: &Picture) -> Option<TimeScale> {
        picture.geometry(self.frame).map(|geometry| geometry.scale())
    }

    fn lanes_width(&self) -> f64 {
        self.frame.width - self.frame.gutter
    }

    fn place(&self, event: &PointerEvent) -> Point {
        let corner = self.stage.cast::<Element>().map(|stage| stage.get_bounding_client_rect());
        let (left, top) = corner.map_or((0.0, 0.0), |corner| (corner.left(), corner.top()));
        Point { x: f64::from(event.client_x()) - left, y: f64::from(event.client_y()) - top }
    }

    /// Ctrl, Cmd or a pinch on a touchpad zooms about the pointer; Shift or a sideways wheel moves in
    /// time; a plain wheel scrolls the lanes, or in an embed the page around it.
    fn turn(&mut self, context: &Context<Self>, event: &WheelEvent) {
        let picture = &context.props().picture;
        let Some(scale) = self.scale(picture) else { return };
        // Lines and pages, as some mice report, in pixels.
        let unit = [1.0, 16.0, 400.0].get(event.delta_mode() as usize).copied().unwrap_or(1.0);
        let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
        let motion = if event.ctrl_key() || event.meta_key() {
            let x = f64::from(event.client_x()) - self.left();
            Motion::Zoom {
                factor: (dy * 0.004).clamp(-1.0, 1.0).exp(),
                about_us: Some(scale.us(x.max(self.frame.gutter))),
            }
        } else if event.shift_key() || dx.abs() > dy.abs() {
            Motion::Pan(if dx == 0.0 { dy } else { dx } / self.lanes_width().max(1.0))
        } else if picture.embed {
            return;
        } else {
            Motion::Scroll(dy)
        };
        event.prevent_default();
        self.wheel.push(motion);
        if self.wheel_frame.is_none() {
            let turned = context.link().callback(|()| Message::WheelFrame);
            self.wheel_frame = Frame::request(move |_| turned.emit(()));
        }
    }

    fn left(&self) -> f64 {
        self.stage.cast::<Element>().map_or(0.0, |stage| stage.get_bounding_client_rect().left())
    }

    fn down(&mut self, picture: &Picture, event: &PointerEvent) {
        let at = self.place(event);
        let (Some(scale), 0) = (self.scale(picture), event.button()) else { return };
        let on = picture.hit(self.frame, at);
        let press = Press {
            pointer: event.pointer_id(),
            at,
            on,
            touch: event.pointer_type() == "touch",
            shift: event.shift_key(),
        };
        self.gesture.press(press, scale, picture.playhead);
        self.pointer = at;
        if let Some(stage) = self.stage.cast::<Element>().filter(|_| !is_in_tip(event)) {
            // Fails for a pointer that is already gone.
            let _ = stage.set_pointer_capture(event.pointer_id());
        }
    }

    fn moved(&mut self, picture: &Picture, send: &Callback<Action>, event: &PointerEvent) -> bool {
        let at = self.place(event);
        let Some(scale) = self.scale(picture) else { return false };
        let actions = self.gesture.move_to(event.pointer_id(), at, scale, self.lanes_width());
        actions.into_iter().for_each(|action| send.emit(action));
        if self.gesture.is_dragging() || is_in_tip(event) {
            return false;
        }
        let hit = picture.hit(self.frame, at).filter(|hit| !matches!(hit, Hit::Ruler(_) | Hit::Lane(..)));
        // Only another thing under the pointer is news: nothing is done for each movement.
        if hit != picture.hover {
            self.pointer = at;
            send.emit(Action::Hover(hit));
        }
        false
    }

    fn up(&mut self, send: &Callback<Action>, event: &PointerEvent) -> bool {
        if is_in_tip(event) {
            self.gesture = Gesture::None;
            return false;
        }
        for action in self.gesture.release(event.pointer_id()) {
            if let Action::Select(hit) = &action {
                self.pinned = hit.filter(|hit| !matches!(hit, Hit::Name(_))).map(|hit| (hit, self.pointer));
            }
            send.emit(action);
        }
        true
    }

    fn on_minimap(&mut self, picture: &Picture, send: &Callback<Action>, event: &PointerEvent) {
        let (Some(run), Some(port)) = (&picture.run, picture.port) else { return };
        if event.type_() == "pointerdown" {
            self.minimap_pointer = Some(event.pointer_id());
            if let Some(canvas) = self.canvases.minimap.cast::<Element>() {
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
        }
        if self.minimap_pointer == Some(event.pointer_id()) {
            let x = f64::from(event.client_x()) - self.left();
            let middle = minimap_time(&run.layout, self.frame.width, x).as_us() as f64;
            send.emit(Action::Move(Motion::Begin(middle - port.span_us / 2.0)));
        }
    }

    /// The marked stretch, over the canvases: it changes with each movement of the hand.
    fn range(&self, picture: &Picture) -> Html {
        let (Some((from, to)), Some(scale)) = (picture.range, self.scale(picture)) else { return html! {} };
        let left = scale.x(from).max(self.frame.gutter);
        let width = (scale.x(to) - left).max(0.0);
        let label = crate::app::length(to.as_us().saturating_sub(from.as_us()));
        html! {
            <div class="range" style={format!("left: {left}px; width: {width}px")}><span>{ label }</span></div>
        }
    }

    fn tip(&self, context: &Context<Self>) -> Html {
        let picture = &context.props().picture;
        let (hit, at, pinned) = match (picture.hover, self.pinned) {
            (Some(hit), Some((fixed, _))) if hit != fixed => (hit, self.pointer, false),
            (_, Some((hit, at))) => (hit, at, true),
            (Some(hit), None) if !self.gesture.is_dragging() => (hit, self.pointer, false),
            _ => return html! {},
        };
        let Some(geometry) = picture.geometry(self.frame) else { return html! {} };
        let row = geometry.row_at(at.y).map_or(at.y, |row| geometry.row_top(row));
        let sentences = picture.about(hit);
        let lines = sentences.iter().map(|sentence| {
            let line = picture.run.as_ref().and_then(|run| sentence.span.map(|span| run.line_of(span)));
            sentence.with_line(line)
        });
        html! {
            <Tip lines={lines.collect::<Vec<_>>()} x={at.x} top={row} bottom={row + geometry.viewport.lane_px}
                width={self.frame.width} height={self.frame.height} pinned={pinned} send={context.props().send.clone()}
                close={context.link().callback(|()| Message::Unpin)} />
        }
    }
}

/// Whether an event belongs to a fixed tooltip, whose text can be marked.
fn is_in_tip(event: &PointerEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(".tip").ok().flatten().is_some())
}

fn gutter(picture: &Picture, width: f64) -> f64 {
    picture.run.as_ref().map_or(0.0, |run| gutter_px(&run.layout, &picture.rows, width))
}

/// What a screen reader is told: what is selected, else how the run went.
fn says(picture: &Picture) -> String {
    let Some(run) = &picture.run else { return "Nothing has run yet.".to_string() };
    let selected = picture.selected.map(|hit| picture.about(hit)).unwrap_or_default();
    match selected.is_empty() {
        false => selected.iter().map(|sentence| format!("{}.", sentence.text)).collect::<Vec<_>>().join(" "),
        true => crate::app::summary(run),
    }
}
