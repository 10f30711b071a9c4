"""A certificate authority for one test run, as a company has one: the machines trust it, nobody else does."""

import ssl
from pathlib import Path

import trustme


class Authority:
    """`certificate` is the PEM file to put into a trust store."""

    def __init__(self, certificate: Path) -> None:
        self.certificate = certificate
        self._authority = trustme.CA()
        self._authority.cert_pem.write_to_path(str(certificate))

    def server_context(self, *names: str) -> ssl.SSLContext:
        """TLS for a server of these names and IP addresses."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names).configure_cert(context)
        return context
