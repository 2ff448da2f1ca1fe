"""Files that come with a form or a call: which addresses take them, how many, and that they stay.

The bytes are stored before the transaction of what they come with; the step attaches them. A form
that is shown again carries what was stored, for browsers forget which files were chosen.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import current_app
from werkzeug.datastructures import FileStorage

from complaints.domain.errors import N_, Invalid
from complaints.extensions import db
from complaints.files.in_use import file_settings
from complaints.files.keep import KeptFile, TooLarge, keep_file
from complaints.files.store import OBJECTS, open_store
from complaints.signing import kept_upload_text, read_kept_upload

View = TypeVar("View", bound=Callable[..., Any])

#: Of a form, beside the files: its words and the marks between the parts.
WORDS_BYTES = 2 * 1024 * 1024


def takes_files(view: View) -> View:
    """Mark a view to which files may be sent; every other takes no more than its words need."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def most_upload_bytes() -> int:
    """What a request with files may weigh."""
    return file_settings().limits.most_bytes_at_once + WORDS_BYTES


def take_uploads(
    files: Iterable[FileStorage], *, most: int | None = None, field: str = "files"
) -> list[KeptFile]:
    """Keep the files of a form, `request.files.getlist("files")`; fields left empty count nothing.

    At most `most` of them, else as many as the settings say. The session of the request is closed
    first: nobody else waits while a slow store takes them or a virus scan looks. So check before
    who is asking, write nothing before, and open the complaint after. Raises Invalid for too many
    and TooLarge (Invalid, 413) for more bytes together than may come at once, before any is kept,
    and what `keep_file` raises; every sentence belongs to `field`.
    """
    limits = file_settings().limits
    given = [each for each in files if each.filename or each.stream.read(1)]
    most = min(most or limits.most_at_once, limits.most_at_once)
    if len(given) > most:
        raise Invalid(
            N_("These are too many files (at most %(most)d at once)."), field=field, most=most
        )
    if sum(map(_size, given)) > limits.most_bytes_at_once:
        raise TooLarge(
            N_("The files are too large together (at most %(most)d MB at once)."),
            field=field,
            most=limits.most_bytes_at_once // (1024 * 1024),
        )
    if given:
        db.session.close()
    try:
        return [keep_file(each.stream, name=each.filename) for each in given]
    except Invalid as error:
        error.field = field
        raise


def carry(files: Iterable[KeptFile], whose: str) -> list[tuple[str, KeptFile]]:
    """What a form carries of stored files that it will bring again; `whose` says which form."""
    carried = []
    for each in files:
        told = json.dumps([whose, each.sha256, each.size, each.type, each.name])
        carried.append((kept_upload_text(_secret(), told), each))
    return carried


def take_carried(texts: Iterable[str], whose: str) -> list[KeptFile]:
    """The files that a form carries, each once; none where we did not write it for this form.

    The store may have let go of one that was carried for longer than a day (`require_still_kept`).
    """
    found: dict[tuple[str, str], KeptFile] = {}
    for text in texts:
        told = read_kept_upload(_secret(), text)
        of, *fields = json.loads(told) if told is not None else [None]
        if of == whose:
            kept = KeptFile(*fields)
            found[kept.sha256, kept.name] = kept
    return list(found.values())


def require_still_kept(files: Iterable[KeptFile]) -> None:
    """Raise Invalid for a file that was carried so long that the store has let go of it."""
    with open_store() as store:
        for each in files:
            if not store.has(OBJECTS, each.sha256):
                raise Invalid(
                    N_("The file %(name)s was kept for a day only. Choose it again."),
                    field="files",
                    name=each.name,
                )


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _size(file: FileStorage) -> int:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return size
