"""What the operator says of files, of the values that `settings.py` reads."""

import shlex
from collections.abc import Callable, Mapping

from complaints.domain.attachments import FileLimits
from complaints.files.in_use import FileSettings
from complaints.files.store import problem_with_store

_MEGA = 1024 * 1024


def read_file_settings(
    values: Mapping[str, str], count: Callable[..., int], default: str
) -> FileSettings:
    """Where files lie, `default` unless said, how much is taken, and what looks for viruses.

    `count` reads a number by its name. Raises ValueError with one line for the operator.
    """
    url = values.get("ATTACHMENTS_URL") or default
    problem = problem_with_store(url)
    if problem:
        raise ValueError(f"ATTACHMENTS_URL {problem}")
    try:
        scan = tuple(shlex.split(values.get("TANGGAP_SCAN_COMMAND") or ""))
    except ValueError:
        raise ValueError("TANGGAP_SCAN_COMMAND is a command with its quotes not closed.") from None
    return FileSettings(url, _limits(count), scan)


def _limits(count: Callable[..., int]) -> FileLimits:
    each = count("TANGGAP_FILE_MB", 10, "how large a file may be", least=1, most=200)
    at_once = count("TANGGAP_FILES_AT_ONCE", 10, "how many files come with one form", least=1)
    upload = count("TANGGAP_UPLOAD_MB", 25, "how much comes with one form", least=1, most=500)
    files = "how many files a complaint holds"
    of_one = count("TANGGAP_FILES_OF_COMPLAINT", 100, files, least=1, most=10_000)
    weight = "how much the files of a complaint weigh"
    weight_of_one = count("TANGGAP_MB_OF_COMPLAINT", 200, weight, least=1, most=100_000)
    by_mail = "how much the files with one email weigh"
    of_letter = count("TANGGAP_MAIL_FILES_MB", 10, by_mail, least=1, most=100)
    all_files = "how much all files weigh; 0 for as much as there is room for"
    quota = count("TANGGAP_FILES_GB", 50, all_files, most=1_000_000)
    return FileLimits(
        most_bytes=each * _MEGA,
        most_at_once=at_once,
        most_bytes_at_once=upload * _MEGA,
        most_of_complaint=of_one,
        most_bytes_of_complaint=weight_of_one * _MEGA,
        most_bytes_of_letter=of_letter * _MEGA,
        quota_bytes=quota * 1024 * _MEGA,
    )
