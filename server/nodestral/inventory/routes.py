"""/api/v1/nodes/{node_id}/SECTION: what the last scan found there, and what it could not see."""

from litestar import get

from nodestral.inventory import schemas
from nodestral.inventory.service import SectionOf, listed
from nodestral.kit import policy
from nodestral.kit.edge import GivenNode, GivenWork

PATH = "/api/v1/nodes/{node_id:str}"
PORTS = SectionOf(schemas.PortList, schemas.Port, lambda port: (port.port, port.key))


@get(f"{PATH}/system", tags=["inventory"], operation_id="listSystem", opt=policy.VIEWER)
async def list_system(node: GivenNode, work: GivenWork) -> schemas.SystemList:
    return await listed(work.connection, node, "system", SectionOf(schemas.SystemList, schemas.System))


@get(f"{PATH}/services", tags=["inventory"], operation_id="listServices", opt=policy.VIEWER)
async def list_services(node: GivenNode, work: GivenWork) -> schemas.ServiceList:
    return await listed(work.connection, node, "services", SectionOf(schemas.ServiceList, schemas.Service))


@get(f"{PATH}/ports", tags=["inventory"], operation_id="listPorts", opt=policy.VIEWER)
async def list_ports(node: GivenNode, work: GivenWork) -> schemas.PortList:
    return await listed(
        work.connection, node, "ports", SectionOf(schemas.PortList, schemas.Port, lambda port: (port.port, port.key))
    )


@get(f"{PATH}/containers", tags=["inventory"], operation_id="listContainers", opt=policy.VIEWER)
async def list_containers(node: GivenNode, work: GivenWork) -> schemas.ContainerList:
    return await listed(work.connection, node, "containers", SectionOf(schemas.ContainerList, schemas.Container))


@get(f"{PATH}/certificates", tags=["inventory"], operation_id="listCertificates", opt=policy.VIEWER)
async def list_certificates(node: GivenNode, work: GivenWork) -> schemas.CertificateList:
    return await listed(work.connection, node, "certificates", SectionOf(schemas.CertificateList, schemas.Certificate))


@get(f"{PATH}/packages", tags=["inventory"], operation_id="listPackages", opt=policy.VIEWER)
async def list_packages(node: GivenNode, work: GivenWork) -> schemas.PackageList:
    return await listed(work.connection, node, "packages", SectionOf(schemas.PackageList, schemas.Package))


@get(f"{PATH}/updates", tags=["inventory"], operation_id="listUpdates", opt=policy.VIEWER)
async def list_updates(node: GivenNode, work: GivenWork) -> schemas.UpdateList:
    return await listed(work.connection, node, "updates", SectionOf(schemas.UpdateList, schemas.Update))


@get(f"{PATH}/firewall", tags=["inventory"], operation_id="listFirewall", opt=policy.VIEWER)
async def list_firewall(node: GivenNode, work: GivenWork) -> schemas.FirewallList:
    return await listed(work.connection, node, "firewall", SectionOf(schemas.FirewallList, schemas.Firewall))


@get(f"{PATH}/users", tags=["inventory"], operation_id="listUsers", opt=policy.VIEWER)
async def list_users(node: GivenNode, work: GivenWork) -> schemas.UserList:
    return await listed(work.connection, node, "users", SectionOf(schemas.UserList, schemas.User))


@get(f"{PATH}/cloud", tags=["inventory"], operation_id="listCloud", opt=policy.VIEWER)
async def list_cloud(node: GivenNode, work: GivenWork) -> schemas.CloudList:
    return await listed(work.connection, node, "cloud", SectionOf(schemas.CloudList, schemas.Cloud))


@get(f"{PATH}/monitoring", tags=["inventory"], operation_id="listMonitoring", opt=policy.VIEWER)
async def list_monitoring(node: GivenNode, work: GivenWork) -> schemas.MonitoringList:
    return await listed(work.connection, node, "monitoring", SectionOf(schemas.MonitoringList, schemas.Monitoring))


SECTION_ROUTES = (
    list_system,
    list_services,
    list_ports,
    list_containers,
    list_certificates,
    list_packages,
    list_updates,
    list_firewall,
    list_users,
    list_cloud,
    list_monitoring,
)
