"""The files of complaints in a backup: each once, whole, and with the hash it is named by."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy.orm import Session

from complaints.files.check import hash_stored
from complaints.files.store import OBJECTS, open_store
from complaints.queries.files.stored import hashes_after

#: How a line of the backup names a file of the store.
PREFIX = "attachments/"
_CHUNK = 64 * 1024


@dataclass(slots=True)
class FileCounts:
    """Files of the store: how many, their bytes, and the hashes of those that could not be had."""

    count: int = 0
    bytes: int = 0
    lost: list[str] = field(default_factory=list, compare=False)


def write_files(session: Session, write: Callable[[str, dict[str, Any]], None]) -> FileCounts:
    """Write every file that a row speaks of, with the hash checked before; say which are lost.

    A file that is missing or has changed hinders no backup of all the others.
    """
    counts = FileCounts()
    hashes = hashes_after()
    with open_store() as store:
        for sha256 in session.scalars(hashes.execution_options(yield_per=1000)):
            if hash_stored(store, sha256) != sha256:
                counts.lost.append(sha256)
                continue
            counts.count += 1
            with store.open(OBJECTS, sha256) as file:
                while part := file.read(_CHUNK):
                    text = base64.b64encode(part).decode("ascii")
                    write("part", {"file": f"{PREFIX}{sha256}", "part": text})
                    counts.bytes += len(part)
    return counts


class FileReader:
    """Takes the parts of files as they come; ValueError for one that has not its hash."""

    def __init__(self, keep: Callable[[str, list[bytes]], None] | None = None) -> None:
        self.counts = FileCounts()
        self._keep = keep
        self._sha256 = ""
        self._mark = hashlib.sha256()
        self._parts: list[bytes] = []

    def take(self, sha256: str, part: bytes) -> None:
        """The next part of this file."""
        if sha256 != self._sha256:
            self.end()
            self._sha256, self._mark, self._parts = sha256, hashlib.sha256(), []
        self._mark.update(part)
        self.counts.bytes += len(part)
        if self._keep is not None:
            self._parts.append(part)

    def end(self) -> None:
        """Check the last one."""
        if not self._sha256:
            return
        if self._mark.hexdigest() != self._sha256:
            raise ValueError(
                f"The backup is not whole: the file {self._sha256} in it has other bytes. "
                "Nothing was restored."
            )
        self.counts.count += 1
        if self._keep is not None:
            self._keep(self._sha256, self._parts)
        self._sha256 = ""


def put_files(lines: Iterator[tuple[str, dict[str, Any]]]) -> None:
    """Put the files of a backup into the store of this process; what is there stays."""
    with open_store() as store:

        def keep(sha256: str, parts: list[bytes]) -> None:
            with NamedTemporaryFile(prefix="tanggap-") as part:
                part.writelines(parts)
                part.flush()
                store.put(OBJECTS, sha256, Path(part.name))

        reader = FileReader(keep)
        for what, line in lines:
            if what == "part" and line["file"].startswith(PREFIX):
                reader.take(line["file"].removeprefix(PREFIX), base64.b64decode(line["part"]))
        reader.end()
