"""Signals by the interpreter's own C module: `signal` wraps it into enumerations, at a price of 3.7 MB of memory."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
else:
    try:
        import _signal
    except ImportError:
        import signal as _signal

SIGHUP = int(_signal.SIGHUP)
SIGINT = int(_signal.SIGINT)
SIGKILL = int(_signal.SIGKILL)
SIGPIPE = int(_signal.SIGPIPE)
SIGTERM = int(_signal.SIGTERM)
SIG_DFL = _signal.SIG_DFL
SIG_IGN = _signal.SIG_IGN
alarm = _signal.alarm
handle = _signal.signal
wake = _signal.set_wakeup_fd
