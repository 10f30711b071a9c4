"""Accounts of the machine: who they are, how they come in, and what they may become."""
