"""What the agent costs the machine that it runs on, measured where it runs: as its service on a booted Debian 12.

`python -m bench.agent` prints its progress; the last line is one JSON object. docs/performance.md tells what the
numbers mean.
"""
