"""Readings of metrics over time."""
