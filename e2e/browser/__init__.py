"""Tests of the dashboard in a real browser, on a real server with real stores, as its users see it."""
