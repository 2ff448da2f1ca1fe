"""Files that people hand in: opening them, and the one line that says why one cannot be used."""

import gzip
import re
import tomllib
from pathlib import Path
from typing import IO, Any, cast

_GZIP = b"\x1f\x8b"
#: What the parser itself does not bound: a name of many parts costs it their square. Nobody writes
#: nearly as many.
_MOST_PARTS = 12
_MOST_DEPTH = 12
#: Texts and comments of a TOML file, whose dots and brackets mean nothing; one that is not closed
#: reaches to where it could have been, so that each character is looked at once.
_WORDS = re.compile(
    r'''(?s:"""(?:\\.|[^\\])*?(?:"""|\Z))|(?s:\'\'\'.*?(?:\'\'\'|\Z))'''
    r"""|"(?:\\.|[^"\\\n])*+"?|\'[^\'\n]*+\'?|\#[^\n]*+"""
)
_MARKS = re.compile(r"[.=,\n\[\]{}]")


class UnusableFile(ValueError):
    """A file, map or policy that cannot be used; the text is one clear line."""


class _TooDeep(ValueError):
    """More parts or more tables within each other than anybody writes."""


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
        data = Path(path).read_bytes()
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror or error}") from None
    return parse_toml(data, str(path))


def parse_toml(data: bytes, name: str) -> dict[str, Any]:
    """The tables of a TOML text in UTF-8; `name` begins the line that says what is wrong.

    Reading takes time in proportion to the length: names and tables within each other have bounds.
    """
    try:
        text = data.decode("utf-8-sig")
        _require_shallow(text)
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise UnusableFile(f"{name}: byte {error.start + 1} is no text in UTF-8") from None
    except (tomllib.TOMLDecodeError, _TooDeep) as error:
        raise UnusableFile(f"{name}: {error}") from None
    except ValueError:
        raise UnusableFile(
            f"{name}: a number has too many digits, or a date does not exist"
        ) from None


def _require_shallow(text: str) -> None:
    parts = depth = 0
    for mark in _MARKS.findall(_WORDS.sub("", text)):
        parts = parts + 1 if mark == "." else 1
        if parts > _MOST_PARTS:
            raise _TooDeep(f"a name has more than {_MOST_PARTS} parts")
        if mark in "[{":
            depth += 1
        elif mark in "]}" and depth:
            depth -= 1
        if depth > _MOST_DEPTH:
            raise _TooDeep(f"more than {_MOST_DEPTH} lists or tables stand within each other")
