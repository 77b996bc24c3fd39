//! What the importer says of small programs, and that no text makes it panic.

use super::*;

fn harms(python: &str) -> Vec<(u32, String)> {
    let found = import(python).findings.into_iter().filter(|it| it.sort == Sort::Harm);
    found.map(|it| (it.line, it.text)).collect()
}

fn scenario(python: &str) -> String {
    let imported = import(python);
    assert!(imported.is_whole(), "{:?}", imported.findings);
    imported.scenario
}

#[test]
fn each_forbidden_pattern_is_flagged_at_its_line() {
    let inside = |body: &str| format!("async def f():\n    {body}\n");
    let cases = [
        ("time.sleep(1)", "blocks the event loop"),
        ("asyncio.create_task(g())", "leaks"),
        ("asyncio.run(g())", "a loop is running already"),
        ("asyncio.sleep(1)", "never awaited"),
        ("await asyncio.gather(g(), h())", "siblings run on"),
        ("await client.get(url)", "may wait for ever"),
        ("await asyncio.gather(*[client.get(u) for u in urls], return_exceptions=True)", "bounds how many"),
        ("try:\n        await g()\n    except asyncio.CancelledError:\n        pass", "swallows"),
        ("async with asyncio.timeout(1):\n        yield 1", "whoever uses the generator"),
    ];
    for (body, said) in cases {
        let found = harms(&inside(body));
        assert!(found.iter().any(|(_, text)| text.contains(said)), "{body}: {found:?}");
        assert!(found.iter().all(|(line, _)| (2..=4).contains(line)), "{body}: {found:?}");
    }
}

#[test]
fn what_is_right_is_not_flagged() {
    let inside = |body: &str| format!("async def f():\n    {body}\n");
    for body in [
        "await asyncio.sleep(1)",
        "async with asyncio.timeout(5):\n        await client.get(url)",
        "await asyncio.wait_for(client.get(url), 5)",
        "try:\n        await g()\n    except asyncio.CancelledError:\n        await h()\n        raise",
        "task.cancel()\n    try:\n        await task\n    except asyncio.CancelledError:\n        pass",
        "t = asyncio.create_task(g())\n    await t",
    ] {
        assert_eq!(harms(&inside(body)), [], "{body}");
    }
    assert_eq!(harms("import time\ntime.sleep(1)\n"), [], "a script may sleep");
}

#[test]
fn a_missing_await_runs_nothing() {
    let text =
        scenario("async def f():\n    print('f')\n\nasync def main():\n    f()\n\nasyncio.run(main())\n");
    assert!(text.contains("# Never runs, because nothing awaits it: f\n"), "{text}");
    assert!(text.ends_with("\nmain()\n"), "{text}");
}

#[test]
fn shared_things_are_declared_wherever_they_are_made() {
    let python = "async def worker(jobs, gate):\n    async with gate:\n        job = await jobs.get()\n\n\
        async def main():\n    jobs = asyncio.Queue(3)\n    gate = asyncio.Semaphore(2)\n    await worker(jobs, gate)\n";
    let text = scenario(python);
    assert!(text.contains("limiter gate = 2\nqueue jobs = 3\n"), "{text}");
    assert!(text.contains("fn worker() {\n  with gate {\n    let job = take jobs\n"), "{text}");
}

#[test]
fn names_that_would_be_keywords_get_another_spelling() {
    let text = scenario("async def main(task):\n    queue = task\n    print(queue)\n");
    assert!(text.contains("fn main(task_) {\n  let queue_ = task_\n  log \"{queue_}\"\n"), "{text}");
}

#[test]
fn a_variable_that_is_read_outside_of_its_block_is_declared_there() {
    let text = scenario(
        "async def main(ready):\n    if ready:\n        word = 'yes'\n    else:\n        word = 'no'\n    print(word)\n",
    );
    assert!(text.contains("  let word = none\n  if ready {\n    word = \"yes\"\n"), "{text}");
}

#[test]
fn what_has_no_counterpart_is_said_with_its_line_and_left_out() {
    let imported = import("async def main():\n    print('a')\n    x = {1, 2}\n    print(f'{x:>5}')\n");
    let said: Vec<u32> = imported.findings.iter().map(|it| it.line).collect();
    assert_eq!(said, [3, 4]);
    assert!(
        imported.scenario.contains("  log \"a\"\n  # No counterpart: x = {1, 2}\n"),
        "{}",
        imported.scenario
    );
}

