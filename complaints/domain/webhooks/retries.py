"""What an answer of an endpoint means: delivered, once more and when, never again, or switched off.

A single event is tried for more than two days. The endpoint as a whole rests for at most five
minutes after a failure, so that one event that it cannot bear does not keep the others from it, and
one that is down is not called by every event.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

#: Seconds until the next attempt, by how many have failed; together more than two days.
BACK_OFF_SECONDS = (10, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000)
MOST_ATTEMPTS = len(BACK_OFF_SECONDS) + 1
#: However late the turn of an event comes, this long after it was queued it is given up.
LONGEST = timedelta(days=5)
#: An endpoint that has only failed for so long is switched off.
SWITCHED_OFF_AFTER = timedelta(days=5)
#: The longest that an endpoint can ask us to wait, and that one rests after failures.
LONGEST_WAIT = timedelta(days=1)
REST_SECONDS = 5
LONGEST_REST = timedelta(minutes=5)


class Why(StrEnum):
    """What came of an attempt."""

    DELIVERED = "delivered"
    STATUS = "status"  # an answer that takes nothing
    REDIRECT = "redirect"  # we were sent elsewhere, and do not go
    TIMEOUT = "timeout"
    NO_CONNECTION = "no_connection"
    NO_TLS = "no_tls"  # no certificate that holds
    NO_NAME = "no_name"  # the host has no address
    FORBIDDEN = "forbidden"  # the address is not a public one
    NO_ANSWER = "no_answer"  # what came back is no answer of HTTP


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call: when it began, what was answered (None: nothing), how long it took.

    `said` are the first characters of a refusal's text; `wait` is what the endpoint asked for.
    """

    at: datetime
    why: Why
    status: int | None = None
    milliseconds: int = 0
    said: str = ""
    wait: timedelta | None = None


class Fate(StrEnum):
    """What becomes of an event after an attempt."""

    SENT = "sent"
    AGAIN = "queued"
    FAILED = "failed"
    SWITCHED_OFF = "switched_off"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from an attempt: the event's fate and next try, and until when the endpoint
    rests.
    """

    fate: Fate
    next_try_at: datetime | None = None
    rests_until: datetime | None = None

    @property
    def is_endpoint_in_trouble(self) -> bool:
        """Whether other events would meet the same."""
        return self.rests_until is not None


def judge(attempt: Attempt, *, failed: int, queued_at: datetime, failed_in_row: int) -> Verdict:
    """What an attempt means for an event with so many `failed` ones before it.

    1. 2xx: delivered; 410: the endpoint wants no more of any;
    2. any other 4xx but 429: this event is refused for good;
    3. everything else: later, and the endpoint rests a while.
    """
    status = attempt.status or 0
    if 200 <= status < 300:
        return Verdict(Fate.SENT)
    if status == 410:
        return Verdict(Fate.SWITCHED_OFF)
    if 400 <= status < 500 and status != 429:
        return Verdict(Fate.FAILED)
    rest = min(timedelta(seconds=REST_SECONDS * 2 ** min(failed_in_row, 10)), LONGEST_REST)
    wait = min(attempt.wait or timedelta(), LONGEST_WAIT)
    rests_until = attempt.at + max(rest, wait)
    if failed + 1 >= MOST_ATTEMPTS or attempt.at - queued_at >= LONGEST:
        return Verdict(Fate.FAILED, None, rests_until)
    pause = timedelta(seconds=BACK_OFF_SECONDS[failed])
    return Verdict(Fate.AGAIN, attempt.at + max(pause, wait), rests_until)


def read_retry_after(text: str | None, at: datetime) -> timedelta | None:
    """How long an answer asks us to wait, in seconds or until a date; None if it does not."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if until.tzinfo is None:
        return None
    return max(until - at, timedelta())
