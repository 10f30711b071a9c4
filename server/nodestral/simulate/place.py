"""Where simulated nodes stand, and who else watches them."""

import random

from nodestral.protocol import CloudItem, MonitoringItem
from nodestral.simulate.identity import Identity

# As each provider calls its machines, by their number of cores.
TYPES = {
    "Hetzner": {1: "cx11", 2: "cpx21", 4: "cpx31", 8: "cpx41", 16: "ccx43"},
    "AWS": {1: "t3.micro", 2: "t3.medium", 4: "m7i.xlarge", 8: "m7i.2xlarge", 16: "m7i.4xlarge"},
    "DigitalOcean": {1: "s-1vcpu-1gb", 2: "s-2vcpu-4gb", 4: "s-4vcpu-8gb", 8: "s-8vcpu-16gb", 16: "c-16"},
}
WATCHERS = (("node_exporter", "1.8.2", 9100), ("Netdata", "1.47.4", 19999), ("Zabbix agent", "7.0.3", 10050))


def cloud(who: Identity) -> list[CloudItem]:
    region = who.hostname.rpartition(".")[2]
    if who.provider is None:
        return [CloudItem("cloud", "home", "firmware", product="MS-7D75", private_addresses=[who.address])]
    return [
        CloudItem(
            "cloud", "cloud", "both", who.provider, region, f"{region}1", f"{who.seed % 10**8:08d}",
            TYPES.get(who.provider, {}).get(who.cores), public_addresses=[who.address],
            private_addresses=[f"10.0.{who.seed % 250}.{who.seed // 250 % 250}"],
        )
    ]  # fmt: skip


def monitoring(who: Identity) -> list[MonitoringItem]:
    chance = random.Random(who.seed)  # noqa: S311 - a picture, not a secret
    named = any(service.unit == "node_exporter" for service in who.role.services)
    return [
        MonitoringItem(name, name, running=True, evidence="unit", version=version, unit=f"{name}.service", port=port)
        for name, version, port in WATCHERS
        if (named and name == "node_exporter") or (not named and chance.random() < 0.12)
    ]
