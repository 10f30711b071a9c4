"""`scan`: what the resident process starts as its child. Prints one JSON object; not meant for people."""

from __future__ import annotations

from nodestral_agent.scan import main

__all__ = ["main"]
