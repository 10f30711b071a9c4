"""/api/v1/nodes/{node_id}/services, ports and containers."""

from litestar import get

from nodestral.inventory import service
from nodestral.inventory.schemas import ContainerList, PortList, ServiceList
from nodestral.kit import policy
from nodestral.kit.edge import GivenNode, GivenWork

PATH = "/api/v1/nodes/{node_id:str}"


@get(f"{PATH}/services", tags=["inventory"], operation_id="listServices", opt=policy.VIEWER)
async def list_services(node: GivenNode, work: GivenWork) -> ServiceList:
    return await service.services(work.connection, node)


@get(f"{PATH}/ports", tags=["inventory"], operation_id="listPorts", opt=policy.VIEWER)
async def list_ports(node: GivenNode, work: GivenWork) -> PortList:
    return await service.ports(work.connection, node)


@get(f"{PATH}/containers", tags=["inventory"], operation_id="listContainers", opt=policy.VIEWER)
async def list_containers(node: GivenNode, work: GivenWork) -> ContainerList:
    return await service.containers(work.connection, node)
