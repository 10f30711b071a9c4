"""The agent's own folder."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from nodestral_agent.errors import Misuse
from nodestral_agent.state import Config, State, folder_from

FIELDS = {
    "server_url": "https://s",
    "node_id": "n",
    "node_token": "t",
    "allow_plain_http": False,
    "ca_file": None,
    "proxy_url": "http://ann:secret@proxy:3128",
    "settings": None,
}


@pytest.mark.parametrize(
    ("environment", "uid", "folder"),
    [
        ({"NODESTRAL_AGENT_STATE": "/a", "STATE_DIRECTORY": "/b"}, 0, "/a"),
        ({"STATE_DIRECTORY": "/b:/c"}, 1000, "/b"),
        ({}, 0, "/var/lib/nodestral-agent"),
        ({"XDG_STATE_HOME": "/x", "HOME": "/h"}, 1000, "/x/nodestral"),
        ({"HOME": "/h"}, 1000, "/h/.local/state/nodestral"),
    ],
)
def test_where_it_is(environment: dict[str, str], uid: int, folder: str) -> None:
    assert folder_from(environment, uid) == folder


def test_nobody_else_may_look_inside(tmp_path: Path) -> None:
    state = State(str(tmp_path / "state"))
    (tmp_path / "state").mkdir(mode=0o755)
    state.prepare()
    state.save_config(Config(FIELDS))
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "state" / "config.json").stat().st_mode) == 0o600
    assert state.config().fields() == FIELDS


def test_one_agent_at_a_time(tmp_path: Path) -> None:
    first, second = State(str(tmp_path)), State(str(tmp_path))
    assert first.lock()
    assert not second.lock()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"server_url": "x"}', b"\xff\xfe"])
def test_a_damaged_configuration_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(Misuse, match="--force"):
        State(str(tmp_path)).config()


def test_the_chain_survives_and_bears_damage(tmp_path: Path) -> None:
    state = State(str(tmp_path))
    assert state.chain() is None
    state.save_chain("0" * 64)
    assert State(str(tmp_path)).chain() == "0" * 64
    for damage in (b"", b"xyz", b"\xff" * 64, b"g" * 64):
        (tmp_path / "chain").write_bytes(damage)
        assert state.chain() is None
