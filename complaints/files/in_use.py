"""The store and the limits of this process, set once as it starts, as the keys of the history."""

from dataclasses import dataclass, field

from complaints.domain.attachments import FileLimits


@dataclass(frozen=True, slots=True)
class FileSettings:
    """Where files lie (an address of fsspec), how much is taken, and what looks for viruses."""

    url: str
    limits: FileLimits = field(default_factory=FileLimits)
    #: The command and its arguments; the path of the file follows. Empty: nobody looks.
    scan: tuple[str, ...] = ()


class _InUse:
    settings: FileSettings | None = None


def use_files(settings: FileSettings) -> None:
    """Keep the files of this process so."""
    _InUse.settings = settings


def file_settings() -> FileSettings:
    """How files are kept; RuntimeError when the process was started without saying so."""
    if _InUse.settings is None:
        raise RuntimeError("no store of files is set")
    return _InUse.settings
