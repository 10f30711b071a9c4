"""Begins TLS with listeners of this machine, to see which certificates they serve, and hangs up.

Nothing is sent but what begins TLS there: a ClientHello, after STARTTLS (RFC 3207, 2595) or PostgreSQL's SSLRequest
where the protocol asks for it. Nothing is verified, and every version and cipher that OpenSSL still knows will do,
because this only looks. All handshakes run in one loop, each with a deadline, and none leaves this machine.
"""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import ssl
import sys
import time
import warnings
from collections.abc import Generator

from nodestral_agent.endpoint import Served, Target

PIECE = 1 << 16
# What a server may say before its certificates are there.
LIMIT = 256 << 10
SECONDS = 2.0
TOTAL_SECONDS = 8.0
AT_ONCE = 16
CHAIN_MAX = 16
# RFC 8446, 5.1 and RFC 5246, 7.4
RECORD_HANDSHAKE, MESSAGE_CERTIFICATE = 22, 11
# X509_FILETYPE_ASN1 of OpenSSL, which `_ssl` calls ENCODING_DER.
DER = 2
# Before Python 3.10 the chain is only to be had where it travels in clear, up to TLS 1.2.
TELLS_CHAINS = sys.version_info >= (3, 10)
# The request code of PostgreSQL's protocol, "SSL and GSSAPI session encryption": length 8, 80877103.
SSL_REQUEST = b"\0\0\0\x08\x04\xd2\x16\x2f"
Talk = Generator[bytes, bytes, bool]


class Plain(Exception):  # no error: an answer
    """What answered does not speak TLS here."""


def is_this_machine(address: str) -> bool:
    """Whether packets to this address stay here, by the kernel's own routing. Nothing is sent.

    The kernel reaches an address of its own from that very address, and any other from one of its own.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
            chosen = probe.getsockname()[0]
    except OSError:
        return False
    return bool(chosen == address or (family == socket.AF_INET and address.startswith("127.")))


def lines(say: bytes, last: bytes = b"") -> Generator[bytes, bytes, list[bytes]]:
    """Say something; the lines of the answer: until one that begins with `last` and has no hyphen after its code.

    RFC 5321, 4.2.1: all lines but the last have the hyphen.
    """
    heard = yield say
    while True:
        *whole, rest = heard.split(b"\n")
        if whole and not rest and whole[-1][3:4] != b"-" and whole[-1].startswith(last):
            return whole
        more = yield b""
        if not more:
            raise Plain
        heard += more


def expect(answer: list[bytes], beginning: bytes) -> None:
    """Plain unless the answer begins so."""
    if not answer[-1].startswith(beginning):
        raise Plain


def smtp() -> Generator[bytes, bytes, None]:
    """RFC 3207."""
    expect((yield from lines(b"")), b"220")
    expect((yield from lines(b"EHLO localhost\r\n")), b"250")
    expect((yield from lines(b"STARTTLS\r\n")), b"220")


def imap() -> Generator[bytes, bytes, None]:
    """RFC 2595, 3."""
    expect((yield from lines(b"")), b"* OK")
    expect((yield from lines(b"a1 STARTTLS\r\n", b"a1 ")), b"a1 OK")


def pop3() -> Generator[bytes, bytes, None]:
    """RFC 2595, 4."""
    expect((yield from lines(b"")), b"+OK")
    expect((yield from lines(b"STLS\r\n")), b"+OK")


def postgresql() -> Generator[bytes, bytes, None]:
    """PostgreSQL's frontend/backend protocol: one byte, S or N."""
    heard = yield SSL_REQUEST
    if heard != b"S":
        raise Plain


PREFACES = {"smtp": smtp, "imap": imap, "pop3": pop3, "postgresql": postgresql}


