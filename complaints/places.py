"""Where the programme's own folders lie: beside the package in a checkout, inside it in a wheel.

Standard library only, so that every package may ask.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_CARRIED = PACKAGE / "_carried"
_IS_WHEEL = _CARRIED.is_dir()
_TOP = _CARRIED if _IS_WHEEL else PACKAGE.parent

CONFIG = _TOP / "config"
MIGRATIONS = _TOP / "migrations"
TEMPLATES = _TOP / "templates"
STATIC = PACKAGE / "static"
#: The same files under names that hold their hash, with their compressed forms; made by `make`.
PACKED = PACKAGE / "static_packed"
TRANSLATIONS = PACKAGE / "translations"

#: What running leaves behind. A wheel lies where nobody may write, so there it is the folder
#: that the programme was started in.
VAR = (Path.cwd() if _IS_WHEEL else PACKAGE.parent) / "var"
