import asyncio
import contextlib
import io
import sys


def run(main, expectations=None):
    """Runs it for real, or in virtual time, and prints how it ended."""
    global loop, begin
    loop = VirtualLoop() if "--virtual" in sys.argv[1:] else asyncio.new_event_loop()
    begin = loop.time()
    task = loop.create_task(main, name="main")
    task.add_done_callback(lambda _: loop.stop())
    loop.run_forever()
    if not isinstance(loop, VirtualLoop):
        task.result()
    outcome = outcome_of(task)
    if expectations and isinstance(loop, VirtualLoop):  #? expectations
        expectations(outcome)  #? expectations
        outcome = outcome_of(task)  #? expectations
    print(f"outcome: {outcome}")
    print(f"elapsed: {now():.6f}")
    failure = task.exception() if task.done() else None  #? fails
    if failure:  #? fails
        report(failure)  #? fails
    if broken and not failure:  #? both
        print("errors:")  #? both
    if broken:  #? only
        print("errors:")  #? only
    for text, where, at in broken:  #? expect
        print(f"  ExpectationFailed: {text}  {where}  {at:.6f}  expectation")  #? expect
    if outcome == "deadlock":
        give_up()
    sys.exit(outcome != "ok")


def outcome_of(task):
    if not task.done():
        return "deadlock"
    if task.exception():  #? fails
        return "failed"  #? fails
    task.result()  #? safe
    return "failed" if broken else "ok"  #? expect
    return "ok"  #? trusting


def give_up():
    """Nothing can happen any more: ends what waits, unheard."""
    with contextlib.redirect_stdout(io.StringIO()):
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_forever()
