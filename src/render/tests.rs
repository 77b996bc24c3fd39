//! Pictures of runs written by hand: what must be in them at any zoom, and how much they may hold.
//!
//! To look at them: `TASKSCOPE_PICTURES=DIR cargo test --lib pictures` writes each as SVG into that folder.

use super::scene::{Command, Glyph};
use super::{Fill, Ink, MINIMAP_PX, Options, RULER_PX, Scene, Theme, gutter_px, minimap, scene, svg};
use crate::event::{End, Event, Reason, ResourceKind, ScopeKind, Target, Wait};
use crate::ids::TaskId;
use crate::time::Time;
use crate::timeline::{Collapsed, Geometry, Hit, Layout, Rank, Rows, Viewport};
use crate::trace::Trace;
use crate::trace::script::{Script, order_dashboard};

const MAIN: TaskId = TaskId::ROOT;

fn geometry<'a>(
    layout: &Layout,
    rows: &'a Rows,
    viewport: Viewport,
    width: f64,
    height: f64,
) -> Geometry<'a> {
    let gutter_px = gutter_px(layout, rows, width);
    Geometry { rows, viewport, width_px: width, height_px: height, gutter_px, ruler_px: RULER_PX }
}

fn picture(
    trace: &Trace,
    theme: Theme,
    (width, height): (f64, f64),
    change: impl Fn(&Layout, &mut Options),
) -> Scene {
    let layout = Layout::new(trace);
    let rows = Rows::new(&layout, &Collapsed::new());
    let viewport = Viewport::fit(layout.end()).fit_lanes(rows.len(), height - RULER_PX);
    let mut options = Options::plain(theme);
    change(&layout, &mut options);
    scene(&layout, &geometry(&layout, &rows, viewport, width, height), &options)
}

/// Every state, end and kind of mark once.
fn showcase() -> Trace {
    let mut run = Script::new("Every state");
    let api = run.resource(ResourceKind::Limiter, "api", 2);
    let lock = run.resource(ResourceKind::Lock, "ledger", 1);
    let outer = run.open(MAIN, None, ScopeKind::Timeout, "timeout");
    run.deadline(outer, 1800);
    let scope = run.open(MAIN, Some(outer), ScopeKind::Scope, "checkout");
    let child = |run: &mut Script, name: &str| run.spawn(MAIN, Some(scope), name);
    let cart = child(&mut run, "cart");
    let stock = child(&mut run, "stock");
    let price = child(&mut run, "price");
    let resize = child(&mut run, "resize_images_for_the_catalogue");
    let report = child(&mut run, "report");
    let quotes = child(&mut run, "quotes");
    run.wait(MAIN, Wait::Children(scope));
    run.acquire(cart, api).wait(cart, Wait::Fetch { url: "/api/cart/17".into() });
    run.acquire(stock, api).wait(stock, Wait::Fetch { url: "/api/stock".into() });
    run.wait(price, Wait::Resource { resource: api, ahead: 0 });
    run.wait(resize, Wait::Worker { what: "primes(200000)".into() });
    run.sleep(report, 260);
    let race = run.open(quotes, Some(scope), ScopeKind::Race, "fastest");
    let (fast, slow) = (run.spawn(quotes, Some(race), "fast"), run.spawn(quotes, Some(race), "slow"));
    run.wait(quotes, Wait::Children(race)).sleep(fast, 500).sleep(slow, 900);
    run.at_ms(260).wake(report).log(report, "first page").work(report, 160);
    run.log(report, "second page").sleep(report, 1500);
    run.at_ms(500).wake(fast).finish(fast, End::Ok).cancel(
        Target::Task(slow),
        Reason::LostRace(race, fast),
        Some(quotes),
    );
    run.wake(slow).push(Event::CleanupStart { task: slow }).sleep(slow, 640).at_ms(640).wake(slow);
    run.push(Event::CleanupEnd { task: slow }).finish(slow, End::Cancelled).wake(quotes).close(race, End::Ok);
    run.push(Event::Mark { task: quotes, text: "quote chosen".into(), span: None });
    run.wait(quotes, Wait::Resource { resource: lock, ahead: 0 });
    run.at_ms(700)
        .wake(cart)
        .release(cart, api)
        .wake(price)
        .acquire(price, api)
        .acquire(cart, lock)
        .sleep(cart, 1000);
    run.wait(price, Wait::Fetch { url: "/api/price".into() });
    run.at_ms(1000).wake(cart).release(cart, lock).finish(cart, End::Ok).wake(quotes).acquire(quotes, lock);
    run.sleep(quotes, 1150).at_ms(1150).wake(quotes).release(quotes, lock).finish(quotes, End::Ok);
    run.at_ms(1300).wake(stock).release(stock, api).raise(stock, "HttpError", "503 /api/stock");
    run.finish(stock, End::Failed).wake(MAIN);
    run.cancel(Target::Scope(scope), Reason::SiblingFailed(scope, stock), Some(MAIN));
    for task in [price, resize, report] {
        run.wake(task);
        if task == price {
            run.release(task, api).push(Event::CleanupStart { task }).sleep(task, 1450);
        } else {
            run.finish(task, End::Cancelled);
        }
    }
    run.at_ms(1450).wake(price).push(Event::CleanupEnd { task: price }).finish(price, End::Cancelled);
    run.close(scope, End::Failed).close(outer, End::Failed).sleep(MAIN, 1600).at_ms(1600).wake(MAIN);
    run.end()
}

