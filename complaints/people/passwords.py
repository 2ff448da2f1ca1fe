"""Passwords: argon2id, one rule of length for everybody, and a bound on checks at once."""

import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from complaints.domain.errors import N_, Busy, Invalid

_hasher = PasswordHasher()
#: Each hash takes 64 MiB on purpose; fifty logins at once took the machine's memory.
_room = threading.BoundedSemaphore(2)
#: How long somebody waits for room before being told that too many are logging in.
LONGEST_WAIT_SECONDS = 5.0
#: Verified when there is no such account, so that both cases take the same time.
_NOBODY = _hasher.hash("nobody has this password")

SHORTEST_PASSWORD = 10
#: More is no password but a way to keep us busy.
LONGEST_PASSWORD = 512


def hash_password(password: str) -> str:
    """What is kept of a password; takes its time, so it is best done before anything is locked.

    The password is taken whole, spaces at its ends too.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            N_("The password needs at least %(count)d characters."),
            field="password",
            count=SHORTEST_PASSWORD,
        )
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(
            N_("The password may have at most %(count)d characters."),
            field="password",
            count=LONGEST_PASSWORD,
        )
    with _at_work():
        return _hasher.hash(password)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password is the account's; `renewed` is a stronger hash of it, where one is due."""

    is_right: bool
    renewed: str = ""


def check_password(password_hash: str, password: str) -> Checked:
    """Check a password without any database; as slow for an account without one ("").

    Raises Busy when so many are being checked that this one had no room.
    """
    kept = password_hash or _NOBODY
    with _at_work():
        try:
            _hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return Checked(False)
        if hmac.compare_digest(kept, _NOBODY):
            return Checked(False)
        is_weak = _hasher.check_needs_rehash(kept)
        return Checked(True, _hasher.hash(password) if is_weak else "")


@contextmanager
def _at_work() -> Iterator[None]:
    if not _room.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise Busy(N_("Too many users are logging in at this moment. Try again in a few seconds."))
    try:
        yield
    finally:
        _room.release()
