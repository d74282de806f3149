"""Stop a learner's code that does not end by itself."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any


class TimeLimitReached(BaseException):
    """Raised inside code that ran longer than its limit; no ``except Exception`` swallows it."""


def run_limited(function: Callable[[], Any], seconds: float) -> Any:
    """Return ``function()``, stopped if it takes longer than about `seconds`.

    The stop is an interrupt, like Ctrl-C, sent until it gets through, also from a loop around a bare ``except:``. It
    arrives between two steps of Python code: one long call into compiled code is not cut short. Interrupts reach a
    program's main thread only, where notebooks run their cells; in another thread there is no limit.

    Raises:
        TimeLimitReached: if the limit was reached; anything else that `function` raises passes through.

    >>> run_limited(lambda: sum(range(10)), seconds=1)
    45
    """
    if threading.current_thread() is not threading.main_thread():
        return function()
    main = threading.get_ident()
    state = {"expired": False, "inside": False, "over": False}
    waiting = threading.Lock()
    waiting.acquire()
    previous, tracer = signal.getsignal(signal.SIGINT), sys.gettrace()

    def interrupted(number: int, frame: Any) -> None:
        if not state["expired"] and callable(previous):
            previous(number, frame)  # the learner's own interrupt
        elif state["expired"] and state["inside"]:
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
        while not state["over"]:
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(main, signal.SIGINT)
            else:
                _thread.interrupt_main()
            time.sleep(0.01)

    watcher = threading.Thread(target=watch, name="time limit", daemon=True)
    signal.signal(signal.SIGINT, interrupted)
    watcher.start()
    try:
        state["inside"] = True
        return function()
    finally:
        state["inside"], state["over"] = False, True  # from here on nothing more is raised
        if state["expired"]:
            sys.settrace(tracer)
        waiting.release()
        watcher.join()
        signal.signal(signal.SIGINT, previous)
