"""Each dependency is declared, used, and has its reason written down."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
# A driver that SQLAlchemy loads by its name, and time zones that the standard library reads.
USED_BY_NAME = {"psycopg", "tzdata"}
# Halves of one package, released together and of no use apart.
PARTS_OF = {"pydantic-core": "pydantic"}


def settings() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(text: str) -> set[str]:
    return {canonical(Requirement(line).name) for line in text.splitlines() if line}


def imported(*folders: str) -> Iterator[tuple[str, Path]]:
    """The packages of others that our modules import, and where."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                modules = []
                if isinstance(node, ast.Import):
                    modules = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    modules = [node.module or ""]
                for module in modules:
                    top = module.partition(".")[0]
                    if top not in sys.stdlib_module_names and top not in {"complaints", "tests"}:
                        yield top, path.relative_to(ROOT)


def test_what_the_programme_imports_is_declared():
    declared = names(settings()["options"]["install_requires"])
    owners = packages_distributions()
    undeclared = {
        f"{path}: {top}"
        for top, path in imported("complaints", "migrations")
        if not declared & {PARTS_OF.get(name, name) for name in map(canonical, owners.get(top, []))}
    }
    assert undeclared == set()


def test_what_is_declared_is_imported():
    owners = packages_distributions()
    used = {
        canonical(name)
        for top, _ in imported("complaints", "migrations")
        for name in owners.get(top, [])
    }
    declared = names(settings()["options"]["install_requires"])
    assert declared - used - USED_BY_NAME == set()


def test_every_dependency_has_its_reason():
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    wanted = names(settings()["options"]["install_requires"])
    for lines in settings()["options.extras_require"].values():
        wanted |= names(lines)
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    wanted |= {*package["dependencies"], *package["devDependencies"]}
    assert {name for name in wanted if f"`{name}`" not in reasons} == set()
