import asyncio
import sys


class Main(Task):
    """The root of all tasks. What comes from outside at an instant of the run comes right before its turn."""

    def __init__(self, coroutine, stimuli):
        super().__init__(coroutine, Place("main"))
        self.stimuli = sorted(stimuli, key=lambda stimulus: stimulus[0])
        self.rank, self.stimulated, self.cut, self.ended = (0,), False, False, False
        self.soon()

    def arm(self):
        if self.stimuli:
            loop.call_at(begin + self.stimuli[0][0], self)

    def __call__(self):
        self.stimulated = True
        self.soon()

    def interrupted(self):
        if self.stimulated and not (self.over or self.cancelled):
            self.stimulated, self.running = False, True
            self.stimuli.pop(0)[1](self)
            self.running = False
            if self.cancelled:
                self.drop()
                return True
            self.arm()
        return False

    def turn(self):
        self.in_line = False
        if not self.started:
            self.arm()
        if not self.interrupted():
            super().turn()

    def end(self, value=None, failure=None):
        super().end(value, failure)
        for task in detached:
            task.cancel()
        self.stop_when_all_is_over()

    def stop_when_all_is_over(self):
        if self.over and all(task.over for task in detached):
            loop.stop()

    def outcome(self):
        if loop.stuck:
            return "deadlock"
        if self.cut or self.cancelled and not self.failure:
            return "cancelled"
        return "failed" if self.failure or broken else "ok"


detached = []  # tasks that no scope waits for: they end with the run


def run(main, *stimuli, expectations=None):
    """Runs it for real, or in virtual time, and prints how it ended."""
    global loop, begin, main_task
    loop = VirtualLoop() if "--virtual" in sys.argv[1:] else RealLoop()
    begin = loop.time()
    main_task = Main(main, stimuli)
    loop.run_forever()
    main_task.ended = True
    for task in Task.live:
        task.coroutine.close()
    outcome = main_task.outcome()
    if expectations and isinstance(loop, VirtualLoop):  #? expectations
        expectations(outcome)  #? expectations
        outcome = main_task.outcome()  #? expectations
    print(f"outcome: {outcome}")
    print(f"elapsed: {now():.6f}")
    if main_task.failure and not isinstance(loop, VirtualLoop):
        raise main_task.failure
    report(main_task.failure)
    sys.exit(outcome != "ok")


class RealLoop(asyncio.SelectorEventLoop):
    stuck = False
