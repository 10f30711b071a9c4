"""Section `packages`: everything that a package manager has installed."""

from msgspec import Struct

from nodestral.protocol.kinds import Bytes, Key, Short


class PackageItem(Struct):
    """Key: `MANAGER/NAME/ARCHITECTURE`, with `/VERSION` where a manager keeps several versions side by side.

    manager: dpkg, rpm, apk, pacman, snap, flatpak, brew, pkgutil. source: the source package, where it has another
    name. held: pinned or held back from updates.
    """

    key: Key
    manager: Short
    name: Short
    version: Short
    architecture: Short = ""
    source: Short | None = None
    size_bytes: Bytes | None = None
    held: bool = False
