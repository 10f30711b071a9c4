"""Live events from any API process to every open page."""
