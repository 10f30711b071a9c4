"""A fleet that is not there: believable nodes that enroll and report through the public protocol, like real ones.

It is for demonstrations and for load. `identity` says who a node is, `roles` what runs on it, `machine` how it lives
from moment to moment; `workloads`, `software`, `access`, `certificates` and `place` what an agent finds there, and
`sections` puts that together. `reporter` turns it into reports, `connection` carries them, `fleet` keeps time.
"""
