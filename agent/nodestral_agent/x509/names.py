"""Names in certificates as text: distinguished names (RFC 4514) and what a certificate is for (RFC 5280, 4.2.1.6)."""

from __future__ import annotations

import ipaddress

from nodestral_agent.x509 import der

# Attribute types that RFC 4514 names, and those that OpenSSL names and certificates use.
ATTRIBUTES = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.42": "GN",
    "2.5.4.46": "dnQualifier",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}
COMMON_NAME = "2.5.4.3"
# String types by tag: UTF8, Numeric, Printable, Teletex (Latin-1 in practice), IA5, Visible, Universal, BMP.
ENCODINGS = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
# GeneralName's choices by context tag.
EMAIL, DNS, URI, IP = 0x81, 0x82, 0x86, 0x87
RDNS_MAX = 64
NAMES_MAX = 512
NAME_MAX = 256
TEXT_MAX = 4096
SPECIAL = frozenset('"+,;<>\\')


def string(element: der.Element) -> str | None:
    """The text of a string type; None when it is something else."""
    encoding = ENCODINGS.get(element.tag)
    return None if encoding is None else element.content.decode(encoding, "replace")


def attributes(name: der.Element) -> list[list[tuple[der.Element, der.Element]]]:
    """The relative names of a Name in their order, each with its pairs of type and value."""
    found = []
    for rdn in der.sequence(name)[:RDNS_MAX]:
        pairs = []
        for pair in der.children(rdn)[:RDNS_MAX] if rdn.tag == der.SET else ():
            kind, value = der.sequence(pair, 2)[:2]
            pairs.append((kind, value))
        found.append(pairs)
    return found


def escaped(text: str) -> str:
    """A value as RFC 4514, section 2.4 writes it."""
    text = text[:TEXT_MAX]
    written = "".join(f"\\{character}" if character in SPECIAL else character for character in text)
    if written.startswith((" ", "#")):
        written = f"\\{written}"
    if text.endswith(" ") and len(text) > 1:
        written = f"{written[:-1]}\\ "
    return written.replace("\0", "\\00")


def distinguished(name: der.Element) -> str:
    """The most specific part first: `CN=example.org,O=Example,C=DE`.

    As OpenSSL writes it: the parts of a name that has several are turned around too.
    """
    parts = []
    for pairs in reversed(attributes(name)):
        written = []
        for identifier, value in reversed(pairs):
            kind = der.object_id(identifier)
            text = string(value)
            shown = f"#{value.whole.hex().upper()}" if text is None or kind not in ATTRIBUTES else escaped(text)
            written.append(f"{ATTRIBUTES.get(kind, kind)}={shown}")
        parts.append("+".join(written))
    return ",".join(parts)[:TEXT_MAX]


def common_names(name: der.Element) -> list[str]:
    """What CN says, for certificates without alternative names."""
    texts = [string(value) for pairs in attributes(name) for kind, value in pairs if der.object_id(kind) == COMMON_NAME]
    return [text for text in texts if text]


def general(names: der.Element) -> list[str]:
    """DNS names, addresses, e-mail addresses and URIs of a GeneralNames, in their order, each once."""
    found: dict[str, None] = {}
    for name in der.sequence(names):
        if name.tag in (EMAIL, DNS, URI):
            found[name.content[:NAME_MAX].decode("ascii", "replace")] = None
        elif name.tag == IP and len(name.content) in (4, 16):
            found[str(ipaddress.ip_address(name.content))] = None
        if len(found) == NAMES_MAX:
            break
    return list(found)
