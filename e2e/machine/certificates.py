"""A certificate authority for one test run, as a company has one: the machines trust it, nobody else does."""

import ssl
from pathlib import Path

from e2e.machine import host

_NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"]


class Authority:
    """`certificate` is the PEM file to put into a trust store. Keys and certificates are good for two days."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True)
        self.certificate = folder / "authority.pem"
        self._folder = folder
        self._key = folder / "authority.key"
        host.run(
            *("openssl", "req", "-x509", *_NEW_KEY, "-subj", "/CN=Nodestral test authority"),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
            *("-keyout", self._key, "-out", self.certificate),
        )

    def server_context(self, name: str, address: str) -> ssl.SSLContext:
        """TLS for a server of this name, reached at this address or on loopback."""
        certificate, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        host.run(
            *("openssl", "req", "-x509", *_NEW_KEY, "-subj", f"/CN={name}"),
            *("-CA", self.certificate, "-CAkey", self._key),
            *("-addext", f"subjectAltName=DNS:{name},IP:{address},IP:127.0.0.1"),
            *("-addext", "basicConstraints=critical,CA:FALSE"),
            *("-addext", "extendedKeyUsage=serverAuth"),
            *("-keyout", key, "-out", certificate),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context