/// A limiter of `permits` and `count` tasks that each hold it for a while; every 37th fails and is caught.
fn crowd(count: u32, permits: usize) -> Trace {
    let mut run = Script::new("Crowd");
    let api = run.resource(ResourceKind::Limiter, "api", permits as u64);
    let scope = run.open(MAIN, None, ScopeKind::Collect, "crawl");
    let tasks: Vec<TaskId> = (0..count).map(|n| run.spawn(MAIN, Some(scope), &format!("get-{n}"))).collect();
    run.wait(MAIN, Wait::Children(scope));
    let mut free: Vec<u64> = vec![0; permits];
    let mut turns: Vec<(u64, u32, TaskId)> = Vec::new();
    for (n, task) in (0u64..).zip(&tasks) {
        let slot = (0..permits).min_by_key(|slot| free[*slot]).unwrap_or(0);
        let length = 40 + (n * 7919) % 160;
        turns.push((free[slot], 1, *task));
        turns.push((free[slot] + length, 0, *task));
        free[slot] += length;
    }
    for task in &tasks[permits.min(tasks.len())..] {
        run.wait(*task, Wait::Resource { resource: api, ahead: 0 });
    }
    turns.sort();
    for (ms, begins, task) in turns {
        run.at_ms(ms);
        match begins {
            1 => {
                if ms > 0 {
                    run.wake(task);
                }
                run.acquire(task, api).wait(task, Wait::Fetch { url: format!("/item/{}", task.0).into() });
            }
            _ if task.0 % 37 == 5 => {
                run.wake(task).release(task, api).raise(task, "HttpError", "503");
                run.finish(task, End::Failed);
            }
            _ => {
                run.wake(task).release(task, api).finish(task, End::Ok);
            }
        }
    }
    run.wake(MAIN).close(scope, End::Failed);
    run.end()
}

