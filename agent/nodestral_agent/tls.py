"""TLS with verification, by the interpreter's own C modules.

`ssl` and `socket` cost the resident process 2 MB; their C halves `_ssl` and `_socket` are the same OpenSSL without the
names around it. They are private: this is the only module that knows them, and where they have another shape the public
modules take their place. The certificate's chain and host name are always checked.
"""

from __future__ import annotations

import _socket
import os

from nodestral_agent.errors import Unreachable
from nodestral_agent.stream import Socket, Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Where systems keep the public authorities when OpenSSL's own default is not there (a Python built elsewhere).
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class TlsStream(Stream):
    """An encrypted connection on top of a connected socket."""

    def __init__(self, socket: Socket, tls: Any) -> None:
        super().__init__(socket)
        self._tls = tls

    def send_all(self, data: bytes) -> None:
        """Send everything."""
        view = memoryview(data)
        while view:
            view = view[self._tls.write(view) :]

    def receive(self, size: int) -> bytes:
        """At most `size` bytes; b"" when the other side ended the connection."""
        data: bytes = self._tls.read(size)
        return data

    def close(self) -> None:
        """End it without farewell: nothing is under way when the agent does so."""
        ending = getattr(self._tls, "close", None)
        if ending is not None:
            ending()
        super().close()


def secured(socket: Socket, host: str, ca_file: str | None) -> TlsStream:
    """Shake hands as a client of `host`, trusting the machine's authorities, or only those in `ca_file`.

    Unreachable, with a sentence for a person, when the other side proves nothing.
    """
    # The errors of both modules are OSErrors; that of a failed verification says in its own field what was wrong.
    try:
        tls = wrap_by_c_modules(socket, host, ca_file) if C_MODULES else wrap_by_public_modules(socket, host, ca_file)
    except FileNotFoundError:
        raise Unreachable(f"the file of certificate authorities {ca_file} is not there") from None
    except _socket.timeout:
        raise Unreachable(f"{host} did not finish the TLS handshake in time") from None
    except OSError as error:
        reason = getattr(error, "verify_message", "") or getattr(error, "reason", "") or error.strerror or str(error)
        raise Unreachable(f"no trusted TLS connection to {host}: {reason}") from None
    return TlsStream(socket, tls)


def wrap_by_c_modules(socket: Socket, host: str, ca_file: str | None) -> Any:
    """The `_ssl` object after its handshake. Raises OSError."""
    # Its type demands the chain and the host name by itself; that is asked for again, because all depends on it.
    context: Any = _ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)  # noqa: SLF001 # see the module's head
    context.verify_mode = _ssl.CERT_REQUIRED
    context.check_hostname = True
    context.minimum_version = _ssl.PROTO_TLSv1_2
    if ca_file:
        context.load_verify_locations(ca_file, None, None)
    else:
        trust_the_machine(context)
    tls = context._wrap_socket(socket, False, host)  # noqa: SLF001 # see the module's head
    tls.do_handshake()
    return tls


def trust_the_machine(context: Any) -> None:
    """The authorities of SSL_CERT_FILE and SSL_CERT_DIR, of OpenSSL's own folder, or of a well-known bundle.

    From a folder OpenSSL reads the one certificate that it needs when it needs it; a bundle is read as a whole, which
    costs 1 MB. So a folder goes first where both are there.
    """
    file_variable, file, folder_variable, folder = _ssl.get_default_verify_paths()
    if os.environ.get(file_variable) or os.environ.get(folder_variable):
        context.set_default_verify_paths()
        return
    for place in (folder, "/etc/ssl/certs"):
        # Names such as 002c0b4f.0, made by `openssl rehash`; without them the folder is not looked into.
        if os.path.isdir(place) and any(name.endswith(".0") for name in os.listdir(place)):
            context.load_verify_locations(None, place, None)
            return
    for bundle in (file, *BUNDLES):
        if os.path.exists(bundle):
            context.load_verify_locations(bundle, None, None)
            return


def wrap_by_public_modules(socket: Socket, host: str, ca_file: str | None) -> Any:
    """The same with `ssl`, where `_ssl` has another shape. Raises OSError."""
    import socket as public_socket  # noqa: PLC0415 # this and the next are what the other way saves
    import ssl  # noqa: PLC0415 # the same

    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    plain = public_socket.socket(fileno=os.dup(socket.fileno()))
    plain.settimeout(socket.gettimeout())
    return context.wrap_socket(plain, server_hostname=host)


try:
    import _ssl

    C_MODULES = hasattr(_ssl._SSLContext, "_wrap_socket")  # noqa: SLF001 # see the module's head
except (ImportError, AttributeError):
    C_MODULES = False
