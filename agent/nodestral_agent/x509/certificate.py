"""One certificate, read from its DER: RFC 5280, section 4.1."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from nodestral_agent.x509 import algorithms, der, names
from nodestral_agent.x509.der import DerError

SIZE_MAX = 64 << 10
# Context tags of TBSCertificate: version before the serial, extensions at its end.
VERSION, EXTENSIONS = 0xA0, 0xA3
SUBJECT_KEY, ALTERNATIVE_NAMES, BASIC_CONSTRAINTS = "2.5.29.14", "2.5.29.17", "2.5.29.19"
AUTHORITY_KEY, AUTHORITY_ACCESS = "2.5.29.35", "1.3.6.1.5.5.7.1.1"
CA_ISSUERS = "1.3.6.1.5.5.7.48.2"
KEY_IDENTIFIER = 0x80
SERIAL_MAX = 64
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# 9999-12-31T23:59:59Z, which RFC 5280 uses for "never".
LATEST = 253_402_300_799


@dataclass(frozen=True)
class Certificate:
    """`subject_der` and `issuer_der` are for comparing, `names` for reading. Times are Unix seconds.

    names: the alternative names, or the common name where there are none. names_an_issuer: it tells where its issuer's
    certificate can be fetched, as those of public authorities do.
    """

    fingerprint_sha256: str
    subject: str
    issuer: str
    serial: str
    not_before_at: int
    not_after_at: int
    names: tuple[str, ...]
    key_type: str
    key_bits: int | None
    key_curve: str | None
    signature_algorithm: str
    is_authority: bool
    subject_der: bytes
    issuer_der: bytes
    subject_key_id: bytes
    authority_key_id: bytes
    names_an_issuer: bool

    @property
    def self_signed(self) -> bool:
        """Whether it names itself as its issuer; its signature is not verified."""
        return self.is_issued_by(self)

    def is_issued_by(self, other: Certificate) -> bool:
        """Whether the other's name, and its key's identifier where both are told, are those of this one's issuer."""
        if self.issuer_der != other.subject_der:
            return False
        return not (self.authority_key_id and other.subject_key_id) or self.authority_key_id == other.subject_key_id


@lru_cache(maxsize=512)
def parsed(data: bytes) -> Certificate:
    """The certificate that `data` is. DerError when it is none."""
    if len(data) > SIZE_MAX:
        raise DerError("is too large")
    signed, algorithm, _ = der.sequence(der.only(data, der.SEQUENCE), 3)[:3]
    parts = der.sequence(signed, 6)
    if parts[0].tag == VERSION:
        parts = parts[1:]
    if len(parts) < 6:
        raise DerError("has parts missing")
    number, _, issuer, validity, subject, key = parts[:6]
    begin, end = der.sequence(validity, 2)[:2]
    told = extensions(parts[6:])
    key_type, key_bits, key_curve = algorithms.key(key)
    access = told.get(AUTHORITY_ACCESS)
    return Certificate(
        fingerprint_sha256=hashlib.sha256(data).hexdigest(),
        subject=names.distinguished(subject),
        issuer=names.distinguished(issuer),
        serial=serial(number),
        not_before_at=moment(begin),
        not_after_at=moment(end),
        names=tuple(alternative(told) or names.common_names(subject)),
        key_type=key_type,
        key_bits=key_bits,
        key_curve=key_curve,
        signature_algorithm=algorithms.signature(algorithm),
        is_authority=is_authority(told),
        subject_der=subject.whole,
        issuer_der=issuer.whole,
        subject_key_id=subject_key(told),
        authority_key_id=authority_key(told),
        names_an_issuer=access is not None and offers_issuer(access),
    )


def serial(number: der.Element) -> str:
    """Hexadecimal digits in pairs, as OpenSSL writes it."""
    if len(number.content) > SERIAL_MAX:
        raise DerError("has too long a serial number")
    value = der.integer(number)
    digits = f"{abs(value):X}"
    return f"{'-' if value < 0 else ''}{'0' if len(digits) % 2 else ''}{digits}"


def moment(time: der.Element) -> int:
    """Unix seconds of a UTCTime (`491231235959Z`; 50 to 99 are of the last century) or a GeneralizedTime."""
    text = time.content.decode("ascii", "replace")
    if time.tag == der.UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif time.tag != der.GENERALIZED_TIME:
        raise DerError("has a time of an unknown kind")
    digits = text[:14]
    if len(text) != 15 or not text.endswith("Z") or not (digits.isascii() and digits.isdigit()):
        raise DerError("has a time that cannot be")
    year, month, day, hour, minute, second = int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, 14, 2))
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61):
        raise DerError("has a time that cannot be")
    if day > MONTHS[month - 1] + (month == 2 and is_leap(year)):
        raise DerError("has a time that cannot be")
    return min(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second, LATEST)


def is_leap(year: int) -> bool:
    """By the Gregorian calendar."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days(year: int, month: int, day: int) -> int:
    """From 1970-01-01 to this date, negative before. To load `calendar` costs more than to read the certificates."""
    before = year - 1
    return (
        before * 365
        + before // 4
        - before // 100
        + before // 400
        + sum(MONTHS[: month - 1])
        + (month > 2 and is_leap(year))
        + day
        - 719_163
    )


def extensions(parts: list[der.Element]) -> dict[str, bytes]:
    """The extensions' values by their identifier; the first of a kind counts."""
    found: dict[str, bytes] = {}
    for part in parts:
        if part.tag != EXTENSIONS:
            continue
        for extension in der.sequence(der.only(part.content, der.SEQUENCE)):
            # extnID, critical (left out when false), extnValue
            fields = der.sequence(extension, 2)
            if fields[-1].tag != der.OCTET_STRING:
                raise DerError("has an extension without a value")
            found.setdefault(der.object_id(fields[0]), fields[-1].content)
    return found


def alternative(told: dict[str, bytes]) -> list[str]:
    """The alternative names."""
    value = told.get(ALTERNATIVE_NAMES)
    return names.general(der.only(value, der.SEQUENCE)) if value is not None else []


def is_authority(told: dict[str, bytes]) -> bool:
    """BasicConstraints' cA."""
    value = told.get(BASIC_CONSTRAINTS)
    if value is None:
        return False
    fields = der.sequence(der.only(value, der.SEQUENCE))
    return bool(fields) and fields[0].tag == der.BOOLEAN and fields[0].content not in (b"", b"\0")


def subject_key(told: dict[str, bytes]) -> bytes:
    """The identifier of the certificate's own key, b"" when it is not told."""
    value = told.get(SUBJECT_KEY)
    return der.only(value, der.OCTET_STRING).content if value is not None else b""


def authority_key(told: dict[str, bytes]) -> bytes:
    """The identifier of the issuer's key, b"" when it is not told."""
    value = told.get(AUTHORITY_KEY)
    if value is None:
        return b""
    fields = der.sequence(der.only(value, der.SEQUENCE))
    return next((field.content for field in fields if field.tag == KEY_IDENTIFIER), b"")


def offers_issuer(value: bytes) -> bool:
    """Whether AuthorityInfoAccess has an entry caIssuers."""
    entries = der.sequence(der.only(value, der.SEQUENCE))
    return any(der.object_id(der.sequence(entry, 2)[0]) == CA_ISSUERS for entry in entries)
