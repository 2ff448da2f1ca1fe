"""The sprite that every browser loads holds each icon that a page names, and no other."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from complaints.actions.registry import ACTS

ROOT = Path(__file__).resolve().parents[2]
NAMED_IN_TEMPLATE = re.compile(r"\bicon\(\s*['\"]([a-z0-9-]+)['\"]")

# Names of icons stand in quotes or, in an address, behind a #.
QUOTED = re.compile(r"""["'#]([a-z0-9-]+)["']""")

# Modules whose tables say `code: (words, icon)`.
PAIRED = {"words", "journey"}


def drawn() -> set[str]:
    lines = (ROOT / "tools" / "icons.txt").read_text(encoding="utf-8").splitlines()
    return {
        f"{line.removeprefix('filled/')}-filled" if line.startswith("filled/") else line
        for line in lines
        if line and not line.startswith("#")
    }


def named_in_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for name in NAMED_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            yield name, path.relative_to(ROOT).as_posix()


def named_in_tables() -> Iterator[tuple[str, str]]:
    """The icons that stand beside words in the tables of the pages."""
    for path in sorted((ROOT / "complaints" / "web").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        for table in vars(module).values():
            if not isinstance(table, Mapping):
                continue
            for value in table.values():
                if isinstance(getattr(value, "icon", None), str):
                    yield value.icon, path.name
                elif path.stem in PAIRED and isinstance(value, tuple) and len(value) == 2:
                    yield value[1], path.name


def named_by_acts() -> Iterator[tuple[str, str]]:
    for act in ACTS.values():
        for face in act.faces.values():
            yield face.icon, act.noun


def test_every_icon_named_is_drawn():
    named = {*named_in_templates(), *named_in_tables(), *named_by_acts()}
    assert len(named) > 20
    assert {(name, place) for name, place in named if name not in drawn()} == set()


def test_every_icon_drawn_is_named_somewhere():
    sources = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "complaints").rglob("*.py"),
        *(ROOT / "config").rglob("*.toml"),
    ]
    named = {name for path in sources for name in QUOTED.findall(path.read_text(encoding="utf-8"))}
    assert sorted(drawn() - named) == []
