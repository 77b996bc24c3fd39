//! The one place that names all phases, from text to picture.

use std::rc::Rc;

use futures::FutureExt;

use crate::diag::Diagnostic;
use crate::event::{Event, Outcome};
pub use crate::export::Target;
pub use crate::export::rust::Refusal;
use crate::host::Host;
use crate::host::sim::SimHost;
use crate::interp::{Execution, limits};
use crate::lang;
pub use crate::lang::plan::Plan;
use crate::lang::plan::{BinaryOp, Expectation, ExprKind, Fact, Literal};
pub use crate::lang::{Class, CompletionKind, complete, explain, format, highlight, hover};
use crate::order;
use crate::render::{Options, RULER_PX, Scene, Theme, gutter_px, scene};
use crate::span::Span;
use crate::timeline::{Collapsed, Geometry, Layout, Rows, Viewport};
use crate::trace::{Clock, Header, Recorder, Trace};

/// What the text means, as far as it means something.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Ready to run; none if there is an error.
    pub plan: Option<Rc<Plan>>,
    /// Everything there is to say about the text, in its order.
    pub diagnostics: Vec<Diagnostic>,
    /// Where a task may wait, in order.
    pub pauses: Vec<Span>,
}

/// Text → tree → diagnostics and plan.
pub fn compile(text: &str) -> Compiled {
    let (file, mut diagnostics) = lang::parse(text);
    diagnostics.extend(lang::check(&file));
    order::by_key(&mut diagnostics, |diagnostic| diagnostic.span);
    let runs = !diagnostics.iter().any(Diagnostic::is_error);
    let plan = runs.then(|| Rc::new(lang::lower(&file)));
    Compiled { plan, diagnostics, pauses: lang::suspension_points(&file) }
}

/// Plan → trace, in virtual time. The same plan and seed give the same trace everywhere.
pub fn simulate(plan: &Rc<Plan>, seed: Option<u64>) -> Trace {
    let header = header(plan, seed, Clock::Virtual);
    let host: Rc<dyn Host> = Rc::new(SimHost::new(header.seed));
    let (execution, recorder) = start(plan, host);
    // Virtual time waits for nothing real: one poll runs to the end.
    execution.now_or_never();
    Trace { header, events: recorder.take() }
}

/// Plan and world → a run to be driven, and the recorder that fills while it runs.
pub fn start(plan: &Rc<Plan>, host: Rc<dyn Host>) -> (Execution, Rc<Recorder>) {
    // The run's own limit comes first; the recorder's is there in case that it fails.
    let recorder = Rc::new(Recorder::new(2 * limits::MAX_EVENTS));
    (Execution::new(plan.clone(), host, recorder.clone()), recorder)
}

/// What a trace of `plan` says of itself. A seed that is given here wins over the text's.
pub fn header(plan: &Plan, seed: Option<u64>, clock: Clock) -> Header {
    let scenario = plan.scenario.as_deref().unwrap_or_default().to_string();
    Header { scenario, seed: seed.or(plan.seed).unwrap_or(0), clock }
}

/// Trace → picture of the whole run, for a file: every lane open, nothing pointed at.
pub fn picture(trace: &Trace) -> Scene {
    const WIDTH_PX: f64 = 1000.0;
    // Taller pictures are slow to open everywhere. Lanes become thinner first; what then does not fit is cut.
    const MOST_PX: f64 = 8000.0;
    let layout = Layout::new(trace);
    let rows = Rows::new(&layout, &Collapsed::new());
    let viewport = Viewport::fit(layout.end()).fit_lanes(rows.len(), MOST_PX);
    let height_px = (rows.len() as f64 * viewport.lane_px).min(MOST_PX) + RULER_PX;
    let gutter_px = gutter_px(&layout, &rows, WIDTH_PX);
    let geometry =
        Geometry { rows: &rows, viewport, width_px: WIDTH_PX, height_px, gutter_px, ruler_px: RULER_PX };
    scene(&layout, &geometry, &Options::plain(Theme::light()))
}

/// Plan → the scenario in a form to take home. A seed that is given here wins over the text's.
///
/// # Errors
/// Where the target has no form for something of the scenario.
pub fn take_home(plan: &Rc<Plan>, seed: Option<u64>, target: Target) -> Result<String, Refusal> {
    match seed {
        Some(_) => target.write(&Plan { seed, ..(**plan).clone() }, || simulate(plan, seed)),
        None => target.write(plan, || simulate(plan, None)),
    }
}

/// Whether a run went as its text wants it to: it ended `ok`, or `expect outcome == …` names the end that it had.
pub fn succeeded(plan: &Plan, trace: &Trace) -> bool {
    let Some(Event::RunEnd { outcome, .. }) = trace.events.last().map(|last| &last.event) else {
        return false;
    };
    let mut wanted = plan.expectations.iter().filter_map(wanted_outcome);
    *outcome == Outcome::Ok || wanted.any(|wanted| wanted == outcome.name())
}

/// The outcome that `expect outcome == "failed"` wants; none for every other expectation.
fn wanted_outcome(expectation: &Expectation) -> Option<&str> {
    let ExprKind::Binary(BinaryOp::Eq, left, right) = &expectation.condition.kind else { return None };
    match (&left.kind, &right.kind) {
        (ExprKind::Fact(Fact::Outcome), ExprKind::Literal(Literal::Str(wanted)))
        | (ExprKind::Literal(Literal::Str(wanted)), ExprKind::Fact(Fact::Outcome)) => Some(wanted),
        _ => None,
    }
}
