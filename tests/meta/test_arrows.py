"""Who may import whom: the contracts in setup.cfg hold, and they cover every package."""

from __future__ import annotations

import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )


def test_arrows_between_rooms_point_down():
    result = run_contracts(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_arrow_that_points_up_is_caught(tmp_path):
    package = empty_copy(tmp_path)
    (package / "steps" / "apologise.py").write_text("import complaints.web\n")
    (package / "models" / "complaint.py").write_text("import flask\n")
    (package / "domain" / "lifecycle.py").write_text("import sqlalchemy\n")
    (package / "queries" / "lists" / "board.py").write_text("from complaints import clock\n")
    (package / "web" / "frame" / "words.py").write_text("import complaints.web.desk.board\n")
    (package / "clocks" / "timers.py").write_text("import complaints.clocks.changes\n")
    (package / "clocks" / "changes.py").write_text("import complaints.clocks.timers\n")
    result = run_contracts(tmp_path)
    told = " ".join(result.stdout.split())
    assert result.returncode == 1
    assert "complaints.steps is not allowed to import complaints.web" in told
    assert "complaints.models is not allowed to import flask" in told
    assert "complaints.domain is not allowed to import sqlalchemy" in told
    assert "complaints.queries is not allowed to import complaints.clock" in told
    assert "complaints.web.frame is not allowed to import complaints.web.desk" in told
    assert "No cycles are allowed in complaints.clocks" in told


def empty_copy(folder: Path) -> Path:
    """The package's folders and modules without a line of code, under the same contracts."""
    contracts = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    (folder / "setup.cfg").write_text(contracts, encoding="utf-8")
    for path in (ROOT / "complaints").rglob("*.py"):
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    return folder / "complaints"


def test_no_folder_is_a_drawer():
    """No folder holds more than 25 modules; which folder lies inside?"""
    folders = {path.parent for path in (ROOT / "complaints").rglob("*.py")}
    counted = {
        folder.relative_to(ROOT).as_posix(): len(set(folder.glob("*.py"))) - 1 for folder in folders
    }
    assert {folder: count for folder, count in counted.items() if count > 25} == {}


def layers() -> set[str]:
    """The packages that the layer contract names."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    layers = settings["importlinter:contract:arrows"]["layers"]
    return {word.strip("()") for word in layers.split() if word != "|"}


def test_every_package_has_its_layer():
    packages = {
        path.name
        for path in (ROOT / "complaints").iterdir()
        if path.is_dir() and (path / "__init__.py").exists()
    }
    assert packages <= layers()
