"""Keeping a file: hashed, looked at and stored, before and outside of any transaction."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from complaints.domain.attachments import clean_name
from complaints.domain.errors import N_, Busy, Invalid
from complaints.files.in_use import file_settings
from complaints.files.scan import require_clean
from complaints.files.sniff import HEAD_BYTES, sniff
from complaints.files.store import OBJECTS, open_store
from complaints.files.usage import is_full, note_kept

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Bytes that are stored: their SHA-256 and size, what they are, and what they were called."""

    sha256: str
    size: int
    type: str
    name: str

    def as_body(self) -> dict[str, Any]:
        """What tells a request that is repeated from a new one."""
        return {"sha256": self.sha256, "name": self.name}


class TooLarge(Invalid):
    """More bytes than one file may have."""

    status = 413
    kind = "too-large"


class NoRoom(Busy):
    """The store holds as much as it may."""


def keep_file(given: bytes | IO[bytes], *, name: str | None) -> KeptFile:
    """Store the bytes under their hash and say what they are; the same ones twice are one.

    They belong to nobody until `attach_file` writes a row; what none speaks of is swept away a day
    later. Raises TooLarge (Invalid) beyond the limit of one file, Invalid for an empty one and one
    that the virus scan refuses, NoRoom and Busy where it cannot be kept.
    """
    settings = file_settings()
    shown = clean_name(name)
    stream = BytesIO(given) if isinstance(given, bytes | bytearray | memoryview) else given
    with NamedTemporaryFile(prefix="tanggap-") as part:
        sha256, size, head = _copy(stream, part, settings.limits.most_bytes, shown)
        require_clean(Path(part.name), shown)
        with open_store() as store:
            if is_full(store, size, settings.limits.quota_bytes):
                raise NoRoom(
                    N_("The store of files is full; nothing was recorded. Tell an administrator.")
                )
            if store.put(OBJECTS, sha256, Path(part.name)):
                note_kept(size)
    return KeptFile(sha256, size, sniff(head, shown), shown)


def _copy(stream: IO[bytes], part: Any, most: int, name: str) -> tuple[str, int, bytes]:
    mark, size, head = hashlib.sha256(), 0, b""
    while piece := stream.read(_CHUNK):
        size += len(piece)
        if size > most:
            raise TooLarge(
                N_("The file %(name)s is too large (at most %(most)s MB)."),
                field="file",
                name=name,
                most=most // (1024 * 1024) or 1,
            )
        mark.update(piece)
        if len(head) < HEAD_BYTES:
            head += piece[: HEAD_BYTES - len(head)]
        part.write(piece)
    if not size:
        raise Invalid(N_("The file %(name)s is empty."), field="file", name=name)
    part.flush()
    return mark.hexdigest(), size, head
