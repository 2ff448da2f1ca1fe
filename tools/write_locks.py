"""Write the lock files from setup.cfg and package.json; `make lock` runs this.

Locks carry hashes for every platform and no registry host, so that an installation takes the
packages from whatever registry the machine is set up for and still gets the same bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"

# Lock file = the extras of setup.cfg that it covers. Each file is complete in itself; the later
# ones are held to the versions of the first, so that tests run what production runs.
LOCKS: dict[str, tuple[str, ...]] = {
    "base.txt": ("build",),
    "test.txt": ("build", "test"),
    "bench.txt": ("build", "test", "bench"),
}
# Tools that share nothing with the programme.
APART = {"node.txt": "node", "lock.txt": "lock"}

COMMON = (
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--custom-compile-command=make lock",
)


def main() -> int:
    """Write all locks; with UPGRADE=1 in the environment, move to the newest versions."""
    upgrade = ("--upgrade",) if os.environ.get("UPGRADE") else ()
    uv = Path(sys.executable).parent / "uv"
    for name, extras in LOCKS.items():
        wanted = [f"--extra={extra}" for extra in extras]
        held = [] if name == "base.txt" else [f"--constraint={FOLDER / 'base.txt'}"]
        compile_lock(uv, name, "setup.cfg", *wanted, *held, *upgrade)
    for name, extra in APART.items():
        compile_lock(uv, name, "-", *upgrade, text="\n".join(requirements_of(extra)))
    lock_npm()
    return 0


def compile_lock(uv: Path, name: str, source: str, *options: str, text: str | None = None) -> None:
    """Have uv resolve one lock file for every platform at once."""
    command = [str(uv), "pip", "compile", source, *COMMON, *options, "-o", str(FOLDER / name)]
    subprocess.run(command, cwd=ROOT, input=text, text=True, check=True)
    print(f"requirements/{name}")


def requirements_of(extra: str) -> list[str]:
    """Return the lines of one extra in setup.cfg."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return settings["options.extras_require"][extra].split()


def lock_npm() -> None:
    """Write package-lock.json without addresses: those of the registry and those of sponsors."""
    subprocess.run(["npm", "install", "--package-lock-only"], cwd=ROOT, check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")
    print(path.name)


if __name__ == "__main__":
    raise SystemExit(main())
