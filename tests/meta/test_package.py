"""What is installed: every room, and the folders of the top level that pages and commands read."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

from complaints import places

ROOT = Path(__file__).resolve().parents[2]
CARRIED = {"config", "migrations", "templates"}


def options(section: str, key: str) -> list[str]:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return settings[section][key].split("\n")[1:]


def test_every_room_is_packed():
    rooms = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "complaints").rglob("__init__.py")
    }
    carried = {f"complaints._house.{name}" for name in CARRIED}
    assert set(options("options", "packages")) == rooms | carried


def test_every_folder_with_code_is_a_room():
    folders = {path.parent for path in (ROOT / "complaints").rglob("*.py")}
    assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_the_folders_beside_the_package_are_found():
    found = {places.CONFIG, places.MIGRATIONS, places.TEMPLATES}
    assert found == {ROOT / name for name in CARRIED}
    assert places.STATIC.is_dir()
    assert places.TRANSLATIONS.is_dir()
