"""Where the Mac stands: a rented one at a cloud, or hardware of one's own.

Source: sysctl's model, and whether a hypervisor runs below.

Permission: none.
"""

from __future__ import annotations

from nodestral_agent.darwin import sysctl
from nodestral_agent.darwin.addresses import addresses
from nodestral_agent.errors import CollectorError
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads.sockets import address_class

SECTION = "cloud"


def collect(host: Host) -> Collected:
    """The one item of this section."""
    model = sysctl.read(host, "hw.model").get("hw.model", "")
    if not model:
        raise CollectorError("tells no model", "sysctl")
    known = addresses(host)
    item = {
        "key": "cloud",
        "kind": "home",
        "source": "firmware",
        "provider": None,
        "region": None,
        "zone": None,
        "instance_id": None,
        "instance_type": None,
        "product": f"Apple {model}",
        "public_addresses": [each for each in known if address_class(each) == "public"],
        "private_addresses": [each for each in known if address_class(each) == "private"],
    }
    return Collected([item], coverage("full"))
