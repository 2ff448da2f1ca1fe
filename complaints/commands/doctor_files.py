"""What `complaints doctor` says of files: the store, the virus scan, and the files kept last."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.commands.finding import Finding
from complaints.domain.errors import Refused
from complaints.files.check import wrong_files
from complaints.files.in_use import FileSettings, use_files
from complaints.files.scan import CLEAN, scan
from complaints.files.store import open_store
from complaints.files.usage import read_usage
from complaints.models import Attachment, ContactFile

#: So many of the files attached last, to complaints and to contacts, are read and compared with
#: their hashes.
LOOKED_AT = 20
_GIGA = 1024**3


def examine_files(settings: FileSettings) -> Iterator[Finding]:
    """Whether files can be written and read again, and whether somebody looks for viruses."""
    use_files(settings)
    yield _store(settings)
    if settings.scan:
        yield _scan(settings.scan)


def examine_last_files(session: Session) -> Finding:
    """Whether the files attached last are in the store, byte for byte."""
    lately = (
        select(each.sha256).order_by(each.id.desc()).limit(LOOKED_AT)
        for each in (Attachment, ContactFile)
    )
    hashes = dict.fromkeys(sha256 for query in lately for sha256 in session.scalars(query))
    try:
        with open_store() as store:
            wrong = list(wrong_files(store, hashes))
    except Refused:
        return Finding("files", False, "they cannot be read")
    if wrong:
        what = f"of the last {len(hashes)} files, {len(wrong)} are missing or have other bytes; "
        return Finding("files", False, f"{what}complaints history verify --files names all")
    return Finding("files", True, f"the last {len(hashes)} are in the store as they came")


def _store(settings: FileSettings) -> Finding:
    scheme = settings.url.partition("://")[0]
    try:
        with open_store() as store:
            trial = f"{store.root}/doctor-{secrets.token_hex(6)}"
            store.fs.makedirs(store.root, exist_ok=True)
            store.fs.pipe_file(trial, b"written and read again")
            is_whole = store.fs.cat_file(trial) == b"written and read again"
            store.fs.rm_file(trial)
            used = read_usage(store).bytes
    except Exception as problem:
        # Each driver fails in its own way.
        cause = problem.__cause__ or problem
        return Finding("store of files", False, f"{scheme}: {type(cause).__name__}")
    quota = settings.limits.quota_bytes
    full = f"{used / _GIGA:.1f} GB"
    full += f" of {quota // _GIGA} GB" if quota else ", as much as there is room for"
    if quota and used > quota * 0.9:
        return Finding("store of files", True, f"{scheme}: {full}", is_warning=True)
    return Finding("store of files", is_whole, f"{scheme}: {full}")


def _scan(command: tuple[str, ...]) -> Finding:
    """Whether the virus scan is there and lets something harmless in."""
    if shutil.which(command[0]) is None:
        what = f"there is no command {command[0]}; until there is, no file is taken"
        return Finding("virus scan", False, what)
    with NamedTemporaryFile(prefix="tanggap-") as file:
        file.write(b"nothing that could do harm\n")
        file.flush()
        status = scan(command, Path(file.name))
    if status == CLEAN:
        return Finding("virus scan", True, command[0])
    said = "did not end in a minute" if status is None else f"ended with status {status}"
    what = f"{command[0]} {said} on a harmless file; until it lets one in, no file is taken"
    return Finding("virus scan", False, what)
