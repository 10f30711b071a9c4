"""Whether a chain of certificates leads to an authority that this machine trusts.

Sources: the folders in which `openssl rehash` and update-ca-trust keep one link for each authority, named after a hash
of its subject. So one look tells, and no bundle is read.
"""

from __future__ import annotations

import hashlib

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.x509 import der, names
from nodestral_agent.x509.certificate import Certificate

FOLDERS = ("/etc/ssl/certs", "/etc/pki/ca-trust/extracted/pem/directory-hash", "/etc/pki/tls/certs")
UTF8 = 0x0C


def is_complete(host: Host, chain: list[Certificate]) -> bool | None:
    """Whether what stands between the first certificate and its authority comes along; None when it cannot be told.

    An authority that the machine does not trust may be one of the owner's own. It is only called incomplete where the
    certificate itself tells where to fetch its issuer, as those of public authorities do.
    """
    top = chain[0]
    left = list(chain[1:])
    while not top.self_signed:
        issuer = next((one for one in left if top.is_issued_by(one)), None)
        if issuer is None:
            break
        left.remove(issuer)
        top = issuer
    if top.self_signed:
        return True
    trusted = is_trusted(host, top.issuer_der)
    if trusted or trusted is None:
        return trusted
    return False if top.names_an_issuer else None


def is_trusted(host: Host, subject: bytes) -> bool | None:
    """Whether an authority of this name is among the machine's own; None when the machine keeps no such folder."""
    known = None
    name = f"{subject_hash(subject):08x}.0"
    for folder in FOLDERS:
        try:
            host.link(f"{folder}/{name}")
        except Unavailable:
            continue
        except CollectorError:
            pass  # a copy instead of a link
        return True
    for folder in FOLDERS:
        try:
            known = known or (False if any(entry.endswith(".0") for entry in host.names(folder)) else None)
        except (Unavailable, CollectorError):
            continue
    return known


def subject_hash(subject: bytes) -> int:
    """OpenSSL's X509_NAME_hash: of SHA-1 over the canonical name, the first four bytes in little-endian order.

    Canonical (crypto/x509/x_name.c): every string as UTF8String in small letters, its ends trimmed and each run of
    blanks one; the sets of the name one after another, without the sequence around them.
    """
    sets = []
    for pairs in names.attributes(der.only(subject, der.SEQUENCE)):
        entries = []
        for kind, value in pairs:
            text = names.string(value)
            told = value.whole if text is None else wrapped(UTF8, canonical(text).encode("utf-8", "replace"))
            entries.append(wrapped(der.SEQUENCE, kind.whole + told))
        sets.append(wrapped(der.SET, b"".join(sorted(entries))))
    digest = hashlib.sha1(b"".join(sets), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "little")


def canonical(text: str) -> str:
    """Small ASCII letters, single blanks, no blanks at the ends."""
    lowered = "".join(character.lower() if character.isascii() else character for character in text)
    return " ".join(word for word in lowered.replace("\t", " ").replace("\n", " ").split(" ") if word)


def wrapped(tag: int, content: bytes) -> bytes:
    """An element of DER."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits + content
