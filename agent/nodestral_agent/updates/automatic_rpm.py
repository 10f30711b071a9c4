"""Who installs updates of rpm packages by itself.

Sources: the settings of dnf-automatic, yum-cron, rpm-ostree and transactional-update, and the timers that start them.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.updates import timers

DNF = ("/etc/dnf/automatic.conf", "/etc/dnf/dnf5-plugins/automatic.conf")
YUM = "/etc/yum/yum-cron.conf"
YUM_STARTS = "/etc/systemd/system/multi-user.target.wants/yum-cron.service"
OSTREE = "/etc/rpm-ostreed.conf"
# What each timer does, where it does not leave that to the settings.
DNF_TIMERS = {
    "dnf-automatic-install.timer": "install",
    "dnf-automatic-download.timer": "download",
    "dnf-automatic-notifyonly.timer": "notify",
    "dnf-automatic.timer": "",
    "dnf5-automatic.timer": "",
}
OSTREE_TIMER = "rpm-ostreed-automatic.timer"
TRANSACTIONAL_TIMER = "transactional-update.timer"
FILES = (
    *DNF,
    YUM,
    YUM_STARTS,
    OSTREE,
    *(link for timer in (*DNF_TIMERS, OSTREE_TIMER, TRANSACTIONAL_TIMER) for link in timers.links(timer)),
)


def state(host: Host) -> tuple[str | None, str | None]:
    """`automatic` and `automatic_by` of the protocol."""
    if timers.enabled(host, TRANSACTIONAL_TIMER):
        return "all", "transactional-update"
    if timers.enabled(host, OSTREE_TIMER):
        policy = values(host, OSTREE).get("AutomaticUpdatePolicy", "none")
        # It is staged for the next start, or applied at once.
        return {"stage": "all", "apply": "all"}.get(policy, "off"), "rpm-ostree"
    for timer, does in DNF_TIMERS.items():
        if timers.enabled(host, timer):
            told: dict[str, str] = {}
            for path in DNF:
                told.update(values(host, path))
            return chosen(told, does), "dnf-automatic"
    try:
        host.link(YUM_STARTS)
    except (Unavailable, CollectorError):
        return "off", None
    return chosen(values(host, YUM), ""), "yum-cron"


def chosen(told: dict[str, str], does: str) -> str:
    """What the settings of dnf-automatic and yum-cron amount to."""
    if does == "install" or (not does and is_yes(told.get("apply_updates", ""))):
        kind = told.get("upgrade_type", told.get("update_cmd", "default"))
        return "security" if kind.startswith(("security", "minimal-security")) else "all"
    if does == "download" or (not does and is_yes(told.get("download_updates", ""))):
        return "download"
    return "off"


def is_yes(word: str) -> bool:
    """As the settings are written."""
    return word.lower() in ("yes", "true", "1", "on")


def values(host: Host, path: str) -> dict[str, str]:
    """The values of a file of `name = value`, whatever its sections."""
    try:
        lines = host.text(path).splitlines()
    except (Unavailable, CollectorError):
        return {}
    pairs = (line.partition("=") for line in lines if not line.lstrip().startswith(("#", ";")))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}