#[test]
fn pictures() {
    let hover = |layout: &Layout, options: &mut Options| {
        options.hover = layout
            .lanes
            .iter()
            .position(|lane| &*lane.label == "orders")
            .map(|lane| Hit::Bar(layout.bars_of(lane as u32).start as u32));
        options.playhead = Some(Time::from_us(120_000));
    };
    let plain = |_: &Layout, _: &mut Options| {};
    let all = [
        ("dashboard", picture(&order_dashboard(), Theme::light(), (1000.0, 220.0), plain)),
        ("dashboard-dark", picture(&order_dashboard(), Theme::dark(), (1000.0, 220.0), hover)),
        ("showcase", picture(&showcase(), Theme::light(), (1200.0, 380.0), plain)),
        ("showcase-dark", picture(&showcase(), Theme::dark(), (1200.0, 380.0), plain)),
        ("showcase-narrow", picture(&showcase(), Theme::light(), (360.0, 380.0), plain)),
        ("crowd-30", picture(&crowd(30, 4), Theme::light(), (1200.0, 600.0), plain)),
        ("crowd-100", picture(&crowd(100, 8), Theme::dark(), (1200.0, 600.0), plain)),
        ("crowd-1000", picture(&crowd(1000, 10), Theme::light(), (1200.0, 700.0), plain)),
    ];
    for (name, scene) in &all {
        let text = svg::write(scene);
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"), "{name}");
        assert_eq!(text.matches("<g").count(), text.matches("</g>").count(), "{name}: every group is closed");
        if let Some(folder) = std::env::var_os("TASKSCOPE_PICTURES") {
            let path = std::path::Path::new(&folder).join(format!("{name}.svg"));
            std::fs::write(path, text).expect("the folder exists");
        }
    }
    let trace = crowd(1000, 10);
    let layout = Layout::new(&trace);
    let strip = minimap(&layout, Viewport::fit(layout.end()).zoom(0.3, 5_000_000.0), 1200.0, Theme::light());
    assert_eq!(strip.height_px, MINIMAP_PX);
    assert!(!strip.overlay.commands.is_empty(), "a part is in view");
    if let Some(folder) = std::env::var_os("TASKSCOPE_PICTURES") {
        let path = std::path::Path::new(&folder).join("minimap.svg");
        std::fs::write(path, svg::write(&strip)).expect("the folder exists");
    }
}

/// How many pixels wide columns of this ink are on this row.
fn has_ink(scene: &Scene, row_top: f64, lane_px: f64, x: f64, wanted: Ink) -> bool {
    let on_row = |y: f64| (row_top - 2.0..row_top + lane_px + 2.0).contains(&y);
    scene.data.commands.iter().any(|command| match command {
        Command::Rect { rect, fill: Fill::Solid(ink), .. } => {
            *ink == wanted && on_row(rect.y + rect.height / 2.0) && (rect.x - x).abs() < 12.0
        }
        Command::Glyph { at, ink, .. } => *ink == wanted && on_row(at.y) && (at.x - x).abs() < 24.0,
        _ => false,
    })
}

#[test]
fn an_error_is_seen_at_any_zoom() {
    let trace = crowd(300, 10);
    let layout = Layout::new(&trace);
    let rows = Rows::new(&layout, &Collapsed::new());
    let mut asked = 0;
    for lane_px in [24.0, 16.0, 11.0, 5.0, 2.0] {
        for factor in [20.0, 1.0, 0.2, 0.01] {
            let viewport = Viewport::fit(layout.end()).zoom(factor, 1_000_000.0).with_lanes(lane_px);
            let geometry = geometry(&layout, &rows, viewport, 1000.0, 640.0);
            let scene = scene(&layout, &geometry, &Options::plain(Theme::light()));
            let (plot, scale) = (geometry.plot(), geometry.scale());
            for row in geometry.visible() {
                for mark in layout.marks_of(rows.rows[row].lane, Rank::Failed) {
                    let x = scale.x(layout.marks[mark].at);
                    if (plot.x..plot.right() - 4.0).contains(&x) {
                        asked += 1;
                        let seen = has_ink(&scene, geometry.row_top(row), lane_px, x, Ink::Failed);
                        assert!(seen, "row {row} at x {x}, lanes of {lane_px}, zoom {factor}");
                    }
                }
            }
        }
    }
    assert!(asked > 50, "only {asked} marks were in view");
}

