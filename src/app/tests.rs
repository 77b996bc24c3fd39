//! The application as a reader uses it: one action after the other, and what is there then.

use std::rc::Rc;

use super::commands::Command;
use super::settings::{Divider, Key, Tab, Theme};
use super::{
    Action, Boot, BringIn, ByHand, Effect, Explanation, Export, Focus, Hit, Language, Motion, Over, Piece,
    Run, State, Target, Texts, boot, commands, file_name, gallery, reduce, share,
};
use crate::event::{Event, Outcome};
use crate::time::Time;
use crate::trace::Stamped;

const DASHBOARD: &str =
    "scope board {\n  task user { sleep 400ms }\n  task prefs { sleep 250ms  fail ValueError \"no\" }\n}\n";

/// A page that computes when it is asked to, as the frame after an edit does.
struct Page {
    state: State,
    effects: Vec<Effect>,
}

impl Page {
    fn open(boot_with: Boot) -> Page {
        let (state, effects) = boot(&boot_with);
        let mut page = Page { state, effects: Vec::new() };
        page.carry_out(effects);
        page.act(Action::Resize { width: 900.0, height: 400.0 });
        page
    }

    fn with_text(text: &str) -> Page {
        let hash = share::encode(text, &share::Settings::default()).expect("small");
        Page::open(Boot { hash, ..Boot::default() })
    }

    fn act(&mut self, action: Action) -> &mut Page {
        let effects = reduce(&mut self.state, action);
        self.carry_out(effects);
        self
    }

    fn command(&mut self, command: Command) -> &mut Page {
        self.act(Action::Do(command))
    }

    fn edit(&mut self, text: &str) -> &mut Page {
        self.act(Action::Edit(text.into()))
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        self.effects.clone_from(&effects);
        for effect in effects {
            if effect == Effect::Compute {
                let more = reduce(&mut self.state, Action::Compute);
                self.effects.extend(more);
            }
        }
    }

    fn run(&self) -> &Run {
        self.state.run.as_deref().expect("something ran")
    }

    fn lane(&self, name: &str) -> u32 {
        let lanes = &self.run().layout.lanes;
        lanes.iter().position(|lane| &*lane.label == name).unwrap_or_else(|| panic!("no lane {name}")) as u32
    }
}

#[test]
fn the_first_visit_shows_the_first_entry_of_the_gallery_running() {
    let page = Page::open(Boot::default());
    let first = gallery::entries().remove(0);
    assert_eq!(&*page.state.text, first.text);
    assert_eq!(page.state.example, Some(first.id));
    assert_eq!(page.run().outcome(), Some(Outcome::Ok));
    assert_eq!(
        page.state.link(),
        Some(format!("#ex/{}", first.id)),
        "a short link as long as it is unchanged"
    );
}

#[test]
fn every_entry_of_the_gallery_runs() {
    for entry in gallery::entries() {
        let mut page = Page::open(Boot::default());
        page.act(Action::Open(entry.id));
        assert_eq!(page.state.problem_counts().0, 0, "{}: {:?}", entry.id, page.state.problems);
        assert!(page.run().outcome().is_some(), "{}", entry.id);
    }
}

#[test]
fn a_broken_text_keeps_the_last_run_and_says_so() {
    let mut page = Page::with_text(DASHBOARD);
    assert_eq!(page.run().end(), Time::from_us(250_000));
    let before = page.state.run.clone();
    page.edit("scope board {\n");
    assert!(page.state.stale && page.state.broken());
    assert!(page.state.run.as_ref().zip(before.as_ref()).is_some_and(|(now, then)| Rc::ptr_eq(now, then)));
    assert!(page.state.lit().is_none(), "places in the old text are not lit in the new one");
    page.edit(DASHBOARD);
    assert!(!page.state.stale && !page.state.broken());
}

