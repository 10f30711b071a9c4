"""Which of some packages are installed, by the database of the machine's package manager, without listing them all.

Sources: /var/lib/dpkg/status, /lib/apk/db/installed, the names of folders in /var/lib/pacman/local, and one
`rpm -qa NAMES`. Needs no privilege.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

DPKG = "/var/lib/dpkg/status"
APK = "/lib/apk/db/installed"
PACMAN = "/var/lib/pacman/local"
RPM = ("/usr/lib/sysimage/rpm", "/var/lib/rpm")
DATABASE_MAX = 64 << 20
SECONDS = 10.0


def versions(host: Host, names: frozenset[str]) -> dict[str, str]:
    """{package: version} of those that are installed. What cannot be read counts as not there."""
    found: dict[str, str] = {}
    for read in (dpkg, apk, pacman, rpm):
        try:
            found.update(read(host, names))
        except (Unavailable, CollectorError):
            continue
    return found


def dpkg(host: Host, names: frozenset[str]) -> dict[str, str]:
    """Paragraphs of deb822(5). A removed package keeps one with another status."""
    found = {}
    text = "\n" + host.text(DPKG, DATABASE_MAX)
    for name in names:
        at = text.find(f"\nPackage: {name}\n")
        if at < 0:
            continue
        paragraph = text[at + 1 : text.find("\n\n", at + 1)].splitlines()
        fields = dict(line.split(": ", 1) for line in paragraph if ": " in line and not line.startswith(" "))
        if fields.get("Status", "").endswith(" installed"):
            found[name] = fields.get("Version", "")
    return found


def apk(host: Host, names: frozenset[str]) -> dict[str, str]:
    """Paragraphs of lines `P:name` and `V:version`."""
    found = {}
    for paragraph in host.text(APK, DATABASE_MAX).split("\n\n"):
        fields = {line[:1]: line[2:] for line in paragraph.splitlines() if line[1:2] == ":"}
        if fields.get("P") in names:
            found[fields["P"]] = fields.get("V", "")
    return found


def pacman(host: Host, names: frozenset[str]) -> dict[str, str]:
    """Folders NAME-VERSION-RELEASE."""
    found = {}
    for folder in host.names(PACMAN):
        parts = folder.rsplit("-", 2)
        if len(parts) == 3 and parts[0] in names:
            found[parts[0]] = f"{parts[1]}-{parts[2]}"
    return found


def rpm(host: Host, names: frozenset[str]) -> dict[str, str]:
    """rpm itself, since its database has three formats. With `-qa` names are looked up; absent ones are no failure."""
    for folder in RPM:
        try:
            host.stat(folder)
        except Unavailable:
            continue
        break
    else:
        raise Unavailable("no database of rpm")
    asked = ["rpm", "--dbpath", folder, "-qa", "--qf", r"%{NAME}\t%{VERSION}-%{RELEASE}\n", *sorted(names)]
    shown = host.run(asked, SECONDS)
    lines = (line.partition("\t") for line in shown.decode("utf-8", "replace").splitlines())
    return {name: version for name, tab, version in lines if tab and name in names}