#[test]
fn generators_that_use_themselves_end() {
    let text = "async def g():\n    async for x in g():\n        yield x\n\nasync def main():\n    async for y in g():\n        print(y)\n";
    assert!(!import(text).is_whole());
    let text = "class C:\n    async def __aenter__(self):\n        async with C() as c:\n            pass\n\
        \n    async def __aexit__(self, *e):\n        pass\n\nasync def main():\n    async with C() as c:\n        pass\n";
    assert!(!import(text).is_whole());
}

#[test]
fn no_python_is_said_with_its_line() {
    let imported = import("async def main():\n    await (\n");
    assert_eq!(imported.findings.len(), 1);
    assert_eq!(imported.findings[0].sort, Sort::Broken);
    assert_eq!(imported.scenario, "");
    assert_eq!(import(&" ".repeat(MAX_LENGTH_BYTES + 1)).findings[0].sort, Sort::Broken);
    let deep = format!("x = {}1{}\n", "(".repeat(5000), ")".repeat(5000));
    assert!(import(&deep).scenario.len() < 100);
    let nested = (0..500).fold(String::new(), |text, depth| format!("{text}{}if x:\n", " ".repeat(depth)));
    let _ = import(&format!("{nested}{}pass\n", " ".repeat(500)));
}

/// Texts that begin well and are cut anywhere, or lack a line: an answer for each.
#[test]
fn pieces_of_programs_give_an_answer() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/import");
    let files = std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path());
    let mut count = 0;
    for path in files.filter(|path| path.extension().is_some_and(|ending| ending == "py")) {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let lines: Vec<&str> = text.lines().collect();
        for left_out in 0..lines.len() {
            let kept: Vec<&str> =
                lines.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, line)| *line).collect();
            let _ = import(&kept.join("\n"));
            count += 1;
        }
        for end in (0..text.len()).step_by(13).filter(|end| text.is_char_boundary(*end)) {
            let _ = import(&text[..end]);
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn a_half_statement_leaves_no_names_behind() {
    let imported =
        import("async def main(xs):\n    ys = [x + {1} for x in xs]\n    for x in xs:\n        print(x)\n");
    assert!(imported.scenario.contains("  # No counterpart: ys = "), "{}", imported.scenario);
    assert!(imported.scenario.contains("  for x in xs {\n    log \"{x}\"\n"), "{}", imported.scenario);
}

#[test]
fn a_handler_takes_what_derives_from_its_kind() {
    let text = scenario(
        "class Closed(Exception):\n    pass\n\nclass Early(Closed):\n    pass\n\n\
         async def main():\n    try:\n        raise Early('no')\n    except Closed as e:\n        print(e)\n",
    );
    assert!(text.contains("catch Closed as e {") && text.contains("catch Early as e {"), "{text}");
}

#[test]
fn of_a_value_one_may_ask_whether_it_is_an_error() {
    let text = scenario(
        "async def f(is_error):\n    return 1 if isinstance(is_error, Exception) else 2\n\nprint(await f(3))\n",
    );
    assert!(text.contains("fn is_error_(value) {\n"), "{text}");
    assert!(text.contains("if is_error_(is_error) {"), "{text}");
    let other = import("if isinstance(x, int):\n    pass\n");
    assert!(other.findings.iter().any(|it| it.text.contains("whether it is an error")), "{other:?}");
}

#[test]
fn a_request_that_blocks_is_work_and_gives_nothing() {
    let text = scenario("async def f():\n    requests.get('https://a.example')\n\nawait f()\n");
    assert!(text.contains("fn f() {\n  work 100ms\n}"), "{text}");
    let kept = import("answer = requests.get('https://a.example')\n");
    assert!(!kept.is_whole(), "{kept:?}");
}

#[test]
fn a_client_that_may_not_be_there_may_only_be_closed() {
    let class = "class Api:\n    def __init__(self):\n        self.session = None\n\n    async def start(self):\n        \
                 self.session = aiohttp.ClientSession()\n\n    async def end(self):\n        if self.session:\n            ";
    assert!(import(&format!("{class}await self.session.close()\n")).is_whole());
    let used = import(&format!("{class}print('there')\n"));
    assert!(used.findings.iter().any(|it| it.text.contains("whether there is a client")), "{used:?}");
}

#[test]
fn an_engine_is_a_pool_of_connections() {
    let text = scenario(
        "engine = create_async_engine('sqlite://', pool_size=2)\n\nasync with engine.connect() as c:\n    \
         await c.execute('select 1')\n",
    );
    assert!(text.contains("pool engine = 2 of engine_connection, overflow 10\n"), "{text}");
    assert!(text.contains("with engine {\n"), "{text}");
    assert!(!import("engine = create_async_engine('sqlite://', pool_size=size)\n").is_whole());
}
