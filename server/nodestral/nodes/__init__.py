"""Nodes, their credentials, install tokens and enrolment."""
