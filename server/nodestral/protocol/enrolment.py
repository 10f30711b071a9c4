"""How a machine becomes a node."""

from msgspec import Struct

from nodestral.protocol.kinds import Digest, Short
from nodestral.protocol.report import AgentSettings


class EnrollRequest(Struct):
    """`secret_sha256`: SHA-256 of the node token that the node made; the token itself never travels before it is used.

    The rest are hints for people, never proof of anything.
    """

    secret_sha256: Digest
    hostname: Short
    machine_id_sha256: Digest | None = None
    agent_version: Short = ""
    os_name: Short = ""


class EnrollAnswer(Struct):
    node_id: str
    settings: AgentSettings
