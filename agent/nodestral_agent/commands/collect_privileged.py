"""`collect-privileged SECTION`: what a helper unit runs, once. Not meant for people, so --help does not list it.

It takes no other argument and reads no setting. systemd names the folder for its file (RUNTIME_DIRECTORY); started by
hand, it prints what it would write there.
"""

from __future__ import annotations

import os
import sys

from nodestral_agent.certified import privileged
from nodestral_agent.codec import encode
from nodestral_agent.collectors.kind import Collector
from nodestral_agent.errors import Misuse
from nodestral_agent.firewall import ruleset
from nodestral_agent.helpers import handover
from nodestral_agent.hosts import this_host
from nodestral_agent.scan import collected

# What each helper reads, by its section: a module as collectors are.
PRIVILEGED: dict[str, Collector] = {"certificates": privileged, "firewall": ruleset}


def main(arguments: list[str]) -> int:
    """0 when a file was written, even if it tells of an error: the agent passes that on."""
    if len(arguments) != 1 or arguments[0] not in PRIVILEGED:
        raise Misuse(f"usage: nodestral-agent collect-privileged {'|'.join(PRIVILEGED)}")
    section = arguments[0]
    found = collected(PRIVILEGED[section], this_host())
    folder = os.environ.get("RUNTIME_DIRECTORY")
    if folder:
        handover.write(folder, section, found)
    else:
        sys.stdout.buffer.write(encode({"section": section, **found}) + b"\n")
    return 0