#[test]
fn what_was_kept_comes_back_and_a_link_comes_first() {
    let kept =
        vec![(Key::Text, "sleep 1s".to_string()), (Key::Theme, "dark".to_string()), (Key::Seed, "9".into())];
    let page = Page::open(Boot { kept: kept.clone(), ..Boot::default() });
    assert_eq!((&*page.state.text, page.state.theme, page.state.seed()), ("sleep 1s", Theme::Dark, Some(9)));
    let hash = share::encode("sleep 2s", &share::Settings::default()).expect("small");
    let page = Page::open(Boot { kept: kept.clone(), hash, ..Boot::default() });
    assert_eq!((&*page.state.text, page.state.seed()), ("sleep 2s", None), "another's link, another's seed");
    let page = Page::open(Boot { kept, hash: "#reset".into(), ..Boot::default() });
    assert_eq!(&*page.state.text, gallery::entries()[0].text, "the way out of a text that does harm");
    let page = Page::open(Boot { hash: "#v9.x.y".into(), ..Boot::default() });
    assert!(page.state.notice.is_some_and(|notice| notice.text.contains("another version")));
}

#[test]
fn selection_folding_and_window_survive_an_edit() {
    let mut page = Page::with_text(DASHBOARD);
    let (user, board) = (page.lane("user"), page.lane("board"));
    page.act(Action::Select(Some(Hit::Name(user))));
    page.act(Action::Move(Motion::Zoom { factor: 0.5, about_us: Some(100_000.0) }));
    let port = page.state.view.port;
    page.edit(&DASHBOARD.replace("scope board {", "scope board {\n  task early { sleep 10ms }"));
    assert_eq!(page.state.selected, Some(Hit::Name(page.lane("user"))), "known again by its path");
    assert_ne!(page.lane("user"), user);
    assert_eq!(page.state.view.port.map(|port| port.from_us), port.map(|port| port.from_us));
    page.act(Action::Fold(board));
    page.edit(DASHBOARD);
    assert!(page.state.view.collapsed.contains(&page.lane("board")));
    page.command(Command::Fit).edit(&DASHBOARD.replace("250ms", "350ms"));
    assert!(page.state.view.is_fitted(), "a view of all stays one");
}

#[test]
fn the_text_and_the_timeline_light_each_other_up() {
    let mut page = Page::with_text(DASHBOARD);
    let user = page.lane("user");
    page.act(Action::Hover(Some(Hit::Name(user))));
    let lit = page.state.lit().expect("the task's place");
    assert_eq!(page.state.lines.line(lit.start), 2);
    page.act(Action::Hover(None)).act(Action::Select(Some(Hit::Name(user))));
    assert_eq!(page.state.goto.map(|goto| page.state.lines.line(goto.span.start)), Some(2));
    assert_eq!(page.state.tab, Tab::Inspector);
    page.act(Action::Cursor(DASHBOARD.find("400ms").expect("there") as u32));
    let beside =
        page.state.picture().beside.and_then(|hit| crate::timeline::lane_of(&page.run().layout, hit));
    assert_eq!(beside, Some(user), "the task, not the scope around it");
}

#[test]
fn the_playhead_steps_from_event_to_event() {
    let mut page = Page::with_text(DASHBOARD);
    page.command(Command::Start);
    let mut seen = vec![page.state.playhead.expect("set")];
    for _ in 0..10 {
        page.command(Command::StepForward);
        seen.push(page.state.playhead.expect("set"));
    }
    seen.dedup();
    assert_eq!(seen, [Time::ZERO, Time::from_us(250_000)]);
    page.command(Command::StepBack);
    assert_eq!(page.state.playhead, Some(Time::ZERO));
    page.command(Command::Play);
    assert!(page.effects.contains(&Effect::Animate));
    page.act(Action::Tick(60_000_000));
    assert_eq!(
        (page.state.playhead, page.state.playing),
        (Some(Time::from_us(250_000)), false),
        "it ends at the end"
    );
}

#[test]
fn escape_closes_one_thing_after_the_other() {
    let mut page = Page::with_text(DASHBOARD);
    page.act(Action::Select(Some(Hit::Name(0)))).act(Action::Seek(Some(Time::ZERO)));
    page.act(Action::Range(Some((Time::ZERO, Time::from_us(5))))).command(Command::Gallery);
    page.command(Command::Clear);
    assert!(page.state.over == Over::Nothing && page.state.range.is_some());
    page.command(Command::Clear);
    assert!(page.state.range.is_none() && page.state.selected.is_some());
    page.command(Command::Clear);
    assert!(page.state.selected.is_none() && page.state.playhead.is_some());
    page.command(Command::Clear);
    assert!(page.state.playhead.is_none());
}

