"""The virus scan: a command that the organisation names, whose exit status decides."""

import subprocess
from pathlib import Path

import structlog

from complaints.domain.errors import N_, Busy, Invalid
from complaints.files.in_use import file_settings

log = structlog.get_logger()

#: So long one file may be looked at.
SCAN_SECONDS = 60
CLEAN, FOUND = 0, 1


def require_clean(path: Path, name: str) -> None:
    """Raise Invalid for a file in which something was found, Busy where nobody could look.

    Exit status 0 is clean and 1 is found, as clamscan and clamdscan have it; every other status, a
    command that is missing and one that takes longer than a minute let nothing in.
    """
    command = file_settings().scan
    if not command:
        return
    status = scan(command, path)
    if status == FOUND:
        raise Invalid(
            N_("The virus scan refused the file %(name)s; it was not kept."),
            field="file",
            name=name,
        )
    if status != CLEAN:
        log.error("virus_scan_failed", status=status)
        raise Busy(
            N_(
                "Files cannot be checked for viruses at this moment, so none is taken. "
                "Try again in a moment."
            )
        )


def scan(command: tuple[str, ...], path: Path) -> int | None:
    """The exit status of the command on a file; None when it is missing or takes too long."""
    try:
        done = subprocess.run(
            [*command, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SCAN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode
