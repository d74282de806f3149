"""Stop a learner's code that does not end by itself."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

PATIENCE = 5.0  # so many seconds after the limit the learner is told that the code cannot be stopped from here
STUCK = (
    "Your code is in one long step that cannot be stopped from here. "
    "Choose Kernel > Restart Kernel, change that code, then run the cells above again."
)


class TimeLimitReached(BaseException):
    """Raised inside code that ran longer than its limit; no ``except Exception`` swallows it."""


class Interrupted(KeyboardInterrupt):
    """Raised inside limited code when a person interrupts it: not the same as code that raises KeyboardInterrupt."""


STOPS = (TimeLimitReached, Interrupted)


def run_limited(function: Callable[[], Any], seconds: float) -> Any:
    """Return ``function()``, stopped if it takes longer than about `seconds`.

    The stop is an interrupt, like Ctrl-C, sent until it gets through, also from a loop around a bare ``except:``. It
    arrives between two steps of Python code: a long call into compiled code is cut short only if that looks for
    signals, as `re` and powers of whole numbers do. Where there are timers (not on Windows) an alarm is sent as well, which
    needs no thread of Python and comes through where interrupts are switched off. Interrupts reach a program's main
    thread only, where notebooks run their cells; in another thread there is no limit.

    Raises:
        TimeLimitReached: if the limit was reached.
        Interrupted: if a person interrupted it; anything else that `function` raises passes through.

    >>> run_limited(lambda: sum(range(10)), seconds=1)
    45
    """
    if threading.current_thread() is not threading.main_thread():
        return function()
    main = threading.get_ident()
    state = {"expired": False, "inside": False, "over": False}
    waiting = threading.Lock()
    waiting.acquire()
    has_alarm = hasattr(signal, "setitimer")
    numbers = (signal.SIGINT, signal.SIGALRM) if has_alarm else (signal.SIGINT,)
    previous, tracer = [signal.getsignal(number) for number in numbers], sys.gettrace()

    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ()) if hasattr(signal, "pthread_sigmask") else None

    def interrupted(number: int, frame: Any) -> None:
        if has_alarm and number == signal.SIGALRM:
            state["expired"] = True
        if not state["inside"]:
            return
        if not state["expired"]:
            raise Interrupted
        # A loop around a bare `except:` swallows this one. Its next line then raises again, outside its `try`.
        while frame is not None and frame.f_code is not run_limited.__code__:
            frame.f_trace = next_line
            frame = frame.f_back
        sys.settrace(lambda *event: None)
        raise TimeLimitReached

    def next_line(frame: Any, event: str, argument: Any) -> Any:
        if event == "line" and state["inside"]:
            raise TimeLimitReached
        return next_line

    def watch() -> None:
        if waiting.acquire(timeout=seconds):
            return
        state["expired"] = True
        told = time.monotonic() + PATIENCE
        while not state["over"]:
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(main, signal.SIGINT)
            else:
                _thread.interrupt_main()
            time.sleep(0.01)
            if told and time.monotonic() > told:
                told = 0.0
                with suppress(Exception):
                    print(STUCK, file=getattr(sys.stdout, "uncut", sys.stdout), flush=True)

    watcher = threading.Thread(target=watch, name="time limit", daemon=True)
    for number in numbers:
        signal.signal(number, interrupted)
    if has_alarm:
        signal.setitimer(signal.ITIMER_REAL, seconds + 0.2, 0.2)
    watcher.start()
    try:
        state["inside"] = True
        return function()
    finally:
        state["inside"], state["over"] = False, True  # from here on nothing more is raised
        if has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if state["expired"]:
            sys.settrace(tracer)
        waiting.release()
        watcher.join()
        if mask is not None:  # interrupts that were blocked meanwhile arrive here, where nobody minds
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
