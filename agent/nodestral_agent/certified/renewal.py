"""Who renews a certificate, and whether that works: certbot, acme.sh, and servers that do it themselves.

Sources: certbot's renewal files, its timer and last run as systemd tells them, or cron's files; acme.sh's notes; and
the certificate's own dates: what renews in time never comes close to the end.
"""

from __future__ import annotations

import re
import time
from typing import Any

from nodestral_agent.certified.configuration import Configuration, Named
from nodestral_agent.certified.files import Files
from nodestral_agent.certified.reloads import is_of
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import systemctl

UNITS = [
    f"{name}.{kind}" for name in ("certbot", "certbot-renew", "snap.certbot.renew") for kind in ("timer", "service")
]
ARGV = ["systemctl", "--system", "--no-pager", "show", "--property=Id,ActiveState,Result", *UNITS]
CRON = ("/etc/crontab", "/etc/cron.d/*", "/etc/cron.daily/*", "/etc/cron.weekly/*", "/var/spool/cron/crontabs/root")
ACME_SH = ("/root/.acme.sh/*/*.conf", "/home/*/.acme.sh/*/*.conf", "/etc/acme.sh/*/*.conf")
SETTING = re.compile(r"^(Le_\w+)='?([^']*)'?$")
# Certbot, acme.sh and Caddy renew when a third of the lifetime is left; a quarter says that it did not work.
DUE, LATE = 3, 4
SLACK_SECONDS = 3 * 86_400


def name(host: Host, found: Files) -> None:
    """Add to each file's item who renews it, and of acme.sh how that goes, as far as its notes tell."""
    notes = acme_sh(host)
    for item in found.items:
        at = notes.get(item["path"])
        program = found.renewed.get(item["path"]) if at is None else "acme.sh"
        if program:
            item["renewed_by"] = program
        if at and at < host.now() - SLACK_SECONDS:
            item.update(renewal_healthy=False, renewal_reason=f"acme.sh was to renew it on {day(at)}.")


def tell(host: Host, found: Files) -> None:
    """Add to each file's item who renews it, and how that goes."""
    name(host, found)
    scheduled: tuple[bool | None, str] | None = None
    for item in found.items:
        if not item.get("renewed_by") or item.get("renewal_healthy") is False:
            continue
        healthy, reason = on_time(host.now(), item)
        if healthy and item["renewed_by"] == "certbot":
            scheduled = scheduled or schedule(host)
            healthy, reason = scheduled
        item.update(renewal_healthy=healthy, renewal_reason=reason or None)


def tell_served(host: Host, found: Files, served: list[dict[str, Any]]) -> None:
    """The same for what a server obtains by itself and keeps where nobody looks: Traefik, or a closed storage."""
    fingerprints = {item["fingerprint_sha256"] for item in found.items}
    for item in served:
        program = next((one for one in found.renewing if is_of(one, item["unit"] or "")), None)
        if program and not item["self_signed"] and item["fingerprint_sha256"] not in fingerprints:
            healthy, reason = on_time(host.now(), item)
            item.update(renewed_by=program, renewal_healthy=healthy, renewal_reason=reason or None)


def on_time(now: float, item: dict[str, Any]) -> tuple[bool | None, str]:
    """Whether it is younger than what is renewed in time can be."""
    begin, end = item["not_before_at"], item["not_after_at"]
    if now > end - (end - begin) / LATE:
        return False, f"It should have been renewed since {day(end - (end - begin) / DUE)}."
    return True, ""


def day(at: float) -> str:
    """A date for a person."""
    return time.strftime("%Y-%m-%d", time.gmtime(min(max(at, 0), 253_402_300_799)))


def schedule(host: Host) -> tuple[bool | None, str]:
    """Whether something starts `certbot renew`, and whether it went well the last time."""
    try:
        told = units(host.run(ARGV, systemctl.SECONDS).decode("utf-8", "replace"))
    except (Unavailable, CollectorError):
        told = {}
    for name, values in told.items():
        if name.endswith(".service") and values.get("Result", "success") != "success":
            return False, f"The last run of {name} ended with {values['Result']}."
    if any(name.endswith(".timer") and values.get("ActiveState") == "active" for name, values in told.items()):
        return True, ""
    reader = Configuration(host, Named("cron"))
    if any("certbot" in text for place in CRON for text in reader.included(place)):
        return True, ""
    if reader.named.denied:
        return None, "No timer of certbot runs, and root's own crontab is not visible."
    return False, "Nothing starts certbot: neither a timer nor cron."


def units(text: str) -> dict[str, dict[str, str]]:
    """The properties of certbot's units by their name."""
    blocks = [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in text.split("\n\n")]
    return {block["Id"]: block for block in blocks if block.get("Id") in UNITS}


def acme_sh(host: Host) -> dict[str, float]:
    """When acme.sh renews next what it put into a file, by the file's path; 0 when it does not say."""
    reader = Configuration(host, Named("acme.sh"))
    found: dict[str, float] = {}
    for place in ACME_SH:
        for text in reader.included(place):
            told = {line[1]: line[2] for each in text.splitlines() if (line := SETTING.match(each.strip()))}
            at = told.get("Le_NextRenewTime", "")
            for name in ("Le_RealFullChainPath", "Le_RealCertPath"):
                if told.get(name):
                    found[told[name]] = float(at) if at.isdigit() and len(at) < 12 else 0.0
    return found
