"""Reports from agents: the wire shapes, their limits, and storing them exactly once."""
