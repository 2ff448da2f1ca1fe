"""The store: bytes under their own hash, in a folder or wherever fsspec leads; nothing replaced.

objects/<first two digits>/<sha256>      a file as it came
previews/<first two digits>/<sha256>     the small picture of it, made by the worker
leaving/<sha256>.<seconds>               belongs to nobody; deleted a day after that instant
usage.json                               how full it was found to be (`sweep.py`)
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import structlog

from complaints.domain.errors import N_, Busy
from complaints.files.in_use import file_settings

log = structlog.get_logger()

_SHA = re.compile(r"[0-9a-f]{64}", re.ASCII)
OBJECTS, PREVIEWS, LEAVING = "objects", "previews", "leaving"


class Gone(Exception):
    """The store does not hold what a row speaks of."""


@dataclass(frozen=True, slots=True)
class Store:
    """One place of files; `fs` is a file system of fsspec, `root` our folder in it."""

    fs: Any
    root: str

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return "file" in _protocols(self.fs)

    def path(self, where: str, sha256: str) -> str:
        """Where the bytes of this hash lie; ValueError for what is no hash."""
        if not _SHA.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return f"{self.root}/{where}/{sha256[:2]}/{sha256}"

    def put(self, where: str, sha256: str, part: Path) -> bool:
        """Keep the bytes of a file; False where they are kept already, and stay as they are."""
        target = self.path(where, sha256)
        if self.fs.exists(target):
            return False
        if self.is_local:
            _put_into_folder(part, target)
        else:
            # The others make a file visible only when it is whole.
            self.fs.makedirs(target.rpartition("/")[0], exist_ok=True)
            self.fs.put_file(str(part), target)
        return True

    @contextmanager
    def open(self, where: str, sha256: str) -> Iterator[BinaryIO]:
        """The bytes, to be read; raises Gone where there are none."""
        try:
            file = self.fs.open(self.path(where, sha256), "rb")
        except FileNotFoundError:
            file = self._open_leaving(sha256) if where == OBJECTS else None
        if file is None:
            raise Gone(sha256)
        with file:
            yield file

    def has(self, where: str, sha256: str) -> bool:
        """Whether the bytes are there."""
        return bool(self.fs.exists(self.path(where, sha256)))

    def _open_leaving(self, sha256: str) -> BinaryIO | None:
        # Taken for nobody's while somebody kept the same bytes; the next sweep brings it back.
        found = self.fs.glob(f"{self.root}/{LEAVING}/{sha256}.*")
        file: BinaryIO | None = self.fs.open(found[0], "rb") if found else None
        return file


@contextmanager
def open_store() -> Iterator[Store]:
    """The store of this process; what cannot be reached or has no room is a sentence (Busy)."""
    try:
        fs, root = find_file_system(file_settings().url)
        yield Store(fs, root)
    except (OSError, ImportError) as problem:
        # The words may hold a path or a name; what kind of trouble it is tells enough.
        log.error("files_trouble", error=type(problem).__name__, code=getattr(problem, "errno", 0))
        raise Busy(
            N_(
                "Files cannot be kept or read at this moment; nothing was recorded. "
                "Try again in a moment."
            )
        ) from problem


def find_file_system(url: str) -> tuple[Any, str]:
    """The file system behind an address and the folder in it.

    Raises ImportError with one sentence where its driver is not installed.
    """
    # A tenth of a second, and most commands never need it.
    from fsspec.core import url_to_fs

    # What another process has swept away is not remembered here as being there.
    fs, root = url_to_fs(url, use_listings_cache=False)
    return fs, root.rstrip("/")


def problem_with_store(url: str) -> str | None:
    """Why this cannot be an address of files, in words that go on after its name; None if it can.

    Nothing is asked of the store itself. A driver that is missing is told with its name.
    """
    scheme, mark, rest = url.partition("://")
    if not mark or not re.fullmatch(r"[a-z][a-z0-9+]*", scheme):
        return "must be an address such as file:///folder or s3://bucket/folder."
    if scheme == "file":
        return None if rest.startswith("/") else "must name a folder from the root: file:///folder"
    from fsspec import get_filesystem_class

    try:
        get_filesystem_class(scheme)
    except ImportError as problem:
        driver = re.search(r"[Ii]nstall (\S+)", str(problem))
        return (
            f"begins with {scheme}://, whose driver {driver[1] + ' ' if driver else ''}is not "
            "installed; see docs/operating.md."
        )
    except ValueError:
        return f"begins with {scheme}://, which no store of files is known by."
    return None


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)


def _put_into_folder(part: Path, target: str) -> None:
    """Copy beside the place and rename: whoever looks finds the whole file or none."""
    folder = os.path.dirname(target)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    beside = f"{target}.{secrets.token_hex(6)}.part"
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file, part.open("rb") as given:
            shutil.copyfileobj(given, file, 256 * 1024)
            file.flush()
            os.fsync(file.fileno())
        os.rename(beside, target)
        _sync_folder(folder)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(beside)


def _sync_folder(folder: str) -> None:
    # Else a name that was told to be kept may be gone after the power fails.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
