"""Nodes as people see them, made from rows."""

from typing import Any

from nodestral.events.schemas import NodeStatus
from nodestral.inventory import repository as inventory
from nodestral.kit.database import Connection
from nodestral.kit.edge import NodeRef
from nodestral.nodes import repository
from nodestral.nodes.repository import NodeRow
from nodestral.nodes.schemas import NodeDetail, NodeSummary
from nodestral.samples.schemas import LatestSample


def latest(row: NodeRow) -> LatestSample | None:
    if row.sample_at is None:
        return None
    return LatestSample(
        at=row.sample_at,
        cpu_percent=row.cpu_percent,
        memory_percent=row.memory_percent,
        memory_used_bytes=row.memory_used_bytes,
        memory_total_bytes=row.memory_total_bytes,
        swap_percent=row.swap_percent,
        disk_percent=row.disk_percent,
        disk_used_bytes=row.disk_used_bytes,
        disk_total_bytes=row.disk_total_bytes,
        receive_bytes_per_second=row.receive_bytes_per_second,
        transmit_bytes_per_second=row.transmit_bytes_per_second,
        load_one=row.load_one,
        uptime_seconds=row.uptime_seconds,
    )


def _summary_fields(row: NodeRow, interval_seconds: int) -> dict[str, Any]:
    status: NodeStatus = row.status  # type: ignore[assignment]  # the table's check allows these three only
    return {
        "id": row.id,
        "name": row.name,
        "hostname": row.hostname,
        "status": status,
        "partly_seen": row.partly_seen and row.status == "online",
        "enrolled_at": row.enrolled_at,
        "tags": row.tags,
        "address": row.addresses[0] if row.addresses else None,
        "provider": row.provider,
        "region": row.region,
        "os_id": row.os_id,
        "os_name": row.os_name,
        "architecture": row.architecture,
        "agent_version": row.agent_version,
        "interval_seconds": interval_seconds,
        "last_seen_at": row.last_seen_at,
        "boot_at": row.boot_at,
        "latest": latest(row),
    }


def summary(row: NodeRow, interval_seconds: int) -> NodeSummary:
    return NodeSummary(**_summary_fields(row, interval_seconds))


async def detail(connection: Connection, node: NodeRef, interval_seconds: int) -> NodeDetail:
    """Raises NotFound."""
    row = await repository.row(connection, node)
    sections = await inventory.sections(connection, node)
    return NodeDetail(
        **_summary_fields(row, interval_seconds),
        kernel=row.kernel,
        cpu_model=row.cpu_model,
        cpu_count=row.cpu_count,
        memory_total_bytes=row.system_memory_bytes,
        virtualization=row.virtualization,
        timezone=row.timezone,
        addresses=row.addresses,
        agent_user=row.agent_user,
        agent_scope=row.agent_scope,  # type: ignore[arg-type]  # the wire allows these two only
        agent_python=row.agent_python,
        plain_http=row.plain_http,
        spooled_reports=row.spooled_reports,
        refused_reports=row.refused_reports,
        dropped_reports=row.dropped_reports,
        thinned_reports=row.thinned_reports,
        clock_offset_seconds=row.clock_offset_seconds,
        section_counts={each.section: each.items for each in sections if each.section != "system"},
        coverage=[each.coverage() for each in sections],
    )
