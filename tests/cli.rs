//! The `taskscope` command as a person meets it: what it prints where, and its exit status.
#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use taskscope::export::jsonl;

/// As the language's own page has it.
const FIRST: &str = r#"scenario "Order dashboard"
seed 7

limiter api = 2

fn fetch_part(name, delay) {
  with api {
    sleep delay
    log "{name} ready"
    return name
  }
}

timeout 3s {
  scope dashboard {
    task user   { fetch_part("user", 400ms) }
    task orders { fetch_part("orders", 1.2s) }
    task prefs  { sleep 250ms  fail ValueError "prefs are corrupt" }
  }
}
catch ValueError as group {
  log "lost: {group}"
}
"#;

/// What a command did.
struct Done {
    status: i32,
    out: String,
    err: String,
}

/// Runs the command in `folder` with `input` on its standard input.
fn command(folder: &Path, args: &[&str], input: &[u8]) -> Done {
    let mut child = Command::new(env!("CARGO_BIN_EXE_taskscope"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // Whoever does not read its input closes the pipe: that is its right.
    drop(stdin.write_all(input));
    drop(stdin);
    let output = child.wait_with_output().expect("the command ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Done { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// An empty folder of its own for each test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(test);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a writable folder");
    folder
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a scenario from standard input.
fn run(text: &str, more: &[&str]) -> Done {
    command(here(), &[&["run", "-"], more].concat(), text.as_bytes())
}

/// What a run prints, with its status; nothing may stand on standard error.
#[track_caller]
fn check(text: &str, status: i32, expected: &str) {
    let done = run(text, &[]);
    assert_eq!(done.out, expected, "{text}");
    assert_eq!((done.status, done.err.as_str()), (status, ""), "{text}");
}

#[test]
fn the_first_scenario() {
    let expected = "0.250000  main  lost: ValueError: prefs are corrupt\noutcome: ok\nelapsed: 0.250000\n";
    check(FIRST, 0, expected);
    let crlf = FIRST.replace('\n', "\r\n");
    check(&format!("\u{feff}{crlf}"), 0, expected);
}

#[test]
fn the_fixed_lines_of_the_trace() {
    // Without the handler, the failure leaves the root.
    let text = FIRST
        .split("catch")
        .next()
        .expect("a handler")
        .replace("task prefs  { sleep 250ms", "task prefs  { sleep 500ms");
    let done = run(&text, &["--format", "jsonl"]);
    assert_eq!((done.status, done.err.as_str()), (1, ""));
    let lines: Vec<&str> = done.out.lines().collect();
    let header =
        r#"{"format":"taskscope-trace","version":1,"scenario":"Order dashboard","seed":7,"clock":"virtual"}"#;
    assert_eq!(lines.first(), Some(&header));
    let end = r#"{"t_us":500000,"event":"run_end","outcome":"failed","errors":[{"kind":"ValueError","message":"prefs are corrupt","task":"main/dashboard/prefs"}]}"#;
    assert_eq!(lines.last(), Some(&end));
    for fixed in [
        r#"{"t_us":400000,"task":"main/dashboard/user","event":"log","text":"user ready"}"#,
        r#"{"t_us":400000,"task":"main/dashboard/user","event":"task_end","result":"ok"}"#,
        r#"{"t_us":500000,"task":"main/dashboard/prefs","event":"task_end","result":"failed"}"#,
        r#"{"t_us":500000,"task":"main/dashboard/orders","event":"task_end","result":"cancelled"}"#,
        r#"{"t_us":500000,"task":"main","event":"task_end","result":"failed"}"#,
    ] {
        assert!(lines.contains(&fixed), "{fixed}\nis not among\n{}", done.out);
    }
    let trace = jsonl::read(&done.out).expect("a trace");
    assert_eq!(jsonl::write(&trace), done.out);
}

#[test]
fn a_failed_run_prints_its_errors_as_a_tree() {
    let text = r#"expect 1 == 2 "one is not two"
scope outer collect {
  task a { sleep 1s  fail A "1\nand more" }
  scope inner {
    task b { sleep 500ms  fail B "" }
    task c { try { sleep 3s } finally { fail C "late" } }
    sleep 2s
  }
}
expect elapsed == 3s
"#;
    let expected = r"outcome: failed
elapsed: 1.000000
errors:
  outer
    inner
      B  main/outer/inner/b  0.500000  line 5, cause
      C: late  main/outer/inner/c  0.500000  line 6, raised during cancellation
    A: 1\nand more  main/outer/a  1.000000  line 3, cause
  ExpectationFailed: one is not two  main  0.000000  line 1, expectation
  ExpectationFailed: elapsed == 3s  main  1.000000  line 10, expectation
";
    check(text, 1, expected);
}

#[test]
fn a_deadlock_says_who_waits_for_what() {
    let text = "limiter a = 1\nlimiter b = 1\nscope s {\n  task x { with a { sleep 10ms  with b { } } }\n  \
                task y { with b { sleep 10ms  with a { } } }\n}\n";
    let expected = "outcome: deadlock\nelapsed: 0.010000\nwaiting:\n  main/s/x and main/s/y wait for each other:\n  \
                    main/s/x waits for limiter `b`, held by main/s/y\n  \
                    main/s/y waits for limiter `a`, held by main/s/x\n  and because of that:\n  \
                    main waits for the children of main/s\n";
    check(text, 1, expected);
}

#[test]
fn what_never_ends_stops_at_a_limit_and_says_which() {
    let why = |text: &str| {
        let done = run(text, &[]);
        assert_eq!((done.status, done.err.as_str()), (1, ""), "{text}");
        assert!(done.out.starts_with("outcome: limit\nelapsed: "), "{text}\n{}", done.out);
        done.out.lines().last().unwrap_or_default().to_owned()
    };
    assert!(why("while true { }\n").starts_with("  stopped after 2000000 steps"));
    assert!(why("for i in 1 to 10000000 { task t { } }\n").starts_with("  stopped at 250000 tasks"));
    assert!(why("while true { sleep 90min }\n").contains("24 hours"));
}

#[test]
fn the_status_says_whether_the_run_went_as_it_should() {
    for (text, status, outcome) in [
        ("", 0, "ok"),
        ("log \"a\"\n", 0, "ok"),
        ("fail Boom \"x\"\n", 1, "failed"),
        ("fail Boom \"x\"\nexpect outcome == \"failed\"\n", 0, "failed"),
        ("fail Boom \"x\"\nexpect \"failed\" == outcome\n", 0, "failed"),
        ("fail Boom \"x\"\nexpect outcome == \"ok\"\n", 1, "failed"),
        ("expect 1 == 2\nexpect outcome == \"failed\"\n", 0, "failed"),
        ("expect elapsed == 1s\n", 1, "failed"),
        ("expect outcome == \"ok\"\nexpect elapsed == 1s\n", 1, "failed"),
        ("expect outcome != \"ok\"\n", 1, "failed"),
        ("limiter shut = 0\nwith shut { }\n", 1, "deadlock"),
        ("limiter shut = 0\nwith shut { }\nexpect outcome == \"deadlock\"\n", 0, "deadlock"),
        ("shutdown at 1s\nsleep 2s\n", 1, "cancelled"),
        ("shutdown at 1s\nsleep 2s\nexpect outcome == \"cancelled\"\n", 0, "cancelled"),
        ("while true { }\nexpect outcome == \"limit\"\n", 0, "limit"),
    ] {
        let done = run(text, &[]);
        assert_eq!(done.status, status, "{text}\n{}{}", done.out, done.err);
        assert!(done.out.lines().any(|line| line == format!("outcome: {outcome}")), "{text}\n{}", done.out);
    }
}

#[test]
fn diagnostics_show_the_line_and_a_caret() {
    let expected = r#"error[E020]: nothing is called `nmae` here
 --> <stdin>:2:11
  |
2 |   log "é {nmae}"
  |           ^^^^
  |
help: did you mean `name`?
  |
2 -   log "é {nmae}"
2 +   log "é {name}"
  |

"#;
    let done = run("let name = 1\n  log \"é {nmae}\"\n", &[]);
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (2, "", expected));
}

#[test]
fn broken_texts_are_answered_with_their_place() {
    for (text, said, place) in [
        ("log \"a\"\nscope s {\n  log \"b\"\n", "error[E012]: this `{` is never closed", "<stdin>:2:9"),
        ("slep 100ms\n", "error[E011]: no statement begins with `slep`", "<stdin>:1:1"),
        ("with api { sleep 1s }\n", "error[E020]: `api` is not declared", "<stdin>:1:6"),
        ("log \"a\"\r\n\u{1f980} log \"b\"\r\n", "error[E003]", "<stdin>:2:1"),
        ("log \"a", "error[E004]: this text is never closed", "<stdin>:1:5"),
        ("\u{feff}log x", "error[E020]: nothing is called `x`", "<stdin>:1:5"),
    ] {
        let done = run(text, &[]);
        assert_eq!((done.status, done.out.as_str()), (2, ""), "{text}");
        assert!(done.err.starts_with(said), "{text}\n{}", done.err);
        assert!(done.err.contains(&format!(" --> {place}\n")), "{text}\n{}", done.err);
        assert!(done.err.contains('^') && !done.err.contains('\u{1b}'), "a caret, no colours\n{}", done.err);
    }
}

#[test]
fn a_line_of_a_megabyte_gets_a_short_answer() {
    let long = "a".repeat(1_000_000);
    let half = "a".repeat(400_000);
    for text in
        [long.clone(), format!("log \"{long}"), format!("log \"{half}"), format!("log \"{half}{{x}}\"\n")]
    {
        let done = run(&text, &[]);
        assert_eq!((done.status, done.out.as_str()), (2, ""));
        assert!(done.err.starts_with("error[E"), "{}", done.err);
        assert!(done.err.len() < 2_000, "{} bytes were said", done.err.len());
    }
    let nonsense = "slep 1s }\n".repeat(20_000);
    let done = run(&nonsense, &[]);
    assert_eq!(done.status, 2);
    assert!(done.err.len() < 100_000, "{} bytes were said", done.err.len());
}

#[test]
fn a_warning_is_said_and_changes_nothing() {
    let done = run("work 2s\nlog \"on\"\n", &[]);
    assert_eq!((done.status, done.out.as_str()), (0, "2.000000  main  on\noutcome: ok\nelapsed: 2.000000\n"));
    assert!(done.err.starts_with("warning[W03]: "), "{}", done.err);
    assert!(done.err.contains(" --> <stdin>:1:1\n"), "{}", done.err);
}

#[test]
fn check_reads_every_file_and_runs_none() {
    let folder = folder("check");
    fs::write(folder.join("good.scope"), FIRST).expect("a writable file");
    fs::write(folder.join("warned.scope"), "work 2s\n").expect("a writable file");
    fs::write(folder.join("bad.scope"), "log \"a\"\nlog \"{x}\"\n").expect("a writable file");
    let done = command(&folder, &["check", "good.scope"], b"");
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (0, "", ""));
    let done = command(&folder, &["check", "good.scope", "warned.scope"], b"");
    assert_eq!((done.status, done.out.as_str()), (0, ""), "a warning is no error");
    assert!(done.err.contains(" --> warned.scope:1:1\n"), "{}", done.err);
    let done =
        command(&folder, &["check", "bad.scope", "missing.scope", "-", "warned.scope"], b"log \"{y}\"\n");
    assert_eq!((done.status, done.out.as_str()), (2, ""));
    for said in [" --> bad.scope:2:7\n", "`missing.scope`", " --> <stdin>:1:7\n", " --> warned.scope:1:1\n"] {
        assert!(done.err.contains(said), "{said}\n{}", done.err);
    }
}

#[test]
fn fmt_lays_out_in_place_and_touches_nothing_else() {
    let folder = folder("fmt");
    let (bad, good) = ("scope s{task a{sleep 1s}}# so\n", "scope s { task a { sleep 1s } }  # so\n");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a writable file");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("the file is there");
    write("bad.scope", bad);
    write("good.scope", good);
    write("broken.scope", "scope  s {\n");
    let done = command(&folder, &["fmt", "--check", "good.scope"], b"");
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (0, "", ""));
    let done = command(&folder, &["fmt", "--check", "good.scope", "bad.scope", "-"], b"log  1");
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (1, "bad.scope\n<stdin>\n", ""));
    assert_eq!(read("bad.scope"), bad, "a check writes nothing");
    let done = command(&folder, &["fmt", "broken.scope", "bad.scope", "good.scope"], b"");
    assert_eq!((done.status, done.out.as_str()), (2, ""));
    assert!(
        done.err.contains("error[E012]") && done.err.contains(" --> broken.scope:1:10\n"),
        "{}",
        done.err
    );
    assert_eq!((read("bad.scope").as_str(), read("good.scope").as_str()), (good, good));
    assert_eq!(read("broken.scope"), "scope  s {\n", "nothing is lost");
    let done = command(&folder, &["fmt", "-"], bad.as_bytes());
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (0, good, ""));
    let done = command(&folder, &["fmt", "--check", "nowhere.scope", "bad.scope"], b"");
    assert_eq!(done.status, 2, "a file that cannot be read is worse than one that is laid out otherwise");
}

