"""Readings of the machine's metrics, taken by the resident process: one file for each kind."""
