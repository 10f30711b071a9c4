"""The lineages of certbot: /etc/letsencrypt/renewal/NAME.conf names each one's files; live/ lists them too."""

from __future__ import annotations

import re

from nodestral_agent.certified.configuration import Configuration, Named
from nodestral_agent.host import Host

FOLDER = "/etc/letsencrypt"
SETTING = re.compile(r"^\s*(\w+)\s*=\s*(\S.*?)\s*$")


def lineages(host: Host) -> Named:
    """The full chain of each lineage. The keys beside them are only named."""
    named = Named("certbot")
    reader = Configuration(host, named)
    for path in reader.matching(f"{FOLDER}/renewal/*.conf"):
        lines = reader.text(path).splitlines()
        told = {found[1]: found[2] for line in lines if (found := SETTING.match(line))}
        if "fullchain" in told and "privkey" in told:
            named.certificate(told["fullchain"], told["privkey"])
    if not named.certificates:
        # Certificates that are no longer renewed, or were brought here.
        for path in reader.matching(f"{FOLDER}/live/*"):
            if not path.endswith("/README"):
                named.certificate(f"{path}/fullchain.pem", f"{path}/privkey.pem")
    named.renewed.update(named.certificates)
    return named
