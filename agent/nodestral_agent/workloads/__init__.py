"""The chain from a process to what it belongs to: process, control group, unit or container, user."""