#[test]
fn the_palette_carries_out_its_marked_row() {
    let mut page = Page::with_text(DASHBOARD);
    page.command(Command::Palette).act(Action::PaletteQuery("show the log".into()));
    page.act(Action::PaletteMove(99)).act(Action::PaletteRun);
    assert_eq!((page.state.tab, &page.state.over), (Tab::Log, &Over::Nothing));
    page.command(Command::Palette)
        .act(Action::PaletteQuery("nothing has this".into()))
        .act(Action::PaletteRun);
    assert!(matches!(page.state.over, Over::Palette { .. }), "nothing to carry out");
}

#[test]
fn a_fix_is_an_edit_like_any_other() {
    let mut page = Page::with_text("");
    page.edit("slep 1s\n");
    let at =
        page.state.problems.iter().position(|problem| problem.hints.iter().any(|hint| hint.fix.is_some()));
    let at = at.expect("the checker knows the word");
    let hint = page.state.problems[at].hints.iter().position(|hint| hint.fix.is_some()).expect("just seen");
    page.act(Action::Fix(at, hint));
    assert_eq!(&*page.state.text, "sleep 1s\n");
    assert!(!page.state.broken());
    page.act(Action::Fix(7, 7));
}

#[test]
fn formatting_is_an_edit_and_leaves_a_broken_text_alone() {
    let mut page = Page::with_text("scope s{task a{sleep 1s}}");
    page.command(Command::Format);
    assert_eq!(&*page.state.text, "scope s { task a { sleep 1s } }\n");
    assert!(page.effects.contains(&Effect::Remember));
    page.command(Command::Format);
    assert_eq!(page.effects, [], "nothing to do");
    page.edit("scope  s {").command(Command::Format);
    assert_eq!(&*page.state.text, "scope  s {");
    assert!(page.state.notice.as_ref().is_some_and(|notice| notice.text.contains("errors")));
}

#[test]
fn an_explanation_is_fetched_when_it_is_asked_for() {
    let mut page = Page::with_text("work 400ms");
    page.act(Action::Explain("W03".into()));
    assert!(page.effects.contains(&Effect::FetchPage("W03".into())), "{:?}", page.effects);
    assert_eq!(page.state.over, Over::Explanation { code: "W03".into(), page: Explanation::Coming });
    page.act(Action::Explained { code: "W05".into(), text: None });
    assert!(
        matches!(&page.state.over, Over::Explanation { page: Explanation::Coming, .. }),
        "of another code"
    );
    let text = include_str!("../lang/explain/W03.md");
    page.act(Action::Explained { code: "W03".into(), text: Some(text.into()) });
    let Over::Explanation { page: Explanation::There { title, pieces }, .. } = &page.state.over else {
        panic!("no page: {:?}", page.state.over);
    };
    assert_eq!(title, "work that blocks the event loop");
    let id = pieces.iter().find_map(|it| if let Piece::Gallery(entry) = it { Some(entry.id) } else { None });
    page.act(Action::Open(id.expect("a scenario that shows it")));
    assert_eq!((page.state.over.clone(), page.state.example), (Over::Nothing, id));
    page.act(Action::Explain("W03".into()))
        .act(Action::Explained { code: "W03".into(), text: Some("<html>".into()) });
    assert!(matches!(&page.state.over, Over::Explanation { page: Explanation::Missing, .. }));
    page.command(Command::Clear);
    assert_eq!(page.state.over, Over::Nothing);
}

#[test]
fn a_live_run_waits_for_run_and_a_new_one_drops_the_old() {
    let mut page = Page::with_text(DASHBOARD);
    page.act(Action::Live(true));
    assert!(page.state.live_run.is_none() && page.state.picture().notice.contains("virtual time"));
    page.command(Command::Run);
    assert_eq!(page.effects, [Effect::StartLive(1)]);
    let events: Vec<Stamped> = page.run().trace.events.clone();
    let (last, first) = events.split_last().expect("a whole run");
    page.act(Action::LiveEvents { run: 1, events: first.to_vec() });
    assert!(page.run().is_live() && page.run().outcome().is_none() && !page.state.stale);
    page.command(Command::Run);
    page.act(Action::LiveEvents { run: 1, events: vec![last.clone()] });
    assert_eq!(page.state.live_run, Some(2), "what the old one still says is not heard");
    page.act(Action::LiveEvents { run: 2, events: events.clone() });
    assert_eq!(page.effects, [Effect::DropLive]);
    assert!(page.state.live_run.is_none() && matches!(last.event, Event::RunEnd { .. }));
    page.edit("sleep 1s");
    assert!(page.state.stale && page.run().is_live(), "no other run until it is asked for");
}

