"""Files that come with a form or a call: which addresses take them, how many, and that they stay.

The bytes are stored before the transaction of what they come with; the step attaches them.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from werkzeug.datastructures import FileStorage

from complaints.domain.errors import N_, Invalid
from complaints.extensions import db
from complaints.files.in_use import file_settings
from complaints.files.keep import KeptFile, TooLarge, keep_file

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


def _size(file: FileStorage) -> int:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return size
