"""The machine that the agent runs on: which `Host` it is, who samples it, and who looks at what is on it."""

from __future__ import annotations

import sys

from nodestral_agent.host import Host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nodestral_agent.collectors.kind import Collector
    from nodestral_agent.darwin.sampler import DarwinSampler
    from nodestral_agent.samples.sampler import Sampler


def this_host(root: str = "/", memory: str = "", server: str = "") -> Host:
    """This machine, or a fake one of its kind below another root."""
    if sys.platform == "darwin":
        from nodestral_agent.darwin.host import DarwinHost  # noqa: PLC0415 # no other system needs it in memory

        return DarwinHost(root, memory, server)
    return Host(root, memory, server)


def sampler_of(host: Host) -> Sampler | DarwinSampler:
    """Whoever takes the samples of such a machine."""
    if host.SYSTEM == "darwin":
        from nodestral_agent.darwin.sampler import DarwinSampler  # noqa: PLC0415 # no other system needs it in memory

        return DarwinSampler(host)
    from nodestral_agent.samples.sampler import Sampler  # noqa: PLC0415 # a Mac does not need it

    return Sampler(host)


def collectors_of(host: Host) -> tuple[Collector, ...]:
    """Whoever looks at what is on such a machine."""
    if host.SYSTEM == "darwin":
        from nodestral_agent.collectors.darwin import COLLECTORS as ON_DARWIN  # noqa: PLC0415 # only a scan needs them

        return ON_DARWIN
    from nodestral_agent.collectors import COLLECTORS  # noqa: PLC0415 # only a scan needs them

    return COLLECTORS
