"""The agent's own folder: who it is, where it reports to, and what it last delivered.

config.json     server URL, node id, node token, whether plain HTTP is allowed, authorities, proxy (0600)
enrolling.json  the node token of an enrolment whose answer has not come yet
chain           SHA-256 of the last acknowledged report
spool/          reports that wait for the server; see spool.py
sections/       the items of the last scan, one file for each section
lock            held by the running agent
"""

from __future__ import annotations

import fcntl
import os

from nodestral_agent import files
from nodestral_agent.codec import decode, encode
from nodestral_agent.errors import Misuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def folder_from(environment: dict[str, str], uid: int) -> str:
    """Where the state is when no option says so.

    NODESTRAL_AGENT_STATE, STATE_DIRECTORY (systemd), /var/lib for root, the XDG state folder for anybody else.
    """
    given = environment.get("NODESTRAL_AGENT_STATE") or environment.get("STATE_DIRECTORY", "").split(":")[0]
    if given:
        return given
    if uid == 0:
        return "/var/lib/nodestral-agent"
    base = environment.get("XDG_STATE_HOME") or environment.get("HOME", "/nonexistent") + "/.local/state"
    return base + "/nodestral"


class Config:
    """What enrolment settled."""

    def __init__(self, fields: dict[str, Any]) -> None:
        """Misuse when a field is missing or of the wrong kind."""
        try:
            self.server_url = str(fields["server_url"])
            self.node_id = str(fields["node_id"])
            self.node_token = str(fields["node_token"])
        except KeyError as error:
            raise Misuse(f"config.json lacks {error}. Enrol again with --force.") from None
        self.allow_plain_http = fields.get("allow_plain_http") is True
        ca_file = fields.get("ca_file")
        self.ca_file = str(ca_file) if ca_file else None
        proxy_url = fields.get("proxy_url")
        self.proxy_url = str(proxy_url) if proxy_url else None
        # What the server wished at enrolment, until its first answer says what it wishes now.
        self.settings = fields.get("settings")

    def fields(self) -> dict[str, Any]:
        """As stored."""
        return {
            "server_url": self.server_url,
            "node_id": self.node_id,
            "node_token": self.node_token,
            "allow_plain_http": self.allow_plain_http,
            "ca_file": self.ca_file,
            "proxy_url": self.proxy_url,
            "settings": self.settings,
        }


class State:
    """One state folder. Only its owner may look inside."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._lock: int | None = None

    def path(self, name: str) -> str:
        """A file of the folder."""
        return f"{self.folder}/{name}"

    def prepare(self) -> None:
        """Make the folder and close it to others. Misuse when that is not possible."""
        try:
            os.makedirs(self.path("sections"), mode=0o700, exist_ok=True)
            os.chmod(self.folder, 0o700)
        except OSError as error:
            raise Misuse(f"The state folder {self.folder} cannot be used: {error.strerror}.") from None

    def config(self) -> Config:
        """Misuse when this machine is not enrolled."""
        fields = self._load("config.json")
        if fields is None:
            raise Misuse(f"This machine is not enrolled (no {self.path('config.json')}). Run: nodestral-agent enroll")
        return Config(fields)

    def enrolled(self) -> bool:
        """Whether there is a configuration."""
        return os.path.exists(self.path("config.json"))

    def save_config(self, config: Config) -> None:
        """From now on this machine is that node."""
        files.write(self.path("config.json"), encode(config.fields()))
        files.remove(self.path("enrolling.json"))

    def pending_token(self) -> str | None:
        """The node token of an enrolment that was begun, so that repeating it makes no second node."""
        fields = self._load("enrolling.json")
        token = (fields or {}).get("node_token")
        return token if isinstance(token, str) else None

    def save_pending_token(self, token: str) -> None:
        """Remember it before it is used."""
        files.write(self.path("enrolling.json"), encode({"node_token": token}))

    def _load(self, name: str) -> dict[str, Any] | None:
        try:
            fields = decode(files.read(self.path(name)))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Misuse(f"{self.path(name)} cannot be read: {error.strerror}.") from None
        except ValueError:
            raise Misuse(f"{self.path(name)} is damaged. Enrol again with --force.") from None
        return fields if isinstance(fields, dict) else {}

    def chain(self) -> str | None:
        """SHA-256 of the last report; None before the first."""
        try:
            digest = files.read(self.path("chain")).decode("ascii")
        except (OSError, ValueError):
            return None
        return digest if len(digest) == 64 and not digest.strip("0123456789abcdef") else None

    def save_chain(self, digest: str) -> None:
        """Not synced: after a power cut an older link is found, which the server must bear anyhow."""
        try:
            files.write(self.path("chain"), digest.encode(), durable=False)
        except OSError:
            pass  # a full disk: the running agent remembers it all the same

    def forget_node(self) -> None:
        """Before this machine becomes another node: the old one's chain and reports are not the new one's."""
        for name in ("chain", "config.json", "enrolling.json", "spool/counts.json"):
            files.remove(self.path(name))
        for folder in ("spool", "spool/refused"):
            try:
                names = os.listdir(self.path(folder))
            except FileNotFoundError:
                continue
            for name in names:
                files.remove(self.path(f"{folder}/{name}"))

    def lock(self) -> bool:
        """Become the one running agent of this folder, until the process ends. False when another one runs."""
        try:
            handle = os.open(self.path("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Misuse(f"The state folder {self.folder} cannot be used: {error.strerror}.") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._lock = handle
        return True
