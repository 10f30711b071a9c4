"""Every setting of the server: from its default, a TOML file, and the environment (the later wins).

The descriptions here are the documentation: `describe()` hands them to the README's table. A bad value ends the start
with a sentence that names the setting (`SettingsError`).
"""

import ipaddress
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct, field

ENVIRONMENT_PREFIX = "NODESTRAL_"
# The names that hosting platforms and people already use for these.
PLAIN_NAMES = {
    "database_url": "DATABASE_URL",
    "redis_url": "REDIS_URL",
    "listen_host": "NODESTRAL_HOST",
    "listen_port": "NODESTRAL_PORT",
}


class SettingsError(Exception):
    """A setting that cannot be used; the message names it and says what it may be."""


def _default_data_dir() -> str:
    if os.geteuid() == 0:
        return "/var/lib/nodestral"
    share = os.environ.get("XDG_DATA_HOME") or str(Path("~/.local/share").expanduser())
    return str(Path(share) / "nodestral")


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    public_url: Annotated[
        str,
        Meta(
            description="The address under which people and agents reach this server, such as "
            "https://nodes.example.org. Empty: http://HOST:PORT of the listener."
        ),
    ] = ""
    listen_host: Annotated[str, Meta(min_length=1, description="The address to listen on.")] = "127.0.0.1"
    listen_port: Annotated[int, Meta(ge=0, le=65535, description="The TCP port to listen on; 0 takes a free one.")] = (
        8600
    )
    trusted_proxies: Annotated[
        list[str],
        Meta(
            description="Addresses or networks of reverse proxies whose X-Forwarded-For is believed, "
            "separated by commas."
        ),
    ] = field(default_factory=list)
    database_url: Annotated[
        str, Meta(description="PostgreSQL (15 or newer) to use. Empty: the embedded one, kept in the data folder.")
    ] = ""
    redis_url: Annotated[str, Meta(description="Redis (6 or newer) or Valkey to use. Empty: the embedded Valkey.")] = ""
    data_dir: Annotated[
        str,
        Meta(
            min_length=1,
            description="The folder of the embedded databases. Default: /var/lib/nodestral as root, "
            "else ~/.local/share/nodestral.",
        ),
    ] = field(default_factory=_default_data_dir)
    report_interval_seconds: Annotated[
        int, Meta(ge=5, le=3600, description="How often agents report. A node is silent after three of these.")
    ] = 30
    scan_interval_seconds: Annotated[
        int, Meta(ge=10, le=86400, description="How often agents look for services, ports and containers.")
    ] = 300
    session_lifetime_seconds: Annotated[int, Meta(ge=300, le=366 * 86400, description="How long a sign-in lasts.")] = (
        14 * 86400
    )
    sample_retention_days: Annotated[int, Meta(ge=1, le=3660, description="How long samples are kept.")] = 31
    metrics_token: Annotated[
        str,
        Meta(
            description="Bearer token that may read /metrics. Empty: only connections from this machine itself may, "
            "and none that came through a proxy."
        ),
    ] = ""
    database_pool_size: Annotated[
        int, Meta(ge=2, le=200, description="Connections to PostgreSQL that one server process may hold.")
    ] = 10
    commit_delay_milliseconds: Annotated[
        int,
        Meta(ge=0, le=100, description="How long reports wait for others to share one commit with."),
    ] = 20
    report_queue_limit: Annotated[
        int,
        Meta(
            ge=1, le=100_000, description="Reports waiting for their commit; more are told to come again later (503)."
        ),
    ] = 2000
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least serious message that is logged.")
    ] = "info"

    def __post_init__(self) -> None:
        _check_url("public_url", self.public_url, ("http", "https"))
        _check_url("database_url", self.database_url, ("postgresql", "postgres"))
        _check_url("redis_url", self.redis_url, ("redis", "rediss", "unix"))
        for proxy in self.trusted_proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError as error:
                raise ValueError(f"trusted_proxies: {error}") from None

    @property
    def url(self) -> str:
        """The public address without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.listen_host, self.listen_host)  # noqa: S104
        return f"http://[{host}]:{self.listen_port}" if ":" in host else f"http://{host}:{self.listen_port}"

    @property
    def over_https(self) -> bool:
        return self.url.startswith("https://")


class Description(NamedTuple):
    """One row of the settings' documentation. default: as it would be written in the environment."""

    name: str
    environment: str
    default: str
    text: str


def environment_name(name: str) -> str:
    return PLAIN_NAMES.get(name, ENVIRONMENT_PREFIX + name.upper())


def describe() -> Iterator[Description]:
    hints = get_type_hints(Settings, include_extras=True)
    for each in msgspec.structs.fields(Settings):
        meta = next(part for part in hints[each.name].__metadata__ if isinstance(part, Meta))
        default = "" if each.default is msgspec.NODEFAULT else str(each.default)
        yield Description(each.name, environment_name(each.name), default, meta.description or "")


def load(path: str | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. path: a TOML file; else NODESTRAL_CONFIG names one; else there is none.

    Raises SettingsError.
    """
    environment = os.environ if environment is None else environment
    path = path or environment.get(ENVIRONMENT_PREFIX + "CONFIG")
    values: dict[str, Any] = _from_file(path) if path else {}
    for each in msgspec.structs.fields(Settings):
        for name in (environment_name(each.name), ENVIRONMENT_PREFIX + each.name.upper()):
            if name in environment:
                values[each.name] = _from_text(each.name, environment[name])
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(_explain(str(error))) from None


def _from_file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not TOML: {error}.") from None


def _from_text(name: str, text: str) -> str | list[str]:
    if name == "trusted_proxies":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _explain(message: str) -> str:
    problem, _, place = message.partition(" - at `$.")
    name = place.rstrip("`")
    if not name:
        return f"Bad setting: {problem}."
    return f"Bad setting {name} ({environment_name(name)}): {problem}."


def _check_url(name: str, url: str, schemes: tuple[str, ...]) -> None:
    if not url:
        return
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if parts.scheme not in schemes:
        raise ValueError(f"{name}: must begin with {' or '.join(scheme + '://' for scheme in schemes)}")
    if parts.scheme in ("http", "https") and (not parts.hostname or parts.query or parts.fragment):
        raise ValueError(f"{name}: must be an address such as https://nodes.example.org")
