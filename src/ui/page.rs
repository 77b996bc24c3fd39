//! The root of the page: owns the state, carries out effects, lays out the panes.

use gloo_timers::callback::Timeout;
use web_sys::MessageEvent;
use yew::{Component, Context, Html, Properties};

use crate::app::settings::Key;
use crate::app::{Action, ByHand, Effect, Over, State, boot, reduce};

use super::browser;
use super::frame::Frame;
use super::listener::Listener;
use super::live::LiveRun;
use super::measure::Measure;
use super::module::{Module, Part};
use super::{storage, view};

/// How long a notice stays, in milliseconds: two sentences, read slowly.
const NOTICE_MS: u32 = 7000;
/// How long after the last change text and address are written, in milliseconds.
const REMEMBER_MS: u32 = 400;

/// The root of the page.
pub struct Page {
    state: State,
    compute: Option<Frame>,
    animate: Option<Frame>,
    /// When the last frame of a running playhead was, in milliseconds.
    last_frame: Option<f64>,
    measure: Measure,
    remember: Option<Timeout>,
    dismiss: Option<Timeout>,
    focus: Option<Timeout>,
    /// Dropping it drops the run's root, and with it all that the run holds.
    live: Option<LiveRun>,
    /// Dropping it ends its work.
    importer: Option<Module>,
    /// Dropping it ends its work.
    exporter: Option<Module>,
    _listeners: Vec<Listener>,
}

/// What stands around the page.
#[derive(Clone, Properties)]
pub struct Host {
    /// Whether the page is an embed in another.
    pub embed: bool,
    /// Reads what the page around an embed says; its own messages are nobody else's business.
    pub hear: Option<fn(&MessageEvent) -> Option<Action>>,
}

impl PartialEq for Host {
    /// The same kind of page hears the same way.
    fn eq(&self, other: &Host) -> bool {
        self.embed == other.embed
    }
}

/// What comes to the root.
pub enum Message {
    /// A frame passed while the playhead runs; its instant in milliseconds.
    Frame(f64),
    /// Something for the application.
    Act(Action),
    /// Things have calmed down: write text, settings and address.
    Remember,
}

impl Component for Page {
    type Message = Message;
    type Properties = Host;

    fn create(context: &Context<Page>) -> Page {
        let host = context.props();
        let (state, effects) = boot(&browser::look_around(host.embed));
        let send = context.link().callback(Message::Act);
        let mut page = Page {
            state,
            compute: None,
            animate: None,
            last_frame: None,
            measure: Measure::default(),
            remember: None,
            dismiss: None,
            focus: None,
            live: None,
            importer: None,
            exporter: None,
            _listeners: browser::listen(&send, host),
        };
        page.perform(context, effects);
        browser::show_theme(page.state.is_dark());
        page
    }

    fn update(&mut self, context: &Context<Page>, message: Message) -> bool {
        let action = match message {
            Message::Act(action) => action,
            Message::Remember => {
                self.write_down();
                return false;
            }
            Message::Frame(at) => {
                let since = at - self.last_frame.replace(at).unwrap_or(at);
                Action::Tick((since.max(0.0) * 1e3) as u64)
            }
        };
        let (was_dark, computes) = (self.state.is_dark(), matches!(action, Action::Compute));
        if matches!(action, Action::Edit(_)) {
            self.measure.edited();
        }
        let (brought, exported) =
            (matches!(action, Action::BroughtIn(_)), matches!(action, Action::Exported(_)));
        let effects = reduce(&mut self.state, action);
        if brought {
            self.importer = None;
        }
        if exported || !matches!(self.state.over, Over::Export(_)) {
            self.exporter = None;
        }
        if computes {
            self.compute = None;
            self.measure.computed();
            browser::show_title(self.state.title());
        }
        if was_dark != self.state.is_dark() {
            browser::show_theme(self.state.is_dark());
        }
        self.perform(context, effects);
        true
    }