#[test]
fn stop_asks_first_and_drops_then() {
    let mut page = Page::with_text(DASHBOARD);
    page.act(Action::Live(true)).command(Command::Run).command(Command::Stop);
    assert_eq!((&page.effects[..], page.state.live_run), (&[Effect::StopLive][..], Some(1)));
    page.command(Command::Stop);
    assert_eq!((&page.effects[..], page.state.live_run), (&[Effect::DropLive][..], None));
}

#[test]
fn other_sites_are_asked_only_after_the_reader_was() {
    let mut page = Page::with_text("fetch \"https://example.org/\"\n");
    page.act(Action::Live(true)).command(Command::Run);
    assert!(page.state.asks_fetch && page.state.live_run.is_none());
    page.act(Action::AllowFetch(false));
    assert_eq!(
        (page.state.fetch_answer, page.state.live_run),
        (Some(false), Some(1)),
        "it runs, and is refused there"
    );
}

#[test]
fn settings_stay_within_bounds() {
    let mut page = Page::with_text(DASHBOARD);
    page.act(Action::Divide(Divider::Editor, 3.0)).act(Action::Divide(Divider::Tabs, f64::NAN));
    assert_eq!((page.state.sizes.editor, page.state.sizes.tabs), (10.0, 34.0));
    page.act(Action::Seed("seven".into()));
    assert!(page.state.seed_is_wrong() && page.run().trace.header.seed == 0);
    page.act(Action::Seed("7".into())).act(Action::NextSeed);
    assert_eq!((page.state.seed(), page.run().trace.header.seed), (Some(8), 8));
}

#[test]
fn no_action_does_harm_where_nothing_has_run() {
    let mut page = Page::with_text("}");
    assert!(page.state.run.is_none());
    for entry in commands::COMMANDS {
        page.command(entry.command);
    }
    for hit in [Hit::Bar(9), Hit::Mark(9), Hit::Name(9), Hit::Fold(9)] {
        page.act(Action::Hover(Some(hit))).act(Action::Select(Some(hit))).act(Action::Fold(9));
    }
    page.edit("sleep 1s");
    for hit in [Hit::Bar(999), Hit::Mark(999), Hit::Name(999), Hit::Fold(999)] {
        page.act(Action::Hover(Some(hit))).act(Action::Select(Some(hit))).act(Action::Fold(999));
        for entry in commands::COMMANDS {
            page.command(entry.command);
        }
        assert_eq!(page.state.picture().about(hit), []);
    }
}

#[test]
fn an_entry_is_read_in_another_language_once_it_was_fetched() {
    let mut page = Page::open(Boot::default());
    let id = page.state.example.expect("an entry is open");
    page.act(Action::Read(Language::Python));
    assert_eq!(page.effects, [Effect::FetchByHand(id, Language::Python)]);
    assert!(page.state.by_hand().is_none(), "it is on its way");
    let program = ByHand { id, language: Language::Python, text: Ok("import asyncio".into()) };
    page.act(Action::Fetched(program.clone()));
    assert_eq!(page.state.by_hand(), Some(&program));
    page.act(Action::Read(Language::Scenario)).act(Action::Read(Language::Python));
    assert_eq!(page.effects, [], "it is not fetched twice");
    let failed = ByHand { id, language: Language::Rust, text: Err("no connection".into()) };
    page.act(Action::Read(Language::Rust)).act(Action::Fetched(failed)).act(Action::Read(Language::Rust));
    assert_eq!(page.effects, [Effect::FetchByHand(id, Language::Rust)], "what failed is tried again");
    page.edit("sleep 1s\n");
    assert_eq!(page.state.language, Language::Scenario, "a text of one's own has no other languages");
    page.act(Action::Read(Language::Rust));
    assert_eq!((page.state.language, page.effects.is_empty()), (Language::Scenario, true));
}

