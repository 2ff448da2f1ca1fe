"""Who may import whom: the contracts in setup.cfg hold, and they cover every room."""

from __future__ import annotations

import re
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
    contracts = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    (tmp_path / "setup.cfg").write_text(contracts, encoding="utf-8")
    package = tmp_path / "complaints"
    for room in floors() | set(re.findall(r"^    complaints\.(\w+)$", contracts, re.MULTILINE)):
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "steps" / "apologise.py").write_text("import complaints.web\n")
    (package / "models" / "complaint.py").write_text("import flask\n")
    (package / "domain" / "lifecycle.py").write_text("import sqlalchemy\n")
    (package / "queries" / "board.py").write_text("from complaints import clock\n")
    result = run_contracts(tmp_path)
    assert result.returncode == 1
    assert "complaints.steps is not allowed to import complaints.web" in result.stdout
    assert "complaints.models is not allowed to import flask" in result.stdout
    assert "complaints.domain is not allowed to import sqlalchemy" in result.stdout
    assert "complaints.queries is not allowed to import complaints.clock" in result.stdout


def floors() -> set[str]:
    """The rooms that the layer contract names."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    layers = settings["importlinter:contract:arrows"]["layers"]
    return {word.strip("()") for word in layers.split() if word != "|"}


def test_every_room_has_its_floor():
    rooms = {
        path.name
        for path in (ROOT / "complaints").iterdir()
        if path.is_dir() and (path / "__init__.py").exists()
    }
    assert rooms <= floors()
