"""Files that people hand in: opening them, and the one line that says why one cannot be used."""

import gzip
import tomllib
from pathlib import Path
from typing import IO, Any, cast

_GZIP = b"\x1f\x8b"


class UnusableFile(ValueError):
    """A file, map or policy that cannot be used; the text is one clear line."""


def open_text(path: str | Path, encoding: str) -> IO[str]:
    """Open a text file, packed with gzip or not.

    Bytes that are not text in the encoding do not stop the reading; they come as surrogates, so
    that the row that holds them can say so.
    """
    try:
        with Path(path).open("rb") as peek:
            is_packed = peek.read(2) == _GZIP
        opener: Any = gzip.open if is_packed else open
        opened = opener(path, "rt", encoding=encoding, errors="surrogateescape", newline="")
        return cast(IO[str], opened)
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror or error}") from None
    except LookupError as error:
        raise UnusableFile(f"{path}: {error}") from None


def load_toml(path: str | Path) -> dict[str, Any]:
    """The tables of a TOML file; UnusableFile says what cannot be read and where."""
    try:
        with Path(path).open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableFile(f"{path}: {error}") from None
