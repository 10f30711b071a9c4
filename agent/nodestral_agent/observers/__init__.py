"""Other programs that watch machines: a table of those that are known, and how they are found."""