#[test]
fn explain_prints_a_page_or_the_list() {
    let done = command(here(), &["explain", "w03"], b"");
    assert_eq!((done.status, done.err.as_str()), (0, ""));
    assert!(
        done.out.starts_with("W03: work that blocks the event loop\n\nAll tasks share one"),
        "{}",
        done.out
    );
    assert!(done.out.contains("\n      task report { work 400ms }\n"), "{}", done.out);
    assert!(done.out.contains("\nAt run time:\n\nNothing else runs for 400 ms."), "{}", done.out);
    assert!(done.out.contains("\nThe scenario `37-blocked-loop` of the gallery shows it.\n"), "{}", done.out);
    let list = command(here(), &["explain"], b"");
    assert_eq!((list.status, list.err.as_str()), (0, ""));
    assert!(list.out.lines().count() > 50, "{}", list.out);
    assert!(list.out.lines().any(|line| line == "E020  a name that nothing has"), "{}", list.out);
    let done = command(here(), &["explain", "W99"], b"");
    assert_eq!((done.status, done.out.as_str()), (2, ""));
    assert_eq!(done.err, "error: there is no code `W99`; `taskscope explain` lists them\n");
}

#[test]
fn bad_command_lines_and_files_end_with_two() {
    let folder = folder("bad");
    fs::write(folder.join("a.scope"), "").expect("a writable file");
    fs::write(folder.join("bytes.scope"), b"log \"a\"\n\xff\xfe").expect("a writable file");
    let cases: &[(&[&str], &str)] = &[
        (&[], "Usage: taskscope"),
        (&["dance"], "unrecognized subcommand 'dance'"),
        (&["run"], "<FILE>"),
        (&["run", "a.scope", "b.scope"], "unexpected argument 'b.scope'"),
        (&["run", "a.scope", "--format", "sculpture"], "[possible values: text, jsonl, chrome, svg]"),
        (&["run", "a.scope", "--seed", "many"], "invalid digit"),
        (&["run", "a.scope", "--seed", "-1"], "invalid value '-1'"),
        (&["run", "nowhere.scope"], "error: cannot read `nowhere.scope`: no such file or directory\n"),
        (&["run", "."], "error: cannot read `.`: it is a directory\n"),
        (
            &["run", "bytes.scope"],
            "error: cannot read `bytes.scope`: it is not UTF-8: the first bad byte is in line 2\n",
        ),
        (
            &["run", "a.scope", "-o", "no/where"],
            "error: cannot write `no/where`: no such file or directory\n",
        ),
        (&["run", "a.scope", "-o", "."], "error: cannot write `.`: it is a directory\n"),
        (&["check"], "<FILE>"),
        (&["fmt"], "<FILE>"),
        (&["check", "nowhere.scope"], "cannot read `nowhere.scope`"),
    ];
    for (args, said) in cases {
        let done = command(&folder, args, b"");
        assert_eq!((done.status, done.out.as_str()), (2, ""), "{args:?}");
        assert!(done.err.contains(said), "{args:?}\n{}", done.err);
        assert!(!done.err.contains("panicked"), "{args:?}\n{}", done.err);
    }
    let help = command(&folder, &["--help"], b"");
    assert_eq!((help.status, help.err.as_str()), (0, ""));
}

