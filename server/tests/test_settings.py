"""Settings come from defaults, a file and the environment; a bad one ends the start and is named."""

from pathlib import Path

import pytest

from nodestral.settings import Settings, SettingsError, describe, load


def test_the_environment_wins_over_the_file_over_the_default(tmp_path: Path) -> None:
    file = tmp_path / "nodestral.toml"
    file.write_text('listen_port = 9000\nlisten_host = "0.0.0.0"\ntrusted_proxies = ["10.0.0.0/8"]\n', encoding="utf-8")
    found = load(str(file), {"NODESTRAL_LISTEN_PORT": "9001", "DATABASE_URL": "postgresql://db/nodestral"})
    assert (found.listen_port, found.listen_host, found.report_interval_seconds) == (9001, "0.0.0.0", 30)  # noqa: S104
    assert found.trusted_proxies == ["10.0.0.0/8"]
    assert found.database_url == "postgresql://db/nodestral"


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "n.toml"
    file.write_text("report_interval_seconds = 60\n", encoding="utf-8")
    assert load(None, {"NODESTRAL_CONFIG": str(file)}).report_interval_seconds == 60


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NODESTRAL_LISTEN_PORT", "http", "listen_port"),
        ("NODESTRAL_LISTEN_PORT", "70000", "listen_port"),
        ("NODESTRAL_REPORT_INTERVAL_SECONDS", "0", "report_interval_seconds"),
        ("NODESTRAL_LOG_LEVEL", "loud", "log_level"),
        ("NODESTRAL_TRUSTED_PROXIES", "10.0.0.0/8, proxy", "trusted_proxies"),
        ("NODESTRAL_PUBLIC_URL", "nodes.example.org", "public_url"),
        ("NODESTRAL_PUBLIC_URL", "https://", "public_url"),
        ("DATABASE_URL", "mysql://db", "database_url"),
        ("REDIS_URL", "localhost:6379", "redis_url"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(None, {name: value})


def test_an_unknown_name_in_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "n.toml"
    file.write_text("listen_prot = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="listen_prot"):
        load(str(file), {})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml"):
        load(str(tmp_path / "missing.toml"), {})


def test_every_setting_has_its_line() -> None:
    rows = list(describe())
    assert {row.name for row in rows} == set(Settings.__struct_fields__)
    assert all(row.text.endswith(".") for row in rows)


@pytest.mark.parametrize(
    ("values", "url"),
    [
        ({"listen_host": "0.0.0.0", "listen_port": 80}, "http://127.0.0.1:80"),  # noqa: S104
        ({"listen_host": "::1", "listen_port": 80}, "http://[::1]:80"),
        ({"public_url": "https://nodes.example.org/"}, "https://nodes.example.org"),
    ],
)
def test_the_public_address(values: dict[str, object], url: str) -> None:
    assert Settings(**values).url == url  # type: ignore[arg-type]
