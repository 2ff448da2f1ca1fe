"""The wheel holds everything or is not built, and what it holds starts without the checkout."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sysconfig import get_path
from urllib.error import URLError
from venv import EnvBuilder
from zipfile import ZipFile

import pytest

from tests.html_tree import Tag

ROOT = Path(__file__).resolve().parents[2]
#: What a wheel is built from, made or tracked.
SOURCES = ("complaints", "config", "migrations", "templates")
BESIDE = ("setup.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
#: Of the working environment, nothing that could lead back to the checkout or to a database.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


def copy_sources(folder: Path) -> Path:
    """The files that a wheel is built from, in a folder of their own."""
    litter = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=litter)
    for name in BESIDE:
        shutil.copy2(ROOT / name, folder)
    return folder


def build_wheel(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """`pip wheel .`, which asks no registry for anything."""
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", *options]
    return subprocess.run(
        [*command, str(target), str(source)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    source = copy_sources(tmp_path_factory.mktemp("source"))
    target = tmp_path_factory.mktemp("wheel")
    built = build_wheel(source, target)
    assert built.returncode == 0, built.stderr
    (path,) = target.glob("*.whl")
    return path


class TestContents:
    def test_everything_that_the_programme_reads_is_inside(self, wheel):
        inside = set(ZipFile(wheel).namelist())
        wanted = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / "complaints").rglob("*")
            if path.suffix in {".py", ".mo", ".css", ".js", ".svg", ".gz", ".br", ".toml"}
        }
        for name in ("config", "migrations", "templates"):
            wanted |= {
                f"complaints/_carried/{path.relative_to(ROOT).as_posix()}"
                for path in (ROOT / name).rglob("*")
                if path.is_file() and "__pycache__" not in path.parts
            }
        assert len(wanted) > 300
        assert wanted - inside == set()

    def test_nothing_else_is(self, wheel):
        tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
        assert {top.split("-")[0] for top in tops} == {"complaints", "tanggap"}

    def test_licences_travel_with_what_they_are_for(self, wheel):
        with ZipFile(wheel) as archive:
            ours = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
            texts = archive.read("complaints/static/vendor/LICENSES.txt").decode()
            sheet = archive.read("complaints/static/vendor/tabler.min.css").decode()
        assert len(ours) == 1
        for package in ("@tabler/core", "@tabler/icons", "htmx.org"):
            assert f"{package} " in texts
        assert texts.count("Permission") == 3
        assert "Licensed under MIT" in sheet[:400]


class TestIncomplete:
    @pytest.fixture
    def source(self, tmp_path: Path) -> Path:
        return copy_sources(tmp_path / "source")

    def refusal(self, source: Path, target: Path) -> str:
        """What is said; nothing has been built."""
        built = build_wheel(source, target)
        assert built.returncode != 0
        assert list(target.glob("*.whl")) == []
        return built.stderr

    def test_a_clean_clone_is_refused_with_a_sentence(self, source, tmp_path):
        shutil.rmtree(source / "complaints" / "static" / "vendor")
        for compiled in source.rglob("*.mo"):
            compiled.unlink()
        words = self.refusal(source, tmp_path)
        assert "This wheel would be incomplete" in words
        assert "complaints/static/vendor" in words
        assert "complaints/translations/id/LC_MESSAGES/messages.mo" in words
        assert "`make wheel`" in words

    def test_a_translation_older_than_its_text_is_refused(self, source, tmp_path):
        (catalogue,) = source.rglob("*.po")
        compiled = catalogue.with_suffix(".mo")
        os.utime(compiled, (0, 0))
        assert "older than the source: complaints/translations/id" in self.refusal(source, tmp_path)

    def test_a_stylesheet_that_was_not_packed_anew_is_refused(self, source, tmp_path):
        with (source / "complaints" / "static" / "css" / "tanggap.css").open("a") as sheet:
            sheet.write(".new { top: 0 }")
        assert "older than the source: complaints/static_packed." in self.refusal(source, tmp_path)


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A programme that is stopped at the end, with all that it started."""
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=surroundings(), text=True, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def surroundings() -> dict[str, str]:
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def install(wheel: Path, folder: Path) -> Path:
    """An empty environment with the wheel in it; gives the folder of its commands.

    The dependencies are those of the environment that runs the tests, without its `.pth` files,
    one of which leads to the checkout.
    """
    EnvBuilder(with_pip=False).create(folder)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    options = ["--quiet", "--no-index", "--no-deps", "--no-compile"]
    subprocess.run([*pip, "install", *options, str(wheel)], check=True)
    (packages,) = (folder / "lib").glob("python3.*/site-packages")
    (packages / "dependencies.pth").write_text(f"{get_path('purelib')}\n{get_path('platlib')}\n")
    return folder / "bin"


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert answer.status == 200
        return bytes(answer.read())


def read_when_up(process: subprocess.Popen[str], address: str) -> bytes:
    """The page, once the server answers."""
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            return read(address)
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the server never answered")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_starts_elsewhere_and_shows_a_styled_page_in_indonesian(wheel, tmp_path):
    commands = install(wheel, tmp_path / "environment")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    complaints = str(commands / "complaints")

    def say(*arguments: str) -> str:
        return subprocess.run(
            arguments,
            cwd=elsewhere,
            env=surroundings(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    where = say(str(commands / "python"), "-c", "import complaints; print(complaints.__file__)")
    assert where.startswith(str(tmp_path))
    say(complaints, "init")
    assert "5 complaints made" in say(complaints, "demo", "--complaints", "5")
    assert (elsewhere / "var" / "tanggap.db").exists()
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    with running([complaints, "run", "--port", str(port), "--workers", "1"], elsewhere) as server:
        page = Tag.of(read_when_up(server, f"{site}/login"))
        assert page["lang"] == "id"
        assert "Masuk" in page.find("h1").get_text()
        sheets = [link["href"] for link in page.select("link[rel=stylesheet]")]
        assert all(re.search(r"\.[0-9a-f]{12}\.css$", href) for href in sheets)
        styles = [read(site + href).decode() for href in sheets]
        scripts = [read(site + script["src"]) for script in page.select("script[src]")]
        tabler = next(text for text in styles if "Tabler v" in text)
    assert ".btn-primary" in tabler
    # The whole of Tabler is ten times as long.
    assert len(tabler) < 80_000
    assert any(".said" in text for text in styles)
    assert scripts
    assert all(scripts)
    assert server.returncode == 0
