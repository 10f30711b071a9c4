"""What a provider's metadata service tells of the machine: each provider's module says where and how to ask.

Only single values are asked for, and never user data, keys or credentials, which these services hold as well. The
addresses are fixed. A service that does not answer the first question is not asked the next.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

ADDRESS = "169.254.169.254"
EACH_SECONDS = 1.0
ALL_SECONDS = 2.0
# A token is longer than any value.
VALUE_MAX = 1024
DOCUMENT_MAX = 64 << 10


@dataclass(frozen=True)
class Token:
    """A key that the service hands out to be shown with each question. `sent_as`: the header's name."""

    path: str
    headers: dict[str, str]
    sent_as: str


@dataclass(frozen=True)
class Service:
    """questions: path by field (region, zone, instance_id, instance_type, public, private).

    A path with `#a.b` is a JSON document and the way to the value in it. name: for the Host header, where it matters.
    """

    questions: dict[str, str]
    address: str = ADDRESS
    headers: dict[str, str] = field(default_factory=dict)
    token: Token | None = None
    name: str = ""


# What OpenStack offers to programs that were made for EC2. Its own document holds passwords and seeds.
EC2_LIKE = Service(
    {
        "zone": "/latest/meta-data/placement/availability-zone",
        "instance_id": "/latest/meta-data/instance-id",
        "instance_type": "/latest/meta-data/instance-type",
        "private": "/latest/meta-data/local-ipv4",
        "public": "/latest/meta-data/public-ipv4",
    }
)


class Answers:
    """What was told: values by field. trouble: why the rest was not, "" when all was asked."""

    def __init__(self, host: Host, service: Service) -> None:
        self.host = host
        self.service = service
        self.values: dict[str, str] = {}
        self.trouble = ""
        self._documents: dict[str, object] = {}
        self._deadline = host.monotonic() + ALL_SECONDS
        try:
            headers = {"Host": service.name or service.address, **service.headers, **self._token()}
            for name, path in service.questions.items():
                self._question(name, path, headers)
        except (Unavailable, CollectorError) as error:
            self.trouble = str(error)

    def _ask(self, method: str, path: str, headers: dict[str, str]) -> str:
        left = min(EACH_SECONDS, self._deadline - self.host.monotonic())
        if left <= 0:
            raise CollectorError("took too long", self.service.address)
        body = self.host.metadata(self.service.address, method, path, headers, left, DOCUMENT_MAX)
        return body.decode("utf-8", "replace")

    def _token(self) -> dict[str, str]:
        """The header with a key, where the service wants one."""
        token = self.service.token
        if token is None:
            return {}
        told = self._ask("PUT", token.path, {"Host": self.service.address, **token.headers}).strip()
        return {token.sent_as: told}

    def _question(self, name: str, path: str, headers: dict[str, str]) -> None:
        path, _, inner = path.partition("#")
        try:
            value = self._within(path, inner, headers) if inner else self._ask("GET", path, headers)
        except Unavailable:
            return  # this machine has none, such as a public address
        value = value.strip()
        if value and len(value) <= VALUE_MAX and "\n" not in value:
            self.values[name] = value

    def _within(self, path: str, inner: str, headers: dict[str, str]) -> str:
        if path not in self._documents:
            try:
                self._documents[path] = json.loads(self._ask("GET", path, headers))
            except (ValueError, RecursionError):
                raise CollectorError(f"answered {path} with no JSON", self.service.address) from None
        found = self._documents[path]
        for step in inner.split("."):
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and step.isdigit():
                found = found[int(step)] if int(step) < len(found) else None
            else:
                found = None
        return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""