def permissive(newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED) -> ssl.SSLContext:
    """Whatever the other side speaks: this only looks, and never sends anything worth protecting."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for version in (ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_2):
            try:
                context.minimum_version = version
            except ValueError:
                continue
            break
    context.maximum_version = newest
    context.options |= 0x4  # SSL_OP_LEGACY_SERVER_CONNECT
    try:
        context.set_ciphers("ALL:@SECLEVEL=0")
    except ssl.SSLError:
        context.set_ciphers("ALL")
    return context


class Conversation:
    """One handshake under way; `sent` and `heard` are for its loop."""

    def __init__(self, target: Target, context: ssl.SSLContext, deadline: float) -> None:
        self.target = target
        self.deadline = deadline
        self.result: Served | None = None
        self._context = context
        self._heard = bytearray()
        self._heard_bytes = 0
        self._outgoing = b""
        self._farewell = b""
        self._talk = self._all()
        family = socket.AF_INET6 if ":" in target.address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.setblocking(False)
        self._connecting = True
        code = self.socket.connect_ex((target.address, target.port))
        if code not in (0, errno.EINPROGRESS):
            self.finish(Served("silent", []))

    def _all(self) -> Talk:
        """The whole dialogue: yields what to say, takes what was heard; True when TLS was agreed on."""
        preface = PREFACES.get(self.target.protocol)
        if preface:
            yield from preface()
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._context.wrap_bio(incoming, outgoing, server_hostname=self.target.server_name or None)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                # A listener that speaks something else, or a server that wants a client's certificate or a name.
                return self._told_a_chain([])
            else:
                # In this order: after the farewell some versions of OpenSSL call the handshake undone.
                chain = chain_of(tls)
                self._farewell = farewell(tls, outgoing)
                return self._told_a_chain(chain)
            heard = yield outgoing.read()
            if not heard:
                return self._told_a_chain([])
            self._heard += heard
            incoming.write(heard)

    def _told_a_chain(self, chain: list[bytes]) -> bool:
        """Set the result. Before TLS 1.3 the chain is in clear, and so is there for whoever is turned away later."""
        clear = chain_in_clear(bytes(self._heard))
        if len(clear) > len(chain):
            chain = clear
        if chain:
            self.result = Served("tls", chain[:CHAIN_MAX])
        else:
            # An alert (21) is an answer in TLS.
            self.result = Served("refused" if is_alert(self._heard) else "plain", [])
        return bool(chain)

    @property
    def events(self) -> int:
        return select.POLLOUT if self._connecting or self._outgoing else select.POLLIN

    def advance(self) -> None:
        """Do what can be done now; `result` is set at the end."""
        try:
            if self._connecting:
                code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    raise OSError(code, "no connection")
                self._connecting = False
                self._outgoing = next(self._talk)
            elif self._outgoing:
                self._outgoing = self._outgoing[self.socket.send(self._outgoing) :]
            else:
                heard = self.socket.recv(PIECE)
                self._heard_bytes += len(heard)
                if self._heard_bytes > LIMIT:
                    raise Plain
                self._outgoing = self._talk.send(heard)
        except (BlockingIOError, InterruptedError):
            return
        except StopIteration:
            self.finish(self.result or Served("plain", []))
        except Plain:
            self.finish(Served("plain", []))
        except OSError:
            # Hanging up on a ClientHello is how many plain protocols say that they do not know it.
            self.finish(Served("silent" if self._connecting else "plain", []))

    def finish(self, result: Served) -> None:
        """Hang up."""
        self.result = result
        self._talk.close()
        with contextlib.suppress(OSError):
            self.socket.send(self._farewell)
        self.socket.close()


def farewell(tls: ssl.SSLObject, outgoing: ssl.MemoryBIO) -> bytes:
    """What ends the handshake and then the connection in good order, so that no server writes of a broken one."""
    with contextlib.suppress(ssl.SSLError):
        tls.unwrap()
    return outgoing.read()


def chain_of(tls: ssl.SSLObject) -> list[bytes]:
    """The chain as it was served; where this Python does not tell it (before 3.10), only its first certificate."""
    told = getattr(tls, "get_unverified_chain", None) if TELLS_CHAINS else None
    if told is not None:
        return [bytes(certificate) for certificate in told()]
    inner = getattr(getattr(tls, "_sslobj", None), "get_unverified_chain", None) if TELLS_CHAINS else None
    if inner is not None:  # 3.10 to 3.12 have it, without a public name
        return [certificate.public_bytes(DER) for certificate in inner() or ()]
    try:
        leaf = tls.getpeercert(binary_form=True)
    except ValueError:
        # The other side began the handshake anew in the same breath; what travelled in clear is still there.
        return []
    return [leaf] if leaf else []


def chain_in_clear(heard: bytes) -> list[bytes]:
    """The certificates of TLS 1.2 and older, read from the records of the handshake; none when there are no such."""
    handshake = bytearray()
    at = 0
    while at + 5 <= len(heard) and heard[at] == RECORD_HANDSHAKE and heard[at + 1] == 3:
        length = int.from_bytes(heard[at + 3 : at + 5], "big")
        handshake += heard[at + 5 : at + 5 + length]
        at += 5 + length
    at = 0
    while at + 4 <= len(handshake):
        length = int.from_bytes(handshake[at + 1 : at + 4], "big")
        body = bytes(handshake[at + 4 : at + 4 + length])
        if handshake[at] == MESSAGE_CERTIFICATE:
            return listed(body) if len(body) == length else []
        at += 4 + length
    return []


def listed(body: bytes) -> list[bytes]:
    """The certificates of a Certificate message, each behind its length of three bytes."""
    found: list[bytes] = []
    at = 3
    while at + 3 <= len(body) and len(found) < CHAIN_MAX:
        length = int.from_bytes(body[at : at + 3], "big")
        certificate = body[at + 3 : at + 3 + length]
        if not length or len(certificate) != length:
            break
        found.append(certificate)
        at += 3 + length
    return found


def is_alert(heard: bytes | bytearray) -> bool:
    """Whether TLS was answered with an alert record."""
    return len(heard) >= 7 and heard[0] == 21 and heard[1] == 3


def begun(
    targets: list[Target], seconds: float = SECONDS, total_seconds: float = TOTAL_SECONDS
) -> dict[Target, Served]:
    """What each target serves. A target that is not on this machine, or for which no time was left, is not in it."""
    end = time.monotonic() + total_seconds
    here = {address: is_this_machine(address) for address in {target.address for target in targets}}
    waiting = [target for target in targets if here[target.address]]
    if TELLS_CHAINS:
        return run(waiting, permissive(), seconds, end)
    found = run(waiting, permissive(ssl.TLSVersion.TLSv1_2), seconds, end)
    # What speaks nothing older than TLS 1.3 turns the first attempt away, and then hides all but its own certificate.
    newer = run(
        [target for target in waiting if target in found and found[target].outcome == "refused"],
        permissive(),
        seconds,
        end,
    )
    return {**found, **{target: served._replace(is_whole=False) for target, served in newer.items()}}


def run(targets: list[Target], context: ssl.SSLContext, seconds: float, end: float) -> dict[Target, Served]:
    """All handshakes, so many at once, until `end` on the clock that never jumps."""
    waiting = targets[::-1]
    running: dict[int, Conversation] = {}
    found: dict[Target, Served] = {}
    while running or waiting:
        now = time.monotonic()
        while waiting and len(running) < AT_ONCE and now < end:
            conversation = Conversation(waiting.pop(), context, min(now + seconds, end))
            if conversation.result:
                found[conversation.target] = conversation.result
            else:
                running[conversation.socket.fileno()] = conversation
        if now >= end:
            waiting.clear()
        advance_all(running, now)
        for descriptor, conversation in list(running.items()):
            if conversation.result:
                found[conversation.target] = conversation.result
                del running[descriptor]
    return found


def advance_all(running: dict[int, Conversation], now: float) -> None:
    """Wait for the first that can go on, or is late."""
    if not running:
        return
    poll = select.poll()
    for descriptor, conversation in running.items():
        poll.register(descriptor, conversation.events)
    soonest = min(conversation.deadline for conversation in running.values())
    ready = poll.poll(max(0.0, soonest - now) * 1000 + 1)
    for descriptor, _ in ready:
        running[descriptor].advance()
    now = time.monotonic()
    for conversation in running.values():
        if not conversation.result and now >= conversation.deadline:
            conversation.finish(Served("silent", []))
