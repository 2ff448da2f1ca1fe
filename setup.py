"""What setup.cfg cannot say: the packages as they are found, and a wheel that is whole or none.

Pages without their stylesheet and screens without their translation are made by `make install`;
they are in no checkout. Building a wheel without them would work, and the wheel would not.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.bdist_wheel import bdist_wheel

ROOT = Path(__file__).resolve().parent
STATIC = ROOT / "complaints" / "static"
PACKED = ROOT / "complaints" / "static_packed"
#: Folders of the top level that travel inside the package, read through complaints/places.py.
CARRIED = {f"complaints._carried.{name}": name for name in ("config", "migrations", "templates")}


class CompleteWheel(bdist_wheel):
    """A wheel with everything that pages and commands read, and with nothing of an older build."""

    def run(self) -> None:
        """Refuse with a sentence when something has not been made; build otherwise."""
        lacking = unmade()
        if lacking:
            names = ", ".join(str(path.relative_to(ROOT)) for path in lacking)
            raise SystemExit(
                f"This wheel would be incomplete. Missing or older than the source: {names}. "
                "`make wheel` makes what is missing and then the wheel."
            )
        shutil.rmtree(self.get_finalized_command("build").build_base, ignore_errors=True)
        super().run()


def unmade() -> list[Path]:
    """What `make install` makes and has not made, or not anew after its source changed."""
    return [*unmade_translations(), *unmade_assets()]


def unmade_translations() -> list[Path]:
    """Compiled catalogues that are missing or older than their texts."""
    catalogues = (ROOT / "complaints" / "translations").rglob("*.po")
    compiled = {path.with_suffix(".mo"): path for path in catalogues}
    return [made for made, source in sorted(compiled.items()) if is_behind(made, source)]


def unmade_assets() -> list[Path]:
    """Folders of static files that have not been filled, or not anew after a file changed."""
    # The last file that tools/vendor_assets.py writes.
    last = STATIC / "vendor" / "LICENSES.txt"
    if not last.exists():
        return [last.parent, PACKED]
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    return [] if all(packed(path).exists() for path in files) else [PACKED]


def packed(path: Path) -> Path:
    """Where ServeStatic puts a static file: beside a hash of its content."""
    mark = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()[:12]
    return PACKED / path.relative_to(STATIC).with_name(f"{path.stem}.{mark}{path.suffix}")


def is_behind(made: Path, source: Path) -> bool:
    """Whether a file is missing or older than what it is made from."""
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


setup(
    packages=[*find_packages(include=["complaints", "complaints.*"]), *CARRIED],
    package_dir=dict(CARRIED),
    cmdclass={"bdist_wheel": CompleteWheel},
)
