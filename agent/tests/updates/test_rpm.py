"""Repositories of rpm packages: in all the forms that they are kept in, damaged, and how versions are ordered."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load

from nodestral_agent.collectors import updates
from nodestral_agent.updates.rpm_version import order

FOLDER = "/var/cache/dnf/shop-0123456789abcdef/repodata"
RISING = [
    *("1.0~rc1-1", "1.0~rc2-1", "1.0-1", "1.0-1.el9", "1.0-1.el9_4", "1.0-1.el9_4.2", "1.0-2", "1.0-10", "1.0^git1-1"),
    *("1.0a-1", "1.0.1-1", "1.9-1", "1.10-1", "2a1-1", "1:0.1-1"),
]


def pending(host: RecordedHost) -> dict[str, Any]:
    """Whether each update is for security, by name."""
    return {item["name"]: item["security"] for item in updates.collect(host).items if item["kind"] == "update"}


def packed(form: str, pack: Callable[[bytes], bytes], folder: Path) -> RecordedHost:
    """The recorded machine with its lists in another form."""
    host = RecordedHost(load(CASES / "updates" / "dnf.json"), folder)
    repodata = Path(host.path(FOLDER))
    index = repodata / "repomd.xml"
    for kind in ("primary", "updateinfo"):
        plain = repodata / f"{kind}.xml"
        (repodata / f"{kind}.xml{form}").write_bytes(pack(plain.read_bytes()))
        plain.unlink()
        index.write_text(index.read_text().replace(f"{kind}.xml", f"{kind}.xml{form}"))
    return host


@pytest.mark.parametrize(
    ("form", "pack"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)]
)
def test_a_repository_in_any_form(form: str, pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    host = RecordedHost(load(CASES / "updates" / "dnf.json"), tmp_path) if not form else packed(form, pack, tmp_path)
    assert pending(host) == {"shop-secure": True, "shop-plain": False, "shop-held": False}


class ZstdHost(RecordedHost):
    """Has zstd, which prints what the file holds; here it is not packed at all."""

    def streamed(self, argv: list[str], *_: Any) -> Any:
        assert argv[0] == "zstd"
        yield Path(argv[-1]).read_bytes()


def test_what_only_zstd_unpacks(tmp_path: Path) -> None:
    host = packed(".zst", bytes, tmp_path)
    found = updates.collect(host)
    assert found.coverage["level"] == "partial"
    assert found.coverage["grant"] == "dnf install zstd"
    assert pending(ZstdHost({**host.case, "files": {}, "times": {}}, tmp_path)) == {
        "shop-secure": True,
        "shop-plain": False,
        "shop-held": False,
    }


@pytest.mark.parametrize("form", [".gz", ".xz", ".bz2"])
def test_a_damaged_repository_is_told(form: str, tmp_path: Path) -> None:
    found = updates.collect(packed(form, lambda _: b"garbage", tmp_path))
    assert found.coverage["level"] == "partial"
    assert "shop: " in found.coverage["reason"]
    assert [item["kind"] for item in found.items] == ["manager"]


def test_an_index_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    case = load(CASES / "updates" / "dnf.json")
    case["files"][f"{FOLDER}/repomd.xml"] = '<data type="primary"><location href="../../../../etc/shadow"/></data>'
    found = updates.collect(RecordedHost(case, tmp_path))
    assert "its list of packages is not here" in found.coverage["reason"]


def test_versions_rise() -> None:
    assert sorted(sorted(RISING), key=order) == RISING


@pytest.mark.parametrize(("one", "other"), [("1.0-1", "1_0-1"), ("1.0-1", "0:1.0-1"), ("1.01-1", "1.1-1")])
def test_equal_versions(one: str, other: str) -> None:
    assert order(one) == order(other)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("security", "dnf-automatic")),
        ({"apply_updates = yes": "apply_updates = no"}, ("download", "dnf-automatic")),
        ({"apply_updates = yes": "", "download_updates = yes": ""}, ("off", "dnf-automatic")),
        ({"upgrade_type = security": "upgrade_type = default"}, ("all", "dnf-automatic")),
        ({"dnf-automatic.timer": "dnf-automatic-install.timer"}, ("security", "dnf-automatic")),
        ({"dnf-automatic.timer": "dnf5-automatic.timer"}, ("security", "dnf-automatic")),
        ({"dnf-automatic.timer": "dnf-automatic-notifyonly.timer"}, ("off", "dnf-automatic")),
        ({"dnf-automatic.timer": "other.timer"}, ("off", None)),
    ],
)
def test_dnf_automatic(change: dict[str, str], expected: tuple[str, str | None], tmp_path: Path) -> None:
    case = load(CASES / "updates" / "dnf.json")
    files = {}
    for path, content in case["files"].items():
        for old, new in change.items():
            path = path.replace(old, new)  # noqa: PLW2901 # the same text stands in paths and in files
            content = content.replace(old, new) if isinstance(content, str) else content  # noqa: PLW2901
        files[path] = content
    (manager,) = (
        item
        for item in updates.collect(RecordedHost(case | {"files": files}, tmp_path)).items
        if item["kind"] == "manager"
    )
    assert (manager["automatic"], manager["automatic_by"]) == expected
