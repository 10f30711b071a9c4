"""The public API as a signed-in person's browser uses it, with answers checked against the published types."""

import ssl
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec

from nodestral.inventory.schemas import (
    Certificate,
    CertificateList,
    Container,
    ContainerList,
    FirewallList,
    Monitoring,
    MonitoringList,
    PackageList,
    Port,
    PortList,
    Service,
    ServiceList,
    System,
    SystemList,
    UpdateList,
    User,
    UserList,
)
from nodestral.nodes.schemas import InstallTokenRequest, NewInstallToken, NodeDetail, NodePage, NodeSummary
from nodestral.samples.schemas import SampleRange

Answer = TypeVar("Answer")


class Api:
    """Signs in at once. `url` is reached at a port of loopback. Raises httpx.HTTPStatusError where it is refused."""

    def __init__(self, url: str, port: int, authority: Path, email: str, password: str) -> None:
        self._client = httpx.Client(
            base_url=f"https://127.0.0.1:{port}",
            headers={"Host": httpx.URL(url).host, "Origin": url},
            verify=ssl.create_default_context(cafile=authority),
            timeout=20,
        )
        self._client.post("/api/v1/session", json={"email": email, "password": password}).raise_for_status()

    def close(self) -> None:
        self._client.close()

    def nodes(self) -> list[NodeSummary]:
        return self._get("/api/v1/nodes", NodePage).items

    def node(self, node_id: str) -> NodeDetail:
        return self._get(f"/api/v1/nodes/{node_id}", NodeDetail)

    def services(self, node_id: str) -> dict[str, Service]:
        return {item.key: item for item in self._get(f"/api/v1/nodes/{node_id}/services", ServiceList).items}

    def ports(self, node_id: str) -> dict[str, Port]:
        return {item.key: item for item in self._get(f"/api/v1/nodes/{node_id}/ports", PortList).items}

    def containers(self, node_id: str) -> dict[str, Container]:
        answer = self._get(f"/api/v1/nodes/{node_id}/containers", ContainerList)
        return {item.name: item for item in answer.items}

    def packages(self, node_id: str) -> PackageList:
        return self._get(f"/api/v1/nodes/{node_id}/packages", PackageList)

    def updates(self, node_id: str) -> UpdateList:
        return self._get(f"/api/v1/nodes/{node_id}/updates", UpdateList)

    def certificates(self, node_id: str) -> dict[str, Certificate]:
        return {item.key: item for item in self._get(f"/api/v1/nodes/{node_id}/certificates", CertificateList).items}

    def users(self, node_id: str) -> dict[str, User]:
        return {item.key: item for item in self._get(f"/api/v1/nodes/{node_id}/users", UserList).items}

    def monitoring(self, node_id: str) -> dict[str, Monitoring]:
        return {item.key: item for item in self._get(f"/api/v1/nodes/{node_id}/monitoring", MonitoringList).items}

    def system(self, node_id: str) -> System | None:
        """Null until the first scan was told."""
        return next(iter(self._get(f"/api/v1/nodes/{node_id}/system", SystemList).items), None)

    def firewall(self, node_id: str) -> FirewallList:
        return self._get(f"/api/v1/nodes/{node_id}/firewall", FirewallList)

    def samples(self, node_id: str, from_at: float, to_at: float) -> SampleRange:
        return self._get(f"/api/v1/nodes/{node_id}/samples?from_at={from_at}&to_at={to_at}", SampleRange)

    def new_install_token(self, name: str, uses_allowed: int = 1) -> NewInstallToken:
        request = InstallTokenRequest(name=name, uses_allowed=uses_allowed)
        answer = self._client.post("/api/v1/install-tokens", content=msgspec.json.encode(request), headers=_JSON)
        return msgspec.json.decode(answer.raise_for_status().content, type=NewInstallToken)

    def remove_node(self, node_id: str) -> None:
        self._client.delete(f"/api/v1/nodes/{node_id}").raise_for_status()

    def _get(self, path: str, answer_type: type[Answer]) -> Answer:
        answer = self._client.get(path).raise_for_status()
        return msgspec.json.decode(answer.content, type=answer_type)


_JSON = {"Content-Type": "application/json"}