#[test]
fn python_in_the_editor_is_brought_in_if_the_reader_wants_it() {
    let python = "import asyncio\n\nasync def main():\n    await asyncio.sleep(1)\n\nasyncio.run(main())\n";
    let mut page = Page::with_text(DASHBOARD);
    assert_eq!(page.state.bring_in, BringIn::Nothing);
    page.edit(python);
    assert_eq!(page.state.bring_in, BringIn::Offered);
    page.act(Action::BringIn(false)).edit(&format!("{python}\n"));
    assert_eq!(page.state.bring_in, BringIn::Declined, "not asked again while it is Python");
    page.edit("sleep 1s\n").edit(python).act(Action::BringIn(true));
    assert_eq!(page.effects, [Effect::BringIn(python.into())]);
    assert_eq!(page.state.bring_in, BringIn::Working);
    page.act(Action::BroughtIn(Ok("sleep 1s\n".into())));
    assert_eq!(&*page.state.text, "sleep 1s\n");
    assert_eq!(page.run().outcome_word(), "ok");
    page.edit(python).act(Action::BringIn(true)).edit("sleep 2s\n");
    page.act(Action::BroughtIn(Ok("sleep 1s\n".into())));
    assert_eq!(&*page.state.text, "sleep 2s\n", "what was typed meanwhile stays");
    page.edit(python).act(Action::BringIn(true)).act(Action::BroughtIn(Err("no connection".into())));
    assert_eq!(&*page.state.text, python);
    assert!(page.state.notice.as_ref().is_some_and(|notice| notice.text.contains("no connection")));
}

#[test]
fn a_scenario_is_taken_home_in_every_form_at_once() {
    let mut page = Page::with_text(DASHBOARD);
    page.act(Action::Seed("9".to_owned())).command(Command::Export);
    let wanted = [Effect::Focus(Focus::Field), Effect::Export(DASHBOARD.into(), Some(9))];
    assert_eq!(page.effects, wanted);
    let Over::Export(export) = &page.state.over else { panic!("the sheet is open") };
    assert_eq!((export.target, &export.texts, export.text()), (Target::Python, &Texts::Coming, None));

    let texts: Vec<String> = Target::ALL.iter().map(|target| format!("in {}", target.name())).collect();
    page.act(Action::Exported(Ok(texts)));
    let text = |page: &Page| match &page.state.over {
        Over::Export(export) => export.text().map(str::to_owned),
        _ => None,
    };
    assert_eq!(text(&page).as_deref(), Some("in python"));
    page.act(Action::ExportAs(Target::Mermaid));
    assert_eq!(text(&page).as_deref(), Some("in mermaid"));

    page.command(Command::Clear);
    assert_eq!(page.state.over, Over::Nothing);
    page.command(Command::Export);
    assert_eq!(text(&page), None, "written anew, for the text may be another");
    let Over::Export(export) = &page.state.over else { panic!("the sheet is open") };
    assert_eq!(export.target, Target::Mermaid, "the form that was read last");
    page.command(Command::Export);
    assert_eq!(page.state.over, Over::Nothing);
    page.act(Action::Exported(Err("too late".to_owned())));
    assert_eq!(page.state.over, Over::Nothing);
}

#[test]
fn what_cannot_be_taken_home_says_why() {
    let reason = |page: &Page| match &page.state.over {
        Over::Export(Export { texts: Texts::Missing(reason), .. }) => reason.clone(),
        other => panic!("{other:?}"),
    };
    let mut page = Page::with_text("sleep");
    page.command(Command::Export);
    assert_eq!(page.effects, [Effect::Focus(Focus::Field)], "nothing is loaded for it");
    assert!(reason(&page).contains("has errors"), "{}", reason(&page));
    let mut page = Page::with_text(DASHBOARD);
    page.command(Command::Export).act(Action::Exported(Err("the exporter gave no answer".to_owned())));
    assert_eq!(reason(&page), "The scenario could not be taken home: the exporter gave no answer.");
}

#[test]
fn a_file_has_the_name_of_its_scenario() {
    assert_eq!(file_name("Order dashboard", Target::Python), "order-dashboard.py");
    assert_eq!(file_name("../Größe: 3 / \"x\"", Target::Mermaid), "größe-3-x.mmd");
    assert_eq!(file_name(" ?", Target::Python), "scenario.py");
}