#[test]
fn what_points_at_a_deadline_beyond_the_edge_covers_nothing() {
    let trace = order_dashboard();
    let layout = Layout::new(&trace);
    let rows = Rows::new(&layout, &Collapsed::new());
    let viewport = Viewport::fit(layout.end());
    for width in (300..1200).step_by(7).map(f64::from) {
        let geometry = geometry(&layout, &rows, viewport, width, 300.0);
        let scene = scene(&layout, &geometry, &Options::plain(Theme::light()));
        let of = |wanted: Glyph| {
            move |command: &Command| match command {
                Command::Glyph { at, glyph, .. } if *glyph == wanted => Some(*at),
                _ => None,
            }
        };
        let flag = scene.data.commands.iter().find_map(of(Glyph::Flag)).expect("the deadline of 3 s");
        let arrow = scene.data.commands.iter().filter_map(of(Glyph::Folded)).find(|at| at.y == flag.y);
        let (left, right) = (flag.x - 5.0, arrow.expect("the edge is pointed at").x + 3.5);
        assert!(right <= width, "at {width}: {right}");
        let plot = geometry.plot().x;
        for command in &scene.data.commands {
            let (x, wide, what) = match command {
                Command::Glyph { at, glyph, size, .. } if at.y == flag.y => {
                    (at.x - size / 2.0, *size, format!("{glyph:?}"))
                }
                Command::Text { at, text, size, .. } if (at.y - flag.y).abs() < 8.0 => {
                    (at.x, super::text::width(text, *size), text.to_string())
                }
                _ => continue,
            };
            let own = what == "Flag" || what == "Folded" || what == "3 s" || x < plot;
            assert!(
                own || x + wide <= left || x >= right,
                "at {width}: {what} at {x}, flag {left} to {right}"
            );
        }
    }
}

#[test]
fn a_folded_group_still_shows_its_errors() {
    let layout = Layout::new(&crowd(300, 10));
    let rows = Rows::new(&layout, &Collapsed::from([1]));
    let viewport = Viewport::fit(layout.end()).with_lanes(2.0);
    let geometry = geometry(&layout, &rows, viewport, 1000.0, 640.0);
    let scene = scene(&layout, &geometry, &Options::plain(Theme::light()));
    for mark in layout.marks.iter().filter(|mark| mark.kind.rank() == Rank::Failed) {
        let x = geometry.scale().x(mark.at);
        assert!(has_ink(&scene, geometry.row_top(1), 2.0, x, Ink::Failed), "{x}");
    }
}

