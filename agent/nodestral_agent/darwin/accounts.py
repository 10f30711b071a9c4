"""Accounts of a Mac. Source: dscl(1), which shows the local directory to everybody."""

from __future__ import annotations

from nodestral_agent.host import Host

FIELDS = ("RecordName", "UniqueID", "PrimaryGroupID", "NFSHomeDirectory", "UserShell")


def accounts(host: Host) -> list[dict[str, str]]:
    """Every account's fields by their names in the directory; RecordName is the first of its names."""
    return parse(host.run(["dscl", ".", "-readall", "/Users", *FIELDS]).decode("utf-8", "replace"))


def parse(text: str) -> list[dict[str, str]]:
    """Records are divided by a line with a hyphen; a long value stands on the line after its name, indented."""
    found: list[dict[str, str]] = []
    record: dict[str, str] = {}
    name = ""
    for line in [*text.splitlines(), "-"]:
        if line == "-":
            if record.get("RecordName"):
                found.append(record)
            record, name = {}, ""
        elif line.startswith(" ") and name:
            record[name] = f"{record.get(name, '')} {line.strip()}".strip()
        else:
            name, _, value = line.partition(":")
            record[name] = value.strip()
    for record in found:
        record["RecordName"] = record["RecordName"].split()[0]
    return found


def administrators(host: Host) -> set[str]:
    """Members of the group admin, which sudo lets become root."""
    text = host.run(["dscl", ".", "-read", "/Groups/admin", "GroupMembership"]).decode("utf-8", "replace")
    return set(text.partition(":")[2].split())