    fn view(&self, context: &Context<Page>) -> Html {
        let send = context.link().callback(Message::Act);
        if self.state.embed { view::embed(&self.state, &send) } else { view::playground(&self.state, &send) }
    }

    fn rendered(&mut self, _: &Context<Page>, _: bool) {
        // Children are done before their parents: the canvas is drawn by now.
        self.measure.drawn();
    }
}

impl Page {
    fn perform(&mut self, context: &Context<Page>, effects: Vec<Effect>) {
        for effect in effects {
            self.perform_one(context, effect);
        }
    }

    fn perform_one(&mut self, context: &Context<Page>, effect: Effect) {
        let send = context.link().callback(Message::Act);
        match effect {
            Effect::Compute if self.compute.is_none() => {
                self.compute = Frame::request(move |_| send.emit(Action::Compute));
            }
            Effect::Compute => {}
            Effect::Remember => {
                let remember = context.link().callback(|()| Message::Remember);
                self.remember = Some(Timeout::new(REMEMBER_MS, move || remember.emit(())));
            }
            Effect::Copy(text) => {
                browser::copy(text, send.reform(|done| Action::Copied { done, link: false }))
            }
            Effect::CopyLink => match self.state.link().and_then(|hash| browser::address(&hash)) {
                Some(address) => {
                    browser::copy(address, send.reform(|done| Action::Copied { done, link: true }))
                }
                None => send.emit(Action::Copied { done: false, link: true }),
            },
            Effect::FetchPage(code) => {
                let address = format!("explain/{code}.md");
                let explained = send.reform(move |text: Result<String, String>| Action::Explained {
                    code: code.clone(),
                    text: text.ok(),
                });
                browser::fetch_text(address, explained);
            }
            Effect::StartLive(number) => self.live = LiveRun::start(&self.state, number, send),
            Effect::StopLive => self.live.iter().for_each(LiveRun::cancel),
            Effect::DropLive => self.live = None,
            // Waits for the frame, so that what is to have the focus is there.
            Effect::Focus(place) => self.focus = Some(Timeout::new(0, move || browser::focus(place))),
            Effect::DismissLater(number) => {
                self.dismiss = Some(Timeout::new(NOTICE_MS, move || send.emit(Action::Dismiss(number))));
            }
            Effect::Animate => {
                let frame = context.link().callback(Message::Frame);
                self.animate = Frame::request(move |at| frame.emit(at));
            }
            Effect::Rest => (self.animate, self.last_frame) = (None, None),
            Effect::FetchByHand(id, language) => {
                let fetched = send.reform(move |text: Result<String, String>| {
                    Action::Fetched(ByHand { id, language, text: text.map(Into::into) })
                });
                browser::fetch_text(language.address(id).unwrap_or_default(), fetched);
            }
            Effect::BringIn(text) => {
                let done = send.reform(|answer: Result<Vec<String>, String>| {
                    Action::BroughtIn(answer.map(|texts| texts.concat()))
                });
                self.importer = Module::start(Part::Importer, vec![text.to_string()], done);
            }
            Effect::Export(text, seed) => {
                let seed = seed.map(|seed| seed.to_string()).unwrap_or_default();
                let done = send.reform(Action::Exported);
                self.exporter = Module::start(Part::Exporter, vec![text.to_string(), seed], done);
            }
            Effect::OpenPlayground => {
                if let Some(address) = self.state.link().and_then(|hash| browser::address(&hash)) {
                    browser::open(&address);
                }
            }
        }
    }

    /// An embed keeps nothing: the host page owns the address, and its text is in its link.
    fn write_down(&mut self) {
        self.remember = None;
        if self.state.embed {
            return;
        }
        storage::write(Key::Text, &self.state.text);
        storage::write(Key::Theme, self.state.theme.name());
        storage::write(Key::Sizes, &self.state.sizes.print());
        storage::write(Key::Seed, &self.state.seed_text);
        if let Some(hash) = self.state.link() {
            browser::show_hash(&hash);
        }
    }
}