#[test]
fn the_seed_decides_and_the_same_seed_gives_the_same_bytes() {
    let text = "seed 5\nfor i in 1 to 5 { sleep 1us..1s }\nlog \"{now()}\"\n";
    let with = |seed: &str| run(text, &["--format", "jsonl", "--seed", seed]).out;
    assert_eq!(with("1"), with("1"));
    assert_ne!(with("1").split_once('\n').map(|it| it.1), with("2").split_once('\n').map(|it| it.1));
    assert_eq!(run(text, &["--format", "jsonl"]).out, with("5"), "the seed of the text is the default");
    assert_eq!(run(text, &["--seed", "18446744073709551615"]).status, 0);
}

#[test]
fn the_output_goes_where_it_is_sent() {
    let folder = folder("output");
    fs::write(folder.join("a.scope"), "log \"a\"\n").expect("a writable file");
    let expected = "0.000000  main  a\noutcome: ok\nelapsed: 0.000000\n";
    let done = command(&folder, &["run", "a.scope", "-o", "out.txt"], b"");
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(folder.join("out.txt")).expect("the file is there"), expected);
    assert_eq!(command(&folder, &["run", "a.scope", "-o", "-"], b"").out, expected);
}

#[test]
fn a_reader_who_leaves_early_does_no_harm() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_taskscope"))
        .args(["run", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"for i in 1 to 5000 { log \"line {i}\" }\n").expect("the command reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_scenario_goes_home_as_a_program_or_a_chart() {
    let done = command(here(), &["export", "--to", "python", "-"], FIRST.as_bytes());
    assert_eq!((done.status, done.err.as_str()), (0, ""));
    for line in [
        "async def main():",
        "async with asyncio.TaskGroup() as dashboard:",
        "async with asyncio.timeout(3):",
    ] {
        assert!(done.out.lines().any(|it| it.trim() == line), "{line}\nis not among\n{}", done.out);
    }
    let folder = folder("export");
    let file = command(&folder, &["export", "-", "--to", "python", "-o", "home.py"], FIRST.as_bytes());
    assert_eq!((file.status, file.out.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(folder.join("home.py")).expect("a file"), done.out);
    let chart = command(here(), &["export", "--to", "mermaid", "-"], FIRST.as_bytes());
    assert_eq!((chart.status, chart.err.as_str()), (0, ""));
    assert!(
        chart.out.contains("\ngantt\n") && chart.out.contains("\n    prefs#58; ValueError"),
        "{}",
        chart.out
    );
    let rust = command(here(), &["export", "--to", "rust", "-"], FIRST.as_bytes());
    assert_eq!((rust.status, rust.err.as_str()), (0, ""));
    for line in ["fn main() -> ExitCode {", "if let Some(group) = catch.take::<ValueError>() {"] {
        assert!(rust.out.lines().any(|it| it.trim() == line), "{line}\nis not among\n{}", rust.out);
    }
    let no_form = b"race { task a { let both = gather { task b { } } } }";
    let refused = command(here(), &["export", "--to", "rust", "-"], no_form);
    assert_eq!((refused.status, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("cannot be taken home as Rust: "), "{}", refused.err);
    let broken = command(here(), &["export", "--to", "python", "-"], b"sleep");
    assert_eq!((broken.status, broken.out.as_str()), (2, ""));
    assert!(broken.err.contains("<stdin>:1"), "{}", broken.err);
    let unknown = command(here(), &["export", "--to", "cobol", "-"], b"sleep 1s");
    assert_eq!((unknown.status, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("python") && unknown.err.contains("mermaid"), "{}", unknown.err);
    let missing = command(&folder, &["export", "--to", "python", "none.scope"], b"");
    assert_eq!(missing.status, 2);
    assert_eq!(missing.err, "error: cannot read `none.scope`: no such file or directory\n");
}

#[test]
fn a_run_as_a_picture_and_for_other_viewers() {
    let picture = run(FIRST, &["--format", "svg"]);
    assert_eq!((picture.status, picture.err.as_str()), (0, ""));
    assert!(picture.out.starts_with("<svg ") && picture.out.ends_with("</svg>\n"), "{}", picture.out);
    for name in ["Order dashboard", "user", "orders", "prefs"] {
        assert!(picture.out.contains(name), "the picture names {name}");
    }
    let chrome = run(FIRST, &["--format", "chrome"]);
    assert_eq!((chrome.status, chrome.err.as_str()), (0, ""));
    let file: serde_json::Value = serde_json::from_str(&chrome.out).expect("JSON");
    assert!(file["traceEvents"].as_array().is_some_and(|events| events.len() > 20), "{}", chrome.out);
}
