"""Public ids and secrets. An id is a hint, never a credential; a secret has 256 bits; only its SHA-256 is kept."""

import hashlib
import secrets


def new_id(prefix: str) -> str:
    """A random id that says what it names: 96 bits in hexadecimal after `prefix_`."""
    return f"{prefix}_{secrets.token_hex(12)}"


def new_secret(prefix: str) -> str:
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """SHA-256, 32 bytes. Enough for a random secret of 256 bits; passwords take argon2id instead."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
