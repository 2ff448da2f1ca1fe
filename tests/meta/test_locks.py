"""Locks that install the same bytes anywhere: hashes, no host, nothing of this machine."""

from __future__ import annotations

import json
import re
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
HOST = re.compile(r"https?:|file:|git\+|--(?:extra-)?index-url|--find-links", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:root|work|home/\w+|Users/\w+)/[\w.]")
PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def settings() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", [*LOCKS, ROOT / "package-lock.json"], ids=lambda path: path.name)
def test_a_lock_names_no_host(lock):
    assert HOST.findall(lock.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_carries_hashes(lock):
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_npm_package_carries_a_hash():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    bare = [name for name, package in packages.items() if name and "integrity" not in package]
    assert bare == []


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("base.txt", ["build"]), ("test.txt", ["build", "test"]), ("bench.txt", ["test", "bench"])],
)
def test_a_lock_covers_what_setup_cfg_asks_for(lock, extras):
    wanted = settings()["options"]["install_requires"].splitlines()
    for extra in extras:
        wanted += settings()["options.extras_require"][extra].splitlines()
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    pinned = {canonical(name): version for name, version in PINNED.findall(text)}
    for requirement in map(Requirement, filter(None, wanted)):
        version = pinned.get(canonical(requirement.name))
        assert version is not None, f"{lock} lacks {requirement.name}: run make lock"
        assert requirement.specifier.contains(version), f"{lock}: {requirement}, {version}"


def test_tests_run_the_versions_that_production_runs():
    pinned = {lock.name: dict(PINNED.findall(lock.read_text(encoding="utf-8"))) for lock in LOCKS}
    base = pinned["base.txt"]
    for name in ("test.txt", "bench.txt"):
        assert base.items() <= pinned[name].items()


def tracked_texts() -> dict[str, str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    texts = {}
    for name in filter(None, listing.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            try:
                texts[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return texts


def test_no_file_names_a_place_on_somebodys_machine():
    offenders = [
        f"{name}: {match.group()}"
        for name, text in tracked_texts().items()
        for match in MACHINE_PATH.finditer(text)
    ]
    assert offenders == []


def test_a_host_and_a_machine_path_are_caught():
    assert HOST.search("six @ https://example.org/six.whl")
    assert MACHINE_PATH.search("data in /" + "root/tanggap.db")
    assert not MACHINE_PATH.search("GET /complaints/home/x")
