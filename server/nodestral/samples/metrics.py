"""The names of all metrics, their units, and where their values stand.

Core metrics are columns of the table `samples`, one value a sample. Detail metrics exist once for each mount, disk,
NIC, core or container, which `key` names: `mount_used_bytes` of "/", `nic_receive_bytes_per_second` of "eth0",
`core_busy_percent` of "0", `container_memory_bytes` of "shop-web-1". Rates are means over the sample's interval.

`container_cpu_percent` is of one core: two busy cores are 200.

Core: cpu_{user,system,iowait,steal,idle}_percent; load_{one,five,fifteen};
memory_{total,used,available,cached,buffers}_bytes; swap_{total,used}_bytes; processes_{total,running,blocked};
{receive,transmit}_bytes_per_second (all NICs that lead out of the machine); {read,write}_bytes_per_second (all disks);
pressure_{cpu,memory,io}_{some,full}_percent; uptime_seconds.
"""

from nodestral.samples.schemas import Unit

CORE: dict[str, Unit] = {
    "cpu_user_percent": "percent",
    "cpu_system_percent": "percent",
    "cpu_iowait_percent": "percent",
    "cpu_steal_percent": "percent",
    "cpu_idle_percent": "percent",
    "load_one": "load",
    "load_five": "load",
    "load_fifteen": "load",
    "memory_total_bytes": "bytes",
    "memory_used_bytes": "bytes",
    "memory_available_bytes": "bytes",
    "memory_cached_bytes": "bytes",
    "memory_buffers_bytes": "bytes",
    "swap_total_bytes": "bytes",
    "swap_used_bytes": "bytes",
    "processes_total": "count",
    "processes_running": "count",
    "processes_blocked": "count",
    "receive_bytes_per_second": "bytes_per_second",
    "transmit_bytes_per_second": "bytes_per_second",
    "read_bytes_per_second": "bytes_per_second",
    "write_bytes_per_second": "bytes_per_second",
    "pressure_cpu_some_percent": "percent",
    "pressure_memory_some_percent": "percent",
    "pressure_memory_full_percent": "percent",
    "pressure_io_some_percent": "percent",
    "pressure_io_full_percent": "percent",
    "uptime_seconds": "seconds",
}

# In the order in which `flatten` writes them, for each mount, disk, NIC and core.
MOUNT: dict[str, Unit] = {
    "mount_total_bytes": "bytes",
    "mount_used_bytes": "bytes",
    "mount_available_bytes": "bytes",
    "mount_inodes_total": "count",
    "mount_inodes_used": "count",
}
DISK: dict[str, Unit] = {
    "disk_read_bytes_per_second": "bytes_per_second",
    "disk_write_bytes_per_second": "bytes_per_second",
    "disk_reads_per_second": "per_second",
    "disk_writes_per_second": "per_second",
    "disk_busy_percent": "percent",
}
NIC: dict[str, Unit] = {
    "nic_receive_bytes_per_second": "bytes_per_second",
    "nic_transmit_bytes_per_second": "bytes_per_second",
    "nic_receive_errors_per_second": "per_second",
    "nic_transmit_errors_per_second": "per_second",
}
CORE_BUSY: dict[str, Unit] = {"core_busy_percent": "percent"}
# In the order in which `containers` writes them, for each running container.
CONTAINER: dict[str, Unit] = {
    "container_cpu_percent": "percent",
    "container_memory_bytes": "bytes",
    "container_receive_bytes_per_second": "bytes_per_second",
    "container_transmit_bytes_per_second": "bytes_per_second",
    "container_read_bytes_per_second": "bytes_per_second",
    "container_write_bytes_per_second": "bytes_per_second",
}

UNITS: dict[str, Unit] = CORE | MOUNT | DISK | NIC | CORE_BUSY | CONTAINER
