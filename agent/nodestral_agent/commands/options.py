"""What the commands for people share: their parser and the state folder."""

from __future__ import annotations

import argparse
import os

from nodestral_agent.state import State, folder_from


def parser(command: str, description: str) -> argparse.ArgumentParser:
    """A parser that knows --state."""
    made = argparse.ArgumentParser(prog=f"nodestral-agent {command}", description=description, allow_abbrev=False)
    made.add_argument(
        "--state", metavar="DIR", help="the agent's own folder (default: NODESTRAL_AGENT_STATE, or by user)"
    )
    return made


def state_of(options: argparse.Namespace) -> State:
    """The state folder that was asked for, or the default one."""
    return State(options.state or folder_from(dict(os.environ), os.geteuid()))
