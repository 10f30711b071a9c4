"""What could be updated, read from the indexes that a machine has already. Nothing here fetches or refreshes any."""
