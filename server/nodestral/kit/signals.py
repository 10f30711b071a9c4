"""Something to be done the moment the process is told to stop. The server waits for open connections before it ends
its lifespan, so event streams have to hear of it here, or the stop would hang on them.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object]


@contextmanager
def before_exit(call: Callable[[], None]) -> Iterator[None]:
    """Have `call` run at SIGTERM and SIGINT before the handler that is there. Only in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    found = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    previous: dict[int, Handler] = {number: handler for number, handler in found.items() if callable(handler)}

    def handle(caught: int, frame: FrameType | None) -> None:
        call()
        previous[caught](caught, frame)

    for number in previous:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
