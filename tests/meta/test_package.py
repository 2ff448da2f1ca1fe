"""Where the programme finds its own folders; tests/meta/test_wheel.py builds and starts a wheel."""

from __future__ import annotations

from pathlib import Path

from complaints import places
from tests.sharing import TOGETHER

ROOT = Path(__file__).resolve().parents[2]
CARRIED = {"config", "migrations", "templates"}


def test_every_folder_with_code_is_a_room():
    folders = {path.parent for path in (ROOT / "complaints").rglob("*.py")}
    assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_the_folders_beside_the_package_are_found():
    found = {places.CONFIG, places.MIGRATIONS, places.TEMPLATES}
    assert found == {ROOT / name for name in CARRIED}
    assert places.STATIC.is_dir()
    assert places.TRANSLATIONS.is_dir()


def test_tests_that_share_something_costly_lie_where_they_are_kept_together():
    assert [name for name in TOGETHER if not (ROOT / name).exists()] == []
