"""A fleet that is not there: believable nodes that enroll and report through the public protocol, like real ones.

It is for demonstrations and for load. `identity` says who a node is, `roles` what runs on it, `machine` how it lives
from moment to moment, `reporter` turns that into reports, `connection` carries them, `fleet` keeps time.
"""
