"""The organisation's TOML files as one tree of data for `rules.load`."""

import tomllib
from pathlib import Path
from typing import Any

from complaints.rulebook import FILES, FOLDERS


class ConfigError(ValueError):
    """A file of the configuration that cannot be read; one line for the operator."""


def read_config(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """kind → code → parsed file; a file's `id` is its code, else its name.

    Raises ConfigError naming the file that is missing or is not TOML.
    """
    data = {name: {name: _parse(folder / f"{name}.toml")} for name in FILES}
    for kind, name in FOLDERS.items():
        parsed = [(path, _parse(path)) for path in sorted((folder / name).glob("*.toml"))]
        data[kind] = {str(body.get("id", path.stem)): body for path, body in parsed}
    return data


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path.name} is missing in {path.parent}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name}: byte {error.start + 1} is no text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name}: {error}") from None
