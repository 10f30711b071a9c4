"""Something to be done the moment the process is told to stop. The server waits for open connections before it ends
its lifespan, so event streams have to hear of it here, or the stop would hang on them.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType


def before_exit(call: Callable[[], None]) -> None:
    """Have `call` run at SIGTERM and SIGINT before the handler that is there. Main thread only; else nothing."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        previous = signal.getsignal(number)

        def handle(caught: int, frame: FrameType | None, previous: object = previous) -> None:
            call()
            if callable(previous):
                previous(caught, frame)

        if callable(previous):
            signal.signal(number, handle)
