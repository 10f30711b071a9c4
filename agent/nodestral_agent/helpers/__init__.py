"""What needs a privilege is read by helper units, never by the agent: each writes one file, which the agent reads."""