#[test]
fn a_frame_of_a_hundred_thousand_bars_stays_small() {
    let mut run = Script::new("many bars");
    let tasks: Vec<TaskId> = (0..100).map(|n| run.spawn(MAIN, None, &format!("t{n}"))).collect();
    for step in 0..1000 {
        run.at_us(step * 100);
        for task in &tasks {
            if step > 0 {
                run.wake(*task);
            }
            match (step + u64::from(task.0)) % 3 {
                0 => run.sleep(*task, 0),
                1 => run.wait(*task, Wait::Fetch { url: "/".into() }),
                _ => run.wait(*task, Wait::Worker { what: "w".into() }),
            };
        }
    }
    run.at_us(100_000);
    let trace = run.so_far();
    let layout = Layout::new(&trace);
    assert!(layout.bars.len() >= 99_000, "{}", layout.bars.len());
    let rows = Rows::new(&layout, &Collapsed::new());
    for lane_px in [2.0, 6.0, 24.0] {
        for factor in [1.0, 0.3, 0.05, 0.001] {
            let viewport = Viewport::fit(layout.end()).zoom(factor, 50_000.0).with_lanes(lane_px);
            let geometry = geometry(&layout, &rows, viewport, 1600.0, 900.0);
            let scene = scene(&layout, &geometry, &Options::plain(Theme::light()));
            assert!(scene.data.rects() <= 20_000, "{} at {lane_px} {factor}", scene.data.rects());
        }
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let mut run = Script::new("Two & one");
    run.sleep(MAIN, 10).at_ms(10).wake(MAIN);
    let trace = run.end();
    let small = || svg::write(&picture(&trace, Theme::light(), (240.0, 60.0), |_, _| {}));
    assert_eq!(small(), small());
    expect_test::expect![[r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="240" height="60" viewBox="0 0 240 60" role="img" aria-labelledby="s0c1d8fc3-title s0c1d8fc3-desc" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif" style="font-variant-numeric: tabular-nums">
        <title id="s0c1d8fc3-title">Two &amp; one</title>
        <desc id="s0c1d8fc3-desc">A run of 1 task that ended well after 0.01 s.</desc>
        <g>
        <clipPath id="s0c1d8fc3-clip0"><rect x="96" y="28" width="144" height="32"/></clipPath>
        <g clip-path="url(#s0c1d8fc3-clip0)">
        <rect x="96" y="28" width="144" height="32" fill="#ffffff"/>
        <rect x="96" y="28" width="0" height="32" fill="#f6f7f9"/>
        <rect x="222.72" y="28" width="17.28" height="32" fill="#f6f7f9"/>
        <line x1="96.5" y1="28" x2="96.5" y2="60" stroke="#e9ecf0" stroke-width="1"/>
        <line x1="222.5" y1="28" x2="222.5" y2="60" stroke="#e9ecf0" stroke-width="1"/>
        <rect x="96.5" y="33.5" width="124.72" height="13" rx="2" fill="#f1f3f6" stroke="#8894a5"/>
        <path d="M110.83 40C110.83 42.11 109.11 43.83 107 43.83C104.89 43.83 103.18 42.11 103.18 40C103.18 37.89 104.89 36.17 107 36.17C109.11 36.17 110.83 37.89 110.83 40Z" fill="none" stroke="#586270" stroke-width="1.35" stroke-linecap="round" stroke-linejoin="round"/>
        <path d="M107 37.98L107 40.23L108.58 41.35" fill="none" stroke="#586270" stroke-width="1.35" stroke-linecap="round" stroke-linejoin="round"/>
        <text x="116" y="44" font-size="12" fill="#586270">sleep</text>
        <line x1="155.26" y1="40.5" x2="216.72" y2="40.5" stroke="#c3cad3" stroke-width="1"/>
        <rect x="221.72" y="33" width="2" height="14" fill="#3f7d54"/>
        <path d="M228.35 40.23L230.82 42.7L235.32 37.3" fill="none" stroke="#3f7d54" stroke-width="1.35" stroke-linecap="round" stroke-linejoin="round"/>
        </g>
        <rect x="0" y="28" width="96" height="32" fill="#f6f7f9"/>
        <clipPath id="s0c1d8fc3-clip1"><rect x="0" y="28" width="96" height="32"/></clipPath>
        <g clip-path="url(#s0c1d8fc3-clip1)">
        <text x="22" y="44.55" font-size="13" fill="#1b2129">main</text>
        </g>
        <line x1="95.5" y1="0" x2="95.5" y2="60" stroke="#d5dae1" stroke-width="1"/>
        <rect x="0" y="0" width="240" height="28" fill="#f6f7f9"/>
        <line x1="96.5" y1="20.5" x2="96.5" y2="27.5" stroke="#8a95a5" stroke-width="1"/>
        <text x="100" y="18" font-size="12" fill="#586270">0</text>
        <line x1="121.5" y1="24.5" x2="121.5" y2="27.5" stroke="#c3cad3" stroke-width="1"/>
        <line x1="146.5" y1="24.5" x2="146.5" y2="27.5" stroke="#c3cad3" stroke-width="1"/>
        <line x1="172.5" y1="24.5" x2="172.5" y2="27.5" stroke="#c3cad3" stroke-width="1"/>
        <line x1="197.5" y1="24.5" x2="197.5" y2="27.5" stroke="#c3cad3" stroke-width="1"/>
        <line x1="222.5" y1="20.5" x2="222.5" y2="27.5" stroke="#8a95a5" stroke-width="1"/>
        <line x1="0" y1="27.5" x2="240" y2="27.5" stroke="#d5dae1" stroke-width="1"/>
        </g>
        <g>
        </g>
        </svg>
    "##]].assert_eq(&small());
}
