"""`complaints intake`: one raw e-mail from a file or a pipe, taken in as the worker would."""

import sys
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from complaints import clock
from complaints.channels.email.intake import intake_message
from complaints.channels.email.keep import Origin, Outcome
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.settings import Settings

#: Nothing larger is read: what a mail server lets through is smaller.
MOST_READ = 100 * 1024 * 1024


def intake_file(sessions: sessionmaker[Session], settings: Settings, file: str) -> Outcome:
    """Take in the message of a file, or of standard input for ``-``; ValueError for none."""
    raw = _read(file)
    office = DeliverySettings(settings.base_url, settings.secret_key, settings.reply_address)
    return intake_message(sessions, raw, origin=Origin(), office=office, at=clock.now())


def _read(file: str) -> bytes:
    if file == "-":
        raw = sys.stdin.buffer.read(MOST_READ + 1)
    else:
        with Path(file).open("rb") as opened:
            raw = opened.read(MOST_READ + 1)
    if len(raw) > MOST_READ:
        raise ValueError("More than 100 MB; this is no message. Nothing was taken in.")
    if not raw.strip():
        raise ValueError("There is no message: nothing was there to read.")
    return raw
